"""What marketing and sales promise each other: versions with the day from which each holds, signed by both teams.

A version is a draft until both teams have signed it. What both signed is never changed, only followed by a new version; the
table itself refuses, so that taking an earlier change back cannot do it either.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, select
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import History

from store.agreement_models import AgreementSignature, AgreementVersion
from store.capturing import LONGEST_LINE, checked
from store.errors import ConflictError, StoreError
from store.models import Written
from store.writing import Change, audit, hold, plain_row, reading, writing

TEAMS = ("marketing", "sales")
# What may be promised, by whom. The words for it stand in reports/promises.py.
PROMISED_BY: Mapping[str, str] = {
    "leads": "marketing",
    "mql": "marketing",
    "accepted": "marketing",
    "decided": "sales",
    "responded": "sales",
    "attempts": "sales",
}
COUNTED = ("leads", "mql")
BOUNDS = ("at least", "at most")
_RANGES = {"decision_days": (1, 365), "response_hours": (1, 8_760), "attempts": (1, 50), "attempt_days": (1, 365)}
_TABLES = (AgreementVersion.__tablename__, AgreementSignature.__tablename__)


@dataclass(frozen=True)
class Promised:
    """One promise: at least or at most so many a week, or such a share of what it is about (0 to 1)."""

    name: str
    value: Decimal
    bound: str = "at least"


@dataclass(frozen=True)
class Terms:
    """What is promised, and the limits by which sales' promises are judged: days, hours of the SLA's clock, attempts, days."""

    promises: tuple[Promised, ...]
    decision_days: int
    response_hours: int
    attempts: int
    attempt_days: int

    @property
    def limits(self) -> dict[str, int]:
        """The limits, as queries take them."""
        return {name: getattr(self, name) for name in _RANGES}

    def of(self, name: str) -> Promised | None:
        """Return a promise by its name; None where it is not made."""
        return next((promise for promise in self.promises if promise.name == name), None)


@dataclass(frozen=True)
class AgreementSigned:
    """A team's signature: by whom, when (UTC) and why."""

    id: str
    team: str
    by: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Agreement:
    """One version, its number counted from 1, with the signatures that count for its text as it is.

    `version` counts the changes of its text: who changes or signs it names the one that was read.
    """

    id: str
    version: int
    number: int
    valid_from: date
    why: str
    terms: Terms
    by: str
    at: datetime
    signatures: tuple[AgreementSigned, ...]

    @property
    def is_agreed(self) -> bool:
        """Whether both teams signed it."""
        return not self.missing

    @property
    def missing(self) -> tuple[str, ...]:
        """The teams that have not signed it."""
        signed = {signature.team for signature in self.signatures}
        return tuple(team for team in TEAMS if team not in signed)

    @property
    def signed_at(self) -> datetime | None:
        """When the second team signed it (UTC); None for a draft."""
        return max(signature.at for signature in self.signatures) if self.is_agreed else None


def agreements(engine: Engine) -> Sequence[Agreement]:
    """Return every version, the first one first; none before anything was written."""
    with reading(engine, "The agreement") as session:
        rows = _rows(session)
        signatures = session.scalars(
            select(AgreementSignature)
            .where(AgreementSignature.deleted_at.is_(None))
            .order_by(AgreementSignature.created_at)
        ).all()
        return [_agreement(row, signatures) for row in rows]


def agreed(versions: Sequence[Agreement]) -> Sequence[Agreement]:
    """Return the versions that both teams signed, the earliest first."""
    return [version for version in versions if version.is_agreed]


