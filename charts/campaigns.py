"""Figures of campaign effectiveness."""

import plotly.graph_objects as go
import polars as pl

from charts.look import FAINT, GOOD, figure, height_for, money_axis, named, shortened
from charts.numbers import NumberFormat


def cost_and_won_by_campaign(frame: pl.DataFrame, numbers: NumberFormat, most: int = 15) -> go.Figure:
    """Return what each campaign cost and what it brought, side by side.

    Parameters
    ----------
    frame
        `campaign_effectiveness`; of its campaigns those that cost or brought most are drawn.
    numbers
        How the company writes numbers.
    most
        How many to draw (the table has all).
    """
    rows = (
        frame.filter(pl.col("kind") == "campaign")
        .with_columns(size=pl.max_horizontal(pl.col("won_amount").fill_null(0), pl.col("cost").fill_null(0)))
        .sort("size", descending=True)
        .head(most)
        .reverse()
    )
    fig = figure(height_for(rows.height, row=40), numbers)
    names = [value or "" for value in rows["dimension_value"]]
    for column, name, colour in (("cost", "Cost", FAINT), ("won_amount", "Won, credited", GOOD)):
        fig.add_trace(
            go.Bar(
                x=[float(value) if value is not None else None for value in rows[column]],
                y=names,
                orientation="h",
                name=name,
                marker={"color": colour},
                customdata=names,
                hovertext=[
                    f"<b>{named(row['dimension_value'])}</b><br>cost {numbers.money(row['cost'])}, "
                    f"won {numbers.money(row['won_amount'])} in {numbers.number(row['won'], 1)} deals"
                    f"<br>ROI {numbers.ratio(row['roi'])} · {numbers.number(row['leads'])} leads"
                    for row in rows.iter_rows(named=True)
                ],
                hoverinfo="text",
            )
        )
    fig.update_layout(barmode="group", legend={"traceorder": "reversed"})
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[shortened(name, 34) for name in names])
    fig.update_xaxes(**money_axis(numbers, f"Amount ({numbers.currency})"))
    return fig
