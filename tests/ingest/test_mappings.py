"""Mappings that a person makes: their text, saved and found again, and what they would make of a file."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from ingest import IngestError, import_exports, is_stale, rebuild
from ingest.__main__ import main
from ingest.definitions import parse_definition, shipped_definitions
from ingest.draft import (
    Draft,
    draft_text,
    field_label,
    guess_meanings,
    meaning_kind,
    meanings_of,
    system_name,
    table_row,
    table_title,
)
from ingest.examine import Trial, as_template, examine
from ingest.intake import intake_tables
from ingest.mappings import delete_mapping, mapping_text, mappings_dir, save_mapping, saved_mappings
from queries import run
from tests.conftest import forget_caches

HEADERS = ("c1", "c2", "c3", "c4", "c5", "c6", "c7")
ROWS = """c1,c2,c3,c4,c5,c6,c7
A-1,Alpine rollout,Ann Lee,Gewonnen,"1.200,50",05.01.2026,30.06.2026
A-2,Borealis pilot,Bob Stone,Verhandlung,"900,00",06.01.2026,31.07.2026
A-3,Cedar upgrade,Ann Lee,Verloren,"70,00",07.01.2026,31.08.2026
"""
DEALS = Draft(
    system="Our CRM",
    kind="Deals",
    headers=HEADERS,
    table="opportunity",
    columns={
        "opportunity_id": "c1",
        "name": "c2",
        "owner": "c3",
        "stage": "c4",
        "amount": "c5",
        "created": "c6",
        "close_date": "c7",
    },
    constants={"currency": "EUR"},
    meanings={"stage": {"Gewonnen": "won", "Verhandlung": "open", "Verloren": "lost"}},
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Return an export of no known kind."""
    path = tmp_path / "export.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def trial(path: Path, tmp_path: Path) -> Trial:
    """Return a trial of one file."""
    return Trial(examine([path], tmp_path)[0], tmp_path)


def test_a_draft_is_a_mapping_in_the_one_format() -> None:
    definition = parse_definition(draft_text(DEALS), "draft")
    assert (definition.name, definition.title) == ("our_crm", "Our CRM")
    assert definition.stages == {"Gewonnen": "won", "Verhandlung": "open", "Verloren": "lost"}
    spec = definition.objects[0]
    assert spec.name == "Deals"
    assert [names[0] for names in spec.needs] == list(HEADERS)
    assert spec.into[0].fields["amount"].columns == ("c5",)
    assert spec.into[0].fields["currency"].constant == "EUR"


@pytest.mark.parametrize(
    "odd",
    [
        'a "quoted" name',
        "Betrag | EUR",
        "line\nbreak",
        "back\\slash",
        "#",
        "'single'",
        "Größe €",
        "a.b = [c]",
        "{braces}?",
    ],
)
def test_any_header_and_any_value_can_stand_in_a_mapping(odd: str) -> None:
    draft = replace(
        DEALS,
        headers=("Key", odd),
        columns={"opportunity_id": "Key", "status": odd},
        meanings={"status": {odd: "won", "plain": "lost"}},
    )
    spec = parse_definition(draft_text(draft), "draft").objects[0]
    assert spec.into[0].fields["status"].columns == (odd,)
    assert spec.into[0].fields["status"].value_map == {odd: "won", "plain": "lost"}
    assert spec.matches({"key", "".join(sign for sign in odd.casefold() if sign.isalnum())})


def test_what_a_row_needs_and_nothing_fills_is_said() -> None:
    draft = replace(DEALS, columns={"name": "c2"})
    assert [item.name for item in draft.missing()] == ["opportunity_id"]
    with pytest.raises(IngestError, match="Nothing fills the deal's own id, which every deal needs"):
        draft_text(draft)
    draft = replace(draft, templates={"opportunity_id": "{c2} · {c6}"})
    assert draft.missing() == ()
    assert parse_definition(draft_text(draft), "draft").objects[0].into[0].fields["opportunity_id"].templates


