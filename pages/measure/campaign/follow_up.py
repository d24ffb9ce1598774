"""Campaigns, section Follow-up: which answer by sales fits which origin?"""

import polars as pl
import streamlit as st

from charts.campaigns_people import KINDS, compared_kinds, rate_by_origin_and_kind
from pages.measure.campaign.asked import Asked
from reports.findings_campaigns import follow_up_finding
from ui.ask import ask
from ui.choose import choose
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading, say_deals_only
from ui.records import download, drill_figure, show_records, table

ORIGINS = {"vehicle": "Vehicle", "channel": "Channel", "campaign": "Campaign", "source": "Source"}
MEASURES = {"deal": "Became a deal", "won": "Won"}
HORIZON = 120
COLUMNS = ["origin_value", "kind", "delay", "leads", "deal_rate", "deal_rate_low", "deal_rate_high"]


def draw(page: Page, _asked: Asked, _result: pl.DataFrame) -> None:
    """Draw the section."""
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        heading(
            "Where leads came from, and how sales first reached out",
            f"Leads passed to sales at least {HORIZON} days ago: how many became deals or were won within {HORIZON} days, "
            "with 95% intervals",
        )
        with st.container(horizontal=True):
            origin = choose("Origin", ORIGINS, "follow_up_of", "source")
            measure = choose("Share that", MEASURES, "follow_up_to", "deal")
        say_deals_only(filters)
        wanted = {**filters.lead_scope, "origin": origin, "days": HORIZON}
        frame = ask("campaign_follow_up", **wanted)
        st.markdown(f"**{plain(follow_up_finding(frame, numbers, measure, page.about.flag_under))}**")
        cells = frame.filter((pl.col("delay") == "any") & (pl.col("kind") != "none"))
        options = {
            f"{row['origin_value'] or ''}|{row['kind']}": f"{row['origin_value'] or '(none)'}, {KINDS[row['kind']].lower()}"
            for row in cells.iter_rows(named=True)
        }
        if compared_kinds(frame, measure).is_empty():
            show_empty("No origin has enough leads that were followed up in one way.")
            opened = None
        else:
            opened = drill_figure(
                rate_by_origin_and_kind(frame, numbers, measure),
                "follow_up_cell",
                f"Share of leads that {MEASURES[measure].lower()}, by {ORIGINS[origin].lower()} and first follow-up",
                options,
            )
        if opened:
            value, kind = opened.rsplit("|", 1)
            show_records(
                "campaign_follow_up_records",
                {**wanted, "origin_value": [value], "kind": kind},
                "follow_up_cell",
                f"Leads from {options[opened]}",
                numbers,
                None,
            )
        hidden = frame.filter("is_hidden")
        if hidden.height:
            st.caption(
                f"{numbers.number(hidden.height)} cells of fewer than {numbers.number(page.about.unranked_under)} leads are "
                f"hidden ({numbers.number(hidden.filter(pl.col('delay') != 'any')['leads'].sum())} leads)."
            )
        table(
            frame.filter(~pl.col("is_hidden")).select(*COLUMNS, pl.exclude("is_hidden", *COLUMNS)),
            "campaign_follow_up",
            "follow_up_table",
            "Origin, first follow-up and delay, with what became of the leads",
            numbers,
            {"origin_value": ORIGINS[origin], "kind": "First follow-up", "delay": "After"},
        )
        with st.container(horizontal=True):
            download(frame, "follow_up", f"campaign_follow_up_by_{origin}")
            define("campaign_follow_up", "campaign_follow_up_records")
