"""What if: how the chance of the goal would move with win rate, deal size, response, leads or spending; never a real number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from charts.numbers import NumberFormat
from estimators import chance_of_goal, deal_chances, goal_distribution, kaplan_meier, past_surprises
from reports.asking import Ask, Scope
from reports.chance import shown_chance
from reports.splits import response

LEVERS = ("win_rate", "deal_size", "response", "leads", "spend")
_RECENT_WEEKS = 13
_RESPONSE_DAYS = 90


@dataclass(frozen=True)
class Levers:
    """By how much each lever is moved, in percent; `response` is the share of late answers that come on the same day."""

    win_rate: int = 0
    deal_size: int = 0
    response: int = 0
    leads: int = 0
    spend: int = 0

    @property
    def moved(self) -> tuple[str, ...]:
        """The levers that are moved."""
        return tuple(name for name in LEVERS if getattr(self, name))

    def alone(self, name: str) -> "Levers":
        """Return this one lever moved, and no other."""
        return replace(Levers(), **{name: getattr(self, name)})


@dataclass(frozen=True)
class Ground:
    """What the levers move: open deals with chances, past periods, what leads bring in the days left, and why one cannot move.

    `wins_per_lead` is the share of leads that is won within the days left, averaged over leads that come evenly until the
    end; `leads_per_week` as of late; `size` an average won deal; `cost_per_lead` None where no cost is recorded;
    `quick_wins` how many wins more the leads in flight would bring inside the period, had all been answered as well as the
    quickest: an association.
    """

    deals: pl.DataFrame
    past: pl.DataFrame
    won: float
    goal: float
    weeks_left: float
    leads_per_week: float | None
    wins_per_lead: float | None
    size: float | None
    spend_per_week: float | None
    cost_per_lead: float | None
    quick_wins: float | None

    def unmovable(self) -> dict[str, str]:
        """Return why a lever cannot be moved, by its name."""
        found = {}
        if self.wins_per_lead is None or self.leads_per_week is None or self.size is None:
            found["leads"] = found["spend"] = "the exports do not record enough leads and wins"
        elif self.cost_per_lead is None or self.spend_per_week is None:
            found["spend"] = "no cost with a date is recorded, so what a lead costs is not known"
        if self.quick_wins is None or self.size is None:
            found["response"] = "nothing can be told of how the won rate goes with response time"
        return found


def ground(ask: Ask, *, scope: Scope, kind: str, won: float, goal: float, bounds: tuple[date, date]) -> Ground:
    """Return what the levers move, as of a day and under filters.

    Parameters
    ----------
    ask
        Asks a query.
    scope
        The as-of day and the filters.
    kind
        month, quarter or year: the running period.
    won, goal
        Won in the period so far, and its goal.
    bounds
        The period's first day and the day after its last.
    """
    as_of: date = scope["as_of"]
    period_start, period_end = bounds
    history = ask("open_deal_outcomes", **scope, kind=kind)
    deals = deal_chances(history, ask("open_deals_to_go", **scope, kind=kind))
    past = past_surprises(history, ask("yield_by_period", **scope, kind=kind))
    leads = {name: value for name, value in scope.items() if name not in ("product", "business_type")}
    days_left = max((period_end - as_of).days - 1, 0)
    recent = {**leads, "period_start": as_of - timedelta(weeks=_RECENT_WEEKS), "period_end": as_of + timedelta(days=1)}
    created = ask("lead_to_close", **recent)
    per_week = float(created["leads"][0]) / _RECENT_WEEKS if created.height and created["leads"][0] else None
    year = {**scope, "period_start": as_of - timedelta(days=365), "period_end": as_of + timedelta(days=1)}
    sizes = ask("win_rate", **year)
    size = None
    if sizes.height and sizes["won"][0] and sizes["won_amount"][0] is not None:
        size = float(sizes["won_amount"][0]) / float(sizes["won"][0])
    days = ask("metric_by_day", **scope, metrics=["campaign_spend"]).filter(pl.col("day") > recent["period_start"])
    spent = float(days["value"].cast(pl.Float64).sum() or 0.0)
    return Ground(
        deals=deals,
        past=past,
        won=won,
        goal=goal,
        weeks_left=days_left / 7,
        leads_per_week=per_week,
        wins_per_lead=_wins_within(ask, leads, as_of, days_left),
        size=size,
        spend_per_week=spent / _RECENT_WEEKS if spent else None,
        cost_per_lead=spent / (per_week * _RECENT_WEEKS) if spent and per_week else None,
        quick_wins=_quick_wins(ask, leads, (as_of, period_start, period_end)),
    )


def _quick_wins(ask: Ask, leads: Mapping[str, Any], days: tuple[date, date, date]) -> float | None:
    """Return the wins more that leads in flight would bring in the period, were those answered late won like the quickest.

    As many times what they are expected to bring as late leads, of the same kind, would have raised all past wins.
    """
    as_of, start, end = days
    associated = response(ask, scope=leads, days=_RESPONSE_DAYS)
    in_flight = ask("goal_expected_from_leads", as_of=as_of, period_start=start, period_end=end)
    won = float(associated["won"].sum() or 0)
    if associated.height < 2 or not won or in_flight["expected_count"].null_count() == in_flight.height:
        return None
    late = associated.filter(pl.col("verdict") == "down")
    missed = -float((late["difference"] * late["leads"]).sum())
    return float(in_flight["expected_count"].sum()) * missed / won


def _wins_within(ask: Ask, leads: Mapping[str, Any], as_of: date, days_left: int) -> float | None:
    """Return the share of leads that is won by the period's end, for leads that come evenly from now until then."""
    survival = ask(
        "lead_survival", **leads, period_start=as_of - timedelta(days=3 * 365), period_end=as_of + timedelta(days=1)
    )
    if survival.is_empty() or survival["won"].sum() < 10:
        return None
    curve = kaplan_meier(survival.with_columns(dimension_value=pl.lit(None, dtype=pl.String)))
    won = curve.select("day", "rate").sort("day")
    ages = pl.DataFrame({"day": list(range(days_left + 1))}, schema={"day": won.schema["day"]})
    joined = ages.join_asof(won, on="day", strategy="backward")
    return float(joined["rate"].fill_null(0.0).mean() or 0.0)  # type: ignore[arg-type]


