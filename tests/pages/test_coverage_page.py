"""Funnel coverage: its sections, the period that leads near the end of a quarter, the figures and what they open."""

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from charts.coverage_change import STEPS, steps_shown
from queries import run
from tests.conftest import PROJECT, Little
from tests.little import deal
from tests.pages.test_pages import figure, texts, with_sample  # noqa: F401

SECTIONS = ("Now", "What it takes", "Change", "Deals", "Periods", "Looking back", "Tidy or gamed?")


def opened(**params: str) -> AppTest:
    """Open the page as a link would: page choices in the address included."""
    st.cache_resource.clear()
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    app.switch_page("pages/measure/funnel_coverage.py").run()
    assert not app.exception
    if "coverage_section" in params:
        assert app.segmented_control(key="coverage_section").value == params["coverage_section"]
    return app


@pytest.mark.usefixtures("with_sample")
class TestSections:
    @pytest.mark.parametrize("name", SECTIONS)
    @pytest.mark.parametrize("as_of", ["2026-11-16", "2025-08-15"])
    def test_a_section_is_drawn_without_an_error_and_its_figures_have_words(self, name: str, as_of: str) -> None:
        page = opened(coverage_section=name, as_of=as_of)
        assert not page.error
        assert not page.exception
        assert "nan" not in texts(page).lower().replace("finance", "")
        for chart in page.get("plotly_chart"):
            assert len(chart.proto.alt) > 15

    @pytest.mark.parametrize("name", SECTIONS)
    @pytest.mark.parametrize(
        "filters",
        [
            {"source": "unknown", "segment": "Enterprise", "region": "International", "period": "2024-11"},
            {"period": "All time"},
            {"period": "2026"},
            {"period": "2026-02"},
            {"period": "Next quarter"},
            {"owner": "(blank)"},
        ],
    )
    def test_a_section_bears_every_filter(self, name: str, filters: dict[str, str]) -> None:
        if name == "Looking back" and filters.get("period") in ("2026-02", "Next quarter", "2026"):
            pytest.skip("looking back is of the quarters before the as-of day, whatever the period")
        page = opened(coverage_section=name, **filters)
        assert not page.error
        assert not page.exception

    @pytest.mark.parametrize("dimension", ["Segment", "Product", "Type of business", "Source", "Month", "Team"])
    def test_coverage_by_every_dimension(self, dimension: str) -> None:
        page = opened(coverage_by=dimension)
        assert not page.error
        assert len(page.get("plotly_chart")) == 2
        key = "chart_month" if dimension == "Month" else "chart_due_by"
        assert figure(page, key)["data"]

    def test_tidy_or_gamed_opens_its_deals_and_leaves_out_what_is_asked(self) -> None:
        asked = {"coverage_section": "Tidy or gamed?", "period": "2026-Q3"}
        page = opened(**asked, habit="Amount cut at close", habit_of="Amount cut at close", habit_by="Team")
        where = {"period": "2026-Q3", "as_of": "2026-11-16"}
        row = run("deal_habits", where).row(by_predicate=pl.col("habit") == "cut_at_close", named=True)
        assert f"Amount cut at close: {row['deals']} records" in texts(page)
        assert "it may be an amount set right" in texts(page).lower()
        some = opened(**asked, habits_out="Edited all at once")
        shown = next(frame.value for frame in some.dataframe if "As counted" in frame.value.columns)
        assert (shown["As counted"] == shown["Without"]).all()
        every = next(frame.value for frame in page.dataframe if "As counted" in frame.value.columns)
        assert (every["As counted"] != every["Without"]).any()

    def test_the_finding_is_followed_by_the_headlines_without(self) -> None:
        assert "Without deals that show a habit" in texts(opened(period="2026-Q3"))

    def test_only_the_chosen_section_is_drawn(self) -> None:
        def keys(page: AppTest) -> set[str]:
            return {chart.proto.id.rsplit("-", 1)[-1] for chart in page.get("plotly_chart")}

        now, change = opened(), opened(coverage_section="Change")
        assert not keys(now) & keys(change)
        assert len(keys(change)) == 3

    def test_the_waterfall_draws_what_the_query_says_and_a_step_opens_its_deals(self) -> None:
        frame = run("pipeline_waterfall", {"period": "2026-Q4"})
        page = opened(coverage_section="Change")
        drawn = figure(page, "chart_moved")["data"][0]
        assert drawn["customdata"] == steps_shown(frame)["step"].to_list()
        row = frame.filter((frame["deals"] > 0) & (frame["kind"] == "out")).row(0, named=True)
        page.selectbox(key="moved").select(STEPS[row["step"]]).run()
        many = "record" if row["deals"] == 1 else "records"
        amount = f"{'−' if row['amount'] < 0 else ''}${abs(row['amount']):,.2f}"
        assert f"{STEPS[row['step']]}: {row['deals']} {many}, {amount} in all" in texts(page)

    def test_the_waterfall_begins_where_the_reader_says_or_at_the_day_compared_with(self) -> None:
        assert "from 1 Oct 2026 to 16 Nov 2026" in texts(opened(coverage_section="Change", since="2026-10-01"))
        asked = {"coverage_section": "Change", "compare": "The period before"}
        assert "from 16 Aug 2026 to 16 Nov 2026" in texts(opened(**asked))

    def test_key_figures_stand_beside_those_of_the_period_to_compare_with(self) -> None:
        page = opened(compare="The period before")
        before = run("funnel_coverage", {"period": "2026-Q3", "as_of": "2026-08-16"}).row(0, named=True)
        metrics = {metric.label: metric.delta for metric in page.metric}
        assert metrics["Coverage to go"] == f"2026-Q3: {before['coverage_to_go']:.1f}×"
        assert not [metric.delta for metric in opened().metric if metric.delta]

    def test_the_next_quarter_leads_in_the_last_two_weeks(self) -> None:
        page = opened(as_of="2026-09-20", coverage_section="Periods")
        said = texts(page)
        assert "2026-Q3 has 10 days left, so 2026-Q4, the next, leads this page." in said
        next_row = run("funnel_coverage", {"as_of": "2026-09-20", "period": "2026-Q4"}).row(0, named=True)
        metrics = {metric.label: metric.value for metric in page.metric}
        assert metrics["Coverage, full"] == f"{next_row['coverage_full']:.1f}×"
        this = opened(as_of="2026-09-20", coverage_period="This period")
        assert "2026-Q3 has 10 days left; 2026-Q4 follows." in texts(this)
        row = run("funnel_coverage", {"as_of": "2026-09-20", "period": "2026-Q3"}).row(0, named=True)
        assert {metric.label: metric.value for metric in this.metric}[
            "Coverage, full"
        ] == f"{row['coverage_full']:.1f}×"
        assert "leads this page" not in texts(opened(as_of="2026-09-15"))

    def test_a_past_that_is_only_assumed_is_said_and_not_drawn(self) -> None:
        owner = run("funnel_coverage", {"period": "2026-Q4", "dimension": "owner"})["dimension_value"][0]
        page = opened(owner=owner, coverage_section="Change")
        assert "is only assumed" in texts(page)
        assert not [chart for chart in page.get("plotly_chart") if "chart_moved" in chart.proto.id]

    def test_what_is_missing_is_said_in_money_deals_and_leads(self) -> None:
        said = texts(opened(period="Next quarter"))
        row = run("pipeline_missing", {"period": "2027-Q1"}).row(0, named=True)
        assert f"{row['missing_deals']:,.0f} deals to create" in said
        assert f"{row['missing_leads']:,.0f} leads" in said

    def test_the_biggest_deals_and_the_suspects(self) -> None:
        page = opened(coverage_section="Deals")
        biggest = next(frame.value for frame in page.dataframe if "usual_stage_days" in frame.value.columns)
        amounts = biggest["amount_base"].tolist()
        assert len(amounts) == 10
        assert amounts == sorted(amounts, reverse=True)
        row = run("coverage_without_suspects", {"period": "2026-Q4"}).row(0, named=True)
        page.selectbox(key="suspects").select("Suspect deals that are due: pushed or silent").run()
        assert (
            f"Suspect deals that are due: pushed or silent: {row['suspect_count']} records, "
            f"${row['suspect_amount']:,.2f} in all" in texts(page)
        )

    def test_what_became_of_the_deals_that_were_due_opens(self) -> None:
        page = opened(coverage_section="Periods")
        row = run("period_starts", {"period": "2026-Q4"}).filter(period="2026-Q2").row(0, named=True)
        page.selectbox(key="became").select("2026-Q2: slipped past its end").run()
        many = "record" if row["slipped_count"] == 1 else "records"
        assert f"2026-Q2: slipped past its end: {row['slipped_count']} {many}" in texts(page)


@pytest.mark.parametrize("name", SECTIONS)
def test_one_deal_without_goal_amount_or_history_is_no_error(little: Little, name: str) -> None:
    little(Opportunity=[deal(1, "")])
    page = opened(coverage_section=name, period="2026-Q2")
    assert not page.error
    assert not page.exception
