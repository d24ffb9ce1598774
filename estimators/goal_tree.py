"""The goal tree: what is missing from a goal, walked back to deals, opportunities, SQL, SAL, MQL and leads."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from estimators.errors import EstimatorError
from estimators.header import EstimatorColumn, EstimatorHeader

_STAGES = ("opportunity", "sql", "sal", "mql", "lead")
_SIDES = {"lead": "marketing", "mql": "marketing"}

HEADER = EstimatorHeader(
    name="goal_tree",
    title="What is left: the goal tree",
    definition=(
        "What is missing from the goal after what was won, what open deals and what leads in flight are expected to "
        "bring, as deals of the average size. The share of it that usually begins as a lead is walked back through the "
        "funnel: so many opportunities, SQL, SAL, MQL and leads as it takes, by the share of each that was won in a "
        "year old enough to be judged; the rest, as opportunities that sales finds itself. Each has to be there so many "
        "days before the period's end as won ones usually took from there on (the median: half took longer). Where "
        "that day has passed it is too late for this period, and what comes now serves a later one. The interval is "
        "that of the share (of the average amount, for deals) alone."
    ),
    grain="One row per branch (through leads, without a lead) and stage; none where nothing is missing.",
    direction="lower",
    source="METRICS: Goals, goal tree",
    inputs=("goal_progress", "goal_expected_from_deals", "goal_expected_from_leads", "goal_won_sizes", "goal_steps"),
    columns={
        "branch": EstimatorColumn("text", "lead (it begins as a lead) or no lead"),
        "stage": EstimatorColumn("text", "deal, opportunity, sql, sal, mql or lead"),
        "side": EstimatorColumn("text", "Who owes it: sales or marketing"),
        "needed": EstimatorColumn("number", "How many more are needed, beyond those in flight; a dash with a reason"),
        "needed_low": EstimatorColumn("number", "Fewest, by the interval of the share"),
        "needed_high": EstimatorColumn("number", "Most, by the interval of the share; a dash where there is no most"),
        "share_won": EstimatorColumn("share", "Share of them that is won"),
        "counted": EstimatorColumn("count", "How many the share (for deals: the average) is taken from"),
        "median_days": EstimatorColumn("days", "Median days from there to the win"),
        "by_when": EstimatorColumn("date", "The last day on which half of them would still be won in time"),
        "is_too_late": EstimatorColumn("flag", "That day has passed"),
        "per_week": EstimatorColumn("number", "needed / weeks to that day; a dash where it is too late"),
        "recent_per_week": EstimatorColumn("number", "How many there were a week in the last four weeks"),
        "reason": EstimatorColumn("text", "Why there is a dash"),
    },
)
_SCHEMA = {
    "branch": pl.String,
    "stage": pl.String,
    "side": pl.String,
    "needed": pl.Float64,
    "needed_low": pl.Float64,
    "needed_high": pl.Float64,
    "share_won": pl.Float64,
    "counted": pl.Int64,
    "median_days": pl.Float64,
    "by_when": pl.Date,
    "is_too_late": pl.Boolean,
    "per_week": pl.Float64,
    "recent_per_week": pl.Float64,
    "reason": pl.String,
}


def goal_gap(goal: float, actual: float, from_deals: float | None, from_leads: float | None) -> float:
    """Return what is missing from a goal after what was won and what is expected; 0 where nothing is.

    An expectation that is not known (None) takes nothing off.
    """
    return max(goal - actual - (from_deals or 0.0) - (from_leads or 0.0), 0.0)


def goal_tree(
    gap: float, sizes: pl.DataFrame, steps: pl.DataFrame, as_of: date, period_end: date, *, is_money: bool
) -> pl.DataFrame:
    """Return how many deals, opportunities, SQL, SAL, MQL and leads a gap asks for, and by when.

    Parameters
    ----------
    gap
        What is missing (`goal_gap`): money, or deals.
    sizes
        `goal_won_sizes`.
    steps
        `goal_steps`.
    as_of
        The day at whose end this is asked.
    period_end
        The day after the period's last.
    is_money
        Whether the gap is an amount; else it is a number of deals.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes. No rows without a gap, or once the period is over.

    Raises
    ------
    EstimatorError
        The gap is negative, or a column is missing.
    """
    if gap < 0:
        raise EstimatorError("The goal tree cannot be drawn", "The gap is negative.")
    for frame, columns in (
        (sizes, ("origin", "won", "share_of_amount", "average", "win_rate")),
        (steps, ("stage", "is_recorded", "reached", "won", "share_won", "median_days")),
    ):
        for column in columns:
            if column not in frame.columns:
                raise EstimatorError("The goal tree cannot be drawn", f"The column '{column}' is missing.")
    if gap == 0 or period_end - timedelta(days=1) <= as_of:
        return pl.DataFrame(schema=_SCHEMA)
    by_origin = {row["origin"]: row for row in sizes.iter_rows(named=True)}
    by_stage = {row["stage"]: row for row in steps.iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    for branch in ("lead", "no lead"):
        deals, known = _deals(gap, branch, by_origin, is_money=is_money)
        rows.append(_dated(deals, as_of, period_end))
        if branch == "lead":
            rows += [_dated(_through(deals, by_stage.get(stage), stage), as_of, period_end) for stage in _STAGES]
        else:
            rows.append(_dated(_found_by_sales(deals, known), as_of, period_end))
    return pl.DataFrame(rows, schema=_SCHEMA)


def _deals(
    gap: float, branch: str, by_origin: dict[str, dict[str, Any]], *, is_money: bool
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return how many won deals a branch has to bring, and what is known of its deals."""
    row = {"branch": branch, "stage": "deal", "side": "sales", "median_days": 0.0}
    known, everything = by_origin.get(branch), by_origin.get("all")
    if everything is None:
        return {**row, "reason": "no deal was won in the past year"}, None
    if known is None:
        return {**row, "needed": 0.0, "needed_low": 0.0, "needed_high": 0.0, "reason": None}, None
    row |= {"counted": known["won"], "recent_per_week": known["won_per_week"]}
    if not is_money:
        needed = gap * known["won"] / everything["won"]
        return {**row, "needed": needed, "needed_low": needed, "needed_high": needed}, known
    row["counted"] = known["with_amount"]
    part, average = gap * (known["share_of_amount"] or 0.0), _number(known["average"])
    if not average or average <= 0:
        return {**row, "reason": "no won deal carries an amount"}, known
    return {
        **row,
        "needed": part / average,
        "needed_low": _over(part, _number(known["average_high"])),
        "needed_high": _over(part, _number(known["average_low"])),
    }, known


