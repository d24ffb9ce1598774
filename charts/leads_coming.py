"""What open leads will still bring, month by month, and how leads end."""

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, FAINT, GOOD, INK, PLAIN, count_axis, figure
from charts.numbers import NumberFormat


def wins_by_month(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return the wins expected of today's open leads in each month, with their intervals.

    Parameters
    ----------
    frame
        `wins_to_come` without the row for all months together.
    numbers
        How the company writes numbers.
    """
    fig = figure(320, numbers)
    expected = frame["expected"].to_list()
    fig.add_trace(
        go.Bar(
            x=frame["span"].to_list(),
            y=expected,
            marker={"color": PLAIN},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": (frame["high"] - frame["expected"]).to_list(),
                "arrayminus": (frame["expected"] - frame["low"]).to_list(),
                "color": INK,
                "thickness": 1.5,
            },
            hovertext=[
                f"<b>{row['span']}</b><br>{numbers.number(row['expected'], 1)} expected<br>"
                f"{numbers.number(row['low'], 0)} to {numbers.number(row['high'], 0)}"
                for row in frame.iter_rows(named=True)
            ],
            hoverinfo="text",
        )
    )
    fig.update_xaxes(tickangle=-45)
    fig.update_yaxes(**count_axis(numbers, "Won deals", frame["high"].to_list()))
    return fig


def ends_by_age(frame: pl.DataFrame, last_sure: int | None, numbers: NumberFormat) -> go.Figure:
    """Return the share of leads that are won, lost for good and still open, by their age.

    Parameters
    ----------
    frame
        `cumulative_incidence` of one group.
    last_sure
        The age from which fewer than a tenth of the leads were watched: drawn dashed from there; None for none.
    numbers
        How the company writes numbers.
    """
    fig = figure(340, numbers)
    for column, name, colour in (
        ("won_rate", "Won", GOOD),
        ("lost_rate", "Lost for good", BAD),
        ("open_rate", "Still open", FAINT),
    ):
        for part, dash, is_shown in (
            (frame.filter(pl.col("day") <= last_sure) if last_sure is not None else frame, "solid", True),
            (frame.filter(pl.col("day") >= last_sure) if last_sure is not None else frame.clear(), "dot", False),
        ):
            if part.is_empty():
                continue
            fig.add_trace(
                go.Scatter(
                    x=part["day"].to_list(),
                    y=part[column].to_list(),
                    mode="lines",
                    name=name,
                    legendgroup=name,
                    showlegend=is_shown,
                    line={"color": colour, "width": 3, "shape": "hv", "dash": dash},
                    hovertext=[
                        f"<b>{name}</b><br>{numbers.number(age)} days: {numbers.share(value)}"
                        for age, value in zip(part["day"], part[column], strict=True)
                    ],
                    hoverinfo="text",
                )
            )
    fig.update_xaxes(title="Days since the lead was created")
    fig.update_yaxes(tickformat=".0%", rangemode="tozero", title="Share of leads")
    return fig
