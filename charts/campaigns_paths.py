"""Credit by paths: Markov beside Shapley, with intervals."""

import plotly.graph_objects as go
import polars as pl

from charts.look import INK, PLAIN, SECOND, figure, height_for, shortened
from charts.numbers import NumberFormat


def credit_by_paths(markov: pl.DataFrame, shapley: pl.DataFrame, numbers: NumberFormat, most: int = 15) -> go.Figure:
    """Return the share of credit by removal effect and by fair shares, with 95% intervals, the largest on top.

    Parameters
    ----------
    markov, shapley
        `markov_attribution` and `shapley_attribution`.
    numbers
        How the company writes numbers.
    most
        How many rows are drawn.
    """
    names = markov["channel"].to_list()[:most]
    fig = figure(height_for(len(names), row=46), numbers)
    for title, frame, colour in (("Removal (Markov)", markov, PLAIN), ("Fair shares (Shapley)", shapley, SECOND)):
        rows = {row["channel"]: row for row in frame.iter_rows(named=True)}
        shown = [rows[name] for name in names if name in rows]
        fig.add_trace(
            go.Bar(
                y=[shortened(row["channel"]) for row in shown],
                x=[row["share"] for row in shown],
                orientation="h",
                name=title,
                marker={"color": colour},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [max(row["high"] - row["share"], 0) for row in shown],
                    "arrayminus": [max(row["share"] - row["low"], 0) for row in shown],
                    "color": INK,
                    "thickness": 1.5,
                },
                customdata=[row["channel"] for row in shown],
                hovertext=[
                    f"<b>{shortened(row['channel'], 60)}</b><br>{title}: {numbers.share(row['share'])} "
                    f"({numbers.interval(row['low'], row['high'])})<br>place {row['best_rank']} to {row['worst_rank']}"
                    for row in shown
                ],
                hoverinfo="text",
            )
        )
    fig.update_layout(barmode="group")
    fig.update_yaxes(autorange="reversed")
    fig.update_xaxes(title="Share of credit", tickformat=".0%", nticks=6)
    return fig
