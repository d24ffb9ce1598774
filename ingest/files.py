"""Finding the export files that a person points at: files, folders, ZIPs, workbooks; the same content told by its hash."""

import errno
import hashlib
import lzma
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

import numpy as np
import numpy.typing as npt

from ingest.errors import IngestError
from ingest.sheets import WORKBOOK_SUFFIXES, NoTable, read_workbook

TABLE_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
SUFFIXES = (*TABLE_SUFFIXES, *WORKBOOK_SUFFIXES, ".zip")
REPORT_SUFFIX = ".same-page.txt"  # what a watched folder's reports are called
_CHUNK = 1 << 20
# A table of text packs to a tenth or a fiftieth. Far beyond that, a small file would fill the disk.
_MAX_PACKING = 400
_PACKING_MATTERS_FROM = 50 << 20
_MOST_MEMBERS = 10_000
_DEEPEST = 2  # a ZIP, and the ZIPs in it
_ROOM_LEFT = 256 << 20
_DAMAGED = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)


@dataclass(frozen=True)
class Export:
    """One file, or one sheet, to read.

    `name` is what people know it by ("weekly.zip/Lead.csv", "book.xlsx/Deals"), `path` where its bytes stand now,
    `content_hash` what it holds, whatever it is called. Of a sheet, `rows` says which of the sheet's rows each record
    stands in, and `notes` what was left out.
    """

    name: str
    path: Path
    content_hash: str
    size: int
    rows: npt.NDArray[np.int64] | None = field(default=None, compare=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unread:
    """A file that was found and is not a table: named, so that nothing is passed over in silence."""

    name: str
    reason: str


def find_exports(paths: Iterable[Path], scratch: Path, sheet: str | None = None) -> Iterator[Export | Unread]:
    """Yield every export below the paths, in the order given and by name within a folder or ZIP.

    Parameters
    ----------
    paths
        Files, folders (searched to the bottom; a link to a folder is named and not followed), ZIPs (and ZIPs in
        them) and workbooks.
    scratch
        An existing folder for what is taken out of ZIPs and workbooks; the caller removes it.
    sheet
        The one sheet to read of a workbook; every visible one when None.

    Raises
    ------
    IngestError
        A path does not exist, or a ZIP is damaged, locked or made to fill the disk.
    """
    finder = _Finder(scratch, sheet)
    for path in paths:
        if path.is_dir():
            yield from finder.folder(path)
        elif path.is_file():
            yield from finder.file(path, path.name)
        else:
            raise IngestError("There is no such file", f"{path} does not exist. Check the path and try again.")


class _Finder:
    """Finds exports, and gives each that has to be unpacked a file of its own in the scratch folder."""

    def __init__(self, scratch: Path, sheet: str | None) -> None:
        self.scratch = scratch
        self.sheet = sheet
        self._unpacked = 0
        self._grown = 0  # what the outermost file has grown to

    def folder(self, root: Path) -> Iterator[Export | Unread]:
        inside: list[Path] = []
        for at, folders, files in os.walk(root, followlinks=False):
            here = Path(at)
            inside += [here / name for name in files]
            inside += [here / name for name in folders if (here / name).is_symlink()]
        for item in sorted(inside):
            if is_hidden(item, root):
                continue
            name = str(item.relative_to(root.parent))
            if item.is_file():
                yield from self.file(item, name)
            elif item.is_dir():
                yield Unread(name, "it is a link to a folder; name that folder itself to read it")
            else:
                yield Unread(name, "it is a link to nothing, or no file")

    def file(self, path: Path, name: str, depth: int = 0, outer_size: int | None = None) -> Iterator[Export | Unread]:
        """Yield what one file holds, told by its first bytes before its ending.

        `depth` counts the ZIPs that it was taken out of, `outer_size` is the size of the outermost.
        """
        if outer_size is None:
            outer_size, self._grown = path.stat().st_size, 0
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in SUFFIXES:
            yield Unread(name, f"not a table that can be read ({suffix or 'no ending'}); save it as CSV or XLSX")
        elif suffix in WORKBOOK_SUFFIXES or _is_workbook(path):
            yield from self._workbook(path, name, outer_size)
        elif suffix == ".zip" or zipfile.is_zipfile(path):
            if depth >= _DEEPEST:
                yield Unread(name, "it is a ZIP in a ZIP in a ZIP; unpack it and import the folder")
            else:
                yield from self._zip(path, name, depth, outer_size)
        else:
            yield Export(name, path, _hash(path), path.stat().st_size)

    def _workbook(self, path: Path, name: str, outer_size: int) -> Iterator[Export | Unread]:
        try:
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    self._check_packing(archive, outer_size, name)
            elif _is_text(path):
                yield Unread(
                    name,
                    "it holds text and not a workbook, whatever its name says (some CRMs give a web page that name); "
                    "export it as CSV or XLSX",
                )
                return
            folder = Path(mkdtemp(dir=self.scratch))
            for found in read_workbook(path, name, folder, self.sheet):
                shown = f"{name}/{found.sheet}" if found.sheet else name
                if isinstance(found, NoTable):
                    yield Unread(shown, found.reason)
                else:
                    size = found.path.stat().st_size
                    yield Export(shown, found.path, _hash(found.path, b"sheet"), size, found.rows, found.notes)
        except IngestError as error:
            yield Unread(name, f"{error.title}: {error.message}")
        except _DAMAGED as error:
            yield Unread(name, f"it is damaged ({error}); save it anew, or as CSV")

    def _zip(self, path: Path, name: str, depth: int, outer_size: int) -> Iterator[Export | Unread]:
        try:
            with zipfile.ZipFile(path) as archive:
                self._check_packing(archive, outer_size, name)
                for member in sorted(archive.infolist(), key=lambda member: member.filename):
                    inner = PurePosixPath(member.filename.replace("\\", "/"))
                    if member.is_dir() or inner.name.startswith(".") or "__MACOSX" in inner.parts:
                        continue
                    shown = f"{name}/{inner.name}"
                    if inner.suffix.lower() in SUFFIXES:
                        yield from self.file(self._taken_out(archive, member, shown), shown, depth + 1, outer_size)
                    else:
                        yield from self.file(path, shown)  # says that it is no table
        except _DAMAGED as error:
            raise IngestError("A ZIP cannot be opened", f"{name} is damaged or not a ZIP: {error}") from error
        except RuntimeError as error:  # what zipfile raises for a password
            raise IngestError(
                "A ZIP is locked", f"{name} asks for a password. Unpack it yourself and import the folder."
            ) from error

    def _check_packing(self, archive: zipfile.ZipFile, outer_size: int, name: str) -> None:
        """Refuse what was made to fill the disk, before any of it is unpacked."""
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            raise IngestError("A ZIP was refused", f"{name} holds {len(members):,} files, which no export does.")
        # All against the outermost file too: members that share their bytes, and ZIPs in ZIPs, would each look harmless.
        total = sum(member.file_size for member in members)
        self._grown += total
        each = [(f"{name}/{member.filename}", member.compress_size, member.file_size) for member in members]
        for shown, packed, unpacked in [*each, (name, outer_size, self._grown)]:
            if unpacked > _PACKING_MATTERS_FROM and unpacked / max(packed, 1) > _MAX_PACKING:
                raise IngestError(
                    "A ZIP was refused",
                    f"{shown} would grow from {packed:,} to {unpacked:,} bytes, which no export does.",
                )
        room = shutil.disk_usage(self.scratch).free - _ROOM_LEFT
        if total > room:
            raise IngestError(
                "There is no room for a ZIP", f"{name} unpacks to {total:,} bytes and {max(room, 0):,} are free."
            )

    def _taken_out(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str) -> Path:
        """Write one member beside the others under a name of ours: a path inside a ZIP decides nothing."""
        target = self._new_path(PurePosixPath(member.filename).suffix.lower())
        written = 0
        try:
            with archive.open(member) as source, target.open("wb") as file:
                while chunk := source.read(_CHUNK):
                    written += len(chunk)
                    if written > member.file_size:
                        raise IngestError("A ZIP was refused", f"{shown} is larger than the ZIP says.")
                    file.write(chunk)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise IngestError(
                    "There is no room for a ZIP",
                    f"The disk was full when {shown} was unpacked. Make room and try again.",
                ) from error
            raise
        return target

    def _new_path(self, suffix: str) -> Path:
        self._unpacked += 1
        return self.scratch / f"{self._unpacked:05d}{suffix}"


def is_hidden(item: Path, root: Path) -> bool:
    """Tell whether a file below a folder is none of a person's exports: hidden, or a report of ours beside one."""
    parts = item.relative_to(root).parts
    return item.name.endswith(REPORT_SUFFIX) or any(
        part.startswith((".", "~$")) or part == "__MACOSX" for part in parts
    )


def _is_workbook(path: Path) -> bool:
    """Tell a workbook under another name by what is in it."""
    if not _begins(path, b"PK\x03\x04") or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(4096)
    return bool(head) and b"\0" not in head and not head.startswith(b"PK")


def _begins(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def _hash(path: Path, kind: bytes = b"") -> str:
    digest = hashlib.sha256(kind)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
