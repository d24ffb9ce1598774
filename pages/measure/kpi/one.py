"""KPIs, section What we watch: one KPI in six weeks and twelve months, its limits, its goal, its alerts, its records."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from charts.kpi import signal_or_routine, six_and_twelve
from charts.numbers import day
from estimators import six_twelve, to_date
from estimators.xmr import LEAST_POINTS
from queries.metrics import Metric
from reports.kpi_numbers import TeamKpis
from reports.kpi_states import KpiState, as_stored, is_own
from store import StoreError, open_store
from store.alerts import AlertRule, add_alert, drop_alert, fired_alerts, snooze
from store.kpis import Baseline, PickGoal, lock_baseline, set_pick_goal
from ui.ask import ask
from ui.author import ask_author
from ui.choose import choose
from ui.define import define
from ui.files import download
from ui.kpis import metric_days
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import show_figure, show_records
from ui.writing import keep_as

_LAST_WEEK = "last week"
_KINDS = {"signal": "a signal", "below": "a week below", "above": "a week above"}


def draw(page: Page, kpis: TeamKpis, rules: list[AlertRule]) -> None:
    """Draw one of the team's KPIs."""
    if not kpis.states:
        show_empty("Nothing is picked yet. Choose Pick KPIs above: three to five, each with a why and an owner.")
        return
    names = {state.metric.name: state.metric.title for state in kpis.states}
    name = choose("KPI", names, "kpi", next(iter(names)))
    state = next(item for item in kpis.states if item.metric.name == name)
    st.markdown(plain(state.sentence(page.numbers)))
    if state.pick is not None:
        st.caption(f"{plain(state.pick.owner)} looks after it: {plain(state.pick.why)}")
    _six_twelve(page, kpis, state)
    _limits(page, kpis, state)
    _records(page, state)
    left, right = st.columns(2)
    with left:
        _goal(page, kpis, state)
    with right:
        _alerts(page, state, [rule for rule in rules if state.pick is not None and rule.pick_id == state.pick.id])


def _six_twelve(page: Page, kpis: TeamKpis, state: KpiState) -> None:
    numbers, metric, as_of = page.numbers, state.metric, page.filters.as_of
    with st.container(border=True):
        heading("Six weeks and twelve months", "Complete weeks by their last day, months; dotted: the year before")
        months = choose(
            "Months", {"trailing": "The last twelve", "fiscal": "Of the fiscal year"}, "kpi_months", "trailing"
        )
        days = metric_days(page, [metric.name], kpis.own)
        asked = {
            "aggregation": metric.over,
            "week_ending": kpis.calendar.week_ending,
            "fiscal_year_end": kpis.calendar.fiscal_year_end,
        }
        frame = six_twelve(days, as_of, months=months, **asked)
        if frame["value"].null_count() == frame.height:
            show_empty(f"The exports record nothing that {metric.title} counts, so there is nothing to draw.")
            return
        shown = {
            place: f"{state.shown(numbers, value)} (a year before: {state.shown(numbers, prior)})"
            for place, (value, prior) in enumerate(frame.select("value", "prior_year").rows())
        }
        fig = six_and_twelve(frame, metric.unit, state.goal, numbers, shown)
        show_figure(fig, "kpi_six_twelve", f"{metric.title}: six weeks and twelve months beside the year before")
        spans = to_date(days, as_of, **asked)
        st.table(
            pl.DataFrame(
                [
                    {
                        "Span": row["span"].capitalize(),
                        "Value": state.shown(numbers, row["value"]),
                        "Week before": state.shown(numbers, row["week_before"]) if row["span"] == _LAST_WEEK else "",
                        "Change": numbers.share(row["change_on_week"]) if row["span"] == _LAST_WEEK else "",
                        "Year before": state.shown(numbers, row["prior_year"]),
                        "Change on year": numbers.share(row["change_on_year"]),
                    }
                    for row in spans.iter_rows(named=True)
                ]
            ),
            border="horizontal",
        )
        with st.container(horizontal=True):
            download(frame, "kpi_spans", f"six_twelve_{metric.name}".replace(":", "_"))
            define("metric_by_day", "six_twelve", "to_date")


