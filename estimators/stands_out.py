"""What stands out among many: a unit against all others of the same kind, and a unit that changed more than the others.

Looking at forty campaigns at once finds one in a hundred odd by chance alone nearly every second time. So a unit is told
only where chance would make one so odd among all of them in one look of a hundred, and where the difference is large
enough to act on.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import norm

from estimators.check import need
from estimators.header import EstimatorColumn, EstimatorHeader

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

# One look in a hundred may name somebody wrongly.
LEVEL = 0.01
# A third fewer than the others, or half as many again: what is smaller is nothing to act on.
MATERIAL = 1.5
# An odds ratio of e to the eighth is as good as infinite.
_FARTHEST = 8.0
_TITLE = "It cannot be told what stands out"
_KINDS = {"text": pl.String, "share": pl.Float64, "count": pl.Int64, "ratio": pl.Float64, "number": pl.Float64}
_VERDICT = EstimatorColumn(
    "text",
    "low or high: told from chance among all units, and large enough to act on; ordinary: surely no large difference; "
    "cannot tell: too few to say either",
)
_P_VALUE = EstimatorColumn("share", "How often chance alone would make a unit so odd (two-sided)")

HEADER = EstimatorHeader(
    name="stands_out",
    title="What stands out",
    definition=(
        "Each unit (a campaign, an owner) is compared with all others, kind by kind: leads of one source and segment only "
        "with leads of the same source and segment. What is expected is what it would have had at the others' rate. A unit "
        "is low or high if chance would make one of all the units so odd in at most one look of a hundred (Holm), and if "
        "its odds are at least a third lower, or half as much again higher, than the others'. It is ordinary if so large a "
        "difference can be ruled out; else nobody can tell yet. Who is told is no measure for the others and leaves the "
        "comparison before the next is looked at. Units that share no kind with any other are not compared."
    ),
    grain="One row per unit that can be compared, the oddest first.",
    direction="none",
    source=(
        "Exact conditional test and interval of a common odds ratio: Gart (1970), Fisher (1935) for one kind; several "
        "comparisons: Holm (1979)"
    ),
    inputs=("counts by unit and kind",),
    columns={
        "unit": EstimatorColumn("text", "The unit"),
        "n": EstimatorColumn("count", "Of its members, those of a kind that others have too"),
        "hits": EstimatorColumn("count", "Of these, those counted"),
        "expected": EstimatorColumn("number", "What would have been counted at the others' rate, kind by kind"),
        "ratio": EstimatorColumn("ratio", "Its odds over the others' odds, kinds matched (common odds ratio)"),
        "low": EstimatorColumn("ratio", "Lower end of the ratio's interval, wide enough for all units together"),
        "high": EstimatorColumn("ratio", "Upper end of it"),
        "p_value": _P_VALUE,
        "verdict": _VERDICT,
    },
)

CHANGED_HEADER = EstimatorHeader(
    name="changed_more",
    title="What changed more than the rest",
    definition=(
        "The share of each unit (a source) in two spans of time, beside the share of all other units in the same spans: "
        "what moved everybody (a season, a slump of calls) is no change of one. The odds ratio says how the unit's odds "
        "changed over how the others' did. It is told as by What stands out: one wrong name in a hundred looks, and at "
        "least a third lower or half as much again."
    ),
    grain="One row per unit with members in both spans, the oddest first.",
    direction="none",
    source="Woolf (1955), log odds ratio with a half added (Haldane 1956; Anscombe 1956); Holm (1979)",
    inputs=("counts by unit, before and after",),
    columns={
        "unit": EstimatorColumn("text", "The unit"),
        "before_n": EstimatorColumn("count", "Its members before"),
        "before_hits": EstimatorColumn("count", "Of these, those counted"),
        "after_n": EstimatorColumn("count", "Its members lately"),
        "after_hits": EstimatorColumn("count", "Of these, those counted"),
        "ratio": EstimatorColumn("ratio", "Change of its odds over the change of the others' odds"),
        "low": EstimatorColumn("ratio", "Lower end of the ratio's interval, wide enough for all units together"),
        "high": EstimatorColumn("ratio", "Upper end of it"),
        "p_value": _P_VALUE,
        "verdict": _VERDICT,
    },
)


def stands_out(
    frame: pl.DataFrame, *, kinds: tuple[str, ...] = (), level: float = LEVEL, material: float = MATERIAL
) -> pl.DataFrame:
    """Return which units have surely fewer or more hits than all others of the same kind.

    Parameters
    ----------
    frame
        Counts by `unit` and the columns of `kinds`: `n` members, of which `hits`. Rows without a unit are others to
        everybody, and no unit themselves.
    kinds
        The columns within which units are compared.
    level
        How often all units together may name one by chance.
    material
        From what ratio on (or below its inverse) a difference is large enough.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes. No rows where no unit has others of its kind.

    Raises
    ------
    EstimatorError
        A column is missing, or a count is negative.
    """
    need(frame, ("unit", "n", "hits", *kinds), _TITLE, not_negative=("n", "hits"))
    # Without kinds all are of one.
    by = list(kinds) or ["kind"]
    counted = frame if kinds else frame.with_columns(kind=pl.lit(0))
    cells = counted.group_by("unit", *by).agg(pl.col("n", "hits").sum().cast(pl.Float64)).filter(pl.col("n") > 0)
    told: list[dict[str, Any]] = []
    while True:
        parts = _beside_others(cells, by)
        rows = [_compared(str(part["unit"][0]), part, level / (len(parts) + len(told))) for part in parts]
        rows = _judged(rows, level, material, told=len(told))
        loud = next((row for row in rows if row["verdict"] in ("low", "high")), None)
        if loud is None:
            return _framed([*told, *rows], HEADER)
        told.append(loud)
        cells = cells.filter(pl.col("unit").ne_missing(pl.lit(loud["unit"])))


def _beside_others(cells: pl.DataFrame, by: list[str]) -> list[pl.DataFrame]:
    """Return each unit's cells with what the others have of the same kind."""
    pairs = cells.with_columns(
        others_n=pl.col("n").sum().over(by) - pl.col("n"), others=pl.col("hits").sum().over(by) - pl.col("hits")
    )
    pairs = pairs.filter(pl.col("unit").is_not_null() & (pl.col("others_n") > 0)).sort("unit", *by)
    return pairs.partition_by("unit", maintain_order=True)


