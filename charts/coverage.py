"""Figures of funnel coverage."""

import plotly.graph_objects as go
import polars as pl

from charts.look import (
    BAND,
    BAND_MARK,
    GOOD,
    INK,
    PLAIN,
    VERDICT_COLOURS,
    WARN,
    figure,
    height_for,
    money_axis,
    named,
    shortened,
)
from charts.numbers import NumberFormat, plural

# Who needs attention comes first; those without a verdict last.
_ATTENTION = {"thin": 0, "above": 1, "inside": 2, "met": 3}


def by_attention(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `funnel_coverage` by a dimension with those first who miss most pipeline, and those without a goal last."""
    place = pl.col("verdict").replace_strict(_ATTENTION, default=len(_ATTENTION), return_dtype=pl.Int8)
    return frame.sort(place, pl.col("missing_amount").fill_null(0), descending=[False, True], maintain_order=True)


def coverage_by_value(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return coverage to go for each value of a dimension, against the band of the 3-5x rule.

    A goal that is nearly met makes coverage huge: bars end at four times the band, and their labels say the rest.

    Parameters
    ----------
    frame
        `funnel_coverage` by a dimension; rows without a goal, or with it met, have no bar and say so.
    numbers
        How the company writes numbers.
    """
    rows = frame.filter(pl.col("goal").is_not_null()).reverse()
    fig = figure(height_for(rows.height), numbers)
    bands = [(float(low), float(high)) for low, high in rows.select("band_low", "band_high").iter_rows()]
    longest = 4 * max((high for _, high in bands), default=5.0)
    values = [min(float(value), longest) if value is not None else 0.0 for value in rows["coverage_to_go"]]
    verdicts = rows["verdict"].to_list()
    labels = [
        "goal met"
        if verdict == "met"
        else "history assumed"
        if assumed
        else "amounts unknown"
        if value is None
        else numbers.ratio_beside(value, band) + (" ▸" if value > longest else "")
        for verdict, value, assumed, band in zip(
            verdicts, rows["coverage_to_go"], rows["assumed_count"], bands, strict=True
        )
    ]
    hover = [
        f"<b>{named(row['dimension_value'])}</b><br>{numbers.money(row['open_amount'])} open in "
        f"{row['open_count'] if row['open_count'] is not None else 'some'} deals"
        f"<br>{numbers.money(row['won_amount'])} won of {numbers.money(row['goal'])}"
        for row in rows.iter_rows(named=True)
    ]
    names = [row or "" for row in rows["dimension_value"]]
    fig.add_trace(
        go.Bar(
            x=values,
            y=names,
            orientation="h",
            marker={"color": [VERDICT_COLOURS.get(verdict or "", PLAIN) for verdict in verdicts]},
            text=labels,
            textposition="outside",
            cliponaxis=False,
            customdata=names,
            hovertext=hover,
            hoverinfo="text",
            showlegend=False,
        )
    )
    _add_bands(fig, bands)
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[shortened(name) for name in names])
    top = max([*(high for _, high in bands), *values, 1.0]) * 1.18
    fig.update_xaxes(title="Coverage to go (× of what is still missing)", range=[0, top], ticksuffix="×", nticks=7)
    return fig


def _add_bands(fig: go.Figure, bands: list[tuple[float, float]]) -> None:
    """Draw the band behind the bars: once where all share it, else behind each bar its own."""
    if not bands:
        return
    low, high = bands[-1]
    is_shared = len(set(bands)) == 1
    if is_shared:
        fig.add_vrect(x0=low, x1=high, fillcolor=BAND, line_width=0, layer="below")
    else:
        for place, (x0, x1) in enumerate(bands):
            fig.add_shape(
                type="rect",
                x0=x0,
                x1=x1,
                y0=place - 0.5,
                y1=place + 0.5,
                fillcolor=BAND,
                line_width=0,
                layer="below",
            )
    fig.add_annotation(
        x=(low + high) / 2,
        y=1,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        text=f"{low:g}–{high:g}× rule" if is_shared else "each one's own rule",
        font={"color": INK, "size": 12},
    )


EARLIER = "earlier"


def months_shown(frame: pl.DataFrame, first_month: str) -> pl.DataFrame:
    """Return `funnel_coverage` by month with what was due before a month in one row, and empty months left out.

    Parameters
    ----------
    frame
        `funnel_coverage` by month.
    first_month
        The first month to show by itself, like 2026-10.
    """
    amounts = ["won_amount", "won_count", "open_amount", "open_count", "overdue_amount", "overdue_count"]
    return (
        frame.filter(
            pl.col("dimension_value").is_not_null()
            & (pl.sum_horizontal("won_count", "open_count", "overdue_count") > 0)
        )
        .with_columns(
            month=pl.when(pl.col("dimension_value") < first_month)
            .then(pl.lit(EARLIER))
            .otherwise(pl.col("dimension_value"))
        )
        .group_by("month")
        # A sum of unknown amounts is unknown, not 0.
        .agg(
            *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in amounts),
            months=pl.col("dimension_value"),
        )
        # "earlier" sorts behind every year, and belongs before them.
        .sort(pl.when(pl.col("month") == EARLIER).then(pl.lit("")).otherwise(pl.col("month")))
    )


_AMOUNTS = ("won_amount", "open_amount", "overdue_amount")


