"""The promises between marketing and sales, worked out by hand: week edges, limits, business hours; records that add up."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.conftest import PROJECT, Ask, Little
from tests.little import Row, deal, lead, status, won
from tests.queries.test_leads_handoff import MQL, REJECTED, SAL, SETTINGS, passed, task

WEEK = date(2026, 4, 6)  # a Monday
LIMITS = {"decision_days": 5, "response_hours": 24, "attempts": 2, "attempt_days": 14}
PROMISES = ("leads", "mql", "accepted", "decided", "responded", "attempts")


def history() -> list[Row]:
    return [
        passed(1, 1, "2026-04-06"),
        status(2, 1, "2026-04-11", MQL, SAL),  # on the fifth day
        passed(3, 2, "2026-04-06"),
        status(4, 2, "2026-04-12", MQL, SAL),  # on the sixth
        passed(5, 3, "2026-04-06"),
        passed(6, 4, "2026-04-06"),
        status(7, 4, "2026-04-08", MQL, "Recycled"),
        passed(8, 5, "2026-04-06"),
        status(9, 5, "2026-04-07", MQL, REJECTED),
        passed(10, 6, "2026-04-12"),  # on the last day of the week
        passed(11, 9, "2026-03-02"),  # from when on passes and attempts are known
        status(12, 9, "2026-03-03", MQL, SAL),
    ]


def tasks() -> list[Row]:
    return [
        task(1, 1, "2026-04-06T17:00:00"),  # after two hours
        task(2, 2, "2026-04-08T17:00:00"),  # after two days
        task(3, 3, "2026-04-10T17:00:00"),
        task(4, 3, "2026-04-20T17:00:00"),  # on the fourteenth day
        task(5, 4, "2026-04-07T14:00:00"),  # after 23 hours
        task(6, 4, "2026-04-09T14:00:00"),  # after it went back
        task(7, 5, "2026-04-06T16:00:00"),
        task(8, 5, "2026-04-07T16:00:00"),
        task(9, 9, "2026-03-02T16:00:00"),
        task(10, 6, "2026-04-27T16:00:00"),  # after it was left
        task(11, 6, "2026-04-13T16:00:00", CallType="Inbound"),
        task(12, 6, "2026-04-14T16:00:00", Status="Not Started", IsClosed=0, CompletedDateTime=""),
    ]


@pytest.fixture
def by_hand(little: Little) -> Ask:
    return little(
        SETTINGS,
        leads=[
            *(lead(n, created="2026-04-01") for n in range(1, 7)),
            lead(9, created="2026-03-02"),
            lead(7, CreatedDate="2026-04-13T03:30:00Z"),  # Sunday, 23:30 in New York
            lead(8, CreatedDate="2026-04-13T04:30:00Z"),  # Monday, 00:30
        ],
        history=history(),
        tasks=tasks(),
    )


def week(ask: Ask, promise: str, as_of: str = "2026-05-02", first: date = WEEK, **limits: Any) -> dict[str, Any]:
    frame = ask("promises_by_week", as_of=as_of, **{**LIMITS, **limits})
    return frame.filter((pl.col("promise") == promise) & (pl.col("week") == first)).row(0, named=True)


def test_each_promise_of_a_week(by_hand: Ask) -> None:
    found = {name: week(by_hand, name) for name in PROMISES}
    assert {name: (row["kept"], row["counted"], row["open"]) for name, row in found.items()} == {
        "leads": (1, None, 0),  # the one of Sunday night
        "mql": (6, None, 0),
        "accepted": (2, 3, 3),  # two accepted, one rejected; three undecided or gone back
        "decided": (2, 5, 1),  # on the fifth day and rejected; late, never, never; one went back before
        "responded": (3, 6, 0),
        "attempts": (2, 4, 2),  # rejected after two, left after two; sent back after one, left after none; two accepted
    }
    assert {name: row["judged_from"].isoformat() for name, row in found.items()} == {
        "leads": "2026-04-12",
        "mql": "2026-04-12",
        "accepted": "2026-04-18",
        "decided": "2026-04-18",
        "responded": "2026-04-14",  # 24 hours after Sunday midnight end with Monday: on Tuesday they are over
        "attempts": "2026-04-27",
    }


@pytest.mark.parametrize(
    ("promise", "before", "then"),
    [
        ("accepted", "2026-04-17", "2026-04-18"),
        ("decided", "2026-04-17", "2026-04-18"),
        ("responded", "2026-04-13", "2026-04-14"),
        ("attempts", "2026-04-26", "2026-04-27"),
    ],
)
def test_a_week_is_judged_once_the_limit_has_passed_for_its_last_moment(
    by_hand: Ask, promise: str, before: str, then: str
) -> None:
    assert not week(by_hand, promise, before)["is_due"]
    now, late = week(by_hand, promise, then), week(by_hand, promise)
    assert now["is_due"]
    assert now == late  # what came after the limit moves nothing


def test_a_late_decision_moves_the_quality_of_a_week_and_not_its_punctuality(by_hand: Ask, little: Little) -> None:
    assert week(by_hand, "accepted")["counted"] == 3
    ask = little(
        SETTINGS,
        leads=[*(lead(n, created="2026-04-01") for n in range(1, 7)), lead(9, created="2026-03-02")],
        history=[*history(), status(13, 3, "2026-04-30", MQL, SAL)],
        tasks=tasks(),
    )
    assert (week(ask, "accepted", "2026-04-29")["kept"], week(ask, "accepted")["kept"]) == (2, 3)
    assert week(ask, "decided", "2026-04-29") == week(ask, "decided")


def test_the_limits_are_those_that_are_asked_for(by_hand: Ask) -> None:
    assert week(by_hand, "decided", decision_days=6)["kept"] == 3
    assert week(by_hand, "decided", decision_days=1)["kept"] == 1
    assert week(by_hand, "responded", response_hours=2)["kept"] == 2  # two hours are within two hours
    assert week(by_hand, "responded", response_hours=1)["kept"] == 1
    assert week(by_hand, "attempts", attempts=1)["kept"] == 3
    assert week(by_hand, "attempts", attempt_days=13)["kept"] == 1  # the second attempt of L3 came a day later


def test_a_week_begins_on_the_companys_day(little: Little) -> None:
    ask = little(
        SETTINGS.replace('week_starts_on = "monday"', 'week_starts_on = "sunday"'),
        leads=[lead(1, created="2026-03-01"), lead(2, created="2026-04-11"), lead(3, created="2026-04-12")],
        history=[passed(1, 1, "2026-03-01")],
    )
    assert week(ask, "leads", first=date(2026, 4, 5))["kept"] == 1
    assert week(ask, "leads", first=date(2026, 4, 12))["kept"] == 1
    assert week(ask, "leads", "2026-04-11", first=date(2026, 4, 5))["kept"] == 1  # over at the end of Saturday
    assert ask("promises_by_week", as_of="2026-04-10")["week"].max() == date(2026, 3, 29)


def test_business_hours_stop_the_clock_of_a_promise(little: Little) -> None:
    ask = little(
        SETTINGS + '\n[sla.business_hours]\nopens = "09:00"\ncloses = "17:00"\n',
        leads=[lead(1, created="2026-04-01"), lead(2, created="2026-04-01"), lead(3, created="2026-03-01")],
        history=[
            passed(1, 1, "2026-04-10"),  # Friday, 11:00 in New York
            passed(2, 2, "2026-04-10"),
            passed(3, 3, "2026-03-02"),
        ],
        # Monday 10:00 and 17:30: 7 and 14 open hours.
        tasks=[task(1, 1, "2026-04-13T14:00:00"), task(2, 2, "2026-04-13T21:30:00"), task(3, 3, "2026-03-02T16:00:00")],
    )
    eight = week(ask, "responded", response_hours=8)
    assert (eight["kept"], eight["counted"]) == (1, 2)
    assert eight["judged_from"] == date(2026, 4, 14)  # 8 open hours end with Monday
    assert week(ask, "responded", response_hours=14)["kept"] == 2
    assert week(ask, "responded", response_hours=24)["judged_from"] == date(2026, 4, 16)


def test_what_is_not_recorded_has_no_rows_and_nothing_is_zero(little: Little) -> None:
    ask = little(SETTINGS, leads=[lead(1, created="2026-03-02"), lead(2, created="2026-04-07")])
    frame = ask("promises_by_week", as_of="2026-05-02")
    assert frame["promise"].unique().to_list() == ["leads"]
    assert frame["week"].min() == date(2026, 3, 2)  # none before the first day that is known


def test_a_week_without_leads_counts_none_and_one_without_passes_has_nothing_below_the_line(by_hand: Ask) -> None:
    first = date(2026, 3, 9)
    assert (week(by_hand, "leads", first=first)["kept"], week(by_hand, "decided", first=first)["counted"]) == (0, 0)


@pytest.mark.parametrize("limits", [{}, LIMITS, {"decision_days": 1, "response_hours": 4, "attempts": 5}])
def test_records_add_up_to_each_week_of_the_sample(sample: Ask, limits: dict[str, int]) -> None:
    span = {"period_start": "2026-09-07", "period_end": "2026-11-16"}
    figures = sample("promises_by_week", **span, **limits)
    assert figures.height == 60
    for promise in PROMISES:
        records = sample("promise_records", **span, **limits, promise=promise)
        weeks = records.with_columns(week=pl.col("day") - pl.duration(days=pl.col("day").dt.weekday() - 1))
        for row in figures.filter(pl.col("promise") == promise).iter_rows(named=True):
            own = weeks.filter(pl.col("week") == row["week"])["verdict"].to_list()
            assert own.count("kept") == row["kept"]
            assert own.count("open") == row["open"]
            if row["counted"] is not None:
                assert own.count("kept") + own.count("broken") == row["counted"]
        for verdict in ("kept", "broken", "open"):
            some = sample("promise_records", **span, **limits, promise=promise, verdict=verdict)
            assert some.height == records.filter(pl.col("verdict") == verdict).height


def test_the_promises_are_the_numbers_of_the_other_pages(sample: Ask) -> None:
    """At the limits of the settings: leads, MQL and the SLA kept of the KPIs, and the acceptance of the handoff."""
    span = {"period_start": "2026-09-07", "period_end": "2026-11-09"}
    figures = sample("promises_by_week", **span)
    sums = {
        row["promise"]: row
        for row in figures.group_by("promise").agg(pl.col("kept", "counted", "open").sum()).iter_rows(named=True)
    }
    for promise, metric in (("leads", "lead_count"), ("mql", "mql_count")):
        assert sums[promise]["kept"] == sample("metric_records", **span, metric=metric).height
    waits = sample("speed_to_lead", **span).row(0, named=True)
    responded = sums["responded"]
    assert (responded["kept"], responded["counted"]) == (waits["in_time"], waits["in_time"] + waits["late"])
    accepted = sample("acceptance", **span).row(0, named=True)
    assert (sums["accepted"]["kept"], sums["accepted"]["counted"]) == (
        accepted["accepted"],
        accepted["accepted"] + accepted["rejected"],
    )
    # What the handoff says is past the SLA was not decided in time; of the rest of the broken ones a decision came late.
    late = sample("promise_records", **span, promise="decided", verdict="broken")
    assert late.filter(pl.col("done_date").is_null()).height == accepted["past_sla"]
    assert late.filter(pl.col("done_date") <= pl.col("limit_date")).is_empty()


def test_attempts_are_counted_as_the_export_has_them(sample: Ask) -> None:
    """No pass that was let go has an attempt after it, and one attempt more asked for never keeps more."""
    span = {"period_start": "2026-07-06", "period_end": "2026-11-02"}
    kept = [
        sample("promise_records", **span, promise="attempts", verdict="kept", attempts=wanted).height
        for wanted in range(1, 8)
    ]
    assert kept == sorted(kept, reverse=True)
    records = sample("promise_records", **span, promise="attempts", attempts=3)
    told = records.filter(pl.col("verdict") != "open")
    assert told.filter((pl.col("attempts") >= 3) != (pl.col("verdict") == "kept")).is_empty()
    assert set(told["outcome"]) <= {"rejected", "recycled", "left"}
    assert told["done_date"].null_count() == 0


def test_won_after_kept_and_broken_by_hand(little: Little) -> None:
    """Of passes at least 30 days old: won after the limit, each deal once; won before it proves nothing."""
    ask = little(
        SETTINGS,
        deals=[
            won(1, close="2026-03-20"),
            won(2, close="2026-02-05"),
            won(3, close="2026-04-20"),
            deal(4),
        ],
        leads=[
            lead(1, created="2026-02-01", deal=1, ConvertedDate="2026-02-20"),
            lead(2, created="2026-02-01", deal=2, ConvertedDate="2026-02-04"),  # won within the limit: in no group
            lead(3, created="2026-02-01", deal=3, ConvertedDate="2026-04-01"),  # won too late to count
            lead(4, created="2026-02-01"),
            lead(5, created="2026-04-20"),  # too young
        ],
        history=[
            passed(1, 1, "2026-02-02"),
            status(2, 1, "2026-02-03", MQL, SAL),
            passed(3, 2, "2026-02-02"),
            status(4, 2, "2026-02-03", MQL, SAL),
            passed(5, 3, "2026-02-02"),
            passed(6, 4, "2026-02-02"),
            status(7, 4, "2026-02-04", MQL, REJECTED),
            passed(8, 5, "2026-04-20"),
        ],
    )
    rows = ask("promise_outcomes", as_of="2026-05-02", days=60, decision_days=5).filter(promise="decided")
    assert rows.select("response", "leads", "won").sum().row(0) == (None, 3, 1)
    found = {row["response"]: (row["leads"], row["won"]) for row in rows.iter_rows(named=True)}
    # Decided in time: L1 (won on day 46) and L4. L3 became a deal only in April.
    assert found == {"kept": (2, 1), "broken": (1, 0)}


def test_the_settings_limits_are_the_suggestion(sample: Ask) -> None:
    assert sample("agreement_limits").row(0, named=True) == {
        "decision_days": 5,
        "response_hours": 24,
        "is_business": False,
    }
    assert "first_response_hours = 24" in (PROJECT / "settings.toml").read_text(encoding="utf-8")
