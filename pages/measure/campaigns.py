"""Campaigns: what brings closed deals?"""

import streamlit as st

from charts.campaigns_models import MODELS
from charts.numbers import day, plural
from pages.measure.campaign import answer, customers, effect, follow_up, models, paths, reached, spend
from pages.measure.campaign.asked import DIMENSIONS, Asked, key_figures
from reports.findings_campaigns import campaigns_finding
from ui.ask import ask
from ui.choose import choose, section
from ui.left_out import show_left_out
from ui.messages import show_empty, show_finding
from ui.page import begin, say_deals_only

SECTIONS = {
    "effect": "What works",
    "models": "Models",
    "paths": "Paths",
    "reached": "People reached",
    "follow_up": "Follow-up",
    "answer": "Sales' answer",
    "customers": "Customers",
    "spend": "Spend over time",
}
DRAW = {
    "effect": effect.draw,
    "models": models.draw,
    "paths": paths.draw,
    "reached": reached.draw,
    "follow_up": follow_up.draw,
    "answer": answer.draw,
    "customers": customers.draw,
    "spend": spend.draw,
}

page = begin("Campaigns", "Which campaigns and channels bring closed deals, and at what cost?")
filters, numbers = page.filters, page.numbers

with st.container(horizontal=True):
    dimension = choose("By", DIMENSIONS, "campaigns_by", "campaign")
    started = choose("Campaigns started", {"any_time": "Any time", "in_period": "In the period"}, "started", "any_time")
# Apart from the others, so that a phone wraps it.
model = choose(
    "Credit goes to",
    MODELS,
    "model",
    "linear",
    "Which of the answered touches before a deal closed is credited with it: the definition says how each model splits",
)

asked = Asked(dimension, model, is_of_period=started == "in_period")
result = ask("campaign_effectiveness", **asked.of_deals(filters))
show_finding(campaigns_finding(result, numbers, flag_under=page.about.flag_under))
if not asked.is_of_period and filters.period_start is not None:
    st.caption(
        f"All campaigns, and all that was won by {day(filters.as_of)}: the period {filters.period} does not limit this "
        "page. Choose “In the period” for the campaigns that started in it."
    )
elif asked.is_of_period:
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
if campaigns.height and campaigns["won"].null_count() == campaigns.height:
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
key_figures(page, asked, result)
say_deals_only(filters)
show_left_out("deals", filters.scope, "left_out", numbers)
DRAW[section(SECTIONS, "campaigns")](page, asked, result)
