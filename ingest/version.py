"""What is known of each warehouse version: a small file of facts beside the warehouse file itself."""

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from base.files import write_whole
from base.home import warehouse_dir

_NAME = re.compile(r"warehouse-(\d{6,})\.duckdb")
_MAGIC = b"DUCK"
_MAGIC_AT = 8


@dataclass(frozen=True)
class Version:
    """One version of the warehouse.

    Parameters
    ----------
    number, file, size
        Its number, its file and that file's bytes.
    previous
        The file of the version that it was made from; None for the first, or where that is not known.
    build_hash
        What it was built by; empty where that is not known, which makes it stale.
    made_at
        When it was made (UTC).
    made_by
        "import", "rebuild", or "unknown" where its file of facts is gone.
    files
        What the import that made it brought in.
    file_count, row_count
        The files and rows that it holds in all.
    newest_date
        The day that its data is current to.
    is_current
        Whether it is the one that is read.
    """

    number: int = 0
    file: str = ""
    size: int = 0
    previous: str | None = None
    build_hash: str = ""
    made_at: str = ""
    made_by: str = "unknown"
    files: tuple[str, ...] = ()
    file_count: int | None = None
    row_count: int | None = None
    newest_date: str | None = None
    is_current: bool = False

    def line(self) -> str:
        """Return the version as a line of text."""
        shown = ", ".join(self.files[:3]) + (f" and {len(self.files) - 3} more" if len(self.files) > 3 else "")
        held = "" if self.row_count is None else f"{self.file_count:,} files with {self.row_count:,} rows in all, "
        what = f"{self.made_by} of {shown}" if shown else self.made_by
        mark = " (current)" if self.is_current else ""
        return f"{self.number:>4}{mark}  {self.made_at[:16].replace('T', ' ')} UTC  {what}; {held}{self.size / 1e6:,.1f} MB"


def version_number(path: Path) -> int:
    """Return the number in a warehouse file's name."""
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else 0


def version_files() -> list[tuple[int, Path]]:
    """Return the warehouse files with their numbers, oldest first."""
    folder = warehouse_dir()
    if not folder.exists():
        return []
    return sorted((int(match[1]), path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)))


def facts_path(file: str) -> Path:
    """Return where the facts of a version stand."""
    return (warehouse_dir() / file).with_suffix(".json")


def write_version(version: Version) -> None:
    """Write a version's facts beside it; whether it is current is the pointer's to say."""
    written = asdict(version)
    del written["is_current"]
    write_whole(facts_path(version.file), json.dumps(written, indent=2, ensure_ascii=False))


def read_version(path: Path) -> Version:
    """Return what is known of a version; where its facts are gone or damaged, what the file itself shows."""
    number = version_number(path)
    try:
        found = json.loads(facts_path(path.name).read_bytes())
        known = {field.name: found[field.name] for field in fields(Version) if field.name in found}
        return Version(**{**known, "files": tuple(known.get("files", ())), "number": number, "file": path.name})
    except (OSError, ValueError, TypeError):
        state = path.stat()
        made_at = datetime.fromtimestamp(state.st_mtime, UTC).replace(tzinfo=None)
        return Version(number=number, file=path.name, size=state.st_size, made_at=made_at.isoformat())


def is_whole(path: Path) -> bool:
    """Tell whether a warehouse file can be opened."""
    try:
        with path.open("rb") as file:
            head = file.read(_MAGIC_AT + len(_MAGIC))
        if head[_MAGIC_AT:] != _MAGIC:
            return False
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as warehouse (read_only)")
            connection.execute("select count(*) from warehouse.raw.file").fetchall()
    except (OSError, duckdb.Error):
        return False
    return True
