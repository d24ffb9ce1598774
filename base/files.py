"""A file that is there whole or not at all, also after a kill or a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Open a new file beside `path` that takes its place at the end, in one step; after an error it is gone again."""
    new = path.with_name(f"{path.name}.new")
    try:
        with new.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_whole(path: Path, text: str) -> None:
    """Put a text (UTF-8, its line ends as they are) in a file's place, in one step that survives a power cut."""
    with written_whole(path) as file:
        file.write(text.encode("utf-8"))


def file_mark(path: Path) -> tuple[int, int, int] | None:
    """Return what tells a file from another of its name, and from itself when it was changed; None where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, where the system lets a folder be opened (Windows does not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
