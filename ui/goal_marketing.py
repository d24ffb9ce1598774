"""Marketing's part of what was won: sourced and influenced, where the tests agree, new and existing customers."""

import polars as pl
import streamlit as st

from charts.goals import VIEW_NAMES, won_by_view
from reports.findings_goals import agreement_finding, customers_finding
from ui.ask import ask
from ui.choose import pick
from ui.define import define
from ui.files import download
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import drill_figure, show_records, table


def show_marketing(page: Page) -> None:
    """Show what marketing sourced and influenced, where the tests agree, and new and existing customers."""
    with st.container(border=True):
        _show_views(page)
    with st.container(border=True):
        _show_agreement(page)
    with st.container(border=True):
        _show_customers(page)


def _show_views(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    views = ask("sourced_and_influenced", **filters.params)
    heading(
        "Sourced and influenced by marketing",
        f"Amount won in {numbers.currency}, {filters.period_words}. Never added: an influenced deal may be sourced too",
    )
    not_recorded = [VIEW_NAMES[view] for view in views.filter(pl.col("deals").is_null())["view"].to_list()]
    if views["amount"].null_count() == views.height:
        show_empty("No outcome with an amount is in the exports, so there is nothing to share out.")
    elif not views["amount"].sum():
        show_empty("Nothing with an amount was won in this period under these filters: there is nothing to share out.")
    else:
        present = views.filter(pl.col("deals").fill_null(0) > 0)["view"].to_list()
        opened = drill_figure(
            won_by_view(views, numbers),
            "view",
            "Amount won, and how much of it marketing sourced or influenced by each test",
            {view: VIEW_NAMES[view] for view in present},
        )
        if opened:
            params = {**filters.params, "outcome": "won", "view": opened}
            show_records("outcome_records", params, "view", VIEW_NAMES[opened], numbers, "amount_base")
    if not_recorded and len(not_recorded) < views.height:
        told = "; ".join(not_recorded)
        st.caption(f"Dashes, because the exports record no source or no campaign touch to tell by: {told}.")
    with st.container(horizontal=True):
        download(views, "views", "sourced_and_influenced")
        define("sourced_and_influenced", "outcome_records")


def _show_agreement(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    heading("Where the tests agree", "Won deals by which of the three tests call them sourced")
    agreement = ask("sourced_agreement", **filters.params)
    st.markdown(plain(agreement_finding(agreement, numbers)))
    if agreement.height:
        # Which tests is said in words; the flags stand in the file.
        told = agreement.select("tests", "deals", "amount", "of_won", "of_deals")
        names = {"tests": "Sourced by"}
        table(told, "sourced_agreement", "agreement_table", "Where the tests agree", numbers, names)
        options = {tests: tests for tests in agreement["tests"].to_list()}
        opened = pick("Open the deals sourced by", options, "sourced_tests", "Choose here")
        if opened:
            params = {**filters.params, "tests": opened}
            what = f"Won, sourced by: {opened}"
            show_records("sourced_agreement_records", params, "sourced_tests", what, numbers, "amount_base")
    with st.container(horizontal=True):
        download(agreement, "agreement", "sourced_agreement")
        define("sourced_agreement")


def _show_customers(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    heading("New and existing customers", f"Deals won and lost, {filters.period_words}")
    customers = ask("won_by_customer", **filters.params)
    st.markdown(plain(customers_finding(customers, numbers, page.about.flag_under)))
    if customers.height:
        table(customers, "won_by_customer", "customers_table", "New and existing customers", numbers)
        kinds = {
            value or "": f"{value or 'not known'} customers"
            for value in customers["customer"].unique(maintain_order=True)
        }
        opened = pick("Open the won deals with", kinds, "customers", "Choose here")
        if opened is not None:
            params = {**filters.params, "outcome": "won", "customer": [opened]}
            show_records("won_by_customer_records", params, "customers", kinds[opened], numbers, "amount_base")
    with st.container(horizontal=True):
        download(customers, "customers", "won_by_customer")
        define("won_by_customer")
