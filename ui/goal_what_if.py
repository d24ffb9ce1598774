"""What if: sliders on the goal's levers, in the address, with the effect on the chance of the goal."""

import streamlit as st

from charts.chance import what_it_may_end_at
from reports.chance import kind_of
from reports.what_if import LEVERS, Ground, Levers, chance_under, distribution_under, ground, what_if_finding
from ui.ask import computed
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import show_figure

NAMES = {
    "win_rate": "Win rate",
    "deal_size": "Deal size",
    "response": "Late answers that come the same day",
    "leads": "Leads a week",
    "spend": "Campaign spending",
}
_LOW, _HIGH, _STEP = -50, 100, 5


def show_what_if(page: Page, won: float, goal: float) -> None:
    """Show the levers and what they would do; nothing here is a real number, and it says so."""
    filters, numbers = page.filters, page.numbers
    kind = kind_of(filters.period_start, filters.period_end, filters.as_of)
    with st.container(border=True):
        heading("What if?", "A scenario, not a number of ours: it stands in the address, and nowhere else")
        start, end = filters.period_start, filters.period_end
        if kind is None or start is None or end is None:
            show_empty("What if is reckoned for a month, quarter or year that runs on the as-of day.")
            return
        found: Ground = computed(ground, scope=filters.scope, kind=kind, won=won, goal=goal, bounds=(start, end))
        fixed = found.unmovable()
        with st.container(horizontal=True):
            values = {}
            for name in LEVERS:
                low = 0 if name == "response" else _LOW
                values[name] = st.slider(
                    f"{NAMES[name]} (%)",
                    low,
                    _HIGH,
                    0,
                    _STEP,
                    key=f"if_{name}",
                    bind="query-params",
                    disabled=name in fixed,
                    help=f"Cannot be moved: {fixed[name]}" if name in fixed else None,
                    format="%d%%",
                    width=260,
                )
        levers = Levers(**{name: 0 if name in fixed else int(value) for name, value in values.items()})
        st.markdown(f"**{plain(what_if_finding(found, levers, numbers, NAMES))}**")
        if levers.moved:
            st.button("As it is", icon=":material/restart_alt:", on_click=_reset)
        row = chance_under(found, levers)
        if row["p50"] is not None:
            alt = "How likely the period is to end at each amount in this scenario, and where the goal lies"
            show_figure(what_it_may_end_at(distribution_under(found, levers), row, numbers), "what_if", alt)
        for name, why in fixed.items():
            st.caption(plain(f"{NAMES[name]} cannot be moved: {why}."))
        st.caption(
            "Win rate moves each open deal's chance, and what is still to be created; deal size their amounts. More leads count "
            "as far as leads are won within the days left, spending as far as it buys leads at what they cost of late. Quicker "
            "answers go by an association, which need not be a cause."
        )
        define("chance_of_goal", "response_association")


def _reset() -> None:
    for name in LEVERS:
        st.session_state[f"if_{name}"] = 0
