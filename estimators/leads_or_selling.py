"""Leads or selling: a change of the won rate, split without a rest into what came with the leads and what selling did."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from estimators.check import Z, need, one_of
from estimators.errors import EstimatorError
from estimators.header import EstimatorColumn, EstimatorHeader

Floats = npt.NDArray[np.float64]

STAGES = ("leads", "mql", "sal", "sql", "won")
SIDES = ("before", "after")
# In the order in which a figure shows them. Lead quality holds two factors: the mix of kinds inside a source, and how
# many leads marketing itself found ready; both were fixed before sales touched the lead.
PARTS = ("source_mix", "lead_quality", "acceptance", "qualification", "closing")
LEAD_PARTS = ("source_mix", "lead_quality")
_TITLE = "The change cannot be split"
# What sums of shares leave of a part that is exactly nothing.
_NOTHING = 1e-12

_PART_COLUMNS = {
    "value": EstimatorColumn("share", "What this part adds to the won rate; the parts of a unit add up to its change"),
    "low": EstimatorColumn(
        "share", "Lower end of the part's 95% interval (leads drawn anew; never narrower than chance alone)"
    ),
    "high": EstimatorColumn(
        "share", "Upper end of the part's 95% interval (leads drawn anew; never narrower than chance alone)"
    ),
    "verdict": EstimatorColumn(
        "text", "up, down, or cannot tell: the interval holds 0; a dash for a stage that the exports do not record"
    ),
    "p_value": EstimatorColumn("share", "How often chance alone would make so much of it (two-sided)"),
    "stands_out": EstimatorColumn(
        "flag", "Still told from chance when all rows of this part are looked at together (Holm, 5%)"
    ),
}

HEADER = EstimatorHeader(
    name="leads_or_selling",
    title="Leads or selling?",
    definition=(
        "Why one group of leads is won more or less often than another: two periods with the same time to close, or "
        "one rep's leads against all others'. Source mix: other sources brought the leads. Lead quality: inside a "
        "source, other kinds of leads came, or marketing found fewer of them ready. Acceptance, qualification and "
        "closing: leads of the same kind went further or less far in the hands of sales. The parts add up to the whole "
        "difference. A part whose interval holds zero cannot be told from chance. A kind of lead that only one side "
        "has counts as mix."
    ),
    grain="One row per unit and part (one unit, blank, without a column unit).",
    direction="none",
    source="METRICS: Leads or selling; Kitagawa (1955), symmetric; Shapley (1953) over the order of stages",
    inputs=("leads_or_selling_cells",),
    columns={
        "unit": EstimatorColumn("text", "Whose leads: a rep, a source; blank where there is one for all"),
        "part": EstimatorColumn("text", "source_mix, lead_quality, acceptance, qualification or closing"),
        "before": EstimatorColumn("share", "Won rate on the first side (the rest, of a unit against the rest)"),
        "after": EstimatorColumn("share", "Won rate on the second side (the unit)"),
        "before_leads": EstimatorColumn("count", "Leads on the first side"),
        "after_leads": EstimatorColumn("count", "Leads on the second side"),
        **_PART_COLUMNS,
    },
)

BY_SOURCE_HEADER = EstimatorHeader(
    name="leads_or_selling_by_source",
    title="Leads or selling, by source",
    definition=(
        "Each source's share in each part of the change of the won rate: how much of the mix came with more or fewer "
        "leads from this source, how much of acceptance with this source's leads, and so on. Added up over the sources "
        "they are the parts of the whole."
    ),
    grain="One row per source and part.",
    direction="none",
    source=HEADER.source,
    inputs=HEADER.inputs,
    columns={
        "source": EstimatorColumn("text", "The source; blank for leads that name none"),
        "part": HEADER.columns["part"],
        **_PART_COLUMNS,
    },
)


@dataclass(frozen=True)
class _Cells:
    """Kinds of leads on two sides: how many of each kind came how far and no further, side x cell x state."""

    states: Floats
    source_of: npt.NDArray[np.int64]
    sources: list[str | None]
    is_recorded: dict[str, bool]


def leads_or_selling(frame: pl.DataFrame, *, draws: int = 1000, seed: int = 1) -> pl.DataFrame:
    """Return the parts of the difference between two won rates, with their intervals.

    Parameters
    ----------
    frame
        One row per `side` ('before' or 'after') and kind of lead: `source`, `segment`, and, where there is one,
        `quality` (what else was fixed before sales touched the lead), with the number of `leads` and of those that
        reached `mql`, `sal`, `sql` and `won`; a later stage implies the earlier ones. A stage that is null throughout
        is not recorded and has no part. With a column `unit` each unit is split on its own.
    draws
        How many times the leads are drawn anew for the intervals.
    seed
        Where chance begins; the same seed gives the same intervals.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes. A unit with leads on one side only has no rows.

    Raises
    ------
    EstimatorError
        A column is missing, a count is negative, or more leads reached a stage than the one before.
    """
    rows = []
    units = frame.partition_by("unit", maintain_order=True) if "unit" in frame.columns else [frame]
    for number, part in enumerate(units):
        if part.is_empty():
            continue
        cells = _cells(part)
        sizes = cells.states.sum(axis=(1, 2))
        if not sizes.all():
            continue
        won = cells.states[:, :, 4].sum(axis=1) / sizes
        values, drawn, chance = _with_spread(cells, draws, seed + number, by_source=False)
        for position, name in enumerate(PARTS):
            rows.append(
                {
                    "unit": part["unit"][0] if "unit" in part.columns else None,
                    "part": name,
                    "before": won[0],
                    "after": won[1],
                    "before_leads": int(sizes[0]),
                    "after_leads": int(sizes[1]),
                    **_row(values[0, position], drawn[:, 0, position], chance[0, position], cells.is_recorded[name]),
                }
            )
    return _said(rows, HEADER)


def leads_or_selling_by_source(frame: pl.DataFrame, *, draws: int = 1000, seed: int = 1) -> pl.DataFrame:
    """Return each source's share in each part of the change; parameters and errors as `leads_or_selling`."""
    cells = _cells(frame)
    rows = []
    if cells.states.sum(axis=(1, 2)).all():
        values, drawn, chance = _with_spread(cells, draws, seed, by_source=True)
        for number, source in enumerate(cells.sources):
            for position, name in enumerate(PARTS):
                own = values[number, position], drawn[:, number, position], chance[number, position]
                row = _row(*own, cells.is_recorded[name])
                rows.append({"source": source, "part": name, **row})
    return _said(rows, BY_SOURCE_HEADER)


