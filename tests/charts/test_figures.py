"""Figures show what their frames say: marks, records behind them, axis titles with units."""

import plotly.graph_objects as go
import polars as pl
import pytest

from charts.campaigns import cost_and_won_by_campaign
from charts.coverage import EARLIER, coverage_by_value, goal_and_pipeline, months_shown, pipeline_by_month
from charts.goals import actual_by_day, attainment_by_scope, won_by_view
from charts.leads import leads_by_stage, rate_by_value, won_by_age
from charts.look import INK
from charts.numbers import NumberFormat
from estimators import kaplan_meier
from queries import find
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")
Q2 = {"period": "2026-Q2"}


def marks(fig: go.Figure, trace: int = 0) -> dict[str, float]:
    """Return a bar chart's lengths by what each opens."""
    bar = fig.data[trace]
    lengths = bar.x if bar.orientation == "h" else bar.y
    return dict(zip(bar.customdata, lengths, strict=True))


def assert_titled(fig: go.Figure) -> None:
    """Every figure names the unit of its numeric axis, and no text in it is under 11 px."""
    titles = [axis.title.text for axis in (fig.layout.xaxis, fig.layout.yaxis) if axis.title.text]
    assert titles
    assert fig.layout.font.size >= 12
    assert all(note.font.size is None or note.font.size >= 11 for note in fig.layout.annotations)


def test_coverage_by_owner(golden: Ask) -> None:
    fig = coverage_by_value(golden("funnel_coverage", dimension="owner", **Q2), NUMBERS)
    assert marks(fig) == {"Ann Lee": pytest.approx(20_000 / 4_799.99), "Bo Kim": pytest.approx(1.52)}
    assert fig.data[0].marker.color[0] != fig.data[0].marker.color[1]  # inside and thin
    band = fig.layout.shapes[0]
    assert (band.x0, band.x1) == (3.0, 5.0)
    assert_titled(fig)


def test_coverage_far_beyond_the_band_does_not_flatten_the_rest(golden: Ask) -> None:
    frame = golden("funnel_coverage", dimension="owner", **Q2)
    far = pl.when(pl.col("dimension_value") == "Bo Kim").then(87.8).otherwise(pl.col("coverage_to_go"))
    fig = coverage_by_value(frame.with_columns(coverage_to_go=far), NUMBERS)
    assert marks(fig)["Bo Kim"] == 20
    assert "87.8× ▸" in fig.data[0].text


def test_each_segment_has_its_own_band_behind_its_bar(golden: Ask) -> None:
    frame = golden("funnel_coverage", dimension="owner", **Q2)
    own = pl.when(pl.col("dimension_value") == "Bo Kim").then(6.0).otherwise(pl.col("band_high"))
    fig = coverage_by_value(frame.with_columns(band_high=own), NUMBERS)
    drawn = {fig.data[0].y[round((shape.y0 + shape.y1) / 2)]: shape.x1 for shape in fig.layout.shapes}
    assert drawn == {"Ann Lee": 5.0, "Bo Kim": 6.0}


def test_goal_and_pipeline(golden: Ask) -> None:
    fig = goal_and_pipeline(golden("funnel_coverage", **Q2).row(0, named=True), NUMBERS)
    assert [trace.x[0] for trace in fig.data[:2]] == [1200.01, 26_080.0]
    # What a mark opens is a kind of the records behind it.
    opened = [kind for trace in fig.data[:2] for kind in trace.customdata]
    assert opened == ["won", "due"]
    assert set(opened) <= set(find("pipeline_records").header.params["kind"].choices or ())
    assert any("goal $10.0k" in note.text for note in fig.layout.annotations)
    assert_titled(fig)


def test_the_goal_is_seen_on_the_bar_and_the_band_is_named_in_the_legend(golden: Ask) -> None:
    fig = goal_and_pipeline(golden("funnel_coverage", **Q2).row(0, named=True), NUMBERS)
    lines = [shape for shape in fig.layout.shapes if shape.type == "line"]
    assert [(line.x0, line.line.color) for line in lines] == [(10_000, "#ffffff"), (10_000, "#1f2933")]
    assert [trace.name for trace in fig.data][-1] == "3–5× of what is missing"
    assert not any("missing" in note.text for note in fig.layout.annotations)
    assert all(trace.textangle == 0 for trace in fig.data[:2])  # never turned where there is little room
    assert (fig.data[0].text, fig.data[1].text) == (None, ("$26.1k",))  # 1,200 has no room for its amount


