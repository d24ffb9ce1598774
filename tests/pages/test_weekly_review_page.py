"""The weekly review: the landing page, read top to bottom, frozen, and opened again by its link."""

from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pages.meet.review.opened import choices_of
from queries import run
from reports.asking import plain_ask
from reports.diagnosis import QUESTIONS, diagnose
from store import open_store
from store.kpis import Pick, set_picks
from store.reviews import frozen_reviews
from tests.conftest import PROJECT
from tests.pages.test_pages import app, fresh, texts, with_sample  # noqa: F401
from tests.plants import END

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


@pytest.mark.usefixtures("with_sample")
def test_what_stands_out_opens_where_it_is_counted() -> None:
    found = diagnose(plain_ask(), as_of=plain_ask()("freshness")["newest_date"][0])
    # Of each question a unit that may stand out: what is told in a company of this size is up to chance.
    asked = found.filter(pl.col("unit") != "").unique("question", keep="first", maintain_order=True)
    assert asked["question"].to_list() == [question.name for question in QUESTIONS]
    for row in asked.iter_rows(named=True):
        choices = choices_of(row["question"], row["unit"], END)
        page = fresh(f"measure/{row['page']}", **choices)
        assert not page.error
        assert "was left out" not in texts(page), row
        # What the page knows it keeps; anything else falls out of its choices.
        kept = {name: page.session_state[name] for name in choices if name != "as_of"}
        assert {name: value[0] if isinstance(value, list) else value for name, value in kept.items()} == {
            name: value for name, value in choices.items() if name != "as_of"
        }, row
