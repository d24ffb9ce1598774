"""What a number means and how it is computed, one click away from it."""

from functools import cache

import streamlit as st

from estimators import HEADERS
from queries import find
from ui.messages import plain

_SHOWN = "_definitions_shown"


def begin_definitions() -> None:
    """Forget which definitions a page has offered: called when a page begins."""
    st.session_state[_SHOWN] = {}


def define(*names: str) -> None:
    """Show a button that opens the definitions, columns and SQL of the queries (or estimators) behind a figure.

    What it opens is sent when it is opened: a page has many such buttons, and texts that few read.
    """
    shown: dict[tuple[str, ...], int] = st.session_state.setdefault(_SHOWN, {})
    shown[names] = shown.get(names, 0) + 1
    _definitions(names, f"define_{'_'.join(names)}_{shown[names]}")


@st.fragment
def _definitions(names: tuple[str, ...], key: str) -> None:
    popover = st.popover("Definition & SQL", icon=":material/function:", width="content", key=key, on_change="rerun")
    if not popover.open:
        return
    with popover:
        for name in names:
            if name in HEADERS:
                _estimator(name)
            else:
                _query(name)


def _query(name: str) -> None:
    title, columns, source = _words(name)
    st.markdown(title)
    st.markdown(columns)
    st.caption(source)
    st.code(find(name).sql, language="sql")


@cache
def _words(name: str) -> tuple[str, str, str]:
    """Return what a query's header says, as text: put together once, for it is on every figure of every run."""
    header = find(name).header
    return (
        f"**{plain(header.title)}**\n\n{plain(header.definition)}\n\n*{plain(header.grain)}*",
        "\n".join(f"- `{column.name}` ({column.unit}): {plain(column.text)}" for column in header.columns.values()),
        f"{plain(header.source)} · python -m queries describe {plain(name)}",
    )


def _estimator(name: str) -> None:
    header = HEADERS[name]
    st.markdown(f"**{plain(header.title)}**\n\n{plain(header.definition)}\n\n*{plain(header.grain)}*")
    st.caption(f"{plain(header.source)} · from {', '.join(plain(item) for item in header.inputs)}")
