"""What each item of a huddle's agenda shows from the data: a sentence and at most five things on a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import polars as pl

from charts.coverage_change import STEPS
from charts.leads import STAGE_NAMES
from charts.numbers import DASH, NumberFormat, day, plural
from queries import current_version, run, version_mark
from reports.findings_agreement import agreement_line, states_of_team
from reports.findings_leads import weakest_finding
from reports.huddle_data import HuddleScope, Mark
from reports.kpi_numbers import KpiNumbers
from reports.kpi_states import KpiState, kpis_finding
from store.agreements import TEAMS

MOST = 5
_HORIZON = 180
_UNJUDGED = (("not due", "not yet due"), ("nothing", "with nothing to judge"))


@dataclass(frozen=True)
class Thing:
    """One thing on a sheet: a title, a key number, what stands beside it, whether it is good or bad, its last weeks."""

    title: str
    value: str
    beside: tuple[str, ...] = ()
    tone: str = ""
    weeks: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One screen: what it says in a sentence, and its things."""

    finding: str
    things: tuple[Thing, ...] = ()


def data_sheets(scope: HuddleScope, kpis: KpiNumbers, agreement: pl.DataFrame) -> dict[str, tuple[Sheet, ...]]:
    """Return the sheets of the items that the data fills, by the item's kind: wins, kpis, changes, bottlenecks.

    An item is one sheet, the KPIs one for each team that has picked some, and one for the agreement where one is in force
    (`huddle_agreement`). No sheet holds more than five things.

    Raises
    ------
    QueryError
        The data cannot be read.
    """
    version = current_version()
    mark = version_mark(version)
    return {
        "wins": (_wins(version, mark, scope, kpis.numbers),),
        "kpis": (*_kpis(kpis), *_agreement(agreement, kpis.numbers)),
        "changes": (_changes(version, mark, scope, kpis.numbers),),
        "bottlenecks": (_bottlenecks(version, mark, scope, kpis.numbers),),
    }


def since_words(scope: HuddleScope) -> str:
    """Say since when something is new: since the last huddle's day, or in the last week where there was none."""
    if scope.is_stale:
        return f"in the week to {day(scope.as_of)} (the data is that of the last huddle)"
    return f"in the week to {day(scope.as_of)}" if scope.is_first else f"since {day(scope.since)}"


@lru_cache(maxsize=32)
def _wins(version: Path, _mark: Mark, scope: HuddleScope, numbers: NumberFormat) -> Sheet:
    span = {"period_start": scope.since + timedelta(days=1), "period_end": scope.as_of + timedelta(days=1)}
    won = run("outcome_records", {**scope.params, **span, "outcome": "won"}, version=version)
    if won.is_empty():
        return Sheet(f"No deal was won {since_words(scope)}.")
    total = won["amount_base"].sum() if won["amount_base"].count() else None
    sourced = won.filter(pl.col("is_sourced")).height
    biggest = won.sort("amount_base", descending=True, nulls_last=True).head(MOST - 1)
    things = [
        Thing(
            f"{plural(won.height, 'Deal')} won",
            numbers.number(won.height),
            (f"{numbers.money(total)} in all", f"{numbers.number(sourced)} sourced by marketing"),
            "good",
        )
    ]
    for row in biggest.iter_rows(named=True):
        beside = [f"{row['owner'] or 'no owner'}, {day(row['close_date'])}"]
        if row["source"]:
            beside.append(f"from {row['source']}")
        things.append(
            Thing(row["account"] or row["name"] or "No name", numbers.money(row["amount_base"]), tuple(beside))
        )
    amount = f", {numbers.money(total)}" if total is not None else ""
    return Sheet(
        f"{numbers.number(won.height)} {plural(won.height, 'deal')} won {since_words(scope)}{amount}.", tuple(things)
    )


def _kpis(kpis: KpiNumbers) -> tuple[Sheet, ...]:
    sheets = [
        Sheet(
            kpis_finding(team, states, kpis.numbers).split(". ", maxsplit=1)[0].rstrip(".") + ".",
            tuple(_kpi(state, kpis.numbers) for state in states[:MOST]),
        )
        for team, states in kpis.states.items()
        if states
    ]
    nothing = (
        "No team has picked its KPIs yet. Pick three to five on the KPIs page: they stand here in the next huddle."
    )
    return tuple(sheets) or (Sheet(nothing),)


def _kpi(state: KpiState, numbers: NumberFormat) -> Thing:
    beside = []
    if state.goal is not None:
        beside.append(f"goal {state.shown(numbers, state.goal)}: {state.judged}")
    elif state.judged is not None:
        beside.append(f"{state.judged} its band")
    if state.week_before is not None:
        beside.append(f"week before {state.shown(numbers, state.week_before)}")
    if state.verdict is not None:
        beside.append("a signal" if state.verdict == "signal" else "routine")
    tone = ""
    if state.judged in ("missed", "outside") or (state.verdict == "signal" and state.is_good is False):
        tone = "bad"
    elif state.judged == "reached" or (state.verdict == "signal" and state.is_good):
        tone = "good"
    weeks = tuple(state.weeks.tail(12)["value"].to_list())
    return Thing(state.metric.title, state.shown(numbers, state.value), tuple(beside), tone, weeks)


