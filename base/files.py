"""A file that is there whole or not at all, also after a kill or a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from base.pointer import sync_folder


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
