"""Forms of the rooms: something is kept, what came of it is said on the next drawing, and nothing typed is lost."""

from collections.abc import Callable

import streamlit as st

from base.errors import SamePageError
from ui.author import author_of, remember_author
from ui.messages import plain

_SAID = "_room_said"


def show_said() -> None:
    """Say what came of what was kept last."""
    said: tuple[bool, str] | None = st.session_state.pop(_SAID, None)
    if said is not None:
        (st.success if said[0] else st.error)(
            plain(said[1]), icon=":material/check:" if said[0] else ":material/error:"
        )


def keep_as(author_key: str, act: Callable[[str], object], done: str) -> bool:
    """Keep something in the name of who writes, in a callback; return whether it was kept.

    Parameters
    ----------
    author_key
        The key under which the form asked who writes.
    act
        Keeps it; is told who writes.
    done
        What is said then.
    """
    by = author_of(author_key)
    remember_author(by)
    try:
        act(by)
    except SamePageError as error:
        st.session_state[_SAID] = (False, f"{error.title}. {error.message}")
        return False
    st.session_state[_SAID] = (True, done)
    return True
