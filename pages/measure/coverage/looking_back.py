"""Funnel coverage, section Looking back: what would have been said in past periods, week by week, and what came."""

import polars as pl
import streamlit as st

from charts.chance import said_and_came, said_by_week
from charts.numbers import day
from reports.chance import Backtest, backtest, backtest_finding, lookback_words, shown_chance
from ui.ask import computed
from ui.choose import choose
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, show_figure
from ui.turns import long_work

_KINDS = {"quarter": "Quarters", "month": "Months"}


def draw(page: Page) -> None:
    """Draw the section."""
    numbers = page.numbers
    with st.container(border=True):
        kind = choose("Past", _KINDS, "lookback_kind", "quarter")
        heading(
            "What would have been said, and what came",
            "Each week of each past period, by what was known on that day alone; the page's period does not limit this",
        )
        with long_work("Asking every past week what it would have said; kept until the next import …"):
            tested: Backtest = computed(backtest, scope=page.filters.scope, kind=kind, every=7)
        st.markdown(f"**{plain(backtest_finding(tested, numbers))}**")
        if tested.said.is_empty():
            show_empty(lookback_words(tested) or "No past period is recorded.")
            define("forecast_score", "calibration")
            return
        alt = "What was said week by week in past periods, beside the weighted pipeline and what came"
        show_figure(said_by_week(tested.said, numbers), "said_by_week", alt)
        with_goal = tested.said.drop_nulls("chance")
        if with_goal.height:
            _goals(with_goal, page)
        st.caption(lookback_words(tested))
        with st.container(horizontal=True):
            download(tested.said, "said", "backtest")
            define("chance_of_goal", "forecast_score")
    with st.container(border=True):
        heading("Chances of single deals, said and come", "Each open deal of each week, in bands of what was said")
        score = tested.deal_score.row(0, named=True)
        st.markdown(
            plain(
                f"Brier score {numbers.number(score['error'], 4)} beside {numbers.number(score['plain_error'], 4)} of "
                f"the stages' base rates, on {numbers.number(score['cases'])} forecasts (0 would be to know everything)."
            )
        )
        show_figure(said_and_came(tested.deals, numbers), "calibration", "Chance that was said, and share that was won")
        with st.container(horizontal=True):
            download(tested.deals, "calibration_file", "calibration")
            define("calibration", "forecast_score", "deal_chances")


def _goals(said: pl.DataFrame, page: Page) -> None:
    """Show for each past period what chance of its goal was said at its first, middle and last look, and whether it came."""
    numbers = page.numbers
    rows = []
    for (period,), part in said.group_by(["period"], maintain_order=True):
        looks = part.sort("day")
        places = sorted({0, looks.height // 2, looks.height - 1})
        shown = [f"{shown_chance(looks['chance'][place], numbers)} on {day(looks['day'][place])}" for place in places]
        reached = "reached" if looks["came"][0] >= looks["goal"][0] else "missed"
        rows.append(
            {
                "Period": period,
                "Goal": numbers.money(looks["goal"][0]),
                "Came": numbers.money(looks["came"][0]),
                "The goal was": reached,
                "Chance that was said": "; ".join(shown),
            }
        )
    st.dataframe(pl.DataFrame(rows), hide_index=True)
