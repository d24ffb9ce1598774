"""What moved ahead: against scipy, and where it is known."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from estimators import HEADERS, EstimatorError, lead_indicators, repeated_picks
from tests.estimators.worlds import drifting
from tests.estimators.worlds import weekly_metrics as weekly


def test_it_is_what_scipy_says() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 9, 60), rng.integers(0, 9, 60)
    row = lead_indicators(weekly(a=first, won=second), "won", lags=(4, 4)).row(0, named=True)
    assert row["correlation"] == pytest.approx(spearmanr(first[:-4], second[4:]).statistic)
    assert (row["lag"], row["weeks"]) == (4, 56)


def test_what_moved_ahead_is_found_at_its_lag() -> None:
    rng = np.random.default_rng(2)
    cause = drifting(rng, 110, 0.4)
    won = np.concatenate((rng.normal(size=6), cause[:-6])) + 0.5 * rng.normal(size=110)
    found = lead_indicators(weekly(calls=cause, rejects=-cause, noise=rng.normal(size=110), won=won), "won")
    told = {row["metric"]: (row["lag"], row["verdict"]) for row in found.iter_rows(named=True)}
    assert told["calls"] == (6, "moves ahead")
    assert told["rejects"] == (6, "moves against")
    assert told["noise"][1] == "cannot tell"
    assert found["p_value"].is_sorted()


def test_drifting_numbers_are_not_taken_for_signs() -> None:
    """Six candidates that drift and have nothing to do with the target: at most one world in ten says one of them does."""
    alarms = 0
    for number in range(60):
        rng = np.random.default_rng(number)
        series = {f"m{n}": drifting(rng, 104, 0.7) for n in range(6)}
        found = lead_indicators(weekly(**series, won=drifting(rng, 104, 0.7)), "won")
        alarms += (found["verdict"] != "cannot tell").any()
    assert alarms / 60 <= 0.10


@pytest.mark.parametrize("memory", [0.0, 0.6])
def test_intervals_hold_the_truth(memory: float) -> None:
    """In 300 pairs of numbers with a known correlation; `tests.bench.estimators` takes 400."""
    plain = 0.5
    truth = 6 / np.pi * np.arcsin(plain / 2)
    held = 0
    for number in range(300):
        rng = np.random.default_rng(number)
        first, other = drifting(rng, 80, memory), drifting(rng, 80, memory)
        second = plain * first + np.sqrt(1 - plain**2) * other
        row = lead_indicators(weekly(a=first, won=second), "won", lags=(0, 0)).row(0, named=True)
        held += row["low"] <= truth <= row["high"]
    assert 0.91 <= held / 300 <= 0.985


def test_few_weeks_say_nothing() -> None:
    rng = np.random.default_rng(3)
    row = lead_indicators(weekly(a=rng.normal(size=19), won=rng.normal(size=19)), "won").row(0, named=True)
    assert (row["lag"], row["weeks"], row["correlation"], row["verdict"]) == (None, 18, None, None)
    flat = lead_indicators(weekly(a=np.ones(40), won=rng.normal(size=40)), "won").row(0, named=True)
    assert flat["verdict"] is None


def test_weeks_that_one_lacks_are_left_out() -> None:
    rng = np.random.default_rng(4)
    both = weekly(a=rng.normal(size=60), won=rng.normal(size=60))
    holes = both.filter((pl.col("metric") == "won") | (pl.col("week") != date(2024, 3, 4)))
    assert lead_indicators(holes, "won", lags=(0, 0))["weeks"].to_list() == [59]


def test_picks_that_repeat() -> None:
    rng = np.random.default_rng(5)
    leads = rng.normal(size=60).cumsum()
    frame = weekly(leads=leads, mql=2 * leads + 0.05 * rng.normal(size=60), calls=rng.normal(size=60).cumsum())
    found = {(row["first"], row["second"]): row["verdict"] for row in repeated_picks(frame).iter_rows(named=True)}
    assert found == {("leads", "mql"): "repeats", ("leads", "calls"): "differs", ("mql", "calls"): "differs"}


def test_edges() -> None:
    nothing = weekly(a=np.ones(3)).head(0)
    assert repeated_picks(nothing).columns == list(HEADERS["repeated_picks"].columns)
    alone = lead_indicators(weekly(won=np.ones(30)), "won")
    assert alone.columns == list(HEADERS["lead_indicators"].columns)
    with pytest.raises(EstimatorError, match="no metric 'won'"):
        lead_indicators(nothing, "won")
    with pytest.raises(EstimatorError, match="stands twice"):
        repeated_picks(pl.concat([weekly(a=np.ones(3)), weekly(a=np.ones(3))]))
    with pytest.raises(EstimatorError, match="Lags from 3 to 1"):
        lead_indicators(weekly(a=np.ones(3)), "a", lags=(3, 1))
