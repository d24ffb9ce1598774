"""What is left of a huddle when it ends: its notes in each form, kept as they were written then."""

import logging

from sqlalchemy import Engine

from base.errors import SamePageError
from base.settings import load_settings
from reports.document import Document
from reports.huddle_notes import huddle_notes
from reports.paper import write
from store.huddles import HuddleState, end_huddle, huddle, keep_papers
from store.writing import now

_LOG = logging.getLogger("same_page")


def end_and_write(engine: Engine, huddle_id: str, by: str) -> HuddleState:
    """End a huddle and keep its notes; one that has ended stays as it is, and gets the notes that it lacks.

    Where notes cannot be written, the huddle has ended all the same: the log says why, and its page writes them later.

    Raises
    ------
    StoreError
        It has not begun, or cannot be written.
    """
    state = end_huddle(engine, huddle_id, by)
    try:
        write_notes(engine, huddle_id, by)
    except SamePageError as error:
        _LOG.warning("the notes of a huddle were not written: %s: %s", error.title, error.message)
    return state


def write_notes(engine: Engine, huddle_id: str, by: str) -> None:
    """Write the notes of a huddle that has ended, in the forms that it lacks.

    Raises
    ------
    QueryError, StoreError
        The data or the store cannot be read.
    """
    document = huddle_notes(engine, huddle(engine, huddle_id), load_settings().time_zone, now())
    keep_papers(engine, huddle_id, in_every_form(document), by)


def in_every_form(document: Document) -> dict[str, bytes]:
    """Return a document's content by form."""
    return {form: write(document, form) for form in ("md", "html", "pdf")}
