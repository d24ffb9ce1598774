"""Gathering the weekly review: what the warehouse answers and what people wrote, as the frames that it is computed from."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from sqlalchemy import Engine

from charts.numbers import NumberFormat
from reports.agreement import agreement_in_force
from reports.alerts import firing_alerts, rules_of
from reports.asking import Ask
from reports.kpi_numbers import kpi_numbers
from reports.kpi_states import KpiState
from reports.moments import local, moment_words
from reports.narrative import PARTS, current_narratives, metrics_of
from reports.review import HORIZON, Asked, Review
from store import annotations
from store.actions import actions
from store.comments import comments
from store.decisions import decisions, decisions_due
from store.feedback import feedback
from store.narratives import narratives

_NOTED_WEEKS = 4
KPI_SCHEMA = pl.Schema(
    {
        "team": pl.String(),
        "metric": pl.String(),
        "title": pl.String(),
        "unit": pl.String(),
        "better": pl.String(),
        "owner": pl.String(),
        "week_end": pl.Date(),
        "value": pl.Float64(),
        "week_before": pl.Float64(),
        "four_weeks": pl.Float64(),
        "year_ago": pl.Float64(),
        "goal": pl.Float64(),
        "judged": pl.String(),
        "verdict": pl.String(),
        "is_good": pl.Boolean(),
        "sentence": pl.String(),
    }
)
ALERT_SCHEMA = pl.Schema({"title": pl.String(), "text": pl.String(), "is_snoozed": pl.Boolean()})
ACTION_SCHEMA = pl.Schema(
    {
        "id": pl.String(),
        "text": pl.String(),
        "owner": pl.String(),
        "due": pl.Date(),
        "is_late": pl.Boolean(),
        "effect": pl.String(),
        "status": pl.String(),
        "closed_on": pl.Date(),
    }
)
DECISION_SCHEMA = pl.Schema(
    {
        "id": pl.String(),
        "text": pl.String(),
        "decided_on": pl.Date(),
        "is_due": pl.Boolean(),
        "review_on": pl.Date(),
        "effect": pl.String(),
    }
)
SAID_SCHEMA = pl.Schema(
    {
        "account": pl.String(),
        "words": pl.String(),
        "theme": pl.String(),
        "reply": pl.String(),
        "status": pl.String(),
        "by": pl.String(),
    }
)
NOTE_SCHEMA = pl.Schema({"day": pl.Date(), "text": pl.String(), "by": pl.String()})
COMMENT_SCHEMA = pl.Schema({"at": pl.String(), "text": pl.String(), "by": pl.String()})
NARRATIVE_SCHEMA = pl.Schema(
    {
        "client": pl.String(),
        "problem": pl.String(),
        "trend": pl.String(),
        "product": pl.String(),
        "proof": pl.String(),
        "standing": pl.String(),
        "changes": pl.String(),
    }
)


def gather(ask: Ask, engine: Engine, asked: Asked, diagnosed: pl.DataFrame) -> Review:
    """Return the review of a week.

    Parameters
    ----------
    ask
        Asks a query, goals handed over.
    engine
        The store.
    asked
        What the review is of.
    diagnosed
        What stands out in the company as of its day (`diagnosis.diagnose`).

    Raises
    ------
    QueryError, StoreError
        The warehouse or the store cannot be read.
    """
    about = ask("freshness")
    numbers = NumberFormat(about["currency"][0], about["number_format"][0]) if about.height else NumberFormat()
    zone = about["time_zone"][0] if about.height else "UTC"
    kind, value = asked.goal_scope
    period = {"as_of": asked.as_of, "period_start": asked.period_start, "period_end": asked.period_end}
    goal = {**period, "measure": "won_amount", "scope": kind, "scope_value": value}
    last_week = {
        **asked.scope,
        "period_start": asked.since + timedelta(days=1),
        "period_end": asked.as_of + timedelta(days=1),
    }
    leads = {name: value for name, value in asked.scope.items() if name not in ("product", "business_type")}
    found = (
        ask("goal_progress", **goal)
        if kind is not None
        else ask("goal_progress", **goal | {"scope": "company"}).clear()
    )
    frames = {
        "about": about,
        "goal": found.filter(
            (pl.col("period_start") == asked.period_start) & (pl.col("period_end") == asked.period_end)
        ),
        "course": ask("goal_by_day", **goal) if kind is not None else ask("goal_by_day", **period).clear(),
        "coverage": ask("funnel_coverage", **asked.params),
        "missing": ask("pipeline_missing", **asked.params),
        "moved": ask("pipeline_waterfall", **asked.params, since=asked.since),
        "movers": ask("pipeline_waterfall_records", **asked.params, since=asked.since).filter(
            pl.col("step") != "unchanged"
        ),
        "won": ask("outcome_records", **last_week, outcome="won"),
        "lost": ask("outcome_records", **last_week, outcome="lost"),
        "calls": ask("forecast_by_category", **asked.params),
        "weakest": ask(
            "weakest_step",
            **leads,
            period_start=asked.as_of - timedelta(days=HORIZON + 365),
            days=HORIZON,
            dimension="source",
        ),
        "left_out": ask("left_out", **asked.params, of="pipeline"),
        "diagnosed": diagnosed,
        "without": ask("headlines_without", **asked.params),
        "agreement": agreement_in_force(ask, engine, asked.as_of),
    }
    return Review(asked, numbers, {**frames, **_written(ask, engine, asked, zone, numbers)})


def _written(ask: Ask, engine: Engine, asked: Asked, zone: str, numbers: NumberFormat) -> dict[str, pl.DataFrame]:
    """Return what people wrote, as frames: KPIs and alerts, actions and decisions, feedback, notes, comments, narratives."""
    week = _local_days(asked, zone)
    shown = [
        item
        for item in actions(engine)
        if item.status == "open" or (item.closed_on is not None and item.closed_on > asked.since)
    ]
    due = {item.id for item in decisions_due(engine, asked.as_of)}
    # What was decided in the week, and what is to be looked back on.
    told = [item for item in decisions(engine) if item.id in due or week(item.at)]
    cards, said = narratives(engine), feedback(engine)
    named = [*(item.metric for item in shown), *(item.metric for item in told), *metrics_of(cards)]
    kpis = kpi_numbers(ask, engine, asked.scope, further=named)
    stories = current_narratives(cards, said, kpis)
    rules = rules_of(engine, [state for states in kpis.states.values() for state in states])
    alerts = [
        {"title": item.state.metric.title, "text": item.text, "is_snoozed": item.is_snoozed}
        for states in kpis.states.values()
        for item in firing_alerts(states, rules, asked.as_of, numbers)
    ]
    filters = {name: found for name, found in asked.scope.items() if name in ("team", "segment", "region", "owner")}
    return {
        "kpis": pl.DataFrame(
            [_kpi(team, state, numbers) for team, states in kpis.states.items() for state in states], schema=KPI_SCHEMA
        ),
        "alerts": pl.DataFrame(alerts, schema=ALERT_SCHEMA),
        "actions": pl.DataFrame(
            [
                {
                    "id": item.id,
                    "text": item.text,
                    "owner": item.owner,
                    "due": item.due,
                    "is_late": item.status == "open" and item.due is not None and item.due < asked.as_of,
                    "effect": kpis.change(item.metric, item.number_then),
                    "status": item.status,
                    "closed_on": item.closed_on,
                }
                for item in sorted(shown, key=lambda item: (item.status != "open", item.due or date.max))
            ],
            schema=ACTION_SCHEMA,
        ),
        "decisions": pl.DataFrame(
            [
                {
                    "id": item.id,
                    "text": item.text,
                    "decided_on": local(item.at, zone).date(),
                    "is_due": item.id in due,
                    "review_on": item.review_on,
                    "effect": kpis.change(item.metric, item.number_then),
                }
                for item in told
            ],
            schema=DECISION_SCHEMA,
        ),
        "said": pl.DataFrame(
            [{name: getattr(item, name) for name in SAID_SCHEMA} for item in said if week(item.at)], schema=SAID_SCHEMA
        ),
        "notes": pl.DataFrame(
            [
                {"day": note.day, "text": note.text, "by": note.written_by}
                for note in annotations(engine)
                if asked.as_of - timedelta(weeks=_NOTED_WEEKS) < note.day <= asked.as_of and note.concerns(filters)
            ],
            schema=NOTE_SCHEMA,
        ).sort("day", descending=True),
        "comments": pl.DataFrame(
            [
                {"at": moment_words(item.at, zone), "text": item.text, "by": item.by}
                for item in comments(engine, asked.about)
            ],
            schema=COMMENT_SCHEMA,
        ),
        "narratives": pl.DataFrame(
            [
                {
                    **{name: getattr(item.told.wording, name) for name, _ in PARTS},
                    "standing": item.standing,
                    "changes": " ".join(item.changes),
                }
                for item in stories
            ],
            schema=NARRATIVE_SCHEMA,
        ),
    }


def _local_days(asked: Asked, zone: str) -> Callable[[datetime], bool]:
    """Return whether a moment lies in the week or after it: what is written down today belongs to the newest review."""
    return lambda at: local(at, zone).date() > asked.since


def _kpi(team: str, state: KpiState, numbers: NumberFormat) -> dict[str, Any]:
    return {
        "team": team,
        "metric": state.metric.name,
        "title": state.metric.title,
        "unit": state.metric.unit,
        "better": state.metric.better,
        "owner": state.pick.owner if state.pick is not None else None,
        "week_end": state.week_end,
        "value": state.value,
        "week_before": state.week_before,
        "four_weeks": state.four_weeks,
        "year_ago": state.year_ago,
        "goal": state.goal,
        "judged": state.judged,
        "verdict": state.verdict,
        "is_good": state.is_good,
        "sentence": state.sentence(numbers),
    }
