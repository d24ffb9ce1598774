"""Signal or routine: the XmR chart of a weekly number, with limits that hold until a person resets them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from estimators.check import need
from estimators.errors import EstimatorError
from estimators.header import EstimatorColumn, EstimatorHeader

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_TITLE = "Signal and routine cannot be told apart"
# 3 / 1.128 and 3.27: three standard deviations by the mean moving range of two points (Shewhart's constants).
_LIMIT, _RANGE_LIMIT, _HALFWAY = 2.66, 3.27, 1.33
LEAST_POINTS = 12

HEADER = EstimatorHeader(
    name="xmr",
    title="Signal or routine",
    definition=(
        "What a weekly number does by itself, and what it does not. The limits lie 2.66 mean moving ranges (the usual "
        "difference of a week to the week before) from the mean of a baseline of at least twelve weeks, and stay until "
        "somebody resets them with a reason. A signal is rule 1: a week outside a limit; rule 2: eight weeks in a row on "
        "one side of the mean; rule 3: three of four weeks in a row more than half way from the mean to the same limit. "
        "All else is routine: a week up or down that needs no story. The lower limit is not below 0 where the number "
        "cannot be. A week without a number breaks a run."
    ),
    grain="One row per week.",
    direction="none",
    source="METRICS: Week, signal or routine; Wheeler (2000), Understanding Variation",
    inputs=("weekly values, complete weeks only",),
    columns={
        "week": EstimatorColumn("date", "The week"),
        "value": EstimatorColumn("number", "Its number; a dash where there is none"),
        "moving_range": EstimatorColumn("number", "Difference to the week before, without a sign"),
        "mean": EstimatorColumn("number", "Mean of the baseline in force; a dash under twelve points"),
        "lower": EstimatorColumn("number", "Lower limit"),
        "upper": EstimatorColumn("number", "Upper limit"),
        "lower_halfway": EstimatorColumn("number", "Half way from the mean to the lower limit"),
        "upper_halfway": EstimatorColumn("number", "Half way from the mean to the upper limit"),
        "range_limit": EstimatorColumn("number", "Limit of the moving range"),
        "is_baseline": EstimatorColumn("flag", "Among the weeks that the limits were learned from"),
        "is_outside": EstimatorColumn("flag", "Rule 1: outside a limit"),
        "is_run": EstimatorColumn("flag", "Rule 2: one of eight or more weeks in a row on one side of the mean"),
        "is_near": EstimatorColumn("flag", "Rule 3: one of three weeks of four beyond half way on the same side"),
        "is_jump": EstimatorColumn("flag", "The moving range is above its limit"),
        "fired": EstimatorColumn("text", "Rules that this week made true (1, 2, 3); blank for none"),
        "verdict": EstimatorColumn("text", "signal or routine; a dash without a number or without limits"),
    },
)


def xmr(
    frame: pl.DataFrame, *, baselines: Sequence[tuple[date, date]] = (), can_be_negative: bool = False
) -> pl.DataFrame:
    """Return a weekly number with its limits and signals.

    Parameters
    ----------
    frame
        One row per complete `week` (a date, one a week, all a week apart) with its `value`; null where there is none.
    baselines
        The first and the last week of each baseline that a person has locked, in order. Limits hold from a baseline's
        first week until the next one's. Without any, the first twelve numbers are the baseline.
    can_be_negative
        Whether the number may lie below 0; else the lower limit does not.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes, in the order of weeks. Under twelve points there are no limits.

    Raises
    ------
    EstimatorError
        A column is missing, a week stands twice, or a baseline ends before it begins.
    """
    need(frame, ("week", "value"), _TITLE)
    if frame["week"].n_unique() < frame.height:
        raise EstimatorError(_TITLE, "A week stands twice.")
    if any(last < first for first, last in baselines):
        raise EstimatorError(_TITLE, "A baseline ends before it begins.")
    ordered = frame.sort("week").select("week", pl.col("value").cast(pl.Float64))
    value = ordered["value"].fill_null(np.nan).to_numpy()
    weeks = ordered["week"].to_numpy()
    moving = np.abs(np.diff(value, prepend=np.nan))
    spans = [(np.datetime64(first), np.datetime64(last)) for first, last in sorted(baselines)]
    if not spans and (~np.isnan(value)).sum() >= LEAST_POINTS:
        known = weeks[~np.isnan(value)]
        spans = [(weeks[0], known[LEAST_POINTS - 1])]
    shown = {name: np.full(len(value), np.nan) for name in ("mean", "lower", "upper", "lower_halfway", "upper_halfway")}
    shown["range_limit"] = np.full(len(value), np.nan)
    flags = {
        name: np.zeros(len(value), dtype=bool) for name in ("is_baseline", "is_outside", "is_run", "is_near", "is_jump")
    }
    fired = np.full((len(value), 3), fill_value=False)
    for number, (first, last) in enumerate(spans):
        until = spans[number + 1][0] if number + 1 < len(spans) else None
        held = (weeks >= first) & (weeks < until if until is not None else True)
        base = (weeks >= first) & (weeks <= last) & ~np.isnan(value)
        flags["is_baseline"] |= base & held
        if base.sum() >= LEAST_POINTS:
            limits = _limits(value[base], moving[base][1:], can_be_negative=can_be_negative)
            for name, limit in limits.items():
                shown[name][held] = limit
            _mark(value, moving, np.flatnonzero(held), limits, flags, fired)
    has_limits = ~np.isnan(shown["mean"]) & ~np.isnan(value)
    is_signal = flags["is_outside"] | flags["is_run"] | flags["is_near"]
    names = [", ".join(rule for rule, is_true in zip("123", row, strict=True) if is_true) or None for row in fired]
    verdict = [
        ("signal" if signal else "routine") if known else None
        for known, signal in zip(has_limits, is_signal, strict=True)
    ]
    return ordered.with_columns(
        pl.Series("moving_range", moving, nan_to_null=True),
        *(pl.Series(name, shown[name], nan_to_null=True) for name in shown),
        *(pl.Series(name, flags[name]) for name in flags),
        pl.Series("fired", names, dtype=pl.String),
        pl.Series("verdict", verdict, dtype=pl.String),
    ).select(*HEADER.columns)


def _limits(value: Floats, moving: Floats, *, can_be_negative: bool) -> dict[str, float]:
    mean, usual = float(value.mean()), float(np.nanmean(moving))
    lower = mean - _LIMIT * usual
    return {
        "mean": mean,
        "lower": lower if can_be_negative else max(lower, 0.0),
        "upper": mean + _LIMIT * usual,
        "lower_halfway": mean - _HALFWAY * usual,
        "upper_halfway": mean + _HALFWAY * usual,
        "range_limit": _RANGE_LIMIT * usual,
    }


def _mark(
    value: Floats,
    moving: Floats,
    held: npt.NDArray[np.int64],
    limits: dict[str, float],
    flags: dict[str, Flags],
    fired: Flags,
) -> None:
    """Mark the signals among the weeks for which these limits hold; no run reaches over a reset."""
    run: list[int] = []
    for place, week in enumerate(held):
        now = value[week]
        flags["is_jump"][week] = moving[week] > limits["range_limit"] and place > 0
        if np.isnan(now):
            run = []
            continue
        flags["is_outside"][week] = fired[week, 0] = now < limits["lower"] or now > limits["upper"]
        side = np.sign(now - limits["mean"])
        is_same = bool(run) and np.sign(value[run[-1]] - limits["mean"]) == side
        run = [*run, week] if is_same and side else [week] if side else []
        if len(run) >= 8:
            flags["is_run"][run] = True
            fired[week, 1] = len(run) == 8
        window = held[max(place - 3, 0) : place + 1]
        for beyond in (value[window] > limits["upper_halfway"], value[window] < limits["lower_halfway"]):
            if len(window) == 4 and beyond.sum() >= 3 and not np.isnan(value[window]).any():
                fired[week, 2] = fired[week, 2] or (bool(beyond[-1]) and not flags["is_near"][window[:-1]].any())
                flags["is_near"][window[beyond]] = True
