"""Shared goals: one revenue goal; what does each team owe it?"""

from decimal import Decimal

import polars as pl
import streamlit as st

from charts.goals import VIEW_NAMES, actual_by_day, attainment_by_scope, won_by_view
from charts.numbers import day, plural
from reports.findings import goal_finding
from store import SCOPES, Goal, open_store, set_goal, withdraw_goal
from ui.ask import ask
from ui.choose import choose, named
from ui.define import define
from ui.left_out import show_left_out
from ui.messages import plain, show_empty, show_finding
from ui.page import begin, heading
from ui.records import download, drill_figure, show_records, table

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

page = begin("Shared goals", "One goal for both teams: what is reached, and is it on track?")
filters, numbers = page.filters, page.numbers
has_period = filters.period_start is not None and filters.period_end is not None


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


by_words = {words: name for name, words in MEASURE_NAMES.items()}
measure = by_words[st.selectbox("Goal", list(by_words), key="measure", bind="query-params")]
is_money = measure in ("won_amount", "accepted_amount", "sourced_pipeline")
scope, scope_value = filters.goal_scope
asked = {
    "as_of": filters.as_of,
    "period_start": filters.period_start,
    "period_end": filters.period_end,
    "measure": measure,
}
goals = ask("goal_progress", **asked) if has_period else ask("goal_progress", as_of=filters.as_of, measure=measure)
exact = goals.filter(
    (pl.col("period_start") == pl.lit(filters.period_start, dtype=pl.Date))
    & (pl.col("period_end") == pl.lit(filters.period_end, dtype=pl.Date))
    & (pl.col("scope") == pl.lit(scope, dtype=pl.String))
    & pl.col("scope_value").eq_missing(pl.lit(scope_value, dtype=pl.String))
)
row = exact.row(0, named=True) if exact.height else None
views = ask("sourced_and_influenced", **filters.params)
ours = views.filter(pl.col("is_company_test"))
sourced = ours.row(0, named=True) if ours.height and measure == "won_amount" else None
elsewhere = measures_with_a_goal() if row is None and has_period and scope is not None else []
names = [MEASURE_NAMES[name] for name in elsewhere]
show_finding(goal_finding(row, sourced, numbers, is_money=is_money, elsewhere=names))
for name in elsewhere:
    st.button(f"Show {MEASURE_NAMES[name]}", key=f"show_{name}", on_click=show_measure, args=(name,))
said = st.session_state.pop("goal_said", None)
if said:
    st.success(plain(said), icon=":material/check:")


def shown(value: Decimal | float | None) -> str:
    """Return a value of the chosen measure."""
    return numbers.money(value) if is_money else numbers.number(value)


with st.container(horizontal=True):
    st.metric("Goal", shown(row["goal"] if row else None), border=True)
    st.metric("Reached", shown(row["actual"] if row else None), border=True)
    st.metric("Still missing", shown(row["remaining"] if row else None), border=True)
    st.metric("Attainment", numbers.share(row["attainment"] if row else None, 0), border=True)
    st.metric(
        "Pace",
        numbers.number(row["pace"], 2) if row and row["pace"] is not None else numbers.number(None),
        border=True,
        help="reached / (goal × share usually done by this day); 1 is on track",
    )
if row:
    by = f" by {row['set_by']}" if row["set_by"] else ""
    versions = f"; the newest of {row['version_count']} versions" if row["version_count"] > 1 else ""
    when = f" on {day(row['set_date'])}" if row["set_date"] else " on a day that is not recorded"
    later = " It was set after the as-of day, so it was not known then." if row["is_set_later"] else ""
    st.caption(plain(f"This goal was set{when}{by} ({row['origin']}){versions}.{later}"))
    if row["without_amount_count"]:
        count = row["without_amount_count"]
        st.caption(
            f"{numbers.number(count)} {plural(count, 'deal')} without an amount or a rate "
            f"{plural(count, 'adds', 'add')} nothing to what is reached."
        )

