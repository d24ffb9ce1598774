"""What a huddle's numbers are of: the day, the time since the huddle before, the filters; and its KPIs as they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import polars as pl
from sqlalchemy import Engine

from charts.numbers import NumberFormat
from estimators import by_week, last_week_end
from queries import current_version, newest_date, run, version_mark
from queries.metrics import Metric
from reports.kpi_states import Calendar, KpiState, catalogue_with, is_own, kpi_states, own_days, shown_as
from store.huddles import HuddleState, huddle_before
from store.kpis import TEAMS, baselines, pick_goals, picks
from store.own_series import own_series

FILTERS = ("segment", "region", "team", "owner", "source", "product", "business_type", "custom")
_BLANK = "(blank)"
_FIRST_DAYS = 7
Mark = tuple[int, int, int]


@dataclass(frozen=True)
class HuddleScope:
    """The day as of which a huddle's numbers are, the day of those that it saw before, and the values of its filters.

    `is_first` says that no huddle was before, `is_stale` that the one before saw the same data: then `since` is a week
    earlier.
    """

    as_of: date
    since: date
    is_first: bool
    is_stale: bool = False
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def params(self) -> dict[str, Any]:
        """The day and the filters, as queries about deals take them."""
        return {"as_of": self.as_of, **{name: list(values) for name, values in self.filters}}

    @property
    def lead_params(self) -> dict[str, Any]:
        """The day and the filters, as queries about leads take them: a lead names no product and no type of business."""
        return {name: value for name, value in self.params.items() if name not in ("product", "business_type")}


@dataclass(frozen=True)
class HuddleNumbers:
    """How the KPIs stand for a huddle: each team's picks, and the last complete week of every metric asked for."""

    numbers: NumberFormat
    known: Mapping[str, Metric]
    states: Mapping[str, Sequence[KpiState]]
    week_end: date
    values: Mapping[str, float | None]

    def title(self, metric: str | None) -> str:
        """Return a metric's title; its name where it is not known any more."""
        return self.known[metric].title if metric and metric in self.known else metric or ""

    def shown(self, metric: str, value: float | None) -> str:
        """Return a value as people read it in the metric's unit."""
        return shown_as(self.known[metric].unit if metric in self.known else "number", self.numbers, value)

    def now(self, metric: str | None) -> str | None:
        """Return the metric's number as the store keeps it with a decision or action; None where it is not known."""
        value = self.values.get(metric or "")
        return None if value is None else f"{value:.10g}"

    def change(self, metric: str | None, then: str | None) -> str | None:
        """Say what became of a number since it was kept; None without a metric, or where it is not known then or now."""
        value = self.values.get(metric or "")
        if metric is None or metric not in self.known or then is None or value is None:
            return None
        before = float(then)
        text = f"{self.title(metric)}: {self.shown(metric, before)} then, {self.shown(metric, value)} now"
        better = self.known[metric].better
        if abs(value - before) <= 1e-9 * max(1.0, abs(before)):
            return f"{text}, unchanged"
        if better == "none":
            return text
        return f"{text}, {'better' if (value > before) == (better == 'higher') else 'worse'}"


def huddle_scope(engine: Engine, state: HuddleState) -> HuddleScope | None:
    """Return what a huddle's numbers are of; None where nothing was imported.

    Before it begins they are as of the newest day that the data knows.
    """
    as_of = state.as_of or newest_date(current_version())
    if as_of is None:
        return None
    before = huddle_before(engine, state)
    seen = before.as_of if before is not None else None
    is_stale = seen is not None and seen >= as_of
    return HuddleScope(
        as_of=as_of,
        since=seen if seen is not None and not is_stale else as_of - timedelta(days=_FIRST_DAYS),
        is_first=seen is None,
        is_stale=is_stale,
        filters=filters_of(state.query),
    )


def filters_of(query: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the filters that a link's query string names, each with its values; a blank one for records that name none."""
    asked = parse_qs(query, keep_blank_values=True)
    found = []
    for name in FILTERS:
        values = asked.get(name, [])
        if values:
            found.append((name, tuple("" if value == _BLANK else value for value in values)))
    custom = [
        f"{name.removeprefix('custom: ')}: {'' if value == _BLANK else value}"
        for name, values in asked.items()
        if name.startswith("custom: ")
        for value in values
    ]
    return (*found, ("custom", tuple(custom))) if custom else tuple(found)


def huddle_numbers(engine: Engine, scope: HuddleScope, further: Iterable[str | None] = ()) -> HuddleNumbers:
    """Return how every team's picks stand, and the last week of these further metrics.

    Raises
    ------
    QueryError, StoreError
        The data or the store cannot be read.
    """
    own = own_series(engine)
    known = catalogue_with(own)
    chosen = {team: picks(engine, team) for team in TEAMS}
    wanted = {pick.metric for team in chosen.values() for pick in team} | {name for name in further if name}
    wanted &= set(known)
    asked = tuple(sorted(name for name in wanted if not is_own(name)))
    version = current_version()
    fresh = run("freshness", version=version).row(0, named=True)
    calendar = Calendar(fresh["week_start"], fresh["fiscal_year_start_month"])
    days = pl.concat(
        [_days(version, version_mark(version), scope, asked), own_days(own).filter(pl.col("day") <= scope.as_of)]
    )
    ids = [pick.id for team in chosen.values() for pick in team if pick.id is not None]
    goals, locked = pick_goals(engine, ids), baselines(engine, ids)
    weeks = by_week(days, {name: known[name].over for name in wanted}, scope.as_of, calendar.week_start)
    end = last_week_end(scope.as_of, calendar.week_start)
    last = weeks.filter(pl.col("week") == end - timedelta(days=6))
    return HuddleNumbers(
        numbers=NumberFormat(fresh["currency"], fresh["number_format"]),
        known=known,
        states={
            team: kpi_states(days, known, chosen[team], scope.as_of, goals=goals, baselines=locked, calendar=calendar)
            for team in TEAMS
        },
        week_end=end,
        values=dict(last.select("metric", "value").rows()),
    )


@lru_cache(maxsize=16)
def _days(version: Path, _mark: Mark, scope: HuddleScope, metrics: tuple[str, ...]) -> pl.DataFrame:
    columns = ("metric", "day", "value", "weight")
    if not metrics:
        return own_days(())
    frame = run("metric_by_day", {**scope.params, "metrics": list(metrics)}, version=version).select(columns)
    return frame.cast({"value": pl.Float64, "weight": pl.Float64})
