"""KPIs, section Own series: numbers that no CRM keeps, typed in or read from a file of date, name, value."""

from datetime import date
from decimal import Decimal

import polars as pl
import streamlit as st

from charts.numbers import day
from reports.team_kpis import TeamKpis
from store import StoreError, audit, open_store, undo
from store.own_series import DIRECTIONS, UNITS, Series, add_series, drop_series, read_values, set_values
from ui.author import ask_author, remember_author
from ui.files import download
from ui.messages import plain, show_empty, show_error
from ui.page import Page, heading

_SAID = "_own_said"
_MOST_BAD = 50


def draw(page: Page, kpis: TeamKpis) -> None:
    """Draw the teams' own series, and what adds to them."""
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said), icon=":material/check:")
    with st.container(border=True):
        heading("Own series", "Web visits, posts, traffic of a channel: what no CRM keeps")
        by = ask_author("own_by")
        offer_undo(by)
        if not kpis.own:
            show_empty("No series yet. Type one in below, or read a CSV with the columns date, name, value.")
        for series in kpis.own:
            _one(page, series, by)
    left, right = st.columns(2)
    with left, st.container(border=True):
        _new(kpis, by)
    with right, st.container(border=True):
        _file(kpis, by)


def _one(page: Page, series: Series, by: str) -> None:
    known = len(series.values)
    span = f"{day(series.values[0][0])} to {day(series.values[-1][0])}" if known else "no value yet"
    with st.expander(plain(f"{series.name} ({series.team}): {page.numbers.number(known)} days, {span}")):
        if series.text:
            st.caption(plain(series.text))
        with st.form(f"own_value_{series.id}", border=False):
            left, right = st.columns(2)
            at = left.date_input("Day", value=page.filters.as_of, key=f"own_day_{series.id}")
            value = right.number_input("Value (empty takes it back)", value=None, key=f"own_value_of_{series.id}")
            pressed = st.form_submit_button("Keep", icon=":material/save:")
        if pressed and isinstance(at, date):
            _keep(series.id, {at: None if value is None else Decimal(str(value))}, by, series.name)
        frame = pl.DataFrame(
            [(at, float(value)) for at, value in reversed(series.values)],
            schema={"date": pl.Date, "value": pl.Float64},
            orient="row",
        )
        st.dataframe(frame, hide_index=True, height=240)
        with st.container(horizontal=True):
            download(frame.with_columns(name=pl.lit(series.name)), f"own_{series.id}", "own_series")
            st.button("Take the series away", key=f"own_drop_{series.id}", on_click=_drop, args=(series, by))


def _new(kpis: TeamKpis, by: str) -> None:
    st.markdown("**A new series**")
    with st.form("own_new", border=False):
        name = st.text_input("Name", max_chars=80)
        text = st.text_input("What it counts", max_chars=400)
        left, right = st.columns(2)
        unit = left.selectbox(
            "Unit", UNITS, help="A share is between 0 and 1; shares and days are averaged over a week"
        )
        better = right.selectbox("Better", DIRECTIONS)
        pressed = st.form_submit_button("Add it", icon=":material/add:")
    if pressed:
        try:
            add_series(open_store(), Series("", name, kpis.team, unit, better, text), by)
        except StoreError as error:
            show_error(error)
            return
        _done(f"{name} was added.", by)


def _file(kpis: TeamKpis, by: str) -> None:
    st.markdown("**From a file**")
    st.caption(
        "A CSV whose first line is date, name, value; dates like 2026-11-16. Names that are not there yet become series."
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
    for line in bad[:_MOST_BAD]:
        st.markdown(plain(f"Line {line.line}: {line.reason}."))
    if len(bad) > _MOST_BAD:
        st.markdown(f"And {len(bad) - _MOST_BAD} more.")
    if days and st.button(f"Keep {days} values", icon=":material/save:"):
        engine = open_store()
        there = {series.name.casefold(): series.id for series in kpis.own}
        try:
            for name, found in values.items():
                series_id = there.get(name.casefold()) or add_series(
                    engine, Series("", name, kpis.team, "count", "higher", ""), by
                )
                set_values(engine, series_id, dict(found), by)
        except StoreError as error:
            show_error(error)
            return
        _done(f"{days} values were kept; {len(bad)} lines were left out.", by)


def _keep(series_id: str, values: dict[date, Decimal | None], by: str, name: str) -> None:
    try:
        set_values(open_store(), series_id, values, by)
    except StoreError as error:
        show_error(error)
        return
    _done(f"{name}: kept.", by)


def _drop(series: Series, by: str) -> None:
    engine = open_store()
    try:
        drop_series(engine, series.id, by)
    except StoreError as error:
        show_error(error)
        return
    entry = audit(engine, "own_series", series.id, 1)[0]
    st.session_state[_SAID] = f"{series.name} was taken away."
    st.session_state["_own_undo"] = entry.id


def _done(said: str, by: str) -> None:
    remember_author(by)
    st.session_state[_SAID] = said
    st.rerun()


def offer_undo(by: str) -> None:
    """Offer to bring the series back that was taken away last."""
    entry = st.session_state.get("_own_undo")
    if entry is not None and st.button("Bring it back", icon=":material/undo:"):
        try:
            undo(open_store(), entry, by)
        except StoreError as error:
            show_error(error)
            return
        del st.session_state["_own_undo"]
        st.rerun()
