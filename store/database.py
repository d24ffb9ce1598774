"""Opening the store: SQLite (WAL) in SAME_PAGE_HOME by default, brought to the newest migration."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from base.home import store_dir
from store.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_MILLISECONDS = 10_000


def open_store() -> Engine:
    """Return the engine of the home's store, made and migrated on first use.

    Raises
    ------
    StoreError
        The store cannot be opened or brought up to date.
    """
    return _open(store_dir() / "store.sqlite")


@lru_cache(maxsize=8)
def _open(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}")
        event.listen(engine, "connect", _on_connect)
        with FileLock(path.with_suffix(".lock")):
            _migrate(engine)
    except (OSError, SQLAlchemyError) as error:
        raise StoreError("What people wrote cannot be opened", f"{path}: {error}") from error
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode = wal", "foreign_keys = on", f"busy_timeout = {_BUSY_MILLISECONDS}"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
