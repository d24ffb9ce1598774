"""What stands out: beside scipy's exact test and interval, by enumeration, and where nothing does."""

import itertools
import math

import numpy as np
import polars as pl
import pytest
from scipy.stats import fisher_exact, norm
from scipy.stats.contingency import odds_ratio

from estimators import HEADERS, EstimatorError, changed_more, stands_out
from estimators.stands_out import LEVEL, MATERIAL


def cells(*rows: tuple[str | None, str, int, int]) -> pl.DataFrame:
    """Return rows of a unit, a kind, members and hits."""
    names = {"unit": pl.String, "kind": pl.String, "n": pl.Int64, "hits": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row")


def one(frame: pl.DataFrame, unit: str) -> dict[str, float]:
    return frame.row(by_predicate=pl.col("unit") == unit, named=True)


@pytest.mark.parametrize(("n", "hits", "m", "others"), [(40, 2, 300, 60), (100, 30, 100, 20), (50, 0, 400, 40)])
def test_one_kind_is_fishers_exact_test(n: int, hits: int, m: int, others: int) -> None:
    row = one(stands_out(cells(("a", "x", n, hits), (None, "x", m, others)), level=0.05), "a")
    table = [[hits, n - hits], [others, m - others]]
    sides = [fisher_exact(table, side).pvalue for side in ("less", "greater")]
    assert row["p_value"] == pytest.approx(min(1, 2 * min(sides)), rel=1e-9)
    known = odds_ratio(table, kind="conditional")
    interval = known.confidence_interval(0.95)
    assert row["ratio"] == pytest.approx(known.statistic, rel=1e-4, abs=1e-9)
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high), rel=1e-4, abs=1e-9)
    assert row["expected"] == pytest.approx(n * others / m)


def test_several_kinds_are_those_that_enumeration_gives() -> None:
    frame = cells(("a", "x", 6, 1), (None, "x", 9, 5), ("a", "y", 5, 0), (None, "y", 4, 3))
    row = one(stands_out(frame, kinds=("kind",)), "a")

    def chances(n: int, m: int, hits: int) -> dict[int, float]:
        return {k: math.comb(n, k) * math.comb(m, hits - k) / math.comb(n + m, hits) for k in range(min(n, hits) + 1)}

    pairs = itertools.product(chances(6, 9, 6).items(), chances(5, 4, 3).items())
    fewer = sum(p * q for (k, p), (j, q) in pairs if k + j <= 1)
    assert row["p_value"] == pytest.approx(2 * fewer, rel=1e-9)


def test_kinds_are_compared_with_their_own() -> None:
    # Both campaigns win as often as their own source; the sources differ fourfold.
    frame = cells(
        ("good one", "referral", 3000, 600),
        (None, "referral", 9000, 1800),
        ("bad one", "list", 3000, 150),
        (None, "list", 9000, 450),
    )
    assert stands_out(frame, kinds=("kind",))["verdict"].to_list() == ["ordinary", "ordinary"]
    plain = stands_out(frame)
    assert one(plain, "good one")["verdict"] == "high"
    assert one(plain, "bad one")["verdict"] == "low"


def test_who_is_told_is_no_measure_for_the_others() -> None:
    # Beside the first, the other two would look poor; beside each other they are alike.
    frame = cells(("first", "x", 400, 200), ("second", "x", 400, 40), ("third", "x", 400, 40))
    found = stands_out(frame)
    assert found["unit"].to_list()[0] == "first"
    assert [one(found, unit)["verdict"] for unit in ("first", "second", "third")] == [
        "high",
        "cannot tell",
        "cannot tell",
    ]
    assert one(found, "second")["ratio"] == pytest.approx(1)


def test_few_cannot_be_told_and_small_differences_are_no_news() -> None:
    few = stands_out(cells(("a", "x", 10, 0), (None, "x", 500, 50)))
    assert one(few, "a")["verdict"] == "cannot tell"
    # Surely higher, and by a tenth: nothing to act on.
    sure = stands_out(cells(("a", "x", 100_000, 33_000), (None, "x", 100_000, 30_000)))
    assert one(sure, "a")["p_value"] < 1e-9
    assert one(sure, "a")["verdict"] == "ordinary"


