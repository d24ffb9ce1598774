"""What both teams agree on, in versions: proposed by one, in force once marketing and sales have both signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from store.agreed_models import AgreedSignature, AgreedVersion
from store.capturing import LONGEST_LINE, checked
from store.errors import ConflictError, StoreError
from store.narratives import TEAMS
from store.writing import hold, now, plain_row, reading, writing

SLA = "sla"
SUBJECTS = (SLA, "win_rate", "sourced", "coverage")


@dataclass(frozen=True)
class Signed:
    """A team's signature: by whom and when (UTC)."""

    team: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Agreed:
    """One version of what is agreed on a subject: its terms, from when on they hold, why, and who has signed."""

    id: str
    subject: str
    number: int
    terms: Mapping[str, Any]
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
    engine: Engine, subject: str, terms: Mapping[str, Any], begins: date, reason: str, by: str, *, team: str, seen: int
) -> Agreed:
    """Keep a new version, signed by the team of who proposes it; the other team's signature puts it in force.

    Parameters
    ----------
    engine
        The store.
    subject
        One of `SUBJECTS`.
    terms
        What is agreed, as JSON can hold it.
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
        The subject or the team is none, the reason is empty, or the terms are those of the version before.
    ConflictError
        Somebody proposed another version since.
    """
    if subject not in SUBJECTS:
        raise StoreError("That cannot be agreed on", f"'{subject}' should be one of {', '.join(SUBJECTS)}.")
    _check_team(team)
    why = checked(reason, "The reason", LONGEST_LINE)
    with writing(engine, by, "The agreement") as session:
        hold(session, AgreedVersion)
        rows = _rows(session, subject)
        newest = rows[-1] if rows else None
        if newest is not None and newest.number != seen:
            raise ConflictError(
                "Somebody was faster",
                f"{newest.created_by} proposed another version meanwhile. It is shown; nothing of yours was kept.",
                plain_row(newest),
            )
        if newest is not None and newest.terms == dict(terms) and newest.begins == begins:
            raise StoreError("Nothing was changed", "The newest version says the same.")
        row = AgreedVersion(
            subject=subject,
            number=newest.number + 1 if newest else 1,
            terms=dict(terms),
            begins=begins,
            reason=why,
        )
        session.add(row)
        session.flush()
        signature = AgreedSignature(agreed_id=row.id, team=team)
        session.add(signature)
        session.flush()
        return _agreed(row, [signature])


def sign(engine: Engine, agreed_id: str, team: str, by: str) -> None:
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
        hold(session, AgreedSignature)
        row = session.get(AgreedVersion, agreed_id)
        if row is None or row.deleted_at is not None:
            raise StoreError("That cannot be signed", "The version is no longer there.")
        newest = _rows(session, row.subject)[-1]
        if newest.id != agreed_id:
            raise ConflictError(
                "There is a newer version", f"{newest.created_by} proposed it. Read it first.", plain_row(newest)
            )
        standing = _signatures(session, [agreed_id])
        if any(item.team == team for item in standing):
            return
        if any(item.created_by == by.strip() for item in standing):
            raise StoreError(
                "That cannot be signed", f"{by.strip()} has signed for the other team: it takes two people."
            )
        session.add(AgreedSignature(agreed_id=agreed_id, team=team))


def withdraw(engine: Engine, agreed_id: str, by: str) -> None:
    """Take back a version that both teams have not signed; it stays in the list of changes.

    Raises
    ------
    StoreError
        It is not there, or it is signed by both: then only a new version can follow it.
    """
    with writing(engine, by, "The agreement") as session:
        hold(session, AgreedVersion)
        row = session.get(AgreedVersion, agreed_id)
        if row is None or row.deleted_at is not None:
            raise StoreError("That cannot be withdrawn", "The version is no longer there.")
        if _agreed(row, _signatures(session, [agreed_id])).is_signed:
            raise StoreError("That cannot be withdrawn", "Both teams have signed it; propose a new version instead.")
        row.deleted_at, row.deleted_by = now(), session.info["by"]


def agreed_versions(engine: Engine, subject: str) -> Sequence[Agreed]:
    """Return the versions of a subject, the first one first, those that wait for a signature among them."""
    with reading(engine, "The agreement") as session:
        rows = _rows(session, subject)
        signatures = _signatures(session, [row.id for row in rows])
        return [_agreed(row, [item for item in signatures if item.agreed_id == row.id]) for row in rows]


def in_force(versions: Sequence[Agreed], on: date) -> Agreed | None:
    """Return the version in force on a day: of those signed by both that have begun, the newest; None without any."""
    begun = [version for version in versions if version.is_signed and version.begins <= on]
    return max(begun, key=lambda version: (version.begins, version.number)) if begun else None


def _check_team(team: str) -> None:
    if team not in TEAMS:
        raise StoreError("That cannot be signed", f"'{team}' should be {' or '.join(TEAMS)}.")


def _rows(session: Session, subject: str) -> list[AgreedVersion]:
    return list(
        session.scalars(
            select(AgreedVersion)
            .where(AgreedVersion.subject == subject, AgreedVersion.deleted_at.is_(None))
            .order_by(AgreedVersion.number)
        )
    )


def _signatures(session: Session, ids: Sequence[str]) -> list[AgreedSignature]:
    return list(
        session.scalars(
            select(AgreedSignature)
            .where(AgreedSignature.agreed_id.in_(ids), AgreedSignature.deleted_at.is_(None))
            .order_by(AgreedSignature.created_at)
        )
    )


def _agreed(row: AgreedVersion, signatures: Sequence[AgreedSignature]) -> Agreed:
    return Agreed(
        id=row.id,
        subject=row.subject,
        number=row.number,
        terms=row.terms,
        begins=row.begins,
        reason=row.reason,
        by=row.created_by,
        at=row.created_at,
        signatures=tuple(Signed(item.team, item.created_by, item.created_at) for item in signatures),
    )
