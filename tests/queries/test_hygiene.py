"""Pushed, silent and overdue deals of a little company; and the chance of a stage, own or configured."""

import pytest

from tests.conftest import Ask, Little
from tests.little import Row, deal, lost, won
from tests.queries.test_waterfall import state

ASKED = {"period": "2026-Q2", "as_of": "2026-05-02"}


def task(n: int, deal: int, day: str, **more: object) -> Row:
    """Return a call on a deal that was completed on a day."""
    return {
        "Id": f"00T{n:012d}AAA",
        "WhoId": "",
        "WhatId": f"006{deal:012d}AAA",
        "Subject": "Call",
        "ActivityDate": day,
        "Status": "Completed",
        "IsClosed": 1,
        "TaskSubtype": "Call",
        "CreatedDate": f"{day}T15:00:00.000Z",
        "CompletedDateTime": f"{day}T15:00:00.000Z",
        "SystemModstamp": f"{day}T15:00:00.000Z",
        **more,
    }


@pytest.fixture
def messy(little: Little) -> Ask:
    """Return a company of five deals: one pushed, one silent, one both, one overdue, one sound."""
    closes = ["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]
    pushed = [
        state(n, f"2026-0{month}-10", "Qualification", 100 * n, close)
        for n in (1, 3)
        for month, close in enumerate(closes, start=1)
    ]
    # Moved to an earlier day and back twice: only the two moves to a later day are pushes.
    back = ["2026-06-30", "2026-05-31", "2026-06-30", "2026-05-31", "2026-06-30"]
    forth = [
        state(5, f"2026-03-{10 + place}", "Qualification", 500, close) for place, close in enumerate(back, start=1)
    ]
    return little(
        Opportunity=[
            deal(1, 100),
            deal(2, 200),
            deal(3, 300),
            deal(4, 400, "2026-04-25"),
            deal(5, 500),
        ],
        OpportunityHistory=[
            *pushed,
            state(2, "2026-01-05", "Qualification", 200, "2026-06-30"),
            state(4, "2026-01-05", "Qualification", 400, "2026-04-25"),
            *forth,
        ],
        Task=[
            task(1, 1, "2026-04-20"),
            # Neither an open task nor a list mail is a sign of life; the call was 31 days ago.
            task(2, 2, "2026-04-01"),
            task(3, 2, "2026-04-28", Status="Not Started", IsClosed=0, CompletedDateTime=""),
            # 29 days ago: not yet silent.
            task(5, 5, "2026-04-03"),
            # After the as-of day it had not happened yet.
            task(6, 3, "2026-05-03"),
        ],
    )


def test_pushed_silent_and_both(messy: Ask) -> None:
    found = {
        row["name"]: (row["pushes"], row["is_pushed"], row["silent_days"], row["is_silent"], row["is_overdue"])
        for row in messy("open_deals", kind="open", **ASKED).iter_rows(named=True)
    }
    assert found == {
        "Deal 1": (3, True, 12, False, False),
        "Deal 2": (0, False, 31, True, False),
        "Deal 3": (3, True, 117, True, False),  # since it was created on 5 Jan
        "Deal 4": (0, False, 117, True, True),
        "Deal 5": (2, False, 29, False, False),
    }


def test_a_deal_that_is_both_is_one_suspect(messy: Ask) -> None:
    row = messy("coverage_without_suspects", **ASKED).row(0, named=True)
    assert (row["due_count"], row["due_amount"]) == (4, 1_100)
    assert (row["pushed_count"], row["pushed_amount"]) == (2, 400)
    assert (row["silent_count"], row["silent_amount"]) == (2, 500)
    assert (row["suspect_count"], row["suspect_amount"]) == (3, 600)
    assert (row["overdue_count"], row["overdue_amount"]) == (1, 400)
    for kind in ("due", "pushed", "silent", "suspect", "overdue"):
        records = messy("open_deals", kind=kind, **ASKED)
        assert (records.height, records["amount_base"].sum()) == (row[f"{kind}_count"], row[f"{kind}_amount"])
    assert messy("open_deals", kind="sound", **ASKED)["name"].to_list() == ["Deal 5"]


def test_without_activities_silence_is_not_known(little: Little) -> None:
    ask = little(Opportunity=[deal(1, 100)])
    row = ask("coverage_without_suspects", **ASKED).row(0, named=True)
    assert (row["silent_count"], row["silent_amount"], row["suspect_count"]) == (None, None, 0)
    assert ask("open_deals", **ASKED)["silent_days"].to_list() == [None]


def test_the_settings_say_when_a_deal_is_silent_or_pushed(little: Little, messy: Ask) -> None:
    from tests.conftest import PROJECT  # noqa: PLC0415

    assert messy("coverage_without_suspects", **ASKED)["silent_after"][0] == 30
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    changed = text.replace("silent_days = 30", "silent_days = 20").replace("pushed_times = 3", "pushed_times = 2")
    ask = little(changed, Opportunity=[deal(1, 100)], Task=[task(1, 1, "2026-04-10")])
    row = ask("coverage_without_suspects", **ASKED).row(0, named=True)
    assert (row["silent_after"], row["pushed_times"]) == (20, 2)


def test_a_chance_is_configured_until_enough_deals_are_decided(little: Little) -> None:
    def decided(n: int, stage: str) -> list[Row]:
        return [
            state(n, "2026-01-05", "Qualification", 100, "2026-06-30") | {"Probability": 20},
            state(n, "2026-04-01", stage, 100, "2026-04-01") | {"Probability": 100 if stage == "Closed Won" else 0},
        ]

    outcomes = ["Closed Won", "Closed Lost", "Closed Lost", "Closed Won"]
    history = [row for n, stage in enumerate(outcomes, start=2) for row in decided(n, stage)]
    opportunities = [
        deal(1, 1_000, Probability=20),
        *((won if stage == "Closed Won" else lost)(n, 100, "2026-04-01") for n, stage in enumerate(outcomes, start=2)),
    ]
    open_one = state(1, "2026-01-05", "Qualification", 1_000, "2026-06-30") | {"Probability": 20}
    ask = little(Opportunity=opportunities, OpportunityHistory=[open_one, *history])
    four = ask("stage_ageing", **ASKED).row(0, named=True)
    assert (four["decided"], four["chance"], four["chance_from"], four["weighted_amount"]) == (
        4,
        0.2,
        "configured",
        200,
    )
    # A fifth, lost: 2 of 5 are our own history. Won deals spent 86 days there, from 5 January to 1 April.
    ask = little(
        Opportunity=[*opportunities, lost(6, 100, "2026-04-01")],
        OpportunityHistory=[open_one, *history, *decided(6, "Closed Lost")],
    )
    five = ask("stage_ageing", **ASKED).row(0, named=True)
    assert (five["decided"], five["chance"], five["chance_from"], five["weighted_amount"]) == (
        5,
        0.4,
        "own history",
        400,
    )
    assert (five["won_deals"], five["won_median_days"]) == (2, None)
