"""Campaigns, section Paths: credit by what the paths to won deals say, beside all rule models; where they agree."""

import polars as pl
import streamlit as st

from charts.campaigns_models import MODELS
from charts.campaigns_paths import credit_by_paths
from pages.measure.campaign.asked import Asked
from reports.credit import Credit, credit, credit_finding, sure_to_differ
from ui.ask import computed
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records

_NAMES = {**MODELS, "markov": "Removal (Markov)", "shapley": "Fair shares (Shapley)"}


def draw(page: Page, asked: Asked, _result: pl.DataFrame) -> None:
    """Draw the section."""
    filters, numbers, dimension = page.filters, page.numbers, asked.dimension
    found: Credit = computed(credit, as_of=filters.as_of, dimension=dimension)
    with st.container(border=True):
        heading(
            f"What the paths say, by {dimension}",
            "Share of credit for won deals, all of them up to the as-of day; filters and period do not narrow this. The line is "
            "the 95% interval",
        )
        st.markdown(f"**{plain(credit_finding(found, numbers, dimension))}**")
        if found.markov.is_empty():
            show_empty("Import campaign members with their answers to see this.")
            define("markov_attribution", "touch_paths")
            return
        names = {name: name for name in found.markov["channel"]}
        alt = f"Share of credit by removal effect and by fair shares, by {dimension}"
        opened = drill_figure(credit_by_paths(found.markov, found.shapley, numbers), "paths", alt, names)
        if opened is not None:
            params = {"as_of": filters.as_of, "step_of": dimension, "step": opened}
            what = f"Decided deals on whose path {opened} stands"
            show_records("touch_path_records", params, "paths", what, numbers, None)
        differ = sure_to_differ(found)
        if differ.height:
            listed = ", ".join(differ["channel"].to_list()[:5])
            st.caption(plain(f"Placed differently by the two, beyond chance: {listed}."))
        else:
            st.caption("No place differs between the two by more than chance.")
        with st.container(horizontal=True):
            download(found.markov, "markov", f"markov_by_{dimension}")
            define("markov_attribution", "shapley_attribution", "touch_paths")
    with st.container(border=True):
        heading("Where nine models agree", "Seven rules and the two that ask the paths; first third: loved")
        st.dataframe(
            _agreement(found.agreement, page), hide_index=True, height=min(80 + 35 * found.agreement.height, 480)
        )
        with st.container(horizontal=True):
            download(found.agreement, "agreement", f"model_agreement_by_{dimension}")
            define("model_agreement")


def _agreement(frame: pl.DataFrame, page: Page) -> pl.DataFrame:
    numbers = page.numbers
    return pl.DataFrame(
        [
            {
                "Name": row["channel"],
                "Loved": row["verdict"],
                "Mean share": numbers.share(row["mean_share"]),
                "Lowest": numbers.share(row["lowest_share"]),
                "Highest": numbers.share(row["highest_share"]),
                "Best place": row["best_rank"],
                "Worst place": row["worst_rank"],
                "Loved by": ", ".join(_NAMES.get(name, name) for name in (row["loved_by"] or "").split(", ") if name),
            }
            for row in frame.iter_rows(named=True)
        ]
    )
