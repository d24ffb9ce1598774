"""Custom fields: columns that a company keeps beside ours, from a mapping, settings.toml or a decision on a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from base.errors import SettingsError
from base.pointer import read_pointer
from base.settings import load_settings
from base.words import Word, decide, read_decisions, undo
from ingest import IngestError, Options, import_exports, is_stale, not_kept, rebuild, spare_columns, suggested_name
from ingest.definitions import parse_definition
from tests.conftest import EXAMPLES, PROJECT, Little
from tests.little import Row, deal, lead, sheet, won

MAPPING = """
name = "odd"
[[objects]]
name = "Deals"
needs = ["Key", "Tier"]
[[objects.into]]
table = "opportunity"
[objects.into.fields]
opportunity_id = "Key"
account = "Firm"
[objects.into.custom]
"Partner tier" = "Tier"
"Site" = ["Site", "Place"]
"Risk" = { column = "Colour", map = { "red" = "high" }, otherwise = "low" }
[[objects]]
name = "Firms"
needs = ["Firm key"]
[[objects.into]]
table = "account"
[objects.into.fields]
account_id = "Firm key"
[objects.into.custom]
"partner TIER" = "Level"
"""
ACME = "001000000000001AAA"


@contextmanager
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the current warehouse."""
    pointer = read_pointer()
    assert pointer is not None
    with duckdb.connect(str(pointer.path), read_only=True) as connection:
        yield connection


def custom(table: str = "opportunity") -> dict[str, dict[str, str]]:
    """Return the custom fields of each deal or lead by the end of its id."""
    with warehouse() as connection:
        rows = connection.execute(f"select {table}_id, custom from crm.{table}").fetchall()
    return {record.split(":", 1)[1][-12:].lstrip("0"): fields for record, fields in rows}


def fields() -> dict[str, tuple[Any, ...]]:
    """Return what is known of each custom field."""
    with warehouse() as connection:
        rows = connection.execute(
            "select field, on_leads, on_deals, value_count, is_filter from crm.custom_field"
        ).fetchall()
    return {name: tuple(rest) for name, *rest in rows}


def write(folder: Path, **files: list[Row]) -> Path:
    """Write files as a CRM exports them."""
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(sheet(*rows), encoding="utf-8")
    return folder


def keep(column: str, name: str, kind: str = "Opportunity", crm: str = "salesforce") -> Word:
    """Return the decision to keep a column."""
    return Word("custom", column, name, crm, kind)


def account(**more: Any) -> Row:
    """Return the company Acme."""
    return {"Id": ACME, "Name": "Acme", "Industry": "Tools", "SystemModstamp": "2026-05-02T15:00:00Z", **more}


def test_a_mapping_keeps_a_column_a_list_and_a_map(home: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text(MAPPING, encoding="utf-8")
    exports = write(
        tmp_path / "exports",
        Deals=[
            {"Key": 1, "Tier": "Gold", "Site": "", "Place": "Bonn", "Colour": "red", "Firm": "F"},
            {"Key": 2, "Tier": " ", "Site": "Kiel", "Place": "Bonn", "Colour": "", "Firm": "F"},
            {"Key": 3, "Tier": "", "Site": "", "Place": "", "Colour": "green", "Firm": ""},
        ],
        Firms=[{"Firm key": "F", "Level": "Silver"}],
    )
    report = import_exports([exports], Options(mapping=tmp_path / "odd.toml"))
    assert [file.unused_columns for file in report.files] == [[], []]
    assert custom() == {
        "1": {"Partner tier": "Gold", "Site": "Bonn", "Risk": "high"},
        "2": {"Partner tier": "Silver", "Site": "Kiel"},  # the company's, for its own is blank
        "3": {"Risk": "low"},
    }
    assert fields()["Partner tier"] == (False, True, 2, True)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('"Owner" = "A"', "'Owner' is a field that every company has"),
        ('"Business_Type" = "A"', "give yours another name"),
        ('"A: b" = "A"', "a colon and a blank"),
        ('" " = "A"', "needs a name"),
        ('"Tier" = "A"\n"tier" = "B"', "'tier' is there twice"),
        ('"Tier" = 3', "should be a column's name"),
        ('"Tier" = { column = "A", header = ["x"] }', "exactly one of"),
    ],
)
def test_what_a_mapping_cannot_keep_is_said(said: str, told: str) -> None:
    text = MAPPING.replace('"Partner tier" = "Tier"', said)
    with pytest.raises(IngestError, match=told):
        parse_definition(text, "odd.toml")


