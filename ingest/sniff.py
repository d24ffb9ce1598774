"""What kind of text file this is: encoding, delimiter, header. Decided before any row is read, and always said.

Whatever is detected can be overruled by a person (`Given`).
"""

import codecs
import io
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.errors import IngestError
from ingest.records import Records

DELIMITERS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    "^": "caret",
    "~": "tilde",
    ":": "colon",
}
Row = tuple[int, list[str]]
_ONLY_IF_CLEAR = ":"  # it stands in every time of day
_SAMPLE = 1 << 16
_LARGE_SAMPLE = 1 << 24  # for a file whose first records hold very large cells
_ENOUGH_RECORDS = 10
_CHUNK = 1 << 20
_TITLES_AT_MOST = 40
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Five bytes have no meaning in Windows-1252; a text that holds one is Latin-1.
_NOT_IN_CP1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_CONTROL = bytes(set(range(32)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B})
_CONTROL_SHARE = 0.02
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"7z\xbc\xaf", "packed with 7-Zip"),
    (b"Rar!", "packed with RAR"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"PK\x03\x04", "a ZIP"),
    (b"\xd0\xcf\x11\xe0", "an old or a locked Office file"),
)
_MARKUP = re.compile(r"\s*(<!doctype|<html|<table|<\?xml|<meta|<head|<style)", re.IGNORECASE)
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(?P<mark>[^\r\n])\"?[^\S\t]*(\r\n|\r|\n)", re.IGNORECASE)
_VALUE = re.compile(
    r"[-+(]?\s*(?:[A-Z]{3}|[$€£¥])?\s*[\d.,'\s]*\d[\d.,'\s]*\s*[%€$£)]?"  # an amount or a number
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?"  # a date
)


@dataclass(frozen=True)
class Given:
    """What a person says about how a file is written; None where it is to be detected.

    `header_line` is the line (in a sheet the row) on which the header stands.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None


@dataclass(frozen=True)
class Layout:
    """How a file is written: what was detected, as it is shown to people.

    Parameters
    ----------
    encoding
        Python's name of it.
    delimiter
        The character between cells.
    headers
        The columns, each with a name of its own.
    header_cells
        The header as it stands, to know it again further down.
    header_line
        The line (in a sheet the row) on which the header stands.
    lines_above, records_above
        How many lines and records of the text stand above the header.
    wrapping
        "all" or "some" if records were packed into one quoted cell each, "" if not.
    has_return_ends
        Whether lines end with a bare return.
    is_patched
        Whether bytes that are no text in this encoding are shown as a replacement character.
    has_nul
        Whether NUL characters are to be taken out.
    notes
        What a person should know of this, in sentences.
    """

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    header_cells: tuple[str, ...] = ()
    header_line: int = 1
    lines_above: int = 0
    records_above: int = 0
    wrapping: str = ""
    has_return_ends: bool = False
    is_patched: bool = False
    has_nul: bool = False
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> str:
        """What to do with bytes that are no text, in Python's words."""
        return "replace" if self.is_patched else "strict"


@dataclass(frozen=True)
class _Encoding:
    name: str
    is_patched: bool = False
    has_nul: bool = False
    notes: tuple[str, ...] = ()


def checked_given(given: Given) -> Given:
    """Return what a person said with the encoding and the delimiter as the code names them.

    Raises
    ------
    IngestError
        There is no such encoding, delimiter or line.
    """
    encoding = given.encoding
    if encoding is not None:
        try:
            found = codecs.lookup(encoding)
            "a".encode(found.name)
        except (LookupError, ValueError) as error:
            raise IngestError(
                "That encoding is not known",
                f"'{encoding}' should be a name such as utf-8, utf-16, latin-1, cp1252 or mac-roman.",
            ) from error
        encoding = {"utf-8": "utf-8-sig"}.get(found.name, found.name)  # reads it with and without a mark
    delimiter = given.delimiter
    if delimiter is not None:
        by_name = {name: mark for mark, name in DELIMITERS.items()} | {"\\t": "\t", "pipe": "|", "space": " "}
        delimiter = by_name.get(delimiter.strip().lower(), delimiter)
        if len(delimiter) != 1 or delimiter in '"\r\n\0' or not delimiter.isascii():
            raise IngestError(
                "That delimiter cannot be used",
                f"'{given.delimiter}' should be one character, or one of {', '.join(DELIMITERS.values())}.",
            )
    if given.header_line is not None and given.header_line < 1:
        raise IngestError("That header line cannot be used", "The first line is line 1.")
    return Given(encoding, delimiter, given.header_line)


