"""The text that the raw readers read: UTF-8, from the header on, each record on lines of its own.

A file that is that already is read where it stands; any other is copied once, with its lines where they were.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.errors import IngestError
from ingest.files import Export
from ingest.records import Records
from ingest.sniff import Given, Layout, sniff, unwrapped

_CHUNK = 1 << 20


def sniffed(found: Export, given: Given) -> Layout:
    """Return how a file is written; of a sheet only the header's row is open to a person's word."""
    if found.rows is None:
        return sniff(found.path, found.name, given)
    return sniff(found.path, found.name, Given("utf-8", ",", given.header_line), found.rows)


def prepare(path: Path, layout: Layout, scratch: Path, name: str) -> Path:
    """Return a path to the file's text, in UTF-8 and beginning with its header.

    Parameters
    ----------
    path, name
        The file, and what people know it by.
    layout
        How it is written.
    scratch
        A folder for a copy, where one is needed; the same name is used again for the next file.

    Raises
    ------
    IngestError
        The file is damaged further down: it is not text in its encoding throughout.
    """
    is_plain = not (layout.is_patched or layout.has_nul or layout.has_return_ends or layout.lines_above)
    if layout.encoding in ("utf-8", "utf-8-sig") and is_plain:
        text = path
    else:
        text = scratch / "as_utf8.csv"
        try:
            with (
                path.open(encoding=layout.encoding, errors=layout.errors, newline="") as source,
                text.open("w", encoding="utf-8", newline="") as out,
            ):
                for part in _parts(iter(lambda: source.read(_CHUNK), ""), layout):
                    out.write(part)
        except UnicodeError as error:
            raise IngestError(
                "A file cannot be read as text", f"{name} is damaged: it is not {layout.encoding} throughout ({error})."
            ) from error
    return _unwrap(text, layout, scratch / "unwrapped.csv") if layout.wrapping else text


def _parts(chunks: Iterable[str], layout: Layout) -> Iterator[str]:
    """Yield the text without NULs, with line feeds at its line ends, and without the lines above the header."""
    is_quoted = False
    above = layout.lines_above
    for chunk in chunks:
        text = chunk.replace("\0", "") if layout.has_nul else chunk
        if layout.has_return_ends:
            pieces = text.split('"')
            for place, piece in enumerate(pieces):
                if (place % 2 == 1) == is_quoted:
                    pieces[place] = piece.replace("\r", "\n")
            is_quoted ^= len(pieces) % 2 == 0
            text = '"'.join(pieces)
        while above and text:
            _, end, text = text.partition("\n")
            above -= bool(end)
        if text:
            yield text


def _unwrap(path: Path, layout: Layout, target: Path) -> Path:
    with path.open(encoding="utf-8-sig", newline="") as source, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=layout.delimiter, lineterminator="\n")
        written = 1
        for line, row in Records(source, layout.delimiter):
            while written < line:  # blank lines, and what a record's own line breaks do not account for
                out.write("\n")
                written += 1
            cells = unwrapped(row, layout.delimiter, len(layout.headers), layout.wrapping)
            writer.writerow(cells)
            written += 1 + sum(cell.count("\n") for cell in cells)
    return target
