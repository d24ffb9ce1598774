"""A team's KPIs for the pages that show them: picks from the store, days from the queries, states from both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from queries.metrics import Metric
from reports.kpi_states import DAYS_SCHEMA, Calendar, KpiState, catalogue_with, kpi_states, own_days
from store import open_store
from store.kpis import Baseline, Pick, PickGoal, baselines, pick_goals, picks
from store.own_series import Series, own_series
from ui.ask import ask, ask_row
from ui.page import Page


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


def calendar() -> Calendar:
    """Return when the company's weeks and fiscal years begin."""
    row = ask_row("freshness")
    return Calendar() if row is None else Calendar(row["week_start"], row["fiscal_year_start_month"])


def metric_days(page: Page, metrics: Sequence[str], own: Sequence[Series]) -> pl.DataFrame:
    """Return metrics by day under the page's filters; own series are the same under any filter."""
    asked = sorted(name for name in metrics if not any(series.metric == name for series in own))
    found = ask("metric_by_day", **page.filters.scope, metrics=asked) if asked else pl.DataFrame(schema=DAYS_SCHEMA)
    return pl.concat(
        [
            found.select(*DAYS_SCHEMA).cast(DAYS_SCHEMA),
            own_days([series for series in own if series.metric in metrics]),
        ]
    ).filter(pl.col("day") <= page.filters.as_of)


def team_kpis(page: Page, team: str) -> TeamKpis:
    """Return what a team watches and how it stands as of the page's day, under its filters.

    Raises
    ------
    StoreError
        The store cannot be read.
    """
    engine = open_store()
    own = own_series(engine)
    known = catalogue_with(own)
    chosen = picks(engine, team)
    ids = [pick.id for pick in chosen if pick.id is not None]
    goals, locked = pick_goals(engine, ids), baselines(engine, ids)
    days = metric_days(page, [pick.metric for pick in chosen], own)
    when = calendar()
    states = kpi_states(days, known, chosen, page.filters.as_of, goals=goals, baselines=locked, calendar=when)
    return TeamKpis(team, chosen, goals, locked, states, known, own, when)