def pipeline_by_month(rows: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return won, open and overdue amounts by close month.

    Parameters
    ----------
    rows
        What `months_shown` gives.
    numbers
        How the company writes numbers.
    """
    fig = figure(320, numbers)
    months = rows["month"].to_list()
    for kind, name, colour in (
        ("won", "Won", GOOD),
        ("open", "Open, due", PLAIN),
        ("overdue", "Open, overdue", WARN),
    ):
        counts = rows[f"{kind}_count"].to_list()
        if not any(counts):
            continue
        amounts = [float(value) if value is not None else None for value in rows[f"{kind}_amount"]]
        fig.add_trace(
            go.Bar(
                x=months,
                y=amounts,
                name=name,
                marker={"color": colour},
                customdata=[f"{kind}:{month}" for month in months],
                hovertext=[
                    f"<b>{name}, {month}</b><br>{numbers.money(amount)} in {numbers.number(count)} {plural(count, 'deal')}"
                    for month, amount, count in zip(months, amounts, counts, strict=True)
                ],
                hoverinfo="text",
            )
        )
    fig.update_layout(barmode="stack")
    fig.update_xaxes(title="Close month", type="category")
    stacked = [float(value or 0) for value in rows.select(pl.sum_horizontal(*_AMOUNTS)).to_series()]
    fig.update_yaxes(**money_axis(numbers, f"Amount ({numbers.currency})", stacked))
    return fig


def goal_and_pipeline(row: dict[str, object], numbers: NumberFormat) -> go.Figure:
    """Return one bar: what is won and what is open, against the goal and what the rule asks for.

    Parameters
    ----------
    row
        The one row of `funnel_coverage` without a dimension. A mark opens its kind of `pipeline_records`.
    numbers
        How the company writes numbers.
    """
    fig = figure(210, numbers)
    won, open_amount = _amount(row["won_amount"]), _amount(row["open_amount"])
    goal = None if row["goal"] is None else _amount(row["goal"])
    left = 0.0 if goal is None else max(goal - won, 0.0)
    low, high = _amount(row["band_low"]), _amount(row["band_high"])
    longest = max(won + open_amount, goal or 0.0, won + high * left)
    for kind, amount, name, colour in (
        ("won", won, "Won", GOOD),
        ("due", open_amount, "Open, due in the period", PLAIN),
    ):
        fig.add_trace(
            go.Bar(
                x=[amount],
                y=[""],
                orientation="h",
                name=name,
                marker={"color": colour},
                # A short part has no room for its amount, which stands in the tiles and in the hover.
                text=[numbers.money(amount)] if amount > 0.16 * longest else None,
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                constraintext="none",
                hovertext=f"<b>{name}</b><br>{numbers.money_exact(amount)}",
                hoverinfo="text",
                customdata=[kind],
            )
        )
    if left:
        # Named in the legend: on a phone the band is narrower than its name.
        fig.add_trace(
            go.Scatter(
                x=[None],
                y=[""],
                mode="markers",
                name=f"{low:g}–{high:g}× of what is missing",
                marker={"color": BAND_MARK, "symbol": "square", "size": 12},
                hoverinfo="skip",
            )
        )
        fig.add_vrect(x0=won + low * left, x1=won + high * left, fillcolor=BAND, line_width=0, layer="below")
    if goal is not None:
        # Light under dark, so that it is seen on the bars and on either ground.
        for colour, width in (("#ffffff", 5), ("#1f2933", 2)):
            fig.add_vline(x=goal, line={"color": colour, "width": width})
        fig.add_annotation(
            x=goal,
            y=1,
            yref="paper",
            xanchor="left" if goal < longest / 2 else "right",
            yanchor="bottom",
            showarrow=False,
            text=f"goal {numbers.money(goal)}",
            font={"color": INK, "size": 12},
        )
    fig.update_layout(barmode="stack", bargap=0.5, margin={"t": 76}, legend={"y": 1.22})
    axis = money_axis(numbers, f"Amount ({numbers.currency})", [0.0, longest])
    fig.update_xaxes(**{**axis, "range": [0, longest * 1.05 or 1]})
    return fig


def _amount(value: object) -> float:
    return 0.0 if value is None else float(value)  # type: ignore[arg-type]


def open_by_value(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return the open pipeline of each value of a dimension that has no goals, the largest on top.

    Parameters
    ----------
    frame
        `funnel_coverage` by a dimension; a mark opens the value's deals.
    numbers
        How the company writes numbers.
    """
    rows = frame.sort("open_amount", nulls_last=True)
    fig = figure(height_for(rows.height), numbers)
    amounts = [float(value or 0) for value in rows["open_amount"]]
    names = [value or "" for value in rows["dimension_value"]]
    fig.add_trace(
        go.Bar(
            x=amounts,
            y=names,
            orientation="h",
            marker={"color": PLAIN},
            text=[numbers.money(amount) for amount in amounts],
            textposition="outside",
            cliponaxis=False,
            customdata=names,
            hovertext=[
                f"<b>{named(row['dimension_value'])}</b><br>{numbers.money_exact(row['open_amount'])} in "
                f"{numbers.number(row['open_count'])} {plural(row['open_count'], 'deal')}"
                for row in rows.iter_rows(named=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    axis = money_axis(numbers, f"Open and due ({numbers.currency})", amounts)
    fig.update_xaxes(**{**axis, "range": [0, max([*amounts, 1.0]) * 1.18]})
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[shortened(name) for name in names])
    return fig
