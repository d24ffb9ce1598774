"""Huddle, section Season: held against the rhythm planned, minutes over, actions closed, decisions looked back on."""

from datetime import timedelta

import polars as pl
import streamlit as st

from charts.huddles import minutes_by_huddle
from reports.huddle_season import season
from store import open_store
from store.actions import actions
from store.decisions import decisions
from store.huddles import huddles
from store.rhythm import rhythms
from ui.choose import choose
from ui.files import download
from ui.huddles import company_zone, local_now
from ui.messages import show_empty, show_finding
from ui.page import Page, heading
from ui.records import show_figure

_WEEKS = {"13": "13 weeks", "26": "26 weeks", "52": "52 weeks"}
_NAMES = {
    "day": "Day",
    "what": "Held, missed or extra",
    "title": "Title",
    "leader": "Leader",
    "planned_minutes": "Minutes planned",
    "taken_minutes": "Minutes taken",
    "over_minutes": "Minutes over",
}


def draw(page: Page) -> None:
    """Draw the section."""
    weeks = int(choose("Season", _WEEKS, "season_weeks", "13"))
    store, today = open_store(), local_now().date()
    first = today - timedelta(weeks=weeks) + timedelta(days=1)
    found = season(huddles(store), rhythms(store), actions(store), decisions(store), first, today, company_zone())
    show_finding(found.finding)
    if found.days.is_empty():
        show_empty(
            "Nothing was held or planned in this season. Set a rhythm under Agendas and rhythm, and plan a huddle."
        )
        return
    with st.container(horizontal=True):
        st.metric(
            "Held of those planned",
            page.numbers.number(found.held) if found.planned is None else f"{found.held} of {found.planned}",
            border=True,
        )
        st.metric("Minutes over", page.numbers.number(found.minutes_over), border=True)
        st.metric("Actions closed", f"{found.actions_closed} of {found.actions}", border=True)
        st.metric("Decisions looked back on", f"{found.decisions_reviewed} of {found.decisions_due}", border=True)
    with st.container(border=True):
        heading("How long huddles took", "Minutes; red: over the agenda; ×: planned and not held")
        show_figure(
            minutes_by_huddle(found.days, page.numbers),
            "season",
            "Minutes that each huddle took, and what was over its agenda",
        )
        shown = found.days.drop("id").with_columns(pl.col("taken_minutes", "over_minutes").round(1))
        st.dataframe(shown.rename(_NAMES), key="season_table", hide_index=True, width="stretch")
        download(found.days.drop("id"), "season", "huddles_of_the_season")
