"""CRM definitions and mappings: read, checked, and recognised by their headers."""

import json
from pathlib import Path

import pytest

from ingest.definitions import EXAMPLES_DIR, fold, load_definition, parse_definition, shipped_definitions
from ingest.errors import IngestError
from ingest.intake import KINDS, intake_tables
from ingest.recognise import NotRecognised, Recognised, recognise

GOOD = """
name = "odd"
[[objects]]
name = "Deals"
needs = ["Key"]
[[objects.into]]
table = "opportunity"
[objects.into.fields]
opportunity_id = "Key"
"""


def test_what_ships_can_be_read() -> None:
    assert {"salesforce", "hubspot", "same_page"} <= set(shipped_definitions())
    for path in EXAMPLES_DIR.glob("*.toml"):
        assert load_definition(path).name == path.stem


def test_the_intake_is_whole() -> None:
    for table in intake_tables().values():
        assert table.grain.startswith("one row per")
        assert set(table.key) <= set(table.fields)
        assert {item.kind for item in table.fields.values()} <= set(KINDS)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("name =", "nam ="), "'nam' is not known here"),
        (('"odd"', '"Odd CRM"'), "small letters"),
        (('"opportunity"', '"oportunity"'), "'oportunity' is not one of our tables"),
        (("opportunity_id =", "opportunty_id ="), "is not a field of opportunity"),
        (('opportunity_id = "Key"', 'name = "Key"'), "'opportunity_id' is required"),
        (('opportunity_id = "Key"', 'opportunity_id = {column = "Key", constant = "x"}'), "exactly one of"),
        (('opportunity_id = "Key"', 'opportunity_id = {column = "Key", every = true}'), "'every' needs a column"),
        (
            ('opportunity_id = "Key"', 'opportunity_id = {column = "Key", separator = ";", every = true}'),
            "accounts for the file's rows",
        ),
        (('needs = ["Key"]', "needs = []"), "'needs' should name"),
        (("[[objects]]", "[[objects"), "is not TOML"),
        (('name = "odd"', 'name = "odd"\ndate_order = "ymd"'), "should be 'dmy' or 'mdy'"),
        (('name = "odd"', 'name = "odd"\ntime_zone = "Mars/Base"'), "nor a time zone"),
        (('name = "odd"', 'name = "odd"\nstages = {Won = "wun"}'), "should mean one of open, won, lost"),
    ],
)
def test_a_wrong_mapping_says_where(wrong: tuple[str, str], told: str) -> None:
    with pytest.raises(IngestError, match=told) as error:
        parse_definition(GOOD.replace(*wrong, 1), "odd.toml")
    assert "odd.toml" in error.value.message


def test_headers_are_told_by_what_their_spellings_share() -> None:
    assert fold("Close Date") == fold("CloseDate") == fold("close_date") == fold(" closeDate ")
    assert fold("Montant") != fold("Montant net")


def test_two_kinds_that_fit_alike_are_a_question() -> None:
    one, other = parse_definition(GOOD, "one"), parse_definition(GOOD.replace("odd", "other"), "other")
    found = recognise(["Key"], [one, other])
    assert isinstance(found, NotRecognised)
    assert "it could be odd: Deals or other: Deals" in found.reason


def test_a_header_of_no_known_kind_says_what_to_do() -> None:
    found = recognise(["alpha", "beta"], list(shipped_definitions().values()))
    assert isinstance(found, NotRecognised)
    assert "alpha, beta" in found.reason
    assert "--mapping" in found.reason


@pytest.fixture(scope="module")
def headers(real_exports: Path) -> dict:
    """Return the header lists of real exports."""
    return json.loads((real_exports / "headers" / "headers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("group", ["salesforce_api_names_weekly_export", "salesforce_dataloader_devorg"])
def test_salesforce_headers_are_recognised(headers: dict, group: str) -> None:
    definitions = list(shipped_definitions().values())
    # The weekly export's quota file names neither owner nor period, so no goal can be read from it; influence
    # records are what attribution computes itself.
    not_read = {"ForecastingQuota", "CampaignInfluence"}
    for name, columns in headers[group].items():
        if name == "genuine" or name in not_read:
            continue
        found = recognise(columns, definitions)
        assert isinstance(found, Recognised), f"{name}: {found}"
        assert (found.definition.name, found.spec.name) == ("salesforce", name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Customers view (file)", "Contacts"),
        ("All deals view (file)", "Deals"),
        ("Deals (70281996936, research of the export shape)", "Deals"),
        ("Calls (70281996936)", "Calls"),
        ("Deals importers", "Deals"),
        ("Deals importer 31429437197", "Deals"),
        ("Companies", "Companies"),
    ],
)
def test_hubspot_headers_are_recognised(headers: dict, name: str, expected: str) -> None:
    found = recognise(headers["hubspot_en"][name], list(shipped_definitions().values()))
    assert isinstance(found, Recognised), found
    assert (found.definition.name, found.spec.name) == ("hubspot", expected)


@pytest.mark.parametrize(
    "header",
    ['Date entered "Demo (Sales Pipeline)"', "Date entered 'Demo (Sales Pipeline)'", "hs_v2_date_entered_Demo"],
)
def test_hubspot_stage_dates_name_their_stage(header: str) -> None:
    deals = next(spec for spec in shipped_definitions()["hubspot"].objects if spec.name == "Deals")
    pattern = next(into.each for into in deals.into if into.each)
    match = pattern.match(header)
    assert match
    assert (match["stage"] or match["stage2"]) == "Demo"
