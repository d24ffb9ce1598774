"""Lead to close, section by section: over the sample, over odd companies, and what its choices open."""

from typing import Any

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from queries import run
from tests.conftest import PROJECT, Little
from tests.little import Row, deal, lead, lost, status, won
from tests.pages.test_pages import app, figure, fresh, texts, visit, with_sample  # noqa: F401

PAGE = "measure/lead_to_close"
SECTIONS: dict[str, dict[str, str]] = {
    "funnel": {},
    "funnel of the period": {"leads_basis": "Period: what happened in the period"},
    "lately": {"leads_section": "Over time"},
    "cohorts": {"leads_section": "Over time", "leads_time": "Cohorts"},
    "curve": {"leads_section": "Over time", "leads_time": "How long it takes", "curve_by": "Source"},
    "curve by month": {
        "leads_section": "Over time",
        "leads_time": "How long it takes",
        "curve_by": "Month of creation",
    },
    "speed": {"leads_section": "Handoff"},
    "split": {"leads_section": "Leads or selling?"},
    "split by source": {"leads_section": "Leads or selling?", "split_by": "Source", "split_days": "90 days"},
    "mature": {"leads_section": "Sooner or later"},
    "speed from creation": {"leads_section": "Handoff", "speed_from": "The lead's creation", "speed_by": "Source"},
    "acceptance": {"leads_section": "Handoff", "handoff": "Acceptance"},
    "reasons": {"leads_section": "Handoff", "handoff": "Why rejected"},
    "selling": {"leads_section": "Selling"},
    "contact": {"leads_section": "Contact"},
    "weakest": {"leads_section": "Weakest step"},
}
YEAR = {"period": "2026"}


@pytest.mark.usefixtures("with_sample")
class TestSample:
    @pytest.mark.parametrize("name", SECTIONS)
    def test_a_section_shows_a_figure_with_words_and_no_error(self, app: AppTest, name: str) -> None:  # noqa: F811
        visit(app, PAGE, **YEAR, **SECTIONS[name], compare="A year before")
        assert not app.error
        charts = app.get("plotly_chart")
        assert 1 <= len(charts) <= 3
        assert all(len(chart.proto.alt) > 15 for chart in charts)
        said = texts(app)
        assert "None" not in said.replace("None of", "")
        assert "nan" not in said.split()

    @pytest.mark.parametrize("name", SECTIONS)
    def test_filters_that_leave_nothing_are_said(self, app: AppTest, name: str) -> None:  # noqa: F811
        visit(
            app,
            PAGE,
            **SECTIONS[name],
            source="unknown",
            segment="Enterprise",
            region="International",
            period="2024-11",
        )
        assert not app.error

    def test_only_the_section_chosen_is_drawn(self, app: AppTest) -> None:  # noqa: F811
        visit(app, PAGE, **YEAR, leads_section="Weakest step")
        assert [chart.proto.id for chart in app.get("plotly_chart") if "chart_step" in chart.proto.id]
        assert len(app.get("plotly_chart")) == 1

    def test_who_answers_slowly_is_named(self, app: AppTest) -> None:  # noqa: F811
        slow = (
            run("speed_to_lead", {"dimension": "owner"})
            .filter(pl.col("waits") >= 30)
            .sort("median_hours")
            .row(-1, named=True)
        )
        visit(app, PAGE, period="All time", leads_section="Handoff")
        assert f"{slow['dimension_value']} answers slowest: half within" in texts(app)
        total = run("speed_to_lead").row(0, named=True)
        shown = {metric.label: metric.value for metric in app.metric}
        assert shown["Never answered"] == f"{total['unanswered']:,}"
        assert shown["SLA kept (24 h)"] == f"{100 * total['sla_kept']:.1f}%"

    def test_waits_open(self, app: AppTest) -> None:  # noqa: F811
        row = run("speed_to_lead", {"dimension": "owner", **YEAR}).row(0, named=True)
        visit(app, PAGE, **YEAR, leads_section="Handoff", waits_of=row["dimension_value"], waits_verdict="Not answered")
        assert f"Not answered, owner {row['dimension_value']}: {row['unanswered']:,} record" in texts(app)

    def test_passes_and_reasons_open(self, app: AppTest) -> None:  # noqa: F811
        row = run("acceptance", {"dimension": "source", **YEAR}).row(0, named=True)
        handoff = {**YEAR, "leads_section": "Handoff"}
        visit(app, PAGE, **handoff, handoff="Acceptance", passes_of=row["dimension_value"], passes_state="Rejected")
        assert f"Rejected, source {row['dimension_value']}: {row['rejected']:,} record" in texts(app)
        reason = run("rejection_reasons", YEAR).row(0, named=True)
        other = fresh(PAGE, **handoff, handoff="Why rejected", reason=reason["reason"])
        assert f"Rejected: {reason['reason']}: {reason['rejected']:,} record" in texts(other)

    def test_a_cell_of_the_cohorts_opens(self, app: AppTest) -> None:  # noqa: F811
        frame = run("lead_cohorts", {"stage": "opportunity", "period_start": "2024-11-01"}).filter("is_mature")
        row = frame.filter(pl.col("reached") > 0).row(-1, named=True)
        words = f"{row['cohort']:%b %Y}, within {row['days']} days"
        visit(app, PAGE, leads_section="Over time", leads_time="Cohorts", cohort=words)
        assert f"within {row['days']} days, of the leads of {row['cohort']:%b %Y}: {row['reached']:,} record" in texts(
            app
        )

    def test_a_basis_of_the_win_rate_opens(self, app: AppTest) -> None:  # noqa: F811
        bases = {row["basis"]: row for row in run("win_rate_bases", YEAR).iter_rows(named=True)}
        visit(app, PAGE, **YEAR, leads_section="Selling", basis="Within 180 days")
        assert f"Within 180 days: {bases['within']['deals']:,} records" in texts(app)
        other = fresh(PAGE, **YEAR, leads_section="Selling", basis="By count")
        assert f"By count: {bases['count']['deals']:,} records" in texts(other)

    def test_a_step_opens_before_and_after(self, app: AppTest) -> None:  # noqa: F811
        asked = {"dimension": "source", "days": 180, "period_start": "2025-05-20"}
        row = run("weakest_step", asked).filter((pl.col("stage") == "sal") & (pl.col("went_on") > 0)).row(0, named=True)
        words = f"{row['dimension_value']}: Accepted by sales (SAL)"
        visit(app, PAGE, leads_section="Weakest step", step=words)
        told = f"Before: Marketing-qualified (MQL), source {row['dimension_value']}: {row['before']:,} record"
        assert told in texts(app)

    def test_the_period_beside_is_in_the_key_figures(self, app: AppTest) -> None:  # noqa: F811
        visit(app, PAGE, period="2026-Q2", as_of="2026-06-30", compare="The period before")
        before = run("lead_to_close", {"period": "2026-Q1", "as_of": "2026-03-31"}).row(0, named=True)
        shown = {metric.label: metric.delta for metric in app.metric}
        assert shown["Leads created"] == f"2026-Q1: {before['leads']:,}"

    def test_young_cohorts_are_hatched_and_carry_no_figure(self, app: AppTest) -> None:  # noqa: F811
        visit(app, PAGE, leads_section="Over time", leads_time="Cohorts")
        data = figure(app, "chart_cohort")["data"]
        longest = data[-2]
        assert set(longest["marker"]["pattern"]["shape"]) == {"", "/"}
        mature = [shape for shape in longest["marker"]["pattern"]["shape"] if not shape]
        assert len(data[-1]["text"]) == len(mature) < len(longest["marker"]["pattern"]["shape"])


