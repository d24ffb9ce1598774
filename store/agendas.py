"""Agendas to begin a huddle with: which items, in which order, with how many minutes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, select

from store.errors import StoreError
from store.room_models import AgendaTemplate
from store.writing import change, delete, hold, reading, writing

KINDS = ("wins", "kpis", "changes", "bottlenecks", "feedback", "decisions", "actions", "parking")
MOST_ITEMS, MOST_MINUTES = 12, 120


@dataclass(frozen=True)
class AgendaItem:
    """One item: what it shows (one of `KINDS`), its title, and the minutes it is given."""

    kind: str
    title: str
    minutes: int


@dataclass(frozen=True)
class Agenda:
    """A named agenda; `id` and `version` are None for one that was never kept."""

    name: str
    items: tuple[AgendaItem, ...]
    id: str | None = None
    version: int | None = None


USUAL_AGENDA = Agenda(
    "Usual huddle",
    (
        AgendaItem("wins", "Wins", 2),
        AgendaItem("kpis", "The KPIs", 3),
        AgendaItem("changes", "What changed", 3),
        AgendaItem("bottlenecks", "Bottlenecks", 3),
        AgendaItem("feedback", "What customers said", 5),
        AgendaItem("decisions", "Decisions", 4),
        AgendaItem("actions", "Actions", 4),
        AgendaItem("parking", "Parking lot", 1),
    ),
)


def agendas(engine: Engine) -> Sequence[Agenda]:
    """Return the agendas that people kept, by name; the usual one first, unless one of its name was kept."""
    with reading(engine, "The agendas") as session:
        rows = session.scalars(
            select(AgendaTemplate).where(AgendaTemplate.deleted_at.is_(None)).order_by(AgendaTemplate.name)
        ).all()
    kept = [_agenda(row) for row in rows]
    return kept if any(agenda.name == USUAL_AGENDA.name for agenda in kept) else [USUAL_AGENDA, *kept]


def save_agenda(engine: Engine, agenda: Agenda, by: str) -> Agenda:
    """Keep an agenda: a new one where it has no id, else the next version of the one that was read.

    Raises
    ------
    StoreError
        It has no name, a name that another has, no items, or an item that is none.
    ConflictError
        Somebody else changed it since it was read.
    """
    name, items = agenda.name.strip(), checked_items(agenda.items)
    if not name or len(name) > 80:
        raise StoreError("That agenda cannot be kept", "Give it a name of at most 80 letters.")
    with writing(engine, by, "The agenda") as session:
        hold(session, AgendaTemplate)
        same = session.scalars(
            select(AgendaTemplate).where(AgendaTemplate.name == name, AgendaTemplate.deleted_at.is_(None))
        ).first()
        if same is not None and same.id != agenda.id:
            raise StoreError("That agenda cannot be kept", f"There is one with the name {name} already.")
        values = [asdict(item) for item in items]
        if agenda.id is None or agenda.version is None:
            row = AgendaTemplate(name=name, items=values)
            session.add(row)
        else:
            row = change(session, AgendaTemplate, agenda.id, agenda.version, name=name, items=values)
        session.flush()
        return _agenda(row)


def delete_agenda(engine: Engine, agenda: Agenda, by: str) -> None:
    """Delete an agenda; huddles that began with it keep their items.

    Raises
    ------
    ConflictError
        Somebody else changed or deleted it since it was read.
    """
    if agenda.id is None or agenda.version is None:
        raise StoreError("That agenda cannot be deleted", "It is the usual one; keep another under its name instead.")
    with writing(engine, by, "The agenda") as session:
        delete(session, AgendaTemplate, agenda.id, agenda.version)


def checked_items(items: Sequence[AgendaItem]) -> tuple[AgendaItem, ...]:
    """Return items as they are kept.

    Raises
    ------
    StoreError
        There are none or too many, or one has an unknown kind, no title, or no minutes.
    """
    if not 1 <= len(items) <= MOST_ITEMS:
        raise StoreError("That agenda cannot be kept", f"An agenda has one to {MOST_ITEMS} items.")
    for item in items:
        title = item.title.strip()
        if item.kind not in KINDS:
            raise StoreError("That agenda cannot be kept", f"'{item.kind}' is no kind of item.")
        if not title or len(title) > 120:
            raise StoreError("That agenda cannot be kept", "Every item needs a title of at most 120 letters.")
        if not 1 <= item.minutes <= MOST_MINUTES:
            raise StoreError("That agenda cannot be kept", f"{title} needs 1 to {MOST_MINUTES} minutes.")
    return tuple(AgendaItem(item.kind, item.title.strip(), item.minutes) for item in items)


def _agenda(row: AgendaTemplate) -> Agenda:
    return Agenda(row.name, tuple(AgendaItem(**item) for item in row.items), row.id, row.version)
