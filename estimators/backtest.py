"""What would have been said, and what came: calibration, Brier score and CRPS of past forecasts beside plain ones."""

import numpy as np
import numpy.typing as npt
import polars as pl

from estimators.check import Z, need
from estimators.header import EstimatorColumn, EstimatorHeader

Floats = npt.NDArray[np.float64]
_TITLE = "The forecasts cannot be scored"

CALIBRATION_HEADER = EstimatorHeader(
    name="calibration",
    title="Said and came",
    definition=(
        "Of the times when a chance of about so much was said: how often it came. Said well, 30% comes three times in "
        "ten. The interval is that of the share that came."
    ),
    grain="One row per band of chances in which something was said.",
    direction="none",
    source="Reliability diagram; Wilson (1927)",
    inputs=("chances that were said, and whether it came",),
    columns={
        "band": EstimatorColumn("text", "Chances from the lower edge up to the upper"),
        "said": EstimatorColumn("share", "Mean of the chances said"),
        "came": EstimatorColumn("share", "Share of the times when it came"),
        "low": EstimatorColumn("share", "Lower end of the 95% interval of the share that came"),
        "high": EstimatorColumn("share", "Upper end of the 95% interval of the share that came"),
        "times": EstimatorColumn("count", "How often such a chance was said"),
    },
)

SCORE_HEADER = EstimatorHeader(
    name="forecast_score",
    title="Better than the plain forecast?",
    definition=(
        "Mean error of the forecasts beside the mean error of the plain one on the same cases: for deals the Brier score "
        "(squared difference between chance and outcome) against the base rate of the stage; for periods the CRPS "
        "(distance between the forecast distribution and what came, in money) against the weighted pipeline. Cases of "
        "one period are drawn together for the interval. Where the gain's interval does not lie above zero, nobody can "
        "say that the forecast is better, and the plain one is shown."
    ),
    grain="One row.",
    direction="higher",
    source="Brier (1950); Gneiting and Raftery (2007); bootstrap over periods",
    inputs=("errors of past forecasts",),
    columns={
        "cases": EstimatorColumn("count", "Forecasts that were scored"),
        "periods": EstimatorColumn("count", "Periods that they are from"),
        "error": EstimatorColumn("number", "Mean error of the forecast"),
        "plain_error": EstimatorColumn("number", "Mean error of the plain forecast"),
        "gain": EstimatorColumn("share", "1 - error / plain error: above 0 the forecast is better"),
        "low": EstimatorColumn("share", "Lower end of the gain's 95% interval"),
        "high": EstimatorColumn("share", "Upper end of the gain's 95% interval"),
        "verdict": EstimatorColumn("text", "better, worse, or cannot tell"),
    },
)


