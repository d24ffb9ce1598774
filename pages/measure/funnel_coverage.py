"""Funnel coverage: is there enough pipeline for the goal?"""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from pages.measure.coverage import change, deals, enough, looking_back, now, periods, tidy
from pages.measure.leads.beside import beside
from reports.findings_coverage import coverage_finding, days_left, is_nearly_over
from reports.one_number import coverage_gap
from ui.ask import ask, ask_row
from ui.choose import choose, pick, section
from ui.define import define
from ui.habits import say_without
from ui.messages import plain, show_finding
from ui.one_number import looked_through, show_definitions
from ui.page import Page, begin
from ui.records import show_records

SECTIONS = {
    "now": "Now",
    "enough": "What it takes",
    "change": "Change",
    "deals": "Deals",
    "periods": "Periods",
    "back": "Looking back",
    "tidy": "Tidy or gamed?",
}


def leading(page: Page) -> Page:
    """Return the page with the period that leads it: the next one in the last two weeks of a period."""
    filters = page.filters
    if filters.period_end is None or not is_nearly_over(filters.period_start, filters.period_end, filters.as_of):
        return page
    found = ask("coverage_by_period", **filters.params)
    if found.height < 2:
        return page
    following = found.row(1, named=True)
    which = choose(
        "Period that leads this page",
        {"next": "The next period", "this": "This period"},
        "coverage_period",
        "next",
        "In the last two weeks of a period the next one leads: what is to be done for it is to be done now",
    )
    left = days_left(filters.period_end, filters.as_of)
    ending = "is over" if left == 0 else f"has {left} {'day' if left == 1 else 'days'} left"
    if which == "this":
        st.caption(f"{filters.period} {ending}; {following['period']} follows.")
        return page
    st.caption(f"{filters.period} {ending}, so {following['period']}, the next, leads this page.")
    start, end = following["period_start"], following["period_end"]
    coming = replace(filters, period=following["period"], period_start=start, period_end=end, compared=None)
    return replace(page, filters=coming)


def key_figures(page: Page, row: dict[str, Any]) -> None:
    """Show the page's numbers, each beside what it was in the period to compare with."""
    numbers, other = page.numbers, page.filters.compared
    before = None if other is None else ask_row("funnel_coverage", **other.params)
    edges = (row["band_low"], row["band_high"])
    with st.container(horizontal=True):
        for label, column, show, explained in (
            (
                "Coverage to go",
                "coverage_to_go",
                lambda value: numbers.ratio_beside(value, edges),
                "open / (goal − won)",
            ),
            ("Coverage, full", "coverage_full", numbers.ratio, "(won + open) / goal"),
            ("Goal", "goal", numbers.money, None),
            ("Won", "won_amount", numbers.money, None),
            ("Open, due", "open_amount", numbers.money, None),
            ("Overdue", "overdue_amount", numbers.money, "Counted apart, in no coverage"),
        ):
            was = beside(page, before, lambda found, show=show, column=column: show(found[column]))
            st.metric(label, show(row[column]), border=True, help=explained, **was)


def both_coverages(page: Page, row: dict[str, Any]) -> None:
    """Show coverage to go and full, why they differ, and the won deals between them."""
    st.markdown(plain(coverage_gap(row, page.numbers)))
    opened = pick("Open the deals between them", {"won": "Won in the period"}, "coverage_between", "Choose here")
    if opened:
        params = {**page.filters.params, "outcome": "won"}
        show_records("outcome_records", params, "coverage_between", "Won in the period", page.numbers, "amount_base")
    define("funnel_coverage")


page = begin("Funnel coverage", "Is there enough pipeline for the goal?")
led = leading(page)
filters = led.filters
total = ask_row("funnel_coverage", **filters.params)
unmapped = (
    ask("pipeline_records", **filters.params, kind="unmapped")["stage"].value_counts(sort=True)["stage"].to_list()
    if total is not None and total["unmapped_count"]
    else []
)
in_force = page.about.coverage_basis
basis = looked_through("coverage", in_force)
show_finding(coverage_finding(total, page.numbers, filters.period_end, filters.as_of, unmapped, basis))
if total is None:
    st.stop()
said = st.container()
key_figures(led, total)
show_definitions(page, "coverage", basis, partial(both_coverages, led, total))
chosen = section(SECTIONS, "coverage")
with said:
    if chosen != "enough":
        enough.say_required(led, total)
    if chosen != "tidy":
        say_without(led, "coverage_to_go", "coverage_full", "slippage")
if chosen == "now":
    now.draw(led, total)
elif chosen == "enough":
    enough.draw(led, total)
elif chosen == "back":
    looking_back.draw(page)
elif chosen == "change":
    change.draw(led)
elif chosen == "deals":
    deals.draw(led)
elif chosen == "tidy":
    # Of the period asked about: the next one has no won deals yet.
    tidy.draw(page)
else:
    # From the period asked about on, also where the next one leads.
    periods.draw(page)
