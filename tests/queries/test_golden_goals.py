"""What is left of a goal and what is expected, reckoned by hand: the company of tests/golden, and little ones."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from scipy.stats import binomtest

from tests.conftest import GOLDEN, Ask, Little
from tests.little import Row, deal, lead, lost, status, won

Q2 = {"period": "2026-Q2"}
SMALL = (GOLDEN / "settings.toml").read_text(encoding="utf-8").replace("flag_under = 30", "flag_under = 2")


def moved(n: int, deal: int, day: str, stage: str, amount: object, close: str) -> Row:
    """Return a row of a deal's history."""
    return {
        "Id": f"008{n:012d}AAA",
        "OpportunityId": f"006{deal:012d}AAA",
        "CreatedDate": f"{day}T15:00:00.000Z",
        "StageName": stage,
        "Amount": amount,
        "CloseDate": close,
    }


def test_expected_from_deals_with_a_short_history(golden: Ask) -> None:
    found = {(row["stage"], row["due"]): row for row in golden("goal_expected_from_deals", **Q2).iter_rows(named=True)}
    # D2 alone; D3, D6 (1,080), D7 and D8 (no amount); D4, overdue.
    assert {key: (row["open_count"], row["open_amount"]) for key, row in found.items()} == {
        ("Proposal/Price Quote", "due"): (1, 5_000),
        ("Prospecting", "due"): (4, 21_080),
        ("Qualification", "overdue"): (1, 800),
    }
    due = found["Prospecting", "due"]
    # One past quarter (on 13 Feb D4 and D5 were open) is too few: two of three decided deals were won, 4,200.01 of 8,200.01.
    assert (due["basis"], due["past_periods"], due["past_deals"], due["past_won"]) == ("win rate", 1, 3, 2)
    assert due["share_of_amount"] == pytest.approx(4200.01 / 8200.01)
    assert due["expected_count"] == pytest.approx(8 / 3)
    assert float(due["expected_amount"]) == pytest.approx(21_080 * 4200.01 / 8200.01, abs=0.01)
    assert due["without_amount_count"] == 2
    assert due["low"] == pytest.approx(binomtest(2, 3).proportion_ci(method="wilson").low, abs=1e-9)
    overdue = found["Qualification", "overdue"]
    assert (overdue["basis"], overdue["share_won"], overdue["expected_amount"]) == (None, None, None)


def of_five_quarters() -> dict[str, list[Row]]:
    """Return deals of five past quarters, seen 60 days before their end: of 100 and 300 due then, the 100 is won."""
    deals, history = [], []
    quarters = (
        ("2025-01-10", "2025-03-10"),
        ("2025-04-10", "2025-06-10"),
        ("2025-07-10", "2025-09-10"),
        ("2025-10-10", "2025-12-10"),
        ("2026-01-10", "2026-03-10"),
    )
    for place, (created, closed) in enumerate(quarters):
        small, big = 2 * place + 1, 2 * place + 2
        deals += [
            won(small, 100, closed, CreatedDate=f"{created}T15:00:00.000Z"),
            lost(big, 300, closed, CreatedDate=f"{created}T15:00:00.000Z"),
        ]
        history += [
            moved(10 * small, small, created, "Qualification", 100, closed),
            moved(10 * small + 1, small, closed, "Closed Won", 100, closed),
            moved(10 * big, big, created, "Qualification", 300, closed),
            moved(10 * big + 1, big, closed, "Closed Lost", 300, closed),
        ]
    open_now = [deal(50, 1000, "2026-06-30"), deal(51, 7, "2026-06-30"), deal(52, 5, "2026-09-30")]
    history += [
        moved(501, 50, "2026-01-05", "Qualification", 1000, "2026-06-30"),
        moved(511, 51, "2026-01-05", "Needs Analysis", 7, "2026-06-30"),
        moved(521, 52, "2026-01-05", "Qualification", 5, "2026-09-30"),
    ]
    open_now[1]["StageName"] = "Needs Analysis"
    return {"deals": [*deals, *open_now], "history": history}


