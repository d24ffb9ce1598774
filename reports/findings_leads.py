"""What the sections of Lead to close found, each in a sentence or two computed from the frames that they show.

Where the data does not carry an answer, the sentence says that, and what would.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from charts.leads import STAGE_NAMES
from charts.leads_handoff import waited
from charts.leads_selling import TYPES, basis_name
from charts.numbers import NumberFormat, day, plural

Row = dict[str, Any]

# Values that say that nobody said: neither best nor worst, because nothing can be done about them.
_SAYS_NOTHING = frozenset(("unknown", "none", "n/a", "na", "not set", "unspecified", "undefined", "-", "--"))
# How many weeks before and after a slump its deals are compared with, and how long deals lag behind calls.
_WEEKS_BESIDE = 8
_LAG_WEEKS = 2


def leads_finding(
    total: Row | None,
    own: Row | None,
    by_source: pl.DataFrame,
    alike: Row | None,
    horizon: int,
    numbers: NumberFormat,
    flag_under: int,
) -> str:
    """Say whether leads become customers.

    Parameters
    ----------
    total
        `lead_to_close` of the period's leads.
    own
        `lead_to_close_within` of the same leads: those of them that are old enough to tell.
    by_source, alike
        `lead_to_close_within` of the leads of one year that are old enough to tell, by source and in all.
    horizon
        Days that these had, at least.
    numbers
        How the company writes numbers.
    flag_under
        Sources with fewer leads are not ranked.
    """
    if total is None or not total["leads"]:
        return "No lead was created in this period under these filters."
    if total["won"] is None:
        opportunities = total["opportunities"]
        if opportunities is None:
            return f"{numbers.number(total['leads'])} leads were created; no deal is in the exports, so none can be followed."
        return (
            f"Of {numbers.number(total['leads'])} leads, {numbers.number(opportunities)} became an opportunity "
            f"({numbers.share(opportunities / total['leads'])}); what was won is not in the exports, so it is not known."
        )
    start = (
        f"Of {numbers.number(total['leads'])} leads created, {numbers.number(total['won'])} "
        f"{plural(total['won'], 'is', 'are')} won so far ({numbers.share(total['rate'])}, "
        f"95%: {numbers.interval(total['rate_low'], total['rate_high'])})."
    )
    start += _of_old_leads(total, own, alike, horizon, numbers)
    ranking = _best_and_worst(by_source, numbers, flag_under)
    return f"{start} {ranking}" if ranking else start


def _of_old_leads(total: Row, own: Row | None, alike: Row | None, horizon: int, numbers: NumberFormat) -> str:
    """Say what became of leads that had the time: of the period's own, or, where these are too young, of a year's."""
    if own is not None and own["leads"] and own["rate"] is not None:
        of = "All" if own["leads"] == total["leads"] else numbers.number(own["leads"])
        are = "is" if own["leads"] == 1 else "are"
        return (
            f" {of} of them {are} at least {horizon} days old: {numbers.share(own['rate'])} of these closed within "
            f"{horizon} days."
        )
    if alike is not None and alike["leads"] and alike["rate"] is not None:
        return (
            f" Not one of them is {horizon} days old yet; of the {numbers.number(alike['leads'])} leads of the year "
            f"before that, {numbers.share(alike['rate'])} closed within {horizon} days."
        )
    return ""


def _best_and_worst(by_source: pl.DataFrame, numbers: NumberFormat, flag_under: int) -> str:
    """Name the sources that surely close best and worst, by their intervals; apart from these, leads without one."""
    if by_source.is_empty():
        return ""
    says_nothing = pl.col("dimension_value").is_null() | pl.col("dimension_value").str.to_lowercase().is_in(
        list(_SAYS_NOTHING)
    )
    known = by_source.filter(pl.col("rate").is_not_null())
    ranked = known.filter(~says_nothing & (pl.col("leads") >= flag_under))
    unnamed = known.filter(says_nothing & (pl.col("leads") >= flag_under))
    text = ""
    if ranked.height >= 2:
        # By what is certain of each: a source with few leads is neither best nor worst by chance.
        best = ranked.sort("rate_low", descending=True).row(0, named=True)
        worst = ranked.sort("rate_high").row(0, named=True)
        if best["rate_low"] > worst["rate_high"]:
            text = (
                f"{best['dimension_value']} closes best ({_rate(best, numbers)}), "
                f"{worst['dimension_value']} surely worst ({_rate(worst, numbers)})"
            )
            lower = known.filter(~says_nothing & (pl.col("rate") < worst["rate"])).height
            if lower:
                text += (
                    f"; {lower} {plural(lower, 'source reads', 'sources read')} lower and "
                    f"{plural(lower, 'has', 'have')} too few leads to be sure"
                )
            text += "."
        else:
            text = "The sources cannot be told apart yet: their intervals overlap."
    if text and unnamed.height:
        leads, won = int(unnamed["leads"].sum()), int(unnamed["won"].sum())
        text += f" {numbers.number(leads)} leads have no known source ({numbers.share(won / leads)})."
    return text


def _rate(row: Row, numbers: NumberFormat) -> str:
    return f"{numbers.share(row['rate'])} of {numbers.number(row['leads'])}"


def change_finding(frame: pl.DataFrame, stage: str, days: int, numbers: NumberFormat, one: str) -> str:
    """Say whose leads have surely become worse, and whose better, from `lead_change` by a dimension.

    `one` is what a value of the dimension is called, in small letters.
    """
    what = f"became {_reached(stage)} within {days} days"
    sure = frame.filter(pl.col("is_different") & _is_named())
    worse = sure.filter(pl.col("change") < 0).sort("change_high")
    better = sure.filter(pl.col("change") > 0).sort("change_low", descending=True)
    parts = []
    if worse.height:
        row = worse.row(0, named=True)
        parts.append(
            f"Leads of {row['dimension_value']} have become worse: of those created since {day(row['lately_start'])}, "
            f"{numbers.share(row['lately_rate'])} {what}, of those of the year before {numbers.share(row['before_rate'])}."
        )
        if worse.height > 1:
            parts.append(f"Lower, too: {_listed(worse['dimension_value'].to_list()[1:])}.")
    if better.height:
        parts.append(f"Surely better: {_listed(better['dimension_value'].to_list())}.")
    if not parts:
        if frame.is_empty() or not frame["lately_leads"].sum() or not frame["before_leads"].sum():
            return f"There are not yet leads of {days} days both of the last five months and of the year before."
        return f"No {one}'s leads have surely changed: every change could be chance."
    return " ".join(parts)


def _is_named() -> pl.Expr:
    """Tell values that somebody named: about the others nothing can be done."""
    name = pl.col("dimension_value")
    return name.is_not_null() & ~name.str.to_lowercase().is_in(list(_SAYS_NOTHING)).fill_null(value=False)


def _reached(stage: str) -> str:
    return {"opportunity": "an opportunity", "won": "a won deal"}.get(stage, STAGE_NAMES[stage])


def _listed(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def acceptance_finding(total: Row | None, reasons: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say what share of passes sales accepts, and why it rejects the rest, from `acceptance` and `rejection_reasons`."""
    if total is None:
        return "No pass to sales is recorded in this period, or no decision of sales on any."
    decided = total["accepted"] + total["rejected"]
    if not decided:
        return f"{numbers.number(total['passes'])} leads were passed to sales; it has decided on none of them yet."
    text = (
        f"Sales accepted {numbers.share(total['rate'])} of the {numbers.number(decided)} passes that it decided "
        f"(95%: {numbers.interval(total['rate_low'], total['rate_high'])})"
    )
    if total["past_sla"]:
        text += (
            f"; {numbers.number(total['past_sla'])} {plural(total['past_sla'], 'was', 'were')} not decided within "
            f"{numbers.days(total['decision_days'])}"
        )
    text += "."
    named = reasons.filter(pl.col("reason").is_not_null()).sort("rejected", descending=True)
    if named.height:
        most = named.row(0, named=True)
        text += f" Rejected most often for: {most['reason']} ({numbers.share(most['of_rejected'], 0)} of rejections)."
    if total["recycled"]:
        text += (
            f" Of {numbers.number(total['recycled'])} that went back to marketing, "
            f"{numbers.share(total['recycle_yield'])} have come to something since."
        )
    return text


