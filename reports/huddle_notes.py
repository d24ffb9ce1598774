"""A huddle's notes as a document: who met, how long each item took, what the numbers said, what was said and decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine

from charts.numbers import day, plural
from queries import NoDataError
from reports.document import Document, Lines, Part, Section, Words
from reports.huddle_data import huddle_agreement, huddle_numbers, huddle_scope
from reports.huddle_room import RoomLines, effects, room_lines, watched
from reports.huddle_screens import Sheet, data_sheets, sheets_text
from reports.kpi_numbers import KpiNumbers
from reports.moments import moment_words
from store.actions import ActionItem, actions
from store.decisions import DecisionTaken
from store.feedback import CustomerFeedback
from store.huddles import HeldItem, HuddleState


def huddle_notes(engine: Engine, state: HuddleState, zone: str, at: datetime) -> Document:
    """Return the notes of a huddle.

    Parameters
    ----------
    engine
        The store.
    state
        The huddle, ended or not.
    zone
        The company's time zone.
    at
        This moment (UTC): what is late is so then.

    Raises
    ------
    QueryError, StoreError
        The data or the store cannot be read. Where nothing was imported, the notes are without numbers.
    """
    lines = room_lines(engine, state, zone, at)
    sheets, changes, kpis = _numbers(engine, state)
    here = list(actions(engine, state.id))
    return Document(
        title=f"Notes: {state.title}",
        under=_under(state, zone),
        sections=(
            Section("In short", (Words(_short(state, lines, here), lead=True),)),
            *(
                Section(item.title, (Words(_time(item)), *_parts(item, lines, sheets, changes, kpis, here)))
                for item in state.items
            ),
        ),
    )


def _numbers(
    engine: Engine, state: HuddleState
) -> tuple[Mapping[str, Sequence[Sheet]], Mapping[str, str], KpiNumbers | None]:
    try:
        scope = huddle_scope(engine, state)
    except NoDataError:
        return {}, {}, None
    if scope is None:
        return {}, {}, None
    kpis = huddle_numbers(engine, scope, watched(engine))
    return data_sheets(scope, kpis, huddle_agreement(engine, scope)), effects(engine, state, kpis), kpis


def _under(state: HuddleState, zone: str) -> str:
    begun = (
        moment_words(state.begun_at, zone) if state.begun_at else f"planned for {moment_words(state.planned_at, zone)}"
    )
    there = f"with {', '.join(state.attendees)}" if state.attendees else "attendees not named"
    data = f" Data as of {day(state.as_of)}." if state.as_of else ""
    return f"{begun}, led by {state.leader}, {there}.{data}"


def _short(state: HuddleState, lines: RoomLines, here: Sequence[ActionItem]) -> str:
    said = sum(item.huddle_id == state.id for item in lines.feedback)
    minutes, planned = state.seconds_taken / 60, state.planned_seconds / 60
    over = f", {minutes - planned:.0f} over" if minutes - planned >= 0.5 else ""
    return (
        f"{minutes:.0f} of {planned:.0f} minutes{over}; {said} {plural(said, 'word')} of customers, "
        f"{len(lines.decided)} {plural(len(lines.decided), 'decision')}, {len(here)} new {plural(len(here), 'action')}; "
        f"{len(lines.open_actions)} {plural(len(lines.open_actions), 'action')} open."
    )


def _time(item: HeldItem) -> str:
    over = item.seconds_taken - 60 * item.minutes
    took = f"{item.seconds_taken // 60}:{item.seconds_taken % 60:02d} of {item.minutes}:00 minutes"
    return f"{took}, {over // 60}:{over % 60:02d} over." if over > 0 else f"{took}."


def _parts(
    item: HeldItem,
    lines: RoomLines,
    sheets: Mapping[str, Sequence[Sheet]],
    changes: Mapping[str, str],
    kpis: KpiNumbers | None,
    here: Sequence[ActionItem],
) -> tuple[Part, ...]:
    found: list[Part] = []
    if item.kind in sheets:
        found.append(Lines(tuple(sheets_text(sheets[item.kind])), "Nothing."))
    noted = tuple(f"{note.text} ({note.by})" for note in lines.notes if note.kind == item.kind)
    if noted or item.kind in ("wins", "parking"):
        found.append(Lines(noted, "Nothing was said."))
    if item.kind == "feedback":
        found.append(Lines(tuple(_said(one) for one in lines.feedback), "No customer's words."))
    if item.kind == "decisions":
        found.append(Lines(tuple(_decided(one, kpis) for one in lines.decided), "Nothing was decided."))
        looked = tuple(_looked(one, changes) for one in lines.due)
        if looked:
            found += [Words("Looked back on, or due to be:"), Lines(looked, "")]
    if item.kind == "actions":
        found.append(Lines(tuple(_action(one, lines, kpis, changes) for one in here), "No new action."))
        older = [one for one in lines.open_actions if one not in here]
        if older:
            found += [
                Words("Still open from before:"),
                Lines(tuple(_action(one, lines, kpis, changes) for one in older), ""),
            ]
        closed = tuple(f"{one.text} ({one.owner}): {one.status}" for one in lines.closed_actions)
        if closed:
            found += [Words("Closed:"), Lines(closed, "")]
    return tuple(found)


def _said(item: CustomerFeedback) -> str:
    about = ", ".join(
        part for part in (item.account or "no account named", item.theme, item.product, item.stage) if part
    )
    text = f"“{item.words}” ({about}; {item.by})"
    if item.reply:
        return f"{text}. Marketing, {item.replied_by}: {item.reply} ({item.status})"
    return f"{text}. Waits for marketing's answer."


def _then(metric: str | None, number: str | None, kpis: KpiNumbers | None) -> str:
    if metric is None or kpis is None:
        return ""
    value = f", then {kpis.shown(metric, float(number))}" if number is not None else ""
    return f" For {kpis.title(metric)}{value}."


def _decided(item: DecisionTaken, kpis: KpiNumbers | None) -> str:
    review = f" To be looked at on {day(item.review_on)}." if item.review_on else ""
    return f"{item.text} ({item.by}).{_then(item.metric, item.number_then, kpis)}{review}"


def _looked(item: DecisionTaken, changes: Mapping[str, str]) -> str:
    change = f" {changes[item.id]}." if item.id in changes else ""
    outcome = f" What became of it: {item.outcome}" if item.outcome else " Nobody has said yet what became of it."
    return f"{item.text}, decided {day(item.at.date())}.{change}{outcome}"


def _action(item: ActionItem, lines: RoomLines, kpis: KpiNumbers | None, changes: Mapping[str, str]) -> str:
    due = f"by {day(item.due)}" if item.due else "no day set"
    late = ", late" if item.status == "open" and item.due is not None and item.due < lines.today else ""
    number = f" {changes[item.id]}." if item.id in changes else _then(item.metric, item.number_then, kpis)
    return f"{item.owner}: {item.text} ({due}{late}).{number}"
