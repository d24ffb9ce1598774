"""Annotations: what happened on a day, told on every time axis that shows the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from store.errors import StoreError
from store.models import AnnotationNote
from store.writing import now

LONGEST_TEXT = 200
_CHANGED = "Somebody else changed or deleted it meanwhile. It is shown as it is now; change that, if it still needs it."


@dataclass(frozen=True)
class Annotation:
    """What happened on a day, on one page or (None) on all, for one value of a scope or (None) for everybody.

    `version` is the one that was read: a change names it, and is refused if it is no longer the newest. Times are UTC.
    """

    day: date
    text: str
    written_by: str
    page: str | None = None
    scope: str | None = None
    scope_value: str | None = None
    id: int = 0
    version: int = 0
    written_at: datetime | None = None
    edited_by: str | None = None
    edited_at: datetime | None = None

    def concerns(self, chosen: Mapping[str, Sequence[str] | None]) -> bool:
        """Return whether it belongs on a page on which these values of the filters are chosen (None: all)."""
        if self.scope is None:
            return True
        values = chosen.get(self.scope)
        return values is None or self.scope_value in values


def add_annotation(engine: Engine, note: Annotation) -> Annotation:
    """Keep an annotation; return it with its id.

    Raises
    ------
    StoreError
        It has no text or a too long one, nobody's name, half a scope, or it cannot be written.
    """
    text = _checked(note.text, note.written_by)
    if (note.scope is None) != (note.scope_value is None):
        raise StoreError("That annotation cannot be kept", "A scope needs its value, and a value its scope.")
    try:
        with Session(engine) as session, session.begin():
            row = AnnotationNote(
                day=note.day,
                text=text,
                page=note.page,
                scope=note.scope,
                scope_value=note.scope_value,
                written_by=note.written_by.strip(),
                written_at=now(),
            )
            session.add(row)
            session.flush()
            return _annotation(row)
    except SQLAlchemyError as error:
        raise StoreError("The annotation could not be kept", str(error)) from error


def edit_annotation(engine: Engine, note: Annotation, by: str) -> Annotation:
    """Change an annotation's day and text to those of `note`; return it as it is then.

    Raises
    ------
    StoreError
        As `add_annotation`; or `note.version` is not the newest: somebody else was faster.
    """
    text = _checked(note.text, by)
    try:
        with Session(engine) as session, session.begin():
            row = _newest(session, note)
            row.day, row.text = note.day, text
            row.edited_by, row.edited_at = by.strip(), now()
            session.flush()
            return _annotation(row)
    except StaleDataError as error:
        raise StoreError("The annotation was not changed", _CHANGED) from error
    except SQLAlchemyError as error:
        raise StoreError("The annotation could not be changed", str(error)) from error


def delete_annotation(engine: Engine, note: Annotation, by: str) -> None:
    """Delete an annotation; `restore_annotation` brings it back.

    Raises
    ------
    StoreError
        `note.version` is not the newest, or it cannot be written.
    """
    try:
        with Session(engine) as session, session.begin():
            row = _newest(session, note)
            row.deleted_by, row.deleted_at = by.strip() or "somebody", now()
    except StaleDataError as error:
        raise StoreError("The annotation was not changed", _CHANGED) from error
    except SQLAlchemyError as error:
        raise StoreError("The annotation could not be deleted", str(error)) from error


def restore_annotation(engine: Engine, note_id: int) -> bool:
    """Bring a deleted annotation back; return whether it was deleted."""
    try:
        with Session(engine) as session, session.begin():
            row = session.get(AnnotationNote, note_id)
            if row is None or row.deleted_at is None:
                return False
            row.deleted_at = row.deleted_by = None
            return True
    except SQLAlchemyError as error:
        raise StoreError("The annotation could not be brought back", str(error)) from error


def annotations(engine: Engine) -> Sequence[Annotation]:
    """Return every annotation that was not deleted, by day."""
    try:
        with Session(engine) as session:
            rows = session.scalars(
                select(AnnotationNote)
                .where(AnnotationNote.deleted_at.is_(None))
                .order_by(AnnotationNote.day, AnnotationNote.id)
            ).all()
            return [_annotation(row) for row in rows]
    except SQLAlchemyError as error:
        raise StoreError("The annotations could not be read", str(error)) from error


def _newest(session: Session, note: Annotation) -> AnnotationNote:
    """Return the row that `note` was read from; raise where it is another version by now."""
    row = session.get(AnnotationNote, note.id)
    if row is None or row.deleted_at is not None or row.version != note.version:
        raise StaleDataError
    return row


def _checked(text: str, by: str) -> str:
    text = " ".join(text.split())
    wrong = None
    if not text:
        wrong = "Say what happened."
    elif len(text) > LONGEST_TEXT:
        wrong = f"It is longer than {LONGEST_TEXT} letters; say it shorter."
    elif not by.strip():
        wrong = "Say who writes it."
    if wrong:
        raise StoreError("That annotation cannot be kept", wrong)
    return text


def _annotation(row: AnnotationNote) -> Annotation:
    return Annotation(
        day=row.day,
        text=row.text,
        written_by=row.written_by,
        page=row.page,
        scope=row.scope,
        scope_value=row.scope_value,
        id=row.id,
        version=row.version,
        written_at=row.written_at,
        edited_by=row.edited_by,
        edited_at=row.edited_at,
    )
