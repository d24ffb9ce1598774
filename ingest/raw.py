"""Raw rows: every record of an export as it was read, kept, with its file and line.

One raw table per kind of file and header, all columns text, so that a changed mapping or stage map needs no new
export. Two readers: DuckDB's, for files that keep the rules of CSV, checked against an independent count of
records (`ingest.scan`); and a careful one, record by record, for files that do not.
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.records import Records
from ingest.scan import record_starts
from ingest.sniff import Layout

RAW_SCHEMA = """
    create schema if not exists raw;
    create table if not exists raw.file (
        batch_id varchar primary key,
        import_id varchar not null,
        imported_at timestamp not null,
        file_name varchar not null,
        content_hash varchar not null,
        byte_size bigint not null,
        crm varchar not null,
        object varchar not null,
        table_name varchar not null,
        headers varchar[] not null,
        unused_columns varchar[] not null,
        encoding varchar not null,
        delimiter varchar not null,
        reader varchar not null,
        rows_read bigint not null,
        mapping_name varchar,
        mapping_text varchar,
        date_order_given varchar,
        snapshot_given timestamp,
        is_full_given boolean not null
    );
    alter table raw.file add column if not exists encoding_given varchar;
    alter table raw.file add column if not exists delimiter_given varchar;
    alter table raw.file add column if not exists header_line_given bigint;
    alter table raw.file add column if not exists sheet_given varchar;
    create table if not exists raw.bad_row (
        batch_id varchar not null, line bigint not null, reason varchar not null
    );
    create table if not exists raw.mended (
        batch_id varchar not null, line bigint not null, of_batch varchar not null, of_line bigint not null
    );
    -- Rows that are no records (totals, footers, repeated headers); they stay in their raw table.
    create table if not exists raw.set_aside (
        batch_id varchar not null, line bigint not null, reason varchar not null
    );
    alter table raw.file add column if not exists mends varchar;
    alter table raw.bad_row add column if not exists cells varchar[];
"""
# Makes the cells of a record that fits no columns fit to be stored: personal ones are replaced.
Shield = Callable[[list[str]], list[str | None]]
_GLOB_SIGNS = re.compile(r"([*?\[])")
_CHUNK_ROWS = 20_000
_COPY_BYTES = 1 << 24


_TAIL_RECORDS = 100
_TAIL_BYTES = 1 << 16


@dataclass(frozen=True)
class RawFile:
    """What reading one file gave: how many records it holds, and which reader read them.

    `short_lines` are those of records with fewer cells than the header (the rest was left blank), `mended_lines`
    those with a quote that is never closed (taken as text).
    """

    table_name: str
    reader: str
    rows_read: int
    short_lines: tuple[int, ...] = ()
    mended_lines: tuple[int, ...] = ()


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def raw_table_name(crm: str, object_name: str, headers: Sequence[str]) -> str:
    """Return the raw table of a kind of file with this header."""
    digest = hashlib.sha256("\x1f".join(headers).encode()).hexdigest()[:8]
    return re.sub(r"\W+", "_", f"{crm}_{object_name}".lower()) + f"_{digest}"


def read_raw(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    layout: Layout,
    batch_id: str,
    table_name: str,
    stored: Mapping[str, str],
    shield: Shield = list,
    numbers: npt.NDArray[np.int64] | None = None,
    scratch: Path | None = None,
) -> RawFile:
    """Read one text, prepared by `ingest.prepare`, into its raw table.

    Parameters
    ----------
    connection
        An open, writable warehouse.
    path, layout
        The file, as UTF-8 and from its header on, and how it is written.
    batch_id, table_name
        The batch that its rows belong to, and the raw table.
    stored
        For columns that are not stored as they are (personal ones), the SQL that takes their place.
    shield
        What makes a record with too many fields, which is kept apart as it is, fit to be stored.
    numbers
        The number by which people know each record, the header's first (a sheet's rows); its line when None.
    scratch
        A folder for a copy without a report's footers, where there are any; the system's own when None.

    Returns
    -------
    RawFile
        `rows_read` counts the records below the header, rejected ones included.
    """
    columns = ", ".join(f"{quoted(header)} varchar" for header in layout.headers)
    connection.execute(
        f"create table if not exists raw.{quoted(table_name)} (batch_id varchar, line bigint, {columns})"
    )
    select = ", ".join(stored.get(header, quoted(header)) for header in layout.headers)
    into = _Into(connection, f"raw.{quoted(table_name)}", batch_id, select, layout, shield)
    lines, places = record_starts(path)
    shown = lines + layout.lines_above if numbers is None else numbers
    if len(shown) == len(lines):
        body = _body_records(path, layout, places)
        with _beginning(path, None if body == len(lines) else int(places[body]), scratch) as part:
            is_read = _read_fast(into, part, shown[1:body])
        if is_read and body == len(lines):
            return RawFile(table_name, "fast", body - 1)
        if is_read:
            tail = _Careful(len(layout.headers))
            below = None if numbers is None else numbers[body:]
            rows = _read_carefully(into, _lines_from(path, int(places[body])), tail, int(shown[body]), below)
            return RawFile(table_name, "fast", body - 1 + rows, tuple(tail.short_lines), tuple(tail.mended_lines))
    connection.execute(f"delete from {into.target} where batch_id = $batch", {"batch": batch_id}).fetchall()
    careful = _Careful(len(layout.headers))
    rows = _read_carefully(into, _lines_from(path, 0), careful, layout.lines_above + 1, numbers, has_header=True)
    return RawFile(table_name, "careful", rows, tuple(careful.short_lines), tuple(careful.mended_lines))


@dataclass(frozen=True)
class _Into:
    """Where records go: the table, the batch, and the SQL of what is stored of each column."""

    connection: duckdb.DuckDBPyConnection
    target: str
    batch_id: str
    select: str
    layout: Layout
    shield: Shield


@dataclass
class _Careful:
    """What the careful reader notes of records that are not as they should be."""

    width: int
    short_lines: list[int] = field(default_factory=list)
    mended_lines: list[int] = field(default_factory=list)


def _body_records(path: Path, layout: Layout, places: npt.NDArray[np.int64]) -> int:
    """Return how many records stand above a tail of short ones, as a report's footers are: the tail is read apart."""
    near = int(np.searchsorted(places, path.stat().st_size - _TAIL_BYTES))
    first = max(1, near, len(places) - _TAIL_RECORDS)
    if first >= len(places):
        return len(places)
    widths = [len(row) for _, row in Records(_lines_from(path, int(places[first])), layout.delimiter)]
    if len(widths) != len(places) - first:
        return len(places)  # its quotes keep no rule: the readers will see
    body = len(places)
    while body > first and widths[body - first - 1] != len(layout.headers):
        body -= 1
    return body


