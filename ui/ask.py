"""Asking queries from pages: cached by warehouse version and parameters, goals handed over. The only caching."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from estimators import kaplan_meier
from queries import current_version, find, run, version_mark
from reports.inputs import goal_frame
from store import Goal, current_goals, open_store

Params = Mapping[str, Any]
Mark = tuple[int, int, int]


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
    return _ask(*current_mark(), name, _frozen(params), goals)


def ask_row(name: str, **params: Any) -> dict[str, Any] | None:
    """Return a query's first row, or None where there is none."""
    frame = ask(name, **params)
    return frame.row(0, named=True) if frame.height else None


def curve(**params: Any) -> pl.DataFrame:
    """Return the Kaplan-Meier curves of `lead_survival` with these parameters."""
    return _curve(*current_mark(), _frozen(params))


def computed(function: Callable[..., Any], **params: Any) -> Any:
    """Return what a function of a report makes of questions, kept like their answers.

    Parameters
    ----------
    function
        A function of a module, which takes the asker first: `function(ask, **params)`. What it returns is shared between
        sessions: never change it in place.
    **params
        What it is asked; days, texts, numbers, and lists, tuples or mappings of them.
    """
    name = f"{function.__module__}.{function.__qualname__}"
    return _computed(*current_mark(), name, function, repr(sorted(params.items())), params)


def filter_choices() -> dict[str, list[str | None]]:
    """Return the values of each filter, in order, blank last. Shared between sessions: never change it in place."""
    return _filter_choices(*current_mark())


@st.cache_resource(max_entries=4, show_spinner=False)
def _filter_choices(version: str, mark: Mark) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for name, value in run("filter_values", version=Path(version)).select("filter", "value").iter_rows():
        found.setdefault(name, []).append(value)
    return found


@st.cache_resource(max_entries=1000, show_spinner=False)
def _ask(
    version: str, mark: Mark, name: str, params: tuple[tuple[str, Any], ...], goals: tuple[Goal, ...] | None
) -> pl.DataFrame:
    # The mark is asked for as a key alone: another file under the same name is another answer.
    inputs = None if goals is None else {"goals": goal_frame(goals)}
    return run(name, dict(params), inputs=inputs, version=Path(version))


@st.cache_resource(max_entries=200, show_spinner=False)
def _computed(
    version: str, mark: Mark, name: str, _function: Callable[..., Any], asked: str, _params: Mapping[str, Any]
) -> Any:
    return _function(ask, **_params)


@st.cache_resource(max_entries=200, show_spinner=False)
def _curve(version: str, mark: Mark, params: tuple[tuple[str, Any], ...]) -> pl.DataFrame:
    return kaplan_meier(run("lead_survival", dict(params), version=Path(version)))


def current_mark() -> tuple[str, Mark]:
    """Return what tells the current warehouse from any other: a key for what is kept of it."""
    path = current_version()
    return str(path), version_mark(path)


def _frozen(params: Params) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in sorted(params.items())
        if value is not None
    )


def _goal_rows() -> tuple[Goal, ...]:
    return tuple(current_goals(open_store()))
