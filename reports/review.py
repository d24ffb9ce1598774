"""The weekly review as data: frames that are gathered once, from which everything that it says is computed.

A live review is gathered from the warehouse and the store; a frozen one is read back from what was kept. Both say the
same, to the cent, for nothing but the frames is looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from sqlalchemy import Engine

from charts.numbers import NumberFormat, day, plural
from reports.alerts import firing_alerts, rules_of
from reports.findings import left_out_sentence
from reports.findings_coverage import coverage_finding, missing_sentence, waterfall_finding
from reports.findings_goals import goal_finding
from reports.findings_leads import weakest_finding
from reports.kpi_states import KpiState
from reports.team_kpis import Ask, team_kpis, values_of_metrics
from store import annotations
from store.actions import actions
from store.comments import comments
from store.decisions import decisions, decisions_due
from store.feedback import feedback
from store.kpis import TEAMS
from store.narratives import narratives

HORIZON = 180
_WEEK = timedelta(days=7)
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
        "metric": pl.String(),
        "number_then": pl.String(),
        "number_now": pl.String(),
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
        "metric": pl.String(),
        "number_then": pl.String(),
        "number_now": pl.String(),
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
COMMENT_SCHEMA = pl.Schema({"at": pl.Datetime("us"), "text": pl.String(), "by": pl.String()})
NARRATIVE_SCHEMA = pl.Schema(
    {
        "client": pl.String(),
        "problem": pl.String(),
        "trend": pl.String(),
        "product": pl.String(),
        "proof": pl.String(),
        "number": pl.Int64(),
        "missing": pl.String(),
    }
)


@dataclass(frozen=True)
class Asked:
    """What a review is of: the as-of day, the period [start, end), the filters as queries take them, and in words."""

    as_of: date
    period: str
    period_start: date
    period_end: date
    scope: Mapping[str, Any]
    words: str
    goal_scope: tuple[str | None, str | None] = ("company", None)

    @property
    def since(self) -> date:
        """The day a week before."""
        return self.as_of - _WEEK

    @property
    def params(self) -> dict[str, Any]:
        """The filters with the period."""
        return {**self.scope, "period_start": self.period_start, "period_end": self.period_end}

    @property
    def about(self) -> str:
        """What comments on this week's review are about."""
        return f"review:{self.as_of.isoformat()}"


