"""The warehouse as queries see it: read only, closed to the outside, one cursor a call."""

from functools import lru_cache
from pathlib import Path

import duckdb

from base.pointer import read_pointer
from queries.catalogue import words
from queries.errors import NoDataError, QueryError

_MEMORY = "4GB"


def current_version() -> Path:
    """Return the file that the pointer names; raises `NoDataError` where nothing was imported yet."""
    pointer = read_pointer()
    if pointer is None:
        raise NoDataError
    return pointer.path


# Two, because a reader may still hold the version before an import. What falls out is closed once nobody holds it.
@lru_cache(maxsize=2)
def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to one warehouse version; take a cursor of it for every call.

    The file is attached read only beside an empty database in memory, which holds the shared words. Files, other
    databases and extensions are out of its reach, and its configuration is locked.

    Raises
    ------
    QueryError
        The version was built by other code than this and has to be built anew.
    """
    connection = duckdb.connect(":memory:", config={"memory_limit": _MEMORY})
    connection.execute("set TimeZone = 'UTC'")
    try:
        connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as warehouse (read_only)")
        connection.execute("create schema crm")
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'crm'"
        ).fetchall()
        for (table,) in tables:
            # Names of our own tables, from the catalogue of our own file.
            connection.execute(f'create view crm."{table}" as select * from warehouse.crm."{table}"')  # noqa: S608
        _install_words(connection)
    except duckdb.Error as error:
        raise QueryError(
            "The warehouse was built by another version",
            f"{path.name} does not fit this version of Same Page ({error}). Run: python -m ingest --rebuild",
        ) from error
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _install_words(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the shared words; one may stand on another, so each is tried again until all stand."""
    waiting = [word.sql for word in words().values()]
    while waiting:
        failed = []
        for sql in waiting:
            try:
                connection.execute(sql)
            except duckdb.CatalogException as error:
                failed.append((sql, error))
        if len(failed) == len(waiting):
            raise failed[0][1]
        waiting = [sql for sql, _ in failed]
