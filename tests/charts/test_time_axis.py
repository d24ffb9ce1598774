"""Annotations on figures: on time axes alone, in their place, none over another."""

from datetime import date, timedelta
from itertools import pairwise

import plotly.graph_objects as go
import polars as pl
import pytest

from charts.annotations import SCHEMA, TimeAxis, annotated, time_axis, within

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(101)]


def line(x: object, **layout: object) -> go.Figure:
    return go.Figure(go.Scatter(x=x, y=[1.0] * len(list(x))), layout=layout)  # type: ignore[call-overload]


def notes(*days: date, text: str = "A fair") -> pl.DataFrame:
    return pl.DataFrame([(on, text, "Ann") for on in days], schema=SCHEMA, orient="row")


@pytest.mark.parametrize(
    "x",
    [DAYS, [f"{on}" for on in DAYS], pl.Series(DAYS), pl.Series(DAYS).to_numpy(), [f"{on}T00:00:00" for on in DAYS]],
)
def test_days_however_they_are_given_are_a_time_axis(x: object) -> None:
    assert time_axis(line(x)) == TimeAxis(FIRST, date(2026, 4, 11))


def test_a_range_says_what_the_axis_spans() -> None:
    axis = time_axis(line(DAYS, xaxis={"range": [date(2025, 12, 1), date(2026, 6, 1)]}))
    assert axis == TimeAxis(date(2025, 12, 1), date(2026, 6, 1))


@pytest.mark.parametrize(
    "fig",
    [
        line([1, 2, 3]),
        line(["Ann", "Bo"]),
        line([FIRST]),
        line([]),
        line(["2026-01-01", "Ann"]),
        line(["Ann", "Bo"], xaxis={"type": "category"}),
        line([1, 2], xaxis={"type": "linear"}),
        go.Figure(go.Bar(x=[1.0, 2.0], y=["2026-01-01", "2026-01-02"], orientation="h")),
        go.Figure(go.Heatmap(z=[[1]])),
        go.Figure(),
    ],
)
def test_nothing_else_is_a_time_axis(fig: go.Figure) -> None:
    assert time_axis(fig) is None


def test_months_by_name_are_a_time_axis_with_whatever_stands_before_them() -> None:
    axis = time_axis(line(["earlier", "2026-01", "2026-03"], xaxis={"type": "category"}))
    assert axis == TimeAxis(FIRST, date(2026, 3, 31), ("earlier", "2026-01", "2026-03"))
    shown = within(notes(date(2026, 3, 31), date(2026, 2, 2), date(2025, 12, 31)), axis)
    assert shown["day"].to_list() == [date(2026, 3, 31)]  # the axis has no February
    fig = annotated(line(["earlier", "2026-01", "2026-03"]), shown, axis)
    assert fig.layout.annotations[0].x == "2026-03"


def test_notes_within_the_axis_are_numbered_by_day() -> None:
    axis = TimeAxis(FIRST, date(2026, 4, 11))
    shown = within(notes(date(2026, 4, 11), FIRST, date(2025, 12, 31), date(2026, 4, 12)), axis)
    assert shown.select("number", "day").rows() == [(1, FIRST), (2, date(2026, 4, 11))]


def test_a_note_is_a_line_and_a_number_with_its_words_as_text() -> None:
    axis = TimeAxis(FIRST, date(2026, 4, 11))
    fig = annotated(line(DAYS), within(notes(date(2026, 2, 1), text="<b>Fair</b> in Köln"), axis), axis)
    assert [(shape.x0, shape.x1, shape.yref) for shape in fig.layout.shapes] == [
        (date(2026, 2, 1), date(2026, 2, 1), "paper")
    ]
    mark = fig.layout.annotations[0]
    assert (mark.text, mark.x) == ("1", date(2026, 2, 1))
    assert mark.hovertext == "<b>1 Feb 2026</b>: &lt;b&gt;Fair&lt;/b&gt; in Köln (Ann)"


def test_numbers_that_stand_close_take_rows_and_then_count_several() -> None:
    axis = TimeAxis(FIRST, date(2026, 4, 11))
    close = [date(2026, 2, number) for number in (1, 2, 3, 4, 5)]
    fig = annotated(line(DAYS), within(notes(*close, date(2026, 4, 1)), axis), axis)
    marks = [(mark.text, mark.yshift) for mark in fig.layout.annotations]
    assert sorted(marks) == [("1", 0), ("2", -20), ("3+", -40), ("6", 0)]
    joined = next(mark for mark in fig.layout.annotations if mark.text == "3+")
    assert joined.hovertext.count("A fair") == 3
    assert len(fig.layout.shapes) == 6


def test_no_two_marks_of_a_row_stand_closer_than_a_number_is_wide() -> None:
    axis = TimeAxis(FIRST, date(2026, 4, 11))
    fig = annotated(line(DAYS), within(notes(*DAYS), axis), axis)
    by_row: dict[float, list[date]] = {}
    for mark in fig.layout.annotations:
        by_row.setdefault(mark.yshift, []).append(mark.x)
    assert len(by_row) == 3
    for row in by_row.values():
        assert min((after - before).days for before, after in pairwise(row)) >= 9


def test_numbers_have_room_of_their_own_above_what_is_drawn() -> None:
    axis = TimeAxis(FIRST, date(2026, 4, 11))
    fig = line(DAYS, height=300)
    annotated(fig, within(notes(FIRST, FIRST), axis), axis)
    assert fig.layout.height == 344  # two rows
    assert fig.layout.yaxis.domain == pytest.approx((0, 1 - 44 / 244))
    before = line(DAYS, height=300, yaxis={"domain": [0.5, 1]})
    assert annotated(before, within(notes(FIRST), axis), axis).layout.yaxis.domain == (0.5, 1)


def test_no_notes_leave_a_figure_as_it_is() -> None:
    axis = TimeAxis(FIRST, date(2026, 4, 11))
    assert annotated(line(DAYS), within(notes(), axis), axis) == line(DAYS)
