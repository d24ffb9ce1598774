"""Funnel coverage, section Change: what moved the pipeline between two days, week by week, and what was created."""

from datetime import date, timedelta

import streamlit as st

from charts.coverage_change import (
    STEPS,
    coverage_by_week,
    created_amount_by_week,
    created_by_week,
    pipeline_waterfall,
    steps_shown,
)
from charts.numbers import day
from reports.findings_coverage import creation_finding, waterfall_finding, weeks_finding
from ui.ask import ask, ask_row
from ui.choose import choose
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records


def draw(page: Page) -> None:
    """Draw the section: what moved the pipeline between two days, coverage week by week, and the deals created."""
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        before = filters.compared.as_of if filters.compared else filters.as_of - timedelta(days=7)
        since = st.date_input(
            "From the end of",
            value=min(before, filters.as_of - timedelta(days=1)),
            max_value=filters.as_of - timedelta(days=1),
            min_value=min(page.about.first_date or before, before),
            key="since",
            bind="query-params",
            help="The first of the two days; the second is the as-of day. The period stays the same.",
        )
        asked = {**filters.params, "since": since if isinstance(since, date) else before}
        steps = ask("pipeline_waterfall", **asked)
        heading(
            "What moved the open pipeline",
            f"Amount in {numbers.currency}, deals due in {filters.period_words}, "
            f"from {day(asked['since'])} to {day(filters.as_of)}",
        )
        st.markdown(plain(waterfall_finding(steps, numbers, filters.as_of, page.about.history_from)))
        shown = steps_shown(steps)
        if shown["deals"].sum():
            options = {row["step"]: STEPS[row["step"]] for row in shown.iter_rows(named=True) if row["deals"]}
            options |= {"unchanged": STEPS["unchanged"]}
            alt = "Opening pipeline, what moved it, and closing pipeline"
            opened = drill_figure(pipeline_waterfall(shown, numbers), "moved", alt, options)
            if opened:
                params = {**asked, "step": opened}
                show_records("pipeline_waterfall_records", params, "moved", STEPS[opened], numbers, "change")
        with st.container(horizontal=True):
            download(steps, "waterfall", "pipeline_waterfall")
            define("pipeline_waterfall", "pipeline_waterfall_records")
    left, right = st.columns(2)
    with left, st.container(border=True):
        _weeks(page)
    with right, st.container(border=True):
        _created(page)


def _weeks(page: Page) -> None:
    """Show coverage as it stood at the end of each of the last weeks."""
    filters, numbers = page.filters, page.numbers
    weeks = ask("coverage_by_week", **filters.params)
    heading("Coverage, week by week", f"To go, {filters.period}, as it stood then against the goal of then")
    st.markdown(plain(weeks_finding(weeks, numbers)))
    days = {value.isoformat(): day(value) for value in weeks["day"]}
    if weeks["coverage_to_go"].null_count() < weeks.height:
        alt = "Coverage to go at the end of each of the last twelve weeks, against the band of the rule"
        opened = drill_figure(coverage_by_week(weeks, numbers), "week", alt, days)
        if opened:
            params = {**filters.params, "as_of": date.fromisoformat(opened), "kind": "due"}
            what = f"Open deals due on {days[opened]}"
            show_records("pipeline_records", params, "week", what, numbers, "amount_base")
    with st.container(horizontal=True):
        download(weeks, "by_week", "coverage_by_week")
        define("coverage_by_week")


def _created(page: Page) -> None:
    """Show the deals created week by week, beside what is usual and what is needed."""
    filters, numbers = page.filters, page.numbers
    weeks = ask("pipeline_created_by_week", **filters.scope)
    missing = ask_row("pipeline_missing", **filters.params)
    heading("Pipeline created a week", "Deals, or their amount at the end of the week in which they were created")
    if weeks.is_empty():
        show_empty("No deal was created in the last twenty-six weeks.")
        return
    st.markdown(plain(creation_finding(weeks, missing, numbers)))
    measure = choose("Count", {"deals": "Deals", "amount": "Amount"}, "created_in", "deals")
    needed = missing["needed_per_week"] if missing is not None else None
    fig = (
        created_by_week(weeks, numbers)
        if measure == "deals"
        else created_amount_by_week(weeks, None if needed is None else float(needed), numbers)
    )
    options = {
        row["week_start"].isoformat(): f"Week of {day(row['week_start'])}" for row in weeks.iter_rows(named=True)
    }
    opened = drill_figure(fig, "created", "Deals created in each of the last twenty-six weeks", options)
    if opened:
        params = {**filters.scope, "week_start": date.fromisoformat(opened)}
        what = f"Deals created in the {options[opened].lower()}"
        show_records("pipeline_created_records", params, "created", what, numbers, "amount_base")
    with st.container(horizontal=True):
        download(weeks, "created", "pipeline_created_by_week")
        define("pipeline_created_by_week", "pipeline_missing")
