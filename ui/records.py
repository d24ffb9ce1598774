"""From a figure to the records behind it: a choice kept in the address, a table, a file."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from charts.look import folded
from charts.numbers import DASH, NumberFormat
from queries import find
from reports.export import titled
from ui.annotate import mark, show_notes
from ui.ask import ask
from ui.choose import pick
from ui.crm_links import linked
from ui.files import download
from ui.messages import plain
from ui.page import shown_page

_NUMBER_FORMATS = {
    "count": "%,d",
    "money": "%,.2f",
    "number": "%,.2f",
    "share": "%.1f%%",
    "ratio": "%.2f×",
    "days": "%,.0f",
}
_LONG_TEXT = 26
# Cells; a longer table is written as the reader's browser writes numbers, for this takes the server a second.
_MOST_WRITTEN_OUT = 100_000
# Records begin with what names and decides them, and where they come from is not pushed out of sight.
_FIRST_COLUMNS = 4


def table(
    frame: pl.DataFrame,
    query: str,
    key: str,
    alt: str,
    numbers: NumberFormat | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Show a query's result as a table: columns named, with units, each explained by the query's header.

    Parameters
    ----------
    frame
        The result, or some of its columns.
    query
        The query, whose header describes the columns.
    key
        The element's key.
    alt
        What the table shows, for those who hear it.
    numbers
        How the company writes numbers, unless the page has said; amounts carry its currency.
    names
        Other names for columns, such as what `dimension_value` holds here.
    """
    columns = find(query).header.columns
    page = shown_page()
    numbers = numbers or (page.numbers if page else NumberFormat())
    is_english, is_written_out = numbers.style == "en", frame.height * frame.width <= _MOST_WRITTEN_OUT
    config: dict[str, Any] = {}
    casts = []
    for name in frame.columns:
        spec = columns.get(name)
        if spec is None:
            continue
        label = titled(spec, name, numbers, names)
        if spec.unit in _NUMBER_FORMATS:
            value = pl.col(name).cast(pl.Int64 if spec.unit == "count" else pl.Float64)
            casts.append(value * 100 if spec.unit == "share" else value)
            # A format would come before the company's own way of writing numbers.
            shape = _NUMBER_FORMATS[spec.unit] if is_english else None if is_written_out else "localized"
            config[name] = st.column_config.NumberColumn(label, help=spec.text, format=shape)
        elif spec.unit == "date":
            config[name] = st.column_config.DateColumn(label, help=spec.text, format="D MMM YYYY")
        elif spec.unit == "time":
            config[name] = st.column_config.DatetimeColumn(label, help=spec.text, format="D MMM YYYY, HH:mm")
        elif spec.unit == "flag":
            config[name] = st.column_config.CheckboxColumn(label, help=spec.text)
        else:
            longest = frame[name].cast(pl.String).str.len_chars().max() or 0
            # One long name would push the columns that decide out of sight; the cell opens to it.
            config[name] = st.column_config.TextColumn(
                label, help=spec.text, width="medium" if int(str(longest)) > _LONG_TEXT else None
            )
    shown = frame.with_columns(casts)
    if "record_id" in columns:
        shown, links = linked(shown, titled(columns["record_id"], "record_id", numbers), columns["record_id"].text)
        config |= links
    units = {name: columns[name].unit for name in frame.columns if name in columns}
    # Arrow as it is: a detour by pandas takes longer than all else in a table.
    data = shown.to_arrow() if is_english or not is_written_out else _written_out(shown, units, numbers)
    st.dataframe(data, column_config=config, hide_index=True, placeholder=DASH, key=key, alt=alt)


def _written_out(frame: pl.DataFrame, units: Mapping[str, str], numbers: NumberFormat) -> Any:
    """Return a frame whose numbers are shown as the company writes them, and are sorted as numbers all the same.

    The formats of the browser's tables know English marks and those of the reader's own language, no other.
    """
    shapes = {name: partial(numbers.cell, unit=unit) for name, unit in units.items() if unit in _NUMBER_FORMATS}
    return frame.to_pandas().style.format(shapes, na_rep=DASH)


def show_figure(fig: go.Figure, key: str, alt: str) -> None:
    """Show a figure that opens to nothing; what people noted on its time axis is marked, if it has one.

    Parameters
    ----------
    fig
        The figure.
    key
        The figure's name; its element has the key `chart_<key>`.
    alt
        What the figure shows, for those who hear it.
    """
    fig, axis, notes = mark(folded(fig))
    st.plotly_chart(fig, key=f"chart_{key}", alt=alt, config={"displayModeBar": False})
    if axis is not None:
        show_notes(axis, notes, key)


def drill_figure(fig: go.Figure, key: str, alt: str, options: Mapping[str, str]) -> str | None:
    """Show a figure whose marks open their records, with a list that does the same from the keyboard.

    Parameters
    ----------
    fig
        The figure; each mark carries in `customdata` which of the options it opens.
    key
        The name of the choice in the address.
    alt
        What the figure shows, for those who hear it.
    options
        What can be opened, and the words that name it.

    Returns
    -------
    str or None
        What is open.
    """
    chart_key = f"chart_{key}"

    def opened() -> None:
        points = st.session_state[chart_key]["selection"]["points"]
        found = [point.get("customdata") for point in points]
        if found:
            value = found[0][0] if isinstance(found[0], list) else found[0]
            if value in options:
                st.session_state[key] = options[value]

    fig, axis, notes = mark(folded(fig))
    st.plotly_chart(
        fig,
        key=chart_key,
        on_select=opened,
        selection_mode="points",
        alt=alt,
        config={"displayModeBar": False},
    )
    if axis is not None:
        show_notes(axis, notes, key)
    return pick("Open the records behind", options, key, "Click a mark, or choose here")


def show_records(
    query: str, params: Mapping[str, Any], key: str, what: str, numbers: NumberFormat, sums: str | None
) -> None:
    """Show the records behind a figure: how many, what they add up to, the table, and the file.

    Parameters
    ----------
    query, params
        The record query and what it is asked.
    key
        A key for the elements.
    what
        What these records are, in words.
    numbers
        How the company writes numbers.
    sums
        The column that adds up to the figure, if one does.
    """
    frame = ask(query, **params)
    text = f"{plain(what)}: {numbers.number(frame.height)} {'record' if frame.height == 1 else 'records'}"
    if sums is not None and frame.height:
        text += f", {numbers.money_exact(frame[sums].sum())} in all".replace("$", "\\$")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{text}**", width="content")
        download(frame, key, f"{query}_{key}", query, what)
    if frame.height:
        table(_where_from_early(frame, sums), query, f"records_{key}", what, numbers)
    else:
        st.caption("No record.")


def _where_from_early(frame: pl.DataFrame, sums: str | None) -> pl.DataFrame:
    """Return records with the column that adds up, and the file and line of each, right after what names them."""
    early = frame.columns[:_FIRST_COLUMNS]
    late = [name for name in (sums, "file", "line") if name in frame.columns and name not in early]
    return frame.select(*early, *late, pl.exclude(*early, *late))
