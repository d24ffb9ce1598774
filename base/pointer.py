"""The pointer: one small file that says which warehouse version is read.

An import writes a new file and then moves the pointer, atomically. A failed or killed import
therefore changes nothing, and readers of the old version are never blocked.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from base.errors import WarehouseError
from base.files import write_whole
from base.home import warehouse_dir

_ROLL_BACK = "`python -m ingest --rollback` goes back to the newest version that is whole."


@dataclass(frozen=True)
class Pointer:
    """Which warehouse file is current.

    Parameters
    ----------
    file
        The current version.
    previous
        The version that it was made from; None for the first.
    build_hash
        What the current version was built by (settings, definitions, SQL).
    newest
        The newest version that ever was current; None where that is the current one. A file above it was written
        by an import that was killed before it moved the pointer.
    """

    file: str
    previous: str | None
    build_hash: str
    newest: str | None = None

    @property
    def path(self) -> Path:
        """The warehouse file itself."""
        return warehouse_dir() / self.file


def pointer_path() -> Path:
    """Return the pointer's own path."""
    return warehouse_dir() / "current.json"


def read_pointer() -> Pointer | None:
    """Return the pointer, or None where nothing was imported yet.

    Raises
    ------
    WarehouseError
        The pointer is unreadable, or the file that it names is gone.
    """
    path = pointer_path()
    try:
        text = path.read_bytes().decode("utf-8")
        fields = json.loads(text)
        pointer = Pointer(
            file=str(fields["file"]),
            previous=fields["previous"],
            build_hash=str(fields["build_hash"]),
            newest=fields.get("newest"),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise WarehouseError("The warehouse's pointer cannot be read", f"{path} is damaged. {_ROLL_BACK}") from error
    if not pointer.path.exists():
        raise WarehouseError("The warehouse is gone", f"{path} names {pointer.file}, which is not there. {_ROLL_BACK}")
    return pointer


def move_pointer(pointer: Pointer) -> None:
    """Make a warehouse version the current one, in one atomic step that survives a power cut."""
    write_whole(pointer_path(), json.dumps(asdict(pointer), indent=2))


def keep_version(file: str) -> None:
    """Keep a warehouse version beyond the last ten: something that people kept stands on it.

    A small file beside it says so; what has been pruned already stays gone.
    """
    path = warehouse_dir() / file
    if path.exists():
        _mark_of(path).touch()


def is_version_kept(path: Path) -> bool:
    """Whether a warehouse version is to be kept although newer ones came."""
    return _mark_of(path).exists()


def is_version_there(file: str) -> bool:
    """Whether a warehouse version is still there."""
    return bool(file) and (warehouse_dir() / file).exists()


def _mark_of(path: Path) -> Path:
    return path.with_suffix(".keep")
