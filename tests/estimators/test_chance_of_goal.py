"""The chance of the goal: against every outcome counted, against dice, and against quarters with a known truth."""

import itertools

import numpy as np
import polars as pl
import pytest

from estimators import (
    HEADERS,
    EstimatorError,
    chance_of_goal,
    deal_chances,
    deals_that_matter,
    goal_distribution,
    past_surprises,
)
from estimators.chance_of_goal import _under_shock
from estimators.deal_chances import shock_of
from tests.estimators.worlds import QuarterWorld


def open_deals(amounts: list[float], chances: list[float]) -> pl.DataFrame:
    """Return open deals."""
    return pl.DataFrame(
        {"opportunity_id": [f"d{n}" for n in range(len(amounts))], "amount": amounts, "chance": chances},
        schema={"opportunity_id": pl.String, "amount": pl.Float64, "chance": pl.Float64},
    )


def quarters(*won: int, news: float = 0.0) -> pl.DataFrame:
    """Return past quarters of 100 deals at 30% with so many wins."""
    return pl.DataFrame(
        {"expected": 30.0, "variance": 21.0, "won": won, "new_amount": news},
        schema={"expected": pl.Float64, "variance": pl.Float64, "won": pl.Int64, "new_amount": pl.Float64},
    )


PAST = quarters(24, 30, 36, 29, 33, 28)


def test_it_is_what_counting_every_outcome_gives() -> None:
    amounts, chances = [100.0, 250.0, 40.0, 75.0, 310.0, 60.0, 25.0], [0.3, 0.5, 0.8, 0.1, 0.25, 0.6, 0.5]
    nodes, weights, _ = shock_of(PAST)
    under = _under_shock(np.array(chances), nodes, weights)
    assert weights @ under == pytest.approx(chances)  # over all shocks each deal has its own chance
    for goal in (100, 400, 435, 860):
        expected = 0.0
        for outcome in itertools.product((0, 1), repeat=7):
            if np.dot(outcome, amounts) >= goal:
                expected += float(weights @ np.where(outcome, under, 1 - under).prod(axis=1))
        row = chance_of_goal(open_deals(amounts, chances), PAST, won=0, goal=goal).row(0, named=True)
        assert row["chance"] == pytest.approx(expected, abs=1e-9)
    assert row["expected"] == pytest.approx(np.dot(amounts, chances))


@pytest.mark.parametrize("count", [40, 600])
def test_it_is_what_dice_say(count: int) -> None:
    rng = np.random.default_rng(count)
    amounts, chances = rng.lognormal(9, 1, count).round(2), rng.uniform(0.02, 0.7, count)
    past = quarters(20, 30, 41, 25, 37, 28, 33)
    nodes, weights, _ = shock_of(past)
    under = _under_shock(chances, nodes, weights)
    drawn = under[rng.choice(len(nodes), 20_000, p=weights)] > rng.random((20_000, count))
    totals = drawn @ amounts
    goal = float(np.quantile(totals, 0.6)) + 1000
    row = chance_of_goal(open_deals(list(amounts), list(chances)), past, won=1000, goal=goal).row(0, named=True)
    assert row["chance"] == pytest.approx(float((totals + 1000 >= goal).mean()), abs=0.012)
    for share in (10, 50, 90):
        said, thrown = row[f"p{share}"] - 1000, float(np.quantile(totals, share / 100))
        assert said == pytest.approx(thrown, rel=0.02)


def test_a_deal_won_and_not_won_make_the_chance_again() -> None:
    rng = np.random.default_rng(8)
    deals = open_deals(list(rng.lognormal(9, 1, 60)), list(rng.uniform(0.05, 0.9, 60)))
    past = PAST.with_columns(new_amount=pl.Series([9e4, 5e4, 7e4, 8e4, 4e4, 6e4]))
    goal = 300_000.0
    chance = chance_of_goal(deals, past, won=0, goal=goal)["chance"].item()
    found = deals_that_matter(deals, past, won=0, goal=goal)
    assert found.height == 20
    assert found["difference"].is_sorted(descending=True)
    again = found["chance"] * found["if_won"] + (1 - found["chance"]) * found["if_not"]
    assert again.to_list() == pytest.approx([chance] * 20, abs=1e-6)


