"""How dates, amounts, numbers, booleans and periods are read: by whole columns."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dates import date_sql, profile_column, settle_order
from ingest.errors import IngestError
from ingest.values import MONEY, bool_sql, mapped, number_sql, period_sql, trimmed

ZONE = "America/New_York"


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """Return a connection whose zone is UTC, as an import's is."""
    opened = duckdb.connect()
    opened.execute("set TimeZone = 'UTC'")
    return opened


def column(connection: duckdb.DuckDBPyConnection, values: list[str | None]) -> None:
    """Put values where the readers look for them."""
    connection.execute("create or replace temp table x (n integer, v varchar)")
    connection.executemany("insert into x values (?, ?)", [[n, value] for n, value in enumerate(values)])


def dates(
    connection: duckdb.DuckDBPyConnection, values: list[str | None], given: str | None = None, zone: str = "UTC"
) -> list[tuple[Any, Any, Any]]:
    """Return the moment in UTC, the day in New York, and whether it is a day only."""
    column(connection, values)
    profile = profile_column(connection, "x", "v", "Close Date")
    sql = date_sql(profile, "v", settle_order([profile], given, "some.csv"), zone, ZONE)
    return connection.execute(f"select {sql.at}, {sql.day}, {sql.is_day} from x order by n").fetchall()


def days(
    connection: duckdb.DuckDBPyConnection, values: list[str | None], given: str | None = None
) -> list[date | None]:
    """Return the days alone."""
    return [day for _, day, _ in dates(connection, values, given)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2026-11-16", None], [date(2026, 11, 16), None]),
        (["2026-11-16 00:00:00"], [date(2026, 11, 16)]),
        (["2026-11-16T00:00:00.000Z"], [date(2026, 11, 16)]),
        (["20261116"], [date(2026, 11, 16)]),
        (["2026/11/16", "2026/1/5"], [date(2026, 11, 16), date(2026, 1, 5)]),
        (["16/11/2026", "05/01/2026"], [date(2026, 11, 16), date(2026, 1, 5)]),
        (["11/16/2026", "1/5/2026"], [date(2026, 11, 16), date(2026, 1, 5)]),
        (["11/16/26", "1/5/26"], [date(2026, 11, 16), date(2026, 1, 5)]),
        (["5.1.2026"], [date(2026, 1, 5)]),
        (["15 Apr, 2021 00:02:00"], [date(2021, 4, 14)]),  # two minutes past midnight UTC is the day before there
        (["Apr 15, 2021", "December 5, 2021"], [date(2021, 4, 15), date(2021, 12, 5)]),
        (["5-Apr-21", "15-Apr-21"], [date(2021, 4, 5), date(2021, 4, 15)]),
        (["1/18/2021 0:00", "1/21/2021 0:00"], [date(2021, 1, 18), date(2021, 1, 21)]),
        (["2026-02-30", "2026-02-28"], [None, date(2026, 2, 28)]),
        (["soon", "2026-02-28"], [None, date(2026, 2, 28)]),
    ],
)
def test_days(connection: duckdb.DuckDBPyConnection, values: list[str | None], expected: list[date | None]) -> None:
    assert days(connection, values) == expected


def test_years_of_two_digits_are_of_this_time_beside_years_of_four(connection: duckdb.DuckDBPyConnection) -> None:
    found = days(connection, ["31/12/2026", "30/11/2026", "29/10/26"])
    assert found == [date(2026, 12, 31), date(2026, 11, 30), date(2026, 10, 29)]


def test_a_year_that_cannot_be_is_no_date(connection: duckdb.DuckDBPyConnection) -> None:
    assert days(connection, ["0026-06-30", "2026-06-30", "20226-01-01"]) == [None, date(2026, 6, 30), None]


def test_a_zone_is_applied_and_not_dropped(connection: duckdb.DuckDBPyConnection) -> None:
    found = dates(connection, ["2026-11-16T08:30:00+02:00", "2026-01-01T03:00:00.000Z", "2026-07-01T12:00:00-0400"])
    assert found[0] == (datetime(2026, 11, 16, 6, 30), date(2026, 11, 16), False)
    assert found[1] == (datetime(2026, 1, 1, 3, 0), date(2025, 12, 31), False)


