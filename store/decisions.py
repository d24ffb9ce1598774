"""What was decided, the number as it stood then, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select

from store.capturing import LONGEST_LINE, LONGEST_WORDS, checked, keep_once
from store.room_models import Decision
from store.writing import change, delete, reading, writing


@dataclass(frozen=True)
class Decided:
    """What is decided: its KPI and the KPI's number now (as text of a number, in the metric's unit), when to look again."""

    text: str
    metric: str | None = None
    number_then: str | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class DecisionTaken:
    """A decision, who wrote it down and when (UTC); without an `outcome` it was not reviewed yet."""

    id: str
    version: int
    huddle_id: str | None
    text: str
    metric: str | None
    number_then: str | None
    review_on: date | None
    outcome: str | None
    by: str
    at: datetime
    changed_at: datetime


def add_decision(
    engine: Engine, decided: Decided, by: str, huddle_id: str | None = None, client_key: str | None = None
) -> DecisionTaken:
    """Keep a decision; one that was kept under the same client key is returned as it is.

    Raises
    ------
    StoreError
        It has no words, or too many; or the huddle is not there.
    """
    text = checked(decided.text, "The decision", LONGEST_LINE)
    with writing(engine, by, "The decision") as session:
        row = Decision(
            huddle_id=huddle_id,
            client_key=client_key,
            text=text,
            metric=decided.metric,
            number_then=decided.number_then,
            review_on=decided.review_on,
        )
        return _decision(keep_once(session, Decision, row))


def review_decision(engine: Engine, decision_id: str, version: int, outcome: str, by: str) -> DecisionTaken:
    """Keep what became of a decision.

    Raises
    ------
    StoreError
        Nothing is said.
    ConflictError
        Somebody else changed it since it was read.
    """
    kept = checked(outcome, "What became of it", LONGEST_WORDS)
    with writing(engine, by, "What became of the decision") as session:
        row = change(session, Decision, decision_id, version, outcome=kept)
        session.flush()
        return _decision(row)


def delete_decision(engine: Engine, decision_id: str, version: int, by: str) -> None:
    """Delete a decision; raises `ConflictError` where somebody changed it since it was read."""
    with writing(engine, by, "The decision") as session:
        delete(session, Decision, decision_id, version)


def decisions(engine: Engine, huddle_id: str | None = None) -> Sequence[DecisionTaken]:
    """Return every decision, or those of a huddle, the newest first."""
    asked = select(Decision).where(Decision.deleted_at.is_(None))
    if huddle_id is not None:
        asked = asked.where(Decision.huddle_id == huddle_id)
    with reading(engine, "The decisions") as session:
        return [_decision(row) for row in session.scalars(asked.order_by(Decision.created_at.desc(), Decision.id))]


def decisions_due(engine: Engine, on: date) -> Sequence[DecisionTaken]:
    """Return the decisions whose day of review has come and of which nobody said yet what became, the longest due first."""
    with reading(engine, "The decisions") as session:
        rows = session.scalars(
            select(Decision)
            .where(Decision.deleted_at.is_(None), Decision.outcome.is_(None), Decision.review_on <= on)
            .order_by(Decision.review_on, Decision.created_at, Decision.id)
        )
        return [_decision(row) for row in rows]


def _decision(row: Decision) -> DecisionTaken:
    return DecisionTaken(
        id=row.id,
        version=row.version,
        huddle_id=row.huddle_id,
        text=row.text,
        metric=row.metric,
        number_then=row.number_then,
        review_on=row.review_on,
        outcome=row.outcome,
        by=row.created_by,
        at=row.created_at,
        changed_at=row.changed_at,
    )
