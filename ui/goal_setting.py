"""The section in which goals are set: one for the page's filters, many in a table, and who changed what."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from store import Goal
from ui.ask import ask
from ui.define import define
from ui.files import download
from ui.goal_editor import keep, show_author, show_changes, show_table_editor
from ui.messages import show_empty
from ui.page import Page, heading
from ui.records import table


def show_setting(
    page: Page, measure: str, names: Mapping[str, str], money: Sequence[str], row: dict[str, Any] | None
) -> None:
    """Set one goal or many, undo, and see every version.

    Parameters
    ----------
    page
        The page.
    measure
        What the goal counts.
    names, money
        The names of all measures, and those that are amounts.
    row
        One row of `goal_progress`: the goal of the page's period and filters, or None.
    """
    filters, numbers = page.filters, page.numbers
    has_period = filters.period_start is not None and filters.period_end is not None
    with st.container(border=True):
        heading("Set goals", "The newest version counts, and all are kept")
        if filters.as_of < page.about.newest_date:
            st.info(
                "What is set here counts from today on: as of a day in the past, the goal stays what it was then.",
                icon=":material/history:",
            )
        author, reason = show_author()
        if has_period and filters.goal_scope[0] is not None:
            _show_one(page, measure, names[measure], author, reason, row, is_money=measure in money)
        else:
            show_empty(
                "A goal is for one period, and for the company, one team, one segment, one region or one owner. "
                "To set the goal of what the page shows, choose a period, and at most one such filter."
            )
        st.markdown("**Many at once**")
        name = names[measure]
        newest = page.about.newest_date
        show_table_editor(measure, name, newest, filters.period_start, numbers, author, reason)
    with st.container(border=True):
        heading("Who changed what", "The newest first")
        show_changes(author, names, numbers, money)
        in_force = ask("goals_in_force", as_of=filters.as_of)
        versions = ask("goal_versions", as_of=filters.as_of, measure=measure)
        with st.expander(f"All versions of {names[measure]} ({numbers.number(versions.height)})"):
            table(versions, "goal_versions", "versions_table", "All versions", numbers)
            download(versions, "versions", "goal_versions")
        with st.expander(f"All goals in force ({numbers.number(in_force.height)})"):
            table(in_force, "goals_in_force", "goals_table", "All goals in force", numbers)
            download(in_force, "goals", "goals_in_force")
        define("goal_versions", "goals_in_force")


def _show_one(
    page: Page, measure: str, name: str, author: str, reason: str, row: dict[str, Any] | None, *, is_money: bool
) -> None:
    """Set the goal of the period and the filters chosen."""
    filters, numbers = page.filters, page.numbers
    scope, scope_value = filters.goal_scope
    if scope is None or filters.period_start is None or filters.period_end is None:
        return
    whom = "the company" if scope_value is None else f"{scope} {scope_value}"
    with st.form("goal", border=False):
        left, right = st.columns([2, 1], vertical_alignment="bottom")
        value = left.number_input(
            f"{name} for {whom}, {filters.period}" + (f" ({numbers.currency})" if is_money else ""),
            value=float(row["goal"]) if row and row["goal"] is not None and row["goal"] > 0 else None,
            step=1000.0 if is_money else 1.0,
            placeholder="How much",
        )
        pressed = right.form_submit_button("Keep this goal", icon=":material/save:")
    if pressed and (value is None or value <= 0):
        st.error("A goal is more than 0: say how much is wanted. Nothing was changed.", icon=":material/error:")
    elif pressed:
        goal = Goal(
            measure=measure,
            period_start=filters.period_start,
            period_end=filters.period_end,
            scope=scope,
            scope_value=scope_value,
            value=Decimal(str(value)),
            set_by=author,
            value_before=row["goal"] if row else None,
        )
        shown = numbers.money(value) if is_money else numbers.number(value)
        said = f"Kept: {name} for {whom}, {shown}, by {author}."
        keep([goal], author, reason, None, said)
