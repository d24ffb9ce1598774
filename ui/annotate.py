"""Annotations on any time axis: marked in the figure, told below it, written and changed there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from base.errors import SamePageError
from charts.annotations import SCHEMA, TimeAxis, annotated, time_axis, within
from charts.numbers import day
from store import (
    Annotation,
    add_annotation,
    annotations,
    delete_annotation,
    edit_annotation,
    open_store,
    restore_annotation,
)
from ui.author import ask_author, author_of, remember_author
from ui.messages import plain
from ui.page import Page, shown_page

_SAID = "_notes_said"
_DELETED = "_note_deleted"
_CHANGED = "_notes_changed"
_SCOPES = ("team", "segment", "region", "owner")
_TOLD = 8  # more would push the records out of sight; all stand in the list that opens


def mark(fig: go.Figure) -> tuple[go.Figure, TimeAxis | None, list[Annotation]]:
    """Return a figure with what people noted on its time axis, the axis, and the notes by their numbers.

    A figure without a time axis comes back as it is, with None. Notes for other filters than those chosen stay away.
    """
    page, axis = shown_page(), time_axis(fig)
    if page is None or axis is None:
        return fig, None, []
    try:
        notes = _concerning(page)
    except SamePageError as error:
        st.error(plain(error.message), icon=":material/error:")
        return fig, None, []
    frame = pl.DataFrame(
        [(note.day, note.text, note.written_by) for note in notes], schema=SCHEMA, orient="row"
    ).with_row_index("place")
    shown = within(frame, axis)
    return annotated(fig, shown, axis), axis, [notes[place] for place in shown["place"]]


def show_notes(axis: TimeAxis, notes: list[Annotation], key: str) -> None:
    """Tell the notes of a figure below it, and offer to write, change and delete them.

    Parameters
    ----------
    axis
        The figure's time axis.
    notes
        What is marked on it, by number.
    key
        The figure's key.
    """
    for number, note in enumerate(notes[:_TOLD], start=1):
        st.caption(plain(f"{number} · {_words(note)}"))
    if len(notes) > _TOLD:
        st.caption(f"And {len(notes) - _TOLD} more: open the notes.")
    _editor(axis, notes, key)


@st.fragment
def _editor(axis: TimeAxis, notes: list[Annotation], key: str) -> None:
    """Offer the form; what is inside is made only when it is opened."""
    if st.session_state.pop(_CHANGED, False):
        st.rerun()  # the figure itself stands outside
    popover = st.popover("Notes", icon=":material/edit_note:", key=f"notes_{key}", on_change="rerun")
    page = shown_page()
    if not popover.open or page is None:
        return
    with popover:
        said: tuple[str, str] | None = st.session_state.pop(_SAID, None)
        if said:
            {"success": st.success, "error": st.error}[said[0]](plain(said[1]))
        deleted: int | None = st.session_state.get(_DELETED)
        if deleted is not None:
            st.button("Undo", icon=":material/undo:", key=f"note_undo_{key}", on_click=_undo, args=(deleted,))
        chosen = st.selectbox(
            "Note",
            [None, *range(len(notes))],
            format_func=lambda place: "A new note" if place is None else f"{place + 1} · {_words(notes[place])}",
            key=f"note_chosen_{key}",
        )
        _form(axis, page, None if chosen is None else notes[chosen], key)


def _form(axis: TimeAxis, page: Page, note: Annotation | None, key: str) -> None:
    """Draw the fields of one note, and what can be done to it."""
    suffix = f"{key}_{note.id if note else 'new'}"
    newest = min(max(page.filters.as_of, axis.first), axis.last)
    scope, value = page.filters.goal_scope
    with st.form(f"note_{suffix}", border=False):
        st.date_input(
            "Day",
            value=note.day if note else newest,
            min_value=min(axis.first, note.day) if note else axis.first,
            max_value=max(axis.last, note.day) if note else axis.last,
            key=f"note_day_{suffix}",
        )
        st.text_input(
            "What happened",
            value=note.text if note else "",
            max_chars=200,
            key=f"note_text_{suffix}",
            placeholder="New price list, a fair, a reorganisation …",
        )
        ask_author(f"note_author_{suffix}")
        if note is None:
            st.checkbox("On this page only", key=f"note_here_{suffix}")
            if scope is not None and value is not None:
                st.checkbox(f"Only for {scope} {plain(value)}", key=f"note_scope_{suffix}")
        st.form_submit_button(
            "Keep", icon=":material/save:", on_click=_keep, args=(note, page.path, scope, value, suffix)
        )
    if note is not None:
        st.button(
            "Delete", icon=":material/delete:", key=f"note_delete_{suffix}", on_click=_delete, args=(note, suffix)
        )


def _keep(note: Annotation | None, path: str, scope: str | None, value: str | None, suffix: str) -> None:
    """Keep what the form says, as a new note or as the next version of one."""
    on, text = (st.session_state.get(f"note_{name}_{suffix}") for name in ("day", "text"))
    by = author_of(f"note_author_{suffix}")
    remember_author(by)
    if not isinstance(on, date):
        st.session_state[_SAID] = ("error", "Say on which day it happened.")
    elif note is None:
        is_narrow = bool(st.session_state.get(f"note_scope_{suffix}"))
        new = Annotation(
            day=on,
            text=text or "",
            written_by=by,
            page=path if st.session_state.get(f"note_here_{suffix}") else None,
            scope=scope if is_narrow else None,
            scope_value=value if is_narrow else None,
        )
        if _try(lambda: add_annotation(open_store(), new), "Kept."):
            st.session_state[f"note_text_{suffix}"] = ""
    else:
        changed = replace(note, day=on, text=text or "")
        _try(lambda: edit_annotation(open_store(), changed, by), "Changed.")


def _delete(note: Annotation, suffix: str) -> None:
    by = author_of(f"note_author_{suffix}")
    if _try(lambda: delete_annotation(open_store(), note, by), "Deleted."):
        st.session_state[_DELETED] = note.id


def _undo(number: int) -> None:
    st.session_state.pop(_DELETED, None)
    _try(lambda: restore_annotation(open_store(), number), "Brought back.")


def _try(act: Callable[[], object], done: str) -> bool:
    """Do something to the notes, and keep what to say of it for the next drawing; return whether it was done."""
    st.session_state[_CHANGED] = True
    try:
        act()
    except SamePageError as error:
        st.session_state[_SAID] = ("error", error.message)
        return False
    st.session_state[_SAID] = ("success", done)
    return True


def _concerning(page: Page) -> list[Annotation]:
    """Return the notes that belong on this page under these filters."""
    chosen = {name: getattr(page.filters, name, None) for name in _SCOPES}
    return [note for note in annotations(open_store()) if note.page in (None, page.path) and note.concerns(chosen)]


def _words(note: Annotation) -> str:
    whom = f", {note.scope} {note.scope_value}" if note.scope else ""
    edited = f", changed by {note.edited_by}" if note.edited_by else ""
    return f"{day(note.day)}{whom}: {note.text} ({note.written_by}{edited})"
