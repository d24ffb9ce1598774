"""Funnel coverage, section What it takes: the coverage that past periods took, and the chance of the goal."""

from typing import Any

import polars as pl
import streamlit as st

from charts.chance import coverage_it_took, what_it_may_end_at
from charts.numbers import day
from estimators import required_coverage
from reports.chance import (
    BY,
    Outlook,
    backtest,
    chance_finding,
    kind_of,
    outlook,
    required_by,
    required_finding,
    shown_chance,
)
from ui.ask import ask, computed, filter_choices
from ui.choose import choose, pick
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_figure, show_records
from ui.turns import long_work

Row = dict[str, Any]
# Between looks back for the headline; week by week stands under Looking back.
_EVERY = 28


def draw(page: Page, total: Row) -> None:
    """Draw the section; `total` is the row of `funnel_coverage`."""
    filters = page.filters
    kind = kind_of(filters.period_start, filters.period_end, filters.as_of)
    if kind is None:
        show_empty(
            "What it takes is learned from past periods with as many days to go, so it is said of a month, quarter or year "
            "that runs on the as-of day. Choose This quarter, or another as-of day."
        )
        return
    if total["goal"] is None:
        st.info("No goal is set for exactly this period and these filters: what it may end at is said all the same.")
    won = float(total["won_amount"] or 0)
    goal = None if total["goal"] is None else float(total["goal"])
    found: Outlook = computed(outlook, scope=filters.scope, kind=kind, won=won, goal=goal)
    _required(page, total, found)
    _chance(page, found)


def say_required(page: Page, total: Row) -> None:
    """Say under the page's finding what our own history asks, where it says so: the rule of thumb may mislead.

    Of the whole company alone: it is the slowest question of the page, and a click on a filter should not wait for it.
    """
    filters = page.filters
    if filters.is_narrowed:
        return
    kind = kind_of(filters.period_start, filters.period_end, filters.as_of)
    if kind is None or total["coverage_to_go"] is None:
        return
    required = required_coverage(ask("yield_by_period", **filters.scope, kind=kind))
    if required["required_even"][0] is None:
        return
    band = (total["band_low"], total["band_high"])
    st.markdown(plain(required_finding(required, kind, float(total["coverage_to_go"]), band, page.numbers)))


def _required(page: Page, total: Row, found: Outlook) -> None:
    filters, numbers = page.filters, page.numbers
    coverage = None if total["coverage_to_go"] is None else float(total["coverage_to_go"])
    row = found.required.row(0, named=True)
    with st.container(border=True):
        heading(
            "How much coverage is enough",
            f"Open pipeline / what is missing, at this day of a {found.kind}, by our own history",
        )
        band = (total["band_low"], total["band_high"])
        finding = required_finding(found.required, found.kind, coverage, band, numbers)
        st.markdown(f"**{plain(finding)}**")
        known = found.yields.filter(pl.col("yield") > 0)
        if known.height:
            days = {one["period"]: one for one in known.iter_rows(named=True)}
            opened = drill_figure(
                coverage_it_took(found.yields, row, coverage, numbers),
                "took",
                "The coverage that would just have been enough in each past period, and what even and 80% odds take",
                {name: f"{name}, as of {day(one['day'])}" for name, one in days.items()},
            )
            if opened is not None:
                one = days[opened]
                which = choose("Show", {"due": "Open and due then", "won": "Won from then on"}, "took_which", "won")
                params = {**filters.scope, "period_start": one["period_start"], "period_end": one["period_end"]}
                if which == "due":
                    params |= {"as_of": one["day"], "kind": "due"}
                    what = f"Open deals due in the rest of {opened} on {day(one['day'])}"
                    show_records("pipeline_records", params, "took_due", what, numbers, "amount_base")
                else:
                    from_day = {
                        **params,
                        "period_start": one["day"].fromordinal(one["day"].toordinal() + 1),
                        "outcome": "won",
                    }
                    what = f"Deals won in the rest of {opened}"
                    show_records("outcome_records", from_day, "took_won", what, numbers, "amount_base")
        left_out = found.yields.height - known.height
        if left_out:
            st.caption(
                f"{left_out} past {found.kind}{'s are' if left_out > 1 else ' is'} left out: the state of deals is assumed, "
                "nothing was open, or nothing was won from then on."
            )
        _by(page, found)
        with st.container(horizontal=True):
            download(found.yields, "yields", "yield_by_period")
            define("required_coverage", "yield_by_period")


