"""The waterfall: every step on a little company, and to the cent between any two days."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import PROJECT, Ask, Little
from tests.little import Row, deal, lost, won

Q2 = {"period": "2026-Q2"}
BETWEEN = {"since": "2026-04-10", "as_of": "2026-04-30", **Q2}
ENDS = ("opening", "closing")


def state(n: int, day: str, stage: str, amount: object, close: str) -> Row:
    """Return what a deal was from a day on."""
    return {
        "Id": f"008{n:03d}{day.replace('-', '')}0AAA",
        "OpportunityId": f"006{n:012d}AAA",
        "CreatedDate": f"{day}T15:00:00.000Z",
        "StageName": stage,
        "Amount": amount,
        "CloseDate": close,
        "ForecastCategory": "Pipeline",
        "SystemModstamp": f"{day}T15:00:00.000Z",
        "IsDeleted": 0,
    }


def moved(
    n: int, amount: object, close: str, to_amount: object, to_close: str, to_stage: str = "Qualification"
) -> list[Row]:
    """Return a deal that was so on 5 January and otherwise since 20 April."""
    return [
        state(n, "2026-01-05", "Qualification", amount, close),
        state(n, "2026-04-20", to_stage, to_amount, to_close),
    ]


@pytest.fixture
def every_step(little: Little) -> Ask:
    """Return a company in which one deal stands in each step between 10 and 30 April."""
    changed = {"modified": "2026-04-20"}
    deals = [
        deal(1, 100, modified="2026-04-15", CreatedDate="2026-04-15T15:00:00.000Z"),
        deal(2, 200, **changed),
        deal(4, 400, **changed),
        deal(5, 500, "2026-06-10", **changed),
        deal(6, 650, **changed),
        deal(7, 640, **changed),
        deal(8, 800, "2026-08-10", **changed),
        deal(9, 900, "2026-04-20", modified="2026-01-05"),
        lost(10, 1000, **changed),
        won(11, 1100, **changed),
        deal(12, 1200, IsDeleted=1, **changed),
        deal(13, 1300, StageName="Fog", IsClosed="", IsWon="", **changed),
        deal(14, 1400, modified="2026-01-05"),
        deal(15, 1500, "", **changed),
        deal(16, "", modified="2026-01-05"),
        deal(99, 1, "2027-06-30"),  # its own change makes 2 May the newest day
    ]
    history = [
        state(1, "2026-04-15", "Qualification", 100, "2026-06-30"),
        *moved(2, 200, "2026-08-15", 200, "2026-06-30"),
        state(4, "2026-01-05", "Qualification", 400, "2026-06-30"),
        state(4, "2026-04-01", "Closed Lost", 400, "2026-04-01"),
        state(4, "2026-04-20", "Qualification", 400, "2026-06-30"),
        *moved(5, 500, "2026-04-05", 500, "2026-06-10"),
        *moved(6, 600, "2026-06-30", 650, "2026-06-30"),
        *moved(7, 700, "2026-06-30", 640, "2026-06-30"),
        *moved(8, 800, "2026-06-10", 800, "2026-08-10"),
        state(9, "2026-01-05", "Qualification", 900, "2026-04-20"),
        *moved(10, 1000, "2026-06-30", 1000, "2026-04-20", "Closed Lost"),
        *moved(11, 1100, "2026-06-30", 1100, "2026-04-20", "Closed Won"),
        state(12, "2026-01-05", "Qualification", 1200, "2026-06-30"),
        *moved(13, 1300, "2026-06-30", 1300, "2026-06-30", "Fog"),
        state(14, "2026-01-05", "Qualification", 1400, "2026-06-30"),
        *moved(15, 1500, "2026-06-30", 1500, ""),
        state(16, "2026-01-05", "Qualification", "", "2026-06-30"),
        state(99, "2026-01-05", "Qualification", 1, "2027-06-30"),
    ]
    return little(Opportunity=deals, OpportunityHistory=history)


def test_each_deal_stands_in_its_step(every_step: Ask) -> None:
    found = {row["step"]: row for row in every_step("pipeline_waterfall", **BETWEEN).iter_rows(named=True)}
    assert {step: (row["amount"], row["deals"]) for step, row in found.items() if row["deals"]} == {
        "opening": (10_500, 11),  # 6 to 16: 600 700 800 900 1000 1100 1200 1300 1400 1500 and none
        "created": (100, 1),
        "pulled_in": (200, 1),
        "reopened": (400, 1),
        "redated": (500, 1),
        "increased": (50, 1),
        "decreased": (-60, 1),
        "pushed_out": (-2_300, 2),  # to August, and to no day
        "overdue": (-900, 1),
        "lost": (-1_000, 1),
        "won": (-1_100, 1),
        "deleted": (-1_200, 1),
        "unmapped": (-1_300, 1),
        "unchanged": (0, 2),  # 14, and 16 without an amount
        "closing": (3_890, 8),  # 100 200 400 500 650 640 1400 and none
    }


def test_slippage_counts_what_moved_past_the_end_of_the_period(every_step: Ask) -> None:
    row = every_step("period_starts", as_of="2026-04-30", **Q2).row(-1, named=True)
    # On 31 March 4 to 16 were due: 400, 500 and the 10,500. 8 moved to August and 15 to no day; 12 and 13 are gone.
    assert (row["due_count"], row["due_amount"]) == (13, 11_400)
    assert (row["slipped_count"], row["slipped_amount"]) == (2, 2_300)
    assert (row["slippage"], row["slippage_by_value"]) == (pytest.approx(2 / 13), pytest.approx(2_300 / 11_400))
    assert (row["won_due_amount"], row["lost_amount"], row["left_count"]) == (1_100, 1_000, 9)
    slipped = every_step("period_start_records", as_of="2026-04-30", outcome="slipped", **Q2)
    assert slipped.select("name", "close_after").rows() == [("Deal 15", None), ("Deal 8", date(2026, 8, 10))]
    # By the end of the quarter before, nothing was known to be due but the deals that were there on 31 December: none.
    assert every_step("period_starts", as_of="2026-04-30", **Q2)["due_count"].to_list() == [0, 13]


def test_a_deal_that_was_due_earlier_slipped_into_a_period_to_come(little: Little) -> None:
    ask = little(
        Opportunity=[deal(1, 100, "2026-07-15", "2026-04-20"), deal(2, 200, "2026-05-15", "2026-04-20"), deal(3, 5)],
        OpportunityHistory=[
            *moved(1, 100, "2026-06-10", 100, "2026-07-15"),
            *moved(2, 200, "2026-08-10", 200, "2026-05-15"),
            state(3, "2026-01-05", "Qualification", 5, "2026-06-30"),
        ],
    )
    found = ask("pipeline_waterfall", **{**BETWEEN, "period": "2026-Q3"})
    assert {row["step"]: row["amount"] for row in found.iter_rows(named=True) if row["deals"]} == {
        "opening": 200,
        "slipped_in": 100,
        "pulled_ahead": -200,
        "closing": 100,
    }


RATES = """
[currency_rates]
EUR = [{ rate = 1.10 }, { from = 2026-07-01, rate = 1.20 }]
"""


def test_what_a_rate_changed_is_the_currencys(little: Little) -> None:
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    start = text.index("[currency_rates]")
    text = text[:start] + RATES.strip() + text[text.index("\n\n", start) :]
    ask = little(
        text,
        Opportunity=[
            deal(1, 100, "2026-07-15", "2026-04-20", CurrencyIsoCode="EUR"),
            deal(2, 300, "2026-07-15", "2026-04-20", CurrencyIsoCode="EUR"),
            deal(3, 5, CurrencyIsoCode="USD"),
        ],
        OpportunityHistory=[
            *moved(1, 100, "2026-06-10", 100, "2026-07-15"),
            *moved(2, 200, "2026-06-10", 300, "2026-07-15"),
            state(3, "2026-01-05", "Qualification", 5, "2026-06-30"),
        ],
    )
    found = ask("pipeline_waterfall", **{**BETWEEN, "period": "2026"})
    assert {row["step"]: row["amount"] for row in found.iter_rows(named=True) if row["deals"]} == {
        "opening": 110 + 220 + 5,
        "increased": 360 - 220,
        "currency": 10,
        "unchanged": 0,
        "closing": 120 + 360 + 5,
    }


def owned(n: int, day: str, old: str, new: str) -> Row:
    """Return a change of a deal's owner."""
    return {
        "Id": f"017{n:012d}AAA",
        "OpportunityId": f"006{n:012d}AAA",
        "CreatedDate": f"{day}T15:00:00.000Z",
        "Field": "Owner",
        "OldValue": old,
        "NewValue": new,
    }


