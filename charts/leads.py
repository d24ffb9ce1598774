"""Figures of lead to close."""

import plotly.graph_objects as go
import polars as pl

from charts.look import FAINT, INK, PLAIN, count_axis, figure, height_for, named, shortened
from charts.numbers import NumberFormat

STAGE_NAMES = {
    "lead": "Lead",
    "mql": "Marketing-qualified (MQL)",
    "sal": "Accepted by sales (SAL)",
    "sql": "Qualified (SQL)",
    "opportunity": "Opportunity",
    "won": "Won",
}


# On the axis, where there is no room for more; the field knows them by these.
_SHORT = {"lead": "Lead", "mql": "MQL", "sal": "SAL", "sql": "SQL", "opportunity": "Opportunity", "won": "Won"}


def leads_by_stage(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return how many leads reached each stage, and the share of the stage before that went on.

    Parameters
    ----------
    frame
        `lead_funnel`.
    numbers
        How the company writes numbers.
    """
    rows = frame.sort("position", descending=True)
    names = [_SHORT[stage] for stage in rows["stage"]]
    labels, hover = [], []
    for row in rows.iter_rows(named=True):
        label = numbers.number(row["reached"])
        if row["of_previous"] is not None:
            label += f" · {numbers.share(row['of_previous'])}"
        labels.append(label)
        hover.append(
            f"<b>{STAGE_NAMES[row['stage']]}</b><br>{numbers.number(row['reached'])} leads, "
            f"{numbers.share(row['of_leads'])} of all"
            + (
                f"<br>{numbers.share(row['of_previous'])} of the stage before "
                f"(95%: {numbers.interval(row['low'], row['high'])})"
                if row["of_previous"] is not None
                else ""
            )
            + (
                f"<br>{numbers.number(row['skipped'])} came without the stage before, in no share"
                if row["skipped"]
                else ""
            )
            + (f"<br>median {numbers.days(row['median_days'])} later" if row["median_days"] is not None else "")
        )
    fig = figure(height_for(rows.height, row=46), numbers)
    reached = rows["reached"].to_list()
    fig.add_trace(
        go.Bar(
            x=reached,
            y=names,
            orientation="h",
            marker={"color": PLAIN},
            text=labels,
            textposition="outside",
            cliponaxis=False,
            customdata=rows["stage"].to_list(),
            hovertext=hover,
            hoverinfo="text",
            showlegend=False,
        )
    )
    # Room on the right for the longest label, which stands outside its bar.
    axis = count_axis(numbers, "Leads (and share of the stage before)", reached)
    fig.update_xaxes(**{**axis, "range": [0, max([1, *reached]) * 1.45]})
    return fig


def rate_by_value(frame: pl.DataFrame, numbers: NumberFormat, flag_under: int, unranked_under: int) -> go.Figure:
    """Return the share of leads won for each value of a dimension, with its 95% interval.

    Parameters
    ----------
    frame
        `lead_to_close` or `lead_to_close_within` by a dimension.
    numbers
        How the company writes numbers.
    flag_under
        Values with fewer leads are drawn hollow.
    unranked_under
        Values with fewer leads are not drawn (the table has them).
    """
    rows = frame.filter((pl.col("leads") >= unranked_under) & pl.col("rate").is_not_null()).sort("rate")
    fig = figure(height_for(rows.height, row=32), numbers)
    names = [value or "" for value in rows["dimension_value"]]
    rates = [100 * value for value in rows["rate"]]
    small = [leads < flag_under for leads in rows["leads"]]
    fig.add_trace(
        go.Scatter(
            x=rates,
            y=names,
            mode="markers",
            cliponaxis=False,
            marker={
                "size": 12,
                "color": [INK if few else PLAIN for few in small],
                "symbol": ["circle-open" if few else "circle" for few in small],
                "line": {"width": 2},
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [100 * (high - rate) for high, rate in zip(rows["rate_high"], rows["rate"], strict=True)],
                "arrayminus": [100 * (rate - low) for low, rate in zip(rows["rate_low"], rows["rate"], strict=True)],
                "thickness": 2,
                "width": 0,
                "color": FAINT,
            },
            customdata=names,
            hovertext=[
                f"<b>{named(row['dimension_value'])}</b><br>{numbers.number(row['won'])} won of "
                f"{numbers.number(row['leads'])} leads: {numbers.share(row['rate'])} "
                f"(95%: {numbers.interval(row['rate_low'], row['rate_high'])})"
                + ("<br>few leads: read with care" if few else "")
                for row, few in zip(rows.iter_rows(named=True), small, strict=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    top = max([1.0, *(100 * high for high in rows["rate_high"])])
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[shortened(name) for name in names])
    # A little below zero, so that a mark at 0% is drawn whole.
    fig.update_xaxes(
        title="Leads won (%), with 95% interval", range=[-0.04 * top, 1.05 * top], ticksuffix="%", nticks=7
    )
    return fig


def won_by_age(curves: pl.DataFrame, numbers: NumberFormat, shown: list[str | None], horizon: int) -> go.Figure:
    """Return the share of leads won within so many days of creation, one line a group.

    Parameters
    ----------
    curves
        What `estimators.kaplan_meier` gives.
    numbers
        How the company writes numbers.
    shown
        The groups to draw, in this order; a single one is drawn with its 95% band.
    horizon
        Days to draw.
    """
    fig = figure(360, numbers)
    for value in shown:
        group = curves.filter(
            pl.col("dimension_value").is_null() if value is None else pl.col("dimension_value") == value
        ).filter(pl.col("day") <= horizon)
        if group.is_empty():
            continue
        days = [*group["day"].to_list(), horizon]
        name = "All leads" if value is None and len(shown) == 1 else shortened(value)
        if len(shown) == 1:
            # Blank where there is no interval, at 0%: both edges are 0 there.
            low = [100 * (item or 0) for item in group["low"]]
            high = [100 * (item or 0) for item in group["high"]]
            fig.add_trace(
                go.Scatter(
                    x=days + days[::-1],
                    y=[*high, high[-1], low[-1], *low[::-1]],
                    fill="toself",
                    fillcolor="rgba(75, 131, 196, 0.18)",
                    line={"width": 0, "shape": "hv"},
                    hoverinfo="skip",
                    name="95% interval",
                )
            )
        rates = [100 * item for item in group["rate"]]
        fig.add_trace(
            go.Scatter(
                x=days,
                y=[*rates, rates[-1]],
                mode="lines",
                line={"shape": "hv", "width": 2.5, **({"color": PLAIN} if len(shown) == 1 else {})},
                name=name,
                customdata=[value or ""] * len(days),
                hovertext=[
                    f"<b>{name}</b><br>{numbers.number(rate, 1)}% won within {numbers.days(day)}"
                    for day, rate in zip(days, [*rates, rates[-1]], strict=True)
                ],
                hoverinfo="text",
            )
        )
    fig.update_xaxes(title="Days since the lead was created", range=[0, horizon], nticks=8)
    fig.update_yaxes(title="Leads won (%)", rangemode="tozero", ticksuffix="%", nticks=6)
    fig.update_layout(hovermode="closest")
    return fig
