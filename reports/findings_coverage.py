"""What funnel coverage says in words: enough pipeline, what changed it, which of it is real, how periods began and ended.

Each function takes the frames that the page shows and returns plain text. Where the data does not carry an answer,
the sentence says that, and what would.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from charts.coverage_change import STEPS
from charts.numbers import NumberFormat, day, plural

Row = dict[str, Any]

# How many stages a sentence names.
_MOST_NAMED = 4
# A fall that is said: so many complete weeks in a row below the usual week, and by so much below the others on average.
_WEEKS_IN_A_ROW = 6
_FALL = 0.8
# The end of a period at which the next one leads the page, where a period is longer than this.
LAST_DAYS = 14
_SHORT_PERIOD = 62


def coverage_finding(
    row: Row | None,
    numbers: NumberFormat,
    period_end: date | None,
    as_of: date,
    unmapped_stages: Sequence[str | None] = (),
    basis: str = "to_go",
) -> str:
    """Say whether there is enough pipeline for the goal, from the one row of `funnel_coverage`.

    `unmapped_stages` are the stages of the deals that the row counts as unmapped, the most frequent first; `basis` is the
    coverage that leads: to_go or full.
    """
    if row is None:
        return "No deal is left under these filters, so there is no pipeline to judge."
    unmapped = row["unmapped_count"]
    if not unmapped:
        return _coverage(row, numbers, period_end, as_of, basis)
    listed = ", ".join(f"'{stage or 'blank'}'" for stage in unmapped_stages[:_MOST_NAMED])
    more = f" and {len(unmapped_stages) - _MOST_NAMED} more" if len(unmapped_stages) > _MOST_NAMED else ""
    named = f" ({listed}{more})" if listed else ""
    text = (
        f"{numbers.number(unmapped)} {plural(unmapped, 'deal is', 'deals are')} in no figure here, because "
        f"{plural(unmapped, 'its stage is', 'their stages are')} not known to be open, won or lost{named}."
    )
    # What is left out may change the verdict: where it outweighs what is counted, there is none.
    if unmapped >= (row["open_count"] or 0) + (row["won_count"] or 0):
        return f"{text} Until these are named under [stages] in the settings, nobody can say whether the pipeline is enough."
    return f"{_coverage(row, numbers, period_end, as_of, basis)} {text}"


def _coverage(row: Row, numbers: NumberFormat, period_end: date | None, as_of: date, basis: str) -> str:
    if row["assumed_count"]:
        return (
            f"How the pipeline looked on {day(as_of)} is not recorded: {numbers.number(row['assumed_count'])} open "
            f"{plural(row['assumed_count'], 'deal')} would be judged by what they became later, so coverage is a dash."
        )
    open_words = (
        f"{numbers.money(row['open_amount'])} of open pipeline in {numbers.number(row['open_count'])} "
        f"{plural(row['open_count'], 'deal')}"
    )
    if row["open_amount"] is None:
        open_words = f"Open pipeline in {numbers.number(row['open_count'])} {plural(row['open_count'], 'deal')} of unknown amount"
    if row["goal"] is None:
        won_words = (
            "what is won is not known" if row["won_amount"] is None else f"{numbers.money(row['won_amount'])} is won"
        )
        return (
            f"{open_words} is due, and {won_words}; no goal is set for exactly this "
            "period and these filters, so there is no coverage to judge. Set one on Shared goals."
        )
    if row["won_amount"] is None:
        why = (
            f"none of the {numbers.number(row['won_count'])} deals won in it carries an amount in a known rate"
            if row["won_count"]
            else "no deal in the exports was ever won or lost"
        )
        return (
            f"What is won of the goal of {numbers.money(row['goal'])} is not known, as {why}: there is no coverage "
            f"to judge. {open_words} is due."
        )
    if row["verdict"] == "met":
        return (
            f"The goal of {numbers.money(row['goal'])} is met: {numbers.money(row['won_amount'])} is won, and "
            f"{open_words} is still due."
        )
    left = row["goal"] - row["won_amount"]
    # The numbers are of the end of the as-of day, so the period's last day is over, too.
    if period_end is not None and period_end - timedelta(days=1) <= as_of:
        return (
            f"The period is over: {numbers.money(row['won_amount'])} was won of the goal of "
            f"{numbers.money(row['goal'])}, {numbers.money(left)} short."
        )
    if row["open_amount"] is None:
        return (
            f"{open_words} is due for the {numbers.money(left)} still missing from the goal of "
            f"{numbers.money(row['goal'])}: without amounts there is no coverage to judge."
        )
    edges = (row["band_low"], row["band_high"])
    band = f"{row['band_low']:g}–{row['band_high']:g}×"
    if basis == "full" and row["coverage_full"] is not None:
        return _full(row, numbers, edges, band, open_words)
    start = (
        f"Coverage to go is {numbers.ratio_beside(row['coverage_to_go'], edges)}: {open_words} is due for the "
        f"{numbers.money(left)} still missing from the goal of {numbers.money(row['goal'])}."
    )
    if row["verdict"] == "thin":
        return (
            f"{start} That is thin by the {band} rule: {numbers.money(row['missing_amount'])} more pipeline is needed."
        )
    if row["verdict"] == "above":
        return f"{start} That is above the {band} rule: look at whether all of it is real."
    return f"{start} That is inside the {band} rule."


def _full(row: Row, numbers: NumberFormat, edges: tuple[float, float], band: str, open_words: str) -> str:
    """Say whether coverage, full, is enough: won and open against the whole goal."""
    value = float(row["coverage_full"])
    judged = "thin by" if value < edges[0] else "above" if value > edges[1] else "inside"
    return (
        f"Coverage, full, is {numbers.ratio_beside(value, edges)}: {numbers.money(row['won_amount'])} won and {open_words} due "
        f"for the goal of {numbers.money(row['goal'])}. That is {judged} the {band} rule."
    )


def is_nearly_over(period_start: date | None, period_end: date | None, as_of: date) -> bool:
    """Tell whether so little is left of a period that the next one matters more: its last two weeks."""
    if period_start is None or period_end is None or (period_end - period_start).days < _SHORT_PERIOD:
        return False
    return period_start <= as_of < period_end and days_left(period_end, as_of) <= LAST_DAYS


def days_left(period_end: date, as_of: date) -> int:
    """Return the days of a period that follow the end of the as-of day."""
    return (period_end - as_of).days - 1


def missing_sentence(row: Row | None, numbers: NumberFormat) -> str | None:
    """Say what is missing, in pipeline, deals and leads, from the one row of `pipeline_missing`; None where nothing is."""
    if row is None or row["missing_amount"] == 0:
        return None
    if row["missing_amount"] is None:
        return f"What is missing cannot be said: {row['reason']}."
    text = f"Missing: {numbers.money(row['missing_amount'])} of pipeline"
    if row["missing_deals"] is not None:
        text += (
            f" = {numbers.number(row['missing_deals'])} {plural(int(row['missing_deals']), 'deal')} to create "
            f"(an average won deal is {numbers.money(row['average_won_amount'])})"
        )
    if row["missing_leads"] is not None:
        text += (
            f" = {numbers.number(row['missing_leads'])} {plural(int(row['missing_leads']), 'lead')} "
            f"({numbers.share(row['lead_to_deal'])} of {numbers.number(row['old_leads'])} leads that had the time "
            "became a deal within 180 days)"
        )
    if row["needed_per_week"] is not None:
        text += f"; {numbers.money(row['needed_per_week'])} a week until the period's end"
    return f"{text}." if row["reason"] is None else f"{text}; more cannot be said: {row['reason']}."


def waterfall_finding(frame: pl.DataFrame, numbers: NumberFormat, as_of: date, history_from: date | None) -> str:
    """Say how the open pipeline changed between two days, and by what most, from `pipeline_waterfall`."""
    if frame.is_empty():
        return "No deal is in the exports, so nothing moved."
    rows = {row["step"]: row for row in frame.iter_rows(named=True)}
    opening, closing = rows["opening"], rows["closing"]
    since = opening["since_date"]
    if opening["assumed_before"] or opening["assumed_after"]:
        real = f" The past of deals is recorded from {day(history_from)} on." if history_from else ""
        return (
            f"What moved the pipeline since {day(since)} is not recorded: the state of "
            f"{numbers.number(max(opening['assumed_before'], opening['assumed_after']))} open deals (or who owned "
            f"them) on one of the two days is only assumed.{real}"
        )
    if opening["amount"] is None or closing["amount"] is None:
        return (
            f"No open deal that is due carries an amount on {day(since)} or {day(as_of)}: there is no sum to compare."
        )
    change = closing["amount"] - opening["amount"]
    moved = "did not change" if change == 0 else "grew" if change > 0 else "fell"
    by = "" if change == 0 else f" by {numbers.money(abs(change))}"
    text = (
        f"Since {day(since)} the open pipeline of the period {moved}{by} to {numbers.money(closing['amount'])} in "
        f"{numbers.number(closing['deals'])} {plural(closing['deals'], 'deal')}"
    )
    parts = [
        (row["amount"] or Decimal(0), STEPS[step].lower(), row["deals"])
        for step, row in rows.items()
        if step not in ("opening", "closing", "unchanged") and row["amount"]
    ]
    largest = sorted(parts, key=lambda part: abs(part[0]), reverse=True)[:_MOST_NAMED]
    if not largest:
        return f"{text}: no deal moved."
    listed = ", ".join(
        f"{numbers.money(abs(amount))} {name} ({numbers.number(deals)})"
        for amount, name, deals in sorted(largest, key=lambda part: part[0], reverse=True)
    )
    return f"{text}. What moved most: {listed}."


def weeks_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say how coverage went over the last weeks, from `coverage_by_week`."""
    known = frame.filter(pl.col("coverage_to_go").is_not_null())
    unknown = frame.filter(pl.col("assumed_count") > 0).height
    gap = (
        f" {numbers.number(unknown)} of the {numbers.number(frame.height)} weeks are dashes: open deals (or their "
        "owners) of that time are only assumed."
        if unknown
        else ""
    )
    if known.height < 2:
        return f"There are not two weeks whose coverage is known, so there is no course to show.{gap}"
    first, last = known.row(0, named=True), known.row(-1, named=True)
    edges = (last["band_low"], last["band_high"])
    text = (
        f"Coverage to go went from {numbers.ratio_beside(first['coverage_to_go'], edges)} on {day(first['day'])} to "
        f"{numbers.ratio_beside(last['coverage_to_go'], edges)} on {day(last['day'])}"
    )
    if first["goal"] != last["goal"]:
        text += (
            f"; the goal was changed from {numbers.money(first['goal'])} to {numbers.money(last['goal'])} on the way"
        )
    return f"{text}.{gap}"


