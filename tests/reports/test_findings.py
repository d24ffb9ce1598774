"""The sentences say what the frames say, and say when they cannot."""

from datetime import date

import polars as pl
import pytest

from charts.numbers import NumberFormat
from reports.findings import (
    campaigns_finding,
    coverage_finding,
    goal_finding,
    health_finding,
    imports_finding,
    leads_finding,
    left_out_sentence,
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


def leads(rates: list[tuple[str, int, int, float, float]]) -> pl.DataFrame:
    """Return sources with leads, wins, and an interval."""
    return pl.DataFrame(
        [
            {"dimension_value": name, "leads": n, "won": won, "rate": won / n, "rate_low": low, "rate_high": high}
            for name, n, won, low, high in rates
        ]
    )


TOTAL = {"leads": 1000, "won": 30, "opportunities": 100, "rate": 0.03, "rate_low": 0.02, "rate_high": 0.04}


def test_sources_that_differ_are_named_and_those_that_do_not_are_not() -> None:
    apart = leads([("Referral", 200, 20, 0.07, 0.15), ("Ads", 500, 2, 0.001, 0.014), ("Tiny", 6, 3, 0.18, 0.81)])
    said = leads_finding(TOTAL, None, apart, None, 180, NUMBERS, 30)
    assert "Referral closes best (10.0% of 200), Ads surely worst (0.4% of 500)." in said
    assert "Tiny" not in said  # too few to be ranked
    alike = leads([("A", 100, 5, 0.02, 0.11), ("B", 100, 4, 0.015, 0.10)])
    assert "cannot be told apart" in leads_finding(TOTAL, None, alike, None, 180, NUMBERS, 30)


def test_the_worst_is_not_one_that_merely_had_few_leads() -> None:
    frame = leads([("Referral", 200, 20, 0.07, 0.15), ("Ads", 900, 2, 0.001, 0.008), ("New", 31, 0, 0.0, 0.11)])
    assert "Ads surely worst (0.2% of 900); 1 source reads lower and has too few leads to be sure." in leads_finding(
        TOTAL, None, frame, None, 180, NUMBERS, 30
    )


def test_a_source_that_nobody_named_is_neither_best_nor_worst() -> None:
    frame = leads([("Unknown", 300, 60, 0.16, 0.25), ("Referral", 200, 20, 0.07, 0.15), ("Ads", 500, 2, 0.001, 0.014)])
    said = leads_finding(TOTAL, None, frame, None, 180, NUMBERS, 30)
    assert "Referral closes best (10.0% of 200), Ads surely worst" in said
    assert said.endswith("300 leads have no known source (20.0%).")


def test_whose_leads_a_rate_speaks_of_is_said() -> None:
    own = {"leads": 400, "won": 20, "rate": 0.05}
    year = {"leads": 7_000, "won": 679, "rate": 0.097}
    said = leads_finding(TOTAL, own, leads([]), year, 180, NUMBERS, 30)
    assert "400 of them are at least 180 days old: 5.0% of these closed within 180 days." in said
    assert "9.7%" not in said  # of other leads
    said = leads_finding(TOTAL, {**own, "leads": 1000}, leads([]), year, 180, NUMBERS, 30)
    assert "All of them are at least 180 days old: 5.0%" in said
    said = leads_finding(TOTAL, None, leads([]), year, 180, NUMBERS, 30)
    assert "Not one of them is 180 days old yet; of the 7,000 leads of the year before that, 9.7% closed" in said


def test_leads_without_known_outcome(golden: Ask) -> None:
    unknown = {**TOTAL, "won": None}
    assert "is not in the exports, so it is not known" in leads_finding(
        unknown, None, leads([]), None, 180, NUMBERS, 30
    )
    assert "No lead was created" in leads_finding(None, None, leads([]), None, 180, NUMBERS, 30)


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
        ({"actual": None}, "has not begun"),
        ({"goal": None}, "was given no goal"),
        ({"goal": 0, "attainment": None, "pace": None}, "the goal is $0, and a share of that says nothing"),
        ({"goal": -5, "attainment": None, "pace": None}, "Set one above 0."),
        ({"actual": None, "without_amount_count": 2}, "2 deals count, none with an amount in a known rate"),
    ],
)
def test_goals(change: dict, said: str) -> None:
    assert said in goal_finding({**GOAL, **change}, None, NUMBERS, is_money=True)


