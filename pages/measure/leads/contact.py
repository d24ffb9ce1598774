"""Lead to close, section Contact: whom sales talks to, and how much: types of business, and calls by week."""

from datetime import date, timedelta

import streamlit as st

from charts.leads_selling import TYPES, calls_and_deals_by_week, rate_and_contact_by_type
from reports.findings_leads import calls_finding, types_finding
from ui.ask import ask
from ui.choose import named
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

_BY_CALLS = ("team", "owner")


def draw(page: Page) -> None:
    """Draw the section."""
    _types(page)
    _calls(page)


def _types(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        # Four quarters, so that every type has enough decided deals to be told apart.
        asked = {
            **filters.params,
            "period_start": filters.as_of - timedelta(days=364),
            "period_end": filters.as_of + timedelta(days=1),
        }
        heading(
            "New, expansion and renewal business",
            "Deals decided in the twelve months up to the day shown: how readily they are won, beside the completed activities "
            "of people that a deal gets",
        )
        frame = ask("selling_by_type", **asked)
        st.markdown(f"**{plain(types_finding(frame, numbers))}**")
        if frame.is_empty():
            return
        options = {value: TYPES.get(value, name) for value, name in named(frame["dimension_value"].to_list()).items()}
        opened = drill_figure(
            rate_and_contact_by_type(frame, numbers),
            "type_of",
            "Win rate and activities per deal by type of business",
            options,
        )
        if opened is not None:
            show_records(
                "outcome_records",
                {**asked, "dimension": "business_type", "dimension_value": [opened]},
                "type_of",
                f"Decided deals, {options[opened]}",
                numbers,
                "amount_base",
            )
        table(
            frame.drop("is_small"),
            "selling_by_type",
            "types_table",
            "Selling by type of business",
            numbers,
            {"dimension_value": "Type of business"},
        )
        with st.container(horizontal=True):
            download(frame, "types", "selling_by_type")
            define("selling_by_type", "outcome_records")


def _calls(page: Page) -> None:
    filters, numbers = page.filters, page.numbers
    with st.container(border=True):
        # A slump is seen against the weeks around it: a year, whatever the period.
        asked = {
            "as_of": filters.as_of,
            "team": filters.team,
            "owner": filters.owner,
            "period_start": filters.as_of - timedelta(days=364),
        }
        heading(
            "Outbound calls, and deals created",
            "A week, in the year up to the day shown; renewals fall due by themselves",
        )
        frame = ask("weekly_calls", **asked)
        if frame.is_empty():
            show_empty("No complete week of outbound calls is in the exports.")
            return
        st.markdown(f"**{plain(calls_finding(frame, numbers))}**")
        opened = drill_figure(
            calls_and_deals_by_week(frame, numbers),
            "calls_of",
            "Outbound calls and created deals by week",
            {f"{week:%Y-%m-%d}": f"Week of {week:%Y-%m-%d}" for week in reversed(frame["week"].to_list())},
        )
        if opened is not None:
            week = date.fromisoformat(opened)
            span = {"period_start": week, "period_end": week + timedelta(days=7)}
            show_records(
                "call_records", {**asked, **span}, "calls_of", f"Outbound calls, week of {opened}", numbers, None
            )
        others = [name for name in filters.narrowed if name not in _BY_CALLS]
        if others:
            st.caption(
                f"Calls and the deals beside them are told by owner and team alone, not by {' and '.join(others)}."
            )
        with st.container(horizontal=True):
            download(frame, "calls", "weekly_calls")
            define("weekly_calls", "call_records")