def creation_finding(frame: pl.DataFrame, missing: Row | None, numbers: NumberFormat) -> str:
    """Say whether enough pipeline is created a week, and where fewer deals than usual came week after week.

    `frame` is `pipeline_created_by_week`, `missing` the row of `pipeline_missing`.
    """
    over = frame.filter(pl.col("is_complete"))
    if over.height < _WEEKS_IN_A_ROW:
        return "Fewer than six weeks are over since the first deal was created: too few to say what is usual."
    text = f"In a usual week {numbers.number(over['median_deals'][0])} deals are created"
    usual = over["median_amount"][0]
    text += f", {numbers.money(usual)} of pipeline" if usual is not None else ""
    if missing is not None and missing["needed_per_week"] and usual is not None:
        enough = "enough" if usual >= missing["needed_per_week"] else "not enough"
        text += f": {enough} for the {numbers.money(missing['needed_per_week'])} a week that are needed from now on"
    text += "."
    fall = longest_fall(over)
    if fall is not None:
        inside, outside = fall
        per_week = numbers.number(round(float(inside["deals"].mean() or 0)))  # type: ignore[arg-type]
        others = numbers.number(round(float(outside["deals"].mean() or 0)))  # type: ignore[arg-type]
        text += (
            f" From {day(inside['week_start'][0])} to {day(inside['week_start'][-1] + timedelta(days=6))} fewer than "
            f"usual came in {numbers.number(inside.height)} weeks in a row: {per_week} a week, {others} in all other weeks"
        )
        if over["sourced_deals"].null_count() == 0:
            text += _whose(inside, outside, numbers)
        text += "."
    return text


