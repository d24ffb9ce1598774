"""What is planted in the world on purpose: its size, its dates and whom it strikes, all drawn from the seed.

Everything is always drawn; what is not active has no effect. So the same seed gives the same people with and
without the plants.
"""

from dataclasses import dataclass

import numpy as np

from data.world.arrays import NEVER, Bools, Floats, Ints
from data.world.campaigns import BURST, SOURCES, Campaigns
from data.world.staff import Staff
from data.world.streams import Streams
from data.world.timeline import DAY, Quarter, Timeline

CAMPAIGN_MISMATCH = "campaign_mismatch"
SOURCE_DECAY = "source_decay"
SLOW_REP = "slow_rep"
EMAIL_PHONED = "email_phoned"
THIN_QUARTER = "thin_quarter"
NEGLECTED_CUSTOMERS = "neglected_customers"
WRONG_TITLES = "wrong_titles"
CALL_SLUMP = "call_slump"
NAMES = (
    CAMPAIGN_MISMATCH,
    SOURCE_DECAY,
    SLOW_REP,
    EMAIL_PHONED,
    THIN_QUARTER,
    NEGLECTED_CUSTOMERS,
    WRONG_TITLES,
    CALL_SLUMP,
)

EMAIL_SOURCE = SOURCES.index("Email")


@dataclass(frozen=True)
class Plants:
    """The planted truths; `active` names those that take effect. Days are day numbers, both included."""

    active: frozenset[str]

    loud_campaign: int
    loud_share: float
    quiet_campaign: int
    quiet_share: float

    decayed_source: int
    decayed_from: int
    decay_factor: float

    slow_developer: int
    slow_factor: float

    phoned_share: float
    phoned_factor: float

    thin_quarter: Quarter
    thin_from: int
    thin_to: int
    thin_missing: float

    customer_win_odds: float
    customer_cycle_factor: float
    customer_contact_factor: float

    low_title_campaigns: tuple[int, ...]
    low_title_share: float

    slump_from: int
    slump_to: int
    slump_calls_factor: float
    slump_deals_to: int
    slump_deals_missing: float

    def has(self, name: str) -> bool:
        """Say whether a plant takes effect."""
        return name in self.active

    def is_decayed(self, source: Ints, created: Ints) -> Bools:
        """Mark the leads of the source whose quality fell, from the day it fell."""
        if not self.has(SOURCE_DECAY):
            return np.zeros(len(source), np.bool_)
        return np.asarray((source == self.decayed_source) & (created >= self.decayed_from * DAY), np.bool_)

    def decider_shares(self, campaign: Ints) -> Floats:
        """Give the share of deciders that each lead's campaign reaches; NaN for the usual mix."""
        shares = np.full(len(campaign), np.nan)
        if self.has(WRONG_TITLES):
            shares[np.isin(campaign, self.low_title_campaigns)] = self.low_title_share
        return shares

    def is_slump_call(self, moments: Ints, u: Floats) -> Bools:
        """Mark the calls that were not made because of the slump."""
        if not self.has(CALL_SLUMP):
            return np.zeros(len(moments), np.bool_)
        inside = (moments >= self.slump_from * DAY) & (moments < (self.slump_to + 1) * DAY)
        return np.asarray(inside & (u >= self.slump_calls_factor), np.bool_)

    def is_unborn(self, created: Ints, u: Floats, *, is_outbound: Bools, is_renewal: Bools) -> Bools:
        """Mark the deals that never came to be: in the drought before the thin quarter, or after the slump.

        Renewals fall due whatever happens. After the slump, the reps' own deals are missing most.
        """
        unborn = np.zeros(len(created), np.bool_)
        real = created < NEVER
        if self.has(THIN_QUARTER):
            inside = (created >= self.thin_from * DAY) & (created < (self.thin_to + 1) * DAY) & real
            unborn |= inside & (u < self.thin_missing)
        if self.has(CALL_SLUMP):
            inside = (created >= (self.slump_from + 7) * DAY) & (created < (self.slump_deals_to + 1) * DAY)
            missing = np.where(is_outbound, self.slump_deals_missing, self.slump_deals_missing * 0.35)
            unborn |= inside & (u < missing)
        return np.asarray(unborn & ~is_renewal, np.bool_)