def delimiter_name(delimiter: str) -> str:
    """Return what people call a delimiter."""
    return DELIMITERS.get(delimiter, f"'{delimiter}'")


def sniff(path: Path, name: str, given: Given | None = None, numbers: npt.NDArray[np.int64] | None = None) -> Layout:
    """Return the layout of a delimited text file.

    Parameters
    ----------
    path, name
        The file, and what people know it by.
    given
        What a person says about it.
    numbers
        The number by which people know each record (a sheet's rows); the line that it begins on when None.

    Raises
    ------
    IngestError
        The file is empty, is not text, holds no header, or is not as was said.
    """
    given = checked_given(given or Given())
    if path.stat().st_size == 0:
        raise IngestError("A file is empty", f"{name} holds nothing. Export it again.")
    encoding = _encoding(path, name) if given.encoding is None else _given_encoding(path, name, given.encoding)
    sample, is_whole = _sample(path, encoding.name, "replace" if encoding.is_patched else "strict", name)
    if not sample.strip("\ufeff\0 \t\r\n"):
        raise IngestError("A file is empty", f"{name} holds nothing. Export it again.")
    if _MARKUP.match(sample):
        raise IngestError(
            "A file is a web page",
            f"{name} holds HTML or XML, which some CRMs give under another name. Export it as CSV or XLSX.",
        )
    notes = list(encoding.notes)
    has_return_ends = _has_return_ends(sample)
    if has_return_ends:
        notes.append("its lines end with a bare return")
    separator = _SEPARATOR_LINE.match(sample)
    delimiter = given.delimiter or (separator["mark"] if separator else None)
    wrapping = None if separator else _wrapping(sample, delimiter, is_whole=is_whole)
    if wrapping is not None:
        notes.append("rows were wrapped in quotes as a whole; they were unwrapped")
    how, delimiter = wrapping or ("", delimiter or detect_delimiter(sample))
    records = _records(sample, delimiter, is_whole=is_whole)
    if how:
        width = len(unwrapped(records[0][1], delimiter, None, how))
        records = [(line, unwrapped(row, delimiter, width, how)) for line, row in records]
    place = _header_place(records, given, separator, numbers, name)
    line, cells = records[place]
    shown = line if numbers is None else int(numbers[place])
    if place or separator or shown > 1:
        notes += _header_notes(records[:place], shown, separator, is_sheet=numbers is not None)
    headers = clean_headers(cells)
    notes += _naming_notes(cells, headers)
    return Layout(
        encoding=encoding.name,
        delimiter=delimiter,
        headers=headers,
        header_cells=tuple(cell.replace("\ufeff", "").strip() for cell in cells),
        header_line=shown,
        lines_above=line - 1,
        records_above=place,
        wrapping=how,
        has_return_ends=has_return_ends,
        is_patched=encoding.is_patched,
        has_nul=encoding.has_nul,
        notes=tuple(notes),
    )


def sample_rows(path: Path, layout: Layout) -> list[list[str]]:
    """Return the first records of a file, below its header: enough to see what its columns hold."""
    sample, is_whole = _sample(path, layout.encoding, layout.errors, path.name)
    rows = _records(sample, layout.delimiter, is_whole=is_whole)[layout.records_above + 1 :]
    if layout.wrapping:
        return [unwrapped(row, layout.delimiter, len(layout.headers), layout.wrapping) for _, row in rows]
    return [row for _, row in rows]


