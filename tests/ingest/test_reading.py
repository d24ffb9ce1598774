"""How files are found, sniffed, scanned and kept raw."""

import csv
import random
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import IngestError
from ingest.files import Export, Unread, find_exports
from ingest.raw import RAW_SCHEMA, read_raw
from ingest.scan import _BLOCK, record_lines
from ingest.sniff import Layout, as_utf8, clean_headers, detect_delimiter, sniff

CELLS = st.text(alphabet=st.sampled_from('ab,;"\n\r\té 0'), max_size=6)


def reference_lines(path: Path) -> list[int]:
    """Return where each non-blank record begins, by Python's own reader."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        lines, line = [], 1
        for row in reader:
            if row:
                lines.append(line)
            line = reader.line_num + 1
    return lines


@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=12), crlf=st.booleans())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_records_begin_where_pythons_reader_says(tmp_path: Path, rows: list[list[str]], crlf: bool) -> None:
    path = tmp_path / "some.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        # A bare return inside quotes is a line break to Python's reader and not to a text editor; it is left out.
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n" if crlf else "\n")
        writer.writerows([[cell.replace("\r", "") for cell in row] for row in rows])
    assert record_lines(path).tolist() == reference_lines(path)


def test_records_across_blocks(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rng = random.Random(3)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        while file.tell() < 2.5 * _BLOCK:
            writer.writerow(["x" * rng.randrange(2000), "two\nlines" if rng.random() < 0.3 else 'a "quote"', ""])
    assert record_lines(path).tolist() == reference_lines(path)


def test_blank_lines_are_no_records(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_bytes(b"a,b\n\n1,2\r\n\r\n3,4")
    assert record_lines(path).tolist() == [1, 3, 5]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("Zoë,1\n".encode(), "utf-8"),
        ("Zoë,1\n".encode("utf-8-sig"), "utf-8-sig"),
        ("Zoë,1\n".encode("utf-16"), "utf-16"),
        ("Zoë,1\n".encode("utf-16-le"), "utf-16-le"),
        ("Zoë,1\n".encode("utf-16-be"), "utf-16-be"),
        ("Zoë “1”,1\n".encode("cp1252"), "cp1252"),
        (b"Zo\xeb \x81,1\n", "latin-1"),
    ],
)
def test_encodings(tmp_path: Path, raw: bytes, encoding: str) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(b"".join([raw] * 50) if not raw.startswith((b"\xff\xfe", b"\xef\xbb\xbf")) else raw)
    layout = sniff(path, "some.csv")
    assert layout.encoding == encoding
    text = as_utf8(path, layout.encoding, tmp_path / "as_utf8.csv").read_text(encoding="utf-8")
    assert text.startswith("Zoë")


@pytest.mark.parametrize("raw", [b"", b"   \n\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02\x03\x00\x00"])
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(raw)
    with pytest.raises(IngestError, match=r"some\.csv"):
        sniff(path, "some.csv")


@pytest.mark.parametrize(
    ("sample", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1,5;2,5;3\n", ";"),
        ("a\tb\n1,2\t3,4\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ('"a, b";"c, d";"e"\n1;2;3\n', ";"),
        ("only one column\nvalue\n", ","),
    ],
)
def test_delimiters(sample: str, delimiter: str) -> None:
    assert detect_delimiter(sample) == delimiter


def test_headers_are_named_and_named_once() -> None:
    assert clean_headers(["\ufeff Id ", "", "Name", "name", "Close\u00a0Date"]) == (
        "Id",
        "column 2",
        "Name",
        "name (2)",
        "Close Date",
    )


@pytest.fixture
def warehouse() -> duckdb.DuckDBPyConnection:
    """Return an empty warehouse in memory."""
    connection = duckdb.connect()
    connection.execute(RAW_SCHEMA)
    return connection


def load(warehouse: duckdb.DuckDBPyConnection, path: Path, headers: tuple[str, ...]) -> tuple[str, int, list[tuple]]:
    """Read a file raw; return the reader used, the rows read, and the rows kept."""
    raw = read_raw(warehouse, path, Layout("utf-8", ",", headers), "b", "t", {})
    return (
        raw.reader,
        raw.rows_read,
        warehouse.execute("select * exclude (batch_id) from raw.t order by line").fetchall(),
    )


def test_a_well_kept_file_is_read_fast(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "good.csv"
    path.write_text('a,b\n1,"two\nlines, and a ""quote"""\n007,\n', encoding="utf-8")
    assert load(warehouse, path, ("a", "b")) == ("fast", 2, [(2, "1", 'two\nlines, and a "quote"'), (4, "007", None)])


def test_ragged_rows_are_read_with_care(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12,,\n13,14,15\n", encoding="utf-8")
    reader, rows, kept = load(warehouse, path, ("a", "b", "c"))
    assert (reader, rows) == ("careful", 5)
    assert kept == [(2, "1", "2", "3"), (3, "4", "5", None), (5, "10", "11", "12"), (6, "13", "14", "15")]
    assert warehouse.execute("select line, reason from raw.bad_row").fetchall() == [
        (4, "it has 4 fields where the header has 3")
    ]


def test_a_stray_quote_costs_no_row(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "inches.csv"
    path.write_text('a,b\n1,5" pipe\n2,plain\n3,6" pipe\n4,end\n', encoding="utf-8")
    _, rows, kept = load(warehouse, path, ("a", "b"))
    assert rows == 4
    assert [row[1:] for row in kept] == [("1", '5" pipe'), ("2", "plain"), ("3", '6" pipe'), ("4", "end")]


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=15))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    path = tmp_path / "some.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "c"])
        writer.writerows(rows)
    connection = duckdb.connect()
    connection.execute(RAW_SCHEMA)
    _, count, kept = load(connection, path, ("a", "b", "c"))
    assert count == len(rows)
    expected = [tuple(cell or None for cell in row) for row in rows]
    assert [tuple(cell or None for cell in row[1:]) for row in kept] == expected


def test_exports_are_found_in_folders_and_zips(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "in", tmp_path / "scratch"
    (folder / "deep").mkdir(parents=True)
    scratch.mkdir()
    (folder / "a.csv").write_text("x\n1\n")
    (folder / "deep" / "b.tsv").write_text("x\n1\n")
    (folder / ".hidden.csv").write_text("x\n1\n")
    (folder / "picture.png").write_bytes(b"1")
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("inner/d.csv", "x\n1\n")
        archive.writestr("__MACOSX/d.csv", "junk")
        archive.writestr("notes.docx", "junk")
    found = list(find_exports([folder], scratch))
    assert [item.name for item in found if isinstance(item, Export)] == ["in/a.csv", "in/c.zip/d.csv", "in/deep/b.tsv"]
    assert {item.name for item in found if isinstance(item, Unread)} == {"in/c.zip/notes.docx", "in/picture.png"}
    assert len({item.content_hash for item in found if isinstance(item, Export)}) == 1


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(IngestError, match="does not exist"):
        list(find_exports([tmp_path / "nothing.csv"], scratch))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(IngestError, match="damaged"):
        list(find_exports([tmp_path / "broken.zip"], scratch))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * (60 << 20))
    with pytest.raises(IngestError, match="no export does"):
        list(find_exports([tmp_path / "bomb.zip"], scratch))
