"""Lead to close, section Weakest step: where each source loses most, and what the median there would bring."""

from datetime import timedelta

import polars as pl
import streamlit as st

from charts.leads import STAGE_NAMES
from charts.leads_selling import rate_by_step, step_key
from pages.measure.leads.dimensions import lead_dimensions
from reports.findings_leads import weakest_finding
from ui.ask import ask
from ui.choose import choose
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table


def draw(page: Page, horizon: int) -> None:
    """Draw the section."""
    filters, numbers, about = page.filters, page.numbers, page.about
    dimensions = lead_dimensions()
    with st.container(border=True):
        dimension = choose("By", dimensions, "weakest_by", "source")
        name = dimensions[dimension].lower()
        # The leads of one year, the youngest of which have just had the whole horizon.
        asked = {**filters.lead_scope, "period_start": filters.as_of - timedelta(days=horizon + 365), "days": horizon}
        frame = ask("weakest_step", **asked, dimension=dimension)
        heading(
            f"The weakest step of each {name}",
            f"Leads of one year that are at least {horizon} days old: the share that went on within {horizon} days. Red lies "
            "below the median of all, green above; ▼: the weakest, surely below. Hatched: fewer than "
            f"{about.flag_under} before the step",
        )
        if frame.is_empty():
            show_empty(f"No lead is {horizon} days old yet, or the exports record no stage.")
            return
        st.markdown(f"**{plain(weakest_finding(frame, numbers))}**")
        cells = {
            step_key(row["dimension_value"], row["stage"]): row
            for row in frame.sort("before", descending=True).iter_rows(named=True)
        }
        opened = drill_figure(
            rate_by_step(frame, numbers, about.flag_under),
            "step",
            f"Share of leads that went on at each step, by {name}",
            {
                key: f"{row['dimension_value'] or '(none)'}: {STAGE_NAMES[row['stage']]}"
                for key, row in cells.items()
                if row["before"]
            },
        )
        if opened is not None:
            row = cells[opened]
            sides = {
                "before": f"Before: {STAGE_NAMES[row['from_stage']]}",
                "on": f"Went on: {STAGE_NAMES[row['stage']]}",
            }
            side = choose("Which", {"before": "Before the step", "on": "Reached the step"}, "step_side", "before")
            show_records(
                "lead_records",
                {
                    **asked,
                    "stage": row["from_stage"] if side == "before" else row["stage"],
                    "dimension": dimension,
                    "dimension_value": [row["dimension_value"] or ""],
                },
                "step",
                f"{sides[side]}, {name} {row['dimension_value'] or '(none)'}",
                numbers,
                None,
            )
        weakest = frame.filter(pl.col("is_weakest")).sort("won_more", descending=True, nulls_last=True)
        first = ["dimension_value", "from_stage", "stage", "rate", "median_rate", "won_more", "amount_more"]
        st.caption(
            "Each one's weakest step, and what it would bring at the median: a sum at today's rates, not a promise."
        )
        table(
            weakest.select(*first, pl.exclude(*first, "is_weakest", "position", "of_median")).with_columns(
                pl.col("from_stage", "stage").replace(STAGE_NAMES)
            ),
            "weakest_step",
            "weakest_table",
            f"The weakest step of each {name}",
            numbers,
            {"dimension_value": dimensions[dimension]},
        )
        with st.container(horizontal=True):
            download(frame, "weakest", f"weakest_step_by_{name}")
            define("weakest_step", "lead_records")
