"""How reports ask the warehouse: a function that takes a query's name and its parameters, goals handed over."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from queries import find, run
from reports.inputs import typed_goals

_GOAL_SCOPES = ("segment", "region", "team", "owner")

# `ui.ask.ask` is one, which keeps what it was answered; `plain_ask` makes another, for the command line and the room.
Ask = Callable[..., pl.DataFrame]
# The as-of day and the filters, as queries take them.
Scope = Mapping[str, Any]


def plain_ask(version: Path | None = None) -> Ask:
    """Return a function that asks one version of the warehouse (the current one when None), with the goals as they are now."""
    goals: list[pl.DataFrame] = []

    def ask(name: str, **params: Any) -> pl.DataFrame:
        if "goals" in find(name).header.inputs and not goals:
            goals.append(typed_goals())
        return run(name, params, inputs={"goals": goals[0]} if goals else None, version=version)

    return ask


def goal_scope(chosen: Mapping[str, Sequence[str] | None]) -> tuple[str | None, str | None]:
    """Return the scope whose goal filters ask for, and its value; (None, None) where no goal can have it.

    Parameters
    ----------
    chosen
        The values of each filter; None for all.
    """
    narrowed = [(name, values) for name, values in chosen.items() if values is not None]
    if not narrowed:
        return "company", None
    name, values = narrowed[0]
    if len(narrowed) > 1 or len(values) > 1 or name not in _GOAL_SCOPES or not values[0]:
        return None, None
    return name, values[0]
