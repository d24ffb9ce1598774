"""What people did: calls, e-mails, meetings, and what the machines sent in their name.

Everything is drawn around the lives of leads, deals and customers; `activity_log` says what kinds there are.
"""

import numpy as np

from data.world.activity_log import (
    AUTO_MAIL,
    CADENCE,
    CALL,
    INBOUND_CALL,
    LIST_MAIL,
    MAIL,
    MEETING,
    OTHER,
    PLANNED,
    Log,
)
from data.world.arrays import NEVER, NONE, Bools, Floats, Ints, places, weighted
from data.world.deal_paths import WON
from data.world.deals import EXPANSION, NEW
from data.world.funnel import PASSED, PASSES, QUALIFIED
from data.world.leads import IMPORTED_SOURCES
from data.world.market import Market
from data.world.plants import NEGLECTED_CUSTOMERS
from data.world.streams import Streams
from data.world.timeline import DAY, HOUR, Timeline

_KINDS_ON_DEALS = np.array([CALL, MAIL, MEETING, OTHER])
_WEIGHTS_ON_DEALS = np.array([0.40, 0.38, 0.16, 0.06])
_CUSTOMER_CONTACTS_A_YEAR = 5.0
_COLD_CALLS_PER_LEAD = 0.42


def draw_activities(streams: Streams, market: Market) -> Log:
    """Draw all activities of one chunk, in the order of time."""
    log = Log()
    for number in range(PASSES):
        _work_leads(streams.rng(f"activities.pass {number}"), market, number, log)
    _machines(streams.rng("activities.machines"), market, log)
    _work_deals(streams.rng("activities.deals"), market, log)
    _care_for_customers(streams.rng("activities.customers"), market, log)
    _call_cold(streams.rng("activities.cold"), market, log)
    _plan(streams.rng("activities.planned"), market, log)
    # older activities are archived, as Salesforce does by itself
    log.close(market.timeline.first * DAY, market.timeline.last_moment)
    _reparent(log, market)
    return log


def _not_made(rng: np.random.Generator, market: Market, kind: Ints, at: Ints) -> Bools:
    """Mark the calls that the slump kept from being made."""
    is_missing = market.plants.is_slump_call(at, rng.random(len(at)))
    return np.asarray(is_missing & (kind == CALL), np.bool_)


def _work_leads(rng: np.random.Generator, market: Market, number: int, log: Log) -> None:
    """Answer the leads passed to sales, follow up, and meet those who qualify."""
    funnel, timeline = market.funnel, market.timeline
    size = len(market.leads)
    lead = np.arange(size)
    answered = funnel.answered[number]
    kind = np.where(funnel.is_phoned[number], CALL, MAIL)
    is_answered = answered <= timeline.last_moment
    log.add(is_answered, at=answered, kind=kind, owner=funnel.developer, lead=lead)

    is_open = funnel.accepted[number] >= NEVER
    count = np.where(is_answered, rng.poisson(np.where(is_open, 1.9, 1.3)), 0)
    again = np.repeat(lead, count)
    hours = rng.exponential(11, len(again)) * (1 + places(count)) + 1
    at = timeline.after(answered[again], hours)
    kind = np.where(rng.random(len(again)) < 0.52, CALL, MAIL)
    until = np.minimum(funnel.converted[again], answered[again] + 30 * DAY)
    is_made = (at < until) & ~_not_made(rng, market, kind, at)
    log.add(is_made, at=at, kind=kind, owner=funnel.developer[again], lead=again)

    passed = funnel.passed[number]
    called_in = np.minimum(timeline.after(np.minimum(passed, timeline.last_moment), rng.uniform(0, 25, size)), NEVER)
    is_in = (passed < NEVER) & (rng.random(size) < 0.045)
    log.add(is_in, at=called_in, kind=np.full(size, INBOUND_CALL), owner=funnel.developer, lead=lead)
    met = timeline.to_business(np.minimum(funnel.qualified[number], timeline.last_moment + DAY))
    met = timeline.from_business(met - rng.integers(25, 75, size) * 60)
    is_met = (funnel.qualified[number] < NEVER) & (rng.random(size) < 0.7) & (met > answered)
    log.add(is_met, at=met, kind=np.full(size, MEETING), owner=funnel.developer, lead=lead, since=answered)
    day_after = passed + DAY + rng.integers(0, 4 * HOUR, size)
    is_cadence = (passed < NEVER) & (rng.random(size) < 0.10)
    log.add(is_cadence, at=day_after, kind=np.full(size, CADENCE), owner=funnel.developer, lead=lead)


