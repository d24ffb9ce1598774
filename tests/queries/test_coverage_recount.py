"""Coverage and waterfall of the sample, counted again from its export files in plain Python, with none of our SQL."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Ask

ZONE = ZoneInfo("America/New_York")
RATES = {"USD": Decimal(1), "EUR": Decimal("1.08"), "GBP": Decimal("1.27")}
STATUS = {"Closed Won": "won", "Closed Lost": "lost"}


@dataclass(frozen=True)
class State:
    """What a deal was from a moment on."""

    stage: str
    amount: Decimal | None
    close: date | None

    @property
    def status(self) -> str:
        return STATUS.get(self.stage, "open")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def state_of(row: dict[str, str]) -> State:
    return State(
        row["StageName"],
        Decimal(row["Amount"]) if row["Amount"] else None,
        date.fromisoformat(row["CloseDate"]) if row["CloseDate"] else None,
    )


class Recount:
    """The deals of the export, each as its history says it was."""

    def __init__(self, folder: Path) -> None:
        self.deals = {row["Id"]: row for row in rows(folder / "salesforce" / "Opportunity.csv")}
        self.paths: dict[str, list[tuple[datetime, State | None]]] = {key: [] for key in self.deals}
        for row in sorted(rows(folder / "salesforce" / "OpportunityHistory.csv"), key=lambda row: row["Id"]):
            if row["OpportunityId"] in self.paths:
                self.paths[row["OpportunityId"]].append((self.moment(row["CreatedDate"]), state_of(row)))
        for key, row in self.deals.items():
            gone = row["IsDeleted"] == "1"
            self.paths[key].append((self.moment(row["SystemModstamp"]), None if gone else state_of(row)))
            self.paths[key].sort(key=lambda step: step[0])

    @staticmethod
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)

    def on(self, key: str, day: date) -> State | None:
        found = None
        for moment, state in self.paths[key]:
            if moment.astimezone(ZONE).date() <= day:
                found = state
        return found

    def base(self, key: str, state: State) -> Decimal | None:
        rate = RATES.get(self.deals[key]["CurrencyIsoCode"])
        if rate is None or state.amount is None:
            return None
        return (state.amount * rate).quantize(Decimal("0.01"), ROUND_HALF_EVEN)

    def due(self, day: date, start: date, end: date) -> dict[str, Decimal | None]:
        found = {}
        for key in self.deals:
            state = self.on(key, day)
            if state and state.status == "open" and state.close and max(day, start) <= state.close < end:
                found[key] = self.base(key, state)
        return found

    def won(self, day: date, start: date, end: date) -> list[Decimal | None]:
        found = []
        for key in self.deals:
            state = self.on(key, day)
            if state and state.status == "won" and state.close and start <= state.close < end:
                found.append(self.base(key, state))
        return found

    def step(self, key: str, before: date, after: date, end: date) -> str:
        """Return why a deal that is in the pipeline of one of the two days alone is not in that of the other."""
        was, became = self.on(key, before), self.on(key, after)
        is_in_after = became is not None and became.status == "open" and became.close and after <= became.close < end
        if is_in_after:
            if was is None:
                return "created" if self.created(key) > before else "reopened"
            if was.status != "open":
                return "reopened"
            return "pulled_in" if was.close is None or was.close >= end else "redated"
        if became is None:
            return "deleted"
        if became.status != "open":
            return became.status
        return "pushed_out" if became.close is None or became.close >= end else "overdue"

    def created(self, key: str) -> date:
        return self.moment(self.deals[key]["CreatedDate"]).astimezone(ZONE).date()


@pytest.fixture(scope="module")
def recount(sample_exports: Path) -> Recount:
    return Recount(sample_exports)


DAYS = [
    (date(2026, 11, 9), date(2026, 11, 16), "2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
    (date(2026, 4, 20), date(2026, 6, 10), "2026-Q2", date(2026, 4, 1), date(2026, 7, 1)),
]


@pytest.mark.parametrize(("before", "after", "period", "start", "end"), DAYS)
def test_what_is_due_and_won(
    sample: Ask, recount: Recount, before: date, after: date, period: str, start: date, end: date
) -> None:
    for day in (before, after):
        row = sample("funnel_coverage", as_of=day, period=period).row(0, named=True)
        due, won = recount.due(day, start, end), recount.won(day, start, end)
        assert (row["open_count"], row["won_count"]) == (len(due), len(won))
        assert row["open_amount"] == sum(amount for amount in due.values() if amount is not None)
        assert row["won_amount"] == sum(amount for amount in won if amount is not None)


@pytest.mark.parametrize(("before", "after", "period", "start", "end"), DAYS)
def test_what_moved(
    sample: Ask, recount: Recount, before: date, after: date, period: str, start: date, end: date
) -> None:
    opening, closing = recount.due(before, start, end), recount.due(after, start, end)
    counts: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for key in opening | closing:
        if key in opening and key in closing:
            change = (closing[key] or Decimal(0)) - (opening[key] or Decimal(0))
            step = "increased" if change > 0 else "decreased" if change < 0 else "unchanged"
        else:
            step = recount.step(key, before, after, end)
            change = (closing.get(key) or Decimal(0)) - (opening.get(key) or Decimal(0))
        counts[step] += 1
        amounts[step] += change  # type: ignore[assignment]
    found = {
        row["step"]: row
        for row in sample("pipeline_waterfall", since=before, as_of=after, period=period).iter_rows(named=True)
        if row["step"] not in ("opening", "closing") and row["deals"]
    }
    assert {step: row["deals"] for step, row in found.items()} == dict(counts)
    assert {step: row["amount"] or 0 for step, row in found.items()} == dict(amounts)
    assert len(counts) >= 4
