"""Figures of a KPI: six weeks and twelve months beside the year before, and the XmR chart."""

from datetime import date

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, FAINT, GOOD, INK, PLAIN, count_axis, figure, money_axis, ticks
from charts.numbers import NumberFormat, day

GAP = "\u2007"


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
    parts = [rows.filter(pl.col("kind") == kind) for kind in ("week", "month")]
    names: list[str] = []
    for part, is_weeks in zip(parts, (True, False), strict=True):
        labels = [_label(first, last, is_weeks=is_weeks) for first, last in part.select("first_day", "last_day").rows()]
        # A blank between weeks and months: they are no row of the same thing.
        places = [number + (0 if is_weeks else 7) for number in range(part.height)]
        names += [*labels, GAP] if is_weeks else labels
        for column, title, line, mode in (
            ("prior_year", "The year before", {"color": FAINT, "width": 2, "dash": "dot"}, "lines+markers"),
            ("value", "This year", {"color": PLAIN, "width": 3}, "lines+markers"),
        ):
            fig.add_trace(
                go.Scatter(
                    x=places,
                    y=part[column].to_list(),
                    mode=mode,
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
    if goal is not None:
        fig.add_trace(
            go.Scatter(
                x=[-0.3, 5.3],
                y=[goal, goal],
                mode="lines",
                name="Weekly goal",
                line={"color": GOOD, "width": 2, "dash": "dash"},
                hoverinfo="skip",
            )
        )
    values = [*frame["value"].to_list(), *frame["prior_year"].to_list(), goal]
    fig.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=names,
        tickangle=-45,
        range=[-0.6, len(names) - 0.4],
    )
    fig.update_yaxes(**_value_axis(unit, numbers, values))
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