def test_goal_with_what_marketing_sourced() -> None:
    said = goal_finding(GOAL, {"amount": 100, "of_won": 0.25}, NUMBERS, is_money=True)
    assert said.endswith("Marketing sourced $100 of what is won (25%).")
    assert "No goal is set" in goal_finding(None, None, NUMBERS, is_money=True)
    said = goal_finding(None, None, NUMBERS, is_money=True, elsewhere=["Leads created"])
    assert said.endswith("There is one for: Leads created.")


def test_campaigns(golden: Ask) -> None:
    said = campaigns_finding(golden("campaign_effectiveness"), NUMBERS)
    assert said == "Big Mailing brought most: $800 for $1.00k. 71% of all that was won has no campaign recorded."


def test_a_campaign_with_leads_and_no_win_is_named(golden: Ask) -> None:
    frame = golden("campaign_effectiveness").with_columns(
        days_running=pl.lit(200), leads_won=pl.when(pl.col("leads") > 0).then(0).otherwise(pl.col("leads_won"))
    )
    said = campaigns_finding(frame, NUMBERS, flag_under=2)
    assert "Spring Webinar brought 2 leads for $500, and none of them was won in 200 days." in said
    assert "Spring Webinar" not in campaigns_finding(frame, NUMBERS)  # two leads are too few to blame it
    assert "No campaign" in campaigns_finding(frame.head(0), NUMBERS)


def test_of_campaigns_with_wins_the_one_whose_leads_won_least_is_named(golden: Ask) -> None:
    frame = golden("campaign_effectiveness").filter(pl.col("kind") == "campaign")
    frame = frame.with_columns(
        days_running=pl.lit(200), leads=pl.Series([1_706, 40]), leads_won=pl.Series([3, 4]), won=pl.lit(7.5)
    )
    said = campaigns_finding(frame, NUMBERS)
    assert f"{frame['dimension_value'][0]} brought 1,706 leads for $1.00k, and 3 of them were won in 200 days." in said


def test_campaigns_without_any_credit_recorded(golden: Ask) -> None:
    campaign = pl.col("kind") == "campaign"
    frame = golden("campaign_effectiveness").with_columns(
        pl.when(~campaign).then(pl.col(name)).alias(name) for name in ("won", "won_amount")
    )
    assert "2 campaigns are in the exports, and no answered touch, nor a deal that names its campaign" in (
        campaigns_finding(frame, NUMBERS)
    )


def test_imports(golden: Ask) -> None:
    said = imports_finding(golden("import_files"), golden("import_findings"), NUMBERS)
    assert "4 things in the data are odd: see Import health" in said
    assert "drop your CRM's exports here" in imports_finding(pl.DataFrame(), pl.DataFrame(), NUMBERS)


def test_what_is_left_out_is_named_with_its_count() -> None:
    frame = pl.DataFrame(
        {
            "reason": ["no_rate", *["unmapped"] * 6, "unknown_lead_status"],
            "what": ["SEK", *(f"Stage {number}" for number in range(6)), "Quente"],
            "records": [3, 1200, 5, 4, 3, 2, 1, 1],
            "amount": [120_000.0, *[None] * 7],
        }
    )
    assert left_out_sentence(frame, NUMBERS) == (
        "Left out here: 1,215 deals whose stage says neither open, won nor lost (Stage 0 1,200, Stage 1 5, Stage 2 4, "
        "Stage 3 3, and 2 more); 3 deals in a currency without a rate, in no amount (SEK 120,000); "
        "1 lead with a status of unknown meaning (Quente 1)."
    )
    assert left_out_sentence(frame.clear(), NUMBERS) is None


def test_health(golden: Ask) -> None:
    said = health_finding(golden("import_findings"), golden("word_meanings"), golden("value_suggestions"), NUMBERS)
    assert said.startswith("4 things are odd; most often: ")
    assert said.endswith("1 value looks like another.")
    nothing = (golden(name).clear() for name in ("import_findings", "word_meanings", "value_suggestions"))
    assert health_finding(*nothing, NUMBERS).startswith("Nothing in the exports is odd")
