"""Changes of deals gathered in any order, and the gapless history that they make up."""

from dataclasses import dataclass, field

import numpy as np

from data.world.arrays import NEVER, Bools, Ints, first_of_runs

BLANK = -1
"""An amount that nobody has written down."""
_KEEP = -2
"""What a change leaves as it was."""


@dataclass(frozen=True)
class History:
    """One row per deal and moment of change, sorted so; every row says the whole state from then on.

    Amounts are cents, `BLANK` where there is none.
    """

    deal: Ints
    at: Ints
    stage: Ints
    amount: Ints
    close_day: Ints

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.deal)

    def where(self, mask: Bools) -> "History":
        """Keep the marked rows."""
        return History(self.deal[mask], self.at[mask], self.stage[mask], self.amount[mask], self.close_day[mask])

    def is_last(self) -> Bools:
        """Mark the last row of each deal: the state that the record shows."""
        return np.asarray(first_of_runs(self.deal[::-1])[::-1], np.bool_)

    def is_first(self) -> Bools:
        """Mark the first row of each deal: its creation."""
        return first_of_runs(self.deal)

    def stage_changed(self) -> Ints:
        """Give for each row when the deal last changed its stage."""
        is_change = first_of_runs(self.deal)
        is_change[1:] |= self.stage[1:] != self.stage[:-1]
        return self.at[np.maximum.accumulate(np.where(is_change, np.arange(len(self)), 0))]


@dataclass
class Trail:
    """A gatherer of changes; of two at the same moment, the one added later wins."""

    _parts: list[tuple[Ints, Ints, Ints, Ints, Ints]] = field(default_factory=list)

    def add(
        self,
        mask: Bools | None,
        at: Ints,
        *,
        stage: Ints | None = None,
        amount: Ints | None = None,
        close_day: Ints | None = None,
    ) -> None:
        """Add one change for each marked deal; what is not given stays as it was."""
        chosen = np.flatnonzero((at < NEVER) if mask is None else (mask & (at < NEVER)))
        keep = np.full(len(chosen), _KEEP)
        self._parts.append(
            (
                chosen,
                at[chosen],
                keep if stage is None else stage[chosen],
                keep if amount is None else amount[chosen],
                keep if close_day is None else close_day[chosen],
            )
        )

    def history(self, deals: int, last_moment: int) -> History:
        """Give the history up to the last moment. Each deal needs a creation that gives its whole state."""
        deal, at, stage, amount, close_day = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        first = np.full(deals, NEVER)
        np.minimum.at(first, deal, at)
        kept = at <= last_moment
        order = np.flatnonzero(kept)[np.lexsort((at[kept], deal[kept]))]
        deal, at = deal[order], at[order]
        columns = [_carried(column[order]) for column in (stage, amount, close_day)]
        is_final = np.ones(len(deal), np.bool_)
        is_final[:-1] = (deal[1:] != deal[:-1]) | (at[1:] != at[:-1])
        history = History(deal, at, columns[0], columns[1], columns[2]).where(is_final)
        return history.where(_is_change(history))


def _carried(values: Ints) -> Ints:
    """Carry each value on over the changes that kept it."""
    return values[np.maximum.accumulate(np.where(values == _KEEP, 0, np.arange(len(values))))]


def _is_change(history: History) -> Bools:
    """Mark the rows that differ from the one before; an amount revised to itself is no change."""
    is_change = history.is_first()
    for column in (history.stage, history.amount, history.close_day):
        is_change[1:] |= column[1:] != column[:-1]
    return is_change
