"""Warehouse versions: an import writes a new file beside the old and moves one pointer at its end."""

import errno
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from base.errors import SamePageError, WarehouseError
from base.files import sync_folder
from base.home import home, warehouse_dir
from base.pointer import Pointer, is_version_kept, move_pointer, pointer_path, read_pointer
from ingest.errors import IngestError, TryAgainError
from ingest.raw import RAW_SCHEMA
from ingest.version import Version, facts_path, is_whole, read_version, version_files, version_number, write_version

KEPT_VERSIONS = 10
# An import may take its time, the machine is for everybody: what does not fit here goes to the disk meanwhile.
_MEMORY = "2GB"
_LOCK_WAIT_SECONDS = 600
_FULL_DISK = re.compile(r"no space left|disk quota|disk full|out of disk|not enough space", re.IGNORECASE)


@dataclass
class NewVersion:
    """A warehouse under construction; nothing reads it until `publish`."""

    connection: duckdb.DuckDBPyConnection
    building: Path
    final: Path
    previous: Pointer | None

    def publish(self, build_hash: str, facts: Version | None = None) -> Pointer:
        """Make this version the one that is read.

        Parameters
        ----------
        build_hash
            What it was built by.
        facts
            What else is to be known of the version; its number, file, size and origin are filled in here.
        """
        self.connection.execute("checkpoint")
        self.connection.close()
        facts = replace(
            facts or Version(),
            number=version_number(self.final),
            file=self.final.name,
            size=self.building.stat().st_size,
            previous=self.previous.file if self.previous else None,
            build_hash=build_hash,
        )
        warehouse_dir().mkdir(parents=True, exist_ok=True)
        sweep(self.previous)
        write_version(facts)
        self.building.replace(self.final)
        sync_folder(self.final.parent)
        pointer = Pointer(self.final.name, facts.previous, build_hash)
        move_pointer(pointer)
        return pointer


@contextmanager
def import_lock() -> Iterator[None]:
    """Let one import run at a time: a second one waits for the first.

    Raises
    ------
    TryAgainError
        The other import did not finish in time.
    """
    home().mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home() / "import.lock", timeout=_LOCK_WAIT_SECONDS):
            yield
    except Timeout as error:
        raise TryAgainError(
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
def workplace(*, is_dry_run: bool) -> Iterator[Path]:
    """Give an import its lock and its scratch folder; a dry run into an empty home leaves not even the home behind."""
    if is_dry_run and not warehouse_dir().exists():
        with tempfile.TemporaryDirectory(prefix="same-page-") as folder:
            yield Path(folder)
        return
    with import_lock(), scratch_folder() as scratch:
        yield scratch


@contextmanager
def room_or_nothing() -> Iterator[None]:
    """Say in a sentence that an import ran out of room, or could not read or write a file; nothing was changed.

    Raises
    ------
    TryAgainError
        The disk is full, memory ran out, or a file could not be read or written.
    """
    try:
        yield
    except (OSError, MemoryError, duckdb.Error) as error:
        if isinstance(error, duckdb.Error) and not _is_about_room(error):
            raise
        raise _told(error) from error


def _is_about_room(error: BaseException) -> bool:
    return (
        isinstance(error, (duckdb.OutOfMemoryException, duckdb.IOException))
        or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT))
        or _FULL_DISK.search(str(error)) is not None
    )


def _told(error: BaseException) -> TryAgainError:
    if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)):
        return TryAgainError(
            "The import ran out of memory", f"{error}. Nothing was changed; close other programs and try again."
        )
    if _is_full(error):
        return TryAgainError(
            "The disk is full", f"There is no room left for {home()}. Nothing was changed; make room and try again."
        )
    return TryAgainError("A file could not be read or written", f"{error}. Nothing was changed.")


def _is_full(error: BaseException) -> bool:
    number = getattr(error, "errno", None)
    return number in (errno.ENOSPC, errno.EDQUOT) or _FULL_DISK.search(str(error)) is not None