show_left_out("deals", filters.params, "left_out", numbers)

with st.container(border=True):
    heading("Reached, day by day", f"{MEASURE_NAMES[measure]}, {filters.period_words}")
    if not has_period:
        show_empty("Choose a period to see how it fills up day by day.")
    elif scope is None:
        show_empty(
            "What is reached is counted for the company, one segment, one region or one owner. Under these filters "
            f"({' and '.join(filters.narrowed)}) there is no such count: choose at most one of these, and one value of it."
        )
    else:
        by_day = ask("goal_by_day", **asked, scope=scope, scope_value=scope_value)
        if by_day["actual_to_date"].null_count() == by_day.height:
            show_empty("The period has not begun, or the exports do not record what this goal counts.")
        else:
            goal_value = float(row["goal"]) if row and row["goal"] is not None else None
            st.plotly_chart(
                actual_by_day(by_day, goal_value, numbers, is_money=is_money),
                key="chart_by_day",
                alt=f"{MEASURE_NAMES[measure]} reached by each day, beside what would be on track",
                config={"displayModeBar": False},
            )
        with st.container(horizontal=True):
            download(by_day, "by_day", "goal_by_day")
            define("goal_by_day", "goal_progress")

with st.container(border=True):
    heading("Who carries it", "Each one's own goal for this period, and how much of it is reached")
    # A filter on segments leaves the goals of these segments; an owner's goal is of all that the owner sells.
    limit = filters.narrowed[0] if len(filters.narrowed) == 1 else None
    within = goals.filter(pl.col("scope_value").is_in(list(getattr(filters, limit)))) if limit else goals
    scopes = [
        item
        for item in SCOPES
        if item != "company"
        and item in within["scope"].to_list()
        and (not filters.narrowed or filters.narrowed == (item,))
    ]
    if not has_period:
        show_empty("Choose a period: goals are set for periods.")
    elif not scopes and filters.narrowed:
        show_empty(
            f"No goal is for these filters ({' and '.join(filters.narrowed)}): a goal is for one team, segment, region or "
            "owner as a whole."
        )
    elif not scopes:
        show_empty("No team, segment, region or owner has a goal of its own for this period.")
    else:
        of_scope = choose("Goals of", {item: item.capitalize() for item in scopes}, "goals_of", scopes[-1])
        carried = within.filter(
            (pl.col("scope") == of_scope)
            & (pl.col("period_start") == filters.period_start)
            & (pl.col("period_end") == filters.period_end)
        )
        if carried["attainment"].null_count() == carried.height:
            show_empty("Nothing of these goals is recorded yet.")
        else:
            opened = drill_figure(
                attainment_by_scope(carried, numbers, is_money=is_money),
                "carried_by",
                f"Share of the goal reached by {of_scope}",
                named(carried["scope_value"].drop_nulls().to_list()),
            )
            if opened and measure in ("won_amount", "won_count"):
                show_records(
                    "outcome_records",
                    {
                        "as_of": filters.as_of,
                        "period_start": filters.period_start,
                        "period_end": filters.period_end,
                        "outcome": "won",
                        "dimension": of_scope,
                        "dimension_value": [opened],
                    },
                    "carried_by",
                    f"Won in the period, {of_scope} {opened}",
                    numbers,
                    "amount_base",
                )
        table(
            carried.select(
                "scope_value",
                "attainment",
                "pace",
                "actual",
                "goal",
                "remaining",
                "set_date",
                "set_by",
                "origin",
            ),
            "goal_progress",
            "carried_table",
            f"Goals by {of_scope}",
            numbers,
            {"scope_value": of_scope.capitalize()},
        )
    define("goal_progress", "outcome_records")

