"""Every page over companies whose exports hold little, or odd things: each says what it can, and none breaks."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import PROJECT, Little, forget_caches
from tests.little import Row, campaign, deal, goal, lead, lost, member, won

PAGES = (
    "measure/funnel_coverage",
    "measure/lead_to_close",
    "measure/shared_goals",
    "measure/campaigns",
    "data/imports",
)
PERIODS = ("2026-Q2", "All time")
BRL = {"CurrencyIsoCode": "BRL"}


def without(name: str, row: Row) -> Row:
    """Return a row of an export that lacks a column."""
    return {key: value for key, value in row.items() if key != name}


COMPANIES: dict[str, dict[str, list[Row]]] = {
    "leads alone": {"leads": [lead(1)]},
    "leads without a date": {"leads": [lead(1, created="")], "deals": [deal(1)]},
    "open deals and goals": {
        "deals": [deal(1)],
        "goals": [goal("won_amount", 1000), goal("won_amount", 500, scope="owner", scope_value="Ann")],
    },
    "deals without a creation date, all due later": {"deals": [without("CreatedDate", deal(1, modified="2026-04-03"))]},
    "a goal of 0": {"deals": [deal(1), won(2)], "goals": [goal("won_amount", 0)]},
    "a goal below 0": {"deals": [deal(1), won(2)], "goals": [goal("won_amount", -5)]},
    "a goal without a value": {"deals": [deal(1), won(2)], "goals": [goal("won_amount", "")]},
    "a goal in a currency without a rate": {
        "deals": [deal(1), won(2)],
        "goals": [goal("won_amount", 500, currency="BRL")],
    },
    "goals alone": {"goals": [goal("won_amount", 100), goal("mql_count", 100)]},
    "campaigns alone": {"campaigns": [campaign(1, "A", 100)]},
    "one touch": {"campaigns": [campaign(1, "A")], "members": [member(1, 1, 1, "2026-02-01")], "leads": [lead(1)]},
    "no amounts": {
        "deals": [deal(1, ""), won(2, ""), lost(3, "")],
        "leads": [lead(1, deal=2)],
        "campaigns": [campaign(1, "A", 100)],
        "members": [member(1, 1, 1, "2026-02-01")],
        "goals": [goal("won_amount", 1000), goal("won_count", 4)],
    },
    "no close dates": {"deals": [deal(1, close=""), won(2, close="")], "leads": [lead(1, deal=2)]},
    "won in a currency without a rate": {
        "deals": [won(1, 9000, **BRL), deal(2, 9000, **BRL)],
        "goals": [goal("won_amount", 1000)],
    },
    "stages of unknown meaning": {
        "deals": [without("IsClosed", without("IsWon", deal(1, StageName="Foo")))],
        "goals": [goal("won_amount", 1000)],
    },
    "amounts below 0": {"deals": [deal(1, -5), won(2, -10)], "goals": [goal("won_amount", 1000)]},
    "spending alone": {"costs": [{"month": "2026-01", "department": "Marketing", "amount": 5}]},
}


def opened(period: str, **choices: str) -> AppTest:
    """Open this test's home in a period."""
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    for name, value in {"period": period, **choices}.items():
        app.query_params[name] = value
    app.run()
    return app


def visit(path: str, period: str, **choices: str) -> AppTest:
    """Open a page of this test's home in a period, with choices of its own."""
    app = opened(period, **choices)
    app.switch_page(f"pages/{path}.py").run()
    return app


def findings(app: AppTest) -> list[str]:
    """Return the sentences that the page leads with."""
    return [element.value for element in app.markdown if element.value.startswith("#### ")]


def metrics(app: AppTest) -> dict[str, str]:
    """Return the page's numbers by their names."""
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("name", COMPANIES)
def test_no_page_breaks_over_an_odd_company(little: Little, name: str) -> None:
    little(**COMPANIES[name])
    st.cache_resource.clear()
    for period in PERIODS:
        app = opened(period)
        for path in PAGES:
            app.switch_page(f"pages/{path}.py").run()
            assert not app.exception, path
            assert [element.value for element in app.error] == [], path
            for said in findings(app):
                assert "None" not in said, path
                assert "nan" not in said, path


