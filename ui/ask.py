"""Asking queries from pages: cached by warehouse version and parameters, goals handed over. The only caching."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from estimators import kaplan_meier
from queries import current_version, find, run, version_mark
from reports.inputs import goal_frame
from store import Goal, current_goals, open_store
from ui.moment import at_this_moment

Params = Mapping[str, Any]
Mark = tuple[int, int, int]
Asked = tuple[tuple[str, Any], ...]


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
    goals = at_this_moment(_goals) if "goals" in find(name).header.inputs else None
    asked, version = _frozen(params), current_mark()
    return _ask(key=_key(version, name, asked, goals), _version=version[0], _question=(name, asked, goals))


def ask_row(name: str, **params: Any) -> dict[str, Any] | None:
    """Return a query's first row, or None where there is none."""
    frame = ask(name, **params)
    return frame.row(0, named=True) if frame.height else None


def curve(**params: Any) -> pl.DataFrame:
    """Return the Kaplan-Meier curves of `lead_survival` with these parameters."""
    asked, version = _frozen(params), current_mark()
    return _curve(key=_key(version, "lead_survival", asked), _version=version[0], _asked=asked)


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
    return _computed(key=_key_of(function, params, at_this_moment(_goals)), _function=function, _params=params)


def computed_without_goals(function: Callable[..., Any], **params: Any) -> Any:
    """Return what a function makes of questions of which none is about goals, as `computed`; the store is not read."""
    return _computed(key=_key_of(function, params, None), _function=function, _params=params)


def filter_choices() -> dict[str, list[str | None]]:
    """Return the values of each filter, in order, blank last. Shared between sessions: never change it in place."""
    version = current_mark()
    return _filter_choices(key=_key(version, "filter_values"), _version=version[0])


def current_mark() -> tuple[str, Mark]:
    """Return what tells the current warehouse from any other: a key for what is kept of it."""
    return at_this_moment(_mark)


# What is kept is found by one text, `key`: putting it together takes a tenth of what Streamlit needs to hash its parts.


@st.cache_resource(max_entries=4, show_spinner=False)
def _filter_choices(*, key: str, _version: str) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for name, value in run("filter_values", version=Path(_version)).select("filter", "value").iter_rows():
        found.setdefault(name, []).append(value)
    return found


@st.cache_resource(max_entries=1000, show_spinner=False)
def _ask(*, key: str, _version: str, _question: tuple[str, Asked, "_Goals | None"]) -> pl.DataFrame:
    name, asked, goals = _question
    inputs = None if goals is None else {"goals": goal_frame(goals.rows)}
    return run(name, dict(asked), inputs=inputs, version=Path(_version))


@st.cache_resource(max_entries=200, show_spinner=False)
def _computed(*, key: str, _function: Callable[..., Any], _params: Mapping[str, Any]) -> Any:
    return _function(ask, **_params)


@st.cache_resource(max_entries=200, show_spinner=False)
def _curve(*, key: str, _version: str, _asked: Asked) -> pl.DataFrame:
    return kaplan_meier(run("lead_survival", dict(_asked), version=Path(_version)))


@dataclass(frozen=True)
class _Goals:
    """The goals that people typed in, and what tells them from any others."""

    rows: tuple[Goal, ...]
    mark: str


def _goals() -> _Goals:
    rows = tuple(current_goals(open_store()))
    return _Goals(rows, sha256(repr(rows).encode()).hexdigest())


def _mark() -> tuple[str, Mark]:
    path = current_version()
    return str(path), version_mark(path)


def _frozen(params: Params) -> Asked:
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in sorted(params.items())
        if value is not None
    )


def _key(version: tuple[str, Mark], name: str, asked: Asked = (), goals: _Goals | None = None) -> str:
    """Return what tells an answer from any other: another file under the same name gives another answer, too.

    The version is that which is asked: the pointer may move between two looks at it.
    """
    return f"{version} {name} {asked!r} {goals.mark if goals else ''}"


def _key_of(function: Callable[..., Any], params: Params, goals: _Goals | None) -> str:
    return _key(current_mark(), f"{function.__module__}.{function.__qualname__}", _frozen(params), goals)
