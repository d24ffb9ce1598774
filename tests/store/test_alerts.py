"""Alerts of KPIs: set, refused, snoozed, and what fired kept once a week."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from store import ConflictError, StoreError
from store.alerts import Fired, add_alert, alert_rules, drop_alert, fired_alerts, note_fired, snooze
from store.kpis import Pick, picks, set_picks


@pytest.fixture
def pick_id(store: Engine) -> str:
    set_picks(store, "sales", [Pick(name, "why", "Ann") for name in ("won_count", "lost_count", "win_rate")], "Ann", {})
    found = picks(store, "sales")[0].id
    assert found is not None
    return found


def test_an_alert_is_set_once_snoozed_and_dropped(store: Engine, pick_id: str) -> None:
    add_alert(store, pick_id, "below", Decimal(5), "Ann")
    with pytest.raises(StoreError, match="there already"):
        add_alert(store, pick_id, "below", Decimal(5), "Bob")
    rule = alert_rules(store)[0]
    snooze(store, rule.id, rule.version, date(2026, 12, 1), "Bob")
    assert alert_rules(store)[0].snoozed_until == date(2026, 12, 1)
    with pytest.raises(ConflictError):
        snooze(store, rule.id, rule.version, None, "Ann")
    drop_alert(store, rule.id, alert_rules(store)[0].version, "Ann")
    assert not alert_rules(store)


@pytest.mark.parametrize(("kind", "edge"), [("below", None), ("signal", Decimal(3)), ("sideways", None)])
def test_what_makes_no_sense_is_refused(store: Engine, pick_id: str, kind: str, edge: Decimal | None) -> None:
    with pytest.raises(StoreError):
        add_alert(store, pick_id, kind, edge, "Ann")


def test_what_fired_is_kept_once_a_week(store: Engine, pick_id: str) -> None:
    alert = add_alert(store, pick_id, "signal", None, "Ann")
    week = Fired(alert, date(2026, 11, 15), "Deals won was 2: a signal.")
    assert note_fired(store, [week]) == 1
    assert note_fired(store, [week, Fired(alert, date(2026, 11, 22), "again")]) == 1
    assert [item.week_end for item in fired_alerts(store)] == [date(2026, 11, 22), date(2026, 11, 15)]


def test_a_pick_that_is_let_go_has_no_alerts(store: Engine, pick_id: str) -> None:
    add_alert(store, pick_id, "signal", None, "Ann")
    seen = {pick.id: pick.version for pick in picks(store, "sales") if pick.id and pick.version}
    set_picks(
        store, "sales", [Pick(name, "why", "Ann") for name in ("sql_count", "lost_count", "win_rate")], "Ann", seen
    )
    assert not alert_rules(store)