@contextmanager
def _beginning(path: Path, size: int | None, scratch: Path | None) -> Iterator[Path]:
    """Give a file that holds the first bytes of another, or that other itself."""
    if size is None:
        yield path
        return
    with TemporaryDirectory(dir=scratch) as folder:
        part = Path(folder) / "body.csv"
        with path.open("rb") as source, part.open("wb") as target:
            while size > 0 and (chunk := source.read(min(size, _COPY_BYTES))):
                target.write(chunk)
                size -= len(chunk)
        yield part


def _lines_from(path: Path, place: int) -> Iterator[str]:
    """Yield a UTF-8 file's lines from a byte on."""
    with path.open("rb") as file:
        file.seek(place)
        with io.TextIOWrapper(file, encoding="utf-8" if place else "utf-8-sig", newline="") as text:
            yield from text


def _read_fast(into: _Into, path: Path, lines: npt.NDArray[np.int64]) -> bool:
    """Read by DuckDB; tell whether it found exactly the records that the independent count found."""
    # Without its own word on it, DuckDB's buffer is 16 times the longest line that it bears: a gigabyte.
    connection = into.connection
    connection.register("record_line", pa.table({"line": lines}))
    try:
        connection.execute(
            f"""
            insert into {into.target}
            select $batch, case when is_here then line end, {into.select}
            from (
                select *, true as is_here
                from read_csv(
                    $path, auto_detect = false, header = true, columns = $columns, delim = $delimiter,
                    quote = '"', escape = '"', null_padding = false, parallel = false, max_line_size = 67108864,
                    buffer_size = 100663296, hive_partitioning = false
                )
            )
            positional join record_line
            """,
            {
                "batch": into.batch_id,
                "path": _GLOB_SIGNS.sub(r"[\1]", str(path)),  # a name is a name, whatever signs it holds
                "columns": dict.fromkeys(into.layout.headers, "VARCHAR"),
                "delimiter": into.layout.delimiter,
            },
        ).fetchall()
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False  # a ragged or badly quoted record: the careful reader says which
    finally:
        connection.unregister("record_line")
    found = connection.execute(
        f"select count(*), count(line) from {into.target} where batch_id = $batch", {"batch": into.batch_id}
    ).fetchall()[0]
    return bool(found == (len(lines), len(lines)))


def _read_carefully(
    into: _Into,
    lines: Iterator[str],
    noted: _Careful,
    first_line: int,
    numbers: npt.NDArray[np.int64] | None,
    *,
    has_header: bool = False,
) -> int:
    """Read record by record: a short one is filled with blanks, one too long is kept apart with the reason.

    Returns how many records there are below the header.
    """
    connection, width = into.connection, noted.width
    schema = pa.schema([("line", pa.int64()), *((f"c{number}", pa.string()) for number in range(width))])
    aliases = ", ".join(f"c{number} as {quoted(header)}" for number, header in enumerate(into.layout.headers))
    chunk: list[tuple[int, list[str]]] = []
    rows_read = 0

    def flush() -> None:
        if not chunk:
            return
        arrays = [pa.array([line for line, _ in chunk], pa.int64())]
        arrays += [pa.array([row[number] or None for _, row in chunk], pa.string()) for number in range(width)]
        connection.register("record", pa.Table.from_arrays(arrays, schema=schema))
        connection.execute(
            f"insert into {into.target} select $batch, line, {into.select} from (select line, {aliases} from record)",
            {"batch": into.batch_id},
        ).fetchall()
        connection.unregister("record")
        chunk.clear()

    records = Records(lines, into.layout.delimiter, width)
    for place, (text_line, row) in enumerate(records):
        if has_header and place == 0:
            continue
        rows_read += 1
        line = first_line + text_line - 1 if numbers is None else int(numbers[min(place, len(numbers) - 1)])
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            connection.execute(
                "insert into raw.bad_row (batch_id, line, reason, cells) values ($batch, $line, $reason, $cells)",
                {
                    "batch": into.batch_id,
                    "line": line,
                    "reason": f"it has {len(row)} fields where the header has {width}",
                    "cells": into.shield(row),
                },
            ).fetchall()
            continue
        if len(row) < width:
            noted.short_lines.append(line)
        chunk.append((line, row[:width] + [""] * (width - len(row))))
        if len(chunk) >= _CHUNK_ROWS:
            flush()
    flush()
    noted.mended_lines += [first_line + line - 1 for line in records.mended_lines]
    return rows_read
