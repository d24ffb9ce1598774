"""Warehouse versions: an import writes a new file beside the old and moves one pointer at its end."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from base.home import home, warehouse_dir
from base.pointer import Pointer, move_pointer, read_pointer
from ingest.errors import IngestError
from ingest.raw import RAW_SCHEMA

KEPT_VERSIONS = 10
_NAME = re.compile(r"warehouse-(\d{6})\.duckdb")
_LOCK_WAIT_SECONDS = 600


@dataclass
class NewVersion:
    """A warehouse under construction; nothing reads it until `publish`."""

    connection: duckdb.DuckDBPyConnection
    building: Path
    final: Path
    previous: Pointer | None

    def publish(self, build_hash: str) -> Pointer:
        """Make this version the one that is read."""
        self.connection.execute("checkpoint")
        self.connection.close()
        self.building.replace(self.final)
        pointer = Pointer(self.final.name, self.previous.file if self.previous else None, build_hash)
        move_pointer(pointer)
        return pointer


@contextmanager
def import_lock() -> Iterator[None]:
    """Let one import run at a time: a second one waits for the first.

    Raises
    ------
    IngestError
        The other import did not finish in time.
    """
    home().mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home() / "import.lock", timeout=_LOCK_WAIT_SECONDS):
            yield
    except Timeout as error:
        raise IngestError(
            "Another import is still running", "It has been for ten minutes. Try again when it has finished."
        ) from error


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder for one import's temporary files, and remove it whatever happens."""
    root = home() / "import"
    shutil.rmtree(root, ignore_errors=True)  # what a killed import left; the lock is ours
    root.mkdir(parents=True)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def new_version(scratch: Path) -> Iterator[NewVersion]:
    """Give a copy of the current warehouse to write to; it is thrown away unless it is published.

    Raises
    ------
    IngestError
        The disk is full, or the current warehouse was written by a newer DuckDB.
    """
    folder = warehouse_dir()
    folder.mkdir(parents=True, exist_ok=True)
    previous = read_pointer()
    numbers = [int(match[1]) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    final = folder / f"warehouse-{max(numbers, default=0) + 1:06d}.duckdb"
    building = scratch / "building.duckdb"
    try:
        if previous is not None:
            shutil.copyfile(previous.path, building)
        connection = duckdb.connect(
            str(building), config={"temp_directory": str(scratch / "spill"), "preserve_insertion_order": True}
        )
        connection.execute(RAW_SCHEMA)
    except (OSError, duckdb.Error) as error:
        raise IngestError("The warehouse cannot be written", f"{folder}: {error}") from error
    version = NewVersion(connection, building, final, previous)
    try:
        yield version
    finally:
        connection.close()


def prune(current: Pointer) -> None:
    """Remove the oldest versions, so that the last ten are kept; one that is still read goes next time."""
    versions = sorted(path for path in warehouse_dir().iterdir() if _NAME.fullmatch(path.name))
    for path in versions[:-KEPT_VERSIONS]:
        if path.name not in (current.file, current.previous):
            path.unlink(missing_ok=True)
