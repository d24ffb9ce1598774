"""The records of a delimited text one by one, each with the line that it begins on, whatever its quotes do."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from ingest.errors import IngestError

_LARGEST_CELL = 1 << 30
csv.field_size_limit(_LARGEST_CELL)


class Records:
    """Yields `(line, cells)` for each record that is not a blank line.

    A line ends with a line feed, as an editor counts; a bare return ends a record but no line of a quoted cell.
    Where a quote is opened and never rightly closed, so that a record swallowed lines and no longer has the
    table's width, its first line is read as it stands, and what follows as usual: no line is lost to a quote.

    Parameters
    ----------
    lines
        The text, line by line, with the line ends.
    delimiter
        What stands between cells.
    width
        How many cells the table has; unknown when None, and then no quote is doubted.
    """

    def __init__(self, lines: Iterable[str], delimiter: str, width: int | None = None) -> None:
        self.mended_lines: list[int] = []
        self._source = iter(lines)
        self._pushed: deque[str] = deque()
        self._held: list[str] = []
        self._delimiter = delimiter
        self._width = width
        self._reader = csv.reader(self._lines(), delimiter=delimiter)

    def _lines(self) -> Iterator[str]:
        while True:
            text = self._pushed.popleft() if self._pushed else next(self._source, None)
            if text is None:
                return
            self._held.append(text)
            yield text

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        line = 1
        while True:
            self._held.clear()
            try:
                row = next(self._reader, None)
            except csv.Error as error:
                raise IngestError(
                    "A cell is too large", f"The record that begins on line {line} cannot be read: {error}."
                ) from error
            if row is None:
                return
            if len(self._held) > 1 and self._width is not None and self._is_doubtful(row):
                plain = self._as_it_stands()
                if plain is not None:
                    self.mended_lines.append(line)
                    row = plain
            if row:
                yield line, row
            line += sum(text.endswith("\n") for text in self._held) + self._held[-1].endswith("\r")

    def _is_doubtful(self, row: list[str]) -> bool:
        """Tell whether a record of several lines has another width, or quotes that do not close where a cell ends."""
        if len(row) != self._width:
            return True
        try:
            list(csv.reader(self._held, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return True
        return False

    def _as_it_stands(self) -> list[str] | None:
        """Return the first line's cells with its quotes taken as text, or None if that does not give the width."""
        first, *rest = self._held
        cells = next(csv.reader([first], delimiter=self._delimiter, quoting=csv.QUOTE_NONE), [])
        if len(cells) != self._width:
            return None
        self._pushed.extendleft(reversed(rest))
        self._held = [first]
        # The old reader may stand at the end of the text; what was pushed back is not its end.
        self._reader = csv.reader(self._lines(), delimiter=self._delimiter)
        return [_unquoted(cell) for cell in cells]


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"')
    return cell
