"""What marketing and sales did with the leads: scored, passed, answered, accepted, qualified, converted.

A lead may go round twice: recycled to marketing, it may be passed to sales again later.
"""

from dataclasses import dataclass, field

import numpy as np

from data.world import people
from data.world.arrays import NEVER, Bools, Floats, Ints
from data.world.campaigns import SOURCES
from data.world.companies import ENTERPRISE, SMALL, Companies
from data.world.leads import Leads
from data.world.plants import CAMPAIGN_MISMATCH, EMAIL_PHONED, EMAIL_SOURCE, SLOW_REP, Plants
from data.world.staff import Staff
from data.world.streams import Streams
from data.world.timeline import DAY, Timeline

STATUSES = (
    "Open",
    "Marketing Qualified",
    "Sales Accepted",
    "Sales Qualified",
    "Closed - Converted",
    "Rejected by Sales",
    "Recycled",
    "Disqualified",
)
OPEN, PASSED, ACCEPTED, QUALIFIED, CONVERTED, REJECTED, RECYCLED, DISQUALIFIED = range(8)
PASSES = 2

_RATES = np.array(
    [  # passed, accepted, qualified, converted; by source, in the order of SOURCES
        [0.56, 0.64, 0.66, 0.80],
        [0.58, 0.68, 0.68, 0.81],
        [0.42, 0.52, 0.58, 0.76],
        [0.62, 0.66, 0.66, 0.79],
        [0.54, 0.60, 0.62, 0.78],
        [0.56, 0.62, 0.66, 0.80],
        [0.40, 0.45, 0.54, 0.74],
        [0.66, 0.74, 0.72, 0.84],
        [0.78, 0.84, 0.76, 0.86],
        [0.72, 0.76, 0.70, 0.82],
        [0.22, 0.36, 0.45, 0.70],
    ]
)
_PASS_RATE_BY_LEVEL = np.array([1.2, 1.08, 0.9, 0.35, 0.75])
_ACCEPT_RATE_BY_LEVEL = np.array([1.15, 1.08, 0.88, 0.35, 0.85])
_LONGEST_WAIT = 180.0
"""Working hours after which even a slow rep is reminded of a lead."""
_PHONE_SHARE = np.full(len(SOURCES), 0.5)
_PHONE_SHARE[[SOURCES.index("Trade Show"), SOURCES.index("Web Direct")]] = (0.68, 0.72)


@dataclass
class Funnel:
    """What happened to each lead, beyond the end of the period too: the export leaves that out.

    The arrays with two rows are by pass to sales. A moment is NEVER where it did not come. `unborn_deal` is
    when a lead would have become a deal, had the plants let it.
    """

    developer: Ints
    marketer: Ints
    passed: Ints
    answered: Ints
    is_phoned: Bools
    accepted: Ints
    qualified: Ints
    converted: Ints
    unborn_deal: Ints
    rejection: Ints
    steps: list[tuple[Ints, Ints, int]] = field(default_factory=list)

    def step(self, mask: Bools, moments: Ints, status: int) -> None:
        """Note that the marked leads took a status at those moments."""
        chosen = np.flatnonzero(mask & (moments < NEVER))
        self.steps.append((chosen, moments[chosen], status))

    def history(self, last_moment: int) -> tuple[Ints, Ints, Ints]:
        """Give all steps up to the last moment, by lead and time: the lead, the moment, the new status."""
        lead = np.concatenate([part[0] for part in self.steps])
        at = np.concatenate([part[1] for part in self.steps])
        status = np.concatenate([np.full(len(part[0]), part[2]) for part in self.steps])
        kept = np.flatnonzero(at <= last_moment)
        order = kept[np.lexsort((status[kept], at[kept], lead[kept]))]
        return lead[order], at[order], status[order]

    def status_at(self, last_moment: int, leads: int) -> Ints:
        """Give each lead's status at the last moment."""
        lead, _, new_status = self.history(last_moment)
        status = np.full(leads, OPEN)
        status[lead] = new_status  # the last of each lead stays
        return status


