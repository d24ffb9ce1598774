"""The sentences of funnel coverage say what the frames say, and say when they cannot."""

from datetime import date

import pytest

from charts.numbers import NumberFormat
from reports.findings_coverage import (
    coverage_finding,
)
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")
Q2 = {"period": "2026-Q2"}
AS_OF = date(2026, 5, 15)
END = date(2026, 7, 1)


def coverage(golden: Ask, **params: object) -> str:
    row = golden("funnel_coverage", **{**Q2, **params}).row(0, named=True)
    return coverage_finding(row, NUMBERS, END, AS_OF)


def test_thin_coverage_says_how_much_is_missing(golden: Ask) -> None:
    assert coverage(golden) == (
        "Coverage to go is 2.96×: $26.1k of open pipeline in 5 deals is due for the $8.80k still missing from the goal "
        "of $10.0k. That is thin by the 3–5× rule: $319.97 more pipeline is needed."
    )


def test_coverage_inside_the_band(golden: Ask) -> None:
    assert coverage(golden, owner=["Ann Lee"]).endswith("That is inside the 3–5× rule.")


def test_coverage_without_a_goal_says_so(golden: Ask) -> None:
    said = coverage(golden, source=["Web"])
    assert "no goal is set for exactly this period and these filters" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdict": "met", "won_amount": 12_000}, "The goal of $10.0k is met"),
        ({"verdict": "above", "coverage_to_go": 9.0}, "above the 3–5× rule"),
        ({"assumed_count": 3}, "is not recorded"),
        ({"won_amount": None, "won_count": None}, "no deal in the exports was ever won or lost"),
        ({"won_amount": None, "won_count": 2}, "none of the 2 deals won in it carries an amount"),
        ({"open_amount": None, "verdict": None}, "in 5 deals of unknown amount is due"),
        ({"goal": None, "won_amount": None}, "what is won is not known"),
    ],
)
def test_other_cases_of_coverage(golden: Ask, change: dict, said: str) -> None:
    row = {**golden("funnel_coverage", **Q2).row(0, named=True), **change}
    assert said in coverage_finding(row, NUMBERS, END, AS_OF)


def test_a_period_that_is_over_is_told_as_over(golden: Ask) -> None:
    row = golden("funnel_coverage", **Q2).row(0, named=True)
    assert "The period is over" in coverage_finding(row, NUMBERS, date(2026, 5, 1), AS_OF)
    assert "No deal is left" in coverage_finding(None, NUMBERS, END, AS_OF)


def test_the_last_day_of_a_period_is_over_at_its_end(golden: Ask) -> None:
    row = golden("funnel_coverage", **Q2).row(0, named=True)
    assert "The period is over" in coverage_finding(row, NUMBERS, END, date(2026, 6, 30))
    assert "Coverage to go" in coverage_finding(row, NUMBERS, END, date(2026, 6, 29))


def test_deals_of_unnamed_stages_come_before_a_false_alarm(golden: Ask) -> None:
    row = {**golden("funnel_coverage", **Q2).row(0, named=True), "unmapped_count": 1_722}
    said = coverage_finding(row, NUMBERS, END, AS_OF, ["Demo", "Offer", None, "Talk", "Trial"])
    assert said.startswith(
        "1,722 deals are in no figure here, because their stages are not known to be open, won or lost "
        "('Demo', 'Offer', 'blank', 'Talk' and 1 more)."
    )
    assert "thin" not in said
    few = coverage_finding({**row, "unmapped_count": 1}, NUMBERS, END, AS_OF, ["Demo"])
    assert few.startswith("Coverage to go is 2.96×")
    assert few.endswith("1 deal is in no figure here, because its stage is not known to be open, won or lost ('Demo').")
