"""Links from records to their CRM: by pattern, safe whatever the id, none where no pattern is."""

import re
from pathlib import Path

import polars as pl
import pytest

from base.errors import SettingsError
from base.settings import load_settings
from tests.conftest import PROJECT
from ui.crm_links import OPEN, _id_within, link_of, with_links

LINKS = {
    "salesforce": "https://example.my.salesforce.com/{id}",
    "hubspot.deals": "https://app.hubspot.com/contacts/1/record/0-3/{id}?src=a.b",
}
SOURCES = pl.DataFrame(
    {
        "file": ["Lead.csv", "deals.csv", "both.csv", "both.csv"],
        "crm": ["salesforce", "hubspot", "hubspot", "salesforce"],
        "object": ["Lead", "Deals", "Deals", "Lead"],
    }
)


def records(*rows: tuple[str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["record_id", "file"], orient="row")


@pytest.mark.parametrize(
    ("crm", "kind", "address"),
    [
        ("salesforce", "Opportunity", "https://example.my.salesforce.com/7"),
        ("hubspot", "Deals", "https://app.hubspot.com/contacts/1/record/0-3/7?src=a.b"),
        ("hubspot", "Deal", "https://app.hubspot.com/contacts/1/record/0-3/7?src=a.b"),
        ("hubspot", "Contacts", None),
        ("zoho", "Deals", None),
    ],
)
def test_a_pattern_is_for_a_crm_or_for_one_of_its_kinds(crm: str, kind: str, address: str | None) -> None:
    assert link_of(LINKS, crm, kind, "7") == address


def test_an_id_cannot_leave_its_place() -> None:
    assert link_of(LINKS, "salesforce", "Lead", "../x?y=1#z @") == (
        "https://example.my.salesforce.com/..%2Fx%3Fy%3D1%23z%20%40"
    )


def test_records_without_a_pattern_have_no_link_and_a_file_of_two_kinds_tells_of_neither() -> None:
    found = with_links(records(("1", "Lead.csv"), (None, "Lead.csv"), ("2", "both.csv"), ("3", "?")), LINKS, SOURCES)
    assert found[OPEN].to_list() == ["https://example.my.salesforce.com/1", None, None, None]
    assert OPEN not in with_links(records(("2", "both.csv")), LINKS, SOURCES).columns
    assert OPEN not in with_links(records(("2", "deals.csv")), {}, SOURCES).columns


def test_the_id_is_read_out_of_its_address_again() -> None:
    expression = re.compile(_id_within(LINKS.values()))
    for crm, kind in (("salesforce", "Lead"), ("hubspot", "Deals")):
        found = expression.match(str(link_of(LINKS, crm, kind, "00 7")))
        assert found
        assert found[1] == "00%207"


def settings_with(tmp_path: Path, lines: str) -> dict[str, str]:
    path = tmp_path / "settings.toml"
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("[crm_links]", f"[crm_links]\n{lines}"), encoding="utf-8")
    return dict(load_settings(path).crm_links)


def test_patterns_are_read_from_the_settings_and_change_no_number(tmp_path: Path) -> None:
    lines = 'salesforce = "https://example.my.salesforce.com/{id}"\nhubspot.Deals = "http://crm.example/{id}/show"'
    assert settings_with(tmp_path, lines) == {
        "salesforce": "https://example.my.salesforce.com/{id}",
        "hubspot.deals": "http://crm.example/{id}/show",
    }
    plain = load_settings(PROJECT / "settings.toml")
    assert load_settings(tmp_path / "settings.toml").fingerprint() == plain.fingerprint()


@pytest.mark.parametrize(
    "pattern",
    [
        "javascript:alert(1)//{id}",
        "ftp://example.com/{id}",
        "https://example.com/",
        "https://{id}",
        "https://{id}.example.com/",
        "https://example.com/{id}/{id}",
        "https://example.com/{name}/{id}",
        "https://exa mple.com/{id}",
    ],
)
def test_a_pattern_that_is_no_address_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(SettingsError, match=r"crm_links\.salesforce"):
        settings_with(tmp_path, f'salesforce = "{pattern}"')
