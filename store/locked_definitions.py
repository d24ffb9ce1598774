"""How a number is counted that may be counted in several ways: proposed by one team, in force once both have signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from base.definitions import DEFINITIONS
from store.capturing import LONGEST_LINE, checked
from store.definition_models import DefinitionSignature, DefinitionVersion
from store.errors import ConflictError, StoreError
from store.narratives import TEAMS
from store.writing import hold, now, plain_row, reading, writing


@dataclass(frozen=True)
class Signed:
    """A team's signature: by whom and when (UTC)."""

    team: str
    by: str
    at: datetime


@dataclass(frozen=True)
class LockedDefinition:
    """One version of how a number is counted: the way, from when on it holds, why, and who has signed."""

    id: str
    subject: str
    number: int
    way: str
    begins: date
    reason: str
    by: str
    at: datetime
    signatures: tuple[Signed, ...]

    @property
    def is_signed(self) -> bool:
        """Whether both teams have signed."""
        return not self.missing

    @property
    def missing(self) -> tuple[str, ...]:
        """The teams that have not signed."""
        signed = {signature.team for signature in self.signatures}
        return tuple(team for team in TEAMS if team not in signed)

    @property
    def signers(self) -> str:
        """Who has signed, in words."""
        return " and ".join(f"{item.by} ({item.team})" for item in self.signatures) or "nobody"


def propose(
    engine: Engine, subject: str, way: str, begins: date, reason: str, by: str, *, team: str, seen: int
) -> LockedDefinition:
    """Keep a new version, signed by the team of who proposes it; the other team's signature puts it in force.

    Parameters
    ----------
    engine
        The store.
    subject
        The number: one of `base.definitions.DEFINITIONS`.
    way
        One of its ways.
    begins
        The first day on which it holds.
    reason
        Why: in a year somebody will ask.
    by, team
        Who proposes it, and for which team.
    seen
        The number of the newest version that was read; 0 where there was none.

    Raises
    ------
    StoreError
        The number, the way or the team is none, the reason is empty, or the newest version says the same.
    ConflictError
        Somebody proposed another version since.
    """
    if way not in DEFINITIONS.get(subject, ()):
        known = "; ".join(f"{name}: {', '.join(ways)}" for name, ways in DEFINITIONS.items())
        raise StoreError("That cannot be agreed on", f"'{subject}' by '{way}' is none of {known}.")
    _check_team(team)
    why = checked(reason, "The reason", LONGEST_LINE)
    with writing(engine, by, "The definition") as session:
        hold(session, DefinitionVersion)
        rows = _rows(session, subject)
        newest = rows[-1] if rows else None
        if newest is not None and newest.number != seen:
            raise ConflictError(
                "Somebody was faster",
                f"{newest.created_by} proposed another version meanwhile. It is shown; nothing of yours was kept.",
                plain_row(newest),
            )
        if newest is not None and newest.way == way and newest.begins == begins:
            raise StoreError("Nothing was changed", "The newest version says the same.")
        row = DefinitionVersion(
            subject=subject,
            number=newest.number + 1 if newest else 1,
            way=way,
            begins=begins,
            reason=why,
        )
        session.add(row)
        session.flush()
        signature = DefinitionSignature(definition_id=row.id, team=team)
        session.add(signature)
        session.flush()
        return _locked(row, [signature])


def sign(engine: Engine, definition_id: str, team: str, by: str) -> None:
    """Sign a version for a team; signing twice changes nothing.

    Raises
    ------
    StoreError
        The team is none, the version is not there, or the same person has signed for the other team.
    ConflictError
        There is a newer version.
    """
    _check_team(team)
    with writing(engine, by, "The signature") as session:
        hold(session, DefinitionSignature)
        row = session.get(DefinitionVersion, definition_id)
        if row is None or row.deleted_at is not None:
            raise StoreError("That cannot be signed", "The version is no longer there.")
        newest = _rows(session, row.subject)[-1]
        if newest.id != definition_id:
            raise ConflictError(
                "There is a newer version", f"{newest.created_by} proposed it. Read it first.", plain_row(newest)
            )
        standing = _signatures(session, [definition_id])
        if any(item.team == team for item in standing):
            return
        if any(item.created_by == by.strip() for item in standing):
            raise StoreError(
                "That cannot be signed", f"{by.strip()} has signed for the other team: it takes two people."
            )
        session.add(DefinitionSignature(definition_id=definition_id, team=team))


def withdraw(engine: Engine, definition_id: str, by: str) -> None:
    """Take back a version that both teams have not signed; it stays in the list of changes.

    Raises
    ------
    StoreError
        It is not there, or it is signed by both: then only a new version can follow it.
    """
    with writing(engine, by, "The definition") as session:
        hold(session, DefinitionVersion)
        row = session.get(DefinitionVersion, definition_id)
        if row is None or row.deleted_at is not None:
            raise StoreError("That cannot be withdrawn", "The version is no longer there.")
        if _locked(row, _signatures(session, [definition_id])).is_signed:
            raise StoreError("That cannot be withdrawn", "Both teams have signed it; propose a new version instead.")
        row.deleted_at, row.deleted_by = now(), session.info["by"]


def definition_versions(engine: Engine, subject: str) -> Sequence[LockedDefinition]:
    """Return the versions of a subject, the first one first, those that wait for a signature among them."""
    with reading(engine, "The definition") as session:
        rows = _rows(session, subject)
        signatures = _signatures(session, [row.id for row in rows])
        return [_locked(row, [item for item in signatures if item.definition_id == row.id]) for row in rows]


def in_force(versions: Sequence[LockedDefinition], on: date) -> LockedDefinition | None:
    """Return the version in force on a day: of those signed by both that have begun, the newest; None without any."""
    begun = [version for version in versions if version.is_signed and version.begins <= on]
    return max(begun, key=lambda version: (version.begins, version.number)) if begun else None


def _check_team(team: str) -> None:
    if team not in TEAMS:
        raise StoreError("That cannot be signed", f"'{team}' should be {' or '.join(TEAMS)}.")


def _rows(session: Session, subject: str) -> list[DefinitionVersion]:
    return list(
        session.scalars(
            select(DefinitionVersion)
            .where(DefinitionVersion.subject == subject, DefinitionVersion.deleted_at.is_(None))
            .order_by(DefinitionVersion.number)
        )
    )


def _signatures(session: Session, ids: Sequence[str]) -> list[DefinitionSignature]:
    return list(
        session.scalars(
            select(DefinitionSignature)
            .where(DefinitionSignature.definition_id.in_(ids), DefinitionSignature.deleted_at.is_(None))
            .order_by(DefinitionSignature.created_at)
        )
    )


def _locked(row: DefinitionVersion, signatures: Sequence[DefinitionSignature]) -> LockedDefinition:
    return LockedDefinition(
        id=row.id,
        subject=row.subject,
        number=row.number,
        way=row.way,
        begins=row.begins,
        reason=row.reason,
        by=row.created_by,
        at=row.created_at,
        signatures=tuple(Signed(item.team, item.created_by, item.created_at) for item in signatures),
    )
