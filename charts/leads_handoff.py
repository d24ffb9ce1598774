"""Figures of the handoff from marketing to sales: how fast sales answers, and why it rejects."""

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, INK, PLAIN, count_axis, figure, height_for, named, shortened
from charts.numbers import NumberFormat


def waited(hours: float | None, days: float | None, numbers: NumberFormat) -> str:
    """Return a wait as people say it: hours below two days, else days; 'not reached' where so many were not answered."""
    if hours is None and days is None:
        return "not reached"
    if hours is None:
        return numbers.days(days)
    if hours < 48:
        return f"{numbers.number(hours, 1 if hours < 9.95 else 0)} hours"
    return f"{numbers.number(hours / 24, 1)} days"


def answer_by_value(frame: pl.DataFrame, numbers: NumberFormat, least: int) -> go.Figure:
    """Return by when half of the waits were answered, for each value; beyond the SLA in another colour.

    Parameters
    ----------
    frame
        `speed_to_lead` by a dimension.
    numbers
        How the company writes numbers.
    least
        Values with fewer waits are not drawn (the table has them).
    """
    in_hours = frame["median_hours"].null_count() < frame.height
    column, unit = ("median_hours", "Hours") if in_hours else ("median_days", "Days")
    rows = frame.filter(pl.col("waits") >= least).sort(column, nulls_last=True, descending=False).reverse()
    fig = figure(height_for(rows.height, row=32), numbers)
    names = [value or "" for value in rows["dimension_value"]]
    medians = rows[column].to_list()
    allowed = (frame["sla_hours"][0] if frame.height else 24) / (1 if in_hours else 24)
    longest = max([allowed, *(value for value in medians if value is not None)])
    fig.add_trace(
        go.Bar(
            # Where half were not answered by then, the bar goes to the edge, hatched: longer than all that was seen.
            x=[longest * 1.02 if value is None else value for value in medians],
            y=names,
            orientation="h",
            marker={
                "color": [BAD if value is None or value > allowed else PLAIN for value in medians],
                "pattern": {"shape": ["/" if value is None else "" for value in medians], "solidity": 0.3},
            },
            customdata=names,
            hovertext=[
                f"<b>{named(row['dimension_value'])}</b><br>{numbers.number(row['waits'])} waits, "
                f"{numbers.number(row['unanswered'])} not answered<br>half within "
                f"{waited(row['median_hours'], row['median_days'], numbers)}, nine in ten within "
                f"{waited(row['p90_hours'], row['p90_days'], numbers)}<br>SLA kept: {numbers.share(row['sla_kept'])} of "
                f"{numbers.number(row['in_time'] + row['late'])}"
                for row in rows.iter_rows(named=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    # In a column of their own, where no line runs through them.
    fig.add_trace(
        go.Scatter(
            x=[longest * 1.06] * rows.height,
            y=names,
            mode="text",
            text=[
                f"{waited(row['median_hours'], row['median_days'], numbers)} · {numbers.share(row['sla_kept'], 0)}"
                for row in rows.iter_rows(named=True)
            ],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
            showlegend=False,
        )
    )
    fig.add_vline(x=allowed, line={"color": INK, "width": 2, "dash": "dot"})
    # Room on the right for that column.
    axis = count_axis(numbers, f"{unit} until half were answered (dotted: the SLA) · SLA kept", [longest])
    fig.update_xaxes(**{**axis, "range": [0, longest * 1.7]})
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[shortened(name) for name in names])
    return fig


def rejected_by_reason(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return how many passes were rejected for each reason.

    Parameters
    ----------
    frame
        `rejection_reasons`, of one value or of all.
    numbers
        How the company writes numbers.
    """
    rows = frame.group_by("reason").agg(pl.col("rejected").sum()).sort("rejected", "reason", nulls_last=True)
    total = int(rows["rejected"].sum())
    fig = figure(height_for(rows.height, row=32), numbers)
    names = [reason or "" for reason in rows["reason"]]
    counts = rows["rejected"].to_list()
    fig.add_trace(
        go.Bar(
            x=counts,
            y=names,
            orientation="h",
            marker={"color": [PLAIN if name else INK for name in names]},
            text=[f"{numbers.number(count)} · {numbers.share(count / total, 0)}" for count in counts],
            textposition="outside",
            cliponaxis=False,
            customdata=names,
            hovertext=[
                f"<b>{named(name) if name else '(no reason given)'}</b><br>{numbers.number(count)} of "
                f"{numbers.number(total)} rejections: {numbers.share(count / total)}"
                for name, count in zip(names, counts, strict=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    axis = count_axis(numbers, "Passes rejected", counts)
    fig.update_xaxes(**{**axis, "range": [0, max([1, *counts]) * 1.4]})
    fig.update_yaxes(
        tickmode="array",
        tickvals=names,
        ticktext=[shortened(name) if name else "(no reason given)" for name in names],
    )
    return fig
