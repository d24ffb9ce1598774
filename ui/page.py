"""How a page begins: its filters and company at hand, or a plain sentence why there is nothing to show."""

from dataclasses import dataclass

import streamlit as st

from charts.numbers import NumberFormat
from ui.filters import Company, Filters
from ui.messages import show_empty

_KEY = "_page"


@dataclass(frozen=True)
class Page:
    """What the frame hands to the page that runs in it."""

    about: Company
    filters: Filters

    @property
    def numbers(self) -> NumberFormat:
        """How the company writes numbers."""
        return self.about.numbers


def hand_over(page: Page | None) -> None:
    """Keep what the frame knows for the page of this run."""
    st.session_state[_KEY] = page


def begin(title: str, question: str) -> Page:
    """Write a page's title and question, and return its filters; stop where nothing was imported yet."""
    page: Page | None = st.session_state.get(_KEY)
    st.title(title, anchor=False)
    st.caption(question)
    if page is None:
        show_empty(
            "Nothing was imported yet. Drop your CRM's exports on the **Import** page, or run `make sample` for a "
            "made-up company to try things out."
        )
        st.page_link("pages/data/imports.py", label="Go to Import", icon=":material/upload_file:")
        st.stop()
    return page


def heading(title: str, unit: str) -> None:
    """Write a figure's title, and its unit beside it."""
    st.subheader(title, anchor=False)
    st.caption(unit)
