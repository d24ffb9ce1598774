"""What goals count, and which of their versions is in force, reckoned by hand for little companies."""

from datetime import date, datetime

import polars as pl

from tests.conftest import Ask, Little
from tests.little import deal, goal, lead, status, won

Q2 = {"period": "2026-Q2", "as_of": "2026-05-02"}


def typed(*versions: tuple[float, datetime], measure: str = "won_amount") -> dict[str, pl.DataFrame]:
    """Return company goals for the second quarter of 2026 as a person typed them in: value and moment (UTC)."""
    return {
        "goals": pl.DataFrame(
            [
                {
                    "measure": measure,
                    "period_start": date(2026, 4, 1),
                    "period_end": date(2026, 7, 1),
                    "scope": "company",
                    "scope_value": None,
                    "value": value,
                    "set_at": set_at,
                    "set_by": "Di Ray",
                }
                for value, set_at in versions
            ]
        )
    }


def test_a_deal_won_ahead_of_its_close_date_is_won_in_that_period_everywhere(little: Little) -> None:
    ask = little(
        deals=[won(1, 100, "2026-06-20"), won(2, 40, "2026-08-01"), deal(3)],
        goals=[goal("won_amount", 1000), goal("won_amount", 2000, "2026-Q3")],
    )
    assert ask("funnel_coverage", **Q2)["won_amount"].to_list() == [100]
    assert ask("win_rate", **Q2)["won_amount"].to_list() == [100]
    progress = ask("goal_progress", as_of="2026-05-02")
    assert progress.select("goal", "actual").rows() == [(1000, 100), (2000, 40)]
    by_day = dict(ask("goal_by_day", **Q2).select("day", "actual_to_date").rows())
    assert (by_day[date(2026, 5, 1)], by_day[date(2026, 5, 2)], by_day[date(2026, 5, 3)]) == (0, 100, None)


def test_the_amount_of_an_accepted_lead_is_that_of_its_deal_once(little: Little) -> None:
    ask = little(
        deals=[deal(1, 5000, CreatedDate="2026-04-12T15:00:00.000Z"), deal(2, 70)],
        leads=[
            lead(1, created="2026-04-01", deal=1, ConvertedDate="2026-04-12"),
            lead(2, created="2026-04-02", deal=1, ConvertedDate="2026-04-12"),
            lead(3),
        ],
        history=[
            status(1, 1, "2026-04-03", "Open", "Marketing Qualified"),
            status(2, 1, "2026-04-05", "Marketing Qualified", "Sales Accepted"),
            status(3, 2, "2026-04-03", "Open", "Marketing Qualified"),
            status(4, 2, "2026-04-09", "Marketing Qualified", "Sales Accepted"),
            status(5, 3, "2026-04-03", "Open", "Marketing Qualified"),
        ],
        goals=[goal("accepted_amount", 10_000), goal("accepted_count", 4), goal("mql_count", 4)],
    )
    actual = dict(ask("goal_progress", **Q2).select("measure", "actual").rows())
    assert actual == {"accepted_amount": 5000, "accepted_count": 2, "mql_count": 3}
    by_day = dict(ask("goal_by_day", measure="accepted_amount", **Q2).select("day", "actual_to_date").rows())
    assert (by_day[date(2026, 4, 4)], by_day[date(2026, 4, 5)], by_day[date(2026, 4, 9)]) == (0, 5000, 5000)


def test_a_goal_of_qualified_leads_counts_what_the_marketing_crm_says_as_the_funnel_does(little: Little) -> None:
    ask = little(
        leads=[lead(1, created="2026-04-01", Email="a@x.com")],
        contacts=[
            {
                "Record ID": 1,
                "Email": "a@x.com",
                "First Name": "A",
                "Lifecycle Stage": "Marketing Qualified Lead",
                "Create Date": "2026-04-01 10:00",
                "Became a Marketing Qualified Lead Date": "2026-04-10 10:00",
                "Salesforce Lead ID": "00Q000000000001AAA",
            }
        ],
        goals=[goal("mql_count", 10)],
    )
    assert dict(ask("lead_funnel", **Q2).select("stage", "reached").rows())["mql"] == 1
    assert ask("goal_progress", **Q2)["actual"].to_list() == [1]


