"""Figures of Lead to close: their marks are the frames' numbers, and what is not known is drawn as such."""

from datetime import date

import polars as pl

from charts.leads import rate_by_value, won_by_age
from charts.leads_cells import EMPTY, by_ratio, by_size
from charts.leads_handoff import answer_by_value, rejected_by_reason, waited
from charts.leads_selling import calls_and_deals_by_week, rate_and_contact_by_type, rate_by_step, win_rate_by_basis
from charts.leads_time import cohort_key, cohort_name, lately_and_before, reached_by_cohort
from charts.numbers import NumberFormat
from estimators import kaplan_meier, watched_until
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")


def test_a_curve_is_dashed_on_few_leads_and_ends_with_the_last(golden: Ask) -> None:
    survival = golden("lead_survival")
    # Three are at risk on day 43 (L2, L7 and L1), two from then on; L1 alone to day 49.
    watched = watched_until(survival, 3)
    assert watched == {None: (43, 49)}
    fig = won_by_age(kaplan_meier(survival), NUMBERS, [None], 300, watched)
    solid, dotted = (trace for trace in fig.data if trace.name == "All leads")
    assert (solid.line.dash, max(solid.x)) == ("solid", 43)
    assert (dotted.line.dash, max(dotted.x), max(dotted.y)) == ("dot", 49, 100)
    assert min(dotted.y) == solid.y[-1]  # it goes on where the other ends, and never falls


def test_cells_of_cohorts_that_are_too_young_are_hatched_and_say_from_when_on(golden: Ask) -> None:
    fig = reached_by_cohort(golden("lead_cohorts"), NUMBERS, is_quarter=False)
    bars = [trace for trace in fig.data if trace.type == "bar"]
    assert [len(bar.x) for bar in bars] == [3] * 5
    within_60 = dict(
        zip(bars[1].customdata, zip(bars[1].marker.pattern.shape, bars[1].hovertext, strict=True), strict=True)
    )
    assert within_60[cohort_key(date(2026, 2, 1), 60)][0] == ""
    assert "2 of 2 leads within 60 days: 100.0%" in within_60[cohort_key(date(2026, 2, 1), 60)][1]
    shape, said = within_60[cohort_key(date(2026, 4, 1), 60)]
    assert (shape, "not all of its 5 leads are 60 days old before 29 Jun 2026" in said) == ("/", True)
    texts = [trace for trace in fig.data if trace.type == "scatter"]
    assert [list(trace.text) for trace in texts] == [["0.0%"], ["100.0%"], [], [], []]


def test_cohorts_are_named() -> None:
    assert cohort_name(date(2026, 4, 1), is_quarter=False) == "Apr 2026"
    assert cohort_name(date(2026, 11, 1), is_quarter=True) == "Nov–Jan 2026"


def test_what_surely_changed_is_marked_and_little_is_not_drawn(sample: Ask) -> None:
    frame = pl.DataFrame(
        {
            "dimension_value": ["Up", "Down", "Same", "Few"],
            "before_leads": [100, 100, 100, 100],
            "before_reached": [10, 50, 20, 20],
            "before_rate": [0.1, 0.5, 0.2, 0.2],
            "lately_leads": [100, 100, 100, 3],
            "lately_reached": [40, 10, 21, 1],
            "lately_rate": [0.4, 0.1, 0.21, 0.33],
            "change": [0.3, -0.4, 0.01, 0.13],
            "change_low": [0.2, -0.5, -0.1, -0.2],
            "change_high": [0.4, -0.3, 0.1, 0.5],
            "is_different": [True, True, False, False],
        }
    )
    fig = lately_and_before(frame, NUMBERS, 30)
    marks = {trace.name: dict(zip(trace.customdata, trace.x, strict=True)) for trace in fig.data if trace.customdata}
    assert marks["Lately, surely worse"] == {"Down": 10}
    assert marks["Lately, surely better"] == {"Up": 40}
    assert marks["Lately"] == {"Same": 21}
    assert set(marks["Before"]) == {"Up", "Down", "Same"}
    assert lately_and_before(sample("lead_change", dimension="source"), NUMBERS, 5).layout.xaxis.title.text


