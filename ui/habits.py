"""The line under a page's finding: its headlines without the deals that show a habit."""

import streamlit as st

from reports.habits import without_sentence
from ui.ask import ask
from ui.messages import plain
from ui.page import Page


def say_without(page: Page, *headlines: str) -> None:
    """Say what a page's headlines are without the deals that show a habit; nothing where there are none.

    Of the whole company alone, so that a click on a filter does not wait for it; under filters, Tidy or gamed? says it.
    """
    if page.filters.is_narrowed:
        return
    frame = ask("headlines_without", **page.filters.params)
    sentence = without_sentence(frame, headlines, page.numbers)
    if sentence is not None:
        st.caption(plain(sentence))
