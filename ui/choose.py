"""Choices that pages offer, kept in the address by the words that people read (so a link can be read, too)."""

from collections.abc import Mapping

import streamlit as st

_DRAWN = "_choices_drawn"


def forget_choices() -> None:
    """Begin a run, in which no choice was drawn yet."""
    st.session_state[_DRAWN] = []


def choices_drawn() -> list[str]:
    """Return the names of the choices that the page of this run offered, for a link that keeps them."""
    return list(st.session_state.get(_DRAWN, ()))


def _note(key: str) -> None:
    drawn: list[str] = st.session_state.setdefault(_DRAWN, [])
    if key not in drawn:
        drawn.append(key)


def named(values: list[str | None]) -> dict[str, str]:
    """Return values from the data with the words that name them; blank for records that name none."""
    return {value or "": value or "(none)" for value in values}


def choose(label: str, options: Mapping[str, str], key: str, default: str, help_text: str | None = None) -> str:
    """Offer a few options, all visible, of which one is always chosen.

    Parameters
    ----------
    label
        What is chosen.
    options
        The values and the words that name them; the words stand in the address and must not change with the data.
    key
        The choice's name in the address.
    default
        The value without a choice.
    help_text
        What more there is to say.
    """
    _note(key)
    by_words = {words: value for value, words in options.items()}
    words = st.segmented_control(
        label, list(by_words), default=options[default], key=key, bind="query-params", help=help_text
    )
    return by_words.get(words or "", default)


def pick(label: str, options: Mapping[str, str], key: str, placeholder: str) -> str | None:
    """Offer a list of which nothing has to be chosen; return the value, or None.

    Parameters
    ----------
    label, options, key
        As in `choose`.
    placeholder
        What stands there while nothing is chosen.
    """
    _note(key)
    by_words = {words: value for value, words in options.items()}
    words = st.selectbox(label, list(by_words), index=None, key=key, bind="query-params", placeholder=placeholder)
    return None if words is None else by_words.get(words)


def choose_some(label: str, options: Mapping[str, str], key: str, all_words: str) -> tuple[str, ...] | None:
    """Offer several of a few options; return the values, or None where none is chosen, or all are.

    Parameters
    ----------
    label, options, key
        As in `choose`.
    all_words
        What stands there while none is chosen: that stands for all of them.
    """
    _note(key)
    by_words = {words: value for value, words in options.items()}
    chosen = st.multiselect(label, list(by_words), key=key, bind="query-params", placeholder=all_words)
    values = tuple(by_words[words] for words in chosen if words in by_words)
    return None if not values or len(values) == len(options) else values


def section(options: Mapping[str, str], page: str) -> str:
    """Offer a page's sections, of which the first is shown until another is chosen: only the one chosen is computed.

    Parameters
    ----------
    options
        The sections and the words that name them.
    page
        The page's short name: its choice stands in the address as `<page>_section`.
    """
    return choose("Section", options, f"{page}_section", next(iter(options)))
