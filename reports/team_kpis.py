"""A team's KPIs, wherever they are shown: picks from the store, days from the queries, states from both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Engine

from queries.metrics import Metric
from reports.kpi_states import DAYS_SCHEMA, Calendar, KpiState, catalogue_with, kpi_states, own_days
from store.kpis import Baseline, Pick, PickGoal, baselines, pick_goals, picks
from store.own_series import Series, own_series

Ask = Callable[..., pl.DataFrame]
Scope = Mapping[str, Any]


@dataclass(frozen=True)
class TeamKpis:
    """What a team watches: its picks with goals and baselines, how each stands, and what else could be picked."""

    team: str
    picks: Sequence[Pick]
    goals: Sequence[PickGoal]
    baselines: Sequence[Baseline]
    states: Sequence[KpiState]
    known: Mapping[str, Metric]
    own: Sequence[Series]
    calendar: Calendar

    @property
    def seen(self) -> dict[str, int]:
        """The version of each pick, as it was read: what `set_picks` compares with."""
        return {pick.id: pick.version for pick in self.picks if pick.id is not None and pick.version is not None}


def calendar(ask: Ask) -> Calendar:
    """Return when the company's weeks and fiscal years begin."""
    found = ask("freshness")
    return Calendar(found["week_start"][0], found["fiscal_year_start_month"][0]) if found.height else Calendar()


def metric_days(ask: Ask, scope: Scope, metrics: Sequence[str], own: Sequence[Series]) -> pl.DataFrame:
    """Return metrics by day as of a day and under filters; own series are the same under any filter.

    Parameters
    ----------
    ask
        Asks a query (`ui.ask.ask`, or `queries.run` with parameters by name).
    scope
        The as-of day and the filters, as `metric_by_day` takes them.
    metrics
        Their names, those of own series among them.
    own
        The teams' own series.
    """
    names = {series.metric for series in own}
    asked = sorted(set(metrics) - names)
    found = ask("metric_by_day", **scope, metrics=asked) if asked else pl.DataFrame(schema=DAYS_SCHEMA)
    typed = own_days([series for series in own if series.metric in metrics])
    return pl.concat([found.select(*DAYS_SCHEMA).cast(DAYS_SCHEMA), typed]).filter(pl.col("day") <= scope["as_of"])


def team_kpis(ask: Ask, engine: Engine, scope: Scope, team: str) -> TeamKpis:
    """Return what a team watches and how it stands.

    Raises
    ------
    StoreError
        The store cannot be read.
    """
    own = own_series(engine)
    known = catalogue_with(own)
    chosen = picks(engine, team)
    ids = [pick.id for pick in chosen if pick.id is not None]
    goals, locked = pick_goals(engine, ids), baselines(engine, ids)
    days = metric_days(ask, scope, [pick.metric for pick in chosen], own)
    when = calendar(ask)
    as_of: date = scope["as_of"]
    states = kpi_states(days, known, chosen, as_of, goals=goals, baselines=locked, calendar=when)
    return TeamKpis(team, chosen, goals, locked, states, known, own, when)


def values_of_metrics(ask: Ask, engine: Engine, scope: Scope, metrics: Sequence[str]) -> dict[str, KpiState]:
    """Return how metrics stand that nobody need have picked: those that actions and decisions are about."""
    own = own_series(engine)
    known = catalogue_with(own)
    wanted = [name for name in dict.fromkeys(metrics) if name in known]
    if not wanted:
        return {}
    days = metric_days(ask, scope, wanted, own)
    plain = [Pick(name, "", "") for name in wanted]
    return {
        state.metric.name: state for state in kpi_states(days, known, plain, scope["as_of"], calendar=calendar(ask))
    }
