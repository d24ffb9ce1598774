"""Making the sample: chunk by chunk, so that a hundred times the company takes no more memory."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from data.world.activities import draw_activities
from data.world.actuals import Actuals
from data.world.campaigns import draw_campaigns
from data.world.companies import CURRENCIES, PLAN_RATES
from data.world.export.account_tables import account_table, contact_table
from data.world.export.activity_tables import event_table, task_table
from data.world.export.campaign_tables import campaign_member_table, campaign_table, count_origins
from data.world.export.columns import Numbers
from data.world.export.company_tables import product_table, quota_table, role_table, user_table
from data.world.export.deal_tables import (
    contact_role_table,
    find_brazil,
    line_item_table,
    odd_categories,
    opportunity_history_table,
    opportunity_table,
)
from data.world.export.hubspot import hubspot_table
from data.world.export.keys import Keys
from data.world.export.lead_tables import lead_history_table, lead_table
from data.world.files import Writer, prepare, write_truth
from data.world.goals import goals_table, set_goals, set_quotas
from data.world.ledger import Ledger
from data.world.market import Company, companies_for, draw_market
from data.world.plants import draw_plants
from data.world.staff import draw_staff
from data.world.streams import company_wide, of_chunk
from data.world.timeline import Timeline, day_of
from data.world.truths import planted_truths

LEADS_AT_SCALE_1 = 20_000
LEADS_PER_CHUNK = 5_000


@dataclass(frozen=True)
class Order:
    """What kind of sample is wanted, and where. `active` names the plants."""

    scale: float
    seed: int
    end: date
    out: Path
    active: frozenset[str]


def make_sample(order: Order) -> Ledger:
    """Write the whole sample; return the count of what was written.

    Raises
    ------
    SampleError
        If the folder cannot be used.
    """
    prepare(order.out)
    company = _found(order)
    actuals, ledger, numbers = Actuals.nothing_yet(company.timeline), Ledger(), Numbers()
    origins = np.zeros(len(company.campaigns), np.int64)
    with Writer(order.out, ledger) as writer:
        first_company = 0
        for chunk, size in enumerate(chunk_sizes(order.scale)):
            origins += _write_chunk(company, chunk, size, first_company, numbers, actuals, writer)
            first_company += companies_for(size)
        _write_company(company, actuals, origins, writer)
    ledger.rows["truth.json"] = 1
    write_truth(order.out, _truth(order, company, ledger))
    return ledger


def chunk_sizes(scale: float) -> list[int]:
    """Split the leads into chunks of about the same size, so that none is too small to be a market."""
    total = round(LEADS_AT_SCALE_1 * scale)
    count = -(-total // LEADS_PER_CHUNK)
    return [total // count + (number < total % count) for number in range(count)]


def _found(order: Order) -> Company:
    """Found the selling company: all that the chunks share."""
    timeline, streams = Timeline(order.end), company_wide(order.seed)
    staff = draw_staff(streams, timeline, order.scale)
    campaigns = draw_campaigns(streams, timeline, order.scale)
    plants = draw_plants(streams, timeline, staff, campaigns, order.active)
    return Company(order.seed, timeline, staff, campaigns, plants)


def _write_chunk(
    company: Company,
    chunk: int,
    size: int,
    first_company: int,
    numbers: Numbers,
    actuals: Actuals,
    writer: Writer,
) -> np.ndarray:
    """Draw one chunk of the market and append it to the files; return its leads by campaign."""
    streams = of_chunk(company.seed, chunk)
    market = draw_market(streams, company, size, first_company)
    log = draw_activities(streams, market)
    keys = Keys.take(market, numbers)
    brazil = find_brazil(market, is_first_chunk=chunk == 0)
    odd = odd_categories(streams, market)
    tables = {
        "Account": account_table(streams, market, keys, log, brazil.company),
        "Contact": contact_table(streams, market, keys),
        "Lead": lead_table(streams, market, keys, log, is_first_chunk=chunk == 0),
        "LeadHistory": lead_history_table(market, keys, numbers),
        "Opportunity": opportunity_table(streams, market, keys, log, brazil, odd),
        "OpportunityHistory": opportunity_history_table(streams, market, keys, numbers, brazil, odd),
        "OpportunityContactRole": contact_role_table(streams, market, keys, numbers),
        "OpportunityLineItem": line_item_table(streams, market, keys, numbers),
        "CampaignMember": campaign_member_table(streams, market, keys, numbers),
        "Task": task_table(streams, market, keys, numbers, log),
        "Event": event_table(streams, market, keys, numbers, log),
    }
    for name, frame in tables.items():
        writer.write(f"salesforce/{name}.csv", frame)
    writer.write("hubspot/hubspot-contacts.csv", hubspot_table(streams, market, keys, numbers, log))
    actuals.add(market)
    return count_origins(company.campaigns, market.leads.campaign)


def _write_company(company: Company, actuals: Actuals, origins: np.ndarray, writer: Writer) -> None:
    """Write what is small and shared, last, because goals and costs follow from the rest."""
    goals = set_goals(company, actuals)
    tables = {
        "Campaign": campaign_table(company_wide(company.seed), company, origins),
        "Product2": product_table(company.timeline),
        "User": user_table(company.staff, company.timeline),
        "UserRole": role_table(),
        "ForecastingQuota": quota_table(company, set_quotas(company, goals, actuals)),
    }
    for name, frame in tables.items():
        writer.write(f"salesforce/{name}.csv", frame)
    writer.write("goals.csv", goals_table(company, goals), quote=False)


def _truth(order: Order, company: Company, ledger: Ledger) -> dict[str, object]:
    return {
        "scale": order.scale,
        "seed": order.seed,
        "first_day": day_of(company.timeline.first).isoformat(),
        "last_day": order.end.isoformat(),
        "time_zone": "America/New_York",
        "plan_rates": dict(list(zip(CURRENCIES, PLAN_RATES, strict=True))[:3]),
        "plants": planted_truths(company),
        "totals": ledger.totals(),
    }
