"""Weekly review: are we on track, what changed, is it signal or noise, what now? Read in five minutes, top to bottom."""

import polars as pl
import streamlit as st

from pages.meet.review import freezing, parts
from reports.diagnosis import diagnose
from reports.freeze import reopen
from reports.review import Asked, Review
from reports.review_gather import gather
from store import StoreError, open_store
from store.reviews import FrozenReview
from ui.ask import ask, computed
from ui.kpis import note_alerts_of
from ui.left_out import show_left_out
from ui.messages import plain, show_error, show_finding
from ui.page import Page, begin
from ui.writing import show_said


def asked_of(page: Page) -> Asked:
    """Return what the page's filters ask a review of; over all time there is no goal, so it is of the quarter."""
    filters = page.filters
    start, end, period = filters.period_start, filters.period_end, filters.period
    if start is None or end is None:
        quarters = ask("fiscal_periods").filter(
            (pl.col("kind") == "quarter")
            & (pl.col("period_start") <= filters.as_of)
            & (pl.col("period_end") > filters.as_of)
        )
        start, end, period = quarters.select("period_start", "period_end", "period").row(0)
        st.caption(f"A review is of one period: this is of {period}.")
    return Asked(filters.as_of, period, start, end, filters.scope, filters.sentence(), filters.goal_scope)


def draw(review: Review, frozen: FrozenReview | None) -> None:
    """Draw a review, live or as it was frozen."""
    show_said()
    show_finding(review.on_track)
    st.markdown(plain(review.week))
    st.markdown(plain(review.to_do))
    if review.without is not None:
        st.caption(plain(review.without))
    parts.show_agreement(review)
    parts.show_alerts(review)
    parts.show_goal(review)
    parts.show_calls(review)
    parts.show_kpis(review)
    parts.show_changes(review)
    parts.show_stands_out(review)
    parts.show_tightest(review)
    parts.show_actions(review)
    parts.show_story(review)
    parts.show_notes(review, is_live=frozen is None)


page = begin("Weekly review", "Are we on track, what changed, is it signal or noise, and what now?")
asked_for = st.query_params.get("review")
if asked_for:
    try:
        kept, review = reopen(open_store(), asked_for)
    except StoreError as error:
        show_error(error)
        st.button("Show this week", on_click=freezing.leave)
        st.stop()
    freezing.show_frozen(kept, review)
    draw(review, kept)
else:
    note_alerts_of(page)
    diagnosed = computed(diagnose, as_of=page.filters.as_of)
    review = gather(ask, open_store(), asked_of(page), diagnosed)
    draw(review, None)
    show_left_out("pipeline", page.filters.params, "review_left_out", page.numbers)
    kept = None
freezing.show_exports(review, kept.title if kept is not None else "Weekly review")
if kept is None:
    freezing.show_freeze(page, review)
