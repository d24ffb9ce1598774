"""Shared goals: one revenue goal; what does each team owe it?"""

from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from charts.goals import actual_by_day, attainment_by_scope
from charts.numbers import day, plural
from reports.findings_goals import carried_finding, goal_finding
from reports.one_number import VIEWS, WAYS, sourced_gap
from store import SCOPES
from ui.ask import ask
from ui.choose import choose, named, pick, section
from ui.define import define
from ui.files import download
from ui.goal_editor import SAID
from ui.goal_left import show_left
from ui.goal_marketing import show_marketing
from ui.goal_setting import show_setting
from ui.habits import say_without
from ui.left_out import show_left_out
from ui.messages import plain, show_empty, show_finding
from ui.one_number import looked_through, show_definitions
from ui.page import begin, heading
from ui.records import drill_figure, show_figure, show_records, table

MEASURE_NAMES = {
    "won_amount": "Won amount",
    "won_count": "Won deals",
    "accepted_amount": "Amount accepted by sales",
    "accepted_count": "Leads accepted by sales",
    "opportunity_count": "Opportunities created",
    "sourced_pipeline": "Pipeline sourced by marketing",
    "mql_count": "Marketing-qualified leads",
    "lead_count": "Leads created",
}
MONEY = ("won_amount", "accepted_amount", "sourced_pipeline")
SECTIONS = {
    "company": "Course",
    "who": "Who carries it",
    "left": "What is left",
    "marketing": "Marketing's part",
    "set": "Set goals",
}

page = begin("Shared goals", "One goal for both teams: what is reached, and is it on track?")
filters, numbers = page.filters, page.numbers
has_period = filters.period_start is not None and filters.period_end is not None
by_words = {words: name for name, words in MEASURE_NAMES.items()}
measure = by_words[st.selectbox("Goal", list(by_words), key="measure", bind="query-params")]
is_money = measure in MONEY
scope, scope_value = filters.goal_scope
asked: dict[str, Any] = {
    "as_of": filters.as_of,
    "period_start": filters.period_start,
    "period_end": filters.period_end,
    "measure": measure,
}


def goal_of(whose: Any, kind: str | None, value: str | None) -> dict[str, Any] | None:
    """Return the progress of the goal of exactly these filters' period and a scope, or None."""
    if whose.period_start is None or whose.period_end is None or kind is None:
        return None
    found = ask(
        "goal_progress",
        as_of=whose.as_of,
        period_start=whose.period_start,
        period_end=whose.period_end,
        measure=measure,
        scope=kind,
        scope_value=value,
    ).filter((pl.col("period_start") == whose.period_start) & (pl.col("period_end") == whose.period_end))
    return found.row(0, named=True) if found.height else None


def measures_with_a_goal() -> list[str]:
    """Return what has a goal for exactly this period and these filters."""
    in_force = ask("goals_in_force", as_of=filters.as_of).filter(
        (pl.col("period_start") == filters.period_start)
        & (pl.col("period_end") == filters.period_end)
        & (pl.col("scope") == scope)
        & pl.col("scope_value").eq_missing(pl.lit(scope_value, dtype=pl.String))
    )
    return [name for name in MEASURE_NAMES if name in in_force["measure"].to_list()]


def show_measure(name: str) -> None:
    """Choose what the page shows."""
    st.session_state["measure"] = MEASURE_NAMES[name]


def shown(value: Decimal | float | None) -> str:
    """Return a value of the chosen measure."""
    return numbers.money(value) if is_money else numbers.number(value)


def show_key_figures() -> None:
    """Show goal, reached, missing, attainment, pace and projection, beside those of the period to compare with."""
    other, name = None, ""
    if filters.compared is not None:
        other, name = goal_of(filters.compared, scope, scope_value), filters.compared.period

    def beside(value: str) -> dict[str, Any]:
        if filters.compared is None:
            return {}
        return {"delta": f"{value} in {name}", "delta_color": "off", "delta_arrow": "off"}

    def ratio(of: dict[str, Any] | None) -> str:
        return numbers.number(of["pace"] if of else None, 2)

    with st.container(horizontal=True):
        for label, column in (("Goal", "goal"), ("Reached", "actual"), ("Still missing", "remaining")):
            now, then = (shown(of[column] if of else None) for of in (row, other))
            st.metric(label, now, **beside(then), border=True)
        now, then = (numbers.share(of["attainment"] if of else None, 0) for of in (row, other))
        st.metric("Attainment", now, **beside(then), border=True)
        pace_help = "reached / (goal × share usually done by this day); 1 is on track"
        st.metric("Pace", ratio(row), **beside(ratio(other)), border=True, help=pace_help)
        now, then = (shown(of["projected"] if of else None) for of in (row, other))
        ends_help = "What the period will end at if it goes on as usual: reached / share usually done by this day"
        st.metric("Ends at", now, **beside(then), border=True, help=ends_help)


