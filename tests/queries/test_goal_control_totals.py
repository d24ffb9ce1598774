"""Goals against a plain recount: the sample's from its own files, a real team's quotas from their published totals."""

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import Ask

# Opportunities created, their quotas, and the amount accepted, by the quarter of the decision (as published with the data).
CREATED = {"2021-Q1": 34, "2021-Q2": 57, "2021-Q3": 98, "2021-Q4": 126, "2022-Q1": 188, "2022-Q2": 268, "2022-Q3": 290}
QUOTAS = {"2021-Q2": 50, "2021-Q3": 100, "2021-Q4": 175, "2022-Q1": 200, "2022-Q2": 250, "2022-Q3": 250}
ACCEPTED = {
    "2021-Q1": "67937.96",
    "2021-Q2": "197437.76",
    "2021-Q3": "236191.79",
    "2021-Q4": "382217.75",
    "2022-Q1": "551325.11",
    "2022-Q2": "843451.03",
    "2022-Q3": "702096.66",
    "2022-Q4": "33573.51",
}


@pytest.mark.parametrize("quarter", CREATED)
def test_a_real_teams_opportunities_and_quotas(real: Callable[[str], Ask], quarter: str) -> None:
    ask = real("marketstar_sdr")
    asked = {"measure": "opportunity_count", "period": quarter}
    assert ask("goal_by_day", **asked)["actual_to_date"].max() == CREATED[quarter]
    goal = ask("goal_progress", scope="company", **asked)
    if quarter not in QUOTAS:
        assert goal["goal"].drop_nulls().is_empty()
    else:
        row = goal.row(0, named=True)
        assert (row["goal"], row["actual"]) == (QUOTAS[quarter], CREATED[quarter])
        assert row["attainment"] == pytest.approx(CREATED[quarter] / QUOTAS[quarter])
    by_owner = ask("goal_attainment", scope="owner", **asked)
    assert by_owner["actual"].sum() == CREATED[quarter]


@pytest.mark.parametrize("quarter", ACCEPTED)
def test_a_real_teams_accepted_amounts(real: Callable[[str], Ask], quarter: str) -> None:
    course = real("marketstar_sdr")("goal_by_day", measure="accepted_amount", period=quarter)
    assert course["actual_to_date"].drop_nulls()[-1] == Decimal(ACCEPTED[quarter])


def test_what_is_not_recorded_of_a_real_team_is_a_dash(real: Callable[[str], Ask]) -> None:
    """What became of the deals is not in these exports, so nothing is won, expected or left."""
    ask = real("marketstar_sdr")
    assert ask("goal_by_day", period="2022-Q2")["actual_to_date"].null_count() == 91
    assert ask("goal_won_sizes").is_empty()
    assert ask("won_by_customer").is_empty()
    steps = ask("goal_steps")
    assert set(steps["won"]) == {None}


def test_goals_of_the_sample_counted_again_from_its_files(sample: Ask, sample_exports: Path) -> None:
    """The newest version of each goal of the sheet, and the quotas of owners, are those in force."""
    with (sample_exports / "goals.csv").open(encoding="utf-8-sig", newline="") as file:
        versions = defaultdict(list)
        for row in csv.DictReader(file):
            key = (row["measure"], row["period"], row["scope"], row["scope_value"] or None)
            versions[key].append((row["set_on"], Decimal(row["value"])))
    in_force = sample("goals_in_force")
    starts = {
        row["period_start"]: row["period"] for row in sample("fiscal_periods").to_dicts() if row["kind"] == "quarter"
    }
    found = {
        (row["measure"], starts[row["period_start"]], row["scope"], row["scope_value"]): row["value"]
        for row in in_force.filter(pl.col("scope") != "owner").to_dicts()
    }
    assert found == {key: max(told)[1] for key, told in versions.items()}
    assert any(len(told) > 1 for told in versions.values())
    with (sample_exports / "salesforce" / "ForecastingQuota.csv").open(encoding="utf-8-sig", newline="") as file:
        quotas = list(csv.DictReader(file))
    owners = in_force.filter(scope="owner")
    assert owners.height == len({(row["QuotaOwnerId"], row["StartDate"]) for row in quotas})


def test_won_amounts_of_the_sample_counted_again_deal_by_deal(sample: Ask) -> None:
    """What the goals count as won is what the records of won deals add up to, by owner and in all."""
    quarter = {"period": "2026-Q3"}
    deals = sample("outcome_records", outcome="won", **quarter)
    by_owner: dict[str, Decimal] = defaultdict(Decimal)
    for row in deals.iter_rows(named=True):
        if row["amount_base"] is not None and row["owner"] is not None:
            by_owner[row["owner"]] += row["amount_base"]
    carried = sample("goal_attainment", scope="owner", **quarter)
    assert {row["scope_value"]: row["actual"] for row in carried.to_dicts() if row["actual"]} == {
        owner: amount for owner, amount in by_owner.items() if amount
    }
    company = sample("goal_progress", measure="won_amount", scope="company", **quarter).row(0, named=True)
    assert company["actual"] == deals["amount_base"].sum()
    assert company["period_start"] == date(2026, 7, 1)
