"""One number, every definition: the ways beside each other, why they differ, and that what both teams sign is what counts."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from base.errors import SettingsError
from base.settings import load_settings
from base.words import Word, decide, decisions_in_force, undo
from charts.numbers import NumberFormat
from ingest import is_stale, rebuild
from reports.one_number import (
    coverage_gap,
    history_lines,
    put_in_force,
    sign_definition,
    sourced_gap,
    standing,
    win_rate_gap,
    win_rate_sums,
)
from store import open_store
from store.locked_definitions import definition_versions, propose
from tests.conftest import Ask, Little, forget_caches
from tests.little import lost, won

NUMBERS = NumberFormat("USD")
ASKED = {"period": "2026-Q2", "as_of": "2026-05-02"}
BASES = ("count", "value", "cohort", "within")


def created(row: dict[str, object], day: str) -> dict[str, object]:
    return {**row, "CreatedDate": f"{day}T15:00:00.000Z"}


def company(little: Little) -> Ask:
    return little(
        Opportunity=[
            won(1, 1000, "2026-04-20"),  # created in January: decided in the period, in no cohort of it
            lost(2, 3000, "2026-04-21"),
            created(won(3, 500, "2026-04-28"), "2026-04-02"),
            created(lost(4, 500, "2026-04-29"), "2026-04-03"),
            created(
                {**won(5, 100, "2026-06-30"), "StageName": "Qualification", "IsClosed": 0, "IsWon": 0}, "2026-04-04"
            ),
        ]
    )


def agree(way: str, subject: str = "win_rate") -> None:
    store = open_store()
    seen = len(definition_versions(store, subject))
    version = propose(store, subject, way, date(2026, 5, 4), "It fits us", "Ann", team="marketing", seen=seen)
    sign_definition(store, version.id, subject, "sales", "Bo")


def test_every_basis_and_the_gap_by_hand(little: Little) -> None:
    ask = company(little)
    bases = ask("win_rate_bases", **ASKED, days=20)
    rates = dict(bases.select("basis", "rate").iter_rows())
    assert rates == pytest.approx({"count": 2 / 4, "value": 1500 / 5000, "cohort": 1 / 3, "within": 0.0})
    said = win_rate_gap(bases, "count", "value", NUMBERS)
    assert said.startswith("By value is 20.0 points lower than by count. The same deals are counted")
    assert "large deals are won less often" in said
    gap = ask("win_rate_gap_records", **ASKED, basis="count", other="cohort")
    assert gap["name"].to_list() == ["Deal 2", "Deal 1", "Deal 5"]
    assert win_rate_sums(gap, NUMBERS) == (
        "2 deals are counted by the first alone, 1 by the other alone, and 0 by both, won by one of them."
    )


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("other", BASES)
def test_the_deals_behind_a_gap_add_up_to_it(sample: Ask, basis: str, other: str) -> None:
    asked = {"period_start": "2026-01-01", "period_end": "2026-10-01"}
    rows = {row["basis"]: row for row in sample("win_rate_bases", **asked).iter_rows(named=True)}
    gap = sample("win_rate_gap_records", **asked, basis=basis, other=other)
    assert gap["is_counted"].sum() - gap["is_counted_other"].sum() == rows[basis]["deals"] - rows[other]["deals"]
    assert gap["is_won"].sum() - gap["is_won_other"].sum() == rows[basis]["won"] - rows[other]["won"]
    if {basis, other} <= {"count", "value"}:
        assert gap.is_empty()


@pytest.mark.parametrize("way", ["source_field", "first_touch", "touch_before_activity"])
def test_the_deals_between_two_tests_add_up_to_the_gap(sample: Ask, way: str) -> None:
    asked = {"period_start": "2026-01-01", "period_end": "2026-10-01"}
    views = {row["view"]: row for row in sample("sourced_and_influenced", **asked).iter_rows(named=True)}
    ours, theirs = views["sourced_by_field"], views[f"sourced_by_{'field' if way == 'source_field' else way}"]
    alone = sample("sourced_agreement_records", **asked, by="source_field", not_by=way)
    others = sample("sourced_agreement_records", **asked, by=way, not_by="source_field")
    assert alone.height - others.height == ours["deals"] - theirs["deals"]
    assert alone["amount_base"].sum() - others["amount_base"].sum() == ours["amount"] - theirs["amount"]
    if way != "source_field":
        said = sourced_gap(sample("sourced_agreement", **asked), "source_field", way, NUMBERS)
        assert f"{alone.height} won deals" in said


def test_what_both_teams_sign_is_what_every_number_follows(little: Little) -> None:
    ask = company(little)
    assert ask("win_rate_bases", **ASKED).filter("is_chosen")["basis"].to_list() == ["count"]
    agree("value")
    assert load_settings().win_rate_basis == "value"
    assert is_stale()
    rebuild()
    forget_caches()
    assert ask("win_rate_bases", **ASKED).filter("is_chosen")["basis"].to_list() == ["value"]
    assert ask("freshness")["win_rate_basis"].to_list() == ["value"]
    versions = definition_versions(open_store(), "win_rate")
    assert standing(versions, "win_rate", "value") == (
        "Win rate by value, agreed by Ann (marketing) and Bo (sales) on 4 May 2026: It fits us"
    )
    assert "though by value is agreed by Ann" in standing(versions, "win_rate", "count")
    agree("cohort")
    assert load_settings().win_rate_basis == "cohort"
    assert [line.split(":")[0] for line in history_lines(definition_versions(open_store(), "win_rate"))] == [
        "Version 2",
        "Version 1",
    ]
    # What was decided before is in force again once the newest is undone on Import health.
    undo(decisions_in_force()[0].number, "Ann")
    assert load_settings().win_rate_basis == "value"


def test_the_sourced_test_and_the_coverage_follow_too(home: Path) -> None:
    agree("first_touch", "sourced")
    agree("full", "coverage")
    settings = load_settings()
    assert (settings.sourced_test, settings.coverage_basis) == ("first_touch", "full")


def test_one_signature_changes_nothing(home: Path) -> None:
    version = propose(open_store(), "win_rate", "value", date(2026, 5, 4), "Why", "Ann", team="marketing", seen=0)
    put_in_force(version)
    assert load_settings().win_rate_basis == "count"
    said = standing(definition_versions(open_store(), "win_rate"), "win_rate", "count")
    assert said == "Win rate by count, by the settings: the teams have not agreed on it yet."


def test_a_definition_that_is_none_is_refused(home: Path) -> None:
    with pytest.raises(SettingsError, match="known are win_rate: count, value"):
        decide([Word("definition", "win_rate", "weight")], "Ann")


def test_coverage_two_ways() -> None:
    row = {"coverage_to_go": 4.0, "coverage_full": 2.5, "won_amount": 1000}
    said = coverage_gap(row, NUMBERS)
    assert said.startswith("To go is 4.0×, full is 2.5×. The same open deals")
    assert coverage_gap({**row, "coverage_to_go": None}, NUMBERS).startswith("One of the two cannot be told")


def test_without_tests_to_compare_nothing_is_said_of_them() -> None:
    empty = pl.DataFrame(schema={"is_by_field": pl.Boolean, "is_by_first_touch": pl.Boolean})
    assert "cannot be compared" in sourced_gap(empty, "source_field", "first_touch", NUMBERS)
    assert win_rate_sums(pl.DataFrame(), NUMBERS) == "No deal is counted by one and not by the other."
