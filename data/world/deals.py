"""The deals that might be: from leads, from the reps' own prospecting, and those open before the first day.

What becomes of them is told in `deal_paths`; the deals of existing customers are in `customers`.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from data.world.arrays import NEVER, NONE, Bools, Floats, Ints, first_of_runs, weighted
from data.world.campaigns import SOURCES
from data.world.companies import Companies
from data.world.funnel import Funnel
from data.world.leads import Leads
from data.world.plants import CAMPAIGN_MISMATCH, EMAIL_PHONED, EMAIL_SOURCE, SOURCE_DECAY, Plants
from data.world.streams import Streams
from data.world.timeline import DAY, Timeline

KINDS = ("New Business", "Expansion", "Renewal")
NEW, EXPANSION, RENEWAL = range(3)
FROM_LEAD, OUTBOUND, FROM_BEFORE, FROM_CUSTOMER = range(4)
"""Where a deal comes from; those from before were open on the first day, and their leads are archived."""

RUN_UP_DAYS = 210
"""How long before the first day deals began of which some were still open on it."""

_WIN_CHANCE = {FROM_LEAD: 0.182, OUTBOUND: 0.205, FROM_BEFORE: 0.26}
_SOURCE_ODDS = np.array([1.0, 1.15, 0.75, 1.1, 0.9, 1.0, 0.65, 1.4, 1.9, 1.35, 0.5])
_LEVEL_ODDS = np.array([1.35, 1.05, 0.75, 0.35, 0.9])
SEGMENT_ODDS = np.array([1.2, 1.0, 0.78])


@dataclass(frozen=True)
class Deals:
    """Possible deals. `slot` numbers them within `slots` places, so that draws stay with their deal.

    `odds` are those of winning. `due` is the day a contract runs out, NEVER but for renewals; `base_amount`
    is that of the contract renewed in US dollars, NaN but for renewals. `is_unborn` marks deals that a plant
    kept from coming about.
    """

    slots: int
    slot: Ints
    company: Ints
    kind: Ints
    origin: Ints
    created: Ints
    lead: Ints
    source: Ints
    campaign: Ints
    odds: Floats
    due: Ints
    base_amount: Floats
    is_unborn: Bools

    def __len__(self) -> int:
        """Count the deals."""
        return len(self.slot)

    def where(self, chosen: Bools | Ints) -> "Deals":
        """Keep the chosen deals, in the order of their numbers if they are chosen by number."""
        kept = {item.name: getattr(self, item.name)[chosen] for item in fields(self) if item.name != "slots"}
        return replace(self, **kept)


def joined_deals(streams: Streams, timeline: Timeline, leads: Leads, funnel: Funnel, plants: Plants) -> Ints:
    """Say for each lead which lead's deal it was converted to: its own number, or an earlier lead's.

    Now and then a second person of the company is converted to the deal that is under way. Leads of the
    campaign that never closes keep to themselves: another's deal might be won.
    """
    size = len(leads)
    deal_of = np.arange(size)
    u = streams.rng("deals.joined").random(size)
    keeps_apart = plants.has(CAMPAIGN_MISMATCH) & (leads.campaign == plants.loud_campaign)
    converted = np.flatnonzero((funnel.converted <= timeline.last_moment) & ~keeps_apart)
    order = converted[np.lexsort((funnel.converted[converted], leads.company[converted]))]
    gap = np.diff(funnel.converted[order], prepend=0)
    is_same_human = np.diff(leads.person[order], prepend=NONE) == 0
    joins = ~first_of_runs(leads.company[order]) & (gap < 24 * DAY) & ((u[order] < 0.17) | is_same_human)
    for place in np.flatnonzero(joins):
        deal_of[order[place]] = deal_of[order[place - 1]]
    return deal_of


def new_deals(
    streams: Streams,
    timeline: Timeline,
    leads: Leads,
    companies: Companies,
    funnel: Funnel,
    deal_of_lead: Ints,
    plants: Plants,
) -> Deals:
    """Give all deals with new customers that might be in one chunk."""
    size = len(leads)
    own = np.where(deal_of_lead == np.arange(size), np.minimum(funnel.converted, funnel.unborn_deal), NEVER)
    lead = np.flatnonzero(own <= timeline.last_moment)
    span = timeline.last - timeline.first + 1
    outbound = _prospected(
        streams,
        "deals.outbound",
        timeline,
        companies,
        round(0.0275 * size * (1 + RUN_UP_DAYS / span)),
        timeline.last,
    )
    before = _prospected(
        streams,
        "deals.before",
        timeline,
        companies,
        round(0.142 * size * RUN_UP_DAYS / span),
        timeline.first - 1,
    )
    count = (len(lead), len(outbound[0]), len(before[0]))
    total = sum(count)
    origin = np.repeat([FROM_LEAD, OUTBOUND, FROM_BEFORE], count)
    created = np.concatenate([own[lead], outbound[1], before[1]])
    nothing = np.full(count[1] + count[2], NONE)
    odds = np.array([_WIN_CHANCE[number] / (1 - _WIN_CHANCE[number]) for number in (0, 1, 2)])[origin]
    odds[: count[0]] *= _lead_odds(leads, funnel, plants)[lead]
    company = np.concatenate([leads.company[lead], outbound[0], before[0]])
    u = np.concatenate([np.ones(count[0]), streams.rng("deals.unborn").random(len(nothing))])
    unborn = plants.is_unborn(created, u, is_outbound=origin == OUTBOUND, is_renewal=np.zeros(total, np.bool_))
    unborn[: count[0]] = funnel.converted[lead] == NEVER
    return Deals(
        slots=size + len(nothing),
        slot=np.concatenate([lead, size + np.arange(len(nothing))]),
        company=company,
        kind=np.full(total, NEW),
        origin=origin,
        created=created,
        lead=np.concatenate([lead, nothing]),
        source=np.concatenate([leads.source[lead], _typed_sources(streams, len(nothing))]),
        campaign=np.concatenate([leads.campaign[lead], nothing]),
        odds=odds * SEGMENT_ODDS[companies.segment[company]],
        due=np.full(total, NEVER),
        base_amount=np.full(total, np.nan),
        is_unborn=unborn,
    )


def _prospected(
    streams: Streams, name: str, timeline: Timeline, companies: Companies, size: int, last: int
) -> tuple[Ints, Ints]:
    """Draw companies that reps sell to of their own accord, and when the deals began."""
    rng = streams.rng(name)
    is_target = (companies.target_u < 0.25) & (companies.customer_since == NEVER)
    company = weighted(rng.random(size), np.where(is_target, 1.0 + 0.4 * companies.segment, 1e-9))
    earliest = timeline.first - RUN_UP_DAYS
    day = earliest + np.floor((last - earliest + 1) * rng.random(size) ** 0.92).astype(np.int64)
    created = timeline.after(day * DAY, rng.uniform(0, 9, size))
    return company, created


def _typed_sources(streams: Streams, size: int) -> Ints:
    """Give the lead source that reps choose for their own deals: mostly none, at times one that fits."""
    u = streams.rng("deals.typed sources").random(size)
    own = np.where(u < 0.06, SOURCES.index("Referral"), np.where(u < 0.10, SOURCES.index("Partner"), NONE))
    return own.astype(np.int64)


def _lead_odds(leads: Leads, funnel: Funnel, plants: Plants) -> Floats:
    """Multiply up what a lead's source, its bearer's level and the plants do to the odds of winning."""
    odds = _SOURCE_ODDS[leads.source] * _LEVEL_ODDS[leads.level]
    if plants.has(SOURCE_DECAY):
        odds[plants.is_decayed(leads.source, leads.created)] *= plants.decay_factor**0.5
    if plants.has(EMAIL_PHONED):
        is_second = funnel.passed[1] < NEVER
        is_phoned = np.where(is_second, funnel.is_phoned[1], funnel.is_phoned[0])
        odds[(leads.source == EMAIL_SOURCE) & is_phoned] *= plants.phoned_factor**0.5
    if plants.has(CAMPAIGN_MISMATCH):
        odds[leads.campaign == plants.loud_campaign] = 0
        odds[leads.campaign == plants.quiet_campaign] = 7.0
    return np.asarray(odds, np.float64)
