"""The weekly review as data: frames that are gathered once, from which everything that it says is computed.

A live review is gathered from the warehouse and the store; a frozen one is read back from what was kept. Both say the
same, to the cent, for nothing but the frames is looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from charts.numbers import NumberFormat, day, plural
from reports.diagnosis import SCHEMA, TOLD
from reports.findings import left_out_sentence
from reports.findings_agreement import agreement_line
from reports.findings_coverage import coverage_finding, missing_sentence, waterfall_finding
from reports.findings_goals import goal_finding
from reports.findings_leads import weakest_finding
from reports.habits import without_sentence

HORIZON = 180
_WEEK = timedelta(days=7)


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
        about = self.row("about") or {}
        return coverage_finding(
            self.row("coverage"),
            self.numbers,
            self.asked.period_end,
            self.asked.as_of,
            basis=about.get("coverage_basis") or "to_go",
        )

    @property
    def tightest(self) -> str:
        """Say where the funnel is tightest."""
        frame = self.frames["weakest"]
        if frame.is_empty():
            return f"Where the funnel is tightest is not known: no lead is {HORIZON} days old, or no stage is recorded."
        return weakest_finding(frame, self.numbers)

    @property
    def without(self) -> str | None:
        """Say what the headlines are without the deals that show a habit; None where there are none."""
        frame = self.frames.get("without")
        return (
            None
            if frame is None
            else without_sentence(frame, ("won_amount", "coverage_to_go", "win_rate"), self.numbers)
        )

    @property
    def stands_out(self) -> pl.DataFrame:
        """What was told of the whole company, as `diagnosis.SCHEMA`; none in reviews frozen before this was asked."""
        return self._diagnosed.filter(pl.col("verdict") == TOLD)

    @property
    def not_told(self) -> str:
        """Say of how much it cannot be told whether it stands out, and which questions the exports cannot answer."""
        found = self._diagnosed
        unknown = found.filter(pl.col("verdict") == "cannot tell").height
        missing = found.filter(pl.col("verdict") == "not recorded")["title"].to_list()
        asked = found["question"].n_unique()
        text = f"{asked} questions were asked of the whole company, whatever the filters."
        if unknown:
            text += (
                f" Of {self.numbers.number(unknown)} campaigns, sources, owners and others there is too little to tell: they "
                "are neither good nor bad news."
            )
        if missing:
            text += f" Not in the exports: {' '.join(missing)}"
        return text

    @property
    def _diagnosed(self) -> pl.DataFrame:
        return self.frames.get("diagnosed", pl.DataFrame(schema=SCHEMA))

    @property
    def agreement(self) -> str | None:
        """Say how each team kept the agreement in the last complete week; None where none was in force, or none was known."""
        # A review that was frozen before there were agreements has no such frame.
        frame = self.frames.get("agreement")
        return (agreement_line(frame, self.numbers) or None) if frame is not None else None

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