def longest_fall(over: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Return the longest run of complete weeks below the median that is a marked fall, and all other weeks; or None.

    A fall is marked if at least six weeks in a row lie below the median and their mean at least a fifth below that of
    the other weeks.
    """
    usual = over["median_deals"][0]
    best: tuple[int, int] = (0, 0)
    begun = 0
    for place, deals in enumerate([*over["deals"].to_list(), None]):
        if deals is None or deals >= usual:
            if place - begun > best[1] - best[0]:
                best = (begun, place)
            begun = place + 1
    first, after = best
    if after - first < _WEEKS_IN_A_ROW:
        return None
    inside = over.slice(first, after - first)
    outside = pl.concat([over.slice(0, first), over.slice(after)])
    if outside.is_empty() or float(inside["deals"].mean() or 0) > _FALL * float(outside["deals"].mean() or 0):  # type: ignore[arg-type]
        return None
    return inside, outside


def _whose(inside: pl.DataFrame, outside: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say which deals were missing most in a fall: those that marketing sourced, or all others."""

    def a_week(part: pl.DataFrame) -> tuple[float, float]:
        sourced = float(part["sourced_deals"].sum()) / part.height
        return sourced, float(part["deals"].sum()) / part.height - sourced

    (sourced_in, own_in), (sourced_out, own_out) = a_week(inside), a_week(outside)
    if not sourced_out or not own_out:
        return ""
    sourced_fall, own_fall = 1 - sourced_in / sourced_out, 1 - own_in / own_out
    return (
        f" (deals sourced by marketing {numbers.share(sourced_fall, 0)} fewer, all others {numbers.share(own_fall, 0)})"
        if min(sourced_fall, own_fall) > 0
        else ""
    )


def suspects_finding(row: Row | None, numbers: NumberFormat) -> str:
    """Say how much of the pipeline is suspect and what is left without it, from `coverage_without_suspects`."""
    if row is None:
        return "No deal is in the exports, so there is nothing to look through."
    if row["assumed_count"]:
        return "Which of these deals are suspect is not known: the state of open deals on this day is only assumed."
    if not row["due_count"]:
        return "No open deal is due in this period." + _overdue_words(row, numbers)
    silence = (
        f"{numbers.number(row['silent_count'])} had no completed activity for {numbers.days(row['silent_after'])}"
        if row["silent_count"] is not None
        else "silence is not known, as the exports hold no activity"
    )
    text = (
        f"{numbers.number(row['suspect_count'])} of {numbers.number(row['due_count'])} open deals that are due are "
        f"suspect ({numbers.money(row['suspect_amount'])} of {numbers.money(row['due_amount'])}): "
        f"{numbers.number(row['pushed_count'])} were pushed {numbers.number(row['pushed_times'])} times or more, {silence}."
    )
    if row["coverage_to_go"] is not None and row["coverage_without"] is not None:
        text += (
            f" Without them coverage to go is {numbers.ratio(row['coverage_without'])} instead of "
            f"{numbers.ratio(row['coverage_to_go'])}."
        )
    return text + _overdue_words(row, numbers)


def _overdue_words(row: Row, numbers: NumberFormat) -> str:
    if not row["overdue_count"]:
        return ""
    are = plural(row["overdue_count"], "deal is", "deals are")
    return (
        f" {numbers.number(row['overdue_count'])} more {are} overdue ({numbers.money(row['overdue_amount'])}), "
        "in no coverage until they get a new date."
    )


def periods_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say how the past periods began and ended, the thinnest start first, from `period_starts`."""
    over = frame.filter(
        pl.col("is_over") & pl.col("coverage_at_start").is_not_null() & pl.col("attained").is_not_null()
    )
    if over.is_empty():
        return (
            "Of no past period both its start (as it was recorded) and its goal are known, so nothing can be said of "
            "how much pipeline was enough."
        )
    thinnest = over.sort("coverage_at_start").row(0, named=True)
    started = f"{thinnest['period']} began with {numbers.ratio(thinnest['coverage_at_start'])}"
    made = f"made {numbers.share(thinnest['attained'], 0)} of its goal"
    others = over.filter(pl.col("period") != thinnest["period"])
    if others.is_empty():
        return f"{started} and {made}."
    low, high = others["coverage_at_start"].min(), others["coverage_at_start"].max()
    worst, best = others["attained"].min(), others["attained"].max()
    text = (
        f"{started} of its goal in pipeline, the thinnest start of {numbers.number(over.height)} periods, and {made}; "
        f"the others began with {numbers.number(low, 1)}–{numbers.ratio(high)} and made "  # type: ignore[arg-type]
        f"{numbers.share(worst, 0)}–{numbers.share(best, 0)}."  # type: ignore[arg-type]
    )
    slipped, due = int(over["slipped_count"].sum()), int(over["due_count"].sum())
    if due:
        text += (
            f" {numbers.share(slipped / due, 0)} of the deals that were due when these periods began slipped past "
            "their end."
        )
    return text
