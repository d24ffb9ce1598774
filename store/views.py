"""Saved views: a page with its filters and choices, by a name that people give it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from store.errors import StoreError
from store.models import SavedView
from store.writing import now

LONGEST_NAME = 80


@dataclass(frozen=True)
class View:
    """A name, the page's address, and its query string. `saved_at` is UTC."""

    id: int
    name: str
    page: str
    query: str
    saved_by: str
    saved_at: datetime


def save_view(engine: Engine, name: str, page: str, query: str, by: str) -> View:
    """Keep a page with its choices under a name that no other view has.

    Raises
    ------
    StoreError
        The name is missing, too long or taken (capitals make no difference), nobody says who saves it, or it cannot
        be written.
    """
    name, by = _checked(name), by.strip()
    if not by:
        raise StoreError("That view cannot be kept", "Say who saves it.")
    try:
        with Session(engine) as session, session.begin():
            _refuse_taken(session, name)
            row = SavedView(name=name, page=page, query=query, saved_by=by, saved_at=now())
            session.add(row)
            session.flush()
            return _view(row)
    except SQLAlchemyError as error:
        raise StoreError("The view could not be kept", str(error)) from error


def rename_view(engine: Engine, view_id: int, name: str) -> bool:
    """Give a view another name; return whether it is still there.

    Raises
    ------
    StoreError
        As `save_view`.
    """
    name = _checked(name)
    try:
        with Session(engine) as session, session.begin():
            row = session.get(SavedView, view_id)
            if row is None or row.deleted_at is not None:
                return False
            _refuse_taken(session, name, but=view_id)
            row.name = name
            return True
    except SQLAlchemyError as error:
        raise StoreError("The view could not be renamed", str(error)) from error


def delete_view(engine: Engine, view_id: int, by: str) -> bool:
    """Delete a view; return whether it was still there. `restore_view` brings it back."""
    try:
        with Session(engine) as session, session.begin():
            row = session.get(SavedView, view_id)
            if row is None or row.deleted_at is not None:
                return False
            row.deleted_at, row.deleted_by = now(), by.strip() or "somebody"
            return True
    except SQLAlchemyError as error:
        raise StoreError("The view could not be deleted", str(error)) from error


def restore_view(engine: Engine, view_id: int) -> bool:
    """Bring a deleted view back; return whether it was deleted.

    Raises
    ------
    StoreError
        Another view has taken its name meanwhile, or it cannot be written.
    """
    try:
        with Session(engine) as session, session.begin():
            row = session.get(SavedView, view_id)
            if row is None or row.deleted_at is None:
                return False
            _refuse_taken(session, row.name)
            row.deleted_at = row.deleted_by = None
            return True
    except SQLAlchemyError as error:
        raise StoreError("The view could not be brought back", str(error)) from error


def saved_views(engine: Engine) -> Sequence[View]:
    """Return every view that was not deleted, by name."""
    try:
        with Session(engine) as session:
            rows = session.scalars(select(SavedView).where(SavedView.deleted_at.is_(None))).all()
            return sorted((_view(row) for row in rows), key=lambda view: view.name.casefold())
    except SQLAlchemyError as error:
        raise StoreError("The saved views could not be read", str(error)) from error


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise StoreError("That view cannot be kept", "Give it a name.")
    if len(name) > LONGEST_NAME:
        raise StoreError("That view cannot be kept", f"Its name is longer than {LONGEST_NAME} letters.")
    return name


def _refuse_taken(session: Session, name: str, but: int | None = None) -> None:
    taken = session.execute(select(SavedView.id, SavedView.name).where(SavedView.deleted_at.is_(None)))
    if any(found.casefold() == name.casefold() and number != but for number, found in taken):
        raise StoreError("That view cannot be kept", f"There is a view named '{name}' already; choose another name.")


def _view(row: SavedView) -> View:
    return View(row.id, row.name, row.page, row.query, row.saved_by, row.saved_at)
