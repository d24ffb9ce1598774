"""Lead to close: do leads become customers, and where not?"""

from datetime import timedelta

import polars as pl
import streamlit as st

from charts.leads import STAGE_NAMES, leads_by_stage, rate_by_value, won_by_age
from reports.findings import leads_finding
from ui.ask import ask, ask_row, curve
from ui.choose import choose, named, pick
from ui.define import define
from ui.left_out import show_left_out
from ui.messages import show_empty, show_finding
from ui.page import begin, heading, say_deals_only
from ui.records import download, drill_figure, show_records, table

# A fixed horizon compares like with like: only leads that could be watched for all of it.
HORIZON = 180
MOST_CURVES = 6
DIMENSIONS = {"source": "Source", "channel": "Channel", "owner": "Owner", "segment": "Segment", "region": "Region"}
DEAL_DIMENSIONS = {
    "owner": "Owner",
    "segment": "Segment",
    "region": "Region",
    "source": "Source",
    "product": "Product",
    "business_type": "Business type",
}

# On a phone the first few columns are seen at once.
RATE_FIRST = ["dimension_value", "rate", "won", "leads"]

# By the setting's basis first; both are always shown.
WIN_RATES = {
    "count": ("Win rate by count", "rate", "won / (won + lost)"),
    "value": ("Win rate by value", "rate_by_value", "amount won / (amount won + amount lost)"),
}

page = begin("Lead to close", "Do leads become customers, and where not?")
filters, numbers = page.filters, page.numbers
total = ask_row("lead_to_close", **filters.lead_params)
win = ask_row("win_rate", **filters.params)
bases = sorted(WIN_RATES, key=lambda basis: basis != page.about.win_rate_basis)
# The leads of one year, the youngest of which have just had the whole horizon.
one_year = {"period_start": filters.as_of - timedelta(days=HORIZON + 365), "days": HORIZON}
if ask_row("lead_to_close", as_of=filters.as_of) is None:
    show_empty(
        "No leads are in the exports. Import your leads (or marketing contacts) to see whether they become customers."
    )
else:
    show_finding(
        leads_finding(
            total,
            ask_row("lead_to_close_within", **filters.lead_params, days=HORIZON),
            ask("lead_to_close_within", **filters.lead_scope, **one_year, dimension="source"),
            ask_row("lead_to_close_within", **filters.lead_scope, **one_year),
            HORIZON,
            numbers,
            page.about.flag_under,
        )
    )

with st.container(horizontal=True):
    if total is not None:
        st.metric("Leads created", numbers.number(total["leads"]), border=True)
        st.metric("Opportunities from them", numbers.number(total["opportunities"]), border=True)
        st.metric("Won from them", numbers.number(total["won"]), border=True)
        st.metric("Lead to close", numbers.share(total["rate"]), border=True, help="won / leads, so far")
        st.metric("Median time to won", numbers.days(total["median_days"]), border=True, help="of those won so far")
    if win is not None:
        for basis in bases:
            words, column, formula = WIN_RATES[basis]
            st.metric(words, numbers.share(win[column]), border=True, help=f"{formula}, of deals decided in the period")
say_deals_only(filters)
show_left_out("leads", filters.params, "left_out_leads", numbers)

