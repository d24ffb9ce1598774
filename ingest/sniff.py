"""What kind of text file this is: encoding, delimiter, header. Decided before any row is read, and always said."""

import codecs
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import IngestError

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE = 1 << 16
_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Five bytes have no meaning in Windows-1252; a text that holds one is Latin-1.
_NOT_IN_CP1252 = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))


@dataclass(frozen=True)
class Layout:
    """How a file is written: what was detected, as it is shown to people."""

    encoding: str
    delimiter: str
    headers: tuple[str, ...]


def sniff(path: Path, name: str) -> Layout:
    """Return the layout of a delimited text file.

    Raises
    ------
    IngestError
        The file is empty, is not text, or holds no header.
    """
    encoding = detect_encoding(path, name)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SAMPLE)
    if not sample.strip():
        raise IngestError("A file is empty", f"{name} holds nothing. Export it again.")
    delimiter = detect_delimiter(sample)
    csv.field_size_limit(1 << 30)
    first = next((row for row in csv.reader(sample.splitlines(keepends=True), delimiter=delimiter) if row), [])
    return Layout(encoding, delimiter, clean_headers(first))


def sample_rows(path: Path, layout: Layout) -> list[list[str]]:
    """Return the first records of a file, below its header: enough to see what its columns hold."""
    with path.open(encoding=layout.encoding, newline="") as file:
        sample = file.read(_SAMPLE)
    rows = [row for row in csv.reader(sample.splitlines(keepends=True), delimiter=layout.delimiter) if row]
    return rows[1:]


def detect_encoding(path: Path, name: str) -> str:
    """Return the encoding's Python name: by its mark, else UTF-8 if all of it is, else Windows-1252 or Latin-1."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        for mark, encoding in _BOMS:
            if head.startswith(mark):
                return encoding
        if b"\x00" in head:
            even, odd = head[0::2].count(0), head[1::2].count(0)
            if max(even, odd) > 0.3 * len(head) / 2 and min(even, odd) < 0.05 * len(head) / 2:
                return "utf-16-le" if odd > even else "utf-16-be"
            raise IngestError("A file is not text", f"{name} holds binary data. Save it as CSV and try again.")
    if _is_utf8(path):
        return "utf-8"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if not _NOT_IN_CP1252.isdisjoint(chunk):
                return "latin-1"
    return "cp1252"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def detect_delimiter(sample: str) -> str:
    """Return the delimiter that cuts the sample's first rows into the most, and most equal, fields."""
    lines = sample.splitlines(keepends=True)[:200]
    if len(sample) >= _SAMPLE:
        lines = lines[:-1] or lines  # the last one may be cut
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        if not widths:
            continue
        width, rows = widths.most_common(1)[0]
        score = (width - 1) * rows / sum(widths.values())
        if score > best_score:
            best, best_score = delimiter, score
    return best


def clean_headers(row: list[str]) -> tuple[str, ...]:
    """Return headers without blanks around them, each with a name, and each name once."""
    seen: Counter[str] = Counter()
    headers = []
    for number, raw in enumerate(row, start=1):
        name = " ".join(raw.replace("\ufeff", "").replace("\u00a0", " ").split()) or f"column {number}"
        seen[name.casefold()] += 1
        times = seen[name.casefold()]
        headers.append(name if times == 1 else f"{name} ({times})")
    return tuple(headers)


def as_utf8(path: Path, encoding: str, target: Path) -> Path:
    """Return a path to the same text in UTF-8: the file itself if it is that, else a copy at `target`."""
    if encoding == "utf-8":
        return path
    with (
        path.open(encoding=encoding, newline="") as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        while chunk := source.read(_CHUNK):
            out.write(chunk)
    return target
