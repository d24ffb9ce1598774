"""Samples for the tests of the sample maker: each is made once in a session, and read as it was written."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.make_sample import main

EMPTY_LOOKUP = "000000000000000AAA"
RATES = {"USD": 1.0, "EUR": 1.08, "GBP": 1.27, "BRL": 0.0}


@dataclass
class Sample:
    """A sample on disk: its truth, and its tables as text, nothing written being null."""

    folder: Path
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def truth(self) -> dict:
        """What truth.json says."""
        return json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))

    def plant(self, name: str) -> dict:
        """Give one planted truth."""
        return next(plant for plant in self.truth["plants"] if plant["plant"] == name)

    def csv(self, name: str) -> pl.DataFrame:
        """Read one file; empty cells and empty lookups are null."""
        if name not in self.tables:
            frame = pl.read_csv(self.folder / f"{name}.csv", infer_schema=False)
            self.tables[name] = frame.with_columns(pl.all().replace({"": None, EMPTY_LOOKUP: None}))
        return self.tables[name]

    def table(self, name: str) -> pl.DataFrame:
        """Read one Salesforce table."""
        return self.csv(f"salesforce/{name}")

    def deals(self) -> pl.DataFrame:
        """Give the opportunities that are not deleted, with their amount in dollars."""
        return in_dollars(self.table("Opportunity").filter(pl.col("IsDeleted") == "0"))

    @property
    def past_quarters(self) -> list[str]:
        """The quarters that are over, of samples that end in 2026-Q4."""
        return [f"{year}-Q{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4)][3:11]

    def won_goals(self) -> dict[str, float]:
        """Give the company's goal of each quarter; where it was changed, the later one."""
        goals = self.csv("goals").filter((pl.col("measure") == "won_amount") & (pl.col("scope") == "company"))
        latest = goals.sort("set_on", maintain_order=True).group_by("period", maintain_order=True).last()
        return {period: float(value) for period, value in latest.select("period", "value").iter_rows()}

    def attainment(self, quarter: str) -> float:
        """Give what was won in a quarter, over its goal."""
        first, following = quarter_days(quarter)
        is_inside = (pl.col("CloseDate") >= first) & (pl.col("CloseDate") < following)
        won = self.deals().filter(is_inside & (pl.col("IsWon") == "1"))
        return won["dollars"].sum() / self.won_goals()[quarter]

    def coverage(self, quarter: str) -> float:
        """Give the open pipeline due in a quarter at its start, over its goal."""
        first, following = quarter_days(quarter)
        history = in_dollars(self.table("OpportunityHistory").filter(pl.col("IsDeleted") == "0"))
        before = history.filter(pl.col("CreatedDate") < f"{first}T05").sort("CreatedDate", "Id")
        state = before.group_by("OpportunityId", maintain_order=True).last()
        is_open = ~pl.col("StageName").str.starts_with("Closed")
        is_due = (pl.col("CloseDate") >= first) & (pl.col("CloseDate") < following)
        return state.filter(is_open & is_due)["dollars"].sum() / self.won_goals()[quarter]


def in_dollars(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the amount in dollars, nought where there is none or no plan rate."""
    rate = pl.col("CurrencyIsoCode").replace_strict(RATES, return_dtype=pl.Float64)
    return frame.with_columns(dollars=pl.col("Amount").cast(pl.Float64).fill_null(0.0) * rate)


def quarter_days(label: str) -> tuple[str, str]:
    """Give the first day of a quarter and of the one after."""
    year, quarter = int(label[:4]), int(label[-1])
    following = date(year + quarter // 4, quarter * 3 % 12 + 1, 1)
    return date(year, quarter * 3 - 2, 1).isoformat(), following.isoformat()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give an empty folder of the test's own; what all tests share may be beside it."""
    empty = tmp_path / "out"
    empty.mkdir()
    return empty


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Sample]:
    """Give a maker of samples that makes each only once."""
    made: dict[tuple, Sample] = {}

    def make_once(scale: float = 0.02, seed: int = 7, plant: str = "all", again: int = 0) -> Sample:
        key = (scale, seed, plant, again)
        if key not in made:
            folder = tmp_path_factory.mktemp("sample")
            arguments = ["--scale", str(scale), "--seed", str(seed), "--plant", plant, "--out", str(folder)]
            assert main(arguments) == 0
            made[key] = Sample(folder)
        return made[key]

    return make_once


@pytest.fixture(scope="session")
def sample(make: Callable[..., Sample]) -> Sample:
    """Give a tenth of the usual sample."""
    return make(scale=0.1)


@pytest.fixture(scope="session")
def planted(make: Callable[..., Sample]) -> Sample:
    """Give a sample of the usual size, large enough for the plants to be measured."""
    return make(scale=1)


@pytest.fixture(scope="session")
def unplanted(make: Callable[..., Sample]) -> Sample:
    """Give the same sample without any plants."""
    return make(scale=1, plant="none")
