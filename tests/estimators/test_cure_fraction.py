"""The share ever won: against lifelines, and where the truth is known."""

import warnings

import numpy as np
import polars as pl
import pytest

from estimators import HEADERS, EstimatorError, cure_fraction, kaplan_meier, wins_to_come
from tests.estimators.worlds import LeadWorld

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import MixtureCureFitter, WeibullFitter

SPANS = pl.DataFrame({"span": ["30 days", "then 60"], "first_day": [1, 31], "last_day": [30, 90]})


def test_it_is_what_lifelines_says() -> None:
    # lifelines takes days as moments; the middle of a day is one, so the two agree closely and not exactly.
    leads = LeadWorld(leads=6000, ever_won=0.3).draw(np.random.default_rng(1))
    days = np.concatenate([leads["day"], leads["day"]]).astype(float)
    ends = np.concatenate([np.ones(leads.height), np.zeros(leads.height)])
    weights = np.concatenate([leads["won"], leads["censored"]])
    kept = weights > 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        at = np.where(ends == 1, days + 0.5, days + 1)
        fitted = MixtureCureFitter(base_fitter=WeibullFitter()).fit(at[kept], ends[kept], weights=weights[kept])
    row = cure_fraction(leads).row(0, named=True)
    assert row["never_won"] == pytest.approx(fitted.cured_fraction_, abs=0.002)
    assert row["scale"] == pytest.approx(fitted.lambda_, rel=0.02)
    assert row["shape"] == pytest.approx(fitted.rho_, rel=0.03)


def test_watched_for_long_it_is_the_plateau() -> None:
    leads = LeadWorld(watched=2000).draw(np.random.default_rng(2))
    row = cure_fraction(leads).row(0, named=True)
    assert row["is_mature"]
    assert row["ever_won"] == pytest.approx(kaplan_meier(leads)["rate"][-1], abs=0.004)
    assert row["low"] < row["ever_won"] < row["high"]
    assert row["won"] == leads["won"].sum()


def test_watched_for_a_short_time_it_does_not_claim_to_know() -> None:
    leads = LeadWorld(watched=45).draw(np.random.default_rng(3))
    row = cure_fraction(leads).row(0, named=True)
    assert not row["is_mature"]
    assert row["high"] > 2 * row["low"]


def test_few_wins_say_nothing() -> None:
    leads = pl.DataFrame({"dimension_value": ["a"] * 2, "day": [3, 90], "won": [9, 0], "censored": [0, 200]})
    row = cure_fraction(leads).row(0, named=True)
    assert (row["leads"], row["won"], row["ever_won"], row["low"], row["is_mature"]) == (209, 9, None, None, None)
    assert wins_to_come(leads, SPANS).is_empty()


def test_what_is_to_come_adds_up() -> None:
    leads = LeadWorld().draw(np.random.default_rng(5))
    ever = pl.DataFrame({"span": ["ever"], "first_day": [1], "last_day": [100_000]})
    row = cure_fraction(leads).row(0, named=True)
    # Won so far and still to come make the share ever won.
    assert row["won"] + wins_to_come(leads, ever)["expected"].item() == pytest.approx(
        row["ever_won"] * row["leads"], rel=0.01
    )
    parts = pl.DataFrame({"span": ["a", "b"], "first_day": [1, 41], "last_day": [40, 100_000]})
    assert wins_to_come(leads, parts)["expected"].sum() == pytest.approx(wins_to_come(leads, ever)["expected"].item())
    assert wins_to_come(leads, SPANS).equals(wins_to_come(leads, SPANS))


def test_intervals_hold_the_truth() -> None:
    """In 40 companies; `tests.bench.estimators` takes 400."""
    world, held, came = LeadWorld(), 0, 0
    for number in range(40):
        rng = np.random.default_rng(number)
        leads = world.draw(rng)
        row = cure_fraction(leads).row(0, named=True)
        held += row["low"] <= world.ever_won <= row["high"]
        waiting = leads.filter(pl.col("censored") > 0)
        age = np.repeat(waiting["day"].to_numpy(), waiting["censored"].to_numpy())
        found = wins_to_come(leads, SPANS, draws=300).row(0, named=True)
        came += found["low"] <= world.come(rng, age, 1, 30) <= found["high"]
    assert held >= 34
    assert came >= 34


def test_edges() -> None:
    nothing = LeadWorld().draw(np.random.default_rng(1)).head(0)
    assert cure_fraction(nothing).columns == list(HEADERS["cure_fraction"].columns)
    assert wins_to_come(nothing, SPANS).columns == list(HEADERS["wins_to_come"].columns)
    with pytest.raises(EstimatorError, match="'censored' is missing"):
        cure_fraction(nothing.drop("censored"))
    with pytest.raises(EstimatorError, match="'last_day' is missing"):
        wins_to_come(nothing, SPANS.drop("last_day"))
