"""The Kaplan-Meier curve: what share of leads is won within so many days, with those still waiting counted rightly."""

import numpy as np
import polars as pl

from estimators.errors import EstimatorError
from estimators.header import EstimatorColumn, EstimatorHeader

# The 97.5% point of the normal distribution, for a 95% interval.
_Z = 1.959963984540054

HEADER = EstimatorHeader(
    name="kaplan_meier",
    title="Won within so many days (Kaplan-Meier)",
    definition=(
        "The share of leads won within so many days of their creation. A lead that is too young to have been watched "
        "for that long is counted for as long as it was watched, so that a young month is not read as a bad one. "
        "The band is the 95% interval."
    ),
    grain="One row per group and day on which a lead was won, and one for day 0.",
    direction="higher",
    source="Kaplan and Meier (1958); Greenwood's variance on the log-log scale (Kalbfleisch and Prentice)",
    inputs=("lead_survival",),
    columns={
        "dimension_value": EstimatorColumn("text", "The group"),
        "day": EstimatorColumn("days", "Days since creation"),
        "at_risk": EstimatorColumn("count", "Leads watched up to this day and not won before"),
        "won": EstimatorColumn("count", "Leads won on this day"),
        "rate": EstimatorColumn("share", "Share won within so many days"),
        "low": EstimatorColumn("share", "Lower end of the 95% interval; a dash at 0% and 100%"),
        "high": EstimatorColumn("share", "Upper end of the 95% interval; a dash at 0% and 100%"),
    },
)


def kaplan_meier(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the share of leads won within so many days, for every group.

    Parameters
    ----------
    frame
        One row per `dimension_value` and `day`: how many were `won` on that day, and how many `censored` (watched
        up to that day and not won), as the query `lead_survival` gives them.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes. No rows for an empty frame.

    Raises
    ------
    EstimatorError
        A column is missing, or a day or a count is negative.

    Examples
    --------
    >>> import polars as pl
    >>> leads = pl.DataFrame({"dimension_value": ["a", "a"], "day": [3, 9], "won": [1, 0], "censored": [0, 1]})
    >>> kaplan_meier(leads).select("day", "at_risk", "won", "rate").rows()
    [(0, 2, 0, 0.0), (3, 2, 1, 0.5)]
    """
    _check(frame)
    groups = [
        _curve(value, group.sort("day")) for (value,), group in frame.group_by(["dimension_value"], maintain_order=True)
    ]
    if not groups:
        return pl.DataFrame(
            schema={
                "dimension_value": pl.String,
                "day": pl.Int64,
                "at_risk": pl.Int64,
                "won": pl.Int64,
                "rate": pl.Float64,
                "low": pl.Float64,
                "high": pl.Float64,
            }
        )
    return pl.concat(groups)


def _check(frame: pl.DataFrame) -> None:
    for column in ("dimension_value", "day", "won", "censored"):
        if column not in frame.columns:
            raise EstimatorError("The curve cannot be drawn", f"The column '{column}' is missing.")
    for column in ("day", "won", "censored"):
        least = frame[column].min()
        if least is not None and least < 0:  # type: ignore[operator]
            raise EstimatorError("The curve cannot be drawn", f"The column '{column}' holds a negative value.")


def _curve(value: object, group: pl.DataFrame) -> pl.DataFrame:
    day = group["day"].to_numpy().astype(np.int64)
    won = group["won"].to_numpy().astype(np.float64)
    leaving = won + group["censored"].to_numpy()
    at_risk = leaving.sum() - np.concatenate(([0.0], np.cumsum(leaving)[:-1]))
    survival = np.cumprod(1 - won / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(won / (at_risk * (at_risk - won)))
        spread = _Z * np.sqrt(variance) / np.abs(np.log(survival))
        low = 1 - survival ** np.exp(-spread)
        high = 1 - survival ** np.exp(spread)
    # On the log-log scale 0% and 100% have no interval.
    has_interval = (survival > 0) & (survival < 1)
    curve = pl.DataFrame(
        {
            "day": day,
            "at_risk": at_risk.astype(np.int64),
            "won": won.astype(np.int64),
            "rate": 1 - survival,
            "low": np.where(has_interval, low, np.nan),
            "high": np.where(has_interval, high, np.nan),
        }
    ).with_columns(pl.col("low", "high").fill_nan(None))
    start = pl.DataFrame(
        {
            "day": [0],
            "at_risk": [int(leaving.sum())],
            "won": [0],
            "rate": [0.0],
            "low": [None],
            "high": [None],
        },
        schema=curve.schema,
    )
    curve = curve.filter(pl.col("won") > 0)
    if curve.is_empty() or curve["day"][0] > 0:
        curve = pl.concat([start, curve])
    return curve.select(pl.lit(value, dtype=pl.String).alias("dimension_value"), pl.all())
