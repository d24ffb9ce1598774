"""The campaigns: what they are, when they ran, what they cost, and which leads they bring."""

from dataclasses import dataclass
from datetime import date
from itertools import count

import numpy as np

from data.world.arrays import NONE, Bools, Floats, Ints
from data.world.streams import Streams
from data.world.timeline import Timeline, day_number, day_of
from data.world.words import SHOWS, TOPICS

SOURCES = (
    "Paid Search",
    "Organic Search",
    "Paid Social",
    "Webinar",
    "Trade Show",
    "Email",
    "Content Syndication",
    "Partner",
    "Referral",
    "Web Direct",
    "Purchased List",
)
SOURCE_SHARES = np.array([0.17, 0.14, 0.11, 0.12, 0.09, 0.13, 0.09, 0.03, 0.03, 0.07, 0.02])
MARKETING_SOURCES = frozenset(SOURCES) - {"Partner", "Purchased List"}
"""The sources that count as marketing's own work in the goals for sourced pipeline."""

STEADY, BURST, CUSTOMER, UMBRELLA = range(4)
"""How a campaign meets people: all along, around a day, only customers, or through its children."""


@dataclass(frozen=True)
class _Family:
    """Campaigns of one kind; `count` of them in a company of full size, spread over the period."""

    source: str
    kind: int
    type: str
    name: str
    count: int
    days: int
    cost_per_lead: float


_FAMILIES = (
    _Family("Paid Search", STEADY, "Advertisement", "Google Ads - {theme} ({month})", 5, 0, 95),
    _Family("Paid Social", STEADY, "Advertisement", "LinkedIn Sponsored - {topic} ({month})", 5, 0, 105),
    _Family("Webinar", BURST, "Webinar", "Webinar: {topic} ({month})", 8, 0, 60),
    _Family("Trade Show", BURST, "Event", "{show} {year}", 5, 2, 190),
    _Family("Email", STEADY, "Email", "Email Nurture - {topic} ({month})", 7, 0, 14),
    _Family(
        "Content Syndication",
        STEADY,
        "Content Syndication",
        "Content Syndication - {topic} ({month})",
        3,
        150,
        70,
    ),
    _Family("Partner", STEADY, "Partner", "Partner Co-Marketing ({month})", 2, 0, 80),
    _Family("Referral", STEADY, "Referral Program", "Customer Referral Program ({month})", 2, 0, 55),
    _Family("", CUSTOMER, "Email", "Customer Newsletter ({month})", 2, 0, 6),
    _Family("", UMBRELLA, "Other", "Webinar Series", 1, 0, 0),
)
FULL_SIZE = sum(family.count for family in _FAMILIES)


@dataclass(frozen=True)
class Campaigns:
    """All campaigns, numbered from 0. Days are day numbers; a cost of NaN is not recorded.

    `source` is a number in `SOURCES`, or -1; `parent` a campaign, or -1. `weight` says how much of its
    source's leads a campaign takes beside its sisters.
    """

    names: list[str]
    types: list[str]
    kind: Ints
    source: Ints
    first: Ints
    last: Ints
    parent: Ints
    weight: Floats
    cost_per_lead: Floats

    def __len__(self) -> int:
        """Count the campaigns."""
        return len(self.names)

    def of_source(self, source: int) -> Ints:
        """Give the campaigns that bring leads of that source."""
        return np.flatnonzero(self.source == source)

    def is_running(self, days: Ints) -> Bools:
        """Say for each day (row) and campaign (column) whether the campaign can meet people then.

        A webinar or a show invites people three weeks ahead.
        """
        ahead = np.where(self.kind == BURST, 21, 0)
        running = (self.first - ahead <= days[:, None]) & (days[:, None] <= self.last)
        return np.asarray(running & (self.kind != UMBRELLA), np.bool_)


def draw_campaigns(streams: Streams, timeline: Timeline, scale: float) -> Campaigns:
    """Draw the campaigns, 40 from scale 1 up, in the order in which they start."""
    rng = streams.rng("campaigns")
    wanted = int(np.clip(round(FULL_SIZE * scale ** (1 / 3)), 5, FULL_SIZE))
    topics = list(rng.permutation(TOPICS))
    shows = list(rng.permutation(SHOWS))
    rows = []
    for family in _FAMILIES:
        number = int(np.ceil(family.count * wanted / FULL_SIZE))
        if family.kind == UMBRELLA and wanted < FULL_SIZE // 2:
            continue
        for place in range(number):
            first, last = _period(rng, timeline, family, place, number)
            rows.append((first, last, family, _name(family, first, place, topics, shows)))
    rows.sort(key=lambda row: (row[0], row[3]))
    names = _distinct([row[3] for row in rows])
    kind = np.array([row[2].kind for row in rows], np.int64)
    source = np.array([SOURCES.index(row[2].source) if row[2].source else NONE for row in rows], np.int64)
    umbrella = np.flatnonzero(kind == UMBRELLA)
    is_child = (source == SOURCES.index("Webinar")) & (len(umbrella) > 0)
    return Campaigns(
        names=names,
        types=[row[2].type for row in rows],
        kind=kind,
        source=source,
        first=np.array([row[0] for row in rows], np.int64),
        last=np.array([row[1] for row in rows], np.int64),
        parent=np.where(is_child, umbrella[0] if len(umbrella) else NONE, NONE).astype(np.int64),
        weight=rng.uniform(0.6, 1.4, len(rows)),
        cost_per_lead=np.array([row[2].cost_per_lead for row in rows]) * rng.uniform(0.75, 1.3, len(rows)),
    )


def _period(rng: np.random.Generator, timeline: Timeline, family: _Family, place: int, number: int) -> tuple[int, int]:
    """Give a campaign's first and last day; sisters follow each other."""
    span = timeline.last - timeline.first + 1
    slot = span / number
    if family.kind == BURST:
        middle = timeline.first + (place + 0.5 + rng.uniform(-0.25, 0.25)) * slot
        # people meet on Tuesdays to Thursdays
        first = int(middle) - (int(middle) + 3) % 7 + 1 + int(rng.integers(0, 2 if family.days else 3))
        return first, first + family.days
    first = _month_start(timeline.first + int(place * slot))
    if family.days:
        first += int(rng.integers(0, max(1, int(slot) - family.days)))
        return first, first + family.days
    if place == number - 1:
        return first, timeline.last + int(rng.integers(20, 46))
    return first, _month_start(timeline.first + int((place + 1) * slot)) - 1


def _month_start(day: int) -> int:
    """Give the first day of the month nearest to a day: programmes begin on the first."""
    nearest = day_of(day + 15)
    return day_number(nearest.replace(day=1))


def _name(family: _Family, first: int, place: int, topics: list[str], shows: list[str]) -> str:
    day: date = day_of(first)
    return family.name.format(
        theme=("Brand", "Non-Brand", "Competitors")[place % 3],
        topic=topics[(place + len(family.name)) % len(topics)],
        show=shows[place % len(shows)],
        month=day.strftime("%b %Y"),
        year=day.year,
    )


def _distinct(names: list[str]) -> list[str]:
    """Tell campaigns of one name apart by a number."""
    seen: dict[str, count[int]] = {}
    found = []
    for name in names:
        number = next(seen.setdefault(name, count(1)))
        found.append(name if number == 1 else f"{name} ({number})")
    return found
