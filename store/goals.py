"""The shared goals that people type in: versions with author and time, never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Engine, select
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

Key = tuple[str, date, date, str, str | None]


@dataclass(frozen=True)
class Goal:
    """What is counted, over which days [start, end), for whom, and how much of it is wanted.

    `scope_value` is None for the company. Amounts are in the company's currency. A `value` of None takes the goal
    back. `value_before` is what was in force when it was set. `set_at` is UTC.
    """

    measure: str
    period_start: date
    period_end: date
    scope: str
    scope_value: str | None
    value: Decimal | None
    set_by: str
    set_at: datetime | None = None
    withdrawn_at: datetime | None = None
    value_before: Decimal | None = None
    change_id: int | None = None
    version_id: int | None = None

    @property
    def key(self) -> Key:
        """Which goal this is a version of."""
        return self.measure, self.period_start, self.period_end, self.scope, self.scope_value


def current_goals(engine: Engine) -> Sequence[Goal]:
    """Return every version that was not withdrawn, oldest first; of one goal's versions the newest counts."""
    return [goal for goal in goal_versions(engine) if goal.withdrawn_at is None]


def newest_versions(goals: Sequence[Goal]) -> dict[Key, Goal]:
    """Return the version of each goal that counts, of versions in the order in which they were set."""
    return {goal.key: goal for goal in goals if goal.withdrawn_at is None}


def goal_versions(engine: Engine) -> Sequence[Goal]:
    """Return every version ever typed in, the withdrawn ones included, oldest first.

    Raises
    ------
    StoreError
        The store cannot be read.
    """
    try:
        with Session(engine) as session:
            return versions_in(session)
    except SQLAlchemyError as error:
        raise StoreError("The goals could not be read", str(error)) from error


def versions_in(session: Session) -> list[Goal]:
    """Return every version, oldest first, as a session sees them."""
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
            value_before=row.value_before,
            change_id=row.change_id,
            version_id=row.id,
        )
        for row in rows
    ]


def check_goal(goal: Goal) -> None:
    """Refuse what is no goal.

    Raises
    ------
    StoreError
        Another measure or scope, a period that ends before it begins, a value of 0 or less, nobody's name.
    """
    wrong = None
    if goal.measure not in MEASURES:
        wrong = f"'{goal.measure}' is not a measure; it should be one of {', '.join(MEASURES)}."
    elif goal.scope not in SCOPES:
        wrong = f"'{goal.scope}' is not a scope; it should be one of {', '.join(SCOPES)}."
    elif (goal.scope == "company") != (goal.scope_value is None):
        wrong = "The company's goal names no team, segment, region or owner; every other goal names one."
    elif goal.period_end <= goal.period_start:
        wrong = "The period ends before it begins."
    elif goal.value is not None and goal.value <= 0:
        wrong = "A goal is more than 0."
    elif not goal.set_by.strip():
        wrong = "Say who sets it."
    if wrong:
        raise StoreError("That goal cannot be kept", wrong)