def test_expected_from_deals_by_what_came_of_such_deals(little: Little) -> None:
    ask = little(SMALL, **of_five_quarters())
    found = {
        row["stage"] + " " + row["due"]: row for row in ask("goal_expected_from_deals", **Q2).iter_rows(named=True)
    }
    due = found["Qualification due"]
    # Five quarters, two deals each, of which one of 100 was won and one of 300 was not.
    assert (due["basis"], due["past_periods"], due["past_deals"], due["past_won"]) == ("stage and due day", 5, 10, 5)
    assert (due["share_won"], due["share_of_amount"]) == (0.5, 0.25)
    assert (due["expected_count"], due["expected_amount"]) == (0.5, 250)
    # Nobody's deal ever stood in Needs Analysis: all that were due so.
    assert (found["Needs Analysis due"]["basis"], found["Needs Analysis due"]["past_deals"]) == ("due day", 10)
    # On 31 Jan 2026 the three deals of today were open and due later, of which none was won in that quarter.
    later = found["Qualification later"]
    assert (later["past_deals"], later["past_won"], later["expected_amount"]) == (2, 0, 0)


def test_a_past_that_is_assumed_tells_no_share(little: Little) -> None:
    rows = of_five_quarters()
    ask = little(SMALL, deals=rows["deals"])  # without the history no deal was ever seen open before today
    found = ask("goal_expected_from_deals", **Q2)
    assert set(found["past_periods"]) == {0}
    assert set(found.filter(pl.col("due") == "due")["basis"]) == {"win rate"}


@pytest.mark.parametrize("period", ["2026-Q4", "2027-Q1", "2026-11"])
def test_open_deals_behind_what_is_expected_add_up_to_it(sample: Ask, period: str) -> None:
    expected = sample("goal_expected_from_deals", period=period)
    records = sample("goal_open_deal_records", period=period)
    assert records.height == expected["open_count"].sum() == sample("pipeline_records", kind="open").height
    assert records["expected_amount"].sum() == expected["expected_amount"].sum()
    for due in expected["due"].unique():
        own = sample("goal_open_deal_records", period=period, due=due)
        assert own["expected_amount"].sum() == expected.filter(pl.col("due") == due)["expected_amount"].sum()


@pytest.mark.parametrize("scope", ["segment", "region", "owner", "team"])
def test_what_is_expected_of_the_parts_is_what_is_expected_of_the_company(sample: Ask, scope: str) -> None:
    whole = sample("goal_expected_from_deals", period="2026-Q4")
    column = "expected_amount"
    values = sample("filter_values").filter(pl.col("filter") == scope)["value"].drop_nulls().to_list()
    parts = [sample("goal_expected_from_deals", period="2026-Q4", scope=scope, scope_value=value) for value in values]
    unnamed = sample("goal_expected_from_deals", period="2026-Q4", scope=scope)
    assert sum(part[column].sum() or 0 for part in [*parts, unnamed]) == whole[column].sum()
    assert sum(part["open_count"].sum() for part in [*parts, unnamed]) == whole["open_count"].sum()


def test_nothing_is_expected_of_a_period_that_is_over(sample: Ask) -> None:
    for name in ("goal_expected_from_deals", "goal_expected_from_leads", "goal_lead_in_flight_records"):
        assert sample(name, period="2026-Q3").is_empty()


def of_leads() -> dict[str, list[Row]]:
    """Return leads of six quarters: each brings two, marketing-qualified, of which one is won in its quarter."""
    leads, history, deals = [lead(99, created="2024-10-01")], [], []
    quarters = ("2025-04-02", "2025-07-02", "2025-10-02", "2026-01-02")
    closes = ("2025-06-20", "2025-09-20", "2025-12-20", "2026-03-20")
    for place, (created, closed) in enumerate(zip(quarters, closes, strict=True)):
        first, second = 2 * place + 1, 2 * place + 2
        begun = f"{closed[:8]}01"
        leads += [
            lead(first, created=created, deal=first, ConvertedDate=begun),
            lead(second, created=created),
        ]
        deals.append(won(first, 100, closed, CreatedDate=f"{begun}T15:00:00.000Z"))
        history += [
            status(10 * first, first, created, "Open", "Marketing Qualified"),
            status(10 * second, second, created, "Open", "Marketing Qualified"),
        ]
    leads += [lead(20, created="2026-04-20"), lead(21, created="2026-04-20"), lead(22, created="2026-04-20")]
    history += [status(n, n, "2026-04-21", "Open", "Marketing Qualified") for n in (20, 21)]
    history.append(status(23, 21, "2026-04-23", "Marketing Qualified", "Rejected by Sales"))
    return {"leads": leads, "history": history, "deals": deals}


