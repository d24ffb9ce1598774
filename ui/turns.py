"""Turns: few runs of pages at once, for many at once hinder each other, and then each lasts as long as all."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore

# Python computes one thing at a time; the second run goes on while the first waits for the database.
_AT_ONCE = 2
# Longer than nearly every run. What lasts longer (an import, a document) holds the others up no more than this.
_PATIENCE_SECONDS = 2.0

_turns = Semaphore(_AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Wait until it is this run's turn, or until it has waited long enough."""
    has_turn = _turns.acquire(timeout=_PATIENCE_SECONDS)
    try:
        yield
    finally:
        if has_turn:
            _turns.release()
