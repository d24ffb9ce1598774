"""What history says of a running period, on the sample: recounted from the raw files, walked forward, and said in words."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from charts.numbers import NumberFormat
from reports.chance import (
    Backtest,
    backtest,
    backtest_finding,
    chance_finding,
    kind_of,
    outlook,
    required_by,
    required_finding,
    shown_chance,
)
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")
AS_OF = date(2026, 11, 16)
QUARTER = (date(2026, 10, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("start", "end", "as_of", "kind"),
    [
        (*QUARTER, AS_OF, "quarter"),
        (date(2026, 11, 1), date(2026, 12, 1), AS_OF, "month"),
        (date(2026, 2, 1), date(2027, 2, 1), AS_OF, "year"),
        (*QUARTER, date(2026, 12, 31), None),
        (*QUARTER, date(2026, 9, 30), None),
        (date(2026, 10, 1), date(2026, 12, 1), AS_OF, None),
        (None, None, AS_OF, None),
    ],
)
def test_only_a_running_month_quarter_or_year_is_forecast(
    start: date | None, end: date | None, as_of: date, kind: str | None
) -> None:
    assert kind_of(start, end, as_of) == kind


def test_what_was_won_in_the_rest_of_a_past_quarter_is_counted_again(sample: Ask, sample_exports: Path) -> None:
    """The upper half of a past yield, from the CRM's own file in plain Python."""
    found = outlook(sample, scope={"as_of": AS_OF}, kind="quarter", won=0.0, goal=None)
    row = found.yields.filter(pl.col("period") == "2026-Q2").row(0, named=True)
    with (sample_exports / "salesforce" / "Opportunity.csv").open(encoding="utf-8") as file:
        won = [
            Decimal(deal["Amount"])
            for deal in csv.DictReader(file)
            if deal["IsWon"] in ("1", "true")
            and deal["Amount"]
            and deal["CurrencyIsoCode"] in ("", "USD")
            and deal["IsDeleted"] not in ("1", "true")
            and row["day"] < date.fromisoformat(deal["CloseDate"]) < row["period_end"]
        ]
    # Deals in other currencies come on top, at the plan rate.
    assert float(sum(won)) <= float(row["won_amount"]) <= float(sum(won)) * 1.5
    assert row["won_count"] >= len(won)


def test_the_outlook_adds_up(sample: Ask) -> None:
    found = outlook(sample, scope={"as_of": AS_OF}, kind="quarter", won=50_000.0, goal=130_000.0)
    row = found.row
    assert row["expected"] == pytest.approx(50_000 + row["expected_open"] + row["expected_new"])
    assert row["p10"] <= row["p50"] <= row["p90"]
    assert 0 <= row["chance"] <= 1
    assert found.distribution["probability"].sum() == pytest.approx(1, abs=0.01)
    assert found.deals.height == sample("open_deals_to_go").height
    assert "with a chance of" in chance_finding(found, None, NUMBERS)
    assert "Our own history asks" in required_finding(found.required, "quarter", 4.0, (3.0, 5.0), NUMBERS)


def test_a_short_history_says_so_and_leaves_the_rule(sample: Ask) -> None:
    found = outlook(sample, scope={"as_of": date(2025, 2, 10)}, kind="quarter", won=0.0, goal=1000.0)
    assert found.row["p50"] is None
    assert "not known" in chance_finding(found, None, NUMBERS)
    assert "the rule asks 3-5×" in required_finding(found.required, "quarter", 4.0, (3.0, 5.0), NUMBERS)


def test_each_look_back_knows_nothing_that_came_later(sample: Ask) -> None:
    """The forecast of a past day is that of the page on that day, whenever it is asked."""
    tested = backtest(sample, scope={"as_of": AS_OF}, every=45)
    assert tested.said.height
    one = tested.said.row(-1, named=True)
    then = outlook(sample, scope={"as_of": one["day"]}, kind="quarter", won=one["won_then"], goal=one["goal"])
    assert then.row["p50"] == pytest.approx(one["p50"])
    came = sample("win_rate", as_of=AS_OF, period=one["period"])
    assert one["came"] == pytest.approx(float(came["won_amount"][0]))
    assert "P10 and P90" in backtest_finding(tested, NUMBERS)


def test_where_the_forecast_is_no_better_the_plain_one_leads(sample: Ask) -> None:
    found = outlook(sample, scope={"as_of": AS_OF}, kind="quarter", won=50_000.0, goal=130_000.0)
    score = pl.DataFrame({"verdict": ["worse"], "periods": [6]})
    tested = Backtest(pl.DataFrame(), pl.DataFrame(), pl.DataFrame(), score, 0)
    text = chance_finding(found, tested, NUMBERS)
    assert text.startswith(f"By the weighted pipeline the quarter ends at {NUMBERS.money(found.plain)}")
    assert "was worse" in text
    better = Backtest(pl.DataFrame(), pl.DataFrame(), pl.DataFrame(), score.with_columns(verdict=pl.lit("better")), 0)
    assert "with a chance of" in chance_finding(found, better, NUMBERS)


def test_required_coverage_by_a_dimension_names_why_not(sample: Ask) -> None:
    found = required_by(
        sample, scope={"as_of": AS_OF}, kind="quarter", dimension="segment", values=("Small", "nothing")
    )
    assert found["dimension_value"].to_list() == ["Small", "nothing"]
    assert found["reason"][1] is not None


def test_nothing_is_sure_before_it_is_over() -> None:
    assert [shown_chance(value, NUMBERS) for value in (1.0, 0.0, 0.6, None)] == ["over 99%", "under 1%", "60%", "–"]
