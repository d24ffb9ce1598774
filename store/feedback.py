"""What customers said, carried from sales to marketing, with marketing's reply and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from store.capturing import LONGEST_NAME, LONGEST_THEME, LONGEST_WORDS, checked, keep_once, optional
from store.errors import StoreError
from store.room_models import Feedback
from store.writing import change, delete, reading, writing

STATUSES = ("open", "answered", "used", "declined")


@dataclass(frozen=True)
class Said:
    """What a customer said; only the words have to be there."""

    words: str
    account: str = ""
    theme: str | None = None
    product: str | None = None
    stage: str | None = None


@dataclass(frozen=True)
class CustomerFeedback:
    """What a customer said, who wrote it down and when (UTC), and marketing's reply; status is one of `STATUSES`."""

    id: str
    version: int
    huddle_id: str | None
    account: str
    words: str
    theme: str | None
    product: str | None
    stage: str | None
    reply: str | None
    replied_by: str | None
    status: str
    by: str
    at: datetime


def add_feedback(
    engine: Engine, said: Said, by: str, huddle_id: str | None = None, client_key: str | None = None
) -> CustomerFeedback:
    """Keep what a customer said; what was kept under the same client key is returned as it is.

    A theme is kept in the letters in which it was first written, whatever the case it is written in now.

    Raises
    ------
    StoreError
        The words are missing, or something is too long; or the huddle is not there.
    """
    values = {
        "words": checked(said.words, "What the customer said", LONGEST_WORDS),
        "account": optional(said.account, "The account", LONGEST_NAME) or "",
        "product": optional(said.product, "The product", LONGEST_NAME),
        "stage": optional(said.stage, "The stage", LONGEST_NAME),
    }
    theme = optional(said.theme, "The theme", LONGEST_THEME)
    with writing(engine, by, "What the customer said") as session:
        known = session.scalars(select(Feedback.theme).where(Feedback.theme.is_not(None)).distinct())
        by_letters = {name.casefold(): name for name in sorted(filter(None, known))}
        theme = by_letters.get(theme.casefold(), theme) if theme else None
        row = Feedback(huddle_id=huddle_id, client_key=client_key, theme=theme, status="open", **values)
        return _feedback(keep_once(session, Feedback, row))


def reply_feedback(
    engine: Engine, feedback_id: str, version: int, reply: str, status: str, by: str
) -> CustomerFeedback:
    """Keep marketing's reply and what became of it.

    Raises
    ------
    StoreError
        The status is none, or it is no longer open and the reply is missing.
    ConflictError
        Somebody else changed it since it was read.
    """
    if status not in STATUSES:
        raise StoreError("That reply cannot be kept", f"'{status}' should be one of {', '.join(STATUSES)}.")
    kept = optional(reply, "The reply", LONGEST_WORDS)
    if status != "open" and kept is None:
        raise StoreError("That reply cannot be kept", "Say in a sentence what was done with it, or why nothing was.")
    with writing(engine, by, "The reply") as session:
        row = change(
            session, Feedback, feedback_id, version, reply=kept, status=status, replied_by=by.strip() if kept else None
        )
        session.flush()
        return _feedback(row)


def delete_feedback(engine: Engine, feedback_id: str, version: int, by: str) -> None:
    """Delete what was written down; raises `ConflictError` where somebody changed it since it was read."""
    with writing(engine, by, "What the customer said") as session:
        delete(session, Feedback, feedback_id, version)


def feedback(engine: Engine, since: datetime | None = None, huddle_id: str | None = None) -> Sequence[CustomerFeedback]:
    """Return what customers said, written down after a moment (UTC) or in a huddle where one is named, the newest first."""
    asked = select(Feedback).where(Feedback.deleted_at.is_(None))
    if since is not None:
        asked = asked.where(Feedback.created_at > since)
    if huddle_id is not None:
        asked = asked.where(Feedback.huddle_id == huddle_id)
    with reading(engine, "What customers said") as session:
        rows = session.scalars(asked.order_by(Feedback.created_at.desc(), Feedback.id))
        return [_feedback(row) for row in rows]


def _feedback(row: Feedback) -> CustomerFeedback:
    return CustomerFeedback(
        id=row.id,
        version=row.version,
        huddle_id=row.huddle_id,
        account=row.account,
        words=row.words,
        theme=row.theme,
        product=row.product,
        stage=row.stage,
        reply=row.reply,
        replied_by=row.replied_by,
        status=row.status,
        by=row.created_by,
        at=row.created_at,
    )
