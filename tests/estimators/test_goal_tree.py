"""The goal tree, reckoned by hand: 1,000 are missing, won deals bring 100, two of five begin as a lead."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from estimators import HEADERS, EstimatorError, goal_gap, goal_tree

AS_OF = date(2026, 5, 2)
PERIOD_END = date(2026, 7, 1)  # 59 days are left to 30 June

SIZE = {
    "won": 10,
    "with_amount": 10,
    "share_of_amount": 1.0,
    "average": 100.0,
    "average_low": 80.0,
    "average_high": 125.0,
    "created": 50,
    "win_rate": 0.2,
    "win_rate_low": 0.1,
    "win_rate_high": 0.4,
    "median_days": 40.0,
    "created_per_week": 5.0,
    "won_per_week": 1.0,
}
SIZES = [
    {"origin": "all", **SIZE},
    {"origin": "lead", **SIZE, "won": 4, "with_amount": 4, "share_of_amount": 0.4},
    {
        "origin": "no lead",
        **SIZE,
        "won": 6,
        "with_amount": 6,
        "share_of_amount": 0.6,
        "win_rate": 0.3,
        "median_days": 20.0,
    },
]


def step(stage: str, reached: int, won: int, median_days: float | None, **more: Any) -> dict[str, Any]:
    """Return a step of the funnel, with a made-up interval of half to double the share."""
    share = won / reached if reached else None
    return {
        "stage": stage,
        "is_recorded": True,
        "reached": reached,
        "won": won,
        "share_won": share,
        "low": share / 2 if share is not None else None,
        "high": share * 2 if share is not None else None,
        "median_days": median_days,
        "per_week": 10.0,
        **more,
    }


STEPS = [
    step("lead", 500, 10, 70.0),
    step("mql", 250, 10, 60.0),
    step("sal", 0, 0, None, is_recorded=False),
    step("sql", 100, 10, 58.0),
    step("opportunity", 50, 10, 40.0),
]


def tree(gap: float = 1000, sizes: Any = SIZES, steps: Any = STEPS, **more: Any) -> dict[tuple[str, str], dict]:
    """Return the tree's rows by branch and stage."""
    asked = {"as_of": AS_OF, "period_end": PERIOD_END, "is_money": True, **more}
    found = goal_tree(gap, pl.DataFrame(sizes), pl.DataFrame(steps, infer_schema_length=None), **asked)
    assert found.columns == list(HEADERS["goal_tree"].columns)
    return {(row["branch"], row["stage"]): row for row in found.iter_rows(named=True)}


def test_what_is_missing_after_what_is_expected() -> None:
    assert goal_gap(10_000, 1_200, 5_000, 300) == 3_500
    assert goal_gap(10_000, 1_200, None, 300) == 8_500  # nothing is taken off for what is not known
    assert goal_gap(10_000, 6_000, 5_000, 0) == 0


def test_the_gap_is_walked_back_through_the_funnel() -> None:
    found = tree()
    # 400 of the 1,000 begin as leads: 4 deals, 4 / 0.2 opportunities, 4 / 0.1 SQL, 4 / 0.04 MQL, 4 / 0.02 leads.
    assert {key: row["needed"] for key, row in found.items()} == {
        ("lead", "deal"): 4.0,
        ("lead", "opportunity"): 20.0,
        ("lead", "sql"): 40.0,
        ("lead", "sal"): None,
        ("lead", "mql"): 100.0,
        ("lead", "lead"): 200.0,
        ("no lead", "deal"): 6.0,
        ("no lead", "opportunity"): 20.0,
    }
    deal = found["lead", "deal"]
    assert (deal["needed_low"], deal["needed_high"]) == (3.2, 5.0)  # 400 / 125, 400 / 80
    opportunity = found["lead", "opportunity"]
    assert (opportunity["needed_low"], opportunity["needed_high"]) == (10.0, 40.0)
    assert found["lead", "sal"]["reason"] == "not recorded in the exports"
    sides = {stage: row["side"] for (_, stage), row in found.items()}
    assert sides == {
        "deal": "sales",
        "opportunity": "sales",
        "sql": "sales",
        "sal": "sales",
        "mql": "marketing",
        "lead": "marketing",
    }