def _compared(unit: str, part: pl.DataFrame, reach: float) -> dict[str, Any]:
    """Return a unit beside the others: expected hits, odds ratio with its interval, and the test's p."""
    n, m, a, b = (part[name].to_numpy() for name in ("n", "others_n", "hits", "others"))
    hits = int(a.sum())
    first, chances = _hits_by_chance(n, m, a, a + b)
    counts = np.arange(first, first + len(chances))
    fewer, more = float(chances[counts <= hits].sum()), float(chances[counts >= hits].sum())
    return {
        "unit": unit,
        "n": int(n.sum()),
        "hits": hits,
        "expected": float((n * b / m).sum()),
        "ratio": _solved(counts, chances, lambda chance: float((chance * counts).sum()) - hits),
        "low": _solved(counts, chances, lambda chance: float(chance[counts >= hits].sum()) - reach / 2),
        "high": _solved(counts, chances, lambda chance: reach / 2 - float(chance[counts <= hits].sum())),
        "p_value": min(1.0, 2 * min(fewer, more)),
    }


def _hits_by_chance(n: Floats, m: Floats, a: Floats, hits: Floats) -> tuple[int, Floats]:
    """Return how likely each number of the unit's hits is if all are of one rate within a kind, and the first number.

    Given all hits of a kind, the unit's are hypergeometric; over the kinds they add up. What is further than twelve
    standard deviations away, both from what is expected and from what there is, is nothing to a verdict and is left out.
    """
    first, chances = 0, np.ones(1)
    for own, others, found, all_hits in zip(n, m, a, hits, strict=True):
        total = own + others
        mean = all_hits * own / total
        spread = math.sqrt(all_hits * own * others * (total - all_hits) / (total**2 * max(total - 1, 1)))
        reach = 12 * spread + 20
        low = int(max(0, all_hits - others, math.floor(min(mean, found) - reach)))
        high = int(min(own, all_hits, math.ceil(max(mean, found) + reach)))
        counts = np.arange(low, high + 1)
        logs = _log_choose(all_hits, counts) + _log_choose(total - all_hits, own - counts) - _log_choose(total, own)
        first, chances = first + low, np.convolve(chances, np.exp(logs))
    return first, chances


