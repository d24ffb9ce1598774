"""Keeping the weekly review as it was, opening one that was kept, and handing it out as a file."""

import streamlit as st

from base.pointer import is_version_there
from charts.numbers import day
from reports.freeze import code_version, freeze
from reports.moments import local, moment_words
from reports.paper import FORM_NAMES, FORMS, write
from reports.review import Review
from reports.review_document import review_document
from store import audit, open_store, undo
from store.reviews import FrozenReview, delete_review, frozen_reviews
from ui.author import ask_author
from ui.huddles import company_zone
from ui.messages import plain
from ui.page import Page, heading
from ui.share import pinned
from ui.writing import keep_as

_DELETED = "_review_deleted"


def leave() -> None:
    """Go back from a frozen review to the live one."""
    st.query_params.pop("review", None)


def show_frozen(kept: FrozenReview, review: Review) -> None:
    """Say that this is a review as it was, of what and when, and what stands behind it."""
    st.info(
        plain(
            f"{kept.title}: frozen on {moment_words(kept.at, company_zone())} by {kept.by}. Everything here is as it was "
            f"shown then, also the deals behind the figures; later imports change nothing. {review.asked.words}"
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
    with st.container(border=True):
        heading("Frozen reviews", "What was shown is kept; later imports change nothing of it")
        with st.form("review_freeze", border=False):
            st.text_input("Title", f"Week to {day(review.asked.as_of)}", max_chars=120, key="review_freeze_title")
            ask_author("review_freeze_by")
            st.form_submit_button(
                "Freeze this review", icon=":material/ac_unit:", on_click=_freeze, args=(review, pinned(page.filters))
            )
        engine = open_store()
        zone = company_zone()
        for kept in frozen_reviews(engine):
            with st.container(horizontal=True, vertical_alignment="center"):
                frozen = day(local(kept.at, zone).date())
                st.markdown(plain(f"{kept.title} (as of {day(kept.as_of)}, frozen by {kept.by} on {frozen})"))
                st.page_link(
                    "pages/meet/weekly_review.py",
                    label="Open",
                    query_params={"review": kept.id},
                    icon=":material/open_in_new:",
                )
                st.button("Delete", key=f"review_drop_{kept.id}", on_click=_drop, args=(kept,))
        entry = st.session_state.get(_DELETED)
        if entry is not None:
            st.button("Bring it back", icon=":material/undo:", on_click=_bring_back, args=(entry,))


def _freeze(review: Review, query: str) -> None:
    title = st.session_state.get("review_freeze_title") or ""
    keep_as("review_freeze_by", lambda by: freeze(open_store(), review, title, query, by), f"{title} is kept.")


def _drop(kept: FrozenReview) -> None:
    engine = open_store()
    done = f"{kept.title} was deleted; it can be brought back below."
    if keep_as("review_freeze_by", lambda by: delete_review(engine, kept.id, kept.version, by), done):
        st.session_state[_DELETED] = audit(engine, "review", kept.id, 1)[0].id


def _bring_back(entry: int) -> None:
    if keep_as("review_freeze_by", lambda by: undo(open_store(), entry, by), "It is back."):
        del st.session_state[_DELETED]


def show_exports(review: Review, title: str) -> None:
    """Offer the review as a file of each form; it is made when its button is pressed."""
    with st.container(border=True):
        heading("Hand it out", "The same sentences and figures, as they are here")
        with st.container(horizontal=True):
            for form, name in FORM_NAMES.items():
                ending, kind = FORMS[form]
                st.download_button(
                    name,
                    data=lambda form=form: write(review_document(review, title), form),  # type: ignore[misc]
                    file_name=f"weekly-review-{review.asked.as_of.isoformat()}.{ending}",
                    mime=kind,
                    key=f"review_as_{form}",
                    icon=":material/download:",
                    on_click="ignore",
                )