def test_alone_of_its_kind_is_not_compared() -> None:
    frame = cells(("a", "x", 50, 5), ("b", "y", 50, 5), (None, "y", 50, 6))
    assert stands_out(frame, kinds=("kind",))["unit"].to_list() == ["b"]
    assert stands_out(cells()).columns == list(HEADERS["stands_out"].columns)


def test_where_nothing_stands_out_hardly_anything_is_told() -> None:
    """In a hundred companies of thirty alike campaigns, at most one look in a hundred names one, give or take chance."""
    rng = np.random.default_rng(5)
    rates = np.array([0.02, 0.05, 0.1, 0.3])
    named = 0
    for _ in range(100):
        n = rng.integers(5, 200, (30, 4))
        hits = rng.binomial(n, rates)
        rows = [(f"u{i}", f"k{k}", int(n[i, k]), int(hits[i, k])) for i in range(30) for k in range(4)]
        named += stands_out(cells(*rows), kinds=("kind",))["verdict"].is_in(["low", "high"]).any()
    assert named <= 100 * LEVEL + 3 * math.sqrt(100 * LEVEL)


def test_what_stands_out_is_told() -> None:
    rng = np.random.default_rng(6)
    told = 0
    for _ in range(100):
        rows = [(f"u{i}", "x", 300, int(rng.binomial(300, 0.1))) for i in range(29)]
        rows.append(("odd", "x", 600, int(rng.binomial(600, 0.02))))
        told += one(stands_out(cells(*rows)), "odd")["verdict"] == "low"
    assert told >= 95


def changes(*rows: tuple[str | None, int, int, int, int]) -> pl.DataFrame:
    names = {"unit": pl.String, **dict.fromkeys(("before_n", "before_hits", "after_n", "after_hits"), pl.Int64)}
    return pl.DataFrame(rows, schema=names, orient="row")


def test_a_change_is_worked_out_by_hand() -> None:
    found = changed_more(changes(("a", 100, 40, 100, 20), (None, 1000, 300, 500, 150)))
    row = one(found, "a")
    own = math.log((20.5 / 80.5) / (40.5 / 60.5))
    rest = math.log((150.5 / 350.5) / (300.5 / 700.5))
    spread = math.sqrt(sum(1 / x for x in (20.5, 80.5, 40.5, 60.5, 150.5, 350.5, 300.5, 700.5)))
    assert row["ratio"] == pytest.approx(math.exp(own - rest))
    reach = norm.isf(LEVEL / 2) * spread
    assert (row["low"], row["high"]) == pytest.approx((math.exp(own - rest - reach), math.exp(own - rest + reach)))
    assert row["verdict"] == "low"
    assert row["ratio"] < 1 / MATERIAL


def test_what_moves_everybody_is_no_change_of_one() -> None:
    # All odds are halved: a slump, and nobody's own.
    rows = [(f"s{i}", 4000, 2000, 4000, 1333) for i in range(6)]
    found = changed_more(changes(*rows))
    assert set(found["verdict"]) == {"ordinary"}
    assert found["ratio"].to_list() == pytest.approx([1.0] * 6, abs=1e-3)


def test_chance_alone_changes_nobody() -> None:
    rng = np.random.default_rng(7)
    named = 0
    for _ in range(100):
        rows = [
            (f"s{i}", 400, int(rng.binomial(400, 0.05 + 0.03 * i)), 150, int(rng.binomial(150, 0.05 + 0.03 * i)))
            for i in range(12)
        ]
        named += changed_more(changes(*rows))["verdict"].is_in(["low", "high"]).any()
    assert named <= 100 * LEVEL + 3 * math.sqrt(100 * LEVEL)


def test_edges_of_change() -> None:
    assert changed_more(changes()).columns == list(HEADERS["changed_more"].columns)
    # New lately, or gone since: no change of a share.
    assert changed_more(changes(("new", 0, 0, 50, 5), ("old", 50, 5, 0, 0), (None, 9, 1, 9, 1))).is_empty()
    with pytest.raises(EstimatorError, match="'after_n' is missing"):
        changed_more(changes().drop("after_n"))
    with pytest.raises(EstimatorError, match="negative"):
        stands_out(cells(("a", "x", -1, 0)))
