"""Funnel coverage, section Tidy or gamed: habits that may dress a number, and the headlines with and without them."""

import polars as pl
import streamlit as st

from charts.leads import rate_by_value
from reports.habits import (
    HABITS,
    habits_finding,
    headline_table,
    owners_finding,
    recorded_words,
)
from ui.ask import ask
from ui.choose import choose, choose_some, named
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

DIMENSIONS = {"owner": "Owner", "team": "Team", "segment": "Segment", "business_type": "Type of business"}


def draw(page: Page) -> None:
    """Draw the section: what was found, the headlines with and without it, and who does it."""
    filters, numbers = page.filters, page.numbers
    names = {habit: title for habit, (title, _, _) in HABITS.items()}
    habits = ask("deal_habits", **filters.params)
    left_out = choose_some("Leave out the deals that show", names, "habits_out", "All of them")
    headlines = ask("headlines_without", **filters.params, without=left_out)
    with st.container(border=True):
        heading("Tidy or gamed?", f"Deals won or changed in {filters.period_words}")
        if habits.is_empty():
            show_empty("No deal is in the exports.")
            return
        st.markdown(plain(habits_finding(habits, headlines, numbers)))
        _found(page, habits, names)
    with st.container(border=True):
        heading("The headlines with and without", f"As if these deals did not exist; {filters.period_words}")
        table(
            headline_table(headlines, numbers),
            "headlines_without",
            "headlines",
            "The headlines with and without these deals",
            numbers,
        )
        with st.container(horizontal=True):
            download(headlines, "headlines", "headlines_without")
            define("headlines_without", "deal_habit_records")
    with st.container(border=True):
        _who(page, names)


def _found(page: Page, habits: pl.DataFrame, names: dict[str, str]) -> None:
    """Show each habit's share of the deals of which it can be told; a mark opens its deals."""
    filters, numbers = page.filters, page.numbers
    drawn = habits.filter(pl.col("judged") > 0).select(
        dimension_value=pl.col("habit").replace_strict(names, return_dtype=pl.String),
        won="deals",
        leads="judged",
        rate="share",
        rate_low="share_low",
        rate_high="share_high",
    )
    if drawn.height:
        fig = rate_by_value(
            drawn,
            numbers,
            page.about.flag_under,
            1,
            ("show it", "deals", "Deals that show it (%), of those of which it can be told"),
        )
        options = {title: title for title in drawn["dimension_value"]}
        opened = drill_figure(fig, "habit", "The share of deals that show each habit, with its 95% interval", options)
        if opened:
            habit = next(name for name, title in names.items() if title == opened)
            _, tidy, gamed = HABITS[habit]
            st.caption(plain(f"It may be {tidy}; or {gamed}. The data cannot tell which: ask."))
            params = {**filters.params, "habit": [habit]}
            show_records("deal_habit_records", params, "habit", opened, numbers, "amount_base")
    shown = habits.with_columns(pl.col("habit").replace_strict(names, return_dtype=pl.String)).drop("dimension_value")
    table(shown, "deal_habits", "habits_table", "Habits of deals", numbers)
    st.caption(plain(recorded_words(habits)))
    with st.container(horizontal=True):
        download(habits, "habits", "deal_habits")
        define("deal_habits", "deal_habit_records")


def _who(page: Page, names: dict[str, str]) -> None:
    """Show who shows a habit how often, beside the others."""
    filters, numbers = page.filters, page.numbers
    heading("Who does it", "With 95% interval; hollow: too few deals")
    habit = choose("Habit", names, "habit_of", "pushed_at_end")
    dimension = choose("By", DIMENSIONS, "habit_by", "owner")
    by_value = ask("deal_habits", **filters.params, dimension=dimension)
    mine = by_value.filter((pl.col("habit") == habit) & (pl.col("judged") > 0))
    if mine.is_empty():
        show_empty(f"Of no deal of this period can it be told: {names[habit].lower()}.")
        return
    st.markdown(plain(owners_finding(by_value, habit, DIMENSIONS[dimension].lower())))
    drawn = mine.select(
        "dimension_value", won="deals", leads="judged", rate="share", rate_low="share_low", rate_high="share_high"
    )
    fig = rate_by_value(
        drawn, numbers, page.about.flag_under, page.about.unranked_under, ("show it", "deals", f"{names[habit]} (%)")
    )
    opened = drill_figure(fig, "habit_who", f"{names[habit]}, by value", named(mine["dimension_value"].to_list()))
    if opened is not None:
        params = {**filters.params, "dimension": dimension, "dimension_value": [opened], "habit": [habit]}
        what = f"{names[habit]}: {opened or '(none)'}"
        show_records("deal_habit_records", params, "habit_who", what, numbers, "amount_base")
    with st.container(horizontal=True):
        download(mine, "habits_by", "deal_habits_by_value")
        define("deal_habits", "stands_out")
