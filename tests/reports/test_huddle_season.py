"""A season of huddles, worked out by hand: held on the nearest planned day, missed, extra, over, closed, looked back on."""

from datetime import date, datetime

import pytest

from reports.huddle_season import next_moment, planned_days, season
from store.actions import ActionItem
from store.decisions import DecisionTaken
from store.huddles import HeldItem, HuddleState
from store.rhythm import Rhythm

MONDAYS = Rhythm(date(2026, 11, 2), 1, 0, "09:30")


def held(day: int, seconds: int = 600, month: int = 11) -> HuddleState:
    begun = datetime(2026, month, day, 9)
    items = (HeldItem("wins", "Wins", 10, seconds),)
    return HuddleState(
        f"h{day}", 1, "Weekly", "Ann", (), begun, begun, begun, None, None, date(2026, month, day), "", items, "Ann"
    )


def action(day: int, status: str, due: date | None = None) -> ActionItem:
    return ActionItem("a", 1, None, "x", "Bo", due, None, None, status, None, "Ann", datetime(2026, 11, day, 9))


def decision(review_on: date, outcome: str | None) -> DecisionTaken:
    at = datetime(2026, 11, 2, 9)
    return DecisionTaken("d", 1, None, "x", None, None, review_on, outcome, "Ann", at, at)


def test_held_missed_and_extra() -> None:
    """Planned 2, 9, 16, 23 Nov. Held on 3 (for 2), 9, 10 (extra) and 24 (for 23); 16 is missed. 10 took 5 minutes over."""
    found = season(
        [held(24), held(3), held(9), held(10, 900), held(1, month=10)],
        [MONDAYS],
        [action(3, "open", date(2026, 11, 20)), action(4, "done"), action(5, "open"), action(1, "done")],
        [decision(date(2026, 11, 9), "good"), decision(date(2026, 11, 20), None), decision(date(2026, 12, 9), None)],
        date(2026, 11, 2),
        date(2026, 11, 25),
        "UTC",
    )
    assert [(row["day"].day, row["what"]) for row in found.days.iter_rows(named=True)] == [
        (3, "held"),
        (9, "held"),
        (10, "extra"),
        (16, "missed"),
        (24, "held"),
    ]
    assert (found.planned, found.held, found.minutes_over) == (4, 3, 5.0)
    assert (found.actions, found.actions_closed, found.actions_late) == (3, 1, 1)
    assert (found.decisions_due, found.decisions_reviewed) == (2, 1)
    assert found.finding == (
        "3 of 4 planned huddles held, 1 of 4 over time (5 minutes in all). 1 of 3 actions closed, 1 late; "
        "1 of 2 decisions due were looked back on."
    )


def test_without_a_rhythm_nothing_is_missed() -> None:
    found = season([held(3)], [], [], [], date(2026, 11, 2), date(2026, 11, 25), "UTC")
    assert (found.planned, found.held) == (None, 1)
    assert found.finding.startswith("1 huddle held; no rhythm is planned to count them against, none over time")
    nothing = season([], [], [], [], date(2026, 11, 2), date(2026, 11, 25), "UTC")
    assert nothing.days.is_empty()
    assert nothing.finding.startswith("No huddle was held yet")


def test_a_rhythm_gives_way_to_the_next() -> None:
    rhythm = [Rhythm(date(2026, 10, 5), 2, 0, "09:30"), Rhythm(date(2026, 11, 1), 1, 3, "10:00")]
    days = [day for day, _ in planned_days(rhythm, date(2026, 10, 1), date(2026, 11, 13))]
    assert days == [date(2026, 10, 5), date(2026, 10, 19), date(2026, 11, 5), date(2026, 11, 12)]


@pytest.mark.parametrize(
    ("after", "following"),
    [
        (datetime(2026, 11, 16, 8, 29), datetime(2026, 11, 16, 8, 30)),
        (datetime(2026, 11, 16, 8, 30), datetime(2026, 11, 23, 8, 30)),
        (datetime(2026, 10, 20), datetime(2026, 11, 2, 8, 30)),
        (datetime(2026, 6, 20), datetime(2026, 11, 2, 8, 30)),
    ],
)
def test_the_next_one_is_by_the_companys_clock(after: datetime, following: datetime) -> None:
    """09:30 in Berlin is 08:30 UTC in winter."""
    assert next_moment([MONDAYS], after, "Europe/Berlin") == following


def test_summer_time_keeps_the_hour_of_the_clock() -> None:
    rhythm = [Rhythm(date(2026, 3, 2), 1, 0, "09:30")]
    assert next_moment(rhythm, datetime(2026, 3, 24), "Europe/Berlin") == datetime(2026, 3, 30, 7, 30)
    assert next_moment([], datetime(2026, 3, 24), "Europe/Berlin") is None
