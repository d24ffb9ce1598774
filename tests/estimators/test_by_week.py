"""Weeks of daily numbers: worked out by hand."""

from datetime import date

import polars as pl

from estimators import by_week, last_week_end

DAYS = pl.DataFrame(
    [
        ("calls", date(2026, 11, 3), 9.0, None),  # a Tuesday: its week is not whole
        ("calls", date(2026, 11, 9), 1.0, None),
        ("calls", date(2026, 11, 15), 2.0, None),
        ("calls", date(2026, 11, 16), 4.0, None),
        ("calls", date(2026, 11, 23), 100.0, None),  # a week that is not over
        ("rate", date(2026, 11, 9), 1.0, 2.0),
        ("rate", date(2026, 11, 10), 1.0, 6.0),
        ("rate", date(2026, 11, 22), 0.0, 0.0),
        ("open", date(2026, 11, 9), 5.0, None),
        ("open", date(2026, 11, 14), 7.0, None),
        ("open", date(2026, 11, 16), 3.0, None),
    ],
    schema={"metric": pl.String, "day": pl.Date, "value": pl.Float64, "weight": pl.Float64},
    orient="row",
)
OVER = {"calls": "sum", "rate": "ratio", "open": "last"}


def test_weeks_are_added_divided_or_the_last() -> None:
    found = by_week(DAYS, OVER, date(2026, 11, 24))
    assert found.rows() == [
        ("calls", date(2026, 11, 9), 3.0),
        ("calls", date(2026, 11, 16), 4.0),
        ("open", date(2026, 11, 9), 7.0),
        ("open", date(2026, 11, 16), 3.0),
        ("rate", date(2026, 11, 9), 0.25),
        ("rate", date(2026, 11, 16), None),
    ]


def test_weeks_may_begin_on_sundays() -> None:
    found = by_week(DAYS, {"calls": "sum"}, date(2026, 11, 24), week_start=7)
    assert found.rows() == [("calls", date(2026, 11, 8), 1.0), ("calls", date(2026, 11, 15), 6.0)]
    assert last_week_end(date(2026, 11, 24), 7) == date(2026, 11, 21)
    assert last_week_end(date(2026, 11, 22), 1) == date(2026, 11, 22)


def test_nothing_known_is_no_week() -> None:
    assert by_week(DAYS.clear(), OVER, date(2026, 11, 24)).is_empty()
