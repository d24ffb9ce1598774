"""The Kaplan-Meier curve against lifelines, and by hand."""

import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimators import HEADERS, EstimatorError, kaplan_meier
from tests.conftest import Ask

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter


def frame(durations: list[int], events: list[bool], value: str | None = "x") -> pl.DataFrame:
    """Return leads as `lead_survival` counts them."""
    return (
        pl.DataFrame({"day": durations, "event": events})
        .group_by("day")
        .agg(
            pl.col("event").sum().cast(pl.Int64).alias("won"), (~pl.col("event")).sum().cast(pl.Int64).alias("censored")
        )
        .with_columns(dimension_value=pl.lit(value, dtype=pl.String))
    )


@given(
    leads=st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=120),
)
@settings(max_examples=60, deadline=None)
def test_it_is_what_lifelines_says(leads: list[tuple[int, bool]]) -> None:
    durations, events = [day for day, _ in leads], [won for _, won in leads]
    curve = kaplan_meier(frame(durations, events))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = KaplanMeierFitter().fit(durations, events)
        expected = 1 - fitted.survival_function_at_times(curve["day"].to_numpy()).to_numpy()
        bounds = 1 - fitted.confidence_interval_survival_function_.loc[curve["day"].to_numpy()].to_numpy()
    assert curve["rate"].to_numpy() == pytest.approx(expected, abs=1e-9)
    inside = (curve["rate"] > 0).to_numpy() & (curve["rate"] < 1).to_numpy()
    assert curve["low"].to_numpy()[inside] == pytest.approx(bounds[inside, 1], abs=1e-9)
    assert curve["high"].to_numpy()[inside] == pytest.approx(bounds[inside, 0], abs=1e-9)
    assert curve["low"].is_null().to_numpy()[~inside].all()


def test_by_hand() -> None:
    # Four leads: won on day 2, censored on day 3, won on day 5, censored on day 9.
    curve = kaplan_meier(frame([2, 3, 5, 9], [True, False, True, False]))
    assert curve.select("day", "at_risk", "won").rows() == [(0, 4, 0), (2, 4, 1), (5, 2, 1)]
    assert curve["rate"].to_list() == pytest.approx([0, 1 / 4, 1 - 3 / 4 * 1 / 2])


def test_groups_do_not_mix() -> None:
    both = pl.concat([frame([1, 2], [True, False], "a"), frame([1, 2], [False, False], None)])
    curve = kaplan_meier(both)
    assert curve.filter(pl.col("dimension_value") == "a")["rate"].to_list() == [0.0, 0.5]
    assert curve.filter(pl.col("dimension_value").is_null())["rate"].to_list() == [0.0]


def test_without_censoring_it_is_the_plain_share() -> None:
    rng = np.random.default_rng(5)
    days = rng.integers(0, 30, 500)
    curve = kaplan_meier(frame(days.tolist(), [True] * 500))
    shares = [float((days <= day).mean()) for day in curve["day"]]
    assert curve["rate"].to_list() == pytest.approx(shares)


def test_nothing_gives_nothing() -> None:
    empty = pl.DataFrame(schema={"dimension_value": pl.String, "day": pl.Int64, "won": pl.Int64, "censored": pl.Int64})
    assert kaplan_meier(empty).is_empty()
    assert kaplan_meier(empty).columns == list(HEADERS["kaplan_meier"].columns)


def test_what_cannot_be_used_is_said() -> None:
    good = frame([1], [True])
    with pytest.raises(EstimatorError, match="'won' is missing"):
        kaplan_meier(good.drop("won"))
    with pytest.raises(EstimatorError, match="'day' holds a negative value"):
        kaplan_meier(good.with_columns(day=pl.lit(-1)))


def test_the_curve_of_the_hand_worked_company(golden: Ask) -> None:
    # Eight leads; six are watched for less than 44 days. L7 is won of two at risk, then L1 of one.
    curve = kaplan_meier(golden("lead_survival"))
    assert curve.select("day", "at_risk", "rate").rows() == [(0, 8, 0.0), (44, 2, 0.5), (49, 1, 1.0)]


def test_the_header_is_true() -> None:
    header = HEADERS["kaplan_meier"]
    assert list(header.columns) == kaplan_meier(frame([1, 2], [True, False])).columns
    assert header.inputs == ("lead_survival",)
