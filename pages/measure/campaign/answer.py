"""Campaigns, section Sales' answer: whose leads sales rejects, and why."""

import polars as pl
import streamlit as st

from charts.campaigns_people import rejections_by_source
from pages.measure.campaign.asked import Asked
from reports.findings_campaigns import acceptance_finding
from ui.ask import ask
from ui.choose import choose, named
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading, say_deals_only
from ui.records import download, drill_figure, show_records, table

ORIGINS = {"source": "Source", "channel": "Channel", "campaign": "Campaign", "vehicle": "Vehicle"}
WHEN = {"any_time": "Any time", "in_period": "In the period"}


def draw(page: Page, _asked: Asked, _result: pl.DataFrame) -> None:
    """Draw the section."""
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        heading(
            "Which leads sales rejects, and why", "Share of the leads that sales has decided on, by the reason it gave"
        )
        with st.container(horizontal=True):
            origin = choose("By origin", ORIGINS, "rejected_by", "source")
            when = choose("Passed to sales", WHEN, "passed", "any_time")
        say_deals_only(filters)
        wanted = {**(filters.lead_params if when == "in_period" else filters.lead_scope), "dimension": origin}
        frame = ask("campaign_acceptance", **wanted)
        reasons = ask("campaign_rejections", **wanted)
        st.markdown(f"**{plain(acceptance_finding(frame, numbers))}**")
        if reasons.is_empty():
            show_empty("No rejection of a lead is in the exports (or none of these leads was rejected).")
        else:
            opened = drill_figure(
                rejections_by_source(reasons, numbers),
                "rejected_of",
                f"Share of decided leads that sales rejected, by {origin} and reason",
                named(reasons["dimension_value"].unique(maintain_order=True).to_list()),
            )
            if opened is not None:
                show_records(
                    "campaign_pass_records",
                    {**wanted, "dimension_value": [opened], "decision": "rejected"},
                    "rejected_of",
                    f"Rejected leads, {origin} {opened or '(none)'}",
                    numbers,
                    None,
                )
        if frame.height:
            first = ["dimension_value", "acceptance", "rejected", "top_reason", "accepted", "undecided"]
            table(
                frame.select(*first, pl.exclude(*first)),
                "campaign_acceptance",
                "acceptance_table",
                f"Sales' answer by {origin}",
                numbers,
                {"dimension_value": ORIGINS[origin]},
            )
            with st.container(horizontal=True):
                download(reasons, "rejections", f"campaign_rejections_by_{origin}")
                define("campaign_acceptance", "campaign_rejections", "campaign_pass_records")
