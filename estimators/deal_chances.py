"""The chance of each open deal to be won in the rest of the period, as deals like it were in past periods."""

import numpy as np
import polars as pl

from estimators.check import need
from estimators.header import EstimatorColumn, EstimatorHeader

_TITLE = "The chances of deals cannot be told"
_HISTORY = ("period", "stage", "age_band", "due", "deals", "won")
# From the broadest to the narrowest kind of deal; each borrows from the one before as far as its own history is thin.
_LEVELS: tuple[tuple[str, ...], ...] = ((), ("due",), ("stage", "due"), ("stage", "due", "age_band"))
# A kind of deal is believed as much as the broader kind it belongs to once it was seen so many times.
_BORROWED = 10.0
# A size is believed as much as that all sizes are won alike once its deals promised so many wins.
_SIZE_BORROWED = 10.0

HEADER = EstimatorHeader(
    name="deal_chances",
    title="Chance of a deal",
    definition=(
        "How often deals like this one (same stage, same age, due in the rest of the period or not) were won in the rest "
        "of past periods with as many days to go. What slipped past the end counts as not won. A kind of deal that was "
        "seen seldom borrows from the same stage at every age, and that from all stages: ten deals of its own weigh as "
        "much as what it borrows. Where bigger deals were won more or less often than their stage and age promised, the "
        "chance is moved by as much."
    ),
    grain="One row per open deal.",
    direction="higher",
    source="METRICS: Coverage, chance of the goal; shrinkage to the broader kind (beta-binomial)",
    inputs=("open_deal_outcomes", "open_deals_to_go"),
    columns={
        "opportunity_id": EstimatorColumn("id", "The deal"),
        "amount": EstimatorColumn("money", "What it is expected to be won for: its amount x how much of it deals keep"),
        "chance": EstimatorColumn("share", "Chance to be won in the rest of the period; a dash without any history"),
        "seen": EstimatorColumn("count", "Past deals of the same stage, age and due that it was learned from"),
        "seen_won": EstimatorColumn("count", "Of these, won in the rest of their period"),
    },
)

PAST_HEADER = EstimatorHeader(
    name="past_surprises",
    title="How past periods differed from what their deals promised",
    definition=(
        "For each past period: how many of its open deals should have been won by the chances of their kinds, and how "
        "many were. Periods differ by more than luck, because deals share a market; this is what the shock in the "
        "chance of the goal is learned from."
    ),
    grain="One row per past period.",
    direction="none",
    source="METRICS: Coverage, chance of the goal",
    inputs=("open_deal_outcomes", "yield_by_period"),
    columns={
        "period": EstimatorColumn("text", "The period"),
        "deals": EstimatorColumn("count", "Deals open on the day with as many days to go"),
        "expected": EstimatorColumn("number", "Wins by the chances of their kinds"),
        "variance": EstimatorColumn("number", "Variance of the number of wins, were deals independent"),
        "won": EstimatorColumn("count", "Wins in the rest of the period"),
        "new_amount": EstimatorColumn(
            "money", "Won in the rest of the period with deals that were not open on that day"
        ),
    },
)