def write_agreement(
    engine: Engine, terms: Terms, valid_from: date, why: str, by: str, seen: tuple[str, int] | None = None
) -> Agreement:
    """Keep terms as a draft: the next version after one that was signed, or another text of the draft that there is.

    Signatures under a draft no longer count once its text is another.

    Parameters
    ----------
    engine
        The store.
    terms
        What is promised, at least one promise of each team.
    valid_from
        From which day it holds: the first week judged by it begins on that day or after it.
    why
        Why it is proposed.
    by
        Who proposes it.
    seen
        Id and version of the newest version as it was read; None where there was none.

    Raises
    ------
    StoreError
        A promise or a limit is none, a team promises nothing, nothing is changed, or it would hold from no later a day
        than the version before it.
    ConflictError
        Somebody else wrote a version, or changed this one, since it was read.
    """
    _check(terms)
    reason = checked(why, "The reason", LONGEST_LINE)
    with writing(engine, by, "The agreement") as session:
        hold(session, AgreementVersion)
        rows = _rows(session)
        newest = rows[-1] if rows else None
        _refuse_unseen(newest, seen)
        versions = [_agreement(row, _signatures(session)) for row in rows]
        before = max((version.valid_from for version in agreed(versions)), default=None)
        if before is not None and valid_from <= before:
            raise StoreError(
                "That version cannot be kept",
                f"The version in force holds from {before.isoformat()} on; a new one holds from a later day.",
            )
        kept: dict[str, Any] = {"valid_from": valid_from, "why": reason, "terms": _written(terms)}
        if newest is not None and not versions[-1].is_agreed:
            if _hash(newest.valid_from, newest.terms) == _hash(valid_from, kept["terms"]) and newest.why == reason:
                raise StoreError("Nothing was changed", "The draft says this already.")
            for name, value in kept.items():
                setattr(newest, name, value)
            row = newest
        else:
            row = AgreementVersion(number=(newest.number if newest else 0) + 1, **kept)
            session.add(row)
        session.flush()
        return _agreement(row, _signatures(session))


def sign_agreement(engine: Engine, agreement_id: str, version: int, team: str, why: str, by: str) -> None:
    """Keep a team's signature under the newest version; who signed for a team signs nothing by signing again.

    Raises
    ------
    StoreError
        The team is none, nobody says why, the version is not there, or this person signed for the other team.
    ConflictError
        Its text was changed since it was read, or there is a newer version.
    """
    if team not in TEAMS:
        raise StoreError("That cannot be signed", f"'{team}' should be {' or '.join(TEAMS)}.")
    reason = checked(why, "The reason", LONGEST_LINE)
    with writing(engine, by, "The signature") as session:
        hold(session, AgreementVersion)
        hold(session, AgreementSignature)
        row = session.get(AgreementVersion, agreement_id)
        if row is None or row.deleted_at is not None:
            raise StoreError("That cannot be signed", "The version is no longer there.")
        _refuse_unseen(_rows(session)[-1], (agreement_id, version))
        standing = _agreement(row, _signatures(session)).signatures
        if any(signature.team == team for signature in standing):
            return
        if any(signature.by.casefold() == session.info["by"].casefold() for signature in standing):
            raise StoreError(
                "One person cannot sign for both teams", f"{session.info['by']} signed for the other team already."
            )
        session.add(
            AgreementSignature(
                agreement_id=agreement_id, team=team, why=reason, text_hash=_hash(row.valid_from, row.terms)
            )
        )


def agreement_changes(engine: Engine, most: int = 50) -> Sequence[Change]:
    """Return the newest changes of the agreement and its signatures, newest first; `store.undo` takes one back."""
    found = [entry for table in _TABLES for entry in audit(engine, table, most=most)]
    return sorted(found, key=lambda entry: -entry.id)[:most]


def _refuse_unseen(newest: AgreementVersion | None, seen: tuple[str, int] | None) -> None:
    now_there = None if newest is None else (newest.id, newest.version)
    if now_there == seen:
        return
    who = newest.changed_by if newest is not None else "Somebody"
    raise ConflictError(
        "Somebody was faster",
        f"{who} changed the agreement meanwhile. It is shown as it is now; nothing of yours was kept.",
        None if newest is None else plain_row(newest),
    )


