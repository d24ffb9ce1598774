"""The marketing side: the same humans as HubSpot exports them, and some whom only HubSpot knows."""

import numpy as np
import polars as pl

from data.world import people
from data.world.activity_log import Log
from data.world.arrays import NEVER, NONE, Floats, Ints, first_of_runs, latest_by, weighted
from data.world.campaigns import SOURCE_SHARES, SOURCES
from data.world.deal_paths import WON
from data.world.export.account_tables import COUNTRIES
from data.world.export.columns import Numbers, blank, choices, swap
from data.world.export.keys import Keys
from data.world.export.lead_tables import lead_owners
from data.world.funnel import CONVERTED
from data.world.market import Market
from data.world.names import draw_names, name_frame
from data.world.streams import Streams
from data.world.timeline import DAY, HOUR

_STAGES = (
    "Subscriber",
    "Lead",
    "Marketing Qualified Lead",
    "Sales Qualified Lead",
    "Opportunity",
    "Customer",
)
_LEAD_STATUSES = ("", "New", "Open", "In Progress", "Open Deal", "Unqualified", "Attempted to Contact")
_TRAFFIC = {
    "Paid Search": "Paid Search",
    "Organic Search": "Organic Search",
    "Paid Social": "Paid Social",
    "Email": "Email Marketing",
    "Web Direct": "Direct Traffic",
    "Referral": "Referrals",
    "Webinar": "Other Campaigns",
    "Content Syndication": "Other Campaigns",
}
_DRILL_DOWNS = {
    "Organic Search": "Unknown keywords (SSL)",
    "Web Direct": "harborpoint.example/demo",
    "Referral": "reviews.example",
    "Purchased List": "IMPORT",
}
_FIRST_RECORD = 48_120_000_000
_ONLY_HUBSPOT = 0.15


def hubspot_table(streams: Streams, market: Market, keys: Keys, numbers: Numbers, log: Log) -> pl.DataFrame:
    """Give the contacts as HubSpot exports them: New York times, and Salesforce's ids where it has them."""
    known = _known(streams, market, keys, log)
    size = round(len(known) * _ONLY_HUBSPOT)
    others = _others(streams, market, numbers.next("people only in HubSpot", size))
    frame = pl.concat([known, others]).sort("created", maintain_order=True)
    record = _FIRST_RECORD + numbers.next("hubspot", len(frame)) * 37
    times = {
        "Create Date": "created",
        "Became a Subscriber Date": "subscriber",
        "Became a Lead Date": "lead",
        "Became a Marketing Qualified Lead Date": "mql",
        "Became a Sales Qualified Lead Date": "sql",
        "Became an Opportunity Date": "opportunity",
        "Became a Customer Date": "customer",
        "Last Activity Date": "activity",
    }
    now = market.timeline.last_moment
    return frame.select(
        pl.Series("Record ID", record).cast(pl.String),
        pl.col("first").alias("First Name"),
        pl.col("last").alias("Last Name"),
        pl.col("email").alias("Email"),
        pl.col("title").alias("Job Title"),
        pl.col("company").alias("Company Name"),
        pl.col("country").alias("Country/Region"),
        choices(_STAGES, frame["stage"].to_numpy()).alias("Lifecycle Stage"),
        choices(_LEAD_STATUSES, frame["status"].to_numpy()).alias("Lead Status"),
        pl.col("owner").alias("Contact owner"),
        pl.col("source").alias("Original Source"),
        pl.col("drill").alias("Original Source Drill-Down 1"),
        *(_times(frame[column], now).alias(name) for name, column in times.items()),
        pl.col("forms").cast(pl.String).alias("Number of Form Submissions"),
        pl.col("lead_id").alias("Salesforce Lead ID"),
        pl.col("contact_id").alias("Salesforce Contact ID"),
    )


def _times(moments: pl.Series, now: int) -> pl.Series:
    """Write New York times; what has not happened is left empty."""
    is_past = (moments <= now).to_numpy()
    written = (moments.clip(0, now) * 1_000).cast(pl.Datetime("ms")).dt.to_string("%Y-%m-%d %H:%M")
    return blank(written, ~is_past)