def against_the_rest(frame: pl.DataFrame, *, since: str = "leads") -> pl.DataFrame:
    """Return cells of units (a column `unit`, no sides) as each unit ('after') against all others ('before').

    What `leads_or_selling` makes of it is the unit's difference to the rest at matched mix: its parts for acceptance,
    qualification and closing compare leads of the same kind.

    Parameters
    ----------
    frame
        Cells as `leads_or_selling` takes them, without `side`.
    since
        The stage from which units are compared. Where a CRM gives a lead another owner once it is accepted or
        converted, owners have only leads that came so far, and only what follows says something of them: 'sal' or 'sql'.

    Raises
    ------
    EstimatorError
        A column is missing, or there is no such stage.
    """
    need(frame, ("unit", "source", "segment", *STAGES), _TITLE)
    one_of(since, STAGES[:-1], "stage", _TITLE)
    frame = frame.with_columns(pl.col(since).alias(stage) for stage in STAGES[: STAGES.index(since)])
    frame = frame.filter(pl.col("leads") > 0)
    parts = []
    for unit in frame["unit"].unique(maintain_order=True):
        is_unit = pl.col("unit").eq_missing(pl.lit(unit, dtype=pl.String))
        side = pl.when(is_unit).then(pl.lit("after")).otherwise(pl.lit("before"))
        parts.append(frame.with_columns(side=side, unit=pl.lit(unit, dtype=pl.String)))
    return pl.concat(parts) if parts else frame.with_columns(side=pl.lit(None, dtype=pl.String))