def test_expected_from_leads_by_what_came_of_such_leads(little: Little) -> None:
    ask = little(SMALL, **of_leads())
    found = {row["stage"]: row for row in ask("goal_expected_from_leads", **Q2).iter_rows(named=True)}
    # In flight on 2 May: 20 and, 120 days old, 8 (qualified), 22 (a lead); 21 was turned down, 99 is too old.
    assert {stage: row["leads"] for stage, row in found.items()} == {"lead": 1, "mql": 2}
    mql = found["mql"]
    # 60 days before the end of four quarters: two, and from the second on one of the quarter before as well; 4 were won.
    assert (mql["past_periods"], mql["past_leads"], mql["past_won"]) == (4, 11, 4)
    assert mql["average_amount"] == 100
    assert mql["expected_count"] == pytest.approx(8 / 11)
    assert mql["expected_amount"] == Decimal("72.73")
    # No plain lead was in flight then but 99, which was too old: nothing is known of such leads.
    assert (found["lead"]["past_leads"], found["lead"]["expected_amount"]) == (None, None)
    records = ask("goal_lead_in_flight_records", **Q2)
    assert sorted(records["record_id"]) == ["00Q000000000008", "00Q000000000020", "00Q000000000022"]
    assert ask("goal_expected_from_leads", scope="owner", scope_value="Ann", **Q2).is_empty()


def test_leads_in_flight_open_to_their_records(sample: Ask) -> None:
    expected = sample("goal_expected_from_leads", period="2026-Q4")
    assert expected["leads"].sum() > 0
    for row in expected.iter_rows(named=True):
        records = sample("goal_lead_in_flight_records", period="2026-Q4", stage=row["stage"])
        assert records.height == row["leads"]


def test_leads_in_flight_are_among_the_funnels_leads_without_a_deal(sample: Ask) -> None:
    since = {"period_start": "2026-05-21", "period_end": "2026-11-17"}  # 180 days up to 16 November
    stages = {
        row["record_id"]: "sql" if row["is_sql"] else "sal" if row["is_sal"] else "mql" if row["is_mql"] else "lead"
        for row in sample("lead_records", **since).filter(~pl.col("is_opportunity")).iter_rows(named=True)
    }
    flying = dict(sample("goal_lead_in_flight_records", period="2026-Q4").select("record_id", "stage").rows())
    assert flying
    assert {record: stages[record] for record in flying} == flying


def test_steps(golden: Ask) -> None:
    found = {row["stage"]: row for row in golden("goal_steps", mature_days=30).iter_rows(named=True)}
    # At least 30 days old on 15 May: L1, L7, L2, L3, L4, L5 and HubSpot's own; L1 and L7 won D1, which counts once.
    assert [(row["reached"], row["won"]) for row in found.values()] == [(7, 1), (6, 1), (4, 1), (3, 1), (3, 1)]
    assert found["mql"]["share_won"] == pytest.approx(1 / 6)
    assert found["sal"]["of_previous"] == pytest.approx(4 / 6)
    # To 10 April: L1 49 and L7 44 days from creation; L1 alone 47 from MQL, 46 from SAL, 43 from SQL; both 40 as a deal.
    assert [row["median_days"] for row in found.values()] == [46.5, 47.0, 46.0, 43.0, 40.0]
    # Since 18 April: L6 came; L3 was converted (so MQL, SAL and SQL by then), L4 accepted.
    assert [row["per_week"] for row in found.values()] == [0.25, 0.25, 0.5, 0.25, 0.25]
    assert (found["lead"]["mature_start"], found["lead"]["mature_end"]) == (date(2025, 4, 16), date(2026, 4, 16))
    low = binomtest(1, 7).proportion_ci(method="wilson").low
    assert found["lead"]["low"] == pytest.approx(low, abs=1e-9)
    young = golden("goal_steps")
    assert (set(young["reached"]), set(young["share_won"])) == ({0}, {None})  # nothing is 180 days old