def test_a_lead_passed_twice_is_one_qualified_lead(little: Little) -> None:
    ask = little(
        leads=[lead(1, created="2026-04-01")],
        history=[
            status(1, 1, "2026-04-03", "Open", "Marketing Qualified"),
            status(2, 1, "2026-04-05", "Marketing Qualified", "Rejected by Sales"),
            status(3, 1, "2026-04-10", "Rejected by Sales", "Recycled"),
            status(4, 1, "2026-04-20", "Recycled", "Marketing Qualified"),
        ],
        goals=[goal("mql_count", 10)],
    )
    assert ask("goal_progress", **Q2)["actual"].to_list() == [1]


def test_a_measure_that_is_not_recorded_is_a_dash_in_both_goal_questions(little: Little) -> None:
    ask = little(leads=[lead(1, created="2026-04-01")], goals=[goal("mql_count", 10), goal("opportunity_count", 10)])
    assert ask("goal_progress", **Q2)["actual"].to_list() == [None, None]
    for measure in ("mql_count", "opportunity_count"):
        assert ask("goal_by_day", measure=measure, **Q2)["actual_to_date"].drop_nulls().is_empty()
    assert ask("goal_by_day", measure="lead_count", **Q2)["actual_to_date"].max() == 1


def test_a_goal_set_later_was_not_known_then(little: Little) -> None:
    ask = little(
        deals=[deal(1, modified="2026-06-05")],
        goals=[goal("won_amount", 10, set_on="2026-04-01"), goal("won_amount", 99, set_on="2026-06-01")],
    )
    before = ask("funnel_coverage", period="2026-Q2", as_of="2026-04-10").row(0, named=True)
    assert (before["goal"], before["is_goal_set_later"]) == (10, False)
    after = ask("funnel_coverage", period="2026-Q2", as_of="2026-06-05").row(0, named=True)
    assert (after["goal"], after["is_goal_set_later"]) == (99, False)
    # Before any was set, the first one that was set stands in, and says so.
    early = ask("goal_progress", period="2026-Q2", as_of="2026-03-10").row(0, named=True)
    assert (early["goal"], early["is_set_later"], early["version_count"]) == (10, True, 1)
    in_force = ask("goals_in_force", as_of="2026-06-05").row(0, named=True)
    assert (in_force["value"], in_force["version_count"], in_force["is_set_later"]) == (99, 2, False)


def test_a_typed_goal_was_set_on_the_companys_day(little: Little) -> None:
    ask = little(deals=[deal(1)], goals=[goal("won_amount", 10, set_on="2026-04-01")])
    # 2:00 UTC on 2 May is the evening of 1 May in New York.
    goals = typed((777, datetime(2026, 5, 2, 2, 0)))
    row = ask("goals_in_force", inputs=goals, as_of="2026-05-01").row(0, named=True)
    assert (row["value"], row["set_date"], row["origin"]) == (777, date(2026, 5, 1), "typed in")
    assert ask("goals_in_force", inputs=goals, as_of="2026-04-30")["value"].to_list() == [10]


def test_a_goal_typed_in_since_the_last_export_counts_on_its_newest_day(little: Little) -> None:
    ask = little(deals=[deal(1, modified="2026-05-02")], goals=[goal("won_amount", 10, set_on="2026-04-01")])
    goals = typed((777, datetime(2026, 5, 20, 15, 0)))
    row = ask("goal_progress", inputs=goals, **Q2).row(0, named=True)
    assert (row["goal"], row["version_count"], row["is_set_later"]) == (777, 2, False)
    before = ask("goal_progress", inputs=goals, period="2026-Q2", as_of="2026-05-01").row(0, named=True)
    assert (before["goal"], before["version_count"], before["is_set_later"]) == (10, 1, False)


def test_goals_of_leads_count_as_many_as_the_funnel(sample: Ask) -> None:
    reached = dict(sample("lead_funnel").select("stage", "reached").rows())
    for measure, stage in (("lead_count", "lead"), ("mql_count", "mql"), ("accepted_count", "sal")):
        by_year = [
            sample("goal_by_day", measure=measure, period=str(year))["actual_to_date"].max()
            for year in (2024, 2025, 2026)
        ]
        assert sum(item or 0 for item in by_year) == reached[stage]


def test_the_last_day_of_the_course_is_what_the_goal_has_reached(sample: Ask) -> None:
    goals = sample("goal_progress", scope="company", period="2026-Q4")
    assert goals.height
    for row in goals.iter_rows(named=True):
        course = sample("goal_by_day", measure=row["measure"], period="2026-Q4")
        today = course.filter(pl.col("day") == date(2026, 11, 16)).row(0, named=True)
        assert today["actual_to_date"] == row["actual"]
        assert today["expected_share"] == row["expected_share"]
