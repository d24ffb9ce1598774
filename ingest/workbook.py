"""Reads one workbook in a process of its own: `python workbook.py WORKBOOK FOLDER [SHEET]`; called by `ingest.sheets`.

Workbooks are taken apart by native code, and a damaged or hostile one can ask for any amount of memory: that ends this
process and not the one that serves people. So this file knows nothing of the product and starts quickly. It writes
each sheet as `N.csv` with the sheet's row of each record in `N.rows` (64-bit integers) into the folder, and prints what
it found as JSON.

What a person hid is left out: hidden sheets and columns. Hidden rows are data behind a filter and stay. A cell is
what a person means by it: numbers with their digits, dates in ISO, true or false, an error as nothing.
"""

import csv
import json
import os
import re
import sys
import zipfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 18
_OVERLAP = 256
# A sheet is held in memory as a full rectangle: one forgotten cell far below the table would fill it.
_MOST_CELLS = 60_000_000
_MEMORY_SHARE = 0.6
_EXACT_INTEGER = 1 << 53
_COLUMN = re.compile(rb'\br="([A-Z]{1,3})\d')
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_ERROR_CELL = re.compile(rb'\bt="e"')
_NO_RESULT = re.compile(rb"(?:</f>|<f\b[^>]*/>)(?:<v\s*/>|<v></v>)?</(?:\w+:)?c>")

Found = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Read the workbook that is named and print what it holds; 0 even where it cannot be read, for that is said too."""
    path, folder = Path(arguments[0]), Path(arguments[1])
    _limit_memory()
    try:
        # By its content: an ending says little, many an .xls is an .xlsx.
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            found = _sheets(book, path, folder, arguments[2] if len(arguments) > 2 else None)
    except PasswordError:
        found = {"locked": True}
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, ValueError, KeyError, EOFError) as error:
        with path.open("rb") as file:
            is_locked = file.read(8) == _OLE and path.suffix.lower() != ".xls"
        found = {"locked": True} if is_locked else {"damaged": str(error)}
    print(json.dumps(found))
    return 0


def _limit_memory() -> None:
    """Let this process have a part of the machine's memory, where the system knows such a limit."""
    try:
        import resource  # noqa: PLC0415  (not on every system)
    except ImportError:
        return
    room = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _MEMORY_SHARE)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (room if hard == resource.RLIM_INFINITY else min(room, hard), hard))


def _sheets(book: CalamineWorkbook, path: Path, folder: Path, wanted: str | None) -> Found:
    known = [item.name for item in book.sheets_metadata]
    if wanted is not None and wanted.strip().casefold() not in [name.casefold() for name in known]:
        return {"known": known}
    parts = _Parts.of(path)
    hidden = [item.name for item in book.sheets_metadata if item.visible != SheetVisibleEnum.Visible]
    sheets: list[Found] = []
    for item in book.sheets_metadata:
        if item.name in hidden if wanted is None else item.name.casefold() != wanted.strip().casefold():
            continue
        if item.typ != SheetTypeEnum.WorkSheet:
            sheets.append({"sheet": item.name, "reason": "it is a chart or a macro and holds no table"})
            continue
        seen = parts.look_at(item.name)
        if seen.last_row * seen.last_column > _MOST_CELLS:
            reason = (
                f"it stretches to row {seen.last_row:,} and column {_letters(seen.last_column)}; delete what stands "
                "far outside of the table, or save the sheet as CSV"
            )
            sheets.append({"sheet": item.name, "reason": reason})
            continue
        sheets.append({"sheet": item.name} | _write(book, item.name, seen, folder / str(len(sheets))))
    return {"hidden": hidden if wanted is None else [], "sheets": sheets}


def _write(book: CalamineWorkbook, sheet: str, seen: "_Seen", target: Path) -> Found:
    found = book.get_sheet_by_name(sheet)
    # The rows begin with the sheet's first, the cells of each with the first filled column.
    first_column = found.start[1] if found.start else 0
    hidden = {place - first_column for place in seen.hidden_columns}
    numbers = array("q")
    with target.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, row in enumerate(found.iter_rows(), start=1):
            cells = [cell if type(cell) is str else _text(cell) for cell in row]
            if hidden:
                cells = [cell for place, cell in enumerate(cells) if place not in hidden]
            if any(cell and not cell.isspace() for cell in cells):
                writer.writerow(cells)
                numbers.append(number)
    if not numbers:
        return {"reason": "the sheet is empty"}
    with target.with_suffix(".rows").open("wb") as file:
        numbers.tofile(file)
    notes = []
    within = sorted(place for place in hidden if 0 <= place < found.width)
    if within:
        letters = ", ".join(_letters(place + first_column + 1) for place in within[:8])
        notes.append(f"{len(within)} hidden columns were left out: {letters}{' …' if within[8:] else ''}")
    return {"stem": target.name, "notes": [*notes, *seen.notes]}


