"""Lead to close, section Selling: the four win rates, who wins, and how fast money is on its way."""

from datetime import timedelta

import polars as pl
import streamlit as st

from charts.leads_selling import basis_name, win_rate_by_basis
from pages.measure.leads.beside import beside
from pages.measure.leads.dimensions import deal_dimensions
from reports.findings_leads import velocity_sentence, win_rates_finding
from ui.ask import ask, ask_row
from ui.choose import choose, named, pick
from ui.define import define
from ui.left_out import show_left_out
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table


def draw(page: Page) -> None:
    """Draw the section."""
    show_left_out("deals", page.filters.params, "left_out_deals", page.numbers)
    _four_bases(page)
    _win_rates(page)
    _velocity(page)


def _four_bases(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        heading(
            "Win rate on its four bases",
            f"Deals decided in {filters.period_words} (by count, by value), and deals created in it (cohort, within); filled: "
            "the basis of the settings",
        )
        bases = ask("win_rate_bases", **filters.params)
        st.markdown(f"**{plain(win_rates_finding(bases, numbers))}**")
        known = bases.filter(pl.col("rate").is_not_null())
        if known.is_empty():
            return
        options = {row["basis"]: basis_name(row["basis"], row["days"]) for row in known.iter_rows(named=True)}
        opened = drill_figure(win_rate_by_basis(bases, numbers), "basis", "Win rate on its four bases", options)
        if opened in ("count", "value"):
            show_records("outcome_records", filters.params, "basis", options[opened], numbers, "amount_base")
        elif opened is not None:
            days = known.filter(pl.col("basis") == opened)["days"][0]
            show_records(
                "deal_cohort_records", {**filters.params, "days": days}, "basis", options[opened], numbers, None
            )
        with st.container(horizontal=True):
            download(bases, "bases", "win_rate_bases")
            define("win_rate_bases", "outcome_records", "deal_cohort_records")


def _win_rates(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    dimensions = deal_dimensions()
    with st.container(border=True):
        heading(
            "Win rate of deals",
            f"Deals decided in {filters.period_words}, whether a lead stood behind them or not",
        )
        deals_by = choose("Win rate by", dimensions, "win_by", "owner")
        name = dimensions[deals_by].lower()
        outcomes = ask("win_rate", **filters.params, dimension=deals_by)
        if outcomes.is_empty():
            show_empty("No deal was decided in this period under these filters.")
            return
        rates = ["rate", "rate_by_value"] if page.about.win_rate_basis != "value" else ["rate_by_value", "rate"]
        table(
            outcomes.select("dimension_value", *rates, pl.exclude("dimension_value", "is_small", *rates)),
            "win_rate",
            "win_table",
            f"Win rate by {name}",
            numbers,
            {"dimension_value": dimensions[deals_by]},
        )
        opened = pick("Open the deals of", named(outcomes["dimension_value"].to_list()), "deals_of", "Choose here")
        if opened is not None:
            show_records(
                "outcome_records",
                {**filters.params, "dimension": deals_by, "dimension_value": [opened]},
                "deals_of",
                f"Decided deals, {name} {opened or '(none)'}",
                numbers,
                "amount_base",
            )
        with st.container(horizontal=True):
            download(outcomes, "win", f"win_rate_by_{name}")
            define("win_rate", "outcome_records")


def _velocity(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    dimensions = deal_dimensions()
    # A quarter that has just begun has too few decided deals: the last twelve months tell the three parts.
    asked = {
        **filters.params,
        "period_start": filters.as_of - timedelta(days=364),
        "period_end": filters.as_of + timedelta(days=1),
    }
    with st.container(border=True):
        heading(
            "Sales velocity",
            "Money a day: open deals × average won size × win rate / cycle length. Open deals of the day shown; the other three "
            "of the deals decided in the twelve months up to it",
        )
        row = ask_row("sales_velocity", **asked)
        st.markdown(f"**{plain(velocity_sentence(row, numbers))}**")
        if row is None:
            return
        other = filters.compared
        before = None
        if other is not None:
            span = {"period_start": other.as_of - timedelta(days=364), "period_end": other.as_of + timedelta(days=1)}
            before = ask_row("sales_velocity", **{**other.params, **span})
        with st.container(horizontal=True):
            for label, show in (
                ("Money a day", lambda found: numbers.money(found["velocity"])),
                ("Open deals", lambda found: numbers.number(found["open_deals"])),
                ("Average won size", lambda found: numbers.money(found["average_won"])),
                ("Won of decided", lambda found: numbers.share(found["win_rate"])),
                ("Cycle, median", lambda found: numbers.days(found["cycle_days"])),
            ):
                st.metric(label, show(row), border=True, **beside(page, before, show))
        parts = {"open": "Open deals", "won": "Won deals", "decided": "Decided deals"}
        opened = pick("Open the records behind", parts, "velocity_part", "Choose here")
        if opened == "open":
            show_records(
                "pipeline_records",
                {**filters.scope, "kind": "open"},
                "velocity_part",
                parts[opened],
                numbers,
                "amount_base",
            )
        elif opened is not None:
            outcome = "won" if opened == "won" else None
            show_records(
                "outcome_records", {**asked, "outcome": outcome}, "velocity_part", parts[opened], numbers, "amount_base"
            )
        dimension = choose("By", dimensions, "velocity_by", "segment")
        by_value = ask("sales_velocity", **asked, dimension=dimension)
        table(
            by_value.drop("is_small"),
            "sales_velocity",
            "velocity_table",
            f"Sales velocity by {dimensions[dimension].lower()}",
            numbers,
            {"dimension_value": dimensions[dimension]},
        )
        with st.container(horizontal=True):
            download(by_value, "velocity", f"sales_velocity_by_{dimensions[dimension].lower()}")
            define("sales_velocity", "outcome_records", "pipeline_records")
