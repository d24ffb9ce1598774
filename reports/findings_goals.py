"""What the shared goal says, in words: on track or not, who carries it, what is left, what marketing brought."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from charts.numbers import NumberFormat, day, plural

Row = dict[str, Any]

STAGE_WORDS = {
    "deal": ("won deal", "won deals"),
    "opportunity": ("opportunity", "opportunities"),
    "sql": ("SQL", "SQL"),
    "sal": ("SAL", "SAL"),
    "mql": ("MQL", "MQL"),
    "lead": ("lead", "leads"),
}


def goal_finding(
    row: Row | None,
    sourced: Row | None,
    numbers: NumberFormat,
    *,
    is_money: bool,
    elsewhere: Sequence[str] = (),
    course: Row | None = None,
    as_of: date | None = None,
) -> str:
    """Say whether the shared goal is on track, from one row of `goal_progress` and marketing's sourced share.

    `elsewhere` names what else has a goal for this period and these filters; `course` is the last row of
    `goal_by_day`, which knows the range of what the period will end at; `as_of` is the day at whose end this is asked.
    """

    def shown(value: Any) -> str:
        return numbers.money(value) if is_money else numbers.number(value)

    if row is None and elsewhere:
        return (
            "No goal of this kind is set for exactly this period and these filters. There is one for: "
            f"{', '.join(elsewhere)}."
        )
    if row is None:
        return (
            "No goal is set for exactly this period and these filters, so nothing can be on or off track. "
            "Type one in under Set goals, or import your quotas."
        )
    if row["actual"] is None:
        if row["without_amount_count"]:
            count = row["without_amount_count"]
            return (
                f"What was reached is not known: {numbers.number(count)} {plural(count, 'deal')} "
                f"{plural(count, 'counts', 'count')}, none with an amount in a known rate."
            )
        if as_of is not None and row["period_start"] > as_of:
            return (
                f"The goal is {shown(row['goal'])}; the period begins on {day(row['period_start'])}. What is left of it, "
                "after what open deals and leads in flight should bring, stands under What is left."
            )
        return "The exports do not record what this goal counts, so what was reached is not known."
    if row["goal"] is None:
        return f"{shown(row['actual'])} was reached; the period was given no goal."
    if row["goal"] <= 0:
        return (
            f"{shown(row['actual'])} was reached; the goal is {shown(row['goal'])}, and a share of that says nothing. "
            "Set one above 0."
        )
    start = f"{shown(row['actual'])} of {shown(row['goal'])} is reached ({numbers.share(row['attainment'], 0)})"
    if row["attainment"] >= 1:
        text = f"{start}: the goal is met."
    elif row["expected_basis"] == "whole period":
        text = f"{start}: the period ended {shown(row['remaining'])} short."
    elif row["pace"] is None:
        text = f"{start}; it is too early in the period to tell a pace."
    else:
        basis = (
            f"as {numbers.share(row['expected_share'], 0)} is usual by this day (from {row['past_periods']} past periods)"
            if row["expected_basis"] == "past periods"
            else f"as {numbers.share(row['expected_share'], 0)} of the period has passed (history is too short for more)"
        )
        verdict = "on track" if row["pace"] >= 0.97 else "behind"
        verdict = "ahead" if row["pace"] > 1.03 else verdict
        text = f"{start}, {verdict}: pace {numbers.number(row['pace'], 2)}, {basis}."
    text += projection_sentence(row, course, numbers, is_money=is_money)
    if sourced is not None and sourced["amount"] is not None and sourced["of_won"] is not None:
        text += (
            f" Marketing sourced {numbers.money(sourced['amount'])} of what is won "
            f"({numbers.share(sourced['of_won'], 0)})."
        )
    return text


def projection_sentence(row: Row, course: Row | None, numbers: NumberFormat, *, is_money: bool) -> str:
    """Say what the period will end at if it goes on as usual, with its range; nothing where that is not known."""
    if row.get("projected") is None or not row["goal"]:
        return ""

    def shown(value: Any) -> str:
        return numbers.money(value) if is_money else numbers.number(value)

    of_goal = numbers.share(float(row["projected"]) / float(row["goal"]), 0)
    text = f" If it goes on as usual, the period ends at {shown(row['projected'])} ({of_goal} of the goal"
    if course is not None and course["projected_low"] is not None:
        text += (
            f"; {shown(course['projected_low'])} to {shown(course['projected_high'])} as the middle of "
            f"{course['past_periods']} past periods would have it"
        )
    return text + ")."


def carried_finding(
    carried: pl.DataFrame, company_goal: Any, of_scope: str, numbers: NumberFormat, *, is_money: bool
) -> str:
    """Say whether the parts' goals add up to the company's, who is furthest behind, and who has no goal.

    Parameters
    ----------
    carried
        `goal_attainment` of one kind of scope.
    company_goal
        The company's goal of the same measure and period, or None.
    of_scope
        team, segment, region or owner.
    numbers
        How the company writes numbers.
    is_money
        Whether the measure is an amount.
    """

    def shown(value: Any) -> str:
        return numbers.money(value) if is_money else numbers.number(value)

    goals = carried.filter(pl.col("goal") > 0)
    without = carried.filter(pl.col("goal").is_null() & ((pl.col("actual") > 0) | (pl.col("open_count") > 0)))
    if goals.is_empty():
        return f"No {of_scope} has a goal of its own for this period."
    total = goals["goal"].sum()
    text = f"The goals of {goals.height} {plural(goals.height, of_scope)} add up to {shown(total)}"
    if company_goal:
        share = float(total) / float(company_goal)
        is_same = abs(share - 1) < 0.0005
        text += (
            f", exactly the company's {shown(company_goal)}"
            if total == company_goal
            else f", {numbers.share(share, 1 if is_same else 0)} of the company's {shown(company_goal)}"
        )
    text += "."
    paced = goals.filter(pl.col("pace").is_not_null()).sort("pace")
    if paced.height:
        on_track = paced.filter(pl.col("pace") >= 0.97).height
        last = paced.row(0, named=True)
        text += f" {on_track} of {paced.height} {plural(on_track, 'is', 'are')} on track or ahead"
        text += (
            f"; furthest behind is {last['scope_value']} ({numbers.share(last['attainment'], 0)} reached)."
            if last["pace"] < 0.97
            else "."
        )
    if without.height:
        reached = without["actual"].drop_nulls().sum()
        names = ", ".join(without["scope_value"].head(3))
        more = f" and {without.height - 3} more" if without.height > 3 else ""
        text += f" Without a goal: {names}{more} ({shown(reached)} reached)."
    return text


def left_finding(
    row: Row | None, gap: float, from_deals: Any, from_leads: Any, numbers: NumberFormat, *, is_money: bool
) -> str:
    """Say what is left of the goal after what open deals and leads in flight are expected to bring.

    Parameters
    ----------
    row
        One row of `goal_progress`.
    gap
        What is missing after all that is expected (`goal_gap`).
    from_deals, from_leads
        What is expected; None where that is not known.
    numbers
        How the company writes numbers.
    is_money
        Whether the measure is an amount; else deals are counted.
    """

    def shown(value: Any) -> str:
        return numbers.money(value) if is_money else f"{numbers.number(value)} {plural(round(value), 'deal')}"

    if row is None or row["goal"] is None or row["goal"] <= 0:
        return "There is no goal for this period and these filters, so nothing can be left of it."
    remaining = float(row["goal"]) - float(row["actual"] or 0)
    if remaining <= 0:
        return "The goal is met: nothing is left to find."
    text = f"{shown(remaining)} of the goal is still to be won."
    if from_deals is None and from_leads is None:
        return f"{text} What open deals will bring of it cannot be told: too little of the past is recorded."
    parts = []
    if from_deals is not None:
        parts.append(f"open deals are expected to bring {shown(from_deals)}")
    if from_leads is not None:
        parts.append(f"leads in flight {shown(from_leads)}")
    text += f" As in the past, {' and '.join(parts)}"
    if gap > 0:
        return f"{text}: {shown(gap)} has to come from deals that do not exist yet."
    return f"{text}: that is enough, if it comes as in the past."


def owed_by_week(tree: pl.DataFrame, side: str, numbers: NumberFormat, period_end: date) -> list[str]:
    """Return what a team owes the goal each week, a sentence a stage, from `goal_tree`.

    Parameters
    ----------
    tree
        The goal tree.
    side
        sales or marketing.
    numbers
        How the company writes numbers.
    period_end
        The day after the period's last.
    """
    lines, late = [], []
    owed = tree.filter((pl.col("side") == side) & pl.col("needed").is_not_null() & (pl.col("needed") > 0))
    for row in owed.to_dicts():
        one, many = STAGE_WORDS[row["stage"]]
        where = "found without a lead" if row["branch"] == "no lead" else "from leads"
        what = f"{one if round(row['needed']) == 1 else many} {where}" if row["side"] == "sales" else many
        if row["is_too_late"]:
            late.append(f"{what} (by {day(row['by_when'])})")
        elif row["per_week"] is not None:
            # Won deals of late are mostly those that are expected anyway.
            is_told = row["recent_per_week"] is not None and row["stage"] != "deal"
            lately = f"; lately {_few(row['recent_per_week'], numbers)} a week" if is_told else ""
            by_when = "the period's end" if (period_end - row["by_when"]).days == 1 else day(row["by_when"])
            lines.append(
                f"{_few(row['per_week'], numbers)} {what} a week, {_few(row['needed'], numbers)} by {by_when}{lately}."
            )
        else:
            lines.append(f"{_few(row['needed'], numbers)} {what}; by when is not known: {row['reason']}.")
    if late:
        lines.append(
            f"too late for this period: {', '.join(late)}. Half of those won took at least as long as was left then; what "
            "comes now serves the time after."
        )
    return [line[:1].upper() + line[1:] for line in lines]


def tree_table(tree: pl.DataFrame, numbers: NumberFormat) -> pl.DataFrame:
    """Return the goal tree as people read it: one row per branch and stage, every dash with its reason."""
    rows = []
    for row in tree.iter_rows(named=True):
        many = STAGE_WORDS[row["stage"]][1]
        late = "too late" if row["is_too_late"] else ""
        between = (
            f"{_few(row['needed_low'], numbers)}–{_few(row['needed_high'], numbers)}"
            if row["needed_low"] is not None and row["needed_high"] is not None and row["needed"]
            else numbers.number(None)
        )
        rows.append(
            {
                "Needed": f"{many[:1].upper()}{many[1:]}" + (" without a lead" if row["branch"] == "no lead" else ""),
                "How many": _few(row["needed"], numbers),
                "95%": between,
                "Of them won": numbers.share(row["share_won"]),
                "Taken from": numbers.number(row["counted"]),
                "Days to the win": numbers.number(row["median_days"]),
                "There by": day(row["by_when"]),
                "A week": _few(row["per_week"], numbers),
                "Lately a week": _few(row["recent_per_week"], numbers),
                "Note": row["reason"] or late,
            }
        )
    return pl.DataFrame(rows)


def agreement_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say how far the three tests of sourced agree, from `sourced_agreement`."""
    if frame.is_empty():
        return "The exports record no source or no campaign touch, so the tests cannot be laid beside each other."
    flags = ("is_by_field", "is_by_first_touch", "is_by_touch_before_activity")
    agree = frame.filter(pl.all_horizontal(flags) | ~pl.any_horizontal(flags))
    some = frame.filter(pl.any_horizontal(flags) & ~pl.all_horizontal(flags))
    deals, total = int(agree["deals"].sum()), int(frame["deals"].sum())
    text = f"The three tests agree on {numbers.number(deals)} of {numbers.number(total)} won deals"
    amount, disputed = frame["amount"].sum(), some["amount"].sum()
    if amount and disputed is not None:
        text += (
            f"; on {numbers.money(disputed)} ({numbers.share(float(disputed) / float(amount), 0)} of the amount) "
            "it hangs on the test whether marketing sourced it"
        )
    return text + "."