def test_deals_that_changed_hands_go_out_of_one_pipeline_and_into_the_other(little: Little) -> None:
    ann, bo = "005000000000001AAA", "005000000000002AAA"
    users = [
        {
            "Id": ann,
            "Name": "Ann Lee",
            "Username": "ann@x.test",
            "IsActive": 1,
            "SystemModstamp": "2026-05-01T00:00:00Z",
        },
        {"Id": bo, "Name": "Bo Kim", "Username": "bo@x.test", "IsActive": 1, "SystemModstamp": "2026-05-01T00:00:00Z"},
    ]
    ask = little(
        User=users,
        Opportunity=[
            deal(1, 100, OwnerId=bo, modified="2026-04-20"),
            deal(2, 200, OwnerId=ann, modified="2026-04-20"),
            deal(3, 5, OwnerId=ann),
        ],
        OpportunityHistory=[
            state(n, "2026-01-05", "Qualification", a, "2026-06-30") for n, a in ((1, 100), (2, 200), (3, 5))
        ],
        OpportunityFieldHistory=[
            owned(1, "2026-01-05", "", ann),
            owned(2, "2026-01-05", "", ann),
            owned(3, "2026-01-05", "", ann),
            owned(1, "2026-04-20", ann, bo) | {"Id": "017000000000009AAA"},
        ],
    )

    def of(owner: str) -> dict[str, Any]:
        frame = ask("pipeline_waterfall", owner=[owner], **BETWEEN)
        return {row["step"]: row["amount"] for row in frame.iter_rows(named=True) if row["deals"]}

    assert of("Ann Lee") == {"opening": 305, "owner_out": -100, "unchanged": 0, "closing": 205}
    assert of("Bo Kim") == {"owner_in": 100, "closing": 100}


