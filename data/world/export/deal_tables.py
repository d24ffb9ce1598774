"""Opportunity, OpportunityHistory, OpportunityContactRole and OpportunityLineItem."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.world.activity_log import Log
from data.world.arrays import NONE, Bools, Floats, Ints, pick
from data.world.companies import CURRENCIES
from data.world.deal_paths import LOST, STAGES, WON
from data.world.deal_trail import BLANK
from data.world.deals import EXPANSION, KINDS, NEW, RENEWAL
from data.world.export.columns import Numbers, blank, choices, days, flags, ids, moments, money, swap
from data.world.export.keys import Keys
from data.world.export.spelling import deal_sources
from data.world.market import Market
from data.world.roles import ROLES
from data.world.streams import Streams
from data.world.timeline import DAY
from data.world.words import COMPANY_PARTS, DESCRIPTIONS, LOSS_REASONS, NEXT_STEPS, PRODUCTS

_PROBABILITIES = np.array([10, 20, 40, 60, 80, 100, 0])
_CATEGORIES = ("Pipeline", "Pipeline", "Pipeline", "BestCase", "Forecast", "Closed", "Omitted")
_CATEGORY_NAMES = ("Pipeline", "Pipeline", "Pipeline", "Best Case", "Commit", "Closed", "Omitted")
_BRAZIL = CURRENCIES.index("BRL")


@dataclass(frozen=True)
class Brazil:
    """The company that moved to Brazil, and the two deals that it made there; -1 and none in most chunks."""

    company: int
    deals: Ints


def find_brazil(market: Market, *, is_first_chunk: bool) -> Brazil:
    """Choose the company whose first two deals are in a currency without a plan rate; one in all chunks."""
    deals, currency = market.sales.deals, market.companies.currency
    count = np.bincount(deals.company, minlength=len(market.companies))
    eligible = np.flatnonzero((count >= 2) & (currency == 0) & (market.companies.segment < 2))
    if not is_first_chunk or not len(eligible):
        return Brazil(NONE, np.zeros(0, np.int64))
    company = int(eligible[-1])
    return Brazil(company, np.flatnonzero(deals.company == company)[:2])


def opportunity_table(
    streams: Streams, market: Market, keys: Keys, log: Log, brazil: Brazil, odd: Bools
) -> pl.DataFrame:
    """Give the opportunities of a chunk; `odd` marks those whose category contradicts their stage."""
    sales, companies, timeline = market.sales, market.companies, market.timeline
    deals, history, now = sales.deals, sales.history, timeline.last_moment
    size = len(deals)
    rng = streams.rng("deals.export")
    stage, amount = history.stage[sales.last], history.amount[sales.last]
    at = history.at[sales.last]
    last_activity = log.last_days("deal", size)
    modified = np.minimum(at + (rng.random(size) ** 3 * 12 * DAY).astype(np.int64), now)
    currency = companies.currency[deals.company]
    currency[brazil.deals] = _BRAZIL
    is_open = stage < WON
    reason = np.searchsorted(np.array([0.30, 0.50, 0.66, 0.76, 0.86, 0.92, 0.96]), rng.random(size))
    creator = market.staff.seller_at(companies.team[deals.company], deals.created, companies.seller_u[deals.company])
    category = np.where(odd, 0, stage)
    return pl.DataFrame(
        {
            "Id": keys.deals(np.arange(size)),
            "IsDeleted": flags(deleted_deals(streams, market)),
            "AccountId": keys.accounts(deals.company),
            "Name": deal_names(market, main_products(streams, market)),
            "Description": choices(
                DESCRIPTIONS,
                np.where(rng.random(size) < 0.14, rng.integers(0, len(DESCRIPTIONS), size), NONE),
            ),
            "StageName": choices(STAGES, stage),
            "Amount": money(amount),
            "Probability": pl.Series(_PROBABILITIES[stage]).cast(pl.String),
            "ExpectedRevenue": money(expected(amount, stage)),
            "CloseDate": days(history.close_day[sales.last]),
            "Type": choices(KINDS, deals.kind),
            "NextStep": choices(
                NEXT_STEPS,
                np.where(is_open & (rng.random(size) < 0.6), rng.integers(0, len(NEXT_STEPS), size), NONE),
            ),
            "LeadSource": deal_sources(streams, market),
            "IsClosed": flags(~is_open),
            "IsWon": flags(stage == WON),
            "ForecastCategory": choices(_CATEGORIES, category),
            "ForecastCategoryName": choices(_CATEGORY_NAMES, category),
            "CurrencyIsoCode": choices(CURRENCIES, currency),
            "CampaignId": keys.campaigns(deals.campaign),
            "OwnerId": keys.users(sales.seller),
            "CreatedDate": moments(timeline, deals.created),
            "CreatedById": keys.users(creator),
            "LastModifiedDate": moments(timeline, modified),
            "SystemModstamp": moments(timeline, modified),
            "LastActivityDate": days(last_activity),
            "LastStageChangeDate": moments(timeline, history.stage_changed()[sales.last]),
            "ContactId": keys.contacts(market.roles.primary),
            "Loss_Reason__c": blank(choices(LOSS_REASONS, reason), stage != LOST),
        }
    )


def deleted_deals(streams: Streams, market: Market) -> Bools:
    """Mark the deals that were deleted: some that came to nothing."""
    return pick(streams.rng("deals.deleted"), market.sales.stage != WON, 0.008, at_least=1)


def odd_categories(streams: Streams, market: Market) -> Bools:
    """Mark the deals whose forecast category contradicts their stage."""
    return pick(streams.rng("deals.odd"), market.sales.stage >= WON, 0.0015, at_least=1)


def expected(amount: Ints, stage: Ints) -> Ints:
    """Give amount times probability in cents, rounded; blank where the amount is."""
    return np.where(amount == BLANK, BLANK, (amount * _PROBABILITIES[stage] + 50) // 100)


def opportunity_history_table(
    streams: Streams, market: Market, keys: Keys, numbers: Numbers, brazil: Brazil, odd: Bools
) -> pl.DataFrame:
    """Give every state of the opportunities, from creation on."""
    sales, companies, timeline = market.sales, market.companies, market.timeline
    order = np.argsort(sales.history.at, kind="stable")
    history = sales.history
    is_deleted = deleted_deals(streams, market)
    is_odd = np.zeros(len(history), np.bool_)
    is_odd[sales.last] = odd
    company = sales.deals.company[history.deal]
    by = market.staff.seller_at(companies.team[company], history.at, companies.seller_u[company])
    currency = np.where(np.isin(history.deal, brazil.deals), _BRAZIL, companies.currency[company])
    written = moments(timeline, history.at)
    frame = pl.DataFrame(
        {
            "OpportunityId": keys.deals(history.deal),
            "CreatedById": keys.users(by),
            "CreatedDate": written,
            "StageName": choices(STAGES, history.stage),
            "Amount": money(history.amount),
            "ExpectedRevenue": money(expected(history.amount, history.stage)),
            "CloseDate": days(history.close_day),
            "Probability": pl.Series(_PROBABILITIES[history.stage]).cast(pl.String),
            "ForecastCategory": choices(_CATEGORIES, np.where(is_odd, 0, history.stage)),
            "CurrencyIsoCode": choices(CURRENCIES, currency),
            "SystemModstamp": written,
            "IsDeleted": flags(is_deleted[history.deal]),
        }
    )[order]
    key = ids("OpportunityHistory", numbers.next("OpportunityHistory", len(frame)))
    return frame.select(key.alias("Id"), *frame.columns)


def contact_role_table(streams: Streams, market: Market, keys: Keys, numbers: Numbers) -> pl.DataFrame:
    """Give who is on which opportunity."""
    roles = market.roles
    order = np.argsort(roles.created, kind="stable")
    size = len(order)
    return pl.DataFrame(
        {
            "Id": ids("OpportunityContactRole", numbers.next("OpportunityContactRole", size)),
            "OpportunityId": keys.deals(roles.deal[order]),
            "ContactId": keys.contacts(roles.contact[order]),
            "Role": choices(ROLES, roles.role[order]),
            "IsPrimary": flags(roles.is_primary[order]),
            "CreatedDate": moments(market.timeline, roles.created[order]),
            "IsDeleted": flags(pick(streams.rng("roles.deleted"), ~roles.is_primary[order], 0.005)),
        }
    )


def main_products(streams: Streams, market: Market) -> Ints:
    """Choose the product that each deal is about."""
    deals = market.sales.deals
    u = streams.rng("deals.products").random(deals.slots)[market.sales.number]
    new = np.searchsorted(np.array([0.34, 0.60, 0.82]), u)
    more = np.searchsorted(np.array([0.15, 0.35, 0.50, 0.60, 0.80]), u)
    return np.where(deals.kind == EXPANSION, more, new).astype(np.int64)


def deal_names(market: Market, product: Ints) -> pl.Series:
    """Name deals as reps do: the account, then what it is about.

    New business with a company that buys already is for another part of it, and the name says which.
    """
    deals = market.sales.deals
    buys_already = (deals.kind == NEW) & (market.sales.customers.since[deals.company] < deals.created)
    year = deals.due.clip(0, 30_000).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    frame = pl.DataFrame(
        {
            "account": market.companies.names.gather(deals.company),
            "product": choices([name for name, _, _, _ in PRODUCTS], product),
            "year": year,
            "part": choices(COMPANY_PARTS, market.sales.number % len(COMPANY_PARTS)),
        }
    )
    names = frame.select(
        new=pl.format("{} - {}", "account", "product"),
        part=pl.format("{} ({}) - {}", "account", "part", "product"),
        expansion=pl.format("{} - {} (Expansion)", "account", "product"),
        renewal=pl.format("{} - Renewal {}", "account", "year"),
    )
    text = swap(names["new"], deals.kind == EXPANSION, names["expansion"])
    text = swap(text, buys_already, names["part"])
    return swap(text, deals.kind == RENEWAL, names["renewal"])


def line_item_table(streams: Streams, market: Market, keys: Keys, numbers: Numbers) -> pl.DataFrame:
    """Give the line items; for most deals they add to the amount, for some the amount was overruled."""
    sales, timeline = market.sales, market.timeline
    amount, slots = sales.history.amount[sales.last], sales.deals.slots
    rng = streams.rng("line items")
    draws = rng.random((6, slots))[:, sales.number]
    listed = np.flatnonzero((amount > 0) & (draws[0] < np.where(sales.stage == WON, 0.97, 0.78)))
    total = np.where(draws[1] < 0.05, (amount * 0.93).astype(np.int64) // 1_000 * 1_000, amount)[listed]
    parts = _split(total, draws[2:, listed], main_products(streams, market)[listed], sales.deals.kind[listed])
    place, product, quantity, price = parts
    deal = listed[place]
    created = np.minimum(sales.deals.created[deal] + 7_200, timeline.last_moment)
    created = np.maximum(np.minimum(created, sales.history.at[sales.last][deal]), sales.deals.created[deal])
    order = np.lexsort((product, deal))
    deal, product, quantity, price, created = (column[order] for column in (deal, product, quantity, price, created))
    service = np.where(sales.stage[deal] == WON, sales.history.close_day[sales.last][deal], NONE)
    written = moments(timeline, created)
    return pl.DataFrame(
        {
            "Id": ids("OpportunityLineItem", numbers.next("OpportunityLineItem", len(deal))),
            "OpportunityId": keys.deals(deal),
            "Product2Id": ids("Product2", product),
            "Quantity": pl.Series(quantity).cast(pl.String) + ".00",
            "UnitPrice": money(price),
            "TotalPrice": money(price * quantity),
            "ServiceDate": days(service),
            "CreatedDate": written,
            "SystemModstamp": written,
            "IsDeleted": flags(deleted_deals(streams, market)[deal]),
        }
    )


def _split(total: Ints, draws: Floats, main: Ints, kind: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Split totals into seats of the main product, seats of another, and a fee that takes the rest.

    Returns the place in `total`, the product, the quantity and the unit price in cents.
    """
    u_seats, u_second, u_fee, u_which = draws
    list_price = np.array([row[3] for row in PRODUCTS])[main]
    has_fee = (u_fee < 0.55) | (kind == NEW)
    share = np.where(has_fee, 0.62 + 0.25 * u_seats, 1.0)
    yearly = np.maximum(list_price * 12 * 100 * (0.7 + 0.3 * u_seats), 1)
    seats = np.maximum((total * share / yearly).astype(np.int64), 1)
    has_second = (u_second < 0.35) & has_fee
    first_part = (total * share * np.where(has_second, 0.75, 1.0)).astype(np.int64)
    price = first_part // seats // 100 * 100
    seats = np.where(has_fee, seats, 1)
    price = np.where(has_fee, np.maximum(price, 0), total)
    second_price = (total * share * 0.25).astype(np.int64) // seats // 100 * 100
    second_price = np.where(has_second, second_price, 0)
    rest = total - price * seats - second_price * seats
    fee = np.where(kind == NEW, np.where(u_which < 0.6, 7, 8), np.where(u_which < 0.5, 6, 8))
    second = np.where(main == 5, 4, 5)
    everyone = np.arange(len(total))
    two, three = np.flatnonzero(second_price > 0), np.flatnonzero(rest > 0)
    one = np.flatnonzero(price > 0)
    return (
        np.concatenate([everyone[one], two, three]),
        np.concatenate([main[one], second[two], fee[three]]).astype(np.int64),
        np.concatenate([seats[one], seats[two], np.ones(len(three), np.int64)]),
        np.concatenate([price[one], second_price[two], rest[three]]),
    )