def _limits(page: Page, kpis: TeamKpis, state: KpiState) -> None:
    numbers = page.numbers
    with st.container(border=True):
        heading("Signal or routine", "Each complete week, with the limits of its baseline")
        if state.weeks["mean"].null_count() == state.weeks.height:
            show_empty(
                "Limits need at least twelve complete weeks with a number; until then no week is called a signal."
            )
            return
        shown = {week: state.shown(numbers, value) for week, value in state.weeks.select("week", "value").rows()}
        recent = state.weeks.tail(78)
        fig = signal_or_routine(recent, state.metric.unit, numbers, shown)
        show_figure(fig, "kpi_xmr", f"{state.metric.title} week by week, with limits and signals")
        last = state.weeks.row(-1, named=True)
        st.caption(
            f"Limits now: {state.shown(numbers, last['lower'])} to {state.shown(numbers, last['upper'])}, around a mean of "
            f"{state.shown(numbers, last['mean'])}. They hold until somebody resets them.".replace("$", "\\$")
        )
        with st.container(horizontal=True):
            download(state.weeks, "kpi_weeks", f"xmr_{state.metric.name}".replace(":", "_"))
            define("xmr")
        _baseline(page, kpis, state)


def _baseline(page: Page, kpis: TeamKpis, state: KpiState) -> None:
    """Show the locked baselines, and lock a new one with a reason."""
    pick = state.pick
    if pick is None or pick.id is None:
        return
    own = [line for line in kpis.baselines if line.pick_id == pick.id]
    with st.expander("Reset the limits"):
        for line in own:
            st.markdown(
                f"- {day(line.first_week)} to {day(line.last_week)}: {plain(line.reason)} ({plain(line.set_by)})"
            )
        weeks = state.weeks.filter(pl.col("value").is_not_null())["week"].to_list()
        st.caption(
            "Reset them only when you know that the work has changed for good: the weeks chosen here are the new normal."
        )
        with st.form("kpi_baseline", border=False):
            st.select_slider(
                "Baseline: first and last week",
                options=weeks,
                value=(weeks[max(len(weeks) - LEAST_POINTS, 0)], weeks[-1]),
                format_func=day,
                key=f"kpi_baseline_weeks_{pick.id}",
            )
            st.text_input("Why", max_chars=400, placeholder="What changed for good", key="kpi_baseline_why")
            ask_author("kpi_baseline_by")
            st.form_submit_button(
                "Reset the limits", icon=":material/lock_reset:", on_click=_lock, args=(pick.id, tuple(weeks))
            )


def _lock(pick_id: str, weeks: tuple[date, ...]) -> None:
    first, last = st.session_state[f"kpi_baseline_weeks_{pick_id}"]
    reason = st.session_state.get("kpi_baseline_why") or ""

    def lock(by: str) -> None:
        number = sum(first <= week <= last for week in weeks)
        if number < LEAST_POINTS:
            raise StoreError(
                "The limits cannot be reset",
                f"A baseline needs {LEAST_POINTS} weeks with a number; these are {number}.",
            )
        lock_baseline(open_store(), Baseline(pick_id, first, last, reason, by))

    keep_as("kpi_baseline_by", lock, "The limits are reset.")


def _records(page: Page, state: KpiState) -> None:
    """Show the records behind the last week, or say why there are none."""
    metric = state.metric
    with st.container(border=True):
        heading("Behind last week's number", f"{day(state.week_start)} to {day(state.week_end)}")
        if is_own(metric.name):
            show_empty("This is a series of the team's own: its values stand under Own series.")
            return
        query, more = metric.opens
        day_of = state.week_end if metric.over == "last" else page.filters.as_of
        params = {**page.filters.scope, **more, "as_of": day_of}
        if metric.over != "last":
            params |= {"period_start": state.week_start, "period_end": state.week_end + timedelta(days=1)}
        sums = {"last": "amount_base", "sum": "value"}.get(metric.over) if metric.unit == "money" else None
        show_records(query, params, "kpi_records", metric.title, page.numbers, sums)
        define(query)


