"""Who was met by which campaign, and who responded: the members of the campaigns."""

from dataclasses import dataclass

import numpy as np

from data.world.arrays import NEVER, NONE, Bools, Floats, Ints, first_of_runs, latest_by
from data.world.campaigns import BURST, CUSTOMER, SOURCES, STEADY, Campaigns
from data.world.contacts import Contacts
from data.world.funnel import Funnel
from data.world.leads import Leads
from data.world.plants import NEGLECTED_CUSTOMERS, Plants
from data.world.sales import Sales
from data.world.streams import Streams
from data.world.timeline import DAY, HOUR, Timeline

_PER_LEAD = 3.55
_PER_CUSTOMER_CONTACT = 3.2
_INVITES = {"Email": 6.0, "Webinar": 5.0, "Event": 3.0, "Advertisement": 0.6}
"""How readily each type of campaign reaches people who are known already."""
_RESPONSE = {"Email": 0.13, "Webinar": 0.34, "Event": 0.26, "Advertisement": 0.10}
_FIRST_RESPONSE = {
    "Content Syndication": 0.72,
    "Event": 0.66,
    "Webinar": 0.78,
    "Email": 0.86,
    "Advertisement": 0.90,
    "Partner": 0.8,
    "Referral Program": 0.95,
}
_STATUS = {
    # type: statuses of those who responded, statuses of those who did not
    "Email": (("Responded", "Clicked"), ("Sent", "Opened")),
    "Webinar": (("Attended", "Registered"), ("Invited", "No Show")),
    "Event": (("Attended", "Visited Booth"), ("Invited", "Registered")),
    "Advertisement": (("Responded", "Responded"), ("Sent", "Sent")),
}


@dataclass(frozen=True)
class Touches:
    """Campaign members of a chunk. A lead's, or (`lead` -1) that of a contact who is a customer.

    `responded` is the day of the first response, NEVER where there was none.
    """

    campaign: Ints
    lead: Ints
    contact: Ints
    created: Ints
    responded: Ints
    status_u: Floats

    def __len__(self) -> int:
        """Count the members."""
        return len(self.campaign)


def draw_touches(
    streams: Streams,
    timeline: Timeline,
    campaigns: Campaigns,
    leads: Leads,
    funnel: Funnel,
    sales: Sales,
    contacts: Contacts,
    plants: Plants,
) -> Touches:
    """Draw who was met by which campaign: at first, again later, and as a customer."""
    origin = np.flatnonzero(leads.campaign != NONE)
    rng = streams.rng("touches.leads")
    is_active = (funnel.passed[0] <= timeline.last_moment) | (rng.random(len(leads)) < 0.3)
    count = rng.poisson(np.where(leads.is_junk, 0.2, np.where(is_active, 1.25, 0.75) * _PER_LEAD))
    lead = np.repeat(np.arange(len(leads)), count)
    moment = leads.created[lead] + (rng.exponential(170, len(lead)) * DAY).astype(np.int64)
    moment = _in_office_hours(timeline, moment)
    invited = _invite(rng, campaigns, moment, timeline, is_customer=False)

    contact, known = _customer_contacts(sales, contacts, timeline)
    rng = streams.rng("touches.customers")
    factor = plants.customer_contact_factor if plants.has(NEGLECTED_CUSTOMERS) else 1.0
    count = rng.poisson(_PER_CUSTOMER_CONTACT * factor, len(contact))
    contact, known = np.repeat(contact, count), np.repeat(known, count)
    later = known + (rng.random(len(contact)) * (timeline.last_moment - known)).astype(np.int64)
    later = _in_office_hours(timeline, later)
    greeted = _invite(rng, campaigns, later, timeline, is_customer=True)

    none = np.full
    campaign = np.concatenate([leads.campaign[origin], invited, greeted])
    of_lead = np.concatenate([origin, lead, none(len(contact), NONE)])
    of_contact = np.concatenate([none(len(origin) + len(lead), NONE), contact])
    created = np.concatenate([leads.created[origin] + 5, moment, later])
    is_origin = np.arange(len(campaign)) < len(origin)
    kept = _first_only(campaign, of_lead, of_contact, created, len(campaigns), timeline.last_moment)
    campaign, of_lead, of_contact = campaign[kept], of_lead[kept], of_contact[kept]
    responds = streams.rng("touches.responses")
    return Touches(
        campaign=campaign,
        lead=of_lead,
        contact=of_contact,
        created=created[kept],
        responded=_responses(
            responds, timeline, campaigns, campaign, created[kept], is_origin[kept], is_active, of_lead
        ),
        status_u=responds.random(len(kept)),
    )


