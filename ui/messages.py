"""Telling people what happened: errors as a title and a sentence, empty states that say what to do."""

import re

import streamlit as st

from base.errors import SamePageError

_MARKDOWN_SIGNS = frozenset("\\`*_{}[]<>#$|~:@")
# Addresses become links by themselves, escaped or not, unless something stands within them: this has no width.
_ADDRESS = re.compile(r"(?<=@)(?=\w)|(?<=www)(?=\.)|(?<=:)(?=//)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def show_error(error: SamePageError) -> None:
    """Show an error as a person should read it; the log carries the rest."""
    st.error(f"**{plain(error.title)}**\n\n{plain(error.message)}", icon=":material/error:")


def show_empty(text: str) -> None:
    """Say why there is nothing to see here, and what would change that."""
    st.info(text, icon=":material/info:")


def show_finding(text: str) -> None:
    """Show a page's one-sentence finding."""
    st.markdown(f"#### {plain(text)}")


def plain(text: str) -> str:
    """Return a text in which markdown reads no sign as its own and makes no link: names come from data."""
    unlinked = _ADDRESS.sub(_WORD_JOINER, text)
    return "".join("\\" + sign if sign in _MARKDOWN_SIGNS else sign for sign in unlinked)