def _through(deals: dict[str, Any], step: dict[str, Any] | None, stage: str) -> dict[str, Any]:
    """Return how many of a stage of the funnel the deals ask for."""
    row = {"branch": "lead", "stage": stage, "side": _SIDES.get(stage, "sales")}
    if step is None or not step["is_recorded"]:
        return {**row, "reason": "not recorded in the exports"}
    row |= {
        "share_won": step["share_won"],
        "counted": step["reached"],
        "median_days": step["median_days"],
        "recent_per_week": step["per_week"],
    }
    return _asked(row, deals, step["share_won"], step["low"], step["high"], step["reached"])


def _found_by_sales(deals: dict[str, Any], known: dict[str, Any] | None) -> dict[str, Any]:
    """Return how many opportunities without a lead the deals ask for."""
    row = {"branch": "no lead", "stage": "opportunity", "side": "sales"}
    if known is None:
        return _asked(row, deals, None, None, None, 0)
    row |= {
        "share_won": known["win_rate"],
        "counted": known["created"],
        "median_days": known["median_days"],
        "recent_per_week": known["created_per_week"],
    }
    return _asked(row, deals, known["win_rate"], known["win_rate_low"], known["win_rate_high"], known["created"])


def _asked(
    row: dict[str, Any],
    deals: dict[str, Any],
    share: float | None,
    low: float | None,
    high: float | None,
    counted: int | None,
) -> dict[str, Any]:
    """Return a row with how many are needed for so many deals, or why that is not known."""
    needed = deals.get("needed")
    if needed is None:
        return {**row, "reason": deals.get("reason")}
    if needed == 0:
        return {**row, "needed": 0.0, "needed_low": 0.0, "needed_high": 0.0}
    if not counted:
        return {**row, "reason": "none is old enough to be judged"}
    if share is None:
        return {**row, "reason": "what is won is not recorded"}
    if share == 0:
        return {**row, "reason": f"none of {counted} was won"}
    return {
        **row,
        "needed": needed / share,
        "needed_low": _over(needed, high),
        "needed_high": _over(needed, low),
    }


def _dated(row: dict[str, Any], as_of: date, period_end: date) -> dict[str, Any]:
    """Return a row with the day by which it has to be there, and how many that is a week."""
    whole = {name: row.get(name) for name in _SCHEMA}
    if whole["median_days"] is None:
        if whole["needed"]:
            whole["reason"] = whole["reason"] or "how long it takes to the win is not recorded"
        return whole
    by_when = period_end - timedelta(days=1) - timedelta(days=round(whole["median_days"]))
    left = (by_when - as_of).days
    whole |= {"by_when": by_when, "is_too_late": left < 1}
    if whole["needed"] is not None and left >= 1:
        whole["per_week"] = whole["needed"] / max(left / 7, 1.0)
    return whole


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _over(part: float, whole: float | None) -> float | None:
    return part / whole if whole else None
