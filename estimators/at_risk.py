"""How many leads a curve still stands on at an age, and from which age on they are too few."""

from collections.abc import Sequence

import polars as pl

from estimators.errors import EstimatorError
from estimators.header import EstimatorColumn, EstimatorHeader

HEADER = EstimatorHeader(
    name="at_risk",
    title="Leads still watched",
    definition=(
        "How many leads of each group were watched for so many days and had not been won before: what the curve stands "
        "on at that age. Where they are few, the curve is drawn dashed; where there is none, it ends."
    ),
    grain="One row per group and number of days asked for.",
    direction="none",
    source="Kaplan and Meier (1958)",
    inputs=("lead_survival",),
    columns={
        "dimension_value": EstimatorColumn("text", "The group"),
        "day": EstimatorColumn("days", "Days since creation"),
        "at_risk": EstimatorColumn("count", "Leads watched up to this day and not won before"),
    },
)


def at_risk(frame: pl.DataFrame, days: Sequence[int]) -> pl.DataFrame:
    """Return how many leads of each group are at risk at each of some ages.

    Parameters
    ----------
    frame
        As `kaplan_meier` takes it: `dimension_value`, `day`, `won`, `censored`.
    days
        The ages.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes; no rows for an empty frame.

    Examples
    --------
    >>> import polars as pl
    >>> leads = pl.DataFrame({"dimension_value": ["a", "a"], "day": [3, 9], "won": [1, 0], "censored": [0, 1]})
    >>> at_risk(leads, [0, 4, 10])["at_risk"].to_list()
    [2, 1, 0]
    """
    _check(frame)
    leaving = pl.col("won") + pl.col("censored")
    return (
        frame.select("dimension_value", "day", leaving.alias("leaving"))
        .join(pl.DataFrame({"asked": list(days)}, schema={"asked": pl.Int64}), how="cross")
        .group_by("dimension_value", "asked", maintain_order=True)
        .agg(pl.col("leaving").filter(pl.col("day") >= pl.col("asked")).sum().cast(pl.Int64).alias("at_risk"))
        .rename({"asked": "day"})
        .sort("dimension_value", "day", nulls_last=True)
    )


def watched_until(frame: pl.DataFrame, least: int) -> dict[str | None, tuple[int, int]]:
    """Return, for each group, the last age at which at least so many leads are at risk, and the last with any.

    Parameters
    ----------
    frame
        As `kaplan_meier` takes it.
    least
        Fewer leads than this are few. A group that never has so many is few from the beginning: 0.
    """
    _check(frame)
    found: dict[str | None, tuple[int, int]] = {}
    for (value,), group in frame.group_by(["dimension_value"], maintain_order=True):
        by_age = group.sort("day").with_columns(
            at_risk=(pl.col("won") + pl.col("censored")).cum_sum(reverse=True),
        )
        enough = by_age.filter(pl.col("at_risk") >= least)["day"].max()
        last = by_age.filter(pl.col("at_risk") > 0)["day"].max()
        key = None if value is None else str(value)
        found[key] = (_whole(enough), _whole(last))
    return found


def _whole(day: object) -> int:
    return day if isinstance(day, int) else 0


def _check(frame: pl.DataFrame) -> None:
    for column in ("dimension_value", "day", "won", "censored"):
        if column not in frame.columns:
            raise EstimatorError("Leads at risk cannot be counted", f"The column '{column}' is missing.")
