"""Keeping the weekly review as it was, opening one that was kept, and handing it out as a file."""

import streamlit as st

from base.pointer import is_version_there
from charts.numbers import day
from reports.freeze import code_version, freeze
from reports.paper import FORM_NAMES, FORMS, write
from reports.review import Review, moment
from reports.review_document import review_document
from store import StoreError, open_store
from store.reviews import FrozenReview, delete_review, frozen_reviews
from ui.author import ask_author, remember_author
from ui.messages import plain, show_error
from ui.page import Page, heading
from ui.share import pinned

_SAID = "_frozen_said"


def leave() -> None:
    """Go back from a frozen review to the live one."""
    st.query_params.pop("review", None)


def show_frozen(kept: FrozenReview, review: Review) -> None:
    """Say that this is a review as it was, of what and when, and what stands behind it."""
    st.info(
        plain(
            f"{kept.title}: frozen on {moment(kept.at)} by {kept.by}. Everything here is as it was shown then, also the deals "
            f"behind the figures; later imports change nothing. {review.asked.words}"
        ),
        icon=":material/ac_unit:",
    )
    if not is_version_there(kept.warehouse):
        st.warning(
            "The warehouse that it was computed from is gone: the lists of deals on this page are kept, what else the other "
            "pages showed then is not.",
            icon=":material/link_off:",
        )
    with st.expander("What it was computed from"):
        same = "the same as now" if kept.code_version == code_version() else "another than now"
        st.markdown(
            plain(
                f"Warehouse {kept.warehouse or 'none'}; goals {kept.goals_hash}; settings {kept.settings_hash}; code "
                f"{kept.code_version} ({same})."
            )
        )
    st.button("Show this week", icon=":material/today:", on_click=leave)


def show_freeze(page: Page, review: Review) -> None:
    """Offer to freeze the review, and list what was frozen."""
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said), icon=":material/ac_unit:")
    with st.container(border=True):
        heading("Frozen reviews", "What was shown is kept; later imports change nothing of it")
        with st.form("review_freeze", border=False):
            title = st.text_input("Title", f"Week to {day(review.asked.as_of)}", max_chars=120)
            by = ask_author("review_freeze_by")
            pressed = st.form_submit_button("Freeze this review", icon=":material/ac_unit:")
        if pressed:
            try:
                freeze(open_store(), review, title, pinned(page.filters), by)
            except StoreError as error:
                show_error(error)
                return
            remember_author(by)
            st.session_state[_SAID] = f"{title} is kept."
            st.rerun()
        for kept in frozen_reviews(open_store()):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    plain(f"{kept.title} (as of {day(kept.as_of)}, frozen by {kept.by} on {day(kept.at.date())})")
                )
                st.page_link(
                    "pages/meet/weekly_review.py",
                    label="Open",
                    query_params={"review": kept.id},
                    icon=":material/open_in_new:",
                )
                st.button("Delete", key=f"review_drop_{kept.id}", on_click=_drop, args=(kept,))


def _drop(kept: FrozenReview) -> None:
    try:
        delete_review(open_store(), kept.id, kept.version, st.session_state.get("author") or kept.by)
    except StoreError as error:
        st.session_state[_SAID] = error.message
        return
    st.session_state[_SAID] = f"{kept.title} was deleted; the list of changes brings it back."


def show_exports(review: Review, title: str) -> None:
    """Offer the review as a file of each form; it is made when its button is pressed."""
    document = review_document(review, title)
    with st.container(border=True):
        heading("Hand it out", "The same sentences and figures, as they are here")
        with st.container(horizontal=True):
            for form, name in FORM_NAMES.items():
                ending, kind = FORMS[form]
                st.download_button(
                    name,
                    data=lambda form=form: write(document, form),  # type: ignore[misc]
                    file_name=f"weekly-review-{review.asked.as_of.isoformat()}.{ending}",
                    mime=kind,
                    key=f"review_as_{form}",
                    icon=":material/download:",
                    on_click="ignore",
                )
