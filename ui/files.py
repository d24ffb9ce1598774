"""Tables as files, made when they are asked for."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from charts.numbers import NumberFormat
from queries import catalogue, find
from reports.export import About, csv_bytes, xlsx_bytes
from ui.page import shown_page

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(
    frame: pl.DataFrame,
    key: str,
    file_name: str,
    query: str | None = None,
    title: str | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Offer a table as CSV and as XLSX; each is made only when its button is pressed.

    Parameters
    ----------
    frame
        The table.
    key
        A key for the buttons.
    file_name
        The files' name, without its ending.
    query
        The query that it answers; the one whose name `file_name` begins with, unless said.
    title
        What the table is; the query's title, unless said.
    names
        Other titles for columns.
    """
    query = query or _query_of(file_name)
    page = shown_page()
    numbers = page.numbers if page else NumberFormat()
    about = About(
        title=title or (find(query).header.title if query else file_name),
        shown=page.filters.sentence() if page else None,
        as_of=page.filters.as_of if page else None,
        query=query,
    )
    with st.container(horizontal=True, width="content", gap="small"):
        st.download_button(
            "CSV",
            data=lambda: csv_bytes(frame, numbers),
            file_name=f"{file_name}.csv",
            mime="text/csv",
            key=f"csv_{key}",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "XLSX",
            data=lambda: xlsx_bytes(frame, about, numbers, names),
            file_name=f"{file_name}.xlsx",
            mime=_XLSX,
            key=f"xlsx_{key}",
            icon=":material/table:",
            on_click="ignore",
        )


def _query_of(file_name: str) -> str | None:
    """Return the query whose name a file's name begins with: the longest, since one may begin another's."""
    fitting = [name for name in catalogue() if file_name == name or file_name.startswith(f"{name}_")]
    return max(fitting, key=len, default=None)
