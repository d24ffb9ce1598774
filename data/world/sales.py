"""All deals of one chunk that came about, in one numbering, with their history."""

from dataclasses import dataclass, fields, replace

import numpy as np

from data.world.arrays import NONE, Bools, Floats, Ints
from data.world.companies import PLAN_RATES, Companies
from data.world.customers import Customers, before_churn, customer_deals, find_customers
from data.world.deal_paths import Outcomes, play
from data.world.deal_trail import History
from data.world.deals import Deals, joined_deals, new_deals
from data.world.funnel import Funnel
from data.world.leads import Leads
from data.world.plants import Plants
from data.world.staff import Staff
from data.world.streams import Streams
from data.world.timeline import DAY, Timeline


@dataclass(frozen=True)
class Missed:
    """Won deals that a plant kept from coming about: the day they would have closed, and their dollars."""

    close_day: Ints
    segment: Ints
    dollars: Floats


@dataclass(frozen=True)
class Sales:
    """The deals of a chunk, numbered from 0 in the order of their creation.

    `number` is lasting: the same deal has it with and without plants; it is below `numbers`. `deal_of_lead`
    says which deal each lead was converted to, `seller` who has the deal at the end, and `last` is the row of
    the history that shows the deal's state at the end.
    """

    deals: Deals
    number: Ints
    numbers: int
    history: History
    last: Ints
    ends: Ints
    seller: Ints
    deal_of_lead: Ints
    customers: Customers
    missed: Missed

    @property
    def stage(self) -> Ints:
        """The stage of each deal at the end."""
        return self.history.stage[self.last]


def sell(
    streams: Streams,
    timeline: Timeline,
    leads: Leads,
    companies: Companies,
    funnel: Funnel,
    staff: Staff,
    plants: Plants,
) -> Sales:
    """Play all deals of a chunk: first those with new customers, then those that customers make."""
    first_day = timeline.first * DAY
    deal_of_lead = joined_deals(streams, timeline, leads, funnel, plants)
    new = new_deals(streams, timeline, leads, companies, funnel, deal_of_lead, plants)
    new_ends, new_history = play(streams, "new", timeline, new, companies, staff, plants)
    is_new_kept = ~new.is_unborn & (new_ends.closes >= first_day)

    customers = find_customers(streams, timeline, companies, new, new_ends, is_new_kept)
    more = customer_deals(streams, timeline, companies, customers, plants)
    more_ends, more_history = play(streams, "customers", timeline, more, companies, staff, plants)
    is_more_kept = ~more.is_unborn & (more_ends.closes >= first_day) & before_churn(more, more_ends, companies)

    kept = np.concatenate([is_new_kept, is_more_kept])
    deals = _together(new, more).where(kept)
    number = np.concatenate([new.slot, new.slots + more.slot])[kept]
    ends = np.concatenate([new_ends.closes, more_ends.closes])[kept]
    order = np.argsort(deals.created, kind="stable")
    place = np.full(len(kept), NONE)
    place[np.flatnonzero(kept)[order]] = np.arange(len(order))
    history = _renumbered(new_history, more_history, len(new), place)
    deals = deals.where(order)
    lead_deal = np.full(len(leads), NONE)
    lead_deal[deals.lead[deals.lead != NONE]] = np.flatnonzero(deals.lead != NONE)
    converted = funnel.converted <= timeline.last_moment
    until = np.minimum(ends[order], timeline.last_moment)
    return Sales(
        deals=deals,
        number=number[order],
        numbers=new.slots + more.slots,
        history=history,
        last=np.flatnonzero(history.is_last()),
        ends=ends[order],
        seller=staff.seller_at(companies.team[deals.company], until, companies.seller_u[deals.company]),
        deal_of_lead=np.where(converted, lead_deal[deal_of_lead], NONE),
        customers=customers,
        missed=_missed(timeline, companies, (new, new_ends), (more, more_ends)),
    )


def _together(new: Deals, more: Deals) -> Deals:
    columns = {
        item.name: np.concatenate([getattr(new, item.name), getattr(more, item.name)])
        for item in fields(new)
        if item.name != "slots"
    }
    return replace(new, slots=new.slots + more.slots, **columns)


def _renumbered(new: History, more: History, offset: int, place: Ints) -> History:
    """Put two histories together and number their deals anew; a place of -1 leaves a deal out."""
    deal = place[np.concatenate([new.deal, more.deal + offset])]
    both = History(
        deal,
        np.concatenate([new.at, more.at]),
        np.concatenate([new.stage, more.stage]),
        np.concatenate([new.amount, more.amount]),
        np.concatenate([new.close_day, more.close_day]),
    )
    order = np.flatnonzero(deal != NONE)
    order = order[np.argsort(deal[order], kind="stable")]
    return History(both.deal[order], both.at[order], both.stage[order], both.amount[order], both.close_day[order])


def _missed(timeline: Timeline, companies: Companies, *parts: tuple[Deals, Outcomes]) -> Missed:
    days, segments, dollars = [], [], []
    rates = np.array(PLAN_RATES)
    for deals, ends in parts:
        is_missed: Bools = deals.is_unborn & ends.is_won & (ends.closes <= timeline.last_moment)
        company = deals.company[is_missed]
        days.append(ends.closes[is_missed] // DAY)
        segments.append(companies.segment[company])
        dollars.append(ends.amount[is_missed] / 100 * rates[companies.currency[company]])
    return Missed(np.concatenate(days), np.concatenate(segments), np.concatenate(dollars))
