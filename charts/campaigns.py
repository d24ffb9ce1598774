"""Figures of campaign effectiveness."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.look import (
    FAINT,
    GOOD,
    PLAIN,
    TEXT_SIZE,
    count_axis,
    figure,
    height_for,
    money_axis,
    named,
    ticks,
    wrapped,
)
from charts.numbers import NumberFormat
from charts.sketch import plain

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
    """Return what each campaign cost and what it brought, side by side, with its ROI; young campaigns are hatched.

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
    roi = [
        "" if row["roi"] is None else f"ROI {numbers.ratio(row['roi'])}{', young' if row['is_young'] else ''}"
        for row in rows.iter_rows(named=True)
    ]
    hatched = ["/" if young else "" for young in rows["is_young"]]
    for column, name, colour in (("cost", "Cost", FAINT), ("won_amount", "Won, credited", GOOD)):
        fig.add_trace(
            go.Bar(
                x=[float(value) if value is not None else None for value in rows[column]],
                y=names,
                orientation="h",
                name=name,
                marker={"color": colour, "pattern": {"shape": hatched, "fillmode": "replace", "size": 6}},
                text=roi if column == "won_amount" else None,
                textposition="outside",
                textangle=0,
                textfont={"size": TEXT_SIZE - 1},
                # Plotly would shrink it to the height of the bar.
                constraintext="none",
                cliponaxis=False,
                customdata=names,
                hovertext=[
                    f"<b>{named(row['dimension_value'])}</b><br>cost {numbers.money(row['cost'])}, "
                    f"won {numbers.money(row['won_amount'])} in {numbers.number(row['won'], 1)} deals"
                    f"<br>ROI {numbers.ratio(row['roi'])} · {numbers.number(row['leads'])} leads of its own"
                    f"<br>{_age(row, numbers)}"
                    for row in rows.iter_rows(named=True)
                ],
                hoverinfo="text",
            )
        )
    fig.update_layout(barmode="group", legend={"traceorder": "reversed"})
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[wrapped(name) for name in names])
    amounts = [float(value) for column in ("cost", "won_amount") for value in rows[column].drop_nulls()]
    # Long names leave little room for the axis on a phone.
    axis = money_axis(numbers, f"Amount ({numbers.currency})", amounts, most=3)
    # Room for the ROI beside the longest bar.
    low, high = min([0.0, *amounts]), max([0.0, *amounts])
    fig.update_xaxes(**axis, **({"range": [low, high + 0.45 * (high - low)]} if high > low else {}))
    return fig


def _age(row: dict[str, Any], numbers: NumberFormat) -> str:
    if row["days_running"] is None:
        return "no start is known"
    age = f"{numbers.days(row['days_running'])} since its start"
    if row["median_cycle_days"] is None:
        return age
    young = ": too young to be judged" if row["is_young"] else ""
    return f"{age}, where a deal takes {numbers.days(row['median_cycle_days'])}{young}"


def with_leads(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the campaigns of `campaign_effectiveness` that brought leads, with the share of these that was won."""
    return (
        frame.filter((pl.col("kind") == "campaign") & (pl.col("leads") > 0) & pl.col("leads_won").is_not_null())
        .with_columns(rate=pl.col("leads_won") / pl.col("leads"))
        .sort("leads", descending=True)
    )


def leads_and_won_by_campaign(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return how many leads each campaign brought and which share of them was won; those far from the rest are named.

    Parameters
    ----------
    frame
        `campaign_effectiveness`.
    numbers
        How the company writes numbers.
    """
    rows = with_leads(frame)
    fig = figure(360, numbers)
    outlying = _outlying(rows)
    for is_young, name, symbol in ((False, "Old enough", "circle"), (True, "Young: may still win", "circle-open")):
        part = rows.filter(pl.col("is_young").fill_null(value=False) == is_young)
        if part.is_empty():
            continue
        names = [value or "" for value in part["dimension_value"]]
        fig.add_trace(
            go.Scatter(
                x=part["leads"].to_list(),
                y=part["rate"].to_list(),
                mode="markers+text",
                name=name,
                text=[wrapped(value, 24) if value in outlying else "" for value in names],
                textposition=[outlying.get(value, "top center") for value in names],
                textfont={"size": TEXT_SIZE - 1},
                cliponaxis=False,
                marker={"size": 11, "symbol": symbol, "color": PLAIN, "line": {"width": 2, "color": PLAIN}},
                customdata=names,
                hovertext=[
                    f"<b>{named(row['dimension_value'])}</b><br>{numbers.number(row['leads_won'])} of "
                    f"{numbers.number(row['leads'])} leads won ({numbers.share(row['rate'])})<br>{_age(row, numbers)}"
                    for row in part.iter_rows(named=True)
                ],
                hoverinfo="text",
            )
        )
    high = max([0.01, *rows["rate"].to_list()])
    at = ticks(0.0, 100 * high)
    fig.update_yaxes(
        title={"text": "Of its leads, won"},
        tickmode="array",
        tickvals=[value / 100 for value in at],
        ticktext=[f"{numbers.number(value, 0 if value == round(value) else 1)}%" for value in at],
        range=[-0.08 * high, 1.16 * high],
    )
    fig.update_xaxes(**count_axis(numbers, "Leads that it brought", [float(value) for value in rows["leads"]]))
    fig.update_layout(showlegend=len(plain(fig)["data"]) > 1)
    return fig


def _outlying(rows: pl.DataFrame) -> dict[str, str]:
    """Return the campaigns to name, and where: most leads, best share; their names may not run out of the figure."""
    if rows.is_empty():
        return {}
    judged = rows.filter(~pl.col("is_young").fill_null(value=False))
    judged = judged if judged.height else rows
    best = judged.sort("rate", "leads", descending=True).row(0, named=True)
    most = judged.sort("leads", descending=True).row(0, named=True)
    half = float(judged["leads"].max() or 0) / 2  # type: ignore[arg-type]
    found = {str(most["dimension_value"] or ""): "top left" if most["leads"] > half else "top right"}
    # Beside its mark, for above it stands the legend.
    found[str(best["dimension_value"] or "")] = "middle left" if best["leads"] > half else "middle right"
    return found