@dataclass(frozen=True)
class Review:
    """A review: what was asked, how numbers are written, and the frames that everything it says is computed from."""

    asked: Asked
    numbers: NumberFormat
    frames: Mapping[str, pl.DataFrame]

    def row(self, name: str) -> dict[str, Any] | None:
        """Return a frame's first row, or None where it has none."""
        frame = self.frames[name]
        return frame.row(0, named=True) if frame.height else None

    @property
    def goal(self) -> dict[str, Any] | None:
        """The shared goal's progress; None where none is set for exactly this period and these filters."""
        return self.row("goal")

    @property
    def history_from(self) -> date | None:
        """From when the past of deals is recorded."""
        row = self.row("about")
        return None if row is None else row["history_from"]

    @property
    def on_track(self) -> str:
        """Say whether the goal is on track, and by how much."""
        course = self.frames["course"]
        last = course.row(-1, named=True) if course.height else None
        return goal_finding(self.goal, None, self.numbers, is_money=True, course=last, as_of=self.asked.as_of)

    @property
    def week(self) -> str:
        """Say what the last week brought: won and lost, and what moved the pipeline."""
        parts = []
        for name in ("won", "lost"):
            frame = self.frames[name]
            amount = frame["amount_base"].sum() if frame["amount_base"].null_count() < frame.height else None
            count = self.numbers.number(frame.height)
            # Lost deals that all carry 0 were emptied, not given away.
            worth = f", {self.numbers.money(amount)}" if amount else ""
            parts.append(f"{count} {plural(frame.height, 'deal')} {name}{worth}")
        first = day(self.asked.since + timedelta(days=1))
        since = f"From {first} to {day(self.asked.as_of)}: {parts[0]}; {parts[1]}."
        moved = waterfall_finding(self.frames["moved"], self.numbers, self.asked.as_of, self.history_from)
        return f"{since} {moved}"

    @property
    def coverage(self) -> str:
        """Say whether there is enough pipeline."""
        return coverage_finding(self.row("coverage"), self.numbers, self.asked.period_end, self.asked.as_of)

    @property
    def tightest(self) -> str:
        """Say where the funnel is tightest."""
        frame = self.frames["weakest"]
        if frame.is_empty():
            return f"Where the funnel is tightest is not known: no lead is {HORIZON} days old, or no stage is recorded."
        return weakest_finding(frame, self.numbers)

    @property
    def to_do(self) -> str:
        """Say what to do first, as the data has it: the pipeline to create, or the step to mend."""
        missing = missing_sentence(self.row("missing"), self.numbers)
        goal = self.goal
        late = self.frames["actions"].filter("is_late")
        parts = []
        if goal is not None and goal["goal"] and goal["actual"] is not None and goal["actual"] >= goal["goal"]:
            parts.append("What to do: the goal is met, so work for the next period.")
        elif goal is None:
            parts.append("What to do: set the goal of this period, so that both teams know what is missing.")
        elif missing is not None:
            parts.append(f"What to do: create pipeline. {missing}")
        elif self.row("coverage") is not None:
            parts.append("What to do: the pipeline is there; close what is due, and mend the tightest step.")
        if late.height:
            whose = ", ".join(dict.fromkeys(late["owner"].to_list()))
            parts.append(f"{late.height} {plural(late.height, 'action is', 'actions are')} late ({whose}).")
        return " ".join(parts)

    @property
    def paragraph(self) -> str:
        """Say it all in one paragraph: on track or not, by how much, what moved it, what to do."""
        return " ".join(part for part in (self.on_track, self.week, self.to_do) if part)

    @property
    def left_out(self) -> str | None:
        """Say what the figures leave out, and why; None where nothing is."""
        return left_out_sentence(self.frames["left_out"], self.numbers)

    @property
    def called(self) -> str:
        """Say what was called a week ago and what came of it."""
        frame = self.frames["calls"]
        if frame.is_empty() or frame["deals"].null_count():
            return (
                "What was called a week ago is not known: no open deal was due, or how it looked then is not recorded."
            )
        if frame["forecast"].null_count() == frame.height:
            return "The exports name no forecast category, so nothing was called."
        parts = []
        for row in frame.filter(pl.col("deals_then") > 0).iter_rows(named=True):
            name = (row["forecast"] or "without a category").capitalize()
            came = [
                f"{self.numbers.money(row[f'then_{kind}_amount'])} {words}"
                for kind, words in (("won", "won"), ("lost", "lost"), ("moved", "moved out of the period or overdue"))
                if row[f"then_{kind}_deals"]
            ]
            called = f"{name}: {self.numbers.money(row['amount_then'])} called on {day(self.asked.since)}"
            parts.append(f"{called}, of which {', '.join(came)}" if came else f"{called}, all still open")
        return "; ".join(parts) + "." if parts else "No open deal was due a week ago."

    @property
    def movers(self) -> pl.DataFrame:
        """The deals that changed the pipeline most, biggest first: won and lost ones apart, for these stand above."""
        moved = self.frames["movers"].filter(~pl.col("step").is_in(["won", "lost", "unchanged", "opening", "closing"]))
        return moved.sort(pl.col("change").abs(), descending=True, nulls_last=True)

    @property
    def pushed(self) -> pl.DataFrame:
        """The deals that were pushed out of the period, biggest first."""
        return self.movers.filter(pl.col("step") == "pushed_out")


def gather(ask: Ask, engine: Engine, asked: Asked) -> Review:
    """Return the review of a week.

    Parameters
    ----------
    ask
        Asks a query, goals handed over.
    engine
        The store.
    asked
        What the review is of.

    Raises
    ------
    QueryError, StoreError
        The warehouse or the store cannot be read.
    """
    about = ask("freshness")
    numbers = NumberFormat(about["currency"][0], about["number_format"][0]) if about.height else NumberFormat()
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
    }
    return Review(asked, numbers, {**frames, **_written(ask, engine, asked, numbers)})


