"""Huddle, section Customers said: what sales heard, marketing's reply to it, and which themes keep coming."""

from collections.abc import Sequence

import streamlit as st

from charts.huddles import themes_by_month_figure
from charts.numbers import day
from reports.feedback_themes import said_finding, theme_counts, themes_by_month
from reports.moments import local
from store import open_store
from store.feedback import STATUSES, CustomerFeedback, Said, add_feedback, feedback, reply_feedback
from ui.ask import filter_choices
from ui.author import ask_author
from ui.choose import choose
from ui.files import download
from ui.huddles import company_zone
from ui.messages import plain, show_empty, show_finding
from ui.page import Page, heading
from ui.records import show_figure
from ui.writing import keep_as, show_said

_WORDS = {"open": "Waits for marketing", "answered": "Answered", "used": "Used", "declined": "Declined"}
_SHOWN = 20
_NAMES = {
    "theme": "Theme",
    "heard": "Times heard",
    "accounts": "Accounts",
    "unanswered": "Not answered",
    "last_heard": "Last heard",
}


def draw(page: Page) -> None:
    """Draw the section."""
    every = feedback(open_store())
    show_finding(said_finding(every, "so far"))
    show_said()
    _write(every)
    if not every:
        show_empty("Sales writes down here, or in a huddle, what customers say; marketing answers each.")
        return
    with st.container(border=True):
        heading("What customers keep saying", "Times a theme was heard, by month")
        show_figure(
            themes_by_month_figure(themes_by_month(every), page.numbers),
            "themes",
            "How often each theme was heard in each month",
        )
        counts = theme_counts(every)
        st.dataframe(counts.rename(_NAMES), key="themes_table", hide_index=True, width="stretch")
        download(counts, "themes", "feedback_themes")
    with st.container(border=True):
        heading("Word for word", "The newest first; marketing's reply beside each")
        status = choose(
            "Show",
            {"all": "All", **_WORDS},
            "said_status",
            "open" if any(item.status == "open" for item in every) else "all",
        )
        themes = ["All themes", *counts["theme"].to_list()]
        theme = st.selectbox("Theme", themes, key="said_theme")
        chosen = [
            item
            for item in every
            if status in ("all", item.status) and theme in ("All themes", item.theme or "(no theme)")
        ]
        if not chosen:
            show_empty("Nothing is so: choose another status or theme.")
        for item in chosen[:_SHOWN]:
            _show(item)
        if len(chosen) > _SHOWN:
            st.caption(f"And {len(chosen) - _SHOWN} older ones: choose a theme or a status to see them.")


def _write(known: Sequence[CustomerFeedback]) -> None:
    """Offer to write down what a customer said, outside of a huddle."""
    themes = sorted({item.theme for item in known if item.theme}, key=str.casefold)
    products = [value for value in filter_choices().get("product", []) if value]
    with (
        st.expander("Write down what a customer said", icon=":material/record_voice_over:"),
        st.form("said", border=False),
    ):
        st.text_area("What the customer said", key="said_words", max_chars=2000, height=90)
        left, right = st.columns(2)
        left.text_input("Account", key="said_account", max_chars=200)
        right.selectbox(
            "Theme", themes, index=None, key="said_new_theme", accept_new_options=True, placeholder="Price, speed …"
        )
        left.selectbox(
            "Product", products, index=None, key="said_product", accept_new_options=True, placeholder="Which one"
        )
        right.text_input("Stage of the deal", key="said_stage", max_chars=200)
        ask_author("said_by")
        st.form_submit_button("Keep", icon=":material/save:", on_click=_keep)


def _keep() -> None:
    of = st.session_state
    said = Said(*(of.get(f"said_{name}") or "" for name in ("words", "account", "new_theme", "product", "stage")))
    if keep_as("said_by", lambda by: add_feedback(open_store(), said, by), "Kept; marketing sees it here."):
        of["said_words"] = ""


def _show(item: CustomerFeedback) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(f'“{item.words}”')}**")
        about = [part for part in (item.account or "no account named", item.theme, item.product, item.stage) if part]
        when = day(local(item.at, company_zone()).date())
        st.caption(plain(f"{' · '.join(about)} · {item.by}, {when} · {_WORDS[item.status]}"))
        if item.reply:
            st.markdown(plain(f"{item.replied_by}: {item.reply}"))
        with st.popover("Reply" if not item.reply else "Change the reply", icon=":material/reply:"):
            key = f"{item.id}_{item.version}"
            st.text_area("Marketing's reply", value=item.reply or "", key=f"reply_{key}", max_chars=2000)
            st.selectbox(
                "What became of it",
                STATUSES,
                index=STATUSES.index(item.status if item.status != "open" else "answered"),
                format_func=lambda name: _WORDS[name],
                key=f"status_{key}",
            )
            ask_author(f"reply_by_{key}")
            st.button("Keep", key=f"keep_{key}", on_click=_reply, args=(item, key), icon=":material/save:")


def _reply(item: CustomerFeedback, key: str) -> None:
    reply, status = st.session_state.get(f"reply_{key}") or "", st.session_state.get(f"status_{key}") or "open"
    keep_as(
        f"reply_by_{key}",
        lambda by: reply_feedback(open_store(), item.id, item.version, reply, status, by),
        "The reply is kept; the next huddle sees it.",
    )
