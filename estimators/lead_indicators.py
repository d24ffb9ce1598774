"""Which weekly numbers moved ahead of another, and which merely say the same."""

import itertools
import math

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import rankdata

from estimators.check import Z, need
from estimators.errors import EstimatorError
from estimators.header import EstimatorColumn, EstimatorHeader

Floats = npt.NDArray[np.float64]

_TITLE = "The numbers cannot be compared"
LEAST_WEEKS = 20
_REPEATS = 0.8

HEADER = EstimatorHeader(
    name="lead_indicators",
    title="What moved ahead",
    definition=(
        "How closely the ranks of a weekly number went with the ranks of the target so many weeks later (Spearman's "
        "correlation: +1 always together, -1 always against each other, 0 not at all). Numbers that drift slowly go "
        "together by chance more often, so a week that resembles the week before counts for less. Of each number the lag "
        "is shown that fits best; having looked at many lags and numbers is counted against it. Moving ahead is no cause."
    ),
    grain="One row per candidate, at its best lag.",
    direction="none",
    source="Spearman (1904); Fisher's interval with the variance of Bonett and Wright (2000); Bartlett's effective size; Holm",
    inputs=("weekly values by metric",),
    columns={
        "metric": EstimatorColumn("text", "The candidate"),
        "lag": EstimatorColumn("count", "Weeks by which it is ahead of the target"),
        "weeks": EstimatorColumn("count", "Weeks in which both are known"),
        "effective_weeks": EstimatorColumn("number", "What these are worth, as weeks resemble the week before"),
        "correlation": EstimatorColumn("ratio", "Spearman's correlation at this lag"),
        "low": EstimatorColumn("ratio", "Lower end of its 95% interval"),
        "high": EstimatorColumn("ratio", "Upper end of its 95% interval"),
        "p_value": EstimatorColumn(
            "share", "How often chance alone would find as much, looking at all lags and candidates"
        ),
        "verdict": EstimatorColumn("text", "moves ahead, moves against, cannot tell; a dash under twenty weeks"),
    },
)

REPEAT_HEADER = EstimatorHeader(
    name="repeated_picks",
    title="Picks that say the same",
    definition=(
        "Two weekly numbers whose changes from week to week go together at 0.8 or more tell a team one thing twice: one "
        "of them could make room for another."
    ),
    grain="One row per pair of picks.",
    direction="none",
    source=HEADER.source,
    inputs=HEADER.inputs,
    columns={
        "first": EstimatorColumn("text", "One of the picks"),
        "second": EstimatorColumn("text", "The other"),
        "weeks": EstimatorColumn("count", "Weeks in which the changes of both are known"),
        "correlation": EstimatorColumn("ratio", "Spearman's correlation of their changes"),
        "low": EstimatorColumn("ratio", "Lower end of its 95% interval"),
        "high": EstimatorColumn("ratio", "Upper end of its 95% interval"),
        "verdict": EstimatorColumn("text", "repeats, or differs; a dash under twenty weeks"),
    },
)


def lead_indicators(frame: pl.DataFrame, target: str, *, lags: tuple[int, int] = (1, 13)) -> pl.DataFrame:
    """Return which numbers moved ahead of a target, each at its best lag.

    Parameters
    ----------
    frame
        One row per `metric` and `week` (all weeks one week apart) with its `value`.
    target
        The metric that the others are compared with, such as the amount won.
    lags
        The smallest and the largest number of weeks by which a candidate may be ahead.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes, the closest first.

    Raises
    ------
    EstimatorError
        A column or the target is missing, a metric has a week twice, or the lags are in the wrong order.
    """
    series = _series(frame)
    if target not in series:
        raise EstimatorError(_TITLE, f"There is no metric '{target}' to compare with.")
    if not 0 <= lags[0] <= lags[1]:
        raise EstimatorError(_TITLE, f"Lags from {lags[0]} to {lags[1]} are none.")
    rows: list[dict[str, object]] = []
    for metric, values in series.items():
        if metric == target:
            continue
        tried = [_at_lag(values, series[target], lag) for lag in range(lags[0], lags[1] + 1)]
        told = [row for row in tried if row["p_value"] is not None]
        if not told:
            rows.append({"metric": metric, "lag": None, "weeks": max(int(str(row["weeks"])) for row in tried)})
            continue
        best = min(told, key=lambda row: float(str(row["p_value"])))
        rows.append({"metric": metric} | best | {"p_value": min(float(str(best["p_value"])) * len(told), 1.0)})
    kinds = {"text": pl.String, "count": pl.Int64}
    schema = {name: kinds.get(column.unit, pl.Float64) for name, column in HEADER.columns.items() if name != "verdict"}
    found = pl.DataFrame(rows, schema=schema)
    # Holm: the smallest of m must be under 5% / m, the next under 5% / (m - 1), and so on.
    ahead = pl.col("p_value").count() - pl.col("p_value").rank("ordinal") + 1
    found = found.sort("p_value", "metric", nulls_last=True).with_columns(
        p_value=(pl.col("p_value") * ahead).cum_max().clip(0, 1)
    )
    told_apart = (
        pl.when(pl.col("p_value") >= 0.05).then(pl.lit("cannot tell"))
        .when(pl.col("correlation") > 0).then(pl.lit("moves ahead"))
        .when(pl.col("correlation") < 0).then(pl.lit("moves against"))
    )  # fmt: skip
    return found.with_columns(verdict=told_apart).select(*HEADER.columns)


