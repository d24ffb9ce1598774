"""What is chosen on Campaigns beside the shared filters, and the key figures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from charts.numbers import NumberFormat
from ui.ask import ask
from ui.filters import Filters
from ui.page import Page

DIMENSIONS = {"campaign": "Campaign", "channel": "Channel", "vehicle": "Vehicle"}


@dataclass(frozen=True)
class Asked:
    """By what campaigns are told apart, the model that credits them, and whether only those of the period count."""

    dimension: str
    model: str
    is_of_period: bool

    def of_campaigns(self, filters: Filters) -> dict[str, Any]:
        """Return what queries take that no filter on people or deals narrows."""
        asked = {"as_of": filters.as_of, "dimension": self.dimension}
        if not self.is_of_period:
            return asked
        return {**asked, "period_start": filters.period_start, "period_end": filters.period_end}

    def of_deals(self, filters: Filters) -> dict[str, Any]:
        """Return what `campaign_effectiveness` takes."""
        return {**filters.scope, **self.of_campaigns(filters), "model": self.model}


def key_figures(page: Page, asked: Asked, result: pl.DataFrame) -> None:
    """Show the key figures, beside what they were in the period to compare with."""
    other = page.filters.compared
    before = None if other is None else _summed(ask("campaign_effectiveness", **asked.of_deals(other)))
    now, numbers = _summed(result), page.numbers
    figures: tuple[tuple[str, str, Callable[[Any], str], str | None], ...] = (
        ("Campaigns", "campaigns", numbers.number, None),
        ("Cost", "cost", numbers.money, None),
        ("Won, credited to campaigns", "credited", numbers.money, None),
        ("Won, in all", "won", numbers.money, None),
        ("ROI", "roi", numbers.ratio, "(amount won − cost) / cost, over the campaigns shown that have a recorded cost"),
    )
    with st.container(horizontal=True):
        for label, name, words, explained in figures:
            shown: dict[str, Any] = {}
            if other is not None and before is not None:
                shown = {
                    "delta": f"{other.period}: {words(before[name])}",
                    "delta_color": "off",
                    "delta_arrow": "off",
                }
            st.metric(label, words(now[name]), border=True, help=explained, **shown)


def _summed(result: pl.DataFrame) -> dict[str, Any]:
    """Return the key figures of `campaign_effectiveness`: None where nothing is known."""
    campaigns = result.filter(result["kind"] == "campaign")
    cost = _known(campaigns["cost"])
    costed = _known(campaigns["won_amount_costed"])
    won = _known(result["won_amount"])
    has_credit = campaigns["won"].null_count() < campaigns.height
    return {
        "campaigns": campaigns["campaigns"].sum(),
        "cost": cost,
        "credited": campaigns["won_amount"].sum() if won is not None and has_credit else None,
        "won": won,
        "roi": (costed - cost) / cost if cost and costed is not None else None,
    }


def _known(values: pl.Series) -> Any:
    return values.sum() if values.null_count() < len(values) else None


def too_few(numbers: NumberFormat, count: int, drawn: int, what: str) -> str:
    """Return words for a figure that draws some of many."""
    return f"The {numbers.number(drawn)} {what}, of {numbers.number(count)}; the table has all."
