"""Any table, written in any layout, is found again: the same cells, under the right lines."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import IngestError
from ingest.prepare import prepare
from ingest.raw import RAW_SCHEMA, RawFile, read_raw
from ingest.sniff import DELIMITERS, Given, Layout, checked_given, detect_delimiter, sniff

LETTERS = "abcXYZ 0159-éüßñ€'#"
MARKS = ',;|^~:"\t\n='
CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1")


def read(
    path: Path, given: Given | None = None
) -> tuple[Layout, RawFile, list[tuple[int, ...]], list[tuple[int, str]]]:
    """Sniff and read a file; return its layout, what reading it gave, its rows and its bad rows."""
    layout = sniff(path, path.name, given)
    connection = duckdb.connect()
    connection.execute(RAW_SCHEMA)
    with TemporaryDirectory() as scratch:
        text = prepare(path, layout, Path(scratch), path.name)
        raw = read_raw(connection, text, layout, "b", "t", {}, scratch=Path(scratch))
    rows = connection.execute("select * exclude (batch_id) from raw.t order by line").fetchall()
    bad = connection.execute("select line, reason from raw.bad_row order by line").fetchall()
    return layout, raw, rows, bad


def written(row: list[str], delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Return one record as text, without its line end."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=quoting).writerow(row)
    return out.getvalue().removesuffix("\r\n")


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], str, str, str, int]:
    """Draw a table with a header and a first cell in each row, and a layout to write it in."""
    width = draw(st.integers(2, 5))
    cell = st.text(alphabet=st.sampled_from(LETTERS + MARKS), max_size=8)
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=2, max_size=10))
    table = [[f"Name {number}" for number in range(width)]]
    table += [[f"k{number}", *row[1:]] for number, row in enumerate(rows)]
    delimiter = draw(st.sampled_from([mark for mark in DELIMITERS if mark != ":"]))
    ends = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding = draw(st.sampled_from(CODECS))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    return table, delimiter, ends, encoding, quoting


@given(tables())
@settings(max_examples=300, deadline=None)
def test_any_table_in_any_layout_is_found_again(drawn: tuple[list[list[str]], str, str, str, int]) -> None:
    table, delimiter, ends, encoding, quoting = drawn
    lines = []
    line = 1
    text = ""
    for row in table:
        lines.append(line)
        text += written(row, delimiter, quoting) + ends
        line += 1 + sum(cell.count("\n") for cell in row)
    # Western text that has no letter of its own is the same bytes in several encodings.
    raw = text.encode(encoding, errors="replace")
    expected = [
        tuple(cell.encode(encoding, errors="replace").decode(encoding) or None for cell in row) for row in table[1:]
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "some.csv"
        path.write_bytes(raw)
        # A table of few letters can be valid in two eight-bit encodings: this one is said, as a person would.
        given = Given(encoding="latin-1") if encoding == "latin-1" else None
        layout, result, rows, bad = read(path, given)
    assert layout.delimiter == delimiter
    assert layout.headers == tuple(table[0])
    assert not bad
    assert [tuple(row[1:]) for row in rows] == expected
    assert [row[0] for row in rows] == lines[1:]
    assert (result.rows_read, result.short_lines, result.mended_lines) == (len(table) - 1, (), ())


@pytest.mark.parametrize(
    ("sample", "delimiter"),
    [
        ("a^b^c\n1^2^3\n", "^"),
        ("a~b\n1~2\n", "~"),
        ("a:b\n1:2\n3:4\n", ":"),
        ("name,at\nx,10:00:00\ny,11:30:00\n", ","),  # a colon stands in every time of day
        ("id,name,tags\n1,x,a;b;c;d\n2,y,e;f;g;h\n", ","),  # a list in a cell is not a row
        ("id;amount;rate\n1;1,5;2,5\n2;3,5;4,25\n", ";"),
        ("note\n10:00 call\n", ","),
    ],
)
def test_delimiters_beyond_the_common_four(sample: str, delimiter: str) -> None:
    assert detect_delimiter(sample) == delimiter


def test_the_first_line_of_excel_names_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes(b"sep=;\r\nId;Name\r\n1;a\r\n2;b,c,d\r\n")
    layout, _, rows, _ = read(path)
    assert (layout.delimiter, layout.headers, layout.header_line) == (";", ("Id", "Name"), 2)
    assert any("semicolon" in note for note in layout.notes)
    assert rows == [(3, "1", "a"), (4, "2", "b,c,d")]


WITH_COMMAS = 'Id,Name,"City ""X"""\n1,"Core, Inc.",Rome\n\n2,"say ""hi""","two\nlines"\n'
WITH_SEMICOLONS = "Id;Name;City\n1;Core, Inc.;Rome\n\n2;say;Paris\n"