def test_steps_that_are_not_recorded(little: Little) -> None:
    ask = little(leads=[lead(1, created="2025-09-01", deal=1, ConvertedDate="2025-10-01")], deals=[won(1)])
    found = {row["stage"]: row for row in ask("goal_steps").iter_rows(named=True)}
    assert [row["is_recorded"] for row in found.values()] == [True, False, False, False, True]
    assert (found["mql"]["reached"], found["mql"]["per_week"], found["mql"]["share_won"]) == (None, None, None)
    assert (found["opportunity"]["of_previous"], found["opportunity"]["share_won"]) == (1.0, 1.0)


def test_steps_are_the_funnels(sample: Ask) -> None:
    steps = sample("goal_steps")
    start, end = steps["mature_start"][0], steps["mature_end"][0]
    funnel = dict(sample("lead_funnel", period_start=start, period_end=end).select("stage", "reached").rows())
    assert dict(steps.select("stage", "reached").rows()) == {name: funnel[name] for name in steps["stage"]}
    for row in steps.iter_rows(named=True):
        records = sample("lead_records", stage=row["stage"], period_start=start, period_end=end)
        assert records.height == row["reached"]


def test_won_sizes(golden: Ask) -> None:
    found: dict[str, dict[str, Any]] = {
        row["origin"]: row for row in golden("goal_won_sizes", mature_days=30).iter_rows(named=True)
    }
    # D1 began as a lead, D9 did not. Created at least 30 days before 15 May: D1 of leads; D2, D3, D4, D5, D9 of none.
    assert {name: (row["won"], row["amount"]) for name, row in found.items()} == {
        "all": (2, Decimal("4200.01")),
        "lead": (1, Decimal("1200.01")),
        "no lead": (1, 3_000),
    }
    assert found["lead"]["share_of_amount"] == pytest.approx(1200.01 / 4200.01)
    assert {name: (row["created"], row["created_won"], row["median_days"]) for name, row in found.items()} == {
        "all": (6, 2, 38.0),
        "lead": (1, 1, 40.0),
        "no lead": (5, 1, 36.0),
    }
    assert float(found["all"]["average_low"]) == pytest.approx(2100.005 - 1.959964 * 899.995, abs=0.01)
    assert (found["lead"]["average_low"], found["lead"]["average_high"]) == (None, None)
    # Since 18 April: D6, of a lead; D7 and D8.
    assert {name: row["created_per_week"] for name, row in found.items()} == {"all": 0.75, "lead": 0.25, "no lead": 0.5}
    assert {row["won_per_week"] for row in found.values()} == {0.0}


def test_won_sizes_of_a_scope_are_its_own_or_say_that_they_are_not(golden: Ask) -> None:
    # The golden settings ask for 2: Ann won D1 and D9, Bo none.
    assert set(golden("goal_won_sizes", scope="owner", scope_value="Ann Lee")["taken_from"]) == {"scope"}
    bo = golden("goal_won_sizes", scope="owner", scope_value="Bo Kim")
    assert (set(bo["taken_from"]), bo["won"].sum()) == ({"company"}, 4)
    # What is created a week is Bo's own: D6, of a lead, and D7.
    assert dict(bo.select("origin", "created_per_week").rows()) == {"all": 0.5, "lead": 0.25, "no lead": 0.25}


