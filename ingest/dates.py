"""Reading dates and moments: how a whole column writes them, decided over all of it, never row by row.

A column whose days and months could be told either way is not guessed: the rest of the file decides, or the
mapping, or a person.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from ingest.errors import IngestError

_NAMED_MONTH = (
    (r"99? A{3},? 9999", "%d %b{comma} %Y"),
    (r"99? A{4,},? 9999", "%d %B{comma} %Y"),
    (r"99?-A{3}-9999", "%d-%b-%Y"),
    (r"99?-A{3}-99", "%d-%b-%y"),
    (r"A{3} 99?,? 9999", "%b %d{comma} %Y"),
    (r"A{4,} 99?,? 9999", "%B %d{comma} %Y"),
)
_YEAR_FIRST = (
    (r"9999-99?-99?", "%Y-%m-%d"),  # those that ISO does not take, like 2026-1-5
    (r"9999/99?/99?", "%Y/%m/%d"),
    (r"9999\.99?\.99?", "%Y.%m.%d"),
    (r"9{8}", "%Y%m%d"),
)
_YEAR_LAST = re.compile(r"(?P<day>99?(?P<mark>[/.\-])99?(?P=mark)(?P<year>9999|99))")
_CLOCK = (
    (r"", ""),
    (r"99?:99", "%H:%M"),
    (r"99?:99:99", "%H:%M:%S"),
    (r"99?:99:99\.9+", "%H:%M:%S.%f"),
    (r"99?:99 ?AA", "%I:%M{blank}%p"),
    (r"99?:99:99 ?AA", "%I:%M:%S{blank}%p"),
)
# A year beyond these is a slip of the pen (0026, 20226), and is named as one.
FIRST_YEAR, LAST_YEAR = 1900, 2199
_ISO = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]|$)"


@dataclass(frozen=True)
class DateColumn:
    """How one column writes its dates.

    `formats` are the strptime formats of its shapes other than ISO, which is read by a cast. `order` is "dmy" or
    "mdy" where the column itself tells, "unknown" where it could be either, None where it does not matter.
    `is_zoned` says that its moments carry a zone, `is_day` that it holds days, without a time.
    """

    column: str
    has_iso: bool
    formats: tuple[str, ...]
    order: str | None
    is_zoned: bool
    is_day: bool
    sample: str


def profile_column(connection: duckdb.DuckDBPyConnection, table: str, column_sql: str, column: str) -> DateColumn:
    """Return how a column of texts writes its dates, from all of its values.

    Parameters
    ----------
    table
        SQL of a relation with one row per record of the file.
    column_sql
        SQL of the trimmed text (null where blank).
    column
        The column's name, for messages.
    """
    values = f"(select v from (select {column_sql} as v from {table}) where v is not null)"
    filled, iso, zoned, days, midnights, sample = connection.execute(
        f"""
        select
            count(v),
            count(*) filter (regexp_matches(v, $iso)),
            count(*) filter (length(v) > 10 and (
                ends_with(v, 'Z') or contains(v, '+') or contains(substr(v, 12), '-'))),
            count(*) filter (not contains(v, ':')),
            count(*) filter (regexp_matches(v, '[ T]0?0:00(:00)?(\\.0+)?(Z|[+]00:?00)?$')),
            min(v)
        from {values}
        """,
        {"iso": _ISO},
    ).fetchall()[0]
    formats: tuple[str, ...] = ()
    order = None
    if iso < filled:
        formats, order, sample = _profile_shapes(connection, values)
    return DateColumn(
        column,
        has_iso=iso > 0,
        formats=formats,
        order=order,
        is_zoned=iso > 0 and zoned > 0,
        is_day=filled in (days, midnights),
        sample=sample or "",
    )


def _profile_shapes(connection: duckdb.DuckDBPyConnection, values: str) -> tuple[tuple[str, ...], str | None, str]:
    """Return the formats of a column's shapes other than ISO, what it tells of its order, and a sample."""
    shapes = connection.execute(
        f"""
        select
            regexp_replace(regexp_replace(v, '[0-9]', '9', 'g'), '[[:alpha:]]', 'A', 'g') as shape,
            min(v) as sample,
            max(try_cast(regexp_extract(v, '^([0-9]{{1,2}})[/.-]([0-9]{{1,2}})[/.-]', 1) as integer)) as first,
            max(try_cast(regexp_extract(v, '^([0-9]{{1,2}})[/.-]([0-9]{{1,2}})[/.-]', 2) as integer)) as second
        from {values} where not regexp_matches(v, $iso)
        group by shape order by count(*) desc, shape limit 200
        """,
        {"iso": _ISO},
    ).fetchall()
    year_last = [row for row in shapes if _YEAR_LAST.match(row[0])]
    order = None
    if year_last:
        first = max(row[2] for row in year_last)
        second = max(row[3] for row in year_last)
        if any("." in row[0].split(" ")[0] for row in year_last):
            order = "dmy"  # dotted dates put the day first wherever they are used
        elif first > 12 >= second:
            order = "dmy"
        elif second > 12 >= first:
            order = "mdy"
        else:
            order = "unknown"
    found = dict.fromkeys(text for shape, *_ in shapes for text in _formats(shape))
    # Years of two digits first: `%Y` would read 26 as the year 26, `%y` cannot read 2026.
    formats = tuple(sorted(found, key=lambda text: "%y" not in text))
    return formats, order, shapes[0][1]


