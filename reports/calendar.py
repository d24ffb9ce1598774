"""A huddle as a date for anybody's calendar (iCalendar): moved dates replace the earlier ones."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event
from sqlalchemy import Engine

from reports.huddle_season import next_moment
from store.huddles import HuddleState, huddles
from store.rhythm import rhythms

_REMIND_BEFORE = timedelta(minutes=10)
_USUAL_MINUTES = 30


def calendar_file(
    uid: str,
    title: str,
    start: datetime,
    minutes: int,
    *,
    sequence: int = 0,
    attendees: Sequence[str] = (),
    link: str = "",
) -> bytes:
    """Return one date as an iCalendar file.

    Parameters
    ----------
    uid
        What tells the date from others, the same whenever it is moved.
    title
        Its title.
    start
        When it begins: UTC without a zone, as the store keeps moments; calendars show it in their own.
    minutes
        How long it is planned to take.
    sequence
        Grows each time it is moved, so that calendars take the newest.
    attendees
        Names of those who come; told in its text, for addresses are not known.
    link
        Where it is held.
    """
    begins = start.replace(tzinfo=UTC)
    calendar = Calendar()
    calendar.add("prodid", "-//Same Page//Huddles//EN")
    calendar.add("version", "2.0")
    event = Event()
    event.add("uid", f"{uid}@same-page")
    event.add("summary", title)
    event.add("dtstamp", begins)
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=minutes))
    event.add("sequence", sequence)
    told = "\n".join(part for part in (f"With {', '.join(attendees)}" if attendees else "", link) if part)
    if told:
        event.add("description", told)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -_REMIND_BEFORE)
    event.add_component(alarm)
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def next_huddle_file(engine: Engine, after: HuddleState, zone: str) -> bytes | None:
    """Return the date of the huddle after one: the next that is planned, else the next moment of the rhythm; None for neither.

    Parameters
    ----------
    engine
        The store.
    after
        The huddle that was held.
    zone
        The company's time zone, in which the rhythm is meant.
    """
    later = [state for state in huddles(engine) if state.begun_at is None and state.planned_at > after.planned_at]
    if later:
        state = min(later, key=lambda one: one.planned_at)
        minutes = state.planned_seconds // 60 or _USUAL_MINUTES
        return calendar_file(
            state.id, state.title, state.planned_at, minutes, sequence=state.version, attendees=state.attendees
        )
    moment = next_moment(rhythms(engine), after.ended_at or after.planned_at, zone)
    if moment is None:
        return None
    minutes = after.planned_seconds // 60 or _USUAL_MINUTES
    return calendar_file(f"after-{after.id}", after.title, moment, minutes, attendees=after.attendees)