def test_a_goal_where_no_deal_was_ever_decided_says_that_nothing_can_be_judged(little: Little) -> None:
    little(deals=[deal(1)], goals=[goal("won_amount", 1000)])
    st.cache_resource.clear()
    said = findings(visit("measure/funnel_coverage", "2026-Q2"))[0]
    assert "no deal in the exports was ever won or lost" in said


def test_unknown_amounts_are_said_on_the_coverage_page(little: Little) -> None:
    little(deals=[won(1, 9000, **BRL), won(2, 100, CurrencyIsoCode="USD"), deal(3, CurrencyIsoCode="USD")])
    st.cache_resource.clear()
    app = visit("measure/funnel_coverage", "2026-Q2")
    assert any("Of the 2 won, 1 without an amount or a rate" in element.value for element in app.caption)
    app.selectbox(key="pipeline").select("Deals won that add nothing: no amount, or a currency without a rate").run()
    assert any("1 record" in element.value for element in app.markdown)


def test_roi_is_over_the_campaigns_that_have_a_cost(little: Little) -> None:
    little(
        deals=[won(1, 10_000)],
        leads=[lead(1, deal=1)],
        campaigns=[campaign(1, "Free"), campaign(2, "Paid", 100)],
        members=[member(1, 1, 1, "2026-01-01")],
    )
    st.cache_resource.clear()
    app = visit("measure/campaigns", "2026-Q2")
    assert (metrics(app)["Cost"], metrics(app)["ROI"]) == ("$100", "-1.0×")
    assert any("No cost is recorded for 1 of 2 campaigns" in element.value for element in app.caption)


def test_the_pages_under_data_are_reached_where_the_pointer_is_broken(little: Little, home: Path) -> None:
    little(deals=[deal(1)])
    (home / "warehouse" / "current.json").write_text("{")
    st.cache_resource.clear()
    forget_caches()
    app = visit("data/definitions", "2026-Q2")
    assert "pointer" in app.error[0].value
    assert findings(app)  # the page itself stands below the error
    app = visit("data/imports", "2026-Q2")
    assert len(app.error) == 1
    assert [element.value for element in app.title] == ["Import"]
    app = visit("measure/campaigns", "2026-Q2")
    assert len(app.error) == 1
    assert not app.title


@pytest.mark.parametrize(
    "path", ["measure/funnel_coverage", "measure/lead_to_close", "measure/shared_goals", "measure/campaigns"]
)
def test_a_period_without_anything_points_to_one_with_something(little: Little, path: str) -> None:
    little(deals=[won(1, close="2026-01-20", modified="2026-05-02")], leads=[lead(1, created="2025-12-01")])
    app = visit(path, "2026-Q2")
    shown = " ".join(element.value for element in app.info).replace("\\", "")
    assert "Nothing falls in 2026-Q2 (1 Apr 2026 to 30 Jun 2026)" in shown
    assert "The newest quarter with deals is 2026-Q1." in shown
    next(button for button in app.button if button.label == "Show 2026-Q1").click().run()
    assert not app.exception
    assert not [element for element in app.info if "Nothing falls" in element.value]


def test_sources_that_no_export_names_are_dashes_with_the_reason(little: Little) -> None:
    little(deals=[won(1, 500)])
    app = visit("measure/shared_goals", "2026-Q2", goals_section="Marketing's part")
    shown = " ".join(element.value for element in app.caption)
    assert (
        "Dashes, because the exports record no source or no campaign touch to tell by: Sourced: by the source" in shown
    )


def test_campaigns_without_credit_are_dashes_with_the_reason_and_those_to_come_are_counted(little: Little) -> None:
    little(
        deals=[won(1, 500)],
        campaigns=[campaign(1, "A", 100), campaign(2, "B", start="2026-09-01")],
    )
    app = visit("measure/campaigns", "2026-Q2")
    shown = " ".join(element.value for element in app.caption)
    assert "What campaigns won is a dash" in shown
    assert "1 campaign has yet to start on 2 May 2026 and is left out." in shown
    assert (metrics(app)["Won, credited to campaigns"], metrics(app)["ROI"]) == ("–", "–")
    assert metrics(app)["Won, in all"] == "$500"
