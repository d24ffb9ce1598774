"""Lines of a huddle that are nothing more than a line: a win, a bottleneck, something for the parking lot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from store.agendas import KINDS
from store.capturing import LONGEST_LINE, checked, keep_once
from store.errors import StoreError
from store.room_models import HuddleNote
from store.writing import change, delete, reading, writing


@dataclass(frozen=True)
class Note:
    """A line: what it was said to (a kind of item), by whom and when (UTC)."""

    id: str
    version: int
    huddle_id: str | None
    kind: str
    text: str
    by: str
    at: datetime


def add_note(engine: Engine, huddle_id: str, kind: str, text: str, by: str, client_key: str | None = None) -> Note:
    """Keep a line; one that was kept under the same client key is returned as it is.

    Raises
    ------
    StoreError
        It is empty, too long, or to no kind of item; or the huddle is not there.
    """
    if kind not in KINDS:
        raise StoreError("That line cannot be kept", f"'{kind}' is no kind of item.")
    kept = checked(text, "The line", LONGEST_LINE)
    with writing(engine, by, "The line") as session:
        row = HuddleNote(huddle_id=huddle_id, client_key=client_key, kind=kind, text=kept)
        return _note(keep_once(session, HuddleNote, row))


def change_note(engine: Engine, note_id: str, version: int, text: str, by: str) -> Note:
    """Change the words of a line; raises `ConflictError` where somebody was faster."""
    with writing(engine, by, "The line") as session:
        row = change(session, HuddleNote, note_id, version, text=checked(text, "The line", LONGEST_LINE))
        session.flush()
        return _note(row)


def delete_note(engine: Engine, note_id: str, version: int, by: str) -> None:
    """Delete a line; raises `ConflictError` where somebody changed it since it was read."""
    with writing(engine, by, "The line") as session:
        delete(session, HuddleNote, note_id, version)


def notes(engine: Engine, huddle_id: str) -> Sequence[Note]:
    """Return the lines of a huddle, the first said first."""
    with reading(engine, "The lines") as session:
        rows = session.scalars(
            select(HuddleNote)
            .where(HuddleNote.huddle_id == huddle_id, HuddleNote.deleted_at.is_(None))
            .order_by(HuddleNote.created_at, HuddleNote.id)
        )
        return [_note(row) for row in rows]


def _note(row: HuddleNote) -> Note:
    return Note(row.id, row.version, row.huddle_id, row.kind, row.text, row.created_by, row.created_at)
