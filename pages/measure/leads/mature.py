"""Lead to close, section Sooner or later: what share will ever be won, and what today's open leads will still bring."""

from datetime import timedelta

import polars as pl
import streamlit as st

from charts.leads_coming import ends_by_age, wins_by_month
from reports.findings_split import coming_finding
from reports.splits import Coming, still_to_come
from ui.ask import ask_row, computed
from ui.choose import choose
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, show_figure, show_records

_YEARS = 3


def draw(page: Page) -> None:
    """Draw the section, of the leads of three years: younger ones alone would say nothing of what comes late."""
    filters, numbers = page.filters, page.numbers
    start = filters.as_of - timedelta(days=round(_YEARS * 365.25))
    params = {**filters.lead_scope, "period_start": start, "period_end": filters.as_of + timedelta(days=1)}
    with st.container(border=True):
        heading(
            "What open leads will still bring",
            f"Won deals expected of the leads created in {_YEARS} years that are open today, by month (the period does not "
            "limit this)",
        )
        found: Coming = computed(still_to_come, params=params)
        st.markdown(f"**{plain(coming_finding(found.cured, found.coming, numbers))}**")
        months = found.coming.filter(pl.col("span") != "in all")
        if months.is_empty():
            show_empty("With fewer than ten won leads nothing can be said of those to come.")
        else:
            row = found.cured.row(0, named=True)
            size = _won_size(page)
            in_all = found.coming.filter(pl.col("span") == "in all").row(0, named=True)
            worth = None if size is None else in_all["expected"] * size
            with st.container(horizontal=True):
                st.metric("Won so far", numbers.share(row["won_so_far"]), border=True)
                st.metric(
                    "Won sooner or later",
                    numbers.share(row["ever_won"]),
                    border=True,
                    help="won by any age, by the curve",
                )
                st.metric("Never", numbers.share(row["never_won"]), border=True)
                st.metric("Half of the wins after", numbers.days(round(row["median_days"])), border=True)
                st.metric(
                    "Still to come",
                    numbers.money(worth),
                    border=True,
                    help="expected wins × the average won deal of the last year",
                )
            alt = "Won deals expected of today's open leads, month by month, with intervals"
            show_figure(wins_by_month(months, numbers), "coming", alt)
        shown = {"open": "Leads of three years", "won": "Of these, won"}
        which = choose("Open the leads", shown, "coming_which", "won")
        show_records(
            "lead_records",
            {**params, "stage": "won" if which == "won" else "lead"},
            "coming_records",
            shown[which],
            numbers,
            None,
        )
        with st.container(horizontal=True):
            download(found.coming, "coming", "wins_to_come")
            define("cure_fraction", "wins_to_come", "lead_survival")
    with st.container(border=True):
        heading("How leads end", "Share won, lost for good, and still open, by age; dotted: few leads are that old")
        if found.ends.is_empty():
            show_empty("The exports record no decision of sales, so a lead's loss is not known.")
        else:
            st.caption(
                "A lead that sales rejected and nobody took back is lost here and is not waited for. Where rejected leads come "
                "back often, the curve under Over time is the right one, and this one reads too low."
            )
            first = found.ends["at_risk"][0] or 1
            young = found.ends.filter(pl.col("at_risk") < first / 10)
            last_sure = young["day"][0] if young.height else None
            alt = "Share of leads won, lost for good and still open by age"
            show_figure(ends_by_age(found.ends, last_sure, numbers), "ends", alt)
        with st.container(horizontal=True):
            download(found.ends, "ends", "cumulative_incidence")
            define("cumulative_incidence", "lead_ends")


def _won_size(page: Page) -> float | None:
    """Return the average amount of the deals won in the last year; None where no amount is recorded."""
    filters = page.filters
    period = {"period_start": filters.as_of - timedelta(days=365), "period_end": filters.as_of + timedelta(days=1)}
    row = ask_row("win_rate", **filters.lead_scope, **period)
    if row is None or row["won_amount"] is None or not row["won"]:
        return None
    return float(row["won_amount"]) / float(row["won"])