def _by(page: Page, found: Outlook) -> None:
    """Show required coverage by segment and the like, where enough past periods are recorded."""
    options = {name: name.replace("_", " ").capitalize() for name in BY if len(filter_choices().get(name, [])) > 1}
    if not options:
        return
    by = pick("Required coverage by", options, "required_by", "Choose here")
    if by is None:
        return
    numbers, scope = page.numbers, page.filters.scope
    values = tuple(filter_choices()[by])
    frame: pl.DataFrame = computed(required_by, scope=scope, kind=found.kind, dimension=by, values=values)
    st.dataframe(
        pl.DataFrame(
            [
                {
                    options[by]: row["dimension_value"] or "(none)",
                    "Even odds": numbers.ratio(row["required_even"]),
                    "80% odds": numbers.ratio(row["required_80"]),
                    "Past periods": row["periods"],
                    "Why not": row["reason"] or "",
                }
                for row in frame.iter_rows(named=True)
            ]
        ),
        hide_index=True,
    )


def _chance(page: Page, found: Outlook) -> None:
    numbers, row = page.numbers, found.row
    with st.container(border=True):
        heading(
            "The chance of the goal", f"What this {found.kind} may end at, by open deals and what history adds to them"
        )
        tested = None
        if row["p50"] is not None:
            with long_work("Looking back on past periods …"):
                # Of the whole company and all of its data: whether such a forecast is any good does not hang on the filters.
                whole = {"as_of": page.about.newest_date}
                tested = computed(backtest, scope=whole, kind=found.kind, every=_EVERY)
        st.markdown(f"**{plain(chance_finding(found, tested if tested and tested.said.height else None, numbers))}**")
        if row["p50"] is None:
            define("chance_of_goal", "deal_chances")
            return
        with st.container(horizontal=True):
            st.metric("Chance of the goal", shown_chance(row["chance"], numbers), border=True)
            for name, explained in (
                ("p10", "in nine of ten cases more"),
                ("p50", "the middle"),
                ("p90", "in one of ten more"),
            ):
                st.metric(name.upper(), numbers.money(row[name]), border=True, help=explained)
            st.metric("Of this, won so far", numbers.money(row["won_amount"]), border=True)
            st.metric("From deals still to be created", numbers.money(row["expected_new"]), border=True)
        alt = "How likely the period is to end at each amount, and where the goal lies"
        show_figure(what_it_may_end_at(found.distribution, row, numbers), "may_end", alt)
        if found.matter.height:
            st.markdown("**The deals that matter most to it**")
            st.dataframe(_matter(found.matter, page), hide_index=True)
        if row["left_out"]:
            st.caption(f"{row['left_out']} open deals without an amount are left out.")
        if st.toggle("Open all deals with their chances", key="chance_deals"):
            st.dataframe(_all(found.deals, page), hide_index=True)
            download(found.deals, "chance_deals_file", "deal_chances")
        with st.container(horizontal=True):
            download(found.distribution, "distribution", "goal_distribution")
            define("chance_of_goal", "goal_distribution", "deals_that_matter", "deal_chances", "past_surprises")


def _matter(frame: pl.DataFrame, page: Page) -> pl.DataFrame:
    numbers = page.numbers
    return pl.DataFrame(
        [
            {
                "Deal": row["name"] or row["record_id"],
                "Owner": row["owner"],
                "Stage": row["stage"],
                "Closes": day(row["close_date"]) if row["close_date"] else "no date",
                "Amount expected": numbers.money(row["amount"]),
                "Its own chance": numbers.share(row["chance"], 0),
                "Goal if won": numbers.share(row["if_won"], 0),
                "Goal if not": numbers.share(row["if_not"], 0),
            }
            for row in frame.head(10).iter_rows(named=True)
        ]
    )


def _all(frame: pl.DataFrame, page: Page) -> pl.DataFrame:
    numbers = page.numbers
    return pl.DataFrame(
        [
            {
                "Deal": row["name"] or row["record_id"],
                "ID": row["record_id"],
                "Owner": row["owner"],
                "Stage": row["stage"],
                "Due": row["due"],
                "Amount expected": numbers.money(row["amount"]),
                "Chance": numbers.share(row["chance"], 1),
                "Alike, in past periods": numbers.number(row["seen"]),
                "Of these won": numbers.number(row["seen_won"]),
            }
            for row in frame.iter_rows(named=True)
        ]
    )
