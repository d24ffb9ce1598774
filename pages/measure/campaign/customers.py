"""Campaigns, section Customers: do those who buy most readily get the campaigns and the calls?"""

import polars as pl
import streamlit as st

from charts.campaigns_people import care_by_type
from charts.numbers import day
from pages.measure.campaign.asked import Asked
from reports.findings_campaigns import customers_finding
from ui.ask import ask
from ui.choose import named
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

COLUMNS = {"dimension_value": "Type of business", "decided": "Decided deals"}


def draw(page: Page, _asked: Asked, _result: pl.DataFrame) -> None:
    """Draw the section."""
    filters, numbers = page.filters, page.numbers
    frame = ask("campaign_customers", **filters.scope)
    with st.container(border=True):
        heading(
            "New and existing customers: how readily they buy, and what is done for them",
            f"Deals decided by {day(filters.as_of)}; activities and campaign touches in the half year before each closed",
        )
        st.markdown(f"**{plain(customers_finding(frame, numbers))}**")
        if frame.is_empty():
            show_empty("No won or lost deal is in the exports under these filters.")
            return
        opened = drill_figure(
            care_by_type(frame, numbers),
            "customers_of",
            "Win rate, activities and campaign touches per deal, by type of business",
            named(frame["dimension_value"].to_list()),
        )
        if opened is not None:
            show_records(
                "outcome_records",
                {**filters.scope, "dimension": "business_type", "dimension_value": [opened]},
                "customers_of",
                f"Decided deals, {opened or '(none)'}",
                numbers,
                "amount_base",
            )
        first = ["dimension_value", "rate", "activities_per_deal", "touches_per_deal", "responses_per_deal"]
        table(
            frame.select(*first, pl.exclude(*first)),
            "campaign_customers",
            "customers_table",
            "Win rate and care by type of business",
            numbers,
            COLUMNS,
        )
        with st.container(horizontal=True):
            download(frame, "customers", "campaign_customers")
            define("campaign_customers", "outcome_records")