def test_only_deals_leads_and_companies_can_carry_them() -> None:
    text = MAPPING.replace('table = "account"', 'table = "campaign"').replace("account_id", "campaign_id")
    with pytest.raises(IngestError, match="only opportunity, lead, account can carry custom fields"):
        parse_definition(text, "odd.toml")


@pytest.fixture
def company(little: Little) -> None:
    """Import two deals and three leads with columns that nobody reads."""
    little(
        Opportunity=[
            deal(1, AccountId=ACME, Tier__c="Gold"),
            deal(2, AccountId=ACME, Tier__c=""),
            won(3, Tier__c=""),
        ],
        Lead=[
            lead(1, deal=3, Persona__c="Chief", Company="Elsewhere"),
            lead(2, Company="ACME", Persona__c=""),
            lead(3, deal=1, Persona__c="", Company=""),
        ],
        Account=[account(Tier__c="Silver")],
    )


@pytest.mark.usefixtures("company")
def test_a_column_is_kept_later_without_a_new_export(home: Path) -> None:
    assert set(custom()["1"]) == set()
    decide([keep("Tier__c", "Tier"), keep("Tier__c", "Tier", "Account"), keep("Persona__c", "Persona", "Lead")], "Ann")
    assert is_stale()
    rebuild()
    assert not is_stale()
    assert custom() == {"1": {"Tier": "Gold"}, "2": {"Tier": "Silver"}, "3": {"Persona": "Chief"}}
    # A lead has what is known of its company; never what is known of its deal alone.
    assert custom("lead") == {"1": {"Persona": "Chief"}, "2": {"Tier": "Silver"}, "3": {}}
    assert fields() == {"Persona": (True, True, 1, True), "Tier": (True, True, 2, True)}
    with warehouse() as connection:
        unused = connection.execute("select object, unused_columns from crm.batch order by object").fetchall()
    assert dict(unused)["Opportunity"] == []


@pytest.mark.usefixtures("company")
def test_a_decision_is_undone_and_the_rebuild_forgets_the_field(home: Path) -> None:
    decide([keep("Tier__c", "Tier")], "Ann")
    rebuild()
    assert custom()["1"] == {"Tier": "Gold"}
    undo(1, "Bo")
    assert is_stale()
    rebuild()
    assert custom()["1"] == {}
    assert fields() == {}
    assert read_decisions()[0].undone_by == "Bo"


