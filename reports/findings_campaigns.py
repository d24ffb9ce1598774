"""What the figures of Campaigns say, in one sentence each."""

from typing import Any

import polars as pl

from charts.campaigns_models import moved
from charts.campaigns_people import compared_kinds, is_low, judged_reach
from charts.numbers import NumberFormat, plural


def campaigns_finding(frame: pl.DataFrame, numbers: NumberFormat, mature_days: int = 180, flag_under: int = 30) -> str:
    """Say which campaign brought most, and which brought many leads and least, from `campaign_effectiveness`.

    Parameters
    ----------
    frame
        `campaign_effectiveness`.
    numbers
        How the company writes numbers.
    mature_days
        Where no cycle is known, campaigns that began later are not blamed: their leads may still close. Else those that
        the frame marks as young are not.
    flag_under
        Campaigns with fewer leads are not blamed either.
    """
    campaigns = frame.filter(pl.col("kind") == "campaign")
    if campaigns.is_empty():
        return "No campaign is in the exports (or none started in this period)."
    listed = f"{numbers.number(campaigns.height)} {plural(campaigns.height, 'campaign is', 'campaigns are')}"
    if campaigns["won"].null_count() == campaigns.height:
        if frame["won"].null_count() == frame.height:
            return f"{listed} in the exports, and no outcome of a deal: what they brought is not known."
        return (
            f"{listed} in the exports, and no answered touch, nor a deal that names its campaign: what they brought "
            "is not known. Import campaign members, or the campaign of each deal."
        )
    has_amounts = campaigns["won_amount"].null_count() < campaigns.height
    measure = "won_amount" if has_amounts else "won"
    best = campaigns.sort(measure, descending=True, nulls_last=True).row(0, named=True)
    parts = []
    if best[measure]:
        brought = numbers.money(best["won_amount"]) if has_amounts else f"{numbers.number(best['won'], 1)} won deals"
        cost = f" for {numbers.money(best['cost'])}" if best["cost"] is not None else ""
        if cost and best["without_cost_count"]:
            cost += (
                f" (no cost is recorded for {numbers.number(best['without_cost_count'])} of its "
                f"{numbers.number(best['campaigns'])} campaigns)"
            )
        parts.append(f"{best['dimension_value']} brought most: {brought}{cost}.")
    else:
        parts.append("No won deal is credited to any campaign.")
    tried = campaigns.filter(
        (pl.col("leads") >= flag_under)
        & pl.col("leads_won").is_not_null()
        & ~pl.col("is_young").fill_null(pl.col("days_running").fill_null(0) < mature_days)
    ).sort(pl.col("leads_won") / pl.col("leads"), pl.col("leads"), descending=[False, True])
    if tried.height and (tried.height > 1 or not tried["leads_won"][0]):
        worst = tried.row(0, named=True)
        cost = f" for {numbers.money(worst['cost'])}" if worst["cost"] is not None else ""
        won = "none of them was" if not worst["leads_won"] else f"{numbers.number(worst['leads_won'])} of them were"
        won = "one of them was" if worst["leads_won"] == 1 else won
        parts.append(
            f"{worst['dimension_value']} brought {numbers.number(worst['leads'])} leads{cost}, and {won} won in "
            f"{numbers.days(worst['days_running'])}."
        )
    none = frame.filter(pl.col("kind") == "no touch recorded")
    total = frame["won_amount"].sum() if has_amounts else None
    if none.height and total and none["won_amount"][0] is not None:
        share = float(none["won_amount"][0]) / float(total)
        parts.append(f"{numbers.share(share, 0)} of all that was won has no campaign recorded.")
    return " ".join(parts)


