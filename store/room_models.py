"""Tables of the rooms: huddles with what was said and decided in them, frozen reviews, comments, the narrative."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, DateTime, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models import Written


class AgendaTemplate(Written):
    """An agenda to begin a huddle with: its items, each with a kind, a title and minutes."""

    __tablename__ = "agenda_template"

    name: Mapped[str] = mapped_column(String(80))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Huddle(Written):
    """One meeting: who leads, who is there, when it was planned, begun and ended, and which item is on."""

    __tablename__ = "huddle"

    title: Mapped[str] = mapped_column(String(120))
    leader: Mapped[str] = mapped_column(String(200))
    attendees: Mapped[list[str]] = mapped_column(JSON)
    planned_at: Mapped[datetime] = mapped_column(DateTime)
    begun_at: Mapped[datetime | None] = mapped_column(DateTime)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime)
    item_on: Mapped[int | None] = mapped_column(Integer)
    item_since: Mapped[datetime | None] = mapped_column(DateTime)
    as_of: Mapped[date | None] = mapped_column(Date)
    query: Mapped[str] = mapped_column(Text)


class HuddleItem(Written):
    """One item of a huddle's agenda, with the minutes it was given and the seconds it took."""

    __tablename__ = "huddle_item"

    huddle_id: Mapped[str] = mapped_column(ForeignKey("huddle.id"))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
    minutes: Mapped[int] = mapped_column(Integer)
    seconds_taken: Mapped[int] = mapped_column(Integer)


class HuddleRhythm(Written):
    """How often people mean to meet, from a day on until the next rhythm takes over: every so many weeks, a weekday, a time.

    The weekday counts from Monday = 0; `at` is the company's local time, like 09:30.
    """

    __tablename__ = "huddle_rhythm"

    first_day: Mapped[date] = mapped_column(Date)
    every_weeks: Mapped[int] = mapped_column(Integer)
    weekday: Mapped[int] = mapped_column(Integer)
    at: Mapped[str] = mapped_column(String(5))


class HuddlePaper(Written):
    """The notes of a huddle as they were written when it ended, in one form: md, html or pdf."""

    __tablename__ = "huddle_paper"

    huddle_id: Mapped[str] = mapped_column(ForeignKey("huddle.id"))
    form: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class _Captured:
    """A line that was captured, perhaps over a lost connection: the browser's own key makes sending it twice harmless."""

    huddle_id: Mapped[str | None] = mapped_column(ForeignKey("huddle.id"))
    client_key: Mapped[str | None] = mapped_column(String(64), unique=True)


class HuddleNote(_Captured, Written):
    """A win, a bottleneck, a line for the parking lot, or any other line."""

    __tablename__ = "huddle_note"

    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)


class Feedback(_Captured, Written):
    """What a customer said, and what marketing replies; status: open, answered, used or declined."""

    __tablename__ = "feedback"

    account: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    theme: Mapped[str | None] = mapped_column(String(80))
    product: Mapped[str | None] = mapped_column(String(200))
    stage: Mapped[str | None] = mapped_column(String(200))
    reply: Mapped[str | None] = mapped_column(Text)
    replied_by: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20))


class Decision(_Captured, Written):
    """What was decided, the number as it stood then, and the day on which to look at what became of it."""

    __tablename__ = "decision"

    text: Mapped[str] = mapped_column(Text)
    metric: Mapped[str | None] = mapped_column(String(120))
    number_then: Mapped[str | None] = mapped_column(String(40))
    review_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(Text)


class Action(_Captured, Written):
    """Who does what by when, for which KPI; status: open, done or dropped."""

    __tablename__ = "action"

    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200))
    due: Mapped[date | None] = mapped_column(Date)
    metric: Mapped[str | None] = mapped_column(String(120))
    number_then: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    closed_on: Mapped[date | None] = mapped_column(Date)


class Comment(Written):
    """A line about something that has a place in the product: a review's week, a figure, a KPI."""

    __tablename__ = "comment"

    about: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)


class Review(Written):
    """A weekly review as it was frozen: frames, filters, goals, and what they were computed by and from."""

    __tablename__ = "review"

    as_of: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(String(120))
    query: Mapped[str] = mapped_column(Text)
    goals_hash: Mapped[str] = mapped_column(String(64))
    settings_hash: Mapped[str] = mapped_column(String(64))
    code_version: Mapped[str] = mapped_column(String(64))
    warehouse: Mapped[str] = mapped_column(String(200))
    frames: Mapped[bytes] = mapped_column(LargeBinary)


class Narrative(Written):
    """The story that both teams tell: client, problem, trend, product, proof. Each new wording is a row of its own.

    `theme` is the feedback that it rests on, `metric` the trend; without them nothing is watched under it.
    """

    __tablename__ = "narrative"

    card: Mapped[str] = mapped_column(String(32))
    number: Mapped[int] = mapped_column(Integer)
    client: Mapped[str] = mapped_column(Text)
    problem: Mapped[str] = mapped_column(Text)
    trend: Mapped[str] = mapped_column(Text)
    product: Mapped[str] = mapped_column(Text)
    proof: Mapped[str] = mapped_column(Text)
    theme: Mapped[str | None] = mapped_column(String(80))
    metric: Mapped[str | None] = mapped_column(String(120))


class SignOff(Written):
    """A team's word that a wording of the narrative is theirs, and what the numbers under it said on that day."""

    __tablename__ = "sign_off"

    narrative_id: Mapped[str] = mapped_column(ForeignKey("narrative.id"))
    team: Mapped[str] = mapped_column(String(40))
    as_of: Mapped[date | None] = mapped_column(Date)
    number_then: Mapped[str | None] = mapped_column(String(40))
    theme_count: Mapped[int | None] = mapped_column(Integer)
