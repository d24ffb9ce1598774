"""Campaigns, section Models: what each attribution model credits, side by side."""

import polars as pl
import streamlit as st

from charts.campaigns_models import MODELS, MOST, amount_by_model, moved
from charts.numbers import day
from pages.measure.campaign.asked import DIMENSIONS, Asked, too_few
from reports.findings_campaigns import models_finding
from ui.ask import ask
from ui.choose import named, pick
from ui.define import define
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.records import download, drill_figure, show_records, table

PLACES = ["is_place_changed", "best_place", "worst_place"]


def draw(page: Page, asked: Asked, _result: pl.DataFrame) -> None:
    """Draw the section."""
    filters, numbers, dimension = page.filters, page.numbers, asked.dimension
    wanted = {name: value for name, value in asked.of_deals(filters).items() if name != "model"}
    frame = ask("campaign_models", **wanted)
    with st.container(border=True):
        heading(
            f"What each model credits, by {dimension}",
            f"Amount in {numbers.currency}, won by {day(filters.as_of)}; the bar runs from the least to the most",
        )
        st.markdown(f"**{plain(models_finding(frame, numbers))}**")
        options = named(frame["dimension_value"].to_list())
        count = moved(frame).height
        if count:
            if count > MOST:
                st.caption(too_few(numbers, count, MOST, "that are credited with most by any model"))
            opened = drill_figure(
                amount_by_model(frame, numbers),
                "model_credit",
                f"Amount won that each model credits, by {dimension}",
                options,
            )
        else:
            show_empty("No campaign is credited with an amount: there is nothing to draw.")
            opened = pick("Open the records behind", options, "model_credit", "Choose here") if options else None
        if opened:
            show_records(
                "campaign_credit_records",
                {**asked.of_deals(filters), "dimension_value": [opened]},
                "model_credit",
                f"Won deals credited to {opened}, {MODELS[asked.model].lower()}",
                numbers,
                "amount",
            )
            st.caption("The records are those of the model chosen on top.")
        table(
            frame.sort(
                pl.col("kind"), pl.col("worst_place") - pl.col("best_place"), descending=[False, True], nulls_last=True
            ).select("dimension_value", *PLACES, pl.exclude("dimension_value", "kind", *PLACES)),
            "campaign_models",
            "models_table",
            f"Amount won by model and {dimension}",
            numbers,
            {
                "dimension_value": DIMENSIONS[dimension],
                "is_place_changed": "Place changes",
                **{f"{model}_amount": words for model, words in MODELS.items()},
            },
        )
        with st.container(horizontal=True):
            download(frame, "models", f"campaign_models_by_{dimension}")
            define("campaign_models", "campaign_credit_records")
