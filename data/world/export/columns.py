"""Columns as a Salesforce weekly export spells them: ids, moments in UTC, days, flags, money."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from data.world.arrays import NEVER, NONE, Bools, Ints
from data.world.deal_trail import BLANK
from data.world.ids import record_ids
from data.world.timeline import Timeline

_MOMENT = "%Y-%m-%dT%H:%M:%S.000Z"


@dataclass
class Numbers:
    """How many numbers of each table the chunks so far have taken; the next chunk goes on from there."""

    taken: dict[str, int] = field(default_factory=dict)

    def next(self, table: str, size: int) -> Ints:
        """Take that many numbers of a table, in order."""
        first = self.skip(table, size)
        return first + np.arange(size, dtype=np.int64)

    def skip(self, table: str, size: int) -> int:
        """Set aside a block of numbers; return its first."""
        first = self.taken.get(table, 0)
        self.taken[table] = first + size
        return first


def ids(table: str, numbers: Ints) -> pl.Series:
    """Write ids; -1 becomes the empty lookup of weekly exports."""
    return pl.Series(record_ids(table, numbers)).cast(pl.String)


def offset(numbers: Ints, first: int) -> Ints:
    """Move numbers within a chunk to numbers over all chunks; -1 stays."""
    return np.where(numbers == NONE, NONE, numbers + first)


def moments(timeline: Timeline, local: Ints) -> pl.Series:
    """Write moments in UTC; NEVER is left empty."""
    is_real = local < NEVER
    seconds = timeline.to_utc(np.where(is_real, local, 0))
    return _blank_where(pl.Series(seconds * 1_000).cast(pl.Datetime("ms")).dt.to_string(_MOMENT), ~is_real)


def days(numbers: Ints) -> pl.Series:
    """Write days; NEVER and -1 are left empty."""
    is_real = (numbers < NEVER) & (numbers != NONE)
    written = pl.Series(np.where(is_real, numbers, 0).astype(np.int32)).cast(pl.Date).dt.to_string("%Y-%m-%d")
    return _blank_where(written, ~is_real)


def flags(bools: Bools) -> pl.Series:
    """Write booleans as 1 and 0."""
    return pl.Series(bools.astype(np.int8)).cast(pl.String)


def money(cents: Ints) -> pl.Series:
    """Write amounts with two decimals; the blank amount is left empty."""
    frame = pl.DataFrame({"cents": cents})
    written = pl.format("{}.{}", pl.col("cents") // 100, (pl.col("cents") % 100).cast(pl.String).str.zfill(2))
    return frame.select(pl.when(pl.col("cents") == BLANK).then(None).otherwise(written)).to_series()


def choices(texts: tuple[str, ...] | list[str], numbers: Ints) -> pl.Series:
    """Write the texts of those numbers; -1 is left empty."""
    written = pl.Series(texts, dtype=pl.String).gather(np.maximum(numbers, 0))
    return _blank_where(written, numbers == NONE)


def blank(series: pl.Series, mask: Bools) -> pl.Series:
    """Leave the marked values empty."""
    return _blank_where(series, mask)


def swap(series: pl.Series, mask: Bools, other: pl.Series | str) -> pl.Series:
    """Write something else where marked."""
    value = pl.lit(other) if isinstance(other, str) else other
    return pl.select(pl.when(pl.Series(mask)).then(value).otherwise(series)).to_series()


def _blank_where(series: pl.Series, mask: Bools) -> pl.Series:
    if not mask.any():
        return series
    return pl.select(pl.when(pl.Series(~mask)).then(series)).to_series()
