"""Lines about something that has a place in the product: a week's review, a KPI, a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from store.capturing import LONGEST_LINE, checked
from store.room_models import Comment
from store.writing import delete, reading, writing


@dataclass(frozen=True)
class CommentLine:
    """A comment, who wrote it and when (UTC)."""

    id: str
    version: int
    about: str
    text: str
    by: str
    at: datetime


def add_comment(engine: Engine, about: str, text: str, by: str) -> CommentLine:
    """Keep a comment; raises `StoreError` where it has no words or nobody's name."""
    words = checked(text, "The comment", LONGEST_LINE)
    with writing(engine, by, "The comment") as session:
        row = Comment(about=about, text=words)
        session.add(row)
        session.flush()
        return _line(row)


def delete_comment(engine: Engine, comment_id: str, version: int, by: str) -> None:
    """Delete a comment; raises `ConflictError` if somebody changed it since."""
    with writing(engine, by, "The comment") as session:
        delete(session, Comment, comment_id, version)


def comments(engine: Engine, about: str) -> Sequence[CommentLine]:
    """Return the comments about something, the oldest first."""
    with reading(engine, "The comments") as session:
        rows = session.scalars(
            select(Comment)
            .where(Comment.about == about, Comment.deleted_at.is_(None))
            .order_by(Comment.created_at, Comment.id)
        )
        return [_line(row) for row in rows]


def _line(row: Comment) -> CommentLine:
    return CommentLine(row.id, row.version, row.about, row.text, row.created_by, row.created_at)
