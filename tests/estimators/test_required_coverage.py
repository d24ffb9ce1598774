"""Required coverage: by hand, and the odds that it promises, kept in periods that it has not seen."""

import numpy as np
import polars as pl
import pytest

from estimators import HEADERS, EstimatorError, required_coverage


def past(*yields: float | None) -> pl.DataFrame:
    """Return past periods."""
    return pl.DataFrame(
        {"yield": yields, "yield_of_due": yields}, schema={"yield": pl.Float64, "yield_of_due": pl.Float64}
    )


def test_by_hand() -> None:
    # Nine yields: the middle one is the fifth; Weibull's 20% point is the second (0.2 x 10).
    row = required_coverage(past(0.5, 0.1, 0.2, 0.3, 0.25, 0.4, 0.35, 0.45, 0.9)).row(0, named=True)
    assert (row["periods"], row["median_yield"], row["low_yield"]) == (9, pytest.approx(0.35), pytest.approx(0.2))
    assert (row["required_even"], row["required_80"]) == pytest.approx((1 / 0.35, 5))
    assert row["reason"] is None


def test_under_four_periods_nothing_is_said() -> None:
    row = required_coverage(past(0.2, 0.3, 0.4, None)).row(0, named=True)
    assert (row["periods"], row["required_even"], row["required_80"]) == (3, None, None)
    assert row["reason"] == "History records 3 past periods with as many days to go; 4 are needed."
    assert required_coverage(past()).row(0, named=True)["reason"].startswith("History records no past period")


def test_no_pipeline_is_enough_where_nothing_was_won() -> None:
    row = required_coverage(past(0.0, 0.0, 0.3, 0.4, 0.5)).row(0, named=True)
    assert (row["required_even"], row["required_80"]) == (pytest.approx(1 / 0.3), None)
    assert row["reason"].startswith("In one of five past periods nothing was won")


@pytest.mark.parametrize("periods", [4, 9, 14])
def test_the_odds_are_kept_in_the_next_period(periods: int) -> None:
    rng = np.random.default_rng(periods)
    even, most, cases = 0, 0, 1500
    for drawn in rng.lognormal(-1.2, 0.4, (cases, periods + 1)):
        row = required_coverage(past(*drawn[:-1])).row(0, named=True)
        even += drawn[-1] * row["required_even"] >= 1
        most += drawn[-1] * row["required_80"] >= 1
    assert even / cases == pytest.approx(0.5, abs=0.04)
    assert most / cases == pytest.approx(0.8, abs=0.03)


def test_by_segment() -> None:
    frame = pl.concat([past(0.2, 0.2, 0.2, 0.2), past(0.5)]).with_columns(dimension_value=pl.Series(["a"] * 4 + [None]))
    found = required_coverage(frame)
    assert found["dimension_value"].to_list() == ["a", None]
    assert found["required_80"].to_list() == [pytest.approx(5), None]
    assert found.columns == list(HEADERS["required_coverage"].columns)


def test_what_cannot_be_used_is_said() -> None:
    with pytest.raises(EstimatorError, match="'yield' holds a negative value"):
        required_coverage(past(-0.1))
