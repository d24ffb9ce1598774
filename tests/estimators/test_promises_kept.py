"""Promises held against what came: worked out by hand, and whatever the numbers, each week of each promise has one state."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators import promises_kept
from estimators.errors import EstimatorError

WEEK = date(2026, 4, 6)


def fact(promise: str, kept: int, counted: int | None = None, week: date = WEEK, **more: Any) -> dict[str, Any]:
    return {
        "promise": promise,
        "number": 1,
        "week": week,
        "kept": kept,
        "counted": counted,
        "open": 0,
        "judged_from": week + timedelta(days=12),
        "is_due": True,
        **more,
    }


def promise(name: str, value: float, *, is_share: bool, **more: Any) -> dict[str, Any]:
    return {
        "number": 1,
        "promise": name,
        "team": "sales" if is_share else "marketing",
        "bound": "at least",
        "value": value,
        "is_share": is_share,
        "valid_from": WEEK,
        "valid_until": None,
        **more,
    }


SCHEMA = {"counted": pl.Int64, "valid_until": pl.Date}


def judged(facts: list[dict[str, Any]], promises: list[dict[str, Any]], weeks: int = 1) -> pl.DataFrame:
    return promises_kept(
        pl.DataFrame(facts, schema_overrides=SCHEMA),
        pl.DataFrame(promises, schema_overrides=SCHEMA),
        [WEEK + timedelta(weeks=number) for number in range(weeks)],
    )


@pytest.mark.parametrize(
    ("found", "value", "state", "actual", "short"),
    [
        (fact("a", 40), 40, "kept", 40, None),
        (fact("a", 39), 40, "broken", 39, 1),
        (fact("a", 0), 40, "broken", 0, 40),
        (fact("a", 39, is_due=False), 40, "not due", 39, None),
    ],
)
def test_a_number_a_week(found: dict[str, Any], value: float, state: str, actual: float, short: int | None) -> None:
    row = judged([found], [promise("a", value, is_share=False)]).row(0, named=True)
    assert (row["state"], row["actual"], row["short"]) == (state, actual, short)


@pytest.mark.parametrize(
    ("found", "value", "state", "actual", "short"),
    [
        (fact("a", 18, 20), 0.9, "kept", 0.9, None),  # 0.9 x 20 is no more than 18
        (fact("a", 17, 20), 0.9, "broken", 0.85, 1),
        (fact("a", 66, 90), 0.74, "broken", 66 / 90, 1),  # 66.6: things are whole, so 67
        (fact("a", 7, 7), 1.0, "kept", 1.0, None),
        (fact("a", 0, 0), 0.9, "nothing", None, None),
        (fact("a", 0, 0, is_due=False), 0.9, "not due", None, None),
    ],
)
def test_a_share_of_the_week(found: dict[str, Any], value: float, state: str, actual: float, short: int | None) -> None:
    row = judged([found], [promise("a", value, is_share=True)]).row(0, named=True)
    assert (row["state"], row["actual"], row["short"]) == (state, actual, short)


def test_at_most_is_broken_by_more() -> None:
    promises = [promise("a", 40, is_share=False, bound="at most")]
    assert judged([fact("a", 40)], promises)["state"].to_list() == ["kept"]
    row = judged([fact("a", 43)], promises).row(0, named=True)
    assert (row["state"], row["short"]) == ("broken", 3)
    with pytest.raises(EstimatorError, match="bound"):
        judged([fact("a", 43)], [promise("a", 40, is_share=False, bound="about")])


def test_a_week_is_judged_by_the_version_of_its_first_day() -> None:
    second = WEEK + timedelta(weeks=1)
    rows = judged(
        [fact("a", 45), fact("a", 45, week=second, number=2), fact("a", 45, week=second)],
        [
            promise("a", 40, is_share=False, valid_from=WEEK - timedelta(days=3), valid_until=second),
            promise("a", 50, is_share=False, valid_from=second, number=2),
        ],
        2,
    )
    assert rows.select("number", "state").rows() == [(1, "kept"), (2, "broken")]
    # A version that begins in the middle of a week holds from the next one on.
    late = [promise("a", 40, is_share=False, valid_from=WEEK + timedelta(days=1))]
    assert judged([fact("a", 45), fact("a", 45, week=second)], late, 2)["week"].to_list() == [second]


def test_what_is_not_recorded_is_nothing_to_judge() -> None:
    row = judged([fact("b", 1)], [promise("a", 40, is_share=False)]).row(0, named=True)
    assert (row["state"], row["kept"], row["actual"]) == ("nothing", None, None)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), min_size=1, max_size=12),
    st.floats(0.01, 1.0),
)
def test_the_states_add_up_and_what_is_short_would_have_kept_it(
    weeks: list[tuple[int, int, bool]], value: float
) -> None:
    facts = [
        fact("a", min(kept, counted), counted, WEEK + timedelta(weeks=number), is_due=due)
        for number, (kept, counted, due) in enumerate(weeks)
    ]
    rows = judged(facts, [promise("a", value, is_share=True)], len(weeks))
    counts = [rows.filter(pl.col("state") == state).height for state in ("kept", "broken", "not due", "nothing")]
    assert sum(counts) == len(weeks)
    for row in rows.filter(pl.col("state") == "broken").iter_rows(named=True):
        assert row["short"] >= 1
        assert (row["kept"] + row["short"]) >= value * row["counted"] - 1e-6
        assert (row["kept"] + row["short"] - 1) < value * row["counted"]
        assert row["kept"] + row["short"] <= row["counted"]
