"""Tidy or gamed, in words: what each habit is, how it may be read both ways, and what the headlines are without it."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from charts.numbers import NumberFormat, day, plural
from estimators import stands_out

# Each habit: what it is called, the innocent reading, and the other one.
HABITS: Mapping[str, tuple[str, str, str]] = {
    "same_day": (
        "Created and won on one day",
        "a small order that needed no pipeline",
        "a deal entered after it was won, which makes cycles short and win rates high",
    ),
    "pushed_at_end": (
        "Pushed at the quarter's end",
        "an honest new date",
        "a forecast held until it could not be held any longer",
    ),
    "cut_at_close": (
        "Amount cut at close",
        "an amount set right with the signed order",
        "a discount for a signature in time, and pipeline that was too large all along",
    ),
    "stage_skipped": (
        "Stages skipped",
        "a customer who needed no such step",
        "stages that nobody keeps, so that ageing and chances by stage say little",
    ),
    "mass_edit": (
        "Edited all at once",
        "a clean-up, or data loaded from elsewhere",
        "dates or stages moved in bulk before somebody looked",
    ),
}
HEADLINES: Mapping[str, str] = {
    "coverage_to_go": "Coverage to go",
    "coverage_full": "Coverage, full",
    "won_amount": "Won",
    "attainment": "Attainment",
    "win_rate": "Win rate, by count",
    "win_rate_by_value": "Win rate, by value",
    "average_won": "Average won deal",
    "cycle_days": "Cycle (median)",
    "slippage": "Slippage",
    "lead_to_close": "Leads won",
}
_RATIOS = frozenset(("coverage_to_go", "coverage_full"))
_MONEY = frozenset(("won_amount", "average_won"))
# From which change on a headline is said to rest on these deals: two points of a share, a tenth of anything else.
_POINTS, _PART = 0.02, 0.1
_MOST_COVERAGE = 10
_MOST_SAID = 4
_OF_WINS = frozenset(("win_rate", "win_rate_by_value", "lead_to_close"))


def shown_headline(headline: str, value: float | None, numbers: NumberFormat) -> str:
    """Return a headline's value as people read it."""
    if headline in _RATIOS:
        return numbers.ratio(value)
    if headline in _MONEY:
        return numbers.money(value)
    return numbers.days(value) if headline == "cycle_days" else numbers.share(value)


def headline_table(frame: pl.DataFrame, numbers: NumberFormat) -> pl.DataFrame:
    """Return the headlines with and without, as people read them, from `headlines_without`."""
    rows = [
        {
            "Headline": HEADLINES[row["headline"]],
            "As counted": shown_headline(row["headline"], row["as_counted"], numbers),
            "Without": shown_headline(row["headline"], row["without"], numbers),
            "Of": f"{numbers.number(row['left_out'])} of {numbers.number(row['counted'])} left out",
        }
        for row in frame.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("Headline", "As counted", "Without", "Of"), pl.String))


def without_sentence(frame: pl.DataFrame, headlines: tuple[str, ...], numbers: NumberFormat) -> str | None:
    """Say what some headlines are without the deals that show a habit; None where these are none, or nothing is known.

    Parameters
    ----------
    frame
        `headlines_without`.
    headlines
        Those that the page leads with.
    numbers
        How the company writes numbers.
    """
    rows = {row["headline"]: row for row in frame.iter_rows(named=True)}
    parts = [
        f"{_small(HEADLINES[name])} {shown_headline(name, row['without'], numbers)} instead of "
        f"{shown_headline(name, row['as_counted'], numbers)}"
        for name in headlines
        if (row := rows.get(name)) is not None
        and row["left_out"]
        and row["as_counted"] is not None
        and row["without"] is not None
    ]
    if not parts:
        return None
    text = f"Without deals that show a habit (tidy or gamed?): {', '.join(parts)}."
    if _OF_WINS.intersection(headlines):
        text += " Most habits are told of wins alone, so that leaving them out leaves out wins and no losses."
    return text


def moves(row: Mapping[str, Any]) -> bool:
    """Tell whether a headline rests on the deals that are left out: it changes by two points, or by a tenth.

    Sums do by nature, and coverage of hardly anything that is still missing by a hair: of these nothing is said.
    """
    before, after = row["as_counted"], row["without"]
    if before is None or after is None or row["headline"] in ("won_amount", "attainment"):
        return False
    if row["headline"] in _RATIOS and before > _MOST_COVERAGE:
        return False
    change = abs(after - before)
    if row["headline"] in ("win_rate", "win_rate_by_value", "slippage"):
        return bool(change >= _POINTS)
    return bool(before and change >= _PART * abs(before))


def _moved_by(row: Mapping[str, Any]) -> float:
    return float(abs(row["without"] - row["as_counted"]) / abs(row["as_counted"] or 1))


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def habits_finding(habits: pl.DataFrame, headlines: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say which habits there are, and which headlines rest on them, from `deal_habits` and `headlines_without`."""
    known = habits.filter(pl.col("judged") > 0)
    missing = [HABITS[name][0].lower() for name in habits.filter(pl.col("judged").is_null())["habit"]]
    unknown = f" Not recorded in the exports: {', '.join(missing)}." if missing else ""
    if known.is_empty():
        return f"Of no deal in this period can it be told whether it was tidied or gamed.{unknown}"
    shown = known.filter(pl.col("deals") > 0).sort("share", descending=True)
    if shown.is_empty():
        return f"No deal of this period shows any of the habits that can be told.{unknown}"
    listed = "; ".join(
        f"{HABITS[row['habit']][0].lower()} {numbers.number(row['deals'])} of {numbers.number(row['judged'])} "
        f"({numbers.share(row['share'], 0)})"
        for row in shown.iter_rows(named=True)
    )
    moved = sorted((row for row in headlines.iter_rows(named=True) if moves(row)), key=_moved_by, reverse=True)
    rest = [
        f"{_small(HEADLINES[row['headline']])} ({shown_headline(row['headline'], row['as_counted'], numbers)}, "
        f"{shown_headline(row['headline'], row['without'], numbers)} without)"
        for row in moved[:_MOST_SAID]
    ]
    text = f"{listed[:1].upper()}{listed[1:]}."
    text += f" What rests on them: {', '.join(rest)}." if rest else " No headline but the sums rests on them."
    return text + unknown


def owners_finding(habits: pl.DataFrame, habit: str, one: str) -> str:
    """Say who shows a habit surely more often than the others, from `deal_habits` by a dimension."""
    mine = habits.filter((pl.col("habit") == habit) & pl.col("judged").is_not_null())
    found = stands_out(mine.select(unit="dimension_value", n="judged", hits="deals"))
    loud = found.filter(pl.col("verdict") == "high")
    if loud.height:
        names = ", ".join(loud["unit"].to_list())
        return (
            f"Surely more often than the others: {names}. Ask before you judge: it may be {HABITS[habit][1]}, or "
            f"{HABITS[habit][2]}."
        )
    few = found.filter(pl.col("verdict") == "cannot tell").height
    if few:
        some = f"{few} {plural(few, one, f'{one}s')}"
        return f"No {one} shows it surely more often than the others; of {some} there are too few deals to tell."
    return f"No {one} shows it surely more often than the others."


def recorded_words(habits: pl.DataFrame) -> str:
    """Say from when on each habit can be told."""
    parts = [
        f"{HABITS[row['habit']][0].lower()} from {day(row['recorded_from'])} on"
        for row in habits.iter_rows(named=True)
        if row["recorded_from"] is not None
    ]
    return f"As far as it is recorded: {'; '.join(parts)}." if parts else ""