@contextmanager
def new_version(scratch: Path) -> Iterator[NewVersion]:
    """Give a copy of the current warehouse to write to; it is thrown away unless it is published.

    Raises
    ------
    IngestError
        The disk is full, or the current warehouse is damaged or was written by a newer DuckDB.
    """
    folder = warehouse_dir()
    previous = read_pointer()
    numbers = [number for number, _ in version_files()]
    final = folder / f"warehouse-{max(numbers, default=0) + 1:06d}.duckdb"
    building = scratch / "building.duckdb"
    try:
        if previous is not None:
            shutil.copyfile(previous.path, building)
        connection = duckdb.connect(
            str(building),
            config={
                "temp_directory": str(scratch / "spill"),
                "memory_limit": _MEMORY,
                "preserve_insertion_order": True,
            },
        )
        connection.execute(RAW_SCHEMA)
    except (OSError, duckdb.Error) as error:
        if _is_full(error):
            raise _told(error) from error
        if previous is not None and not isinstance(error, OSError):
            raise IngestError(
                "The warehouse cannot be opened",
                f"{previous.path} is damaged or was written by a newer version ({error}). "
                "`python -m ingest --rollback` goes back to the version before it.",
            ) from error
        raise IngestError("The warehouse cannot be written", f"{folder}: {error}") from error
    version = NewVersion(connection, building, final, previous)
    try:
        yield version
    finally:
        with suppress(duckdb.Error):  # what is thrown away need not be written to its end
            connection.close()


def sweep(current: Pointer | None) -> None:
    """Remove what a killed import left: files that were never current, and facts without their file."""
    if current is not None:
        newest = current.newest or current.file
        for _, path in version_files():
            if path.name > newest:
                _remove(path)
    for path in warehouse_dir().glob("warehouse-*.json"):
        if not path.with_suffix(".duckdb").exists():
            path.unlink(missing_ok=True)


def prune(current: Pointer) -> None:
    """Remove the oldest versions: the last ten stay, and those that something stands on; one still read goes next time."""
    for _, path in version_files()[:-KEPT_VERSIONS]:
        if path.name not in (current.file, current.previous) and not is_version_kept(path):
            _remove(path)


def _remove(path: Path) -> None:
    with suppress(OSError):  # Windows keeps a file that is open; the next import removes it
        path.unlink(missing_ok=True)
        facts_path(path.name).unlink(missing_ok=True)


def versions() -> list[Version]:
    """Return the versions that are kept, oldest first; empty where nothing was imported yet.

    Raises
    ------
    WarehouseError
        The pointer cannot be read.
    """
    pointer = read_pointer()
    if pointer is None:
        return []
    newest = pointer.newest or pointer.file
    return [
        replace(read_version(path), is_current=path.name == pointer.file)
        for _, path in version_files()
        if path.name <= newest
    ]


def rollback(to: int | None = None) -> Version:
    """Make an earlier version current again; nothing is removed, and the same call with a number goes forward again.

    Where the pointer is damaged, or the file that it names is gone or damaged, the newest version that is whole
    becomes current.

    Parameters
    ----------
    to
        The version's number; without it, the one that the current version was made from.

    Returns
    -------
    Version
        What is current now.

    Raises
    ------
    IngestError
        There is no such version, or none before the current one.
    """
    with import_lock():
        return _rolled_back(to)


def _rolled_back(to: int | None) -> Version:
    try:
        current = read_pointer()
    except WarehouseError as error:
        target = _target(None, to, error)
        newest = max(path.name for _, path in version_files())
    else:
        if current is None:
            raise IngestError("There is nothing to roll back", "Nothing was imported yet.")
        target = _target(current, to, None)
        newest = current.newest or current.file
    found = read_version(target)
    move_pointer(Pointer(found.file, found.previous, found.build_hash, newest))
    return replace(found, is_current=True)


def step_back() -> Version | None:
    """Return the version that `rollback` would make current; None where there is none."""
    pointer = read_pointer()
    if pointer is None:
        return None
    try:
        return read_version(_target(pointer, None, None))
    except IngestError:
        return None


def _target(current: Pointer | None, to: int | None, damage: SamePageError | None) -> Path:
    """Return the file to go to; `current` is None where the pointer is of no use."""
    whole = {number: path for number, path in version_files() if is_whole(path)}
    if to is not None:
        if to not in whole:
            known = ", ".join(str(number) for number in whole) or "none"
            raise IngestError("There is no such version", f"Version {to} is not there; kept are {known}.")
        return whole[to]
    if current is None:
        if not whole:
            raise IngestError(
                "There is nothing to roll back to",
                f"{damage}. No version is left in {warehouse_dir()}: move {pointer_path()} away and import your "
                "exports again.",
            )
        return whole[max(whole)]
    # The version that this one was made from; where that was removed, the newest of those before it.
    number = version_number(current.path)
    before = {older: path for older, path in whole.items() if older < number}
    for path in before.values():
        if path.name == current.previous:
            return path
    if not before:
        raise IngestError(
            "There is no earlier version", f"Version {number} is the oldest that is kept; it stays current."
        )
    return before[max(before)]
