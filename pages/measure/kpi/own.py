"""KPIs, section Own series: numbers that no CRM keeps, typed in or read from a file of date, name, value."""

from datetime import date

import polars as pl
import streamlit as st

from charts.numbers import day
from reports.kpi_numbers import TeamKpis
from reports.kpi_states import as_stored, as_typed
from store import StoreError, audit, open_store, undo
from store.own_series import (
    DIRECTIONS,
    UNITS,
    BadLine,
    Series,
    add_series,
    drop_series,
    keep_file,
    read_values,
    set_values,
)
from ui.author import ask_author
from ui.files import download
from ui.messages import plain, show_empty, show_error
from ui.page import Page, heading
from ui.writing import keep_as

_DROPPED = "_own_dropped"
_BY = "own_by"
_MOST_BAD = 50


def draw(page: Page, kpis: TeamKpis) -> None:
    """Draw the teams' own series, and what adds to them."""
    with st.container(border=True):
        heading("Own series", "Web visits, posts, traffic of a channel: what no CRM keeps")
        ask_author(_BY)
        entry = st.session_state.get(_DROPPED)
        if entry is not None:
            st.button("Bring it back", icon=":material/undo:", on_click=_bring_back, args=(entry,))
        if not kpis.own:
            show_empty("No series yet. Type one in below, or read a CSV with the columns date, name, value.")
        for series in kpis.own:
            _one(page, series)
    left, right = st.columns(2)
    with left, st.container(border=True):
        _new(kpis)
    with right, st.container(border=True):
        _file(kpis)


def _one(page: Page, series: Series) -> None:
    known = len(series.values)
    span = f"{day(series.values[0][0])} to {day(series.values[-1][0])}" if known else "no value yet"
    with st.expander(plain(f"{series.name} ({series.team}): {page.numbers.number(known)} days, {span}")):
        if series.text:
            st.caption(plain(series.text))
        unit = " (%)" if series.unit == "share" else ""
        with st.form(f"own_value_{series.id}", border=False):
            left, right = st.columns(2)
            left.date_input("Day", value=page.filters.as_of, key=f"own_day_{series.id}")
            right.number_input(f"Value{unit} (empty takes it back)", value=None, key=f"own_value_of_{series.id}")
            st.form_submit_button("Keep", icon=":material/save:", on_click=_keep_value, args=(series,))
        frame = pl.DataFrame(
            [(at, as_typed(series.unit, value)) for at, value in reversed(series.values)],
            schema={"date": pl.Date, f"value{unit}": pl.Float64},
            orient="row",
        )
        st.dataframe(frame, hide_index=True, height=240)
        with st.container(horizontal=True):
            download(frame.with_columns(name=pl.lit(series.name)), f"own_{series.id}", "own_series")
            st.button("Take the series away", key=f"own_drop_{series.id}", on_click=_drop, args=(series,))


def _keep_value(series: Series) -> None:
    at = st.session_state.get(f"own_day_{series.id}")
    value = as_stored(series.unit, st.session_state.get(f"own_value_of_{series.id}"))
    if isinstance(at, date):
        keep_as(_BY, lambda by: set_values(open_store(), series.id, {at: value}, by), f"{series.name}: kept.")


def _drop(series: Series) -> None:
    engine = open_store()
    if keep_as(_BY, lambda by: drop_series(engine, series.id, by), f"{series.name} was taken away."):
        st.session_state[_DROPPED] = audit(engine, "own_series", series.id, 1)[0].id


def _bring_back(entry: int) -> None:
    if keep_as(_BY, lambda by: undo(open_store(), entry, by), "It is back."):
        del st.session_state[_DROPPED]


def _new(kpis: TeamKpis) -> None:
    st.markdown("**A new series**")
    with st.form("own_new", border=False):
        st.text_input("Name", max_chars=80, key="own_name")
        st.text_input("What it counts", max_chars=400, key="own_text")
        left, right = st.columns(2)
        left.selectbox("Unit", UNITS, key="own_unit", help="Shares and days are averaged over a week; all else adds up")
        right.selectbox("Better", DIRECTIONS, key="own_better")
        st.form_submit_button("Add it", icon=":material/add:", on_click=_add, args=(kpis.team,))


def _add(team: str) -> None:
    name, text, unit, better = (
        st.session_state.get(f"own_{part}") or "" for part in ("name", "text", "unit", "better")
    )
    series = Series("", name, team, unit, better, text)
    keep_as(_BY, lambda by: add_series(open_store(), series, by), f"{name} was added.")


def _file(kpis: TeamKpis) -> None:
    st.markdown("**From a file**")
    st.caption(
        "A CSV whose first line is date, name, value; dates like 2026-11-16, shares between 0 and 1. Names that are not there "
        "yet become series that count."
    )
    given = st.file_uploader("CSV", type=["csv", "txt", "tsv"], key="own_file")
    if given is None:
        return
    try:
        values, bad = read_values(given.getvalue())
    except StoreError as error:
        show_error(error)
        return
    days = sum(len(found) for found in values.values())
    st.markdown(plain(f"{days} values of {len(values)} series can be read; {len(bad)} lines cannot."))
    _show_bad(bad)
    if days:
        done = f"{days} values were kept; {len(bad)} lines were left out."
        st.button(
            f"Keep {days} values",
            icon=":material/save:",
            on_click=lambda: keep_as(_BY, lambda by: keep_file(open_store(), values, kpis.team, by), done),
        )


def _show_bad(bad: list[BadLine]) -> None:
    for line in bad[:_MOST_BAD]:
        st.markdown(plain(f"Line {line.line}: {line.reason}."))
    if len(bad) > _MOST_BAD:
        st.markdown(f"And {len(bad) - _MOST_BAD} more.")
