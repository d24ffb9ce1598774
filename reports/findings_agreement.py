"""What the agreement's weeks say in words: who kept what, what a broken promise may cost, what each team does next."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from charts.numbers import NumberFormat, day, plural
from reports.promises import PROMISES, shown_promise
from store.agreements import TEAMS

_STATES = {"kept": "kept", "broken": "broken", "not due": "not yet due", "nothing": "nothing to judge"}


def agreement_finding(rows: pl.DataFrame, numbers: NumberFormat, *, is_suggested: bool = False) -> str:
    """Say who kept what in the last complete week, what a broken promise may cost, and what each team does next.

    Parameters
    ----------
    rows
        The rows of `AgreementWeeks`; none where no promise holds in any of the weeks.
    numbers
        How the company writes numbers.
    is_suggested
        The weeks are judged by suggested values, and nothing was signed for them.
    """
    if rows.is_empty():
        return "No promise holds in the last twelve complete weeks, or the exports record nothing that one could be of."
    if is_suggested:
        return _suggested_finding(rows)
    last = rows["week"].max()
    teams = [team for team in TEAMS if rows.filter(pl.col("team") == team).height]
    told = "; ".join(_team_week(rows, team, last, numbers) for team in teams)
    to_do = "; ".join(f"{team} {_next(rows, team)}" for team in teams)
    return f"Week to {_end(last)}: {told}. {_cost(rows, numbers)} Next: {to_do}."


def last_judged(rows: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say how the promises that are not yet due in the last week were kept when they were judged last; empty without any."""
    if rows.is_empty():
        return ""
    listed = []
    for name in rows.filter((pl.col("week") == rows["week"].max()) & (pl.col("state") == "not due"))["promise"]:
        judged = rows.filter((pl.col("promise") == name) & pl.col("state").is_in(["kept", "broken"])).sort("week")
        if judged.height:
            row = judged.row(-1, named=True)
            listed.append(f"{_cell(row, numbers)}, {row['state']} (week to {_end(row['week'])})")
    return f"Not yet due, and as judged last: {'; '.join(listed)}." if listed else ""


def _suggested_finding(rows: pl.DataFrame) -> str:
    parts = []
    for team in TEAMS:
        states = rows.filter(pl.col("team") == team)["state"]
        judged = int(states.is_in(["kept", "broken"]).sum())
        parts.append(f"{team} {int((states == 'kept').sum())} of {judged}")
    return (
        "No agreement is in force. Had each side promised the middle of the last twelve weeks, these weekly promises would "
        f"have been kept: {', '.join(parts)}. Next: both teams put in what they will promise, and sign it."
    )