def test_goal_and_pipeline_without_a_goal(golden: Ask) -> None:
    fig = goal_and_pipeline(golden("funnel_coverage", source=["Web"], **Q2).row(0, named=True), NUMBERS)
    assert not fig.layout.annotations


def test_pipeline_by_month_gathers_what_was_due_before(golden: Ask) -> None:
    frame = golden("funnel_coverage", dimension="month", period="2026-Q2")
    rows = months_shown(frame, "2026-06")
    assert rows["month"].to_list() == [EARLIER, "2026-06"]
    earlier = rows.row(0, named=True)
    assert (earlier["overdue_count"], earlier["won_count"], sorted(earlier["months"])) == (1, 1, ["2026-04", "2026-05"])
    fig = pipeline_by_month(rows, NUMBERS)
    assert [trace.name for trace in fig.data] == ["Won", "Open, due", "Open, overdue"]
    assert marks(fig, 1) == {"open:earlier": 1_080.0, "open:2026-06": 25_000.0}
    assert_titled(fig)


def test_leads_by_stage(golden: Ask) -> None:
    fig = leads_by_stage(golden("lead_funnel", **Q2), NUMBERS)
    assert marks(fig) == {"lead": 6, "mql": 4, "sal": 2, "sql": 1, "opportunity": 1, "won": 0}
    assert "4 · 66.7%" in fig.data[0].text[list(fig.data[0].customdata).index("mql")]
    assert_titled(fig)


def test_rates_carry_their_intervals_and_few_leads_are_hollow(golden: Ask) -> None:
    frame = golden("lead_to_close", dimension="source")
    fig = rate_by_value(frame, NUMBERS, flag_under=3, unranked_under=2)
    trace = fig.data[0]
    assert set(trace.customdata) == {"Web", "Event"}  # one lead each: not drawn
    place = list(trace.customdata).index("Web")
    row = frame.filter(pl.col("dimension_value") == "Web").row(0, named=True)
    assert trace.x[place] + trace.error_x.array[place] == pytest.approx(100 * row["rate_high"])
    assert trace.x[place] - trace.error_x.arrayminus[place] == pytest.approx(100 * row["rate_low"])
    hollow = rate_by_value(frame, NUMBERS, flag_under=30, unranked_under=2).data[0]
    assert set(hollow.marker.symbol) == {"circle-open"}
    assert_titled(fig)


def test_won_by_age_draws_a_band_for_one_curve_and_none_for_several(sample: Ask) -> None:
    one = won_by_age(kaplan_meier(sample("lead_survival")), NUMBERS, [None], 300)
    assert [trace.name for trace in one.data] == ["95% interval", "All leads"]
    by_source = kaplan_meier(sample("lead_survival", dimension="source"))
    several = won_by_age(by_source, NUMBERS, ["Webinar", "Referral"], 300)
    assert [trace.name for trace in several.data] == ["Webinar", "Referral"]
    assert max(several.data[0].x) == 300
    assert_titled(one)


def test_actual_by_day(golden: Ask) -> None:
    fig = actual_by_day(golden("goal_by_day", **Q2), 10_000.0, NUMBERS, is_money=True)
    names = {trace.name: trace for trace in fig.data}
    assert names["Reached"].y[-1] == 1200.01
    assert names["On track"].y[-1] == 10_000
    assert len(names["Reached"].x) == 45
    assert_titled(fig)


def test_won_by_view(golden: Ask) -> None:
    fig = won_by_view(golden("sourced_and_influenced", **Q2), NUMBERS)
    assert set(marks(fig).values()) == {1200.01}
    assert any("(ours)" in name for name in fig.data[0].y)
    assert_titled(fig)


def test_attainment_by_owner(golden: Ask) -> None:
    frame = golden("goal_attainment", scope="owner", **Q2)
    fig = attainment_by_scope(frame, 0.5, NUMBERS, is_money=True)
    assert marks(fig) == {"Bo Kim": 0.0, "Ann Lee": pytest.approx(20.0, abs=0.01)}
    assert fig.data[0].text is None  # the shares stand in a column, where no line runs through them
    assert list(fig.data[1].text) == ["0%", "20%"]
    assert set(fig.data[1].x) == {fig.layout.xaxis.range[1]}
    assert fig.layout.annotations[0].text == "on track: 50%"
    assert not attainment_by_scope(frame, None, NUMBERS, is_money=True).layout.annotations
    assert_titled(fig)


