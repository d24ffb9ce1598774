"""Huddle, section Meet: the one that is on, the next ones, a new one, and the notes of those that were held."""

from collections.abc import Sequence
from datetime import date, time, timedelta

import streamlit as st

from charts.numbers import day, plural
from pages.meet.huddles.notes import show_notes
from reports.huddle_papers import end_and_write
from reports.huddle_season import next_moment
from reports.moments import local, moment_words
from store import authors, open_store
from store.actions import open_actions
from store.agendas import agendas
from store.decisions import decisions_due
from store.huddles import HuddleState, PlannedHuddle, delete_huddle, huddles, plan_huddle
from store.rhythm import rhythms
from store.writing import now
from ui.author import ask_author
from ui.huddles import as_kept, company_zone, filter_query, local_now, room_link, whole_room_link
from ui.messages import plain, show_empty, show_finding
from ui.page import Page, heading
from ui.writing import keep_as, show_said

_LISTED = 5


def draw(page: Page) -> None:
    """Draw the section."""
    every = huddles(open_store())
    asked = st.query_params.get("huddle")
    show_finding(_finding(every))
    show_said()
    named = next((state for state in every if state.id == asked), None)
    if asked and named is None:
        show_empty("The link's huddle is not here: it was deleted, or the link is of another home.")
    waiting = [state for state in every if state.ended_at is None]
    shown = [named] if named is not None and named.ended_at is None else []
    shown += [
        state for state in sorted(waiting, key=lambda item: (not item.is_on, item.planned_at)) if state not in shown
    ]
    for state in shown[:_LISTED]:
        _show_huddle(state)
    _plan(page, every)
    held = [state for state in every if state.ended_at is not None]
    if held:
        _show_held(held, asked)


def _finding(states: Sequence[HuddleState]) -> str:
    on = next((state for state in states if state.is_on), None)
    zone = company_zone()
    if on is not None:
        return f"{on.title} is on, led by {on.leader}: join it."
    coming = [state for state in states if state.begun_at is None]
    store = open_store()
    actions, due = len(open_actions(store)), len(decisions_due(store, local_now().date()))
    back = (
        f"{actions} open {plural(actions, 'action')} and {due} {plural(due, 'decision')} to look back on come back in it."
        if actions or due
        else "Nothing waits from before."
    )
    if coming:
        first = min(coming, key=lambda state: state.planned_at)
        return f"The next huddle is planned for {moment_words(first.planned_at, zone)}, led by {first.leader}. {back}"
    if not states:
        return "No huddle yet: plan the first one; its agenda takes 25 minutes."
    return f"No huddle is planned. {back}"


def _show_huddle(state: HuddleState) -> None:
    """Show a huddle that has not ended, with the way into its room."""
    zone = company_zone()
    with st.container(border=True):
        minutes = state.planned_seconds // 60
        heading(
            plain(state.title),
            plain(
                f"{'On since ' + moment_words(state.begun_at, zone) if state.begun_at else moment_words(state.planned_at, zone)}"
                f" · led by {state.leader} · {minutes} minutes"
            ),
        )
        if state.attendees:
            st.markdown(plain(f"With {', '.join(state.attendees)}"))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.link_button(
                "Join" if state.is_on else "Open the room",
                room_link(state.id),
                type="primary",
                icon=":material/groups:",
            )
            if state.is_on:
                with st.popover("End it", icon=":material/stop_circle:"):
                    st.markdown("The notes are written, and what is open comes back in the next huddle.")
                    ask_author(f"end_by_{state.id}")
                    st.button("End", key=f"end_{state.id}", on_click=_end, args=(state.id,), type="primary")
            else:
                with st.popover("Call it off", icon=":material/event_busy:"):
                    ask_author(f"off_by_{state.id}")
                    st.button("Call it off", key=f"off_{state.id}", on_click=_call_off, args=(state,))
        st.caption("The link for who joins from elsewhere, also later on:")
        st.code(whole_room_link(state.id), language=None)


def _end(huddle_id: str) -> None:
    keep_as(
        f"end_by_{huddle_id}",
        lambda by: end_and_write(open_store(), huddle_id, by),
        "Ended, and the notes are written.",
    )


def _call_off(state: HuddleState) -> None:
    keep_as(
        f"off_by_{state.id}", lambda by: delete_huddle(open_store(), state.id, state.version, by), "It is called off."
    )


def _plan(page: Page, states: Sequence[HuddleState]) -> None:
    """Offer to plan a huddle: like the last one, at the next moment of the rhythm."""
    last = states[0] if states else None
    zone = company_zone()
    latest = max([now(), *(state.planned_at for state in states)])
    following = next_moment(rhythms(open_store()), latest, zone)
    at = local(following, zone) if following else local_now() + timedelta(days=7 if last else 0)
    clock = at.time().replace(second=0, microsecond=0)
    kinds = {agenda.name: agenda for agenda in agendas(open_store())}
    known = list(
        dict.fromkeys([*(last.attendees if last else ()), *([last.leader] if last else []), *authors(open_store())])
    )
    with (
        st.expander("Plan a huddle", icon=":material/event:", expanded=not states),
        st.form("plan_huddle", border=False),
    ):
        st.text_input("Title", value=last.title if last else "Sales and marketing", key="plan_title", max_chars=120)
        left, right = st.columns(2)
        left.selectbox(
            "Leader",
            known,
            index=known.index(last.leader) if last else None,
            key="plan_leader",
            accept_new_options=True,
            placeholder="Who keeps it on track",
        )
        right.selectbox("Agenda", list(kinds), key="plan_agenda")
        st.multiselect(
            "Who is there",
            known,
            default=list(last.attendees) if last else [],
            key="plan_attendees",
            accept_new_options=True,
            placeholder="Names; more can join by the link",
        )
        left, right = st.columns(2)
        left.date_input("Day", value=at.date(), key="plan_day")
        right.time_input("Time", value=clock, key="plan_time", step=300, help=f"The company's clock, {zone}")
        ask_author("plan_by")
        if page.filters.is_narrowed:
            st.caption("Its numbers will obey the filters that are chosen now.")
        st.form_submit_button(
            "Plan it", icon=":material/event_available:", on_click=_keep_plan, args=(filter_query(page.filters),)
        )


def _keep_plan(query: str) -> None:
    of = st.session_state
    kinds = {agenda.name: agenda for agenda in agendas(open_store())}
    on, at = of.get("plan_day"), of.get("plan_time")
    agenda = kinds.get(of.get("plan_agenda") or "")
    plan = PlannedHuddle(
        title=of.get("plan_title") or "",
        leader=of.get("plan_leader") or "",
        attendees=tuple(of.get("plan_attendees") or ()),
        planned_at=as_kept(
            on if isinstance(on, date) else local_now().date(), at if isinstance(at, time) else time(9, 0)
        ),
        items=agenda.items if agenda else (),
        query=query,
    )
    keep_as("plan_by", lambda by: plan_huddle(open_store(), plan, by), "It is planned.")


def _show_held(held: list[HuddleState], asked: str | None) -> None:
    """Show the notes of a huddle that was held: the link's, the newest, or another."""
    zone = company_zone()
    with st.container(border=True):
        heading("Notes", "What was said, decided and taken on, as it was written when the huddle ended")
        words = {
            state.id: f"{day(local(state.begun_at or state.planned_at, zone).date())}: {state.title}" for state in held
        }
        ids = list(words)
        chosen = st.selectbox(
            "Which huddle",
            ids,
            index=ids.index(asked) if asked in words else 0,
            format_func=lambda item: words[item],
            key="notes_of",
        )
        show_notes(next(state for state in held if state.id == chosen))
