"""Figures of lead to close."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, FAINT, GOOD, INK, PLAIN, SECOND, WARN, count_axis, figure, height_for, named, shortened
from charts.numbers import NumberFormat

STAGE_NAMES = {
    "lead": "Lead",
    "mql": "Marketing-qualified (MQL)",
    "sal": "Accepted by sales (SAL)",
    "sql": "Qualified (SQL)",
    "opportunity": "Opportunity",
    "won": "Won",
}


# One colour a line, the same as the theme's.
COLOURS = (PLAIN, GOOD, WARN, SECOND, BAD, "#3d9fa8")

# On the axis, where there is no room for more; the field knows them by these.
SHORT_NAMES = {"lead": "Lead", "mql": "MQL", "sal": "SAL", "sql": "SQL", "opportunity": "Opportunity", "won": "Won"}


def leads_by_stage(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return how many leads reached each stage, and the share of the stage before that went on.

    Parameters
    ----------
    frame
        `lead_funnel`, or `lead_funnel_of_period`, whose shares are over other people and carry no interval.
    numbers
        How the company writes numbers.
    """
    rows = frame.sort("position", descending=True)
    names = [SHORT_NAMES[stage] for stage in rows["stage"]]
    labels, hover = [], []
    for row in rows.iter_rows(named=True):
        label = numbers.number(row["reached"])
        if row["of_previous"] is not None:
            label += f" · {numbers.share(row['of_previous'])}"
        labels.append(label)
        hover.append(_stage_hover(row, numbers))
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


def _stage_hover(row: dict[str, Any], numbers: NumberFormat) -> str:
    text = f"<b>{STAGE_NAMES[row['stage']]}</b><br>{numbers.number(row['reached'])} leads"
    if "low" not in row:
        return f"{text} in the period<br>{numbers.share(row['of_leads'])} of the leads created in it (different people)"
    text += f", {numbers.share(row['of_leads'])} of all"
    if row["of_previous"] is not None:
        text += (
            f"<br>{numbers.share(row['of_previous'])} of the stage before "
            f"(95%: {numbers.interval(row['low'], row['high'])})"
        )
    if row["skipped"]:
        text += f"<br>{numbers.number(row['skipped'])} came without the stage before, in no share"
    if row["median_days"] is not None:
        text += (
            f"<br>half within {numbers.days(row['median_days'])}, nine in ten within {numbers.days(row['p90_days'])}"
        )
    return text


def rate_by_value(
    frame: pl.DataFrame,
    numbers: NumberFormat,
    flag_under: int,
    unranked_under: int,
    words: tuple[str, str, str] = ("won", "leads", "Leads won (%), with 95% interval"),
) -> go.Figure:
    """Return the share of leads won (or another share) for each value of a dimension, with its 95% interval.

    Parameters
    ----------
    frame
        `lead_to_close` or `lead_to_close_within` by a dimension, or a frame with the same columns.
    numbers
        How the company writes numbers.
    flag_under
        Values with fewer leads are drawn hollow.
    unranked_under
        Values with fewer leads are not drawn (the table has them).
    words
        What `won` and `leads` count here, and the axis's title.
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
                f"<b>{named(row['dimension_value'])}</b><br>{numbers.number(row['won'])} {words[0]} of "
                f"{numbers.number(row['leads'])} {words[1]}: {numbers.share(row['rate'])} "
                f"(95%: {numbers.interval(row['rate_low'], row['rate_high'])})"
                + (f"<br>few {words[1]}: read with care" if few else "")
                for row, few in zip(rows.iter_rows(named=True), small, strict=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    top = max([1.0, *(100 * high for high in rows["rate_high"])])
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[shortened(name) for name in names])
    # A little below zero, so that a mark at 0% is drawn whole.
    fig.update_xaxes(title=words[2], range=[-0.04 * top, 1.05 * top], ticksuffix="%", nticks=7)
    return fig


def won_by_age(
    curves: pl.DataFrame,
    numbers: NumberFormat,
    shown: list[str | None],
    horizon: int,
    watched: Mapping[str | None, tuple[int, int]] | None = None,
) -> go.Figure:
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
    watched
        What `estimators.watched_until` gives: from where on a line stands on few leads (dashed), and where it ends.
    """
    fig = figure(360, numbers)
    for place, value in enumerate(shown):
        group = curves.filter(
            pl.col("dimension_value").is_null() if value is None else pl.col("dimension_value") == value
        )
        solid_until, last = (watched or {}).get(value, (horizon, horizon))
        last = min(last, horizon)
        group = group.filter(pl.col("day") <= last)
        if group.is_empty():
            continue
        name = "All leads" if value is None and len(shown) == 1 else shortened(value)
        if len(shown) == 1:
            _add_band(fig, group, last)
        days = [*group["day"].to_list(), last]
        rates = [100 * item for item in group["rate"]]
        rates.append(rates[-1])
        colour = PLAIN if len(shown) == 1 else COLOURS[place % len(COLOURS)]
        for dash, part in _solid_and_dashed(days, rates, min(solid_until, last)):
            fig.add_trace(
                go.Scatter(
                    x=[day for day, _ in part],
                    y=[rate for _, rate in part],
                    mode="lines",
                    line={"shape": "hv", "width": 2.5, "color": colour, "dash": dash},
                    name=name,
                    legendgroup=str(place),
                    showlegend=dash == "solid" or solid_until <= 0,
                    customdata=[value or ""] * len(part),
                    hovertext=[
                        f"<b>{name}</b><br>{numbers.number(rate, 1)}% won within {numbers.days(day)}"
                        + ("<br>few leads are this old yet" if dash != "solid" else "")
                        for day, rate in part
                    ],
                    hoverinfo="text",
                )
            )
    fig.update_xaxes(title="Days since the lead was created", range=[0, horizon], nticks=8)
    fig.update_yaxes(title="Leads won (%)", rangemode="tozero", ticksuffix="%", nticks=6)
    fig.update_layout(hovermode="closest")
    return fig


def _add_band(fig: go.Figure, group: pl.DataFrame, last: int) -> None:
    """Draw the 95% interval of a curve."""
    # Blank where there is no interval, at 0%: both edges are 0 there.
    low = [100 * (item or 0) for item in group["low"]]
    high = [100 * (item or 0) for item in group["high"]]
    days = [*group["day"].to_list(), last]
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


def _solid_and_dashed(
    days: list[int], rates: list[float], solid_until: int
) -> list[tuple[str, list[tuple[int, float]]]]:
    """Return a curve in two parts that meet: what stands on enough leads, and what stands on few."""
    points = list(zip(days, rates, strict=True))
    solid = [point for point in points if point[0] <= solid_until]
    few = [point for point in points if point[0] > solid_until]
    parts = []
    if solid:
        solid.append((solid_until, solid[-1][1]))
        parts.append(("solid", solid))
    if few:
        parts.append(("dot", [*solid[-1:], *few]))
    return parts
