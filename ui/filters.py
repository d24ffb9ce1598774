"""The filters that all pages share: kept in the address, said in words, handed to queries as parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from base.errors import SamePageError
from base.pointer import read_pointer
from charts.numbers import NumberFormat, day
from queries import QueryError, period_bounds
from reports.asking import Ask, goal_scope
from ui.ask import ask, ask_row, computed_without_goals, filter_choices
from ui.links import misread_day, misread_values

Choices = Mapping[str, list[str | None]]

BLANK = "(blank)"
ALL_TIME = "All time"
_LAST_FOUR = "Last 4 quarters"
_RELATIVE = ("This quarter", "Last quarter", "Next quarter", "This year", "Last year", _LAST_FOUR, ALL_TIME)
_NOTES = "_filter_notes"
_COMPARE = ("Nothing", "The period before", "A year before")
# What narrows leads and deals alike, and what narrows deals alone, for a lead names neither.
_OF_BOTH = ("segment", "region", "team", "owner", "source")
_OF_DEALS = ("product", "business_type")
_DIMENSIONS = (*_OF_BOTH, *_OF_DEALS, "custom")
_SHOWN_FIRST = ("segment", "region", "owner", "source")
_CUSTOM = "custom: "
_WORDS = {"business_type": "type of business"}


@dataclass(frozen=True)
class Filters:
    """What is chosen: the as-of day, the period [start, end), the values of each filter (None: all), what to say of it."""

    as_of: date
    period: str
    period_start: date | None
    period_end: date | None
    segment: tuple[str, ...] | None = None
    region: tuple[str, ...] | None = None
    team: tuple[str, ...] | None = None
    owner: tuple[str, ...] | None = None
    source: tuple[str, ...] | None = None
    product: tuple[str, ...] | None = None
    business_type: tuple[str, ...] | None = None
    custom: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    compared: "Filters | None" = None

    @property
    def params(self) -> dict[str, Any]:
        """All of it, as queries about deals take it."""
        return {"period_start": self.period_start, "period_end": self.period_end, **self.scope}

    @property
    def lead_params(self) -> dict[str, Any]:
        """All of it, as queries about leads take it: a lead names no product and no type of business."""
        return {"period_start": self.period_start, "period_end": self.period_end, **self.lead_scope}

    @property
    def scope(self) -> dict[str, Any]:
        """The as-of day and the values, without the period, as queries about deals take them."""
        return {"as_of": self.as_of, **{name: getattr(self, name) for name in _DIMENSIONS}}

    @property
    def lead_scope(self) -> dict[str, Any]:
        """The as-of day and the values, without the period, as queries about leads take them."""
        return {name: value for name, value in self.scope.items() if name not in _OF_DEALS}

    @property
    def of_deals_alone(self) -> str | None:
        """A sentence for figures about leads under filters that only deals have; None without such filters."""
        names = [_WORDS.get(name, name) for name in _OF_DEALS if getattr(self, name) is not None]
        if not names:
            return None
        return f"A lead names no {' and no '.join(names)}: figures about leads are not narrowed by it."

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
        return bool(self.narrowed)

    @property
    def narrowed(self) -> tuple[str, ...]:
        """The filters in which values are chosen."""
        return tuple(name for name in _DIMENSIONS if getattr(self, name) is not None)

    @property
    def goal_scope(self) -> tuple[str | None, str | None]:
        """The scope whose goal these filters ask for, and its value; (None, None) where no goal can have it."""
        return goal_scope({name: getattr(self, name) for name in _DIMENSIONS})

    def sentence(self) -> str:
        """Say in words what is shown."""
        parts = [f"Showing {self.period_words}, as of the end of {day(self.as_of)}"]
        for name in _DIMENSIONS:
            chosen = getattr(self, name)
            if chosen:
                shown = [value or f"no {_WORDS.get(name, name)}" for value in chosen]
                parts.append(
                    _custom_words(chosen) if name == "custom" else f"{_WORDS.get(name, name)} {' or '.join(shown)}"
                )
        if self.compared is not None:
            parts.append(f"beside {self.compared.period} as of {day(self.compared.as_of)}")
        return ", ".join(parts) + "."


@dataclass(frozen=True)
class Company:
    """What the warehouse says of itself and of the company's settings."""

    newest_date: date
    history_from: date | None
    first_date: date | None
    numbers: NumberFormat
    win_rate_basis: str
    sourced_test: str
    coverage_basis: str
    flag_under: int
    unranked_under: int

    def way(self, subject: str) -> str:
        """Return the definition in force of a number that may be counted in several ways (`base.definitions`)."""
        return {"win_rate": self.win_rate_basis, "sourced": self.sourced_test, "coverage": self.coverage_basis}[subject]


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
        sourced_test=row["sourced_test"],
        coverage_basis=row["coverage_basis"],
        flag_under=row["flag_under"],
        unranked_under=row["unranked_under"],
    )


def company_if_any() -> Company | None:
    """Return what is known of the company's data; None where nothing was imported, or it cannot be read (the frame says so)."""
    try:
        return company() if read_pointer() is not None else None
    except SamePageError:
        return None