def run_funnel(
    streams: Streams, timeline: Timeline, leads: Leads, companies: Companies, staff: Staff, plants: Plants
) -> Funnel:
    """Take every lead of a chunk through the funnel."""
    size = len(leads)
    rng = streams.rng("funnel.owners")
    funnel = Funnel(
        developer=staff.developers[rng.integers(0, len(staff.developers), size)],
        marketer=staff.marketers[rng.integers(0, len(staff.marketers), size)],
        passed=np.full((PASSES, size), NEVER),
        answered=np.full((PASSES, size), NEVER),
        is_phoned=np.zeros((PASSES, size), np.bool_),
        accepted=np.full((PASSES, size), NEVER),
        qualified=np.full((PASSES, size), NEVER),
        converted=np.full(size, NEVER),
        unborn_deal=np.full(size, NEVER),
        rejection=np.zeros(size, np.int64),
    )
    rates = _rates(leads, companies, plants)
    rng = streams.rng("funnel.scoring")
    is_passed = (rng.random(size) < rates[0]) & ~leads.is_junk
    at_once = rng.random(size) < np.where(leads.source == SOURCES.index("Web Direct"), 0.7, 0.06)
    scored = leads.created + np.exp(np.log(3.2 * DAY) + 1.1 * rng.normal(size=size)).astype(np.int64)
    minutes = leads.created + rng.integers(60, 1_800, size)
    passing = np.where(at_once, minutes, timeline.after(scored, rng.uniform(0, 1, size)))
    passing = np.where(is_passed, passing, NEVER)
    for number in range(PASSES):
        passing = _work(number, streams, timeline, leads, plants, rates, funnel, passing)

    rng = streams.rng("funnel.never passed")
    dropped = timeline.after(leads.created, rng.uniform(5, 500, size))
    is_dropped = ~is_passed & (rng.random(size) < np.where(leads.is_junk, 0.7, 0.14))
    funnel.step(is_dropped, dropped, DISQUALIFIED)
    return funnel


def _rates(leads: Leads, companies: Companies, plants: Plants) -> Floats:
    """Give each lead's chances: rows passed, accepted, qualified, converted."""
    rates = _RATES[leads.source].T.copy()
    rates[0] *= _PASS_RATE_BY_LEVEL[leads.level]
    rates[1] *= _ACCEPT_RATE_BY_LEVEL[leads.level]
    segment = companies.segment[leads.company]
    rates[1] *= np.where(segment == SMALL, 0.94, np.where(segment == ENTERPRISE, 1.1, 1.0))
    decayed = plants.is_decayed(leads.source, leads.created)
    rates[1:] *= np.where(decayed, plants.decay_factor ** (1 / 3), 1.0)
    rates[0] *= np.where(decayed, 1.05, 1.0)
    if plants.has(CAMPAIGN_MISMATCH):
        loud, quiet = leads.campaign == plants.loud_campaign, leads.campaign == plants.quiet_campaign
        rates[1:3] *= np.where(loud, 0.55, 1.0)
        rates[:, quiet] = np.maximum(rates[:, quiet], np.array([0.9, 0.9, 0.86, 0.9])[:, None])
    return rates.clip(0, 0.97)


def _work(
    number: int,
    streams: Streams,
    timeline: Timeline,
    leads: Leads,
    plants: Plants,
    rates: Floats,
    funnel: Funnel,
    passing: Ints,
) -> Ints:
    """Let sales work the leads passed to it at those moments; return when leads are passed again."""
    size = len(leads)
    rng = streams.rng(f"funnel.pass {number}")
    is_passed = passing < NEVER
    passed = np.where(is_passed, passing, timeline.last_moment)
    funnel.passed[number] = passing
    funnel.step(is_passed, passing, PASSED)

    hours, is_phoned, is_reached = _answers(rng, timeline, leads, plants, funnel, passed)
    answered = timeline.after(passed, hours)
    funnel.answered[number] = np.where(is_passed & is_reached, answered, NEVER)
    funnel.is_phoned[number] = is_phoned

    # a late answer finds a colder lead; in the plant, so does a call at once to somebody who wrote
    warmth = np.where(hours < 3, 1.12, np.where(hours < 20, 1.06, np.where(hours < 45, 0.93, 0.80)))
    if plants.has(EMAIL_PHONED):
        warmth[(leads.source == EMAIL_SOURCE) & is_phoned] *= plants.phoned_factor ** (1 / 3)
    decided = timeline.after(answered, np.exp(np.log(7) + 1.1 * rng.normal(size=size)))
    decided = np.where(is_reached, decided, timeline.after(passed, rng.uniform(30, 150, size)))
    is_accepted = is_passed & is_reached & (rng.random(size) < rates[1] * warmth)
    qualified = timeline.after(decided, np.exp(np.log(24) + 0.9 * rng.normal(size=size)))
    is_qualified = is_accepted & (rng.random(size) < rates[2] * warmth)
    converting = timeline.after(qualified, np.exp(np.log(12) + 1.0 * rng.normal(size=size)))
    is_converted = is_qualified & (rng.random(size) < rates[3] * np.minimum(warmth, 1))
    nobody = np.zeros(size, np.bool_)
    unborn = plants.is_unborn(
        np.where(is_converted, converting, NEVER), rng.random(size), is_outbound=nobody, is_renewal=nobody
    )
    funnel.unborn_deal[unborn] = converting[unborn]
    is_converted &= ~unborn

    skips = rng.random(size)
    funnel.accepted[number] = np.where(is_accepted, decided, NEVER)
    funnel.qualified[number] = np.where(is_qualified, qualified, NEVER)
    funnel.converted[is_converted] = converting[is_converted]
    funnel.unborn_deal[is_converted] = NEVER
    funnel.step(is_accepted & (skips >= 0.02), decided, ACCEPTED)
    funnel.step(is_qualified & ((skips < 0.97) | ~is_converted), qualified, QUALIFIED)
    funnel.step(is_converted, converting, CONVERTED)

    status = _exits(rng, is_passed, is_reached, is_accepted, is_qualified)
    status[is_converted] = CONVERTED
    leaving = np.where(is_qualified, converting, np.where(is_accepted, qualified, decided))
    rejected = is_passed & (status == REJECTED)
    funnel.rejection[rejected] = _reasons(rng.random(size), leads, is_reached)[rejected]
    funnel.step(rejected, leaving, REJECTED)
    funnel.step(is_passed & (status == DISQUALIFIED), leaving, DISQUALIFIED)
    return _again(rng, timeline, funnel, status, leaving)


