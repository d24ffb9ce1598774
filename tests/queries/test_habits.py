"""Tidy or gamed: each habit by hand in little companies, what is not recorded, and the headlines without these deals."""

from typing import Any

import polars as pl
import pytest

from tests.conftest import Ask, Little
from tests.little import Row, deal, goal, lead, lost, won
from tests.queries.test_waterfall import state

ASKED = {"period": "2026-Q2", "as_of": "2026-05-02"}
BEFORE = {"period": "2026-Q1", "as_of": "2026-05-02"}


def habit(ask: Ask, name: str, **params: Any) -> dict[str, Any]:
    return ask("deal_habits", **{**ASKED, **params}).row(by_predicate=pl.col("habit") == name, named=True)


def names(ask: Ask, name: str, **params: Any) -> list[str]:
    return sorted(ask("deal_habit_records", **{**ASKED, **params}, habit=[name])["name"].to_list())


def created(row: Row, day: str) -> Row:
    return {**row, "CreatedDate": f"{day}T15:00:00.000Z"}


def headline(ask: Ask, name: str, **params: Any) -> dict[str, Any]:
    return ask("headlines_without", **{**ASKED, **params}).row(by_predicate=pl.col("headline") == name, named=True)


@pytest.fixture
def dressed(little: Little) -> Ask:
    """Return a company of seven deals, of which four show one habit each."""
    return little(
        Opportunity=[
            created(won(1, 400, "2026-04-10"), "2026-04-10"),  # the same day
            won(2, 800, "2026-04-20"),  # cut by a fifth as it was won
            won(3, 500, "2026-04-20"),  # cut by half, three weeks before
            won(4, 950, "2026-04-20"),  # cut by a twentieth
            deal(5, 300),  # pushed three days before the quarter's end
            deal(6, 300),  # pushed in its middle
            lost(7, 100, "2026-04-20"),
        ],
        OpportunityHistory=[
            state(2, "2026-01-05", "Qualification", 1000, "2026-04-30"),
            state(2, "2026-04-20", "Closed Won", 800, "2026-04-20"),
            state(3, "2026-01-05", "Qualification", 1000, "2026-04-30"),
            state(3, "2026-04-01", "Qualification", 500, "2026-04-30"),
            state(3, "2026-04-20", "Closed Won", 500, "2026-04-20"),
            state(4, "2026-01-05", "Qualification", 1000, "2026-04-30"),
            state(4, "2026-04-20", "Closed Won", 950, "2026-04-20"),
            state(5, "2026-01-05", "Qualification", 300, "2026-03-31"),
            state(5, "2026-03-28", "Qualification", 300, "2026-06-30"),
            state(6, "2026-01-05", "Qualification", 300, "2026-03-31"),
            state(6, "2026-02-10", "Qualification", 300, "2026-06-30"),
        ],
        goals=[goal("won_amount", 4000)],
    )


def test_created_and_won_on_one_day(dressed: Ask) -> None:
    row = habit(dressed, "same_day")
    assert (row["deals"], row["judged"], row["share"], row["amount"]) == (1, 4, 0.25, 400)
    assert names(dressed, "same_day") == ["Deal 1"]


def test_a_deal_created_after_it_was_won_is_one_too(little: Little) -> None:
    ask = little(Opportunity=[created(won(1, close="2026-04-08"), "2026-04-10"), won(2)])
    assert (habit(ask, "same_day")["deals"], habit(ask, "same_day")["judged"]) == (1, 2)
    assert ask("deal_habit_records", **ASKED, habit=["same_day"])["what"].to_list() == ["Created after it was won"]


def test_pushed_just_after_the_quarter(little: Little) -> None:
    ask = little(
        Opportunity=[deal(1), deal(2), deal(3)],
        OpportunityHistory=[
            *(state(n, "2026-01-05", "Qualification", 100, "2026-03-31") for n in (1, 2, 3)),
            state(1, "2026-04-02", "Qualification", 100, "2026-06-30"),
            state(2, "2026-04-03", "Qualification", 100, "2026-06-30"),  # a clean-up of what is overdue
            state(3, "2026-03-24", "Qualification", 100, "2026-06-30"),  # eight days before the end
        ],
    )
    assert names(ask, "pushed_at_end") == ["Deal 1"]
    assert (habit(ask, "pushed_at_end", **BEFORE)["deals"], habit(ask, "pushed_at_end", **BEFORE)["judged"]) == (0, 1)


def test_an_amount_cut_as_the_deal_was_won(dressed: Ask) -> None:
    # The amount of its last seven days counts: earlier cuts are corrections, and a twentieth is no cut.
    row = habit(dressed, "cut_at_close")
    assert (row["deals"], row["judged"], row["lost_amount"]) == (1, 3, 200)
    record = dressed("deal_habit_records", **ASKED, habit=["cut_at_close"]).row(0, named=True)
    assert (record["name"], record["what"], record["lost_base"]) == ("Deal 2", "From 1,000.00 to 800.00", 200)


