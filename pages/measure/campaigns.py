"""Campaigns: what brings closed deals?"""

import polars as pl
import streamlit as st

from charts.campaigns import MOST, cost_and_won_by_campaign, drawn
from charts.numbers import day, plural
from reports.findings import campaigns_finding
from ui.ask import ask
from ui.choose import choose, named, pick
from ui.define import define
from ui.left_out import show_left_out
from ui.messages import show_empty, show_finding
from ui.page import begin, heading, say_deals_only
from ui.records import download, drill_figure, show_records, table

DIMENSIONS = {"campaign": "Campaign", "channel": "Channel"}
MODELS = {"first": "First touch", "last": "Last touch", "linear": "Linear"}
CREDITED = {
    "first": "credited to the first answered touch of each deal",
    "last": "credited to the last answered touch of each deal",
    "linear": "credited in equal parts to every answered touch of a deal (linear)",
}
# What the campaign's own leads became, and what it is credited with, are different deals.
COLUMNS = {
    "won_amount": "Won amount credited",
    "won": "Won deals credited",
    "leads": "Its leads",
    "mql": "MQL of its leads",
    "opportunities": "Deals of its leads",
    "leads_won": "Won of its leads",
}
FIRST = ["dimension_value", "won_amount", "cost", "roi", "cost_per_won", "won", "leads", "leads_won", "opportunities"]

page = begin("Campaigns", "Which campaigns and channels bring closed deals, and at what cost?")
filters, numbers = page.filters, page.numbers

with st.container(horizontal=True):
    dimension = choose("By", DIMENSIONS, "campaigns_by", "campaign")
    model = choose(
        "Credit goes to",
        MODELS,
        "model",
        "linear",
        "Which of the answered touches before a deal closed is credited with it",
    )
    started = choose("Campaigns started", {"any_time": "Any time", "in_period": "In the period"}, "started", "any_time")

period = {"period_start": filters.period_start, "period_end": filters.period_end} if started == "in_period" else {}
asked = {**filters.scope, **period, "dimension": dimension, "model": model}
result = ask("campaign_effectiveness", **asked)
show_finding(campaigns_finding(result, numbers, flag_under=page.about.flag_under))
if started == "any_time" and filters.period_start is not None:
    st.caption(
        f"All campaigns, and all that was won by {day(filters.as_of)}: the period {filters.period} does not limit this "
        "page. Choose “In the period” for the campaigns that started in it."
    )
elif started == "in_period":
    st.caption(
        f"Campaigns that started in {filters.period_words}, and what they brought by {day(filters.as_of)}, whenever it "
        "closed."
    )
if result.is_empty():
    show_empty(
        "No campaign and no won deal is in the exports. Import campaigns and their members to see what they bring."
    )
    st.stop()

campaigns = result.filter(result["kind"] == "campaign")
yet_to_start = result.filter(result["kind"] == "yet to start")["campaigns"].sum()
if yet_to_start:
    st.caption(
        f"{numbers.number(yet_to_start)} {plural(yet_to_start, 'campaign has', 'campaigns have')} yet to start on "
        f"{day(filters.as_of)} and {plural(yet_to_start, 'is', 'are')} left out."
    )
has_credit = campaigns["won"].null_count() < campaigns.height
if campaigns.height and not has_credit:
    st.caption(
        "What campaigns won is a dash: the exports hold no answered touch, and no deal that names its campaign, so no deal "
        "can be credited."
    )
if filters.is_narrowed:
    st.caption(
        "Costs are whole campaigns' costs and touches are of all people, so under a filter on people or deals they are "
        "dashes."
    )
without_cost = campaigns["without_cost_count"].sum()
if without_cost:
    st.caption(
        f"No cost is recorded for {numbers.number(without_cost)} of {numbers.number(campaigns['campaigns'].sum())} "
        "campaigns: they are in neither side of ROI, nor of any cost per lead, opportunity or won deal."
    )
with st.container(horizontal=True):
    cost, won = campaigns["cost"].sum(), result["won_amount"].sum()
    has_cost = campaigns["cost"].null_count() < campaigns.height
    costed = (
        campaigns["won_amount_costed"].sum() if campaigns["won_amount_costed"].null_count() < campaigns.height else None
    )
    has_won = result["won_amount"].null_count() < result.height
    credited = campaigns["won_amount"].sum() if has_won and has_credit else None
    st.metric("Campaigns", numbers.number(campaigns["campaigns"].sum()), border=True)
    st.metric("Cost", numbers.money(cost if has_cost else None), border=True)
    st.metric("Won, credited to campaigns", numbers.money(credited), border=True)
    st.metric("Won, in all", numbers.money(won if has_won else None), border=True)
    st.metric(
        "ROI",
        numbers.ratio((costed - cost) / cost if has_cost and cost and costed is not None else None),
        border=True,
        help="(amount won − cost) / cost, over the campaigns shown that have a recorded cost",
    )

say_deals_only(filters)
show_left_out("deals", filters.scope, "left_out", numbers)

with st.container(border=True):
    heading(
        f"Cost and what it brought, by {dimension}",
        f"Amount in {numbers.currency}, won by {day(filters.as_of)}, {CREDITED[model]}",
    )
    drawable = drawn(result, None).height
    # What can be opened has a deal credited to it.
    options = named(result.filter(result["won"].fill_null(0) > 0)["dimension_value"].to_list())
    if drawable:
        every = drawable > MOST and st.toggle(f"Draw all {drawable}", key="draw_all", bind="query-params")
        if drawable > MOST and not every:
            st.caption(
                f"The {MOST} that cost or brought most, of the {drawable} with a cost or an amount won; the table has all."
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
            {**asked, "dimension_value": [opened]},
            "credited_to",
            f"Won deals credited to {opened}",
            numbers,
            "amount",
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

with st.container(border=True):
    heading("Leads that a campaign brought", "Leads whose own campaign (or first answered touch) it is")
    from_campaigns = ask("lead_to_close", **filters.lead_scope, dimension="campaign")["dimension_value"].drop_nulls()
    chosen = pick("Open the leads of", named(from_campaigns.to_list()), "leads_from", "Choose a campaign")
    if chosen:
        show_records(
            "lead_records",
            {**filters.lead_scope, "dimension": "campaign", "dimension_value": [chosen]},
            "leads_from",
            f"Leads from {chosen}",
            numbers,
            None,
        )
    define("lead_to_close", "lead_records")
