"""What a number means and how it is computed, one click away from it."""

from functools import cache

import streamlit as st

from estimators import HEADERS
from queries import find
from ui.messages import plain


def define(*names: str) -> None:
    """Show a button that opens the definitions, columns and SQL of the queries (or estimators) behind a figure."""
    with st.popover("Definition & SQL", icon=":material/function:", width="content"):
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