def detect_encoding(path: Path, name: str) -> str:
    """Return the encoding's Python name: by its mark, else UTF-8 if (nearly) all of it is, else Windows-1252 or Latin-1.

    Raises
    ------
    IngestError
        The file is not text.
    """
    return _encoding(path, name).name


def _encoding(path: Path, name: str) -> _Encoding:
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, encoding in _BOMS:
        if head.startswith(mark) and encoding != "utf-8-sig":
            return _Encoding(encoding)
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise IngestError("A file is not text", f"{name} is {what}, whatever its name says. Save it as CSV.")
    if b"\x00" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > 0.3 * len(head) / 2 and min(even, odd) < 0.05 * len(head) / 2:
            return _Encoding("utf-16-le" if odd > even else "utf-16-be")
    if _is_binary(path):
        raise IngestError("A file is not text", f"{name} holds binary data. Save it as CSV and try again.")
    nuls, wide, bad, is_cp1252 = _count_bytes(path)
    notes: tuple[str, ...] = (f"{nuls:,} NUL characters were taken out",) if nuls else ()
    utf8 = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    if not bad:
        return _Encoding(utf8, has_nul=nuls > 0, notes=notes)
    if utf8 == "utf-8-sig" or bad * 10 <= wide:
        notes += (f"{bad:,} characters are damaged (not UTF-8 like the rest) and stand as \ufffd",)
        return _Encoding(utf8, is_patched=True, has_nul=nuls > 0, notes=notes)
    return _Encoding("cp1252" if is_cp1252 else "latin-1", has_nul=nuls > 0, notes=notes)


def _given_encoding(path: Path, name: str, encoding: str) -> _Encoding:
    nuls = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            while chunk := file.read(_CHUNK):
                nuls += chunk.count("\0")
    except (UnicodeError, ValueError) as error:
        raise IngestError(
            "A file is not in that encoding", f"{name} cannot be read as {encoding}: {error}. Name another."
        ) from error
    notes: tuple[str, ...] = (f"{nuls:,} NUL characters were taken out",) if nuls else ()
    return _Encoding(encoding, has_nul=nuls > 0, notes=notes)


