"""The KPI page: its sections, picks that are refused and kept, and numbers that are those of the other pages."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from queries import run
from store import open_store
from store.kpis import Pick, baselines, picks, set_picks
from tests.pages.test_pages import app, fresh, said, texts, with_sample  # noqa: F401

PAGE = "measure/kpis"
PICKS = ("lead_count", "won_count", "win_rate")
WEEK = {"period_start": "2026-11-09", "period_end": "2026-11-16", "as_of": "2026-11-16"}


def picked(*metrics: str) -> None:
    set_picks(open_store(), "marketing", [Pick(name, "We would call", "Ann") for name in metrics], "Ann", {})


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


@pytest.mark.usefixtures("with_sample")
class TestSample:
    @pytest.mark.parametrize("section", ["What we watch", "Pick KPIs", "All metrics", "Own series"])
    @pytest.mark.parametrize("filters", [{}, {"segment": "Small", "as_of": "2026-03-01"}])
    def test_each_section_bears_filters(self, section: str, filters: dict[str, Any]) -> None:
        picked(*PICKS)
        page = fresh(PAGE, kpis_section=section, **filters)
        assert not page.error
        assert "None" not in texts(page)
        assert len(page.metric) == 3

    def test_nothing_picked_says_what_to_do(self) -> None:
        page = fresh(PAGE)
        assert "has picked no KPIs yet" in texts(page)

    @pytest.mark.parametrize("number", [2, 6])
    def test_two_and_six_are_refused_with_the_reason(self, number: int) -> None:
        names = ["lead_count", "mql_count", "won_amount", "win_rate", "sql_count", "lost_count"][:number]
        page = fresh(PAGE, kpis_section="Pick KPIs")
        page.multiselect(key="kpi_chosen_marketing").set_value(names).run()
        press(page, "Keep these KPIs")
        assert "Pick three to five" in page.error[0].value
        assert not picks(open_store(), "marketing")

    def test_three_are_kept_with_why_owner_band_and_locked_limits(self) -> None:
        set_picks(open_store(), "sales", [Pick(name, "why", "Ann") for name in PICKS], "Ann", {})
        page = fresh(PAGE, kpis_section="Pick KPIs")
        page.multiselect(key="kpi_chosen_marketing").set_value(list(PICKS)).run()
        for name in PICKS:
            page.text_input(key=f"kpi_why_{name}").set_value("We would call them sooner")
            page.text_input(key=f"kpi_owner_{name}").set_value("Ann")
        page.number_input(key="kpi_band_from_win_rate").set_value(20.0)
        page.selectbox(key="kpi_picks_by").select("Ann")
        press(page, "Keep these KPIs")
        assert not page.error, page.error[0].value
        kept = picks(open_store(), "marketing")
        assert [pick.metric for pick in kept] == list(PICKS)
        assert str(kept[2].band_low) == "0.2000"
        assert len(baselines(open_store(), [pick.id for pick in kept if pick.id])) == 3

    def test_a_card_is_the_other_pages_number(self) -> None:
        picked(*PICKS)
        page = fresh(PAGE, as_of="2026-11-16")
        cards = {metric.label: metric.value for metric in page.metric}
        leads = run("lead_records", WEEK)
        assert cards["Leads created"] == str(leads.height)
        won = run("outcome_records", {**WEEK, "outcome": "won"})
        assert cards["Deals won"] == str(won.height)
        assert f"Leads created: {leads.height} records" in texts(page)