def customers_finding(frame: pl.DataFrame, numbers: NumberFormat, flag_under: int) -> str:
    """Say how new and existing customers differ, from `won_by_customer`.

    Kinds of business with fewer decided deals than `flag_under` are not compared.
    """
    decided = frame.filter(pl.col("customer").is_not_null())
    if decided.is_empty() or not decided["won"].sum():
        return "Nothing was won in this period under these filters: there are no customers to compare."
    parts = []
    amount = frame["amount"].sum()
    existing = decided.filter(pl.col("customer") == "existing")
    if amount:
        share = float(existing["amount"].sum() or 0) / float(amount)
        parts.append(f"{numbers.share(share, 0)} of the amount won came from existing customers")
    enough = decided.filter((pl.col("won") + pl.col("lost") >= flag_under) & pl.col("win_rate").is_not_null())
    new = enough.filter(pl.col("customer") == "new").sort("won", descending=True)
    sure = enough.filter((pl.col("customer") == "existing") & (pl.col("business_type") != "renewal"))
    if new.height and sure.height:
        other, own = sure.sort("low", descending=True).row(0, named=True), new.row(0, named=True)
        if other["low"] > own["high"]:
            kind = other["business_type"] or "business"
            text = f"{kind} with them is won {numbers.share(other['win_rate'], 0)} of the time"
            text += f" (new customers {numbers.share(own['win_rate'], 0)})"
            if other["median_cycle_days"] is not None and own["median_cycle_days"] is not None:
                text += f" in {numbers.days(other['median_cycle_days'])} ({numbers.number(own['median_cycle_days'])})"
            if other["activities_per_deal"] is not None and own["activities_per_deal"] is not None:
                text += (
                    f", with {numbers.number(other['activities_per_deal'], 1)} activities a deal "
                    f"({numbers.number(own['activities_per_deal'], 1)})"
                )
            parts.append(text)
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else "Too few deals were decided to compare customers."


def _few(value: float | None, numbers: NumberFormat) -> str:
    """Return a number of things: whole, with one decimal under ten; never 0 where there is something."""
    if value is None:
        return numbers.number(None)
    few = 10
    return numbers.number(value, 0 if value >= few or value == round(value) else 1)
