"""The cells of a document's tables as people read them, the same on paper, on slides and in mail."""

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from charts.numbers import DASH, NumberFormat, day
from reports.document import Figure, Table
from reports.export import label_of


@dataclass(frozen=True)
class Grid:
    """A table of texts: titles of its columns, which of these stand to the right (numbers), and its rows."""

    titles: tuple[str, ...]
    is_right: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def table_grid(table: Table, numbers: NumberFormat) -> Grid:
    """Return a table's cells as it shows them; those that it only has as values in the company's way."""
    shown = table.frame if table.shown is None else table.shown
    right = tuple(
        (name in table.frame.columns and table.frame.schema[name].is_numeric()) or shown.schema[name].is_numeric()
        for name in shown.columns
    )
    rows = tuple(tuple(cell(value, "number", numbers) for value in row) for row in shown.iter_rows())
    return Grid(tuple(shown.columns), right, rows)


def figure_grid(figure: Figure, numbers: NumberFormat) -> Grid:
    """Return what a figure draws as a table: its categories, and the values of its series."""
    frame = figure.frame.select(figure.x, *figure.series)
    titles = (column_name(figure, figure.x), *(column_name(figure, name) for name in figure.series))
    rows = tuple(
        (cell(row[0], "text", numbers), *(cell(value, figure.values, numbers) for value in row[1:]))
        for row in frame.iter_rows()
    )
    return Grid(titles, (False, *(True for _ in figure.series)), rows)


def column_name(figure: Figure, column: str) -> str:
    """Return how a figure calls a column."""
    return figure.names.get(column) or label_of(column)


def cell(value: Any, unit: str, numbers: NumberFormat) -> str:
    """Return one value as text; a dash for what is not known."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{day(value.date())}, {value:%H:%M}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, (int, float, Decimal)):
        if unit == "text":
            return str(value)
        if unit == "money":
            return numbers.money(value)
        if unit == "share":
            return numbers.share(value)
        if unit == "ratio":
            return numbers.ratio(value)
        return numbers.number(value, 0 if float(value) == round(float(value)) else 2)
    return str(value)