if total is not None:
    with st.container(border=True):
        heading("The funnel", f"Leads created in {filters.period_words}, and how far they have come")
        funnel = ask("lead_funnel", **filters.lead_params)
        stages = {stage: STAGE_NAMES[stage] for stage in funnel["stage"]}
        opened = drill_figure(leads_by_stage(funnel, numbers), "stage", "Leads that reached each stage", stages)
        if opened:
            show_records(
                "lead_records",
                {**filters.lead_params, "stage": opened},
                "stage",
                STAGE_NAMES[opened],
                numbers,
                None,
            )
        for step in funnel.filter(pl.col("skipped") > 0).iter_rows(named=True):
            st.caption(
                f"{numbers.number(step['skipped'])} of the {numbers.number(step['reached'])} at {STAGE_NAMES[step['stage']]} "
                "came without the stage before (sales had rejected them): they are in the count and in no share."
            )
        with st.container(horizontal=True):
            download(funnel, "funnel", "lead_funnel")
            define("lead_funnel", "lead_records")

    with st.container(border=True):
        dimension = choose("By", DIMENSIONS, "leads_by", "source")
        compared = choose(
            "Compare",
            {"alike": f"Leads of one year, within {HORIZON} days", "period": "The period's leads, so far"},
            "compare_leads",
            "alike",
            f"Leads that all had {HORIZON} days can be compared; a young period's leads have had less time",
        )
        if compared == "alike":
            query, asked = "lead_to_close_within", {**filters.lead_scope, **one_year}
            heading(
                f"Leads won within {HORIZON} days, by {dimension}",
                f"Share of the leads of one year that are at least {HORIZON} days old, with 95% interval",
            )
        else:
            query, asked = "lead_to_close", filters.lead_params
            heading(
                f"Leads won so far, by {dimension}",
                f"Share of the leads created in {filters.period_words}, with 95% interval",
            )
        by_value = ask(query, **asked, dimension=dimension)
        options = named(by_value["dimension_value"].to_list())
        if by_value.is_empty():
            show_empty(
                f"No lead is {HORIZON} days old yet." if compared == "alike" else "No lead was created in this period."
            )
            opened = None
        elif by_value["rate"].null_count() == by_value.height:
            show_empty("No outcome of a deal is in the exports, so what was won is not known.")
            opened = pick("Open the records behind", options, "leads_of", "Choose here")
        else:
            opened = drill_figure(
                rate_by_value(by_value, numbers, page.about.flag_under, page.about.unranked_under),
                "leads_of",
                f"Share of leads won by {dimension}, with intervals",
                options,
            )
        if opened is not None:
            of_stage = choose("Which of them", stages, "leads_of_stage", "won" if "won" in stages else "lead")
            show_records(
                "lead_records",
                {**asked, "stage": of_stage, "dimension": dimension, "dimension_value": [opened]},
                "leads_of",
                f"{STAGE_NAMES[of_stage]}, {dimension} {opened or '(none)'}",
                numbers,
                None,
            )
        if by_value.height:
            table(
                by_value.drop("is_small", strict=False).select(*RATE_FIRST, pl.exclude(*RATE_FIRST)),
                query,
                "leads_table",
                f"Lead to close by {dimension}",
                numbers,
                {"dimension_value": DIMENSIONS[dimension]},
            )
        with st.container(horizontal=True):
            download(by_value, "leads_by", f"{query}_by_{dimension}")
            define(query, "lead_records")

    with st.container(border=True):
        heading(
            "How long it takes",
            "Share of leads won within so many days of creation. Leads that are still young count for as long as they "
            "were watched",
        )
        curve_of = choose(
            "Leads", {"period": "The period's", "two_years": "Of the last two years"}, "curve_of", "two_years"
        )
        split = st.toggle(f"By {dimension}", key="curve_split", bind="query-params")
        period = (
            {"period_start": filters.period_start, "period_end": filters.period_end}
            if curve_of == "period"
            else {"period_start": filters.as_of - timedelta(days=730)}
        )
        curves = curve(**filters.lead_scope, **period, dimension=dimension if split else None)
        if curves.is_empty():
            show_empty(
                "No outcome of a deal is in the exports, or no lead has a creation date: there is no curve to draw."
            )
        else:
            at_start = curves.filter(pl.col("day") == pl.col("day").min().over("dimension_value"))
            shown = at_start.sort("at_risk", descending=True)["dimension_value"].to_list()[:MOST_CURVES]
            won_days = curves.filter(pl.col("won") > 0)["day"]
            horizon = min(max(int(won_days.quantile(0.98) or 30), 30), 540) if won_days.len() else 90
            st.plotly_chart(
                won_by_age(curves, numbers, shown if split else [None], horizon),
                key="chart_curve",
                alt="Share of leads won within so many days of creation",
                config={"displayModeBar": False},
            )
            whole = ask_row("lead_to_close", **filters.lead_scope, **period)
            if whole is not None and whole["won_undated"]:
                st.caption(
                    f"{numbers.number(whole['won_undated'])} won without a close date: left out, as nobody knows when."
                )
            if split and at_start.height > MOST_CURVES:
                st.caption(f"The {MOST_CURVES} largest of {at_start.height} are drawn; the file has all.")
        with st.container(horizontal=True):
            download(curves, "curves", "kaplan_meier")
            define("kaplan_meier", "lead_survival")

with st.container(border=True):
    heading(
        "Win rate of deals",
        f"Deals decided in {filters.period_words}, whether a lead stood behind them or not",
    )
    show_left_out("deals", filters.params, "left_out_deals", numbers)
    deals_by = choose("Win rate by", DEAL_DIMENSIONS, "win_by", "owner")
    outcomes = ask("win_rate", **filters.params, dimension=deals_by)
    if outcomes.is_empty():
        show_empty("No deal was decided in this period under these filters.")
    else:
        rates = [WIN_RATES[basis][1] for basis in bases]
        table(
            outcomes.select("dimension_value", *rates, pl.exclude("dimension_value", "is_small", *rates)),
            "win_rate",
            "win_table",
            f"Win rate by {deals_by}",
            numbers,
            {"dimension_value": DEAL_DIMENSIONS[deals_by]},
        )
        opened = pick("Open the deals of", named(outcomes["dimension_value"].to_list()), "deals_of", "Choose here")
        if opened is not None:
            show_records(
                "outcome_records",
                {**filters.params, "dimension": deals_by, "dimension_value": [opened]},
                "deals_of",
                f"Decided deals, {DEAL_DIMENSIONS[deals_by].lower()} {opened or '(none)'}",
                numbers,
                "amount_base",
            )
    with st.container(horizontal=True):
        download(outcomes, "win", f"win_rate_by_{deals_by}")
        define("win_rate", "outcome_records")
