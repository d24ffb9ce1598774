"""What all figures share: a lean layout, and the few colours that mean something in light and in dark."""

import math
import textwrap
from collections.abc import Iterable
from html import escape

import plotly.graph_objects as go

from charts.numbers import NumberFormat
from charts.sketch import Sketch, plain

# Read on white and on near-black alike (contrast of at least 3:1 on both); never the only sign of a meaning.
GOOD = "#2a9d6f"
WARN = "#c98a1b"
BAD = "#d1495b"
PLAIN = "#4b83c4"
SECOND = "#8a6fc9"
FAINT = "rgba(128, 138, 150, 0.55)"
BAND = "rgba(42, 157, 111, 0.14)"
BAND_MARK = "rgba(42, 157, 111, 0.4)"
INK = "rgba(128, 138, 150, 1)"

VERDICT_COLOURS = {"thin": BAD, "inside": GOOD, "above": PLAIN, "met": GOOD}
TEXT_SIZE = 13
LEAST_TYPE = 11
LONGEST_TITLE = 30


def figure(height: int, numbers: NumberFormat) -> go.Figure:
    """Return an empty figure with the shared layout: no toolbar, no dragging, room for its labels."""
    return Sketch(
        {
            "height": height,
            "margin": {"l": 8, "r": 16, "t": 28, "b": 8},
            "font": {"size": TEXT_SIZE},
            "separators": numbers.separators,
            "dragmode": False,
            "clickmode": "event+select",
            "hovermode": "closest",
            "hoverlabel": {"font": {"size": TEXT_SIZE}, "align": "left"},
            "legend": {
                "orientation": "h",
                "traceorder": "normal",
                "yanchor": "bottom",
                "y": 1.0,
                "x": 0,
                "font": {"size": TEXT_SIZE},
            },
            "xaxis": {"automargin": True, "fixedrange": True, "tickfont": {"size": TEXT_SIZE}},
            "yaxis": {"automargin": True, "fixedrange": True, "tickfont": {"size": TEXT_SIZE}},
            # A label that has no room for readable type is left to the hover.
            "uniformtext": {"minsize": LEAST_TYPE, "mode": "hide"},
            "barcornerradius": 3,
            "bargap": 0.35,
        }
    )


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return at most so many round numbers from `low` to `high`, and 0; 0 alone where there is nothing to measure."""
    low, high = min(low, 0.0), max(high, 0.0)
    if not high - low > 0:
        return [0.0]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (1, 2, 2.5, 5, 10, 20):
        size = step * power
        first, last = math.ceil(low / size - 1e-9), math.floor(high / size + 1e-9)
        if last - first < most:
            break
    return [number * size for number in range(first, last + 1)]


def money_axis(numbers: NumberFormat, title: str, values: Iterable[float | None], most: int = 5) -> dict[str, object]:
    """Return an axis in the company's currency, whose ticks (at most so many) end where the values do."""
    return _axis(numbers, title, values, is_money=True, most=most)


def count_axis(numbers: NumberFormat, title: str, values: Iterable[float | None]) -> dict[str, object]:
    """Return an axis of whole things, whose ticks end where the values do."""
    return _axis(numbers, title, values, is_money=False)


def _axis(
    numbers: NumberFormat, title: str, values: Iterable[float | None], *, is_money: bool, most: int = 5
) -> dict[str, object]:
    known = [value for value in values if value is not None]
    at = ticks(min(known, default=0.0), max(known, default=0.0), most)
    if not is_money:
        at = [value for value in at if value == round(value)]
    nothing = {"range": [0, 1]} if at == [0.0] else {}
    return {
        "title": {"text": title},
        "tickmode": "array",
        "tickvals": at,
        "ticktext": [numbers.tick(value, is_money=is_money) for value in at],
        "tickangle": 0,
        "rangemode": "tozero",
        **nothing,
    }


def named(text: str | None) -> str:
    """Return a name from the data as text: plotly would read `<b>` or `<a href>` in it as markup."""
    return escape(text, quote=False) if text else "(none)"


def shortened(text: str | None, length: int = 28) -> str:
    """Return a label that leaves room for the figure; the full name stands in the hover and the table."""
    return named(text if not text or len(text) <= length else text[: length - 1] + "…")


def wrapped(text: str | None, length: int = 22) -> str:
    """Return a label on two short lines, its beginning and its end kept: names of campaigns differ in either."""
    if not text:
        return named(text)
    room = 2 * length - 8
    short = text if len(text) <= room else f"{text[: room - 12].rstrip()}… {text[-11:].lstrip()}"
    return "<br>".join(named(part) for part in textwrap.wrap(short, length, max_lines=2, placeholder="…"))


def folded(fig: go.Figure) -> go.Figure:
    """Return a figure, changed, whose horizontal axes have titles that a phone holds: long ones on several lines."""
    for name, axis in list(plain(fig)["layout"].items()):
        text = axis.get("title", {}).get("text") if name.startswith("xaxis") else None
        if text and "<br>" not in text and len(text) > LONGEST_TITLE:
            fig.update_layout(**{f"{name}_title_text": "<br>".join(textwrap.wrap(text, LONGEST_TITLE))})
    return fig


def height_for(rows: int, least: int = 220, row: int = 34) -> int:
    """Return a height that gives each row of a bar chart its room."""
    return max(least, 80 + row * rows)
