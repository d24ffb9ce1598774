"""Figures of huddles: how long each took beside its agenda, and what customers kept saying."""

from datetime import date

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, FAINT, GOOD, TEXT_SIZE, count_axis, figure, named
from charts.numbers import NumberFormat, day

_MOST_THEMES = 6
_OTHER = "other themes"


def minutes_by_huddle(days: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return the minutes that each huddle took, what was over its agenda apart, and the planned days without one.

    Parameters
    ----------
    days
        One row per `day` with `what` (held, extra, missed), `taken_minutes`, `over_minutes`.
    numbers
        How the company writes numbers.
    """
    fig = figure(320, numbers)
    met = days.filter(pl.col("what") != "missed")
    labels = [_label(at) for at in met["day"]]
    inside = [row["taken_minutes"] - row["over_minutes"] for row in met.iter_rows(named=True)]
    hover = [
        f"<b>{named(row['title'])}</b>, {day(row['day'])}<br>{numbers.number(row['taken_minutes'])} of "
        f"{numbers.number(row['planned_minutes'])} minutes"
        for row in met.iter_rows(named=True)
    ]
    for name, values, colour in (
        ("within the agenda", inside, GOOD),
        ("over", met["over_minutes"].to_list(), BAD),
    ):
        fig.add_bar(x=labels, y=values, name=name, marker={"color": colour}, hovertext=hover, hoverinfo="text")
    missed = days.filter(pl.col("what") == "missed")
    if missed.height:
        fig.add_scatter(
            x=[_label(at) for at in missed["day"]],
            y=[0] * missed.height,
            name="planned, not held",
            mode="markers",
            marker={"symbol": "x", "size": 12, "color": FAINT},
            hovertext=[f"planned for {day(at)}, not held" for at in missed["day"]],
            hoverinfo="text",
        )
    fig.update_layout(barmode="stack")
    order = [_label(at) for at in days["day"]]
    fig.update_xaxes(
        type="category", categoryorder="array", categoryarray=order, nticks=8, tickfont={"size": TEXT_SIZE}
    )
    fig.update_yaxes(**count_axis(numbers, "Minutes", [0, *met["taken_minutes"].to_list()]))
    return fig


def themes_by_month_figure(months: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return how often each theme was heard a month, stacked; the less frequent ones together.

    Parameters
    ----------
    months
        One row per `month` and `theme` with `heard`.
    numbers
        How the company writes numbers.
    """
    fig = figure(320, numbers)
    totals = months.group_by("theme").agg(pl.col("heard").sum()).sort("heard", "theme", descending=[True, False])
    first = totals["theme"].head(_MOST_THEMES if totals.height <= _MOST_THEMES else _MOST_THEMES - 1).to_list()
    shown = (
        months.with_columns(theme=pl.when(pl.col("theme").is_in(first)).then("theme").otherwise(pl.lit(_OTHER)))
        .group_by("month", "theme")
        .agg(pl.col("heard").sum())
        .sort("month")
    )
    labels = [f"{at:%b %Y}" for at in shown["month"].unique().sort()]
    for theme in [*first, *([_OTHER] if totals.height > len(first) else [])]:
        rows = shown.filter(pl.col("theme") == theme)
        fig.add_bar(
            x=[f"{at:%b %Y}" for at in rows["month"]],
            y=rows["heard"].to_list(),
            name=named(theme),
            hovertext=[
                f"<b>{named(theme)}</b><br>{at:%b %Y}: {count}" for at, count in rows.select("month", "heard").rows()
            ],
            hoverinfo="text",
        )
    fig.update_layout(barmode="stack")
    fig.update_xaxes(
        type="category", categoryorder="array", categoryarray=labels, nticks=8, tickfont={"size": TEXT_SIZE}
    )
    sums = shown.group_by("month").agg(pl.col("heard").sum())["heard"].to_list()
    fig.update_yaxes(**count_axis(numbers, "Times heard", [0, *sums]))
    return fig


def _label(at: date) -> str:
    return f"{at.day} {at:%b}"
