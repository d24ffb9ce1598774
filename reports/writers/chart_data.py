"""A figure's frame as the data of a native chart, which whoever gets the file can edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from charts.look import BAD, GOOD, PLAIN
from charts.numbers import NumberFormat
from reports.document import Figure
from reports.writers.cells import cell, column_name

INVISIBLE = "none"


@dataclass(frozen=True)
class Drawn:
    """One series: its name, its values (None: not known), and its colour; `INVISIBLE` carries what stands on it."""

    name: str
    values: tuple[float | None, ...]
    colour: str | None = None


def categories_of(figure: Figure, numbers: NumberFormat) -> list[Any]:
    """Return a figure's categories: days as days, all else as text."""
    values = figure.frame[figure.x].to_list()
    if values and all(isinstance(value, date) for value in values):
        return values
    return [cell(value, "text", numbers) for value in values]


def series_of(figure: Figure) -> list[Drawn]:
    """Return what a figure draws, a waterfall as the bars that stand on invisible ones."""
    columns = [(name, tuple(_number(value) for value in figure.frame[name])) for name in figure.series]
    if figure.kind == "waterfall":
        return _waterfall(columns[0][1])
    return [Drawn(column_name(figure, name), values) for name, values in columns]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _waterfall(values: Sequence[float | None]) -> list[Drawn]:
    base, levels, ups, downs = [], [], [], []
    level = 0.0
    for place, value in enumerate(values):
        amount = value or 0.0
        is_level = place in (0, len(values) - 1)
        before, level = (0.0, amount) if is_level else (level, level + amount)
        base.append(min(before, level))
        levels.append(amount if is_level else None)
        ups.append(amount if not is_level and amount > 0 else None)
        downs.append(-amount if not is_level and amount < 0 else None)
    return [
        Drawn("Below", tuple(base), INVISIBLE),
        Drawn("Level", tuple(levels), PLAIN),
        Drawn("More", tuple(ups), GOOD),
        Drawn("Less", tuple(downs), BAD),
    ]


def axis_floor(figure: Figure) -> float | None:
    """Return where the axis of a waterfall begins: near the lowest level, so that steps are seen; None for 0."""
    if figure.kind != "waterfall":
        return None
    drawn = series_of(figure)
    lows = [low for place, low in enumerate(drawn[0].values) if low is not None and drawn[1].values[place] is None]
    tops = [sum(one.values[place] or 0.0 for one in drawn) for place in range(len(drawn[0].values))]
    if not lows or min(lows) <= 0 or max(tops) - min(lows) > 0.35 * max(tops):
        return None
    return max(min(lows) - 0.35 * (max(tops) - min(lows)), 0.0)


def axis_format(figure: Figure, numbers: NumberFormat) -> str:
    """Return how a spreadsheet's chart writes a figure's numbers; the marks are those of whoever opens it."""
    if figure.values == "share":
        return "0%"
    if figure.values == "ratio":
        return '0.0"×"'
    if figure.values != "money":
        return "#,##0" if figure.values in ("count", "days") else "General"
    largest = max((abs(value or 0.0) for one in series_of(figure) for value in one.values), default=0.0)
    symbol = numbers.symbol.replace('"', "")
    if largest >= 1_000_000:
        return f'"{symbol}"#,##0.0#,,"M"'
    return f'"{symbol}"#,##0,"k"' if largest >= 10_000 else f'"{symbol}"#,##0'
