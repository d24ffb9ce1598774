"""Campaigns: what brings closed deals?"""

import streamlit as st

from charts.campaigns import cost_and_won_by_campaign
from reports.findings import campaigns_finding
from ui.ask import ask
from ui.choose import choose, named, pick
from ui.define import define
from ui.left_out import show_left_out
from ui.messages import show_empty, show_finding
from ui.page import begin, heading
from ui.records import download, drill_figure, show_records, table

DIMENSIONS = {"campaign": "Campaign", "channel": "Channel"}
MODELS = {"first": "First touch", "last": "Last touch", "linear": "Linear"}

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
show_finding(campaigns_finding(result, numbers))
if result.is_empty():
    show_empty(
        "No campaign and no won deal is in the exports. Import campaigns and their members to see what they bring."
    )
    st.stop()

campaigns = result.filter(result["kind"] == "campaign")
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
    credited = campaigns["won_amount"].sum() if has_won else None
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

show_left_out("deals", filters.scope, "left_out", numbers)

with st.container(border=True):
    heading(
        f"Cost and what it brought, by {dimension}",
        f"Amount in {numbers.currency}, credited by {MODELS[model].lower()}, won by the as-of day",
    )
    opened = drill_figure(
        cost_and_won_by_campaign(result, numbers),
        "credited_to",
        f"Cost and amount won by {dimension}",
        named(result["dimension_value"].to_list()),
    )
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
        result.drop("kind"),
        "campaign_effectiveness",
        "campaigns_table",
        f"Effectiveness by {dimension}",
        numbers,
        {"dimension_value": DIMENSIONS[dimension]},
    )
    with st.container(horizontal=True):
        download(result, "campaigns", f"campaign_effectiveness_by_{dimension}")
        define("campaign_effectiveness", "campaign_credit_records")

with st.container(border=True):
    heading("Leads that a campaign brought", "Leads whose own campaign (or first answered touch) it is")
    from_campaigns = ask("lead_to_close", **filters.scope, dimension="campaign")["dimension_value"].drop_nulls()
    chosen = pick("Open the leads of", named(from_campaigns.to_list()), "leads_from", "Choose a campaign")
    if chosen:
        show_records(
            "lead_records",
            {**filters.scope, "dimension": "campaign", "dimension_value": [chosen]},
            "leads_from",
            f"Leads from {chosen}",
            numbers,
            None,
        )
    define("lead_to_close", "lead_records")