def calibration(frame: pl.DataFrame, *, bands: int = 10) -> pl.DataFrame:
    """Return how often came what was said to come; `frame` has a `chance` and whether it `came`, one row per time.

    Raises
    ------
    EstimatorError
        A column is missing.
    """
    need(frame, ("chance", "came"), _TITLE, not_negative=("chance",))
    said = frame.drop_nulls(["chance", "came"]).with_columns(
        place=(pl.col("chance") * bands).floor().clip(0, bands - 1).cast(pl.Int64)
    )
    n, p = pl.col("times"), pl.col("came")
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    spread = Z / (1 + Z**2 / n) * (p * (1 - p) / n + Z**2 / (4 * n**2)).sqrt()
    edge = pl.concat_str(
        (pl.col("place") * 100 // bands).cast(pl.String),
        pl.lit("-"),
        ((pl.col("place") + 1) * 100 // bands).cast(pl.String),
        pl.lit("%"),
    )
    return (
        said.group_by("place")
        .agg(said=pl.col("chance").mean(), came=pl.col("came").cast(pl.Float64).mean(), times=pl.len().cast(pl.Int64))
        .sort("place")
        .with_columns(band=edge, low=(middle - spread).clip(0, 1), high=(middle + spread).clip(0, 1))
        .select(*CALIBRATION_HEADER.columns)
    )


def brier(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the errors of chances of deals, to be scored: `chance`, `plain_chance` and whether it `came`, by `period`."""
    need(frame, ("period", "chance", "plain_chance", "came"), _TITLE)
    came = pl.col("came").cast(pl.Float64)
    return frame.drop_nulls(["chance", "plain_chance", "came"]).select(
        "period", error=(pl.col("chance") - came) ** 2, plain_error=(pl.col("plain_chance") - came) ** 2
    )


def crps(distribution: pl.DataFrame, actual: float) -> float:
    """Return the distance between a forecast distribution (`amount`, `probability`) and what came, in its unit.

    The mean distance of the forecast to what came, less half of its mean distance to itself; the absolute error where
    the forecast is one amount.
    """
    need(distribution, ("amount", "probability"), _TITLE, not_negative=("probability",))
    ordered = distribution.sort("amount")
    amount = ordered["amount"].to_numpy().astype(float)
    share = ordered["probability"].to_numpy() / ordered["probability"].sum()
    # The integral of (F - 1{x >= actual})^2 over x, step by step.
    edges = np.sort(np.append(amount, actual))
    below = np.cumsum(share)[np.searchsorted(amount, edges[:-1], side="right") - 1]
    below = np.where(edges[:-1] < amount[0], 0.0, below)
    return float(((below - (edges[:-1] >= actual)) ** 2 * np.diff(edges)).sum())


def plain_chances(history: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    """Return deals with the base rate of their stage as `plain_chance`: what the weighted pipeline goes by.

    `history` and `deals` are as `deal_chances` takes them; a stage that history does not know has the rate of all.
    """
    need(history, ("stage", "deals", "won"), _TITLE, not_negative=("deals", "won"))
    need(deals, ("stage",), _TITLE)
    rates = history.group_by("stage").agg(plain_chance=pl.col("won").sum() / pl.col("deals").sum())
    total, won = (int(history[name].sum()) for name in ("deals", "won"))
    overall = won / total if total else None
    joined = deals.join(rates, on="stage", how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.col("plain_chance").fill_null(pl.lit(overall, dtype=pl.Float64)))


def forecast_score(errors: pl.DataFrame, *, draws: int = 2000, seed: int = 1) -> pl.DataFrame:
    """Return whether forecasts were better than plain ones.

    Parameters
    ----------
    errors
        One row per forecast: its `period`, its `error` and the `plain_error` on the same case, as `brier` gives them, or
        the CRPS of a period and the absolute error of the weighted pipeline.
    draws, seed
        How many times the periods are drawn anew for the interval, and where chance begins.

    Returns
    -------
    polars.DataFrame
        One row with the columns that `SCORE_HEADER` describes; only counts without any forecast.
    """
    need(errors, ("period", "error", "plain_error"), _TITLE, not_negative=("error", "plain_error"))
    sums = errors.group_by("period", maintain_order=True).agg(pl.col("error", "plain_error").sum())
    row: dict[str, object] = {"cases": errors.height, "periods": sums.height}
    plain = float(sums["plain_error"].sum())
    if plain > 0:
        own = float(sums["error"].sum())
        row |= {"error": own / errors.height, "plain_error": plain / errors.height, "gain": 1 - own / plain}
        if sums.height > 1:
            rng = np.random.default_rng(seed)
            drawn = rng.multinomial(sums.height, np.full(sums.height, 1 / sums.height), draws)
            with np.errstate(divide="ignore", invalid="ignore"):
                gains = 1 - (drawn @ sums["error"].to_numpy()) / (drawn @ sums["plain_error"].to_numpy())
            low, high = (float(end) for end in np.quantile(gains[np.isfinite(gains)], (0.025, 0.975)))
            row |= {"low": low, "high": high}
            row |= {"verdict": "better" if low > 0 else "worse" if high < 0 else "cannot tell"}
    kinds = {"text": pl.String, "count": pl.Int64}
    schema = {name: kinds.get(column.unit, pl.Float64) for name, column in SCORE_HEADER.columns.items()}
    return pl.DataFrame([row], schema=schema)
