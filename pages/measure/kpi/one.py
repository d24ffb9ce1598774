"""KPIs, section What we watch: one KPI in six weeks and twelve months, its limits, its goal, its alerts, its records."""

from datetime import timedelta
from decimal import Decimal

import polars as pl
import streamlit as st

from charts.kpi import signal_or_routine, six_and_twelve
from charts.numbers import day
from estimators import six_twelve, to_date
from queries import find
from reports.kpi_states import KpiState
from reports.team_kpis import TeamKpis
from store import StoreError, open_store
from store.alerts import AlertRule, add_alert, drop_alert, fired_alerts, snooze
from store.kpis import Baseline, PickGoal, lock_baseline, set_pick_goal
from ui.ask import ask
from ui.author import ask_author, remember_author
from ui.choose import choose
from ui.define import define
from ui.files import download
from ui.kpis import metric_days
from ui.messages import plain, show_empty, show_error
from ui.page import Page, heading
from ui.records import show_figure, show_records

SPANS = ("last week", "month to date", "quarter to date", "year to date")


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
                        "Week before": state.shown(numbers, row["week_before"]) if row["span"] == SPANS[0] else "",
                        "Change": numbers.share(row["change_on_week"]) if row["span"] == SPANS[0] else "",
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
            first, last = st.select_slider(
                "Baseline: first and last week",
                options=weeks,
                value=(weeks[max(len(weeks) - 12, 0)], weeks[-1]),
                format_func=day,
            )
            reason = st.text_input("Why", max_chars=400, placeholder="What changed for good")
            by = ask_author("kpi_baseline_by")
            pressed = st.form_submit_button("Reset the limits", icon=":material/lock_reset:")
        if pressed:
            number = sum(first <= week <= last for week in weeks)
            if number < 12:
                st.error(f"A baseline needs at least twelve weeks with a number; these are {number}.")
                return
            try:
                lock_baseline(open_store(), Baseline(pick.id, first, last, reason, by))
            except StoreError as error:
                show_error(error)
                return
            remember_author(by)
            st.rerun()


def _records(page: Page, state: KpiState) -> None:
    """Show the records behind the last week, or say why there are none."""
    metric = state.metric
    with st.container(border=True):
        heading("Behind last week's number", f"{day(state.week_start)} to {day(state.week_end)}")
        if metric.records is None:
            if metric.name.startswith("own:"):
                show_empty("This is a series of the team's own: its values stand under Own series.")
            else:
                show_empty(
                    "This number is no sum of records of one week: what it is made of stands on the pages under Measure."
                )
            define("metric_by_day")
            return
        more = dict(metric.records)
        query = more.pop("query")
        day_of = state.week_end if metric.over == "last" else page.filters.as_of
        params = {**page.filters.scope, **more, "as_of": day_of, "week_start": state.week_start}
        if metric.over != "last":
            params |= {"period_start": state.week_start, "period_end": state.week_end + timedelta(days=1)}
        # Not every query of records takes every filter: calls, say, know no segment.
        asked = {name: value for name, value in params.items() if name in find(query).header.params}
        sums = "amount_base" if metric.unit == "money" and metric.over != "ratio" else None
        show_records(query, asked, "kpi_records", metric.title, page.numbers, sums)
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
        is_share = state.metric.unit == "share"
        with st.form("kpi_goal", border=False):
            period = st.selectbox("Period", list(bounds))
            value = st.number_input(
                "A week"
                + (" (%)" if is_share else f" ({page.numbers.currency})" if state.metric.unit == "money" else ""),
                value=None,
                min_value=0.0,
                placeholder="How much",
            )
            by = ask_author("kpi_goal_by")
            pressed = st.form_submit_button("Keep this goal", icon=":material/save:")
        if pressed:
            if value is None or period is None:
                st.error("Say how much a week should bring. Nothing was changed.", icon=":material/error:")
                return
            exact = Decimal(str(value)) / (100 if is_share else 1)
            try:
                set_pick_goal(open_store(), PickGoal(pick.id, *bounds[period], exact, by))
            except StoreError as error:
                show_error(error)
                return
            remember_author(by)
            st.rerun()


def _alerts(page: Page, state: KpiState, rules: list[AlertRule]) -> None:
    """Show the alerts of the KPI, what fired, and set, snooze or drop one."""
    pick = state.pick
    if pick is None or pick.id is None:
        return
    numbers = page.numbers
    engine = open_store()
    with st.container(border=True):
        heading("Alerts", "When should this KPI be spoken of?")
        for rule in rules:
            words = (
                "A signal"
                if rule.kind == "signal"
                else f"{rule.kind.capitalize()} {state.shown(numbers, rule.threshold)}"
            )
            quiet = f", quiet until {day(rule.snoozed_until)}" if rule.snoozed_until else ""
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(f"{words}{quiet} ({rule.set_by})"))
                st.button(
                    "Wake" if rule.snoozed_until else "Snooze two weeks",
                    key=f"kpi_snooze_{rule.id}",
                    on_click=_snooze,
                    args=(rule, None if rule.snoozed_until else page.filters.as_of + timedelta(days=14)),
                )
                st.button("Drop", key=f"kpi_drop_{rule.id}", on_click=_drop, args=(rule,))
        with st.form("kpi_alert", border=False):
            kind = st.selectbox("Say so at", ["a signal", "a week below", "a week above"])
            value = st.number_input("Number (none for a signal)", value=None, placeholder="The edge")
            by = ask_author("kpi_alert_by")
            pressed = st.form_submit_button("Set the alert", icon=":material/add_alert:")
        if pressed:
            word = kind.rsplit(" ", maxsplit=1)[-1]
            factor = 100 if state.metric.unit == "share" else 1
            edge = None if value is None or word == "signal" else Decimal(str(value)) / factor
            try:
                add_alert(engine, pick.id, word, edge, by)
            except StoreError as error:
                show_error(error)
                return
            remember_author(by)
            st.rerun()
        past = fired_alerts(engine, [rule.id for rule in rules], most=12)
        if past:
            with st.expander(f"What fired ({len(past)})"):
                for item in past:
                    st.markdown(plain(f"Week to {day(item.week_end)}: {item.text}"))


def _snooze(rule: AlertRule, until: object) -> None:
    try:
        snooze(open_store(), rule.id, rule.version, until, st.session_state.get("author") or rule.set_by)  # type: ignore[arg-type]
    except StoreError as error:
        show_error(error)


def _drop(rule: AlertRule) -> None:
    try:
        drop_alert(open_store(), rule.id, rule.version, st.session_state.get("author") or rule.set_by)
    except StoreError as error:
        show_error(error)
