"""How picked KPIs stand: worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

from charts.numbers import NumberFormat
from queries.metrics import metrics
from reports.alerts import firing_alerts
from reports.kpi_states import DAYS_SCHEMA, Calendar, KpiState, catalogue_with, kpi_states, kpis_finding, own_days
from store.alerts import AlertRule
from store.kpis import Baseline, Pick, PickGoal
from store.own_series import Series

MONDAY = date(2026, 1, 5)
AS_OF = date(2026, 4, 8)  # a Wednesday: thirteen complete weeks before it
NUMBERS = NumberFormat("USD", "en")
VALUES = [10, 12, 11, 9, 10, 12, 11, 10, 9, 11, 10, 11, 30]  # the thirteenth week is far out


def days_of(metric: str, values: list[int]) -> pl.DataFrame:
    rows = [(metric, MONDAY + timedelta(weeks=n), float(value), None) for n, value in enumerate(values)]
    # So that the last week is known to be over, a day of the week that is not.
    return pl.DataFrame([*rows, (metric, AS_OF, 99.0, None)], schema=DAYS_SCHEMA, orient="row")


def state(metric: str = "lead_count", **more: object) -> KpiState:
    pick = Pick(metric, "why", "Ann", id="p", version=1, **{k: v for k, v in more.items() if k.startswith("band")})  # type: ignore[arg-type]
    rest = {k: v for k, v in more.items() if not k.startswith("band")}
    return kpi_states(days_of(metric, VALUES), metrics(), [pick], AS_OF, **rest)[0]  # type: ignore[arg-type]


def test_a_week_stands_beside_its_past() -> None:
    found = state()
    assert (found.week_start, found.week_end) == (date(2026, 3, 30), date(2026, 4, 5))
    assert (found.value, found.week_before) == (30, 11)
    assert found.four_weeks == (9 + 11 + 10 + 11) / 4
    assert found.year_ago is None


def test_far_out_is_a_signal_and_good_where_more_is_better() -> None:
    found = state()
    assert found.verdict == "signal"
    assert found.fired is not None
    assert found.fired.startswith("1")
    assert found.is_good is True
    assert "outside its limits" in found.sentence(NUMBERS)
    assert state("lost_count").is_good is False


@pytest.mark.parametrize(("goal", "judged"), [(30, "reached"), (31, "missed")])
def test_a_goal_of_the_weeks_period_judges(goal: int, judged: str) -> None:
    goals = [
        PickGoal("p", date(2026, 1, 1), date(2026, 4, 1), Decimal(1), "Ann"),  # a period that is over by the week's end
        PickGoal("p", date(2026, 4, 1), date(2026, 7, 1), Decimal(goal), "Ann"),
    ]
    assert state(goals=goals).judged == judged
    assert state("lost_count", goals=goals).judged == ("reached" if goal >= 30 else "missed")


def test_a_band_judges_where_there_is_no_goal() -> None:
    assert state(band_low=Decimal(8), band_high=Decimal(30)).judged == "inside"
    assert state(band_low=Decimal(31)).judged == "outside"
    assert state().judged is None


def test_a_locked_baseline_is_what_limits_are_learned_from() -> None:
    loose = [Baseline("p", MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=12), "new normal", "Ann")]
    found = state(baselines=loose)
    assert found.weeks.filter("is_baseline").height == 12
    assert found.weeks["mean"][-1] == sum(VALUES[1:]) / 12


def test_too_few_weeks_are_no_signal() -> None:
    found = kpi_states(days_of("lead_count", VALUES[:5]), metrics(), [Pick("lead_count", "w", "A", id="p")], AS_OF)[0]
    assert found.verdict is None
    assert found.value is None
    assert "not known" in found.sentence(NUMBERS)


def test_own_series_stand_beside_the_queries() -> None:
    series = Series(
        "s",
        "Posts",
        "marketing",
        "share",
        "higher",
        "",
        ((MONDAY, Decimal("0.2")), (MONDAY + timedelta(days=1), Decimal("0.4"))),
    )
    known = catalogue_with([series])
    found = kpi_states(own_days([series]), known, [Pick(series.metric, "w", "A", id="p")], MONDAY + timedelta(days=7))[
        0
    ]
    assert found.metric.title == "Posts"
    assert found.value == pytest.approx(0.3)


def test_the_calendar_knows_ends() -> None:
    assert (Calendar(1, 1).week_ending, Calendar(1, 1).fiscal_year_end) == (7, 12)
    assert (Calendar(7, 2).week_ending, Calendar(7, 2).fiscal_year_end) == (6, 1)


def test_the_finding_names_the_bad_signal() -> None:
    assert "picked no KPIs yet" in kpis_finding("sales", [], NUMBERS)
    found = kpis_finding("sales", [state(), state("lost_count")], NUMBERS)
    assert "2 are signals" in found
    assert "Deals lost was 30" in found


def test_alerts_fire_and_are_snoozed() -> None:
    def rule(kind: str, edge: int | None, until: date | None = None) -> AlertRule:
        return AlertRule(f"{kind}{edge}", "p", kind, None if edge is None else Decimal(edge), until, "Ann", 1)

    rules = [
        rule("signal", None),
        rule("above", 29),
        rule("above", 30),
        rule("below", 5),
        rule("above", 10, date(2026, 4, 9)),
    ]
    firings = firing_alerts([state()], rules, AS_OF, NUMBERS)
    assert [(item.rule.id, item.is_snoozed) for item in firings] == [
        ("signalNone", False),
        ("above29", False),
        ("above10", True),
    ]
    assert not firing_alerts([state()], rules, date(2026, 4, 9), NUMBERS)[2].is_snoozed
