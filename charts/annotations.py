"""What happened on a day, marked on any figure with a time axis: a thin line, and a number that the list below explains."""

import re
import textwrap
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.look import INK, named
from charts.numbers import day
from charts.sketch import plain

SCHEMA = {"day": pl.Date, "text": pl.String, "author": pl.String}
_MARK = "#2f6db5"
_ON_MARK = "#ffffff"
_SIZE = 12
_ROW = 20  # pixels from one row of numbers to the next
_ROWS = 3
_AROUND = 100  # pixels of a figure that its plot does not have: title, ticks, legend
# Of the axis: on a phone, where it is about 300 pixels long, a number is this wide.
_ROOM = 0.09
_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class TimeAxis:
    """The days that a figure's horizontal axis spans, both included, and its months where it shows months by name."""

    first: date
    last: date
    months: tuple[str, ...] = ()

    def place(self, on: date) -> Any:
        """Return where a day stands on the axis."""
        return f"{on:%Y-%m}" if self.months else on

    def share(self, on: date) -> float:
        """Return how far along the axis a day stands, from 0 to 1."""
        if self.months:
            return (self.months.index(f"{on:%Y-%m}") + 0.5) / len(self.months)
        return (on - self.first).days / max((self.last - self.first).days, 1)


def time_axis(fig: go.Figure) -> TimeAxis | None:
    """Return the time axis of a figure; None where its horizontal axis shows anything else, or less than two days."""
    looked = plain(fig)
    axis = looked["layout"].get("xaxis", {})
    values = [value for trace in looked["data"] for value in _values(trace)]
    names = list(dict.fromkeys(value for value in values if isinstance(value, str)))
    months = [name for name in names if _MONTH.fullmatch(name)]
    if axis.get("type") == "category" or (months and len(months) == len(names) == len(set(values))):
        return _of_months(names, months)
    if axis.get("type") not in (None, "date"):
        return None
    if axis.get("range") is not None:
        values = list(axis["range"])
    days = [_day(value) for value in values if value is not None]
    known = [value for value in days if value is not None]
    if len(known) < 2 or len(known) < len(days) or min(known) == max(known):
        return None
    return TimeAxis(min(known), max(known))


def within(notes: pl.DataFrame, axis: TimeAxis) -> pl.DataFrame:
    """Return the annotations that a time axis shows, by day; `number` is what marks each.

    Parameters
    ----------
    notes
        One row per annotation: `day`, `text`, `author`, and whatever else.
    axis
        The figure's axis.
    """
    shown = notes.filter(pl.col("day").is_between(axis.first, axis.last))
    if axis.months:
        shown = shown.filter(pl.col("day").dt.strftime("%Y-%m").is_in(axis.months))
    return shown.sort("day", maintain_order=True).with_row_index("number", offset=1)


def annotated(fig: go.Figure, notes: pl.DataFrame, axis: TimeAxis) -> go.Figure:
    """Return a figure with its annotations marked: a thin line each, and above it a number whose hover tells the rest.

    Numbers that would cover each other stand in rows below each other; where there is no row left, one mark counts
    several ("3+").

    Parameters
    ----------
    fig
        The figure, which is changed.
    notes
        `within` of this axis.
    axis
        The figure's axis.
    """
    rows: list[list[_Mark]] = [[] for _ in range(_ROWS)]
    for note in notes.iter_rows(named=True):
        at = axis.share(note["day"])
        free = next((row for row in rows if not row or at - row[-1].at >= _ROOM), None)
        words = f"<b>{day(note['day'])}</b>: {_folded(note['text'])} ({named(note['author'])})"
        if free is None:
            # The lowest row's last mark, which this one would cover.
            rows[-1][-1].words.append(words)
        else:
            free.append(_Mark(axis.place(note["day"]), note["number"], at, [words]))
        fig.add_shape(
            type="line",
            x0=axis.place(note["day"]),
            x1=axis.place(note["day"]),
            y0=0,
            y1=1,
            yref="paper",
            line={"color": INK, "width": 1, "dash": "dot"},
        )
    _make_room(fig, sum(bool(row) for row in rows))
    for place, row in enumerate(rows):
        for mark in row:
            fig.add_annotation(
                x=mark.x,
                y=1,
                yref="paper",
                yanchor="top",
                yshift=-_ROW * place,
                showarrow=False,
                text=mark.text,
                hovertext="<br>".join(mark.words),
                font={"size": _SIZE, "color": _ON_MARK},
                bgcolor=_MARK,
                borderpad=2,
            )
    return fig


def _make_room(fig: go.Figure, rows: int) -> None:
    """End the vertical axis below the rows of numbers, and make the figure as much higher: no label of it is covered."""
    if not rows or fig.layout.yaxis.domain is not None:
        return
    height = float(fig.layout.height or 450)
    room = rows * _ROW + 4
    fig.update_layout(height=height + room)
    fig.update_yaxes(domain=[0, 1 - room / max(height + room - _AROUND, 2 * room)], selector={"overlaying": None})


@dataclass(frozen=True)
class _Mark:
    """A mark on the axis, of one annotation or of several that stand too close for one each."""

    x: Any
    number: int
    at: float
    words: list[str]

    @property
    def text(self) -> str:
        """The number, and a sign that it is not alone."""
        return f"{self.number}+" if len(self.words) > 1 else str(self.number)


def _values(trace: dict[str, Any]) -> list[Any]:
    """Return what a trace has on the horizontal axis; nothing for traces without one."""
    found = trace.get("x") if trace["type"] in ("scatter", "scattergl", "bar") else None
    if trace.get("orientation") == "h":
        return [None, 0.0]  # a number: no time axis
    return [] if found is None else list(found)


def _of_months(names: list[str], months: list[str]) -> TimeAxis | None:
    """Return the axis of a figure that shows months by name, with or without others beside them."""
    if len(months) < 2:
        return None
    first = date.fromisoformat(f"{min(months)}-01")
    last = date.fromisoformat(f"{max(months)}-01")
    return TimeAxis(first, (last + timedelta(days=31)).replace(day=1) - timedelta(days=1), tuple(names))


def _day(value: Any) -> date | None:
    """Return the day of a value of a time axis; None where it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if hasattr(value, "astype") and str(getattr(value, "dtype", "")).startswith("datetime64"):
        return date.fromisoformat(str(value)[:10])
    if isinstance(value, str) and _DAY.match(value):
        return date.fromisoformat(value[:10])
    return None


def _folded(text: str) -> str:
    """Return a text on lines that a phone holds."""
    return "<br>".join(named(line) for line in textwrap.wrap(text, 40))