def speed_finding(total: Row | None, by_value: pl.DataFrame, numbers: NumberFormat, flag_under: int) -> str:
    """Say how fast leads are answered and who is far slower than the others, from `speed_to_lead`."""
    if total is None:
        return (
            "No completed outbound activity is in the exports for leads of this period: how fast they are answered is not "
            "known."
        )
    text = (
        f"Half of the leads were answered within {waited(total['median_hours'], total['median_days'], numbers)}"
        if total["median_days"] is not None
        else "Fewer than half of the leads were answered"
    )
    unanswered = total["unanswered"]
    text += (
        f"; {numbers.number(unanswered)} of {numbers.number(total['waits'])} have had no answer at all. The SLA of "
        f"{numbers.number(total['sla_hours'])} hours was kept for {numbers.share(total['sla_kept'], 0)}."
    )
    slow = _slowest(by_value, flag_under)
    if slow is not None:
        row, usual, times = slow
        half = waited(row["median_hours"], row["median_days"], numbers)
        who = row["dimension_value"]
        if times is None:
            text += f" {who} answers slowest: not half so far, where the middle of the others needs {_usual(usual, numbers)}."
        else:
            text += (
                f" {who} answers slowest: half within {half}, where the middle of the others needs {_usual(usual, numbers)} "
                f"({numbers.number(times, 0 if times >= 10 else 1)} times as long); the SLA is kept for "
                f"{numbers.share(row['sla_kept'], 0)}."
            )
    return text