def _written(ask: Ask, engine: Engine, asked: Asked, numbers: NumberFormat) -> dict[str, pl.DataFrame]:
    """Return what people wrote, as frames: KPIs and alerts, actions and decisions, notes, comments, the narrative."""
    kpis, alerts = [], []
    for team in TEAMS:
        states = team_kpis(ask, engine, asked.scope, team).states
        kpis += [_kpi(team, state, numbers) for state in states]
        alerts += [
            {"title": item.state.metric.title, "text": item.text, "is_snoozed": item.is_snoozed}
            for item in firing_alerts(states, rules_of(engine, states), asked.as_of, numbers)
        ]
    known = [item for item in actions(engine) if item.at.date() <= asked.as_of or item.status == "open"]
    shown = [item for item in known if item.status == "open" or (item.closed_on and item.closed_on > asked.since)]
    due = {item.id for item in decisions_due(engine, asked.as_of)}
    # What was decided in the week, and what is to be looked back on.
    told = [item for item in decisions(engine) if item.id in due or item.at.date() > asked.since]
    named = [metric for metric in (*(item.metric for item in shown), *(item.metric for item in told)) if metric]
    now = values_of_metrics(ask, engine, asked.scope, named)

    def number_now(metric: str | None) -> str | None:
        return now[metric].shown(numbers, now[metric].value) if metric in now else None

    def title(metric: str | None) -> str | None:
        return now[metric].metric.title if metric in now else metric

    filters = {name: found for name, found in asked.scope.items() if name in ("team", "segment", "region", "owner")}
    return {
        "kpis": pl.DataFrame(kpis, schema=KPI_SCHEMA),
        "alerts": pl.DataFrame(alerts, schema=ALERT_SCHEMA),
        "actions": pl.DataFrame(
            [
                {
                    "id": item.id,
                    "text": item.text,
                    "owner": item.owner,
                    "due": item.due,
                    "is_late": item.status == "open" and item.due is not None and item.due < asked.as_of,
                    "metric": title(item.metric),
                    "number_then": item.number_then,
                    "number_now": number_now(item.metric),
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
                    "decided_on": item.at.date(),
                    "is_due": item.id in due,
                    "review_on": item.review_on,
                    "metric": title(item.metric),
                    "number_then": item.number_then,
                    "number_now": number_now(item.metric),
                }
                for item in told
            ],
            schema=DECISION_SCHEMA,
        ),
        "said": pl.DataFrame(
            [
                {
                    "account": item.account,
                    "words": item.words,
                    "theme": item.theme,
                    "reply": item.reply,
                    "status": item.status,
                    "by": item.by,
                }
                for item in feedback(engine)
                if item.at.date() > asked.since
            ],
            schema=SAID_SCHEMA,
        ),
        "notes": pl.DataFrame(
            [
                {"day": note.day, "text": note.text, "by": note.written_by}
                for note in annotations(engine)
                if asked.as_of - 4 * _WEEK < note.day <= asked.as_of and note.concerns(filters)
            ],
            schema=NOTE_SCHEMA,
        ).sort("day", descending=True),
        "comments": pl.DataFrame(
            [{"at": item.at, "text": item.text, "by": item.by} for item in comments(engine, asked.about)],
            schema=COMMENT_SCHEMA,
        ),
        "narratives": pl.DataFrame(
            [
                {
                    **{
                        name: getattr(newest.wording, name)
                        for name in ("client", "problem", "trend", "product", "proof")
                    },
                    "number": newest.number,
                    "missing": ", ".join(newest.missing),
                }
                for newest in (versions[-1] for versions in narratives(engine).values())
            ],
            schema=NARRATIVE_SCHEMA,
        ),
    }


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


def moment(at: datetime) -> str:
    """Return a moment of writing as people read it; the store keeps UTC, and that is said."""
    return f"{day(at.date())}, {at:%H:%M} UTC"