def test_pushed_in_the_quarters_last_days(dressed: Ask) -> None:
    # Of the period in which it was done, by deals pushed out of the quarter in which they were due.
    assert (
        habit(dressed, "pushed_at_end", **BEFORE)["deals"],
        habit(dressed, "pushed_at_end", **BEFORE)["judged"],
    ) == (1, 2)
    assert names(dressed, "pushed_at_end", **BEFORE) == ["Deal 5"]
    assert (habit(dressed, "pushed_at_end")["deals"], habit(dressed, "pushed_at_end")["judged"]) == (0, 0)


def test_what_was_not_seen_by_a_day_is_not_said_of_it(dressed: Ask) -> None:
    assert habit(dressed, "pushed_at_end", period="2026-Q1", as_of="2026-03-27")["deals"] == 0
    # No deal was won yet: of none could it be told.
    assert habit(dressed, "cut_at_close", as_of="2026-04-09")["judged"] is None


def test_all_of_which_it_can_be_told_open_too(dressed: Ask) -> None:
    found = dressed("deal_habit_records", **ASKED, habit=["cut_at_close"], cases="judged")
    assert sorted(found["name"].to_list()) == ["Deal 2", "Deal 3", "Deal 4"]
    assert found.filter(~pl.col("is_found"))["what"].null_count() == 2


def test_without_history_only_the_days_can_be_told(little: Little) -> None:
    ask = little(Opportunity=[won(1), created(won(2), "2026-04-20"), deal(3)])
    rows = {row["habit"]: row for row in ask("deal_habits", **ASKED).iter_rows(named=True)}
    assert (rows["same_day"]["deals"], rows["same_day"]["judged"]) == (1, 2)
    for name in ("pushed_at_end", "cut_at_close", "stage_skipped", "mass_edit"):
        assert (rows[name]["deals"], rows[name]["judged"], rows[name]["recorded_from"]) == (None, None, None)


def walked(n: int, *stages: str) -> list[Row]:
    """Return the history of a deal that went through stages, a week each, and was won on 20 April."""
    days = ["2026-01-05", "2026-01-12", "2026-01-19"]
    rows = [state(n, day, stage, 100, "2026-04-30") for day, stage in zip(days, stages, strict=False)]
    return [*rows, state(n, "2026-04-20", "Closed Won", 100, "2026-04-20")]


def test_stages_that_others_pass(little: Little) -> None:
    usual = ("Prospecting", "Qualification", "Proposal/Price Quote")
    ask = little(
        Opportunity=[won(n) for n in range(1, 42)],
        OpportunityHistory=[
            *(row for n in range(1, 36) for row in walked(n, *usual)),
            # A stage that half of them pass is nobody's to skip.
            *(row for n in range(36, 41) for row in walked(n, "Prospecting", "Proposal/Price Quote")),
            *walked(41, "Prospecting"),
        ],
    )
    row = habit(ask, "stage_skipped")
    assert (row["deals"], row["judged"]) == (6, 41)
    what = dict(ask("deal_habit_records", **ASKED, habit=["stage_skipped"]).select("name", "what").iter_rows())
    assert what["Deal 36"] == "Without Qualification"
    assert what["Deal 41"] == "Without Proposal/Price Quote, Qualification"


def test_few_deals_have_no_usual_stages(little: Little) -> None:
    ask = little(
        Opportunity=[won(n) for n in range(1, 6)],
        OpportunityHistory=[row for n in range(1, 6) for row in walked(n, "Prospecting", "Qualification")],
    )
    assert habit(ask, "stage_skipped")["judged"] is None


def test_many_deals_edited_in_one_hour(little: Little) -> None:
    # Twenty deals get a new date in one hour; eight others on days of their own.
    ask = little(
        Opportunity=[deal(n) for n in range(1, 29)],
        OpportunityHistory=[
            *(state(n, "2026-01-05", "Qualification", 100, "2026-05-31") for n in range(1, 29)),
            *(state(n, "2026-04-15", "Qualification", 100, "2026-06-30") for n in range(1, 21)),
            *(state(n, f"2026-04-{n - 20:02}", "Qualification", 100, "2026-06-30") for n in range(21, 29)),
        ],
    )
    row = habit(ask, "mass_edit")
    assert (row["deals"], row["judged"]) == (20, 28)
    record = ask("deal_habit_records", **ASKED, habit=["mass_edit"]).row(0, named=True)
    assert record["what"] == "Close date of 20 deals changed within one hour"


