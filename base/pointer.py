"""The pointer: one small file that says which warehouse version is read.

An import writes a new file and then moves the pointer, atomically. A failed or killed import
therefore changes nothing, and readers of the old version are never blocked.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from base.errors import WarehouseError
from base.home import warehouse_dir


@dataclass(frozen=True)
class Pointer:
    """Which warehouse file is current, and which one was before it."""

    file: str
    previous: str | None
    build_hash: str

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
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        fields = json.loads(text)
        pointer = Pointer(
            file=str(fields["file"]),
            previous=fields["previous"],
            build_hash=str(fields["build_hash"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            "The warehouse's pointer cannot be read",
            f"{path} is damaged. Import your exports again, or put back the name of a file that stands beside it.",
        ) from error
    if not pointer.path.exists():
        raise WarehouseError(
            "The warehouse is gone",
            f"{path} names {pointer.file}, which is not there. Import your exports again.",
        )
    return pointer


def move_pointer(pointer: Pointer) -> None:
    """Make a warehouse version the current one, in one atomic step that survives a power cut."""
    path = pointer_path()
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(asdict(pointer), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
