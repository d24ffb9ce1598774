"""The catalogue of metrics that a team may pick: what each is, whose work shows in it, how days become weeks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from queries.errors import QueryError
from queries.header import HERE

TEAMS = ("marketing", "sales", "shared")
UNITS = ("count", "money", "share", "days")
BETTER = ("higher", "lower", "none")
OVER = ("sum", "ratio", "last")


@dataclass(frozen=True)
class Metric:
    """One metric: its title and definition in words, the team, the unit, which way is better, how days are taken together.

    `records` names the `query` whose rows a week's number counts, and what it is asked, where that is not `metric_records`.
    """

    name: str
    title: str
    definition: str
    team: str
    unit: str
    better: str
    over: str
    records: Mapping[str, str] | None = None

    @property
    def opens(self) -> tuple[str, dict[str, str]]:
        """The query that opens a week of it, and what it is asked beside the week and the filters."""
        if self.records is None:
            return "metric_records", {"metric": self.name}
        asked = dict(self.records)
        return asked.pop("query"), asked

    @property
    def grain(self) -> str:
        """How days become a week, in words."""
        return {
            "sum": "a week's days added up",
            "ratio": "a week's sums divided",
            "last": "as it stood at the week's end",
        }[self.over]


@cache
def metrics() -> dict[str, Metric]:
    """Return every metric by name, in the catalogue's order.

    Raises
    ------
    QueryError
        The catalogue says something that it should not; the message names the metric.
    """
    found = {}
    for name, spec in tomllib.loads((HERE / "metrics.toml").read_text(encoding="utf-8")).items():
        try:
            metric = Metric(name=name, **spec)
        except TypeError as error:
            raise QueryError("The catalogue of metrics is wrong", f"{name}: {error}") from error
        for value, allowed in (
            (metric.team, TEAMS),
            (metric.unit, UNITS),
            (metric.better, BETTER),
            (metric.over, OVER),
        ):
            if value not in allowed:
                raise QueryError(
                    "The catalogue of metrics is wrong", f"{name} says '{value}'; it should be {', '.join(allowed)}"
                )
        found[name] = metric
    return found
