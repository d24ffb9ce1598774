"""Figures of the shared goals."""

from decimal import Decimal

import plotly.graph_objects as go
import polars as pl

from charts.look import (
    BAND,
    FAINT,
    GOOD,
    INK,
    PLAIN,
    SECOND,
    count_axis,
    figure,
    height_for,
    money_axis,
    named,
    shortened,
)
from charts.numbers import NumberFormat, day

VIEW_NAMES = {
    "won": "All won deals",
    "sourced_by_field": "Sourced: by the source field",
    "sourced_by_first_touch": "Sourced: a campaign touch first",
    "sourced_by_touch_before_activity": "Sourced: touched before sales acted",
    "influenced_before_created": "Influenced before the deal began",
    "influenced_before_closed": "Influenced before it closed",
}
# On the axis, where there is no room for more.
_SHORT = {
    "won": "All won",
    "sourced_by_field": "Sourced: source field",
    "sourced_by_first_touch": "Sourced: first touch",
    "sourced_by_touch_before_activity": "Sourced: before sales",
    "influenced_before_created": "Influenced: at start",
    "influenced_before_closed": "Influenced: at close",
}


def actual_by_day(frame: pl.DataFrame, goal: float | None, numbers: NumberFormat, *, is_money: bool) -> go.Figure:
    """Return what was reached by each day, beside what would be on track, and the goal.

    Parameters
    ----------
    frame
        `goal_by_day`.
    goal
        The goal; no line without one.
    numbers
        How the company writes numbers.
    is_money
        Whether the measure is an amount.
    """

    def shown(value: float | None) -> str:
        return numbers.money(value) if is_money else numbers.number(value)

    fig = figure(360, numbers)
    days = frame["day"].to_list()
    on_track = [float(value) if value is not None else None for value in frame["on_track"]]
    if any(value is not None for value in on_track):
        fig.add_trace(
            go.Scatter(
                x=days,
                y=on_track,
                mode="lines",
                name="On track",
                line={"color": INK, "width": 2, "dash": "dot"},
                hovertext=[
                    f"<b>{day(at)}</b><br>on track: {shown(value)}" for at, value in zip(days, on_track, strict=True)
                ],
                hoverinfo="text",
            )
        )
    done = frame.filter(pl.col("actual_to_date").is_not_null())
    reached = [float(value) for value in done["actual_to_date"]]
    fig.add_trace(
        go.Scatter(
            x=done["day"].to_list(),
            y=reached,
            mode="lines",
            name="Reached",
            line={"color": GOOD, "width": 3, "shape": "hv"},
            hovertext=[
                f"<b>{day(at)}</b><br>reached: {shown(value)}" for at, value in zip(done["day"], reached, strict=True)
            ],
            hoverinfo="text",
        )
    )
    ahead = frame.filter(pl.col("projected").is_not_null())
    heights = [*reached, *on_track, goal, *_add_projection(fig, ahead, numbers, is_money=is_money)]
    if goal is not None:
        fig.add_hline(y=goal, line={"color": FAINT, "width": 2, "dash": "dash"})
        fig.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=goal,
            yanchor="bottom",
            showarrow=False,
            text=f"goal {shown(goal)}",
            font={"color": INK, "size": 12},
        )
    if is_money:
        fig.update_yaxes(**money_axis(numbers, f"Reached ({numbers.currency})", heights))
    else:
        fig.update_yaxes(**count_axis(numbers, "Reached (count)", heights))
    fig.update_xaxes(title="Day", nticks=5, tickangle=0)
    return fig


def _add_projection(fig: go.Figure, ahead: pl.DataFrame, numbers: NumberFormat, *, is_money: bool) -> list[float]:
    """Add what will be reached if it goes on as usual, and the range of past periods; return how high it goes."""
    if ahead.is_empty():
        return []

    def shown(value: float) -> str:
        return numbers.money(value) if is_money else numbers.number(value)

    days = ahead["day"].to_list()
    projected = [float(value) for value in ahead["projected"]]
    heights = list(projected)
    ends = [""] * len(days)
    if ahead["projected_low"].null_count() == 0:
        low = [float(value) for value in ahead["projected_low"]]
        high = [float(value) for value in ahead["projected_high"]]
        heights += high
        ends = [f"<br>{shown(least)} to {shown(most)}" for least, most in zip(low, high, strict=True)]
        line = {"width": 0}
        fig.add_trace(go.Scatter(x=days, y=low, mode="lines", line=line, hoverinfo="skip", showlegend=False))
        fig.add_trace(
            go.Scatter(
                x=days,
                y=high,
                mode="lines",
                line=line,
                fill="tonexty",
                fillcolor=BAND,
                name="As past periods went on",
                hoverinfo="skip",
            )
        )
    fig.add_trace(
        go.Scatter(
            x=days,
            y=projected,
            mode="lines",
            name="If it goes on as usual",
            line={"color": GOOD, "width": 2, "dash": "dash"},
            hovertext=[
                f"<b>{day(at)}</b><br>as usual: {shown(value)}{end}"
                for at, value, end in zip(days, projected, ends, strict=True)
            ],
            hoverinfo="text",
        )
    )
    return heights


