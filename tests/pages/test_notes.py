"""Notes on a page's time axes: marked, told, written, changed by one at a time, deleted and brought back."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from store import Annotation, add_annotation, annotations, edit_annotation, open_store
from tests.conftest import forget_caches

SCRIPT = """
from datetime import date, timedelta
import plotly.graph_objects as go
import streamlit as st
from charts.numbers import NumberFormat
from ui.choose import forget_choices
from ui.filters import Company, Filters
from ui.page import Page, hand_over
from ui.records import show_figure

numbers = NumberFormat()
about = Company(date(2026, 11, 16), None, None, numbers, "count", "source_field", "to_go", 30, 5)
owner = tuple(st.session_state.get("_owner") or ()) or None
filters = Filters(date(2026, 11, 16), "2026", date(2026, 1, 1), date(2027, 1, 1), owner=owner)
hand_over(Page(about, filters, "campaigns"))
days = [date(2026, 1, 1) + timedelta(days=number) for number in range(300)]
show_figure(go.Figure(go.Scatter(x=days, y=list(range(300)))), "weeks", "A line that rises over the year")
show_figure(go.Figure(go.Scatter(x=[1, 2], y=[1, 2])), "other", "A line over numbers that are no days")
"""


@pytest.fixture
def app(home: Path) -> AppTest:
    """Return a page with a figure over days and one over numbers, the notes of the first open."""
    st.cache_resource.clear()
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.session_state["notes_weeks"] = True
    return app


def note(text: str, on: date = date(2026, 3, 1), **changes: Any) -> Annotation:
    return add_annotation(open_store(), replace(Annotation(on, text, "Ann"), **changes))


def figure(app: AppTest, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.get("plotly_chart")[number].proto.spec)
    return found


def told(app: AppTest) -> list[str]:
    return [str(element.value).replace("\\", "") for element in app.caption]


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def test_what_is_noted_is_marked_and_told_and_nothing_else_is(app: AppTest) -> None:
    note("A fair in *Köln*")
    note("Before it", date(2025, 12, 31))
    note("Elsewhere", page="shared_goals")
    app.run()
    assert not app.exception
    assert told(app) == ["1 · 1 Mar 2026: A fair in *Köln* (Ann)"]
    assert [mark["text"] for mark in figure(app)["layout"]["annotations"]] == ["1"]
    assert "annotations" not in figure(app, 1)["layout"]


def test_a_note_for_others_than_those_chosen_stays_away(app: AppTest) -> None:
    note("Ann is ill", scope="owner", scope_value="Ann")
    app.session_state["_owner"] = ["Bo"]
    assert told(app.run()) == []
    app.session_state["_owner"] = ["Bo", "Ann"]
    assert told(app.run()) == ["1 · 1 Mar 2026, owner Ann: Ann is ill (Ann)"]


def test_a_note_is_written_changed_deleted_and_brought_back(app: AppTest) -> None:
    note("Older", date(2026, 2, 1))  # its author is offered
    app.run()
    app.date_input(key="note_day_weeks_new").set_value(date(2026, 5, 4))
    app.text_input(key="note_text_weeks_new").set_value("New price list")
    app.selectbox(key="note_author_weeks_new").select("Ann")
    app.checkbox(key="note_here_weeks_new").check()
    press(app, "Keep")
    kept = annotations(open_store())[1]
    assert (kept.day, kept.text, kept.written_by, kept.page) == (date(2026, 5, 4), "New price list", "Ann", "campaigns")
    assert told(app) == ["1 · 1 Feb 2026: Older (Ann)", "2 · 4 May 2026: New price list (Ann)"]
    assert app.session_state["author"] == "Ann"
    app.selectbox(key="note_chosen_weeks").select_index(2).run()
    app.text_input(key=f"note_text_weeks_{kept.id}").set_value("Newer price list")
    press(app, "Keep")
    assert told(app)[1] == "2 · 4 May 2026: Newer price list (Ann, changed by Ann)"
    press(app, "Delete")
    assert len(told(app)) == 1
    press(app, "Undo")
    assert len(told(app)) == 2


def test_who_was_slower_is_told_and_changes_nothing(app: AppTest) -> None:
    read = note("Mine")
    app.run()
    app.selectbox(key="note_chosen_weeks").select_index(1).run()
    app.text_input(key=f"note_text_weeks_{read.id}").set_value("Still mine")
    app.selectbox(key=f"note_author_weeks_{read.id}").select("Ann")
    edit_annotation(open_store(), replace(read, text="Theirs"), "Bo")
    press(app, "Keep")
    assert any("Somebody else changed" in element.value for element in app.error)
    assert [kept.text for kept in annotations(open_store())] == ["Theirs"]


def test_a_note_without_words_is_refused_in_a_sentence(app: AppTest) -> None:
    app.run()
    press(app, "Keep")
    assert [element.value for element in app.error] == ["Say what happened."]
    assert not annotations(open_store())


def test_a_store_that_cannot_be_read_leaves_the_figure(app: AppTest, home: Path) -> None:
    (home / "store").mkdir()
    (home / "store" / "store.sqlite").write_bytes(b"this is no database" * 100)
    forget_caches()
    app.run()
    assert not app.exception
    assert app.error
    assert len(app.get("plotly_chart")) == 2


def test_months_by_name_are_marked_too(app: AppTest) -> None:
    note("A fair", date(2026, 11, 3))
    months = SCRIPT.replace("x=days, y=list(range(300))", 'x=["2026-10", "2026-11"], y=[1, 2]')
    app = AppTest.from_string(months, default_timeout=60).run()
    assert not app.exception
    assert told(app) == ["1 · 3 Nov 2026: A fair (Ann)"]
    assert figure(app)["layout"]["annotations"][0]["x"] == "2026-11"


def test_who_has_signed_in_is_not_asked_for_a_name(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.author.signed_in_name", lambda: "Zoë <b>")
    app.run()
    assert not [box for box in app.selectbox if box.label == "Your name"]
    app.text_input(key="note_text_weeks_new").set_value("New price list")
    press(app, "Keep")
    assert annotations(open_store())[0].written_by == "Zoë <b>"
