"""How a page begins: its filters and company at hand, or a plain sentence why there is nothing to show."""

from dataclasses import dataclass

import streamlit as st

from charts.numbers import NumberFormat
from ui.ask import ask
from ui.define import begin_definitions
from ui.filters import Company, Filters
from ui.first_visit import show_first_visit
from ui.messages import show_empty

_KEY = "_page"


@dataclass(frozen=True)
class Page:
    """What the frame hands to the page that runs in it."""

    about: Company
    filters: Filters
    path: str = ""

    @property
    def numbers(self) -> NumberFormat:
        """How the company writes numbers."""
        return self.about.numbers


def hand_over(page: Page | None) -> None:
    """Keep what the frame knows for the page of this run."""
    st.session_state[_KEY] = page
    begin_definitions()


def shown_page() -> Page | None:
    """Return what the frame handed over for this run; None where nothing was imported, or where no frame is."""
    page: Page | None = st.session_state.get(_KEY)
    return page


def begin(title: str, question: str) -> Page:
    """Write a page's title and question, and return its filters; stop where nothing was imported yet."""
    page = shown_page()
    st.title(title, anchor=False)
    st.caption(question)
    if page is None:
        show_first_visit()
        st.stop()
    _hint_at_a_period_with_records(page.filters)
    return page


def _hint_at_a_period_with_records(filters: Filters) -> None:
    """Where nothing falls in the period chosen, say so, and offer the newest one in which something does."""
    if filters.period_start is None or ask("quarters_with_records", **filters.params).height:
        return
    quarters = ask("quarters_with_records", **filters.scope)
    nothing = f"Nothing falls in {filters.period_words}: no lead was created in it and no deal closes in it"
    if quarters.is_empty():
        show_empty(f"{nothing}, nor at any other time under these filters.")
        return
    # A date far ahead may be a slip of the pen: what has begun comes first.
    begun = quarters.filter(quarters["period_start"] <= filters.as_of)
    quarters = begun if begun.height else quarters
    with_deals = quarters.filter(quarters["deals"] > 0)
    kind, newest = ("deals", with_deals) if with_deals.height else ("leads", quarters)
    period = newest["period"][0]
    show_empty(f"{nothing}. The newest quarter with {kind} is {period}.")

    def choose_it() -> None:
        st.session_state["period"] = period

    st.button(f"Show {period}", icon=":material/event_available:", on_click=choose_it, key="show_period")


def say_deals_only(filters: Filters) -> None:
    """Where filters that only deals have are chosen, say that figures about leads are not narrowed by them."""
    if filters.of_deals_alone is not None:
        st.info(filters.of_deals_alone, icon=":material/info:")


def heading(title: str, unit: str) -> None:
    """Write a figure's title, and its unit beside it."""
    st.subheader(title, anchor=False)
    st.caption(unit)