def show_course() -> None:
    """Show what was reached day by day, what was usual, and where it leads."""
    with st.container(border=True):
        heading("Reached, day by day", f"{MEASURE_NAMES[measure]}, {filters.period_words}")
        if not has_period:
            show_empty("Choose a period to see how it fills up day by day.")
            return
        if scope is None:
            show_empty(
                "What is reached is counted for the company, one team, one segment, one region or one owner. Under these "
                f"filters ({' and '.join(filters.narrowed)}) there is no such count: choose at most one of these, and one "
                "value of it."
            )
            return
        by_day = course_of_days()
        if by_day["actual_to_date"].null_count() == by_day.height:
            show_empty("The period has not begun, or the exports do not record what this goal counts.")
        else:
            goal_value = float(row["goal"]) if row and row["goal"] is not None else None
            fig = actual_by_day(by_day, goal_value, numbers, is_money=is_money)
            alt = f"{MEASURE_NAMES[measure]} reached by each day, what would be on track, and where it leads"
            show_figure(fig, "by_day", alt)
            basis = row["expected_basis"] if row else None
            if basis == "straight line":
                st.caption(
                    "History is too short for a usual course: on track is a straight line, and so is what it leads to, "
                    "without a range."
                )
        with st.container(horizontal=True):
            download(by_day, "by_day", "goal_by_day")
            define("goal_by_day", "goal_progress")


def course_of_days() -> pl.DataFrame:
    """Return the goal's course."""
    return ask("goal_by_day", **asked, scope=scope, scope_value=scope_value)


def show_carriers() -> None:
    """Show each one's own goal, and how much of it is reached."""
    with st.container(border=True):
        heading("Who carries it", "Each one's own goal for this period, and how much of it is reached")
        if not has_period:
            show_empty("Choose a period: goals are set for periods.")
            return
        # A team's owners carry its goal; any other filter leaves the goals of its own kind.
        kinds = [item for item in SCOPES if item != "company"]
        if filters.narrowed == ("team",):
            kinds = ["team", "owner"]
        elif filters.narrowed:
            kinds = [item for item in kinds if filters.narrowed == (item,)]
        if not kinds:
            show_empty(
                f"No goal is for these filters ({' and '.join(filters.narrowed)}): a goal is for one team, segment, "
                "region or owner as a whole."
            )
            return
        of_scope = choose("Goals of", {item: item.capitalize() for item in kinds}, "goals_of", kinds[-1])
        carried = ask("goal_attainment", **asked, scope=of_scope)
        if filters.narrowed:
            limit = filters.narrowed[0]
            column = "team" if (limit, of_scope) == ("team", "owner") else "scope_value"
            carried = carried.filter(pl.col(column).fill_null("").is_in(list(getattr(filters, limit))))
        company = goal_of(filters, "company", None) if not filters.narrowed else None
        whole = company["goal"] if company else None
        st.markdown(plain(carried_finding(carried, whole, of_scope, numbers, is_money=is_money)))
        with_goal = carried.filter(pl.col("attainment").is_not_null())
        if with_goal.height:
            opened = drill_figure(
                attainment_by_scope(with_goal, expected_share(), numbers, is_money=is_money),
                "carried_by",
                f"Share of the goal reached by {of_scope}",
                named(with_goal["scope_value"].drop_nulls().to_list()),
            )
            if opened and measure in ("won_amount", "won_count"):
                params = {name: value for name, value in asked.items() if name != "measure"}
                params |= {"outcome": "won", "dimension": of_scope, "dimension_value": [opened]}
                what = f"Won in the period, {of_scope} {opened}"
                show_records("outcome_records", params, "carried_by", what, numbers, "amount_base")
        if carried.height:
            first = [
                "scope_value",
                "attainment",
                "pace",
                "actual",
                "goal",
                "remaining",
                "coverage_to_go",
                "open_amount",
            ]
            rest = ["projected", *(["team"] if of_scope == "owner" else []), "set_date", "set_by", "origin"]
            names = {"scope_value": of_scope.capitalize(), "open_amount": "Open and due", "projected": "Ends at"}
            alt = f"Goals by {of_scope}"
            table(carried.select(first + rest), "goal_attainment", "carried_table", alt, numbers, names)
        with st.container(horizontal=True):
            download(carried, "carried", f"goal_attainment_{of_scope}")
            define("goal_attainment", "goal_progress", "outcome_records")