def test_attainment_of_a_count_is_no_money(golden: Ask) -> None:
    frame = golden("goal_attainment", scope="owner", **Q2).with_columns(actual=pl.lit(3), goal=pl.lit(8))
    amounts = attainment_by_scope(frame, None, NUMBERS, is_money=True).data[0].hovertext
    counts = attainment_by_scope(frame, None, NUMBERS, is_money=False).data[0].hovertext
    assert "$3 of $8" in amounts[0]
    assert "3 of 8" in counts[0]
    assert "$" not in counts[0]


def test_months_of_unknown_amounts_have_no_length_and_a_dash(golden: Ask) -> None:
    frame = golden("funnel_coverage", dimension="month", period="2026-Q2").with_columns(
        open_amount=pl.lit(None, dtype=pl.Decimal(18, 2))
    )
    fig = pipeline_by_month(months_shown(frame, "2026-06"), NUMBERS)
    opened = next(trace for trace in fig.data if trace.name == "Open, due")
    assert list(opened.y) == [None, None]
    assert "– in" in opened.hovertext[1]


def test_cost_and_won_by_campaign(golden: Ask) -> None:
    fig = cost_and_won_by_campaign(golden("campaign_effectiveness"), NUMBERS)
    assert marks(fig, 0) == {"Spring Webinar": 500, "Big Mailing": 1_000}
    assert marks(fig, 1) == {"Spring Webinar": 400.01, "Big Mailing": 800.0}
    assert_titled(fig)
    alone = cost_and_won_by_campaign(golden("campaign_effectiveness"), NUMBERS, most=1)
    assert list(marks(alone)) == ["Big Mailing"]


def test_long_campaign_names_leave_room_for_their_bars(golden: Ask) -> None:
    long = "Email Nurture - Forecasting Without Spreadsheets <Feb 2025>"
    frame = golden("campaign_effectiveness").with_columns(dimension_value=pl.lit(long))
    label = cost_and_won_by_campaign(frame, NUMBERS).layout.yaxis.ticktext[0]
    assert label == "Email Nurture -<br>Forecast… &lt;Feb 2025&gt;"


def test_names_from_data_are_text_and_never_markup(golden: Ask) -> None:
    frame = golden("campaign_effectiveness").with_columns(
        pl.when(pl.col("kind") == "campaign")
        .then(pl.lit("<img src=x onerror=alert(1)>") + pl.col("dimension_value"))
        .otherwise(pl.col("dimension_value"))
        .alias("dimension_value")
    )
    fig = cost_and_won_by_campaign(frame, NUMBERS)
    for text in (*fig.data[0].hovertext, *fig.layout.yaxis.ticktext):
        assert "<img" not in text


def test_axes_are_in_the_companys_format_and_end_where_the_data_does(golden: Ask) -> None:
    funnel = golden("lead_funnel").with_columns(reached=pl.col("reached") * 140)
    axis = leads_by_stage(funnel, NUMBERS).layout.xaxis
    assert list(axis.ticktext) == ["0", "250", "500", "750", "1,000"]  # of 1,120
    axis = won_by_view(golden("sourced_and_influenced", **Q2), NUMBERS).layout.xaxis
    assert list(axis.ticktext) == ["$0", "$250", "$500", "$750", "$1k"]  # of 1,200.01


def test_no_figure_marks_thousandths_of_a_dollar(golden: Ask) -> None:
    """An axis without anything on it once read $200m, $400m: thousandths, which look like millions."""
    nothing = golden("sourced_and_influenced", source=["Nowhere"], **Q2)
    row = golden("funnel_coverage", source=["Nowhere"], **Q2).row(0, named=True)
    days = golden("goal_by_day", **Q2).with_columns(
        actual_to_date=pl.lit(0.0), on_track=pl.lit(0.0), projected=pl.lit(0.0)
    )
    months = months_shown(golden("funnel_coverage", dimension="month", **Q2), "2026-06").with_columns(
        pl.lit(0.0).alias(name) for name in ("won_amount", "open_amount", "overdue_amount")
    )
    for axis in (
        won_by_view(nothing, NUMBERS).layout.xaxis,
        goal_and_pipeline(row, NUMBERS).layout.xaxis,
        actual_by_day(days, None, NUMBERS, is_money=True).layout.yaxis,
        pipeline_by_month(months, NUMBERS).layout.yaxis,
    ):
        assert list(axis.ticktext) == ["$0"]
        assert axis.tickformat is None


def test_rates_of_few_leads_are_seen_on_dark_ground(golden: Ask) -> None:
    trace = rate_by_value(golden("lead_to_close", dimension="source"), NUMBERS, flag_under=30, unranked_under=1).data[0]
    assert set(trace.marker.color) == {INK}
    assert INK.endswith(", 1)")  # not see-through
