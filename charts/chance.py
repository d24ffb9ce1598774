"""Figures of what history says: the coverage that it took, what the period may end at, and how good such forecasts were."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.look import BAND, FAINT, GOOD, INK, PLAIN, SECOND, WARN, figure, money_axis
from charts.numbers import NumberFormat, day

# As many periods as a phone has room to name.
_MOST_PERIODS = 4


def coverage_it_took(
    yields: pl.DataFrame, required: dict[str, Any], coverage: float | None, numbers: NumberFormat
) -> go.Figure:
    """Return for each past period the coverage that would just have been enough, and what even and 80% odds take.

    Parameters
    ----------
    yields
        `yield_by_period`, the oldest first; periods without a yield, or with one of 0, are left out.
    required
        One row of `required_coverage`.
    coverage
        Coverage to go now; no line without it.
    numbers
        How the company writes numbers.
    """
    known = yields.filter(pl.col("yield") > 0)
    took = [1 / float(value) for value in known["yield"]]
    names = known["period"].to_list()
    fig = figure(340, numbers)
    fig.add_trace(
        go.Bar(
            x=names,
            y=took,
            name="Coverage that would just have been enough",
            marker={"color": FAINT},
            text=[numbers.ratio(value) for value in took],
            # At the bars' feet, where no line crosses it.
            textposition="inside",
            insidetextanchor="start",
            customdata=names,
            hovertext=[
                f"<b>{row['period']}</b> as of {day(row['day'])}<br>open and due {numbers.money(row['open_amount'])}<br>"
                f"won from then on {numbers.money(row['won_amount'])}<br>so {numbers.ratio(1 / float(row['yield']))} was enough"
                for row in known.iter_rows(named=True)
            ],
            hoverinfo="text",
        )
    )
    highest = max(took, default=1.0)
    for value, name, colour, dash in (
        (required["required_even"], "Even odds", PLAIN, "dash"),
        (required["required_80"], "80% odds", WARN, "dash"),
        (coverage, "Now", GOOD, "solid"),
    ):
        if value is None:
            continue
        highest = max(highest, value)
        fig.add_trace(
            go.Scatter(
                x=[names[0], names[-1]] if names else [],
                y=[value, value],
                mode="lines",
                name=f"{name} {numbers.ratio(value)}",
                line={"color": colour, "width": 3, "dash": dash},
                hoverinfo="skip",
            )
        )
    fig.update_yaxes(title="Coverage to go", range=[0, highest * 1.2], ticksuffix="×", nticks=6)
    fig.update_xaxes(type="category")
    return fig


def what_it_may_end_at(distribution: pl.DataFrame, row: dict[str, Any], numbers: NumberFormat) -> go.Figure:
    """Return how likely the period is to end at each amount, with the goal and the middle eight of ten cases.

    Parameters
    ----------
    distribution
        `goal_distribution`.
    row
        The row of `chance_of_goal`.
    numbers
        How the company writes numbers.
    """
    fig = figure(320, numbers)
    goal = row["goal"]
    amounts = distribution["amount"].to_list()
    for name, colour, keep in (
        (
            "Short of the goal" if goal is not None else "May end at",
            FAINT,
            lambda amount: goal is None or amount < goal,
        ),
        ("Goal reached", GOOD, lambda amount: goal is not None and amount >= goal),
    ):
        chosen = [place for place, amount in enumerate(amounts) if keep(amount)]
        if not chosen:
            continue
        fig.add_trace(
            go.Bar(
                x=[amounts[place] for place in chosen],
                y=[distribution["probability"][place] for place in chosen],
                name=name,
                marker={"color": colour},
                hovertext=[
                    f"<b>{numbers.money(amounts[place])}</b><br>at least that: "
                    f"{numbers.share(distribution['at_least'][place], 0)}"
                    for place in chosen
                ],
                hoverinfo="text",
            )
        )
    fig.add_vrect(x0=row["p10"], x1=row["p90"], fillcolor=BAND, line={"width": 0})
    if goal is not None:
        fig.add_vline(x=goal, line={"color": INK, "width": 2, "dash": "dash"})
    fig.update_xaxes(
        **money_axis(numbers, "Won by the end of the period; shaded: eight of ten cases", [*amounts, goal])
    )
    fig.update_xaxes(range=[min([*amounts, goal or amounts[0]]), max([*amounts, goal or amounts[-1]])])
    fig.update_yaxes(showticklabels=False, title="How likely")
    fig.update_layout(bargap=0.02)
    return fig


def said_and_came(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return how often came what was said to come, by `calibration`; on the dotted line what is said is what comes."""
    fig = figure(360, numbers)
    fig.add_trace(
        go.Scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            name="Said is what comes",
            line={"color": INK, "dash": "dot"},
            hoverinfo="skip",
        )
    )
    fig.add_trace(
        go.Scatter(
            x=frame["said"].to_list(),
            y=frame["came"].to_list(),
            mode="markers+lines",
            name="Deals",
            line={"color": PLAIN, "width": 2},
            marker={"size": 9},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": (frame["high"] - frame["came"]).to_list(),
                "arrayminus": (frame["came"] - frame["low"]).to_list(),
                "color": INK,
            },
            hovertext=[
                f"<b>{row['band']} was said</b><br>{numbers.share(row['came'])} came "
                f"({numbers.interval(row['low'], row['high'])})<br>{numbers.number(row['times'])} times"
                for row in frame.iter_rows(named=True)
            ],
            hoverinfo="text",
        )
    )
    most = max([*frame["said"].to_list(), *frame["high"].to_list(), 0.1])
    for update in (fig.update_xaxes, fig.update_yaxes):
        update(tickformat=".0%", range=[0, min(most * 1.05, 1)], nticks=6)
    fig.update_xaxes(title="Chance that was said")
    fig.update_yaxes(title="Share that was won")
    return fig


