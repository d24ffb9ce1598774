"""Everything that a huddle's screens need of the data, as JSON carries it; and the number of a KPI as it stands."""

from dataclasses import asdict
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Engine

from base.errors import SamePageError
from charts.numbers import day
from queries import NoDataError, current_version, newest_date, run, version_mark
from reports.huddle_data import HuddleScope, Mark, huddle_agreement, huddle_numbers, huddle_scope
from reports.huddle_room import effects, watched
from reports.huddle_screens import Sheet, Thing, data_sheets, since_words
from reports.narrative import PARTS, CurrentNarrative, current_narratives, metrics_of
from store.feedback import feedback
from store.huddles import HuddleState
from store.narratives import narratives

_MOST_ACCOUNTS = 300


def screen_data(engine: Engine, state: HuddleState) -> dict[str, Any]:
    """Return the sheets of each item, what became of earlier numbers, and what the forms offer.

    Where nothing was imported, the sheets say so, and the huddle works without them.

    Raises
    ------
    QueryError, StoreError
        The data or the store cannot be read.
    """
    scope = huddle_scope(engine, state) if _has_data() else None
    cards = narratives(engine)
    said = feedback(engine)
    if scope is None:
        nothing = {"finding": "Nothing was imported yet, so there are no numbers to show.", "things": []}
        sheets: dict[str, Any] = {kind: [nothing] for kind in ("wins", "kpis", "changes", "bottlenecks")}
        told = current_narratives(cards, said, None)
        sheets["feedback"] = [asdict(_narrative(item)) for item in told]
        return {"sheets": sheets, "effects": {}, "offers": _offers(None, state, {}), "about": nothing["finding"]}
    kpis = huddle_numbers(engine, scope, [*watched(engine), *metrics_of(cards)])
    sheets = {
        kind: [asdict(sheet) for sheet in found]
        for kind, found in data_sheets(scope, kpis, huddle_agreement(engine, scope)).items()
    }
    sheets["feedback"] = [asdict(_narrative(item)) for item in current_narratives(cards, said, kpis)]
    picked = {state.metric.name: state.metric.title for states in kpis.states.values() for state in states}
    chosen = [f"{name} {' or '.join(value or 'none' for value in values)}" for name, values in scope.filters]
    of = ", ".join([day(scope.as_of), *chosen])
    return {
        "sheets": sheets,
        "effects": effects(engine, state, kpis),
        "offers": {
            **_offers(scope, state, picked),
            "themes": sorted({item.theme for item in said if item.theme}, key=str.casefold),
        },
        "about": f"The data is as of {of}; what is new is so {since_words(scope)}.",
    }


def begin_day() -> date | None:
    """Return the day as of which a huddle that begins now has its numbers; None where nothing was imported."""
    return newest_date(current_version()) if _has_data() else None


def number_now(engine: Engine, state: HuddleState, metric: str | None) -> str | None:
    """Return a KPI's number as it stands in a huddle, as the store keeps it; None where it is not known or not asked for.

    What is decided must be kept even where the data cannot be read: then there is no number.
    """
    if metric is None:
        return None
    try:
        scope = huddle_scope(engine, state) if _has_data() else None
        return None if scope is None else huddle_numbers(engine, scope, (metric,)).now(metric)
    except SamePageError:
        return None


def _has_data() -> bool:
    try:
        current_version()
    except NoDataError:
        return False
    return True


def _narrative(item: CurrentNarrative) -> Sheet:
    """Return a narrative as a sheet of its five parts."""
    words = item.told.wording
    return Sheet(
        " ".join(["What we tell clients.", item.standing, *item.changes]),
        tuple(Thing(title, "", (getattr(words, name),)) for name, title in PARTS),
    )


def _offers(scope: HuddleScope | None, state: HuddleState, picked: dict[str, str]) -> dict[str, Any]:
    people = list(dict.fromkeys([state.leader, *state.attendees]))
    offers: dict[str, Any] = {
        "people": people,
        "metrics": [{"name": name, "title": title} for name, title in picked.items()],
        "themes": [],
        "accounts": [],
        "products": [],
        "stages": [],
    }
    if scope is None:
        return offers
    version = current_version()
    accounts, stages, products = _names(version, version_mark(version), scope)
    return {**offers, "accounts": accounts, "stages": stages, "products": products}


@lru_cache(maxsize=8)
def _names(version: Path, _mark: Mark, scope: HuddleScope) -> tuple[list[str], list[str], list[str]]:
    """Return the accounts of open deals (the largest first), their stages, and the products of deals."""
    deals = run("open_deals", scope.params, version=version)
    accounts = deals.drop_nulls("account")["account"].unique(maintain_order=True).head(_MOST_ACCOUNTS).to_list()
    stages = deals.drop_nulls("stage")["stage"].unique().sort().to_list()
    values = run("filter_values", version=version).filter(
        (pl.col("filter") == "product") & pl.col("value").is_not_null()
    )
    return accounts, stages, values["value"].to_list()