def test_moments_without_a_zone_are_in_the_definitions_zone(connection: duckdb.DuckDBPyConnection) -> None:
    assert dates(connection, ["2026-07-01 22:30:00"], zone=ZONE)[0] == (
        datetime(2026, 7, 2, 2, 30),
        date(2026, 7, 1),
        False,
    )
    assert dates(connection, ["02/23/26 08:55 PM", "02/24/26 02:18 AM"])[0][0] == datetime(2026, 2, 23, 20, 55)


def test_a_date_that_could_be_either_is_asked_about(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(IngestError, match=r"some\.csv, column 'Close Date': '1/2/2021' may be"):
        days(connection, ["1/2/2021", "3/4/2021"])
    assert days(connection, ["1/2/2021"], "dmy") == [date(2021, 2, 1)]
    assert days(connection, ["1/2/2021"], "mdy") == [date(2021, 1, 2)]


def test_one_column_tells_for_the_whole_file(connection: duckdb.DuckDBPyConnection) -> None:
    column(connection, ["1/2/2021"])
    unknown = profile_column(connection, "x", "v", "Created")
    column(connection, ["1/25/2021"])
    told = profile_column(connection, "x", "v", "Closed")
    assert settle_order([unknown, told], None, "some.csv") == "mdy"
    column(connection, ["25/1/2021"])
    other = profile_column(connection, "x", "v", "Modified")
    with pytest.raises(IngestError, match="in two ways"):
        settle_order([told, other], None, "some.csv")


@given(
    moments=st.lists(
        st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2049, 12, 31)), min_size=1, max_size=8
    ),
    pattern=st.sampled_from(
        [
            "%Y-%m-%d",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M",
            "%Y%m%d",
            "%d/%m/%Y",
            "%m/%d/%Y",
            "%d.%m.%Y %H:%M",
            "%m/%d/%Y %I:%M %p",
        ]
    ),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_in_a_known_way_is_read_back(moments: list[datetime], pattern: str) -> None:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    texts = [moment.strftime(pattern) for moment in moments]
    order = "dmy" if pattern.startswith("%d") else "mdy"
    found = dates(connection, list(texts), order, zone=ZONE)
    assert [day for _, day, _ in found] == [datetime.strptime(text, pattern).date() for text in texts]


def amounts(connection: duckdb.DuckDBPyConnection, values: list[str], *, comma: bool = False) -> list[Decimal | None]:
    """Return a column of amounts."""
    column(connection, list(values))
    sql = number_sql(connection, "x", "v", MONEY, prefers_comma=comma)
    return [row[0] for row in connection.execute(f"select {sql} from x order by n").fetchall()]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2.5", "-3"], ["1", "2.5", "-3"]),
        (["$200,000 ", "$1,117.10K", "$1.5M"], ["200000", "1117100", "1500000"]),
        (["(1,234.00)", "-$5.25", "$-5.25"], ["-1234", "-5.25", "-5.25"]),
        (["€ 12", "12 €", "USD 1,000.50", "1,000.50 USD"], ["12", "12", "1000.50", "1000.50"]),
        (["1.234,50 €", "12,5"], ["1234.50", "12.5"]),
        (["1 234,56", "2\u00a0000,00", "3\u202f000,5"], ["1234.56", "2000", "3000.5"]),
        (["1'234.50"], ["1234.50"]),
        (["1,234", "1,000,000"], ["1234", "1000000"]),
        (["R$ 1.000,00", "R$ 5,00"], ["1000", "5"]),
        (["n/a", "7"], [None, "7"]),
        # Written in another way than the column: named, not misread.
        (["1,234.50", "99.5", "1.234,56"], ["1234.50", "99.5", None]),
        (["1,2,3", "12,34.5", "1,000.5"], [None, None, "1000.5"]),
        (["1,00,000.00"], ["100000"]),
        (["$1e3", "1.5"], ["1000", "1.5"]),
        (["$9999999999999999999999", "$5"], [None, "5"]),
    ],
)
def test_amounts(connection: duckdb.DuckDBPyConnection, values: list[str], expected: list[str | None]) -> None:
    assert amounts(connection, values) == [None if item is None else Decimal(item) for item in expected]


