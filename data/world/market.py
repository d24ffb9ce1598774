"""One chunk of the market, put together: who is there and what was sold, before anything is written."""

from dataclasses import dataclass, replace

import numpy as np

from data.world.arrays import NONE
from data.world.campaigns import Campaigns
from data.world.companies import Companies, draw_companies
from data.world.contacts import Contacts, draw_contacts
from data.world.funnel import Funnel, run_funnel
from data.world.leads import Leads, draw_leads
from data.world.plants import Plants
from data.world.roles import Roles, draw_roles
from data.world.sales import Sales, sell
from data.world.staff import Staff
from data.world.streams import Streams
from data.world.timeline import Timeline
from data.world.touches import Touches, draw_touches, last_campaign_before

_COMPANIES_PER_LEAD = 0.110


@dataclass(frozen=True)
class Company:
    """What all chunks share: the selling company's calendar, staff, campaigns, and what was planted."""

    seed: int
    timeline: Timeline
    staff: Staff
    campaigns: Campaigns
    plants: Plants


@dataclass(frozen=True)
class Market:
    """One chunk of the market and what happened in it."""

    timeline: Timeline
    staff: Staff
    campaigns: Campaigns
    plants: Plants
    companies: Companies
    leads: Leads
    funnel: Funnel
    sales: Sales
    contacts: Contacts
    roles: Roles
    touches: Touches


def companies_for(leads: int) -> int:
    """Say how many companies that many leads come from."""
    return max(12, round(leads * _COMPANIES_PER_LEAD))


def draw_market(streams: Streams, company: Company, leads_count: int, first_company: int) -> Market:
    """Draw one chunk; `first_company` is how many companies the chunks before it have."""
    timeline, staff, plants = company.timeline, company.staff, company.plants
    companies = draw_companies(streams, timeline, company.seed, first_company, companies_for(leads_count))
    leads = draw_leads(streams, timeline, company.campaigns, companies, plants, leads_count)
    funnel = run_funnel(streams, timeline, leads, companies, staff, plants)
    sales = sell(streams, timeline, leads, companies, funnel, staff, plants)
    contacts = draw_contacts(streams, timeline, leads, companies, funnel, sales)
    touches = draw_touches(streams, timeline, company.campaigns, leads, funnel, sales, contacts, plants)
    return Market(
        timeline=timeline,
        staff=staff,
        campaigns=company.campaigns,
        plants=plants,
        companies=companies,
        leads=leads,
        funnel=funnel,
        sales=_with_last_campaigns(streams, sales, funnel, touches),
        contacts=contacts,
        roles=draw_roles(streams, timeline, companies, contacts, sales),
        touches=touches,
    )


def _with_last_campaigns(streams: Streams, sales: Sales, funnel: Funnel, touches: Touches) -> Sales:
    """Set the campaign of deals from leads: the lead's first, at times the last before the conversion."""
    deals = sales.deals
    latest = last_campaign_before(touches, funnel.converted, len(funnel.converted))
    u = streams.rng("deals.campaign").random(deals.slots)[sales.number]
    has_lead = deals.lead != NONE
    newer = np.where(has_lead, latest[deals.lead], NONE)
    takes_newer = has_lead & (newer != NONE) & ((u < 0.2) | ((deals.campaign == NONE) & (u < 0.6)))
    return replace(sales, deals=replace(deals, campaign=np.where(takes_newer, newer, deals.campaign)))
