"""Rows that come back mended: told from other files by our notes in their last columns, and put in the old rows' place.

`ingest.rejects` writes such a file: the columns of the export it came from, then four notes. Here the notes are
taken off again, so that the file is read as its export was, and each row is known to be that row of that export.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.definitions import fold, stored_definition
from ingest.errors import IngestError
from ingest.files import Export
from ingest.intake import intake_tables
from ingest.recognise import Recognised
from ingest.sniff import Given, Layout, sniff

LINE, REASON, EXTRA, OF = "same_page_line", "same_page_reason", "same_page_extra", "same_page_of"
NOTES = (LINE, REASON, EXTRA, OF)
# A spreadsheet runs what begins so; an apostrophe before it makes it text. Of what had one already, one more.
_RUNS = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Mended:
    """A file of mended rows, without our notes.

    `export` stands for the file with the notes taken off, `layout` says how that is written; `lines` pairs each of
    its rows with the line of the export (`of_batch`) that it takes the place of.
    """

    export: Export
    layout: Layout
    kind: Recognised
    of_batch: str
    lines: list[tuple[int, int]]
    date_order: str | None
    mapping_name: str | None
    mapping_text: str | None


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; `plain_cell` takes it back exactly."""
    return f"'{text}" if _RUNS.match(text) else text


def plain_cell(text: str) -> str:
    """Return a cell without the apostrophe that `safe_cell` put before it."""
    return text[1:] if text.startswith("'") and _RUNS.match(text[1:]) else text


def read_mended(connection: duckdb.DuckDBPyConnection, found: Export, layout: Layout, scratch: Path) -> Mended | None:
    """Return a file of mended rows without its notes, or None where the file is none.

    Parameters
    ----------
    connection
        The warehouse that holds the export which the rows belong to.
    found, layout
        The file, and how it is written.
    scratch
        A folder for the file without its notes.

    Raises
    ------
    IngestError
        The rows belong to an export that is not in the warehouse, or to several.
    """
    places = {fold(plain_cell(header)): place for place, header in enumerate(layout.headers)}
    if not all(fold(note) in places for note in NOTES):
        return None
    notes = {note: places[fold(note)] for note in NOTES}
    own = [place for place in range(len(layout.headers)) if place not in notes.values()]
    headers = tuple(plain_cell(layout.headers[place]) for place in own)
    target = scratch / f"mended-{found.content_hash[:16]}.csv"
    origins: set[str] = set()
    lines: list[tuple[int, int]] = []
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        header_line = layout.lines_above + 1
        for line, row in _records(found.path, layout):
            if not row or line < header_line:  # stays blank, so that the lines below keep their numbers
                file.write("\n")
                continue
            if line == header_line:
                writer.writerow(headers)
                continue
            cells = [plain_cell(cell) for cell in row] + [""] * (len(layout.headers) - len(row))
            surplus = next(csv.reader([cells[notes[EXTRA]]]), []) + cells[len(layout.headers) :]
            writer.writerow([cells[place] for place in own] + surplus)
            if cells[notes[OF]].strip():
                origins.add(cells[notes[OF]].strip())
            if cells[notes[LINE]].strip().isdecimal():
                lines.append((line, int(cells[notes[LINE]])))
    origin = _origin(connection, origins, found.name)
    definition = stored_definition(origin)
    spec = next((item for item in definition.objects if item.name == origin["object"]), None)
    if spec is None:
        raise IngestError(
            "The rows cannot be understood any more", f"{found.name} belongs to a kind of file that is gone."
        )
    return Mended(
        export=Export(found.name, target, found.content_hash, found.size),
        layout=sniff(target, found.name, Given("utf-8", ",", header_line)),
        kind=Recognised(definition, spec, tuple(origin["unused_columns"])),
        of_batch=origin["batch_id"],
        lines=lines,
        date_order=origin["settled_order"],
        mapping_name=origin["mapping_name"],
        mapping_text=origin["mapping_text"],
    )


def _records(path: Path, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=layout.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=layout.delimiter)
        line = 1
        for row in reader:
            yield line, row
            line = reader.line_num + 1


def _origin(connection: duckdb.DuckDBPyConnection, origins: set[str], name: str) -> dict[str, Any]:
    """Return the row of `raw.file` that the mended rows belong to, with the order of days that was settled for it."""
    if len(origins) != 1:
        raise IngestError(
            "Mended rows cannot be put back",
            f"{name} should hold the rows of one export, and its column {OF} names {len(origins)}. "
            f"Keep the files apart, and leave the columns that begin with same_page as they are.",
        )
    rows = (
        connection.sql("select * from raw.file where batch_id = $batch", params={"batch": origins.pop()})
        .pl()
        .to_dicts()
    )
    if not rows:
        raise IngestError(
            "Mended rows cannot be put back",
            f"{name} mends an export that is not in this warehouse. Import that export first.",
        )
    settled = connection.execute(
        "select date_order from crm.batch where batch_id = $batch", {"batch": rows[0]["batch_id"]}
    ).fetchall()
    order = settled[0][0] if settled else None
    return {**rows[0], "settled_order": rows[0]["date_order_given"] or order}


def note_mended(connection: duckdb.DuckDBPyConnection, batch_id: str, mended: Mended) -> None:
    """Keep what a file of mended rows takes the place of, beside its raw rows."""
    connection.execute(
        "update raw.file set mends = $of, mapping_name = $name, mapping_text = $text, date_order_given = "
        "coalesce(date_order_given, $order) where batch_id = $batch",
        {
            "of": mended.of_batch,
            "name": mended.mapping_name,
            "text": mended.mapping_text,
            "order": mended.date_order,
            "batch": batch_id,
        },
    ).fetchall()
    pairs = pa.table(
        {
            "line": pa.array([line for line, _ in mended.lines], pa.int64()),
            "of_line": pa.array([line for _, line in mended.lines], pa.int64()),
        }
    )
    connection.register("mended_lines", pairs)
    connection.execute(
        "insert into raw.mended select $batch, line, $of, of_line from mended_lines",
        {"batch": batch_id, "of": mended.of_batch},
    ).fetchall()
    connection.unregister("mended_lines")


def root_of(row: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the export that mended rows belong to, through however many rounds of mending; itself for any other."""
    seen = set()
    while row["mends"] in rows and row["batch_id"] not in seen:
        seen.add(row["batch_id"])
        row = rows[row["mends"]]
    return row


def settle_mended(connection: duckdb.DuckDBPyConnection) -> None:
    """Put mended rows in the place of those that they mend, in every staged table.

    Writes `mended_row`: one row per rejected or half-read row that a later file mended, with that file. A mended row
    that is rejected again takes no place.
    """
    connection.execute(
        """
        create or replace temp table mended_row as
        with recursive taken as (
            select m.of_batch, m.of_line, m.batch_id as by_batch
            from raw.mended m
            where not exists (
                select 1 from reject r where r.batch_id = m.batch_id and r.line = m.line and r.is_whole_row
            )
            union
            select m.of_batch, m.of_line, t.by_batch
            from taken t
            join raw.mended m on m.batch_id = t.of_batch and m.line = t.of_line
        )
        select of_batch as batch_id, of_line as line, max(by_batch) as by_batch
        from taken
        group by of_batch, of_line
        """
    )
    if connection.execute("select count(*) from mended_row").fetchall()[0][0] == 0:
        return
    for table in (*intake_tables(), "custom"):
        connection.execute(
            f"delete from staged_{table} using mended_row "
            f"where staged_{table}.batch_id = mended_row.batch_id and staged_{table}.line = mended_row.line"
        ).fetchall()
