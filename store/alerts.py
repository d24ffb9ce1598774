"""When a KPI should be spoken of: a threshold or a signal, snoozed until a day, with a history of what fired."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Engine, select

from store.errors import StoreError
from store.kpi_models import Alert, AlertFired, KpiPick
from store.writing import change, delete, hold, reading, writing

KINDS = ("signal", "below", "above")
PROGRAM = "Same Page"


@dataclass(frozen=True)
class AlertRule:
    """What is watched of a pick: a signal, or a week below or above a threshold; quiet until `snoozed_until`."""

    id: str
    pick_id: str
    kind: str
    threshold: Decimal | None
    snoozed_until: date | None
    set_by: str
    version: int


@dataclass(frozen=True)
class Fired:
    """What fired: which alert, for the week that ended on which day, and what it said."""

    alert_id: str
    week_end: date
    text: str


def alert_rules(engine: Engine, pick_ids: Iterable[str] | None = None) -> Sequence[AlertRule]:
    """Return the alerts of picks (all picks that are watched when None), the oldest first."""
    asked = (
        select(Alert)
        .join(KpiPick, KpiPick.id == Alert.pick_id)
        .where(Alert.deleted_at.is_(None), KpiPick.deleted_at.is_(None))
        .order_by(Alert.created_at, Alert.id)
    )
    if pick_ids is not None:
        asked = asked.where(Alert.pick_id.in_(list(pick_ids)))
    with reading(engine, "The alerts") as session:
        return [
            AlertRule(row.id, row.pick_id, row.kind, row.threshold, row.snoozed_until, row.changed_by, row.version)
            for row in session.scalars(asked)
        ]


def add_alert(engine: Engine, pick_id: str, kind: str, threshold: Decimal | None, by: str) -> str:
    """Watch a pick and return the alert's id.

    Raises
    ------
    StoreError
        The kind is none, a threshold is missing, the same alert is there already, or the pick is no longer watched.
    """
    if kind not in KINDS:
        raise StoreError("That alert cannot be kept", f"It should be one of {', '.join(KINDS)}.")
    if (threshold is None) != (kind == "signal"):
        raise StoreError("That alert cannot be kept", "Above and below need a number; a signal needs none.")
    with writing(engine, by, "The alert") as session:
        hold(session, Alert)
        pick = session.get(KpiPick, pick_id)
        if pick is None or pick.deleted_at is not None:
            raise StoreError("That is no longer watched", "The team has let this KPI go; pick it again first.")
        for row in session.scalars(select(Alert).where(Alert.pick_id == pick_id, Alert.deleted_at.is_(None))):
            if (row.kind, row.threshold) == (kind, threshold):
                raise StoreError("That alert is there already", f"{row.created_by} set it.")
        row = Alert(pick_id=pick_id, kind=kind, threshold=threshold, snoozed_until=None)
        session.add(row)
        session.flush()
        return row.id


def snooze(engine: Engine, alert_id: str, version: int, until: date | None, by: str) -> None:
    """Keep an alert quiet until a day, or wake it (None); raises `ConflictError` if somebody changed it since."""
    with writing(engine, by, "The alert") as session:
        change(session, Alert, alert_id, version, snoozed_until=until)


def drop_alert(engine: Engine, alert_id: str, version: int, by: str) -> None:
    """Take an alert away; raises `ConflictError` if somebody changed it since."""
    with writing(engine, by, "The alert") as session:
        delete(session, Alert, alert_id, version)


def note_fired(engine: Engine, fired: Sequence[Fired]) -> int:
    """Keep what fired, once for each alert and week; return how many are new."""
    if not fired:
        return 0
    known = {(found.alert_id, found.week_end) for found in fired_alerts(engine, [item.alert_id for item in fired])}
    fresh = [item for item in fired if (item.alert_id, item.week_end) not in known]
    if not fresh:
        return 0
    with writing(engine, PROGRAM, "What fired") as session:
        hold(session, AlertFired)
        asked = select(AlertFired.alert_id, AlertFired.week_end).where(
            AlertFired.alert_id.in_([item.alert_id for item in fresh])
        )
        standing = {(alert_id, week_end) for alert_id, week_end in session.execute(asked)}
        new = [item for item in fresh if (item.alert_id, item.week_end) not in standing]
        session.add_all(
            AlertFired(alert_id=item.alert_id, week_end=item.week_end, text=item.text, seen_at=None) for item in new
        )
    return len(new)


def fired_alerts(engine: Engine, alert_ids: Iterable[str] | None = None, most: int = 100) -> Sequence[Fired]:
    """Return what fired (of some alerts, or of all), the newest week first."""
    asked = (
        select(AlertFired)
        .where(AlertFired.deleted_at.is_(None))
        .order_by(AlertFired.week_end.desc(), AlertFired.created_at.desc())
        .limit(most)
    )
    if alert_ids is not None:
        asked = asked.where(AlertFired.alert_id.in_(list(alert_ids)))
    with reading(engine, "What fired") as session:
        return [Fired(row.alert_id, row.week_end, row.text) for row in session.scalars(asked)]
