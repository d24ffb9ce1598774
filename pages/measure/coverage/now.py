"""Funnel coverage, section Now: what is won and open against the goal, what is missing, and where."""

from typing import Any

import polars as pl
import streamlit as st

from charts.coverage import (
    by_attention,
    coverage_by_value,
    goal_and_pipeline,
    months_shown,
    open_by_value,
    pipeline_by_month,
)
from reports.findings_coverage import missing_sentence
from ui.ask import ask, ask_row
from ui.choose import choose, named, pick
from ui.define import define
from ui.left_out import show_left_out
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

Row = dict[str, Any]

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
DIMENSIONS = {
    "owner": "Owner",
    "segment": "Segment",
    "region": "Region",
    "team": "Team",
    "product": "Product",
    "business_type": "Type of business",
    "source": "Source",
    "month": "Month",
}


def draw(page: Page, total: Row) -> None:
    """Draw the section; `total` is the row of `funnel_coverage` without a dimension."""
    filters, numbers = page.filters, page.numbers
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
            f"Of the {numbers.number(total['won_count'])} won, {numbers.number(total['won_without_amount_count'])} "
            "without an amount or a rate: in the count, not in the amount. Open them below."
        )
    if total["is_goal_set_later"]:
        st.caption("This goal was set after the as-of day: it was not known then.")
    with st.container(border=True):
        heading(
            "What is won and what is open, against the goal", f"Amount in {numbers.currency}, {filters.period_words}"
        )
        kinds = {kind: words for kind, words in KINDS.items() if total[COUNTS[kind]]}
        if total["won_amount"] or total["open_amount"] or total["goal"]:
            opened = drill_figure(
                goal_and_pipeline(total, numbers),
                "pipeline",
                f"Won {numbers.money(total['won_amount'])} and open {numbers.money(total['open_amount'])} "
                f"against a goal of {numbers.money(total['goal'])}",
                kinds,
            )
        else:
            show_empty("Nothing is won, nothing is due and no goal is set in this period: there is nothing to draw.")
            opened = pick("Open the records behind", kinds, "pipeline", "Choose here") if kinds else None
        if opened:
            params = {**filters.params, "kind": opened}
            show_records("pipeline_records", params, "pipeline", KINDS[opened], numbers, "amount_base")
        if total["goal"] is not None:
            missing = missing_sentence(ask_row("pipeline_missing", **filters.params), numbers)
            if missing is not None:
                st.markdown(plain(missing))
        define("funnel_coverage", "pipeline_records", "pipeline_missing")
    fields = {
        name: name.removeprefix("custom: ")
        for name in ask("filter_values")["filter"].unique(maintain_order=True)
        if name.startswith("custom: ")
    }
    with st.container(border=True):
        dimension = choose("Coverage by", {**DIMENSIONS, **fields}, "coverage_by", "owner")
        if dimension == "month":
            _months(page)
        else:
            _values(page, dimension, {**DIMENSIONS, **fields}[dimension])


def _values(page: Page, dimension: str, label: str) -> None:
    """Show coverage by the values of a dimension, those first who need attention."""
    filters, numbers = page.filters, page.numbers
    by_value = by_attention(ask("funnel_coverage", **filters.params, dimension=dimension))
    options = named(by_value["dimension_value"].to_list())
    if by_value["goal"].null_count() == by_value.height:
        heading(f"Open pipeline by {label.lower()}", f"Amount in {numbers.currency}, {filters.period_words}")
        st.caption(
            f"No {label.lower()} has a goal of its own for exactly this period, so there is no coverage to judge."
        )
        shown = by_value.filter(pl.col("open_amount").is_not_null() & (pl.col("open_count") > 0))
        if shown.is_empty():
            show_empty("No open deal that is due carries an amount, or how it looked on this day is not recorded.")
            opened = pick("Open the records behind", options, "due_by", "Choose here")
        else:
            alt = f"Open pipeline by {label.lower()}"
            opened = drill_figure(open_by_value(shown, numbers), "due_by", alt, options)
    else:
        heading(f"Coverage to go by {label.lower()}", "Times what is still missing from each one's own goal")
        alt = f"Coverage to go by {label.lower()}, against the band of the rule"
        opened = drill_figure(coverage_by_value(by_value, numbers), "due_by", alt, options)
    if opened is not None:
        show_records(
            "pipeline_records",
            {**filters.params, "kind": "due", "dimension": dimension, "dimension_value": [opened]},
            "due_by",
            f"Open deals due, {label.lower()} {opened or '(none)'}",
            numbers,
            "amount_base",
        )
    shown = by_value.select(
        "dimension_value",
        "verdict",
        "coverage_to_go",
        "missing_amount",
        "goal",
        "won_amount",
        "open_amount",
        "open_count",
        "coverage_full",
        "overdue_amount",
        "overdue_count",
    )
    names = {"dimension_value": label, "missing_amount": "Missing pipeline"}
    table(shown, "funnel_coverage", "coverage_table", f"Coverage by {label.lower()}", numbers, names)
    with st.container(horizontal=True):
        download(by_value, "coverage_by", f"funnel_coverage_by_{dimension.replace(': ', '_')}")
        define("funnel_coverage")


def _months(page: Page) -> None:
    """Show won, open and overdue amounts by close month."""
    filters, numbers = page.filters, page.numbers
    by_month = ask("funnel_coverage", **filters.params, dimension="month")
    heading("Pipeline by close month", f"Amount in {numbers.currency}; overdue deals stand in the month they were due")
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
        alt = "Won, open and overdue amounts by close month"
        opened = drill_figure(pipeline_by_month(months, numbers), "month", alt, labels)
        if opened:
            kind, month = opened.split(":")
            chosen = {
                "kind": "due" if kind == "open" else kind,
                "dimension": "month",
                "dimension_value": months.filter(pl.col("month") == month)["months"][0].to_list(),
            }
            params = {**filters.params, **chosen}
            show_records("pipeline_records", params, "month", labels[opened], numbers, "amount_base")
    with st.container(horizontal=True):
        download(by_month, "by_month", "funnel_coverage_by_month")
        define("funnel_coverage")
