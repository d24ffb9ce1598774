"""Lines that are captured while people speak: kept once, however often a browser sends them."""

import re
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.errors import StoreError
from store.models import Written
from store.room_models import Huddle
from store.writing import hold

Captured = TypeVar("Captured", bound=Written)

LONGEST_LINE = 500
LONGEST_WORDS = 2000
LONGEST_NAME = 200
LONGEST_THEME = 80
_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")


def keep_once(session: Session, kind: type[Captured], row: Captured) -> Captured:
    """Add a captured row, unless one with its client key is there: then return that one, as it is now.

    Raises
    ------
    StoreError
        The key is none that a browser of ours makes, or the huddle is not there.
    """
    key: str | None = row.client_key  # type: ignore[attr-defined]
    huddle_id: str | None = row.huddle_id  # type: ignore[attr-defined]
    hold(session, kind)
    if key is not None:
        if not _KEY.fullmatch(key):
            raise StoreError("That line cannot be kept", "Its key is not of letters, digits and dashes.")
        found = session.scalars(select(kind).where(kind.client_key == key)).first()  # type: ignore[attr-defined]
        if found is not None:
            return found
    if huddle_id is not None:
        huddle = session.get(Huddle, huddle_id)
        if huddle is None or huddle.deleted_at is not None:
            raise StoreError("That line cannot be kept", "The huddle that it was said in is no longer there.")
    session.add(row)
    session.flush()
    return row


def checked(text: str | None, what: str, longest: int) -> str:
    """Return a text that has to be there, without blanks around it.

    Raises
    ------
    StoreError
        It is empty or too long; the message names `what`: "What the customer said".
    """
    kept = (text or "").strip()
    if not kept:
        raise StoreError("That line cannot be kept", f"{what} is missing.")
    return optional(kept, what, longest) or ""


def optional(text: str | None, what: str, longest: int) -> str | None:
    """Return a text that need not be there; None where it is empty.

    Raises
    ------
    StoreError
        It is too long.
    """
    kept = (text or "").strip()
    if len(kept) > longest:
        raise StoreError("That line cannot be kept", f"{what} is longer than {longest} letters; say it shorter.")
    return kept or None