def _agreement(rows: pl.DataFrame, numbers: NumberFormat) -> tuple[Sheet, ...]:
    """Return the agreement's last complete week, a thing for each team; nothing where no agreement is in force."""
    line = agreement_line(rows, numbers)
    if not line:
        return ()
    last: date = rows["week"].max()  # type: ignore[assignment]
    things = []
    for team in TEAMS:
        state = states_of_team(rows, team, [last])[0]
        judged = state["kept"] + state["broken"]
        beside = [f"{state[name]} {words}" for name, words in _UNJUDGED if state[name]]
        tone = {"kept": "good", "broken": "bad"}.get(state["state"], "")
        value = f"{state['kept']} of {judged} kept" if judged else DASH
        things.append(Thing(team.capitalize(), value, tuple(beside), tone))
    return (Sheet(line, tuple(things)),)


@lru_cache(maxsize=32)
def _changes(version: Path, _mark: Mark, scope: HuddleScope, numbers: NumberFormat) -> Sheet:
    steps = run("pipeline_waterfall", {**scope.params, "since": scope.since}, version=version)
    rows = {row["step"]: row for row in steps.iter_rows(named=True)}
    opening, closing = (rows.get(step, {}).get("amount") for step in ("opening", "closing"))
    if opening is None or closing is None:
        return Sheet(f"What open deals were worth on {day(scope.since)} is only assumed, so no change can be told.")
    moved = [
        row
        for row in steps.filter((pl.col("kind") != "level") & (pl.col("deals") > 0)).iter_rows(named=True)
        if row["step"] != "unchanged" and row["amount"] is not None
    ]
    biggest = sorted(moved, key=lambda row: -abs(row["amount"]))[: MOST - 1]
    change = closing - opening
    things = [
        Thing(
            "Open pipeline",
            numbers.money(closing),
            (f"{numbers.money(opening)} on {day(scope.since)}", f"{_signed(numbers, change)} since"),
            "",
        )
    ]
    for row in sorted(biggest, key=lambda row: row["place"]):
        deals = f"{numbers.number(row['deals'])} {plural(row['deals'], 'deal')}"
        if row["kind"] == "out":
            deals += f" that {plural(row['deals'], 'was', 'were')} open on {day(scope.since)}"
        tone = {"won": "good", "lost": "bad", "pushed_out": "bad", "overdue": "bad"}.get(row["step"], "")
        things.append(Thing(STEPS[row["step"]], _signed(numbers, row["amount"]), (deals,), tone))
    if not moved:
        return Sheet(f"No deal moved {since_words(scope)}.", tuple(things))
    way = "grew" if change > 0 else "shrank" if change < 0 else "stayed the same"
    by = f" by {numbers.money(abs(change))}" if change else ""
    top = biggest[0]
    text = (
        f"Open pipeline {way}{by} {since_words(scope)}; the largest move: {STEPS[top['step']].lower()}, "
        f"{_signed(numbers, top['amount'])}."
    )
    return Sheet(text, tuple(things))


def _signed(numbers: NumberFormat, amount: object) -> str:
    value = float(str(amount))
    return f"+{numbers.money(value)}" if value > 0 else numbers.money(value)


@lru_cache(maxsize=32)
def _bottlenecks(version: Path, _mark: Mark, scope: HuddleScope, numbers: NumberFormat) -> Sheet:
    asked = {**scope.lead_params, "period_start": scope.as_of - timedelta(days=_HORIZON + 365), "days": _HORIZON}
    frame = run("weakest_step", {**asked, "dimension": "source"}, version=version)
    costly = (
        frame.filter(
            pl.col("is_weakest")
            & pl.col("is_sure")
            & (pl.col("won_more") > 0)
            & pl.col("dimension_value").is_not_null()
        )
        .sort("won_more", descending=True)
        .head(3)
    )
    return Sheet(weakest_finding(frame, numbers), _steps(costly, numbers))


def _steps(rows: pl.DataFrame, numbers: NumberFormat) -> tuple[Thing, ...]:
    things: list[Thing] = []
    for row in rows.iter_rows(named=True):
        more = f"{numbers.number(row['won_more'], 1)} won deals more at the median"
        if row["amount_more"] is not None:
            more += f", about {numbers.money(row['amount_more'])}"
        things.append(
            Thing(
                f"{row['dimension_value']}: {STAGE_NAMES[row['from_stage']]} to {STAGE_NAMES[row['stage']]}",
                numbers.share(row["rate"], 0),
                (
                    f"of {numbers.number(row['before'])} leads; the median is {numbers.share(row['median_rate'], 0)}",
                    more,
                ),
                "bad",
            )
        )
    return tuple(things)


def sheets_text(sheets: Sequence[Sheet]) -> list[str]:
    """Return sheets as plain lines, for notes: each finding, then each thing."""
    lines: list[str] = []
    for sheet in sheets:
        lines.append(sheet.finding)
        lines += [
            f"{thing.title}: {thing.value} ({'; '.join(thing.beside)})"
            if thing.beside
            else f"{thing.title}: {thing.value}"
            for thing in sheet.things
        ]
    return lines
