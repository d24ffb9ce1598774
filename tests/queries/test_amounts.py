"""Amounts that are not recorded are unknown, counted and named; what is won ahead is won in its period."""

import pytest

from tests.conftest import Little
from tests.little import Row, deal, goal, lost, won

Q2 = {"period": "2026-Q2", "as_of": "2026-05-02"}
REAIS = {"CurrencyIsoCode": "BRL"}  # a currency without a rate
DOLLARS = {"CurrencyIsoCode": "USD"}


def test_a_deal_won_in_a_currency_without_a_rate_is_counted_and_named(little: Little) -> None:
    ask = little(
        deals=[won(1, 9000, **REAIS), won(2, 100, **DOLLARS), deal(3, **DOLLARS)],
        goals=[goal("won_amount", 1000)],
    )
    coverage = ask("funnel_coverage", **Q2).row(0, named=True)
    assert (coverage["won_amount"], coverage["won_count"], coverage["won_without_amount_count"]) == (100, 2, 1)
    assert ask("pipeline_records", kind="won_without_amount", **Q2)["name"].to_list() == ["Deal 1"]
    rate = ask("win_rate", **Q2).row(0, named=True)
    assert (rate["won"], rate["won_amount"], rate["without_amount"]) == (2, 100, 1)
    progress = ask("goal_progress", **Q2).row(0, named=True)
    assert (progress["actual"], progress["without_amount_count"]) == (100, 1)
    views = ask("sourced_and_influenced", **Q2).row(0, named=True)
    assert (views["deals"], views["amount"], views["without_amount"]) == (2, 100, 1)


def test_where_no_won_deal_carries_an_amount_what_was_won_is_unknown_and_nothing_is_judged(little: Little) -> None:
    ask = little(deals=[won(1, 9000, **REAIS), deal(2, 500, **DOLLARS)], goals=[goal("won_amount", 1000)])
    row = ask("funnel_coverage", **Q2).row(0, named=True)
    assert (row["won_amount"], row["won_count"], row["open_amount"]) == (None, 1, 500)
    assert (row["coverage_to_go"], row["verdict"], row["missing_amount"]) == (None, None, None)
    assert ask("win_rate", **Q2)["won_amount"].to_list() == [None]
    assert ask("goal_progress", **Q2).select("actual", "attainment", "pace").row(0) == (None, None, None)
    assert ask("goal_by_day", **Q2)["actual_to_date"].drop_nulls().max() == 0  # before the deal that is not known


def without_amount(row: Row) -> Row:
    """Return a deal as an export without a column for amounts has it."""
    return {name: value for name, value in row.items() if name != "Amount"}


def test_exports_without_amounts_give_a_dash_and_no_verdict(little: Little) -> None:
    ask = little(
        deals=[without_amount(deal(1)), without_amount(won(2))], goals=[goal("won_amount", 1000), goal("won_count", 4)]
    )
    row = ask("funnel_coverage", **Q2).row(0, named=True)
    assert (row["open_amount"], row["open_count"], row["without_amount_count"]) == (None, 1, 1)
    assert (row["won_amount"], row["won_count"]) == (None, 1)
    assert (row["coverage_to_go"], row["coverage_full"], row["verdict"], row["missing_amount"]) == (None,) * 4
    progress = {row["measure"]: row for row in ask("goal_progress", **Q2).iter_rows(named=True)}
    assert (progress["won_amount"]["actual"], progress["won_amount"]["attainment"]) == (None, None)
    assert (progress["won_count"]["actual"], progress["won_count"]["attainment"]) == (1, 0.25)


def test_a_period_in_which_nothing_was_won_is_a_zero_and_not_a_dash(little: Little) -> None:
    ask = little(deals=[lost(1), deal(2, 500)], goals=[goal("won_amount", 1000)])
    row = ask("funnel_coverage", **Q2).row(0, named=True)
    assert (row["won_amount"], row["open_amount"], row["verdict"]) == (0, 500, "thin")
    assert ask("goal_progress", **Q2)["actual"].to_list() == [0]


@pytest.mark.parametrize("value", [0, -5])
def test_a_goal_that_is_no_goal_has_no_attainment(little: Little, value: int) -> None:
    ask = little(deals=[won(1), deal(2)], goals=[goal("won_amount", value)])
    row = ask("goal_progress", **Q2).row(0, named=True)
    assert (row["goal"], row["actual"], row["attainment"], row["pace"]) == (value, 100, None, None)
    coverage = ask("funnel_coverage", **Q2).row(0, named=True)
    assert (coverage["coverage_full"], coverage["verdict"]) == (None, "met")


def test_an_assumed_owner_is_an_assumption_where_the_question_is_by_owner(little: Little) -> None:
    owner = {"OwnerId": "005000000000002AAA"}
    ask = little(
        deals=[deal(1, modified="2026-02-02", **owner)],
        history=[
            {
                "Id": "008000000000001AAA",
                "OpportunityId": "006000000000001AAA",
                "StageName": "Qualification",
                "Amount": 100,
                "CloseDate": "2026-06-30",
                "CreatedDate": "2026-01-05T15:00:00.000Z",
            }
        ],
        users=[{"Id": "005000000000002AAA", "Username": "b@x.test", "Name": "Bo"}],
    )
    then = {"period": "2026-Q2", "as_of": "2026-01-20"}
    assert ask("funnel_coverage", **then).select("open_amount", "assumed_count").row(0) == (100, 0)
    for by_owner in ({"dimension": "owner"}, {"owner": ["Bo"]}, {"dimension": "team"}):
        assert ask("funnel_coverage", **then, **by_owner).select("open_amount", "assumed_count").row(0) == (None, 1)
        assert ask("pipeline_records", kind="assumed", **then, **by_owner).height == 1
    now = {"period": "2026-Q2", "dimension": "owner"}
    assert ask("funnel_coverage", **now).select("dimension_value", "open_amount", "assumed_count").row(0) == (
        "Bo",
        100,
        0,
    )