def test_who_carries_the_goal(golden: Ask) -> None:
    found = {row["scope_value"]: row for row in golden("goal_attainment", **Q2).iter_rows(named=True)}
    assert set(found) == {"Ann Lee", "Bo Kim"}
    ann, bo = found["Ann Lee"], found["Bo Kim"]
    assert (ann["goal"], ann["actual"], ann["attainment"]) == (6_000, Decimal("1200.01"), pytest.approx(1200.01 / 6000))
    assert ann["pace"] == pytest.approx(1200.01 / (6_000 * 45 / 91))  # a straight line: 45 of 91 days
    assert ann["projected"] == Decimal("2426.69")  # 1,200.01 x 91 / 45
    # Ann's D3 and D8 are due (D4 is overdue), Bo's D2, D6 and D7.
    assert (ann["open_amount"], ann["open_count"]) == (20_000, 2)
    assert ann["coverage_to_go"] == pytest.approx(20_000 / 4_799.99)
    assert (bo["actual"], bo["open_amount"], bo["open_count"], bo["coverage_to_go"]) == (0, 6_080, 3, 1.52)
    segments = {
        row["scope_value"]: row for row in golden("goal_attainment", scope="segment", **Q2).iter_rows(named=True)
    }
    assert segments["Small"]["goal"] == 2_000
    enterprise = segments["Enterprise"]  # without a goal, and listed
    assert (enterprise["goal"], enterprise["attainment"], enterprise["pace"], enterprise["set_by"]) == (None,) * 4
    assert (enterprise["actual"], enterprise["open_amount"]) == (0, 21_080)  # D3, D6 and, without a rate, D8
    of_mql = golden("goal_attainment", measure="mql_count", **Q2)
    assert (of_mql["open_amount"].null_count(), of_mql["actual"].sum()) == (of_mql.height, 4)  # Cy Fox's leads


@pytest.mark.parametrize("scope", ["owner", "segment", "region", "team"])
@pytest.mark.parametrize("measure", ["won_amount", "opportunity_count", "lead_count"])
def test_who_carries_agrees_with_the_goals_progress_and_with_coverage(sample: Ask, scope: str, measure: str) -> None:
    carried = sample("goal_attainment", scope=scope, measure=measure, period="2026-Q4")
    progress = sample("goal_progress", scope=scope, measure=measure, period="2026-Q4")
    mine = carried.filter(pl.col("goal").is_not_null()).sort("scope_value")
    columns = ["scope_value", "goal", "actual", "attainment", "pace", "remaining", "projected"]
    assert mine.select(columns).rows() == progress.sort("scope_value").select(columns).rows()
    if measure == "won_amount":
        coverage = sample("funnel_coverage", dimension=scope, period="2026-Q4").drop_nulls("dimension_value")
        theirs = {row["dimension_value"]: (row["open_amount"], row["open_count"]) for row in coverage.to_dicts()}
        for row in carried.to_dicts():
            amount, count = theirs.get(row["scope_value"], (0, 0))
            assert (row["open_amount"], row["open_count"]) == (amount or 0, count or 0)


def test_what_the_period_will_end_at(little: Little) -> None:
    """Four quarters of 100 that had done 20, 40, 50 and 50 by 2 May's like; this one has done 80."""
    deals, n = [won(99, 80, "2026-04-20")], 0
    for (first, second), early in zip(
        [
            ("2025-04-10", "2025-06-20"),
            ("2025-07-10", "2025-09-20"),
            ("2025-10-10", "2025-12-20"),
            ("2026-01-10", "2026-03-20"),
        ],
        (20, 40, 50, 50),
        strict=True,
    ):
        deals += [won(n := n + 1, early, first), won(n := n + 1, 100 - early, second)]
    deals.append(won(n := n + 1, 1, "2025-04-01"))  # so that the first quarter is whole; 21 of 101 by then
    ask = little(deals=deals)
    row = ask("goal_progress", **Q2, measure="won_amount").is_empty()
    assert row  # no goal, and yet a course
    days = {day["day"]: day for day in ask("goal_by_day", **Q2).iter_rows(named=True)}
    today, last = days[date(2026, 5, 2)], days[date(2026, 6, 30)]
    usual = (21 / 101 + 0.4 + 0.5 + 0.5) / 4
    assert today["expected_share"] == pytest.approx(usual)
    assert (today["projected"], today["projected_low"], today["projected_high"]) == (80, 80, 80)
    assert last["past_periods"] == 4
    assert float(last["projected"]) == pytest.approx(80 / usual, abs=0.01)
    # The four would make 160, 160, 200 and 384.76 of it; a fifth of the way from the lowest, and from the highest.
    ends = sorted([80 / 0.5, 80 / 0.5, 80 / 0.4, 80 / (21 / 101)])
    assert float(last["projected_low"]) == pytest.approx(ends[0] + 0.6 * (ends[1] - ends[0]), abs=0.01)
    assert float(last["projected_high"]) == pytest.approx(ends[2] + 0.4 * (ends[3] - ends[2]), abs=0.01)
    assert days[date(2026, 5, 1)]["projected"] is None


