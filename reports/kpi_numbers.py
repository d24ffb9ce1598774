"""The teams' KPIs as they stand, wherever they are shown: picks from the store, days from the queries, states from both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl
from sqlalchemy import Engine

from charts.numbers import NumberFormat
from estimators import by_week, last_week_end
from queries.metrics import Metric
from reports.asking import Ask, Scope
from reports.kpi_states import DAYS_SCHEMA, Calendar, KpiState, catalogue_with, kpi_states, own_days, shown_as
from store.kpis import TEAMS, Baseline, Pick, PickGoal, baselines, pick_goals, picks
from store.own_series import Series, own_series


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


@dataclass(frozen=True)
class KpiNumbers:
    """How KPIs stand: each team's picks, and the last complete week (to `week_end`) of every metric that was asked for."""

    numbers: NumberFormat
    known: Mapping[str, Metric]
    states: Mapping[str, Sequence[KpiState]]
    week_end: date
    values: Mapping[str, float | None]
    teams: Mapping[str, TeamKpis] = field(default_factory=dict)

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


def metric_days(ask: Ask, scope: Scope, metrics: Iterable[str], own: Sequence[Series]) -> pl.DataFrame:
    """Return metrics by day as of a day and under filters; own series are the same under any filter.

    Parameters
    ----------
    ask
        Asks a query.
    scope
        The as-of day and the filters, as `metric_by_day` takes them.
    metrics
        Their names, those of own series among them.
    own
        The teams' own series.
    """
    wanted = set(metrics)
    asked = sorted(wanted - {series.metric for series in own})
    found = ask("metric_by_day", **scope, metrics=asked) if asked else pl.DataFrame(schema=DAYS_SCHEMA)
    typed = own_days([series for series in own if series.metric in wanted])
    return pl.concat([found.select(*DAYS_SCHEMA).cast(DAYS_SCHEMA), typed]).filter(pl.col("day") <= scope["as_of"])


def kpi_numbers(
    ask: Ask, engine: Engine, scope: Scope, *, teams: Sequence[str] = TEAMS, further: Iterable[str | None] = ()
) -> KpiNumbers:
    """Return how teams' picks stand, and the last week of further metrics: all of it from one question.

    Parameters
    ----------
    ask
        Asks a query.
    engine
        The store.
    scope
        The as-of day and the filters.
    teams
        Whose picks.
    further
        Metrics that nobody need have picked: those that actions and decisions are about.

    Raises
    ------
    QueryError, StoreError
        The data or the store cannot be read.
    """
    fresh = ask("freshness").row(0, named=True)
    calendar = Calendar(fresh["week_start"], fresh["fiscal_year_start_month"])
    as_of: date = scope["as_of"]
    own = own_series(engine)
    known = catalogue_with(own)
    chosen = {team: picks(engine, team) for team in teams}
    picked = [pick for team in chosen.values() for pick in team]
    wanted = ({pick.metric for pick in picked} | {name for name in further if name}) & set(known)
    days = metric_days(ask, scope, wanted, own)
    ids = [pick.id for pick in picked if pick.id is not None]
    goals, locked = pick_goals(engine, ids), baselines(engine, ids)
    weeks = by_week(days, {name: known[name].over for name in wanted}, as_of, calendar.week_start)
    end = last_week_end(as_of, calendar.week_start)
    last = weeks.filter(pl.col("week") == end - timedelta(days=6))
    found = {
        team: TeamKpis(
            team,
            mine,
            goals,
            locked,
            kpi_states(days, known, mine, as_of, goals=goals, baselines=locked, calendar=calendar),
            known,
            own,
            calendar,
        )
        for team, mine in chosen.items()
    }
    return KpiNumbers(
        numbers=NumberFormat(fresh["currency"], fresh["number_format"]),
        known=known,
        states={team: kpis.states for team, kpis in found.items()},
        week_end=end,
        values=dict(last.select("metric", "value").rows()),
        teams=found,
    )