def expected_share() -> float | None:
    """Return the share of the period that is usually done by the as-of day."""
    by_day = course_of_days() if scope is not None else ask("goal_by_day", **asked)
    today = by_day.filter(pl.col("day") <= filters.as_of)
    return float(today["expected_share"][-1]) if today.height else None


def every_test(sourced_by: str, views: pl.DataFrame) -> None:
    """Show what is sourced by every test, how far the one looked through lies from ours, and the deals between them."""
    ours = page.about.sourced_test
    agreement = ask("sourced_agreement", **filters.params)
    st.markdown(plain(sourced_gap(agreement, ours, sourced_by, numbers)))
    titles = {VIEWS[test]: title for test, title in WAYS["sourced"].items()}
    shown = views.filter(pl.col("view").is_in(list(titles))).with_columns(
        view=pl.col("view").replace_strict(titles, return_dtype=pl.String)
    )
    table(
        shown.select("view", "deals", "amount", "of_won"),
        "sourced_and_influenced",
        "every_test",
        "Sourced by every test",
    )
    if sourced_by != ours:
        words = {name: title.lower() for name, title in WAYS["sourced"].items()}
        options = {
            "first": f"Sourced {words[ours]} and not {words[sourced_by]}",
            "other": f"Sourced {words[sourced_by]} and not {words[ours]}",
        }
        opened = pick("Open the deals between them", options, "sourced_between", "Choose here")
        if opened:
            by, not_by = (ours, sourced_by) if opened == "first" else (sourced_by, ours)
            params = {**filters.params, "by": by, "not_by": not_by}
            what = options[opened]
            show_records("sourced_agreement_records", params, "sourced_between", what, numbers, "amount_base")
    define("sourced_and_influenced", "sourced_agreement", "sourced_agreement_records")


row = goal_of(filters, scope, scope_value)
views = ask("sourced_and_influenced", **filters.params)
test_in_force = page.about.sourced_test
sourced_by = looked_through("sourced", test_in_force) if measure == "won_amount" else test_in_force
ours = views.filter(pl.col("view") == VIEWS[sourced_by])
sourced = ours.row(0, named=True) if ours.height and measure == "won_amount" else None
elsewhere = measures_with_a_goal() if row is None and has_period and scope is not None else []
course = course_of_days().row(-1, named=True) if row is not None and has_period else None
names_elsewhere = [MEASURE_NAMES[name] for name in elsewhere]
show_finding(
    goal_finding(
        row,
        sourced,
        numbers,
        is_money=is_money,
        elsewhere=names_elsewhere,
        course=course,
        as_of=filters.as_of,
    )
)
if row is not None and measure == "won_amount":
    say_without(page, "won_amount", "attainment")
if measure == "won_amount":
    show_definitions(page, "sourced", sourced_by, partial(every_test, sourced_by, views))
for other_measure in elsewhere:
    st.button(
        f"Show {MEASURE_NAMES[other_measure]}",
        key=f"show_{other_measure}",
        on_click=show_measure,
        args=(other_measure,),
    )
told_before = st.session_state.pop(SAID, None)
if told_before:
    st.success(plain(told_before), icon=":material/check:")
show_key_figures()
if row:
    by = f" by {row['set_by']}" if row["set_by"] else ""
    versions_told = f"; the newest of {row['version_count']} versions" if row["version_count"] > 1 else ""
    when = f" on {day(row['set_date'])}" if row["set_date"] else " on a day that is not recorded"
    later = " It was set after the as-of day, so it was not known then." if row["is_set_later"] else ""
    st.caption(plain(f"This goal was set{when}{by} ({row['origin']}){versions_told}.{later}"))
    if row["without_amount_count"]:
        count = row["without_amount_count"]
        st.caption(
            f"{numbers.number(count)} {plural(count, 'deal')} without an amount or a rate "
            f"{plural(count, 'adds', 'add')} nothing to what is reached."
        )
show_left_out("deals", filters.params, "left_out", numbers)
chosen = section(SECTIONS, "goals")
if chosen == "company":
    show_course()
elif chosen == "who":
    show_carriers()
elif chosen == "left":
    show_left(page, measure, MEASURE_NAMES[measure], row)
elif chosen == "marketing":
    show_marketing(page)
else:
    show_setting(page, measure, MEASURE_NAMES, MONEY, row)
