"""How long the period of a goal is, where its file names only the first day."""

from datetime import date

from queries import run
from tests.conftest import Little
from tests.little import Row, deal, goal


def quota(day: str, n: int = 1) -> Row:
    """Return a quota as Salesforce exports it: with the first day of its period alone."""
    return {
        "Id": f"0J9{n:012d}AAA",
        "QuotaAmount": 100,
        "QuotaOwnerId": "005000000000001AAA",
        "StartDate": day,
        "CreatedDate": "2026-01-01T15:00:00Z",
    }


def periods() -> list[tuple[date, date]]:
    """Return first day and day after the last of every goal in force."""
    return run("goals_in_force").select("period_start", "period_end").sort("period_start").rows()


def guessed() -> list[str]:
    """Return what is said of goals whose period was guessed."""
    return run("finding_records", {"finding": "goal_period_guessed"})["detail"].to_list()


def test_a_january_alone_is_a_quarter_and_that_is_said(little: Little) -> None:
    little(ForecastingQuota=[quota("2026-01-01")], Opportunity=[deal(1)])
    assert periods() == [(date(2026, 1, 1), date(2026, 4, 1))]
    assert guessed() == ["taken for 2026-01-01 to 2026-03-31"]


def test_a_february_in_another_file_of_the_same_kind_makes_it_a_month(little: Little) -> None:
    little(ForecastingQuota=[quota("2026-01-01")], Opportunity=[deal(1)])
    little(ForecastingQuota=[quota("2026-02-01", 2)])
    assert periods() == [(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1))]
    assert guessed() == []


def test_two_quarters_are_quarters_without_a_word(little: Little) -> None:
    little(ForecastingQuota=[quota("2026-01-01"), quota("2026-04-01", 2)], Opportunity=[deal(1)])
    assert [(end - start).days for start, end in periods()] == [90, 91]
    assert guessed() == []


def test_what_names_its_period_is_not_guessed(little: Little) -> None:
    little(goals=[goal("won_amount", 100, "2026-01"), goal("won_count", 9, "2026")], Opportunity=[deal(1)])
    assert sorted((end - start).days for start, end in periods()) == [31, 365]
    assert guessed() == []
