"""The weekly review from the command line: written as a file, or sent to those whom the settings name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import polars as pl

from base.mail import FILTERS, Recipient
from charts.numbers import day
from queries import QueryError, newest_date, run
from queries.warehouse import current_version
from reports.asking import goal_scope, plain_ask
from reports.diagnosis import diagnose
from reports.document import Document
from reports.review import Asked
from reports.review_document import review_document
from reports.review_gather import gather
from store import open_store


def asked_for(as_of: date | None, period: str | None, filters: Mapping[str, tuple[str, ...]]) -> Asked:
    """Return what a review is asked of: the newest day and its quarter unless said.

    Raises
    ------
    QueryError
        A filter is none, it has no such value in the data, or there is no such period.
    NoDataError
        Nothing was imported yet.
    """
    at = as_of or newest_date(current_version())
    if at is None:
        raise QueryError("There is nothing to review", "Nothing was imported yet.")
    known: dict[str, set[str]] = {}
    for name, value in run("filter_values").select("filter", "value").iter_rows():
        known.setdefault(name, set()).add(value or "")
    for name, values in filters.items():
        if name not in FILTERS:
            raise QueryError("That filter is not known", f"'{name}' should be one of {', '.join(FILTERS)}.")
        for value in values:
            if value not in known.get(name, set()):
                raise QueryError("That filter has no such value", f"No record has the {name} '{value}'.")
    start, end, name = _period(at, period)
    shown = ", ".join(f"{name.replace('_', ' ')} {' or '.join(values)}" for name, values in filters.items())
    words = f"Showing {name} ({day(start)} to {day(end - timedelta(days=1))}), as of the end of {day(at)}"
    scope: dict[str, Any] = {"as_of": at, **{dimension: filters.get(dimension) for dimension in FILTERS}}
    goal = goal_scope({dimension: filters.get(dimension) for dimension in FILTERS})
    return Asked(at, name, start, end, scope, f"{words}{f', {shown}' if shown else ''}.", goal)


def _period(at: date, period: str | None) -> tuple[date, date, str]:
    periods = run("fiscal_periods")
    found = (
        periods.filter(pl.col("period") == period)
        if period is not None
        else periods.filter(
            (pl.col("kind") == "quarter") & (pl.col("period_start") <= at) & (pl.col("period_end") > at)
        )
    )
    if found.is_empty():
        raise QueryError("There is no such period", f"'{period or at}' should look like 2026, 2026-Q4 or 2026-11.")
    row = found.row(0, named=True)
    return row["period_start"], row["period_end"], row["period"]


def weekly_document(asked: Asked, base_address: str | None = None) -> Document:
    """Return the review as a document, with a link back to the page where its address is known."""
    ask = plain_ask()
    document = review_document(gather(ask, open_store(), asked, diagnose(ask, as_of=asked.as_of)))
    if base_address is None:
        return document
    parts = [("as_of", asked.as_of.isoformat()), ("period", asked.period)]
    parts += [(name, value) for name in FILTERS for value in asked.scope.get(name) or ()]
    return replace(document, link=f"{base_address}/weekly_review?{urlencode(parts)}")


def document_for(recipient: Recipient, as_of: date | None, period: str | None, base_address: str | None) -> Document:
    """Return the review as a recipient is to see it: under that person's filters and no others."""
    return weekly_document(asked_for(as_of, period, dict(recipient.filters)), base_address)