def won_by_view(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return what was won, and how much of it marketing sourced or influenced, by each test.

    Parameters
    ----------
    frame
        `sourced_and_influenced`.
    numbers
        How the company writes numbers.
    """
    rows = frame.filter(pl.col("amount").is_not_null()).sort("position", descending=True)
    fig = figure(height_for(rows.height, row=38), numbers)
    amounts = [float(value) for value in rows["amount"]]
    names = [
        _SHORT[view] + (" (ours)" if ours else "")
        for view, ours in zip(rows["view"], rows["is_company_test"], strict=True)
    ]
    colours = [GOOD if view == "won" else PLAIN if view.startswith("sourced") else SECOND for view in rows["view"]]
    fig.add_trace(
        go.Bar(
            x=amounts,
            y=names,
            orientation="h",
            marker={"color": colours},
            text=[
                f"{numbers.money(amount)} · {numbers.share(share, 0)}"
                for amount, share in zip(amounts, rows["of_won"], strict=True)
            ],
            textposition="outside",
            cliponaxis=False,
            customdata=rows["view"].to_list(),
            hovertext=[
                f"<b>{name}</b><br>{numbers.money_exact(amount)} in {numbers.number(deals)} deals"
                for name, amount, deals in zip(names, amounts, rows["deals"], strict=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[shortened(name, 40) for name in names])
    axis = money_axis(numbers, f"Amount won ({numbers.currency})", amounts)
    # Room on the right for the labels, which stand outside their bars.
    fig.update_xaxes(**{**axis, "range": [min(0, *amounts), (max(0, *amounts) or 1) * 2]})
    return fig


def attainment_by_scope(
    frame: pl.DataFrame, expected_share: float | None, numbers: NumberFormat, *, is_money: bool
) -> go.Figure:
    """Return how much of its goal each owner, team or segment has reached, beside what would be on track.

    Parameters
    ----------
    frame
        Rows of `goal_attainment`.
    expected_share
        The share of the period that is usually done by now; no line without it.
    numbers
        How the company writes numbers.
    is_money
        Whether the measure is an amount.
    """

    def shown(value: Decimal | None) -> str:
        return numbers.money(value) if is_money else numbers.number(value)

    rows = frame.filter(pl.col("attainment").is_not_null()).sort("attainment")
    fig = figure(height_for(rows.height, row=30), numbers)
    names = [value or "Company" for value in rows["scope_value"]]
    shares = [100 * value for value in rows["attainment"]]
    fig.add_trace(
        go.Bar(
            x=shares,
            y=names,
            orientation="h",
            marker={"color": PLAIN},
            customdata=names,
            hovertext=[
                f"<b>{named(name)}</b><br>{shown(row['actual'])} of {shown(row['goal'])}"
                f"<br>pace {numbers.number(row['pace'], 2)}"
                for name, row in zip(names, rows.iter_rows(named=True), strict=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    # In a column of their own, where the line of what is on track does not run through them.
    end = max([100.0, *shares]) * 1.2
    fig.add_trace(
        go.Scatter(
            x=[end] * len(names),
            y=names,
            mode="text",
            text=[f"{numbers.number(share, 0)}%" for share in shares],
            textposition="middle left",
            customdata=names,
            hoverinfo="skip",
            showlegend=False,
        )
    )
    if expected_share is not None:
        on_track = 100 * expected_share
        fig.add_vline(x=on_track, line={"color": INK, "width": 2, "dash": "dot"})
        fig.add_annotation(
            x=on_track,
            y=1,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            text=f"on track: {numbers.number(on_track, 0)}%",
            font={"color": INK, "size": 12},
        )
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[shortened(name) for name in names])
    fig.update_xaxes(title="Reached of the goal (%)", ticksuffix="%", range=[min([0.0, *shares]), end], nticks=6)
    return fig
