"""The leads of one chunk: when and whence each came, and which human it is."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.world import people
from data.world.arrays import NONE, Bools, Floats, Ints, pick, weighted
from data.world.campaigns import BURST, SOURCE_SHARES, SOURCES, STEADY, Campaigns
from data.world.companies import Companies
from data.world.names import draw_names
from data.world.plants import CAMPAIGN_MISMATCH, Plants
from data.world.streams import Streams
from data.world.timeline import DAY, HOUR, OPENS, WORKDAY, Timeline

PROGRAMME_SOURCES = tuple(SOURCES.index(name) for name in ("Webinar", "Trade Show", "Content Syndication"))
"""Sources that bring leads only while one of their campaigns runs."""

IMPORTED_SOURCES = tuple(
    SOURCES.index(name) for name in ("Trade Show", "Content Syndication", "Purchased List", "Partner")
)
"""Sources whose leads arrive as lists that marketing imports in working hours."""

_WEEKDAYS = np.array([1.0, 1.08, 1.1, 1.04, 0.82, 0.16, 0.14])
_MONTHS = np.array([1.0, 1.04, 1.1, 1.02, 1.02, 0.96, 0.82, 0.84, 1.08, 1.12, 1.04, 0.72])
_GROWTH_A_YEAR = 1.16


@dataclass(frozen=True)
class Leads:
    """The leads of a chunk, numbered from 0 in the order in which they would have come without plants.

    `person` numbers the human: the lead's own number, or that of an earlier lead of the same human. The
    columns `company`, `first_name` to `title` and `text` (first, last, email) are by lead, but the same for
    all leads of one human.
    """

    created: Ints
    source: Ints
    campaign: Ints
    company: Ints
    person: Ints
    first_name: Ints
    last_name: Ints
    level: Ints
    title: Ints
    is_junk: Bools
    text: pl.DataFrame

    def __len__(self) -> int:
        """Count the leads."""
        return len(self.created)


def draw_leads(
    streams: Streams,
    timeline: Timeline,
    campaigns: Campaigns,
    companies: Companies,
    plants: Plants,
    size: int,
) -> Leads:
    """Draw the leads of a chunk."""
    created, source, campaign = _arrivals(streams, timeline, campaigns, plants, size)
    rng = streams.rng("people")
    company = weighted(rng.random(size), companies.interest)
    first, last = draw_names(rng.random(size), rng.random(size))
    level = people.draw_levels(rng.random(size), plants.decider_shares(campaign))
    title = people.draw_titles(rng.random(size), level)
    person = _humans(streams, created)
    company, first, last = company[person], first[person], last[person]
    level, title = level[person], title[person]

    text = people.describe(first, last, companies.domains.gather(company), companies.initial_addresses[company])
    # a human's address is that of the first of their leads
    text = text.with_columns(email=text["email"].gather(person))
    return Leads(
        created=created,
        source=source,
        campaign=campaign,
        company=company,
        person=person,
        first_name=first,
        last_name=last,
        level=level,
        title=title,
        is_junk=pick(streams.rng("leads.junk"), np.bincount(person, minlength=size) == 1, 0.006, at_least=2),
        text=text,
    )


def _arrivals(
    streams: Streams, timeline: Timeline, campaigns: Campaigns, plants: Plants, size: int
) -> tuple[Ints, Ints, Ints]:
    """Draw when each lead came, its source and its campaign."""
    rng = streams.rng("arrivals")
    source = weighted(rng.random(size), SOURCE_SHARES)
    u_day, u_campaign, u_hour = rng.random(size), rng.random(size), rng.random(size)
    is_tracked = rng.random(size) < 0.93

    days = np.arange(timeline.first, timeline.last + 1)
    day = days[weighted(u_day, _arrival_weights(timeline, days))]
    campaign = np.full(size, NONE, np.int64)
    for number in range(len(SOURCES)):
        mine = np.flatnonzero(source == number)
        sisters = campaigns.of_source(number)
        sisters = sisters[campaigns.first[sisters] <= timeline.last]
        if not len(sisters):
            continue
        if number in PROGRAMME_SOURCES:
            campaign[mine] = sisters[weighted(u_campaign[mine], campaigns.weight[sisters])]
            day[mine] = _programme_days(campaigns, campaign[mine], u_day[mine], timeline)
        else:
            running = campaigns.is_running(day[mine])[:, sisters]
            found = sisters[running.argmax(axis=1)]
            campaign[mine] = np.where(running.any(axis=1) & is_tracked[mine], found, NONE)

    # keep the leads in the order of arrival, so that their ids rise with time as a CRM's do
    moment = _moments(timeline, day, source, u_hour)
    order = np.argsort(moment, kind="stable")
    moment, source, campaign = moment[order], source[order], campaign[order]
    if plants.has(CAMPAIGN_MISMATCH):
        _overrule(streams, timeline, campaigns, plants, moment, source, campaign)
    return moment, source, campaign


def _overrule(
    streams: Streams,
    timeline: Timeline,
    campaigns: Campaigns,
    plants: Plants,
    moment: Ints,
    source: Ints,
    campaign: Ints,
) -> None:
    """Send a share of all leads through the loud campaign, a few through the quiet one, in place."""
    rng = streams.rng("arrivals.mismatch")
    u, u_day, u_hour = rng.random(len(moment)), rng.random(len(moment)), rng.random(len(moment))
    loud, quiet = u < plants.loud_share, u > 1 - plants.quiet_share
    campaign[campaign == plants.quiet_campaign] = NONE
    for mask, number in ((loud, plants.loud_campaign), (quiet, plants.quiet_campaign)):
        campaign[mask] = number
        source[mask] = campaigns.source[number]
        where = np.full(int(mask.sum()), number, np.int64)
        day = _programme_days(campaigns, where, u_day[mask], timeline)
        moment[mask] = _moments(timeline, day, source[mask], u_hour[mask])


def _arrival_weights(timeline: Timeline, days: Ints) -> Floats:
    """Weigh the days: growth over the years, the season, the day of the week, holidays."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    growth = _GROWTH_A_YEAR ** ((days - days[0]) / 365)
    weekday = (days + 3) % 7
    is_holiday = (weekday < 5) & ~np.isin(days, timeline.business_days)
    return np.asarray(growth * _MONTHS[months] * _WEEKDAYS[weekday] * np.where(is_holiday, 0.2, 1.0))


