"""Who writes: a name that a person picks once, offered again wherever something is written."""

import streamlit as st

from store import authors, open_store
from ui.messages import plain
from ui.signin import signed_in_name

_LOCAL = ("127.0.0.1", "localhost", "[::1]")


def ask_author(key: str) -> str:
    """Ask who writes, offering the names of those who wrote before; a name is picked once a session.

    On a machine that serves itself alone, whoever wrote last is taken to be the one who writes now, until told otherwise.
    Who has signed in is not asked.
    """
    name = signed_in_name()
    if name is not None:
        st.caption(f"Written by {plain(name)}")
        return name
    known = list(authors(open_store()))
    picked = st.session_state.get("author") or (known[0] if known and _is_local() else None)
    options = list(dict.fromkeys([*([picked] if picked else []), *known]))
    chosen = st.selectbox(
        "Your name",
        options,
        index=0 if picked else None,
        key=key,
        accept_new_options=True,
        placeholder="Who writes it",
    )
    return chosen or ""


def author_of(key: str) -> str:
    """Return who wrote, in a callback of the form that asked with this key: who has signed in, or the name picked."""
    return signed_in_name() or st.session_state.get(key) or st.session_state.get("author") or ""


def remember_author(name: str) -> None:
    """Keep who writes for the rest of the session, for the other forms too. To be called in a callback."""
    if name:
        st.session_state["author"] = name


def _is_local() -> bool:
    address = st.context.url or ""
    return any(f"//{host}" in address for host in _LOCAL)