def at(**params: Any) -> AppTest:
    st.cache_resource.clear()
    return fresh(PAGE, **params)


ODD: dict[str, dict[str, list[Row]]] = {
    "leads alone": {"leads": [lead(1)]},
    "deals alone": {"deals": [deal(1), won(2), lost(3)]},
    "leads without a date": {"leads": [lead(1, created="")], "deals": [deal(1)]},
    "passes without a decision": {
        "leads": [lead(1), lead(2, deal=1)],
        "deals": [won(1)],
        "history": [status(1, 1, "2026-04-03", "Open", "Marketing Qualified")],
    },
    "one rejection": {
        "leads": [lead(1, Rejection_Reason__c="<b>No</b> budget")],
        "history": [
            status(1, 1, "2026-04-03", "Open", "Marketing Qualified"),
            status(2, 1, "2026-04-04", "Marketing Qualified", "Rejected by Sales"),
        ],
    },
    "no amounts": {"deals": [deal(1, ""), won(2, ""), lost(3, "")], "leads": [lead(1, deal=2)]},
}


@pytest.mark.parametrize("name", ODD)
def test_no_section_breaks_over_an_odd_company(little: Little, name: str) -> None:
    little(**ODD[name])
    for params in SECTIONS.values():
        assert not at(period="2026-Q2", **params).error, params


@pytest.mark.parametrize(
    ("basis", "label", "value"),
    [
        ("count", "Win rate by count", "50.0%"),
        ("value", "Win rate by value", "75.0%"),
        ("cohort", "Win rate created cohort", "50.0%"),
        ("within", "Win rate within 100 days", "0.0%"),
    ],
)
def test_the_setting_says_which_win_rate_leads_and_all_four_are_shown(
    little: Little, basis: str, label: str, value: str
) -> None:
    settings = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    settings = settings.replace('basis = "count"', f'basis = "{basis}"').replace("days = 180", "days = 100")
    little(settings, deals=[won(1, 300), lost(2, 100)], leads=[lead(1)])  # created on 5 Jan, decided on 20 Apr
    app = at(period="2026-Q2" if basis in ("count", "value") else "2026-Q1", leads_section="Selling")  # noqa: F811
    assert {metric.label: metric.value for metric in app.metric if metric.label.startswith("Win rate")} == {
        label: value
    }
    app = at(period="2026", leads_section="Selling")
    drawn = figure(app, "chart_basis")["data"][0]
    assert list(drawn["y"]) == ["Within 100 days", "Created cohort", "By value", "By count"]
    assert "Win rate by count 50.0%, by value 75.0%, created cohort 50.0% so far, within 100 days 0.0%" in texts(app)
