"""The 6-12 view: the last six weeks and the last twelve months of one daily number, with the year before."""

import calendar
from datetime import date, timedelta

import polars as pl

from estimators.check import need, one_of
from estimators.errors import EstimatorError
from estimators.header import EstimatorColumn, EstimatorHeader

_TITLE = "The 6-12 view cannot be made"
AGGREGATIONS = ("sum", "mean", "last", "ratio")
MONTHS = ("trailing", "fiscal")

HEADER = EstimatorHeader(
    name="six_twelve",
    title="Six weeks and twelve months",
    definition=(
        "One number on one axis: its last six complete weeks and its last twelve months, each beside the same span a "
        "year before (weeks: 52 weeks before, so that weekdays match). Trailing months are the last twelve complete "
        "ones; fiscal months are those of the fiscal year, the present one so far and marked as partial, those to come "
        "blank. A span that begins before the first known day is a dash."
    ),
    grain="One row per week and month.",
    direction="none",
    source="METRICS: Week, 6-12 view; Bryar and Carr (2021), Working Backwards",
    inputs=("daily values",),
    columns={
        "kind": EstimatorColumn("text", "week or month"),
        "position": EstimatorColumn("count", "1 to 6 for weeks, 1 to 12 for months, the oldest first"),
        "first_day": EstimatorColumn("date", "First day of the span"),
        "last_day": EstimatorColumn("date", "Last day of the span"),
        "value": EstimatorColumn("number", "The number of the span"),
        "prior_year": EstimatorColumn("number", "The same a year before"),
        "change": EstimatorColumn("share", "value / prior_year - 1; a dash where the year before was 0 or less"),
        "is_partial": EstimatorColumn("flag", "The span is not over yet"),
    },
)

TO_DATE_HEADER = EstimatorHeader(
    name="to_date",
    title="Last week and to date",
    definition=(
        "The last complete week, and the month, quarter and fiscal year that it ends in, up to its last day: so all four "
        "speak of the same day. Each beside the same span a year before, the week also beside the week before."
    ),
    grain="One row each for the week, the month, the quarter and the year.",
    direction="none",
    source=HEADER.source,
    inputs=HEADER.inputs,
    columns={
        "span": EstimatorColumn("text", "last week, month to date, quarter to date or year to date"),
        "first_day": EstimatorColumn("date", "First day of the span"),
        "last_day": EstimatorColumn("date", "Last day of the span"),
        "value": EstimatorColumn("number", "The number of the span"),
        "week_before": EstimatorColumn("number", "The number of the week before; only for the last week"),
        "change_on_week": EstimatorColumn("share", "value / week_before - 1"),
        "prior_year": EstimatorColumn("number", "The same a year before"),
        "change_on_year": EstimatorColumn(
            "share", "value / prior_year - 1; a dash where the year before was 0 or less"
        ),
    },
)


class _Days:
    """Daily numbers, and how they are taken together."""

    def __init__(self, frame: pl.DataFrame, aggregation: str, *, starts: date | None) -> None:
        one_of(aggregation, AGGREGATIONS, "aggregation", _TITLE)
        columns = ("day", "value", *(["weight"] if aggregation == "ratio" else []))
        need(frame, columns, _TITLE)
        if frame["day"].n_unique() < frame.height:
            raise EstimatorError(_TITLE, "A day stands twice.")
        known = frame.drop_nulls(list(columns)).sort("day").with_columns(pl.col(columns[1:]).cast(pl.Float64))
        self.aggregation, self.known = aggregation, known
        first: date | None = known["day"][0] if known.height else None
        self.first = min(first, starts) if first and starts else first

    def over(self, first: date, last: date) -> float | None:
        """Return the number of a span of days; None if it begins before the first known day, or no day in it is known."""
        if self.first is None or first < self.first:
            return None
        days = self.known.filter(pl.col("day").is_between(first, last))
        if days.is_empty():
            return None
        if self.aggregation == "last":
            return float(days["value"][-1])
        if self.aggregation == "mean":
            return float(days["value"].sum() / days.height)
        if self.aggregation == "sum":
            return float(days["value"].sum())
        weight = float(days["weight"].sum())
        return float(days["value"].sum()) / weight if weight else None


