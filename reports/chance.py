"""What history says of a running period: the coverage it takes, the chance of the goal, and how good such forecasts were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from charts.numbers import NumberFormat, plural
from estimators import (
    brier,
    calibration,
    chance_of_goal,
    crps,
    deal_chances,
    deals_that_matter,
    forecast_score,
    goal_distribution,
    past_surprises,
    plain_chances,
    required_coverage,
)
from reports.asking import Ask, Scope

_MONTHS = {1: "month", 3: "quarter", 12: "year"}
_WEEK = timedelta(days=7)
BY = ("segment", "region", "team", "business_type")


@dataclass(frozen=True)
class Outlook:
    """What past periods say of the running one.

    `yields` are the past periods with what their pipeline yielded; `required` the coverage that they took; `chance` one row
    of `chance_of_goal`, `plain` what the weighted pipeline alone would end at; `deals` the open deals with their chances.
    """

    kind: str
    yields: pl.DataFrame
    required: pl.DataFrame
    chance: pl.DataFrame
    distribution: pl.DataFrame
    matter: pl.DataFrame
    deals: pl.DataFrame
    plain: float | None

    @property
    def row(self) -> dict[str, Any]:
        """The chance's one row."""
        return self.chance.row(0, named=True)


def kind_of(start: date | None, end: date | None, as_of: date) -> str | None:
    """Return whether a period is a running month, quarter or year; None where it is none of these or does not run."""
    # On its last day nothing of a period is left to be forecast.
    if start is None or end is None or not start <= as_of < end - timedelta(days=1):
        return None
    return _MONTHS.get((end.year - start.year) * 12 + end.month - start.month)


def outlook(ask: Ask, *, scope: Scope, kind: str, won: float, goal: float | None) -> Outlook:
    """Return what past periods say of the one that runs on the as-of day.

    Parameters
    ----------
    ask
        Asks a query.
    scope
        The as-of day and the filters.
    kind
        month, quarter or year.
    won, goal
        Won in the period so far, and its goal; None without one.
    """
    yields = ask("yield_by_period", **scope, kind=kind)
    history = ask("open_deal_outcomes", **scope, kind=kind)
    named = ask("open_deals_to_go", **scope, kind=kind)
    deals, past = _chances(history, named, yields)
    told = named.select("opportunity_id", "record_id", "name", "owner", "stage", "due", "close_date")
    return Outlook(
        kind=kind,
        yields=yields,
        required=required_coverage(yields),
        chance=chance_of_goal(deals, past, won=won, goal=goal),
        distribution=goal_distribution(deals, past, won=won),
        matter=deals_that_matter(deals, past, won=won, goal=goal).join(
            told, on="opportunity_id", how="left", maintain_order="left"
        ),
        deals=told.join(deals, on="opportunity_id", how="left", maintain_order="left"),
        plain=_weighted(history, named, won),
    )


