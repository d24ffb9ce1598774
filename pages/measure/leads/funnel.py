"""Lead to close, section Funnel: how far leads came, step by step, and whose leads close."""

from datetime import timedelta

import polars as pl
import streamlit as st

from charts.leads import STAGE_NAMES, leads_by_stage, rate_by_value
from pages.measure.leads.dimensions import lead_dimensions
from ui.ask import ask
from ui.choose import choose, named, pick
from ui.define import define
from ui.messages import show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

BASES = {"cohort": "Cohort: leads created in the period", "period": "Period: what happened in the period"}
# On a phone the first few columns are seen at once.
_RATE_FIRST = ["dimension_value", "rate", "won", "leads"]


def draw(page: Page, horizon: int) -> None:
    """Draw the section."""
    _funnel(page)
    _by_dimension(page, horizon)


def _funnel(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        basis = choose("Basis", BASES, "leads_basis", "cohort")
        if basis == "cohort":
            query = "lead_funnel"
            heading("The funnel", f"Leads created in {filters.period_words}, and how far they have come")
        else:
            query = "lead_funnel_of_period"
            heading(
                "The funnel of the period",
                f"Stages that leads reached in {filters.period_words}, whenever they were created. Shares compare different "
                "people and can exceed 100%",
            )
        funnel = ask(query, **filters.lead_params)
        stages = {stage: STAGE_NAMES[stage] for stage in funnel["stage"]}
        opened = drill_figure(leads_by_stage(funnel, numbers), "stage", "Leads that reached each stage", stages)
        if opened:
            asked = {**filters.lead_params, "stage": opened, "basis": basis}
            show_records("lead_records", asked, "stage", STAGE_NAMES[opened], numbers, None)
        if basis == "cohort":
            for step in funnel.filter(pl.col("skipped") > 0).iter_rows(named=True):
                st.caption(
                    f"{numbers.number(step['skipped'])} of the {numbers.number(step['reached'])} at "
                    f"{STAGE_NAMES[step['stage']]} came without the stage before (sales had rejected them): they are in the "
                    "count and in no share."
                )
        _compared(page, funnel, query)
        table(
            funnel.drop("position").with_columns(pl.col("stage").replace(STAGE_NAMES)),
            query,
            "funnel_table",
            "Steps of the funnel with their shares, intervals and times",
            numbers,
        )
        with st.container(horizontal=True):
            download(funnel, "funnel", query)
            define(query, "lead_records")


def _compared(page: Page, funnel: pl.DataFrame, query: str) -> None:
    """Say what the shares of the steps were in the period to compare with."""
    other = page.filters.compared
    if other is None:
        return
    before = dict(ask(query, **other.lead_params).select("stage", "of_previous").rows())
    told = [
        f"{STAGE_NAMES[row['stage']]} {page.numbers.share(row['of_previous'])} (was {page.numbers.share(before[row['stage']])})"
        for row in funnel.iter_rows(named=True)
        if row["of_previous"] is not None and before.get(row["stage"]) is not None
    ]
    if told:
        st.caption(f"Beside {other.period}, of the stage before: {', '.join(told)}.")


def _by_dimension(page: Page, horizon: int) -> None:
    filters, numbers, about = page.filters, page.numbers, page.about
    dimensions = lead_dimensions()
    # The leads of one year, the youngest of which have just had the whole horizon.
    one_year = {"period_start": filters.as_of - timedelta(days=horizon + 365), "days": horizon}
    with st.container(border=True):
        dimension = choose("By", dimensions, "leads_by", "source")
        name = dimensions[dimension].lower()
        compared = choose(
            "Compare",
            {"alike": f"Leads of one year, within {horizon} days", "period": "The period's leads, so far"},
            "compare_leads",
            "alike",
            f"Leads that all had {horizon} days can be compared; a young period's leads have had less time",
        )
        if compared == "alike":
            query, asked = "lead_to_close_within", {**filters.lead_scope, **one_year}
            heading(
                f"Leads won within {horizon} days, by {name}",
                f"Share of the leads of one year that are at least {horizon} days old, with 95% interval",
            )
        else:
            query, asked = "lead_to_close", filters.lead_params
            heading(
                f"Leads won so far, by {name}",
                f"Share of the leads created in {filters.period_words}, with 95% interval",
            )
        by_value = ask(query, **asked, dimension=dimension)
        options = named(by_value["dimension_value"].to_list())
        if by_value.is_empty():
            show_empty(
                f"No lead is {horizon} days old yet." if compared == "alike" else "No lead was created in this period."
            )
            opened = None
        elif by_value["rate"].null_count() == by_value.height:
            show_empty("No outcome of a deal is in the exports, so what was won is not known.")
            opened = pick("Open the records behind", options, "leads_of", "Choose here")
        else:
            opened = drill_figure(
                rate_by_value(by_value, numbers, about.flag_under, about.unranked_under),
                "leads_of",
                f"Share of leads won by {name}, with intervals",
                options,
            )
        if opened is not None:
            of_stage = choose("Which of them", STAGE_NAMES, "leads_of_stage", "won")
            show_records(
                "lead_records",
                {**asked, "stage": of_stage, "dimension": dimension, "dimension_value": [opened]},
                "leads_of",
                f"{STAGE_NAMES[of_stage]}, {name} {opened or '(none)'}",
                numbers,
                None,
            )
        if by_value.height:
            table(
                by_value.drop("is_small", strict=False).select(*_RATE_FIRST, pl.exclude(*_RATE_FIRST)),
                query,
                "leads_table",
                f"Lead to close by {name}",
                numbers,
                {"dimension_value": dimensions[dimension]},
            )
        with st.container(horizontal=True):
            download(by_value, "leads_by", f"{query}_by_{name}")
            define(query, "lead_records")
