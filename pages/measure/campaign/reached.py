"""Campaigns, section People reached: do campaigns meet the people who decide?"""

import polars as pl
import streamlit as st

from charts.campaigns_people import MOST, deciding_by_campaign, judged_reach
from charts.numbers import day
from pages.measure.campaign.asked import DIMENSIONS, Asked, too_few
from reports.findings_campaigns import reach_finding
from ui.ask import ask
from ui.choose import choose, named, pick
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

WHO = {"answered": "People who answered", "brought": "People whose leads it brought"}
COLUMNS = ["dimension_value", "share", "people", "deciding", "known", "unknown", "in_role", "share_low", "share_high"]


def draw(page: Page, asked: Asked, _result: pl.DataFrame) -> None:
    """Draw the section."""
    filters, numbers, dimension = page.filters, page.numbers, asked.dimension
    with st.container(border=True):
        heading(
            f"Do campaigns reach the people who decide? By {dimension}",
            f"Share whose title decides (settings.toml says which do), by {day(filters.as_of)}, with its 95% interval",
        )
        who = choose("Of", WHO, "reach_of", "answered")
        wanted = {**asked.of_campaigns(filters), "who": who}
        frame = ask("campaign_reach", **wanted)
        st.markdown(f"**{plain(reach_finding(frame, numbers, brought=who == 'brought'))}**")
        if filters.is_narrowed:
            st.caption("People are of whatever segment: filters on people and deals do not narrow this.")
        met = frame.filter(pl.col("kind") != "all campaigns")
        options = named(met["dimension_value"].to_list())
        count = judged_reach(frame).height
        if count:
            if count > MOST:
                st.caption(too_few(numbers, count, MOST, "with the lowest share"))
            opened = drill_figure(
                deciding_by_campaign(frame, numbers),
                "reached_by",
                f"Share of people who decide by {dimension}, beside that among people on won deals",
                options,
            )
        else:
            show_empty(
                f"No {dimension} met enough people whose title is known to say whether it reaches those who decide."
            )
            opened = pick("Open the records behind", options, "reached_by", "Choose here") if options else None
        if opened:
            is_won = opened == "People on won deals"
            show_records(
                "campaign_reach_records",
                {"as_of": filters.as_of, "kind": "won deals"} if is_won else {**wanted, "dimension_value": [opened]},
                "reached_by",
                opened if is_won else f"{WHO[who]}: {opened}",
                numbers,
                None,
            )
        table(
            frame.select(COLUMNS),
            "campaign_reach",
            "reach_table",
            f"Decision makers by {dimension}",
            numbers,
            {"dimension_value": DIMENSIONS[dimension], "unknown": "Title not known", "in_role": "In a deciding role"},
        )
        with st.container(horizontal=True):
            download(frame, "reach", f"campaign_reach_by_{dimension}")
            define("campaign_reach", "campaign_reach_records")
