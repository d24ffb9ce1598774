"""The companies in one chunk of the market: name, size, place, and whether they are customers already."""

from dataclasses import dataclass
from math import gcd

import numpy as np
import polars as pl

from data.world.arrays import NEVER, Bools, Floats, Ints, weighted
from data.world.staff import EAST, MID_MARKET, WEST
from data.world.streams import Streams
from data.world.timeline import DAY, HOUR, Timeline
from data.world.words import COMPANY_FIRST, COMPANY_KINDS, COMPANY_SECOND

SEGMENTS = ("Small", "Mid-market", "Enterprise")
SMALL, MIDDLE, ENTERPRISE = range(3)
SEGMENT_SHARES = np.array([0.46, 0.39, 0.15])

PLACES = (
    # country, state, weight, team, currency, area code
    ("United States", "CA", 12, WEST, "USD", "415"),
    ("United States", "TX", 9, WEST, "USD", "512"),
    ("United States", "WA", 4, WEST, "USD", "206"),
    ("United States", "CO", 4, WEST, "USD", "303"),
    ("United States", "AZ", 3, WEST, "USD", "602"),
    ("United States", "OR", 2, WEST, "USD", "503"),
    ("United States", "UT", 2, WEST, "USD", "801"),
    ("United States", "IL", 6, WEST, "USD", "312"),
    ("United States", "MN", 3, WEST, "USD", "612"),
    ("United States", "NY", 9, EAST, "USD", "212"),
    ("United States", "FL", 6, EAST, "USD", "305"),
    ("United States", "MA", 5, EAST, "USD", "617"),
    ("United States", "PA", 5, EAST, "USD", "215"),
    ("United States", "GA", 4, EAST, "USD", "404"),
    ("United States", "NC", 4, EAST, "USD", "704"),
    ("United States", "OH", 4, EAST, "USD", "614"),
    ("United States", "NJ", 3, EAST, "USD", "201"),
    ("United States", "VA", 3, EAST, "USD", "703"),
    ("United States", "MI", 3, EAST, "USD", "313"),
    ("Canada", "ON", 3, EAST, "USD", "416"),
    ("United Kingdom", "", 3.4, EAST, "GBP", "+44 20 7946"),
    ("Germany", "", 1.9, EAST, "EUR", "+49 30 555"),
    ("France", "", 1.2, EAST, "EUR", "+33 1 99 00"),
    ("Netherlands", "", 1.0, EAST, "EUR", "+31 20 555"),
    ("Ireland", "", 0.7, EAST, "EUR", "+353 1 555"),
)
CURRENCIES = ("USD", "EUR", "GBP", "BRL")
PLAN_RATES = (1.0, 1.08, 1.27, 0.0)
"""What one unit is worth in US dollars; there is none for the real."""

_CURRENCY_OF_PLACE = np.array([CURRENCIES.index(place[4]) for place in PLACES])
_TEAM_OF_PLACE = np.array([place[3] for place in PLACES])
_NAMES = len(COMPANY_FIRST) * len(COMPANY_SECOND) * len(COMPANY_KINDS)


@dataclass(frozen=True)
class Companies:
    """The companies of a chunk, numbered from 0; `number` counts them across chunks.

    `employees` is what the company really has, `interest` how many leads it sends, `seller_u` which of its
    team's sellers has it. `customer_since` is a moment before the first day, or NEVER; `target_u` is low
    where the reps come prospecting.
    """

    number: Ints
    kind: Ints
    place: Ints
    employees: Ints
    segment: Ints
    team: Ints
    currency: Ints
    interest: Floats
    seller_u: Floats
    initial_addresses: Bools
    customer_since: Ints
    target_u: Floats
    names: pl.Series
    domains: pl.Series

    def __len__(self) -> int:
        """Count the companies."""
        return len(self.number)


def draw_companies(streams: Streams, timeline: Timeline, seed: int, first_number: int, size: int) -> Companies:
    """Draw the companies of a chunk; `first_number` is how many the chunks before it have."""
    rng = streams.rng("companies")
    number = first_number + np.arange(size, dtype=np.int64)
    segment = weighted(rng.random(size), SEGMENT_SHARES)
    employees = _employees(rng.random(size), segment)
    place = weighted(rng.random(size), np.array([row[2] for row in PLACES], np.float64))
    is_large = employees >= 350
    team = np.where(is_large, _TEAM_OF_PLACE[place], MID_MARKET)
    interest = np.minimum(rng.pareto(1.6, size), 20.0) + 0.25
    legacy = rng.random(size) < 0.10
    since_day = timeline.first - rng.integers(20, 1_400, size)
    names, domains, kind = _names(seed, number)
    return Companies(
        number=number,
        kind=kind,
        place=place,
        employees=employees,
        segment=segment,
        team=team.astype(np.int64),
        currency=_CURRENCY_OF_PLACE[place].astype(np.int64),
        interest=interest * np.array([1.0, 1.2, 1.6])[segment],
        seller_u=rng.random(size),
        initial_addresses=rng.random(size) < 0.3,
        customer_since=np.where(legacy, since_day * DAY + 14 * HOUR, NEVER).astype(np.int64),
        target_u=rng.random(size),
        names=names,
        domains=domains,
    )


def _employees(u: Floats, segment: Ints) -> Ints:
    """Spread head counts within the segments, the small end of each being commoner."""
    low = np.array([4, 100, 1_000])[segment]
    high = np.array([100, 1_000, 20_000])[segment]
    exact = np.exp(np.log(low) + u**1.3 * (np.log(high) - np.log(low))).astype(np.int64)
    rounded = np.where(exact >= 1_000, exact // 100 * 100, np.where(exact >= 200, exact // 10 * 10, exact))
    return np.asarray(np.clip(rounded, low, high - 1), np.int64)


def _names(seed: int, number: Ints) -> tuple[pl.Series, pl.Series, Ints]:
    """Give names, e-mail domains and kinds; no two companies share any, in whichever chunk they are."""
    step = 7_919 + 2 * (seed % 1_000)
    while gcd(step, _NAMES) != 1:
        step += 1
    shuffled = (number * step + seed % _NAMES) % _NAMES
    round_again = number // _NAMES
    first, rest = np.divmod(shuffled, len(COMPANY_SECOND) * len(COMPANY_KINDS))
    second, kind = np.divmod(rest, len(COMPANY_KINDS))
    frame = pl.DataFrame(
        [
            pl.Series("first", COMPANY_FIRST).gather(first),
            pl.Series("second", COMPANY_SECOND).gather(second),
            pl.Series("kind", [kind for kind, _ in COMPANY_KINDS]).gather(kind),
            pl.Series("again", round_again),
        ]
    )
    again = pl.when(pl.col("again") > 0).then(" " + (pl.col("again") + 1).cast(pl.String)).otherwise(pl.lit(""))
    name = pl.col("first") + pl.col("second") + " " + pl.col("kind") + again
    domain = name.str.to_lowercase().str.replace_all(" ", "-") + ".example"
    frame = frame.select(name=name, domain=domain)
    return frame["name"], frame["domain"], kind.astype(np.int64)