def models_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say how much the choice of a model matters, from `campaign_models`."""
    rows = moved(frame)
    if rows.is_empty():
        return "No amount won can be credited to any campaign."
    far = rows.filter(pl.col("places_moved") > 0)
    if far.is_empty():
        return f"Every model puts the {numbers.number(rows.height)} campaigns in the same order."
    most = far.row(0, named=True)
    first = rows.filter(pl.col("best_place") == 1)["dimension_value"].to_list()
    top = (
        f"Every model puts {first[0]} first."
        if len(first) == 1
        else f"{numbers.number(len(first))} campaigns come first by one model or another."
    )
    return (
        f"{numbers.number(far.height)} of {numbers.number(rows.height)} change their place with the model; "
        f"{most['dimension_value']} most, from {numbers.number(most['best_place'])} to "
        f"{numbers.number(most['worst_place'])} ({numbers.money(most['lowest_amount'])} to "
        f"{numbers.money(most['highest_amount'])}). {top}"
    )


def reach_finding(frame: pl.DataFrame, numbers: NumberFormat, *, brought: bool) -> str:
    """Say whether campaigns reach the people who decide, and which surely do not, from `campaign_reach`.

    Parameters
    ----------
    frame
        `campaign_reach`.
    numbers
        How the company writes numbers.
    brought
        Whether the people are those whose leads campaigns brought, instead of those who answered.
    """
    whole = frame.filter(pl.col("kind") == "all campaigns")
    if whole.is_empty():
        return "Nobody whom a campaign met is in the exports."
    row = whole.row(0, named=True)
    if row["share"] is None:
        return "Whether these people decide is not known: no title is in the exports, or the settings name none that decides."
    people = "people whose leads campaigns brought" if brought else "people who answered campaigns"
    text = f"Of the {people}, {numbers.share(row['share'], 0)} decide"
    if row["won_share"] is not None:
        text += f"; of the people on won deals, {numbers.share(row['won_share'], 0)}"
    low = [found for found in judged_reach(frame).iter_rows(named=True) if is_low(found, row["share"])][:2]
    if not low:
        return text + "."
    named = " and ".join(f"{found['dimension_value']} ({numbers.share(found['share'], 0)})" for found in low)
    return f"{text}. {named} {plural(len(low), 'meets', 'meet')} fewest who do."


_DONE = {"call": "called first", "email": "e-mailed first", "meeting": "met first"}


def follow_up_finding(frame: pl.DataFrame, numbers: NumberFormat, measure: str, flag_under: int = 30) -> str:
    """Say where two ways of following up go with the most different success, from `campaign_follow_up`.

    Parameters
    ----------
    frame
        `campaign_follow_up`.
    numbers
        How the company writes numbers.
    measure
        deal or won.
    flag_under
        Cells of fewer leads are not compared.
    """
    cells = compared_kinds(frame, measure)
    if cells.is_empty():
        return "No lead that is old enough was followed up by a call, an e-mail or a meeting that is in the exports."
    done = "became deals" if measure == "deal" else "were won"
    widest: tuple[float, dict[str, Any], dict[str, Any]] | None = None
    big = cells.filter((pl.col("leads") >= flag_under) & pl.col("origin_value").is_not_null())
    for _, part in big.group_by("origin_value", maintain_order=True):
        rows = part.sort(f"{measure}_rate").to_dicts()
        low, high = rows[0], rows[-1]
        if low[f"{measure}_rate_high"] < high[f"{measure}_rate_low"]:
            # How many times as often: small rates count like large ones.
            gap = high[f"{measure}_rate"] / max(low[f"{measure}_rate"], 1e-9)
            if widest is None or gap > widest[0]:
                widest = (gap, low, high)
    if widest is None:
        return f"From no origin can it be told that leads followed up in one way {done} more often than in another."
    _, low, high = widest
    return (
        f"Leads from {low['origin_value']} that were {_DONE[low['kind']]} {done} in "
        f"{numbers.share(low[f'{measure}_rate'], 0)} of {numbers.number(low['leads'])} cases; those "
        f"{_DONE[high['kind']]}, in {numbers.share(high[f'{measure}_rate'], 0)} of {numbers.number(high['leads'])}. "
        "This is association: sales chooses whom it calls."
    )


def acceptance_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say whose leads sales rejects most and least, and why, from `campaign_acceptance`."""
    if frame.is_empty():
        return "No lead was passed to sales in this period."
    known = frame.filter(
        pl.col("dimension_value").is_not_null() & pl.col("acceptance").is_not_null() & ~pl.col("is_small")
    ).sort("acceptance", "passes", descending=[False, True])
    if known.is_empty():
        return "Sales has decided on too few leads from any one origin to compare them."
    worst, best = known.row(0, named=True), known.row(-1, named=True)
    why = f", most often for “{worst['top_reason']}”" if worst["top_reason"] else ""
    text = (
        f"Sales rejected {numbers.share(1 - worst['acceptance'], 0)} of the leads from {worst['dimension_value']} that it "
        f"decided on ({numbers.number(worst['rejected'])}){why}"
    )
    if known.height > 1:
        text += f"; of those from {best['dimension_value']}, {numbers.share(1 - best['acceptance'], 0)}"
    return text + "."


