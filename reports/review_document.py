"""The weekly review as a document: the same sentences and figures as on the page, for paper, slides, sheets and mail."""

from typing import Any

import polars as pl

from charts.coverage_change import STEPS, pipeline_waterfall, steps_shown
from charts.goals import actual_by_day
from charts.numbers import NumberFormat, day
from reports.document import Card, Cards, Document, Figure, Lines, Part, Section, Table, Words
from reports.kpi_states import shown_as
from reports.review import Review

_LISTED = 8


def review_document(review: Review, title: str = "Weekly review") -> Document:
    """Return a review as a document."""
    asked = review.asked
    return Document(
        title=title,
        under=asked.words,
        numbers=review.numbers,
        as_of=asked.as_of,
        sections=tuple(
            Section(name, tuple(parts))
            for name, parts in (
                ("In one paragraph", _paragraph(review)),
                ("The shared goal", _goal(review)),
                ("Called last week, and what came", [Words(review.called)]),
                ("KPIs", _kpis(review)),
                ("What changed since last week", _changed(review)),
                ("What stands out", _stands_out(review)),
                ("Where the funnel is tightest", [Words(review.coverage), Words(review.tightest)]),
                ("Actions and decisions", _actions(review)),
                ("What customers said", [Lines(tuple(said_lines(review)), "Nothing was written down in the week.")]),
                ("The story that both teams tell", _story(review)),
                ("Notes and comments", _notes(review)),
            )
        ),
    )


def _paragraph(review: Review) -> list[Part]:
    left_out = [Words(text) for text in (review.without, review.left_out) if text]
    fired = review.frames["alerts"].filter(~pl.col("is_snoozed"))["text"].to_list()
    alerts = [Lines(tuple(fired), "No alert fired.")] if fired else []
    agreement = [Words(review.agreement)] if review.agreement else []
    return [Words(review.paragraph, lead=True), *agreement, *left_out, *alerts]


def goal_cards(review: Review) -> list[Card]:
    """Return the shared goal's key numbers."""
    goal, numbers = review.goal, review.numbers
    if goal is None:
        return []
    ends = ("if it goes on as usual",) if goal["projected"] is not None else ()
    pace = numbers.number(goal["pace"], 2)
    usual = (
        f"{numbers.share(goal['expected_share'], 0)} is usual by now" if goal["expected_share"] is not None else None
    )
    return [
        Card("Goal", numbers.money(goal["goal"]), (review.asked.period,)),
        Card("Won", numbers.money(goal["actual"]), (f"{numbers.share(goal['attainment'], 0)} of the goal",)),
        Card("Still missing", numbers.money(goal["remaining"])),
        Card("Pace", pace, (usual,) if usual else ()),
        Card("Ends at", numbers.money(goal["projected"]), ends),
    ]


def _goal(review: Review) -> list[Part]:
    numbers, goal, course = review.numbers, review.goal, review.frames["course"]
    if goal is None:
        return [Words(review.on_track)]
    parts: list[Part] = [Cards(tuple(goal_cards(review)))]
    if course["actual_to_date"].null_count() < course.height:
        value = float(goal["goal"]) if goal["goal"] is not None else None
        parts.append(
            Figure(
                title="Won, day by day",
                unit=f"{numbers.currency}, {review.asked.period}",
                alt="Won by the end of each day, what would be on track, and where it leads",
                draw=lambda: actual_by_day(course, value, numbers, is_money=True),
                frame=course.select("day", "actual_to_date", "on_track", "projected").cast(
                    {"actual_to_date": pl.Float64, "on_track": pl.Float64, "projected": pl.Float64}
                ),
                x="day",
                series=("actual_to_date", "on_track", "projected"),
                kind="line",
                names={"actual_to_date": "Reached", "on_track": "On track", "projected": "If it goes on as usual"},
                values="money",
            )
        )
    return parts


def kpi_cards(review: Review, team: str) -> list[Card]:
    """Return a team's KPIs as cards."""
    numbers = review.numbers
    return [
        Card(row["title"], shown_as(row["unit"], numbers, row["value"]), tuple(_beside(row, numbers)))
        for row in review.frames["kpis"].filter(pl.col("team") == team).iter_rows(named=True)
    ]


def _beside(row: dict[str, Any], numbers: NumberFormat) -> list[str]:
    found = [{"signal": "Signal", "routine": "Routine"}.get(row["verdict"] or "", "Too few weeks")]
    if row["goal"] is not None:
        found.append(f"{row['judged'] or 'not judged'}: goal {shown_as(row['unit'], numbers, row['goal'])}")
    elif row["judged"] is not None:
        found.append(f"{row['judged']} its band")
    found.append(f"week before {shown_as(row['unit'], numbers, row['week_before'])}")
    found.append(f"year ago {shown_as(row['unit'], numbers, row['year_ago'])}")
    return found


def _kpis(review: Review) -> list[Part]:
    frame = review.frames["kpis"]
    if frame.is_empty():
        return [Words("No team has picked its KPIs yet.")]
    parts: list[Part] = []
    for team in frame["team"].unique(maintain_order=True):
        mine = frame.filter(pl.col("team") == team)
        parts.append(Words(f"{team.capitalize()}, week to {day(mine['week_end'][0])}"))
        parts.append(Cards(tuple(kpi_cards(review, team))))
        loud = mine.filter((pl.col("verdict") == "signal") | pl.col("judged").is_in(["missed", "outside"]))
        if loud.height:
            parts.append(Lines(tuple(loud["sentence"].to_list()), ""))
    return parts


