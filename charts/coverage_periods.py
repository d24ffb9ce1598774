"""Figures of periods: those to come against the rule, those that are over by how they began and ended."""

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, BAND, GOOD, INK, PLAIN, VERDICT_COLOURS, WARN, figure, height_for
from charts.numbers import NumberFormat, plural

# A goal that is nearly met makes coverage huge: bars end so many times above the band, and their labels say the rest.
_LONGEST = 2


def coverage_by_period(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return coverage to go of this and the next periods, against the band.

    Parameters
    ----------
    frame
        `coverage_by_period`; a mark opens the deals that are due in its period. A period without a goal says so.
    numbers
        How the company writes numbers.
    """
    fig = figure(300, numbers)
    low, high = float(frame["band_low"][0]), float(frame["band_high"][0])
    longest = _LONGEST * high
    periods = frame["period"].to_list()
    values = [None if value is None else float(value) for value in frame["coverage_to_go"]]
    labels = [
        numbers.ratio_beside(value, (low, high)) + (" ▸" if value is not None and value > longest else "")
        if value is not None
        else "goal met"
        if row["verdict"] == "met"
        else "no goal"
        if row["goal"] is None
        else "not known"
        for value, row in zip(values, frame.iter_rows(named=True), strict=True)
    ]
    fig.add_hrect(y0=low, y1=high, fillcolor=BAND, line_width=0, layer="below")
    fig.add_trace(
        go.Bar(
            x=periods,
            y=[min(value or 0.0, longest) for value in values],
            marker={"color": [VERDICT_COLOURS.get(verdict or "", PLAIN) for verdict in frame["verdict"]]},
            text=labels,
            textposition="outside",
            cliponaxis=False,
            customdata=periods,
            hovertext=[
                f"<b>{row['period']}</b><br>{numbers.money(row['open_amount'])} open, "
                f"{numbers.money(row['won_amount'])} won of {numbers.money(row['goal'])}"
                for row in frame.iter_rows(named=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    _rule(fig, low, high)
    fig.update_xaxes(type="category", title="Period")
    top = max([high, *(min(value or 0.0, longest) for value in values)]) * 1.2
    fig.update_yaxes(title="Coverage to go (×)", range=[0, top], ticksuffix="×", nticks=6)
    return fig


def starts_and_ends(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return coverage at the start of each period against the band, with what was made of the goal as its label.

    Parameters
    ----------
    frame
        `period_starts`, the newest drawn on top; a mark opens the deals that were due when its period began.
    numbers
        How the company writes numbers.
    """
    fig = figure(height_for(frame.height, row=36), numbers)
    low, high = float(frame["band_low"][0]), float(frame["band_high"][0])
    values = [None if value is None else float(value) for value in frame["coverage_at_start"]]
    periods = frame["period"].to_list()
    colours = [
        PLAIN if value is None else VERDICT_COLOURS["thin" if value < low else "above" if value > high else "inside"]
        for value in values
    ]
    fig.add_vrect(x0=low, x1=high, fillcolor=BAND, line_width=0, layer="below")
    fig.add_trace(
        go.Bar(
            x=[value or 0.0 for value in values],
            y=periods,
            orientation="h",
            marker={"color": colours, "opacity": [1.0 if over else 0.55 for over in frame["is_over"]]},
            text=[
                f"{numbers.ratio_beside(value, (low, high))}, {_made(row, numbers)}"
                for value, row in zip(values, frame.iter_rows(named=True), strict=True)
            ],
            textposition="outside",
            cliponaxis=False,
            customdata=periods,
            hovertext=[
                f"<b>{row['period']}{'' if row['is_over'] else ' (so far)'}</b><br>began with "
                f"{numbers.money(row['due_amount'])} due, {numbers.ratio(row['coverage_at_start'])} of "
                f"{numbers.money(row['goal'])}<br>won {numbers.money(row['won_amount'])}, "
                f"{numbers.share(row['attained'], 0)}"
                for row in frame.iter_rows(named=True)
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    fig.add_annotation(
        x=(low + high) / 2,
        y=1,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        text=f"{low:g}–{high:g}× rule",
        font={"color": INK, "size": 12},
    )
    longest = max([high, *(value or 0.0 for value in values)])
    fig.update_yaxes(type="category")
    fig.update_xaxes(title="Coverage at its start (×)", range=[0, longest * 1.6], ticksuffix="×", nticks=6)
    return fig


def _made(row: dict[str, object], numbers: NumberFormat) -> str:
    made = f"{numbers.share(row['attained'], 0)} made"  # type: ignore[arg-type]
    return made if row["is_over"] else f"{made} yet"


def outcomes_by_period(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return what became of the deals that were due when each period began, as shares of their number.

    Parameters
    ----------
    frame
        `period_starts`, the newest drawn on top; a mark opens the deals of its period that came to that.
    numbers
        How the company writes numbers.
    """
    rows = frame.filter(pl.col("due_count") > 0)
    fig = figure(height_for(rows.height, row=36) + 48, numbers)
    periods = rows["period"].to_list()
    due = rows["due_count"].to_list()
    for kind, name, column, colour in (
        ("won", "Won", "won_due_count", GOOD),
        ("lost", "Lost", "lost_count", BAD),
        ("slipped", "Slipped", "slipped_count", WARN),
        ("left", "Open or gone", "left_count", PLAIN),
    ):
        counts = rows[column].to_list()
        shares = [count / whole for count, whole in zip(counts, due, strict=True)]
        fig.add_trace(
            go.Bar(
                x=[100 * share for share in shares],
                y=periods,
                orientation="h",
                name=name,
                marker={"color": colour},
                text=[numbers.share(share, 0) for share in shares],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                customdata=[f"{kind}:{period}" for period in periods],
                hovertext=[
                    f"<b>{name}, {period}</b><br>{numbers.number(count)} of {numbers.number(whole)} "
                    f"{plural(whole, 'deal')} that were due"
                    for period, count, whole in zip(periods, counts, due, strict=True)
                ],
                hoverinfo="text",
            )
        )
    # A part that is too narrow for its share says it in the hover.
    fig.update_layout(barmode="stack", uniformtext={"minsize": 11, "mode": "hide"}, margin={"t": 64})
    fig.update_yaxes(type="category")
    fig.update_xaxes(title="Share of the deals due at its start", range=[0, 100], ticksuffix="%", nticks=6)
    return fig


def _rule(fig: go.Figure, low: float, high: float) -> None:
    fig.add_annotation(
        x=1,
        y=high,
        xref="paper",
        xanchor="right",
        yanchor="bottom",
        showarrow=False,
        text=f"{low:g}–{high:g}× rule",
        font={"color": INK, "size": 12},
    )
