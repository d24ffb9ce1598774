"""A team's KPIs under a page's filters, with what is asked kept for the next run."""

from collections.abc import Sequence

import polars as pl

from reports import team_kpis as kpis
from reports.team_kpis import TeamKpis
from store import open_store
from store.own_series import Series
from ui.ask import ask
from ui.page import Page


def metric_days(page: Page, metrics: Sequence[str], own: Sequence[Series]) -> pl.DataFrame:
    """Return metrics by day under the page's filters (`reports.team_kpis.metric_days`)."""
    return kpis.metric_days(ask, page.filters.scope, metrics, own)


def team_kpis(page: Page, team: str) -> TeamKpis:
    """Return what a team watches and how it stands as of the page's day, under its filters."""
    return kpis.team_kpis(ask, open_store(), page.filters.scope, team)
