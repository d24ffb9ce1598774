"""One number, every definition: what each way is called, how far they lie apart and why, and which both teams agreed on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Engine

from base.words import Word, decide
from charts.numbers import NumberFormat, day, plural
from store.locked_definitions import LockedDefinition, definition_versions, sign

Row = Mapping[str, Any]

# What each number is called, and its ways; the words stand in addresses and must not change.
NUMBERS: Mapping[str, str] = {"win_rate": "Win rate", "sourced": "Sourced by marketing", "coverage": "Coverage"}
WAYS: Mapping[str, Mapping[str, str]] = {
    "win_rate": {
        "count": "By count",
        "value": "By value",
        "cohort": "Created cohort",
        "within": "Within days",
    },
    "sourced": {
        "source_field": "By source field",
        "first_touch": "By first touch",
        "touch_before_activity": "By a touch before sales",
    },
    "coverage": {"to_go": "To go", "full": "Full"},
}
# What a test is called in `sourced_and_influenced`, and its flag in `sourced_agreement`.
VIEWS = {
    "source_field": "sourced_by_field",
    "first_touch": "sourced_by_first_touch",
    "touch_before_activity": "sourced_by_touch_before_activity",
}
FLAGS = {
    "source_field": "is_by_field",
    "first_touch": "is_by_first_touch",
    "touch_before_activity": "is_by_touch_before_activity",
}


def standing(versions: Sequence[LockedDefinition], subject: str, way: str) -> str:
    """Say which way is in force, and who agreed on it, when and why.

    Parameters
    ----------
    versions
        The versions of the subject (`store.locked_definitions.definition_versions`).
    subject
        The number.
    way
        The way that the numbers follow now.
    """
    name = WAYS[subject][way].lower()
    signed = [version for version in versions if version.is_signed]
    if not signed:
        return f"{NUMBERS[subject]} {name}, by the settings: the teams have not agreed on it yet."
    last = signed[-1]
    agreed = WAYS[subject][last.way].lower()
    if last.way != way:
        return f"{NUMBERS[subject]} {name} in these numbers, though {agreed} is agreed by {last.signers}."
    return f"{NUMBERS[subject]} {name}, agreed by {last.signers} on {day(last.begins)}: {last.reason}"


def history_lines(versions: Sequence[LockedDefinition]) -> list[str]:
    """Return the versions in words, the newest first."""
    return [
        f"Version {version.number}: {WAYS[version.subject][version.way].lower()}, from {day(version.begins)} on, "
        f"proposed by {version.by}, signed by {version.signers}"
        + (f", waits for {' and '.join(version.missing)}" if version.missing else "")
        + f". {version.reason}"
        for version in reversed(versions)
    ]


def sign_definition(engine: Engine, definition_id: str, subject: str, team: str, by: str) -> None:
    """Sign a version; with the second team's signature it is put in force, from the next rebuild on.

    Raises
    ------
    StoreError, ConflictError
        As `store.locked_definitions.sign`.
    SettingsError
        It cannot be put in force.
    """
    sign(engine, definition_id, team, by)
    put_in_force(next(version for version in definition_versions(engine, subject) if version.id == definition_id))


def put_in_force(version: LockedDefinition) -> None:
    """Write down a version that both teams signed as what numbers follow; nothing for one that waits."""
    if version.is_signed:
        decide([Word("definition", version.subject, version.way)], version.signers)


def win_rate_gap(bases: pl.DataFrame, way: str, other: str, numbers: NumberFormat) -> str:
    """Say how far two bases of the win rate lie apart, and why, from `win_rate_bases` without a dimension."""
    rows = {row["basis"]: row for row in bases.filter(pl.col("rate").is_not_null()).iter_rows(named=True)}
    if way == other:
        return "Choose another definition to see how far it lies from the one in force, and why."
    if way not in rows or other not in rows:
        return "One of the two cannot be told: see the dashes."
    one, two = rows[way], rows[other]
    names = WAYS["win_rate"]
    apart = numbers.number(100 * abs(two["rate"] - one["rate"]), 1)
    higher = "lower" if two["rate"] < one["rate"] else "higher"
    text = f"{names[other]} is {apart} points {higher} than {names[way].lower()}. "
    if {way, other} == {"count", "value"}:
        larger = "less" if rows["value"]["rate"] < rows["count"]["rate"] else "more"
        return (
            text
            + f"The same deals are counted; by value each weighs its amount, so large deals are won {larger} often."
        )
    decided = {"count", "value"}
    if way in decided and other in decided:
        return text
    if (way in decided) != (other in decided):
        return text + "One counts the deals that were decided in the period, the other those that were created in it."
    return (
        text
        + "Both count the deals created in the period; within days, only those that had the time, and wins in that time."
    )


def win_rate_sums(gap: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say what the deals behind a gap add up to, from `win_rate_gap_records`."""
    if gap.is_empty():
        return "No deal is counted by one and not by the other."
    only = gap.filter(pl.col("is_counted") & ~pl.col("is_counted_other")).height
    only_other = gap.filter(~pl.col("is_counted") & pl.col("is_counted_other")).height
    differently = gap.height - only - only_other
    return (
        f"{numbers.number(only)} {plural(only, 'deal is', 'deals are')} counted by the first alone, "
        f"{numbers.number(only_other)} by the other alone, and {numbers.number(differently)} by both, won by one of them."
    )


def sourced_gap(agreement: pl.DataFrame, way: str, other: str, numbers: NumberFormat) -> str:
    """Say how far two tests of sourced lie apart, and which deals differ, from `sourced_agreement`."""
    if way == other:
        return "Choose another definition to see how far it lies from the one in force, and which deals differ."
    if agreement.is_empty():
        return "The exports record no source or no campaign touch, or nothing was won: the tests cannot be compared."
    names = WAYS["sourced"]

    def part(by: str, not_by: str) -> str:
        rows = agreement.filter(pl.col(FLAGS[by]) & ~pl.col(FLAGS[not_by]))
        deals = int(rows["deals"].sum())
        worth = numbers.money(rows["amount"].sum()) if rows["amount"].null_count() < rows.height else "no amount"
        return f"{numbers.number(deals)} won {plural(deals, 'deal')} ({worth}) {names[by].lower()} alone"

    sums = {name: float(agreement.filter(pl.col(FLAGS[name]))["amount"].sum() or 0) for name in (way, other)}
    apart = numbers.money(abs(sums[other] - sums[way]))
    higher = "less" if sums[other] < sums[way] else "more"
    return f"{names[other]}, {apart} {higher} is sourced than {names[way].lower()}: {part(way, other)}, {part(other, way)}."


def coverage_gap(row: Row | None, numbers: NumberFormat) -> str:
    """Say how far coverage to go and full lie apart, and why, from the one row of `funnel_coverage`."""
    if row is None or row["coverage_to_go"] is None or row["coverage_full"] is None:
        return "One of the two cannot be told: without a goal, amounts or a gap to the goal there is no coverage to go."
    return (
        f"To go is {numbers.ratio(row['coverage_to_go'])}, full is {numbers.ratio(row['coverage_full'])}. The same open deals "
        f"are counted; to go sets them against what is still missing, full adds the {numbers.money(row['won_amount'])} won "
        "and sets both against the whole goal. At the period's start the two are one."
    )


def today_or(newest: date) -> date:
    """Return the day from which what is agreed now holds: today, or the data's newest day, if that is later."""
    return max(date.today(), newest)  # noqa: DTZ011 - a person signs on the day of their own calendar
