"""Complete weeks of daily numbers, one value a week, for all metrics at once."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from estimators.check import need, one_of
from estimators.header import EstimatorColumn, EstimatorHeader

_TITLE = "The weeks cannot be made"
OVER = ("sum", "ratio", "last")

HEADER = EstimatorHeader(
    name="by_week",
    title="Weeks of a daily number",
    definition=(
        "The complete weeks of a number that is known by day: its days added up, divided (what stands above the line over "
        "what stands below it), or the last of the week. A week that begins before the first known day, or that is not "
        "over, is left out; a week with nothing to divide by is a dash."
    ),
    grain="One row per metric and complete week.",
    direction="none",
    source="METRICS: Week",
    inputs=("daily values by metric",),
    columns={
        "metric": EstimatorColumn("text", "The metric"),
        "week": EstimatorColumn("date", "First day of the week"),
        "value": EstimatorColumn("number", "The number of the week"),
    },
)


def by_week(frame: pl.DataFrame, over: Mapping[str, str], as_of: date, week_start: int = 1) -> pl.DataFrame:
    """Return the complete weeks of each metric.

    Parameters
    ----------
    frame
        One row per `metric` and known `day` with its `value`; for ratios `weight`, the part below the line.
    over
        How the days of each metric are taken together: sum, ratio or last.
    as_of
        The last day that counts.
    week_start
        The weekday on which weeks begin, 1 Monday to 7 Sunday.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes, by metric and week, without a gap: a week in which nothing was counted
        between two others is null.

    Raises
    ------
    EstimatorError
        A column is missing, or a metric is taken together in no way that there is.
    """
    need(frame, ("metric", "day", "value", "weight"), _TITLE)
    for way in over.values():
        one_of(way, OVER, "way to take days together", _TITLE)
    end = last_week_end(as_of, week_start)
    days = frame.filter(pl.col("metric").is_in(list(over)) & (pl.col("day") <= end)).with_columns(
        week=pl.col("day") - pl.duration(days=(pl.col("day").dt.weekday() - week_start) % 7),
        over=pl.col("metric").replace_strict(dict(over), return_dtype=pl.String),
    )
    value, weight = pl.col("value").cast(pl.Float64), pl.col("weight").cast(pl.Float64)
    weeks = (
        days.sort("day")
        .group_by("metric", "week", maintain_order=True)
        .agg(
            pl.when(pl.col("over").first() == "sum")
            .then(value.sum())
            .when(pl.col("over").first() == "last")
            .then(value.drop_nulls().last())
            .otherwise(pl.when(weight.sum() > 0).then(value.sum() / weight.sum()))
            .alias("value"),
        )
    )
    firsts = days.group_by("metric").agg(first=pl.col("day").min())
    known = weeks.join(firsts, on="metric").filter(pl.col("week") >= pl.col("first")).select("metric", "week", "value")
    if known.is_empty():
        return known.cast({"value": pl.Float64})
    last = end - timedelta(days=6)
    every = (
        known.group_by("metric", maintain_order=True)
        .agg(pl.col("week").min())
        .with_columns(week=pl.date_ranges("week", pl.lit(last), "7d"))
        .explode("week")
    )
    return every.join(known, on=["metric", "week"], how="left").sort("metric", "week")


def last_week_end(as_of: date, week_start: int) -> date:
    """Return the last day of the last complete week."""
    return as_of - timedelta(days=(as_of.isoweekday() - week_start + 1) % 7)