def _cells(frame: pl.DataFrame) -> _Cells:
    kinds = ["source", "segment", *(["quality"] if "quality" in frame.columns else [])]
    need(frame, ("side", *kinds, *STAGES), _TITLE, not_negative=STAGES)
    for side in frame["side"].unique():
        one_of(str(side), SIDES, "side", _TITLE)
    recorded = {stage: frame[stage].null_count() < frame.height for stage in STAGES}
    for stage in ("leads", "won"):
        if frame.height and frame[stage].null_count():
            raise EstimatorError(_TITLE, f"The column '{stage}' holds an empty value.")
    # A stage that is not recorded is passed by all who passed the one before.
    filled = frame
    for earlier, stage in itertools.pairwise(STAGES):
        filled = filled.with_columns(pl.coalesce(stage, earlier).alias(stage)) if not recorded[stage] else filled
    summed = filled.group_by("side", *kinds).agg(pl.col(STAGES).sum())
    wide = summed.select(kinds).unique().sort(kinds, nulls_last=True)
    reached = np.stack(
        [
            wide.join(
                summed.filter(pl.col("side") == side), on=kinds, how="left", nulls_equal=True, maintain_order="left"
            )
            .select(pl.col(STAGES).fill_null(0))
            .to_numpy()
            .astype(np.float64)
            for side in SIDES
        ]
    )
    # Won comes last, and so does the state of those who came so far and no further.
    states = np.concatenate((reached[:, :, :-1] - reached[:, :, 1:], reached[:, :, -1:]), axis=2)
    if (states < 0).any():
        raise EstimatorError(
            _TITLE, "More leads reached a stage than the one before; a later stage implies the earlier."
        )
    sources: list[str | None] = wide["source"].unique(maintain_order=True).to_list()
    place = {source: number for number, source in enumerate(sources)}
    # Where a later stage is not recorded, its losses are those of the next one that is.
    is_recorded = {
        "source_mix": True,
        "lead_quality": True,
        "acceptance": recorded["sal"],
        "qualification": recorded["sql"],
        "closing": True,
    }
    return _Cells(states, np.array([place[s] for s in wide["source"]], dtype=np.int64), sources, is_recorded)


def _with_spread(cells: _Cells, draws: int, seed: int, *, by_source: bool) -> tuple[Floats, Floats, Floats]:
    """Return the parts, group x part; the same for leads drawn anew, draw x group x part; and what chance alone makes.

    Chance alone is the standard deviation where both sides keep their own mix and leads of a kind go equally far. Leads
    drawn anew cannot tell of a rep without a single win what luck might have brought; chance alone can.
    """
    groups = cells.source_of if by_source else np.zeros_like(cells.source_of)
    smooth = _smoothed(cells.states)
    values, centre = _parts(np.stack((cells.states, smooth)), cells.source_of, groups)
    rng = np.random.default_rng(seed)
    drawn = _parts(_drawn(cells.states, smooth, draws, rng), cells.source_of, groups) - centre + values
    both = smooth.sum(axis=0)
    alike = smooth.sum(axis=2, keepdims=True) * both / both.sum(axis=1, keepdims=True)
    chance = _parts(_drawn(cells.states, alike, draws, rng), cells.source_of, groups).std(axis=0)
    return values, drawn, chance


def _smoothed(states: Floats) -> Floats:
    """Return the same kinds of leads with rates drawn towards their side's, as far as chance explains their spread.

    A kind of a few leads has a rate that is mostly luck; drawing from it again would count the luck twice.
    """
    reached = np.cumsum(states[..., ::-1], axis=2)[..., ::-1]
    below, above = reached[..., :-1], reached[..., 1:]
    size = below.sum(axis=1, keepdims=True)
    overall = np.divide(above.sum(axis=1, keepdims=True), size, out=np.zeros_like(size), where=size > 0)
    rate = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    noise = overall * (1 - overall)
    # Method of moments over both sides: the spread that is left when the binomial one is taken off.
    left = (below * (rate - overall) ** 2).sum(axis=(0, 1)) - (
        noise * ((below > 0).sum(axis=1, keepdims=True) - 1)
    ).sum(axis=(0, 1))
    weight = (
        size - np.divide((below**2).sum(axis=1, keepdims=True), size, out=np.zeros_like(size), where=size > 0)
    ).sum(axis=(0, 1))
    between = np.divide(left, weight, out=np.zeros_like(left), where=weight > 0)
    alone = np.where(between > 0, between, 0.0)
    # alone / (alone + noise / below): how much of a kind's own rate to believe.
    own = np.divide(alone * below, alone * below + noise, out=np.ones_like(below), where=alone * below + noise > 0)
    factors = own * rate + (1 - own) * overall
    passed = np.concatenate((reached[..., :1], reached[..., :1] * np.cumprod(factors, axis=2)), axis=2)
    smooth: Floats = np.concatenate((passed[..., :-1] - passed[..., 1:], passed[..., -1:]), axis=2).clip(0)
    return smooth


