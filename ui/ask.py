"""Asking queries from pages: cached by warehouse version and parameters, goals handed over. The only caching."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from estimators import kaplan_meier
from queries import INPUT_SCHEMAS, current_version, find, run
from store import Goal, current_goals, open_store

Params = Mapping[str, Any]


def ask(name: str, **params: Any) -> pl.DataFrame:
    """Return a query's result. Shared between sessions: never change it in place.

    Parameters
    ----------
    name
        The query.
    **params
        Its parameters; lists may be given as lists.

    Raises
    ------
    QueryError
        As `queries.run`.
    """
    goals = _goal_rows() if "goals" in find(name).header.inputs else None
    return _ask(str(current_version()), name, _frozen(params), goals)


def ask_row(name: str, **params: Any) -> dict[str, Any] | None:
    """Return a query's first row, or None where there is none."""
    frame = ask(name, **params)
    return frame.row(0, named=True) if frame.height else None


def curve(**params: Any) -> pl.DataFrame:
    """Return the Kaplan-Meier curves of `lead_survival` with these parameters."""
    return _curve(str(current_version()), _frozen(params))


@st.cache_resource(max_entries=1000, show_spinner=False)
def _ask(version: str, name: str, params: tuple[tuple[str, Any], ...], goals: tuple[Goal, ...] | None) -> pl.DataFrame:
    inputs = None if goals is None else {"goals": _goal_frame(goals)}
    return run(name, dict(params), inputs=inputs, version=Path(version))


@st.cache_resource(max_entries=200, show_spinner=False)
def _curve(version: str, params: tuple[tuple[str, Any], ...]) -> pl.DataFrame:
    return kaplan_meier(run("lead_survival", dict(params), version=Path(version)))


def _frozen(params: Params) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in sorted(params.items())
        if value is not None
    )


def _goal_rows() -> tuple[Goal, ...]:
    return tuple(current_goals(open_store()))


def _goal_frame(goals: tuple[Goal, ...]) -> pl.DataFrame:
    schema = INPUT_SCHEMAS["goals"]
    rows = [{name: getattr(goal, name) for name in schema} for goal in goals]
    for row in rows:
        at = row["set_at"]
        row["set_at"] = at if isinstance(at, datetime) else None
    return pl.DataFrame(rows, schema=schema)