def six_twelve(
    frame: pl.DataFrame,
    as_of: date,
    *,
    aggregation: str = "sum",
    week_ending: int = 7,
    fiscal_year_end: int = 12,
    months: str = "trailing",
    starts: date | None = None,
) -> pl.DataFrame:
    """Return the last six complete weeks and twelve months of a daily number, with the year before.

    Parameters
    ----------
    frame
        One row per known `day` with its `value`; for a ratio the part above the line, and `weight` the part below. A day
        without a row, or with null, is not known; a known day without an event is 0.
    as_of
        The last day that counts.
    aggregation
        How days make a span: their sum, their mean, the last known one, or a ratio of two sums.
    week_ending
        The weekday on which weeks end, 1 Monday to 7 Sunday.
    fiscal_year_end
        The month in which the fiscal year ends.
    months
        trailing: the last twelve complete months; fiscal: the months of the fiscal year that `as_of` is in.
    starts
        The first day from which on the number is known, where that lies before the first row.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes: six weeks, then twelve months.

    Raises
    ------
    EstimatorError
        A column is missing, a day stands twice, or a parameter is none of those that there are.
    """
    _check(week_ending, fiscal_year_end)
    one_of(months, MONTHS, "kind of months", _TITLE)
    days = _Days(frame.filter(pl.col("day") <= as_of) if "day" in frame.columns else frame, aggregation, starts=starts)
    end = _last_week_end(as_of, week_ending)
    rows = []
    for position in range(1, 7):
        last = end - timedelta(days=7 * (6 - position))
        rows.append(_point("week", position, days, last - timedelta(days=6), last, 364, as_of))
    begin = _month_start(as_of, -((as_of.month - fiscal_year_end - 1) % 12))
    if months == "trailing":
        begin = _month_start(as_of, -11 if _month_start(as_of, 1) - timedelta(days=1) == as_of else -12)
    for position in range(1, 13):
        first = _month_start(begin, position - 1)
        rows.append(_point("month", position, days, first, _month_start(first, 1) - timedelta(days=1), None, as_of))
    return _frame(rows, HEADER)


def to_date(
    frame: pl.DataFrame,
    as_of: date,
    *,
    aggregation: str = "sum",
    week_ending: int = 7,
    fiscal_year_end: int = 12,
    starts: date | None = None,
) -> pl.DataFrame:
    """Return the last complete week and the month, quarter and year to its end; parameters as `six_twelve`."""
    _check(week_ending, fiscal_year_end)
    days = _Days(frame.filter(pl.col("day") <= as_of) if "day" in frame.columns else frame, aggregation, starts=starts)
    end = _last_week_end(as_of, week_ending)
    month = (end.month - fiscal_year_end - 1) % 12
    week = timedelta(days=7)
    spans = {
        "last week": end - timedelta(days=6),
        "month to date": _month_start(end, 0),
        "quarter to date": _month_start(end, -(month % 3)),
        "year to date": _month_start(end, -month),
    }
    rows = []
    for name, first in spans.items():
        value = days.over(first, end)
        is_week = name == "last week"
        before = days.over(first - week, end - week) if is_week else None
        year = (first - 52 * week, end - 52 * week) if is_week else (_year_before(first), _year_before(end))
        prior = days.over(*year)
        row: dict[str, object] = {
            "span": name,
            "first_day": first,
            "last_day": end,
            "value": value,
            "week_before": before,
        }
        row |= {"change_on_week": _change(value, before), "prior_year": prior, "change_on_year": _change(value, prior)}
        rows.append(row)
    return _frame(rows, TO_DATE_HEADER)


def _check(week_ending: int, fiscal_year_end: int) -> None:
    one_of(str(week_ending), [str(day) for day in range(1, 8)], "weekday", _TITLE)
    one_of(str(fiscal_year_end), [str(month) for month in range(1, 13)], "month", _TITLE)


def _last_week_end(as_of: date, week_ending: int) -> date:
    return as_of - timedelta(days=(as_of.isoweekday() - week_ending) % 7)


def _month_start(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months from a day's."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _year_before(day: date) -> date:
    """Return the same day a year before; the end of February stays the end of February."""
    last = calendar.monthrange(day.year - 1, day.month)[1]
    is_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(day.year - 1, day.month, last if is_end else min(day.day, last))


def _point(
    kind: str, position: int, days: _Days, first: date, last: date, days_before: int | None, as_of: date
) -> dict[str, object]:
    if days_before is None:
        before = _year_before(first), _year_before(last)
    else:
        before = first - timedelta(days=days_before), last - timedelta(days=days_before)
    value = days.over(first, min(last, as_of)) if first <= as_of else None
    prior = days.over(*before) if before[1] <= as_of else None
    is_partial = first <= as_of < last
    row: dict[str, object] = {"kind": kind, "position": position, "first_day": first, "last_day": last}
    # A span that is not over is no change of a whole one.
    change = None if is_partial else _change(value, prior)
    return row | {"value": value, "prior_year": prior, "change": change, "is_partial": is_partial}


def _change(value: float | None, before: float | None) -> float | None:
    return value / before - 1 if value is not None and before is not None and before > 0 else None


def _frame(rows: list[dict[str, object]], header: EstimatorHeader) -> pl.DataFrame:
    kinds = {"text": pl.String, "count": pl.Int64, "date": pl.Date, "flag": pl.Boolean}
    return pl.DataFrame(rows, schema={name: kinds.get(c.unit, pl.Float64) for name, c in header.columns.items()})
