"""Funnel coverage, section Deals: which of the pipeline is real, the biggest deals, ageing by stage, the forecast."""

from datetime import timedelta

import polars as pl
import streamlit as st

from charts.coverage_deals import ageing_by_stage, forecast_now_and_then
from charts.numbers import day
from reports.findings_coverage import suspects_finding
from ui.ask import ask, ask_row
from ui.choose import named, pick
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

SUSPECTS = {
    "suspect": "Suspect deals that are due: pushed or silent",
    "pushed": "Pushed deals that are due",
    "silent": "Silent deals that are due",
    "overdue": "Overdue deals",
    "sound": "Deals that are due and not suspect",
}
BIGGEST = 10


def draw(page: Page) -> None:
    """Draw the section: which of the pipeline is real: suspects, the biggest deals, ageing by stage, the forecast."""
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        row = ask_row("coverage_without_suspects", **filters.params)
        heading("With and without suspects", f"Open deals due in {filters.period_words}")
        st.markdown(plain(suspects_finding(row, numbers)))
        opened = pick("Open the records behind", SUSPECTS, "suspects", "Choose here")
        if opened:
            params = {**filters.params, "kind": opened}
            show_records("open_deals", params, "suspects", SUSPECTS[opened], numbers, "amount_base")
        st.markdown(f"**The {BIGGEST} biggest open deals**")
        biggest = ask("open_deals", **filters.params).head(BIGGEST)
        if biggest.is_empty():
            show_empty("No open deal is due in this period under these filters.")
        else:
            early = ("name", "amount_base", "owner", "close_date", "stage", "forecast")
            shown = biggest.drop("record_id", "last_activity_date", "is_overdue", "created_date")
            shown = shown.select(*early, pl.exclude(*early))
            table(shown, "open_deals", "biggest", "The biggest open deals that are due", numbers)
        with st.container(horizontal=True):
            download(biggest, "biggest", "biggest_open_deals")
            define("coverage_without_suspects", "open_deals")
    left, right = st.columns(2)
    with left, st.container(border=True):
        _ageing(page)
    with right, st.container(border=True):
        _forecast(page)


def _ageing(page: Page) -> None:
    """Show how long open deals have been at their stage, beside won deals, and what they are worth by its chance."""
    filters, numbers = page.filters, page.numbers
    stages = ask("stage_ageing", **filters.params)
    heading("Ageing and worth by stage", "Open deals due, by how their stay compares with won deals at that stage")
    if stages.is_empty() or stages["deals"].null_count():
        show_empty("No open deal is due in this period, or how it looked on this day is not recorded.")
    else:
        weighted = stages["weighted_amount"]
        st.metric(
            "Open, weighted",
            numbers.money(None if weighted.null_count() else weighted.sum()),
            help="Each open deal that is due times the chance of deals at its stage: the share won of those that were there "
            "and are decided, or the CRM's own probability where these are too few.",
        )
        options = named(stages["stage"].to_list())
        alt = "Open deals by stage, by how long they have been there"
        opened = drill_figure(ageing_by_stage(stages, numbers), "stage_of", alt, options)
        if opened is not None:
            params = {**filters.params, "kind": "due", "stage": [opened]}
            what = f"Open deals due at {opened or '(none)'}"
            show_records("open_deals", params, "stage_of", what, numbers, "amount_base")
        configured = stages.filter(pl.col("chance_from") == "configured")["stage"].to_list()
        if configured:
            st.caption(
                plain(f"At {', '.join(configured)} too few deals are decided: the chance is the CRM's own probability.")
            )
        shown = stages.select(
            "stage",
            "deals",
            "amount",
            "chance",
            "weighted_amount",
            "median_days",
            "won_median_days",
            "won_p80_days",
            "won_p90_days",
            "chance_from",
            "decided",
            "won_deals",
        )
        table(shown, "stage_ageing", "stage_table", "Open deals by stage, their chance and their age", numbers)
    with st.container(horizontal=True):
        download(stages, "stages", "stage_ageing")
        define("stage_ageing")


def _forecast(page: Page) -> None:
    """Show what is called commit, best case and pipeline, beside what was called a week ago and what became of it."""
    filters, numbers = page.filters, page.numbers
    calls = ask("forecast_by_category", **filters.params)
    since = filters.as_of - timedelta(days=7)
    heading("Forecast categories", f"Open deals due, as called on {day(filters.as_of)} and on {day(since)}")
    if calls.is_empty() or calls["deals"].null_count():
        show_empty("No open deal is due in this period, or how it looked on one of the two days is not recorded.")
    elif calls["forecast"].null_count() == calls.height:
        show_empty("The exports name no forecast category.")
    else:
        options = {
            f"{when}:{name or ''}": f"{(name or '(none)').capitalize()}, called so {'now' if when == 'now' else 'then'}"
            for when in ("now", "then")
            for name in calls["forecast"]
        }
        alt = "Open deals by forecast category, now and a week before"
        opened = drill_figure(forecast_now_and_then(calls, numbers), "forecast", alt, options)
        if opened:
            when, name = opened.split(":", 1)
            params = {**filters.params, "forecast": [name], "on_day": since if when == "then" else None}
            show_records("forecast_records", params, "forecast", options[opened], numbers, "amount_base")
        shown = calls.drop("since_date", "assumed_count")
        table(shown, "forecast_by_category", "forecast_table", "Forecast categories now and a week before", numbers)
    with st.container(horizontal=True):
        download(calls, "forecast", "forecast_by_category")
        define("forecast_by_category", "forecast_records")
