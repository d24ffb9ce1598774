"""Lately against before, the weakest step, contact and calls, in cases that the hand-worked company does not have."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tests.conftest import PROJECT, Ask, Little
from tests.little import Row, deal, lead, lost, won

FEW = (PROJECT / "settings.toml").read_text(encoding="utf-8").replace("flag_under = 30", "flag_under = 4")


def call(n: int, day: date, **more: Any) -> Row:
    """Return a completed outbound call."""
    return {
        "Id": f"00T{n:012d}AAA",
        "WhoId": "",
        "WhatId": "",
        "Subject": "Call",
        "Status": "Completed",
        "IsClosed": 1,
        "ActivityDate": f"{day}",
        "TaskSubtype": "Call",
        "CallType": "Outbound",
        "CreatedDate": f"{day}T15:00:00.000Z",
        "CompletedDateTime": f"{day}T15:00:00.000Z",
        "SystemModstamp": f"{day}T15:00:00.000Z",
        **more,
    }


def test_the_change_of_a_share_has_the_interval_of_newcombes_example(little: Little) -> None:
    # Newcombe (1998), method 10: 56 of 70 against 48 of 80, a difference of 0.2 with 0.0524 to 0.3339.
    became = [n <= 56 for n in range(1, 71)] + [n <= 48 for n in range(1, 81)]
    days = ["2026-02-01"] * 70 + ["2025-08-01"] * 80
    ask = little(
        deals=[deal(n, CreatedDate=f"{day}T15:00:00.000Z") for n, day in enumerate(days, 1)],
        leads=[
            lead(n, "Web", day, deal=n if is_deal else None, ConvertedDate=day if is_deal else "")
            for n, (day, is_deal) in enumerate(zip(days, became, strict=True), 1)
        ],
    )
    row = ask("lead_change", dimension="source").row(0, named=True)
    assert (row["lately_reached"], row["lately_leads"], row["before_reached"], row["before_leads"]) == (56, 70, 48, 80)
    assert row["change"] == pytest.approx(0.2)
    assert (row["change_low"], row["change_high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert row["is_different"] is True
    assert ask("lead_change", source=["Nowhere"]).is_empty()


def test_the_weakest_step_and_what_the_median_there_would_bring(little: Little) -> None:
    # Of 8 leads each: A 4 deals, 2 won; B 4 deals, 1 won; C 2 deals, 1 won. Each won deal carries 100.
    deals: list[Row] = []
    leads: list[Row] = []
    for source, became, won_of_them in (("A", 4, 2), ("B", 4, 1), ("C", 2, 1)):
        for n in range(8):
            number = len(leads) + 1
            is_deal = n < became
            leads.append(lead(number, source, "2026-01-01", deal=number if is_deal else None))
            if is_deal:
                deals.append((won if n < won_of_them else lost)(number, 100, "2026-03-20"))
    ask = little(FEW, deals=deals, leads=leads)
    found = {
        (row["dimension_value"], row["stage"]): row
        for row in ask("weakest_step", dimension="source", days=100).iter_rows(named=True)
    }
    assert [found[source, "opportunity"]["rate"] for source in "ABC"] == [0.5, 0.5, 0.25]
    assert found["C", "opportunity"]["median_rate"] == 0.5
    # C has too few deals for a win rate of its own: the median of A's and B's, 0.375. 8 x (0.5 - 0.25) x 0.375.
    assert found["C", "opportunity"]["won_more"] == pytest.approx(0.75)
    assert found["C", "opportunity"]["amount_more"] == pytest.approx(75)
    assert (found["C", "won"]["of_median"], found["C", "won"]["won_more"]) == (None, None)
    assert found["B", "won"]["won_more"] == pytest.approx(4 * (0.375 - 0.25))
    weakest = [key for key, row in found.items() if row["is_weakest"]]
    assert weakest == [("B", "won"), ("C", "opportunity")]  # nothing of A lies below
    assert not any(row["is_sure"] for row in found.values())


def test_a_step_at_the_medians_rate_would_bring_what_is_said(sample: Ask) -> None:
    frame = sample("weakest_step", dimension="source", days=60)
    for row in frame.filter(pl.col("won_more").is_not_null()).iter_rows(named=True):
        assert row["rate"] < row["median_rate"]
        assert 0 <= row["won_more"] <= row["before"] * (row["median_rate"] - row["rate"]) + 1e-9
    assert frame.group_by("dimension_value").agg(pl.col("is_weakest").sum())["is_weakest"].max() == 1
    opened = frame.filter(stage="opportunity").row(0, named=True)
    records = sample(
        "lead_records",
        stage="opportunity",
        days=60,
        dimension="source",
        dimension_value=[opened["dimension_value"] or ""],
    )
    assert records.filter("is_sql").height == opened["went_on"]


def test_a_slump_is_three_low_weeks_or_more(little: Little) -> None:
    monday = date(2026, 1, 5)
    calls_a_week = [10, 10, 5, 10, 10, 4, 5, 5, 10, 10, 10]
    tasks = [
        call(100 * week + n, monday + timedelta(days=7 * week + n % 5))
        for week, count in enumerate(calls_a_week)
        for n in range(count)
    ]
    tasks += [
        call(5000, monday + timedelta(days=35), CallType="Inbound"),
        call(5001, monday, Status="Not Started", IsClosed=0),
    ]
    ask = little(
        deals=[
            deal(1, CreatedDate="2026-01-06T15:00:00.000Z"),
            deal(2, CreatedDate="2026-02-10T15:00:00.000Z"),
            deal(3, Type="Renewal", CreatedDate="2026-02-10T15:00:00.000Z"),
        ],
        tasks=tasks,
    )
    found = ask("weekly_calls", as_of="2026-03-22")
    assert found["week"].to_list() == [monday + timedelta(days=7 * n) for n in range(11)]
    assert found["calls"].to_list() == calls_a_week
    assert found["usual_calls"][0] == 10
    assert [n for n, low in enumerate(found["is_low"]) if low] == [2, 5, 6, 7]
    assert [n for n, slump in enumerate(found["is_slump"]) if slump] == [5, 6, 7]
    assert found["deals"].to_list() == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    opened = ask("call_records", period_start="2026-02-09", period_end="2026-02-16")
    assert opened.height == 4
    # The week of the day shown is whole only at its end.
    assert ask("weekly_calls", as_of="2026-03-21").height == 10


def test_activities_with_a_deal_count_while_it_was_open(little: Little) -> None:
    on = {"WhatId": f"006{1:012d}AAA"}
    ask = little(
        deals=[
            won(1, 300, "2026-02-03", Type="Expansion"),
            lost(2, 100, "2026-01-24", Type="Expansion"),
            won(3, 100, "2026-01-05", Type="New Business"),
        ],
        tasks=[
            call(1, date(2026, 1, 4), **on),  # the day before it was created
            call(2, date(2026, 1, 5), **on),
            call(3, date(2026, 2, 3), **on),
            call(4, date(2026, 2, 4), **on),  # the day after it was won
            call(5, date(2026, 1, 20), **on, Status="Not Started", IsClosed=0),
            call(6, date(2026, 1, 20), **on, TaskSubtype="ListEmail"),
        ],
    )
    found = {row["dimension_value"]: row for row in ask("selling_by_type").iter_rows(named=True)}
    expansion = found["expansion"]
    assert (expansion["activities"], expansion["activities_per_deal"]) == (2, 1.0)
    # Open for 30 and for 20 days, their first days counted.
    assert expansion["activities_per_month"] == pytest.approx(30 * 2 / 50)
    assert (expansion["rate"], expansion["average_won"], expansion["cycle_days"]) == (0.5, 300, 29.0)
    assert found["new"]["activities"] == 0


def test_the_four_win_rates_agree_with_the_win_rate(sample: Ask) -> None:
    for period in ("2025", "2026-Q2"):
        plain = sample("win_rate", period=period).row(0, named=True)
        bases = {row["basis"]: row for row in sample("win_rate_bases", period=period).iter_rows(named=True)}
        assert (bases["count"]["won"], bases["count"]["deals"]) == (plain["won"], plain["won"] + plain["lost"])
        assert bases["count"]["rate"] == plain["rate"]
        assert bases["value"]["rate"] == pytest.approx(plain["rate_by_value"])
        cohort = sample("deal_cohort_records", period=period)
        assert (bases["cohort"]["won"], bases["cohort"]["deals"]) == (cohort["is_won"].sum(), cohort.height)
        velocity = sample("sales_velocity", period=period).row(0, named=True)
        assert (velocity["won"], velocity["win_rate"]) == (plain["won"], plain["rate"])
        assert velocity["cycle_days"] == plain["median_cycle_days"]
        assert velocity["open_deals"] == sample("pipeline_records", kind="open").height
        types = sample("selling_by_type", period=period)
        assert (types["won"].sum(), types["won_amount"].sum()) == (plain["won"], plain["won_amount"])


def test_cells_of_cohorts_are_their_records(sample: Ask) -> None:
    frame = sample("lead_cohorts", stage="opportunity", grain="quarter")
    assert frame.filter(~pl.col("is_mature"))["rate"].null_count() == frame.filter(~pl.col("is_mature")).height > 0
    for row in frame.filter("is_mature").iter_rows(named=True):
        opened = sample(
            "lead_records",
            stage="opportunity",
            days=row["days"],
            period_start=row["cohort"],
            period_end=row["cohort_end"],
        )
        assert opened.height == row["reached"]
    assert frame.filter(days=30)["leads"].sum() == sample("lead_records")["created_date"].drop_nulls().len()


def test_stages_reached_in_the_period_are_their_records(sample: Ask) -> None:
    for row in sample("lead_funnel_of_period", period="2026-Q2").iter_rows(named=True):
        opened = sample("lead_records", basis="period", stage=row["stage"], period="2026-Q2")
        assert opened.height == row["reached"]