def test_what_two_exports_saw_change_is_no_mass_edit(little: Little) -> None:
    little(Opportunity=[deal(n, close="2026-05-31", modified="2026-04-20") for n in range(1, 31)])
    ask = little(Opportunity=[deal(n, close="2026-06-30") for n in range(1, 31)])
    assert habit(ask, "mass_edit")["judged"] is None
    assert habit(ask, "pushed_at_end", **BEFORE)["judged"] is None


def test_the_headlines_with_and_without(dressed: Ask) -> None:
    count = headline(dressed, "win_rate")
    assert count["as_counted"] == dressed("win_rate", **ASKED)["rate"][0] == pytest.approx(4 / 5)
    # Without Deal 1 and Deal 2: two won of three.
    assert (count["without"], count["left_out"]) == (pytest.approx(2 / 3), 2)
    assert headline(dressed, "won_amount")["as_counted"] == 2650
    assert headline(dressed, "won_amount")["without"] == 1450
    assert headline(dressed, "attainment")["without"] == pytest.approx(1450 / 4000)
    assert headline(dressed, "cycle_days", without=["same_day"])["without"] == 105
    coverage = dressed("funnel_coverage", **ASKED).row(0, named=True)
    assert headline(dressed, "coverage_to_go")["as_counted"] == pytest.approx(coverage["coverage_to_go"])
    assert headline(dressed, "coverage_full")["as_counted"] == pytest.approx(coverage["coverage_full"])
    assert headline(dressed, "coverage_to_go")["without"] == pytest.approx(600 / (4000 - 1450))


def test_leaving_out_one_habit_leaves_the_others(dressed: Ask) -> None:
    assert headline(dressed, "won_amount", without=["same_day"])["without"] == 2250
    assert headline(dressed, "won_amount", without=["cut_at_close"])["without"] == 1850
    assert headline(dressed, "won_amount", without=["mass_edit"])["left_out"] == 0


def test_leads_of_deals_left_out_are_left_out(little: Little) -> None:
    ask = little(
        Opportunity=[created(won(1, 400, "2026-04-10"), "2026-04-10"), won(2)],
        leads=[
            lead(1, created="2026-04-01", deal=1),
            lead(2, created="2026-04-02", deal=2),
            lead(3, created="2026-04-03"),
        ],
    )
    row = headline(ask, "lead_to_close")
    assert (row["as_counted"], row["without"], row["counted"], row["left_out"]) == (pytest.approx(2 / 3), 0.5, 3, 1)
    assert row["as_counted"] == pytest.approx(ask("lead_to_close", **ASKED)["rate"][0])


@pytest.mark.parametrize("dimension", ["owner", "segment", "business_type", "month"])
def test_parts_add_up_to_the_whole(sample: Ask, dimension: str) -> None:
    asked = {"period_start": "2026-01-01", "period_end": "2026-10-01"}
    whole = sample("deal_habits", **asked).filter(pl.col("judged") > 0)
    parts = sample("deal_habits", **asked, dimension=dimension).group_by("habit").agg(pl.col("deals", "judged").sum())
    joined = whole.join(parts, on="habit", suffix="_parts")
    assert joined.height == whole.height >= 4
    assert joined["deals"].to_list() == joined["deals_parts"].to_list()
    assert joined["judged"].to_list() == joined["judged_parts"].to_list()
    for row in whole.iter_rows(named=True):
        records = sample("deal_habit_records", **asked, habit=[row["habit"]])
        assert (records.height, records["amount_base"].sum()) == (row["deals"], row["amount"])


def test_the_samples_headlines_are_those_of_its_pages(sample: Ask) -> None:
    asked = {"period": "2026-Q3", "as_of": "2026-11-16"}
    rows = {row["headline"]: row for row in sample("headlines_without", **asked).iter_rows(named=True)}
    coverage = sample("funnel_coverage", **asked).row(0, named=True)
    rate = sample("win_rate", **asked).row(0, named=True)
    began = sample("period_starts", **asked).row(-1, named=True)
    leads = sample("lead_to_close", **asked).row(0, named=True)
    for name, value in (
        ("coverage_full", coverage["coverage_full"]),
        ("won_amount", float(coverage["won_amount"])),
        ("win_rate", rate["rate"]),
        ("win_rate_by_value", rate["rate_by_value"]),
        ("cycle_days", rate["median_cycle_days"]),
        ("attainment", began["attained"]),
        ("slippage", began["slippage"]),
        ("lead_to_close", leads["rate"]),
    ):
        assert rows[name]["as_counted"] == pytest.approx(value), name
    # Nothing left out, nothing changed.
    none = sample("headlines_without", **asked, without=["mass_edit"])
    assert none.filter(pl.col("as_counted").is_not_null())["as_counted"].to_list() == pytest.approx(
        none.filter(pl.col("as_counted").is_not_null())["without"].to_list()
    )