def _known(streams: Streams, market: Market, keys: Keys, log: Log) -> pl.DataFrame:
    """Give the humans behind most of the leads, each with the dates of the lead that went furthest."""
    leads, funnel, timeline = market.leads, market.funnel, market.timeline
    rng = streams.rng("hubspot")
    size, now = len(leads), timeline.last_moment
    is_synced = rng.random(size) < 0.93
    status = funnel.status_at(now, size)
    won = _customer_since(market)
    reached = np.select(
        [won <= now, status == CONVERTED, (funnel.qualified <= now).any(axis=0), funnel.passed[0] <= now],
        [5, 4, 3, 2],
        1,
    )
    # of a human's leads, the one that went furthest is the one that HubSpot is linked to
    order = np.lexsort((-reached, leads.person))
    best = order[first_of_runs(leads.person[order])]
    chosen = np.sort(best[is_synced[leads.person[best]] & (leads.created[best] <= now)])
    first_created = np.full(size, NEVER)
    np.minimum.at(first_created, leads.person, leads.created)
    born = first_created[leads.person[chosen]]
    u, v, w = rng.random(len(chosen)), rng.random(len(chosen)), rng.random(len(chosen))
    before = np.where(u < 0.35, (v * 60 * DAY).astype(np.int64), 0)
    created = np.maximum(born - before, (timeline.first - 60) * DAY)
    no_ids, no_mail, capitals = w < 0.12, (w >= 0.12) & (w < 0.14), (w >= 0.14) & (w < 0.18)
    email = leads.text["email"].gather(chosen)
    email = swap(email, capitals, email.str.to_titlecase())
    email = blank(email, no_mail | leads.is_junk[chosen])
    names = leads.text.select("first", "last")[chosen]
    source = leads.source[chosen]
    campaign = choices(market.campaigns.names, leads.campaign[chosen])
    drill = choices([_DRILL_DOWNS.get(name, "") for name in SOURCES], source)
    owners = choices(market.staff.names.to_list(), lead_owners(market)[chosen])
    is_mine = log.lead != NONE
    activity = latest_by(log.lead[is_mine], log.at[is_mine], size)[chosen]
    lead_id, contact_id = keys.leads(chosen), keys.contacts(market.contacts.of_lead[chosen])
    return pl.DataFrame(
        {
            "first": swap(names["first"], leads.is_junk[chosen], "test"),
            "last": swap(names["last"], leads.is_junk[chosen], "test"),
            "email": email,
            "title": people.title_texts(leads.title[chosen]),
            "company": market.companies.names.gather(leads.company[chosen]),
            "country": blank(choices(COUNTRIES, market.companies.place[leads.company[chosen]]), u > 0.95),
            "stage": reached[chosen],
            "status": _lead_status(rng, reached[chosen]),
            "owner": blank(owners, reached[chosen] < 2),
            "source": choices([_TRAFFIC.get(name, "Offline Sources") for name in SOURCES], source),
            "drill": swap(campaign, leads.campaign[chosen] == NONE, drill),
            "created": created,
            "subscriber": np.where(before > 0, created, NEVER),
            "lead": born,
            "mql": funnel.passed.min(axis=0)[chosen],
            "sql": funnel.qualified.min(axis=0)[chosen],
            "opportunity": np.where(status == CONVERTED, funnel.converted, NEVER)[chosen],
            "customer": won[chosen],
            "activity": np.where(activity == NONE, NEVER, activity),
            "forms": np.where(v < 0.25, 0, 1 + (w * 7).astype(np.int64) // 2),
            "lead_id": blank(lead_id, no_ids & ~leads.is_junk[chosen]),
            "contact_id": blank(contact_id, no_ids | (market.contacts.of_lead[chosen] == NONE)),
        }
    )


def _customer_since(market: Market) -> Ints:
    """Say when the deal of each lead was won; NEVER where there is none or it was not."""
    sales = market.sales
    is_won = sales.stage == WON
    closed = np.where(is_won, sales.history.at[sales.last], NEVER)
    if not len(closed):
        return np.full(len(market.leads), NEVER)
    return np.where(sales.deal_of_lead == NONE, NEVER, closed[sales.deal_of_lead])


def _lead_status(rng: np.random.Generator, reached: Ints) -> Ints:
    u = rng.random(len(reached))
    usual = np.array([0, 1, 2, 3, 4, 0])[reached]
    return np.where(u < 0.25, 0, np.where((u > 0.85) & (reached < 4), 5 + (u > 0.92), usual)).astype(np.int64)


def _others(streams: Streams, market: Market, numbers: Ints) -> pl.DataFrame:
    """Give people whom only HubSpot knows: subscribers, and leads that were never passed on."""
    timeline = market.timeline
    rng = streams.rng("hubspot.others")
    size = len(numbers)
    first, last = draw_names(rng.random(size), rng.random(size))
    company = rng.integers(0, len(market.companies), size)
    # these write from addresses of their own, each with a number that nobody else has
    text = name_frame(first, last).with_columns(number=numbers + 11)
    text = text.with_columns(email=pl.format("{}.{}{}@webmail.example", "first_slug", "last_slug", "number"))
    is_lead = rng.random(size) < 0.35
    created = _evenings(rng.random(size), timeline.first, timeline.last)
    lead = np.minimum(created + (rng.exponential(20, size) * DAY).astype(np.int64), timeline.last_moment)
    source = weighted(rng.random(size), SOURCE_SHARES)
    activity = np.where(rng.random(size) < 0.6, created + (rng.random(size) * 30 * DAY).astype(np.int64), NEVER)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, size)
    level = people.draw_levels(rng.random(size), np.full(size, np.nan))
    return pl.DataFrame(
        {
            "first": text["first"],
            "last": text["last"],
            "email": text["email"],
            "title": blank(people.title_texts(people.draw_titles(rng.random(size), level)), rng.random(size) < 0.4),
            "company": blank(market.companies.names.gather(company), rng.random(size) < 0.4),
            "country": blank(choices(COUNTRIES, market.companies.place[company]), rng.random(size) < 0.3),
            "stage": is_lead.astype(np.int64),
            "status": np.where(is_lead & (rng.random(size) < 0.5), 1, 0),
            "owner": nothing,
            "source": choices([_TRAFFIC.get(name, "Offline Sources") for name in SOURCES], source),
            "drill": choices([_DRILL_DOWNS.get(name, "") for name in SOURCES], source),
            "created": created,
            "subscriber": created,
            "lead": np.where(is_lead, lead, NEVER),
            "mql": np.full(size, NEVER),
            "sql": np.full(size, NEVER),
            "opportunity": np.full(size, NEVER),
            "customer": np.full(size, NEVER),
            "activity": activity,
            "forms": rng.integers(0, 3, size),
            "lead_id": nothing,
            "contact_id": nothing,
        }
    )


def _evenings(u: Floats, first: int, last: int) -> Ints:
    """Spread moments over the days, from morning to late evening."""
    day = first + (u * (last - first + 1)).astype(np.int64)
    return np.asarray(day * DAY + ((u * 7_919 % 1) * 14 + 8) * HOUR, np.int64)
