"""KPIs: the three to five numbers that a team watches; which of them is a signal, and which is off its goal?"""

import streamlit as st

from pages.measure.kpi import catalogue, one, own, pick
from reports.alerts import firing_alerts, rules_of
from reports.kpi_states import KpiState, kpis_finding
from store import StoreError, open_store
from store.kpis import TEAMS
from ui.choose import choose, section
from ui.kpis import note_alerts_of, team_kpis
from ui.left_out import show_left_out
from ui.messages import plain, show_error, show_finding
from ui.page import Page, begin
from ui.writing import show_said

SECTIONS = {"watch": "What we watch", "pick": "Pick KPIs", "catalogue": "All metrics", "own": "Own series"}


def card(page: Page, state: KpiState) -> None:
    """Show one KPI's week with what it is judged by."""
    numbers = page.numbers
    marks = {"signal": "Signal", "routine": "Routine", None: "Too few weeks"}
    if state.goal is not None:
        beside = f"{state.judged or 'no'} · goal {state.shown(numbers, state.goal)}"
    else:
        beside = {"inside": "inside its band", "outside": "outside its band"}.get(state.judged or "", "no goal")
    st.metric(
        state.metric.title,
        state.shown(numbers, state.value),
        delta=f"{marks[state.verdict]} · {beside}",
        delta_color="off",
        delta_arrow="off",
        border=True,
        help=state.metric.definition,
        chart_data=[value for value in state.weeks["value"].tail(26).to_list() if value is not None] or None,
        chart_type="line",
    )


page = begin("KPIs", "The three to five numbers that a team watches: what is a signal, what is off its goal?")
team = choose("Team", {name: name.capitalize() for name in TEAMS}, "kpi_team", "marketing")
try:
    kpis = team_kpis(page, team)
    rules = rules_of(open_store(), kpis.states)
    firings = firing_alerts(kpis.states, rules, page.filters.as_of, page.numbers)
    note_alerts_of(page)
except StoreError as error:
    show_error(error)
    st.stop()
show_said()
show_finding(kpis_finding(team, kpis.states, page.numbers))
for firing in firings:
    if not firing.is_snoozed:
        st.warning(plain(firing.text), icon=":material/notifications_active:")
if kpis.states:
    with st.container(horizontal=True):
        for state in kpis.states:
            card(page, state)
show_left_out("pipeline", page.filters.params, "kpis_left_out", page.numbers)
chosen = section(SECTIONS, "kpis")
if chosen == "watch":
    one.draw(page, kpis, rules)
elif chosen == "pick":
    pick.draw(page, kpis)
elif chosen == "catalogue":
    catalogue.draw(page, kpis)
else:
    own.draw(page, kpis)
