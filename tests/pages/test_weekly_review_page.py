"""The weekly review: the landing page, read top to bottom, frozen, and opened again by its link."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from queries import run
from store import open_store
from store.kpis import Pick, set_picks
from store.reviews import frozen_reviews
from tests.conftest import PROJECT
from tests.pages.test_pages import app, fresh, texts, with_sample  # noqa: F401

PAGE = "meet/weekly_review"


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


@pytest.mark.usefixtures("with_sample")
class TestSample:
    def test_it_is_what_the_bare_address_shows(self) -> None:
        page = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60).run()
        assert page.title[0].value == "Weekly review"
        assert not page.error

    @pytest.mark.parametrize(
        "filters",
        [
            {"period": "All time"},
            {"segment": "Small", "as_of": "2026-02-10"},
            {"source": ["Webinar"]},
            {"period": "Next quarter"},
        ],
    )
    def test_it_bears_filters(self, filters: dict[str, Any]) -> None:
        set_picks(open_store(), "sales", [Pick(m, "w", "A") for m in ("won_count", "lost_count", "win_rate")], "A", {})
        page = fresh(PAGE, **filters)
        assert not page.error
        assert "None" not in texts(page)
        assert "nan" not in texts(page).replace("finance", "")

    def test_its_numbers_are_those_of_the_queries_and_open(self) -> None:
        page = fresh(PAGE, as_of="2026-11-16", period="2026-Q4")
        week = {"as_of": "2026-11-16", "period_start": "2026-11-10", "period_end": "2026-11-17"}
        won = run("outcome_records", {**week, "outcome": "won"})
        cards = [(metric.label, metric.value) for metric in page.metric]
        assert ("Won", str(won.height)) in cards
        page.selectbox(key="review_deals").select("Won").run()
        assert f"Won: {won.height} deal" in texts(page)

    def test_a_frozen_review_has_a_link_that_works(self) -> None:
        set_picks(open_store(), "sales", [Pick(m, "w", "A") for m in ("won_count", "lost_count", "win_rate")], "A", {})
        page = fresh(PAGE, as_of="2026-11-16", period="2026-Q4")
        finding = next(item.value for item in page.markdown if item.value.startswith("#### "))
        page.selectbox(key="review_freeze_by").select("A")
        press(page, "Freeze this review")
        kept = frozen_reviews(open_store())[0]
        assert kept.by == "A"
        again = fresh(PAGE, review=kept.id)
        assert finding in [item.value for item in again.markdown]
        assert "frozen on" in texts(again)
        lost = fresh(PAGE, review="nothing")
        assert "There is no such review" in lost.error[0].value
