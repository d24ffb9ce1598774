"""Which alerts fire as of a day, in words, and which of them are snoozed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from charts.numbers import NumberFormat
from reports.asking import Ask
from reports.kpi_numbers import kpi_numbers
from reports.kpi_states import KpiState
from store import open_store
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


def note_alerts(ask: Ask, *, as_of: date, seen: int) -> int:
    """Keep in the history what fires for the whole company as of a day and is not snoozed, once a week; return how many were new.

    Parameters
    ----------
    ask
        Asks a query.
    as_of
        The newest day that the data knows: what would have fired on an earlier one is no history.
    seen
        The number of the newest change of the store: while it is the same, there is nothing to be asked anew.
    """
    del seen  # a key for what is kept of this answer
    engine = open_store()
    kpis = kpi_numbers(ask, engine, {"as_of": as_of})
    states = [state for mine in kpis.states.values() for state in mine]
    firings = firing_alerts(states, rules_of(engine, states), as_of, kpis.numbers)
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
