"""The names of those who wrote something: offered again, so that a person types a name once."""

from collections.abc import Sequence

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from store.alerts import PROGRAM
from store.errors import StoreError
from store.models import AnnotationNote, AuditEntry, GoalVersion, SavedView


def authors(engine: Engine) -> Sequence[str]:
    """Return who wrote something, each once, the one who wrote last first."""
    try:
        with Session(engine) as session:
            written = [
                (name, at)
                for columns in (
                    (GoalVersion.set_by, GoalVersion.set_at),
                    (SavedView.saved_by, SavedView.saved_at),
                    (AnnotationNote.written_by, AnnotationNote.written_at),
                )
                for name, at in session.execute(select(*columns))
            ]
            # Everything else that people write is noted in the list of changes.
            written += [
                (name, at)
                for name, at in session.execute(select(AuditEntry.by, func.max(AuditEntry.at)).group_by(AuditEntry.by))
            ]
    except SQLAlchemyError as error:
        raise StoreError("The names could not be read", str(error)) from error
    newest_first = sorted(written, key=lambda item: item[1], reverse=True)
    return list(dict.fromkeys(name for name, _ in newest_first if name != PROGRAM))
