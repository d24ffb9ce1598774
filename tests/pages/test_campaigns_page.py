"""Campaigns: each section shows what its query says, opens its records, and shows the planted truths of the sample."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from queries import run
from tests.conftest import PROJECT, Little
from tests.little import campaign, lead, member, won
from tests.pages.test_pages import texts, visit, with_sample  # noqa: F401

PATH = "measure/campaigns"
SECTIONS = [
    "What works",
    "Models",
    "Paths",
    "People reached",
    "Follow-up",
    "Sales' answer",
    "Customers",
    "Spend over time",
]


@pytest.fixture
def app(home: Path) -> AppTest:
    """Return the dashboard over this test's home."""
    st.cache_resource.clear()
    return AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)


def table_with(app: AppTest, column: str) -> Any:
    """Return the table that has a column."""
    return next(frame.value for frame in app.dataframe if column in frame.value.columns)


@pytest.mark.usefixtures("with_sample")
class TestSample:
    """The sample company."""

    @pytest.mark.parametrize("section", SECTIONS)
    def test_each_section_is_drawn(self, app: AppTest, section: str) -> None:
        visit(app, PATH, campaigns_section=section)
        assert not app.error
        assert len(app.get("plotly_chart")) in (1, 2)

    def test_models_stand_side_by_side_and_open(self, app: AppTest) -> None:
        visit(app, PATH, campaigns_section="Models", model="W-shaped")
        shown = table_with(app, "decay_amount")
        assert {"first_amount", "last_amount", "linear_amount", "u_amount", "w_amount", "full_amount"} <= set(
            shown.columns
        )
        best = run("campaign_models").row(0, named=True)
        app.selectbox(key="model_credit").select(best["dimension_value"]).run()
        assert f"${best['w_amount']:,.2f} in all" in texts(app)

    def test_who_is_reached_can_be_those_whose_leads_it_brought(self, app: AppTest) -> None:
        visit(app, PATH, campaigns_section="People reached", reach_of="People whose leads it brought")
        frame = run("campaign_reach", {"who": "brought"})
        whole = frame.filter(pl.col("kind") == "all campaigns").row(0, named=True)
        assert f"{100 * whole['share']:.0f}% decide" in texts(app)
        app.selectbox(key="reached_by").select("People on won deals").run()
        assert "People on won deals: " in texts(app)

    def test_follow_up_opens_to_its_leads(self, app: AppTest) -> None:
        visit(app, PATH, campaigns_section="Follow-up")
        cells = run("campaign_follow_up", {"origin": "source"}).filter(
            (pl.col("delay") == "any") & (pl.col("kind") == "call") & pl.col("origin_value").is_not_null()
        )
        row = cells.sort("leads").row(-1, named=True)
        app.selectbox(key="follow_up_cell").select(f"{row['origin_value']}, called first").run()
        assert f"called first: {row['leads']:,} records" in texts(app)

    def test_rejections_open_to_the_leads(self, app: AppTest) -> None:
        visit(app, PATH, campaigns_section="Sales' answer")
        row = run("campaign_acceptance").drop_nulls("dimension_value").row(0, named=True)
        app.selectbox(key="rejected_of").select(row["dimension_value"]).run()
        assert f"source {row['dimension_value']}: {row['rejected']:,} records" in texts(app)

    def test_the_lag_is_a_choice(self, app: AppTest) -> None:
        visit(app, PATH, campaigns_section="Spend over time", lag="0", spend_for="Leads")
        assert "number of leads in the same month" in texts(app)
        assert "CAC is a dash: no spending of the departments" in texts(app)

    def test_key_figures_stand_beside_the_period_to_compare_with(self, app: AppTest) -> None:
        visit(app, PATH, compare="The period before")
        deltas = [metric.delta for metric in app.metric]
        assert all(delta.startswith("2026-Q3: ") for delta in deltas)

    def test_by_vehicle(self, app: AppTest) -> None:
        visit(app, PATH, campaigns_by="Vehicle")
        assert {"Webinar", "Email", "Advert", "Event"} <= set(table_with(app, "roi")["dimension_value"])

    @pytest.mark.parametrize("section", SECTIONS)
    def test_under_filters_that_leave_little(self, app: AppTest, section: str) -> None:
        visit(app, PATH, campaigns_section=section, source="Purchased List", product="(blank)", started="In the period")
        assert not app.error


@pytest.mark.parametrize("section", SECTIONS)
def test_a_company_of_one_touch(little: Little, app: AppTest, section: str) -> None:
    little(
        deals=[won(1, 500)],
        leads=[lead(1, deal=1)],
        campaigns=[campaign(1, "A"), campaign(2, "B", 10)],
        members=[member(1, 1, 1, "2026-02-01")],
    )
    visit(app, PATH, campaigns_section=section)
    assert not app.error


@pytest.mark.parametrize("section", SECTIONS)
def test_a_company_of_campaigns_alone(little: Little, app: AppTest, section: str) -> None:
    little(campaigns=[campaign(1, "A", 100)])
    visit(app, PATH, campaigns_section=section)
    assert not app.error
