"""Campaigns, section What works: cost against what it brought, many leads against many customers."""

import polars as pl
import streamlit as st

from charts.campaigns import MOST, cost_and_won_by_campaign, drawn, leads_and_won_by_campaign, with_leads
from charts.numbers import day
from pages.measure.campaign.asked import DIMENSIONS, Asked
from ui.ask import ask
from ui.choose import named, pick
from ui.define import define
from ui.messages import show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_figure, show_records, table

CREDITED = {
    "first": "credited to the first answered touch of each deal",
    "last": "credited to the last answered touch of each deal",
    "linear": "credited in equal parts to every answered touch of a deal (linear)",
    "u": "credited 40/20/40 to the first touch, those between, and the one that made the lead (U)",
    "w": "credited 30/30/30/10 to the first touch, those that made lead and deal, and the others (W)",
    "full": "credited 22.5% each to the first touch, those that made lead and deal, and the last; 10% to the others",
    "decay": "credited to every answered touch, the less the longer before the newest (time decay)",
}
# What the campaign's own leads became, and what it is credited with, are different deals.
COLUMNS = {
    "won_amount": "Won",
    "won": "Deals won",
    "leads": "Its leads",
    "mql": "MQL of its leads",
    "sql": "SQL of its leads",
    "opportunities": "Deals of its leads",
    "leads_won": "Won of its leads",
    "is_young": "Young",
}
# On a phone three columns are seen: which, what it won, and whether it paid.
FIRST = ["dimension_value", "won_amount", "roi", "cost", "cost_per_won", "won", "leads", "leads_won", "opportunities"]


def draw(page: Page, asked: Asked, result: pl.DataFrame) -> None:
    """Draw the section."""
    _cost_and_won(page, asked, result)
    _leads(page, asked, result)


def _cost_and_won(page: Page, asked: Asked, result: pl.DataFrame) -> None:
    filters, numbers, dimension = page.filters, page.numbers, asked.dimension
    with st.container(border=True):
        heading(
            f"Cost and what it brought, by {dimension}",
            f"Amount in {numbers.currency}, won by {day(filters.as_of)}, {CREDITED[asked.model]}",
        )
        drawable = drawn(result, None).height
        # What can be opened has a deal credited to it.
        options = named(result.filter(result["won"].fill_null(0) > 0)["dimension_value"].to_list())
        if drawable:
            every = drawable > MOST and st.toggle(f"Draw all {drawable}", key="draw_all", bind="query-params")
            if drawable > MOST and not every:
                st.caption(
                    f"The {MOST} that cost or brought most, of the {drawable} with a cost or an amount won; the table "
                    "has all."
                )
            opened = drill_figure(
                cost_and_won_by_campaign(result, numbers, None if every else MOST),
                "credited_to",
                f"Cost and amount won by {dimension}",
                options,
            )
        else:
            show_empty(f"No {dimension} has a recorded cost or an amount won: there is nothing to draw.")
            opened = pick("Open the records behind", options, "credited_to", "Choose here") if options else None
        if opened:
            show_records(
                "campaign_credit_records",
                {**asked.of_deals(filters), "dimension_value": [opened]},
                "credited_to",
                f"Won deals credited to {opened}",
                numbers,
                "amount",
            )
        young = result["is_young"].fill_null(value=False).sum()
        if young:
            cycle = result["median_cycle_days"].drop_nulls()[0]
            st.caption(
                f"Young, and hatched: {numbers.number(young)} that have run for less than twice the "
                f"{numbers.days(cycle)} that a deal usually takes. What they bring is not all there yet."
            )
        table(
            result.select(*FIRST, pl.exclude("kind", *FIRST)),
            "campaign_effectiveness",
            "campaigns_table",
            f"Effectiveness by {dimension}",
            numbers,
            {"dimension_value": DIMENSIONS[dimension], **COLUMNS},
        )
        with st.container(horizontal=True):
            download(result, "campaigns", f"campaign_effectiveness_by_{dimension}")
            define("campaign_effectiveness", "campaign_credit_records")


def _leads(page: Page, asked: Asked, result: pl.DataFrame) -> None:
    filters, numbers, dimension = page.filters, page.numbers, asked.dimension
    with st.container(border=True):
        heading(
            "Many leads, or many customers?",
            f"Leads that each {dimension} brought (its own, or those whose first answered touch it is), and the share of "
            "them that was won",
        )
        if with_leads(result).is_empty():
            show_empty(f"No {dimension} brought a lead of which the outcome is known.")
        else:
            show_figure(
                leads_and_won_by_campaign(result, numbers),
                "leads_won",
                f"Leads and the share of them that was won, by {dimension}",
            )
        from_campaigns = ask("lead_to_close", **filters.lead_scope, dimension="campaign")["dimension_value"]
        chosen = pick(
            "Open the leads of", named(from_campaigns.drop_nulls().to_list()), "leads_from", "Choose a campaign"
        )
        if chosen:
            show_records(
                "lead_records",
                {**filters.lead_scope, "dimension": "campaign", "dimension_value": [chosen]},
                "leads_from",
                f"Leads from {chosen}",
                numbers,
                None,
            )
        define("campaign_effectiveness", "lead_records")
