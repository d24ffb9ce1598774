"""How everything that people write is kept: author and time on each row, nothing overwritten unseen, all of it undoable.

`writing` opens a session that notes each change in the audit list and turns a conflicting edit into a `ConflictError`
that carries the row as it is now. Rows that use it inherit `Written`.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import JSON, Engine, event, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeEngine

from store.errors import ConflictError, StoreError
from store.models import AuditEntry, Base, Written

Row = TypeVar("Row", bound=Written)
_BOOKKEEPING = ("version", "changed_at", "changed_by")


@dataclass(frozen=True)
class Change:
    """One entry of the audit list: who did what to which row, and what the row was before and after; `at` is UTC."""

    id: int
    at: datetime
    by: str
    table: str
    row_id: str
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class _WritingSession(Session):
    """A session whose changes are noted in the audit list."""


@contextmanager
def writing(engine: Engine, by: str, what: str) -> Iterator[Session]:
    """Open a session in which `by` writes; it is committed at the end, or not at all.

    Parameters
    ----------
    engine
        The store.
    by
        Who writes: no row is kept without a name.
    what
        What is written, in words, for errors: "The action".

    Raises
    ------
    StoreError
        Nobody says who writes, or it cannot be written.
    ConflictError
        A row was changed or deleted by somebody else since it was read.
    """
    if not by.strip():
        raise StoreError(f"{what} cannot be kept", "Say who writes it.")
    try:
        with _WritingSession(engine, info={"by": by.strip()}) as session, session.begin():
            session.connection(execution_options={"writes": True})
            yield session
    except StaleDataError as error:
        raise ConflictError(f"{what} was not changed", _CHANGED_MEANWHILE, None) from error
    except SQLAlchemyError as error:
        raise StoreError(f"{what} could not be kept", str(error)) from error


_CHANGED_MEANWHILE = "Somebody else changed it meanwhile. It is shown as it is now; change that, if it still needs it."


def change(session: Session, kind: type[Row], row_id: str, version: int, **values: Any) -> Row:
    """Change a row that was read at `version`.

    Raises
    ------
    ConflictError
        It was changed or deleted since; the error carries the row as it is now.
    """
    row = _as_read(session, kind, row_id, version)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def delete(session: Session, kind: type[Row], row_id: str, version: int) -> Row:
    """Delete a row that was read at `version`; it stays in the store, and `undo` brings it back.

    Raises
    ------
    ConflictError
        As `change`.
    """
    row = _as_read(session, kind, row_id, version)
    row.deleted_at, row.deleted_by = now(), session.info["by"]
    return row


def _as_read(session: Session, kind: type[Row], row_id: str, version: int) -> Row:
    row = session.get(kind, row_id)
    if row is None or row.deleted_at is not None:
        who = row.deleted_by if row is not None else None
        raise ConflictError(
            "It is no longer there", f"{who or 'Somebody'} deleted it meanwhile. Nothing was changed.", None
        )
    if row.version != version:
        raise ConflictError(
            "Somebody was faster",
            f"{row.changed_by} changed it meanwhile. It is shown as it is now; nothing of yours was kept.",
            plain_row(row),
        )
    return row


def hold(session: Session, kind: type[Base]) -> None:
    """Keep others from writing to a table until this session is done: what is compared must still be so when it is written.

    Called before anything is read.
    """
    if not isinstance(session, _WritingSession):  # that one says so when it begins
        session.connection(execution_options={"writes": True})
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # The name of a table of ours; it stands in no parameter.
        connection.execute(text(f"lock table {kind.__tablename__} in share row exclusive mode"))


def undo(engine: Engine, entry_id: int, by: str) -> None:
    """Take one change back, if nothing was changed since: the row is again what it was before.

    Raises
    ------
    StoreError
        There is no such change.
    ConflictError
        The row was changed since, so that taking this change back would overwrite another.
    """
    with writing(engine, by, "The change") as session:
        entry = session.get(AuditEntry, entry_id)
        kind = _tables().get(entry.table_name) if entry is not None else None
        row = session.get(kind, entry.row_id) if entry is not None and kind is not None else None
        if entry is None or row is None:
            raise StoreError("That cannot be taken back", "There is no such change.")
        after = json.loads(entry.after) if entry.after else {}
        current = plain_row(row)
        if any(current[name] != value for name, value in after.items() if name in current and name not in _BOOKKEEPING):
            raise ConflictError(
                "That cannot be taken back", f"{row.changed_by} changed it since. It is shown as it is now.", current
            )
        if entry.before is None:
            row.deleted_at, row.deleted_by = now(), session.info["by"]
            return
        columns = inspect(type(row)).columns
        for name, value in json.loads(entry.before).items():
            if name in columns and name not in _BOOKKEEPING:
                setattr(row, name, typed_value(value, columns[name].type))


def audit(engine: Engine, table: str | None = None, row_id: str | None = None, most: int = 200) -> Sequence[Change]:
    """Return the newest changes, of one table or row if it is named, newest first."""
    asked = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(most)
    if table is not None:
        asked = asked.where(AuditEntry.table_name == table)
    if row_id is not None:
        asked = asked.where(AuditEntry.row_id == row_id)
    with reading(engine, "The list of changes") as session:
        return [
            Change(
                entry.id,
                entry.at,
                entry.by,
                entry.table_name,
                entry.row_id,
                entry.action,
                json.loads(entry.before) if entry.before else None,
                json.loads(entry.after) if entry.after else None,
            )
            for entry in session.scalars(asked)
        ]


def newest_change(engine: Engine) -> int:
    """Return the number of the newest change of all: while it is the same, nothing that is noted has changed."""
    with reading(engine, "The list of changes") as session:
        return session.scalar(select(func.max(AuditEntry.id))) or 0


@contextmanager
def reading(engine: Engine, what: str) -> Iterator[Session]:
    """Open a session to read from; raises `StoreError`, which names `what`, where it cannot be read."""
    try:
        with Session(engine, expire_on_commit=False) as session:
            yield session
    except SQLAlchemyError as error:
        raise StoreError(f"{what} could not be read", str(error)) from error


def now() -> datetime:
    """Return this moment in UTC, as the store keeps moments."""
    return datetime.now(UTC).replace(tzinfo=None)


def plain_row(row: Base) -> dict[str, Any]:
    """Return a row's columns as JSON can hold them."""
    return {column.key: plain_value(getattr(row, column.key)) for column in inspect(type(row)).column_attrs}


