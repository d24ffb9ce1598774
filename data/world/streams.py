"""Named streams of random numbers, all derived from the one seed."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np


@dataclass(frozen=True)
class Streams:
    """A family of random generators, one per name.

    Each question about the world has its own stream. So adding, skipping or planting one thing leaves every
    other draw as it was: the same seed keeps the same people, with or without the plants.
    """

    seed: int
    chunk: int

    def rng(self, name: str) -> np.random.Generator:
        """Start the generator of that name; the same name starts the same numbers again."""
        key = (self.chunk, crc32(name.encode()))
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key)))


def company_wide(seed: int) -> Streams:
    """Give the streams of what all chunks share: staff, campaigns, plants, goals."""
    return Streams(seed, 0)


def of_chunk(seed: int, chunk: int) -> Streams:
    """Give the streams of one chunk of the market; chunks count from 0."""
    return Streams(seed, chunk + 1)
