"""What a page leaves out, said where it is left out, with the records and the way to mend it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from charts.numbers import NumberFormat
from reports.findings import left_out_sentence
from ui.ask import ask
from ui.choose import pick
from ui.messages import plain
from ui.records import show_records

REASONS = {
    "unmapped": "Deals whose stage says neither open, won nor lost",
    "no_rate": "Deals in a currency without a rate",
    "unknown_lead_status": "Leads with a status of unknown meaning",
}


def show_left_out(of: str, params: Mapping[str, Any], key: str, numbers: NumberFormat) -> None:
    """Say what a figure leaves out and open it; nothing is drawn where it leaves out nothing.

    Parameters
    ----------
    of
        Of which figure, as the query `left_out` takes it: pipeline, deals or leads.
    params
        The page's filters, with the period.
    key
        The name of the choice in the address.
    numbers
        How the company writes numbers.
    """
    frame = ask("left_out", **params, of=of)
    sentence = left_out_sentence(frame, numbers)
    if sentence is None:
        return
    with st.container(border=True):
        st.markdown(plain(sentence))
        present = frame["reason"].unique().to_list()
        opened = pick(
            "Open what is left out",
            {reason: words for reason, words in REASONS.items() if reason in present},
            key,
            "Choose here",
        )
        if opened:
            show_records(
                "left_out_records", {**params, "of": of, "reason": opened}, key, REASONS[opened], numbers, None
            )
        st.page_link(
            "pages/data/health.py", label="Say what they mean on Import health", icon=":material/health_metrics:"
        )
