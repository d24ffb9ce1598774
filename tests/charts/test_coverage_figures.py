"""Figures of funnel coverage show what their frames say, and open what they show."""

import polars as pl
import pytest

from charts.coverage import open_by_value
from charts.coverage_change import (
    STEPS,
    coverage_by_week,
    created_amount_by_week,
    created_by_week,
    pipeline_waterfall,
    steps_shown,
)
from charts.coverage_deals import ageing_by_stage, forecast_now_and_then
from charts.coverage_periods import coverage_by_period, outcomes_by_period, starts_and_ends
from queries import find
from tests.charts.test_figures import NUMBERS, Q2, assert_titled, marks
from tests.conftest import Ask


def test_every_step_has_its_words(golden: Ask) -> None:
    assert golden("pipeline_waterfall", **Q2)["step"].to_list() == list(STEPS)
    choices = find("pipeline_waterfall_records").header.params["step"].choices
    assert choices is not None
    assert set(choices) == set(STEPS)


def test_the_waterfall_goes_from_level_to_level(golden: Ask) -> None:
    rows = steps_shown(golden("pipeline_waterfall", since="2026-03-31", **Q2))
    assert rows["step"].to_list() == ["opening", "created", "overdue", "lost", "won", "closing"]
    fig = pipeline_waterfall(rows, NUMBERS)
    bar = fig.data[0]
    ends = [(base, base + length) for base, length in zip(bar.base, bar.x, strict=True)]
    assert ends[0] == (0, pytest.approx(11_000.01))
    assert ends[1] == (pytest.approx(11_000.01), pytest.approx(32_080.01))
    assert ends[-2] == (pytest.approx(26_080), pytest.approx(27_280.01))  # won takes 1,200.01 away
    assert ends[-1] == (0, pytest.approx(26_080))
    assert list(bar.text)[1:3] == ["+$21.1k", "−$800"]
    assert_titled(fig)


def test_small_steps_are_seen_beside_large_levels(golden: Ask) -> None:
    rows = steps_shown(golden("pipeline_waterfall", **Q2))  # 26,780, 700 of it deleted
    fig = pipeline_waterfall(rows, NUMBERS)
    assert fig.layout.xaxis.range[0] > 20_000
    assert "does not begin at 0" in fig.layout.xaxis.title.text
    assert all(value >= fig.layout.xaxis.range[0] for value in fig.layout.xaxis.tickvals)
    assert fig.data[0].x[1] == pytest.approx(700)


def test_weeks_that_are_not_known_are_gaps(golden: Ask) -> None:
    frame = golden("coverage_by_week", **Q2)
    fig = coverage_by_week(frame, NUMBERS)
    assert fig.data[0].y[-1] == pytest.approx(26_080 / 8_799.99)
    assert list(fig.data[0].customdata) == [day.isoformat() for day in frame["day"]]
    assert [text for text in fig.data[0].text if text] == ["0.6×", "2.96×"]
    assert (fig.layout.shapes[0].y0, fig.layout.shapes[0].y1) == (3.0, 5.0)
    gap = frame.with_columns(coverage_to_go=pl.when(pl.col("goal") > 9_500).then(pl.col("coverage_to_go")))
    assert list(coverage_by_week(gap, NUMBERS).data[0].y[:5]) == [None] * 5
    assert_titled(fig)


def test_created_deals_are_told_apart_by_who_sourced_them(golden: Ask) -> None:
    frame = golden("pipeline_created_by_week")
    fig = created_by_week(frame, NUMBERS)
    sourced, own, usual = fig.data
    assert sum(sourced.y) == frame["sourced_deals"].sum()
    assert sum(sourced.y) + sum(own.y) == frame["deals"].sum()
    assert usual.name == "Usual week: 0"
    without = created_by_week(frame.with_columns(sourced_deals=pl.lit(None, pl.Int64)), NUMBERS)
    assert len(without.data) == 2
    assert_titled(fig)


def test_created_pipeline_stands_beside_what_is_needed(golden: Ask) -> None:
    frame = golden("pipeline_created_by_week")
    fig = created_amount_by_week(frame, 48.69, NUMBERS)
    assert [trace.name for trace in fig.data[1:]] == ["Usual week: $0", "Needed a week: $48.69"]
    assert len(created_amount_by_week(frame, None, NUMBERS).data) == 2
    assert_titled(fig)


def test_ages_add_up_to_the_deals_of_a_stage(golden: Ask) -> None:
    frame = golden("stage_ageing", **Q2)
    fig = ageing_by_stage(frame, NUMBERS)
    # Fewer won deals are known than the settings ask for: one shade, no verdict.
    assert fig.data[-1].name == "Too few won deals to compare with"
    assert dict(zip(fig.data[-1].y, fig.data[-1].x, strict=True)) == {"Proposal/Price Quote": 1, "Prospecting": 4}
    compared = frame.with_columns(
        older_than_median=pl.lit(1, pl.Int64),
        older_than_p80=pl.lit(1, pl.Int64),
        older_than_p90=pl.lit(0, pl.Int64),
        won_median_days=pl.lit(5.0),
        won_p80_days=pl.lit(9.0),
    )
    parts = ageing_by_stage(compared, NUMBERS).data
    assert [sum(part.x) for part in parts] == [3, 0, 2, 0]
    assert_titled(fig)


def test_a_call_opens_its_deals_of_its_day(golden: Ask) -> None:
    fig = forecast_now_and_then(golden("forecast_by_category", since="2026-04-15", **Q2), NUMBERS)
    then, now = fig.data
    assert (then.customdata[0], then.x[0]) == ("then:pipeline", 30_500)
    assert (now.customdata[0], now.x[0]) == ("now:pipeline", 26_080)
    assert_titled(fig)


def test_periods_without_a_goal_say_so(golden: Ask) -> None:
    fig = coverage_by_period(golden("coverage_by_period", **Q2), NUMBERS)
    assert list(fig.data[0].text) == ["2.96×", "no goal", "no goal", "no goal"]
    assert_titled(fig)


def test_starts_and_outcomes_of_periods(golden: Ask) -> None:
    frame = golden("period_starts", **Q2)
    fig = starts_and_ends(frame, NUMBERS)
    assert marks(fig) == {"2026-Q1": 0.0, "2026-Q2": pytest.approx(1.100001)}
    assert fig.data[0].text[1] == "1.1×, 12% made yet"
    outcomes = outcomes_by_period(frame, NUMBERS)
    # 2026-Q1 began with nothing that was due: it has no shares.
    assert [list(trace.x) for trace in outcomes.data] == [[25.0], [25.0], [0.0], [50.0]]
    assert list(outcomes.data[2].customdata) == ["slipped:2026-Q2"]
    assert_titled(fig)
    assert_titled(outcomes)


def test_dimensions_without_goals_show_what_is_open(golden: Ask) -> None:
    frame = golden("funnel_coverage", dimension="business_type", **Q2)
    fig = open_by_value(frame.filter(pl.col("open_count") > 0), NUMBERS)
    assert marks(fig) == {"new": 26_080}
    assert_titled(fig)
