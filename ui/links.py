"""What a link asks for that cannot be shown: told in words, because the filters drop it without any."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from charts.numbers import day


def misread_values(name: str, options: Sequence[str]) -> list[str]:
    """Return a sentence for each value that the address gives a filter and the filter does not have.

    Called before the filter is drawn, which takes such values out of the address.
    """
    return [
        f"The link's {name} '{value}' is not among those of this data, so it was left out."
        for value in st.query_params.get_all(name)
        if value not in options
    ]


def misread_day(name: str, first: date, last: date, instead: date) -> list[str]:
    """Return a sentence where the address gives a day that is none, or one before `first` or after `last`."""
    sentences = []
    for value in st.query_params.get_all(name):
        try:
            asked = date.fromisoformat(value)
        except ValueError:
            sentences.append(
                f"The link's day '{value}' cannot be read (it should look like 2026-11-16), so {day(instead)} is shown."
            )
            continue
        if not first <= asked <= last:
            sentences.append(
                f"The link's day {day(asked)} is outside the data ({day(first)} to {day(last)}), so {day(instead)} is shown."
            )
    return sentences
