"""The notes of a huddle that was held: read here, or taken along as files."""

import streamlit as st

from reports.calendar import next_huddle_file
from reports.huddle_papers import write_notes
from store import open_store
from store.huddles import HuddleState, papers
from ui.author import ask_author
from ui.huddles import company_zone
from ui.messages import show_empty
from ui.writing import keep_as

_MIMES = {"md": "text/markdown", "html": "text/html", "pdf": "application/pdf"}
_NAMES = {"md": "Markdown", "html": "HTML", "pdf": "PDF"}


def show_notes(state: HuddleState) -> None:
    """Show a huddle's notes with their files; offer to write them where they are missing."""
    kept = papers(open_store(), state.id)
    if "md" not in kept:
        show_empty("The notes were not written when the huddle ended.")
        ask_author(f"write_by_{state.id}")
        st.button(
            "Write them now", key=f"write_{state.id}", on_click=_write, args=(state.id,), icon=":material/edit_note:"
        )
        return
    name = f"huddle_{(state.begun_at or state.planned_at):%Y-%m-%d}"
    with st.container(horizontal=True):
        for form, content in kept.items():
            st.download_button(
                _NAMES[form],
                data=content,
                file_name=f"{name}.{form}",
                mime=_MIMES[form],
                key=f"notes_{form}_{state.id}",
                icon=":material/download:",
                on_click="ignore",
            )
        following = next_huddle_file(open_store(), state, company_zone())
        if following is not None:
            st.download_button(
                "The next one (.ics)",
                data=following,
                file_name="next_huddle.ics",
                mime="text/calendar",
                key=f"notes_ics_{state.id}",
                icon=":material/event:",
                on_click="ignore",
            )
    # Names in it were escaped when it was written; addresses and formulas are not read in it.
    st.markdown(kept["md"].decode().replace("$", "\\$").replace(":", "\\:"))


def _write(huddle_id: str) -> None:
    keep_as(f"write_by_{huddle_id}", lambda by: write_notes(open_store(), huddle_id, by), "The notes are written.")