def _is_binary(path: Path) -> bool:
    """Tell whether the beginning, the middle or the end holds too many control characters for a text."""
    size = path.stat().st_size
    with path.open("rb") as file:
        for place in sorted({0, max(0, size // 2 - _SAMPLE), max(0, size - _SAMPLE)}):
            file.seek(place)
            part = file.read(_SAMPLE)
            controls = len(part) - len(part.translate(None, _CONTROL))
            if controls > max(_CONTROL_SHARE * len(part), 4):
                return True
    return False


def _count_bytes(path: Path) -> tuple[int, int, int, bool]:
    """Return how many NULs, wide characters and damaged ones there are, as UTF-8; and whether it could be Windows-1252."""
    nuls = wide = bad = 0
    is_cp1252 = True
    strict = codecs.getincrementaldecoder("utf-8")()
    patching = codecs.getincrementaldecoder("utf-8")("replace")
    is_valid = True
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            nuls += chunk.count(0)
            if is_valid and chunk.isascii() and not strict.getstate()[0]:
                if not chunk:
                    break
                continue
            if is_valid:
                held = strict.getstate()
                try:
                    text = strict.decode(chunk, final=not chunk)
                    wide += _wide(text)
                except UnicodeDecodeError:
                    is_valid = False
                    patching.setstate(held)
            if not is_valid:
                text = patching.decode(chunk, final=not chunk)
                damaged = text.count("\ufffd")
                bad += damaged
                wide += _wide(text) - damaged
            is_cp1252 = is_cp1252 and len(chunk.translate(None, _NOT_IN_CP1252)) == len(chunk)
            if not chunk:
                break
    return nuls, wide, bad, is_cp1252


def _wide(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _sample(path: Path, encoding: str, errors: str, name: str) -> tuple[str, bool]:
    """Return the file's beginning, larger where the first records are, and whether it is all of it."""
    try:
        with path.open(encoding=encoding, errors=errors, newline="") as file:
            text = file.read(_SAMPLE)
            if len(text) == _SAMPLE and text.count("\n") + text.count("\r") < _ENOUGH_RECORDS:
                text += file.read(_LARGE_SAMPLE)
            is_whole = not file.read(1)
    except UnicodeError as error:
        raise IngestError(
            "A file cannot be read as text", f"{name} is damaged: it is not {encoding} throughout ({error})."
        ) from error
    return text.replace("\0", "").removeprefix("\ufeff"), is_whole


def _records(sample: str, delimiter: str, *, is_whole: bool) -> list[Row]:
    records = list(Records(io.StringIO(sample, newline=""), delimiter))
    return records if is_whole or len(records) < 3 else records[:-1]  # the last one may be cut


def _has_return_ends(sample: str) -> bool:
    """Tell whether lines end with a bare return: outside of quotes there is one, and no line feed."""
    if "\r" not in sample:
        return False
    outside = "".join(sample.split('"')[0::2])
    return re.search(r"\r(?!\n)", outside) is not None and "\n" not in outside


def detect_delimiter(sample: str) -> str:
    """Return the delimiter that cuts the sample's rows into the most, and most equal, fields.

    One that cuts the first row like the others goes before one that does not: a mark inside of cells is rarely in
    the header as often.
    """
    best, best_score = ",", (False, 0.0)
    for delimiter in DELIMITERS:
        rows = [row for _, row in _records(sample, delimiter, is_whole=len(sample) < _SAMPLE)[:200]]
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        share = times / len(rows)
        if delimiter in _ONLY_IF_CLEAR and (best_score[1] or share < 1 or len(rows) < 2):
            continue
        score = (len(rows[0]) == width > 1 and share >= 0.5, (width - 1) * share)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _wrapping(sample: str, delimiter: str | None, *, is_whole: bool) -> tuple[str, str] | None:
    """Return "all" or "some" and the delimiter inside, if records were packed into one quoted cell each; else None.

    The header tells: packed itself, it must open to a record of one width with nearly all others ("all"). A header
    that is not packed may stand over rows that are ("some"): a spreadsheet that was told of another delimiter
    quotes those rows that hold it.
    """
    for mark in [delimiter] if delimiter else [mark for mark in DELIMITERS if mark not in _ONLY_IF_CLEAR]:
        rows = [row for _, row in _records(sample, mark, is_whole=is_whole)[:200]]
        if len(rows) < 2:
            continue
        header = unwrapped(rows[0], mark, None, "all")
        width = len(header)
        how = "some" if header == rows[0] else "all"
        opened = [unwrapped(row, mark, width, how) for row in rows]
        is_any = any(new is not old for new, old in zip(opened, rows, strict=True))
        fits = sum(len(row) == width for row in opened)
        if is_any and width >= (2 if how == "all" else 3) and fits >= 0.9 * len(rows):
            return how, mark
    return None


def unwrapped(row: list[str], delimiter: str, width: int | None, how: str) -> list[str]:
    """Return the record that a row's only cell holds, or the row itself.

    Parameters
    ----------
    row
        The cells as they were read.
    delimiter, width
        What stands between the inner cells, and how many they must be (more than one when None).
    how
        "all" if blank cells may stand behind the packed one, "some" if it must be alone.
    """
    if (how == "some" and len(row) > 1) or any(cell.strip() for cell in row[1:]) or delimiter not in row[0]:
        return row
    inner = [cells for _, cells in Records(io.StringIO(row[0], newline=""), delimiter)]
    if len(inner) == 1 and (len(inner[0]) == width or (width is None and len(inner[0]) > 1)):
        return inner[0]
    return row


def _header_place(
    records: Sequence[Row],
    given: Given,
    separator: re.Match[str] | None,
    numbers: npt.NDArray[np.int64] | None,
    name: str,
) -> int:
    """Return which of the records is the header."""
    if given.header_line is not None:
        lines = [line for line, _ in records] if numbers is None else numbers[: len(records)].tolist()
        if given.header_line not in lines:
            raise IngestError(
                "There is no header there",
                f"No record of {name} begins on line {given.header_line}; the first begin on "
                f"{', '.join(str(line) for line in lines[:5])}.",
            )
        return lines.index(given.header_line)
    first = 1 if separator and len(records) > 1 else 0
    return first + _titles([row for _, row in records[first:]])


def _titles(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows above the header are titles: few cells, over a full row of names.

    In doubt the first row is the header; a person can say otherwise.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:200]]
    usual = max(statistics.median_low(filled), 0.5 * max(filled))
    for place, count in enumerate(filled[:_TITLES_AT_MOST]):
        names = [cell.strip() for cell in rows[place] if cell.strip()]
        is_header = count >= max(2, 0.75 * usual) and not any(_VALUE.fullmatch(cell) for cell in names)
        if is_header and len({cell.casefold() for cell in names}) > 0.5 * count:
            return place if all(_is_title(row, len(rows[place]), count) for row in rows[:place]) else 0
    return 0


def _is_title(row: Sequence[str], width: int, count: int) -> bool:
    """Tell whether a row above a header of that width and so many names is a title, and not a header with gaps."""
    filled = sum(bool(cell.strip()) for cell in row)
    return filled <= 1 or filled < 0.5 * count or (filled <= 0.5 * count and len(row) < width)


def _header_notes(above: Sequence[Row], shown: int, separator: re.Match[str] | None, *, is_sheet: bool) -> list[str]:
    where = "in row" if is_sheet else "on line"
    titles = [" ".join(cell.strip() for cell in row if cell.strip())[:80] for _, row in above[1 if separator else 0 :]]
    notes = []
    if separator:
        notes.append(f"its first line says that the delimiter is {delimiter_name(separator['mark'])}")
    if titles:
        told = "; ".join(titles[:3]) + (" …" if len(titles) > 3 else "")
        notes.append(f"the header is {where} {shown}; not read above it: {told}")
    return notes


def _naming_notes(cells: Sequence[str], headers: Sequence[str]) -> list[str]:
    notes = []
    unnamed = [header for cell, header in zip(cells, headers, strict=True) if not _tidy(cell)]
    if unnamed:
        notes.append(f"{len(unnamed)} columns have no name: {', '.join(unnamed[:5])}{' …' if unnamed[5:] else ''}")
    ordered = sorted(_tidy(cell).casefold() for cell in cells if _tidy(cell))
    twice = sorted({one for one, other in pairwise(ordered) if one == other})
    if twice:
        notes.append(f"column names that come more than once were numbered: {', '.join(twice[:5])}")
    return notes


def _tidy(cell: str) -> str:
    return " ".join(cell.replace("\ufeff", "").replace("\u00a0", " ").split())


def clean_headers(row: Sequence[str]) -> tuple[str, ...]:
    """Return headers without blanks around them, each with a name, and each name once."""
    taken: set[str] = set()
    headers = []
    for number, raw in enumerate(row, start=1):
        name = plain = _tidy(raw) or f"column {number}"
        times = 1
        while name.casefold() in taken:
            times += 1
            name = f"{plain} ({times})"
        taken.add(name.casefold())
        headers.append(name)
    return tuple(headers)


def as_utf8(path: Path, encoding: str, target: Path, errors: str = "strict") -> Path:
    """Return a path to the same text in UTF-8: the file itself if it is that, else a copy at `target`."""
    if encoding == "utf-8" and errors == "strict":
        return path
    with (
        path.open(encoding=encoding, errors=errors, newline="") as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        while chunk := source.read(_CHUNK):
            out.write(chunk)
    return target