def test_a_short_history_is_projected_along_a_straight_line_without_a_range(golden: Ask) -> None:
    last = golden("goal_by_day", **Q2).row(-1, named=True)
    assert (last["projected"], last["projected_low"], last["projected_high"]) == (Decimal("2426.69"), None, None)
    assert last["past_periods"] == 0
    assert golden("goal_progress", **Q2).filter(scope="company", measure="won_amount")["projected"][0] == Decimal(
        "2426.69"
    )
    early = golden("goal_by_day", as_of="2026-04-03", **Q2)  # 3 of 91 days
    assert early["projected"].null_count() == early.height
    over = golden("goal_by_day", as_of="2026-07-15", **Q2)
    assert over["projected"].null_count() == over.height


def test_the_usual_course_is_the_mean_of_those_that_the_range_comes_from(sample: Ask) -> None:
    for measure in ("won_amount", "sourced_pipeline"):
        course = sample("goal_by_day", measure=measure, period="2026-Q4").row(-1, named=True)
        progress = sample("goal_progress", measure=measure, period="2026-Q4", scope="company").row(0, named=True)
        # A past period in which nothing was done by this day has a share, and yet makes nothing of what is done now.
        assert 4 <= course["past_periods"] <= progress["past_periods"]
        assert course["projected"] == progress["projected"]
        assert course["projected_low"] <= course["projected"] <= course["projected_high"]


def test_versions(golden: Ask) -> None:
    company = golden("goal_versions", scope="company", measure="won_amount", **Q2)
    assert company.select("version", "value", "value_before", "difference", "is_in_force").rows() == [
        (2, 10_000, 9_000, 1_000, True),
        (1, 9_000, None, None, False),
    ]
    assert company["line"].to_list() == [3, 2]
    typed = pl.DataFrame(
        {
            "measure": ["won_amount"] * 2,
            "period_start": [date(2026, 4, 1)] * 2,
            "period_end": [date(2026, 7, 1)] * 2,
            "scope": ["owner"] * 2,
            "scope_value": ["Ann Lee"] * 2,
            "value": [Decimal(7_000), None],
            "set_at": [date(2026, 5, 2), date(2026, 5, 3)],
            "set_by": ["Di Ray"] * 2,
        },
        schema_overrides={"set_at": pl.Datetime("us"), "value": pl.Decimal(18, 2)},
    )
    own = golden("goal_versions", inputs={"goals": typed}, scope="owner", scope_value="Ann Lee", **Q2)
    assert own.select("value", "difference", "origin", "is_in_force").rows() == [
        (None, None, "typed in", True),
        (7_000, 1_000, "typed in", False),
        (6_000, None, "imported", False),
    ]
    # A goal that was taken back is none: neither in force, nor in progress, nor carried.
    inputs = {"goals": typed}
    assert "Ann Lee" not in golden("goals_in_force", inputs=inputs)["scope_value"].to_list()
    assert "Ann Lee" not in golden("goal_progress", inputs=inputs, **Q2)["scope_value"].to_list()
    carried = golden("goal_attainment", inputs=inputs, **Q2).filter(scope_value="Ann Lee").row(0, named=True)
    assert (carried["goal"], carried["actual"]) == (None, Decimal("1200.01"))


def test_there_are_as_many_versions_as_the_goal_in_force_says(sample: Ask) -> None:
    versions = sample("goal_versions")
    in_force = sample("goals_in_force")
    assert versions.height == in_force["version_count"].sum()
    newest = versions.filter(pl.col("is_in_force"))
    key = ["measure", "period_start", "period_end", "scope", "scope_value"]
    assert newest.sort(key).select(*key, "value").rows() == in_force.sort(key).select(*key, "value").rows()