@pytest.mark.parametrize(
    ("text", "delimiter", "tail"), [(WITH_COMMAS, ",", ""), (WITH_COMMAS, ",", ",,"), (WITH_SEMICOLONS, ";", "")]
)
def test_rows_wrapped_whole_in_quotes_are_unwrapped(tmp_path: Path, text: str, delimiter: str, tail: str) -> None:
    plain, wrapped = tmp_path / "plain.csv", tmp_path / "wrapped.csv"
    plain.write_text(text, encoding="utf-8")
    records: list[str] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        records.append('"' + written(row, delimiter).replace('"', '""') + '"' + tail if row else "")
    wrapped.write_text("\n".join(records) + "\n", encoding="utf-8")
    layout, _, rows, bad = read(wrapped)
    assert layout.wrapping == "all"
    assert any("wrapped" in note for note in layout.notes)
    expected, _, plain_rows, _ = read(plain)
    assert expected.wrapping == ""
    assert (layout.headers, rows, bad) == (expected.headers, plain_rows, [])


def test_a_spreadsheet_that_quoted_only_rows_with_commas(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text('Id;Amount;Name\n"1;2,50;a"\n2;3;b\n"3;1,00;""c;d"""\n', encoding="utf-8")
    layout, _, rows, _ = read(path)
    assert layout.wrapping == "some"
    assert rows == [(2, "1", "2,50", "a"), (3, "2", "3", "b"), (4, "3", "1,00", "c;d")]


def test_names_with_commas_are_no_wrapped_rows(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text('Name,Phone\n"Doe, John",\n"Roe, Jane",\n"Poe, Ann",5\n', encoding="utf-8")
    layout, _, rows, _ = read(path)
    assert layout.wrapping == ""
    assert rows == [(2, "Doe, John", None), (3, "Roe, Jane", None), (4, "Poe, Ann", "5")]


def test_titles_above_the_header_are_not_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(
        'Pipeline by owner\n"As of 2026-03-01, all teams"\n\nOwner,Deal,Stage,Amount\nAnn,"A\nB",Open,5\nBo,C,Won,7\n',
        encoding="utf-8",
    )
    layout, raw, rows, _ = read(path)
    assert (layout.header_line, layout.headers) == (4, ("Owner", "Deal", "Stage", "Amount"))
    assert any("Pipeline by owner" in note and "line 4" in note for note in layout.notes)
    assert rows == [(5, "Ann", "A\nB", "Open", "5"), (7, "Bo", "C", "Won", "7")]
    assert raw.reader == "fast"


def test_a_sparse_header_is_still_the_header(tmp_path: Path) -> None:
    path = tmp_path / "sparse.csv"
    path.write_text("Id,Name,,\na,b,c,d\ne,f,g,h\n", encoding="utf-8")
    layout, _, rows, _ = read(path)
    assert layout.headers == ("Id", "Name", "column 3", "column 4")
    assert any("column 3" in note for note in layout.notes)
    assert len(rows) == 2


def test_names_that_come_twice_are_numbered_and_said(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(" Name ,Name,name (2),Id\na,b,c,1\n", encoding="utf-8")
    layout, _, rows, _ = read(path)
    assert layout.headers == ("Name", "Name (2)", "name (2) (2)", "Id")
    assert any("more than once" in note for note in layout.notes)
    assert rows == [(2, "a", "b", "c", "1")]


def test_nul_characters_are_taken_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "nul.csv"
    path.write_bytes(b"Id,Name\n1,a\x00b\n2,\x00\n" + b"3,plain\n" * 50)
    layout, _, rows, _ = read(path)
    assert rows[:2] == [(2, "1", "ab"), (3, "2", None)]
    assert any("2 NUL" in note for note in layout.notes)


def test_one_damaged_letter_does_not_change_all_others(tmp_path: Path) -> None:
    path = tmp_path / "damaged.csv"
    path.write_bytes(b"Id,Name\n" + "1,Zoë Müller\n".encode() * 40 + b"2,Zo\xeb\n")
    layout, _, rows, _ = read(path)
    assert layout.encoding == "utf-8"
    assert any("1 characters are damaged" in note for note in layout.notes)
    assert rows[0] == (2, "1", "Zoë Müller")
    assert rows[-1] == (42, "2", "Zo\ufffd")


def test_a_quote_that_is_never_closed_swallows_no_row(tmp_path: Path) -> None:
    path = tmp_path / "inches.csv"
    path.write_text('Id,Name,Size\n1,"5 inch pipe,7\n2,plain,8\n3,"a ""quote""",9\n4,"6 inch,10\n5,end,11\n')
    _, raw, rows, bad = read(path)
    assert not bad
    assert rows == [
        (2, "1", '"5 inch pipe', "7"),
        (3, "2", "plain", "8"),
        (4, "3", 'a "quote"', "9"),
        (5, "4", '"6 inch', "10"),
        (6, "5", "end", "11"),
    ]
    assert raw.mended_lines == (2, 5)


def test_short_rows_are_filled_and_counted_and_long_ones_rejected(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b,c\n1\n4,5\n6,7,8,9\n10,11,12,,\n13,14,15\n")
    _, raw, rows, bad = read(path)
    assert [row[1:] for row in rows] == [
        ("1", None, None),
        ("4", "5", None),
        ("10", "11", "12"),
        ("13", "14", "15"),
    ]
    assert raw.short_lines == (2, 3)
    assert bad == [(4, "it has 4 fields where the header has 3")]
    assert raw.rows_read == 5


def test_a_large_cell_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    large = "word " * 220_000  # more than a megabyte
    path.write_text(f'Id,Note,Name\n1,"{large}",a\n2,small,b\n', encoding="utf-8")
    _, raw, rows, _ = read(path)
    assert (raw.reader, raw.rows_read) == ("fast", 2)
    assert rows == [(2, "1", large, "a"), (3, "2", "small", "b")]


def test_a_tail_of_short_rows_leaves_the_rest_to_the_fast_reader(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("a,b,c\n" + "1,2,3\n" * 500 + '\n"Grand Totals (500 records)"\n\nEnd\n')
    _, raw, rows, _ = read(path)
    assert (raw.reader, raw.rows_read, raw.short_lines) == ("fast", 502, (503, 505))
    assert rows[-2:] == [(503, "Grand Totals (500 records)", None, None), (505, "End", None, None)]


class TestOverruled:
    """What a person says goes before what is detected."""

    def test_encoding_delimiter_and_header(self, tmp_path: Path) -> None:
        path = tmp_path / "odd.csv"
        path.write_bytes("x:y\nName:Stadt\nZoë:Köln\n".encode("mac-roman"))
        layout, _, rows, _ = read(path, Given("mac-roman", "colon", 2))
        assert (layout.encoding, layout.delimiter, layout.header_line) == ("mac-roman", ":", 2)
        assert rows == [(3, "Zoë", "Köln")]

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            (Given(encoding="klingon"), "klingon"),
            (Given(encoding="rot13"), "rot13"),
            (Given(delimiter="::"), "one character"),
            (Given(delimiter='"'), "one character"),
            (Given(header_line=0), "line 1"),
        ],
    )
    def test_what_cannot_be_is_said(self, given: Given, told: str) -> None:
        with pytest.raises(IngestError, match=told):
            checked_given(given)

    @pytest.mark.parametrize("given", [Given(encoding="utf-8"), Given(header_line=3), Given(header_line=99)])
    def test_what_does_not_fit_the_file_is_said(self, tmp_path: Path, given: Given) -> None:
        path = tmp_path / "odd.csv"
        path.write_bytes(b'Id,Name\n1,"Zo\xeb\nb"\n')
        with pytest.raises(IngestError, match=r"odd\.csv"):
            sniff(path, "odd.csv", given)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"%PDF-1.7 text text", "a PDF"),
        (b"\x1f\x8b\x08\x00abc", "gzip"),
        (b"Id,Name\n" + bytes(range(32)) * 400, "binary"),
        (b"Id,Name\n1,2\n" * 9000 + b"\x00\x01\x02\x03" * 9000, "binary"),
        (b"<html><body><table><tr><td>Id</td></tr></table></body></html>", "HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b"\xff\xfe", "holds nothing"),
        (b"\xff\xfea\x00,\x00b\x00\n\x00\x00\xd8\x00\xd8", "utf-16"),
        (b"\xef\xbb\xbf \r\n", "holds nothing"),
    ],
)
def test_what_is_no_table_of_text_is_told_in_a_sentence(tmp_path: Path, raw: bytes, told: str) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(raw)
    with pytest.raises(IngestError, match=told) as caught:
        sniff(path, "some.csv")
    assert "some.csv" in caught.value.message