def deal_chances(history: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    """Return the open deals with their chances.

    Parameters
    ----------
    history
        What became of deals, as the query `open_deal_outcomes` gives it: one row per `period`, `stage`, `age_band` and
        `due`, with the number of `deals` and `won`, what the won ones stood at (`won_open_amount`) and brought
        (`won_amount`).
    deals
        The open deals, as `open_deals_to_go` gives them: `opportunity_id`, `stage`, `age_band`, `due`, `amount`.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes, in the order of `deals`; without history, chances are null.

    Raises
    ------
    EstimatorError
        A column is missing, or a count is negative.
    """
    need(history, (*_HISTORY, "won_open_amount", "won_amount"), _TITLE, not_negative=("deals", "won"))
    need(deals, ("opportunity_id", "stage", "age_band", "due", "amount"), _TITLE)
    found = _learned(history, deals)
    stood, brought = (float(history[name].sum() or 0) for name in ("won_open_amount", "won_amount"))
    kept = brought / stood if stood > 0 else 1.0
    return found.select("opportunity_id", pl.col("amount").cast(pl.Float64) * kept, "chance", "seen", "seen_won")


def past_surprises(history: pl.DataFrame, yields: pl.DataFrame) -> pl.DataFrame:
    """Return how each past period differed from what its open deals promised; the columns of `PAST_HEADER`.

    Parameters
    ----------
    history
        As `deal_chances` takes it.
    yields
        One row per past `period` with `won_new_amount`, as the query `yield_by_period` gives it.

    Raises
    ------
    EstimatorError
        A column is missing, or a count is negative.
    """
    need(history, _HISTORY, _TITLE, not_negative=("deals", "won"))
    need(yields, ("period", "won_new_amount"), _TITLE)
    p = pl.col("chance")
    summed = (
        _learned(history, history.select(*_HISTORY, *(["size_band"] if "size_band" in history.columns else [])))
        .group_by("period")
        .agg(
            pl.col("deals").sum().cast(pl.Int64),
            (pl.col("deals") * p).sum().alias("expected"),
            (pl.col("deals") * p * (1 - p)).sum().alias("variance"),
            pl.col("won").sum().cast(pl.Int64),
        )
    )
    news = yields.select("period", new_amount=pl.col("won_new_amount").cast(pl.Float64))
    return summed.join(news, on="period", how="left").select(*PAST_HEADER.columns).sort("period")


def _learned(history: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    """Return deals with `chance`, and with the `seen` and `seen_won` of their own kind."""
    found = deals.with_columns(chance=pl.lit(None, dtype=pl.Float64))
    for level in _LEVELS:
        counted = history.select(*level, seen=pl.col("deals").cast(pl.Float64), seen_won=pl.col("won").cast(pl.Float64))
        counted = counted.group_by(level).agg(pl.all().sum()) if level else counted.sum()
        if level:
            found = found.join(counted, on=level, how="left", nulls_equal=True, maintain_order="left")
        else:
            found = found.join(counted, how="cross")
        found = found.with_columns(pl.col("seen", "seen_won").fill_null(0.0))
        own = pl.col("seen_won") / pl.when(pl.col("seen") > 0).then(pl.col("seen"))
        if level:
            lent = (pl.col("seen_won") + _BORROWED * pl.col("chance")) / (pl.col("seen") + _BORROWED)
            found = found.with_columns(chance=lent)
        else:
            # One win more and one loss more: a company without a single win is not told that it never wins.
            found = found.with_columns(
                chance=pl.when(own.is_not_null()).then((pl.col("seen_won") + 1) / (pl.col("seen") + 2))
            )
        if level != _LEVELS[-1]:
            found = found.drop("seen", "seen_won")
    found = found.with_columns(pl.col("seen", "seen_won").cast(pl.Int64))
    return _by_size(history, deals, found) if "size_band" in history.columns and "size_band" in deals.columns else found


def _by_size(history: pl.DataFrame, deals: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return chances moved by how much more or less often deals of a size were won than their kinds promised."""
    plain = history.drop("size_band")
    promised = (
        _learned(plain, plain.select(*_HISTORY))
        .with_columns(size_band=history["size_band"])
        .group_by("size_band")
        .agg((pl.col("deals") * pl.col("chance")).sum().alias("promised"), pl.col("won").sum().alias("came"))
    )
    moved = promised.select(
        "size_band",
        factor=(pl.col("came") + _SIZE_BORROWED) / (pl.col("promised") + _SIZE_BORROWED),
    )
    return (
        found.join(moved, on="size_band", how="left", nulls_equal=True, maintain_order="left")
        .with_columns(chance=(pl.col("chance") * pl.col("factor").fill_null(1.0)).clip(0.0, 0.99))
        .drop("factor")
    )


def shock_of(past: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what a period's shock may be, on the scale of log odds, how likely each is, and the mean shock of past periods.

    A period's surprise, over its variance, is its shock and luck. The size of shocks is not known well from a few
    periods, so every size counts by how well it explains the past (half-normal beforehand, 0.5), which keeps the tails.
    """
    variance = past["variance"].to_numpy().astype(float)
    usable = variance > 0
    surprise = (past["won"].to_numpy() - past["expected"].to_numpy())[usable] / variance[usable]
    noise = 1 / variance[usable]
    sizes = np.linspace(0.01, 1.5, 60)
    total = sizes[:, None] ** 2 + noise
    fit = -0.5 * (np.log(total) + surprise**2 / total).sum(axis=1) - 0.5 * (sizes / 0.5) ** 2
    believed = np.exp(fit - fit.max())
    believed /= believed.sum()
    spread = sizes * np.sqrt(1 + 1 / max(usable.sum(), 1))
    reach = 3.2 * np.sqrt((believed * spread**2).sum())
    nodes = np.linspace(-reach, reach, 15)
    density = (believed * np.exp(-0.5 * (nodes[:, None] / spread) ** 2) / spread).sum(axis=1)
    size = (believed * sizes**2).sum()
    mean = np.zeros(len(variance))
    mean[usable] = surprise * size / (size + noise)
    return nodes, density / density.sum(), mean
