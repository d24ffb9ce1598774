"""Figures of a KPI: six weeks and twelve months beside the year before, and the XmR chart."""

from datetime import date

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, FAINT, GOOD, INK, PLAIN, TEXT_SIZE, count_axis, figure, money_axis, ticks
from charts.numbers import NumberFormat, day


def _value_axis(unit: str, numbers: NumberFormat, values: list[float | None]) -> dict[str, object]:
    if unit == "money":
        return money_axis(numbers, f"({numbers.currency})", values)
    if unit == "share":
        known = [value for value in values if value is not None]
        at = ticks(min(known, default=0.0), max(known, default=1.0))
        decimals = 0 if all(abs(value * 100 - round(value * 100)) < 1e-6 for value in at) else 1
        return {
            "title": {"text": ""},
            "tickmode": "array",
            "tickvals": at,
            "ticktext": [numbers.share(value, decimals) for value in at],
            "rangemode": "tozero",
        }
    return count_axis(numbers, "Days" if unit == "days" else "", values)


def six_and_twelve(
    frame: pl.DataFrame, unit: str, goal: float | None, numbers: NumberFormat, shown: dict[int, str]
) -> go.Figure:
    """Return the last six weeks and twelve months of a number, with the same spans a year before.

    Parameters
    ----------
    frame
        `six_twelve`.
    unit
        count, money, share or days.
    goal
        The weekly goal, drawn beside the weeks alone; no line without one.
    numbers
        How the company writes numbers.
    shown
        The values as people read them, by row of `frame`.
    """
    fig = figure(340, numbers)
    rows = frame.with_row_index("place")
    for kind, axis in (("week", ""), ("month", "2")):
        part = rows.filter(pl.col("kind") == kind)
        is_weeks = kind == "week"
        labels = [_label(first, last, is_weeks=is_weeks) for first, last in part.select("first_day", "last_day").rows()]
        for column, title, line in (
            ("prior_year", "The year before", {"color": FAINT, "width": 2, "dash": "dot"}),
            ("value", "This year", {"color": PLAIN, "width": 3}),
        ):
            fig.add_trace(
                go.Scatter(
                    x=labels,
                    y=part[column].to_list(),
                    xaxis=f"x{axis}",
                    yaxis=f"y{axis}",
                    mode="lines+markers",
                    name=title,
                    legendgroup=title,
                    showlegend=is_weeks,
                    line=line,
                    marker={
                        "size": 8,
                        "symbol": ["circle-open" if partial else "circle" for partial in part["is_partial"]],
                    },
                    customdata=part["place"].to_list(),
                    hovertext=[
                        f"<b>{label}</b>{' (so far)' if row['is_partial'] else ''}<br>{shown[row['place']]}"
                        for label, row in zip(labels, part.iter_rows(named=True), strict=True)
                    ],
                    hoverinfo="text",
                    connectgaps=False,
                )
            )
        if goal is not None and is_weeks:
            fig.add_trace(
                go.Scatter(
                    x=labels,
                    y=[goal] * len(labels),
                    mode="lines",
                    name="Weekly goal",
                    line={"color": GOOD, "width": 2, "dash": "dash"},
                    hoverinfo="skip",
                )
            )
        values = [*part["value"].to_list(), *part["prior_year"].to_list(), goal if is_weeks else None]
        # A month holds four weeks: on one scale, weeks would lie flat at the foot.
        shared = {"automargin": True, "fixedrange": True, "tickfont": {"size": TEXT_SIZE}}
        across = {
            "type": "category",
            "tickangle": -45,
            "domain": [0, 0.28] if is_weeks else [0.46, 1],
            "anchor": f"y{axis}",
        }
        up = {**_value_axis(unit, numbers, values), "title": {"text": ""}, "anchor": f"x{axis}"}
        fig.update_layout(**{f"xaxis{axis}": across | shared, f"yaxis{axis}": up | shared})
    return fig


def _label(first: date, last: date, *, is_weeks: bool) -> str:
    return f"{last.day} {last:%b}" if is_weeks else f"{first:%b} {first:%y}"


def signal_or_routine(frame: pl.DataFrame, unit: str, numbers: NumberFormat, shown: dict[date, str]) -> go.Figure:
    """Return the XmR chart of weekly values: limits, mean, and the weeks that are signals.

    Parameters
    ----------
    frame
        `xmr`.
    unit
        count, money, share or days.
    numbers
        How the company writes numbers.
    shown
        The values as people read them, by week.
    """
    fig = figure(340, numbers)
    weeks = frame["week"].to_list()
    limits = frame.filter(pl.col("mean").is_not_null())
    for column, name, line in (
        ("upper", "Limits", {"color": INK, "width": 1.5, "dash": "dash", "shape": "hv"}),
        ("lower", "Limits", {"color": INK, "width": 1.5, "dash": "dash", "shape": "hv"}),
        ("mean", "Mean", {"color": INK, "width": 1.5, "shape": "hv"}),
    ):
        fig.add_trace(
            go.Scatter(
                x=limits["week"].to_list(),
                y=limits[column].to_list(),
                mode="lines",
                name=name,
                legendgroup=name,
                showlegend=column != "lower",
                line=line,
                hoverinfo="skip",
            )
        )
    fig.add_trace(
        go.Scatter(
            x=weeks,
            y=frame["value"].to_list(),
            mode="lines+markers",
            name="Each week",
            line={"color": PLAIN, "width": 2},
            marker={"size": 5},
            hovertext=[f"<b>week of {day(week)}</b><br>{shown[week]}" for week in weeks],
            hoverinfo="text",
            connectgaps=False,
        )
    )
    signals = frame.filter(pl.col("verdict") == "signal")
    fig.add_trace(
        go.Scatter(
            x=signals["week"].to_list(),
            y=signals["value"].to_list(),
            mode="markers",
            name="Signal",
            marker={"color": BAD, "size": 11, "symbol": "diamond", "line": {"width": 1, "color": "white"}},
            hovertext=[f"<b>week of {day(week)}</b><br>{shown[week]}: a signal" for week in signals["week"]],
            hoverinfo="text",
        )
    )
    fig.update_xaxes(type="date", nticks=6, tickangle=0)
    fig.update_yaxes(**_value_axis(unit, numbers, [*frame["value"], *frame["upper"], *frame["lower"]]))
    return fig
