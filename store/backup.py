"""The whole store as one file, and back: the same file for SQLite and Postgres, so it is also the way from one to the other."""

import json
import zipfile
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from base.files import written_whole
from store.errors import StoreError
from store.models import Base
from store.writing import plain_value, typed_value

_ABOUT = "about.json"
_AT_ONCE = 500


def backup(engine: Engine, path: Path) -> dict[str, int]:
    """Write everything in the store to a ZIP of one JSON-lines file a table.

    Parameters
    ----------
    engine
        The store.
    path
        The file to write; it is there whole or not at all.

    Returns
    -------
    dict
        The number of rows by table.

    Raises
    ------
    StoreError
        The store cannot be read, or the file cannot be written.
    """
    counts = {}
    try:
        with (
            written_whole(path) as part,
            zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive,
            engine.connect() as connection,
        ):
            for table in Base.metadata.sorted_tables:
                rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
                counts[table.name] = 0
                with archive.open(f"{table.name}.jsonl", "w") as out:
                    for row in rows:
                        plain = {name: plain_value(value) for name, value in row.items()}
                        out.write(json.dumps(plain, ensure_ascii=False).encode("utf-8") + b"\n")
                        counts[table.name] += 1
            about = {"revision": _revision(connection), "rows": counts}
            archive.writestr(_ABOUT, json.dumps(about, indent=1))
    except (OSError, SQLAlchemyError) as error:
        raise StoreError("The store could not be backed up", f"{path}: {error}") from error
    return counts


def restore(engine: Engine, path: Path) -> dict[str, int]:
    """Put a backup into an empty store, all of it or nothing.

    Raises
    ------
    StoreError
        The store is not empty, or the file is no backup of this version of the store, or it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive, engine.begin() as connection:
            about = json.loads(archive.read(_ABOUT))
            here = _revision(connection)
            if about["revision"] != here:
                raise StoreError(
                    "The backup is of another version",
                    f"{path} is of version {about['revision']}, this store of {here}: restore it with the version that made it.",
                )
            tables = Base.metadata.sorted_tables
            full = [table.name for table in tables if connection.scalar(select(func.count()).select_from(table))]
            if full:
                raise StoreError(
                    "The store is not empty",
                    f"There is something in {', '.join(full)}. A backup goes into an empty store: name another home, or "
                    "another SAME_PAGE_STORE.",
                )
            return {table.name: _fill(connection, archive, table, about["rows"].get(table.name, 0)) for table in tables}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise StoreError(
            "The backup cannot be used", f"{path} is not a backup of the store, or damaged: {error}"
        ) from error
    except SQLAlchemyError as error:
        raise StoreError("The backup could not be restored", str(error)) from error


def _fill(connection: Any, archive: zipfile.ZipFile, table: Table, expected: int) -> int:
    columns: dict[str, Column[Any]] = dict(table.columns)
    count = 0
    waiting: list[dict[str, Any]] = []
    with archive.open(f"{table.name}.jsonl") as lines:
        for line in lines:
            row = {name: typed_value(value, columns[name].type) for name, value in json.loads(line).items()}
            waiting.append(row)
            count += 1
            if len(waiting) == _AT_ONCE:
                connection.execute(insert(table), waiting)
                waiting = []
    if waiting:
        connection.execute(insert(table), waiting)
    if count != expected:
        raise ValueError(f"{table.name} has {count} of {expected} rows")
    if connection.dialect.name == "postgresql" and "id" in columns and columns["id"].type.python_type is int:
        connection.execute(
            text("select setval(pg_get_serial_sequence(:name, 'id'), :newest, :is_used)"),
            {
                "name": table.name,
                "newest": connection.scalar(select(func.max(columns["id"]))) or 1,
                "is_used": count > 0,
            },
        )
    return count


def _revision(connection: Any) -> str:
    return str(connection.scalar(text("select version_num from alembic_version")))
