"""Files that could be more than one thing: asked about on the Import page, never guessed."""

from collections.abc import Sequence

import streamlit as st

from ingest import Examined

_KINDS = "_kinds_said"


def kinds_said() -> tuple[tuple[str, str], ...]:
    """Return what the person said of files that could be more than one thing, as `Options.kinds` takes it."""
    said: dict[str, tuple[str | None, dict[str, str]]] = st.session_state.get(_KINDS, {})
    return tuple((content, kind) for content, (kind, _) in sorted(said.items()) if kind is not None)


def ask_kinds(examined: Sequence[Examined]) -> None:
    """Ask of each file that could be more than one thing which it is; the answer holds for its content.

    Parameters
    ----------
    examined
        The files at hand.
    """
    said: dict[str, tuple[str | None, dict[str, str]]] = st.session_state.setdefault(_KINDS, {})
    for item in examined:
        if item.export is None:
            continue
        content = item.export.content_hash
        chosen, choices = said.get(content, (None, dict(item.candidates)))
        if not choices:
            continue

        def keep(content: str = content, choices: dict[str, str] = choices, key: str = f"kind_{item.key}") -> None:
            said[content] = (st.session_state[key], choices)

        st.selectbox(
            f"What is {item.name}?",
            list(choices),
            index=list(choices).index(chosen) if chosen in choices else None,
            format_func=choices.__getitem__,
            key=f"kind_{item.key}",
            on_change=keep,
            placeholder="It could be several things: choose one",
        )