def _log_choose(n: Any, k: Any) -> Any:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def _solved(counts: Counts, chances: Floats, off: Callable[[Floats], float]) -> float:
    """Return the odds ratio at which something rising with it is nothing; 0 or infinity where it never is.

    A common odds ratio tilts what chance does by its power to the number of hits.
    """
    logs = np.log(np.maximum(chances, 1e-300))

    def tilted(log_ratio: float) -> float:
        weights = np.exp(logs + log_ratio * counts - (logs + log_ratio * counts).max())
        return off(weights / weights.sum())

    if tilted(-_FARTHEST) >= 0:
        return 0.0
    if tilted(_FARTHEST) <= 0:
        return math.inf
    return math.exp(float(brentq(tilted, -_FARTHEST, _FARTHEST, xtol=1e-6)))


def changed_more(frame: pl.DataFrame, *, level: float = LEVEL, material: float = MATERIAL) -> pl.DataFrame:
    """Return which units changed surely more than all others did.

    Parameters
    ----------
    frame
        Counts by `unit`: `before_n` members of which `before_hits`, and `after_n` of which `after_hits`. Rows without a
        unit are others to everybody, and no unit themselves.
    level, material
        As of `stands_out`.

    Returns
    -------
    polars.DataFrame
        The columns that `CHANGED_HEADER` describes. No rows where no unit has members in both spans, or no others.

    Raises
    ------
    EstimatorError
        A column is missing, or a count is negative.
    """
    counts = ("before_n", "before_hits", "after_n", "after_hits")
    need(frame, ("unit", *counts), _TITLE, not_negative=counts)
    summed = frame.group_by("unit").agg(pl.col(counts).sum()).sort("unit")
    totals = {name: int(summed[name].sum()) for name in counts}
    rows = []
    for row in summed.filter(pl.col("unit").is_not_null()).iter_rows(named=True):
        others = {name: totals[name] - row[name] for name in counts}
        if not (row["before_n"] and row["after_n"] and others["before_n"] and others["after_n"]):
            continue
        (own, own_variance), (rest, rest_variance) = _log_odds_change(row), _log_odds_change(others)
        spread = math.sqrt(own_variance + rest_variance)
        found = {"ratio": math.exp(own - rest), "spread": spread}
        rows.append({**row, **found, "p_value": 2 * float(norm.sf(abs(own - rest) / spread))})
    reach = float(norm.isf(level / 2 / max(len(rows), 1)))
    for row in rows:
        row["low"], row["high"] = (row["ratio"] * math.exp(sign * reach * row["spread"]) for sign in (-1, 1))
    return _framed(_judged(rows, level, material), CHANGED_HEADER)


def _log_odds_change(row: dict[str, Any]) -> tuple[float, float]:
    """Return how the log odds changed, and the variance of that."""
    cells = [
        count + 0.5
        for when in ("after", "before")
        for count in (row[f"{when}_hits"], row[f"{when}_n"] - row[f"{when}_hits"])
    ]
    return math.log(cells[0] * cells[3] / (cells[1] * cells[2])), sum(1 / cell for cell in cells)


def _judged(rows: list[dict[str, Any]], level: float, material: float, *, told: int = 0) -> list[dict[str, Any]]:
    """Give each unit its verdict among all of them, the oddest first; `told` are already told and gone."""
    is_told = True
    ranked = sorted(rows, key=lambda row: (row["p_value"], row["unit"]))
    for place, row in enumerate(ranked):
        # Holm: the oddest against all, the next against one less; the first that fails ends it.
        is_told = is_told and row["p_value"] <= level / (len(rows) + told - place)
        if is_told and not 1 / material < row["ratio"] < material:
            row["verdict"] = "low" if row["ratio"] < 1 else "high"
        elif 1 / material < row["low"] and row["high"] < material:
            row["verdict"] = "ordinary"
        else:
            row["verdict"] = "cannot tell"
    return ranked


def _framed(rows: list[dict[str, Any]], header: EstimatorHeader) -> pl.DataFrame:
    schema = {name: _KINDS[column.unit] for name, column in header.columns.items()}
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
