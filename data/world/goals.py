"""What the company set out to win: finance's sheet of goals, and the sellers' quotas.

Goals follow the trend of what was won, as budgets do, and stay within reach of it, but for the quarter whose
pipeline a plant thinned: its goal is the one that the missing deals would have met.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from data.world.actuals import Actuals
from data.world.arrays import Bools, Floats, Ints
from data.world.companies import SEGMENTS
from data.world.market import Company
from data.world.plants import THIN_QUARTER
from data.world.streams import company_wide
from data.world.timeline import DAY, day_of

WITHIN_REACH = (0.84, 1.11)
"""The lowest and the highest share of its goal that an ordinary quarter reaches."""
_OVER_ASSIGNED = 1.12
"""Sellers' quotas add to more than the company's goal."""
_FINANCE = "finance@harborpoint.example"


class Quota(NamedTuple):
    """A seller's quota: the user, the quarter's place in the timeline, dollars, and the day it was set."""

    user: int
    quarter: int
    amount: int
    set_on: int


@dataclass(frozen=True)
class Goals:
    """Goals in dollars by quarter of the timeline, and the one that was changed.

    `revised` is the place of the quarter whose goal was first `before_revision`, until `revised_on`.
    """

    won: Ints
    by_segment: Ints
    sourced: Ints
    revised: int
    before_revision: int
    revised_on: int
    set_on: Ints


def set_goals(company: Company, actuals: Actuals) -> Goals:
    """Set the goals of every quarter, the current and the next included."""
    timeline = company.timeline
    rng = company_wide(company.seed).rng("goals")
    quarters, past = timeline.quarters, len(timeline.past_quarters)
    is_ordinary = np.ones(len(quarters), np.bool_)
    basis = actuals.won.sum(axis=1)
    is_drought = np.zeros(len(quarters), np.bool_)
    if company.plants.has(THIN_QUARTER):
        thin = [quarter.label for quarter in quarters].index(company.plants.thin_quarter.label)
        basis[thin] += actuals.missed[thin].sum()
        is_ordinary[thin] = False
        is_drought[thin - 1 : thin + 1] = True
    trend = _trend(basis, past, is_used=np.ones(past, np.bool_)) * rng.uniform(0.98, 1.03, len(quarters))
    exact = _within_reach(trend, basis, is_ordinary, past)
    exact[~is_ordinary] = np.maximum(trend, basis)[~is_ordinary]
    won = _rounded(exact)
    sourced = _trend(actuals.sourced, past, is_used=~is_drought[:past]) * 1.02
    sourced = _within_reach(sourced, actuals.sourced, ~is_drought, past)
    choice = [place for place in range(max(0, past - 2), past + 1) if is_ordinary[place]]
    revised = int(rng.choice(choice))
    firsts = np.array([quarter.first for quarter in quarters])
    set_on = timeline.on_business_day(firsts - rng.integers(9, 24, len(quarters)))
    revised_on = timeline.on_business_day(np.array([quarters[revised].first + int(rng.integers(18, 32))]))
    before = _rounded(won[revised : revised + 1] * rng.choice([rng.uniform(1.06, 1.14), rng.uniform(0.88, 0.95)]))
    # nothing has been set that is not yet known: the next quarter's goal is early, not dated ahead
    return Goals(
        won=won,
        by_segment=_by_segment(won, actuals.won),
        sourced=_rounded(sourced),
        revised=revised,
        before_revision=int(before[0]),
        revised_on=int(min(revised_on[0], timeline.last)),
        set_on=np.minimum(set_on, timeline.last - 3),
    )


def _trend(values: Floats, past: int, *, is_used: Bools) -> Floats:
    """Lay an exponential trend through those past quarters that are used, and carry it on."""
    known = values[:past][is_used]
    floor = max(float(known.mean()) * 0.2, 1_000.0)
    x = np.arange(len(values), dtype=np.float64)
    middle = x[:past][is_used].mean()
    slope, level = np.polyfit(x[:past][is_used] - middle, np.log(np.maximum(known, floor)), 1)
    return np.asarray(np.exp(level + np.clip(slope, -0.03, 0.06) * (x - middle)), np.float64)


def _within_reach(goal: Floats, actual: Floats, is_bound: Bools, past: int) -> Floats:
    """Keep the goals of past quarters so close to what came that they were within reach."""
    low, high = WITHIN_REACH
    bound = np.clip(goal, actual / high, actual / low)
    applies = is_bound & (np.arange(len(goal)) < past) & (actual > 0)
    return np.where(applies, bound, goal)


def _rounded(amount: Floats) -> Ints:
    """Round as budgets are: to half a unit of the second digit."""
    step = 10.0 ** (np.floor(np.log10(np.maximum(amount, 10_000.0))) - 1) / 4
    return np.asarray(np.maximum(np.round(amount / step) * step, 1_000).astype(np.int64), np.int64)


def _by_segment(goals: Ints, won: Floats) -> Ints:
    """Split the company's goals over the segments, to the thousand; the parts add to the whole."""
    overall = won.sum(axis=0) + 1.0
    share = 0.4 * won / np.maximum(won.sum(axis=1, keepdims=True), 1.0) + 0.6 * overall / overall.sum()
    share /= share.sum(axis=1, keepdims=True)
    parts = (goals[:, None] * share // 1_000 * 1_000).astype(np.int64)
    parts[:, 1] += goals - parts.sum(axis=1)
    return np.asarray(parts, np.int64)


def goals_table(company: Company, goals: Goals) -> pl.DataFrame:
    """Give finance's sheet: one row per goal, two for the one that was changed."""
    rows: list[tuple[str, str, str, str, int, int]] = []
    for place, quarter in enumerate(company.timeline.quarters):
        set_on = int(goals.set_on[place])
        if place == goals.revised:
            rows.append(("won_amount", quarter.label, "company", "", goals.before_revision, set_on))
            set_on = goals.revised_on
        rows.append(("won_amount", quarter.label, "company", "", int(goals.won[place]), set_on))
        for number, segment in enumerate(SEGMENTS):
            rows.append(
                (
                    "won_amount",
                    quarter.label,
                    "segment",
                    segment,
                    int(goals.by_segment[place, number]),
                    set_on,
                )
            )
        sourced = int(goals.sourced[place])
        rows.append(("sourced_pipeline", quarter.label, "company", "", sourced, int(goals.set_on[place])))
    return pl.DataFrame(
        {
            "measure": [row[0] for row in rows],
            "period": [row[1] for row in rows],
            "scope": [row[2] for row in rows],
            "scope_value": [row[3] or None for row in rows],
            "value": [str(row[4]) for row in rows],
            "currency": ["USD"] * len(rows),
            "set_on": [day_of(row[5]).isoformat() for row in rows],
            "set_by": [_FINANCE] * len(rows),
        }
    )


def set_quotas(company: Company, goals: Goals, actuals: Actuals) -> list[Quota]:
    """Split each quarter's goal over the sellers who were there, by what their teams usually win."""
    staff = company.staff
    rng = company_wide(company.seed).rng("quotas")
    team_share = actuals.won_by_team.sum(axis=0) + 1.0
    team_share = 0.85 * team_share / team_share.sum() + 0.15 / len(team_share)
    personal = rng.uniform(0.92, 1.08, len(staff.joined))
    quotas = []
    for place, quarter in enumerate(company.timeline.quarters):
        for team, members in enumerate(staff.teams):
            here = [
                int(user)
                for user in members
                if staff.joined[user] < (quarter.last - 30) * DAY and staff.left[user] > (quarter.first + 30) * DAY
            ]
            for user in here:
                exact = goals.won[place] * _OVER_ASSIGNED * team_share[team] / len(here) * personal[user]
                is_new = staff.joined[user] > (quarter.first - 30) * DAY
                amount = round(float(exact) * (0.5 if is_new else 1.0) / 1_000) * 1_000
                quotas.append(Quota(user, place, max(amount, 1_000), int(goals.set_on[place]) + 1))
    return quotas
