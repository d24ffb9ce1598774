"""The 6-12 view, worked out by hand: 1 a day in 2025, 2 a day in 2026, known until Wednesday 20 May 2026."""

from datetime import date, timedelta

import polars as pl
import pytest

from estimators import HEADERS, EstimatorError, six_twelve, to_date

AS_OF = date(2026, 5, 20)


def daily(first: date = date(2025, 1, 1), last: date = AS_OF) -> pl.DataFrame:
    """Return 1 a day in 2025 and 2 a day in 2026."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return pl.DataFrame({"day": days, "value": [float(day.year - 2024) for day in days]})


def test_weeks_by_hand() -> None:
    weeks = six_twelve(daily(), AS_OF).filter(pl.col("kind") == "week")
    assert weeks["position"].to_list() == [1, 2, 3, 4, 5, 6]
    assert weeks["last_day"].to_list() == [date(2026, 4, 12) + timedelta(weeks=n) for n in range(6)]
    assert weeks.select("value", "prior_year", "change", "is_partial").unique().rows() == [(14.0, 7.0, 1.0, False)]
    friday = six_twelve(daily(), AS_OF, week_ending=5)
    assert friday["last_day"][5] == date(2026, 5, 15)
    assert six_twelve(daily(), AS_OF, week_ending=3)["last_day"][5] == AS_OF
    # The week of New Year: three days at 1, four at 2; fifty-two weeks before, 30 Dec 2024 is not known.
    assert six_twelve(daily(), date(2026, 1, 5)).select("first_day", "value", "prior_year").row(5) == (
        date(2025, 12, 29),
        11.0,
        None,
    )


def test_trailing_months_by_hand() -> None:
    months = six_twelve(daily(), AS_OF).filter(pl.col("kind") == "month")
    assert months["first_day"].to_list()[::11] == [date(2025, 5, 1), date(2026, 4, 1)]
    assert months["value"].to_list() == [31, 30, 31, 31, 30, 31, 30, 31, 62, 56, 62, 60]
    assert months["prior_year"].to_list() == [None] * 8 + [31, 28, 31, 30]
    assert months["change"].to_list() == [None] * 8 + [1.0] * 4
    # On the last day of a month, that month is complete.
    assert six_twelve(daily(), date(2026, 4, 30))["first_day"][17] == date(2026, 4, 1)
    assert six_twelve(daily(), date(2026, 4, 29))["first_day"][17] == date(2026, 3, 1)


def test_fiscal_months_by_hand() -> None:
    months = six_twelve(daily(), AS_OF, months="fiscal", fiscal_year_end=6).filter(pl.col("kind") == "month")
    assert months["first_day"][0] == date(2025, 7, 1)
    assert months["value"].to_list() == [31, 31, 30, 31, 30, 31, 62, 56, 62, 60, 40, None]
    assert months["is_partial"].to_list() == [False] * 10 + [True, False]
    assert months.select("prior_year", "change").row(10) == (31, None)
    # The month to come has no number, and neither has a month of last year that is known.
    assert months.select("value", "prior_year").row(11) == (None, 30)
    assert six_twelve(daily(), AS_OF, months="fiscal")["first_day"][6] == date(2026, 1, 1)
    assert six_twelve(daily(), AS_OF, months="fiscal", fiscal_year_end=5)["first_day"][6] == date(2025, 6, 1)
    assert six_twelve(daily(), AS_OF, months="fiscal", fiscal_year_end=4)["first_day"][6] == date(2026, 5, 1)


def test_to_date_by_hand() -> None:
    found = {row["span"]: row for row in to_date(daily(), AS_OF).iter_rows(named=True)}
    week = found["last week"]
    assert (week["value"], week["week_before"], week["change_on_week"], week["change_on_year"]) == (14, 14, 0, 1)
    spans = {name: (row["first_day"], row["value"], row["prior_year"]) for name, row in found.items()}
    assert spans["month to date"] == (date(2026, 5, 1), 34, 17)
    assert spans["quarter to date"] == (date(2026, 4, 1), 94, 47)
    assert spans["year to date"] == (date(2026, 1, 1), 274, 137)
    february = to_date(daily(), AS_OF, fiscal_year_end=1)
    assert february.select("first_day", "value").rows()[2:] == [(date(2026, 5, 1), 34), (date(2026, 2, 1), 212)]


def test_a_leap_day_ends_where_february_did() -> None:
    days = daily(date(2023, 1, 1), date(2024, 2, 29)).with_columns(value=pl.lit(1.0))
    row = to_date(days, date(2024, 2, 29), week_ending=4).row(1, named=True)
    assert (row["value"], row["prior_year"]) == (29, 28)
    back = to_date(
        daily(date(2024, 1, 1), date(2025, 2, 28)).with_columns(value=pl.lit(1.0)), date(2025, 2, 28), week_ending=5
    )
    assert back["prior_year"][1] == 29


@pytest.mark.parametrize(("aggregation", "expected"), [("sum", 28.0), ("mean", 4.0), ("last", 7.0), ("ratio", 2.0)])
def test_days_are_taken_together(aggregation: str, expected: float) -> None:
    # Monday to Sunday 1 to 7, over weights of 2.
    days = pl.DataFrame(
        {"day": [date(2026, 5, 11) + timedelta(days=n) for n in range(7)], "value": range(1, 8), "weight": 2}
    )
    found = six_twelve(days, AS_OF, aggregation=aggregation)
    assert found["value"][5] == expected
    assert found["value"][4] is None


def test_what_is_not_known_is_no_zero() -> None:
    # Sparse days: nothing is known of the last week but that the number is kept since January.
    sparse = pl.DataFrame({"day": [date(2026, 5, 5), date(2026, 5, 14)], "value": [3.0, None]})
    found = six_twelve(sparse, AS_OF, starts=date(2026, 1, 1))
    assert found["value"].to_list()[3:6] == [None, 3.0, None]
    assert six_twelve(sparse, AS_OF)["value"][4] is None  # the week began before the first known day


def test_a_year_before_of_nothing_is_no_change() -> None:
    days = daily().with_columns(value=pl.when(pl.col("day") < date(2026, 1, 1)).then(0.0).otherwise(2.0))
    row = six_twelve(days, AS_OF).row(5, named=True)
    assert (row["value"], row["prior_year"], row["change"]) == (14, 0, None)


def test_edges() -> None:
    assert six_twelve(daily(), AS_OF).columns == list(HEADERS["six_twelve"].columns)
    assert to_date(daily(), AS_OF).columns == list(HEADERS["to_date"].columns)
    assert six_twelve(daily().head(0), AS_OF)["value"].null_count() == 18
    for wrong, message in (
        ({"aggregation": "median"}, "'median' is no aggregation"),
        ({"months": "lunar"}, "'lunar' is no kind of months"),
        ({"week_ending": 8}, "'8' is no weekday"),
        ({"fiscal_year_end": 0}, "'0' is no month"),
        ({"aggregation": "ratio"}, "'weight' is missing"),
    ):
        with pytest.raises(EstimatorError, match=message):
            six_twelve(daily(), AS_OF, **wrong)  # type: ignore[arg-type]
    with pytest.raises(EstimatorError, match="A day stands twice"):
        six_twelve(pl.concat([daily(), daily()]), AS_OF)
