"""Above every page: a link that pins what is shown, the filters taken away, and views kept by name."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from base.errors import SamePageError
from queries import QueryError, period_bounds
from store import (
    View,
    delete_view,
    open_store,
    rename_view,
    restore_view,
    save_view,
    saved_views,
)
from ui.address import Place, clear_filters, copy_link, open_places
from ui.author import ask_author, author_of, remember_author
from ui.choose import choices_drawn
from ui.filters import ALL_TIME, Filters
from ui.messages import plain
from ui.page import shown_page

_FILTER_KEYS = "_filter_keys"
_SAID = "_share_said"
_DELETED = "_view_deleted"


class FilterKeys:
    """Learns which keys the shared filters have: those that appear while they are drawn for the first time."""

    def __enter__(self) -> None:
        """Look before."""
        self.before = set(map(str, st.session_state))

    def __exit__(self, *_: object) -> None:
        """Look after."""
        known: set[str] = st.session_state.get(_FILTER_KEYS, set())
        new = {key for key in map(str, st.session_state) if not key.startswith("_")} - self.before
        st.session_state[_FILTER_KEYS] = known | new


def pinned(filters: Filters) -> str:
    """Return the query string that shows what is shown now, also when newer data is there and other defaults hold.

    The as-of day is spelled out, and the period by its name rather than as "this quarter"; then every other filter, and
    what is chosen on the page.
    """
    keys: set[str] = st.session_state.get(_FILTER_KEYS, set())
    chosen = {key: st.session_state.get(key) for key in (*sorted(keys), *choices_drawn())}
    chosen |= {"as_of": filters.as_of, "period": _lasting_period(filters, str(chosen.get("period")))}
    parts = [(key, text) for key, value in chosen.items() for text in _texts(value)]
    spelled_out = {key for key, _ in parts}
    rest = [(key, value) for key in st.query_params if key not in spelled_out for value in st.query_params.get_all(key)]
    return urlencode([*parts, *rest])


def cleared() -> str:
    """Return the query string without the shared filters: what is chosen on the page stays."""
    keys: set[str] = st.session_state.get(_FILTER_KEYS, set())
    return urlencode(
        [(key, value) for key in st.query_params if key not in keys for value in st.query_params.get_all(key)]
    )


def draw_share(page_path: str) -> None:
    """Draw the row above a page; called when the page has run, so that what was chosen on it is known.

    Parameters
    ----------
    page_path
        The page's address, as views keep it.
    """
    page = shown_page()
    if page is None:
        return
    keys: set[str] = st.session_state.get(_FILTER_KEYS, set())
    with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
        clear_filters(cleared(), is_needed=any(key in keys for key in st.query_params))
        _share(page_path)


@st.fragment
def _share(page_path: str) -> None:
    """Offer the link and the views; what is inside is made only when it is opened."""
    popover = st.popover("Share and views", icon=":material/share:", key="share", on_change="rerun")
    page = shown_page()
    if not popover.open or page is None:
        return
    with popover:
        query = pinned(page.filters)
        st.markdown("**Link to what is shown**")
        st.caption("It keeps the day, the period, every filter and what is chosen on the page.")
        copy_link(query)
        st.markdown("**Saved views**")
        try:
            _show_views(saved_views(open_store()), page_path, query)
        except SamePageError as error:
            st.error(plain(error.message), icon=":material/error:")


def _show_views(views: Iterable[View], page_path: str, query: str) -> None:
    views = list(views)
    if views:
        open_places([_place(view) for view in views], "open_views")
    else:
        st.caption("None yet: a view is a page with its filters and choices, kept under a name for everybody.")
    said: tuple[str, str] | None = st.session_state.pop(_SAID, None)
    if said:
        {"success": st.success, "error": st.error}[said[0]](plain(said[1]))
    deleted: tuple[int, str] | None = st.session_state.get(_DELETED)
    if deleted:
        st.button("Undo", icon=":material/undo:", key="view_undo", on_click=_undo, args=deleted)
    with st.form("save_view", border=True, clear_on_submit=False):
        st.text_input("Save this view as", key="view_name", max_chars=80, placeholder="Its name")
        ask_author("view_author")
        st.form_submit_button("Save", icon=":material/bookmark_add:", on_click=_save, args=(page_path, query))
    if views:
        by_name = {view.name: view for view in views}
        name = st.selectbox(
            "Rename or delete a view", list(by_name), index=None, key="view_chosen", placeholder="Choose here"
        )
        if name in by_name:
            view = by_name[name]
            st.text_input("Its new name", value=view.name, key=f"view_rename_{view.id}", max_chars=80)
            with st.container(horizontal=True):
                st.button("Rename", icon=":material/edit:", key="view_do_rename", on_click=_rename, args=(view,))
                st.button("Delete", icon=":material/delete:", key="view_delete", on_click=_delete, args=(view,))


def _place(view: View) -> Place:
    return Place(
        name=view.name,
        about=f"{view.page.replace('_', ' ').capitalize()}, saved by {view.saved_by}",
        page=view.page,
        query=view.query,
    )


def _save(page_path: str, query: str) -> None:
    name, by = st.session_state["view_name"] or "", author_of("view_author")
    remember_author(by)

    def save() -> str:
        view = save_view(open_store(), name, page_path, query, by)
        st.session_state["view_name"] = ""
        return f"Kept: {view.name}."

    _try(save)


def _rename(view: View) -> None:
    name = st.session_state[f"view_rename_{view.id}"] or ""

    def rename() -> str:
        return f"Renamed: {name}." if rename_view(open_store(), view.id, name) else f"{view.name} was deleted before."

    _try(rename)


def _delete(view: View) -> None:
    def delete() -> str:
        delete_view(open_store(), view.id, author_of("view_author"))
        st.session_state[_DELETED] = (view.id, view.name)
        return f"Deleted: {view.name}."

    _try(delete)


def _undo(view_id: int, name: str) -> None:
    def restore() -> str:
        restore_view(open_store(), view_id)
        st.session_state.pop(_DELETED, None)
        return f"Brought back: {name}."

    _try(restore)


def _try(act: Callable[[], str]) -> None:
    """Do something to the views, and keep what to say of it for the next drawing."""
    try:
        st.session_state[_SAID] = ("success", act())
    except SamePageError as error:
        st.session_state[_SAID] = ("error", error.message)


def _lasting_period(filters: Filters, chosen: str) -> str:
    """Return the chosen period by a name that stays the same; as it is where it has none (four quarters, up to a day)."""
    if filters.period_start is None:
        return ALL_TIME
    with suppress(QueryError):
        if period_bounds(filters.period) == (filters.period_start, filters.period_end):
            return filters.period
    return chosen


def _texts(value: Any) -> Iterable[str]:
    """Return a choice as the address writes it: each of several by itself, nothing for none."""
    if value is None or isinstance(value, Mapping):
        return []
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [value.isoformat() if isinstance(value, date) else str(value)]
