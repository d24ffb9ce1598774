"""Funnel coverage: is there enough pipeline for the goal?"""

import polars as pl
import streamlit as st

from charts.coverage import coverage_by_value, goal_and_pipeline, months_shown, pipeline_by_month
from reports.findings import coverage_finding
from ui.ask import ask, ask_row
from ui.choose import choose, named, pick
from ui.define import define
from ui.left_out import show_left_out
from ui.messages import show_empty, show_finding
from ui.page import begin, heading
from ui.records import download, drill_figure, show_records, table

KINDS = {
    "due": "Open deals due in the period",
    "won": "Deals won in the period",
    "won_without_amount": "Deals won that add nothing: no amount, or a currency without a rate",
    "overdue": "Open deals whose close date has passed",
    "undated": "Open deals without a close date",
    "without_amount": "Open deals due that add nothing: no amount, or a currency without a rate",
    "unmapped": "Deals whose stage says neither open, won nor lost",
    "assumed": "Open deals whose state on this day is assumed",
}
DIMENSIONS = {"owner": "Owner", "segment": "Segment", "region": "Region", "team": "Team", "product": "Product"}
COUNTS = {
    "due": "open_count",
    "won": "won_count",
    "won_without_amount": "won_without_amount_count",
    "overdue": "overdue_count",
    "undated": "undated_count",
    "without_amount": "without_amount_count",
    "unmapped": "unmapped_count",
    "assumed": "assumed_count",
}

page = begin("Funnel coverage", "Is there enough pipeline for the goal?")
filters, numbers = page.filters, page.numbers
total = ask_row("funnel_coverage", **filters.params)
show_finding(coverage_finding(total, numbers, filters.period_end, filters.as_of))
if total is None:
    st.stop()

with st.container(horizontal=True):
    st.metric("Coverage to go", numbers.ratio(total["coverage_to_go"]), border=True, help="open / (goal − won)")
    st.metric("Coverage, full", numbers.ratio(total["coverage_full"]), border=True, help="(won + open) / goal")
    st.metric("Goal", numbers.money(total["goal"]), border=True)
    st.metric("Won", numbers.money(total["won_amount"]), border=True)
    st.metric("Open, due", numbers.money(total["open_amount"]), border=True)
    st.metric("Overdue", numbers.money(total["overdue_amount"]), border=True, help="Counted apart, in no coverage")

aside = [
    f"{numbers.number(total[column])} {words}"
    for column, words in (
        ("undated_count", "open without a close date"),
        ("without_amount_count", "due without an amount or a rate"),
    )
    if total[column]
]
if aside:
    st.caption("Counted apart, in no coverage: " + "; ".join(aside) + ". Open them below.")
show_left_out("pipeline", filters.params, "left_out", numbers)
if total["won_without_amount_count"]:
    st.caption(
        f"Of the {numbers.number(total['won_count'])} won, {numbers.number(total['won_without_amount_count'])} without "
        "an amount or a rate: in the count, not in the amount. Open them below."
    )
if total["is_goal_set_later"]:
    st.caption("This goal was set after the as-of day: it was not known then.")

with st.container(border=True):
    heading(
        "What is won and what is open, against the goal",
        f"Amount in {numbers.currency}, {filters.period_words}",
    )
    opened = drill_figure(
        goal_and_pipeline(total, numbers),
        "pipeline",
        f"Won {numbers.money(total['won_amount'])} and open {numbers.money(total['open_amount'])} "
        f"against a goal of {numbers.money(total['goal'])}",
        {kind: words for kind, words in KINDS.items() if total[COUNTS[kind]]},
    )
    if opened:
        show_records(
            "pipeline_records",
            {**filters.params, "kind": opened},
            "pipeline",
            KINDS[opened],
            numbers,
            "amount_base",
        )
    define("funnel_coverage", "pipeline_records")

with st.container(border=True):
    dimension = choose("Coverage by", DIMENSIONS, "coverage_by", "owner")
    by_value = ask("funnel_coverage", **filters.params, dimension=dimension)
    heading(f"Coverage to go by {dimension}", "Times what is still missing from each one's own goal")
    options = named(by_value["dimension_value"].to_list())
    if by_value["goal"].null_count() == by_value.height:
        show_empty(
            f"No {dimension} has a goal of its own for exactly this period, so there is no coverage to judge. "
            "The table below shows what each one has open."
        )
        opened = pick("Open the records behind", options, "due_by", "Choose here")
    else:
        opened = drill_figure(
            coverage_by_value(by_value, numbers),
            "due_by",
            f"Coverage to go by {dimension}, against the band of the rule",
            options,
        )
    if opened is not None:
        show_records(
            "pipeline_records",
            {**filters.params, "kind": "due", "dimension": dimension, "dimension_value": [opened]},
            "due_by",
            f"Open deals due, {dimension} {opened or '(none)'}",
            numbers,
            "amount_base",
        )
    shown = by_value.select(
        "dimension_value",
        "coverage_to_go",
        "coverage_full",
        "verdict",
        "goal",
        "won_amount",
        "open_amount",
        "open_count",
        "overdue_amount",
        "overdue_count",
        "missing_amount",
    )
    table(
        shown,
        "funnel_coverage",
        "coverage_table",
        f"Coverage by {dimension}",
        numbers,
        {"dimension_value": DIMENSIONS[dimension]},
    )
    with st.container(horizontal=True):
        download(by_value, "coverage_by", f"funnel_coverage_by_{dimension}")
        define("funnel_coverage")

with st.container(border=True):
    by_month = ask("funnel_coverage", **filters.params, dimension="month")
    heading(
        "Pipeline by close month",
        f"Amount in {numbers.currency}; overdue deals stand in the month they were due",
    )
    first = min(filters.period_start or filters.as_of, filters.as_of)
    months = months_shown(by_month, f"{first:%Y-%m}")
    if months.is_empty():
        show_empty("No won or open deal has a close date in this period.")
    else:
        labels = {
            f"{kind}:{row['month']}": f"{kind.capitalize()}, {row['month']}"
            for kind in ("won", "open", "overdue")
            for row in months.iter_rows(named=True)
            if row[f"{kind}_count"]
        }
        opened = drill_figure(
            pipeline_by_month(months, numbers),
            "month",
            "Won, open and overdue amounts by close month",
            labels,
        )
        if opened:
            kind, month = opened.split(":")
            show_records(
                "pipeline_records",
                {
                    **filters.params,
                    "kind": "due" if kind == "open" else kind,
                    "dimension": "month",
                    "dimension_value": months.filter(pl.col("month") == month)["months"][0].to_list(),
                },
                "month",
                labels[opened],
                numbers,
                "amount_base",
            )
    with st.container(horizontal=True):
        download(by_month, "by_month", "funnel_coverage_by_month")
        define("funnel_coverage")
