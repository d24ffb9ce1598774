"""Lead to close: do leads become customers, and where not?"""

from datetime import timedelta
from functools import partial

import polars as pl
import streamlit as st

from charts.leads_selling import basis_name
from pages.measure.leads import contact, funnel, handoff, mature, over_time, selling, split, weakest
from pages.measure.leads.beside import beside, lead_row_before
from reports.findings_leads import leads_finding
from reports.one_number import WAYS, win_rate_gap, win_rate_sums
from ui.ask import ask, ask_row
from ui.choose import pick, section
from ui.define import define
from ui.habits import say_without
from ui.left_out import show_left_out
from ui.messages import plain, show_empty, show_finding
from ui.one_number import looked_through, show_definitions
from ui.page import Page, begin, say_deals_only
from ui.records import show_records, table

# A fixed horizon compares like with like: only leads that could be watched for all of it.
HORIZON = 180
SECTIONS = {
    "funnel": "Funnel",
    "time": "Over time",
    "handoff": "Handoff",
    "selling": "Selling",
    "contact": "Contact",
    "weakest": "Weakest step",
    "split": "Leads or selling?",
    "mature": "Sooner or later",
}
# What a win rate of the settings' basis is over.
FORMULAS = {
    "count": "won / (won + lost), of deals decided in the period",
    "value": "amount won / (amount won + amount lost), of deals decided in the period",
    "cohort": "won so far / created, of the deals created in the period",
    "within": "won within so many days of creation / created, of the period's deals that are old enough",
}


def every_win_rate(page: Page, basis: str, bases: pl.DataFrame) -> None:
    """Show the win rate by every basis, how far the one looked through lies from ours, and the deals between them."""
    numbers, ours = page.numbers, page.about.win_rate_basis
    st.markdown(plain(win_rate_gap(bases, ours, basis, numbers)))
    shown = bases.with_columns(
        basis=pl.col("basis").replace_strict(dict(WAYS["win_rate"]), return_dtype=pl.String)
    ).drop("dimension_value", "is_small")
    table(shown, "win_rate_bases", "every_win_rate", "The win rate by every definition", numbers)
    if basis != ours:
        asked = {**page.filters.params, "basis": ours, "other": basis}
        st.markdown(plain(win_rate_sums(ask("win_rate_gap_records", **asked), numbers)))
        opened = pick("Open the deals between them", {"gap": "Counted differently"}, "win_rate_between", "Choose here")
        if opened:
            show_records("win_rate_gap_records", asked, "win_rate_between", "Counted differently", numbers, None)
    define("win_rate_bases", "win_rate_gap_records")


page = begin("Lead to close", "Do leads become customers, and where not?")
filters, numbers, about = page.filters, page.numbers, page.about
total = ask_row("lead_to_close", **filters.lead_params)
has_leads = total is not None or ask_row("lead_to_close", as_of=filters.as_of) is not None
if has_leads:
    # The leads of one year, the youngest of which have just had the whole horizon.
    one_year = {"period_start": filters.as_of - timedelta(days=HORIZON + 365), "days": HORIZON}
    show_finding(
        leads_finding(
            total,
            ask_row("lead_to_close_within", **filters.lead_params, days=HORIZON),
            ask("lead_to_close_within", **filters.lead_scope, **one_year, dimension="source"),
            ask_row("lead_to_close_within", **filters.lead_scope, **one_year),
            HORIZON,
            numbers,
            about.flag_under,
        )
    )
    say_without(page, "lead_to_close", "win_rate")
else:
    show_empty(
        "No leads are in the exports. Import your leads (or marketing contacts) to see whether they become customers."
    )

basis = looked_through("win_rate", about.win_rate_basis)
with st.container(horizontal=True):
    if total is not None:
        before = lead_row_before(page, "lead_to_close")
        for label, show, explained in (
            ("Leads created", lambda row: numbers.number(row["leads"]), None),
            ("Opportunities from them", lambda row: numbers.number(row["opportunities"]), None),
            ("Won from them", lambda row: numbers.number(row["won"]), None),
            ("Lead to close", lambda row: numbers.share(row["rate"]), "won / leads, so far"),
            ("Median time to won", lambda row: numbers.days(row["median_days"]), "of those won so far"),
        ):
            st.metric(label, show(total), border=True, help=explained, **beside(page, before, show))
    bases = ask("win_rate_bases", **filters.params)
    for row in bases.filter(bases["basis"] == basis).iter_rows(named=True):
        name = basis_name(row["basis"], row["days"])
        shown = {}
        if filters.compared is not None:
            other = ask("win_rate_bases", **filters.compared.params).filter(basis=row["basis"])
            was = other.row(0, named=True) if other.height else None
            shown = beside(page, was, lambda found: numbers.share(found["rate"]))
        label = f"Win rate {name[:1].lower()}{name[1:]}"
        st.metric(label, numbers.share(row["rate"]), border=True, help=FORMULAS[row["basis"]], **shown)
show_definitions(page, "win_rate", basis, partial(every_win_rate, page, basis, bases))
say_deals_only(filters)
show_left_out("leads", filters.params, "left_out_leads", numbers)

# Without leads, deals alone can be looked at; without any in the period, nothing that the period limits.
options = SECTIONS if has_leads else {name: SECTIONS[name] for name in ("selling", "contact")}
chosen = section(options, "leads")
if chosen == "funnel":
    if total is not None:
        funnel.draw(page, HORIZON)
elif chosen == "time":
    over_time.draw(page)
elif chosen == "handoff":
    handoff.draw(page)
elif chosen == "selling":
    selling.draw(page)
elif chosen == "contact":
    contact.draw(page)
elif chosen == "split":
    split.draw(page)
elif chosen == "mature":
    mature.draw(page)
else:
    weakest.draw(page, HORIZON)
