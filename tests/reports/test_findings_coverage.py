"""The sentences of funnel coverage say what the frames say, and say when they cannot."""

from datetime import date, timedelta

import polars as pl
import pytest

from charts.numbers import NumberFormat
from reports.findings_coverage import (
    coverage_finding,
    creation_finding,
    days_left,
    is_nearly_over,
    longest_fall,
    missing_sentence,
    periods_finding,
    suspects_finding,
    waterfall_finding,
    weeks_finding,
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


def test_the_full_coverage_leads_where_that_is_agreed(golden: Ask) -> None:
    row = {**golden("funnel_coverage", **Q2).row(0, named=True), "coverage_full": 3.4}
    said = coverage_finding(row, NUMBERS, END, AS_OF, basis="full")
    assert said.startswith("Coverage, full, is 3.4×")
    assert "inside the 3–5× rule" in said
    assert "thin by" in coverage_finding({**row, "coverage_full": 2.9}, NUMBERS, END, AS_OF, basis="full")


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


@pytest.mark.parametrize(
    ("start", "end", "as_of", "nearly"),
    [
        (date(2026, 4, 1), date(2026, 7, 1), date(2026, 6, 15), False),  # 15 days left
        (date(2026, 4, 1), date(2026, 7, 1), date(2026, 6, 16), True),  # 14
        (date(2026, 4, 1), date(2026, 7, 1), date(2026, 6, 30), True),  # none
        (date(2026, 4, 1), date(2026, 7, 1), date(2026, 7, 1), False),  # it is over
        (date(2026, 6, 1), date(2026, 7, 1), date(2026, 6, 20), False),  # a month is all last weeks
        (None, None, date(2026, 6, 20), False),
    ],
)
def test_a_period_is_nearly_over_in_its_last_two_weeks(
    start: date | None, end: date | None, as_of: date, nearly: bool
) -> None:
    assert is_nearly_over(start, end, as_of) is nearly
    if end is not None and nearly:
        assert 0 <= days_left(end, as_of) <= 14


def test_what_is_missing_is_said_as_far_as_it_is_known(golden: Ask) -> None:
    row = golden("pipeline_missing", **Q2).row(0, named=True)
    assert missing_sentence(row, NUMBERS) == (
        "Missing: $319.97 of pipeline = 1 deal to create (an average won deal is $2.10k); $48.69 a week until the "
        "period's end; more cannot be said: too few leads are old enough to say how many become a deal."
    )
    full = {**row, "missing_leads": 8.0, "lead_to_deal": 0.125, "old_leads": 1_000, "reason": None}
    assert "= 8 leads (12.5% of 1,000 leads that had the time became a deal within 180 days)" in str(
        missing_sentence(full, NUMBERS)
    )
    assert missing_sentence({**row, "missing_amount": 0}, NUMBERS) is None
    none = golden("pipeline_missing", source=["Web"], **Q2).row(0, named=True)
    assert missing_sentence(none, NUMBERS) == (
        "What is missing cannot be said: no goal is set for exactly this period and these filters."
    )


def test_what_moved_the_pipeline_most(golden: Ask) -> None:
    steps = golden("pipeline_waterfall", since="2026-03-31", **Q2)
    assert waterfall_finding(steps, NUMBERS, AS_OF, None) == (
        "Since 31 Mar 2026 the open pipeline of the period grew by $15.1k to $26.1k in 5 deals. What moved most: "
        "$21.1k created (4), $800 became overdue (1), $1.20k won (1), $4.00k lost (1)."
    )
    still = golden("pipeline_waterfall", since="2026-05-12", **Q2)
    assert waterfall_finding(still, NUMBERS, AS_OF, None).endswith(
        "did not change to $26.1k in 5 deals: no deal moved."
    )
    assumed = golden("pipeline_waterfall", since="2026-03-31", owner=["Ann Lee"], **Q2)
    said = waterfall_finding(assumed, NUMBERS, AS_OF, date(2026, 1, 5))
    assert "is only assumed. The past of deals is recorded from 5 Jan 2026 on." in said


def test_the_course_of_the_last_weeks(golden: Ask) -> None:
    said = weeks_finding(golden("coverage_by_week", **Q2), NUMBERS)
    assert said == (
        "Coverage to go went from 0.6× on 1 Mar 2026 to 2.96× on 15 May 2026; the goal was changed from $9.00k to "
        "$10.0k on the way."
    )
    unknown = weeks_finding(golden("coverage_by_week", source=["Web"], **Q2), NUMBERS)
    assert unknown.startswith("There are not two weeks whose coverage is known")


def weeks(deals: list[int], sourced: list[int]) -> pl.DataFrame:
    """Return complete weeks with so many deals."""
    first = date(2026, 1, 5)
    return pl.DataFrame(
        {
            "week_start": [first + timedelta(days=7 * place) for place in range(len(deals))],
            "is_complete": [True] * len(deals),
            "deals": deals,
            "sourced_deals": sourced,
        }
    ).with_columns(median_deals=pl.col("deals").median(), median_amount=pl.lit(1_000))


def test_a_fall_of_six_weeks_is_told_with_whose_deals_were_missing() -> None:
    frame = weeks([60] * 8 + [30] * 6 + [60] * 6, [20] * 8 + [18] * 6 + [20] * 6)
    inside, outside = longest_fall(frame)  # type: ignore[misc]
    assert (inside.height, outside.height) == (6, 14)
    said = creation_finding(frame, {"needed_per_week": 2_000}, NUMBERS)
    assert said.startswith("In a usual week 60 deals are created, $1.00k of pipeline: not enough for the $2.00k a week")
    assert (
        "From 2 Mar 2026 to 12 Apr 2026 fewer than usual came in 6 weeks in a row: 30 a week, 60 in all other weeks "
        "(deals sourced by marketing 10% fewer, all others 70%)." in said
    )


@pytest.mark.parametrize(
    "deals",
    [
        [60] * 8 + [30] * 5 + [60] * 6,  # five weeks
        [60] * 8 + [55] * 6 + [60] * 6,  # hardly less
        [60, 30] * 10,  # never twice in a row
    ],
)
def test_what_is_no_marked_fall_is_not_told(deals: list[int]) -> None:
    frame = weeks(deals, [10] * len(deals))
    assert longest_fall(frame) is None
    assert "in a row" not in creation_finding(frame, None, NUMBERS)


def test_too_few_weeks_are_said_to_be_too_few() -> None:
    assert "too few to say what is usual" in creation_finding(weeks([3] * 5, [0] * 5), None, NUMBERS)


def test_suspects_are_counted_and_coverage_without_them_told(golden: Ask) -> None:
    row = golden("coverage_without_suspects", **Q2).row(0, named=True)
    assert suspects_finding(row, NUMBERS) == (
        "2 of 5 open deals that are due are suspect ($25.0k of $26.1k): 0 were pushed 3 times or more, 2 had no "
        "completed activity for 30 days. Without them coverage to go is 0.1× instead of 3.0×. 1 more deal is overdue "
        "($800), in no coverage until they get a new date."
    )
    assert "silence is not known" in suspects_finding({**row, "silent_count": None}, NUMBERS)
    assert suspects_finding({**row, "due_count": 0}, NUMBERS).startswith("No open deal is due in this period. 1 more")
    assert "is only assumed" in suspects_finding({**row, "assumed_count": 2}, NUMBERS)
    assert suspects_finding(None, NUMBERS).startswith("No deal is in the exports")


def test_the_thinnest_start_is_told_beside_the_others() -> None:
    frame = pl.DataFrame(
        {
            "period": ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"],
            "is_over": [True, True, True, False],
            "coverage_at_start": [3.5, 1.9, 4.1, 1.0],
            "attained": [0.97, 0.51, 1.1, 0.2],
            "slipped_count": [10, 20, 30, 0],
            "due_count": [100, 100, 100, 100],
        }
    )
    assert periods_finding(frame, NUMBERS) == (
        "2025-Q4 began with 1.9× of its goal in pipeline, the thinnest start of 3 periods, and made 51% of its goal; "
        "the others began with 3.5–4.1× and made 97%–110%. 20% of the deals that were due when these periods began "
        "slipped past their end."
    )
    assert periods_finding(frame.filter(~pl.col("is_over")), NUMBERS).startswith("Of no past period")
    assert periods_finding(frame.head(1), NUMBERS) == "2025-Q3 began with 3.5× and made 97% of its goal."
