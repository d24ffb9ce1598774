"""The list of activities while it grows: who did what, with whom, when."""

import numpy as np

from data.world.arrays import NEVER, NONE, Bools, Ints, latest_by

CALL, INBOUND_CALL, MAIL, OTHER, MEETING, AUTO_MAIL, LIST_MAIL, CADENCE, PLANNED = range(9)
"""The kinds: first what people do, then what machines send, and last what is still to be done."""

BY_PEOPLE = (CALL, INBOUND_CALL, MAIL, OTHER, MEETING)

_COLUMNS = ("at", "kind", "owner", "lead", "contact", "deal", "company", "since", "detail")


class Log:
    """The activities of one chunk, by column; sorted by time once `close` was called.

    `at` is when it was done, or for a plan when it was made. `since` is the earliest that it can have been
    arranged. `detail` is a list e-mail's campaign, or the day that a plan is due. Whom or what an activity is
    about is -1 where it is about none such.
    """

    at: Ints
    kind: Ints
    owner: Ints
    lead: Ints
    contact: Ints
    deal: Ints
    company: Ints
    since: Ints
    detail: Ints

    def __init__(self) -> None:
        self._parts: list[dict[str, Ints]] = []

    def __len__(self) -> int:
        """Count the activities."""
        return len(self.at)

    def add(
        self,
        mask: Bools,
        *,
        at: Ints,
        kind: Ints,
        owner: Ints,
        lead: Ints | None = None,
        contact: Ints | None = None,
        deal: Ints | None = None,
        company: Ints | None = None,
        since: Ints | None = None,
        detail: Ints | None = None,
    ) -> None:
        """Add one activity for each marked element."""
        chosen = np.flatnonzero(mask & (at < NEVER))
        nothing = np.full(len(mask), NONE)
        given = {"at": at, "kind": kind, "owner": owner, "lead": lead, "contact": contact, "deal": deal}
        given |= {"company": company, "since": at if since is None else since, "detail": detail}
        self._parts.append({name: (nothing if column is None else column)[chosen] for name, column in given.items()})

    def close(self, first_moment: int, last_moment: int) -> None:
        """Put everything from the first to the last moment in the order of time."""
        gathered = {name: np.concatenate([part[name] for part in self._parts]) for name in _COLUMNS}
        kept = np.flatnonzero((gathered["at"] >= first_moment) & (gathered["at"] <= last_moment))
        order = kept[np.argsort(gathered["at"][kept], kind="stable")]
        for name in _COLUMNS:
            setattr(self, name, gathered[name][order])
        self._parts.clear()

    def last_days(self, column: str, size: int) -> Ints:
        """Give the day on which people last did something with each lead, deal or company; -1 for never."""
        about = getattr(self, column)
        chosen = np.isin(self.kind, BY_PEOPLE) & (about != NONE)
        return latest_by(about[chosen], self.at[chosen] // 86_400, size)
