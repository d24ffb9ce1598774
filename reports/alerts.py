"""Which alerts fire as of a day, in words, and which of them are snoozed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from charts.numbers import NumberFormat
from reports.kpi_states import KpiState
from store.alerts import AlertRule, Fired, alert_rules, note_fired


@dataclass(frozen=True)
class Firing:
    """An alert that fires: its rule, the KPI's state, what it says, and whether it is snoozed."""

    rule: AlertRule
    state: KpiState
    text: str
    is_snoozed: bool


def firing_alerts(
    states: Sequence[KpiState], rules: Sequence[AlertRule], as_of: date, numbers: NumberFormat
) -> list[Firing]:
    """Return which alerts fire in the last complete week, those that are not snoozed first.

    Parameters
    ----------
    states
        The picks' states (`kpi_states`).
    rules
        Their alerts (`store.alerts.alert_rules`).
    as_of
        The day on which it is asked: an alert is quiet while it is before the day that it is snoozed until.
    numbers
        How the company writes numbers.
    """
    by_pick = {state.pick.id: state for state in states if state.pick is not None}
    found = []
    for rule in rules:
        state = by_pick.get(rule.pick_id)
        text = _says(rule, state, numbers) if state is not None else None
        if state is not None and text is not None:
            found.append(Firing(rule, state, text, rule.snoozed_until is not None and as_of < rule.snoozed_until))
    return sorted(found, key=lambda item: item.is_snoozed)


def keep_firing(engine: Engine, firings: Sequence[Firing]) -> int:
    """Keep in the history what fires and is not snoozed, once a week; return how many were new."""
    return note_fired(
        engine, [Fired(item.rule.id, item.state.week_end, item.text) for item in firings if not item.is_snoozed]
    )


def rules_of(engine: Engine, states: Sequence[KpiState]) -> Sequence[AlertRule]:
    """Return the alerts of these states' picks."""
    return alert_rules(engine, [state.pick.id for state in states if state.pick is not None and state.pick.id])


def _says(rule: AlertRule, state: KpiState, numbers: NumberFormat) -> str | None:
    if rule.kind == "signal":
        return state.sentence(numbers) if state.verdict == "signal" else None
    if state.value is None or rule.threshold is None:
        return None
    edge = float(rule.threshold)
    if not (state.value < edge if rule.kind == "below" else state.value > edge):
        return None
    return (
        f"{state.metric.title} was {state.shown(numbers, state.value)}, {rule.kind} the {state.shown(numbers, edge)} "
        "at which it should be spoken of."
    )