def _changed(review: Review) -> list[Part]:
    numbers, moved = review.numbers, review.frames["moved"]
    parts: list[Part] = [Words(review.week)]
    shown = steps_shown(moved)
    if shown.height and shown["deals"].sum() and shown["amount"].null_count() < shown.height:
        named = shown.with_columns(
            step_name=pl.col("step").replace_strict(dict(STEPS), default=pl.col("step")),
            amount=pl.col("amount").cast(pl.Float64),
        )
        parts.append(
            Figure(
                title="What moved the open pipeline",
                unit=f"{numbers.currency}, {day(review.asked.since)} to {day(review.asked.as_of)}",
                alt="Opening pipeline, what moved it, and closing pipeline",
                draw=lambda: pipeline_waterfall(shown, numbers),
                frame=named.select("step_name", "amount"),
                x="step_name",
                series=("amount",),
                kind="waterfall",
                names={"step_name": "Step", "amount": "Amount"},
                values="money",
            )
        )
    for title, frame in (
        ("Won last week", review.frames["won"]),
        ("Lost last week", review.frames["lost"]),
        ("Pushed out of the period", review.pushed),
        ("Moved the pipeline most", review.movers),
    ):
        parts.append(Table(title, *deals_shown(frame, numbers), none="No deal."))
    return parts


def deals_shown(frame: pl.DataFrame, numbers: NumberFormat) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the biggest deals of a list, as numbers and as people read them."""
    amount = "change" if "change" in frame.columns else "amount_base"
    top = frame.sort(pl.col(amount).abs(), descending=True, nulls_last=True).head(_LISTED)
    columns = {"name": "Deal", "account": "Account", "owner": "Owner", amount: f"Amount ({numbers.currency})"}
    if "step" in top.columns:
        columns["step"] = "What happened"
        top = top.with_columns(pl.col("step").replace_strict(dict(STEPS), default=pl.col("step")))
    if "lost_reason" in top.columns and top["lost_reason"].null_count() < top.height:
        columns["lost_reason"] = "Why it was lost"
    plain = top.select(*columns).rename(columns)
    written = plain.with_columns(
        pl.Series(columns[amount], [numbers.money(value) for value in top[amount]], dtype=pl.String)
    )
    return plain, written


def _stands_out(review: Review) -> list[Part]:
    told = tuple(review.stands_out["text"].to_list())
    return [Lines(told, "Nothing stands out: what differs is small, or may be chance."), Words(review.not_told)]


def _actions(review: Review) -> list[Part]:
    return [
        Lines(tuple(action_lines(review)), "No action is open."),
        Lines(
            tuple(decision_lines(review)), "Nothing was decided in the week, and no decision is due for a look back."
        ),
    ]


def action_lines(review: Review) -> list[str]:
    """Return the open actions, and those closed last week, each with what became of its KPI."""
    return [
        f"{row['text']} ({row['owner']}"
        + (f", due {day(row['due'])}" if row["due"] else "")
        + (", late" if row["is_late"] else "")
        + (f", {row['status']} on {day(row['closed_on'])}" if row["status"] != "open" else "")
        + ")"
        + _effect(row)
        for row in review.frames["actions"].iter_rows(named=True)
    ]


def decision_lines(review: Review) -> list[str]:
    """Return what was decided in the week, and the decisions that are due for a look back."""
    lines = []
    for row in review.frames["decisions"].iter_rows(named=True):
        when = f"decided on {day(row['decided_on'])}"
        if row["review_on"] is not None:
            when += f", to be looked at {'since' if row['is_due'] else 'on'} {day(row['review_on'])}"
        lines.append(f"{row['text']} ({when}){_effect(row)}")
    return lines


def said_lines(review: Review) -> list[str]:
    """Return what customers said in the week, with marketing's reply."""
    return [
        f"{row['account'] or 'A customer'}: “{row['words']}” ({row['theme'] or 'no theme'}, {row['by']}; "
        f"{row['reply'] or 'not answered yet'})"
        for row in review.frames["said"].iter_rows(named=True)
    ]


def _effect(row: dict[str, Any]) -> str:
    return f". {row['effect']}" if row["effect"] else ""


def _story(review: Review) -> list[Part]:
    lines = [
        f"{row['client']}: {row['problem']} {row['trend']} {row['product']} {row['proof']} ({row['standing']}"
        + (f" {row['changes']}" if row["changes"] else "")
        + ")"
        for row in review.frames["narratives"].iter_rows(named=True)
    ]
    return [Lines(tuple(lines), "No story is agreed yet.")]


def _notes(review: Review) -> list[Part]:
    notes = [f"{day(row['day'])}: {row['text']} ({row['by']})" for row in review.frames["notes"].iter_rows(named=True)]
    said = [f"{row['text']} ({row['by']})" for row in review.frames["comments"].iter_rows(named=True)]
    return [Lines(tuple(notes), "Nothing was noted in the last four weeks."), Lines(tuple(said), "No comment.")]
