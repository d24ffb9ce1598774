"""Huddle, section Agendas and rhythm: what a huddle goes through, with minutes each, and how often people meet."""

from datetime import time
from typing import Any

import polars as pl
import streamlit as st

from charts.numbers import day, plural
from reports.huddle_season import next_moment
from reports.moments import moment_words
from store import open_store
from store.agendas import KINDS, Agenda, AgendaItem, agendas, delete_agenda, save_agenda
from store.rhythm import Rhythm, rhythms, set_rhythm
from store.writing import now
from ui.author import ask_author
from ui.huddles import company_zone, local_now
from ui.messages import plain, show_finding
from ui.page import Page, heading
from ui.writing import keep_as, show_said

KIND_WORDS = {
    "wins": "Wins: deals won since the last huddle",
    "kpis": "KPIs of each team",
    "changes": "What changed since the last huddle",
    "bottlenecks": "Bottlenecks: the weakest steps",
    "feedback": "What customers said",
    "decisions": "Decisions, and those to look back on",
    "actions": "Open and new actions",
    "parking": "Parking lot: lines only",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NEW = "A new agenda"


def draw(_page: Page) -> None:
    """Draw the section."""
    kept = rhythms(open_store())
    show_finding(_finding(list(kept)))
    show_said()
    _rhythm(list(kept))
    _agenda()


def _finding(kept: list[Rhythm]) -> str:
    if not kept:
        return "No rhythm is set: meetings help when they are short and regular, so say how often."
    newest = kept[-1]
    every = "every week" if newest.every_weeks == 1 else f"every {newest.every_weeks} weeks"
    following = next_moment(kept, now(), company_zone())
    text = f"Huddles are planned {every} on {_WEEKDAYS[newest.weekday]} at {newest.at}, from {day(newest.first_day)} on"
    return f"{text}; the next one falls on {moment_words(following, company_zone())}." if following else f"{text}."


def _rhythm(kept: list[Rhythm]) -> None:
    with st.container(border=True):
        heading("Rhythm", f"How often people mean to meet, by the company's clock ({company_zone()})")
        newest = kept[-1] if kept else None
        with st.form("rhythm", border=False):
            left, middle, right = st.columns(3)
            left.number_input("Every … weeks", 1, 8, newest.every_weeks if newest else 1, key="rhythm_weeks")
            middle.selectbox(
                "Weekday",
                range(7),
                newest.weekday if newest else 0,
                format_func=lambda place: _WEEKDAYS[place],
                key="rhythm_day",
            )
            right.time_input(
                "Time", time.fromisoformat(newest.at) if newest else time(9, 30), key="rhythm_time", step=300
            )
            st.date_input(
                "From", local_now().date(), key="rhythm_from", help="Earlier weeks keep the rhythm that they had"
            )
            ask_author("rhythm_by")
            st.form_submit_button("Set the rhythm", icon=":material/event_repeat:", on_click=_keep_rhythm)


def _keep_rhythm() -> None:
    of = st.session_state
    rhythm = Rhythm(of["rhythm_from"], int(of["rhythm_weeks"]), of["rhythm_day"], f"{of['rhythm_time']:%H:%M}")
    keep_as("rhythm_by", lambda by: set_rhythm(open_store(), rhythm, by), "The rhythm is set.")


def _agenda() -> None:
    kinds = {agenda.name: agenda for agenda in agendas(open_store())}
    with st.container(border=True):
        heading("Agendas", "What a huddle goes through, in this order, with minutes each")
        name = st.selectbox("Agenda", [*kinds, _NEW], key="agenda_chosen")
        chosen = kinds.get(name)
        like = chosen or next(iter(kinds.values()))
        key = f"{chosen.id or 'usual'}_{chosen.version or 0}" if chosen else "new"
        st.text_input("Its name", value=chosen.name if chosen else "", key=f"agenda_name_{key}", max_chars=80)
        frame = pl.DataFrame(
            {
                "shows": [KIND_WORDS[item.kind] for item in like.items],
                "title": [item.title for item in like.items],
                "minutes": [item.minutes for item in like.items],
            }
        )
        edited = st.data_editor(
            frame,
            key=f"agenda_items_{key}",
            num_rows="dynamic",
            hide_index=True,
            column_config={
                "shows": st.column_config.SelectboxColumn("Shows", options=list(KIND_WORDS.values()), required=True),
                "title": st.column_config.TextColumn("Title", required=True, max_chars=120),
                "minutes": st.column_config.NumberColumn("Minutes", min_value=1, max_value=120, step=1, required=True),
            },
        )
        total = int(edited["minutes"].drop_nulls().sum())
        st.caption(f"{total} {plural(total, 'minute')} in all")
        ask_author("agenda_by")
        with st.container(horizontal=True):
            st.button(
                "Keep",
                key="agenda_keep",
                icon=":material/save:",
                on_click=_keep_agenda,
                args=(chosen, edited.to_dicts(), key),
            )
            if chosen is not None and chosen.id is not None:
                st.button(
                    "Delete", key="agenda_delete", icon=":material/delete:", on_click=_delete_agenda, args=(chosen,)
                )
        st.caption(plain(f"Items can show: {'; '.join(KIND_WORDS[kind] for kind in KINDS)}."))


def _keep_agenda(chosen: Agenda | None, rows: list[dict[str, Any]], key: str) -> None:
    by_words = {words: kind for kind, words in KIND_WORDS.items()}
    items = tuple(
        AgendaItem(by_words.get(row["shows"] or "", ""), row["title"] or "", int(row["minutes"] or 0)) for row in rows
    )
    agenda = Agenda(
        st.session_state.get(f"agenda_name_{key}") or "",
        items,
        chosen.id if chosen else None,
        chosen.version if chosen else None,
    )
    keep_as("agenda_by", lambda by: save_agenda(open_store(), agenda, by), "The agenda is kept.")


def _delete_agenda(agenda: Agenda) -> None:
    keep_as("agenda_by", lambda by: delete_agenda(open_store(), agenda, by), "The agenda is deleted.")
