"""Changing goals: one or many at once, with author and reason, refused where somebody else was faster, undone by a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from store.errors import StoreError
from store.goals import Goal, Key, check_goal, newest_versions, versions_in
from store.models import GoalChangeRow, GoalVersion
from store.writing import hold

_LONGEST_REASON = 400


class GoalConflictError(StoreError):
    """Somebody else set some of these goals after they were shown: nothing was kept. `since` holds their versions."""

    def __init__(self, since: Sequence[Goal]) -> None:
        self.since = tuple(since)
        told = "; ".join(f"{_words(goal)} is now {_value(goal)}, by {goal.set_by}" for goal in since[:5])
        more = f", and {len(since) - 5} more" if len(since) > 5 else ""
        super().__init__(
            "Somebody else changed this meanwhile",
            f"{told}{more}. Nothing of yours was kept: look at what is there now, and change it again.",
        )


@dataclass(frozen=True)
class GoalChange:
    """One change: who made it, when (UTC) and why, the versions that it set, what it undoes and what undid it."""

    change_id: int
    made_at: datetime
    made_by: str
    reason: str | None
    undoes: int | None
    undone_by: int | None
    versions: tuple[Goal, ...]


def set_goal(engine: Engine, goal: Goal) -> int:
    """Keep a goal as the newest version of its measure, period and scope, whatever was there; return the change's number.

    Raises
    ------
    StoreError
        As `change_goals`.
    """
    return change_goals(engine, [goal], by=goal.set_by)


def change_goals(
    engine: Engine,
    goals: Sequence[Goal],
    *,
    by: str,
    reason: str | None = None,
    seen: Mapping[Key, int | None] | None = None,
) -> int:
    """Keep goals as new versions, all or none, in one change; return its number.

    Parameters
    ----------
    engine
        The store.
    goals
        The goals as they shall be; a `value` of None takes one back. `value_before` is kept as what was in force.
    by
        Who changes them.
    reason
        Why.
    seen
        For each goal the number of the newest typed-in version that its author saw (None: there was none). Without
        it, nothing is compared.

    Raises
    ------
    GoalConflictError
        There is a newer version of a goal than its author saw; nothing is kept.
    StoreError
        One of them is no goal, or they cannot be written; nothing is kept.
    """
    if not goals:
        raise StoreError("Nothing is to be kept", "No goal was changed.")
    named = [replace(goal, set_by=by.strip()) for goal in goals]
    for goal in named:
        check_goal(goal)
    try:
        with Session(engine) as session, session.begin():
            hold(session, GoalVersion)
            newest = newest_versions(versions_in(session))
            if seen is not None:
                _refuse_if_newer(named, newest, seen)
            return _keep(session, named, by, reason, undoes=None)
    except SQLAlchemyError as error:
        raise StoreError("The goals could not be kept", str(error)) from error


def goal_changes(engine: Engine) -> Sequence[GoalChange]:
    """Return every change of goals, newest first.

    Raises
    ------
    StoreError
        The store cannot be read.
    """
    try:
        with Session(engine) as session:
            return _changes_in(session)
    except SQLAlchemyError as error:
        raise StoreError("The changes of goals could not be read", str(error)) from error


def last_undoable(changes: Sequence[GoalChange]) -> GoalChange | None:
    """Return the newest change that undoes nothing and was not undone."""
    return next((change for change in changes if change.undoes is None and change.undone_by is None), None)


def undo_last_change(engine: Engine, by: str) -> GoalChange | None:
    """Set what the last change replaced, as a change of its own; return the change undone, or None without one.

    Raises
    ------
    GoalConflictError
        Some of its goals hold another value by now; nothing is undone.
    StoreError
        Nobody is named, or it cannot be written.
    """
    try:
        with Session(engine) as session, session.begin():
            hold(session, GoalVersion)
            last = last_undoable(_changes_in(session))
            if last is None:
                return None
            newest = newest_versions(versions_in(session))
            other = [newest[version.key] for version in last.versions if newest[version.key].value != version.value]
            if other:
                raise GoalConflictError(other)
            back = [
                replace(version, value=version.value_before, value_before=version.value, set_by=by.strip())
                for version in last.versions
            ]
            for goal in back:
                # What was imported may be a value that nobody could type in.
                check_goal(replace(goal, value=None))
            _keep(session, back, by, None, undoes=last.change_id)
            return last
    except SQLAlchemyError as error:
        raise StoreError("The change could not be undone", str(error)) from error


def _refuse_if_newer(goals: Sequence[Goal], newest: Mapping[Key, Goal], seen: Mapping[Key, int | None]) -> None:
    since = []
    for goal in goals:
        found = newest.get(goal.key)
        if found is not None and found.version_id != seen.get(goal.key):
            since.append(found)
    if since:
        raise GoalConflictError(since)


def _keep(session: Session, goals: Sequence[Goal], by: str, reason: str | None, undoes: int | None) -> int:
    now = datetime.now(UTC).replace(tzinfo=None)
    told = (reason or "").strip()[:_LONGEST_REASON] or None
    change = GoalChangeRow(made_at=now, made_by=by.strip(), reason=told, undoes=undoes)
    session.add(change)
    session.flush()
    session.add_all(
        GoalVersion(
            measure=goal.measure,
            period_start=goal.period_start,
            period_end=goal.period_end,
            scope=goal.scope,
            scope_value=goal.scope_value,
            value=goal.value,
            value_before=goal.value_before,
            change_id=change.id,
            set_by=goal.set_by,
            set_at=now,
        )
        for goal in goals
    )
    return change.id


def _changes_in(session: Session) -> list[GoalChange]:
    versions: dict[int, list[Goal]] = {}
    for goal in versions_in(session):
        if goal.change_id is not None:
            versions.setdefault(goal.change_id, []).append(goal)
    rows = session.scalars(select(GoalChangeRow).order_by(GoalChangeRow.id.desc())).all()
    undone = {row.undoes: row.id for row in rows if row.undoes is not None}
    return [
        GoalChange(
            change_id=row.id,
            made_at=row.made_at,
            made_by=row.made_by,
            reason=row.reason,
            undoes=row.undoes,
            undone_by=undone.get(row.id),
            versions=tuple(versions.get(row.id, ())),
        )
        for row in rows
    ]


def _words(goal: Goal) -> str:
    whom = "the company" if goal.scope_value is None else f"{goal.scope} {goal.scope_value}"
    return f"{goal.measure.replace('_', ' ')} of {whom} from {goal.period_start:%Y-%m-%d}"


def _value(goal: Goal) -> str:
    return "taken back" if goal.value is None else f"{goal.value:,.2f}"
