"""Figures of campaign spending over time, and of what it brought."""

from datetime import date
from typing import Any

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from charts.look import FAINT, GOOD, INK, PLAIN, TEXT_SIZE, count_axis, figure, money_axis
from charts.numbers import NumberFormat

OUTCOMES = {"won_amount": "Amount won", "leads": "Leads", "opportunities": "Deals from leads"}


def _months_on(month: str, by: int) -> str:
    day = date(int(month[:4]), int(month[5:7]), 1)
    place = day.year * 12 + day.month - 1 + by
    return f"{place // 12:04d}-{place % 12 + 1:02d}"


def lagged(frame: pl.DataFrame, outcome: str, lag: int) -> pl.DataFrame:
    """Return each month of `campaign_spend_by_month` with its cost and the outcome so many months later.

    Parameters
    ----------
    frame
        `campaign_spend_by_month`.
    outcome
        One of `OUTCOMES`.
    lag
        Months from the spending to the outcome.
    """
    months = frame.filter(pl.col("month").is_not_null())
    later = {row["month"]: row for row in months.iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    for row in months.iter_rows(named=True):
        month = _months_on(row["month"], lag)
        found = later.get(month)
        rows.append(
            {
                "month": row["month"],
                "cost": row["cost"],
                "outcome_month": month,
                "outcome": None if found is None or found[outcome] is None else float(found[outcome]),
                "is_complete": found is not None and found["is_complete"],
            }
        )
    schema = pl.Schema(
        {
            "month": pl.String(),
            "cost": pl.Decimal(18, 2),
            "outcome_month": pl.String(),
            "outcome": pl.Float64(),
            "is_complete": pl.Boolean(),
        }
    )
    return pl.DataFrame(rows, schema=schema)


def cost_and_outcome_by_month(frame: pl.DataFrame, numbers: NumberFormat, outcome: str, lag: int) -> go.Figure:
    """Return what campaigns cost in each month above what they brought so many months later, each on its own scale.

    Parameters
    ----------
    frame, outcome, lag
        As in `lagged`.
    numbers
        How the company writes numbers.
    """
    rows = lagged(frame, outcome, lag)
    months = rows["month"].to_list()
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.12)
    fig.update_layout(figure(420, numbers).layout)
    is_money = outcome == "won_amount"
    said = OUTCOMES[outcome] + (f", {lag} {'month' if lag == 1 else 'months'} later" if lag else ", the same month")
    fig.add_trace(
        go.Bar(
            x=months,
            y=[None if value is None else float(value) for value in rows["cost"]],
            name="Cost of campaigns",
            marker={"color": FAINT},
            customdata=months,
            hovertext=[
                f"<b>{row['month']}</b><br>cost {numbers.money(row['cost'])}" for row in rows.iter_rows(named=True)
            ],
            hoverinfo="text",
        ),
        row=1,
        col=1,
    )
    fig.add_trace(
        go.Bar(
            x=months,
            y=rows["outcome"].to_list(),
            name=said,
            marker={
                "color": GOOD,
                "pattern": {
                    "shape": ["" if whole else "/" for whole in rows["is_complete"]],
                    "fillmode": "replace",
                    "size": 6,
                },
            },
            customdata=rows["outcome_month"].to_list(),
            hovertext=[
                f"<b>{row['outcome_month']}</b><br>{OUTCOMES[outcome].lower()} "
                f"{numbers.money(row['outcome']) if is_money else numbers.number(row['outcome'])}"
                + ("" if row["is_complete"] else "<br>the month is not over")
                for row in rows.iter_rows(named=True)
            ],
            hoverinfo="text",
        ),
        row=2,
        col=1,
    )
    costs = [float(value) for value in rows["cost"].drop_nulls()]
    brought = rows["outcome"].drop_nulls().to_list()
    axis = money_axis(numbers, f"Cost ({numbers.currency})", costs)
    fig.update_yaxes(row=1, col=1, automargin=True, fixedrange=True, tickfont={"size": TEXT_SIZE}, **axis)
    title = f"Won ({numbers.currency})" if is_money else OUTCOMES[outcome]
    axis = money_axis(numbers, title, brought) if is_money else count_axis(numbers, title, brought)
    fig.update_yaxes(row=2, col=1, automargin=True, fixedrange=True, tickfont={"size": TEXT_SIZE}, **axis)
    fig.update_xaxes(automargin=True, fixedrange=True, tickfont={"size": TEXT_SIZE}, type="category")
    # A label in every quarter, so that they do not run into each other on a phone.
    step = max(1, len(months) // 6)
    fig.update_xaxes(
        row=2,
        col=1,
        tickmode="array",
        tickvals=months[::step],
        ticktext=[f"{date(int(m[:4]), int(m[5:]), 1):%b}<br>{m[:4]}" for m in months[::step]],
        tickangle=0,
        title={"text": "Month of the spending"},
    )
    return fig


def correlation_by_lag(frame: pl.DataFrame, numbers: NumberFormat, outcome: str) -> go.Figure:
    """Return how closely an outcome moves with the spending of earlier months, by the lag, with intervals.

    Parameters
    ----------
    frame
        `campaign_spend_lag`.
    numbers
        How the company writes numbers.
    outcome
        One of `OUTCOMES`.
    """
    rows = frame.filter((pl.col("outcome") == outcome) & pl.col("correlation").is_not_null()).sort("lag")
    fig = figure(260, numbers)
    tells = [verdict != "cannot tell" for verdict in rows["verdict"]]
    fig.add_trace(
        go.Scatter(
            x=rows["lag"].to_list(),
            y=rows["correlation"].to_list(),
            mode="markers",
            marker={
                "size": 11,
                "color": [GOOD if told else INK for told in tells],
                "symbol": ["circle" if told else "circle-open" for told in tells],
            },
            error_y={
                "array": [
                    0 if high is None else high - r for r, high in rows.select("correlation", "correlation_high").rows()
                ],
                "arrayminus": [
                    0 if low is None else r - low for r, low in rows.select("correlation", "correlation_low").rows()
                ],
                "color": INK,
                "thickness": 1.5,
            },
            hovertext=[
                f"<b>{row['lag']} months later</b><br>r {numbers.number(row['correlation'], 2)} over "
                f"{numbers.number(row['months'])} months: {row['verdict']}"
                for row in rows.iter_rows(named=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    fig.add_hline(y=0, line={"color": PLAIN, "width": 1})
    fig.update_yaxes(
        title={"text": "Correlation"},
        range=[-1.05, 1.05],
        tickmode="array",
        tickvals=[-1, -0.5, 0, 0.5, 1],
        ticktext=["−1", numbers.number(-0.5, 1).replace("-", "−"), "0", numbers.number(0.5, 1), "1"],
    )
    fig.update_xaxes(title={"text": "Months from spending to outcome"}, tickmode="array", tickvals=list(range(7)))
    return fig
