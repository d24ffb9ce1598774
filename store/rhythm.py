"""How often people mean to meet: the rhythm that the huddles held are counted against."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from store.errors import StoreError
from store.room_models import HuddleRhythm
from store.writing import hold, reading, writing

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Rhythm:
    """Every so many weeks on a weekday (Monday = 0) at a local time, from a day on until the next rhythm takes over."""

    first_day: date
    every_weeks: int
    weekday: int
    at: str


def set_rhythm(engine: Engine, rhythm: Rhythm, by: str) -> None:
    """Set the rhythm from a day on; another that begins on the same day gives way.

    Raises
    ------
    StoreError
        It is none: not 1 to 8 weeks, no weekday, or no time of day.
    """
    if not 1 <= rhythm.every_weeks <= 8 or rhythm.weekday not in range(7) or not _TIME.fullmatch(rhythm.at):
        raise StoreError("That rhythm cannot be kept", "Every 1 to 8 weeks, on a weekday, at a time like 09:30.")
    with writing(engine, by, "The rhythm") as session:
        hold(session, HuddleRhythm)
        same = session.scalars(
            select(HuddleRhythm).where(HuddleRhythm.first_day == rhythm.first_day, HuddleRhythm.deleted_at.is_(None))
        ).first()
        if same is None:
            session.add(HuddleRhythm(**vars(rhythm)))
            return
        same.every_weeks, same.weekday, same.at = rhythm.every_weeks, rhythm.weekday, rhythm.at


def rhythms(engine: Engine) -> Sequence[Rhythm]:
    """Return every rhythm, the earliest first; none before one was set."""
    with reading(engine, "The rhythm") as session:
        rows = session.scalars(
            select(HuddleRhythm).where(HuddleRhythm.deleted_at.is_(None)).order_by(HuddleRhythm.first_day)
        )
        return [Rhythm(row.first_day, row.every_weeks, row.weekday, row.at) for row in rows]