def _goal(page: Page, kpis: TeamKpis, state: KpiState) -> None:
    """Set what the KPI should reach each week of a period."""
    pick = state.pick
    if pick is None or pick.id is None:
        return
    with st.container(border=True):
        heading("Goal", "For each week of a period; periods may differ")
        for goal in kpis.goals:
            if goal.pick_id == pick.id:
                last = goal.period_end - timedelta(days=1)
                st.markdown(
                    plain(
                        f"{day(goal.period_start)} to {day(last)}: {state.shown(page.numbers, goal.value)} a week "
                        f"({goal.set_by})"
                    )
                )
        periods = ask("fiscal_periods")
        near = (
            periods.filter((pl.col("kind") != "month") & (pl.col("period_end") > state.week_start))
            .sort("period_start")
            .head(8)
        )
        bounds = {row["period"]: (row["period_start"], row["period_end"]) for row in near.iter_rows(named=True)}
        unit = {"share": " (%)", "money": f" ({page.numbers.currency})"}.get(state.metric.unit, "")
        with st.form("kpi_goal", border=False):
            st.selectbox("Period", list(bounds), key="kpi_goal_period")
            st.number_input(f"A week{unit}", value=None, min_value=0.0, placeholder="How much", key="kpi_goal_value")
            ask_author("kpi_goal_by")
            st.form_submit_button(
                "Keep this goal", icon=":material/save:", on_click=_keep_goal, args=(state.metric, pick.id, bounds)
            )


def _keep_goal(metric: Metric, pick_id: str, bounds: dict[str, tuple[date, date]]) -> None:
    value = as_stored(metric.unit, st.session_state.get("kpi_goal_value"))
    period = st.session_state.get("kpi_goal_period")

    def keep(by: str) -> None:
        if value is None or period is None:
            raise StoreError("That goal cannot be kept", "Say how much a week should bring. Nothing was changed.")
        set_pick_goal(open_store(), PickGoal(pick_id, *bounds[period], value, by))

    keep_as("kpi_goal_by", keep, f"The goal of {metric.title} is kept.")


def _alerts(page: Page, state: KpiState, rules: list[AlertRule]) -> None:
    """Show the alerts of the KPI, what fired, and set, snooze or drop one."""
    pick = state.pick
    if pick is None or pick.id is None:
        return
    numbers = page.numbers
    with st.container(border=True):
        heading("Alerts", "When should this KPI be spoken of?")
        for rule in rules:
            is_signal = rule.kind == "signal"
            words = "A signal" if is_signal else f"{rule.kind.capitalize()} {state.shown(numbers, rule.threshold)}"
            quiet = f", quiet until {day(rule.snoozed_until)}" if rule.snoozed_until else ""
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(f"{words}{quiet} ({rule.set_by})"))
                until = None if rule.snoozed_until else page.filters.as_of + timedelta(days=14)
                st.button(
                    "Wake" if rule.snoozed_until else "Snooze two weeks",
                    key=f"kpi_snooze_{rule.id}",
                    on_click=_snooze,
                    args=(rule, until),
                )
                st.button("Drop", key=f"kpi_drop_{rule.id}", on_click=_drop, args=(rule,))
        with st.form("kpi_alert", border=False):
            st.selectbox("Say so at", list(_KINDS), format_func=lambda kind: _KINDS[kind], key="kpi_alert_kind")
            st.number_input("Number (none for a signal)", value=None, placeholder="The edge", key="kpi_alert_edge")
            ask_author("kpi_alert_by")
            st.form_submit_button(
                "Set the alert", icon=":material/add_alert:", on_click=_set_alert, args=(state.metric, pick.id)
            )
        past = fired_alerts(open_store(), [rule.id for rule in rules], most=12)
        if past:
            with st.expander(f"What fired ({len(past)})"):
                for item in past:
                    st.markdown(plain(f"Week to {day(item.week_end)}: {item.text}"))


def _set_alert(metric: Metric, pick_id: str) -> None:
    kind = st.session_state.get("kpi_alert_kind") or "signal"
    edge = None if kind == "signal" else as_stored(metric.unit, st.session_state.get("kpi_alert_edge"))
    keep_as("kpi_alert_by", lambda by: add_alert(open_store(), pick_id, kind, edge, by), "The alert is set.")


def _snooze(rule: AlertRule, until: date | None) -> None:
    done = "It is awake again." if until is None else f"It is quiet until {day(until)}."
    keep_as("kpi_alert_by", lambda by: snooze(open_store(), rule.id, rule.version, until, by), done)


def _drop(rule: AlertRule) -> None:
    keep_as("kpi_alert_by", lambda by: drop_alert(open_store(), rule.id, rule.version, by), "The alert is dropped.")
