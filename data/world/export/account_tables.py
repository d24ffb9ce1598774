"""Account and Contact."""

import numpy as np
import polars as pl

from data.world import people
from data.world.activity_log import Log
from data.world.arrays import NONE, Ints, pick
from data.world.companies import CURRENCIES, PLACES
from data.world.export.columns import blank, choices, days, flags, ids, moments, swap
from data.world.export.keys import Keys
from data.world.export.spelling import contact_sources, phones, written_countries
from data.world.market import Market
from data.world.streams import Streams
from data.world.timeline import DAY, HOUR
from data.world.words import COMPANY_KINDS

COUNTRIES = [place[0] for place in PLACES]
STATES = [place[1] for place in PLACES]
AREAS = [place[5] for place in PLACES]
INDUSTRIES = [industry for _, industry in COMPANY_KINDS]


def account_table(streams: Streams, market: Market, keys: Keys, log: Log, brazil: int) -> pl.DataFrame:
    """Give the accounts of a chunk; `brazil` is the company that moved there, -1 for none."""
    companies, timeline = market.companies, market.timeline
    created = market.contacts.account_created
    chosen = np.flatnonzero(created <= timeline.last_moment)
    chosen = chosen[np.argsort(created[chosen], kind="stable")]
    size = len(chosen)
    rng = streams.rng("accounts.export")
    customer = market.sales.customers.since[chosen] <= timeline.last_moment
    last_activity = log.last_days("company", len(companies))
    owner = market.staff.seller_at(
        companies.team[chosen], np.full(size, timeline.last_moment), companies.seller_u[chosen]
    )
    place = companies.place[chosen]
    countries = swap(choices(COUNTRIES, place), chosen == brazil, "Brazil")
    touched = np.maximum(
        created[chosen],
        last_activity[chosen] * DAY + 10 * HOUR + (rng.random(size) * 6 * HOUR).astype(np.int64),
    )
    return pl.DataFrame(
        {
            "Id": keys.accounts(chosen),
            "IsDeleted": flags(rng.random(size) < 0.0),
            "Name": companies.names.gather(chosen),
            "Type": choices(("Prospect", "Customer"), customer.astype(np.int64)),
            "ParentId": ids("Account", np.full(size, NONE)),
            "BillingState": blank(choices(STATES, place), chosen == brazil),
            "BillingCountry": written_countries(streams, "account countries", countries),
            "Phone": phones(choices(AREAS, place), rng.random(size), rng.random(size) < 0.8),
            "Website": "www." + companies.domains.gather(chosen),
            "Industry": choices(INDUSTRIES, companies.kind[chosen]),
            "AnnualRevenue": blank(revenues(companies.employees[chosen]), rng.random(size) < 0.35),
            "NumberOfEmployees": pl.Series(companies.employees[chosen]).cast(pl.String),
            "OwnerId": keys.users(owner),
            "CurrencyIsoCode": choices(CURRENCIES, np.where(chosen == brazil, 3, companies.currency[chosen])),
            "CreatedDate": moments(timeline, created[chosen]),
            "CreatedById": keys.users(owner),
            "LastModifiedDate": moments(timeline, np.minimum(touched, timeline.last_moment)),
            "SystemModstamp": moments(timeline, np.minimum(touched, timeline.last_moment)),
            "LastActivityDate": days(last_activity[chosen]),
        }
    )


def contact_table(streams: Streams, market: Market, keys: Keys) -> pl.DataFrame:
    """Give the contacts of a chunk."""
    contacts, companies, timeline = market.contacts, market.companies, market.timeline
    size = len(contacts)
    rng = streams.rng("contacts.export")
    company, has_lead = contacts.company, contacts.lead != NONE
    owner = market.staff.seller_at(companies.team[company], contacts.created, companies.seller_u[company])
    modified = contacts.created + (rng.random(size) ** 3 * (timeline.last_moment - contacts.created)).astype(np.int64)
    frame = pl.DataFrame(
        {
            "Id": keys.contacts(np.arange(size)),
            "IsDeleted": flags(pick(rng, ~has_lead, 0.004)),
            "AccountId": keys.accounts(company),
            "FirstName": contacts.text["first"],
            "LastName": contacts.text["last"],
            "Title": people.title_texts(contacts.title),
            "Email": blank(contacts.text["email"], ~has_lead & (rng.random(size) < 0.12)),
            "Phone": phones(choices(AREAS, companies.place[company]), rng.random(size), rng.random(size) < 0.75),
            "MailingCountry": written_countries(
                streams, "contact countries", choices(COUNTRIES, companies.place[company])
            ),
            "LeadSource": contact_sources(streams, market),
            "OwnerId": keys.users(owner),
            "CreatedDate": moments(timeline, contacts.created),
            "CreatedById": keys.users(owner),
            "SystemModstamp": moments(timeline, np.maximum(modified, contacts.created)),
        }
    )
    return frame[np.argsort(contacts.created, kind="stable")]


def revenues(employees: Ints) -> pl.Series:
    """Write a yearly revenue that suits the head count."""
    return pl.Series(employees * 180_000 // 50_000 * 50_000).cast(pl.String)