def _programme_days(campaigns: Campaigns, campaign: Ints, u: Floats, timeline: Timeline) -> Ints:
    """Spread leads over their campaign's days: registrations before a webinar, the list after a show."""
    first, last = campaigns.first[campaign], campaigns.last[campaign]
    is_burst = campaigns.kind[campaign] == BURST
    is_webinar = is_burst & (first == last)
    steady = first + (u * (np.minimum(last, timeline.last) - first + 1)).astype(np.int64)
    before = first - (21 * u**2.2).astype(np.int64)
    after = last + 1 + (6 * u**2).astype(np.int64)
    day = np.where(is_webinar, before, np.where(is_burst, after, steady))
    is_steady = campaigns.kind[campaign] == STEADY
    day = np.where(is_steady & ((day + 3) % 7 >= 5) & (u * 1e6 % 1 < 0.8), day - 2, day)
    return np.clip(day, timeline.first, timeline.last).astype(np.int64)


def _moments(timeline: Timeline, day: Ints, source: Ints, u: Floats) -> Ints:
    """Give the time of day: forms from morning to night, imported lists in working hours and in one go."""
    form = (6.5 + 16 * (0.62 * u + 0.38 * u**2)) * HOUR
    batch = OPENS + ((u * 4).astype(np.int64) * 7_411 + day * 977) % (WORKDAY - 1_800) + (u * 4 % 1) * 600
    is_list = np.isin(source, IMPORTED_SOURCES)
    day = np.where(is_list, timeline.on_business_day(day), day)
    moment = (day * DAY + np.where(is_list, batch, form)).astype(np.int64)
    return np.minimum(moment, timeline.last_moment - 3_600)


def _humans(streams: Streams, created: Ints) -> Ints:
    """Say which earlier lead each lead repeats, if any: about 3% are a human's second lead."""
    size = len(created)
    rng = streams.rng("leads.duplicates")
    person = np.arange(size)
    if size < 2:
        return person
    again = np.flatnonzero(rng.random(size) < 0.03)
    original = (again * rng.random(len(again)) ** 0.5).astype(np.int64)
    is_later = (created[again] > created[original] + DAY) & ~np.isin(original, again)
    person[again[is_later]] = original[is_later]
    return person
