"""Array types and the few array operations that every part of the world needs."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

NEVER = 1 << 60
"""A moment that does not come: later than any real one, and safe to add to."""

NONE = -1
"""The index of nothing: no campaign, no person, no deal."""


def weighted(u: Floats, weights: Floats) -> Ints:
    """Turn uniform draws into choices, index i as often as `weights[i]` says."""
    edges = np.cumsum(weights)
    found = np.searchsorted(edges, u * edges[-1], side="right")
    return np.asarray(np.minimum(found, len(weights) - 1), np.int64)


def weighted_rows(u: Floats, rows: Floats) -> Ints:
    """Turn uniform draws into choices, each draw with its own row of weights."""
    edges = np.cumsum(rows, axis=1)
    return np.asarray((edges < (u * edges[:, -1])[:, None]).sum(axis=1).clip(0, rows.shape[1] - 1), np.int64)


def pick(rng: np.random.Generator, eligible: Bools, rate: float, at_least: int = 0) -> Bools:
    """Mark a share of the eligible ones, never fewer than `at_least` where there are that many.

    Draws once for every element, eligible or not, so that the marks of one element do not move when another
    becomes eligible.
    """
    u = np.where(eligible, rng.random(len(eligible)), 2.0)
    chosen = u < rate
    if at_least and chosen.sum() < at_least:
        chosen[np.argsort(u, kind="stable")[:at_least]] = True
        chosen &= eligible
    return np.asarray(chosen, np.bool_)


def places(counts: Ints) -> Ints:
    """Count through groups laid end to end: sizes 2, 3 give 0 1 0 1 2."""
    total = int(counts.sum())
    return np.arange(total, dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)


def first_of_runs(keys: Ints) -> Bools:
    """Mark where a sorted array of keys changes, the first element included."""
    mark = np.ones(len(keys), np.bool_)
    mark[1:] = keys[1:] != keys[:-1]
    return mark


def latest_by(group: Ints, values: Ints, size: int) -> Ints:
    """Give the largest value of each group; -1 where a group has none."""
    latest = np.full(size, NONE, np.int64)
    np.maximum.at(latest, group, values)
    return latest
