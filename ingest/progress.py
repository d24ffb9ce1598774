"""How far an import is: one share of the whole over all its parts, and about how long it still takes."""

import time
from collections.abc import Callable

# What is being done, how much is done, and how much there is.
Progress = Callable[[str, int, int], None]
WHOLE = 1000
_TOLD_AFTER_SECONDS = 3.0
_TOLD_FROM = 0.05


class Gauge:
    """Passes progress on as a share of the whole, with the time left once that can be told.

    Parameters
    ----------
    progress
        Called with what is being done and the time left, and how many thousandths are done.
    clock
        Seconds that only grow.
    """

    def __init__(self, progress: Progress, clock: Callable[[], float] = time.monotonic) -> None:
        self._progress = progress
        self._clock = clock
        self._began = clock()
        self._share = 0.0

    def part(self, begin: float, end: float) -> Progress:
        """Return the progress of one part of the work, which goes from one share of the whole to another."""

        def tell(what: str, done: int, total: int) -> None:
            self._share = max(self._share, begin + (end - begin) * (done / total if total else 0.0))
            self.say(what)

        return tell

    def say(self, what: str, _done: int = 0, _total: int = 0) -> None:
        """Say what is being done, wherever the work is."""
        self._progress(what + self._left(), round(WHOLE * self._share), WHOLE)

    def _left(self) -> str:
        spent = self._clock() - self._began
        if spent < _TOLD_AFTER_SECONDS or not _TOLD_FROM < self._share < 1:
            return ""
        return f" · {time_left(spent * (1 - self._share) / self._share)}"


def time_left(seconds: float) -> str:
    """Return an estimate of a time in words, no finer than it is known."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 55:
        return f"about {round(seconds / 10) * 10} s left"
    minutes = max(1, round(seconds / 60))
    return f"about {minutes} min left" if minutes < 90 else f"about {round(minutes / 60)} h left"
