"""What a team watches: three to five, each with a why; changed together, never over somebody else's choice."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from store import ConflictError, StoreError, audit, undo
from store.kpis import Baseline, Pick, PickGoal, baselines, lock_baseline, pick_goals, picks, set_pick_goal, set_picks

METRICS = ("lead_count", "mql_count", "acceptance_rate", "won_amount", "sla_kept", "pipeline_created")


def chosen(*metrics: str) -> list[Pick]:
    return [Pick(metric, "We would call them sooner", "Ann") for metric in metrics]


def seen(store: Engine, team: str = "marketing") -> dict[str, int]:
    return {pick.id: pick.version for pick in picks(store, team) if pick.id is not None and pick.version is not None}


@pytest.mark.parametrize("number", [0, 1, 2, 6])
def test_fewer_than_three_and_more_than_five_are_refused(store: Engine, number: int) -> None:
    with pytest.raises(StoreError, match="Pick three to five"):
        set_picks(store, "marketing", chosen(*METRICS[:number]), "Ann", {})
    assert not picks(store, "marketing")


@pytest.mark.parametrize("number", [3, 4, 5])
def test_three_to_five_are_kept_in_their_order(store: Engine, number: int) -> None:
    set_picks(store, "marketing", chosen(*METRICS[:number]), "Ann", {})
    assert [pick.metric for pick in picks(store, "marketing")] == list(METRICS[:number])
    assert not picks(store, "sales")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"why": " "}, "needs a why"),
        ({"owner": ""}, "needs somebody"),
        ({"metric": "mql_count"}, "picked twice"),
        ({"band_low": Decimal(5), "band_high": Decimal(5)}, "has a band"),
    ],
)
def test_what_is_no_pick_is_refused(store: Engine, change: dict, told: str) -> None:
    wrong = Pick(**{"metric": "won_amount", "why": "w", "owner": "o", **change})
    with pytest.raises(StoreError, match=told):
        set_picks(store, "marketing", [*chosen("lead_count", "mql_count"), wrong], "Ann", {})


def test_a_pick_that_stays_keeps_its_id_and_its_history(store: Engine) -> None:
    set_picks(store, "marketing", chosen(*METRICS[:3]), "Ann", {})
    before = {pick.metric: pick.id for pick in picks(store, "marketing")}
    set_picks(store, "marketing", chosen("mql_count", "lead_count", "won_amount"), "Bo", seen(store))
    after = {pick.metric: pick.id for pick in picks(store, "marketing")}
    assert list(after) == ["mql_count", "lead_count", "won_amount"]
    assert (after["mql_count"], after["lead_count"]) == (before["mql_count"], before["lead_count"])
    let_go = audit(store, "kpi_pick", before["acceptance_rate"])
    assert [(entry.action, entry.by) for entry in let_go] == [("deleted", "Bo"), ("created", "Ann")]
    undo(store, let_go[0].id, "Cy")
    assert "acceptance_rate" in {pick.metric for pick in picks(store, "marketing")}


def test_picks_that_somebody_else_changed_are_not_written_over(store: Engine) -> None:
    set_picks(store, "marketing", chosen(*METRICS[:3]), "Ann", {})
    as_read = seen(store)
    set_picks(store, "marketing", chosen(*METRICS[1:4]), "Bo", as_read)
    with pytest.raises(ConflictError, match="Bo changed what marketing watches"):
        set_picks(store, "marketing", chosen(*METRICS[2:6]), "Cy", as_read)
    assert [pick.metric for pick in picks(store, "marketing")] == list(METRICS[1:4])


def test_goals_may_differ_by_period(store: Engine) -> None:
    set_picks(store, "sales", chosen(*METRICS[:3]), "Ann", {})
    pick_id = picks(store, "sales")[0].id
    assert pick_id is not None
    third, fourth, after = date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)
    for start, end, value in ((fourth, after, 120), (third, fourth, 100), (fourth, after, 130)):
        set_pick_goal(store, PickGoal(pick_id, start, end, Decimal(value), "Ann"))
    assert [(goal.period_start, goal.value) for goal in pick_goals(store, [pick_id])] == [(third, 100), (fourth, 130)]
    with pytest.raises(StoreError, match="ends before"):
        set_pick_goal(store, PickGoal(pick_id, after, fourth, Decimal(1), "Ann"))
    with pytest.raises(StoreError, match="no longer watched"):
        set_pick_goal(store, PickGoal("nothing", third, fourth, Decimal(1), "Ann"))


def test_limits_are_reset_with_a_reason_and_only_forward(store: Engine) -> None:
    set_picks(store, "sales", chosen(*METRICS[:3]), "Ann", {})
    pick_id = picks(store, "sales")[0].id or ""
    with pytest.raises(StoreError, match="Say why"):
        lock_baseline(store, Baseline(pick_id, date(2026, 1, 5), date(2026, 3, 30), " ", "Ann"))
    lock_baseline(store, Baseline(pick_id, date(2026, 1, 5), date(2026, 3, 30), "First limits", "Ann"))
    lock_baseline(store, Baseline(pick_id, date(2026, 6, 1), date(2026, 8, 24), "A new price list", "Bo"))
    with pytest.raises(StoreError, match="begins later"):
        lock_baseline(store, Baseline(pick_id, date(2026, 3, 2), date(2026, 5, 25), "Back", "Bo"))
    assert [(item.first_week, item.set_by) for item in baselines(store, [pick_id])] == [
        (date(2026, 1, 5), "Ann"),
        (date(2026, 6, 1), "Bo"),
    ]


def test_a_metric_that_is_picked_again_has_its_goals_again(store: Engine) -> None:
    set_picks(store, "marketing", chosen(*METRICS[:3]), "Ann", {})
    first = picks(store, "marketing")[0]
    assert first.id is not None
    set_pick_goal(store, PickGoal(first.id, date(2026, 10, 1), date(2027, 1, 1), Decimal(40), "Ann"))
    set_picks(store, "marketing", chosen(*METRICS[1:4]), "Bob", seen(store))
    set_picks(store, "marketing", chosen(*METRICS[:3]), "Ann", seen(store))
    again = picks(store, "marketing")[0]
    assert again.id == first.id
    assert [goal.value for goal in pick_goals(store, [first.id])] == [Decimal(40)]
