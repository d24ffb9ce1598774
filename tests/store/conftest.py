"""The store's tests run on SQLite and on Postgres: one of Debian's packages, started here on a socket of its own."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from sqlalchemy import Engine

from store import database, open_store

_numbers = count()


def _postgres_programs() -> Path | None:
    """Return the folder of Postgres' programs, which Debian keeps off the PATH."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the address of a Postgres of this run, without the database's name; skip where none can be had."""
    programs = _postgres_programs()
    if programs is None:
        told = "Postgres is not installed: `apt-get install postgresql` (make test does it as root)"
        if os.environ.get("REQUIRE_POSTGRES"):
            pytest.fail(told)
        pytest.skip(told)
    folder = Path(mkdtemp(prefix="pg"))
    # Postgres refuses to run as root; Debian's package brings a user for it.
    as_user = {"user": "postgres"} if os.geteuid() == 0 else {}
    if as_user:
        shutil.chown(folder, "postgres")
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **as_user}
    make = [programs / "initdb", "-D", folder / "data", "-U", "same_page", "-A", "trust", "-E", "UTF8"]
    subprocess.run(make, check=True, **quiet)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    start = [programs / "pg_ctl", "-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "start"]
    subprocess.run(start, check=True, **quiet)
    try:
        yield f"postgresql://same_page@/{{name}}?host={folder}"
    finally:
        subprocess.run([programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], check=True, **quiet)
        shutil.rmtree(folder)


@pytest.fixture
def new_database(postgres: str) -> Callable[[], str]:
    """Return a function that makes an empty database and returns its address."""

    def make() -> str:
        name = f"store_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(postgres.format(name="postgres"), autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return postgres.format(name=name)

    return make


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Return an empty store of each kind."""
    if request.param == "postgres":
        monkeypatch.setenv("SAME_PAGE_STORE", request.getfixturevalue("new_database")())
    engine = open_store()
    yield engine
    engine.dispose()
    database._open_shared.cache_clear()