def repeated_picks(frame: pl.DataFrame) -> pl.DataFrame:
    """Return for each pair of metrics whether they say the same; `frame` is as `lead_indicators` takes it.

    Their changes from week to week are compared, for two numbers that both grow need not say the same.
    """
    series = _series(frame)
    rows = []
    for first, second in itertools.combinations(series, 2):
        found = _at_lag(_changes(series[first]), _changes(series[second]), 0)
        row: dict[str, object] = {"first": first, "second": second, "verdict": None}
        row |= {name: found[name] for name in ("weeks", "correlation", "low", "high")}
        if found["correlation"] is not None:
            row["verdict"] = "repeats" if abs(float(str(found["correlation"]))) >= _REPEATS else "differs"
        rows.append(row)
    kinds = {"text": pl.String, "count": pl.Int64}
    schema = {name: kinds.get(column.unit, pl.Float64) for name, column in REPEAT_HEADER.columns.items()}
    return pl.DataFrame(rows, schema=schema).select(*REPEAT_HEADER.columns)


def _series(frame: pl.DataFrame) -> dict[str, Floats]:
    """Return each metric's values on one axis of weeks, from the first to the last, nan where there is none."""
    need(frame, ("metric", "week", "value"), _TITLE)
    if frame.select("metric", "week").n_unique() < frame.height:
        raise EstimatorError(_TITLE, "A week of a metric stands twice.")
    if frame.is_empty():
        return {}
    number = (pl.col("week") - frame["week"].min()).dt.total_days() // 7
    placed = frame.select("metric", number.alias("place"), pl.col("value").cast(pl.Float64))
    length = int(placed["place"].max()) + 1  # type: ignore[arg-type]
    series = {}
    for (metric,), part in placed.group_by(["metric"], maintain_order=True):
        values = np.full(length, np.nan)
        values[part["place"].to_numpy()] = part["value"].fill_null(np.nan).to_numpy()
        series[str(metric)] = values
    return series


def _changes(values: Floats) -> Floats:
    changes: Floats = np.diff(values, prepend=np.nan)
    return changes


def _at_lag(ahead: Floats, target: Floats, lag: int) -> dict[str, object]:
    """Return the correlation of a number with another so many weeks later."""
    first, second = ahead[: len(ahead) - lag], target[lag:]
    both = ~np.isnan(first) & ~np.isnan(second)
    weeks = int(both.sum())
    row: dict[str, object] = dict.fromkeys(("effective_weeks", "correlation", "low", "high", "p_value"))
    row |= {"lag": lag, "weeks": weeks}
    if weeks < LEAST_WEEKS or np.ptp(first[both]) == 0 or np.ptp(second[both]) == 0:
        return row
    ranks = rankdata(first[both]), rankdata(second[both])
    correlation = float(np.corrcoef(*ranks)[0, 1])
    worth = _effective(*ranks)
    bounded = math.atanh(max(min(correlation, 0.999999), -0.999999))
    # The error of a rank correlation is a little larger than that of a plain one, the more so the closer it is.
    spread = math.sqrt((1 + correlation**2 / 2) / (worth - 3))
    low, high = math.tanh(bounded - Z * spread), math.tanh(bounded + Z * spread)
    chance = math.erfc(abs(bounded) * math.sqrt(worth - 3) / math.sqrt(2))
    return row | {"effective_weeks": worth, "correlation": correlation, "low": low, "high": high, "p_value": chance}


def _effective(first: Floats, second: Floats) -> float:
    """Return how many independent weeks these are worth (Bartlett): n / (1 + 2 sum of products of autocorrelations)."""
    count = len(first)
    reach = max(count // 4, 1)
    centred = first - first.mean(), second - second.mean()
    total = 0.0
    for step in range(1, reach + 1):
        product = 1.0
        for values in centred:
            product *= float(values[step:] @ values[:-step] / (values @ values))
        # Past the first product that is no longer positive there is only noise.
        if product <= 0:
            break
        total += (1 - step / count) * product
    return max(min(count / (1 + 2 * total), float(count)), 5.0)