def test_waits_are_said_as_people_say_them() -> None:
    assert waited(1.04, 0, NUMBERS) == "1.0 hours"
    assert waited(24, 1, NUMBERS) == "24 hours"
    assert waited(168, 7, NUMBERS) == "7.0 days"
    assert waited(None, 3, NUMBERS) == "3 days"
    assert waited(None, None, NUMBERS) == "not reached"


def test_who_is_not_reached_has_the_longest_bar_and_is_hatched(golden: Ask) -> None:
    fig = answer_by_value(golden("speed_to_lead", dimension="source"), NUMBERS, 1)
    bar = fig.data[0]
    assert set(bar.customdata) == {"Web", "Event", "Direct Traffic"}
    # Of Web one of two was answered; of the others none.
    assert dict(zip(bar.customdata, bar.marker.pattern.shape, strict=True)) == {
        "Web": "",
        "Event": "/",
        "Direct Traffic": "/",
    }
    alone = answer_by_value(golden("speed_to_lead", dimension="source", period="2026-Q1"), NUMBERS, 1)
    assert dict(zip(alone.data[0].customdata, alone.data[0].x, strict=True)) == {"Web": 1.0}
    assert list(alone.data[1].text) == ["1.0 hours · 100%"]


def test_reasons_and_acceptance(golden: Ask) -> None:
    fig = rejected_by_reason(golden("rejection_reasons"), NUMBERS)
    assert dict(zip(fig.data[0].customdata, fig.data[0].x, strict=True)) == {"Bad timing": 1, "No budget": 1}
    frame = golden("acceptance", dimension="source").with_columns(
        won=pl.col("accepted"), leads=pl.col("accepted") + pl.col("rejected")
    )
    words = ("accepted", "decided passes", "Passes accepted (%)")
    fig = rate_by_value(frame, NUMBERS, 30, 1, words)
    assert "1 accepted of 2 decided passes: 50.0%" in fig.data[0].hovertext[0]
    assert fig.layout.xaxis.title.text == words[2]


def test_the_basis_of_the_settings_is_filled(golden: Ask) -> None:
    trace = win_rate_by_basis(golden("win_rate_bases", days=40), NUMBERS).data[0]
    assert dict(zip(trace.customdata, trace.marker.symbol, strict=True)) == {
        "within": "circle-open",
        "cohort": "circle-open",
        "value": "circle-open",
        "count": "circle",
    }
    value = list(trace.customdata).index("value")
    assert (trace.error_x.array[value], trace.error_x.arrayminus[value]) == (0, 0)  # a share of money has no interval


def test_types_of_business(golden: Ask) -> None:
    fig = rate_and_contact_by_type(golden("selling_by_type"), NUMBERS)
    assert dict(zip(fig.data[0].customdata, fig.data[0].x, strict=True)) == {"new": 50.0, "renewal": 100.0}


def test_calls_by_week(sample: Ask) -> None:
    weeks = sample("weekly_calls")
    fig = calls_and_deals_by_week(weeks, NUMBERS)
    drawn = sum(sum(trace.y) for trace in fig.data if trace.type == "bar")
    assert drawn == weeks["calls"].sum()


def test_steps_with_few_leads_are_hatched_and_carry_no_figure(sample: Ask) -> None:
    frame = sample("weakest_step", dimension="source", days=60)
    fig = rate_by_step(frame, NUMBERS, 30)
    few = {
        f"{row['stage']}:{row['dimension_value'] or ''}" for row in frame.iter_rows(named=True) if row["before"] < 30
    }
    for trace in (trace for trace in fig.data if trace.type == "bar"):
        for key, shape in zip(trace.customdata, trace.marker.pattern.shape, strict=True):
            assert (shape == "/") == (key in few)


def test_a_cell_without_a_number_has_no_colour_of_its_own() -> None:
    assert by_ratio(None) == EMPTY
    assert by_ratio(0.4) == by_ratio(0.5) != by_ratio(0.9)
    assert by_size(0) != by_size(1)