def test_an_amount_that_could_be_either_follows_the_company(connection: duckdb.DuckDBPyConnection) -> None:
    assert amounts(connection, ["€1.234"], comma=True) == [Decimal(1234)]
    assert amounts(connection, ["€1,234"], comma=False) == [Decimal(1234)]
    assert amounts(connection, ["12.500", "3.000"], comma=True) == [Decimal(12500), Decimal(3000)]
    assert amounts(connection, ["12.500", "3.000"], comma=False) == [Decimal("12.5"), Decimal(3)]


@pytest.mark.parametrize("telling", ["0.125", "1234.500", "99.5"])
def test_a_value_that_has_decimals_for_sure_tells_for_its_column(
    connection: duckdb.DuckDBPyConnection, telling: str
) -> None:
    assert amounts(connection, ["12.500", telling], comma=True) == [
        Decimal("12.5"),
        Decimal(telling).quantize(Decimal("0.01"), ROUND_HALF_UP),
    ]


@given(
    values=st.lists(st.decimals(-(10**9), 10**9, places=2, allow_nan=False), min_size=1, max_size=8),
    style=st.sampled_from(["{:.2f}", "${:,.2f}", "{:,.2f} USD"]),
    comma=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_amount_is_written_is_read_back(values: list[Decimal], style: str, comma: bool) -> None:
    connection = duckdb.connect()
    texts = [style.format(value) for value in values]
    if comma:
        texts = [text.translate(str.maketrans(",.", ".,")) for text in texts]
    assert amounts(connection, texts, comma=comma) == values


@pytest.mark.parametrize(
    ("text", "expected"), [("TRUE", True), ("0", False), ("ja", True), ("não", False), ("maybe", None)]
)
def test_booleans(connection: duckdb.DuckDBPyConnection, text: str, *, expected: bool | None) -> None:
    column(connection, [text])
    assert connection.execute(f"select {bool_sql('v')} from x").fetchall() == [(expected,)]


def test_blanks_and_a_crms_words_for_them_are_null(connection: duckdb.DuckDBPyConnection) -> None:
    column(connection, ["  \u00a0a b\t", "", "   ", "000000000000000AAA"])
    sql = trimmed("v", ("000000000000000AAA",))
    assert [row[0] for row in connection.execute(f"select {sql} from x order by n").fetchall()] == [
        "a b",
        None,
        None,
        None,
    ]


def test_value_maps_match_in_any_case(connection: duckdb.DuckDBPyConnection) -> None:
    column(connection, ["GTXPRO", "gtx pro", None, "other"])
    kept = mapped("v", {"GTXPro": "GTX Pro"}, None)
    assert [row[0] for row in connection.execute(f"select {kept} from x order by n").fetchall()] == [
        "GTX Pro",
        "gtx pro",
        None,
        "other",
    ]
    rest = mapped("v", {"GTXPro": "GTX Pro"}, "")
    assert [row[0] for row in connection.execute(f"select {rest} from x order by n").fetchall()] == [
        "GTX Pro",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "month", "expected"),
    [
        ("2026-Q4", 1, (date(2026, 10, 1), date(2027, 1, 1))),
        ("2026-Q1", 2, (date(2025, 2, 1), date(2025, 5, 1))),  # the fiscal year 2026 begins in February 2025
        ("2026-11", 2, (date(2026, 11, 1), date(2026, 12, 1))),
        ("2026", 7, (date(2025, 7, 1), date(2026, 7, 1))),
        ("2026-10-01", 1, (date(2026, 10, 1), date(2027, 1, 1))),
        ("someday", 1, (None, None)),
    ],
)
def test_periods(
    connection: duckdb.DuckDBPyConnection, text: str, month: int, expected: tuple[date | None, date | None]
) -> None:
    column(connection, [text])
    start, end = period_sql("v", "try_cast(v as date)", month, dates_are_months=False)
    assert connection.execute(f"select {start}, {end} from x").fetchall() == [expected]