with st.container(border=True):
    heading(
        "Sourced and influenced by marketing",
        f"Amount won in {numbers.currency}, {filters.period_words}. Never added: an influenced deal may be sourced too",
    )
    not_recorded = [VIEW_NAMES[view] for view in views.filter(pl.col("deals").is_null())["view"].to_list()]
    if views["amount"].null_count() == views.height:
        show_empty("No outcome with an amount is in the exports, so there is nothing to share out.")
    elif not views["amount"].sum():
        show_empty("Nothing with an amount was won in this period under these filters: there is nothing to share out.")
    else:
        present = views.filter(pl.col("deals").fill_null(0) > 0)["view"].to_list()
        opened = drill_figure(
            won_by_view(views, numbers),
            "view",
            "Amount won, and how much of it marketing sourced or influenced by each test",
            {view: VIEW_NAMES[view] for view in present},
        )
        if opened:
            show_records(
                "outcome_records",
                {**filters.params, "outcome": "won", "view": opened},
                "view",
                VIEW_NAMES[opened],
                numbers,
                "amount_base",
            )
    if not_recorded and len(not_recorded) < views.height:
        st.caption(
            f"Dashes, because the exports record no source or no campaign touch to tell by: {'; '.join(not_recorded)}."
        )
    with st.container(horizontal=True):
        download(views, "views", "sourced_and_influenced")
        define("sourced_and_influenced", "outcome_records")

with st.container(border=True):
    heading("Set a goal", "For the period and the filters chosen; the newest version counts, and all are kept")
    if not has_period or scope is None:
        show_empty(
            "A goal is for one period, and for the company, one segment, one region or one owner. "
            "Choose a period, and at most one such filter."
        )
    else:
        whom = "the company" if scope_value is None else f"{scope} {scope_value}"
        with st.form("goal", border=False):
            left, middle, right = st.columns(3)
            value = left.number_input(
                f"{MEASURE_NAMES[measure]} for {whom}" + (f" ({numbers.currency})" if is_money else ""),
                value=float(row["goal"]) if row and row["goal"] is not None and row["goal"] > 0 else None,
                step=1000.0 if is_money else 1.0,
                placeholder="How much",
            )
            author = middle.text_input("Your name", key="author", persist_state="session", placeholder="Who sets it")
            right.space("small")
            keep = right.form_submit_button("Keep this goal", icon=":material/save:")
            if keep and (value is None or value <= 0):
                st.error("A goal is more than 0: say how much is wanted. Nothing was changed.", icon=":material/error:")
            elif keep:
                set_goal(
                    open_store(),
                    Goal(
                        measure=measure,
                        period_start=filters.period_start,
                        period_end=filters.period_end,
                        scope=scope,
                        scope_value=scope_value,
                        value=Decimal(str(value)),
                        set_by=author,
                    ),
                )
                st.session_state["goal_said"] = (
                    f"Kept: {MEASURE_NAMES[measure]} for {whom}, {shown(value)}, by {author}."
                )
                st.rerun()
        if row and row["origin"] == "typed in" and st.button("Withdraw this version", icon=":material/undo:"):
            withdrawn = withdraw_goal(
                open_store(),
                Goal(
                    measure=measure,
                    period_start=filters.period_start,
                    period_end=filters.period_end,
                    scope=scope,
                    scope_value=scope_value,
                    value=Decimal(1),
                    set_by=author,
                ),
                author,
            )
            st.session_state["goal_said"] = (
                "Withdrawn: the version before it counts again, if there is one."
                if withdrawn
                else "Somebody else had withdrawn this version before."
            )
            st.rerun()
    st.caption(
        "Many goals at once: a CSV with the columns measure, period, scope, scope_value, value, currency, set_on, set_by, "
        "dropped on the Import page."
    )
    in_force = ask("goals_in_force", as_of=filters.as_of)
    with st.expander(f"All goals in force ({numbers.number(in_force.height)})"):
        table(in_force, "goals_in_force", "goals_table", "All goals in force", numbers)
        download(in_force, "goals", "goals_in_force")