def chance_under(found: Ground, levers: Levers) -> dict[str, Any]:
    """Return the row of `chance_of_goal` if these levers were moved."""
    deals, past = _moved(found, levers)
    return chance_of_goal(deals, past, won=found.won, goal=found.goal).row(0, named=True)


def distribution_under(found: Ground, levers: Levers) -> pl.DataFrame:
    """Return `goal_distribution` if these levers were moved."""
    deals, past = _moved(found, levers)
    return goal_distribution(deals, past, won=found.won)


def _moved(found: Ground, levers: Levers) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return deals and past periods as the levers would have them."""
    oftener, bigger = 1 + levers.win_rate / 100, 1 + levers.deal_size / 100
    deals = found.deals.with_columns(
        chance=(pl.col("chance") * oftener).clip(0.0, 0.99), amount=pl.col("amount").cast(pl.Float64) * bigger
    )
    more = extra_wins(found, levers) * (found.size or 0.0) * oftener * bigger
    past = found.past.with_columns(new_amount=pl.col("new_amount") * oftener * bigger + more)
    return deals, past


def extra_wins(found: Ground, levers: Levers) -> float:
    """Return how many wins more leads, more spending and quicker answers would bring inside the period."""
    wins = 0.0
    if found.leads_per_week is not None and found.wins_per_lead is not None:
        leads = found.leads_per_week * levers.leads / 100
        if found.cost_per_lead and found.spend_per_week is not None:
            leads += found.spend_per_week * levers.spend / 100 / found.cost_per_lead
        wins += leads * found.weeks_left * found.wins_per_lead
    if found.quick_wins is not None:
        wins += found.quick_wins * levers.response / 100
    return wins


def effects(found: Ground, levers: Levers) -> list[tuple[str, float]]:
    """Return by how much each moved lever alone would move the chance."""
    base = chance_under(found, Levers())["chance"] or 0.0
    return [(name, (chance_under(found, levers.alone(name))["chance"] or 0.0) - base) for name in levers.moved]


def what_if_finding(found: Ground, levers: Levers, numbers: NumberFormat, names: Mapping[str, str]) -> str:
    """Say how the chance of the goal would move, and by what most."""
    now = chance_under(found, Levers())
    if now["chance"] is None:
        return f"What if cannot be reckoned: {now['reason']}"
    start = f"As it is, the goal is reached with a chance of {shown_chance(now['chance'], numbers)}"
    if not levers.moved:
        return f"{start}. Move a lever to see what would change that most."
    then = chance_under(found, levers)
    text = (
        f"{start}; if this came true, with {shown_chance(then['chance'], numbers)}, and the middle would be "
        f"{numbers.money(then['p50'])} instead of {numbers.money(now['p50'])}"
    )
    alone = sorted(effects(found, levers), key=lambda item: -abs(item[1]))
    if len(alone) > 1:
        listed = [f"{names[name].lower()} {_points(change, numbers)}" for name, change in alone]
        text += f". Alone: {', '.join(listed)} points of chance"
    return f"{text}."


def _points(change: float, numbers: NumberFormat) -> str:
    return f"{'−' if change < 0 else '+'}{numbers.number(abs(100 * change), 0)}"


@dataclass(frozen=True)
class Price:
    """What a miss is worth in won deals and in money, each with the ends of the rate's interval; money None if unknown."""

    deals: float
    deals_low: float
    deals_high: float
    money: float | None
    money_low: float | None
    money_high: float | None


def price_of(missed: float, rate: tuple[float, float, float], average: float | None) -> Price:
    """Return what so many missed leads (or whatever stage it is) are worth.

    Parameters
    ----------
    missed
        How many are missing.
    rate
        The share of them that is won, or the difference of two such shares, and the ends of its interval.
    average
        The average amount of a won deal; None where it is not known. The interval is that of the rate alone.
    """
    deals, low, high = (missed * part for part in rate)
    money = [None if average is None else part * average for part in (deals, low, high)]
    return Price(deals, low, high, *money)


def priced_misses(tree: pl.DataFrame, average: float | None, numbers: NumberFormat) -> Sequence[str]:
    """Return what a week like the last four misses of each stage, in the team's own unit and in money.

    Parameters
    ----------
    tree
        `goal_tree`.
    average
        The average amount of a won deal; None where it is not known.
    numbers
        How the company writes numbers.
    """
    lines = []
    stages = {"opportunity": "opportunities", "sql": "SQL", "sal": "SAL", "mql": "MQL", "lead": "leads"}
    for row in tree.filter(pl.col("branch") == "lead").iter_rows(named=True):
        if row["stage"] not in stages or row["per_week"] is None or row["recent_per_week"] is None:
            continue
        missed = row["per_week"] - row["recent_per_week"]
        if missed <= 0:
            continue
        short = f"{numbers.number(missed, 1)} {stages[row['stage']]} short"
        text = f"{row['side'].capitalize()}: a week like the last four is {short}"
        if row["share_won"] is not None:
            price = price_of(missed, (row["share_won"],) * 3, average)
            text += f" = {numbers.number(price.deals, 1)} won deals"
            if price.money is not None:
                text += f" = {numbers.money(price.money)} of the goal"
        lines.append(f"{text}.")
    return lines
