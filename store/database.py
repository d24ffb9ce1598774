"""Opening the store: SQLite (WAL) in SAME_PAGE_HOME by default, or the Postgres that SAME_PAGE_STORE names."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from base.home import store_dir
from store.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_MILLISECONDS = 10_000
# Any number will do, as long as every server of one store takes the same.
_MIGRATION_LOCK = 7_265_318


def open_store() -> Engine:
    """Return the engine of the store, made and migrated on first use.

    The store is the SQLite file of the home, or where SAME_PAGE_STORE names one (`postgresql://...`), a database that
    several servers share.

    Raises
    ------
    StoreError
        The store cannot be opened or brought up to date, or SAME_PAGE_STORE names something else.
    """
    named = os.environ.get("SAME_PAGE_STORE", "").strip()
    return _open_shared(named) if named else _open(store_dir() / "store.sqlite")


@lru_cache(maxsize=8)
def _open(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}")
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        with FileLock(path.with_suffix(".lock")), engine.begin() as connection:
            _migrate(connection)
    except (OSError, SQLAlchemyError) as error:
        raise StoreError("What people wrote cannot be opened", f"{path}: {error}") from error
    return engine


@lru_cache(maxsize=8)
def _open_shared(address: str) -> Engine:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise StoreError(
            "What people wrote cannot be opened", "SAME_PAGE_STORE is no address of a database."
        ) from error
    if url.get_backend_name() != "postgresql":
        raise StoreError(
            "What people wrote cannot be opened",
            f"SAME_PAGE_STORE names a {url.get_backend_name()} database; it should be postgresql://user:password@host/name.",
        )
    try:
        engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        with engine.begin() as connection:
            # One server migrates, the others wait until it has.
            connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
            _migrate(connection)
    except SQLAlchemyError as error:
        where = url.render_as_string(hide_password=True)
        raise StoreError("What people wrote cannot be opened", f"{where}: {error}") from error
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    # The driver begins no transaction of its own: `_on_begin` says of which kind it is.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = wal", "foreign_keys = on", f"busy_timeout = {_BUSY_MILLISECONDS}"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    """Begin; who is going to write waits for its turn now, for SQLite lets nobody write who read before another wrote."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
