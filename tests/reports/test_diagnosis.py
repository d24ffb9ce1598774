"""What stands out: planted truths of whole sample companies are named, hardly anything else is, little data tells nothing.

`make bench` does the same with twenty seeds of each kind.
"""

from pathlib import Path

import polars as pl
import pytest

from reports.asking import plain_ask
from reports.diagnosis import QUESTIONS, SCHEMA, TOLD, diagnose
from tests.conftest import Ask, Little
from tests.little import deal, lead, won
from tests.plants import END, Fared, fared, make_world


def verdicts_of(tmp_path: Path, seed: int, *, planted: bool, scale: float = 1.0) -> Fared:
    return fared(make_world(tmp_path / "world", seed, planted=planted, scale=scale))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_planted_is_named(tmp_path: Path, seed: int) -> None:
    found = verdicts_of(tmp_path, seed, planted=True)
    assert list(found.verdicts.values()).count("named") >= 7, found.verdicts
    assert "missed" not in found.verdicts.values(), found.verdicts
    assert len(found.alarms) <= 1, found.alarms


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_nothing_is_planted_hardly_anything_is_told(tmp_path: Path, seed: int) -> None:
    found = verdicts_of(tmp_path, seed, planted=False)
    assert found.verdicts == {}
    assert len(found.alarms) <= 1, found.alarms


def test_plants_below_the_noise_cannot_be_told(tmp_path: Path) -> None:
    found = verdicts_of(tmp_path, 1, planted=True, scale=0.1)
    assert set(found.verdicts.values()) <= {"named", "cannot tell"}, found.verdicts
    assert list(found.verdicts.values()).count("cannot tell") >= 2
    assert len(found.alarms) <= 1, found.alarms


def test_what_the_exports_do_not_hold_is_not_asked(little: Little) -> None:
    little(Opportunity=[won(1), deal(2)], leads=[lead(1, deal=1), lead(2)])
    found = diagnose(plain_ask(), as_of=END)
    assert found.schema == SCHEMA
    assert found["question"].n_unique() == len(QUESTIONS)
    unknown = found.filter(pl.col("verdict") == "not recorded")["question"].to_list()
    assert {"slow_rep", "call_slump", "email_phoned", "campaign_mismatch", "wrong_titles"} <= set(unknown)
    assert found.filter(pl.col("verdict") == TOLD).is_empty()


def test_an_empty_company_is_told_nothing(empty: Ask) -> None:
    assert set(diagnose(plain_ask(), as_of=END)["verdict"]) == {"not recorded"}