def customers_finding(frame: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say whether those who buy more readily are looked after less, from `campaign_customers`."""
    if frame.is_empty():
        return "No deal was decided in this period."
    found = {row["dimension_value"]: row for row in frame.iter_rows(named=True)}
    new, old = found.get("new"), found.get("expansion")
    if new is None or old is None or new["rate"] is None or old["rate"] is None:
        return "New and existing customers cannot be compared: deals of both types have to be decided."
    # Only what differs beyond chance is said to differ.
    differs = old["rate_low"] > new["rate_high"] or old["rate_high"] < new["rate_low"]
    readily = "more readily" if old["rate"] > new["rate"] else "less readily"
    text = (
        f"Existing customers {'buy ' + readily if differs else 'buy about as readily'}: "
        f"{numbers.share(old['rate'], 0)} of expansion deals are won, {numbers.share(new['rate'], 0)} of new ones"
    )
    if old["median_cycle_days"] is not None and new["median_cycle_days"] is not None:
        text += f", in {numbers.days(old['median_cycle_days'])} and {numbers.days(new['median_cycle_days'])}"
    care = [
        f"{numbers.number(old[column], 1)} {words} a deal where new ones get {numbers.number(new[column], 1)}"
        for column, words in (("activities_per_deal", "activities"), ("touches_per_deal", "campaign touches"))
        if old[column] is not None and new[column] is not None
    ]
    return f"{text}; they get {' and '.join(care)}." if care else f"{text}."


_OUTCOMES = {
    "won_amount": "the amount won",
    "leads": "the number of leads",
    "opportunities": "the number of deals from leads",
}


def lag_finding(frame: pl.DataFrame, outcome: str, lag: int, numbers: NumberFormat) -> str:
    """Say whether an outcome moves with what was spent so many months before, from `campaign_spend_lag`.

    Parameters
    ----------
    frame
        `campaign_spend_lag`.
    outcome
        won_amount, leads or opportunities.
    lag
        Months from the spending to the outcome.
    numbers
        How the company writes numbers.
    """
    rows = frame.filter((pl.col("outcome") == outcome) & (pl.col("lag") == lag))
    when = "in the same month" if lag == 0 else f"{lag} {plural(lag, 'month', 'months')} later"
    what = f"{_OUTCOMES[outcome]} {when}"
    if rows.is_empty() or rows["correlation"][0] is None:
        return f"Whether {what} moves with the spending cannot be told: too few months of both are known."
    row = rows.row(0, named=True)
    said = f"r {_signed(row['correlation'], numbers)}, "
    if row["correlation_low"] is not None:
        said += f"95% from {_signed(row['correlation_low'], numbers)} to {_signed(row['correlation_high'], numbers)}, "
    said += f"{numbers.number(row['months'])} months"
    if row["verdict"] == "cannot tell":
        return f"Whether {what} moves with the spending cannot be told ({said})."
    way = "rises and falls with" if row["verdict"] == "moves with it" else "moves against"
    return f"{what[:1].upper()}{what[1:]} {way} the spending ({said}): association, not cause."


def _signed(value: float, numbers: NumberFormat) -> str:
    """Return a number with a minus sign as long as a plus."""
    return ("−" if value < 0 else "") + numbers.number(abs(value), 2)
