"""Key figures beside what they were in the period to compare with."""

from collections.abc import Callable
from typing import Any

from ui.ask import ask_row
from ui.page import Page

Row = dict[str, Any]


def lead_row_before(page: Page, query: str, **more: Any) -> Row | None:
    """Return a query's row for the leads of the period to compare with; None where nothing is compared."""
    other = page.filters.compared
    return None if other is None else ask_row(query, **other.lead_params, **more)


def beside(page: Page, before: Row | None, words: Callable[[Row], str]) -> dict[str, Any]:
    """Return what `st.metric` needs to say what a figure was; nothing where nothing is compared."""
    other = page.filters.compared
    if other is None:
        return {}
    was = "no figure" if before is None else words(before)
    return {"delta": f"{other.period}: {was}", "delta_color": "off", "delta_arrow": "off"}
