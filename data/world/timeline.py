"""The company's calendar: quarters, business hours, and New York time against UTC.

Inside the world a moment is a whole number of seconds since 1970 on New York's wall clock, and a day is
`moment // DAY`. Only the export turns moments into UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from data.world.arrays import Ints

DAY = 86_400
HOUR = 3_600
OPENS = 8 * HOUR + 30 * 60
"""When the working day begins; it lasts `WORKDAY` seconds."""
WORKDAY = 9 * HOUR

ZONE = ZoneInfo("America/New_York")
_EPOCH = date(1970, 1, 1)
_MARGIN = 1_200
"""Days before the start and after the end that the business clock still knows."""


def day_number(day: date) -> int:
    """Count the days from 1970-01-01 to that day."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Give the date of a day number."""
    return _EPOCH + timedelta(days=int(number))


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter; `first` and `last` are its first and last day."""

    label: str
    first: int
    last: int


def quarter_of(day: date) -> Quarter:
    """Give the calendar quarter that a day is in."""
    index = (day.month - 1) // 3
    first = date(day.year, index * 3 + 1, 1)
    following = date(day.year + index // 3, (index * 3 + 3) % 12 + 1, 1)
    return Quarter(f"{day.year}-Q{index + 1}", day_number(first), day_number(following) - 1)


@dataclass(frozen=True)
class Timeline:
    """The period that the sample covers: from the first day of a quarter, two years and a bit, to `end`."""

    end: date

    @cached_property
    def quarters(self) -> list[Quarter]:
        """All quarters from the first day to the one after the current, in order."""
        found = [quarter_of(day_of(self.first))]
        while found[-1].first <= self.last:
            found.append(quarter_of(day_of(found[-1].last + 1)))
        return found

    @cached_property
    def past_quarters(self) -> list[Quarter]:
        """The quarters that are over by the end."""
        return [quarter for quarter in self.quarters if quarter.last <= self.last]

    @cached_property
    def first(self) -> int:
        """The first day: that of the quarter in which the two years before the end begin."""
        year = self.end.year - 2
        two_years_ago = date(year, self.end.month, min(self.end.day, 28))
        return quarter_of(two_years_ago).first

    @cached_property
    def last(self) -> int:
        """The last day."""
        return day_number(self.end)

    @cached_property
    def last_moment(self) -> int:
        """The last second of the last day, after which nothing has happened yet."""
        return (self.last + 1) * DAY - 1

    @cached_property
    def business_days(self) -> Ints:
        """The days on which the company works, far beyond both ends."""
        days = np.arange(self.first - _MARGIN, self.last + _MARGIN)
        weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
        return days[(weekday < 5) & ~np.isin(days, _holidays(self.end.year))].astype(np.int64)

    def to_business(self, moments: Ints) -> Ints:
        """Turn moments into seconds of working time; what falls outside counts as the next opening."""
        day = moments // DAY
        index = np.searchsorted(self.business_days, day).clip(0, len(self.business_days) - 1)
        within = np.where(self.business_days[index] == day, moments % DAY - OPENS, 0)
        return np.asarray(index * WORKDAY + within.clip(0, WORKDAY), np.int64)

    def from_business(self, seconds: Ints) -> Ints:
        """Turn seconds of working time back into moments."""
        index = (seconds // WORKDAY).clip(0, len(self.business_days) - 1)
        return np.asarray(self.business_days[index] * DAY + OPENS + seconds % WORKDAY, np.int64)

    def after(self, moments: Ints, hours: np.ndarray) -> Ints:
        """Give the moments that many working hours later, always at least a minute later."""
        later = self.from_business(self.to_business(moments) + np.maximum(hours * HOUR, 60).astype(np.int64))
        return np.maximum(later, moments + 60)

    def on_business_day(self, days: Ints) -> Ints:
        """Move days that are not worked to the next one that is."""
        index = np.searchsorted(self.business_days, days).clip(0, len(self.business_days) - 1)
        return np.asarray(self.business_days[index], np.int64)

    @cached_property
    def _quarter_ends(self) -> Ints:
        first, last = day_of(self.first - _MARGIN), day_of(self.last + _MARGIN)
        ends = [
            quarter_of(date(year, month, 1)).last
            for year in range(first.year, last.year + 1)
            for month in (1, 4, 7, 10)
        ]
        return np.array(ends, np.int64)

    def quarter_end(self, days: Ints) -> Ints:
        """Give the last day of the quarter that each day is in."""
        return np.asarray(self._quarter_ends[np.searchsorted(self._quarter_ends, days)], np.int64)

    @cached_property
    def _clock_changes(self) -> tuple[Ints, Ints]:
        days = range(self.first - _MARGIN, self.last + _MARGIN)
        starts: list[int] = []
        offsets: list[int] = []
        for number in days:
            noon = datetime.combine(day_of(number), datetime.min.time(), UTC) + timedelta(hours=17)
            offset = noon.astimezone(ZONE).utcoffset() or timedelta()
            if not offsets or int(offset.total_seconds()) != offsets[-1]:
                starts.append(number * DAY + 2 * HOUR)
                offsets.append(int(offset.total_seconds()))
        return np.array(starts, np.int64), np.array(offsets, np.int64)

    def to_utc(self, moments: Ints) -> Ints:
        """Turn New York's moments into seconds since 1970 in UTC."""
        starts, offsets = self._clock_changes
        which = (np.searchsorted(starts, moments, side="right") - 1).clip(0)
        return np.asarray(moments - offsets[which], np.int64)


def _holidays(last_year: int) -> Ints:
    """Give the days of the usual US company holidays, from nine years before to four after."""
    days = []
    for year in range(last_year - 9, last_year + 5):
        thanksgiving = _nth_weekday(year, 11, 3, 4)
        days += [
            date(year, 1, 1),
            _nth_weekday(year, 1, 0, 3),
            _nth_weekday(year, 6, 0, 1) - timedelta(days=7),
            date(year, 7, 4),
            _nth_weekday(year, 9, 0, 1),
            thanksgiving,
            thanksgiving + timedelta(days=1),
            date(year, 12, 24),
            date(year, 12, 25),
        ]
    return np.array([day_number(day) for day in days], np.int64)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
