"""What stands on every page: a link that pins everything, filters taken away, saved views, the first visit."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from base.pointer import read_pointer
from queries import run
from store import open_store, save_view, saved_views
from tests.conftest import PROJECT, forget_caches
from ui import first_visit, share

MEASURE = ("funnel_coverage", "lead_to_close", "shared_goals", "campaigns")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what the row above the page hands to the browser: the link, and what is left without filters."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(share, "copy_link", lambda query: kept.update(link=query))
    monkeypatch.setattr(share, "open_places", lambda places, _: kept.update(places=list(places)))
    monkeypatch.setattr(
        share, "clear_filters", lambda query, *, is_needed: kept.update(cleared=query, is_needed=is_needed)
    )
    return kept


@pytest.fixture
def app(home: Path, sample_home: Path) -> AppTest:
    """Return the dashboard over a copy of the small sample, its popover open."""
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    forget_caches()
    st.cache_resource.clear()
    return AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)


def visit(app: AppTest, page: str, *, is_open: bool = True, **params: Any) -> AppTest:
    """Open a page by a link, and the popover above it."""
    for name, value in params.items():
        app.query_params[name] = value
    app.switch_page(f"pages/measure/{page}.py").run()
    if is_open:
        app.session_state["share"] = True
        app.run()
    assert not app.exception
    assert not app.error
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


class TestLink:
    """The link to what is shown."""

    def test_the_link_spells_out_the_day_and_the_period(self, app: AppTest, said: dict[str, Any]) -> None:
        visit(app, "funnel_coverage")
        pinned = dict(parse_qsl(said["link"]))
        assert (pinned["as_of"], pinned["period"]) == ("2026-11-16", "2026-Q4")
        assert "segment" not in pinned  # nothing chosen is nothing to pin

    def test_the_link_keeps_every_value_of_a_filter_and_what_is_chosen_on_the_page(
        self, app: AppTest, said: dict[str, Any]
    ) -> None:
        visit(app, "funnel_coverage", segment=["Small", "Enterprise"], period="Last quarter", as_of="2026-10-02")
        pinned = parse_qsl(said["link"])
        assert [value for key, value in pinned if key == "segment"] == ["Small", "Enterprise"]
        assert dict(pinned)["as_of"] == "2026-10-02"
        assert dict(pinned)["period"] == "2026-Q3"
        assert ("coverage_section", "Now") in pinned  # by default, and so not in the address

    @pytest.mark.parametrize(
        ("period", "lasting"),
        [
            ("All time", "All time"),
            ("This year", "2026"),
            ("Last 4 quarters", "Last 4 quarters"),
            ("2025-07", "2025-07"),
        ],
    )
    def test_a_period_is_named_so_that_it_stays(
        self, app: AppTest, said: dict[str, Any], period: str, lasting: str
    ) -> None:
        visit(app, "lead_to_close", period=period)
        assert dict(parse_qsl(said["link"]))["period"] == lasting

    @pytest.mark.parametrize("page", MEASURE)
    def test_what_the_link_opens_is_what_was_shown(self, app: AppTest, said: dict[str, Any], page: str) -> None:
        visit(app, page, segment="Small", period="This year")
        shown = [metric.value for metric in app.metric]
        linked = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
        params: dict[str, list[str]] = {}
        for key, value in parse_qsl(said["link"]):
            params.setdefault(key, []).append(value)
        visit(linked, page, is_open=False, **params)
        assert [metric.value for metric in linked.metric] == shown
        assert "Showing 2026 (1 Jan 2026 to 31 Dec 2026)" in linked.caption[0].value

    def test_clearing_leaves_what_is_chosen_on_the_page(self, app: AppTest, said: dict[str, Any]) -> None:
        visit(app, "funnel_coverage", is_open=False)
        assert said["is_needed"] is False
        app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
        chosen = "Open deals due in the period"
        visit(app, "funnel_coverage", is_open=False, segment="Small", pipeline=chosen)
        assert app.selectbox(key="pipeline").value == chosen
        assert said["is_needed"] is True
        assert parse_qsl(said["cleared"]) == [("pipeline", "Open deals due in the period")]


class TestViews:
    """Views kept by name."""

    def test_a_view_is_saved_and_listed(self, app: AppTest, said: dict[str, Any]) -> None:
        save_view(open_store(), "Z", "campaigns", "", "Ann Lee")
        visit(app, "campaigns", region="West")
        app.text_input(key="view_name").set_value("West")
        app.selectbox(key="view_author").select("Ann Lee")  # who wrote before is offered
        press(app, "Save")
        view = saved_views(open_store())[0]
        assert (view.name, view.page, view.saved_by) == ("West", "campaigns", "Ann Lee")
        assert ("region", "West") in parse_qsl(view.query)
        assert [(place["name"], place["page"]) for place in said["places"]] == [
            ("West", "campaigns"),
            ("Z", "campaigns"),
        ]
        assert any("Kept: West." in element.value.replace("\\", "") for element in app.success)
        assert app.session_state["author"] == "Ann Lee"  # the other forms need not ask again

    def test_a_view_without_a_name_or_an_author_is_refused_in_a_sentence(self, app: AppTest) -> None:
        visit(app, "campaigns")
        press(app, "Save")
        assert [element.value for element in app.error] == ["Give it a name."]
        app.text_input(key="view_name").set_value("West")
        press(app, "Save")
        assert [element.value for element in app.error] == ["Say who saves it."]
        assert not saved_views(open_store())

    def test_a_view_is_renamed_deleted_and_brought_back(self, app: AppTest) -> None:
        save_view(open_store(), "West", "campaigns", "region=West", "Ann")
        visit(app, "lead_to_close")
        app.selectbox(key="view_chosen").select("West").run()
        next(box for box in app.text_input if box.label == "Its new name").set_value("Wild West").run()
        press(app, "Rename")
        assert [view.name for view in saved_views(open_store())] == ["Wild West"]
        app.selectbox(key="view_chosen").select("Wild West").run()
        press(app, "Delete")
        assert not saved_views(open_store())
        press(app, "Undo")
        assert [view.name for view in saved_views(open_store())] == ["Wild West"]


def test_the_first_visit_offers_the_sample_and_loads_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_visit, "_SCALE", 0.05)
    st.cache_resource.clear()
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=120).run()
    assert not app.exception
    assert "Nothing was imported yet." in app.info[0].value
    assert read_pointer() is None
    press(app, "Load the sample")
    assert read_pointer() is not None
    assert run("freshness")["newest_date"][0] == date(2026, 11, 16)
    assert run("filter_values").filter(pl.col("filter") == "segment").height > 1
    assert "Showing 2026-Q4" in app.caption[0].value


def test_a_sample_that_cannot_be_made_is_a_sentence(home: Path) -> None:
    (home / "sample").mkdir()
    (home / "sample" / "mine.txt").write_text("not a sample")
    st.cache_resource.clear()
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60).run()
    press(app, "Load the sample")
    assert "The sample cannot be made" in app.error[0].value
    assert (home / "sample" / "mine.txt").exists()
    assert read_pointer() is None
