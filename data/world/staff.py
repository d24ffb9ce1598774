"""The people who sell and market: their teams, when they came and went, and how well they sell."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.world.arrays import NEVER, Bools, Floats, Ints
from data.world.names import name_frame
from data.world.streams import Streams
from data.world.timeline import DAY, Timeline

COMPANY = "Harborpoint Software"
DOMAIN = "harborpoint.example"
TEAMS = ("East", "West", "Mid-Market")
EAST, WEST, MID_MARKET = range(3)

ROLES = (
    ("Chief Revenue Officer", -1),
    ("Sales East", 0),
    ("Sales West", 0),
    ("Sales Mid-Market", 0),
    ("Sales Development", 0),
    ("Marketing", 0),
    ("Operations", 0),
)
"""Role names and the number of the role above, -1 at the top."""

_SALES, _DEVELOPMENT, _MARKETING, _MANAGEMENT, _SYSTEM = (
    "Sales",
    "Sales Development",
    "Marketing",
    "Sales Management",
    "System",
)


@dataclass(frozen=True)
class Staff:
    """Everybody with a login, numbered from 0; the last is the Automation User.

    `teams[k]` numbers the sellers of team k. `joined` and `left` are moments; `skill` multiplies the odds of
    winning.
    """

    frame: pl.DataFrame
    sellers: Ints
    teams: tuple[Ints, ...]
    developers: Ints
    marketers: Ints
    automation: int
    joined: Ints
    left: Ints
    skill: Floats

    @property
    def names(self) -> pl.Series:
        """Full names, by number."""
        return self.frame["Name"]

    def is_here(self, users: Ints, moments: Ints) -> Bools:
        """Say who works here at those moments."""
        return (self.joined[users] <= moments) & (moments < self.left[users])

    def seller_at(self, team: Ints, moments: Ints, u: Floats) -> Ints:
        """Give the seller of the team who has the account at that moment.

        An account stays with one seller until that one leaves; then the next in the team takes it over.
        """
        sellers = np.zeros(len(team), np.int64)
        for number, members in enumerate(self.teams):
            mine = np.flatnonzero(team == number)
            first_choice = (u[mine] * len(members)).astype(np.int64)
            chosen = members[first_choice]
            for step in range(1, len(members)):
                away = ~self.is_here(chosen, moments[mine])
                chosen = np.where(away, members[(first_choice + step) % len(members)], chosen)
            sellers[mine] = chosen
        return sellers


def headcounts(scale: float) -> tuple[int, int, int, int]:
    """Give the numbers of sellers, sales developers, marketers and managers; 25 in all from scale 1 up."""
    total = int(np.clip(round(25 * scale ** (1 / 3)), 8, 25))
    managers = 2 if total >= 14 else 1
    marketers = max(1, round(total * 0.16))
    developers = max(2, round(total * 0.24))
    return total - managers - marketers - developers, developers, marketers, managers


def draw_staff(streams: Streams, timeline: Timeline, scale: float) -> Staff:
    """Draw everybody; one seller has left on the way, and where the team is large one has come."""
    sellers_count, developers_count, marketers_count, managers_count = headcounts(scale)
    total = sellers_count + developers_count + marketers_count + managers_count
    rng = streams.rng("staff")
    sellers = np.arange(sellers_count)
    developers = sellers_count + np.arange(developers_count)
    marketers = developers[-1] + 1 + np.arange(marketers_count)
    managers = marketers[-1] + 1 + np.arange(managers_count)

    east = max(1, round(sellers_count * 0.3))
    teams = (sellers[:east], sellers[east : 2 * east], sellers[2 * east :])
    span = (timeline.last - timeline.first) * DAY
    joined = np.zeros(total + 1, np.int64)
    left = np.full(total + 1, NEVER, np.int64)
    leaving = timeline.first * DAY + int(span * rng.uniform(0.62, 0.72))
    left[teams[MID_MARKET][0]] = leaving
    if len(teams[MID_MARKET]) >= 3:
        joined[teams[MID_MARKET][-1]] = leaving + int(rng.uniform(25, 60)) * DAY
    return Staff(
        frame=_user_frame(rng, timeline, teams, developers, marketers, managers, joined, left),
        sellers=sellers.astype(np.int64),
        teams=teams,
        developers=developers.astype(np.int64),
        marketers=marketers.astype(np.int64),
        automation=total,
        joined=joined,
        left=left,
        skill=np.exp(rng.normal(0, 0.22, total + 1)),
    )


def _user_frame(
    rng: np.random.Generator,
    timeline: Timeline,
    teams: tuple[Ints, ...],
    developers: Ints,
    marketers: Ints,
    managers: Ints,
    joined: Ints,
    left: Ints,
) -> pl.DataFrame:
    """Lay out the users: columns as in the export, but numbers where the export has ids."""
    rows: list[dict[str, object]] = []
    head = int(managers[0])
    for number, members in enumerate(teams):
        for place, _ in enumerate(members):
            title = "Senior Account Executive" if place == 0 else "Account Executive"
            rows.append(_row(TEAMS[number], _SALES, title, number + 1, head))
    for place, _ in enumerate(developers):
        title = "Lead Generation Representative" if place % 2 else "Sales Development Representative"
        rows.append(_row("Sales Development", _DEVELOPMENT, title, 4, int(managers[-1])))
    marketing_titles = (
        "VP Marketing",
        "Demand Generation Manager",
        "Marketing Operations Manager",
        "Events Manager",
    )
    for place, _ in enumerate(marketers):
        title = marketing_titles[place % len(marketing_titles)]
        rows.append(_row("Marketing", _MARKETING, title, 5, int(marketers[0]) if place else -1))
    for place, _ in enumerate(managers):
        title = "Director of Sales Development" if place else "VP Sales"
        rows.append(_row("Sales", _MANAGEMENT, title, 4 if place else 0, head if place else -1))
    first = rng.permutation(60)[: len(rows)]
    last = rng.permutation(200)[: len(rows)]
    names = name_frame(first.astype(np.int64), last.astype(np.int64))
    for row, (given, family, given_slug, family_slug) in zip(rows, names.iter_rows(), strict=True):
        row |= {"FirstName": given, "LastName": family, "Email": f"{given_slug}.{family_slug}@{DOMAIN}"}
    rows.append(
        _row("", _SYSTEM, "Integration", 6, -1)
        | {"FirstName": "Automation", "LastName": "User", "Email": f"automation@{DOMAIN}"}
    )
    long_ago = timeline.first - rng.integers(200, 1600, len(rows))
    created = np.where(joined > 0, joined // DAY, long_ago) * DAY + 9 * 3600
    return pl.DataFrame(rows).with_columns(
        Name=pl.col("FirstName") + " " + pl.col("LastName"),
        is_active=pl.Series(left > timeline.last_moment),
        created=pl.Series(created),
    )


def _row(division: str, department: str, title: str, role: int, manager: int) -> dict[str, object]:
    return {"Division": division, "Department": department, "Title": title, "role": role, "manager": manager}
