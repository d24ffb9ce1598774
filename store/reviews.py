"""Weekly reviews as they were frozen: what was shown is kept, so that it reopens as it was after later imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import defer

from store.errors import StoreError
from store.room_models import Review
from store.writing import delete, reading, writing

LONGEST_TITLE = 120


@dataclass(frozen=True)
class FrozenReview:
    """A frozen review without its frames; `warehouse` is the file that it was computed from, `at` is UTC."""

    id: str
    version: int
    as_of: date
    title: str
    query: str
    goals_hash: str
    settings_hash: str
    code_version: str
    warehouse: str
    by: str
    at: datetime


def freeze_review(engine: Engine, made: FrozenReview, frames: bytes, by: str) -> str:
    """Keep a review and return its id; it never changes again.

    Raises
    ------
    StoreError
        It has no title or a too long one, or nobody's name.
    """
    title = made.title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise StoreError("The review cannot be frozen", f"Give it a title of up to {LONGEST_TITLE} characters.")
    with writing(engine, by, "The review") as session:
        row = Review(
            as_of=made.as_of,
            title=title,
            query=made.query,
            goals_hash=made.goals_hash,
            settings_hash=made.settings_hash,
            code_version=made.code_version,
            warehouse=made.warehouse,
            frames=frames,
        )
        session.add(row)
        session.flush()
        return row.id


def frozen_reviews(engine: Engine) -> Sequence[FrozenReview]:
    """Return the frozen reviews, the newest first."""
    with reading(engine, "The reviews") as session:
        rows = session.scalars(
            select(Review)
            .options(defer(Review.frames))
            .where(Review.deleted_at.is_(None))
            .order_by(Review.as_of.desc(), Review.created_at.desc())
        )
        return [_frozen(row) for row in rows]


def frozen_review(engine: Engine, review_id: str) -> tuple[FrozenReview, bytes]:
    """Return a frozen review and its frames.

    Raises
    ------
    StoreError
        There is none of this id, or it was deleted.
    """
    with reading(engine, "The review") as session:
        row = session.get(Review, review_id)
        if row is None:
            raise StoreError("There is no such review", "The link names a review that was never kept here.")
        if row.deleted_at is not None:
            raise StoreError("That review was deleted", f"{row.deleted_by} deleted it.")
        return _frozen(row), row.frames


def delete_review(engine: Engine, review_id: str, version: int, by: str) -> None:
    """Delete a frozen review; raises `ConflictError` if somebody changed it since."""
    with writing(engine, by, "The review") as session:
        delete(session, Review, review_id, version)


def _frozen(row: Review) -> FrozenReview:
    return FrozenReview(
        id=row.id,
        version=row.version,
        as_of=row.as_of,
        title=row.title,
        query=row.query,
        goals_hash=row.goals_hash,
        settings_hash=row.settings_hash,
        code_version=row.code_version,
        warehouse=row.warehouse,
        by=row.created_by,
        at=row.created_at,
    )