def _machines(rng: np.random.Generator, market: Market, log: Log) -> None:
    """Send the automatic replies to forms, and the list e-mails of campaigns."""
    leads, touches, staff = market.leads, market.touches, market.staff
    size = len(leads)
    is_form = ~np.isin(leads.source, IMPORTED_SOURCES)
    log.add(
        is_form & (rng.random(size) < 0.6),
        at=leads.created + rng.integers(20, 400, size),
        kind=np.full(size, AUTO_MAIL),
        owner=np.where(rng.random(size) < 0.5, market.funnel.developer, staff.automation),
        lead=np.arange(size),
    )
    is_mail = np.array([name == "Email" for name in market.campaigns.types])[touches.campaign]
    is_sent = is_mail & (touches.lead != NONE) & (rng.random(len(touches)) < 0.26)
    log.add(
        is_sent,
        at=touches.created + 60,
        kind=np.full(len(touches), LIST_MAIL),
        owner=np.full(len(touches), staff.automation),
        lead=touches.lead,
        detail=touches.campaign,
    )


def _contact_factor(market: Market, is_customer: Bools) -> Floats:
    """Give how much of the usual contact a deal gets: little, for the neglected customers of the plant."""
    if not market.plants.has(NEGLECTED_CUSTOMERS):
        return np.ones(len(is_customer))
    return np.where(is_customer, market.plants.customer_contact_factor, 1.0)


def _work_deals(rng: np.random.Generator, market: Market, log: Log) -> None:
    """Call, write and meet while a deal is open, the more the longer it is."""
    deals, sales, timeline = market.sales.deals, market.sales, market.timeline
    size = len(deals)
    until = np.minimum(np.minimum(sales.ends, timeline.last_moment), deals.created + 240 * DAY)
    days = (until - deals.created) / DAY
    usual = 2.2 + 0.052 * np.minimum(days, 170) + 0.4 * market.companies.segment[deals.company]
    is_won = sales.stage == WON
    usual *= np.where(is_won, 1.15, 0.95) * np.where(deals.kind == EXPANSION, 1.45, 1.0)
    count = rng.poisson(usual * _contact_factor(market, deals.kind != NEW))
    deal = np.repeat(np.arange(size), count)
    u = rng.random(len(deal))
    at = _working_moment(timeline, deals.created[deal], until[deal], u)
    kind = _KINDS_ON_DEALS[weighted(rng.random(len(deal)), _WEIGHTS_ON_DEALS)]
    kind = np.where((kind == CALL) & (rng.random(len(deal)) < 0.06), INBOUND_CALL, kind)
    company = deals.company[deal]
    contact = market.contacts.someone_at(company, at, rng.random(len(deal)))
    primary = market.roles.primary[deal]
    contact = np.where((rng.random(len(deal)) < 0.6) & (primary != NONE), primary, contact)
    log.add(
        ~_not_made(rng, market, kind, at),
        at=at,
        kind=kind,
        owner=_seller(market, company, at),
        contact=contact,
        deal=deal,
        company=company,
        since=deals.created[deal],
    )


def _care_for_customers(rng: np.random.Generator, market: Market, log: Log) -> None:
    """Keep in touch with customers between deals."""
    timeline = market.timeline
    since = np.maximum(market.sales.customers.since, timeline.first * DAY)
    company = np.flatnonzero(since < timeline.last_moment - DAY)
    years = (timeline.last_moment - since[company]) / (365 * DAY)
    count = rng.poisson(_CUSTOMER_CONTACTS_A_YEAR * years * _contact_factor(market, np.ones(len(years), np.bool_)))
    company = np.repeat(company, count)
    at = _working_moment(
        timeline, since[company], np.full(len(company), timeline.last_moment), rng.random(len(company))
    )
    kind = _KINDS_ON_DEALS[weighted(rng.random(len(company)), _WEIGHTS_ON_DEALS)]
    contact = market.contacts.someone_at(company, at, rng.random(len(company)))
    log.add(
        ~_not_made(rng, market, kind, at),
        at=at,
        kind=kind,
        owner=_seller(market, company, at),
        contact=contact,
        company=company,
        since=since[company],
    )


