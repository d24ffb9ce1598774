"""Finding the export files that a person points at: files, folders and ZIPs, the same content told by its hash."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import IngestError

TABLE_SUFFIXES = (".csv", ".tsv", ".txt")
REPORT_SUFFIX = ".same-page.txt"  # what a watched folder's reports are called
_CHUNK = 1 << 20
# A table of text packs to a tenth or a fiftieth. Far beyond that, a small file would fill the disk.
_MAX_PACKING = 400
_PACKING_MATTERS_FROM = 50 << 20


@dataclass(frozen=True)
class Export:
    """One file to read.

    `name` is what people know it by ("weekly.zip/Lead.csv"), `path` where its bytes stand now, `content_hash`
    what it holds, whatever it is called.
    """

    name: str
    path: Path
    content_hash: str
    size: int


@dataclass(frozen=True)
class Unread:
    """A file that was found and is not a table: named, so that nothing is passed over in silence."""

    name: str
    reason: str


def find_exports(paths: Iterable[Path], scratch: Path) -> Iterator[Export | Unread]:
    """Yield every export below the paths, in the order given and by name within a folder or ZIP.

    Parameters
    ----------
    paths
        Files, folders (searched to the bottom) and ZIPs.
    scratch
        An existing folder for what is taken out of ZIPs; the caller removes it.

    Raises
    ------
    IngestError
        A path does not exist, or a ZIP is damaged, locked or made to fill the disk.
    """
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.rglob("*") if item.is_file() and not is_hidden(item, path))
            for item in inside:
                yield from _from_file(item, str(item.relative_to(path.parent)), scratch)
        elif path.is_file():
            yield from _from_file(path, path.name, scratch)
        else:
            raise IngestError("There is no such file", f"{path} does not exist. Check the path and try again.")


def is_hidden(item: Path, root: Path) -> bool:
    """Tell whether a file below a folder is none of a person's exports: hidden, or a report of ours beside one."""
    parts = item.relative_to(root).parts
    return item.name.endswith(REPORT_SUFFIX) or any(part.startswith(".") or part == "__MACOSX" for part in parts)


def _from_file(path: Path, name: str, scratch: Path) -> Iterator[Export | Unread]:
    suffix = path.suffix.lower()
    if suffix == ".zip":
        yield from _from_zip(path, name, scratch)
    elif suffix in TABLE_SUFFIXES:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        yield Export(name, path, digest.hexdigest(), path.stat().st_size)
    else:
        yield Unread(name, f"not a table that can be read ({suffix or 'no ending'}); save it as CSV")


def _from_zip(path: Path, name: str, scratch: Path) -> Iterator[Export | Unread]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.infolist(), key=lambda member: member.filename)
            for member in members:
                inner = Path(member.filename)
                if member.is_dir() or inner.name.startswith(".") or "__MACOSX" in inner.parts:
                    continue
                shown = f"{name}/{inner.name}"
                if inner.suffix.lower() not in TABLE_SUFFIXES:
                    yield Unread(shown, f"not a table that can be read ({inner.suffix or 'no ending'}); save it as CSV")
                    continue
                yield _unpacked(archive, member, shown, scratch)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise IngestError("A ZIP cannot be opened", f"{name} is damaged or not a ZIP: {error}") from error
    except RuntimeError as error:  # what zipfile raises for a password
        raise IngestError(
            "A ZIP is locked", f"{name} asks for a password. Unpack it yourself and import the folder."
        ) from error


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str, scratch: Path) -> Export:
    """Write one member beside the others under a name of ours: a path inside a ZIP decides nothing."""
    packed = max(member.compress_size, 1)
    if member.file_size > _PACKING_MATTERS_FROM and member.file_size / packed > _MAX_PACKING:
        raise IngestError(
            "A ZIP was refused",
            f"{shown} would grow from {packed:,} to {member.file_size:,} bytes, which no export does.",
        )
    target = scratch / f"{len(list(scratch.iterdir())):04d}{Path(member.filename).suffix.lower()}"
    digest = hashlib.sha256()
    written = 0
    with archive.open(member) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > member.file_size:
                raise IngestError("A ZIP was refused", f"{shown} is larger than the ZIP says.")
            digest.update(chunk)
            file.write(chunk)
    return Export(shown, target, digest.hexdigest(), written)