def test_the_distribution_adds_up() -> None:
    deals = open_deals([5e4, 2e4, 1e4] * 40, [0.2, 0.4, 0.6] * 40)
    past = PAST.with_columns(new_amount=pl.Series([9e4, 5e4, 7e4, 8e4, 4e4, 6e4]))
    found = goal_distribution(deals, past, won=500)
    assert 30 <= found.height <= 70
    assert found["probability"].sum() == pytest.approx(1, abs=0.002)
    assert found["at_least"].is_sorted(descending=True)
    row = chance_of_goal(deals, past, won=500, goal=None).row(0, named=True)
    assert (row["chance"], row["reason"]) == (None, "No goal is set for exactly this scope and period.")
    mean = float((found["amount"] * found["probability"]).sum())
    assert mean == pytest.approx(row["expected"], rel=0.03)


def test_a_goal_that_is_met_and_one_out_of_reach() -> None:
    deals = open_deals([100.0, 200.0], [0.5, 0.5])
    assert chance_of_goal(deals, PAST, won=1000, goal=900)["chance"].item() == 1.0
    assert chance_of_goal(deals, PAST, won=1000, goal=9000)["chance"].item() == pytest.approx(0, abs=1e-9)
    assert deals_that_matter(deals, PAST, won=1000, goal=900).is_empty()
    assert chance_of_goal(open_deals([], []), PAST, won=10, goal=20)["chance"].item() == pytest.approx(0, abs=1e-9)


def test_short_history_says_so() -> None:
    row = chance_of_goal(open_deals([100.0], [0.5]), quarters(30, 30, 30), won=0, goal=50).row(0, named=True)
    assert (row["chance"], row["p50"], row["periods"]) == (None, None, 3)
    assert row["reason"] == "History records 3 past periods with as many days to go; 4 are needed."
    assert goal_distribution(open_deals([100.0], [0.5]), quarters(30), won=0).is_empty()


def test_a_deal_without_an_amount_is_counted() -> None:
    deals = open_deals([100.0, 200.0], [0.5, 0.5]).with_columns(amount=pl.Series([100.0, None]))
    row = chance_of_goal(deals, PAST, won=0, goal=100).row(0, named=True)
    assert (row["deals"], row["left_out"], row["chance"]) == (1, 1, pytest.approx(0.5))


def test_without_a_shock_the_range_is_narrower() -> None:
    deals = open_deals([1000.0] * 300, [0.3] * 300)
    calm_past, rough_past = quarters(30, 30, 31, 29, 30, 30, 29, 31), quarters(15, 45, 20, 40, 30, 22, 38, 30)
    calm = chance_of_goal(deals, calm_past, won=0, goal=None).row(0, named=True)
    rough = chance_of_goal(deals, rough_past, won=0, goal=None).row(0, named=True)
    assert calm["shock"] < 0.25
    assert rough["shock"] > 0.4
    assert rough["p90"] - rough["p10"] > 1.5 * (calm["p90"] - calm["p10"])


def test_a_kind_seen_seldom_borrows() -> None:
    history = pl.DataFrame(
        {
            "period": "q",
            "stage": ["a", "a", "b"],
            "age_band": ["new", "old", "new"],
            "due": "due",
            "deals": [100, 2, 100],
            "won": [50, 0, 10],
            "won_open_amount": [1000.0, 0.0, 0.0],
            "won_amount": [900.0, 0.0, 0.0],
        }
    )
    deals = history.select("stage", "age_band", "due", opportunity_id=pl.Series(["x", "y", "z"]), amount=pl.lit(100.0))
    found = deal_chances(history, deals)
    everything = 61 / 204
    due = (60 + 10 * everything) / 212
    a = (50 + 10 * due) / 112
    expected = [(50 + 10 * a) / 110, (0 + 10 * a) / 12, (10 + 10 * (10 + 10 * due) / 110) / 110]
    assert found["chance"].to_list() == pytest.approx(expected)
    assert found["seen"].to_list() == [100, 2, 100]
    assert found["amount"].to_list() == pytest.approx([90.0] * 3)  # deals keep 90% of what they stand at
    unknown = deal_chances(history.head(0), deals)
    assert unknown["chance"].to_list() == [None] * 3


