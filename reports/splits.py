"""What leads or selling is reckoned from: two periods at equal maturity, a unit against the rest, what is still to come."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from estimators import (
    against_the_rest,
    cumulative_incidence,
    cure_fraction,
    leads_or_selling,
    leads_or_selling_by_source,
    response_association,
    wins_to_come,
)
from reports.asking import Ask, Scope

HORIZONS = (90, 120, 180)
LATELY, BEFORE = 182, 365  # days of creation on each side
# Where a CRM hands a lead to another owner once it is qualified, owners differ before that by what they are for.
SINCE_BY_DIMENSION = {"owner": "sql", "team": "sql"}
_UNIT_DRAWS = 400
_MONTH = 30.4375


@dataclass(frozen=True)
class Sides:
    """Two spans of creation days [start, end), the later one ending where leads have just had the horizon."""

    before: tuple[date, date]
    after: tuple[date, date]
    days: int


@dataclass(frozen=True)
class Split:
    """A change of the won rate in its parts, and each source's share of them."""

    sides: Sides
    parts: pl.DataFrame
    by_source: pl.DataFrame


def sides_of(as_of: date, days: int) -> Sides:
    """Return the leads of half a year that have just had the horizon, and those of the year before them."""
    end = as_of - timedelta(days=days - 1)
    middle = end - timedelta(days=LATELY)
    return Sides((middle - timedelta(days=BEFORE), middle), (middle, end), days)


def two_periods(ask: Ask, *, scope: Scope, days: int) -> Split:
    """Return how the won rate changed between two periods at equal maturity."""
    sides = sides_of(scope["as_of"], days)
    first_win = _first_win(ask, scope)
    if first_win is not None and first_win > sides.before[0]:
        # Of leads that came before wins were recorded, nobody knows which were won.
        sides = replace(sides, before=(min(first_win, sides.before[1]), sides.before[1]))
    cells = pl.concat(
        [
            ask("leads_or_selling_cells", **scope, period_start=start, period_end=end, days=days)
            .drop("unit")
            .with_columns(side=pl.lit(name))
            for name, (start, end) in (("before", sides.before), ("after", sides.after))
        ]
    )
    return Split(sides, leads_or_selling(cells), leads_or_selling_by_source(cells))


def _first_win(ask: Ask, scope: Scope) -> date | None:
    """Return the day of the first win on record; None without any."""
    won = ask("metric_by_day", **scope, metrics=["won_count"]).filter(pl.col("value") > 0)
    first: date | None = won["day"].min() if won.height else None  # type: ignore[assignment]
    return first


def against_others(ask: Ask, *, scope: Scope, days: int, dimension: str) -> pl.DataFrame:
    """Return each unit's difference to all others at matched mix, of the leads of eighteen months."""
    sides = sides_of(scope["as_of"], days)
    cells = ask(
        "leads_or_selling_cells",
        **scope,
        period_start=sides.before[0],
        period_end=sides.after[1],
        days=days,
        dimension=dimension,
    )
    if cells.is_empty():
        return leads_or_selling(cells.with_columns(side=pl.lit("after"))).clear()
    since = SINCE_BY_DIMENSION.get(dimension, "leads")
    if cells[since].null_count() == cells.height:
        since = "leads"
    return leads_or_selling(against_the_rest(cells, since=since), draws=_UNIT_DRAWS)


def response(ask: Ask, *, scope: Scope, days: int) -> pl.DataFrame:
    """Return how the won rate goes with response time among leads of the same kind."""
    sides = sides_of(scope["as_of"], days)
    cells = ask("lead_response_cells", **scope, period_start=sides.before[0], period_end=sides.after[1], days=days)
    return response_association(cells)


@dataclass(frozen=True)
class Coming:
    """What share of leads will ever be won, what the open ones will still bring by month, and how leads end."""

    cured: pl.DataFrame
    coming: pl.DataFrame
    ends: pl.DataFrame


def spans(as_of: date, months: int = 12) -> pl.DataFrame:
    """Return the calendar months from the as-of day on, as days from it, and all of them together."""
    rows = []
    first = as_of
    for _ in range(months):
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = following - timedelta(days=1)
        if last > as_of:
            rows.append((f"{last:%b %Y}", (max(first, as_of + timedelta(days=1)) - as_of).days, (last - as_of).days))
        first = following
    rows.append(("in all", 1, max((row[2] for row in rows), default=1)))
    return pl.DataFrame(rows, schema={"span": pl.String, "first_day": pl.Int64, "last_day": pl.Int64}, orient="row")


def still_to_come(ask: Ask, *, params: dict[str, Any]) -> Coming:
    """Return what the leads of the page's period will still bring."""
    survival = ask("lead_survival", **params)
    ends = ask("lead_ends", **params)
    one = pl.lit(None, dtype=pl.String)
    alone = survival.with_columns(dimension_value=one)
    has_ends = ends.height > 0 and ends["lost"].null_count() < ends.height
    return Coming(
        cure_fraction(alone),
        wins_to_come(alone, spans(params["as_of"])),
        cumulative_incidence(ends.with_columns(dimension_value=one))
        if has_ends
        else cumulative_incidence(ends.clear()),
    )