def said_by_week(said: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return what was said week by week in past periods, P10 to P90 and P50, beside the plain forecast and what came."""
    fig = figure(380, numbers)
    for number, (_, part) in enumerate(said.group_by("period", maintain_order=True)):
        days = part["day"].to_list()
        first = number == 0
        fig.add_trace(
            go.Scatter(
                x=days, y=part["p10"].to_list(), mode="lines", line={"width": 0}, hoverinfo="skip", showlegend=False
            )
        )
        fig.add_trace(
            go.Scatter(
                x=days,
                y=part["p90"].to_list(),
                mode="lines",
                line={"width": 0},
                fill="tonexty",
                fillcolor=BAND,
                name="P10 to P90",
                legendgroup="band",
                showlegend=first,
                hoverinfo="skip",
            )
        )
        for column, name, line in (
            ("p50", "Middle of the forecast", {"color": GOOD, "width": 2}),
            ("plain", "Weighted pipeline", {"color": SECOND, "width": 2, "dash": "dot"}),
            ("came", "What came", {"color": INK, "width": 3}),
        ):
            fig.add_trace(
                go.Scatter(
                    x=days,
                    y=part[column].to_list(),
                    mode="lines",
                    name=name,
                    legendgroup=name,
                    showlegend=first,
                    line=line,
                    hovertext=[
                        f"<b>{row['period']}, {day(row['day'])}</b><br>{name.lower()}: {numbers.money(row[column])}"
                        for row in part.iter_rows(named=True)
                    ],
                    hoverinfo="text",
                )
            )
    values = [*said["p90"].to_list(), *said["came"].to_list(), *said["plain"].to_list()]
    fig.update_yaxes(**money_axis(numbers, f"Won by the end of the period ({numbers.currency})", values))
    begun = said.group_by("period", maintain_order=True).agg(pl.col("day").min())
    shown = begun.gather_every(-(-begun.height // _MOST_PERIODS)) if begun.height else begun
    fig.update_xaxes(tickmode="array", tickvals=shown["day"].to_list(), ticktext=shown["period"].to_list(), tickangle=0)
    return fig
