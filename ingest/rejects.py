"""Rejected rows as files to mend: the columns as they were exported, what is wrong, and where it belongs.

Such a file is imported like any other once a person has mended it; `ingest.mended` reads it.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from base.pointer import read_pointer
from ingest.errors import IngestError
from ingest.mended import NOTES, safe_cell
from ingest.raw import quoted

SUFFIX = ".rejects.csv"
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class RejectFile:
    """The rows of one imported file that wait to be mended.

    `row_count` counts rejected rows and rows of which a cell could not be read, `file_name` is a name for them.
    """

    batch_id: str
    file: str
    file_name: str
    row_count: int


@contextmanager
def open_current() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the current warehouse to be read, its raw rows included.

    Raises
    ------
    IngestError
        Nothing was imported yet.
    """
    pointer = read_pointer()
    if pointer is None:
        raise IngestError("There is nothing to read yet", "Nothing was imported yet. Import an export first.")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{str(pointer.path).replace(chr(39), chr(39) * 2)}' as warehouse (read_only)")
        connection.execute("use warehouse")
        yield connection


def reject_files() -> list[RejectFile]:
    """Return the files that hold rows to be mended, newest import first; empty where every row was read.

    Raises
    ------
    IngestError
        Nothing was imported yet.
    """
    with open_current() as connection:
        rows = connection.execute(
            f"""
            select f.batch_id, f.file_name, count(distinct w.line)
            from ({_WAITING}) w
            join raw.file f using (batch_id)
            group by f.batch_id, f.file_name, f.imported_at
            order by f.imported_at desc, f.file_name, f.batch_id
            """
        ).fetchall()
    names: set[str] = set()
    found = []
    for batch_id, file, count in rows:
        stem = re.sub(r"[^\w.\- ]+", " - ", file).removesuffix(SUFFIX)
        name = f"{stem}{SUFFIX}"
        if name.casefold() in names:
            name = f"{stem}.{batch_id[:6]}{SUFFIX}"
        names.add(name.casefold())
        found.append(RejectFile(batch_id, file, name, count))
    return found


# Lines whose row was rejected, or of which a cell was left empty, and that no later file took up.
_WAITING = """
    select r.batch_id, r.line, r.column_name, r.value, r.reason, r.is_whole_row
    from crm.reject r
    where not exists (select 1 from raw.mended m where m.of_batch = r.batch_id and m.of_line = r.line)
"""


def reject_csv(batch_id: str) -> bytes:
    """Return the rows of one imported file that wait to be mended, as CSV (UTF-8 with a mark).

    Its columns are those of the export, each cell as it is stored, then four of ours: the line in the export, what
    is wrong, the fields that had no column, and what the rows belong to. Nothing in it runs as a formula.

    Parameters
    ----------
    batch_id
        The file, as `reject_files` names it.

    Raises
    ------
    IngestError
        There is no such file.
    """
    out = io.StringIO(newline="")
    with open_current() as connection:
        _write(connection, batch_id, out)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def write_rejects(folder: Path) -> list[Path]:
    """Write every file of rows to be mended into a folder, and return their paths.

    Raises
    ------
    IngestError
        Nothing was imported yet, or the folder cannot be written.
    """
    found = reject_files()
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in found:
            path = folder / file.file_name
            path.write_bytes(reject_csv(file.batch_id))
            paths.append(path)
    except OSError as error:
        raise IngestError("The rejects cannot be written", f"{folder}: {error.strerror or error}.") from error
    return paths


def _write(connection: duckdb.DuckDBPyConnection, batch_id: str, out: io.StringIO) -> None:
    file = connection.execute(
        "select table_name, headers from raw.file where batch_id = $batch", {"batch": batch_id}
    ).fetchall()
    if not file:
        raise IngestError("There is no such file", f"No import has the number {batch_id}.")
    table, headers = file[0]
    columns = ", ".join(f"raw_row.{quoted(header)}" for header in headers)
    cursor = connection.execute(
        f"""
        with waiting as ({_WAITING}),
        wrong as (
            select
                line,
                string_agg(told, '; ' order by told) as reason
            from (
                select distinct
                    line, case when is_whole_row or value is null then reason else reason || ': ' || value end as told
                from waiting where batch_id = $batch
            )
            group by line
        )
        select w.line, w.reason, b.cells, {columns}
        from wrong w
        left join raw.{quoted(table)} raw_row on raw_row.batch_id = $batch and raw_row.line = w.line
        left join raw.bad_row b on b.batch_id = $batch and b.line = w.line
        order by w.line
        """,
        {"batch": batch_id},
    )
    writer = csv.writer(out)
    writer.writerow([safe_cell(header) for header in (*headers, *NOTES)])
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        for line, reason, cells, *own in rows:
            row = (cells or own)[: len(headers)]
            surplus = io.StringIO()
            if cells and len(cells) > len(headers):
                csv.writer(surplus, lineterminator="").writerow(cells[len(headers) :])
            notes = (str(line), reason, surplus.getvalue(), batch_id)
            writer.writerow([safe_cell(cell or "") for cell in (*row, *notes)])
