"""Accounts and contacts of one chunk: made by converting leads, or typed in by reps."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.world import people
from data.world.arrays import NEVER, NONE, Bools, Floats, Ints, first_of_runs, weighted
from data.world.companies import Companies
from data.world.deals import FROM_BEFORE, FROM_LEAD, OUTBOUND
from data.world.funnel import Funnel
from data.world.leads import Leads
from data.world.names import draw_names
from data.world.sales import Sales
from data.world.streams import Streams
from data.world.timeline import DAY, Timeline

_TYPED_PER_COMPANY = 3


@dataclass(frozen=True)
class Contacts:
    """The contacts of a chunk, sorted by company and then by creation.

    `lead` is the first converted lead of the human, -1 if a rep typed the contact in; `number` is lasting and
    below `numbers`. `account_created` is when each company became an account, NEVER if it did not.
    """

    number: Ints
    numbers: int
    company: Ints
    created: Ints
    lead: Ints
    level: Ints
    title: Ints
    text: pl.DataFrame
    of_lead: Ints
    account_created: Ints
    first_of_company: Ints
    count_of_company: Ints

    def __len__(self) -> int:
        """Count the contacts."""
        return len(self.number)

    def someone_at(self, company: Ints, moments: Ints, u: Floats) -> Ints:
        """Choose a contact of each company who is known by that moment; -1 where nobody is."""
        first, count = self.first_of_company[company], self.count_of_company[company]
        chosen = first + (u * count).astype(np.int64)
        chosen = np.minimum(chosen, len(self) - 1)
        chosen = np.where(self.created[chosen] <= moments, chosen, np.minimum(first, len(self) - 1))
        is_known = (count > 0) & (self.created[chosen] <= moments)
        return np.where(is_known, chosen, NONE)


def draw_contacts(
    streams: Streams, timeline: Timeline, leads: Leads, companies: Companies, funnel: Funnel, sales: Sales
) -> Contacts:
    """Give the accounts and contacts that the leads, the deals and the reps' prospecting make."""
    converted = np.where(funnel.converted <= timeline.last_moment, funnel.converted, NEVER)
    account_created = _account_dates(streams, timeline, leads, companies, converted, sales)
    from_lead = _first_conversions(leads, converted)
    company, slot, created = _typed(streams, timeline, companies, account_created, sales)

    size = len(companies) * _TYPED_PER_COMPANY
    rng = streams.rng("contacts.people")
    first, last = draw_names(rng.random(size), rng.random(size))
    level = weighted(rng.random(size), people.REP_LEVELS)
    title = people.draw_titles(rng.random(size), level)
    typed = company * _TYPED_PER_COMPANY + slot
    # typed-in contacts are told apart from namesakes among the leads, too
    everybody = np.concatenate([leads.company, company])
    typed_text = people.describe(
        np.concatenate([leads.first_name, first[typed]]),
        np.concatenate([leads.last_name, last[typed]]),
        companies.domains.gather(everybody),
        companies.initial_addresses[everybody],
    )[len(leads) :]

    contact_company = np.concatenate([leads.company[from_lead], company])
    contact_created = np.concatenate([converted[from_lead], created])
    order = np.lexsort((contact_created, contact_company))
    contact_company = contact_company[order]
    lead = np.concatenate([from_lead, np.full(len(company), NONE)])[order]
    # every converted lead of one human leads to the same contact
    of_human = np.full(len(leads), NONE)
    of_human[leads.person[lead[lead != NONE]]] = np.flatnonzero(lead != NONE)
    count = np.bincount(contact_company, minlength=len(companies))
    return Contacts(
        number=np.concatenate([from_lead, len(leads) + typed])[order],
        numbers=len(leads) + size,
        company=contact_company,
        created=contact_created[order],
        lead=lead,
        level=np.concatenate([leads.level[from_lead], level[typed]])[order],
        title=np.concatenate([leads.title[from_lead], title[typed]])[order],
        text=pl.concat([leads.text[from_lead], typed_text])[order],
        of_lead=np.where(converted < NEVER, of_human[leads.person], NONE),
        account_created=account_created,
        first_of_company=np.cumsum(count) - count,
        count_of_company=count,
    )


def _first_conversions(leads: Leads, converted: Ints) -> Ints:
    """Give the leads that made a contact: of each human, the first one converted."""
    chosen = np.flatnonzero(converted < NEVER)
    chosen = chosen[np.lexsort((converted[chosen], leads.person[chosen]))]
    return np.sort(chosen[first_of_runs(leads.person[chosen])])


def _account_dates(
    streams: Streams, timeline: Timeline, leads: Leads, companies: Companies, converted: Ints, sales: Sales
) -> Ints:
    """Say when each company became an account: at its first conversion, or before its first deal."""
    size = len(companies)
    rng = streams.rng("accounts")
    created = np.where(companies.customer_since < NEVER, companies.customer_since - 30 * DAY, NEVER)
    np.minimum.at(created, leads.company, converted)
    days_before, prospect_u, prospect_when = rng.uniform(0.5, 40, size), rng.random(size), rng.random(size)
    deals = sales.deals
    own = deals.origin != FROM_LEAD
    before = timeline.after(
        deals.created[own] - (days_before[deals.company[own]] * DAY).astype(np.int64),
        np.zeros(int(own.sum())),
    )
    np.minimum.at(created, deals.company[own], np.minimum(before, deals.created[own]))
    # reps also type in companies that never get as far as a deal
    is_prospect = (companies.target_u < 0.25) & (prospect_u < 0.35)
    when = timeline.first * DAY + (prospect_when * (timeline.last - timeline.first - 5) * DAY).astype(np.int64)
    prospected = timeline.after(when, prospect_u * 18)
    return np.where(is_prospect, np.minimum(created, prospected), created)


def _typed(
    streams: Streams, timeline: Timeline, companies: Companies, account_created: Ints, sales: Sales
) -> tuple[Ints, Ints, Ints]:
    """Draw the contacts that reps type in: the company, which of its places, and when."""
    size = len(companies)
    rng = streams.rng("contacts.typed")
    chance = np.array([0.5, 0.34, 0.2]) + 0.12 * companies.segment[:, None]
    exists = rng.random((size, _TYPED_PER_COMPANY)) < chance
    needs: Bools = (companies.customer_since < NEVER) | (companies.target_u < 0.25)
    own = np.isin(sales.deals.origin, (OUTBOUND, FROM_BEFORE))
    needs = needs | (np.bincount(sales.deals.company[own], minlength=size) > 0)
    exists[:, 0] |= needs
    exists &= (account_created < NEVER)[:, None]
    company, slot = np.nonzero(exists)
    u = rng.random((size, _TYPED_PER_COMPANY))[company, slot]
    begin = account_created[company]
    later = timeline.after(begin + (u * (timeline.last_moment - begin) * 0.8).astype(np.int64), u)
    at_once = begin + 60 + (u * 600).astype(np.int64)
    created = np.where(slot == 0, at_once, np.minimum(later, timeline.last_moment - 60))
    created = np.where(slot == 0, np.minimum(created, _first_own_deal(sales, size)[company]), created)
    is_past = created <= timeline.last_moment
    return company[is_past], slot[is_past], created[is_past]


def _first_own_deal(sales: Sales, size: int) -> Ints:
    """Give when each company's first deal without a lead began."""
    first = np.full(size, NEVER)
    own = sales.deals.origin != FROM_LEAD
    np.minimum.at(first, sales.deals.company[own], sales.deals.created[own])
    return first