def _answers(
    rng: np.random.Generator, timeline: Timeline, leads: Leads, plants: Plants, funnel: Funnel, passed: Ints
) -> tuple[Floats, Bools, Bools]:
    """Give the working hours to the first answer, whether it was a call, and whether one came at all."""
    size = len(leads)
    hours = np.exp(np.log(4.6) + 1.25 * rng.normal(size=size))
    hours *= np.where(leads.source == SOURCES.index("Web Direct"), 0.5, 1.0)
    is_phoned = rng.random(size) < _PHONE_SHARE[leads.source]
    is_reached = rng.random(size) >= np.where(leads.level == people.READS, 0.22, 0.07)
    u_phone, u_at_once, quick, u_slump = (rng.random(size) for _ in range(4))
    if plants.has(SLOW_REP):
        hours = np.where(funnel.developer == plants.slow_developer, hours * plants.slow_factor, hours)
    hours = np.minimum(hours, _LONGEST_WAIT * (0.7 + 0.3 * quick))
    if plants.has(EMAIL_PHONED):
        is_mail = leads.source == EMAIL_SOURCE
        is_phoned = np.where(is_mail, u_phone < plants.phoned_share, is_phoned)
        hours = np.where(is_mail & is_phoned & (u_at_once < 0.85), 0.1 + 0.9 * quick, hours)
    # in the slump the developers write where they would have called
    is_phoned &= ~plants.is_slump_call(timeline.after(passed, hours), u_slump)
    return hours, is_phoned, is_reached


def _exits(
    rng: np.random.Generator, is_passed: Bools, is_reached: Bools, is_accepted: Bools, is_qualified: Bools
) -> Ints:
    """Say how a lead that gets no further leaves sales; PASSED, ACCEPTED, QUALIFIED: it is left lying."""
    u = rng.random(len(is_passed))
    turned_down = np.where(u < 0.60, REJECTED, np.where(u < 0.80, RECYCLED, np.where(u < 0.92, DISQUALIFIED, PASSED)))
    unreached = np.where(u < 0.42, REJECTED, np.where(u < 0.55, RECYCLED, PASSED))
    unfit = np.where(u < 0.42, RECYCLED, np.where(u < 0.80, DISQUALIFIED, ACCEPTED))
    unready = np.where(u < 0.42, RECYCLED, np.where(u < 0.75, DISQUALIFIED, QUALIFIED))
    stays_open = np.full(len(u), OPEN)
    cases = [is_qualified, is_accepted, is_passed & is_reached, is_passed]
    return np.select(cases, [unready, unfit, turned_down, unreached], stays_open).astype(np.int64)


def _again(rng: np.random.Generator, timeline: Timeline, funnel: Funnel, status: Ints, leaving: Ints) -> Ints:
    """Take leads back to marketing, also some that sales rejected; return when they are passed again."""
    size = len(status)
    handed_back = timeline.after(leaving, rng.uniform(9, 70, size))
    is_handed_back = (status == REJECTED) & (rng.random(size) < 0.25)
    recycled = np.where(is_handed_back, handed_back, np.where(status == RECYCLED, leaving, NEVER))
    funnel.step(recycled < NEVER, recycled, RECYCLED)
    waiting = (rng.uniform(25, 210, size) * DAY).astype(np.int64)
    returns = (recycled < NEVER) & (rng.random(size) < 0.34)
    later = timeline.after(np.where(returns, recycled, timeline.last_moment) + waiting, rng.uniform(0, 3, size))
    return np.where(returns, later, NEVER)


def _reasons(u: Floats, leads: Leads, is_reached: Bools) -> Ints:
    """Choose why sales rejected: who reads only is the wrong contact, who was not reached did not respond."""
    usual = np.array([0.16, 0.30, 0.13, 0.17, 0.05, 0.06, 0.05, 0.08]).cumsum()
    reasons = np.searchsorted(usual, u).clip(0, len(usual) - 1)
    reasons = np.where((leads.level >= people.USES) & (u < 0.35), 2, reasons)
    return np.where(is_reached, reasons, 0).astype(np.int64)
