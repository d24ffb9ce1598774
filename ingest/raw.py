"""Raw rows: every record of an export as it was read, kept, with its file and line.

One raw table per kind of file and header, all columns text, so that a changed mapping or stage map needs no new
export. Two readers: DuckDB's, for files that keep the rules of CSV, checked against an independent count of
records (`ingest.scan`); and a careful one, record by record, for files that do not.
"""

import csv
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.scan import record_lines
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
    create table if not exists raw.bad_row (
        batch_id varchar not null, line bigint not null, reason varchar not null
    );
    create table if not exists raw.mended (
        batch_id varchar not null, line bigint not null, of_batch varchar not null, of_line bigint not null
    );
    alter table raw.file add column if not exists mends varchar;
    alter table raw.bad_row add column if not exists cells varchar[];
"""
# Makes the cells of a record that fits no columns fit to be stored: personal ones are replaced.
Shield = Callable[[list[str]], list[str | None]]
_CHUNK_ROWS = 20_000


@dataclass(frozen=True)
class RawFile:
    """What reading one file gave: how many records it holds, and which reader read them."""

    table_name: str
    reader: str
    rows_read: int


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
) -> RawFile:
    """Read one UTF-8 file into its raw table.

    Parameters
    ----------
    connection
        An open, writable warehouse.
    path, layout
        The file, as UTF-8, and how it is written.
    batch_id, table_name
        The batch that its rows belong to, and the raw table.
    stored
        For columns that are not stored as they are (personal ones), the SQL that takes their place.
    shield
        What makes a record with too many fields, which is kept apart as it is, fit to be stored.

    Returns
    -------
    RawFile
        `rows_read` counts the records below the header, rejected ones included.
    """
    columns = ", ".join(f"{quoted(header)} varchar" for header in layout.headers)
    connection.execute(
        f"create table if not exists raw.{quoted(table_name)} (batch_id varchar, line bigint, {columns})"
    )
    lines = record_lines(path)[1:]
    select = ", ".join(stored.get(header, quoted(header)) for header in layout.headers)
    target = f"raw.{quoted(table_name)}"
    if _read_fast(connection, path, layout, batch_id, target, select, pa.table({"line": lines})):
        return RawFile(table_name, "fast", len(lines))
    connection.execute(f"delete from {target} where batch_id = $batch", {"batch": batch_id}).fetchall()
    rows = _read_carefully(connection, path, layout, batch_id, target, select, shield)
    return RawFile(table_name, "careful", rows)


def _read_fast(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    layout: Layout,
    batch_id: str,
    target: str,
    select: str,
    lines: pa.Table,
) -> bool:
    """Read by DuckDB; tell whether it found exactly the records that the independent count found."""
    names = dict.fromkeys(layout.headers, "VARCHAR")
    connection.register("record_line", lines)
    try:
        connection.execute(
            f"""
            insert into {target}
            select $batch, case when is_here then line end, {select}
            from (
                select *, true as is_here
                from read_csv(
                    $path, auto_detect = false, header = true, columns = $columns, delim = $delimiter,
                    quote = '"', escape = '"', null_padding = false, parallel = false, max_line_size = 67108864
                )
            )
            positional join record_line
            """,
            {"batch": batch_id, "path": str(path), "columns": names, "delimiter": layout.delimiter},
        ).fetchall()
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False  # a ragged or badly quoted record: the careful reader says which
    finally:
        connection.unregister("record_line")
    found = connection.execute(
        f"select count(*), count(line) from {target} where batch_id = $batch", {"batch": batch_id}
    ).fetchall()[0]
    return bool(found == (lines.num_rows, lines.num_rows))


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each non-blank record with the line on which it begins."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        line = 1
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1


def _read_carefully(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    layout: Layout,
    batch_id: str,
    target: str,
    select: str,
    shield: Shield,
) -> int:
    """Read record by record: a short one is filled with blanks, one too long is kept apart with the reason."""
    width = len(layout.headers)
    schema = pa.schema([("line", pa.int64()), *((f"c{number}", pa.string()) for number in range(width))])
    aliases = ", ".join(f"c{number} as {quoted(header)}" for number, header in enumerate(layout.headers))
    chunk: list[tuple[int, list[str]]] = []
    rows_read = 0

    def flush() -> None:
        if not chunk:
            return
        arrays = [pa.array([line for line, _ in chunk], pa.int64())]
        arrays += [pa.array([row[number] or None for _, row in chunk], pa.string()) for number in range(width)]
        connection.register("record", pa.Table.from_arrays(arrays, schema=schema))
        connection.execute(
            f"insert into {target} select $batch, line, {select} from (select line, {aliases} from record)",
            {"batch": batch_id},
        ).fetchall()
        connection.unregister("record")
        chunk.clear()

    records = _records(path, layout.delimiter)
    next(records, None)
    for line, row in records:
        rows_read += 1
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            connection.execute(
                "insert into raw.bad_row (batch_id, line, reason, cells) values ($batch, $line, $reason, $cells)",
                {
                    "batch": batch_id,
                    "line": line,
                    "reason": f"it has {len(row)} fields where the header has {width}",
                    "cells": shield(row),
                },
            ).fetchall()
            continue
        chunk.append((line, row[:width] + [""] * (width - len(row))))
        if len(chunk) >= _CHUNK_ROWS:
            flush()
    flush()
    return rows_read