def _chances(history: pl.DataFrame, named: pl.DataFrame, yields: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    return deal_chances(history, named), past_surprises(history, yields)


def _weighted(history: pl.DataFrame, named: pl.DataFrame, won: float) -> float | None:
    """Return what the weighted pipeline would end at: won so far, and each deal that is due times its stage's base rate."""
    if history.is_empty():
        return None
    due = plain_chances(history, named.filter(pl.col("due") == "due"))
    return won + float((due["amount"].cast(pl.Float64) * due["plain_chance"]).sum() or 0.0)


def required_by(ask: Ask, *, scope: Scope, kind: str, dimension: str, values: tuple[str | None, ...]) -> pl.DataFrame:
    """Return the required coverage of each value of a dimension, where enough past periods are recorded."""
    rows = []
    for value in values:
        yields = ask("yield_by_period", **{**scope, dimension: (value or "",)}, kind=kind)
        rows.append(required_coverage(yields).with_columns(dimension_value=pl.lit(value, dtype=pl.String)))
    return (
        pl.concat(rows)
        if rows
        else required_coverage(pl.DataFrame(schema={"yield": pl.Float64, "yield_of_due": pl.Float64})).clear()
    )


@dataclass(frozen=True)
class Backtest:
    """What would have been said on each past day, and what came.

    `said` has a row per past period and week; `deals` the calibration of single deals; `deal_score` and `period_score` the
    forecast beside the plain one. `skipped` counts the weeks without enough history at the time.
    """

    said: pl.DataFrame
    deals: pl.DataFrame
    deal_score: pl.DataFrame
    period_score: pl.DataFrame
    skipped: int

    @property
    def is_better(self) -> bool:
        """Whether the forecast of the period was better than the weighted pipeline, beyond chance."""
        return self.period_score.height > 0 and self.period_score["verdict"][0] == "better"


SAID_SCHEMA = pl.Schema(
    {
        "period": pl.String(),
        "day": pl.Date(),
        "days_to_go": pl.Int64(),
        "p10": pl.Float64(),
        "p50": pl.Float64(),
        "p90": pl.Float64(),
        "plain": pl.Float64(),
        "won_then": pl.Float64(),
        "came": pl.Float64(),
        "goal": pl.Float64(),
        "chance": pl.Float64(),
        "error": pl.Float64(),
        "plain_error": pl.Float64(),
    }
)


def backtest(ask: Ask, *, scope: Scope, kind: str = "quarter", every: int = 7) -> Backtest:
    """Return what would have been said in every past period, week by week, by what was known then, and what came.

    Each forecast is asked as of its own day, so it knows nothing that came later; what came is asked as of the last day.

    Parameters
    ----------
    ask
        Asks a query.
    scope
        The as-of day and the filters.
    kind
        Kind of period.
    every
        Days between forecasts.
    """
    as_of: date = scope["as_of"]
    ended = ask("yield_by_period", **scope, kind=kind).filter("is_recorded")
    said: list[dict[str, Any]] = []
    deal_rows: list[pl.DataFrame] = []
    skipped = 0
    for row in ended.iter_rows(named=True):
        start, end = row["period_start"], row["period_end"]
        period = {"period_start": start, "period_end": end}
        won_deals = ask("outcome_records", **scope, **period, outcome="won")
        came = float(won_deals["amount_base"].sum() or 0)
        is_company = all(value is None for name, value in scope.items() if name != "as_of")
        goal = _goal_of(ask, as_of, start, end) if is_company else None
        at = start + timedelta(days=every)
        while at < end - timedelta(days=1):
            then = {**scope, "as_of": at}
            found = _said_on(ask, then, kind, period, goal)
            if found is None:
                skipped += 1
            else:
                one, deals = found
                said.append({"period": row["period"], "day": at, "days_to_go": (end - at).days, "came": came} | one)
                said[-1] |= {
                    "error": crps(one["distribution"], came),
                    "plain_error": abs(one["plain"] - came) if one["plain"] is not None else None,
                }
                won_ids = won_deals.select("record_id").unique()
                deal_rows.append(
                    deals.join(won_ids.with_columns(came=pl.lit(1.0)), on="record_id", how="left").select(
                        pl.lit(row["period"]).alias("period"), "chance", "plain_chance", pl.col("came").fill_null(0.0)
                    )
                )
            at += timedelta(days=every)
    frame = pl.DataFrame([{name: one.get(name) for name in SAID_SCHEMA} for one in said], schema=SAID_SCHEMA)
    empty = pl.DataFrame(
        schema={"period": pl.String, "chance": pl.Float64, "plain_chance": pl.Float64, "came": pl.Float64}
    )
    every_deal = pl.concat([empty, *deal_rows])
    return Backtest(
        said=frame,
        deals=calibration(every_deal),
        deal_score=forecast_score(brier(every_deal)),
        period_score=forecast_score(
            frame.drop_nulls(["error", "plain_error"]).select("period", "error", "plain_error")
        ),
        skipped=skipped,
    )


def _said_on(
    ask: Ask, then: Scope, kind: str, period: Mapping[str, date], goal: float | None
) -> tuple[dict[str, Any], pl.DataFrame] | None:
    """Return what would have been said on a day, and the open deals of that day; None where history was too short."""
    yields = ask("yield_by_period", **then, kind=kind)
    history = ask("open_deal_outcomes", **then, kind=kind)
    named = ask("open_deals_to_go", **then, kind=kind)
    if history.is_empty() or named.is_empty() or bool(named["is_assumed"].any()):
        return None
    won_row = ask("win_rate", **then, **period)
    won = float(won_row["won_amount"][0] or 0) if won_row.height else 0.0
    deals, past = _chances(history, named, yields)
    row = chance_of_goal(deals, past, won=won, goal=goal).row(0, named=True)
    if row["p50"] is None:
        return None
    told = plain_chances(history, named).select("opportunity_id", "record_id", "plain_chance")
    one = {
        "p10": row["p10"],
        "p50": row["p50"],
        "p90": row["p90"],
        "chance": row["chance"],
        "goal": goal,
        "won_then": won,
        "plain": _weighted(history, named, won),
        "distribution": goal_distribution(deals, past, won=won, steps=200),
    }
    return one, told.join(deals.select("opportunity_id", "chance"), on="opportunity_id", how="left")


def _goal_of(ask: Ask, as_of: date, start: date, end: date) -> float | None:
    found = ask("goal_progress", as_of=as_of, period_start=start, period_end=end, measure="won_amount", scope="company")
    found = found.filter((pl.col("period_start") == start) & (pl.col("period_end") == end))
    return float(found["goal"][0]) if found.height and found["goal"][0] is not None else None


def chance_finding(found: Outlook, tested: Backtest | None, numbers: NumberFormat) -> str:
    """Say what the chance of the goal is; where the forecast was not better than the plain one, say the plain one instead."""
    row = found.row
    if row["p50"] is None:
        return f"The chance of the goal is not known: {_lower(row['reason'])}"
    range_words = (
        f"{numbers.money(row['p50'])} is the middle of what the {found.kind} may end at ({numbers.money(row['p10'])} to "
        f"{numbers.money(row['p90'])} in eight of ten cases)"
    )
    if tested is not None and not tested.is_better:
        plain = numbers.money(found.plain)
        why = "was worse" if tested.period_score["verdict"][0] == "worse" else "cannot be told to be better"
        return (
            f"By the weighted pipeline the {found.kind} ends at {plain}. Our forecast of the chance {why} than that in "
            f"{tested.period_score['periods'][0]} past periods, so it leads nowhere here; it would say: {range_words}."
        )
    if row["chance"] is None:
        return f"{range_words[:1].upper()}{range_words[1:]}. {row['reason']}"
    chance = (
        "over 99%" if row["chance"] > 0.99 else "under 1%" if row["chance"] < 0.01 else numbers.share(row["chance"], 0)
    )
    return (
        f"The goal of {numbers.money(row['goal'])} is reached with a chance of {chance}: {range_words}. Learned from "
        f"{row['periods']} past {found.kind}s."
    )


def shown_chance(chance: float | None, numbers: NumberFormat) -> str:
    """Return a chance as people read it: nothing that is not over yet is sure."""
    if chance is None:
        return numbers.share(None)
    return "over 99%" if chance > 0.99 else "under 1%" if chance < 0.01 else numbers.share(chance, 0)


def required_finding(
    required: pl.DataFrame,
    kind: str,
    coverage: float | None,
    band: tuple[float | None, float | None],
    numbers: NumberFormat,
) -> str:
    """Say how much coverage is enough by our own history, beside what there is and the rule."""
    row = required.row(0, named=True)
    has_rule = band[0] is not None and band[1] is not None
    rule = f"the rule asks {numbers.number(band[0])}-{numbers.number(band[1])}×" if has_rule else "there is no rule"
    if row["required_even"] is None:
        return f"{row['reason']} Until then there is no more to set coverage beside than the rule of thumb: {rule}."
    text = f"Our own history asks {numbers.ratio(row['required_even'])} for even odds"
    if row["required_80"] is not None:
        text += f" and {numbers.ratio(row['required_80'])} for 80% odds"
    text += f" at this day of a {kind} ({row['periods']} past periods); {rule}."
    if coverage is None:
        return text
    if row["required_80"] is not None and coverage >= row["required_80"]:
        verdict = "enough for four in five"
    elif coverage >= row["required_even"]:
        verdict = "enough for even odds, not for four in five"
    else:
        verdict = "less than even odds"
    return f"{text} There is {numbers.ratio(coverage)}: {verdict}."


def backtest_finding(tested: Backtest, numbers: NumberFormat) -> str:
    """Say how good the forecast was, of periods and of single deals."""
    if tested.said.is_empty():
        return (
            "No past period can be looked back on: the state of deals has to be recorded, not assumed, and four periods have "
            "to lie before the one that is forecast."
        )
    score, deals = tested.period_score.row(0, named=True), tested.deal_score.row(0, named=True)
    inside = tested.said.filter((pl.col("came") >= pl.col("p10")) & (pl.col("came") <= pl.col("p90"))).height
    share = numbers.share(inside / tested.said.height, 0)
    return (
        f"In {score['periods']} past periods and {score['cases']} weeks what came lay between P10 and P90 {share} of the time "
        f"(80% is meant). The forecast of the period's end is {_gain(score, numbers)} than the weighted pipeline; single "
        f"deals' chances are {_gain(deals, numbers)} than the base rates of their stages."
    )


def _gain(row: Mapping[str, Any], numbers: NumberFormat) -> str:
    if row["verdict"] is None or row["verdict"] == "cannot tell":
        return "not surely better"
    size = f"by {numbers.share(abs(row['gain']), 0)} ({numbers.interval(row['low'], row['high'])})"
    return f"better {size}" if row["verdict"] == "better" else f"worse {size}"


def _lower(text: str | None) -> str:
    return "" if not text else text[:1].lower() + text[1:]


def lookback_words(tested: Backtest) -> str:
    """Say what was left out of the look back."""
    if not tested.skipped:
        return ""
    weeks = plural(tested.skipped, "week was", "weeks were")
    return f"{tested.skipped} {weeks} left out: too few past periods were recorded by then, or the state of deals is assumed."