def plain_value(value: Any) -> Any:
    """Return a column's value as JSON can hold it; `typed_value` is the way back."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


def typed_value(value: Any, column: TypeEngine[Any]) -> Any:
    """Return a value as its column holds it, from what `plain_row` made of it."""
    if value is None or isinstance(column, JSON):
        return value
    kind = column.python_type
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if kind is bytes:
        return base64.b64decode(value)
    return kind(value)


def _tables() -> dict[str, type[Written]]:
    return {
        mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Written)
    }


@event.listens_for(_WritingSession, "before_flush")
def _sign(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Write author and time on every row that is new or changed."""
    by, at = session.info["by"], now()
    for row in session.new:
        if isinstance(row, Written):
            row.created_by, row.created_at = by, at
            row.changed_by, row.changed_at = by, at
    for row in session.dirty:
        if isinstance(row, Written) and session.is_modified(row):
            row.changed_by, row.changed_at = by, at


@event.listens_for(_WritingSession, "after_flush")
def _note(session: Session, _context: UOWTransaction) -> None:
    """Note every change in the audit list, in the same transaction."""
    entries: list[tuple[str, Written, dict[str, Any] | None]] = [
        ("created", row, None) for row in session.new if isinstance(row, Written)
    ]
    for row in session.dirty:
        if isinstance(row, Written) and session.is_modified(row):
            before = _noted(row)
            state = inspect(row)
            for column in state.mapper.column_attrs:
                replaced = state.attrs[column.key].history.deleted
                if replaced and column.key in before:
                    before[column.key] = plain_value(replaced[0])
            entries.append((_action(was=before["deleted_at"], now_is=row.deleted_at), row, before))
    for action, row, was in entries:
        session.connection().execute(
            AuditEntry.__table__.insert(),  # type: ignore[attr-defined]
            {
                "at": now(),
                "by": session.info["by"],
                "table_name": row.__tablename__,
                "row_id": row.id,
                "action": action,
                "before": None if was is None else json.dumps(was, ensure_ascii=False),
                "after": json.dumps(_noted(row), ensure_ascii=False),
            },
        )


def _action(*, was: Any, now_is: Any) -> str:
    """Return what happened to a row, from when it was deleted before and after."""
    if (was is None) == (now_is is None):
        return "changed"
    return "restored" if now_is is None else "deleted"


def _noted(row: Written) -> dict[str, Any]:
    """Return what the audit list keeps of a row: everything but the frames of a frozen review, which never change."""
    return {name: value for name, value in plain_row(row).items() if not isinstance(getattr(row, name), bytes)}
