"""What is said of goals: every case has its sentence, and the sentence has the right numbers."""

from datetime import date

import polars as pl
import pytest

from charts.numbers import NumberFormat
from reports.findings_goals import (
    agreement_finding,
    carried_finding,
    customers_finding,
    goal_finding,
    left_finding,
    owed_by_week,
    tree_table,
)
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")

GOAL = {
    "goal": 1000,
    "actual": 400,
    "without_amount_count": 0,
    "attainment": 0.4,
    "remaining": 600,
    "expected_share": 0.5,
    "expected_basis": "past periods",
    "past_periods": 6,
    "pace": 0.8,
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "behind: pace 0.80, as 50% is usual by this day (from 6 past periods)"),
        ({"pace": 1.2}, "ahead: pace 1.20"),
        ({"pace": 1.0, "expected_basis": "straight line"}, "on track: pace 1.00, as 50% of the period has passed"),
        ({"attainment": 1.1}, "the goal is met"),
        ({"expected_basis": "whole period"}, "ended $600 short"),
        ({"pace": None}, "too early"),
        ({"actual": None}, "so what was reached is not known"),
        ({"goal": None}, "was given no goal"),
        ({"goal": 0, "attainment": None, "pace": None}, "the goal is $0, and a share of that says nothing"),
        ({"goal": -5, "attainment": None, "pace": None}, "Set one above 0."),
        ({"actual": None, "without_amount_count": 2}, "2 deals count, none with an amount in a known rate"),
    ],
)
def test_goals(change: dict, said: str) -> None:
    assert said in goal_finding({**GOAL, **change}, None, NUMBERS, is_money=True)


def test_a_period_that_has_not_begun_has_a_goal_all_the_same() -> None:
    ahead = {**GOAL, "actual": None, "period_start": date(2026, 10, 1)}
    said = goal_finding(ahead, None, NUMBERS, is_money=True, as_of=date(2026, 9, 30))
    assert said.startswith("The goal is $1.00k; the period begins on 1 Oct 2026.")
    assert "is not known" in goal_finding(ahead, None, NUMBERS, is_money=True, as_of=date(2026, 10, 1))


def test_goal_with_what_marketing_sourced() -> None:
    said = goal_finding(GOAL, {"amount": 100, "of_won": 0.25}, NUMBERS, is_money=True)
    assert said.endswith("Marketing sourced $100 of what is won (25%).")
    assert "No goal is set" in goal_finding(None, None, NUMBERS, is_money=True)
    said = goal_finding(None, None, NUMBERS, is_money=True, elsewhere=["Leads created"])
    assert said.endswith("There is one for: Leads created.")


def test_a_projection_is_said_with_its_range() -> None:
    course = {"projected_low": 700, "projected_high": 900, "past_periods": 6}
    said = goal_finding({**GOAL, "projected": 800}, None, NUMBERS, is_money=True, course=course)
    assert said.endswith(
        "If it goes on as usual, the period ends at $800 (80% of the goal; $700 to $900 as the middle of 6 past periods "
        "would have it)."
    )
    straight = goal_finding(
        {**GOAL, "projected": 800}, None, NUMBERS, is_money=False, course={**course, "projected_low": None}
    )
    assert straight.endswith("If it goes on as usual, the period ends at 800 (80% of the goal).")


def carried(*rows: tuple[str, float | None, float | None, float | None]) -> pl.DataFrame:
    """Return who carries a goal: name, goal, reached, pace."""
    return pl.DataFrame(
        [
            {
                "scope_value": name,
                "goal": goal,
                "actual": actual,
                "pace": pace,
                "attainment": actual / goal if goal and actual is not None else None,
                "open_count": 0,
            }
            for name, goal, actual, pace in rows
        ],
        infer_schema_length=None,
    )


def test_who_carries_a_goal() -> None:
    frame = carried(("Ann", 600.0, 500.0, 1.1), ("Bo", 500.0, 100.0, 0.4), ("Cy", None, 70.0, None))
    assert carried_finding(frame, 1000, "owner", NUMBERS, is_money=True) == (
        "The goals of 2 owners add up to $1.10k, 110% of the company's $1.00k. 1 of 2 is on track or ahead; furthest "
        "behind is Bo (20% reached). Without a goal: Cy ($70 reached)."
    )
    same = carried_finding(frame, 1100, "owner", NUMBERS, is_money=True)
    assert "add up to $1.10k, exactly the company's $1.10k." in same
    assert "add up to $1.10k." in carried_finding(frame, None, "owner", NUMBERS, is_money=True)
    none = carried(("Cy", None, 70.0, None))
    assert carried_finding(none, 1000, "team", NUMBERS, is_money=True).startswith("No team has a goal of its own")