SCOPES = ({}, {"segment": ["Enterprise"]}, {"business_type": ["new"]}, {"region": ["West", ""]})
PERIODS = ("2025-Q1", "2025-Q3", "2026-Q2", "2026-Q4", "2026", "2026-11")


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    last=st.integers(0, 600),
    days=st.integers(0, 200),
    period=st.sampled_from(PERIODS),
    scope=st.sampled_from(SCOPES),
)
def test_steps_add_up_to_the_cent_between_any_two_days(
    sample: Ask, last: int, days: int, period: str, scope: dict[str, Any]
) -> None:
    as_of = date(2026, 11, 16) - timedelta(days=last)
    since = as_of - timedelta(days=days)
    asked = {"period": period, **scope}
    steps = sample("pipeline_waterfall", as_of=as_of, since=since, **asked)
    between = steps.filter(~pl.col("step").is_in(ENDS))
    amounts = dict(steps.select("step", "amount").rows())
    counts = dict(steps.select("step", "deals").rows())
    records = sample("pipeline_waterfall_records", as_of=as_of, since=since, **asked)
    assert records["record_id"].n_unique() == records.height  # each deal in one step
    assert set(records["step"]) <= set(between["step"])
    if steps["assumed_before"][0] + steps["assumed_after"][0]:
        assert steps["amount"].null_count() == steps.height
        return
    for end, day in (("opening", since), ("closing", as_of)):
        row = sample("funnel_coverage", as_of=day, **asked).row(0, named=True)
        assert (amounts[end], counts[end]) == (row["open_amount"], row["open_count"])
    known = {step: amount or 0 for step, amount in amounts.items()}
    assert known["opening"] + sum(known[step] for step in between["step"]) == known["closing"]
    by_step = dict(records.group_by("step").agg(pl.col("change").sum()).rows())
    assert {step: by_step.get(step, 0) for step in between["step"]} == {step: known[step] for step in between["step"]}
    assert records.filter(pl.col("step").is_not_null()).height == between["deals"].sum()
