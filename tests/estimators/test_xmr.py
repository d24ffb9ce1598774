"""Signal or routine: against statprocon, and by hand."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statprocon import XmR

from estimators import HEADERS, EstimatorError, xmr

FIRST = date(2026, 1, 5)


def weekly(*values: float | None) -> pl.DataFrame:
    """Return a weekly number."""
    weeks = [FIRST + timedelta(weeks=n) for n in range(len(values))]
    return pl.DataFrame({"week": weeks, "value": values}, schema={"week": pl.Date, "value": pl.Float64})


def week(number: int) -> date:
    """Return the week of a number, the first being 0."""
    return FIRST + timedelta(weeks=number)


@given(
    values=st.lists(st.integers(0, 10**6), min_size=13, max_size=60, unique=True),
    baseline=st.integers(12, 40),
)
@settings(max_examples=60, deadline=None)
def test_it_is_what_statprocon_says(values: list[int], baseline: int) -> None:
    # Thousandths that no mean of these numbers hits, so that no week lies on the line, which statprocon counts into runs.
    numbers = [value + 0.0007 * n for n, value in enumerate(values)]
    baseline = min(baseline, len(values))
    found = xmr(weekly(*numbers), baselines=[(week(0), week(baseline - 1))], can_be_negative=True)
    theirs = XmR(numbers, subset_end_index=baseline)
    assert found["mean"][0] == pytest.approx(float(theirs.x_central_line()[0]), rel=1e-3)
    assert found["upper"][0] == pytest.approx(float(theirs.upper_natural_process_limit()[0]), rel=1e-3)
    assert found["lower"][0] == pytest.approx(float(theirs.lower_natural_process_limit()[0]), rel=1e-3, abs=10)
    # 3.27 here, 3.268 there.
    assert found["range_limit"][0] == pytest.approx(float(theirs.upper_range_limit()[0]) * 3.27 / 3.268, rel=1e-3)
    assert found["is_outside"].to_list() == theirs.rule_1_x_indices_beyond_limits()
    assert found["is_run"].to_list() == theirs.rule_2_runs_about_central_line()


def test_limits_by_hand() -> None:
    # 10 and 14 in turns: the mean is 12, each week differs by 4 from the one before.
    row = xmr(weekly(*[10, 14] * 6)).row(0, named=True)
    expected = (12, 12 - 10.64, 12 + 10.64, 12 - 5.32, 12 + 5.32, 13.08)
    names = ("mean", "lower", "upper", "lower_halfway", "upper_halfway", "range_limit")
    assert tuple(row[name] for name in names) == pytest.approx(expected)
    low = xmr(weekly(*[1, 5] * 6))
    assert (low["lower"][0], low["lower_halfway"][0]) == (0, pytest.approx(3 - 5.32))
    assert xmr(weekly(*[1, 5] * 6), can_be_negative=True)["lower"][0] == pytest.approx(3 - 10.64)


def test_rules_by_hand() -> None:
    usual = [10.0, 14.0] * 6
    outside = xmr(weekly(*usual, 23))
    assert (outside["is_outside"][12], outside["fired"][12], outside["verdict"][12]) == (True, "1", "signal")
    assert outside["verdict"][:12].to_list() == ["routine"] * 12
    # A run of eight is told by its eighth week; the twelfth week (14) is above the mean, too.
    run = xmr(weekly(*usual, *[13] * 8))
    assert run["is_run"].to_list() == [False] * 11 + [True] * 9
    assert [n for n, fired in enumerate(run["fired"]) if fired] == [18]
    # Three of four on one side beyond half way; the one in between is not part of the signal.
    near = xmr(weekly(*usual, 18, 18, 12, 18))
    assert near["is_near"].to_list() == [False] * 12 + [True, True, False, True]
    assert near["fired"].to_list() == [None] * 15 + ["3"]
    # On different sides they are none.
    assert not xmr(weekly(*usual, 18, 6, 18, 12))["is_near"].any()
    jump = xmr(weekly(*usual, 22, 8))
    assert jump["is_jump"].to_list() == [False] * 13 + [True]
    assert jump["verdict"][13] == "routine"


def test_a_week_on_the_mean_or_without_a_number_breaks_a_run() -> None:
    usual = [10.0, 14.0] * 6
    assert not xmr(weekly(*usual, *[13] * 5, 12, *[13] * 6))["is_run"].any()
    gap = xmr(weekly(*usual, *[13] * 5, None, *[13] * 6))
    assert not gap["is_run"].any()
    assert gap.select("moving_range", "verdict").row(17) == (None, None)
    assert gap["moving_range"][18] is None


def test_limits_hold_until_they_are_reset() -> None:
    values = [*[10.0, 14.0] * 6, *[20.0, 24.0] * 6]
    kept = xmr(weekly(*values))
    assert kept["mean"].unique().to_list() == [12.0]
    assert kept["is_run"][12:].all()
    reset = xmr(weekly(*values), baselines=[(week(0), week(11)), (week(12), week(23))])
    assert reset["mean"].to_list() == [12.0] * 12 + [22.0] * 12
    assert set(reset["verdict"]) == {"routine"}
    # The difference over the reset is of no baseline: all others are 4.
    assert reset["upper"][12] == pytest.approx(22 + 10.64)


def test_under_twelve_points_there_are_no_limits() -> None:
    short = xmr(weekly(*[10, 14] * 5, None, 12))
    assert short["mean"].null_count() == 12
    assert short["verdict"].null_count() == 12
    locked = xmr(weekly(*[10, 14] * 8), baselines=[(week(0), week(5))])
    assert locked["mean"].null_count() == 16


def test_edges() -> None:
    assert xmr(weekly()).columns == list(HEADERS["xmr"].columns)
    with pytest.raises(EstimatorError, match="A week stands twice"):
        xmr(pl.concat([weekly(1), weekly(2)]))
    with pytest.raises(EstimatorError, match="ends before it begins"):
        xmr(weekly(1), baselines=[(week(3), week(1))])
