"""How a season of huddles went: held against the rhythm planned, minutes over, actions closed, decisions reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from charts.numbers import plural
from reports.moments import local
from store.actions import ActionItem
from store.decisions import DecisionTaken
from store.huddles import HuddleState
from store.rhythm import Rhythm

_SCHEMA = {
    "day": pl.Date,
    "what": pl.String,
    "title": pl.String,
    "leader": pl.String,
    "planned_minutes": pl.Int64,
    "taken_minutes": pl.Float64,
    "over_minutes": pl.Float64,
    "id": pl.String,
}


@dataclass(frozen=True)
class Season:
    """A season in numbers; `days` is one row per huddle held (held, extra) and per planned day without one (missed).

    `planned` is None where no rhythm was set. A huddle is held on the planned day nearest to it, at most half a rhythm away;
    any other is extra. Minutes over are those of huddles that took longer than their agenda gave them.
    """

    days: pl.DataFrame
    planned: int | None
    actions: int
    actions_closed: int
    actions_late: int
    decisions_due: int
    decisions_reviewed: int

    @property
    def held(self) -> int:
        """Planned days on which a huddle was held."""
        return self.days.filter(pl.col("what") == "held").height

    @property
    def minutes_over(self) -> float:
        """Minutes over, of all huddles."""
        return float(self.days["over_minutes"].sum() or 0)

    @property
    def finding(self) -> str:
        """Say how the season went."""
        met = self.days.filter(pl.col("what") != "missed")
        if self.planned is None:
            if met.is_empty():
                return "No huddle was held yet, and no rhythm is planned: short meetings help when they are regular."
            text = f"{met.height} {plural(met.height, 'huddle')} held; no rhythm is planned to count them against"
        else:
            text = f"{self.held} of {self.planned} planned {plural(self.planned, 'huddle')} held"
        over = met.filter(pl.col("over_minutes") > 0).height
        if met.height:
            text += (
                f", {over} of {met.height} over time ({self.minutes_over:.0f} minutes in all)"
                if over
                else ", none over time"
            )
        text += f". {self.actions_closed} of {self.actions} {plural(self.actions, 'action')} closed"
        if self.actions_late:
            text += f", {self.actions_late} late"
        return (
            f"{text}; {self.decisions_reviewed} of {self.decisions_due} "
            f"{plural(self.decisions_due, 'decision')} due were looked back on."
        )


def season(
    held: Sequence[HuddleState],
    rhythm: Sequence[Rhythm],
    actions: Sequence[ActionItem],
    decisions: Sequence[DecisionTaken],
    first: date,
    last: date,
    zone: str,
) -> Season:
    """Return how the days from `first` to `last` (both in) went.

    Parameters
    ----------
    held
        Every huddle; those that began in these days count.
    rhythm
        Every rhythm; without any, nothing was planned.
    actions, decisions
        Every one; actions written down in these days, decisions due in them.
    first, last
        The season, in the company's local days.
    zone
        The company's time zone.
    """
    met = [
        (local(state.begun_at, zone).date(), state)
        for state in held
        if state.begun_at is not None and first <= local(state.begun_at, zone).date() <= last
    ]
    planned = planned_days(rhythm, first, last)
    reach = {day: 7 * weeks / 2 for day, weeks in planned}
    taken: set[date] = set()
    rows: list[tuple[object, ...]] = []
    for day, state in sorted(met, key=lambda item: item[0]):
        near = min((abs((day - other).days), other) for other in reach) if reach else None
        is_planned = near is not None and near[0] <= reach[near[1]] and near[1] not in taken
        if is_planned and near is not None:
            taken.add(near[1])
        minutes = state.seconds_taken / 60
        over = max(0.0, minutes - state.planned_seconds / 60)
        what = "held" if is_planned or not rhythm else "extra"
        rows.append((day, what, state.title, state.leader, state.planned_seconds // 60, minutes, over, state.id))
    rows += [(day, "missed", None, None, None, None, None, None) for day in reach if day not in taken]
    written = [item for item in actions if first <= local(item.at, zone).date() <= last]
    due = [item for item in decisions if item.review_on is not None and first <= item.review_on <= last]
    return Season(
        days=pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("day"),
        planned=len(planned) if rhythm else None,
        actions=len(written),
        actions_closed=sum(item.status != "open" for item in written),
        actions_late=sum(item.status == "open" and item.due is not None and item.due < last for item in written),
        decisions_due=len(due),
        decisions_reviewed=sum(item.outcome is not None for item in due),
    )


def planned_days(rhythm: Sequence[Rhythm], first: date, last: date) -> list[tuple[date, int]]:
    """Return the days from `first` to `last` (both in) on which a huddle is planned, each with its rhythm's weeks."""
    found = []
    for place, item in enumerate(rhythm):
        end = rhythm[place + 1].first_day - timedelta(days=1) if place + 1 < len(rhythm) else last
        day = item.first_day + timedelta(days=(item.weekday - item.first_day.weekday()) % 7)
        while day <= min(end, last):
            if day >= first:
                found.append((day, item.every_weeks))
            day += timedelta(weeks=item.every_weeks)
    return found


def next_moment(rhythm: Sequence[Rhythm], after: datetime, zone: str) -> datetime | None:
    """Return the next planned moment (UTC, as the store keeps it) after one; None where no rhythm is set."""
    if not rhythm:
        return None
    today = local(after, zone).date()
    horizon = today + timedelta(weeks=2 * max(item.every_weeks for item in rhythm) + 1)
    for day, _ in planned_days(rhythm, today, max(horizon, rhythm[-1].first_day + timedelta(weeks=9))):
        of = [item for item in rhythm if item.first_day <= day][-1]
        there = datetime.combine(day, time.fromisoformat(of.at), ZoneInfo(zone))
        moment = there.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        if moment > after:
            return moment
    return None