def test_a_crm_that_ships_lends_its_name_and_its_words(tmp_path: Path) -> None:
    for title in ("Salesforce", "salesforce "):
        definition = parse_definition(draft_text(replace(DEALS, system=title)), "draft")
        shipped = shipped_definitions()["salesforce"]
        assert (definition.name, definition.title, definition.id_length) == ("salesforce", "Salesforce", 15)
        assert definition.time_zone == shipped.time_zone
        assert definition.stages == {**shipped.stages, **DEALS.meanings["stage"]}
        assert len(definition.objects) == 1
    assert system_name("Größe & Söhne 2") == "grosse_sohne_2"
    with pytest.raises(IngestError, match="holds no letter"):
        system_name("123")


def test_a_saved_mapping_is_found_again_by_its_header_and_said_in_the_report(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(IngestError, match="no known export has these columns"):
        import_exports([export])
    assert save_mapping(DEALS) == "our_crm"
    report = import_exports([export])
    file = report.files[0]
    assert (file.outcome, file.crm, file.object, file.mapping) == ("imported", "Our CRM", "Deals", "our_crm")
    assert "    read by the mapping 'our_crm'" in report.lines()
    forget_caches()
    assert dict(run("pipeline_records", {"kind": "open"}).select("name", "amount").rows()) == {"Borealis pilot": 900}
    assert run("outcome_records", {"outcome": "won"})["name"].to_list() == ["Alpine rollout"]
    # The command line finds it, too; the same content changes nothing; its name chooses it, like a CRM's.
    assert main([str(export)]) == 0
    assert "Nothing changed." in capsys.readouterr().out
    assert main([str(export), "--crm", "our_crm"]) == 0


def test_a_saved_mapping_wins_over_a_definition_that_ships_for_exactly_its_header(tmp_path: Path) -> None:
    headers = ("Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date", "Betrag netto")
    path = tmp_path / "deals.csv"
    path.write_text(",".join(headers) + "\n1,Alpine,Angebot,500,2026-06-30,400\n")
    assert import_exports([path]).files[0].crm == "HubSpot"
    own = Draft(
        system="HubSpot",
        kind="Deals, net",
        headers=headers,
        table="opportunity",
        columns={"opportunity_id": "Record ID", "name": "Deal Name", "stage": "Deal Stage", "amount": "Betrag netto"},
        meanings={"stage": {"Angebot": "open"}},
    )
    save_mapping(own)
    file = import_exports([path]).files[0]
    assert (file.outcome, file.object, file.mapping) == ("imported", "Deals, net", "hubspot")
    assert file.unused_columns == ["Amount", "Close Date"]
    forget_caches()
    assert run("pipeline_records", {"kind": "open"})["amount"].to_list() == [400]
    # One column more is another header: what ships is asked about again, and knows as many of its columns.
    more = tmp_path / "more.csv"
    more.write_text(",".join([*headers, "Zebra"]) + "\n2,Borealis,Angebot,500,2026-06-30,400,z\n")
    assert import_exports([more]).files[0].object == "Deals, net"


def test_deleting_a_mapping_breaks_no_rebuild(export: Path) -> None:
    save_mapping(DEALS)
    import_exports([export])
    delete_mapping("our_crm", "Deals")
    assert saved_mappings() == []
    assert not list(mappings_dir().glob("*.toml"))
    rebuild()
    forget_caches()
    assert run("pipeline_records", {"kind": "open"}).height == 1
    assert not is_stale()
    with pytest.raises(IngestError, match="no known export"):
        import_exports([export])


def test_one_system_holds_several_kinds_of_file(tmp_path: Path) -> None:
    save_mapping(DEALS)
    leads = Draft(
        system="Our CRM",
        kind="Deals",
        headers=("l1", "l2", "l3"),
        table="lead",
        columns={"lead_id": "l1", "status": "l2", "converted_opportunity": "l3"},
        meanings={"status": {"Neu": "lead", "Qualifiziert": "sql"}},
    )
    save_mapping(leads)
    saved = saved_mappings()
    assert [(item.kind, item.table) for item in saved] == [("Deals", "opportunity"), ("Deals 2", "lead")]
    definition = parse_definition(saved[0].text, "saved")
    assert definition.lead_statuses == {"Neu": "lead", "Qualifiziert": "sql"}
    assert definition.stages == DEALS.meanings["stage"]
    # The same header again takes the place of the one before.
    save_mapping(replace(DEALS, columns={**DEALS.columns, "amount": "c1"}, date_order="dmy"))
    again = parse_definition(saved_mappings()[0].text, "saved")
    assert [spec.into[0].table for spec in again.objects] == ["lead", "opportunity"]
    assert again.date_order == "dmy"
    with pytest.raises(IngestError, match="Save this one under another name"):
        mapping_text(replace(leads, date_order="mdy"))
    delete_mapping("our_crm", "Deals 2")
    assert [item.table for item in saved_mappings()] == ["opportunity"]


def test_the_newest_mapping_of_a_header_is_the_only_one() -> None:
    save_mapping(DEALS)
    save_mapping(replace(DEALS, system="Other system"))
    assert [item.title for item in saved_mappings()] == ["Other system"]


def test_another_kind_of_file_in_a_mapping_does_not_read_the_first_anew(export: Path) -> None:
    save_mapping(DEALS)
    import_exports([export])
    save_mapping(Draft("Our CRM", "People", ("p1", "p2"), "rep", {"rep_id": "p1", "name": "p2"}))
    assert not import_exports([export]).is_changed
    save_mapping(replace(DEALS, columns={**DEALS.columns, "region": "c3"}))
    assert import_exports([export]).is_changed


def test_a_mapping_that_was_broken_by_hand_stops_imports_and_says_where(export: Path) -> None:
    mappings_dir().mkdir()
    (mappings_dir() / "odd.toml").write_text('name = "Odd"')
    assert saved_mappings()[0].fault
    with pytest.raises(IngestError, match=r"odd\.toml, name: 'Odd' should be of small letters"):
        import_exports([export])
    delete_mapping("odd")
    assert saved_mappings() == []
    with pytest.raises(IngestError, match="There is no such mapping"):
        delete_mapping("odd")


def test_a_mapping_is_saved_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    save_mapping(DEALS)
    before = saved_mappings()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(IngestError, match="A mapping cannot be saved"):
        save_mapping(replace(DEALS, columns={**DEALS.columns, "region": "c3"}))
    assert saved_mappings() == before


def test_a_name_cannot_lead_out_of_the_folder() -> None:
    save_mapping(replace(DEALS, system="../../etc/passwd"))
    assert [path.name for path in mappings_dir().glob("*.toml")] == ["etc_passwd.toml"]


class TestTrial:
    """What a file would become, before it is imported, by the code that imports it."""

    def test_it_says_what_an_import_would_say(self, export: Path, tmp_path: Path) -> None:
        outcome = trial(export, tmp_path).read(draft_text(DEALS))
        save_mapping(DEALS)
        file = import_exports([export]).files[0]
        assert (outcome.rows_read, outcome.loaded, outcome.rejected, outcome.unreadable_cells) == (
            file.rows_read,
            file.loaded,
            file.rejected,
            file.unreadable_cells,
        )
        assert outcome.first_rows.row(0, named=True) == {
            "line": 2,
            "opportunity_id": "A-1",
            "name": "Alpine rollout",
            "owner": "Ann Lee",
            "created": "2026-01-05",
            "close_date": "2026-06-30",
            "stage": "Gewonnen",
            "amount": "1200.50",
            "currency": "EUR",
        }

    def test_it_writes_nothing(self, export: Path, tmp_path: Path, home: Path) -> None:
        trial(export, tmp_path).read(draft_text(DEALS))
        assert list(home.iterdir()) == []

    def test_problems_are_counted_over_the_whole_file(self, export: Path, tmp_path: Path) -> None:
        export.write_text(ROWS + ",No id,Ann Lee,Neu,5,08.01.2026,\nA-1,Again,Ann Lee,Neu,plenty,08.01.2026,\n")
        outcome = trial(export, tmp_path).read(draft_text(DEALS))
        assert (outcome.rows_read, outcome.loaded, outcome.rejected) == (5, 3, 1)
        assert outcome.skipped == {"the same record comes again further down": 1}
        assert [
            (item.column, item.rows, item.first_line, item.value, item.is_whole_row) for item in outcome.problems
        ] == [
            ("c1", 1, 5, None, True),
            ("c5", 1, 6, "plenty", False),
        ]

    def test_a_date_that_could_be_two_days_is_asked_about(self, tmp_path: Path) -> None:
        path = tmp_path / "dates.csv"
        path.write_text("c1,c2\n1,03/04/2026\n2,05/06/2026\n")
        draft = Draft("Our CRM", "Deals", ("c1", "c2"), "opportunity", {"opportunity_id": "c1", "created": "c2"})
        tried = trial(path, tmp_path)
        outcome = tried.read(draft_text(draft))
        assert outcome.asks_date_order
        assert outcome.fault
        assert "'03/04/2026' may be day/month or month/day" in outcome.fault.message
        by_order = {
            order: tried.read(draft_text(replace(draft, date_order=order))).first_rows["created"].to_list()
            for order in ("dmy", "mdy")
        }
        assert by_order == {"dmy": ["2026-04-03", "2026-06-05"], "mdy": ["2026-03-04", "2026-05-06"]}

    def test_people_are_shown_as_they_would_be_stored(self, tmp_path: Path) -> None:
        path = tmp_path / "leads.csv"
        path.write_text("x1,x2\n1,ann@example.org\n2,bob@example.org\n")
        draft = Draft("Our CRM", "Leads", ("x1", "x2"), "lead", {"lead_id": "x1", "email": "x2"})
        rows = trial(path, tmp_path).read(draft_text(draft)).first_rows
        assert rows["email"].to_list() == ["(kept as a hash)"] * 2

    def test_columns_that_tell_rows_apart_are_found(self, tmp_path: Path) -> None:
        path = tmp_path / "deals.csv"
        path.write_text("Name,Stage,Created\nAlpine,Open,2026-01-01\nAlpine,Open,2026-01-02\nBorealis,Won,2026-01-01\n")
        tried = trial(path, tmp_path)
        assert tried.key_columns(["Name", "Created"]) == ["Name", "Created"]
        assert tried.key_columns(["Created"]) == ["Created", "Name"]
        assert tried.values("Stage") == [("Open", 2), ("Won", 1)]

    def test_titles_and_totals_are_left_out_as_an_import_leaves_them_out(self, tmp_path: Path) -> None:
        path = tmp_path / "report.csv"
        path.write_text("Weekly deals\n\nTitel,Phase,Betrag\nAlpine,Neu,5\nBorealis,Neu,7\nTotal,,12\n")
        headers = ("Titel", "Phase", "Betrag")
        draft = Draft("Our CRM", "Deals", headers, "opportunity", {"name": "Titel", "amount": "Betrag"})
        tried = trial(path, tmp_path)
        assert tried.key_columns(["Titel"]) == ["Titel"]
        draft = replace(draft, templates={"opportunity_id": as_template(["Titel"])})
        outcome = tried.read(draft_text(draft))
        assert (outcome.rows_read, outcome.loaded) == (3, 2)
        assert outcome.skipped == {"a total of the report, not a record": 1}
        assert outcome.first_rows["line"].to_list() == [4, 5]
        save_mapping(draft)
        file = import_exports([path]).files[0]
        assert (file.loaded, file.skipped) == (outcome.loaded, outcome.skipped)

    def test_a_sheet_of_a_workbook_is_mapped_like_any_file(self, tmp_path: Path) -> None:
        path = tmp_path / "book.xlsx"
        book = Workbook()
        for row in (("c1", "c2"), ("A-1", "Alpine"), ("A-2", "Borealis")):
            book.active.append(row)
        book.save(path)
        examined = examine([path], tmp_path)[0]
        assert (examined.taken_for, examined.headers) == (None, ("c1", "c2"))
        draft = Draft("Our CRM", "Deals", ("c1", "c2"), "opportunity", {"opportunity_id": "c1", "name": "c2"})
        outcome = Trial(examined, tmp_path).read(draft_text(draft))
        assert outcome.first_rows["name"].to_list() == ["Alpine", "Borealis"]

    def test_rows_that_nothing_tells_apart_can_be_told_by_their_line(self, tmp_path: Path) -> None:
        path = tmp_path / "deals.csv"
        path.write_text("Name,Amount\nAlpine,5\nAlpine,5\n")
        draft = Draft("Our CRM", "Deals", ("Name", "Amount"), "opportunity", {"amount": "Amount"})
        tried = trial(path, tmp_path)
        equal = tried.read(draft_text(replace(draft, templates={"opportunity_id": as_template(["Name", "Amount"])})))
        apart = tried.read(draft_text(replace(draft, templates={"opportunity_id": as_template([])})))
        assert (equal.loaded, sum(equal.skipped.values()), apart.loaded) == (1, 1, 2)


def test_files_are_said_to_be_what_they_are(export: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.pdf"
    other.write_bytes(b"%PDF")
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    goals = tmp_path / "goals.csv"
    goals.write_text("measure,period,scope,value\nwon_amount,2027-Q1,company,1\n")
    found = {item.name: item for item in examine([export, other, empty, goals], tmp_path)}
    assert found["export.csv"].taken_for is None
    assert found["export.csv"].headers == HEADERS
    assert found["goals.csv"].taken_for == "A plain sheet · Goals"
    assert "holds nothing" in (found["empty.csv"].reason or "")
    assert found["notes.pdf"].reason
    with pytest.raises(IngestError, match="cannot be mapped"):
        Trial(found["empty.csv"], tmp_path)
    save_mapping(DEALS)
    assert examine([export], tmp_path)[0].mapping == "our_crm"


def test_meanings_are_guessed_and_what_no_word_tells_is_left_open() -> None:
    assert guess_meanings(["Gewonnen", "Phase X", "Verloren"], "stage") == {
        "Gewonnen": "won",
        "Phase X": "open",
        "Verloren": "lost",
    }
    assert guess_meanings(["Phase X"], "stage") == {"Phase X": None}


def test_every_meaning_on_offer_can_be_saved() -> None:
    for table in intake_tables().values():
        assert table_title(table.name)
        assert table_row(table.name)
        for item in table.fields.values():
            assert field_label(item.name)
            kind = meaning_kind(table.name, item.name)
            if kind is None:
                continue
            values = {f"value {meaning}": meaning for meaning in meanings_of(kind)}
            required = {other.name: other.name for other in table.fields.values() if other.is_required}
            columns = {**required, item.name: item.name}
            draft_text(
                Draft("Our CRM", "Files", tuple(columns.values()), table.name, columns, meanings={item.name: values})
            )


def test_of_a_large_file_some_rows_are_tried_from_all_over_it(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    rows = [f"{n},{'much' if n % 3 == 0 else n},2026-01-0{n % 9 + 1}" for n in range(1, 50_001)]
    path.write_text("\n".join(["Schlüssel,Summe,Tag", *rows, "Total,,"]) + "\n", encoding="utf-8")
    trial = Trial(examine([path], tmp_path)[0], tmp_path)
    draft = Draft(
        "Odd", "Deals", ("Schlüssel", "Summe", "Tag"), "opportunity", {"opportunity_id": "Schlüssel", "amount": "Summe"}
    )
    some, whole = trial.read(mapping_text(draft), is_whole=False), trial.read(mapping_text(draft))
    assert (whole.rows_read, whole.rows_in_all) == (50_001, 50_001)
    assert whole.loaded + sum(whole.skipped.values()) == 50_001
    assert whole.unreadable_cells == 16_666
    assert 16_000 < some.rows_read < 17_500  # every third or so
    assert some.rows_in_all == 50_001
    assert some.rows_read == some.loaded + some.rejected + sum(some.skipped.values())
    assert some.unreadable_cells / some.rows_read == pytest.approx(1 / 3, abs=0.02)
    assert some.first_rows["line"].to_list() == whole.first_rows["line"].to_list()