def draw_plants(
    streams: Streams, timeline: Timeline, staff: Staff, campaigns: Campaigns, active: frozenset[str]
) -> Plants:
    """Draw the size, dates and units of every plant."""
    rng = streams.rng("plants")
    first, last = timeline.first, timeline.last
    ended = campaigns.last < last - 120
    past = timeline.past_quarters
    thin = past[int(rng.integers(3, len(past) - 1))]
    loud_sources = [SOURCES.index(name) for name in ("Content Syndication", "Paid Social")]
    loud = _choose(rng, campaigns, np.isin(campaigns.source, loud_sources) & ended)
    quiet_sources = [SOURCES.index(name) for name in ("Webinar", "Referral", "Partner")]
    early = (campaigns.first < last - 200) & (campaigns.first > first + 20)
    # the drought before the thin quarter would hide how well the quiet campaign closes
    is_clear = (campaigns.last < thin.first - 150) | (campaigns.first > thin.first + 20)
    quiet = _choose(rng, campaigns, np.isin(campaigns.source, quiet_sources) & early & is_clear)
    others = np.arange(len(campaigns))
    reach_sources = [SOURCES.index(name) for name in ("Webinar", "Paid Social", "Trade Show", "Paid Search")]
    reaching = np.isin(campaigns.source, reach_sources) & ~np.isin(others, [loud, quiet])
    low_titles = rng.permutation(np.flatnonzero(reaching & (campaigns.first < last - 60)))[:2]

    decayed = rng.choice([SOURCES.index(name) for name in ("Paid Search", "Organic Search")])
    last_past = past[-1]
    slump_weeks = int(rng.integers(5, 8))
    slump_from = int(rng.integers(last_past.first + 3, last - 84))
    slump_from -= (slump_from + 3) % 7  # weeks begin on Monday
    return Plants(
        active=active,
        loud_campaign=loud,
        loud_share=float(rng.uniform(0.07, 0.10)),
        quiet_campaign=quiet,
        quiet_share=float(rng.uniform(0.007, 0.010)),
        decayed_source=int(decayed),
        decayed_from=last - int(rng.integers(170, 230)),
        decay_factor=float(rng.uniform(0.25, 0.4)),
        slow_developer=int(rng.choice(staff.developers)),
        slow_factor=float(rng.uniform(5.0, 8.0)),
        phoned_share=float(rng.uniform(0.50, 0.62)),
        phoned_factor=float(rng.uniform(0.25, 0.40)),
        thin_quarter=thin,
        thin_from=thin.first - int(rng.integers(84, 97)),
        thin_to=thin.first + int(rng.integers(14, 28)),
        thin_missing=float(rng.uniform(0.62, 0.72)),
        customer_win_odds=float(rng.uniform(1.7, 2.1)),
        customer_cycle_factor=float(rng.uniform(0.45, 0.6)),
        customer_contact_factor=float(rng.uniform(0.18, 0.28)),
        low_title_campaigns=tuple(int(number) for number in np.sort(low_titles)),
        low_title_share=float(rng.uniform(0.04, 0.08)),
        slump_from=slump_from,
        slump_to=slump_from + 7 * slump_weeks - 1,
        slump_calls_factor=float(rng.uniform(0.22, 0.35)),
        slump_deals_to=slump_from + 7 * slump_weeks + int(rng.integers(14, 22)),
        slump_deals_missing=float(rng.uniform(0.65, 0.8)),
    )


def _choose(rng: np.random.Generator, campaigns: Campaigns, wanted: Bools) -> int:
    """Choose one of the wanted campaigns; any that brings leads where none is wanted."""
    among = np.flatnonzero(wanted)
    if not len(among):
        among = np.flatnonzero((campaigns.source >= 0) & (campaigns.kind <= BURST))
    return int(rng.choice(among))