def _text(cell: Any) -> str:
    """Return a cell that is no text as text, without what only the file format added."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return _number(cell)
    if isinstance(cell, datetime):
        return _moment(cell)
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return str(cell)


def _number(number: float) -> str:
    """Return a number as a spreadsheet shows it: 15 digits hold all that it knows of a fraction."""
    if not isfinite(number):
        return ""
    if isinstance(number, int) or (number == int(number) and abs(number) < _EXACT_INTEGER):
        return str(int(number))
    return format(Decimal(f"{number:.15g}"), "f")


def _moment(moment: datetime) -> str:
    """Return a moment to the second; a spreadsheet's day fractions miss it by less than a hundredth."""
    second = (moment + timedelta(milliseconds=10)).replace(microsecond=0)
    if abs(second - moment) > timedelta(milliseconds=10):
        return moment.isoformat(sep=" ", timespec="milliseconds")
    return second.isoformat(sep=" ")


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters


@dataclass
class _Seen:
    """What the sheet's own XML says that the workbook's reader does not."""

    hidden_columns: set[int] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Parts:
    """The XML parts of a workbook that is a ZIP of them; none for the other formats."""

    path: Path
    by_sheet: dict[str, str] = field(default_factory=dict)
    note: str | None = None

    @classmethod
    def of(cls, path: Path) -> "_Parts":
        if not zipfile.is_zipfile(path):
            return cls(path, note="hidden columns cannot be told in this format; all columns were read")
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                return cls(path, note="hidden columns cannot be told in this format; all columns were read")
            targets: dict[str, str] = {}
            sheets: dict[str, str] = {}

            def relationship(tag: str, attributes: dict[str, str]) -> None:
                if tag == "Relationship":
                    targets[attributes.get("Id", "")] = attributes.get("Target", "")

            def sheet(tag: str, attributes: dict[str, str]) -> None:
                if tag == "sheet":
                    sheets[attributes.get("name", "")] = next(
                        (value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), ""
                    )

            with archive.open("xl/_rels/workbook.xml.rels") as part:
                _parse(part, relationship)
            with archive.open("xl/workbook.xml") as part:
                _parse(part, sheet)
        by_sheet = {}
        for name, key in sheets.items():
            target = targets.get(key, "")
            by_sheet[name] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return cls(path, by_sheet)

    def look_at(self, sheet: str) -> _Seen:
        seen = _Seen(notes=[self.note] if self.note else [])
        part_name = self.by_sheet.get(sheet)
        if part_name is None:
            return seen
        with zipfile.ZipFile(self.path) as archive:
            if part_name not in archive.namelist():
                return seen
            with archive.open(part_name) as part:
                seen.hidden_columns = _hidden_columns(part)
            _measure(archive, part_name, seen)
        return seen


class _EnoughError(Exception):
    """Raised inside a parser to stop it."""


def _parse(part: IO[bytes], on_start: Callable[[str, dict[str, str]], None]) -> None:
    """Stream XML through a function of (tag, attributes); a document that declares entities is refused."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        message = "its XML declares a document type, which no workbook does"
        raise ValueError(message)

    def start(tag: str, attributes: dict[str, str]) -> None:
        on_start(tag.rpartition(":")[2], attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003
        parser.Parse(b"", True)  # noqa: FBT003
    except _EnoughError:
        return


def _hidden_columns(part: IO[bytes]) -> set[int]:
    """Return the places (0 is column A) of a sheet's hidden columns; they stand before its rows."""
    hidden: set[int] = set()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheetData":
            raise _EnoughError
        if tag == "col" and (attributes.get("hidden") in ("1", "true") or attributes.get("width") in ("0", "0.0")):
            first, last = int(attributes["min"]), min(int(attributes["max"]), 1 << 14)
            hidden.update(range(first - 1, last))

    _parse(part, start)
    return hidden


def _measure(archive: zipfile.ZipFile, part_name: str, seen: _Seen) -> None:
    """Find how far a sheet stretches, and what in it has no value, without reading it cell by cell."""
    errors = results = 0
    columns: set[bytes] = set()
    for text, held in _overlapping(archive, part_name):
        # What ends within the part before was counted with it.
        errors += sum(match.end() > held for match in _ERROR_CELL.finditer(text))
        results += sum(match.end() > held for match in _NO_RESULT.finditer(text))
        seen.last_row = max((seen.last_row, *map(int, _ROW.findall(text))))
        columns.update(_COLUMN.findall(text))
    seen.last_column = max(map(_column_number, columns), default=0)
    if seen.last_row * seen.last_column > _MOST_CELLS:
        # Cells without a value do not count: look again, at each.
        seen.last_row = seen.last_column = 0
        for text, _ in _overlapping(archive, part_name):
            for match in _FILLED_CELL.finditer(text):
                seen.last_column = max(seen.last_column, _column_number(match[1]))
                seen.last_row = max(seen.last_row, int(match[2]))
    if errors:
        seen.notes.append(f"{errors:,} cells hold an error such as #N/A; they were left empty")
    if results:
        seen.notes.append(
            f"{results:,} formulas have no result in the file; they were left empty (open and save it in a "
            "spreadsheet program first)"
        )


def _overlapping(archive: zipfile.ZipFile, part_name: str) -> Iterator[tuple[bytes, int]]:
    """Yield a part in pieces, each with the end of the one before, and how long that end is."""
    held = b""
    with archive.open(part_name) as part:
        while chunk := part.read(_CHUNK):
            yield held + chunk, len(held)
            held = (held + chunk)[-_OVERLAP:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
