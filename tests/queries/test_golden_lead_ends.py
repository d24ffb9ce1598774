"""Days to a win or a rejection that stands, by hand (the hand-worked company's facts: test_golden.py)."""

import polars as pl

from estimators import cumulative_incidence
from tests.conftest import Ask


def test_the_ends_of_the_hand_worked_company(golden: Ask) -> None:
    # L2 was rejected on day 3, and stays so; L4 was rejected and accepted later: watched to 15 May, as L3, L5, L6.
    found = golden("lead_ends").select("day", "won", "lost", "censored")
    assert found.filter(pl.col("won") + pl.col("lost") > 0).rows() == [(3, 0, 1, 0), (44, 1, 0, 0), (49, 1, 0, 0)]
    # All else is as the query behind Kaplan-Meier counts it.
    plain = golden("lead_survival")
    assert (found["won"].sum(), found["lost"].sum() + found["censored"].sum()) == (
        plain["won"].sum(),
        plain["censored"].sum(),
    )


def test_the_sample_has_curves(sample: Ask) -> None:
    curve = cumulative_incidence(sample("lead_ends", dimension="segment"))
    last = curve.drop_nulls("dimension_value").group_by("dimension_value").agg(pl.col("won_rate", "lost_rate").last())
    assert last.height > 2
    # A segment whose leads brought a win has a curve above 0, and the others stay at 0.
    won = sample("lead_to_close", dimension="segment").filter(pl.col("won") > 0)["dimension_value"].drop_nulls()
    assert set(last.filter(pl.col("won_rate") > 0)["dimension_value"]) == set(won)
    assert (last["lost_rate"] > 0).all()