def _check(terms: Terms) -> None:
    title = "Those terms cannot be kept"
    names = [promise.name for promise in terms.promises]
    if len(set(names)) < len(names) or not set(names) <= set(PROMISED_BY):
        raise StoreError(title, f"A promise is made once, and is one of {', '.join(PROMISED_BY)}.")
    for team in TEAMS:
        if not any(PROMISED_BY[name] == team for name in names):
            raise StoreError(title, f"{team.capitalize()} promises nothing: an agreement has two sides.")
    for promise in terms.promises:
        if promise.bound not in BOUNDS or (promise.bound == "at most" and promise.name not in COUNTED):
            raise StoreError(title, "A promise is of at least so much; of what is counted, it may be of at most.")
        if not promise.value.is_finite() or promise.value <= 0 or promise.value >= Decimal(10) ** 9:
            raise StoreError(title, "A promise is of more than 0.")
        if promise.name not in COUNTED and promise.value > 1:
            raise StoreError(title, "A share is of 100% at most.")
    for name, (low, high) in _RANGES.items():
        if not low <= getattr(terms, name) <= high:
            raise StoreError(title, f"{name.replace('_', ' ').capitalize()} should be from {low} to {high}.")


def _written(terms: Terms) -> dict[str, Any]:
    return {
        "promises": [
            {"name": name, "bound": found.bound, "value": f"{found.value.quantize(Decimal('0.0001')):f}"}
            for name in PROMISED_BY
            if (found := terms.of(name)) is not None
        ],
        **terms.limits,
    }


def _read(kept: Mapping[str, Any]) -> Terms:
    promises = tuple(Promised(item["name"], Decimal(item["value"]), item["bound"]) for item in kept["promises"])
    return Terms(promises, **{name: int(kept[name]) for name in _RANGES})


def _hash(valid_from: date, terms: Mapping[str, Any]) -> str:
    """Return a hash of what is signed: the terms and from when they hold."""
    text = json.dumps([valid_from.isoformat(), terms], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _rows(session: Session) -> list[AgreementVersion]:
    return list(
        session.scalars(
            select(AgreementVersion).where(AgreementVersion.deleted_at.is_(None)).order_by(AgreementVersion.number)
        )
    )


def _signatures(session: Session) -> Sequence[AgreementSignature]:
    return session.scalars(
        select(AgreementSignature)
        .where(AgreementSignature.deleted_at.is_(None))
        .order_by(AgreementSignature.created_at)
    ).all()


def _agreement(row: AgreementVersion, signatures: Sequence[AgreementSignature]) -> Agreement:
    text = _hash(row.valid_from, row.terms)
    mine = {
        item.team: AgreementSigned(item.id, item.team, item.created_by, item.created_at, item.why)
        for item in signatures
        if item.agreement_id == row.id and item.text_hash == text
    }
    return Agreement(
        id=row.id,
        version=row.version,
        number=row.number,
        valid_from=row.valid_from,
        why=row.why,
        terms=_read(row.terms),
        by=row.created_by,
        at=row.created_at,
        signatures=tuple(mine[team] for team in TEAMS if team in mine),
    )


def _before(row: Written, name: str) -> Any:
    history: History = inspect(row).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(row, name)


@event.listens_for(AgreementVersion, "before_update")
def _keep_what_was_signed(_mapper: Mapper[Any], connection: Connection, row: AgreementVersion) -> None:
    """Refuse any change of a version that both teams signed."""
    signed = connection.execute(
        select(AgreementSignature.team).where(
            AgreementSignature.agreement_id == row.id,
            AgreementSignature.deleted_at.is_(None),
            AgreementSignature.text_hash == _hash(_before(row, "valid_from"), _before(row, "terms")),
        )
    ).scalars()
    if set(signed) >= set(TEAMS):
        raise StoreError(
            "What both teams signed is not changed",
            "Write a new version, which holds from a later day; this one stays.",
        )


@event.listens_for(AgreementSignature, "before_update")
def _keep_what_was_followed(_mapper: Mapper[Any], connection: Connection, row: AgreementSignature) -> None:
    """Refuse to take a signature back once a newer version stands on it."""
    newest = connection.execute(
        select(AgreementVersion.id)
        .where(AgreementVersion.deleted_at.is_(None))
        .order_by(AgreementVersion.number.desc())
        .limit(1)
    ).scalar()
    if newest != row.agreement_id:
        raise StoreError("That signature is not taken back", "A newer version follows the one that it stands under.")
