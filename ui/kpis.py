"""A team's KPIs under a page's filters, with what is asked kept for the next run."""

from collections.abc import Sequence

import polars as pl

from reports import kpi_numbers as kpis
from reports.alerts import note_alerts
from reports.kpi_numbers import TeamKpis
from store import newest_change, open_store
from store.own_series import Series
from ui.ask import ask, computed
from ui.page import Page


def metric_days(page: Page, metrics: Sequence[str], own: Sequence[Series]) -> pl.DataFrame:
    """Return metrics by day under the page's filters (`reports.kpi_numbers.metric_days`)."""
    return kpis.metric_days(ask, page.filters.scope, metrics, own)


def team_kpis(page: Page, team: str) -> TeamKpis:
    """Return what a team watches and how it stands as of the page's day, under its filters."""
    return kpis.kpi_numbers(ask, open_store(), page.filters.scope, teams=(team,)).teams[team]


def note_alerts_of(page: Page) -> None:
    """Keep in the history what fires on the newest day: asked once for each import and each change that people make."""
    computed(note_alerts, as_of=page.about.newest_date, seen=newest_change(open_store()))
