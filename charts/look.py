"""What all figures share: a lean layout, and the few colours that mean something in light and in dark."""

from html import escape

import plotly.graph_objects as go

from charts.numbers import NumberFormat

# Read on white and on near-black alike (contrast of at least 3:1 on both); never the only sign of a meaning.
GOOD = "#2a9d6f"
WARN = "#c98a1b"
BAD = "#d1495b"
PLAIN = "#4b83c4"
SECOND = "#8a6fc9"
FAINT = "rgba(128, 138, 150, 0.55)"
BAND = "rgba(42, 157, 111, 0.14)"
INK = "rgba(128, 138, 150, 1)"

VERDICT_COLOURS = {"thin": BAD, "inside": GOOD, "above": PLAIN, "met": GOOD}
TEXT_SIZE = 13


def figure(height: int, numbers: NumberFormat) -> go.Figure:
    """Return an empty figure with the shared layout: no toolbar, no dragging, room for its labels."""
    return go.Figure(
        layout={
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
            "barcornerradius": 3,
            "bargap": 0.35,
        }
    )


def money_axis(numbers: NumberFormat, title: str) -> dict[str, object]:
    """Return an axis in the company's currency."""
    return {
        "title": {"text": title},
        "tickprefix": numbers.symbol,
        "tickformat": "~s",
        "rangemode": "tozero",
        "nticks": 6,
    }


def named(text: str | None) -> str:
    """Return a name from the data as text: plotly would read `<b>` or `<a href>` in it as markup."""
    return escape(text, quote=False) if text else "(none)"


def shortened(text: str | None, length: int = 28) -> str:
    """Return a label that leaves room for the figure; the full name stands in the hover and the table."""
    return named(text if not text or len(text) <= length else text[: length - 1] + "…")


def height_for(rows: int, least: int = 220, row: int = 34) -> int:
    """Return a height that gives each row of a bar chart its room."""
    return max(least, 80 + row * rows)
