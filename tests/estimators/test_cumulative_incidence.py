"""The Aalen-Johansen curves against lifelines, against Kaplan-Meier, and by hand."""

import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimators import HEADERS, EstimatorError, cumulative_incidence, kaplan_meier

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import AalenJohansenFitter


def frame(days: list[int], ends: list[int], value: str | None = "x") -> pl.DataFrame:
    """Return leads as `lead_ends` counts them; an end of 0 is none, 1 a win, 2 a loss."""
    end = pl.col("end")
    return (
        pl.DataFrame({"day": days, "end": ends}, schema={"day": pl.Int64, "end": pl.Int64})
        .group_by("day")
        .agg(won=(end == 1).sum().cast(pl.Int64), lost=(end == 2).sum().cast(pl.Int64), censored=(end == 0).sum())
        .with_columns(dimension_value=pl.lit(value, dtype=pl.String))
    )


@given(
    ends=st.lists(st.integers(0, 2), min_size=3, max_size=60).filter(lambda ends: 1 in ends), seed=st.integers(0, 99)
)
@settings(max_examples=50, deadline=None)
def test_it_is_what_lifelines_says(ends: list[int], seed: int) -> None:
    # lifelines moves tied days by chance, so no two leads end on one day here.
    days = np.random.default_rng(seed).permutation(200)[: len(ends)] + 1
    curve = cumulative_incidence(frame(days.tolist(), ends)).filter(pl.col("day") > 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = AalenJohansenFitter().fit(days, np.array(ends), event_of_interest=1)
        expected = fitted.cumulative_density_.iloc[:, 0].loc[curve["day"].to_numpy()].to_numpy()
        bounds = fitted.confidence_interval_.loc[curve["day"].to_numpy()].to_numpy()
    assert curve["won_rate"].to_numpy() == pytest.approx(expected, abs=1e-9)
    inside = ((curve["won_rate"] > 0) & (curve["won_rate"] < 1 - 1e-12) & (curve["open_rate"] > 1e-12)).to_numpy()
    assert curve["low"].to_numpy()[inside] == pytest.approx(bounds[inside].min(axis=1), abs=1e-9)
    assert curve["high"].to_numpy()[inside] == pytest.approx(bounds[inside].max(axis=1), abs=1e-9)


def test_by_hand() -> None:
    # Five leads: lost on day 1, won on day 2, watched to day 3, won on day 4, lost on day 4.
    curve = cumulative_incidence(frame([1, 2, 3, 4, 4], [2, 1, 0, 1, 2]))
    assert curve.select("day", "at_risk", "won", "lost").rows() == [
        (0, 5, 0, 0),
        (1, 5, 0, 1),
        (2, 4, 1, 0),
        (4, 2, 1, 1),
    ]
    assert curve["won_rate"].to_list() == pytest.approx([0, 0, 0.8 / 4, 0.2 + 0.6 / 2])
    assert curve["lost_rate"].to_list() == pytest.approx([0, 0.2, 0.2, 0.2 + 0.6 / 2])
    assert curve["open_rate"].to_list() == pytest.approx([1, 0.8, 0.6, 0])


@given(leads=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2)), min_size=1, max_size=100))
@settings(max_examples=40, deadline=None)
def test_won_lost_and_open_are_all(leads: list[tuple[int, int]]) -> None:
    curve = cumulative_incidence(frame([day for day, _ in leads], [end for _, end in leads]))
    assert (curve["won_rate"] + curve["lost_rate"] + curve["open_rate"]).to_list() == pytest.approx(
        [1.0] * curve.height
    )


def test_without_losses_it_is_kaplan_meier() -> None:
    rng = np.random.default_rng(4)
    leads = frame(rng.integers(0, 50, 300).tolist(), rng.integers(0, 2, 300).tolist())
    assert cumulative_incidence(leads)["won_rate"].to_list() == pytest.approx(kaplan_meier(leads)["rate"].to_list())


@pytest.mark.parametrize("count", [3, 7, 49])
def test_at_all_won_there_is_no_interval(count: int) -> None:
    curve = cumulative_incidence(frame(list(range(1, count + 1)), [1] * count))
    last = curve.row(-1, named=True)
    assert last["won_rate"] == pytest.approx(1)
    assert (last["low"], last["high"]) == (None, None)
    assert curve["low"][1:-1].null_count() == 0


def test_edges() -> None:
    nothing = frame([], [])
    assert cumulative_incidence(nothing).columns == list(HEADERS["cumulative_incidence"].columns)
    both = pl.concat([frame([1, 2], [1, 2], "a"), frame([1], [0], None)])
    assert cumulative_incidence(both).filter(pl.col("dimension_value").is_null())["won_rate"].to_list() == [0.0]
    with pytest.raises(EstimatorError, match="'lost' is missing"):
        cumulative_incidence(frame([1], [1]).drop("lost"))
