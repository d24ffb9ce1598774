"""The agreement in reports: what is suggested, how weeks are judged and priced, what is said, and what the review keeps."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from charts.numbers import NumberFormat
from estimators import promises_kept
from reports import agreement as module
from reports.agreement import (
    Version,
    agreement_in_force,
    agreement_weeks,
    signed_versions,
    suggested_terms,
    weeks_before,
)
from reports.asking import plain_ask
from reports.diagnosis import SCHEMA
from reports.findings_agreement import agreement_finding, agreement_line, cell_words, recycle_finding, states_of_team
from reports.freeze import from_bytes, to_bytes
from reports.huddle_data import HuddleScope, huddle_agreement, huddle_numbers
from reports.huddle_screens import Sheet, data_sheets
from reports.promises import shown_promise
from reports.review import Asked, Review
from reports.review_document import review_document
from reports.review_gather import gather
from reports.what_if import price_of
from store import open_store
from store.agreements import Promised, Terms, agreements, sign_agreement, write_agreement
from tests.conftest import Ask
from tests.pages.test_pages import with_sample  # noqa: F401

NUMBERS = NumberFormat()
AS_OF = date(2026, 11, 16)
TERMS = Terms(
    (
        Promised("leads", Decimal(12)),
        Promised("accepted", Decimal("0.5")),
        Promised("decided", Decimal("0.9")),
        Promised("responded", Decimal("0.8")),
    ),
    decision_days=5,
    response_hours=24,
    attempts=3,
    attempt_days=14,
)


def signed(terms: Terms = TERMS, begins: date = date(2026, 9, 7)) -> None:
    engine = open_store()
    found = agreements(engine)
    seen = (found[-1].id, found[-1].version) if found else None
    made = write_agreement(engine, terms, begins, "To stop arguing", "Ann", seen)
    sign_agreement(engine, made.id, made.version, "marketing", "Yes", "Mia")
    sign_agreement(engine, made.id, made.version, "sales", "Yes", "Sam")


def test_the_last_complete_weeks() -> None:
    assert weeks_before(AS_OF, 1, 2) == [date(2026, 11, 2), date(2026, 11, 9)]  # a Monday: its own week is not over
    assert weeks_before(date(2026, 11, 15), 1, 1) == [date(2026, 11, 9)]  # a Sunday: it is
    assert weeks_before(AS_OF, 7, 1) == [date(2026, 11, 8)]


def test_a_miss_is_priced_by_the_rate_and_its_interval() -> None:
    price = price_of(10, (0.03, 0.02, 0.05), 1000.0)
    assert (price.deals, price.deals_low, price.deals_high) == pytest.approx((0.3, 0.2, 0.5))
    assert (price.money, price.money_low, price.money_high) == pytest.approx((300, 200, 500))
    assert price_of(10, (0.03, 0.02, 0.05), None).money is None


class ByHand:
    """Answers by hand: one week in which marketing was 10 leads short and sales decided and answered too late."""

    def __init__(self, won_late: int = 2, won_kept: int = 40) -> None:
        self.won = {"kept": won_kept, "broken": won_late}

    def __call__(self, name: str, **params: Any) -> pl.DataFrame:
        if name == "promises_by_week":
            week = params["period_end"].toordinal() - 7
            rows = [("leads", 2, None), ("accepted", 6, 10), ("decided", 17, 20), ("responded", 5, 10)]
            return pl.DataFrame(
                [
                    {
                        "promise": promise,
                        "week": date.fromordinal(week),
                        "kept": kept,
                        "counted": counted,
                        "open": 0,
                        "judged_from": AS_OF,
                        "is_due": True,
                    }
                    for promise, kept, counted in rows
                ],
                schema_overrides={"counted": pl.Int64},
            )
        if name == "goal_steps":
            return pl.DataFrame(
                [
                    {
                        "stage": "lead",
                        "is_recorded": True,
                        "reached": 1000,
                        "won": 30,
                        "share_won": 0.03,
                        "low": 0.02,
                        "high": 0.05,
                    }
                ]
            )
        if name == "goal_won_sizes":
            return pl.DataFrame([{"origin": "lead", "average": Decimal(1000)}])
        assert name == "promise_outcomes"
        return pl.DataFrame(
            [
                {
                    "promise": promise,
                    "response": side,
                    "position": 1 if side == "kept" else 2,
                    "source": "Web",
                    "segment": None,
                    "leads": 400,
                    "won": self.won[side] if promise == "decided" else 10,
                }
                for promise in ("decided", "responded")
                for side in ("kept", "broken")
            ],
            schema_overrides={"segment": pl.String},
        )


def by_hand(**won: int) -> dict[str, dict[str, Any]]:
    version = Version(1, TERMS, date(2026, 1, 1), None)
    found = agreement_weeks(ByHand(**won), [version], AS_OF, 1, is_suggested=False, weeks=1)
    assert found.average == 1000.0
    return {row["promise"]: row for row in found.rows.iter_rows(named=True)}


def test_broken_promises_are_priced_by_hand() -> None:
    rows = by_hand()
    assert {name: (row["state"], row["short"]) for name, row in rows.items()} == {
        "leads": ("broken", 10),
        "accepted": ("kept", None),
        "decided": ("broken", 1),
        "responded": ("broken", 3),
    }
    leads = rows["leads"]
    assert (leads["money"], leads["money_low"], leads["money_high"]) == pytest.approx((300.0, 200.0, 500.0))
    # Won after a decision in time 40 of 400, after a late one 2 of 400: 9.5 points, times one lead and $1,000.
    decided = rows["decided"]
    assert decided["rate"] == pytest.approx(0.095)
    assert decided["money"] == pytest.approx(95.0)
    assert 0 < decided["money_low"] < 95 < decided["money_high"]
    assert decided["price_note"] == "an association, not a cause"
    # 10 of 400 on both sides: nothing can be told, and no amount is shown.
    assert rows["responded"]["money"] is None
    assert rows["responded"]["price_note"] == "cannot tell: the interval of the difference holds 0"
    assert rows["accepted"]["money"] is None


def test_late_ones_that_were_won_more_often_put_nothing_at_stake() -> None:
    decided = by_hand(won_late=40, won_kept=2)["decided"]
    assert decided["money"] is None
    assert "won more often" in decided["price_note"]


def test_what_is_said_names_who_kept_what_the_cost_and_what_comes_next() -> None:
    rows = pl.DataFrame(list(by_hand().values()), infer_schema_length=None)
    said = agreement_finding(rows, NUMBERS)
    assert "Week to 15 Nov 2026: marketing kept 1 of 2 (broken: Leads 2 of 12); " in said
    assert "; sales kept 0 of 2 (broken: Decision 85% of 90%, Response 50% of 80%)." in said
    assert "Leads (week to 15 Nov 2026) may cost $300 ($200 to $500) of later wins, an estimate." in said
    assert "marketing brings the missing leads (10 leads)" in said
    assert "sales decides the passes that wait (1 lead decided late or never)" in said
    leads = rows.row(0, named=True)
    assert cell_words(leads, NUMBERS).startswith(
        "Leads, week to 15 Nov 2026: broken. 2, promised at least 12; 10 leads"
    )
    assert states_of_team(rows, "marketing", [date(2026, 11, 9)])[0]["state"] == "broken"


@pytest.mark.parametrize(
    ("actual", "shown"), [(0.57, "57%"), (0.567, "56.7%"), (0.5699, "56.99%"), (0.6, "60%"), (None, "–")]
)
def test_a_share_is_told_apart_from_the_promise(actual: float | None, shown: str) -> None:
    assert shown_promise("responded", actual, NUMBERS, 0.57) == shown


def test_nothing_judged_says_so() -> None:
    empty = promises_kept(
        pl.DataFrame(
            schema={
                "promise": pl.String,
                "number": pl.Int64,
                "week": pl.Date,
                "kept": pl.Int64,
                "counted": pl.Int64,
                "open": pl.Int64,
                "judged_from": pl.Date,
                "is_due": pl.Boolean,
            }
        ),
        module._promised([]),
        [],
    )
    assert "No promise holds" in agreement_finding(empty, NUMBERS)
    assert agreement_line(empty, NUMBERS) == ""
    assert "No pass of the past year" in recycle_finding(None, NUMBERS)


def test_the_suggestion_is_what_half_of_the_weeks_would_have_kept(sample: Ask) -> None:
    terms = suggested_terms(sample, AS_OF, 1)
    assert terms is not None
    version = Version(0, terms, date(1900, 1, 1), None)
    found = agreement_weeks(sample, [version], AS_OF, 1, is_suggested=True)
    assert found.rows.height == 12 * len(terms.promises)
    for promise in terms.promises:
        states = found.rows.filter(pl.col("promise") == promise.name)["state"].to_list()
        kept, broken = states.count("kept"), states.count("broken")
        assert kept >= broken
        assert kept + broken + states.count("not due") + states.count("nothing") == 12
    assert suggested_terms(sample, date(2024, 1, 1), 1) is None


def test_an_empty_warehouse_suggests_nothing(empty: Ask) -> None:
    assert suggested_terms(empty, AS_OF, 1) is None


@pytest.mark.usefixtures("with_sample")
def test_versions_take_over_from_their_first_whole_week() -> None:
    signed()
    more = Terms((Promised("leads", Decimal(10_000)), *TERMS.promises[1:]), **TERMS.limits)
    signed(more, date(2026, 10, 13))  # a Tuesday
    found = signed_versions(agreements(open_store()))
    assert [(item.number, item.valid_until) for item in found] == [(1, date(2026, 10, 13)), (2, None)]
    rows = agreement_in_force(plain_ask(), open_store(), AS_OF)
    numbers = dict(rows.select("week", "number").unique().rows())
    assert numbers[date(2026, 10, 12)] == 1
    assert numbers[date(2026, 10, 19)] == 2
    assert min(numbers) == date(2026, 9, 7)  # nothing was promised before
    leads = rows.filter((pl.col("promise") == "leads") & (pl.col("number") == 2))
    assert leads["state"].unique().to_list() == ["broken"]


@pytest.mark.usefixtures("with_sample")
def test_the_review_says_it_in_one_line_and_keeps_it_when_frozen() -> None:
    asked = Asked(AS_OF, "2026-Q4", date(2026, 10, 1), date(2027, 1, 1), {"as_of": AS_OF}, "Showing 2026-Q4.")
    before = gather(plain_ask(), open_store(), asked, pl.DataFrame(schema=SCHEMA))
    assert before.agreement is None
    signed()
    review = gather(plain_ask(), open_store(), asked, pl.DataFrame(schema=SCHEMA))
    assert review.agreement is not None
    assert review.agreement.startswith("Agreement, week to 15 Nov 2026: marketing kept ")
    assert "sales has 2 not yet due. Not yet due, and as judged last: Quality" in review.agreement
    kept = from_bytes(to_bytes(review))
    assert kept.agreement == review.agreement
    assert review.agreement in str(review_document(kept))
    # One that was frozen before there were agreements opens all the same.
    older = Review(asked, review.numbers, {name: frame for name, frame in kept.frames.items() if name != "agreement"})
    assert older.agreement is None
    assert review_document(older).sections


@pytest.mark.usefixtures("with_sample")
def test_a_draft_is_in_force_nowhere() -> None:
    write_agreement(open_store(), TERMS, date(2026, 9, 7), "To stop arguing", "Ann")
    assert agreement_in_force(plain_ask(), open_store(), AS_OF).is_empty()


@pytest.mark.usefixtures("with_sample")
def test_the_huddle_has_a_sheet_of_it_where_an_agreement_is_in_force() -> None:
    scope = HuddleScope(AS_OF, date(2026, 11, 9), is_first=True)
    engine = open_store()

    def sheets() -> tuple[Sheet, ...]:
        return data_sheets(scope, huddle_numbers(engine, scope), huddle_agreement(engine, scope))["kpis"]

    assert not any("Agreement" in sheet.finding for sheet in sheets())
    signed()
    last = sheets()[-1]
    assert last.finding.startswith("Agreement, week to 15 Nov 2026: marketing kept ")
    assert [thing.title for thing in last.things] == ["Marketing", "Sales"]
    assert last.things[1].value == "–"  # nothing is judged yet: no "0 of 0"
    assert last.things[1].beside == ("2 not yet due",)
