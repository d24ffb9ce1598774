"""Markov and Shapley: against a published package, against their definitions, and by hand."""

import itertools
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mam import MAM

from estimators import HEADERS, EstimatorError, markov_attribution, model_agreement, shapley_attribution
from tests.conftest import SHARED

PATHS = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), st.integers(0, 6), st.integers(0, 9)),
    min_size=2,
    max_size=15,
)


def walked(*rows: tuple[list[str], int, int]) -> pl.DataFrame:
    """Return paths with how often each converted and did not."""
    return pl.DataFrame(
        rows, schema={"path": pl.List(pl.String), "converted": pl.Int64, "lost": pl.Int64}, orient="row"
    )


def of_package(paths: pl.DataFrame) -> dict[str, float]:
    """Return the removal effects that marketing_attribution_models finds."""
    text = paths.with_columns(path=pl.col("path").list.join(" > "))
    long = pl.concat(
        text.select("path", times=name, converted=pl.lit(name == "converted")) for name in ("converted", "lost")
    ).filter(pl.col("times") > 0)
    asked = MAM(
        long,
        format_type="format_3",
        channels_colname="path",
        journey_with_conv_colname="converted",
        occurrences_colname="times",
    )
    return asked.run_markov().metadata["removal_effect"]["removal_effect"].to_dict()


def effects(found: pl.DataFrame) -> dict[str, float]:
    """Return removal effects by channel."""
    return dict(found.select("channel", "removal_effect").rows())


def test_real_paths_are_credited_as_a_published_package_does() -> None:
    file = SHARED / "channel_attribution" / "data.csv"
    if not file.is_file():
        pytest.skip(f"the real exports are not beside the project ({SHARED})")
    paths = pl.read_csv(file).select(
        path=pl.col("path").str.split(" > "), converted="total_conversions", lost="total_null"
    )
    assert (paths["converted"].sum(), paths["lost"].sum()) == (19_785, 68_602)
    found = markov_attribution(paths)
    assert found["credit"].sum() == pytest.approx(19_785)
    assert effects(found) == pytest.approx(of_package(paths), abs=1e-9)
    assert shapley_attribution(paths)["credit"].sum() == pytest.approx(19_785)


@given(rows=PATHS.filter(lambda rows: any(converted for _, converted, _ in rows) and any(lost for *_, lost in rows)))
@settings(max_examples=30, deadline=None)
def test_any_paths_are_credited_as_a_published_package_does(rows: list[tuple[list[str], int, int]]) -> None:
    paths = walked(*((path, converted, lost) for path, converted, lost in rows if converted + lost))
    assert effects(markov_attribution(paths, draws=2)) == pytest.approx(of_package(paths), abs=1e-9)


@given(rows=PATHS.filter(lambda rows: any(converted for _, converted, _ in rows)))
@settings(max_examples=50, deadline=None)
def test_shapley_is_its_definition(rows: list[tuple[list[str], int, int]]) -> None:
    players = sorted({channel for path, *_ in rows for channel in path})

    def worth(group: frozenset[str]) -> int:
        return sum(converted for path, converted, _ in rows if set(path) <= group)

    expected = dict.fromkeys(players, 0.0)
    for order in itertools.permutations(players):
        for place, player in enumerate(order):
            gain = worth(frozenset(order[: place + 1])) - worth(frozenset(order[:place]))
            expected[player] += gain / math.factorial(len(players))
    found = dict(shapley_attribution(walked(*rows), draws=2).select("channel", "credit").rows())
    assert found == pytest.approx(expected)


def test_by_hand() -> None:
    # Half begin with a and go on to b, half with b; b converts a quarter. Without a half of these conversions are lost,
    # without b all are.
    found = markov_attribution(walked((["a", "b"], 2, 2), (["b"], 0, 4)))
    assert effects(found) == pytest.approx({"a": 0.5, "b": 1.0})
    assert found["credit"].to_list() == pytest.approx([4 / 3, 2 / 3])


def test_the_interval_tightens_with_more_paths_and_ranks_are_told() -> None:
    few, many = walked((["a"], 6, 10), (["b"], 4, 10)), walked((["a"], 6000, 10_000), (["b"], 4000, 10_000))
    assert markov_attribution(few)["worst_rank"].to_list() == [2, 2]
    assert markov_attribution(many)["worst_rank"].to_list() == [1, 2]
    width = [(found["high"] - found["low"])[0] for found in map(shapley_attribution, (few, many))]
    assert width[0] > 10 * width[1]
    assert markov_attribution(few).equals(markov_attribution(few))


def test_intervals_hold_the_truth() -> None:
    """In 150 worlds of two channels with known chances; `tests.bench.estimators` takes 400."""
    rng = np.random.default_rng(2)
    kinds = [["a"], ["b"], ["a", "b"], ["b", "a", "c"]]
    often, chance = np.array([0.3, 0.3, 0.25, 0.15]), np.array([0.1, 0.2, 0.3, 0.25])
    whole = walked(
        *((k, round(1e6 * n * p), round(1e6 * n * (1 - p))) for k, n, p in zip(kinds, often, chance, strict=True))
    )
    for model in (markov_attribution, shapley_attribution):
        truth = dict(model(whole, draws=2).select("channel", "share").rows())
        held = 0
        for number in range(150):
            counts = rng.multinomial(2000, np.concatenate((often * chance, often * (1 - chance))))
            found = model(walked(*zip(kinds, counts[:4].tolist(), counts[4:].tolist(), strict=True)), seed=number)
            held += sum(row["low"] <= truth[row["channel"]] <= row["high"] for row in found.iter_rows(named=True))
        assert held / 450 == pytest.approx(0.94, abs=0.04)


def test_where_models_agree() -> None:
    given = {"first": [50.0, 30, 5, 4, 3, 1], "last": [0.4, 0.3, 0.05, 0.05, 0.1, 0.1], "markov": [2, 1, 0, 9, 0, 0]}
    frame = pl.concat(
        pl.DataFrame({"model": model, "channel": list("abcdef"), "credit": [float(c) for c in credit]})
        for model, credit in given.items()
    )
    found = {row["channel"]: row for row in model_agreement(frame).iter_rows(named=True)}
    assert {channel: row["verdict"] for channel, row in found.items()} == {
        "a": "by all",
        "b": "by some",
        "c": "by none",
        "d": "by one only",
        "e": "by none",
        "f": "by none",
    }
    assert found["d"]["loved_by"] == "markov"
    assert found["b"]["loved_by"] == "first, last"
    assert (found["d"]["best_rank"], found["d"]["highest_share"]) == (1, 0.75)
    assert (found["c"]["models"], found["a"]["models"]) == (2, 3)
    assert model_agreement(frame).columns == list(HEADERS["model_agreement"].columns)


def test_edges() -> None:
    for name, model in {"markov_attribution": markov_attribution, "shapley_attribution": shapley_attribution}.items():
        assert model(walked()).columns == list(HEADERS[name].columns)
        assert model(walked((["a"], 0, 5))).is_empty()
        assert model(walked((["a"], 1, 5), ([], 7, 7)))["credit"].to_list() == [1.0]
        with pytest.raises(EstimatorError, match="'lost' is missing"):
            model(walked().drop("lost"))
        with pytest.raises(EstimatorError, match="a touch without a channel"):
            model(walked((["a", None], 1, 0)))  # type: ignore[list-item]