def _usual(hours: float, numbers: NumberFormat) -> str:
    return waited(hours, None, numbers)


def _slowest(by_value: pl.DataFrame, flag_under: int) -> tuple[Row, float, float | None] | None:
    """Return who is slowest, the others' median of medians, and how many times as long; None where nobody stands out."""
    known = by_value.filter(_is_named() & (pl.col("waits") >= flag_under))
    if known.height < 3 or known["median_hours"].null_count() > 1:
        return None
    row = known.sort("median_hours", descending=True, nulls_last=False).row(0, named=True)
    others = known.filter(pl.col("dimension_value") != row["dimension_value"])["median_hours"].drop_nulls()
    middle = others.median()
    usual = float(str(middle)) if middle is not None else 0.0
    if row["median_hours"] is None:
        return row, usual, None
    return (row, usual, row["median_hours"] / usual) if usual and row["median_hours"] >= 2 * usual else None


def win_rates_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say how far the four win rates lie apart, and why, from `win_rate_bases` without a dimension."""
    known = {row["basis"]: row for row in frame.filter(pl.col("rate").is_not_null()).iter_rows(named=True)}
    if not known:
        return "No win rate can be told: no deal was decided or created in this period, or no loss is recorded."
    parts = [
        f"{_lower(basis_name(basis, row['days']))} {numbers.share(row['rate'])}{' so far' if basis == 'cohort' else ''}"
        for basis, row in known.items()
    ]
    text = f"Win rate {', '.join(parts)}"
    # A cohort's deals may still be open: that it reads lower is no gap yet.
    rates = [row["rate"] for basis, row in known.items() if basis != "cohort"]
    if len(rates) > 1:
        apart = numbers.number(100 * (max(rates) - min(rates)), 1)
        text += f"; {apart} points lie between the {'two' if len(rates) == 2 else 'three'} that need no more time"
    text += "."
    if {"count", "value"} <= set(known):
        gap = known["count"]["rate"] - known["value"]["rate"]
        if abs(gap) >= 0.02:
            which = (
                "Large deals are won less often than small ones"
                if gap > 0
                else "Large deals are won more often than small ones"
            )
            text += f" {which} (by count against by value)."
    return text


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def velocity_sentence(row: Row | None, numbers: NumberFormat) -> str:
    """Say the sales velocity and its four parts, from the one row of `sales_velocity`."""
    if row is None:
        return "No deal is open, and none was decided."
    if row["velocity"] is None:
        missing = [
            name
            for name, part in (
                ("the average won size", row["average_won"]),
                ("the win rate", row["win_rate"]),
                ("the cycle length", row["cycle_days"]),
            )
            if not part
        ]
        return f"Velocity is a dash: {' and '.join(missing) or 'one of its parts'} cannot be told."
    return (
        f"{numbers.money(row['velocity'])} a day = {numbers.number(row['open_deals'])} open deals × "
        f"{numbers.money(row['average_won'])} average won size × {numbers.share(row['win_rate'])} win rate / "
        f"{numbers.days(row['cycle_days'])}."
    )


def types_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say which type of business is won more readily than new business and yet gets less contact, from `selling_by_type`."""
    rows = {row["dimension_value"]: row for row in frame.iter_rows(named=True)}
    new, expansion = rows.get("new"), rows.get("expansion")
    if new is None or expansion is None or new["rate"] is None or not new["activities_per_deal"]:
        told = [
            f"{TYPES.get(name or '', name or 'without a type')} {numbers.share(row['rate'])}"
            for name, row in rows.items()
        ]
        return f"Win rate by type of business: {', '.join(told)}." if told else "No deal was decided in this period."
    text = (
        f"Existing customers buy more: {numbers.share(expansion['rate'], 0)} of expansion deals are won, "
        f"{numbers.share(new['rate'], 0)} of new business"
        if expansion["rate_low"] > new["rate_high"]
        else f"{numbers.share(expansion['rate'], 0)} of expansion deals are won, {numbers.share(new['rate'], 0)} of new business"
    )
    if expansion["cycle_days"] is not None and new["cycle_days"] is not None:
        text += f", after {numbers.days(expansion['cycle_days'])} against {numbers.days(new['cycle_days'])}"
    text += "."
    if expansion["activities_per_deal"] is not None:
        part = expansion["activities_per_deal"] / new["activities_per_deal"]
        word = "Yet they get" if part < 0.6 and expansion["rate"] > new["rate"] else "They get"
        text += (
            f" {word} {numbers.number(expansion['activities_per_deal'], 1)} activities a deal, where new business gets "
            f"{numbers.number(new['activities_per_deal'], 1)} ({numbers.share(part, 0)} of it)."
        )
    return text


