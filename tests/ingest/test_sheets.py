"""Workbooks: what is seen is read as it is meant, what is hidden is left out, and both are said."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from base.pointer import read_pointer
from ingest import ImportReport, IngestError, Options, import_exports
from ingest.files import Export, Unread, find_exports
from ingest.workbook import _moment, _number
from queries import run

HEADER = ["Id", "Name", "StageName", "Amount", "CloseDate", "IsClosed", "IsWon", "CreatedDate"]


def deal(number: int, name: str | None = None, amount: object = 100) -> list[object]:
    """Return one deal's cells as a workbook holds them."""
    made = datetime(2026, 1, 5, 15, 30)
    return [f"006{number:012d}AAA", name or f"Deal {number}", "Open", amount, date(2026, 6, 30), False, False, made]


def book_with(path: Path, *sheets: tuple[str, list[list[object]]]) -> openpyxl.Workbook:
    """Save a workbook of these sheets and return it, to change and save again."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def found_in(path: Path, tmp_path: Path, sheet: str | None = None) -> list[Export | Unread]:
    """Return what a workbook holds."""
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return list(find_exports([path], scratch, sheet))


def cells_of(path: Path, tmp_path: Path) -> list[str]:
    """Return the lines of a workbook's only sheet as text."""
    found = found_in(path, tmp_path)
    assert len(found) == 1
    assert isinstance(found[0], Export)
    return found[0].path.read_text(encoding="utf-8").splitlines()


def test_each_visible_sheet_is_one_export(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    leads = [
        ["Id", "Name", "Company", "Status", "CreatedDate", "IsConverted"],
        ["00Q000000000001AAA", "Ann", "X", "Open", datetime(2026, 1, 5), False],
    ]
    book = book_with(
        path, ("Deals", [HEADER, deal(1), deal(2)]), ("Leads", leads), ("Notes", []), ("Old", [HEADER, deal(9)])
    )
    book["Old"].sheet_state = "hidden"
    book.save(path)
    report = import_exports([path])
    assert [(file.file, file.outcome) for file in report.files] == [
        ("book.xlsx/Deals", "imported"),
        ("book.xlsx/Leads", "imported"),
        ("book.xlsx/Notes", "not read"),
    ]
    assert any("hidden sheets" in note and "Old" in note for note in report.files[0].notes)
    assert "the sheet is empty" in (report.files[2].reason or "")
    assert any("note: hidden sheets of book.xlsx were left out: Old" in line for line in report.lines())
    assert sorted(run("pipeline_records", {"kind": "open"})["name"].to_list()) == ["Deal 1", "Deal 2"]


def test_a_hidden_sheet_is_read_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = book_with(path, ("Deals", [HEADER, deal(1)]), ("Old", [HEADER, deal(9)]))
    book["Old"].sheet_state = "veryHidden"
    book.save(path)
    report = import_exports([path], Options(sheet="old"))
    assert [file.file for file in report.files] == ["book.xlsx/Old"]
    with pytest.raises(IngestError, match="no sheet 'Other'; it has Deals, Old"):
        import_exports([path], Options(sheet="Other"))


def test_hidden_columns_are_left_out_and_hidden_rows_are_data(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    header = [None, "Secret", *HEADER, "More", "Most"]  # the table begins in column B
    rows = [header, *([None, "x", *deal(number), "y", "z"] for number in (1, 2))]
    book = book_with(path, ("Deals", rows))
    sheet: Worksheet = book["Deals"]
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions.group("K", "L", hidden=True)
    sheet.row_dimensions[3].hidden = True
    book.save(path)
    assert [line.split(",")[0] for line in cells_of(path, tmp_path)] == ["Id", deal(1)[0], deal(2)[0]]
    file = import_exports([path]).files[0]
    assert file.loaded == 2
    assert "3 hidden columns were left out: B, K, L" in file.notes
    assert file.unused_columns == []
    pointer = read_pointer()
    assert pointer is not None
    assert b"Secret" not in pointer.path.read_bytes()


def test_cells_are_read_as_they_are_meant(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book_with(
        path,
        (
            "Cells",
            [
                ["a", "b", "c", "d", "e"],
                [12345678901, 0.1, 0.1 + 0.2, 1e22, -5.50],
                [True, False, "#N/A", date(2026, 3, 1), datetime(2026, 3, 1, 10, 5, 7)],
                ["007", " two\nlines ", time(9, 30), timedelta(hours=30), "=1+1"],
                ["=cmd|' /C calc'!A0", "", "", "", ""],
            ],
        ),
    )
    assert cells_of(path, tmp_path) == [
        "a,b,c,d,e",
        "12345678901,0.1,0.3,10000000000000000000000,-5.5",
        "true,false,,2026-03-01,2026-03-01 10:05:07",
        '007," two',
        'lines ",09:30:00,30:00:00,',
    ]
    found = found_in(path, tmp_path)[0]
    assert isinstance(found, Export)
    assert any("1 cells hold an error" in note for note in found.notes)
    assert any("2 formulas have no result" in note for note in found.notes)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (1 / 3, "0.333333333333333"),
        (9007199254740991.0, "9007199254740991"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
    ],
)
def test_numbers_keep_their_digits(number: float, text: str) -> None:
    assert _number(number) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 1, 9, 59, 59, 999999), "2026-03-01 10:00:00"),
        (datetime(2026, 3, 1, 10, 0, 0, 1), "2026-03-01 10:00:00"),
        (datetime(2026, 3, 1, 10, 0, 0, 250000), "2026-03-01 10:00:00.250"),
    ],
)
def test_moments_lose_the_noise_of_day_fractions(moment: datetime, text: str) -> None:
    assert _moment(moment) == text


