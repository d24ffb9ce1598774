"""`python -m reports` says what the pages say; `python -m queries` knows what was imported, and says so."""

import json
from datetime import date
from decimal import Decimal

import pytest

from queries.__main__ import main as ask_imported
from reports.__main__ import main as ask_all
from store import Goal, open_store, set_goal
from tests.conftest import Little
from tests.little import deal, goal, won

COVERAGE = ["run", "funnel_coverage", "--param", "period=2026-Q2", "--format", "json"]


@pytest.fixture
def with_typed_goal(little: Little) -> None:
    """Import a goal of 10 and type in one of 777."""
    little(deals=[deal(1)], goals=[goal("won_amount", 10, set_on="2026-01-01")])
    set_goal(
        open_store(), Goal("won_amount", date(2026, 4, 1), date(2026, 7, 1), "company", None, Decimal(777), "Di Ray")
    )


@pytest.mark.usefixtures("with_typed_goal")
def test_reports_know_the_goals_that_people_typed_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask_all(COVERAGE) == 0
    assert json.loads(capsys.readouterr().out)[0]["goal"] == 777


@pytest.mark.usefixtures("with_typed_goal")
def test_queries_know_the_imported_ones_and_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask_imported(COVERAGE) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)[0]["goal"] == 10
    assert "python -m reports run" in said.err


def test_a_csv_of_the_command_line_runs_no_formula(little: Little, capsys: pytest.CaptureFixture[str]) -> None:
    little(deals=[won(1, Name="=1+1")])
    assert ask_imported(["run", "outcome_records", "--format", "csv"]) == 0
    assert "'=1+1" in capsys.readouterr().out
