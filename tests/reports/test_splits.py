"""Leads or selling on the page: its sides are at equal maturity, its ends are counted again from the raw files, its words fit."""

import csv
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from charts.leads_split import points, rate_to_rate
from charts.numbers import NumberFormat
from estimators import leads_or_selling
from reports.findings_split import coming_finding, part_table, response_finding, split_finding, units_finding
from reports.splits import against_others, response, sides_of, spans, still_to_come, two_periods
from tests.conftest import Ask, Little
from tests.little import lead, won

NUMBERS = NumberFormat("USD", "en")
AS_OF = date(2026, 11, 16)


def cells(side: str, leads: int, sql: int, won: int, source: str = "Web") -> dict[str, object]:
    row: dict[str, object] = {
        "side": side,
        "source": source,
        "segment": None,
        "leads": leads,
        "mql": leads,
        "sal": leads,
    }
    return row | {"sql": sql, "won": won}


def split(*rows: dict[str, object]) -> pl.DataFrame:
    return leads_or_selling(pl.DataFrame(list(rows), schema_overrides={"segment": pl.String}), draws=200)


def test_sides_end_where_leads_have_just_had_the_time() -> None:
    sides = sides_of(AS_OF, 90)
    youngest = sides.after[1] - timedelta(days=1)
    assert youngest + timedelta(days=90) == AS_OF
    assert sides.before[1] == sides.after[0]


def test_it_is_the_selling_where_only_closing_fell() -> None:
    text = split_finding(split(cells("before", 2000, 1000, 300), cells("after", 2000, 1000, 100)), NUMBERS, "A", "B")
    assert "5.0% of A were won, 10.0 points fewer than of B (15.0%)." in text
    assert "It is the selling, not the leads." in text
    assert "came with closing" in text


def test_it_is_the_leads_where_only_the_mix_moved() -> None:
    parts = split(
        cells("before", 1000, 500, 300),
        cells("before", 1000, 100, 10, "List"),
        cells("after", 200, 100, 60),
        cells("after", 1800, 180, 18, "List"),
    )
    assert "It is the leads, not the selling." in split_finding(parts, NUMBERS, "A", "B")


def test_noise_cannot_be_told_and_nothing_is_said_to_be_nothing() -> None:
    text = split_finding(split(cells("before", 200, 100, 10), cells("after", 200, 101, 11)), NUMBERS, "A", "B")
    assert "cannot be told: each part could be chance" in text
    assert "cannot be told" in split_finding(split(cells("before", 10, 5, 1)), NUMBERS, "A", "B")


@pytest.mark.parametrize(
    ("value", "text"), [(0.016, "+1.6"), (-0.004, "−0.4"), (-0.0003, "−0.03"), (0.00001, "0.0"), (None, "not recorded")]
)
def test_points_are_read_with_their_sign(value: float | None, text: str) -> None:
    assert points(NUMBERS, value) == text


def test_the_figure_goes_from_rate_to_rate() -> None:
    parts = split(cells("before", 2000, 1000, 300), cells("after", 2000, 1000, 100))
    bar = rate_to_rate(parts, "Before", "Lately", NUMBERS).data[0]
    assert bar.x[0] == pytest.approx(0.15)
    assert bar.x[-1] == pytest.approx(0.05)
    ends = [base + length for base, length in zip(bar.base, bar.x, strict=True)]
    assert min(bar.base[-2], ends[-2]) == pytest.approx(0.05)


def test_the_ends_are_counted_again_from_the_raw_files(sample: Ask, sample_exports: Path) -> None:
    """The won rates of both sides, from the CRM's own files in plain Python: leads by creation day, wins by close date."""
    found = two_periods(sample, scope={"as_of": AS_OF}, days=90)
    assert found.parts["value"].sum() == pytest.approx(found.parts["after"][0] - found.parts["before"][0], abs=1e-12)
    assert found.by_source.group_by("part").agg(pl.col("value").sum()).sort("part")["value"].to_list() == pytest.approx(
        found.parts.sort("part")["value"].to_list(), abs=1e-12
    )
    plain = sample("lead_to_close_within", period_start=found.sides.after[0], period_end=found.sides.after[1], days=90)
    assert found.parts["after_leads"][0] == plain["leads"][0]
    with (sample_exports / "salesforce" / "Opportunity.csv").open(encoding="utf-8") as file:
        won = {row["Id"]: row["CloseDate"] for row in csv.DictReader(file) if row["IsWon"] in ("1", "true")}
    with (sample_exports / "salesforce" / "Lead.csv").open(encoding="utf-8") as file:
        own = [
            row
            for row in csv.DictReader(file)
            if row["ConvertedOpportunityId"] in won and row["CreatedDate"] and row["IsDeleted"] not in ("1", "true")
        ]
    first, after = found.sides.after
    counted = sum(
        first <= day < after and date.fromisoformat(won[row["ConvertedOpportunityId"]]) <= day + timedelta(days=90)
        for row in own
        if (day := date.fromisoformat(row["CreatedDate"][:10]))
    )
    # Created near midnight in UTC is another day in the company's zone.
    assert plain["won"][0] == pytest.approx(counted, abs=2)


def test_units_response_and_what_is_to_come_on_the_sample(sample: Ask) -> None:
    scope = {"as_of": AS_OF}
    owners = against_others(sample, scope=scope, days=90, dimension="owner")
    assert owners.filter(pl.col("part") == "acceptance")["value"].abs().max() == 0
    assert units_finding(owners, NUMBERS, "owner")
    assert part_table(owners, "unit", "Owner", NUMBERS).height == owners["unit"].n_unique()
    assert "answered" in response_finding(response(sample, scope=scope, days=90), NUMBERS)
    params = {"as_of": AS_OF, "period_start": date(2023, 11, 16), "period_end": date(2026, 11, 17)}
    coming = still_to_come(sample, params=params)
    assert coming.cured["ever_won"][0] >= coming.cured["won_so_far"][0]
    months = coming.coming.filter(pl.col("span") != "in all")
    assert months["expected"].sum() == pytest.approx(
        coming.coming.filter(pl.col("span") == "in all")["expected"][0], rel=0.02
    )
    assert "sooner or later" in coming_finding(coming.cured, coming.coming, NUMBERS)


def test_spans_are_calendar_months_from_tomorrow_on() -> None:
    found = spans(date(2026, 11, 16))
    assert found.row(0) == ("Nov 2026", 1, 14)
    assert found.row(1) == ("Dec 2026", 15, 45)
    assert found.row(-1)[0] == "in all"
    assert spans(date(2026, 11, 30)).row(0) == ("Dec 2026", 1, 31)


def test_leads_from_before_the_first_win_on_record_are_in_neither_side(little: Little) -> None:
    """Where wins begin to be recorded late, earlier leads look as if none of them was ever won."""
    ask = little(
        leads=[lead(n, created="2025-02-01") for n in range(1, 30)]
        + [lead(n, created="2026-01-10", deal=n if n < 60 else None) for n in range(50, 90)],
        deals=[won(n, close="2026-01-20") for n in range(50, 60)],
    )
    found = two_periods(ask, scope={"as_of": date(2026, 5, 2)}, days=90)
    assert found.parts.is_empty()
    assert "first win on record" in split_finding(found.parts, NUMBERS, "A", "B")