def draw_filters(about: Company) -> Filters:
    """Draw the shared filters and return what is chosen. Called once a run, before the page.

    Every widget keeps its value in the address, so that a link shows what its sender saw.
    """
    # The oldest record may be dated after the newest change, as a deal that is only known to be due is.
    first, last = min(about.first_date or about.newest_date, about.newest_date), about.newest_date + timedelta(days=366)
    notes = misread_day("as_of", first, last, about.newest_date)
    as_of = st.date_input(
        "As of the end of",
        value=about.newest_date,
        min_value=first,
        max_value=last,
        key="as_of",
        bind="query-params",
        help="The numbers are as they stood at the end of this day. The newest day that the data knows, unless you say.",
    )
    as_of = as_of if isinstance(as_of, date) else about.newest_date
    options = computed_without_goals(period_options, first=about.first_date or as_of, as_of=as_of)
    notes += misread_values("period", options)
    period = st.selectbox(
        "Period",
        options,
        key="period",
        bind="query-params",
        help="The company's fiscal periods; which days it is stands above the page",
    )
    start, end, name = computed_without_goals(bounds, option=period or _RELATIVE[0], as_of=as_of)
    against = st.selectbox(
        "Compare with",
        _COMPARE,
        key="compare",
        bind="query-params",
        help="The same question of another period, seen as many days before (or after) its end",
    )
    choices = filter_choices()
    values: dict[str, Any] = {dimension: _values(dimension, choices, notes) for dimension in _SHOWN_FIRST}
    values |= _further_values(choices, notes)
    filters = Filters(as_of, name, start, end, **values)
    filters = replace(filters, compared=_compared(filters, against or _COMPARE[0]))
    return replace(filters, notes=_kept(filters, tuple(notes)))


def _further_values(choices: Choices, notes: list[str]) -> dict[str, tuple[str, ...] | None]:
    """Draw the filters that are less often used, those of kept custom fields last; return what is chosen."""
    fields = [name for name in choices if name.startswith(_CUSTOM)]
    with st.expander("More filters"):
        values = {name: _values(name, choices, notes) for name in ("team", *_OF_DEALS)}
        custom = [
            f"{field[len(_CUSTOM) :]}: {value}" for field in fields for value in _values(field, choices, notes) or ()
        ]
    return {**values, "custom": tuple(custom) or None}


def _compared(filters: Filters, against: str) -> Filters | None:
    """Return the same filters for the period to compare with, as many days before its end; None where there is none."""
    if against == _COMPARE[0] or filters.period_start is None or filters.period_end is None:
        return None
    periods = ask("fiscal_periods")
    months = periods.filter(pl.col("kind") == "month").sort("period_start")["period_start"].to_list()
    if filters.period_start not in months or filters.period_end not in months:
        return None
    first, after = months.index(filters.period_start), months.index(filters.period_end)
    back = after - first if against == _COMPARE[1] else 12
    if first < back:
        return None
    start, end = months[first - back], months[after - back]
    named = periods.filter((pl.col("period_start") == start) & (pl.col("period_end") == end))["period"].to_list()
    return replace(
        filters,
        as_of=max(end - (filters.period_end - filters.as_of), start),
        period=named[0] if named else f"{day(start)} to {day(end - timedelta(days=1))}",
        period_start=start,
        period_end=end,
    )


def _custom_words(chosen: tuple[str, ...]) -> str:
    """Return choices of kept custom fields in words, field by field."""
    by_field: dict[str, list[str]] = {}
    for choice in chosen:
        field, value = choice.split(": ", 1)
        by_field.setdefault(field, []).append(value or f"no {field}")
    return ", ".join(f"{field} {' or '.join(values)}" for field, values in by_field.items())


def _kept(filters: Filters, notes: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to say of these filters, also when they are drawn again: the address forgets at once."""
    if notes:
        st.session_state[_NOTES] = (filters, notes)
    of, said = st.session_state.get(_NOTES, (None, ()))
    return said if of == filters else ()


def _values(dimension: str, choices: Choices, notes: list[str]) -> tuple[str, ...] | None:
    """Return the chosen values of a filter; None where none is chosen, or all are: that is no filter."""
    values = choices.get(dimension, [])
    options = [BLANK if value is None else value for value in values]
    notes += misread_values(dimension, options)
    label = _WORDS.get(dimension, dimension.removeprefix(_CUSTOM))
    chosen = st.multiselect(
        label[:1].upper() + label[1:],
        options,
        key=dimension,
        bind="query-params",
        placeholder="All",
        disabled=not options,
    )
    if not chosen or set(chosen) == set(options):
        return None
    if set(options) - set(chosen) == {BLANK}:
        notes.append(
            f"All but {BLANK} is chosen in {label}: that leaves out the records that name no {label}, and no goal "
            f"is for that. Choose {BLANK}, too, or none, for everything."
        )
    return tuple("" if value == BLANK else value for value in chosen)


def period_options(ask_of: Ask, first: date, as_of: date) -> list[str]:
    """Return the periods to choose from: those that stand to today first, then every quarter, year and month with data."""
    periods = ask_of("fiscal_periods")
    named = periods.filter((pl.col("period_end") > first) & (pl.col("period_start") <= as_of + timedelta(days=366)))
    listed = [
        named.filter(pl.col("kind") == kind).sort("period_start", descending=True)["period"].to_list()
        for kind in ("quarter", "year", "month")
    ]
    return [*_RELATIVE, *(period for kind in listed for period in kind)]


def bounds(ask_of: Ask, option: str, as_of: date) -> tuple[date | None, date | None, str]:
    """Return a period's first day, the day after its last, and its name."""
    periods = ask_of("fiscal_periods")
    if option == ALL_TIME:
        return None, None, ALL_TIME
    if option not in _RELATIVE:
        try:
            start, end = period_bounds(option)
        except QueryError:
            return bounds(ask_of, _RELATIVE[0], as_of)
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
