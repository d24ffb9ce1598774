"""The deals of existing customers: expansions now and then, renewals when a contract runs out."""

from dataclasses import dataclass

import numpy as np

from data.world.arrays import NEVER, NONE, Bools, Floats, Ints
from data.world.companies import PLAN_RATES, Companies
from data.world.deal_paths import Outcomes
from data.world.deals import EXPANSION, FROM_CUSTOMER, RENEWAL, RUN_UP_DAYS, Deals
from data.world.plants import Plants
from data.world.streams import Streams
from data.world.timeline import DAY, OPENS, Timeline

_EXPANSIONS = 4
_RENEWALS = 3
_PER_COMPANY = _EXPANSIONS + _RENEWALS

_EXPANSION_ODDS = 0.47
_RENEWAL_ODDS = 4.3
_DAYS_BETWEEN_EXPANSIONS = np.array([640.0, 430.0, 290.0])
_CONTRACT = np.array([7_400.0, 23_000.0, 78_000.0])


@dataclass(frozen=True)
class Customers:
    """Since when each company of a chunk is a customer (NEVER if it is none), and its contract in dollars."""

    since: Ints
    contract: Floats


def find_customers(
    streams: Streams, timeline: Timeline, companies: Companies, deals: Deals, outcomes: Outcomes, kept: Bools
) -> Customers:
    """Tell the customers from before the first day and those whom the new deals won, at the first one won."""
    since = companies.customer_since.copy()
    z = streams.rng("customers.contract").normal(size=len(companies))
    contract = _CONTRACT[companies.segment] * np.exp(0.45 * z)
    won = np.flatnonzero(kept & outcomes.is_won & (outcomes.closes <= timeline.last_moment))
    won = won[np.argsort(outcomes.closes[won], kind="stable")[::-1]]  # the earliest is written last
    won = won[companies.customer_since[deals.company[won]] == NEVER]
    company = deals.company[won]
    since[company] = outcomes.closes[won]
    contract[company] = outcomes.amount[won] / 100 * np.array(PLAN_RATES)[companies.currency[company]]
    return Customers(since, contract)


def customer_deals(
    streams: Streams, timeline: Timeline, companies: Companies, customers: Customers, plants: Plants
) -> Deals:
    """Give the deals that the customers of one chunk might make."""
    size = len(companies)
    rng = streams.rng("customers.deals")
    gaps = rng.exponential(1.0, (size, _EXPANSIONS)) * _DAYS_BETWEEN_EXPANSIONS[companies.segment][:, None]
    earliest = np.maximum(customers.since // DAY, timeline.first - RUN_UP_DAYS)
    expansion_day = earliest[:, None] + np.cumsum(gaps, axis=1).astype(np.int64) + 14

    is_legacy = companies.customer_since < NEVER
    anniversary = np.where(is_legacy, timeline.first + (rng.random(size) * 365).astype(np.int64), 0)
    anniversary = np.where(is_legacy, anniversary, customers.since // DAY + 365)
    due = anniversary[:, None] + 365 * np.arange(_RENEWALS)
    renewal_day = due - (70 + 45 * rng.random((size, _RENEWALS))).astype(np.int64)
    is_renewable = rng.random(size) < 0.52
    contract = customers.contract[:, None] * 1.025 ** np.arange(_RENEWALS)

    day = np.concatenate([expansion_day, renewal_day], axis=1)
    hour = (rng.random(day.shape) * 31_000).astype(np.int64)
    is_customer = (customers.since < NEVER)[:, None]
    exists = is_customer & (day <= timeline.last)
    exists[:, _EXPANSIONS:] &= is_renewable[:, None]
    day = np.where(exists, day, timeline.last)
    created = timeline.on_business_day(day.ravel()).reshape(day.shape) * DAY + OPENS + hour
    kind = np.repeat([EXPANSION, RENEWAL], [_EXPANSIONS, _RENEWALS])[None, :].repeat(size, axis=0)
    chosen = np.flatnonzero((exists & (created <= timeline.last_moment)).ravel())
    is_renewal = kind.ravel()[chosen] == RENEWAL
    created = created.ravel()[chosen]
    company = chosen // _PER_COMPANY
    padded = np.concatenate([np.full((size, _EXPANSIONS), NEVER), due], axis=1).ravel()[chosen]
    base = np.concatenate([np.full((size, _EXPANSIONS), np.nan), contract], axis=1).ravel()[chosen]
    u = streams.rng("customers.unborn").random(size * _PER_COMPANY)[chosen]
    nothing = np.full(len(chosen), NONE)
    return Deals(
        slots=size * _PER_COMPANY,
        slot=chosen,
        company=company,
        kind=kind.ravel()[chosen],
        origin=np.full(len(chosen), FROM_CUSTOMER),
        created=created,
        lead=nothing,
        source=nothing,
        campaign=nothing,
        odds=np.where(is_renewal, _RENEWAL_ODDS, _EXPANSION_ODDS),
        due=padded,
        base_amount=base,
        is_unborn=plants.is_unborn(created, u, is_outbound=np.zeros(len(chosen), np.bool_), is_renewal=is_renewal),
    )


def before_churn(deals: Deals, outcomes: Outcomes, companies: Companies) -> Bools:
    """Mark the deals that began while the company was still a customer: none follows a lost renewal."""
    churned = np.full(len(companies), NEVER)
    lost = (deals.kind == RENEWAL) & ~outcomes.is_won
    np.minimum.at(churned, deals.company[lost], outcomes.closes[lost])
    return np.asarray(deals.created <= churned[deals.company], np.bool_)
