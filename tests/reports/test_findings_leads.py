"""What the sections of Lead to close say is what their frames say, and they say when they cannot."""

from datetime import date, timedelta

import polars as pl

from charts.numbers import NumberFormat
from reports.findings_leads import (
    acceptance_finding,
    calls_finding,
    change_finding,
    leads_finding,
    speed_finding,
    types_finding,
    velocity_sentence,
    weakest_finding,
    win_rates_finding,
)
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")


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


CHANGE = {
    "before_leads": 100,
    "before_reached": 20,
    "before_rate": 0.2,
    "lately_leads": 100,
    "lately_reached": 8,
    "lately_rate": 0.08,
    "lately_start": date(2026, 4, 18),
    "change": -0.12,
    "change_low": -0.2,
    "change_high": -0.03,
    "is_different": True,
}


def test_whose_leads_became_worse_is_said_and_what_could_be_chance_is_not() -> None:
    frame = pl.DataFrame(
        [
            {"dimension_value": "Search", **CHANGE},
            {"dimension_value": "unknown", **CHANGE, "change_high": -0.1},
            {"dimension_value": "Web", **CHANGE, "change": 0.1, "change_low": 0.02, "change_high": 0.2},
        ]
    )
    assert change_finding(frame, "opportunity", 60, NUMBERS, "source") == (
        "Leads of Search have become worse: of those created since 18 Apr 2026, 8.0% became an opportunity within 60 days, "
        "of those of the year before 20.0%. Surely better: Web."
    )
    alike = frame.with_columns(is_different=False)
    assert "every change could be chance" in change_finding(alike, "won", 120, NUMBERS, "source")
    assert "not yet leads of 60 days" in change_finding(frame.head(0), "sal", 60, NUMBERS, "source")


def test_acceptance_and_reasons_are_said(golden: Ask) -> None:
    total = golden("acceptance").row(0, named=True)
    assert acceptance_finding(total, golden("rejection_reasons"), NUMBERS) == (
        "Sales accepted 50.0% of the 4 passes that it decided (95%: 15.0–85.0%); 1 was not decided within 5 days. Rejected "
        "most often for: Bad timing (50% of rejections). Of 1 that went back to marketing, 100.0% have come to something since."
    )
    assert "No pass to sales is recorded" in acceptance_finding(None, golden("rejection_reasons"), NUMBERS)


def wait(name: str, hours: float | None, kept: float = 0.6) -> dict[str, object]:
    return {
        "dimension_value": name,
        "waits": 100,
        "unanswered": 5,
        "median_hours": hours,
        "median_days": 1.0,
        "sla_kept": kept,
        "sla_hours": 24,
    }


def test_who_is_far_slower_than_the_others_is_named() -> None:
    frame = pl.DataFrame([wait("Ann", 6.0), wait("Bo", 8.0), wait("Cy", 70.0, 0.2)])
    said = speed_finding(wait("", 7.0), frame, NUMBERS, 30)
    assert "Half of the leads were answered within 7.0 hours; 5 of 100 have had no answer at all." in said
    assert (
        "Cy answers slowest: half within 2.9 days, where the middle of the others needs 7.0 hours (10 times as long)"
        in said
    )
    even = pl.DataFrame([wait("Ann", 6.0), wait("Bo", 8.0), wait("Cy", 9.0)])
    assert "slowest" not in speed_finding(wait("", 7.0), even, NUMBERS, 30)
    never = pl.DataFrame([wait("Ann", 6.0), wait("Bo", 8.0), wait("Cy", None)])
    assert "Cy answers slowest: not half so far" in speed_finding(wait("", 7.0), never, NUMBERS, 30)
    assert "is not known" in speed_finding(None, frame, NUMBERS, 30)


def test_velocity_is_said_with_its_parts_or_with_what_is_missing(golden: Ask) -> None:
    row = golden("sales_velocity").row(0, named=True)
    assert velocity_sentence(row, NUMBERS) == (
        "$221 a day = 6 open deals × $2.10k average won size × 66.7% win rate / 38 days."
    ).replace("$221", NUMBERS.money(row["velocity"]))
    none = golden("sales_velocity", owner=["Bo Kim"], period="2026-Q2").row(0, named=True)
    assert "Velocity is a dash: the average won size and the win rate and the cycle length" in velocity_sentence(
        none, NUMBERS
    )


def test_a_slump_is_said_with_the_deals_of_its_time() -> None:
    weeks = [date(2026, 1, 5) + timedelta(days=7 * n) for n in range(12)]
    calls, deals = [10] * 4 + [3] * 3 + [10] * 5, [8] * 5 + [4] * 4 + [8] * 3
    frame = pl.DataFrame(
        {
            "week": weeks,
            "calls": calls,
            "deals": deals,
            "usual_calls": [10.0] * 12,
            "is_slump": [count == 3 for count in calls],
        }
    )
    assert calls_finding(frame, NUMBERS).startswith(
        "From 2 Feb 2026 to 22 Feb 2026 outbound calls fell to 3 a week, 30% of the usual 10. From a week later until 2 weeks "
        "after it, 4 deals a week were created; in the weeks before and after 8."
    )
    assert "no slump" in calls_finding(frame.with_columns(is_slump=False), NUMBERS)


def test_types_and_weakest_step_without_data_say_so(golden: Ask) -> None:
    assert (
        types_finding(golden("selling_by_type"), NUMBERS) == "Win rate by type of business: New 50.0%, Renewal 100.0%."
    )
    assert "No step lies below" in weakest_finding(golden("weakest_step", dimension="source", days=30), NUMBERS)
    assert "No win rate can be told" in win_rates_finding(golden("win_rate_bases", source=["Nowhere"]), NUMBERS)
