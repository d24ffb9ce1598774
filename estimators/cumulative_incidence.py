"""The Aalen-Johansen curves: what share of leads is won, and what share is lost for good, within so many days."""

import numpy as np
import numpy.typing as npt
import polars as pl

from estimators.check import Z, need
from estimators.header import EstimatorColumn, EstimatorHeader

Floats = npt.NDArray[np.float64]

HEADER = EstimatorHeader(
    name="cumulative_incidence",
    title="Won or lost within so many days (Aalen-Johansen)",
    definition=(
        "The share of leads won within so many days of their creation, and the share that ended without a win, where an "
        "end is final: a lead that was rejected for good cannot be won any more, and is not waited for. A lead that is "
        "too young counts for as long as it was watched. Where rejected leads come back, the Kaplan-Meier curve is the "
        "right one, and this one reads too low."
    ),
    grain="One row per group and day on which a lead was won or lost, and one for day 0.",
    direction="higher",
    source="Aalen and Johansen (1978); variance by the delta method (Collett, 3rd ed., p. 411), log-log interval",
    inputs=("lead_ends",),
    columns={
        "dimension_value": EstimatorColumn("text", "The group"),
        "day": EstimatorColumn("days", "Days since creation"),
        "at_risk": EstimatorColumn("count", "Leads watched up to this day and neither won nor lost before"),
        "won": EstimatorColumn("count", "Leads won on this day"),
        "lost": EstimatorColumn("count", "Leads lost for good on this day"),
        "won_rate": EstimatorColumn("share", "Share won within so many days"),
        "low": EstimatorColumn("share", "Lower end of the 95% interval of the share won; a dash at 0% and 100%"),
        "high": EstimatorColumn("share", "Upper end of the 95% interval of the share won; a dash at 0% and 100%"),
        "lost_rate": EstimatorColumn("share", "Share lost for good within so many days"),
        "open_rate": EstimatorColumn("share", "Share still open after so many days"),
    },
)


def cumulative_incidence(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the share of leads won, lost and still open within so many days, for every group.

    Parameters
    ----------
    frame
        One row per `dimension_value` and `day`: how many were `won` and `lost` on that day, and how many `censored`
        (watched up to that day and still open), as the query `lead_ends` gives them.

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
    >>> leads = pl.DataFrame({"dimension_value": ["a"] * 2, "day": [3, 9], "won": [1, 1], "lost": [1, 0], "censored": [0, 0]})
    >>> cumulative_incidence(leads).select("day", "won_rate", "lost_rate").rows()[1]
    (3, 0.3333333333333333, 0.3333333333333333)
    """
    counts = ("day", "won", "lost", "censored")
    need(frame, ("dimension_value", *counts), "The curves cannot be drawn", not_negative=counts)
    summed = frame.group_by("dimension_value", "day", maintain_order=True).agg(pl.col("won", "lost", "censored").sum())
    curves = [
        _curve(value, group.sort("day"))
        for (value,), group in summed.group_by(["dimension_value"], maintain_order=True)
    ]
    kinds = {"text": pl.String, "days": pl.Int64, "count": pl.Int64, "share": pl.Float64}
    schema = {name: kinds[column.unit] for name, column in HEADER.columns.items()}
    return pl.concat(curves).cast(schema) if curves else pl.DataFrame(schema=schema)  # type: ignore[arg-type]


def _curve(value: object, group: pl.DataFrame) -> pl.DataFrame:
    day, won, lost, censored = (group[name].to_numpy().astype(float) for name in ("day", "won", "lost", "censored"))
    leaving = won + lost + censored
    at_risk = leaving.sum() - np.concatenate(([0.0], np.cumsum(leaving)[:-1]))
    ended = won + lost
    survival = np.cumprod(1 - ended / at_risk)
    before = np.concatenate(([1.0], survival[:-1]))
    won_rate = np.cumsum(before * won / at_risk)
    low, high = _interval(won_rate, _variance(won_rate, before, won, ended, at_risk))
    curve = pl.DataFrame(
        {
            "day": day,
            "at_risk": at_risk,
            "won": won,
            "lost": lost,
            "won_rate": won_rate,
            "low": low,
            "high": high,
            "lost_rate": np.cumsum(before * lost / at_risk),
            "open_rate": survival,
        }
    ).with_columns(pl.col("low", "high").fill_nan(None))
    curve = curve.filter((pl.col("won") > 0) | (pl.col("lost") > 0))
    if curve.is_empty() or curve["day"][0] > 0:
        start = {"day": 0.0, "at_risk": leaving.sum(), "won": 0.0, "lost": 0.0, "won_rate": 0.0}
        first = start | {"low": None, "high": None, "lost_rate": 0.0, "open_rate": 1.0}
        curve = pl.concat([pl.DataFrame([first], schema=curve.schema), curve])
    return curve.select(pl.lit(value, dtype=pl.String).alias("dimension_value"), pl.all())


def _variance(rate: Floats, before: Floats, won: Floats, ended: Floats, at_risk: Floats) -> Floats:
    """Return the variance of the share won, day by day: sums over the days up to it, multiplied out."""
    left = at_risk - ended
    # Where all that were left ended, the curve moves no more: what would be endless is multiplied by nothing.
    spread = np.divide(ended, at_risk * left, out=np.zeros_like(ended), where=left > 0)
    first = rate**2 * np.cumsum(spread) - 2 * rate * np.cumsum(rate * spread) + np.cumsum(rate**2 * spread)
    second = np.cumsum(before**2 * (at_risk - won) * won / at_risk**3)
    step = before * won / at_risk**2
    third = rate * np.cumsum(step) - np.cumsum(rate * step)
    variance: Floats = first + second - 2 * third
    return variance.clip(0)


def _interval(rate: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95% interval on the log-log scale; at 0% and 100% there is none."""
    # Sums of shares that are all of it may miss 1 by a hair, and have no interval either.
    inside = (rate > 0) & (rate < 1 - 1e-12)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spread = Z * np.sqrt(variance) / (rate * np.log(rate))
        low, high = rate ** np.exp(-spread), rate ** np.exp(spread)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)
