"""Figures of campaign effectiveness."""

import plotly.graph_objects as go
import polars as pl

from charts.look import FAINT, GOOD, figure, height_for, money_axis, named, wrapped
from charts.numbers import NumberFormat

# More than these cannot be told apart at a glance.
MOST = 15


def drawn(frame: pl.DataFrame, most: int | None) -> pl.DataFrame:
    """Return the campaigns of `campaign_effectiveness` to draw: those that cost or brought most, at most so many."""
    rows = (
        frame.filter(pl.col("kind") == "campaign")
        .with_columns(size=pl.max_horizontal("won_amount", "cost"))
        .filter(pl.col("size").fill_null(0) != 0)
        .sort("size", descending=True)
    )
    return rows if most is None else rows.head(most)


def cost_and_won_by_campaign(frame: pl.DataFrame, numbers: NumberFormat, most: int | None = MOST) -> go.Figure:
    """Return what each campaign cost and what it brought, side by side.

    Parameters
    ----------
    frame
        `campaign_effectiveness`; of its campaigns those that cost or brought most are drawn, none that did neither.
    numbers
        How the company writes numbers.
    most
        How many to draw (the table has all); all when None.
    """
    rows = drawn(frame, most).reverse()
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
                    f"<br>ROI {numbers.ratio(row['roi'])} · {numbers.number(row['leads'])} leads of its own"
                    for row in rows.iter_rows(named=True)
                ],
                hoverinfo="text",
            )
        )
    fig.update_layout(barmode="group", legend={"traceorder": "reversed"})
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[wrapped(name) for name in names])
    amounts = [float(value) for column in ("cost", "won_amount") for value in rows[column].drop_nulls()]
    fig.update_xaxes(**money_axis(numbers, f"Amount ({numbers.currency})", amounts))
    return fig