def agreement_line(rows: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say in one line how each team kept the agreement in the last complete week; empty where no promise held in it."""
    if rows.is_empty():
        return ""
    last = rows["week"].max()
    told = [
        _team_week(rows, team, last, numbers)
        for team in TEAMS
        if rows.filter((pl.col("team") == team) & (pl.col("week") == last)).height
    ]
    if not told:
        return ""
    return " ".join(
        part for part in (f"Agreement, week to {_end(last)}: {'; '.join(told)}.", last_judged(rows, numbers)) if part
    )


def _team_week(rows: pl.DataFrame, team: str, last: Any, numbers: NumberFormat) -> str:
    """Say how a team kept its promises of the last week."""
    now = rows.filter((pl.col("team") == team) & (pl.col("week") == last))
    return f"{team} had promised nothing for it" if now.is_empty() else f"{team} {_counted(now, numbers)}"


def _counted(rows: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say how many of a team's promises of a week were kept, and name the broken ones."""
    judged = rows.filter(pl.col("state").is_in(["kept", "broken"]))
    parts = []
    if judged.height:
        broken = [_cell(row, numbers) for row in judged.filter(pl.col("state") == "broken").iter_rows(named=True)]
        kept = f"kept {judged.height - len(broken)} of {judged.height}"
        parts.append(f"{kept} (broken: {', '.join(broken)})" if broken else kept)
    for state, words in (("not due", "not yet due"), ("nothing", "with nothing to judge")):
        count = rows.filter(pl.col("state") == state).height
        if count:
            parts.append(f"has {count} {words}")
    return ", ".join(parts)


def _cell(row: dict[str, Any], numbers: NumberFormat) -> str:
    return (
        f"{PROMISES[row['promise']].title} {came(row, numbers)} of "
        f"{shown_promise(row['promise'], row['promised'], numbers)}"
    )


def came(row: dict[str, Any], numbers: NumberFormat) -> str:
    """Return what came in a promise's week, told apart from what was promised."""
    return shown_promise(row["promise"], row["actual"], numbers, row["promised"])


def _newest_broken(rows: pl.DataFrame, team: str | None = None) -> list[dict[str, Any]]:
    """Return each promise whose newest judged week is a broken one, the dearest first."""
    judged = rows.filter(pl.col("state").is_in(["kept", "broken"]))
    if team is not None:
        judged = judged.filter(pl.col("team") == team)
    newest = judged.sort("week").group_by("promise", maintain_order=True).last()
    broken = newest.filter(pl.col("state") == "broken").sort("money", descending=True, nulls_last=True)
    return list(broken.iter_rows(named=True))


def _cost(rows: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say what the dearest promise may cost that is broken as it was judged last."""
    broken = _newest_broken(rows)
    if not broken:
        return "No promise is broken as it was judged last."
    row = broken[0]
    title = f"{PROMISES[row['promise']].title} (week to {_end(row['week'])})"
    if row["money"] is None:
        return f"What {title} costs cannot be told from our history."
    return f"{title} may cost {money_at_stake(row, numbers)} of later wins, an estimate."


def _next(rows: pl.DataFrame, team: str) -> str:
    """Say what a team does next."""
    broken = _newest_broken(rows, team)
    if broken:
        row = broken[0]
        words = PROMISES[row["promise"]]
        return f"{words.to_do} ({numbers_short(row)})"
    last = rows.filter((pl.col("team") == team) & (pl.col("week") == rows["week"].max()))
    waiting = last.filter((pl.col("state") == "not due") & (pl.col("open") > 0))
    if waiting.height:
        return PROMISES[waiting["promise"][0]].to_do
    return "goes on as it is"


def numbers_short(row: dict[str, Any]) -> str:
    """Say how many are short (or too many) in a broken promise's week."""
    words = PROMISES[row["promise"]].short
    short = int(row["short"])
    return f"{short} {plural(short, *words)}{' too many' if row['bound'] == 'at most' else ''}"


def money_at_stake(row: dict[str, Any], numbers: NumberFormat) -> str:
    """Return what a broken promise may cost with its interval; why that cannot be told where it cannot."""
    if row["money"] is None:
        return row["price_note"] or ""
    ends = f"{numbers.money(max(row['money_low'], 0.0))} to {numbers.money(row['money_high'])}"
    return f"{numbers.money(row['money'])} ({ends})"


def cell_words(row: dict[str, Any], numbers: NumberFormat) -> str:
    """Say one promise's week in full: what came, what was promised, how many of how many, and what it may cost."""
    words = PROMISES[row["promise"]]
    text = (
        f"{words.title}, week to {_end(row['week'])}: {_STATES[row['state']]}. {came(row, numbers)}, promised {row['bound']} "
        f"{shown_promise(row['promise'], row['promised'], numbers)}"
    )
    if words.is_share and row["counted"] is not None:
        text += f" ({numbers.number(row['kept'])} of {numbers.number(row['counted'])}"
        text += f", {numbers.number(row['open'])} in no share)" if row["open"] else ")"
    if row["state"] == "not due":
        when = day(row["judged_from"]) if row["judged_from"] is not None else "a day that the calendar does not reach"
        return f"{text}; judged from {when} on."
    if row["state"] == "nothing":
        none = "the exports do not record it" if row["kept"] is None else "nothing fell under it"
        return f"{text}; {none}."
    if row["state"] == "broken":
        text += f"; {numbers_short(row)}"
        if row["money"] is not None:
            text += f", at stake {money_at_stake(row, numbers)}"
        if row["price_note"]:
            text += f" ({row['price_note']})"
    return f"{text}."


def recycle_finding(row: dict[str, Any] | None, numbers: NumberFormat) -> str:
    """Say what became of the leads that sales sent back, from a row of `acceptance`."""
    if row is None or not row["recycled"]:
        return "No pass of the past year went back to marketing, or the exports do not record it."
    return (
        f"Of {numbers.number(row['recycled'])} passes of the past year that went back to marketing, "
        f"{numbers.number(row['recovered'])} were later accepted or won: {numbers.share(row['recycle_yield'])} "
        f"(95% {numbers.interval(row['recycle_low'], row['recycle_high'])}). The newest ones may still come back."
    )


def states_of_team(rows: pl.DataFrame, team: str, weeks: Sequence[date]) -> list[dict[str, Any]]:
    """Return a team's state in each week: broken if any promise is, kept if any is and none broken, with the counts."""
    found = []
    for week in weeks:
        states = rows.filter((pl.col("team") == team) & (pl.col("week") == week))["state"].to_list()
        counts = {state: states.count(state) for state in _STATES}
        state = next((name for name in ("broken", "kept", "not due") if counts[name]), "nothing")
        found.append({"week": week, "state": state, **counts, "promises": len(states)})
    return found


def _end(week: Any) -> str:
    return day(week + timedelta(days=6))
