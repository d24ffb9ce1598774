"""Where each record of a delimited file begins: an independent count, and the line that every number can name.

A line break inside quotes does not end a record. Quotes are told by parity, as RFC 4180 has them (a doubled
quote is two); a file that breaks that rule is counted otherwise by the loader, and then read with care instead
(`ingest.raw`). Works on blocks, so that memory does not grow with the file.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

_BLOCK = 4 << 20
_NEWLINE, _QUOTE, _RETURN = 10, 34, 13


def record_lines(path: Path) -> npt.NDArray[np.int64]:
    """Return the line (1 is the first) on which each non-blank record begins, the header's included."""
    return record_starts(path)[0]


def record_starts(path: Path) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the line (1 is the first) and the byte (0 is the first) at which each non-blank record begins."""
    starts: list[npt.NDArray[np.int64]] = []
    places: list[npt.NDArray[np.int64]] = []
    bytes_before = 0
    is_quoted = False
    lines_before = 0
    pending_start = 1  # line of the record that the block begins in
    pending_bytes = 0  # how much of that record earlier blocks held
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            data = np.frombuffer(block, dtype=np.uint8)
            newlines = np.flatnonzero(data == _NEWLINE)
            quotes = np.flatnonzero(data == _QUOTE)
            odd = (np.searchsorted(quotes, newlines) + int(is_quoted)) % 2 == 1
            ends = newlines[~odd]
            end_lines = lines_before + np.flatnonzero(~odd) + 1  # the line that each record ends on
            if ends.size:
                begin_lines = np.concatenate(([pending_start], end_lines[:-1] + 1))
                begins = np.concatenate(([-pending_bytes], ends[:-1] + 1))
                lengths = ends - begins
                before = data[np.maximum(ends - 1, 0)]
                is_blank = (lengths == 0) | ((lengths == 1) & (before == _RETURN) & (ends > 0))
                starts.append(begin_lines[~is_blank].astype(np.int64))
                places.append((begins[~is_blank] + bytes_before).astype(np.int64))
                pending_start = int(end_lines[-1]) + 1
                pending_bytes = len(data) - int(ends[-1]) - 1
            else:
                pending_bytes += len(data)
            lines_before += newlines.size
            bytes_before += len(data)
            is_quoted ^= bool(quotes.size % 2)
    if pending_bytes:
        starts.append(np.array([pending_start], dtype=np.int64))
        places.append(np.array([bytes_before - pending_bytes], dtype=np.int64))
    nothing = np.empty(0, dtype=np.int64)
    return np.concatenate(starts or [nothing]), np.concatenate(places or [nothing])
