"""The filters that all pages share: kept in the address, said in words, handed to queries as parameters."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from charts.numbers import NumberFormat, day
from queries import QueryError, period_bounds
from ui.ask import ask, ask_row

BLANK = "(blank)"
ALL_TIME = "All time"
_LAST_FOUR = "Last 4 quarters"
_RELATIVE = ("This quarter", "Last quarter", "Next quarter", "This year", "Last year", _LAST_FOUR, ALL_TIME)
_DIMENSIONS = ("segment", "region", "owner", "source")


@dataclass(frozen=True)
class Filters:
    """What is chosen: the as-of day, the period [start, end), and the values of each filter (None: all)."""

    as_of: date
    period: str
    period_start: date | None
    period_end: date | None
    segment: tuple[str, ...] | None
    region: tuple[str, ...] | None
    owner: tuple[str, ...] | None
    source: tuple[str, ...] | None

    @property
    def params(self) -> dict[str, Any]:
        """All of it, as queries take it."""
        return {"period_start": self.period_start, "period_end": self.period_end, **self.scope}

    @property
    def scope(self) -> dict[str, Any]:
        """The as-of day and the values, without the period."""
        return {
            "as_of": self.as_of,
            "segment": self.segment,
            "region": self.region,
            "owner": self.owner,
            "source": self.source,
        }

    @property
    def period_words(self) -> str:
        """The period in words, with its days."""
        if self.period_start is None or self.period_end is None:
            return "all time"
        last = self.period_end - timedelta(days=1)
        return f"{self.period} ({day(self.period_start)} to {day(last)})"

    @property
    def is_narrowed(self) -> bool:
        """Whether any value is chosen."""
        return any(getattr(self, name) is not None for name in _DIMENSIONS)

    @property
    def goal_scope(self) -> tuple[str | None, str | None]:
        """The scope whose goal these filters ask for, and its value; (None, None) where no goal can have it."""
        chosen = [(name, getattr(self, name)) for name in _DIMENSIONS if getattr(self, name) is not None]
        if not chosen:
            return "company", None
        name, values = chosen[0]
        if len(chosen) > 1 or len(values) > 1 or name == "source" or not values[0]:
            return None, None
        return name, values[0]

    def sentence(self) -> str:
        """Say in words what is shown."""
        parts = [f"Showing {self.period_words}, as of the end of {day(self.as_of)}"]
        for name in _DIMENSIONS:
            chosen = getattr(self, name)
            if chosen:
                shown = [value or f"no {name}" for value in chosen]
                parts.append(f"{name} {' or '.join(shown)}")
        return ", ".join(parts) + "."


@dataclass(frozen=True)
class Company:
    """What the warehouse says of itself and of the company's settings."""

    newest_date: date
    history_from: date | None
    first_date: date | None
    numbers: NumberFormat
    win_rate_basis: str
    flag_under: int
    unranked_under: int


def company() -> Company | None:
    """Return what is known of the company's data, or None where there is none."""
    row = ask_row("freshness")
    if row is None:
        return None
    return Company(
        newest_date=row["newest_date"],
        history_from=row["history_from"],
        first_date=row["first_date"],
        numbers=NumberFormat(row["currency"], row["number_format"]),
        win_rate_basis=row["win_rate_basis"],
        flag_under=row["flag_under"],
        unranked_under=row["unranked_under"],
    )


def draw_filters(about: Company) -> Filters:
    """Draw the shared filters and return what is chosen. Called once a run, before the page.

    Every widget keeps its value in the address, so that a link shows what its sender saw.
    """
    as_of = st.date_input(
        "As of the end of",
        value=about.newest_date,
        # The oldest record may be dated after the newest change, as a deal that is only known to be due is.
        min_value=min(about.first_date or about.newest_date, about.newest_date),
        max_value=about.newest_date + timedelta(days=366),
        key="as_of",
        bind="query-params",
        help="The numbers are as they stood at the end of this day. The newest day that the data knows, unless you say.",
    )
    as_of = as_of if isinstance(as_of, date) else about.newest_date
    periods = ask("fiscal_periods")
    period = st.selectbox(
        "Period",
        _period_options(periods, about, as_of),
        key="period",
        bind="query-params",
        help="The company's fiscal periods; which days it is stands above the page",
    )
    start, end, name = _bounds(period or _RELATIVE[0], periods, as_of)
    chosen = {dimension: _values(dimension) for dimension in _DIMENSIONS}
    return Filters(as_of, name, start, end, **chosen)


def _values(dimension: str) -> tuple[str, ...] | None:
    values = ask("filter_values").filter(pl.col("filter") == dimension)["value"].to_list()
    options = [BLANK if value is None else value for value in values]
    chosen = st.multiselect(
        dimension.capitalize(),
        options,
        key=dimension,
        bind="query-params",
        placeholder="All",
        disabled=not options,
    )
    if not chosen:
        return None
    return tuple("" if value == BLANK else value for value in chosen)


def _period_options(periods: pl.DataFrame, about: Company, as_of: date) -> list[str]:
    first = about.first_date or as_of
    named = periods.filter((pl.col("period_end") > first) & (pl.col("period_start") <= as_of + timedelta(days=366)))
    listed = [
        named.filter(pl.col("kind") == kind).sort("period_start", descending=True)["period"].to_list()
        for kind in ("quarter", "year", "month")
    ]
    return [*_RELATIVE, *(period for kind in listed for period in kind)]


def _bounds(option: str, periods: pl.DataFrame, as_of: date) -> tuple[date | None, date | None, str]:
    """Return a period's first day, the day after its last, and its name."""
    if option == ALL_TIME:
        return None, None, ALL_TIME
    if option not in _RELATIVE:
        try:
            start, end = period_bounds(option)
        except QueryError:
            return _bounds(_RELATIVE[0], periods, as_of)
        return start, end, option
    kind = "year" if option.endswith("year") else "quarter"
    of_kind = periods.filter(pl.col("kind") == kind).sort("period_start")
    starts = of_kind["period_start"].to_list()
    current = max((number for number, start in enumerate(starts) if start <= as_of), default=0)
    if option == _LAST_FOUR:
        first = max(current - 4, 0)
        return (
            of_kind["period_start"][first],
            of_kind["period_start"][current],
            f"{of_kind['period'][first]} to {of_kind['period'][max(current - 1, 0)]}",
        )
    step = {"This": 0, "Last": -1, "Next": 1}[option.split(" ", maxsplit=1)[0]]
    place = min(max(current + step, 0), of_kind.height - 1)
    return of_kind["period_start"][place], of_kind["period_end"][place], of_kind["period"][place]
