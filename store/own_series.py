"""Numbers that no CRM keeps (web visits, posts, traffic of a channel): typed in, or read from a file of date, name, value."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import Engine, select

from store.errors import StoreError
from store.kpi_models import OwnSeries, OwnSeriesValue
from store.writing import hold, now, reading, writing

OWN = "own:"
UNITS = ("count", "money", "share", "days")
DIRECTIONS = ("higher", "lower", "none")
LONGEST_NAME = 80
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Series:
    """A team's own number with its values by day; `metric` is the name by which it is picked."""

    id: str
    name: str
    team: str
    unit: str
    direction: str
    text: str
    values: tuple[tuple[date, Decimal], ...] = ()

    @property
    def metric(self) -> str:
        """The name by which it is picked."""
        return f"{OWN}{self.id}"

    @property
    def over(self) -> str:
        """How days become weeks: counts and amounts add up; shares and days are averaged."""
        return "sum" if self.unit in ("count", "money") else "ratio"


@dataclass(frozen=True)
class BadLine:
    """A line of a file that could not be read, and why."""

    line: int
    reason: str


def own_series(engine: Engine) -> Sequence[Series]:
    """Return the teams' own series by name, each with its values, the oldest first."""
    with reading(engine, "The own series") as session:
        rows = session.scalars(select(OwnSeries).where(OwnSeries.deleted_at.is_(None)).order_by(OwnSeries.name)).all()
        values: dict[str, list[tuple[date, Decimal]]] = {row.id: [] for row in rows}
        for found in session.scalars(
            select(OwnSeriesValue).where(OwnSeriesValue.deleted_at.is_(None)).order_by(OwnSeriesValue.day)
        ):
            if found.series_id in values:
                values[found.series_id].append((found.day, found.value))
        return [
            Series(row.id, row.name, row.team, row.unit, row.direction, row.text, tuple(values[row.id])) for row in rows
        ]


def add_series(engine: Engine, series: Series, by: str) -> str:
    """Keep a new series and return its id.

    Raises
    ------
    StoreError
        It has no name, a name that is there already, or a unit or direction that there is not.
    """
    name = series.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise StoreError("That series cannot be kept", f"Give it a name of up to {LONGEST_NAME} characters.")
    if series.unit not in UNITS or series.direction not in DIRECTIONS:
        raise StoreError("That series cannot be kept", f"A unit is one of {', '.join(UNITS)}.")
    with writing(engine, by, "The series") as session:
        hold(session, OwnSeries)
        for other in session.scalars(select(OwnSeries.name).where(OwnSeries.deleted_at.is_(None))):
            if other.casefold() == name.casefold():
                raise StoreError("That series is there already", f"'{other}' has this name; add values to it.")
        row = OwnSeries(
            name=name, team=series.team, unit=series.unit, direction=series.direction, text=series.text.strip()
        )
        session.add(row)
        session.flush()
        return row.id


def set_values(
    engine: Engine, series_id: str, values: Mapping[date, Decimal] | Mapping[date, Decimal | None], by: str
) -> int:
    """Set the values of days, or take them back (None); return how many changed.

    Raises
    ------
    StoreError
        The series is not there.
    """
    changed = 0
    with writing(engine, by, "The values") as session:
        hold(session, OwnSeriesValue)
        series = session.get(OwnSeries, series_id)
        if series is None or series.deleted_at is not None:
            raise StoreError("These values cannot be kept", "The series is no longer there.")
        standing = {
            row.day: row
            for row in session.scalars(
                select(OwnSeriesValue).where(OwnSeriesValue.series_id == series_id, OwnSeriesValue.deleted_at.is_(None))
            )
        }
        for at, value in values.items():
            row = standing.get(at)
            if value is None:
                if row is not None:
                    row.deleted_at, row.deleted_by = now(), session.info["by"]
                    changed += 1
            elif row is None:
                session.add(OwnSeriesValue(series_id=series_id, day=at, value=value))
                changed += 1
            elif row.value != value:
                row.value = value
                changed += 1
    return changed


def keep_file(engine: Engine, values: Mapping[str, Mapping[date, Decimal]], team: str, by: str) -> None:
    """Keep what `read_values` read: a name that is not there yet becomes a series that counts.

    Raises
    ------
    StoreError
        A name or a value cannot be kept.
    """
    there = {series.name.casefold(): series.id for series in own_series(engine)}
    for name, found in values.items():
        known = there.get(name.casefold())
        set_values(engine, known or add_series(engine, Series("", name, team, "count", "higher", ""), by), found, by)


def drop_series(engine: Engine, series_id: str, by: str) -> None:
    """Take a series away; its values stay with it in the list of changes."""
    with writing(engine, by, "The series") as session:
        row = session.get(OwnSeries, series_id)
        if row is None or row.deleted_at is not None:
            raise StoreError("It is no longer there", "Somebody took the series away already.")
        row.deleted_at, row.deleted_by = now(), session.info["by"]


def read_values(content: bytes) -> tuple[dict[str, dict[date, Decimal]], list[BadLine]]:
    """Read a CSV of date, name and value, and return values by name and day, and the lines that could not be read.

    The first line names the columns, in any order; commas, semicolons or tabs part them. Dates are ISO (2026-11-16); the
    decimal sign is a point, or a comma where semicolons or tabs part the columns. A later line of the same day and name
    wins over an earlier one, and the earlier one is told.

    Raises
    ------
    StoreError
        It is no text in UTF-8, too long, or its first line does not name the three columns.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StoreError("That file cannot be read", "It is no text in UTF-8; save it as CSV UTF-8.") from error
    first = text.split("\n", 1)[0]
    part = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=part))
    if len(rows) > MOST_ROWS:
        raise StoreError("That file is too long", f"It has {len(rows)} lines; the most are {MOST_ROWS}.")
    heads = [head.strip().casefold() for head in rows[0]] if rows else []
    if not {"date", "name", "value"} <= set(heads):
        raise StoreError("That file cannot be read", "Its first line should name the columns date, name and value.")
    places = {name: heads.index(name) for name in ("date", "name", "value")}
    values: dict[str, dict[date, Decimal]] = {}
    lines: dict[tuple[str, date], int] = {}
    bad: list[BadLine] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(places.values()):
            bad.append(BadLine(number, "it has too few columns"))
            continue
        name, at_text, value_text = (row[places[column]].strip() for column in ("name", "date", "value"))
        try:
            at = date.fromisoformat(at_text)
        except ValueError:
            bad.append(BadLine(number, f"'{at_text}' is no day like 2026-11-16"))
            continue
        try:
            value = Decimal(value_text.replace(" ", "").replace(",", "." if part != "," else ","))
        except InvalidOperation:
            bad.append(BadLine(number, f"'{value_text}' is no number like 1234.5"))
            continue
        if not name or len(name) > LONGEST_NAME or not value.is_finite() or abs(value) >= Decimal(10) ** 14:
            bad.append(BadLine(number, "it names no series" if not name else f"'{value_text}' or the name is too long"))
            continue
        if (name, at) in lines:
            bad.append(BadLine(lines[name, at], f"line {number} names the same day and series again, and was taken"))
        lines[name, at] = number
        values.setdefault(name, {})[at] = value
    return values, bad
