"""Agreement, section Recycled leads: what came of those that sales sent back to marketing."""

from datetime import timedelta

import streamlit as st

from charts.leads import rate_by_value
from reports.findings_agreement import recycle_finding
from ui.ask import ask, ask_row
from ui.choose import choose, named
from ui.define import define
from ui.messages import plain
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

_BY = {"source": "Source", "owner": "Owner", "segment": "Segment", "month": "Month"}
_STATES = {"recycled": "Recycled", "recovered": "Later accepted or won"}


def draw(page: Page) -> None:
    """Draw the section."""
    filters, numbers, about = page.filters, page.numbers, page.about
    asked = {
        "as_of": filters.as_of,
        "period_start": filters.as_of - timedelta(days=364),
        "period_end": filters.as_of + timedelta(days=1),
    }
    with st.container(border=True):
        heading(
            "Recycle yield",
            "Passes of the past year that went back to marketing: later accepted or won, with 95% interval",
        )
        total = ask_row("acceptance", **asked)
        st.markdown(f"**{plain(recycle_finding(total, numbers))}**")
        if total is None or not total["recycled"]:
            return
        dimension = choose("By", _BY, "recycled_by", "source")
        frame = ask("acceptance", **asked, dimension=dimension)
        shown = frame.filter(frame["recycled"] > 0)
        opened = drill_figure(
            rate_by_value(
                shown.with_columns(
                    won=shown["recovered"],
                    leads=shown["recycled"],
                    rate=shown["recycle_yield"],
                    rate_low=shown["recycle_low"],
                    rate_high=shown["recycle_high"],
                ),
                numbers,
                about.flag_under,
                about.unranked_under,
                ("recovered", "recycled passes", "Recycled passes later accepted or won (%), with 95% interval"),
            ),
            "recycled_of",
            f"Share of recycled passes that were later accepted or won, by {_BY[dimension].lower()}",
            named(shown["dimension_value"].to_list()),
        )
        if opened is not None:
            state = choose("Which of them", _STATES, "recycled_state", "recycled")
            show_records(
                "handoff_records",
                {**asked, "dimension": dimension, "dimension_value": [opened], "state": state},
                "recycled_of",
                f"{_STATES[state]}, {_BY[dimension].lower()} {opened or '(none)'}",
                numbers,
                None,
            )
        first = ["dimension_value", "recycle_yield", "recycle_low", "recycle_high", "recycled", "recovered"]
        table(
            shown.select(*first),
            "acceptance",
            "recycled_table",
            f"Recycle yield by {_BY[dimension].lower()}",
            numbers,
            {"dimension_value": _BY[dimension]},
        )
        with st.container(horizontal=True):
            download(shown, "recycled", f"acceptance_by_{dimension}")
            define("acceptance", "handoff_records")