@pytest.mark.usefixtures("company")
def test_settings_keep_columns_too_and_a_decision_comes_before_them(home: Path) -> None:
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(
        text + '[[custom_fields]]\nname = "Tier"\ncolumn = ["Level", "tier__C"]\n'
        '[[custom_fields]]\nname = "Persona"\ncrm = "salesforce"\nobject = "Lead"\ncolumn = "Persona__c"\n',
        encoding="utf-8",
    )
    assert is_stale()
    rebuild()
    assert custom() == {"1": {"Tier": "Gold"}, "2": {"Tier": "Silver"}, "3": {"Persona": "Chief"}}
    decide([keep("Name", "tier")], "Ann")
    rebuild()
    assert custom()["1"] == {"tier": "Deal 1"}
    assert custom()["2"] == {"tier": "Deal 2"}
    assert custom("lead")["2"] == {"tier": "Silver"}  # one field, in one spelling


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('name = "Tier"', "needs a name and a column"),
        ('name = "Tier"\ncolumn = 3', "column should be a column's name"),
        ('name = "Tier"\ncolumn = "A"\nfile = "x"', "file is not known"),
        ('name = "Region"\ncolumn = "A"', "'Region' is a field that every company has"),
        ('name = "Tier"\ncolumn = "A"\n[[custom_fields]]\nname = "TIER"\ncolumn = "B"', "keeps a second column"),
    ],
)
def test_settings_that_cannot_be_kept_are_said(home: Path, said: str, told: str) -> None:
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(f"{text}\n[[custom_fields]]\n{said}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        load_settings()


def test_decisions_that_clash_are_refused(home: Path) -> None:
    decide([keep("A__c", "Tier")], "Ann")
    with pytest.raises(SettingsError, match="A__c and B__c of Opportunity"):
        decide([keep("B__c", "tier")], "Ann")
    decide([keep("B__c", "tier", "Lead"), keep("a__C", "Level"), keep("B__c", "Tier")], "Ann")
    with pytest.raises(SettingsError, match="would both be"):
        undo(3, "Ann")  # then A__c would be Tier again, as B__c is
    with pytest.raises(SettingsError, match="'Source' is a field that every company has"):
        decide([keep("C__c", "Source")], "Ann")
    with pytest.raises(SettingsError, match="needs its CRM"):
        decide([Word("custom", "C__c", "Level")], "Ann")
    assert len(read_decisions()) == 4


def test_the_newest_export_counts_and_one_without_the_column_takes_nothing_away(home: Path, tmp_path: Path) -> None:
    decide([keep("Tier__c", "Tier")], "Ann")
    old = write(tmp_path / "old", Opportunity=[deal(1, Tier__c="Gold"), deal(2, Tier__c="Gold"), deal(3, Tier__c="A")])
    new = write(
        tmp_path / "new",
        Opportunity=[deal(1, modified="2026-05-09", Tier__c="Lead"), deal(2, modified="2026-05-09", Tier__c="")],
    )
    bare = write(tmp_path / "bare", Opportunity=[deal(1, modified="2026-05-16"), deal(3, modified="2026-05-16")])
    for folder in (bare, new, old):
        import_exports([folder])
    assert custom() == {"1": {"Tier": "Lead"}, "2": {}, "3": {"Tier": "A"}}


def test_values_that_are_one_are_shown_as_one_and_the_raw_value_stays_visible(little: Little) -> None:
    decide([keep("Tier__c", "Tier"), Word("value", "gld", "Gold", field="custom: Tier")], "Ann")
    little(Opportunity=[deal(1, Tier__c="Gld"), deal(2, Tier__c="Gold"), *(deal(n, Tier__c="go ld") for n in (3, 4))])
    assert [found["Tier"] for _, found in sorted(custom().items())] == ["Gold", "Gold", "go ld", "go ld"]
    with warehouse() as connection:
        assert connection.execute("select words from crm.as_exported").fetchall() == [("Tier Gld",)]
        assert connection.execute("select field, theirs, ours from crm.value_suggestion").fetchall() == [
            ("custom: Tier", "go ld", "Gold")
        ]
    with pytest.raises(SettingsError, match="its field is 'custom: Owner'"):
        decide([Word("value", "a", "b", field="custom: Owner")], "Ann")


def test_what_another_crm_knows_of_the_same_human_is_known_of_the_lead(little: Little) -> None:
    decide([keep("Persona", "Persona", "Contacts", "hubspot")], "Ann")
    contact = {"Lifecycle Stage": "Lead", "Create Date": "2026-01-03 09:00", "Became a Lead Date": "2026-01-03 09:00"}
    little(
        Lead=[lead(1, deal=1), lead(2)],
        Opportunity=[deal(1)],
        contacts=[
            {"Record ID": 7, "Email": "l1@x.test", **contact, "Persona": "Buyer"},
            {"Record ID": 8, "Email": "other@x.test", **contact, "Persona": "Student"},
        ],
    )
    assert custom("lead") == {"1": {"Persona": "Buyer"}, "2": {}, "8": {"Persona": "Student"}}
    assert custom() == {"1": {"Persona": "Buyer"}}


def test_a_company_that_the_crm_deleted_says_nothing_any_more(little: Little) -> None:
    decide([keep("Tier__c", "Tier", "Account")], "Ann")
    little(Opportunity=[deal(1, AccountId=ACME)], Account=[account(Tier__c="Silver", IsDeleted=1)])
    assert custom() == {"1": {}}


def test_a_field_with_too_many_values_is_kept_and_is_no_filter(little: Little) -> None:
    decide([keep("Note__c", "Note"), keep("Gone__c", "Gone")], "Ann")
    little(Opportunity=[deal(n, Note__c=f"note {n}") for n in range(1, 202)])
    assert custom()["7"] == {"Note": "note 7"}
    assert fields() == {"Gone": (False, False, 0, False), "Note": (False, True, 201, False)}


def test_addresses_and_numbers_of_people_obey_the_privacy_setting(little: Little) -> None:
    decide([keep("Champion__c", "Champion"), keep("Their_Phone__c", "Call")], "Ann")
    little(Opportunity=[deal(1, Champion__c="ann@acme.test", Their_Phone__c="+49 228 123456")])
    found = custom()["1"]
    assert all(value.startswith("hmac:") for value in found.values())
    assert {column.column: column.examples for column in spare_columns()} == {
        "Champion__c": ("(kept as a hash)",),
        "Their_Phone__c": ("(kept as a hash)",),
    }


@pytest.mark.usefixtures("company")
def test_columns_that_no_field_uses_are_told_with_what_stands_in_them(home: Path) -> None:
    found = {(column.object, column.column): column for column in spare_columns()}
    assert set(found) == {("Opportunity", "Tier__c"), ("Account", "Tier__c"), ("Lead", "Persona__c")}
    tier = found["Opportunity", "Tier__c"]
    assert (tier.rows, tier.filled, tier.values, tier.examples, tier.suggested_name) == (3, 1, 1, ("Gold",), "Tier")
    decide([keep("Tier__c", "Tier")], "Ann")
    assert ("Opportunity", "Tier__c") not in {(column.object, column.column) for column in not_kept(spare_columns())}


def test_a_mended_row_brings_its_custom_field(home: Path, tmp_path: Path) -> None:
    from ingest import reject_csv, reject_files  # noqa: PLC0415

    decide([keep("Tier__c", "Tier")], "Ann")
    import_exports([write(tmp_path / "one", Opportunity=[deal(1, Amount="much", Tier__c="Gold"), deal(2)])])
    text = reject_csv(reject_files()[0].batch_id).decode("utf-8-sig").replace("much", "100").replace("Gold", "Silver")
    (tmp_path / "mended.csv").write_text(text, encoding="utf-8")
    import_exports([tmp_path / "mended.csv"])
    assert custom() == {"1": {"Tier": "Silver"}, "2": {}}


def test_a_changed_keep_in_a_mapping_reads_the_same_file_anew(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    exports = write(tmp_path / "exports", Deals=[{"Key": 1, "Tier": "Gold", "Colour": "red"}])
    path.write_text(MAPPING, encoding="utf-8")
    import_exports([exports], Options(mapping=path))
    path.write_text(MAPPING.replace('"Risk" =', '"Danger" ='), encoding="utf-8")
    assert import_exports([exports], Options(mapping=path)).is_changed
    assert custom()["1"] == {"Partner tier": "Gold", "Danger": "high"}
    assert not import_exports([exports], Options(mapping=path)).is_changed


def test_a_real_export_by_a_field_of_its_companies(home: Path, real_exports: Path) -> None:
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(
        f'{text}\n[[custom_fields]]\nname = "Sector"\nobject = "Accounts"\ncolumn = "sector"\n', encoding="utf-8"
    )
    folder = real_exports / "maven_crm"
    import_exports([folder], Options(mapping=EXAMPLES / "maven_crm.toml"))
    with warehouse() as connection:
        found = connection.execute(
            "select o.custom['Sector'], count(*), sum(s.amount) from crm.opportunity o "
            "join crm.opportunity_state s using (opportunity_id) where s.valid_to is null and s.status = 'won' "
            "group by all order by all"
        ).fetchall()
        # The same, from the files as they are.
        expected = connection.execute(
            "select a.sector, count(*), sum(p.close_value) from read_csv($deals) p "
            "left join read_csv($accounts) a using (account) where p.deal_stage = 'Won' group by all order by all",
            {"deals": str(folder / "sales_pipeline.csv"), "accounts": str(folder / "accounts.csv")},
        ).fetchall()
    assert found == expected
    assert sum(row[1] for row in found) == 4238
    assert fields()["Sector"] == (False, True, 10, True)


@pytest.mark.parametrize(
    ("column", "name"),
    [("Partner_Tier__c", "Partner Tier"), ("Deal - Tier", "Deal - Tier"), ("Status", "Lead Status"), ("A: b", "A b")],
)
def test_a_name_is_suggested(column: str, name: str) -> None:
    assert suggested_name(column, "Lead") == name
