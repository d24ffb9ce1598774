"""Who is on which deal, and in what role."""

from dataclasses import dataclass

import numpy as np

from data.world.arrays import NONE, Bools, Ints, first_of_runs, places
from data.world.companies import Companies
from data.world.contacts import Contacts
from data.world.sales import Sales
from data.world.streams import Streams
from data.world.timeline import Timeline

ROLES = (
    "Decision Maker",
    "Economic Buyer",
    "Executive Sponsor",
    "Evaluator",
    "Influencer",
    "Business User",
    "",
)
_ROLES_BY_LEVEL = np.array(
    [
        [0.48, 0.30, 0.17, 0.01, 0.01, 0.0, 0.03],
        [0.06, 0.04, 0.02, 0.42, 0.32, 0.10, 0.04],
        [0.0, 0.01, 0.0, 0.25, 0.18, 0.52, 0.04],
        [0.0, 0.0, 0.0, 0.05, 0.25, 0.60, 0.10],
        [0.14, 0.06, 0.03, 0.25, 0.25, 0.20, 0.07],
    ]
)
_OTHERS_BY_SEGMENT = np.array([0.9, 1.7, 3.0])


@dataclass(frozen=True)
class Roles:
    """People on deals, sorted by deal; `primary` is by deal, -1 where nobody was put on it."""

    deal: Ints
    contact: Ints
    role: Ints
    is_primary: Bools
    created: Ints
    primary: Ints


def draw_roles(streams: Streams, timeline: Timeline, companies: Companies, contacts: Contacts, sales: Sales) -> Roles:
    """Put on each deal its lead's contact, the contacts of leads that joined it, and some colleagues."""
    deals = sales.deals
    size = len(deals)
    rng = streams.rng("roles")
    is_bare = rng.random(size) < 0.08
    primary = contacts.someone_at(deals.company, deals.created, rng.random(size))
    has_lead = deals.lead != NONE
    primary[has_lead] = contacts.of_lead[deals.lead[has_lead]]
    count = rng.poisson(_OTHERS_BY_SEGMENT[companies.segment[deals.company]])
    other_deal = np.repeat(np.arange(size), count)
    until = np.minimum(sales.ends, timeline.last_moment)
    other = contacts.someone_at(deals.company[other_deal], until[other_deal], rng.random(len(other_deal)))
    joined_lead = np.flatnonzero(sales.deal_of_lead != NONE)

    deal = np.concatenate([np.arange(size), sales.deal_of_lead[joined_lead], other_deal])
    contact = np.concatenate([primary, contacts.of_lead[joined_lead], other])
    rank = np.concatenate([np.zeros(size), np.ones(len(joined_lead)), 2 + places(count)])
    kept = np.flatnonzero((contact != NONE) & ~is_bare[deal])
    order = kept[np.lexsort((rank[kept], contact[kept], deal[kept]))]
    order = order[first_of_runs(deal[order] * len(contacts) + contact[order])]
    deal, contact, rank = deal[order], contact[order], rank[order]
    u, v = rng.random(len(order)), rng.random(len(order))
    edges = _ROLES_BY_LEVEL.cumsum(axis=1)[contacts.level[contact]]
    known = np.maximum(contacts.created[contact], deals.created[deal])
    spread = np.where(rank == 0, 0.0, v**2 * 0.8) * np.maximum(until[deal] - known, 0)
    spread = timeline.from_business(timeline.to_business(known + spread.astype(np.int64)))
    created = np.where(rank == 0, known, np.minimum(spread, until[deal]))
    return Roles(
        deal=deal,
        contact=contact,
        role=(edges < u[:, None]).sum(axis=1).clip(0, len(ROLES) - 1).astype(np.int64),
        is_primary=rank == 0,
        created=np.maximum(created, known),
        primary=np.where(is_bare, NONE, primary),
    )
