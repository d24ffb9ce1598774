"""Who people are at work: how much they decide, what their title says, where they can be reached."""

import numpy as np
import polars as pl

from data.world.arrays import Bools, Floats, Ints, weighted, weighted_rows
from data.world.names import name_frame
from data.world.words import TITLES

DECIDES, ADVISES, USES, READS, UNSAID = range(5)
LEVELS = ("decides", "advises", "uses", "reads", "unsaid")

LEAD_LEVELS = np.array([0.33, 0.30, 0.24, 0.06, 0.07])
"""How often each level is met among the people that marketing usually reaches."""

REP_LEVELS = np.array([0.50, 0.28, 0.15, 0.01, 0.06])
"""The same among the contacts that reps type in themselves."""

_TITLES = pl.Series([title for titles in TITLES for title in titles])
_FIRST_OF_LEVEL = np.cumsum([0, *[len(titles) for titles in TITLES]])[:-1]
_SIZE_OF_LEVEL = np.array([len(titles) for titles in TITLES])


def levels_with_deciders(shares: Floats) -> Floats:
    """Give rows of level weights in which those who decide have the given shares."""
    others = LEAD_LEVELS[1:] * np.array([0.6, 1.2, 2.0, 1.0])
    rows = np.empty((len(shares), len(LEVELS)))
    rows[:, 0] = shares
    rows[:, 1:] = (1 - shares)[:, None] * others / others.sum()
    return rows


def draw_levels(u: Floats, decider_shares: Floats) -> Ints:
    """Draw levels; a share of NaN stands for the usual mix."""
    usual = weighted(u, LEAD_LEVELS)
    special = ~np.isnan(decider_shares)
    usual[special] = weighted_rows(u[special], levels_with_deciders(decider_shares[special]))
    return usual


def draw_titles(u: Floats, levels: Ints) -> Ints:
    """Draw title numbers that suit the levels."""
    within = (u**1.3 * _SIZE_OF_LEVEL[levels]).astype(np.int64)
    return np.asarray(_FIRST_OF_LEVEL[levels] + within, np.int64)


def title_texts(titles: Ints) -> pl.Series:
    """Give the titles of those numbers; some are empty."""
    return _TITLES.gather(titles)


def describe(first: Ints, last: Ints, domains: pl.Series, plain: Bools) -> pl.DataFrame:
    """Give names and addresses: columns first, last, email.

    No two people in the frame share an address: namesakes in one company get a number. `plain` marks those
    whose company writes addresses as an initial and the last name.
    """
    frame = name_frame(first, last).with_columns(domain=domains, plain=pl.Series(plain))
    local = (
        pl.when(pl.col("plain"))
        .then(pl.col("first_slug").str.slice(0, 1) + pl.col("last_slug"))
        .otherwise(pl.col("first_slug") + "." + pl.col("last_slug"))
    )
    frame = frame.with_columns(local=local)
    namesake = pl.int_range(pl.len()).over("local", "domain")
    suffix = pl.when(namesake > 0).then((namesake + 1).cast(pl.String)).otherwise(pl.lit(""))
    return frame.with_columns(email=pl.col("local") + suffix + "@" + pl.col("domain")).select("first", "last", "email")
