"""Figures of how coverage changed: the waterfall, the last weeks, and the deals created week by week."""

import math
from collections.abc import Mapping
from datetime import date

import plotly.graph_objects as go
import polars as pl

from charts.look import (
    BAD,
    BAND,
    GOOD,
    INK,
    PLAIN,
    SECOND,
    TEXT_SIZE,
    VERDICT_COLOURS,
    WARN,
    count_axis,
    figure,
    height_for,
    money_axis,
    ticks,
)
from charts.numbers import NumberFormat, day, plural

STEPS: Mapping[str, str] = {
    "opening": "Opening",
    "created": "Created",
    "pulled_in": "Pulled in",
    "slipped_in": "Slipped in",
    "reopened": "Reopened",
    "redated": "Overdue, redated",
    "increased": "Increased",
    "owner_in": "Owner in",
    "decreased": "Decreased",
    "pushed_out": "Pushed out",
    "pulled_ahead": "Pulled ahead",
    "overdue": "Became overdue",
    "lost": "Lost",
    "won": "Won",
    "owner_out": "Owner out",
    "deleted": "Deleted",
    "currency": "Currency",
    "unmapped": "Stage unknown",
    "unchanged": "Unchanged",
    "closing": "Closing",
}


def steps_shown(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `pipeline_waterfall` with its ends and those steps between them in which a deal stands."""
    ends = pl.col("step").is_in(["opening", "closing"])
    return frame.filter(ends | ((pl.col("deals") > 0) & (pl.col("step") != "unchanged")))


def pipeline_waterfall(rows: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return what moved the open pipeline between two days, a step a bar, read from top to bottom.

    The axis begins near the lowest level that is reached, so that steps are seen beside levels that dwarf them; the
    amounts stand beside the bars.

    Parameters
    ----------
    rows
        What `steps_shown` gives; a mark opens its step of `pipeline_waterfall_records`.
    numbers
        How the company writes numbers.
    """
    steps = rows["step"].to_list()
    amounts = [float(value or 0) for value in rows["amount"]]
    starts, ends, level = [], [], 0.0
    for step, amount in zip(steps, amounts, strict=True):
        starts.append(0.0 if step in ("opening", "closing") else level)
        level = amount if step in ("opening", "closing") else level + amount
        ends.append(level)
    lowest = min(min(first, last) for first, last in list(zip(starts, ends, strict=True))[1:-1] or [(0.0, 0.0)])
    highest = max([*starts, *ends, 1.0])
    # A level is cut short only where the steps would else be slivers.
    floor = 0.0 if highest - lowest > 0.35 * highest else max(lowest - 0.35 * (highest - lowest), 0.0)
    fig = figure(height_for(rows.height, row=30), numbers)
    names = [STEPS[step] for step in steps]
    fig.add_trace(
        go.Bar(
            y=names,
            # From the lower to the higher end, so that every label stands on the right, where there is room for it.
            x=[max(start, end) - max(min(start, end), floor) for start, end in zip(starts, ends, strict=True)],
            base=[max(min(start, end), floor) for start, end in zip(starts, ends, strict=True)],
            orientation="h",
            marker={
                "color": [
                    PLAIN
                    if step in ("opening", "closing")
                    else GOOD
                    if step == "won" or amount > 0
                    else BAD
                    if step == "lost"
                    else WARN
                    for step, amount in zip(steps, amounts, strict=True)
                ]
            },
            text=[
                numbers.money(amount)
                if step in ("opening", "closing")
                else f"{'+' if amount > 0 else ''}{numbers.money(amount)}"
                for step, amount in zip(steps, amounts, strict=True)
            ],
            textposition="outside",
            cliponaxis=False,
            customdata=steps,
            hovertext=[
                f"<b>{name}</b><br>{numbers.money_exact(row['amount'])} in {numbers.number(row['deals'])} "
                f"{plural(row['deals'], 'deal')}"
                for name, row in zip(names, rows.iter_rows(named=True), strict=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    axis = money_axis(numbers, f"Open pipeline ({numbers.currency})", [0.0, highest])
    if floor:
        size = ticks(0.0, highest - floor)[1]
        at = [size * number for number in range(math.ceil(floor / size), math.floor(highest / size) + 1)]
        axis |= {
            "title": {"text": f"{numbers.currency}; the axis does not begin at 0"},
            "tickvals": at,
            "ticktext": [numbers.tick(value, is_money=True) for value in at],
        }
    room = 0.4 * (highest - floor)
    fig.update_xaxes(**{**axis, "range": [floor, highest + room]})
    fig.update_yaxes(autorange="reversed")
    return fig


def coverage_by_week(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return coverage to go as it stood at the end of each week, against the band; weeks that are not known are gaps.

    Parameters
    ----------
    frame
        `coverage_by_week`; a mark opens the deals that were due on its day.
    numbers
        How the company writes numbers.
    """
    fig = figure(320, numbers)
    low, high = float(frame["band_low"][0]), float(frame["band_high"][0])
    days = frame["day"].to_list()
    values = [None if value is None else float(value) for value in frame["coverage_to_go"]]
    known = [value for value in values if value is not None]
    longest = max([high * 1.2, *(min(value, 4 * high) for value in known)])
    shown = [None if value is None else min(value, longest) for value in values]
    colours = [
        VERDICT_COLOURS["thin" if value < low else "above" if value > high else "inside"]
        if value is not None
        else PLAIN
        for value in values
    ]
    fig.add_hrect(y0=low, y1=high, fillcolor=BAND, line_width=0, layer="below")
    fig.add_trace(
        go.Scatter(
            x=days,
            y=shown,
            mode="lines+markers+text",
            line={"color": PLAIN, "width": 2},
            marker={"color": colours, "size": 10},
            text=_at_the_ends(values, (low, high), numbers),
            textposition="top center",
            cliponaxis=False,
            customdata=[value.isoformat() for value in days],
            hovertext=[_week(row, numbers) for row in frame.iter_rows(named=True)],
            hoverinfo="text",
            showlegend=False,
        )
    )
    # On the side where the line is not: at the beginning of a period coverage is lower than at its end.
    fig.add_annotation(
        x=0,
        y=high,
        xref="paper",
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        text=f"{low:g}–{high:g}× rule",
        font={"color": INK, "size": 12},
    )
    fig.update_xaxes(**_week_axis(days))
    fig.update_yaxes(title="Coverage to go (×)", range=[0, longest * 1.15], ticksuffix="×", nticks=6)
    return fig


def _at_the_ends(values: list[float | None], edges: tuple[float, float], numbers: NumberFormat) -> list[str]:
    """Return labels for the first and the last known value alone: others stand in the hover."""
    known = [place for place, value in enumerate(values) if value is not None]
    ends = {known[0], known[-1]} if known else set()
    return [numbers.ratio_beside(value, edges) if place in ends else "" for place, value in enumerate(values)]


def _week(row: dict[str, object], numbers: NumberFormat) -> str:
    when = row["day"]
    assert isinstance(when, date)  # noqa: S101 (the query's own type)
    if row["assumed_count"]:
        return f"<b>{day(when)}</b><br>not recorded: deals are only assumed"
    lines = [
        f"<b>{day(when)}</b>",
        f"{numbers.money(row['open_amount'])} open",  # type: ignore[arg-type]
        f"{numbers.money(row['won_amount'])} won of {numbers.money(row['goal'])}",  # type: ignore[arg-type]
    ]
    return "<br>".join(lines)


def _week_axis(days: list[date]) -> dict[str, object]:
    """Return an axis that names every third week or so, so that it is read on a phone."""
    step = max(len(days) // 4, 1)
    at = days[::-1][::step][::-1]
    return {
        "tickmode": "array",
        "tickvals": at,
        "ticktext": [f"{value.day} {value:%b}" for value in at],
        "tickangle": 0,
        "title": {"text": "Week"},
    }


def created_by_week(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return the number of deals created each week, those that marketing sourced apart, beside the usual week.

    Parameters
    ----------
    frame
        `pipeline_created_by_week`; a mark opens the week's deals.
    numbers
        How the company writes numbers.
    """
    fig = figure(330, numbers)
    weeks = frame["week_start"].to_list()
    total = frame["deals"].to_list()
    sourced = frame["sourced_deals"].to_list()
    parts = [("Deals", total, PLAIN)]
    if any(value is not None for value in sourced):
        own = [whole - (part or 0) for whole, part in zip(total, sourced, strict=True)]
        parts = [("Sourced by marketing", sourced, SECOND), ("All other deals", own, PLAIN)]
    _bars(fig, frame, parts, [f"{numbers.number(value)} {plural(value, 'deal')}" for value in total])
    usual = frame["median_deals"][0]
    if usual is not None:
        _line(fig, weeks, float(usual), f"Usual week: {numbers.number(usual)}", INK)
    fig.update_layout(barmode="stack", margin={"t": 60})
    fig.update_yaxes(**count_axis(numbers, "Deals created a week", [float(value) for value in total]))
    return fig


def created_amount_by_week(frame: pl.DataFrame, needed: float | None, numbers: NumberFormat) -> go.Figure:
    """Return the pipeline created each week, beside the usual week and what is needed a week from now on.

    Parameters
    ----------
    frame
        `pipeline_created_by_week`; a mark opens the week's deals.
    needed
        `needed_per_week` of `pipeline_missing`; None or 0 where nothing is missing or nobody knows.
    numbers
        How the company writes numbers.
    """
    fig = figure(330, numbers)
    weeks = frame["week_start"].to_list()
    amounts = [None if value is None else float(value) for value in frame["amount"]]
    _bars(fig, frame, [("Pipeline created", amounts, PLAIN)], [numbers.money(value) for value in amounts])
    usual = frame["median_amount"][0]
    if usual is not None:
        _line(fig, weeks, float(usual), f"Usual week: {numbers.money(usual)}", INK)
    if needed:
        _line(fig, weeks, needed, f"Needed a week: {numbers.money(needed)}", BAD)
    fig.update_layout(margin={"t": 60})
    fig.update_yaxes(**money_axis(numbers, f"Pipeline created a week ({numbers.currency})", [*amounts, needed or 0.0]))
    return fig


def _bars(
    fig: go.Figure, frame: pl.DataFrame, parts: list[tuple[str, list[float | None], str]], said: list[str]
) -> None:
    weeks = frame["week_start"].to_list()
    over = frame["is_complete"].to_list()
    for name, values, colour in parts:
        fig.add_trace(
            go.Bar(
                x=weeks,
                y=values,
                name=name,
                marker={"color": colour, "opacity": [1.0 if done else 0.45 for done in over]},
                customdata=[week.isoformat() for week in weeks],
                hovertext=[
                    f"<b>Week of {day(week)}</b><br>{words}{'' if done else '<br>(not over yet)'}"
                    for week, words, done in zip(weeks, said, over, strict=True)
                ],
                hoverinfo="text",
                showlegend=len(parts) > 1,
            )
        )
    fig.update_xaxes(**_week_axis(weeks))


def _line(fig: go.Figure, weeks: list[date], value: float, name: str, colour: str) -> None:
    """Draw a level across the weeks, named in the legend: on a phone there is no room for its name beside it."""
    fig.add_trace(
        go.Scatter(
            x=[weeks[0], weeks[-1]],
            y=[value, value],
            mode="lines",
            name=name,
            line={"color": colour, "width": 2, "dash": "dash"},
            hoverinfo="skip",
        )
    )
    fig.update_layout(legend={"font": {"size": TEXT_SIZE}})
