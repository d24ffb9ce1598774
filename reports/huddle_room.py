"""What everybody in a huddle sees: its state and its lines, as JSON carries them; light, for it is asked every second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from charts.numbers import day, plural
from reports.feedback_themes import said_finding
from reports.kpi_numbers import KpiNumbers
from reports.moments import local, milliseconds, moment_words
from store.actions import ActionItem, actions, open_actions
from store.agendas import KINDS
from store.decisions import DecisionTaken, decisions, decisions_due
from store.feedback import CustomerFeedback, feedback
from store.huddle_notes import Note, notes
from store.huddles import HuddleState, huddle, huddle_before

_STATUS_WORDS = {
    "open": "waits for marketing",
    "answered": "answered",
    "used": "used",
    "declined": "declined",
}


@dataclass(frozen=True)
class RoomLines:
    """Everything that a huddle's lists hold; `today` is the company's local day."""

    today: date
    since: datetime | None
    notes: Sequence[Note]
    feedback: Sequence[CustomerFeedback]
    due: Sequence[DecisionTaken]
    decided: Sequence[DecisionTaken]
    open_actions: Sequence[ActionItem]
    closed_actions: Sequence[ActionItem]


def room_lines(engine: Engine, state: HuddleState, zone: str, at: datetime) -> RoomLines:
    """Read what a huddle's lists hold.

    Parameters
    ----------
    engine
        The store.
    state
        The huddle.
    zone
        The company's time zone.
    at
        This moment, UTC: decisions whose day of review has come by then are due.
    """
    today = local(at, zone).date()
    before = huddle_before(engine, state)
    since = before.ended_at or before.begun_at if before is not None else None
    began = state.begun_at
    mine = feedback(engine, huddle_id=state.id)
    # All that waits for an answer comes back, however old, beside what was heard since the last huddle.
    others = [
        item
        for item in feedback(engine)
        if item.huddle_id != state.id and (item.status == "open" or since is None or item.at > since)
    ]
    decided = decisions(engine, state.id)
    reviewed = [
        item
        for item in decisions(engine)
        if item.outcome is not None and item.huddle_id != state.id and began is not None and item.changed_at >= began
    ]
    due = [item for item in decisions_due(engine, today) if item.huddle_id != state.id]
    closed = [
        item
        for item in actions(engine)
        if item.status != "open"
        and began is not None
        and item.closed_on is not None
        and _closed_here(item, state, zone)
    ]
    return RoomLines(
        today,
        since,
        notes(engine, state.id),
        [*mine, *others],
        [*due, *reviewed],
        decided,
        open_actions(engine),
        closed,
    )


def _closed_here(item: ActionItem, state: HuddleState, zone: str) -> bool:
    """Whether an action was closed on the huddle's day."""
    return state.begun_at is not None and item.closed_on == local(state.begun_at, zone).date()


def room_state(engine: Engine, huddle_id: str, zone: str, at: datetime) -> dict[str, Any]:
    """Return a huddle's state and lines as plain values; moments are milliseconds since 1970 (UTC).

    Raises
    ------
    StoreError
        There is no such huddle, or the store cannot be read.
    """
    state = huddle(engine, huddle_id)
    lines = room_lines(engine, state, zone, at)
    lists: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for note in lines.notes:
        lists[note.kind].append(
            {"id": note.id, "version": note.version, "text": note.text, "under": note.by, "new": True}
        )
    for captured in lists.values():
        captured.reverse()
    lists["feedback"] += [_said(item, state, zone) for item in lines.feedback]
    lists["decisions"] += [
        *(_decided(item) for item in lines.decided),
        *(_to_review(item, lines.today) for item in lines.due),
    ]
    fresh = [item for item in lines.open_actions if item.huddle_id == state.id]
    older = [item for item in lines.open_actions if item.huddle_id != state.id]
    lists["actions"] += [
        _action(item, state, lines.today) for item in (*reversed(fresh), *older, *lines.closed_actions)
    ]
    return {
        "huddle": {
            "id": state.id,
            "title": state.title,
            "leader": state.leader,
            "attendees": list(state.attendees),
            "planned": moment_words(state.planned_at, zone),
            "begun_at": _ms(state.begun_at),
            "ended_at": _ms(state.ended_at),
            "item_on": state.item_on,
            "item_since": _ms(state.item_since),
            "items": [
                {"kind": item.kind, "title": item.title, "minutes": item.minutes, "seconds": item.seconds_taken}
                for item in state.items
            ],
        },
        "lists": lists,
        "findings": {
            "feedback": said_finding(lines.feedback, _since_words(lines.since, zone)),
            "decisions": _decisions_finding(lines),
            "actions": _actions_finding(lines),
        },
    }


