"""The mess of real exports: the same thing written in several ways, or not at all."""

import numpy as np
import polars as pl

from data.world.arrays import NONE, Bools, Ints
from data.world.campaigns import SOURCES
from data.world.export.columns import blank, choices, swap
from data.world.market import Market
from data.world.streams import Streams

_UNITED_STATES = ("United States", "USA", "US", "united states", "United States ")


def written_sources(streams: Streams, name: str, sources: Ints) -> pl.Series:
    """Write lead sources as people have typed them: a few in small letters, with a blank, or not known."""
    u = streams.rng(f"spelling.{name}").random(len(sources))
    text = choices(list(SOURCES), sources)
    text = swap(text, u < 0.012, text.str.to_lowercase())
    text = swap(text, (u >= 0.012) & (u < 0.020), text + " ")
    is_known = sources != NONE
    text = swap(text, is_known & (u >= 0.020) & (u < 0.030), "unknown")
    return blank(text, is_known & (u >= 0.030) & (u < 0.042))


def deal_sources(streams: Streams, market: Market) -> pl.Series:
    """Write the sources of deals: that of a lead is carried over as it was typed."""
    deals = market.sales.deals
    typed = written_sources(streams, "deal sources", deals.source)
    if not len(deals):
        return typed
    return swap(typed, deals.lead != NONE, lead_sources(streams, market).gather(np.maximum(deals.lead, 0)))


def contact_sources(streams: Streams, market: Market) -> pl.Series:
    """Write the sources of contacts: that of their lead, if they have one."""
    lead = market.contacts.lead
    return blank(lead_sources(streams, market).gather(np.maximum(lead, 0)), lead == NONE)


def lead_sources(streams: Streams, market: Market) -> pl.Series:
    """Write the sources of leads."""
    return written_sources(streams, "lead sources", market.leads.source)


def written_countries(streams: Streams, name: str, countries: pl.Series) -> pl.Series:
    """Write countries as people have typed them."""
    u = streams.rng(f"spelling.{name}").random(len(countries))
    is_home = (countries == "United States").to_numpy()
    for number, text in enumerate(_UNITED_STATES[1:]):
        low = 0.02 * number
        countries = swap(countries, is_home & (u >= low) & (u < low + 0.02), text)
    return blank(countries, u > 0.97)


def phones(area_codes: pl.Series, u: np.ndarray, has: Bools) -> pl.Series:
    """Write telephone numbers that nobody has: 555-01xx."""
    last = pl.Series((u * 100).astype(np.int64)).cast(pl.String).str.zfill(2)
    extension = pl.Series((u * 899_981 % 9_000 + 1_000).astype(np.int64)).cast(pl.String)
    style = pl.Series((u * 977 % 1 * 10).astype(np.int64))
    frame = pl.DataFrame({"area": area_codes, "last": last, "extension": extension, "style": style})
    text = (
        pl.when(pl.col("area").str.starts_with("+"))
        .then(pl.format("{} 01{}", "area", "last"))
        .when(pl.col("style") < 2)
        .then(pl.format("{}-555-01{}", "area", "last"))
        .when(pl.col("style") < 4)
        .then(pl.format("({}) 555-01{}", "area", "last"))
        .otherwise(pl.format("({}) 555-01{} x{}", "area", "last", "extension"))
    )
    return blank(frame.select(text).to_series(), ~has)
