"""What was really won and created in each quarter, added up chunk by chunk: the goals are set around it."""

from dataclasses import dataclass

import numpy as np

from data.world.arrays import NEVER, NONE, Bools, Floats, Ints
from data.world.campaigns import MARKETING_SOURCES, SOURCES
from data.world.companies import PLAN_RATES, SEGMENTS
from data.world.deal_paths import WON
from data.world.market import Market
from data.world.staff import TEAMS
from data.world.timeline import Timeline

_IS_MARKETING = np.array([*(name in MARKETING_SOURCES for name in SOURCES), False])


@dataclass
class Actuals:
    """Dollars by quarter of the timeline (rows) and segment, team, or nothing else.

    `missed` is what the plants kept from being won; `sourced` what marketing's deals were worth that were
    created in the quarter.
    """

    won: Floats
    won_by_team: Floats
    missed: Floats
    sourced: Floats

    @classmethod
    def nothing_yet(cls, timeline: Timeline) -> "Actuals":
        """Begin with nothing in any quarter."""
        size = len(timeline.quarters)
        return cls(
            won=np.zeros((size, len(SEGMENTS))),
            won_by_team=np.zeros((size, len(TEAMS))),
            missed=np.zeros((size, len(SEGMENTS))),
            sourced=np.zeros(size),
        )

    def add(self, market: Market) -> None:
        """Add what happened in one chunk."""
        sales, companies = market.sales, market.companies
        deals, history = sales.deals, sales.history
        company = deals.company
        dollars = np.maximum(history.amount[sales.last], 0) / 100 * np.array(PLAN_RATES)[companies.currency[company]]
        is_won = sales.stage == WON
        quarter = quarters_of(market.timeline, history.close_day[sales.last])
        _add(self.won, quarter, companies.segment[company], dollars, is_won)
        _add(self.won_by_team, quarter, companies.team[company], dollars, is_won)
        created = quarters_of(market.timeline, deals.created // 86_400)
        is_sourced = _IS_MARKETING[deals.source]
        _add(self.sourced[:, None], created, np.zeros(len(created), np.int64), dollars, is_sourced)
        missed = quarters_of(market.timeline, sales.missed.close_day)
        _add(self.missed, missed, sales.missed.segment, sales.missed.dollars, missed != NONE)


def quarters_of(timeline: Timeline, days: Ints) -> Ints:
    """Give the place of each day's quarter in the timeline; -1 for days outside it."""
    firsts = np.array([quarter.first for quarter in timeline.quarters])
    place = np.searchsorted(firsts, np.where(days < NEVER, days, 0), side="right") - 1
    return np.where(days > timeline.quarters[-1].last, NONE, place).astype(np.int64)


def _add(table: Floats, row: Ints, column: Ints, dollars: Floats, mask: Bools) -> None:
    chosen = mask & (row != NONE)
    np.add.at(table, (row[chosen], column[chosen]), dollars[chosen])