def effects(engine: Engine, state: HuddleState, kpis: KpiNumbers) -> dict[str, str]:
    """Say what became of the number of each action and decision that has one, by its id; not of those of this huddle."""
    every: list[ActionItem | DecisionTaken] = [*actions(engine), *decisions(engine)]
    found = {}
    for item in every:
        change = kpis.change(item.metric, item.number_then)
        if change is not None and item.huddle_id != state.id:
            found[item.id] = change
    return found


def watched(engine: Engine) -> list[str]:
    """Return the metrics that actions and decisions name."""
    every: list[ActionItem | DecisionTaken] = [*actions(engine), *decisions(engine)]
    return sorted({item.metric for item in every if item.metric})


def _ms(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def _since_words(since: datetime | None, zone: str) -> str:
    return "so far" if since is None else f"since the last huddle ({day(local(since, zone).date())})"


def _said(item: CustomerFeedback, state: HuddleState, zone: str) -> dict[str, Any]:
    about = [part for part in (item.account or "no account", item.theme, item.product, item.stage) if part]
    status = _STATUS_WORDS[item.status]
    if item.reply:
        status += f" by {item.replied_by}: {item.reply}"
    return {
        "id": item.id,
        "version": item.version,
        "text": f"“{item.words}”",
        "under": " · ".join([*about, f"{item.by}, {day(local(item.at, zone).date())}", status]),
        "new": item.huddle_id == state.id,
        "tone": "open" if item.status == "open" else "",
        "button": "reply",
        "reply": item.reply or "",
        "status": item.status,
    }


def _decided(item: DecisionTaken) -> dict[str, Any]:
    review = f"look again on {day(item.review_on)}" if item.review_on else "no day to look again"
    return {"id": item.id, "version": item.version, "text": item.text, "under": f"{item.by} · {review}", "new": True}


def _to_review(item: DecisionTaken, today: date) -> dict[str, Any]:
    line = {
        "id": item.id,
        "version": item.version,
        "text": item.text,
        "new": False,
        "under": f"decided {day(item.at.date())} by {item.by}",
    }
    if item.outcome:
        return {**line, "under": f"{line['under']} · what became of it: {item.outcome}"}
    late = item.review_on is not None and item.review_on < today
    return {
        **line,
        "under": f"{line['under']} · {'was to be looked at' if late else 'to be looked at'} on {day(item.review_on)}",
        "tone": "open",
        "button": "review",
    }


def _action(item: ActionItem, state: HuddleState, today: date) -> dict[str, Any]:
    if item.status != "open":
        return {
            "id": item.id,
            "version": item.version,
            "text": item.text,
            "under": f"{item.owner} · {item.status} {day(item.closed_on)}",
            "new": False,
            "tone": "done",
            "button": "reopen",
        }
    due = f"due {day(item.due)}" if item.due else "no day set"
    late = item.due is not None and item.due < today
    return {
        "id": item.id,
        "version": item.version,
        "text": item.text,
        "under": f"{item.owner} · {due}{', late' if late else ''}",
        "new": item.huddle_id == state.id,
        "tone": "late" if late else "",
        "button": "close",
    }


def _decisions_finding(lines: RoomLines) -> str:
    waiting = sum(item.outcome is None for item in lines.due)
    new = len(lines.decided)
    first = f"{new} {plural(new, 'decision')} in this huddle" if new else "Nothing decided yet in this huddle"
    if not waiting:
        return f"{first}; no earlier one is due to be looked at."
    return f"{first}; {waiting} earlier {plural(waiting, 'one is', 'ones are')} due: what became of the number?"


def _actions_finding(lines: RoomLines) -> str:
    count = len(lines.open_actions)
    late = sum(item.due is not None and item.due < lines.today for item in lines.open_actions)
    if not count:
        return "No action is open."
    text = f"{count} {plural(count, 'action is', 'actions are')} open"
    return f"{text}, {late} of them late." if late else f"{text}, none of them late."