def _drawn(states: Floats, chances: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Draw as many leads as each side has, with chances in proportion to these."""
    drawn = np.empty((draws, *states.shape))
    for side in (0, 1):
        flat = chances[side].ravel()
        drawn[:, side] = rng.multinomial(round(states[side].sum()), flat / flat.sum(), draws).reshape(drawn[:, 0].shape)
    return drawn


def _parts(states: Floats, source_of: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]) -> Floats:
    """Return the parts of the difference, draw x group x part, of states draw x side x cell x state."""
    reached = np.cumsum(states[..., ::-1], axis=3)[..., ::-1]
    total = reached[..., 0].sum(axis=2, keepdims=True)
    share = reached[..., 0] / total
    factors = _factors(reached)
    rate = factors.prod(axis=3)
    mean_rate = rate.mean(axis=1)
    gap = mean_rate - (share * rate).sum(axis=2).mean(axis=1)[:, None]

    # The mix: sources against each other, and kinds inside a source. A source that one side lacks is all source mix.
    member = source_of[:, None] == np.arange(source_of.max() + 1)
    of_source = share @ member
    inside = np.divide(share, of_source[..., source_of], out=np.zeros_like(share), where=of_source[..., source_of] > 0)
    is_absent = of_source[..., source_of] == 0
    inside = np.where(is_absent, inside[:, ::-1], inside)
    source_step = (of_source[:, 1] - of_source[:, 0])[:, source_of] * inside.mean(axis=1)
    inside_step = (inside[:, 1] - inside[:, 0]) * of_source.mean(axis=1)[:, source_of]

    weight = share.mean(axis=1)[..., None]
    steps = _shapley(factors[:, 0], factors[:, 1]) * weight
    by_cell = np.stack(
        (source_step * gap, inside_step * gap + steps[..., 0], steps[..., 1], steps[..., 2], steps[..., 3]), axis=2
    )
    in_group = (groups[:, None] == np.arange(groups.max() + 1)).astype(np.float64)
    summed: Floats = np.einsum("dcp,cg->dgp", by_cell, in_group)
    return summed


def _factors(reached: Floats) -> Floats:
    """Return the share that passed each stage; what one side cannot say (nobody came so far) is taken from the other."""
    below, above = reached[..., :-1], reached[..., 1:]
    known = below > 0
    factors = np.divide(above, below, out=np.zeros_like(above), where=known)
    return np.where(known, factors, factors[:, ::-1])


def _shapley(first: Floats, second: Floats) -> Floats:
    """Split the difference of two products over their factors: the mean step over all orders of changing them."""
    count = first.shape[-1]
    steps = np.zeros_like(first)
    for changing in range(count):
        others = [number for number in range(count) if number != changing]
        for size in range(count):
            weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
            for changed in itertools.combinations(others, size):
                product = np.full(first.shape[:-1], weight)
                for number in others:
                    product *= second[..., number] if number in changed else first[..., number]
                steps[..., changing] += product * (second[..., changing] - first[..., changing])
    return steps


def _row(value: float, drawn: Floats, chance: float, is_recorded: bool) -> dict[str, object]:  # noqa: FBT001
    if not is_recorded:
        return {"value": None, "low": None, "high": None, "verdict": None, "p_value": None}
    low, high = (float(end) for end in np.quantile(drawn, (0.025, 0.975)))
    low, high = min(low, value - Z * chance), max(high, value + Z * chance)
    verdict = "up" if low > _NOTHING else "down" if high < -_NOTHING else "cannot tell"
    p_value = math.erfc(abs(value) / chance / math.sqrt(2)) if chance > _NOTHING else 1.0
    return {"value": float(value), "low": float(low), "high": float(high), "verdict": verdict, "p_value": p_value}


def _said(rows: list[dict[str, object]], header: EstimatorHeader) -> pl.DataFrame:
    kinds = {"text": pl.String, "share": pl.Float64, "count": pl.Int64, "flag": pl.Boolean}
    schema = {name: kinds[column.unit] for name, column in header.columns.items()}
    frame = pl.DataFrame(rows, schema={name: kind for name, kind in schema.items() if name != "stands_out"})
    # Holm: the smallest of m must be under 5% / m, the next under 5% / (m - 1), and so on until one is not.
    rank = pl.col("p_value").rank("ordinal").over("part")
    ahead = pl.col("p_value").count().over("part") - rank + 1
    adjusted = (pl.col("p_value") * ahead).cum_max().over("part", order_by="p_value")
    return frame.with_columns(stands_out=adjusted < 0.05).select(*header.columns)
