"""Cells of a table that is drawn: a colour by a number, and a figure that is read on it in light and in dark."""

# White is read on each of these (contrast of at least 4.5:1), so a cell looks the same on light and on dark ground.
TEXT_ON_CELL = "#ffffff"
_PALE, _FULL = (104, 118, 140), (23, 79, 148)
_RED, _GREEN = (168, 50, 68), (24, 112, 76)
EMPTY = "rgba(128, 138, 150, 0.05)"


def by_size(part: float) -> str:
    """Return a colour for a number between 0 and 1: the more, the bluer."""
    return _mix(_PALE, _FULL, part)


def by_ratio(ratio: float | None) -> str:
    """Return a colour for a ratio to what is usual: red below 1, green above; full at half and at one and a half."""
    if ratio is None:
        return EMPTY
    part = min(abs(ratio - 1) / 0.5, 1.0)
    return _mix(_PALE, _RED if ratio < 1 else _GREEN, part)


def _mix(one: tuple[int, int, int], other: tuple[int, int, int], part: float) -> str:
    mixed = [round(a + (b - a) * part) for a, b in zip(one, other, strict=True)]
    return f"rgb({mixed[0]}, {mixed[1]}, {mixed[2]})"
