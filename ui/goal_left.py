"""What is left of a goal: what is won and expected, the goal tree, and what each team owes a week."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from charts.goals_left import PARTS, goal_by_part
from charts.numbers import NumberFormat, day
from estimators import goal_gap, goal_tree
from reports.findings_goals import left_finding, owed_by_week, tree_table
from reports.what_if import priced_misses
from ui.ask import ask
from ui.choose import pick
from ui.define import define
from ui.files import download
from ui.filters import Filters
from ui.goal_what_if import show_what_if
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import show_figure, show_records, table


def show_left(page: Page, measure: str, name: str, row: dict[str, Any] | None) -> None:
    """Show what is left of the goal, in deals and back to leads, and what each team owes a week.

    Parameters
    ----------
    page
        The page.
    measure, name
        What the goal counts, and its name.
    row
        One row of `goal_progress`, or None.
    """
    filters, numbers, is_money = page.filters, page.numbers, measure == "won_amount"
    scope, scope_value = filters.goal_scope
    scoped = {
        "as_of": filters.as_of,
        "period_start": filters.period_start,
        "period_end": filters.period_end,
        "scope": scope,
        "scope_value": scope_value,
    }
    if measure not in ("won_amount", "won_count") or row is None or filters.period_end is None:
        with st.container(border=True):
            heading("What is left", "From the goal back to deals, opportunities, SQL, SAL, MQL and leads")
            why = "there is no goal for exactly this period and these filters"
            if row is not None:
                why = "it is reckoned back from won amounts and won deals: choose one of these as the goal"
            show_empty(f"Nothing can be reckoned back: {why}.")
        return
    deals, leads = ask("goal_expected_from_deals", **scoped), ask("goal_expected_from_leads", **scoped)
    column = "expected_amount" if is_money else "expected_count"
    from_deals, from_leads = _known_sum(deals, column), _known_sum(leads, column)
    goal, actual = float(row["goal"] or 0), float(row["actual"] or 0)
    gap = goal_gap(goal, actual, from_deals, from_leads)
    with st.container(border=True):
        heading("How the goal fills", f"{name}, {filters.period_words}")
        st.markdown(plain(left_finding(row, gap, from_deals, from_leads, numbers, is_money=is_money)))
        if goal > 0 and deals.height:
            parts = {"won": actual, "deals": from_deals, "leads": from_leads, "gap": gap}
            alt = "What is won, what open deals and leads in flight are expected to bring, and what is left to find"
            show_figure(goal_by_part(parts, goal, numbers, is_money=is_money), "parts", alt)
            _show_expected(deals, leads, scoped, numbers)
        for line in _unknown(deals, leads, scope):
            st.caption(line)
        define("goal_expected_from_deals", "goal_expected_from_leads", "goal_open_deal_records")
    if gap > 0 and filters.period_end > filters.as_of:
        _show_tree(gap, filters, filters.period_end, scoped, numbers, is_money=is_money)
    if is_money and goal > 0:
        show_what_if(page, actual, goal)


def _show_expected(deals: pl.DataFrame, leads: pl.DataFrame, scoped: dict[str, Any], numbers: NumberFormat) -> None:
    """Open what is expected to what it is reckoned from."""
    opened = pick(
        "Open what is behind",
        {
            "deals": PARTS["deals"][0],
            "leads": PARTS["leads"][0],
            "open": "Open deals, one by one",
            "flying": "Leads in flight, one by one",
        },
        "expected",
        "Choose here",
    )
    if opened == "deals":
        table(deals, "goal_expected_from_deals", "expected_deals", "Open deals by stage and due day", numbers)
    elif opened == "leads":
        table(leads, "goal_expected_from_leads", "expected_leads", "Leads in flight by stage", numbers)
    elif opened == "open":
        show_records("goal_open_deal_records", scoped, "expected_open", "Open deals", numbers, "expected_amount")
    elif opened == "flying":
        show_records("goal_lead_in_flight_records", scoped, "expected_flying", "Leads in flight", numbers, None)


def _known_sum(frame: pl.DataFrame, column: str) -> float | None:
    """Return a column's sum; None where not one value of it is known."""
    values = frame[column].drop_nulls()
    return float(values.sum()) if values.len() else None


def _unknown(deals: pl.DataFrame, leads: pl.DataFrame, scope: str | None) -> list[str]:
    """Return a sentence for each thing that is not, or not well, known of what is expected."""
    lines = []
    if deals.filter(pl.col("basis") == "win rate").height:
        lines.append(
            "Fewer than four past periods are recorded, so open deals due in the period are expected at the win rate of "
            "a year, and nothing is said of those due at other times."
        )
    elif deals.height and deals["basis"].null_count() == deals.height:
        lines.append(
            "Fewer than four past periods are recorded, and no win rate of a year, so nothing is said of open deals."
        )
    elif deals.height:
        lines.append(
            f"From {deals['past_periods'][0]} past periods, seen as many days before their end; by the share of the "
            "amounts that was won, for bigger deals are won less often."
        )
    if scope in ("team", "owner"):
        lines.append(
            f"A lead names who works it before the deal, so of the leads in flight nothing is said for one {scope}."
        )
    elif leads.height and leads["share_won"].null_count() == leads.height:
        lines.append("Leads are not recorded for long enough to say what those in flight will bring.")
    return lines


def _show_tree(
    gap: float, filters: Filters, period_end: date, scoped: dict[str, Any], numbers: NumberFormat, *, is_money: bool
) -> None:
    """Show the goal tree and what each team owes a week."""
    of_scope = {name: value for name, value in scoped.items() if name not in ("period_start", "period_end")}
    sizes, steps = ask("goal_won_sizes", **of_scope), ask("goal_steps", **of_scope)
    tree = goal_tree(gap, sizes, steps, filters.as_of, period_end, is_money=is_money)
    with st.container(border=True):
        heading(
            "What each team owes it", "New ones, beyond those open and in flight, so that what is left is found in time"
        )
        left, right = st.columns(2)
        for place, side in ((left, "marketing"), (right, "sales")):
            with place:
                st.markdown(f"**{side.capitalize()}**")
                lines = owed_by_week(tree, side, numbers, period_end)
                if not lines:
                    st.caption("Not known: the table below says why.")
                for line in lines:
                    st.markdown(f"- {plain(line)}")
        everybody = sizes.filter(pl.col("origin") == "lead")["average"].to_list()
        average = float(everybody[0]) if everybody and everybody[0] is not None else None
        for line in priced_misses(tree, average, numbers):
            st.markdown(f"- {plain(line)}")
        if (
            tree.filter(pl.col("is_too_late") & (pl.col("side") == "marketing")).height
            and filters.period != "Next quarter"
        ):
            st.button(
                "Show next quarter, which they serve", icon=":material/arrow_forward:", key="next", on_click=_show_next
            )
        st.dataframe(tree_table(tree, numbers), hide_index=True, key="tree_table", alt="The goal tree")
        if steps.height:
            start, end = steps["mature_start"][0], steps["mature_end"][0]
            st.caption(
                f"Shares and days are of the leads created from {day(start)} to the day before {day(end)}, old enough to "
                f"be judged, of the {'company' if steps['taken_from'][0] == 'company' else scoped['scope']}; sizes, of the deals "
                "won in the past year. Lately is the last four weeks, with those that what is expected already counts on."
            )
        with st.container(horizontal=True):
            download(tree, "tree", "goal_tree")
            define("goal_tree", "goal_won_sizes", "goal_steps")


def _show_next() -> None:
    """Choose the next quarter."""
    st.session_state["period"] = "Next quarter"
