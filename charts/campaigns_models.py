"""Figures of attribution: what each model credits a campaign with."""

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, FAINT, GOOD, PLAIN, SECOND, WARN, figure, height_for, money_axis, named, wrapped
from charts.numbers import NumberFormat

MOST = 12
MODELS = {
    "first": "First touch",
    "last": "Last touch",
    "linear": "Linear",
    "u": "U-shaped",
    "w": "W-shaped",
    "full": "Full path",
    "decay": "Time decay",
}
# Shape tells the models apart as well as colour does.
_MARKS = {
    "first": ("triangle-left", BAD),
    "last": ("triangle-right", BAD),
    "linear": ("circle", PLAIN),
    "u": ("square", SECOND),
    "w": ("diamond", SECOND),
    "full": ("star", GOOD),
    "decay": ("hourglass", WARN),
}


def moved(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the campaigns of `campaign_models` with an amount, those whose place moves most between models first."""
    return (
        frame.filter((pl.col("kind") == "campaign") & (pl.col("highest_amount") > 0))
        .with_columns(places_moved=pl.col("worst_place") - pl.col("best_place"))
        .sort("places_moved", "highest_amount", descending=True)
    )


def amount_by_model(frame: pl.DataFrame, numbers: NumberFormat, most: int | None = MOST) -> go.Figure:
    """Return what each model credits a campaign with, as marks on a bar from the least to the most.

    Parameters
    ----------
    frame
        `campaign_models`; drawn are the campaigns that are credited with most by any model.
    numbers
        How the company writes numbers.
    most
        How many to draw (the table has all); all when None.
    """
    rows = moved(frame).sort("highest_amount", descending=True)
    rows = (rows if most is None else rows.head(most)).reverse()
    # Names stand in two lines, and on a phone the legend of seven models takes four.
    fig = figure(height_for(rows.height, row=44) + 90, numbers)
    names = [value or "" for value in rows["dimension_value"]]
    fig.add_trace(
        go.Bar(
            x=[float(high - low) for low, high in rows.select("lowest_amount", "highest_amount").rows()],
            base=[float(value) for value in rows["lowest_amount"]],
            y=names,
            orientation="h",
            width=0.35,
            marker={"color": FAINT},
            hoverinfo="skip",
            showlegend=False,
            customdata=names,
        )
    )
    for model, words in MODELS.items():
        symbol, colour = _MARKS[model]
        fig.add_trace(
            go.Scatter(
                x=[float(value) for value in rows[f"{model}_amount"]],
                y=names,
                mode="markers",
                name=words,
                marker={"symbol": symbol, "size": 11, "color": colour},
                customdata=names,
                hovertext=[
                    f"<b>{named(row['dimension_value'])}</b><br>{words}: {numbers.money(row[f'{model}_amount'])}"
                    f"<br>place {row['best_place']} to {row['worst_place']}, by the model"
                    for row in rows.iter_rows(named=True)
                ],
                hoverinfo="text",
            )
        )
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[wrapped(name) for name in names])
    amounts = [float(value) for column in ("lowest_amount", "highest_amount") for value in rows[column]]
    fig.update_xaxes(**money_axis(numbers, f"Amount won, credited ({numbers.currency})", amounts, most=3))
    return fig