def test_the_line_is_the_sheets_row(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    rows = [["Open deals"], [], HEADER, deal(1, "two\nlines"), [], deal(2, amount="plenty"), [None, *deal(3)[1:]]]
    book_with(path, ("Deals", rows))
    report = import_exports([path])
    file = report.files[0]
    assert (file.header_line, file.rows_read, file.loaded, file.rejected) == (3, 3, 2, 1)
    assert {(reject.reason, reject.first_line) for reject in file.rejects} == {
        ("Id is empty", 7),
        ("Amount cannot be read as an amount", 6),
    }
    assert any("header on row 3" in line for line in report.lines())


def test_the_same_sheet_saved_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = book_with(path, ("Deals", [HEADER, deal(1)]))
    assert import_exports([path]).is_changed
    before = path.read_bytes()
    book.properties.title = "another"
    book["Deals"].column_dimensions["B"].width = 40
    book.create_sheet("Empty")
    book.save(tmp_path / "renamed.xlsx")
    assert (tmp_path / "renamed.xlsx").read_bytes() != before
    report = import_exports([tmp_path / "renamed.xlsx"])
    assert not report.is_changed
    assert [file.outcome for file in report.files] == ["already imported", "not read"]


def test_a_workbook_in_a_zip_and_under_another_name(tmp_path: Path) -> None:
    book_with(tmp_path / "book.xlsx", ("Deals", [HEADER, deal(1)]))
    with zipfile.ZipFile(tmp_path / "weekly.zip", "w") as archive:
        archive.write(tmp_path / "book.xlsx", "in/book.xlsx")
    (tmp_path / "really.csv").write_bytes((tmp_path / "book.xlsx").read_bytes())
    (tmp_path / "old.xls").write_bytes((tmp_path / "book.xlsx").read_bytes())
    paths = [tmp_path / name for name in ("weekly.zip", "really.csv", "old.xls")]
    report = import_exports(paths)
    assert [(file.file, file.outcome) for file in report.files] == [
        ("weekly.zip/book.xlsx/Deals", "imported"),
        ("really.csv/Deals", "already imported"),
        ("old.xls/Deals", "already imported"),
    ]


def not_read(path: Path) -> ImportReport:
    """Import a file beside a good one and return the report."""
    good = path.with_name("good.xlsx")
    book_with(good, ("Deals", [HEADER, deal(1)]))
    report = import_exports([good, path])
    assert [file.outcome for file in report.files][1:] == ["not read"]
    return report


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 no workbook", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "password"),
        (b"<html><table><tr><td>Id</td></tr></table></html>", "web page"),
        (b"Id,Name\n1,2\n", "holds text"),
    ],
)
def test_what_is_no_workbook_is_told_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert told in (not_read(path).files[1].reason or "")


def rezipped(path: Path, change: dict[str, bytes]) -> bytes:
    """Return a workbook's bytes with some of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, change.get(item.filename, old.read(item.filename)))
    return out.getvalue()


def test_damaged_parts_bombs_and_entities_are_told_in_a_sentence(tmp_path: Path) -> None:
    good = tmp_path / "book.xlsx"
    book_with(good, ("Deals", [HEADER, deal(1)]))
    sheet = zipfile.ZipFile(good).read("xl/worksheets/sheet1.xml")
    bad = tmp_path / "bad.xlsx"
    doctype = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    for change, told in (
        ({"xl/worksheets/sheet1.xml": sheet[: len(sheet) // 2]}, "damaged"),
        ({"xl/workbook.xml": doctype + b"<workbook/>"}, "damaged"),
        ({"xl/worksheets/sheet1.xml": doctype + sheet}, "document type"),
        ({"xl/worksheets/sheet1.xml": b" " * (60 << 20)}, "would grow"),
        (
            {"xl/worksheets/sheet1.xml": sheet.replace(b'"A2"', b'"XFD1048576"').replace(b'r="2"', b'r="1048576"')},
            "XFD",
        ),
    ):
        bad.write_bytes(rezipped(good, change))
        assert told in (not_read(bad).files[1].reason or ""), told


def test_a_workbook_that_asks_for_all_memory_ends_only_its_own_process(tmp_path: Path) -> None:
    good, bad = tmp_path / "book.xlsx", tmp_path / "bad.xlsx"
    book_with(good, ("Deals", [HEADER, deal(1)]))
    sheet = zipfile.ZipFile(good).read("xl/worksheets/sheet1.xml")
    # A cell that says that it stands far away, in a row that does not.
    bad.write_bytes(rezipped(good, {"xl/worksheets/sheet1.xml": sheet.replace(b'r="H2"', b'r="XFC1000000"')}))
    assert "more memory" in (not_read(bad).files[1].reason or "")


def test_formatted_cells_without_a_value_do_not_stretch_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book_with(path, ("Deals", [HEADER, deal(1)]))
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    path.write_bytes(rezipped(path, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", far)}))
    assert import_exports([path]).files[0].loaded == 1


def test_the_header_row_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    second = ["Id", "Name", "Stage", "Amount", "Close", "c", "d", "e"]
    book_with(path, ("Deals", [second, HEADER, deal(1)]))
    with pytest.raises(IngestError, match="no known export"):
        import_exports([path])
    file = import_exports([path], Options(header_line=2)).files[0]
    assert (file.header_line, file.loaded) == (2, 1)