def _formats(shape: str) -> Iterable[str]:
    """Yield the strptime formats of one shape ("99/99/9999 99:99"); days and months still in {day} order."""
    for clock_shape, clock in _CLOCK:
        for joint_shape, joint in ((" ", " "), ("A", "T"), (", ", ", ")) if clock else (("", ""),):
            tail = joint_shape + clock_shape
            time = joint + clock.format(blank=" " if re.search(r" AA$", shape) else "")
            for date_shape, date in (*_YEAR_FIRST, *_NAMED_MONTH):
                if re.fullmatch(date_shape + tail, shape):
                    yield date.format(comma="," if "," in shape.split(":", maxsplit=1)[0][:-2] else "") + time
            match = re.fullmatch(_YEAR_LAST.pattern + tail, shape)
            if match:
                year = "%Y" if match["year"] == "9999" else "%y"
                mark = match["mark"]
                yield f"{{first}}{mark}{{second}}{mark}{year}{time}"


def settle_order(columns: Iterable[DateColumn], given: str | None, file_name: str) -> str:
    """Return the order of days and months in a file: as given, else as its columns tell.

    Raises
    ------
    IngestError
        A column could be read either way and nothing else in the file decides.
    """
    columns = list(columns)
    if given:
        return given
    told = {column.order for column in columns if column.order in ("dmy", "mdy")}
    if len(told) == 1:
        return told.pop() or "dmy"
    undecided = [column for column in columns if column.order == "unknown"]
    if len(told) > 1:
        names = ", ".join(f"'{column.column}' ({column.order})" for column in columns if column.order)
        raise IngestError(
            "A file writes its dates in two ways",
            f"{file_name}: {names}. Say which order the others have with --date-order dmy or mdy.",
        )
    if undecided:
        column = undecided[0]
        raise IngestError(
            "A date could be read in two ways",
            f"{file_name}, column '{column.column}': '{column.sample}' may be day/month or month/day, and no value "
            "in the file tells. Say it with --date-order dmy or --date-order mdy (or date_order in the mapping).",
        )
    return "dmy"


@dataclass(frozen=True)
class DateSql:
    """SQL for one date column: the moment in UTC, the company's day, and whether it is a day only."""

    at: str
    day: str
    is_day: str


def date_sql(column: DateColumn, text: str, order: str, zone: str, company_zone: str) -> DateSql:
    """Return the SQL that reads a column whose writing is known.

    Parameters
    ----------
    column
        How the column writes dates.
    text
        SQL of the trimmed text.
    order
        "dmy" or "mdy".
    zone
        The zone of moments that name none.
    company_zone
        The zone in which the company's days begin.
    """
    first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
    formats = [item.replace("{first}", first).replace("{second}", second) for item in column.formats]
    listed = ", ".join(f"'{item}'" for item in formats)
    readers = [f"try_cast({text} as timestamp)"] if column.has_iso else []
    readers += [f"try_strptime({text}, [{listed}])"] if formats else []
    # A column with no readable shape reads as nothing; its values are then named as unreadable.
    read = f"coalesce({', '.join(readers)})" if readers else "cast(null as timestamp)"
    stamp = f"case when {read} between timestamp '{FIRST_YEAR}-01-01' and timestamp '{LAST_YEAR}-12-31' then {read} end"
    if column.is_day:
        day = f"cast({stamp} as date)"
        return DateSql(_to_utc(f"cast({day} as timestamp)", company_zone), day, "true")
    is_day = f"not contains({text}, ':')"
    if column.is_zoned:
        # A cast to a plain timestamp would drop an offset; through timestamptz it is applied.
        zoned = f"timezone('UTC', try_cast({text} as timestamptz))"
        has_zone = f"(ends_with({text}, 'Z') or contains({text}, '+') or contains(substr({text}, 12), '-'))"
        at = f"case when {has_zone} then {zoned} else {_to_utc(stamp, zone)} end"
    else:
        at = _to_utc(stamp, zone)
    day = stamp if zone == company_zone and not column.is_zoned else _to_local(at, company_zone)
    at = f"case when {is_day} then {_to_utc(stamp, company_zone)} else {at} end"
    return DateSql(at, f"cast(case when {is_day} then {stamp} else {day} end as date)", is_day)


def _to_utc(stamp: str, zone: str) -> str:
    return stamp if zone == "UTC" else f"timezone('UTC', timezone('{zone}', {stamp}))"


def _to_local(at: str, zone: str) -> str:
    return at if zone == "UTC" else f"timezone('{zone}', timezone('UTC', {at}))"
