"""The warehouse as queries see it: read only, closed to the outside, one cursor a call."""

import time
from collections import OrderedDict
from pathlib import Path
from threading import Lock

import duckdb

from base.files import file_mark
from base.pointer import read_pointer
from queries.catalogue import words
from queries.errors import NoDataError, QueryError

_MEMORY = "4GB"
# Two, because a reader may still hold the version before an import. What falls out is closed once nobody holds it.
_MOST_OPEN = 2
_PATIENCE_SECONDS = 5.0

Mark = tuple[int, int, int]

_opened: OrderedDict[Path, tuple[Mark, duckdb.DuckDBPyConnection]] = OrderedDict()
_lock = Lock()


def current_version() -> Path:
    """Return the file that the pointer names; raises `NoDataError` where nothing was imported yet."""
    pointer = read_pointer()
    if pointer is None:
        raise NoDataError
    return pointer.path


def version_mark(path: Path) -> Mark:
    """Return what tells one file from another that later takes its name: what is kept of a version is kept by both.

    Raises
    ------
    QueryError
        The file is gone.
    """
    try:
        mark = file_mark(path)
    except OSError as error:
        raise QueryError(
            "The warehouse cannot be read", f"{path}: {error.strerror}. Mend that, or import your exports again."
        ) from error
    if mark is None:
        raise QueryError("The warehouse is gone", f"{path} is not there any more. Import your exports again.")
    return mark


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to one warehouse version; take a cursor of it for every call.

    The file is attached read only beside an empty database in memory, which holds the shared words. Files, other
    databases and extensions are out of its reach, and its configuration is locked. It is kept open for the next call,
    as long as the same file stands there.

    Raises
    ------
    QueryError
        The version was built by other code than this and has to be built anew, or it is gone.
    """
    mark = version_mark(path)
    with _lock:
        kept = _opened.pop(path, None)
        connection = kept[1] if kept is not None and kept[0] == mark else None
        # Let go of, because a file cannot be opened while another that had its name still is.
        kept = None
        if connection is None:
            connection = _connect(path)
        _opened[path] = (mark, connection)
        while len(_opened) > _MOST_OPEN:
            _opened.popitem(last=False)
        return connection


def close_warehouses() -> None:
    """Let go of every version that is kept open."""
    with _lock:
        _opened.clear()


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"memory_limit": _MEMORY})
    connection.execute("set TimeZone = 'UTC'")
    try:
        _attach(connection, path)
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


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach a version, waiting for readers of an earlier file of its name to be done."""
    give_up_at = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as warehouse (read_only)")
        except duckdb.BinderException:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
        else:
            return


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
