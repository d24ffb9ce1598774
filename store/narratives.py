"""The story that both teams tell a client: worded in versions, each signed off by marketing and by sales."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from store.capturing import LONGEST_LINE, checked
from store.errors import ConflictError, StoreError
from store.room_models import Narrative, SignOff
from store.writing import hold, now, plain_row, reading, writing

TEAMS = ("marketing", "sales")
FIELDS = ("client", "problem", "trend", "product", "proof")


@dataclass(frozen=True)
class Wording:
    """What a card says, the feedback theme and the metric that it rests on (None: nothing is watched)."""

    client: str
    problem: str
    trend: str
    product: str
    proof: str
    theme: str | None = None
    metric: str | None = None


@dataclass(frozen=True)
class Signature:
    """A team's sign-off of a wording: by whom and when (UTC), and the numbers under it as they stood on `as_of`."""

    team: str
    by: str
    at: datetime
    as_of: date | None
    number_then: str | None
    theme_count: int | None


@dataclass(frozen=True)
class NarrativeVersion:
    """One wording of a card, its number counted from 1, with the sign-offs it has."""

    id: str
    card: str
    number: int
    wording: Wording
    by: str
    at: datetime
    signatures: tuple[Signature, ...]

    @property
    def is_agreed(self) -> bool:
        """Whether both teams signed it off."""
        return {signature.team for signature in self.signatures} >= set(TEAMS)

    @property
    def missing(self) -> tuple[str, ...]:
        """The teams that have not signed it off."""
        signed = {signature.team for signature in self.signatures}
        return tuple(team for team in TEAMS if team not in signed)


def write_narrative(
    engine: Engine, wording: Wording, by: str, card: str | None = None, seen: int | None = None
) -> NarrativeVersion:
    """Keep a wording: of a new card, or the next one of a card, which then needs both sign-offs anew.

    Parameters
    ----------
    engine
        The store.
    wording
        What the card says.
    by
        Who words it.
    card
        The card; a new one without it.
    seen
        The number of the newest wording that was read.

    Raises
    ------
    StoreError
        A part is empty or too long, or nothing was changed.
    ConflictError
        Somebody else worded the card anew since it was read.
    """
    parts = {name: checked(getattr(wording, name), f"The {name}", LONGEST_LINE) for name in FIELDS}
    with writing(engine, by, "The narrative") as session:
        hold(session, Narrative)
        rows = _rows(session, card) if card is not None else []
        newest = rows[-1] if rows else None
        if card is not None and newest is None:
            raise StoreError("That card is no longer there", "It was deleted; write a new one.")
        if newest is not None and newest.number != seen:
            raise ConflictError(
                "Somebody was faster",
                f"{newest.created_by} worded it anew meanwhile. That is shown; nothing of yours was kept.",
                plain_row(newest),
            )
        kept = {**parts, "theme": wording.theme or None, "metric": wording.metric or None}
        if newest is not None and all(getattr(newest, name) == value for name, value in kept.items()):
            raise StoreError("Nothing was changed", "A new wording would need both sign-offs anew.")
        row = Narrative(card=card or uuid4().hex, number=newest.number + 1 if newest else 1, **kept)
        session.add(row)
        session.flush()
        return _version(row, [])


def sign_off(engine: Engine, narrative_id: str, signature: Signature) -> None:
    """Keep a team's word that a wording is theirs; signing it twice changes nothing.

    Raises
    ------
    StoreError
        The team is none, or the wording is not there.
    ConflictError
        It is no longer the newest wording of its card.
    """
    if signature.team not in TEAMS:
        raise StoreError("That cannot be signed off", f"'{signature.team}' should be {' or '.join(TEAMS)}.")
    with writing(engine, signature.by, "The sign-off") as session:
        hold(session, SignOff)
        row = session.get(Narrative, narrative_id)
        if row is None or row.deleted_at is not None:
            raise StoreError("That cannot be signed off", "The wording is no longer there.")
        newest = _rows(session, row.card)[-1]
        if newest.id != narrative_id:
            raise ConflictError(
                "There is a newer wording", f"{newest.created_by} worded it anew. Read it first.", plain_row(newest)
            )
        if any(standing.team == signature.team for standing in _signatures(session, [narrative_id])):
            return
        session.add(
            SignOff(
                narrative_id=narrative_id,
                team=signature.team,
                as_of=signature.as_of,
                number_then=signature.number_then,
                theme_count=signature.theme_count,
            )
        )


def delete_card(engine: Engine, card: str, by: str) -> None:
    """Delete a card with all of its wordings; they stay in the list of changes."""
    with writing(engine, by, "The narrative") as session:
        hold(session, Narrative)
        for row in _rows(session, card):
            row.deleted_at, row.deleted_by = now(), session.info["by"]


def narratives(engine: Engine) -> dict[str, list[NarrativeVersion]]:
    """Return the wordings of each card, the first one first; cards by their age."""
    with reading(engine, "The narrative") as session:
        rows = session.scalars(
            select(Narrative).where(Narrative.deleted_at.is_(None)).order_by(Narrative.created_at, Narrative.number)
        ).all()
        signatures = _signatures(session, [row.id for row in rows])
    found: dict[str, list[NarrativeVersion]] = {}
    for row in rows:
        mine = [item for item in signatures if item.narrative_id == row.id]
        found.setdefault(row.card, []).append(_version(row, mine))
    return found


def _rows(session: Session, card: str) -> list[Narrative]:
    return list(
        session.scalars(
            select(Narrative).where(Narrative.card == card, Narrative.deleted_at.is_(None)).order_by(Narrative.number)
        )
    )


def _signatures(session: Session, narrative_ids: Sequence[str]) -> list[SignOff]:
    return list(
        session.scalars(
            select(SignOff)
            .where(SignOff.narrative_id.in_(narrative_ids), SignOff.deleted_at.is_(None))
            .order_by(SignOff.created_at)
        )
    )


def _version(row: Narrative, signatures: Sequence[SignOff]) -> NarrativeVersion:
    return NarrativeVersion(
        id=row.id,
        card=row.card,
        number=row.number,
        wording=Wording(row.client, row.problem, row.trend, row.product, row.proof, row.theme, row.metric),
        by=row.created_by,
        at=row.created_at,
        signatures=tuple(
            Signature(item.team, item.created_by, item.created_at, item.as_of, item.number_then, item.theme_count)
            for item in signatures
        ),
    )