def test_it_keeps_its_word_in_simulated_quarters() -> None:
    """Over 60 quarters about 80% end between P10 and P90; `tests.bench.estimators` takes 400, and the scores."""
    world, rng = QuarterWorld(seed=1), np.random.default_rng(5)
    inside = 0
    for _ in range(60):
        history, yields = world.past(rng, 10)
        deals, new, *_ = world.quarter(rng)
        row = chance_of_goal(deal_chances(history, deals), past_surprises(history, yields), won=0, goal=None)
        ended = float(deals.filter("is_won")["amount"].sum()) + new
        inside += row["p10"].item() <= ended <= row["p90"].item()
    assert 0.66 <= inside / 60 <= 0.92


def test_what_cannot_be_used_is_said() -> None:
    with pytest.raises(EstimatorError, match="'chance' is missing"):
        chance_of_goal(open_deals([1.0], [0.1]).drop("chance"), PAST, won=0, goal=1)
    with pytest.raises(EstimatorError, match="'amount' holds a negative value"):
        chance_of_goal(open_deals([-1.0], [0.1]), PAST, won=0, goal=1)


def test_the_headers_are_true() -> None:
    deals = open_deals([100.0, 200.0], [0.5, 0.5])
    for name, frame in {
        "chance_of_goal": chance_of_goal(deals, PAST, won=0, goal=100),
        "goal_distribution": goal_distribution(deals, PAST, won=0),
        "deals_that_matter": deals_that_matter(deals, PAST, won=0, goal=100),
    }.items():
        assert frame.columns == list(HEADERS[name].columns)


def test_many_deals_that_are_hardly_ever_won_bring_nothing() -> None:
    """On a period's last days chances are tiny; their sum is 0 nearly always, and no bell around its mean."""
    deals = pl.DataFrame(
        {
            "opportunity_id": [str(n) for n in range(600)],
            "amount": [20_000.0 + 50 * n for n in range(600)],
            "chance": [1e-5] * 600,
        }
    )
    past = pl.DataFrame({"expected": [0.001] * 4, "variance": [0.001] * 4, "won": [0] * 4, "new_amount": [0.0] * 4})
    row = chance_of_goal(deals, past, won=1_000_000.0, goal=1_010_000.0).row(0, named=True)
    assert row["chance"] == pytest.approx(0.006, abs=0.002)
    assert (row["p10"], row["p50"], row["p90"]) == (1_000_000, 1_000_000, 1_000_000)


def test_many_seldom_won_deals_are_summed_as_throwing_them_would() -> None:
    rng = np.random.default_rng(5)
    amounts, chances = rng.lognormal(9, 1, 1500), rng.uniform(0.001, 0.2, 1500)
    deals = pl.DataFrame({"opportunity_id": [str(n) for n in range(1500)], "amount": amounts, "chance": chances})
    past = pl.DataFrame({"expected": [50.0] * 5, "variance": [40.0] * 5, "won": [50] * 5, "new_amount": [0.0] * 5})
    row = chance_of_goal(deals, past, won=0.0, goal=None).row(0, named=True)
    # A shock of the size that the estimate gives, thrown with the deals.
    shocks = rng.normal(0, row["shock"], 3000)
    odds = np.log(chances / (1 - chances))
    sums = [float(amounts @ (rng.random(1500) < 1 / (1 + np.exp(-(odds + shock))))) for shock in shocks]
    for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        assert row[name] == pytest.approx(np.quantile(sums, share), rel=0.03)
