"""Setting goals: one for the page's filters, many in a table, the last change undone, and who changed what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from charts.numbers import DASH, NumberFormat, day, plural
from reports.export import csv_bytes
from store import (
    SCOPES,
    Goal,
    GoalChange,
    GoalConflictError,
    StoreError,
    change_goals,
    current_goals,
    goal_changes,
    last_undoable,
    newest_versions,
    open_store,
    undo_last_change,
)
from ui.ask import ask
from ui.choose import choose
from ui.messages import plain, show_empty, show_error

SAID = "goal_said"
_BASE = "_goal_table"
_WHO = "Who"
_COMPANY = "The company"
_LISTED = 8


@dataclass(frozen=True)
class Table:
    """The goals of a table as they were shown: rows by whom, columns by period, and which version each was."""

    measure: str
    scope: str
    periods: Mapping[str, tuple[date, date]]
    frame: pl.DataFrame
    seen: Mapping[tuple[str, date, date, str, str | None], int | None]


def changed_goals(shown: Table, edited: pl.DataFrame, by: str) -> list[Goal]:
    """Return the goals whose cells differ from what was shown; an emptied cell takes its goal back."""
    goals = []
    for before, after in zip(shown.frame.iter_rows(named=True), edited.iter_rows(named=True), strict=True):
        for period, (start, end) in shown.periods.items():
            was, now = _decimal(before[period]), _decimal(after[period])
            if was != now:
                goals.append(
                    Goal(
                        measure=shown.measure,
                        period_start=start,
                        period_end=end,
                        scope=shown.scope,
                        scope_value=None if shown.scope == "company" else before[_WHO],
                        value=now,
                        set_by=by,
                        value_before=was,
                    )
                )
    return goals


def show_author() -> tuple[str, str]:
    """Ask who changes goals and why; return both."""
    left, right = st.columns(2)
    author = left.text_input("Your name", key="author", persist_state="session", placeholder="Who sets it")
    reason = right.text_input("Why", key="goal_reason", placeholder="Why it changes (kept beside it)", max_chars=400)
    return author or "", reason or ""


def keep(goals: Sequence[Goal], author: str, reason: str, seen: Any, said: str) -> None:
    """Keep goals and start the page anew with what is said of it; where they cannot be kept, say why."""
    try:
        change_goals(open_store(), goals, by=author, reason=reason, seen=seen)
    except StoreError as error:
        show_error(error)
        if isinstance(error, GoalConflictError):
            st.button("Show what is there now", icon=":material/refresh:", on_click=_forget_table, key="goal_refresh")
        return
    _forget_table()
    st.session_state[SAID] = said
    st.rerun()


def show_table_editor(
    measure: str, name: str, newest: date, period_start: date | None, numbers: NumberFormat, author: str, reason: str
) -> None:
    """Show the goals of a year in a table that can be edited, and keep what was changed in one go.

    Parameters
    ----------
    measure, name
        What the goals count, and its name.
    newest
        The newest day that the data knows: on it every version counts.
    period_start
        A day of the fiscal year to begin with.
    numbers
        How the company writes numbers.
    author, reason
        Who changes them and why.
    """
    periods = ask("fiscal_periods")
    years = periods.filter(pl.col("kind") == "year").sort("period_start")
    begun = period_start or newest
    near = [
        row["period"]
        for row in years.iter_rows(named=True)
        if row["period_end"] > newest and (row["period_start"] - newest).days < 800
    ]
    own = next(
        (row["period"] for row in years.iter_rows(named=True) if row["period_start"] <= begun < row["period_end"]), None
    )
    offered = sorted({*near, *([own] if own else [])})
    if not offered:
        show_empty("The calendar holds no fiscal year to set goals for.")
        return
    scope = choose("Goals of", {item: item.capitalize() for item in SCOPES}, "edit_scope", "owner")
    left, right = st.columns(2)
    with left:
        year = choose("Fiscal year", {item: item for item in offered}, "edit_year", own or offered[0])
    with right:
        kind = choose("By", {"quarter": "Quarters", "month": "Months", "year": "Year"}, "edit_by", "quarter")
    bounds = years.filter(pl.col("period") == year).row(0, named=True)
    columns = {
        row["period"]: (row["period_start"], row["period_end"])
        for row in periods.filter(
            (pl.col("kind") == kind)
            & (pl.col("period_start") >= bounds["period_start"])
            & (pl.col("period_end") <= bounds["period_end"])
        )
        .sort("period_start")
        .iter_rows(named=True)
    }
    which = (measure, scope, year, kind)
    shown = _shown(which, columns, newest)
    if shown.frame.is_empty():
        show_empty(f"The exports name no {scope}, so there is nobody to set a goal for.")
        return
    edited = st.data_editor(
        shown.frame,
        key=f"goal_table_{'_'.join(which)}_{st.session_state.get('_goal_round', 0)}",
        hide_index=True,
        num_rows="fixed",
        placeholder=DASH,
        disabled=[_WHO],
        column_config={
            _WHO: st.column_config.TextColumn(scope.capitalize(), pinned=True),
            **{
                period: st.column_config.NumberColumn(
                    period, min_value=0.01, format="localized", help=f"{day(start)} to the day before {day(end)}"
                )
                for period, (start, end) in columns.items()
            },
        },
    )
    goals = changed_goals(shown, edited, author)
    for line in _sums(edited, shown, newest, numbers) if scope != "company" else []:
        st.caption(plain(line))
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button(
            f"Save {len(goals)} {plural(len(goals), 'change')}" if goals else "Nothing is changed",
            icon=":material/save:",
            type="primary" if goals else "secondary",
            disabled=not goals,
            key="goal_save_all",
        )
        template = _template(shown, edited)
        st.download_button(
            "These goals as CSV, to fill in and import",
            data=lambda: csv_bytes(template),
            file_name=f"goals_{measure}_{scope}_{year}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="goal_template",
            on_click="ignore",
        )
        st.page_link("pages/data/imports.py", label="Import quotas", icon=":material/upload_file:")
    st.caption("An emptied cell takes its goal back. Columns of the CSV: measure, period, scope, scope_value, value, …")
    if save:
        count = f"{len(goals)} {plural(len(goals), 'goal')}"
        keep(goals, author, reason, shown.seen, f"Kept: {count} of {name}, by {author.strip()}.")


def show_changes(author: str, names: Mapping[str, str], numbers: NumberFormat, money: Sequence[str]) -> None:
    """Show who changed which goals when and why, the newest first, and offer to undo the last change."""
    changes = goal_changes(open_store())
    if not changes:
        st.caption("Nobody has typed in a goal yet. Imported ones stand in the versions below.")
        return
    last = last_undoable(changes)
    if last is not None and st.button(
        "Undo the last change",
        icon=":material/undo:",
        key="goal_undo",
        help=f"Sets again what was there before {_count(last)} by {last.made_by} on {day(last.made_at.date())}",
    ):
        try:
            undone = undo_last_change(open_store(), author)
        except StoreError as error:
            show_error(error)
        else:
            _forget_table()
            st.session_state[SAID] = (
                f"Undone: {_count(undone)} by {undone.made_by}; what was there before counts again."
                if undone is not None
                else "Somebody else had undone this change before."
            )
            st.rerun()
    for change in changes[:_LISTED]:
        st.markdown(plain(_told(change)))
        for version in change.versions[:_LISTED]:
            st.caption(plain(_difference(version, names, numbers, is_money=version.measure in money)))
        if len(change.versions) > _LISTED:
            st.caption(f"and {len(change.versions) - _LISTED} more: see the versions below")
    if len(changes) > _LISTED:
        st.caption(f"{len(changes) - _LISTED} older changes: their goals stand in the versions below.")


def _count(change: GoalChange) -> str:
    return f"{len(change.versions)} {plural(len(change.versions), 'goal')}"


def _told(change: GoalChange) -> str:
    text = f"{change.made_at:%Y-%m-%d %H:%M} UTC, {change.made_by}: {_count(change)}"
    if change.undoes is not None:
        text += ", undoing an earlier change"
    if change.reason:
        text += f" ({change.reason})"
    return f"{text}; undone since" if change.undone_by is not None else text


def _difference(version: Goal, names: Mapping[str, str], numbers: NumberFormat, *, is_money: bool) -> str:
    def shown(value: Decimal | None) -> str:
        if value is None:
            return "none"
        return numbers.money_exact(value) if is_money else numbers.number(value)

    whom = "the company" if version.scope_value is None else f"{version.scope} {version.scope_value}"
    text = f"{names.get(version.measure, version.measure)}, {whom}, from {day(version.period_start)}: "
    text += f"{shown(version.value_before)} → {shown(version.value)}"
    if version.value is not None and version.value_before is not None:
        change = version.value - version.value_before
        text += f" ({'+' if change > 0 else ''}{shown(change)})"
    return text


def _shown(which: tuple[str, str, str, str], periods: dict[str, tuple[date, date]], newest: date) -> Table:
    """Return the table as it was first shown in this session: what is typed over it is compared with that."""
    kept: dict[str, Any] = st.session_state.setdefault(_BASE, {})
    if kept.get("which") != which or not _is_edited(which):
        kept["which"], kept["table"] = which, _table(which[0], which[1], periods, newest)
    table: Table = kept["table"]
    return table


def _is_edited(which: tuple[str, ...]) -> bool:
    key = f"goal_table_{'_'.join(which)}_{st.session_state.get('_goal_round', 0)}"
    state = st.session_state.get(key)
    return bool(state and state.get("edited_rows"))


def _forget_table() -> None:
    """Let the table begin anew, from what is there now."""
    st.session_state["_goal_round"] = st.session_state.get("_goal_round", 0) + 1
    st.session_state.pop(_BASE, None)


def _table(measure: str, scope: str, periods: dict[str, tuple[date, date]], newest: date) -> Table:
    in_force = ask("goals_in_force", as_of=newest).filter((pl.col("measure") == measure) & (pl.col("scope") == scope))
    if scope == "company":
        names: list[str] = [_COMPANY]
    else:
        listed = ask("filter_values").filter(pl.col("filter") == scope)["value"].drop_nulls().to_list()
        shown = set(periods.values())
        with_goal = {
            row["scope_value"]
            for row in in_force.iter_rows(named=True)
            if (row["period_start"], row["period_end"]) in shown and row["scope_value"] is not None
        }
        # Who has a goal comes first: many owners of leads never have one of won amounts.
        names = sorted({*listed, *with_goal}, key=lambda name: (name not in with_goal, name))
    found = {
        (row["scope_value"] or _COMPANY, row["period_start"], row["period_end"]): row["value"]
        for row in in_force.iter_rows(named=True)
    }
    rows = [
        {
            _WHO: name,
            **{
                period: float(value) if (value := found.get((name, *bounds))) is not None else None
                for period, bounds in periods.items()
            },
        }
        for name in names
    ]
    frame = pl.DataFrame(rows, schema={_WHO: pl.String, **dict.fromkeys(periods, pl.Float64)})
    seen = {key: goal.version_id for key, goal in newest_versions(current_goals(open_store())).items()}
    return Table(measure, scope, periods, frame, seen)


def _sums(edited: pl.DataFrame, shown: Table, newest: date, numbers: NumberFormat) -> list[str]:
    """Say what the rows of each period add up to, beside the company's goal."""
    is_money = shown.measure in ("won_amount", "accepted_amount", "sourced_pipeline")
    company = {
        (row["period_start"], row["period_end"]): row["value"]
        for row in ask("goals_in_force", as_of=newest)
        .filter((pl.col("measure") == shown.measure) & (pl.col("scope") == "company"))
        .iter_rows(named=True)
    }
    parts = []
    for period, bounds in shown.periods.items():
        total, goal = float(edited[period].sum() or 0), company.get(bounds)
        if not edited[period].drop_nulls().len():
            continue
        text = f"{period}: {numbers.money(total) if is_money else numbers.number(total)}"
        if goal:
            text += f", {numbers.share(total / float(goal), 0)} of the company's"
        parts.append(text)
    return [f"These add up to {'; '.join(parts)}."] if parts else []


def _template(shown: Table, edited: pl.DataFrame) -> pl.DataFrame:
    """Return the goals of a table as the Import page reads them; goals that are not set are there to be filled in."""
    return pl.DataFrame(
        [
            {
                "measure": shown.measure,
                "period": period,
                "scope": shown.scope,
                "scope_value": "" if shown.scope == "company" else row[_WHO],
                "value": row[period],
                "currency": "",
                "set_on": "",
                "set_by": "",
            }
            for row in edited.iter_rows(named=True)
            for period in shown.periods
        ],
        schema_overrides={"value": pl.Float64},
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 2)))
