"""Shared goals: its sections, what they open, and goals that are set, refused, changed many at once and undone."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from charts.numbers import day
from queries import run
from store import Goal, goal_changes, open_store, set_goal
from tests.conftest import Little
from tests.little import deal, goal, lead, won
from tests.pages.test_pages import app, figure, fresh, said, texts, visit, with_sample  # noqa: F401
from ui.goal_editor import Table, changed_goals
from ui.messages import plain

PAGE = "measure/shared_goals"
SECTIONS = ("Course", "Who carries it", "What is left", "Marketing's part", "Set goals")


def press(page: AppTest, label: str) -> None:
    """Press a button."""
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def metrics(page: AppTest) -> dict[str, str]:
    """Return the key figures."""
    return {metric.label: metric.value for metric in page.metric}


@pytest.mark.usefixtures("with_sample")
class TestSample:
    """Over the sample."""

    @pytest.mark.parametrize("section", SECTIONS)
    @pytest.mark.parametrize(
        "filters",
        [
            {"period": "2026-Q4"},
            {"period": "Next quarter", "segment": "Small"},
            {"period": "2026-Q2", "measure": "Won deals"},
            {"period": "All time", "measure": "Pipeline sourced by marketing"},
            {"period": "2026-11", "compare": "A year before"},
            {"source": "Webinar", "segment": ["Small", "Enterprise"]},
        ],
    )
    def test_every_section_bears_every_filter(self, section: str, filters: dict[str, Any]) -> None:
        page = fresh(PAGE, goals_section=section, **filters)
        assert not page.error
        assert page.segmented_control(key="goals_section").value == section
        assert "None" not in texts(page).replace("Nonetheless", "")
        assert "nan" not in texts(page).replace("finance", "")
        for chart in page.get("plotly_chart"):
            assert len(chart.proto.alt) > 15

    @pytest.mark.parametrize(
        "filters", [{"segment": "Enterprise", "source": "Webinar"}, {"segment": ["Enterprise", "Small"]}]
    )
    def test_the_company_is_never_drawn_under_a_filter_without_a_goal(
        self,
        app: AppTest,  # noqa: F811
        filters: dict[str, Any],
    ) -> None:
        visit(app, PAGE, **filters)
        assert not [chart for chart in app.get("plotly_chart") if "by_day" in chart.proto.id]
        assert not [button for button in app.get("download_button") if "by_day" in button.proto.id]
        assert "Under these filters" in texts(app)

    def test_the_finding_and_the_figures_say_where_the_period_ends(self) -> None:
        page = fresh(PAGE, period="2026-Q4")
        last = run("goal_by_day", {"period": "2026-Q4"}).row(-1, named=True)
        assert metrics(page)["Ends at"].startswith("$")
        finding = next(element.value for element in page.markdown if element.value.startswith("#### "))
        assert f"of {last['past_periods']} past periods would have it" in finding.replace("\\", "")
        names = [trace.get("name") for trace in figure(page, "chart_by_day")["data"]]
        assert {"Reached", "On track", "As past periods went on", "If it goes on as usual"} <= set(names)

    def test_the_period_to_compare_with_stands_beside_every_key_figure(self) -> None:
        page = fresh(PAGE, period="2026-Q4", compare="The period before")
        assert len(page.metric) == 6
        assert all(metric.delta.endswith("in 2026-Q3") for metric in page.metric)

    def test_who_carries_a_goal_follows_the_filters(self) -> None:
        everybody = fresh(PAGE, goals_section="Who carries it")
        owners = figure(everybody, "chart_carried_by")["data"][0]["y"]
        assert len(owners) > 1
        assert "owners add up to" in texts(everybody)
        first = next(frame.value for frame in everybody.dataframe if "pace" in frame.value.columns)
        assert list(first.columns[:3]) == ["scope_value", "attainment", "pace"]
        one = fresh(PAGE, goals_section="Who carries it", owner=owners[0])
        assert figure(one, "chart_carried_by")["data"][0]["y"] == owners[:1]
        tables = [row.value["scope_value"].to_list() for row in one.dataframe if "pace" in row.value.columns]
        assert tables == [owners[:1]]
        none = fresh(PAGE, goals_section="Who carries it", owner=owners[0], source="Webinar")
        assert not [chart for chart in none.get("plotly_chart") if "carried_by" in chart.proto.id]
        assert "No goal is for these filters (owner and source)" in texts(none)

    def test_a_teams_owners_are_listed_under_its_filter(self) -> None:
        page = fresh(PAGE, goals_section="Who carries it", team="West")
        listed = next(frame.value for frame in page.dataframe if "pace" in frame.value.columns)
        assert set(listed["team"]) == {"West"}
        assert len(listed) > 1

    def test_what_is_left_is_what_the_queries_say(self) -> None:
        page = fresh(PAGE, goals_section="What is left", period="2027-Q1")
        expected = run("goal_expected_from_deals", {"period": "2027-Q1"})["expected_amount"].sum()
        parts = {trace["name"].split(":")[0]: trace["x"] for trace in figure(page, "chart_parts")["data"]}
        assert [round(float(value), 2) for value in parts["Expected from open deals"]] == [float(expected)]
        assert "Marketing" in texts(page)
        tree = next(frame.value for frame in page.dataframe if "How many" in frame.value.columns)
        assert list(tree["Needed"][:6]) == ["Won deals", "Opportunities", "SQL", "SAL", "MQL", "Leads"]
        page.selectbox(key="expected").select("Open deals, one by one").run()
        records = run("goal_open_deal_records", {"period": "2027-Q1"})
        assert f"Open deals: {records.height:,} records, ${expected:,.2f} in all" in texts(page)

    def test_leads_that_are_too_late_point_to_the_quarter_they_serve(self) -> None:
        set_goal(open_store(), quarter("90000000"))
        page = fresh(PAGE, goals_section="What is left", period="2026-Q4")
        assert "Too late for this period: " in texts(page)
        press(page, "Show next quarter, which they serve")
        assert page.selectbox(key="period").value == "Next quarter"

    def test_the_deals_on_which_the_tests_differ_open(self) -> None:
        page = fresh(PAGE, goals_section="Marketing's part", period="2026")
        row = run("sourced_agreement", {"period": "2026"}).row(0, named=True)
        page.selectbox(key="sourced_tests").select(row["tests"]).run()
        assert f"{row['deals']} records, ${row['amount']:,.2f} in all" in texts(page)
        page.selectbox(key="customers").select("existing customers").run()
        assert "existing customers: " in texts(page)

    def test_how_much_came_from_existing_customers_is_said(self) -> None:
        page = fresh(PAGE, goals_section="Marketing's part", period="All time")
        frame = run("won_by_customer")
        share = frame.filter(customer="existing")["amount"].sum() / frame["amount"].sum()
        assert f"{100 * float(share):.0f}% of the amount won came from existing customers" in texts(page)

    def test_a_goal_under_another_measure_is_pointed_to(self) -> None:
        page = fresh(PAGE, measure="Won deals", period="2026-Q4")
        assert "There is one for: Won amount" in texts(page)
        press(page, "Show Won amount")
        assert metrics(page)["Goal"].startswith("$")

    def test_an_imported_goal_says_when_it_was_set_and_by_whom(self) -> None:
        page = fresh(PAGE, period="2026-Q4")
        in_force = run("goals_in_force").filter(
            measure="won_amount", scope="company", period_start=date(2026, 10, 1), period_end=date(2027, 1, 1)
        )
        row = in_force.row(0, named=True)
        told = plain(f"This goal was set on {day(row['set_date'])} by {row['set_by']} (imported)")
        assert any(element.value.startswith(told) for element in page.caption)

    def test_a_goal_typed_in_takes_effect_and_is_undone(self) -> None:
        page = fresh(PAGE, region="West", period="2026-Q4", goals_section="Set goals")
        assert "No goal is set for exactly this period" in texts(page)
        page.number_input[0].set_value(500_000.0)
        page.text_input(key="author").set_value("Ann Lee")
        page.text_input(key="goal_reason").set_value("new region")
        press(page, "Keep this goal")
        assert metrics(page)["Goal"] == "$500k"
        assert "by Ann Lee (typed in)" in texts(page)
        assert said(page) == ["Kept: Won amount for region West, $500k, by Ann Lee."]
        assert "Ann Lee: 1 goal (new region)" in texts(page)
        assert "Won amount, region West, from 1 Oct 2026: none → $500,000.00" in texts(page)
        press(page, "Undo the last change")
        assert said(page) == ["Undone: 1 goal by Ann Lee; what was there before counts again."]
        assert "No goal is set for exactly this period" in texts(page)
        assert "undone since" in texts(page)
        assert not [button for button in page.button if button.label == "Undo the last change"]
        coverage = fresh("measure/funnel_coverage", region="West", period="2026-Q4")
        assert metrics(coverage)["Goal"] == "–"

    @pytest.mark.parametrize("value", [-5.0, 0.0, None])
    def test_a_goal_of_nothing_or_less_is_refused_in_a_sentence(self, value: float | None) -> None:
        page = fresh(PAGE, region="West", period="2026-Q4", goals_section="Set goals")
        page.number_input[0].set_value(value)
        page.text_input(key="author").set_value("Ann Lee")
        press(page, "Keep this goal")
        assert "A goal is more than 0: say how much is wanted. Nothing was changed." in texts(page)
        assert said(page) == []

    def test_a_goal_without_a_name_is_refused_in_a_sentence(self) -> None:
        page = fresh(PAGE, region="West", period="2026-Q4", goals_section="Set goals")
        page.number_input[0].set_value(500_000.0)
        press(page, "Keep this goal")
        assert "Say who sets it." in texts(page)
        assert not goal_changes(open_store())

    def test_the_table_says_what_its_goals_add_up_to(self) -> None:
        page = fresh(PAGE, goals_section="Set goals", period="2026-Q4")
        own = run("goals_in_force").filter(measure="won_amount", scope="owner", period_start=date(2026, 10, 1))
        company = run("goal_progress", {"period": "2026-Q4", "measure": "won_amount", "scope": "company"})["goal"][0]
        share = round(100 * float(own["value"].sum()) / float(company))
        assert "2026-Q4: $" in texts(page)
        assert f", {share}% of the company's" in texts(page)


def quarter(value: str, **more: Any) -> Goal:
    """Return a goal of the last quarter of 2026."""
    fields: dict[str, Any] = {
        "measure": "won_amount",
        "period_start": date(2026, 10, 1),
        "period_end": date(2027, 1, 1),
        "scope": "company",
        "scope_value": None,
        "value": Decimal(value),
        "set_by": "Ann",
    }
    return Goal(**{**fields, **more})


def test_changed_cells_become_goals_and_emptied_ones_take_them_back() -> None:
    periods = {"2026-Q3": (date(2026, 7, 1), date(2026, 10, 1)), "2026-Q4": (date(2026, 10, 1), date(2027, 1, 1))}
    frame = pl.DataFrame({"Who": ["Ann", "Bo"], "2026-Q3": [100.0, None], "2026-Q4": [200.0, 50.0]})
    shown = Table("won_amount", "owner", periods, frame, {})
    assert changed_goals(shown, frame, "Di") == []
    edited = pl.DataFrame({"Who": ["Ann", "Bo"], "2026-Q3": [100.0, 70.5], "2026-Q4": [None, 50.0]})
    changed = changed_goals(shown, edited, "Di")
    assert [(item.scope_value, item.period_start, item.value_before, item.value) for item in changed] == [
        ("Ann", date(2026, 10, 1), Decimal("200.0"), None),
        ("Bo", date(2026, 7, 1), None, Decimal("70.5")),
    ]
    assert {item.set_by for item in changed} == {"Di"}
    company = Table("won_amount", "company", periods, frame.head(1).with_columns(Who=pl.lit("The company")), {})
    (one,) = changed_goals(company, company.frame.with_columns(pl.lit(9.0).alias("2026-Q3")), "Di")
    assert (one.scope, one.scope_value, one.value) == ("company", None, 9)


def test_stages_that_no_export_records_are_dashes_with_the_reason(little: Little) -> None:
    little(
        deals=[won(1, 100, "2026-03-01"), deal(2, 100)],
        leads=[lead(1, created="2025-09-01", deal=1, ConvertedDate="2026-01-20")],
        goals=[goal("won_amount", 10_000)],
    )
    page = fresh(PAGE, period="2026-Q2", goals_section="What is left")
    tree = next(frame.value for frame in page.dataframe if "How many" in frame.value.columns)
    notes = dict(zip(tree["Needed"], tree["Note"], strict=True))
    assert notes["MQL"] == notes["SAL"] == notes["SQL"] == "not recorded in the exports"
    assert "Fewer than four past periods are recorded" in texts(page)
