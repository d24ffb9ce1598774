"""Scores of past forecasts, by hand and against their definitions."""

import numpy as np
import polars as pl
import pytest

from estimators import HEADERS, brier, calibration, crps, forecast_score, plain_chances


def test_calibration_by_hand() -> None:
    said = pl.DataFrame({"chance": [0.11, 0.19, 0.5, 1.0], "came": [True, False, True, True]})
    found = calibration(said)
    assert found.select("band", "said", "came", "times").rows() == [
        ("10-20%", 0.15, 0.5, 2),
        ("50-60%", 0.5, 1.0, 1),
        ("90-100%", 1.0, 1.0, 1),
    ]
    assert found["low"][0] == pytest.approx(0.0945, abs=1e-4)  # Wilson, 1 of 2
    assert found.columns == list(HEADERS["calibration"].columns)


def test_brier_by_hand() -> None:
    frame = pl.DataFrame({"period": "q", "chance": [0.8, 0.4], "plain_chance": [0.5, 0.5], "came": [True, False]})
    errors = brier(frame)
    assert errors["error"].to_list() == pytest.approx([0.04, 0.16])
    row = forecast_score(errors).row(0, named=True)
    assert (row["cases"], row["periods"], row["gain"]) == (2, 1, pytest.approx(1 - 0.2 / 0.5))
    assert row["verdict"] is None  # one period tells nothing


def test_crps_is_its_definition() -> None:
    rng = np.random.default_rng(2)
    amount, share = np.sort(rng.normal(100, 20, 40)), rng.dirichlet(np.ones(40))
    forecast = pl.DataFrame({"amount": amount, "probability": share})
    for actual in (40.0, 95.0, 131.0, 250.0):
        apart = np.abs(amount[:, None] - amount)
        expected = share @ np.abs(amount - actual) - share @ apart @ share / 2
        assert crps(forecast, actual) == pytest.approx(expected)
    assert crps(pl.DataFrame({"amount": [100.0], "probability": [1.0]}), 130.0) == pytest.approx(30)


def test_a_better_forecast_is_told_and_a_like_one_is_not() -> None:
    rng = np.random.default_rng(4)
    truth = rng.uniform(0.05, 0.6, 2000)
    frame = pl.DataFrame(
        {"period": np.arange(2000) % 20, "chance": truth, "plain_chance": 0.3, "came": rng.random(2000) < truth}
    )
    assert forecast_score(brier(frame))["verdict"].item() == "better"
    swapped = frame.rename({"chance": "plain_chance", "plain_chance": "chance"})
    assert forecast_score(brier(swapped))["verdict"].item() == "worse"
    alike = frame.with_columns(chance=0.3 + pl.Series(rng.normal(0, 0.001, 2000)))
    assert forecast_score(brier(alike))["verdict"].item() == "cannot tell"
    assert forecast_score(brier(frame)).columns == list(HEADERS["forecast_score"].columns)
    assert forecast_score(brier(frame.head(0))).row(0, named=True)["gain"] is None


def test_the_plain_chance_is_the_rate_of_the_stage() -> None:
    history = pl.DataFrame({"stage": ["a", "a", "b"], "deals": [10, 10, 80], "won": [3, 5, 2]})
    found = plain_chances(history, pl.DataFrame({"stage": ["a", "b", "c"]}))
    assert found["plain_chance"].to_list() == pytest.approx([0.4, 0.025, 0.1])
