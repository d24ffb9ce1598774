"""The filters that all pages share: what narrows leads, what narrows deals alone, the period beside which they stand."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import app, texts, visit, with_sample  # noqa: F401
from ui.ask import ask
from ui.filters import Filters, _compared

PERIODS = {"period": "2026-Q3", "as_of": "2026-08-20"}


@pytest.fixture
def filters() -> Filters:
    return Filters(date(2026, 8, 20), "2026-Q3", date(2026, 7, 1), date(2026, 10, 1))


@pytest.mark.usefixtures("with_sample")
class TestCompared:
    def test_the_quarter_before_is_seen_as_many_days_before_its_end(self, filters: Filters) -> None:
        before = _compared(filters, "The period before")
        assert before is not None
        assert (before.period, before.period_start, before.period_end) == (
            "2026-Q2",
            date(2026, 4, 1),
            date(2026, 7, 1),
        )
        assert before.as_of == date(2026, 5, 20)  # 42 days before 1 July, as 20 August is before 1 October

    def test_a_year_before_is_the_same_quarter(self, filters: Filters) -> None:
        before = _compared(filters, "A year before")
        assert before is not None
        assert (before.period, before.as_of) == ("2025-Q3", date(2025, 8, 20))

    def test_all_time_has_nothing_beside_it(self, filters: Filters) -> None:
        whole = Filters(filters.as_of, "All time", None, None)
        assert _compared(whole, "The period before") is None

    def test_it_is_said_above_the_page(self, app: AppTest) -> None:  # noqa: F811
        visit(app, "measure/funnel_coverage", compare="The period before", **PERIODS)
        assert "beside 2026-Q2 as of 20 May 2026" in texts(app)


@pytest.mark.usefixtures("with_sample")
def test_a_product_narrows_deals_and_the_page_says_that_leads_are_not(app: AppTest) -> None:  # noqa: F811
    product = ask("filter_values").filter(filter="product")["value"].drop_nulls()[0]
    visit(app, "measure/lead_to_close", product=product, **PERIODS)
    said = texts(app)
    assert f"product {product}" in said
    assert "A lead names no product: figures about leads are not narrowed by it." in said


@pytest.mark.usefixtures("with_sample")
def test_a_type_of_business_and_a_team_are_filters(app: AppTest) -> None:  # noqa: F811
    visit(app, "measure/funnel_coverage", business_type="new", **PERIODS)
    assert "type of business new" in texts(app)


def test_a_goal_is_that_of_the_one_team_chosen(filters: Filters) -> None:
    of_team = Filters(filters.as_of, "2026-Q3", None, None, team=("North",))
    assert of_team.goal_scope == ("team", "North")
    of_product = Filters(filters.as_of, "2026-Q3", None, None, product=("Core",))
    assert of_product.goal_scope == (None, None)
    of_both = Filters(filters.as_of, "2026-Q3", None, None, team=("North",), owner=("Ann",))
    assert of_both.goal_scope == (None, None)


def test_choices_of_kept_fields_are_told_field_by_field(filters: Filters) -> None:
    told = Filters(filters.as_of, "All time", None, None, custom=("Tier: Gold", "Tier: ", "Plan: A"))
    assert "Tier Gold or no Tier, Plan A" in told.sentence()


@pytest.mark.usefixtures("with_sample")
def test_a_link_with_a_kept_field_that_is_gone_is_no_error(app: AppTest) -> None:  # noqa: F811
    app.query_params["custom: Tier"] = "Gold"
    visit(app, "measure/funnel_coverage", **PERIODS)
    assert not app.exception
