"""The shared goals that people type in: versions with author and time, never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from store.errors import StoreError
from store.models import GoalVersion

MEASURES = (
    "won_amount",
    "won_count",
    "accepted_amount",
    "accepted_count",
    "opportunity_count",
    "sourced_pipeline",
    "mql_count",
    "lead_count",
)
SCOPES = ("company", "team", "segment", "region", "owner")


@dataclass(frozen=True)
class Goal:
    """What is counted, over which days [start, end), for whom, and how much of it is wanted.

    `scope_value` is None for the company. Amounts are in the company's currency. `set_at` is UTC.
    """

    measure: str
    period_start: date
    period_end: date
    scope: str
    scope_value: str | None
    value: Decimal
    set_by: str
    set_at: datetime | None = None
    withdrawn_at: datetime | None = None


def set_goal(engine: Engine, goal: Goal) -> None:
    """Keep a goal as the newest version of its measure, period and scope.

    Raises
    ------
    StoreError
        The goal is not one (a negative value, a period that ends before it begins, nobody's name), or it cannot be
        written.
    """
    _check(goal)
    _write(
        engine,
        [
            GoalVersion(
                measure=goal.measure,
                period_start=goal.period_start,
                period_end=goal.period_end,
                scope=goal.scope,
                scope_value=goal.scope_value,
                value=goal.value,
                set_by=goal.set_by.strip(),
                set_at=_now(),
            )
        ],
    )


def withdraw_goal(engine: Engine, goal: Goal, by: str) -> bool:
    """Withdraw the newest typed-in version of a goal, so that the one before it (or an imported one) counts again.

    Returns
    -------
    bool
        Whether there was a version to withdraw.
    """
    try:
        with Session(engine) as session, session.begin():
            newest = session.scalars(
                select(GoalVersion)
                .where(*_same(goal), GoalVersion.withdrawn_at.is_(None))
                .order_by(GoalVersion.set_at.desc(), GoalVersion.id.desc())
            ).first()
            if newest is None:
                return False
            newest.withdrawn_at = _now()
            newest.withdrawn_by = by.strip() or "somebody"
            return True
    except SQLAlchemyError as error:
        raise StoreError("The goal could not be withdrawn", str(error)) from error


def current_goals(engine: Engine) -> Sequence[Goal]:
    """Return every version that was not withdrawn, oldest first; of one goal's versions the newest counts."""
    return [goal for goal in goal_versions(engine) if goal.withdrawn_at is None]


def goal_versions(engine: Engine) -> Sequence[Goal]:
    """Return every version ever typed in, the withdrawn ones included, oldest first."""
    try:
        with Session(engine) as session:
            rows = session.scalars(select(GoalVersion).order_by(GoalVersion.set_at, GoalVersion.id)).all()
            return [
                Goal(
                    measure=row.measure,
                    period_start=row.period_start,
                    period_end=row.period_end,
                    scope=row.scope,
                    scope_value=row.scope_value,
                    value=row.value,
                    set_by=row.set_by,
                    set_at=row.set_at,
                    withdrawn_at=row.withdrawn_at,
                )
                for row in rows
            ]
    except SQLAlchemyError as error:
        raise StoreError("The goals could not be read", str(error)) from error


def _same(goal: Goal) -> tuple[ColumnElement[bool], ...]:
    scope_value = (
        GoalVersion.scope_value.is_(None) if goal.scope_value is None else GoalVersion.scope_value == goal.scope_value
    )
    return (
        GoalVersion.measure == goal.measure,
        GoalVersion.period_start == goal.period_start,
        GoalVersion.period_end == goal.period_end,
        GoalVersion.scope == goal.scope,
        scope_value,
    )


def _write(engine: Engine, rows: Sequence[GoalVersion]) -> None:
    try:
        with Session(engine) as session, session.begin():
            session.add_all(rows)
    except SQLAlchemyError as error:
        raise StoreError("The goal could not be kept", str(error)) from error


def _check(goal: Goal) -> None:
    wrong = None
    if goal.measure not in MEASURES:
        wrong = f"'{goal.measure}' is not a measure; it should be one of {', '.join(MEASURES)}."
    elif goal.scope not in SCOPES:
        wrong = f"'{goal.scope}' is not a scope; it should be one of {', '.join(SCOPES)}."
    elif (goal.scope == "company") != (goal.scope_value is None):
        wrong = "The company's goal names no team, segment, region or owner; every other goal names one."
    elif goal.period_end <= goal.period_start:
        wrong = "The period ends before it begins."
    elif goal.value <= 0:
        wrong = "A goal is more than 0."
    elif not goal.set_by.strip():
        wrong = "Say who sets it."
    if wrong:
        raise StoreError("That goal cannot be kept", wrong)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