def _call_cold(rng: np.random.Generator, market: Market, log: Log) -> None:
    """Call contacts at companies that are no customers yet."""
    timeline, contacts = market.timeline, market.contacts
    size = round(_COLD_CALLS_PER_LEAD * len(market.leads))
    first, last = timeline.first * DAY, timeline.last_moment
    at = _working_moment(timeline, np.full(size, first), np.full(size, last), rng.random(size))
    is_target = (market.companies.target_u < 0.25) & (contacts.account_created < NEVER)
    u_company, u_contact = rng.random(size), rng.random(size)
    is_missing = _not_made(rng, market, np.full(size, CALL), at)
    if not is_target.any():
        return
    company = weighted(u_company, is_target.astype(np.float64))
    contact = contacts.someone_at(company, at, u_contact)
    is_free = market.sales.customers.since[company] > at
    log.add(
        (contact != NONE) & is_free & ~is_missing,
        at=at,
        kind=np.full(size, CALL),
        owner=_seller(market, company, at),
        contact=contact,
        company=company,
    )


def _plan(rng: np.random.Generator, market: Market, log: Log) -> None:
    """Leave open tasks on what is still open: due soon, or due for some days."""
    timeline, leads, deals = market.timeline, market.leads, market.sales.deals
    now = timeline.last_moment
    status = market.funnel.status_at(now, len(leads))
    is_worked = (status >= PASSED) & (status <= QUALIFIED) & (rng.random(len(leads)) < 0.30)
    entered = np.maximum(market.funnel.passed[0], leads.created)
    size = len(leads)
    created = now - (rng.uniform(0.3, 9, size) * DAY).astype(np.int64)
    is_worked &= entered < created
    due = timeline.on_business_day(created // DAY + rng.integers(0, 16, size))
    log.add(
        is_worked,
        at=created,
        kind=np.full(size, PLANNED),
        owner=market.funnel.developer,
        lead=np.arange(size),
        detail=due,
    )
    size = len(deals)
    created = now - (rng.uniform(0.3, 12, size) * DAY).astype(np.int64)
    is_open = (market.sales.stage < WON) & (deals.created < created) & (rng.random(size) < 0.45)
    due = timeline.on_business_day(created // DAY + rng.integers(0, 21, size))
    log.add(
        is_open,
        at=created,
        kind=np.full(size, PLANNED),
        owner=market.sales.seller,
        contact=market.roles.primary,
        deal=np.arange(size),
        company=deals.company,
        detail=due,
    )


def _seller(market: Market, company: Ints, at: Ints) -> Ints:
    return market.staff.seller_at(market.companies.team[company], at, market.companies.seller_u[company])


def _working_moment(timeline: Timeline, start: Ints, end: Ints, u: Floats) -> Ints:
    """Give a moment of working time between two others."""
    begin = timeline.to_business(start)
    length = timeline.to_business(end) - begin
    moment = timeline.from_business(begin + (length * u).astype(np.int64))
    return np.clip(moment, start + 1, np.maximum(end, start + 1))


def _reparent(log: Log, market: Market) -> None:
    """Move what was done with converted leads to their contact, account and deal, as Salesforce does.

    What was sent to them afterwards was sent to the contact, and has nothing to do with the deal.
    """
    is_moved = log.lead != NONE
    contact = np.where(is_moved, market.contacts.of_lead[log.lead], NONE)
    is_moved &= contact != NONE
    log.contact = np.where(is_moved, contact, log.contact)
    is_before = is_moved & (log.at <= market.funnel.converted[log.lead])
    log.deal = np.where(is_before, market.sales.deal_of_lead[log.lead], log.deal)
    log.company = np.where(is_moved, market.leads.company[log.lead], log.company)
