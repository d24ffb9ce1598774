"""What a run of a page stands on, read once: the warehouse's version and the goals. So its figures are of one moment, too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

_Read = TypeVar("_Read")
_MOMENT: ContextVar[dict[Callable[[], Any], Any] | None] = ContextVar("moment", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Read nothing twice in here; what somebody else changes meanwhile is seen by the next run."""
    token = _MOMENT.set({})
    try:
        yield
    finally:
        _MOMENT.reset(token)


def at_this_moment(read: Callable[[], _Read]) -> _Read:
    """Return what a function reads, or what it has read in this moment; outside of one it reads each time.

    A run of a fragment alone is outside: it reads for itself.
    """
    moment = _MOMENT.get()
    if moment is None:
        return read()
    if read not in moment:
        moment[read] = read()
    found: _Read = moment[read]
    return found
