"""KPIs, section All metrics: what may be picked, with what each means, its unit, direction, grain and team."""

import polars as pl
import streamlit as st

from reports.kpi_numbers import TeamKpis
from ui.define import define
from ui.files import download
from ui.page import Page, heading

_UNITS = {"count": "count", "money": "money", "share": "share (%)", "days": "days"}


def draw(page: Page, kpis: TeamKpis) -> None:
    """Draw the catalogue."""
    with st.container(border=True):
        heading("All metrics", "Each is weekly, and may be picked by any team")
        rows = pl.DataFrame(
            [
                {
                    "Metric": metric.title,
                    "Means": metric.definition,
                    "Team": metric.team,
                    "Unit": page.numbers.currency if metric.unit == "money" else _UNITS[metric.unit],
                    "Better": metric.better,
                    "Of a week": metric.grain,
                }
                for metric in kpis.known.values()
            ]
        )
        st.dataframe(
            rows, hide_index=True, height=600, column_config={"Means": st.column_config.TextColumn(width="large")}
        )
        with st.container(horizontal=True):
            download(rows, "kpi_catalogue", "metrics")
            define("metric_by_day")