def test_each_has_to_be_there_by_its_lag_before_the_end() -> None:
    found = tree()
    when = {stage: (row["by_when"], row["is_too_late"]) for (branch, stage), row in found.items() if branch == "lead"}
    assert when == {
        "deal": (date(2026, 6, 30), False),
        "opportunity": (date(2026, 5, 21), False),
        "sql": (date(2026, 5, 3), False),
        "sal": (None, None),
        "mql": (date(2026, 5, 1), True),
        "lead": (date(2026, 4, 21), True),
    }
    assert found["lead", "opportunity"]["per_week"] == pytest.approx(20 / (19 / 7))
    assert found["lead", "sql"]["per_week"] == 40.0  # one day is left: all of it this week
    assert found["lead", "mql"]["per_week"] is None
    assert found["no lead", "opportunity"]["by_when"] == date(2026, 6, 10)


def test_a_goal_of_deals_is_split_by_their_number() -> None:
    found = tree(20, is_money=False)
    assert (found["lead", "deal"]["needed"], found["no lead", "deal"]["needed"]) == (8.0, 12.0)
    assert found["lead", "mql"]["needed"] == pytest.approx(200)


def test_where_nothing_is_missing_or_the_period_is_over_there_is_no_tree() -> None:
    assert tree(0) == {}
    assert tree(as_of=date(2026, 6, 30)) == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (step("mql", 0, 0, None), "none is old enough to be judged"),
        (step("mql", 12, 0, None), "none of 12 was won"),
        (step("mql", 12, 3, None, share_won=None), "what is won is not recorded"),
    ],
)
def test_what_is_not_known_is_a_dash_with_its_reason(change: dict, reason: str) -> None:
    found = tree(steps=[STEPS[0], change, *STEPS[2:]])
    assert (found["lead", "mql"]["needed"], found["lead", "mql"]["reason"]) == (None, reason)
    assert found["lead", "lead"]["needed"] == 200.0


def test_an_unknown_lag_leaves_the_number_and_says_that_the_day_is_not_known() -> None:
    found = tree(steps=[STEPS[0], step("mql", 250, 10, None), *STEPS[2:]])["lead", "mql"]
    assert (found["needed"], found["by_when"], found["per_week"]) == (100.0, None, None)
    assert found["reason"] == "how long it takes to the win is not recorded"


def test_without_any_won_deal_or_amount_there_are_dashes() -> None:
    none = goal_tree(
        5.0,
        pl.DataFrame(schema=dict.fromkeys(["origin", *SIZE], pl.Float64)),
        pl.DataFrame(STEPS, infer_schema_length=None),
        AS_OF,
        PERIOD_END,
        is_money=True,
    )
    assert none["needed"].null_count() == none.height == 8
    assert set(none["reason"]) == {"no deal was won in the past year", "not recorded in the exports"}
    found = tree(sizes=[{**row, "average": None} for row in SIZES])
    assert found["lead", "opportunity"]["reason"] == "no won deal carries an amount"


def test_a_branch_that_never_won_owes_nothing() -> None:
    found = tree(sizes=[{**SIZES[0]}, {**SIZES[2], "share_of_amount": 1.0, "won": 10}])
    assert (found["lead", "deal"]["needed"], found["lead", "lead"]["needed"]) == (0.0, 0.0)
    assert found["no lead", "deal"]["needed"] == 10.0


def test_what_cannot_be_a_tree_is_refused() -> None:
    with pytest.raises(EstimatorError, match="negative"):
        tree(-1)
    with pytest.raises(EstimatorError, match="'won' is missing"):
        goal_tree(1, pl.DataFrame(SIZES).drop("won"), pl.DataFrame(STEPS), AS_OF, PERIOD_END, is_money=True)
