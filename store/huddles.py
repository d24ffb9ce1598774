"""Huddles: planned, begun, moved from item to item and ended; one state that everybody in the room sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from store.agendas import AgendaItem, checked_items
from store.errors import ConflictError, StoreError
from store.room_models import Huddle, HuddleItem, HuddlePaper
from store.writing import change, delete, hold, now, plain_row, reading, writing

PAPERS = ("md", "html", "pdf")


@dataclass(frozen=True)
class PlannedHuddle:
    """What a huddle is planned with; `planned_at` is UTC, `query` the filters of its numbers as a link keeps them."""

    title: str
    leader: str
    attendees: tuple[str, ...]
    planned_at: datetime
    items: tuple[AgendaItem, ...]
    query: str = ""


@dataclass(frozen=True)
class HeldItem:
    """An item of a huddle, with the seconds it took so far: those of the item that is on, without its running ones."""

    kind: str
    title: str
    minutes: int
    seconds_taken: int


@dataclass(frozen=True)
class HuddleState:
    """A huddle as it is now; times are UTC.

    `item_on` is the place of the item that is on (None before it begins and after it ends), `item_since` when it came on,
    `as_of` the day as of which its numbers are (None before it begins).
    """

    id: str
    version: int
    title: str
    leader: str
    attendees: tuple[str, ...]
    planned_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    item_on: int | None
    item_since: datetime | None
    as_of: date | None
    query: str
    items: tuple[HeldItem, ...]
    created_by: str

    @property
    def is_on(self) -> bool:
        """Whether it has begun and not ended."""
        return self.begun_at is not None and self.ended_at is None

    @property
    def planned_seconds(self) -> int:
        """The seconds that its agenda gives it."""
        return 60 * sum(item.minutes for item in self.items)

    @property
    def seconds_taken(self) -> int:
        """The seconds that its items took, without the running ones of the item that is on."""
        return sum(item.seconds_taken for item in self.items)


def huddle(engine: Engine, huddle_id: str) -> HuddleState:
    """Return a huddle.

    Raises
    ------
    StoreError
        There is none with this id, or it was deleted.
    """
    with reading(engine, "The huddle") as session:
        return _state(session, _standing(session, huddle_id))


def huddles(engine: Engine, most: int = 200) -> Sequence[HuddleState]:
    """Return huddles that were not deleted, the one planned last first."""
    with reading(engine, "The huddles") as session:
        rows = session.scalars(
            select(Huddle).where(Huddle.deleted_at.is_(None)).order_by(Huddle.planned_at.desc(), Huddle.id).limit(most)
        ).all()
        items = _items(session, [row.id for row in rows])
        return [_with_items(row, items.get(row.id, [])) for row in rows]


def huddle_before(engine: Engine, state: HuddleState) -> HuddleState | None:
    """Return the huddle that was begun last before another (or before now, where it has not begun); None for the first."""
    until = state.begun_at or now()
    with reading(engine, "The huddle before") as session:
        row = session.scalars(
            select(Huddle)
            .where(Huddle.deleted_at.is_(None), Huddle.begun_at < until, Huddle.id != state.id)
            .order_by(Huddle.begun_at.desc())
            .limit(1)
        ).first()
        return None if row is None else _state(session, row)


def plan_huddle(engine: Engine, plan: PlannedHuddle, by: str) -> HuddleState:
    """Plan a huddle; return it as it stands.

    Raises
    ------
    StoreError
        It has no title or leader, or its agenda is none.
    """
    values, items = _checked(plan)
    with writing(engine, by, "The huddle") as session:
        row = Huddle(**values)
        session.add(row)
        session.flush()
        _add_items(session, row.id, items)
        return _state(session, row)


def change_plan(engine: Engine, huddle_id: str, version: int, plan: PlannedHuddle, by: str) -> HuddleState:
    """Change what a huddle that has not begun is planned with.

    Raises
    ------
    StoreError
        As `plan_huddle`; or it has begun.
    ConflictError
        Somebody else changed it since it was read.
    """
    values, items = _checked(plan)
    with writing(engine, by, "The huddle") as session:
        hold(session, Huddle)
        row = change(session, Huddle, huddle_id, version, **values)
        if row.begun_at is not None:
            raise StoreError("The plan cannot be changed", "The huddle has begun.")
        for item in _items(session, [huddle_id]).get(huddle_id, []):
            item.deleted_at, item.deleted_by = now(), session.info["by"]
        _add_items(session, huddle_id, items)
        session.flush()
        return _state(session, row)


def delete_huddle(engine: Engine, huddle_id: str, version: int, by: str) -> None:
    """Delete a huddle, as one that was called off; what was captured in it stays.

    Raises
    ------
    ConflictError
        Somebody else changed it since it was read.
    """
    with writing(engine, by, "The huddle") as session:
        delete(session, Huddle, huddle_id, version)


def begin_huddle(engine: Engine, huddle_id: str, as_of: date | None, by: str) -> HuddleState:
    """Begin a huddle with its first item, its numbers being as of a day; one that has begun stays as it is."""
    with writing(engine, by, "The huddle") as session:
        hold(session, Huddle)
        row = _standing(session, huddle_id)
        if row.begun_at is None:
            row.begun_at = row.item_since = now()
            row.item_on, row.as_of = 0, as_of
            session.flush()
        return _state(session, row)


def move_huddle(engine: Engine, huddle_id: str, seen: int, to: int, by: str) -> HuddleState:
    """Move from the item that was seen to be on to another; moving past the last one changes nothing.

    Raises
    ------
    StoreError
        It has not begun, or has ended.
    ConflictError
        Somebody else moved meanwhile, so that another item is on than the one seen.
    """
    with writing(engine, by, "The huddle") as session:
        hold(session, Huddle)
        row = _standing(session, huddle_id)
        items = _items(session, [huddle_id]).get(huddle_id, [])
        if row.item_on is None or row.item_since is None:
            raise StoreError("The huddle cannot go on", "It has not begun, or has ended.")
        if row.item_on != seen:
            raise ConflictError(
                "Somebody was faster", f"{row.changed_by} went to another item meanwhile. It is shown.", plain_row(row)
            )
        if 0 <= to < len(items) and to != seen:
            _count_time(row, items)
            row.item_on, row.item_since = to, now()
            session.flush()
        return _state(session, row)


def end_huddle(engine: Engine, huddle_id: str, by: str) -> HuddleState:
    """End a huddle; one that has ended stays as it is.

    Raises
    ------
    StoreError
        It has not begun.
    """
    with writing(engine, by, "The huddle") as session:
        hold(session, Huddle)
        row = _standing(session, huddle_id)
        if row.begun_at is None:
            raise StoreError("The huddle cannot end", "It has not begun.")
        if row.ended_at is None:
            _count_time(row, _items(session, [huddle_id]).get(huddle_id, []))
            row.ended_at, row.item_on, row.item_since = now(), None, None
            session.flush()
        return _state(session, row)


def keep_papers(engine: Engine, huddle_id: str, papers: dict[str, bytes], by: str) -> None:
    """Keep the notes of a huddle as they were written when it ended; what is kept already stays.

    Parameters
    ----------
    engine
        The store.
    huddle_id
        The huddle.
    papers
        The content by form: md, html, pdf.
    by
        Who ended it.
    """
    with writing(engine, by, "The notes") as session:
        hold(session, HuddlePaper)
        _standing(session, huddle_id)
        kept = set(session.scalars(select(HuddlePaper.form).where(HuddlePaper.huddle_id == huddle_id)))
        for form, content in papers.items():
            if form not in kept:
                session.add(HuddlePaper(huddle_id=huddle_id, form=form, content=content))


def papers(engine: Engine, huddle_id: str) -> dict[str, bytes]:
    """Return the notes of a huddle by their form; empty before they were written."""
    with reading(engine, "The notes") as session:
        rows = session.scalars(select(HuddlePaper).where(HuddlePaper.huddle_id == huddle_id))
        return {row.form: row.content for row in rows}


def _count_time(row: Huddle, items: Sequence[HuddleItem]) -> None:
    """Add to the item that is on the seconds since it came on."""
    if row.item_on is not None and row.item_since is not None and row.item_on < len(items):
        items[row.item_on].seconds_taken += max(0, round((now() - row.item_since).total_seconds()))


def _checked(plan: PlannedHuddle) -> tuple[dict[str, object], tuple[AgendaItem, ...]]:
    title, leader = plan.title.strip(), plan.leader.strip()
    attendees = list(dict.fromkeys(name.strip() for name in plan.attendees if name.strip()))
    wrong = None
    if not title or len(title) > 120:
        wrong = "Give it a title of at most 120 letters."
    elif not leader or len(leader) > 200:
        wrong = "Name who leads it: a short meeting needs somebody who keeps it on track."
    elif len(attendees) > 50 or any(len(name) > 200 for name in attendees):
        wrong = "At most 50 people, each with a name of at most 200 letters."
    if wrong:
        raise StoreError("That huddle cannot be planned", wrong)
    values = {
        "title": title,
        "leader": leader,
        "attendees": attendees,
        "planned_at": plan.planned_at,
        "query": plan.query,
    }
    return values, checked_items(plan.items)


def _add_items(session: Session, huddle_id: str, items: Sequence[AgendaItem]) -> None:
    for position, item in enumerate(items):
        session.add(
            HuddleItem(
                huddle_id=huddle_id,
                position=position,
                kind=item.kind,
                title=item.title,
                minutes=item.minutes,
                seconds_taken=0,
            )
        )
    session.flush()


def _standing(session: Session, huddle_id: str) -> Huddle:
    row = session.get(Huddle, huddle_id)
    if row is None or row.deleted_at is not None:
        raise StoreError("There is no such huddle", "It was deleted, or the link is of another home.")
    return row


def _items(session: Session, huddle_ids: Sequence[str]) -> dict[str, list[HuddleItem]]:
    found: dict[str, list[HuddleItem]] = {}
    rows = session.scalars(
        select(HuddleItem)
        .where(HuddleItem.huddle_id.in_(huddle_ids), HuddleItem.deleted_at.is_(None))
        .order_by(HuddleItem.position)
    )
    for row in rows:
        found.setdefault(row.huddle_id, []).append(row)
    return found


def _state(session: Session, row: Huddle) -> HuddleState:
    return _with_items(row, _items(session, [row.id]).get(row.id, []))


def _with_items(row: Huddle, items: Sequence[HuddleItem]) -> HuddleState:
    return HuddleState(
        id=row.id,
        version=row.version,
        title=row.title,
        leader=row.leader,
        attendees=tuple(row.attendees),
        planned_at=row.planned_at,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        item_on=row.item_on,
        item_since=row.item_since,
        as_of=row.as_of,
        query=row.query,
        items=tuple(HeldItem(item.kind, item.title, item.minutes, item.seconds_taken) for item in items),
        created_by=row.created_by,
    )
