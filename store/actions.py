"""Who does what by when, for which KPI; an action comes back in every huddle and review until it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select

from store.capturing import LONGEST_LINE, LONGEST_NAME, checked, keep_once
from store.errors import StoreError
from store.room_models import Action
from store.writing import change, delete, reading, writing

STATUSES = ("open", "done", "dropped")


@dataclass(frozen=True)
class ToDo:
    """What is to be done and by whom; the KPI that it should move, and its number now (as text, in the metric's unit)."""

    text: str
    owner: str
    due: date | None = None
    metric: str | None = None
    number_then: str | None = None


@dataclass(frozen=True)
class ActionItem:
    """An action, who wrote it down and when (UTC); status is one of `STATUSES`."""

    id: str
    version: int
    huddle_id: str | None
    text: str
    owner: str
    due: date | None
    metric: str | None
    number_then: str | None
    status: str
    closed_on: date | None
    by: str
    at: datetime


def add_action(
    engine: Engine, todo: ToDo, by: str, huddle_id: str | None = None, client_key: str | None = None
) -> ActionItem:
    """Keep an action; one that was kept under the same client key is returned as it is.

    Raises
    ------
    StoreError
        It has no words or no owner; or the huddle is not there.
    """
    text = checked(todo.text, "What is to be done", LONGEST_LINE)
    owner = checked(todo.owner, "Who does it", LONGEST_NAME)
    with writing(engine, by, "The action") as session:
        row = Action(
            huddle_id=huddle_id,
            client_key=client_key,
            text=text,
            owner=owner,
            due=todo.due,
            metric=todo.metric,
            number_then=todo.number_then,
            status="open",
        )
        return _action(keep_once(session, Action, row))


def change_action(engine: Engine, action_id: str, version: int, todo: ToDo, by: str) -> ActionItem:
    """Change an action's words, owner or day; its KPI and the number then stay.

    Raises
    ------
    StoreError
        As `add_action`.
    ConflictError
        Somebody else changed it since it was read.
    """
    text = checked(todo.text, "What is to be done", LONGEST_LINE)
    owner = checked(todo.owner, "Who does it", LONGEST_NAME)
    with writing(engine, by, "The action") as session:
        row = change(session, Action, action_id, version, text=text, owner=owner, due=todo.due)
        session.flush()
        return _action(row)


def close_action(engine: Engine, action_id: str, version: int, status: str, on: date, by: str) -> ActionItem:
    """Close an action as done or dropped on a day, or open it again.

    Raises
    ------
    StoreError
        The status is none.
    ConflictError
        Somebody else changed it since it was read.
    """
    if status not in STATUSES:
        raise StoreError("The action cannot be closed", f"'{status}' should be one of {', '.join(STATUSES)}.")
    with writing(engine, by, "The action") as session:
        row = change(session, Action, action_id, version, status=status, closed_on=None if status == "open" else on)
        session.flush()
        return _action(row)


def delete_action(engine: Engine, action_id: str, version: int, by: str) -> None:
    """Delete an action; raises `ConflictError` where somebody changed it since it was read."""
    with writing(engine, by, "The action") as session:
        delete(session, Action, action_id, version)


def actions(engine: Engine, huddle_id: str | None = None) -> Sequence[ActionItem]:
    """Return every action, or those of a huddle, the newest first."""
    asked = select(Action).where(Action.deleted_at.is_(None))
    if huddle_id is not None:
        asked = asked.where(Action.huddle_id == huddle_id)
    with reading(engine, "The actions") as session:
        return [_action(row) for row in session.scalars(asked.order_by(Action.created_at.desc(), Action.id))]


def open_actions(engine: Engine) -> Sequence[ActionItem]:
    """Return the actions that are not closed: by the day they are due, those without a day last, then by age."""
    with reading(engine, "The actions") as session:
        rows = session.scalars(select(Action).where(Action.deleted_at.is_(None), Action.status == "open"))
        found = [_action(row) for row in rows]
    return sorted(found, key=lambda item: (item.due is None, item.due or date.max, item.at, item.id))


def _action(row: Action) -> ActionItem:
    return ActionItem(
        id=row.id,
        version=row.version,
        huddle_id=row.huddle_id,
        text=row.text,
        owner=row.owner,
        due=row.due,
        metric=row.metric,
        number_then=row.number_then,
        status=row.status,
        closed_on=row.closed_on,
        by=row.created_by,
        at=row.created_at,
    )