def last_campaign_before(touches: Touches, moments: Ints, size: int) -> Ints:
    """Give each lead's last campaign it responded to before that moment; -1 where there is none."""
    mine = np.flatnonzero((touches.lead != NONE) & (touches.responded < NEVER))
    mine = mine[touches.responded[mine] <= moments[touches.lead[mine]] // DAY]
    mine = mine[np.argsort(touches.created[mine], kind="stable")]
    latest = latest_by(touches.lead[mine], np.arange(len(mine)), size)
    found = np.full(size, NONE)
    found[latest != NONE] = touches.campaign[mine][latest[latest != NONE]]
    return found


def status_texts(campaigns: Campaigns, touches: Touches) -> list[str]:
    """Name each member's status, as its type of campaign names them."""
    texts = []
    is_responded = touches.responded < NEVER
    for number in range(len(campaigns)):
        done, not_done = _STATUS.get(campaigns.types[number], (("Responded", "Responded"), ("Sent", "Sent")))
        texts += [*not_done, *done]
    index = touches.campaign * 4 + is_responded * 2 + (touches.status_u < 0.35)
    return [texts[place] for place in index.tolist()]


def _in_office_hours(timeline: Timeline, moments: Ints) -> Ints:
    """Move moments to working hours of a following day: marketing sends nothing at night."""
    day = timeline.on_business_day(moments // DAY + 1)
    return np.asarray(day * DAY + 9 * HOUR + moments % DAY // 3, np.int64)


def _invite(
    rng: np.random.Generator, campaigns: Campaigns, moments: Ints, timeline: Timeline, *, is_customer: bool
) -> Ints:
    """Choose a campaign that is running at each moment; -1 where none is, or it is too late."""
    weights = np.array([_INVITES.get(name, 0.0) for name in campaigns.types])
    weights *= np.where(campaigns.source == SOURCES.index("Paid Search"), 0.0, 1.0)
    weights = np.where(campaigns.kind == CUSTOMER, 8.0 if is_customer else 0.0, weights)
    days = np.minimum(moments, timeline.last_moment) // DAY
    calendar = np.arange(int(timeline.first), timeline.last + 1)
    edges = np.cumsum(campaigns.is_running(calendar) * weights, axis=1)
    rows = edges[(days - timeline.first).clip(0)]
    u = rng.random(len(moments)) * rows[:, -1]
    chosen = (rows <= u[:, None]).sum(axis=1).clip(0, len(campaigns) - 1)
    is_late = (moments > timeline.last_moment) | (rows[:, -1] == 0)
    return np.where(is_late, NONE, chosen).astype(np.int64)


def _customer_contacts(sales: Sales, contacts: Contacts, timeline: Timeline) -> tuple[Ints, Ints]:
    """Give the contacts at customers, and since when they are known as such."""
    since = np.maximum(sales.customers.since[contacts.company], contacts.created)
    since = np.maximum(since, timeline.first * DAY)
    chosen = np.flatnonzero(since < timeline.last_moment)
    return chosen, since[chosen]


def _first_only(campaign: Ints, lead: Ints, contact: Ints, created: Ints, campaigns: int, last_moment: int) -> Ints:
    """Keep one member for each person and campaign, the first, as Salesforce does."""
    kept = np.flatnonzero((campaign != NONE) & (created <= last_moment))
    person = np.where(lead[kept] != NONE, lead[kept] * 2, contact[kept] * 2 + 1)
    key = person * campaigns + campaign[kept]
    order = np.lexsort((created[kept], key))
    return np.sort(kept[order[first_of_runs(key[order])]])


def _responses(
    rng: np.random.Generator,
    timeline: Timeline,
    campaigns: Campaigns,
    campaign: Ints,
    created: Ints,
    is_origin: Bools,
    is_active: Bools,
    lead: Ints,
) -> Ints:
    """Draw the day of each first response; NEVER for the many who do not respond."""
    at_first = np.array([_FIRST_RESPONSE.get(name, 0.1) for name in campaigns.types])[campaign]
    chance = np.array([_RESPONSE.get(name, 0.1) for name in campaigns.types])[campaign]
    is_keen = (lead == NONE) | is_active[lead]
    chance = np.where(is_origin, at_first, chance * np.where(is_keen, 1.35, 0.6))
    size = len(campaign)
    delay = np.where(is_origin, 0, rng.exponential(1.8, size)).astype(np.int64)
    day = created // DAY + delay
    # who comes to a webinar or a show responds on its day
    is_event = (campaigns.kind[campaign] == BURST) & ~is_origin
    day = np.where(is_event, np.maximum(day, campaigns.first[campaign]), day)
    is_steady = campaigns.kind[campaign] == STEADY
    day = np.where(is_steady, np.minimum(day, np.maximum(campaigns.last[campaign], created // DAY)), day)
    responds = (rng.random(size) < chance) & (day <= timeline.last)
    return np.where(responds, day, NEVER)