def test_what_is_left() -> None:
    assert left_finding(GOAL, 150, 400.0, 50.0, NUMBERS, is_money=True) == (
        "$600 of the goal is still to be won. As in the past, open deals are expected to bring $400 and leads in flight "
        "$50: $150 has to come from deals that do not exist yet."
    )
    assert left_finding(GOAL, 0, 700.0, None, NUMBERS, is_money=False).endswith(
        "open deals are expected to bring 700 deals: that is enough, if it comes as in the past."
    )
    assert "too little of the past is recorded" in left_finding(GOAL, 600, None, None, NUMBERS, is_money=True)
    assert "nothing is left" in left_finding({**GOAL, "actual": 1200}, 0, 1.0, 1.0, NUMBERS, is_money=True)
    assert "no goal" in left_finding(None, 0, None, None, NUMBERS, is_money=True)


TREE = pl.DataFrame(
    [
        {"branch": "lead", "stage": "sql", "side": "sales", "needed": 40.0, "needed_low": 30.0, "needed_high": 55.0,
         "share_won": 0.1, "counted": 100, "median_days": 40.0, "by_when": date(2026, 5, 21), "is_too_late": False,
         "per_week": 14.7, "recent_per_week": 9.5, "reason": None},
        {"branch": "lead", "stage": "lead", "side": "marketing", "needed": 200.0, "needed_low": 150.0,
         "needed_high": None, "share_won": 0.02, "counted": 500, "median_days": 70.0, "by_when": date(2026, 4, 21),
         "is_too_late": True, "per_week": None, "recent_per_week": 10.0, "reason": None},
        {"branch": "lead", "stage": "mql", "side": "marketing", "needed": None, "needed_low": None, "needed_high": None,
         "share_won": None, "counted": None, "median_days": None, "by_when": None, "is_too_late": None,
         "per_week": None, "recent_per_week": None, "reason": "not recorded in the exports"},
        {"branch": "no lead", "stage": "opportunity", "side": "sales", "needed": 1.2, "needed_low": 1.0,
         "needed_high": 2.0, "share_won": 0.5, "counted": 9, "median_days": 0.0, "by_when": date(2026, 6, 30),
         "is_too_late": False, "per_week": 1.2, "recent_per_week": 0.0, "reason": None},
    ],
    infer_schema_length=None,
)  # fmt: skip


def test_what_each_team_owes_a_week() -> None:
    assert owed_by_week(TREE, "sales", NUMBERS, date(2026, 7, 1)) == [
        "15 SQL from leads a week, 40 by 21 May 2026; lately 9.5 a week.",
        "1.2 opportunity found without a lead a week, 1.2 by the period's end; lately 0 a week.",
    ]
    (owed,) = owed_by_week(TREE, "marketing", NUMBERS, date(2026, 7, 1))
    assert owed == (
        "Too late for this period: leads (by 21 Apr 2026). Half of those won took at least as long as was left then; what "
        "comes now serves the time after."
    )


def test_the_tree_as_a_table_gives_every_dash_its_reason() -> None:
    rows = tree_table(TREE, NUMBERS).to_dicts()
    assert (rows[0]["Needed"], rows[0]["How many"], rows[0]["95%"], rows[0]["Note"]) == ("SQL", "40", "30–55", "")
    assert (rows[1]["A week"], rows[1]["95%"], rows[1]["Note"]) == ("–", "–", "too late")
    assert (rows[2]["How many"], rows[2]["There by"], rows[2]["Note"]) == ("–", "–", "not recorded in the exports")
    assert rows[3]["Needed"] == "Opportunities without a lead"


def test_where_the_tests_of_sourced_agree(golden: Ask) -> None:
    assert agreement_finding(golden("sourced_agreement"), NUMBERS) == (
        "The three tests agree on 2 of 2 won deals; on $0 (0% of the amount) it hangs on the test whether marketing "
        "sourced it."
    )
    assert "cannot be laid beside" in agreement_finding(golden("sourced_agreement").head(0), NUMBERS)


def test_how_customers_differ() -> None:
    def kind(customer: str, business: str, won: int, low: float, high: float, days: float, acts: float) -> dict:
        rates = {"win_rate": (low + high) / 2, "low": low, "high": high}
        return {"customer": customer, "business_type": business, "won": won, "lost": 100, "amount": 10.0 * won, **rates,
                "median_cycle_days": days, "activities_per_deal": acts}  # fmt: skip

    frame = pl.DataFrame(
        [
            kind("existing", "expansion", 60, 0.45, 0.55, 22.0, 1.0),
            kind("existing", "renewal", 90, 0.8, 0.9, 90.0, 1.0),
            kind("new", "new", 50, 0.2, 0.3, 52.0, 8.0),
        ]
    )
    assert customers_finding(frame, NUMBERS, 30) == (
        "75% of the amount won came from existing customers; expansion with them is won 50% of the time (new customers "
        "25%) in 22 days (52), with 1.0 activities a deal (8.0)."
    )
    assert customers_finding(frame, NUMBERS, 500) == "75% of the amount won came from existing customers."
    assert "Nothing was won" in customers_finding(frame.head(0), NUMBERS, 30)
