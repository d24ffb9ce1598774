"""Campaign and CampaignMember."""

import numpy as np
import polars as pl

from data.world.arrays import NEVER, NONE, Floats, Ints, pick
from data.world.campaigns import CUSTOMER, UMBRELLA, Campaigns
from data.world.export.columns import Numbers, blank, choices, days, flags, ids, moments
from data.world.export.keys import Keys
from data.world.funnel import CONVERTED
from data.world.market import Company, Market
from data.world.streams import Streams
from data.world.timeline import DAY, HOUR
from data.world.touches import status_texts

_DESCRIPTIONS = ("", "Budget approved by VP Marketing.", "See brief, v2", "Co-funded, ask Ops for the split")


def campaign_table(streams: Streams, company: Company, origins: Ints) -> pl.DataFrame:
    """Give the campaigns; `origins` counts the leads that came through each."""
    campaigns, timeline = company.campaigns, company.timeline
    size = len(campaigns)
    rng = streams.rng("campaigns.export")
    planned, actual = _costs(rng, company, origins)
    created = (campaigns.first - rng.integers(20, 60, size)) * DAY + 10 * HOUR
    is_over = campaigns.last <= timeline.last
    status = np.where(is_over, 0, 1)
    touched = np.minimum((campaigns.last + 9) * DAY + 15 * HOUR, timeline.last_moment - 3 * HOUR)
    owner = company.staff.marketers[rng.integers(0, len(company.staff.marketers), size)]
    return pl.DataFrame(
        {
            "Id": ids("Campaign", np.arange(size)),
            "IsDeleted": flags(np.zeros(size, np.bool_)),
            "Name": pl.Series(campaigns.names),
            "ParentId": ids("Campaign", campaigns.parent),
            "Type": pl.Series(campaigns.types),
            "Status": choices(("Completed", "In Progress"), status),
            "StartDate": days(campaigns.first),
            "EndDate": days(campaigns.last),
            "CurrencyIsoCode": choices(("USD",), np.zeros(size, np.int64)),
            "ExpectedRevenue": _dollars(planned * rng.uniform(3, 8, size), 1_000),
            "BudgetedCost": _dollars(planned, 500),
            "ActualCost": _dollars(actual, 1),
            "IsActive": flags(~is_over),
            "Description": choices(_DESCRIPTIONS, (rng.random(size) ** 3 * len(_DESCRIPTIONS)).astype(np.int64)),
            "OwnerId": ids("User", owner),
            "CreatedDate": moments(timeline, created),
            "SystemModstamp": moments(timeline, touched),
        }
    )


def _costs(rng: np.random.Generator, company: Company, origins: Ints) -> tuple[Floats, Floats]:
    """Give budgeted and actual cost in dollars, NaN where none is recorded.

    What a campaign costs follows from the leads it brings; a newsletter has the cost of its making.
    """
    campaigns = company.campaigns
    size = len(campaigns)
    fixed = np.where(campaigns.kind == CUSTOMER, 9_000.0, 1_500.0)
    actual = (fixed + origins * campaigns.cost_per_lead) * rng.uniform(0.92, 1.12, size)
    planned = actual * rng.uniform(0.85, 1.12, size)
    forgotten = int(rng.choice(np.flatnonzero(campaigns.kind < CUSTOMER)))
    if company.plants.active and forgotten in (company.plants.loud_campaign, company.plants.quiet_campaign):
        forgotten = (forgotten + 1) % size
    unknown = campaigns.kind == UMBRELLA
    unknown[forgotten] = True
    return np.where(campaigns.kind == UMBRELLA, np.nan, planned), np.where(unknown, np.nan, actual)


def _dollars(amount: Floats, step: int) -> pl.Series:
    is_known = ~np.isnan(amount)
    whole = (np.where(is_known, amount, 0) / step).round().astype(np.int64) * step
    return blank(pl.Series(whole).cast(pl.String) + ".00", ~is_known)


def campaign_member_table(streams: Streams, market: Market, keys: Keys, numbers: Numbers) -> pl.DataFrame:
    """Give the campaign members: leads, converted leads with their contact, and contacts of customers."""
    touches, timeline, campaigns = market.touches, market.timeline, market.campaigns
    order = np.argsort(touches.created, kind="stable")
    rng = streams.rng("touches.export")
    size = len(order)
    lead = touches.lead[order]
    is_converted = market.funnel.status_at(timeline.last_moment, len(market.leads)) == CONVERTED
    converted_contact = np.where((lead != NONE) & is_converted[lead], market.contacts.of_lead[lead], NONE)
    contact = np.where(touches.contact[order] != NONE, touches.contact[order], converted_contact)
    responded = touches.responded[order]
    is_import = rng.random(size) < 0.3
    by = np.where(is_import, market.staff.marketers[0], market.staff.automation)
    later = np.where(responded < NEVER, responded * DAY + 12 * HOUR, touches.created[order])
    changed = np.minimum(np.maximum(later, touches.created[order]), timeline.last_moment)
    return pl.DataFrame(
        {
            "Id": ids("CampaignMember", numbers.next("CampaignMember", size)),
            "IsDeleted": flags(pick(rng, np.ones(size, np.bool_), 0.004)),
            "CampaignId": keys.campaigns(touches.campaign[order]),
            "LeadId": keys.leads(lead),
            "ContactId": keys.contacts(contact),
            "Status": pl.Series(status_texts(campaigns, touches), dtype=pl.String)[order],
            "HasResponded": flags(responded < NEVER),
            "CreatedDate": moments(timeline, touches.created[order]),
            "CreatedById": keys.users(by),
            "SystemModstamp": moments(timeline, changed),
            "FirstRespondedDate": days(responded),
        }
    )


def count_origins(campaigns: Campaigns, origin: Ints) -> Ints:
    """Count the leads that came through each campaign."""
    return np.bincount(origin[origin != NONE], minlength=len(campaigns)).astype(np.int64)
