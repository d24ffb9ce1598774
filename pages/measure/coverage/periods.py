"""Funnel coverage, section Periods: this and the next ones against the rule, and how past ones began and ended."""

import polars as pl
import streamlit as st

from charts.coverage_periods import coverage_by_period, outcomes_by_period, starts_and_ends
from reports.findings_coverage import periods_finding
from ui.ask import ask
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

OUTCOMES = {"won": "won", "lost": "lost", "slipped": "slipped past its end", "left": "still open, or gone"}


def draw(page: Page) -> None:
    """Draw the section: this and the next periods, and how past periods began and ended."""
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        coming = ask("coverage_by_period", **filters.params)
        heading("This and the next periods", "Coverage to go, each by its own goal")
        if coming.is_empty():
            show_empty("No deal is in the exports.")
            return
        bounds = {row["period"]: (row["period_start"], row["period_end"]) for row in coming.iter_rows(named=True)}
        options = {period: f"Open deals due in {period}" for period in bounds}
        alt = "Coverage to go of this and the next periods, against the band of the rule"
        opened = drill_figure(coverage_by_period(coming, numbers), "due_in", alt, options)
        if opened:
            start, end = bounds[opened]
            params = {**filters.scope, "period_start": start, "period_end": end, "kind": "due"}
            show_records("pipeline_records", params, "due_in", options[opened], numbers, "amount_base")
        shown = coming.drop("period_start", "period_end", "is_goal_set_later", "assumed_count", "band_low", "band_high")
        names = {"missing_amount": "Missing pipeline"}
        table(shown, "coverage_by_period", "periods_table", "Coverage of this and the next periods", numbers, names)
        with st.container(horizontal=True):
            download(coming, "periods", "coverage_by_period")
            define("coverage_by_period")
    starts = ask("period_starts", **filters.params)
    with st.container(border=True):
        heading("How periods began, and what came of it", "Open and due at the start of the period / its goal")
        st.markdown(plain(periods_finding(starts, numbers)))
        _starts(page, starts)


def _starts(page: Page, starts: pl.DataFrame) -> None:
    """Show coverage at the start of periods beside what was made of the goal, and what became of the deals."""
    filters, numbers = page.filters, page.numbers
    if starts.is_empty():
        show_empty("No period has begun since the first deal was created.")
        return
    bounds = {row["period"]: (row["period_start"], row["period_end"]) for row in starts.iter_rows(named=True)}
    left, right = st.columns(2)
    with left:
        began = {period: f"Deals due when {period} began" for period in bounds}
        alt = "Coverage at the start of each period, and the share of its goal that was won"
        opened = drill_figure(starts_and_ends(starts, numbers), "began", alt, began)
    with right:
        ended = {f"{kind}:{period}": f"{period}: {words}" for period in bounds for kind, words in OUTCOMES.items()}
        ends = None
        if starts["due_count"].sum():
            alt = "What became of the deals that were due when each period began"
            ends = drill_figure(outcomes_by_period(starts, numbers), "became", alt, ended)
    for key, choice, words in (("began", opened, began), ("became", ends, ended)):
        if choice:
            kind, _, period = choice.rpartition(":")
            start, end = bounds[period]
            params = {**filters.scope, "period_start": start, "period_end": end, "outcome": kind or None}
            show_records("period_start_records", params, key, words[choice], numbers, "amount_base")
    early = ("period", "coverage_at_start", "attained", "slippage", "slippage_by_value", "goal", "won_amount")
    shown = starts.select(*early, pl.exclude(*early, "period_start", "period_end", "band_low", "band_high"))
    table(shown, "period_starts", "starts_table", "How periods began and what came of it", numbers)
    with st.container(horizontal=True):
        download(starts, "starts", "period_starts")
        define("period_starts", "period_start_records")
