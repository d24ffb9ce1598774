"""What a huddle's numbers are of: the day, the time since the huddle before, the filters; and its KPIs as they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import polars as pl
from sqlalchemy import Engine

from queries import current_version, newest_date, run, version_mark
from reports.agreement import agreement_in_force
from reports.asking import Ask
from reports.kpi_numbers import KpiNumbers, kpi_numbers
from store.huddles import HuddleState, huddle_before

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


def huddle_numbers(engine: Engine, scope: HuddleScope, further: Iterable[str | None] = ()) -> KpiNumbers:
    """Return how every team's picks stand for a huddle, and the last week of these further metrics.

    Raises
    ------
    QueryError, StoreError
        The data or the store cannot be read.
    """
    return kpi_numbers(_asker(), engine, scope.params, further=further)


def huddle_agreement(engine: Engine, scope: HuddleScope) -> pl.DataFrame:
    """Return how the agreement was kept, as `agreement_in_force`: it is the whole company's, whatever the huddle's filters.

    Raises
    ------
    QueryError, StoreError
        The data or the store cannot be read.
    """
    return agreement_in_force(_asker(), engine, scope.as_of)


def _asker() -> Ask:
    version = current_version()
    mark = version_mark(version)

    def ask(name: str, **params: Any) -> pl.DataFrame:
        asked = tuple(
            (key, tuple(value) if isinstance(value, list) else value) for key, value in sorted(params.items())
        )
        return _answer(version, mark, name, asked)

    return ask


@lru_cache(maxsize=32)
def _answer(version: Path, _mark: Mark, name: str, asked: tuple[tuple[str, Any], ...]) -> pl.DataFrame:
    """Return a query's answer, kept: a room asks for the same numbers again and again."""
    return run(name, dict(asked), version=version)
