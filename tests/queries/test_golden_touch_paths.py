"""Paths of answered touches, by hand, and against what the deals' touches say."""

import itertools

import polars as pl
import pytest

from charts.numbers import NumberFormat
from reports.credit import PATH_SIGN, credit, credit_finding, sure_to_differ
from tests.conftest import Ask


def paths(frame: pl.DataFrame) -> dict[str, tuple[int, int]]:
    return {
        row["path"].replace(PATH_SIGN, " > "): (row["converted"], row["lost"]) for row in frame.iter_rows(named=True)
    }


def test_the_paths_of_the_hand_worked_company(golden: Ask) -> None:
    found = golden("touch_paths", step_of="campaign")
    records = golden("touch_path_records", step_of="campaign")
    won = records.filter(pl.col("status") == "won")
    assert found["converted"].sum() == won.height
    assert found["won_amount"].sum() == won["amount_base"].sum()
    told = paths(found)
    for row in records.iter_rows(named=True):
        place = 0 if row["status"] == "won" else 1
        assert told[row["path"].replace(" → ", " > ")][place] >= 1


def test_the_sample_adds_up_and_opens(sample: Ask) -> None:
    found = sample("touch_paths")
    records = sample("touch_path_records")
    by_status = dict(records.group_by("status").len().rows())
    assert found["converted"].sum() == by_status["won"]
    assert found["lost"].sum() >= by_status["lost"]
    for path in found["path"]:
        steps = path.split(PATH_SIGN)
        assert all(first != second for first, second in itertools.pairwise(steps))
    step = found.filter(pl.col("converted") > 0)["path"][0].split(PATH_SIGN)[0]
    assert sample("touch_path_records", step=step).height <= records.height


def test_credit_adds_up_and_says_what_it_is(sample: Ask) -> None:
    as_of = sample("freshness")["newest_date"][0]
    found = credit(sample, as_of=as_of, dimension="channel")
    assert found.markov["share"].sum() == pytest.approx(1)
    assert found.shapley["share"].sum() == pytest.approx(1)
    assert found.converted == sample("touch_paths")["converted"].sum()
    assert set(found.agreement["models"]) <= set(range(10))
    assert "need not bring it" in credit_finding(found, NumberFormat("USD", "en"), "channel")
    assert sure_to_differ(found).height <= found.markov.height


def test_without_touches_it_says_so(empty: Ask) -> None:
    assert empty("touch_paths").is_empty()
