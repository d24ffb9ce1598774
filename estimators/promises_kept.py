"""The promises of two teams held against what came: each week kept, broken, not due, or nothing to judge."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from estimators.check import need, one_of
from estimators.header import EstimatorColumn, EstimatorHeader

_TITLE = "The promises cannot be judged"
STATES = ("kept", "broken", "not due", "nothing")
_SLACK = 1e-9

HEADER = EstimatorHeader(
    name="promises_kept",
    title="Promises kept or broken",
    definition=(
        "Each promise of the agreement that holds in a week (the version in force on the week's first day), held against "
        "what came: kept if at least (or at most) what was promised came, else broken. A promise with a time limit is "
        "not due until its limit has passed for the last moment of the week. Where there was nothing that the promise "
        "is about, or the exports do not record it, there is nothing to judge. How much is short is in things: leads, "
        "or passes that would have had to keep the promise besides those that did, in whole ones."
    ),
    grain="One row per week and promise in force in it.",
    direction="higher",
    source="The agreement between the teams (SLA)",
    inputs=("promises_by_week", "the agreement's versions"),
    columns={
        "week": EstimatorColumn("date", "First day of the week"),
        "promise": EstimatorColumn("text", "The promise"),
        "team": EstimatorColumn("text", "Who made it: marketing or sales"),
        "number": EstimatorColumn("count", "The version of the agreement"),
        "bound": EstimatorColumn("text", "at least or at most"),
        "promised": EstimatorColumn("number", "What was promised: so many, or a share from 0 to 1"),
        "is_share": EstimatorColumn("flag", "It is a share"),
        "kept": EstimatorColumn("count", "How many came, or kept it"),
        "counted": EstimatorColumn("count", "How many it was about; a dash for what is only counted"),
        "open": EstimatorColumn("count", "In no share: not due, or went back before"),
        "actual": EstimatorColumn("number", "What came, in the promise's unit; a dash with nothing below the line"),
        "state": EstimatorColumn("text", "kept, broken, not due, or nothing (to judge)"),
        "short": EstimatorColumn("count", "How many are missing (or too many) where it is broken; a dash elsewhere"),
        "judged_from": EstimatorColumn("date", "The first day at whose end it can be judged"),
    },
)
_KINDS = {
    "date": pl.Date,
    "text": pl.String,
    "count": pl.Int64,
    "number": pl.Float64,
    "flag": pl.Boolean,
}
SCHEMA = pl.Schema({name: _KINDS[column.unit]() for name, column in HEADER.columns.items()})


def promises_kept(frame: pl.DataFrame, promised: pl.DataFrame, weeks: Sequence[date]) -> pl.DataFrame:
    """Return whether each promise in force was kept, week by week.

    Parameters
    ----------
    frame
        One row per `promise`, version `number` and `week`: `kept`, `counted` (null for what is only counted), `open`,
        `judged_from` and `is_due`.
    promised
        One row per version `number` and `promise` of it: `team`, `bound` (at least, at most), `value`, `is_share`,
        `valid_from` and `valid_until` (the day before which it holds; null while no other follows).
    weeks
        The first days of the weeks to judge.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes, by week, then as the promises come. No rows for weeks before any version.

    Raises
    ------
    EstimatorError
        A column is missing, a bound is none, or a count is negative.
    """
    need(
        frame,
        ("promise", "number", "week", "kept", "counted", "open", "judged_from", "is_due"),
        _TITLE,
        not_negative=("kept", "counted", "open"),
    )
    need(promised, ("number", "promise", "team", "bound", "value", "is_share", "valid_from", "valid_until"), _TITLE)
    for bound in promised["bound"].unique():
        one_of(bound, ("at least", "at most"), "bound of a promise", _TITLE)
    found = {(row["number"], row["promise"], row["week"]): row for row in frame.iter_rows(named=True)}
    rows = [
        _judged(week, promise, found.get((promise["number"], promise["promise"], week)))
        for week in sorted(weeks)
        for promise in promised.iter_rows(named=True)
        if promise["valid_from"] <= week and (promise["valid_until"] is None or week < promise["valid_until"])
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _judged(week: date, promise: dict[str, Any], fact: dict[str, Any] | None) -> dict[str, Any]:
    """Return one promise's week."""
    row = {
        "week": week,
        "promise": promise["promise"],
        "team": promise["team"],
        "number": promise["number"],
        "bound": promise["bound"],
        "promised": float(promise["value"]),
        "is_share": promise["is_share"],
        "kept": None,
        "counted": None,
        "open": None,
        "actual": None,
        "state": "nothing",
        "short": None,
        "judged_from": None,
    }
    if fact is None:
        return row
    row |= {name: fact[name] for name in ("kept", "counted", "open", "judged_from")}
    below = fact["counted"] if promise["is_share"] else 1
    if below:
        row["actual"] = fact["kept"] / below
    if not fact["is_due"]:
        return row | {"state": "not due"}
    if not below:
        return row
    # Things are whole: 74% of 90 asks for 67.
    edge, slack = float(promise["value"]) * below, _SLACK * max(1.0, below)
    if promise["bound"] == "at least":
        missing = math.ceil(edge - slack) - fact["kept"]
    else:
        missing = fact["kept"] - math.floor(edge + slack)
    return row | ({"state": "kept"} if missing <= 0 else {"state": "broken", "short": missing})
