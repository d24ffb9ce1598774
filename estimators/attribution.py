"""Credit for conversions by what their paths say: Markov removal effects and Shapley values, and where models agree."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from estimators.check import need
from estimators.errors import EstimatorError
from estimators.header import EstimatorColumn, EstimatorHeader

Floats = npt.NDArray[np.float64]

_TITLE = "Credit cannot be told"
# So many draws at once: a hundred thousand paths then take 16 MB a matrix.
_AT_ONCE = 20

_COLUMNS = {
    "channel": EstimatorColumn("text", "The channel (or campaign) of the touches"),
    "credit": EstimatorColumn(
        "number", "Conversions credited to it; all channels add up to all conversions with a touch"
    ),
    "share": EstimatorColumn("share", "credit / all credit"),
    "low": EstimatorColumn("share", "Lower end of the 95% interval of the share (paths drawn anew)"),
    "high": EstimatorColumn("share", "Upper end of the 95% interval of the share (paths drawn anew)"),
    "rank": EstimatorColumn("count", "Its place by share, 1 the first"),
    "best_rank": EstimatorColumn("count", "The best place in 95% of the draws"),
    "worst_rank": EstimatorColumn("count", "The worst place in 95% of the draws"),
}

MARKOV_HEADER = EstimatorHeader(
    name="markov_attribution",
    title="Credit by removal (Markov)",
    definition=(
        "People move from touch to touch, and at last convert or do not. From all paths, also those that did not convert, "
        "comes how likely each next step is. A channel's removal effect is the share of conversions that would be lost if "
        "every step to it ended without one; credit is split in proportion to it. It says what goes with conversions, not "
        "what causes them."
    ),
    grain="One row per channel.",
    direction="higher",
    source="Anderl et al. (2016), Markov chain of order 1, removal effect; exact by linear equations",
    inputs=("paths",),
    columns={
        **_COLUMNS,
        "removal_effect": EstimatorColumn(
            "share", "Share of conversions lost without the channel; need not add up to 1"
        ),
    },
)

SHAPLEY_HEADER = EstimatorHeader(
    name="shapley_attribution",
    title="Credit by fair shares (Shapley)",
    definition=(
        "Each conversion is what the channels on its path brought together, and every one of them was needed: its credit "
        "is shared among them equally, however often and in whatever order they came. This is the Shapley value of the "
        "game in which a group of channels earns the conversions whose paths need no other. It says what goes with "
        "conversions, not what causes them."
    ),
    grain="One row per channel.",
    direction="higher",
    source="Shapley (1953); closed form of Zhao et al. (2018); checked against the definition in tests",
    inputs=("paths",),
    columns=_COLUMNS,
)

AGREEMENT_HEADER = EstimatorHeader(
    name="model_agreement",
    title="Where the models agree",
    definition=(
        "Each channel's share and place by every model. A channel is loved by a model that has it in the first third. "
        "Those that all models love are safe to believe in; those that only one loves owe it to the model."
    ),
    grain="One row per channel.",
    direction="none",
    source="METRICS: Campaigns",
    inputs=("credits by model",),
    columns={
        "channel": _COLUMNS["channel"],
        "models": EstimatorColumn("count", "Models that credit it with anything"),
        "mean_share": EstimatorColumn("share", "Mean of its shares by the models"),
        "lowest_share": EstimatorColumn("share", "Its lowest share by any model"),
        "highest_share": EstimatorColumn("share", "Its highest share by any model"),
        "best_rank": EstimatorColumn("count", "Its best place by any model"),
        "worst_rank": EstimatorColumn("count", "Its worst place by any model"),
        "verdict": EstimatorColumn("text", "Loved by all, by some, by one only, or by none"),
        "loved_by": EstimatorColumn("text", "The models that have it in the first third"),
    },
)


@dataclass(frozen=True)
class _Paths:
    """Different paths as steps between channels: sparse path x step counts, and how often each converted and did not."""

    channels: list[str]
    inner: sparse.csr_matrix
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    shares: sparse.csr_matrix
    converted: Floats
    lost: Floats


def markov_attribution(frame: pl.DataFrame, *, draws: int = 100, seed: int = 1) -> pl.DataFrame:
    """Return each channel's credit by its removal effect.

    Parameters
    ----------
    frame
        One row per path: `path` (a list of channels in the order of their touches), how many of those who went it
        `converted`, and how many were `lost`. Paths without a touch are left out. Money is what a channel's share is of
        the amount that all paths with a touch won.
    draws, seed
        How many times the paths are drawn anew for the intervals and ranks, and where chance begins.

    Returns
    -------
    polars.DataFrame
        The columns that `MARKOV_HEADER` describes, the largest share first. No rows without a conversion.

    Raises
    ------
    EstimatorError
        A column is missing, a count is negative, or a path holds an empty channel.
    """
    paths = _read(frame)
    if not paths.converted.sum():
        return _frame([], MARKOV_HEADER)
    effects = _effects_of(paths, paths.converted[:, None], paths.lost[:, None])[0]
    drawn = [
        effect / effect.sum() if effect.sum() > 0 else effect
        for converted, lost in _drawn(paths, draws, seed)
        for effect in _effects_of(paths, converted, lost)
    ]
    total = effects.sum()
    found = _told(paths.channels, effects / total if total > 0 else effects, np.array(drawn), paths.converted.sum())
    effect_of = pl.DataFrame({"channel": paths.channels, "removal_effect": effects})
    return found.join(effect_of, on="channel", how="left", maintain_order="left").select(*MARKOV_HEADER.columns)


def shapley_attribution(frame: pl.DataFrame, *, draws: int = 100, seed: int = 1) -> pl.DataFrame:
    """Return each channel's credit by its Shapley value; parameters, result and errors as `markov_attribution`.

    Paths that did not convert earn nothing in this game and change nothing.
    """
    paths = _read(frame)
    if not paths.converted.sum():
        return _frame([], SHAPLEY_HEADER)
    credit = paths.shares.T @ paths.converted
    drawn = np.concatenate([(paths.shares.T @ converted).T for converted, _ in _drawn(paths, draws, seed)])
    drawn /= np.maximum(drawn.sum(axis=1, keepdims=True), 1e-300)
    return _told(paths.channels, credit / credit.sum(), drawn, paths.converted.sum())


def model_agreement(frame: pl.DataFrame) -> pl.DataFrame:
    """Return where models of attribution agree.

    Parameters
    ----------
    frame
        One row per `model` and `channel` with its `credit`, in whatever unit each model has.

    Returns
    -------
    polars.DataFrame
        The columns that `AGREEMENT_HEADER` describes, the largest mean share first.

    Raises
    ------
    EstimatorError
        A column is missing, or a credit is negative.
    """
    need(frame, ("model", "channel", "credit"), _TITLE, not_negative=("credit",))
    every = frame.select("model").unique().join(frame.select("channel").unique(), how="cross")
    summed = frame.group_by("model", "channel").agg(pl.col("credit").cast(pl.Float64).sum())
    full = every.join(summed, on=["model", "channel"], how="left").with_columns(pl.col("credit").fill_null(0.0))
    total = pl.col("credit").sum().over("model")
    third = -(-frame["channel"].n_unique() // 3)
    ranked = full.with_columns(
        share=pl.when(total > 0).then(pl.col("credit") / total),
        rank=pl.col("credit").rank("min", descending=True).over("model").cast(pl.Int64),
    ).with_columns(is_loved=(pl.col("rank") <= third) & (pl.col("credit") > 0))
    loved = pl.col("is_loved").sum()
    verdict = (
        pl.when(loved == 0).then(pl.lit("by none")).when(loved == pl.len()).then(pl.lit("by all"))
        .when(loved == 1).then(pl.lit("by one only")).otherwise(pl.lit("by some"))
    )  # fmt: skip
    return (
        ranked.sort("model")
        .group_by("channel")
        .agg(
            models=(pl.col("credit") > 0).sum().cast(pl.Int64),
            mean_share=pl.col("share").mean(),
            lowest_share=pl.col("share").min(),
            highest_share=pl.col("share").max(),
            best_rank=pl.col("rank").min(),
            worst_rank=pl.col("rank").max(),
            verdict=verdict,
            loved_by=pl.col("model").filter("is_loved").str.join(", "),
        )
        .sort("mean_share", "channel", descending=[True, False], nulls_last=True)
        .select(*AGREEMENT_HEADER.columns)
    )


def _read(frame: pl.DataFrame) -> _Paths:
    need(frame, ("path", "converted", "lost"), _TITLE, not_negative=("converted", "lost"))
    walked = frame.filter(pl.col("path").list.len() > 0)
    summed = walked.group_by("path", maintain_order=True).agg(pl.col("converted", "lost").cast(pl.Float64).sum())
    touches = summed.select(row=pl.int_range(pl.len()), channel=pl.col("path")).explode("channel")
    if touches["channel"].null_count():
        raise EstimatorError(_TITLE, "A path holds a touch without a channel.")
    channels: list[str] = touches["channel"].unique().sort().to_list()
    place = touches["channel"].replace_strict(channels, list(range(len(channels))), return_dtype=pl.Int64).to_numpy()
    row = touches["row"].to_numpy().astype(np.int64)
    count, height = len(channels), summed.height
    is_step = row[1:] == row[:-1]
    inner = sparse.csr_matrix(
        (np.ones(is_step.sum()), (row[:-1][is_step], place[:-1][is_step] * count + place[1:][is_step])),
        shape=(height, count * count),
    )
    begins = np.flatnonzero(np.concatenate(([True], ~is_step))) if height else np.array([], dtype=int)
    ends = np.flatnonzero(np.concatenate((~is_step, [True]))) if height else np.array([], dtype=int)
    held = sparse.csr_matrix((np.ones(len(row)), (row, place)), shape=(height, count))
    held.data[:] = 1.0
    size = np.asarray(held.sum(axis=1)).ravel()
    shares = held.multiply(1 / np.maximum(size, 1)[:, None]).tocsr()
    converted, lost = (summed[name].to_numpy() for name in ("converted", "lost"))
    return _Paths(channels, inner, place[begins], place[ends], shares, converted, lost)


def _effects_of(paths: _Paths, converted: Floats, lost: Floats) -> list[Floats]:
    """Return the removal effects for each column of how often the paths converted and did not."""
    both = converted + lost
    count, height = len(paths.channels), len(paths.first)
    rows = np.arange(height)
    first = sparse.csr_matrix((np.ones(height), (paths.first, rows)), shape=(count, height))
    last = sparse.csr_matrix((np.ones(height), (paths.last, rows)), shape=(count, height))
    parts = paths.inner.T @ both, first @ both, last @ converted, last @ lost
    return [_removal_effects(*(part[:, number] for part in parts)) for number in range(both.shape[1])]


def _drawn(paths: _Paths, draws: int, seed: int) -> Iterator[tuple[Floats, Floats]]:
    """Draw how often each path converted and did not, some draws at a time: every journey anew (Poisson's bootstrap)."""
    rng = np.random.default_rng(seed)
    for begin in range(0, draws, _AT_ONCE):
        size = len(paths.first), min(_AT_ONCE, draws - begin)
        converted, lost = (rng.poisson(counts[:, None], size).astype(float) for counts in (paths.converted, paths.lost))
        yield converted, lost


def _removal_effects(steps: Floats, starts: Floats, converted: Floats, lost: Floats) -> Floats:
    """Return the share of conversions that is lost when every step to a channel ends without one."""
    count = len(starts)
    counts = steps.reshape(count, count)
    total = np.maximum(counts.sum(axis=1) + converted + lost, 1e-300)
    onward, success, begin = counts / total[:, None], converted / total, starts / max(starts.sum(), 1e-300)
    # A channel that a draw never saw leads nowhere, and its equation says so.
    whole = float(begin @ np.linalg.solve(np.eye(count) - onward, success))
    if whole <= 0:
        return np.zeros(count)
    # All removals at once: without channel c, its column leads nowhere.
    kept = 1 - np.eye(count)
    systems = np.eye(count) - onward * kept[:, None, :]
    chances = np.linalg.solve(systems, np.broadcast_to(success[:, None], (count, count, 1)))[..., 0]
    effects: Floats = 1 - ((begin * kept) * chances).sum(axis=1) / whole
    return effects.clip(0)


def _told(channels: list[str], share: Floats, drawn: Floats, converted: float) -> pl.DataFrame:
    ranks = (-drawn).argsort(axis=1, kind="stable").argsort(axis=1) + 1
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    best, worst = np.quantile(ranks, (0.025, 0.975), axis=0, method="nearest")
    return pl.DataFrame(
        {
            "channel": channels,
            "credit": share * converted,
            "share": share,
            "low": np.minimum(low, share),
            "high": np.maximum(high, share),
            "rank": (-share).argsort(kind="stable").argsort() + 1,
            "best_rank": best.astype(np.int64),
            "worst_rank": worst.astype(np.int64),
        }
    ).sort("rank")


def _frame(rows: list[dict[str, object]], header: EstimatorHeader) -> pl.DataFrame:
    kinds = {"text": pl.String, "count": pl.Int64}
    return pl.DataFrame(rows, schema={name: kinds.get(c.unit, pl.Float64) for name, c in header.columns.items()})