def calls_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say whether calls slumped, and what came of the deals created then and soon after, from `weekly_calls`."""
    if frame.is_empty():
        return "No complete week of outbound calls is in the exports for this period."
    weeks = frame.with_row_index("nth")
    slump = weeks.filter(pl.col("is_slump"))
    usual = frame["usual_calls"][0]
    if slump.is_empty():
        return f"{numbers.number(usual)} outbound calls a week are usual; there was no slump of three weeks or more."
    # The last slump, if there were several.
    last = int(str(slump["nth"].max()))
    first = last
    numbered = set(slump["nth"].to_list())
    while first - 1 in numbered:
        first -= 1
    of = weeks.filter(pl.col("nth").is_between(first, last))
    began, ended = of["week"].min(), of["week"].max()
    mean = float(str(of["calls"].mean()))
    text = (
        f"From {_day(began)} to {_day(ended, 6)} outbound calls fell to {numbers.number(mean)} a week, "
        f"{numbers.share(mean / usual, 0)} of the usual {numbers.number(usual)}."
    )
    after = weeks.filter(pl.col("nth").is_between(first + 1, last + _LAG_WEEKS))["deals"].drop_nulls()
    beside = weeks.filter(
        pl.col("nth").is_between(first - _WEEKS_BESIDE, first - 1)
        | pl.col("nth").is_between(last + _LAG_WEEKS + 1, last + _LAG_WEEKS + _WEEKS_BESIDE)
    )["deals"].drop_nulls()
    if after.len() and beside.len():
        then, otherwise = float(str(after.mean())), float(str(beside.mean()))
        text += (
            f" From a week later until {_LAG_WEEKS} weeks after it, {numbers.number(then)} deals a week were created; in the "
            f"weeks before and after {numbers.number(otherwise)}. That they fell together is no proof of the cause."
        )
    return text


def _day(value: Any, more: int = 0) -> str:
    return day(value + timedelta(days=more)) if value is not None else ""


def weakest_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say which source's weakest step would bring most if it went at the median, from `weakest_step` by a dimension."""
    weakest = frame.filter(pl.col("is_weakest") & _is_named() & (pl.col("won_more") > 0))
    if weakest.is_empty():
        return "No step lies below the median of the others with enough leads to tell."
    sure = weakest.filter("is_sure")
    if sure.is_empty():
        return "No step lies surely below the median of the others: each could be chance."
    row = sure.sort("won_more", descending=True).row(0, named=True)
    text = (
        f"The weakest step that costs most: {row['dimension_value']} from {STAGE_NAMES[row['from_stage']]} to "
        f"{STAGE_NAMES[row['stage']]}, {numbers.share(row['rate'], 0)} of {numbers.number(row['before'])} where the median "
        f"is {numbers.share(row['median_rate'], 0)}. At the median it would bring {numbers.number(row['won_more'], 1)} won "
        f"{plural(round(row['won_more']), 'deal')} more"
    )
    if row["amount_more"] is not None:
        text += f", about {numbers.money(row['amount_more'])}"
    return text + "."
