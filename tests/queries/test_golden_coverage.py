"""Coverage in time and in depth, worked out by hand for the company of tests/golden (its facts: test_golden.py)."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from tests.conftest import Ask, Little
from tests.little import deal

Q2 = {"period": "2026-Q2"}


def steps(frame: pl.DataFrame) -> dict[str, tuple[Any, int]]:
    """Return amount and deals of every step in which a deal stands."""
    return {row["step"]: (row["amount"], row["deals"]) for row in frame.iter_rows(named=True) if row["deals"]}


def test_waterfall_from_the_start_of_the_quarter(golden: Ask) -> None:
    # On 31 Mar D1 1,200.01 (due 10 Apr), D2 5,000 (since the 30th due 20 Jun), D4 800, D5 4,000 were due. Since then D1
    # was won, D5 lost, D4 became overdue on 2 May; D3 20,000, D6 1,080, D7 and D8 (both nothing) were created. D10 came
    # and was deleted in between: it is in neither end, and in no step.
    assert steps(golden("pipeline_waterfall", since="2026-03-31", **Q2)) == {
        "opening": (Decimal("11000.01"), 4),
        "created": (21_080, 4),
        "overdue": (-800, 1),
        "lost": (-4_000, 1),
        "won": (Decimal("-1200.01"), 1),
        "unchanged": (0, 1),  # D2
        "closing": (26_080, 5),
    }


def test_waterfall_takes_the_amount_of_each_end(golden: Ask) -> None:
    # On 19 Mar D1 stood at 1,000, and D2 was due in the quarter before. On 15 Apr D10 was there.
    assert steps(golden("pipeline_waterfall", since="2026-03-19", as_of="2026-04-15", **Q2)) == {
        "opening": (5_800, 3),
        "created": (20_700, 2),  # D3, D10
        "slipped_in": (5_000, 1),  # D2
        "won": (-1_000, 1),
        "unchanged": (0, 2),
        "closing": (30_500, 5),
    }


def test_waterfall_of_a_week_by_default(golden: Ask) -> None:
    found = golden("pipeline_waterfall", **Q2)
    assert found["since_date"].unique().to_list() == [date(2026, 5, 8)]
    assert steps(found) == {
        "opening": (26_780, 6),
        "deleted": (-700, 1),  # D10, on 10 May
        "unchanged": (0, 5),
        "closing": (26_080, 5),
    }


def test_waterfall_records_of_a_step(golden: Ask) -> None:
    asked = {"since": "2026-03-31", **Q2}
    created = golden("pipeline_waterfall_records", step="created", **asked)
    assert created.select("name", "change").rows() == [
        ("D3 Core", 20_000),
        ("D6 Core", 1_080),
        ("D7 Acme", None),
        ("D8 Core", None),
    ]
    lost = golden("pipeline_waterfall_records", step="lost", **asked).row(0, named=True)
    assert (lost["name"], lost["change"], lost["close_before"], lost["close_after"], lost["line"]) == (
        "D5 Bolt",
        -4_000,
        date(2026, 4, 30),
        date(2026, 4, 20),
        7,
    )


def test_coverage_week_by_week_against_the_goal_of_then(golden: Ask) -> None:
    found = {row["day"]: row for row in golden("coverage_by_week", **Q2).iter_rows(named=True)}
    assert len(found) == 12
    assert min(found) == date(2026, 3, 1)
    early = found[date(2026, 3, 29)]  # D1 1,200.01, D4 800, D5 4,000, against the first of two goals
    assert (early["goal"], early["open_amount"], early["coverage_to_go"]) == (
        9_000,
        Decimal("6000.01"),
        pytest.approx(6_000.01 / 9_000),
    )
    april = found[date(2026, 4, 12)]  # D1 is won; the goal was raised on 1 Apr
    assert (april["goal"], april["won_amount"], april["open_amount"]) == (10_000, Decimal("1200.01"), 30_500)
    assert april["coverage_to_go"] == pytest.approx(30_500 / 8_799.99)
    assert april["coverage_full"] == pytest.approx(31_700.01 / 10_000)
    may = found[date(2026, 5, 3)]  # D4 is overdue; D2, D3, D6, D10, and D7 and D8 without an amount
    assert (may["open_amount"], may["open_count"]) == (26_780, 6)
    assert [row["is_complete"] for row in found.values()] == [True] * 11 + [False]
    assert found[date(2026, 5, 15)]["open_amount"] == 26_080


def test_this_and_the_next_periods(golden: Ask) -> None:
    found = golden("coverage_by_period", **Q2)
    assert found["period"].to_list() == ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"]
    assert found.select("goal", "won_amount", "open_amount", "verdict", "missing_amount").rows() == [
        (10_000, Decimal("1200.01"), 26_080, "thin", Decimal("319.97")),
        (None, 0, 0, None, None),
        (None, 0, 0, None, None),
        (None, 0, 0, None, None),
    ]
    year = golden("coverage_by_period", period="2026")
    assert year["period"].to_list()[0] == "2026"
    assert year["won_amount"].to_list()[0] == Decimal("4200.01")  # D1, D9
    months = golden("coverage_by_period", period="2026-05")
    assert months.select("period", "open_amount").rows()[:2] == [("2026-05", 1_080), ("2026-06", 25_000)]
    # Without a period, the quarter of the as-of day.
    assert golden("coverage_by_period", as_of="2026-02-20")["period"].to_list()[0] == "2026-Q1"


def test_how_the_quarter_began(golden: Ask) -> None:
    first, second = golden("period_starts", **Q2).iter_rows(named=True)
    # D5 and D9 were there before 2026-Q1, but D9 was created in it and D5 too: nothing was due when it began.
    assert (first["period"], first["is_over"], first["due_count"], first["won_amount"]) == ("2026-Q1", True, 0, 3_000)
    assert (first["slippage"], first["goal"]) == (None, None)
    assert (second["due_amount"], second["due_count"]) == (Decimal("11000.01"), 4)  # D1, D2, D4, D5
    assert second["coverage_at_start"] == pytest.approx(1.100001)
    assert second["attained"] == pytest.approx(0.120001)
    assert (second["won_due_amount"], second["lost_amount"], second["left_amount"]) == (
        Decimal("1200.01"),
        4_000,
        5_800,
    )
    assert (second["won_due_count"], second["lost_count"], second["slipped_count"], second["left_count"]) == (
        1,
        1,
        0,
        2,
    )
    assert second["is_over"] is False


def test_deals_that_were_due_when_the_quarter_began(golden: Ask) -> None:
    found = golden("period_start_records", **Q2)
    assert dict(found.select("name", "outcome").rows()) == {
        "D1 Acme": "won",
        "D5 Bolt": "lost",
        "D2 Bolt": "left open",
        "D4 Acme": "left open",
    }
    assert golden("period_start_records", outcome="lost", **Q2)["amount_base"].to_list() == [4_000]


def test_pipeline_created_by_week(golden: Ask) -> None:
    found = {row["week_start"]: row for row in golden("pipeline_created_by_week").iter_rows(named=True)}
    assert min(found) == date(2026, 1, 5)  # the first deals: D9 on 5 Jan, D5 on the 10th
    assert (found[date(2026, 1, 5)]["deals"], found[date(2026, 1, 5)]["amount"]) == (2, 7_000)
    # D1 came on Sunday 1 Mar at 1,000 (it stands at 1,200.01 now), from the Web.
    march = found[date(2026, 2, 23)]
    assert (march["deals"], march["sourced_deals"], march["amount"]) == (1, 1, 1_000)
    # D3 on 1 Apr; D10, of 5 Apr, was deleted.
    assert (found[date(2026, 3, 30)]["deals"], found[date(2026, 3, 30)]["amount"]) == (1, 20_000)
    # D7 and D8: neither adds anything, so what was created is a dash, not 0.
    assert (found[date(2026, 4, 27)]["deals"], found[date(2026, 4, 27)]["amount"]) == (2, None)
    assert found[date(2026, 5, 4)]["amount"] == 0
    assert found[date(2026, 5, 11)]["is_complete"] is False
    # Of the 18 weeks that are over, 11 saw no deal.
    assert {(row["median_deals"], row["median_amount"]) for row in found.values()} == {(0, 0)}
    records = golden("pipeline_created_records", week_start="2026-02-23")
    assert records.select("name", "amount_base", "is_sourced").rows() == [("D1 Acme", 1_000, True)]


def test_what_is_usual_is_not_told_by_a_few_known_weeks(little: Little) -> None:
    # Without history the amounts of the first two weeks are assumed; that of the last was seen as it was created.
    old = [deal(n, 100, CreatedDate=f"2026-04-{day}T15:00:00.000Z") for n, day in ((1, "07"), (2, "14"))]
    fresh = deal(3, 500, modified="2026-04-21", CreatedDate="2026-04-21T15:00:00.000Z")
    found = little(Opportunity=[*old, fresh])("pipeline_created_by_week")
    assert found.filter(pl.col("is_complete"))["amount"].to_list() == [None, None, 500]
    assert found["median_amount"].null_count() == found.height


def test_ageing_and_worth_by_stage(golden: Ask) -> None:
    found = {row["stage"]: row for row in golden("stage_ageing", **Q2).iter_rows(named=True)}
    first, later = found["Prospecting"], found["Proposal/Price Quote"]
    # D3 44 days, D6 25, D7 14, D8 13; D1 alone is decided there: the CRM's own 10% stands in.
    assert (first["deals"], first["amount"], first["median_days"]) == (4, 21_080, 19.5)
    assert (first["decided"], first["chance"], first["chance_from"]) == (1, 0.1, "configured")
    assert first["weighted_amount"] == 2_108
    # D1 was there for 40 days: one won deal, and the settings ask for two.
    assert (first["won_deals"], first["won_median_days"], first["older_than_median"]) == (1, None, None)
    assert (later["deals"], later["median_days"], later["weighted_amount"]) == (1, 46, 2_500)  # D2, since 30 Mar
    assert list(found) == ["Prospecting", "Proposal/Price Quote"]


def test_chances_are_our_own_where_enough_deals_are_decided(golden: Ask) -> None:
    # D4 is at Qualification; D2 passed it and is open; D5 was lost from there, D9 won: one of two.
    row = golden("stage_ageing", as_of="2026-04-25", **Q2).filter(pl.col("stage") == "Qualification")
    assert row.select("decided", "chance", "chance_from", "amount", "weighted_amount").rows() == [
        (2, 0.5, "own history", 800, 400)
    ]


def test_suspects(golden: Ask) -> None:
    row = golden("coverage_without_suspects", **Q2).row(0, named=True)
    # No activity was completed on any open deal: D2 (61 days old) and D3 (44) are silent; D6, D7, D8 are younger than 30.
    assert (row["due_count"], row["suspect_count"], row["silent_count"], row["pushed_count"]) == (5, 2, 2, 0)
    assert (row["due_amount"], row["suspect_amount"], row["silent_amount"]) == (26_080, 25_000, 25_000)
    assert (row["overdue_count"], row["overdue_amount"]) == (1, 800)
    assert row["coverage_to_go"] == pytest.approx(26_080 / 8_799.99)
    assert row["coverage_without"] == pytest.approx(1_080 / 8_799.99)
    assert (row["verdict_without"], row["silent_after"], row["pushed_times"]) == ("thin", 30, 3)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("due", ["D3 Core", "D2 Bolt", "D6 Core", "D7 Acme", "D8 Core"]),
        ("silent", ["D3 Core", "D2 Bolt"]),
        ("suspect", ["D3 Core", "D2 Bolt"]),
        ("sound", ["D6 Core", "D7 Acme", "D8 Core"]),
        ("pushed", []),
        ("overdue", ["D4 Acme"]),
        ("open", ["D3 Core", "D2 Bolt", "D6 Core", "D4 Acme", "D7 Acme", "D8 Core"]),
    ],
)
def test_open_deals_by_kind(golden: Ask, kind: str, names: list[str]) -> None:
    assert golden("open_deals", kind=kind, **Q2)["name"].to_list() == names


def test_open_deals_say_their_age_pushes_and_silence(golden: Ask) -> None:
    row = golden("open_deals", stage=["Proposal/Price Quote"], **Q2).row(0, named=True)
    assert (row["name"], row["age_days"], row["stage_days"], row["pushes"], row["silent_days"]) == (
        "D2 Bolt",
        61,
        46,
        1,
        61,
    )
    assert (row["forecast"], row["usual_stage_days"]) == ("pipeline", None)


def test_forecast_then_and_now(golden: Ask) -> None:
    row = golden("forecast_by_category", since="2026-04-15", **Q2).row(0, named=True)
    # Then: D2, D3, D4, D5, D10. D5 was lost; D4 became overdue and D10 was deleted: moved.
    assert (row["forecast"], row["deals_then"], row["amount_then"]) == ("pipeline", 5, 30_500)
    assert (row["deals"], row["amount"]) == (5, 26_080)
    assert (row["then_won_deals"], row["then_lost_amount"], row["then_moved_amount"]) == (0, 4_000, 1_500)
    then = golden("forecast_records", on_day="2026-04-15", forecast=["pipeline"], **Q2)
    assert dict(then.select("name", "status_now").rows())["D5 Bolt"] == "lost"
    assert dict(then.select("name", "status_now").rows())["D10 Acme"] is None
    assert then["amount_base"].sum() == 30_500


def test_what_is_missing(golden: Ask) -> None:
    row = golden("pipeline_missing", **Q2).row(0, named=True)
    assert (row["left_amount"], row["missing_amount"]) == (Decimal("8799.99"), Decimal("319.97"))
    assert row["weeks_left"] == pytest.approx(46 / 7)  # 16 May to 30 Jun
    assert row["needed_per_week"] == Decimal("48.69")
    assert (row["won_deals"], row["average_won_amount"]) == (2, Decimal("2100.01"))  # D1, D9: 2,100.005
    assert row["missing_deals"] == 1
    # No lead is 180 days old.
    assert (row["lead_to_deal"], row["missing_leads"]) == (None, None)
    assert row["reason"] == "too few leads are old enough to say how many become a deal"


def test_what_is_missing_is_unknown_without_a_goal_and_nothing_once_it_is_covered(golden: Ask) -> None:
    none = golden("pipeline_missing", source=["Web"], **Q2).row(0, named=True)
    assert (none["left_amount"], none["missing_amount"], none["missing_deals"]) == (None, None, None)
    assert none["reason"] == "no goal is set for exactly this period and these filters"
    ann = golden("pipeline_missing", owner=["Ann Lee"], **Q2).row(0, named=True)
    assert (ann["missing_amount"], ann["missing_deals"], ann["missing_leads"], ann["reason"]) == (0, 0, 0, None)


def test_an_assumed_past_is_a_dash(golden: Ask) -> None:
    # Owners of the past are not in the history export: who owned a deal then is assumed, so a filter by owner has no past.
    row = golden("pipeline_waterfall", since="2026-03-31", owner=["Ann Lee"], **Q2)
    assert row["assumed_before"][0] > 0
    assert row["amount"].null_count() == row.height
    weeks = golden("coverage_by_week", owner=["Ann Lee"], **Q2)
    assert weeks.filter(pl.col("assumed_count") > 0)["open_amount"].null_count() > 0
