"""Figures of people: whom campaigns reach, how sales answers their leads, what is done for customers."""

from typing import Any

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from charts.look import BAD, FAINT, GOOD, INK, PLAIN, SECOND, TEXT_SIZE, WARN, figure, height_for, named, ticks, wrapped
from charts.numbers import NumberFormat

MOST = 15
KINDS = {"call": "Called first", "email": "E-mailed first", "meeting": "Met first"}
_KIND_MARKS = {"call": ("circle", BAD), "email": ("square", PLAIN), "meeting": ("diamond", SECOND)}


def share_axis(numbers: NumberFormat, title: str, high: float) -> dict[str, Any]:
    """Return an axis of shares from 0 to a little over the highest."""
    at = ticks(0.0, 100 * max(high, 0.01))
    return {
        "title": {"text": title},
        "tickmode": "array",
        "tickvals": [value / 100 for value in at],
        "ticktext": [f"{numbers.number(value, 0 if value == round(value) else 1)}%" for value in at],
        "tickangle": 0,
        "range": [0, 1.05 * max(high, 0.01)],
    }


def judged_reach(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the campaigns of `campaign_reach` that met enough people to be judged, the lowest share first."""
    return frame.filter((pl.col("kind") == "campaign") & ~pl.col("is_small") & pl.col("share").is_not_null()).sort(
        "share", "people"
    )


def is_low(row: dict[str, Any], usual: float | None) -> bool:
    """Tell whether a campaign surely reaches fewer who decide than campaigns do together."""
    return usual is not None and row["share_high"] is not None and row["share_high"] < usual


def deciding_by_campaign(frame: pl.DataFrame, numbers: NumberFormat, most: int | None = MOST) -> go.Figure:
    """Return the share of people who decide by campaign with its interval, beside that among people on won deals.

    Parameters
    ----------
    frame
        `campaign_reach`; drawn are campaigns that met enough people, those with the lowest share.
    numbers
        How the company writes numbers.
    most
        How many to draw (the table has all); all when None.
    """
    rows = judged_reach(frame)
    rows = (rows if most is None else rows.head(most)).reverse()
    whole = frame.filter(pl.col("kind") == "all campaigns")
    usual = whole["share"][0] if whole.height else None
    won: float | None = frame["won_share"][0] if frame.height else None
    fig = figure(height_for(rows.height, row=38), numbers)
    names = [value or "" for value in rows["dimension_value"]]
    low = [is_low(row, usual) for row in rows.iter_rows(named=True)]
    fig.add_trace(
        go.Bar(
            x=rows["share"].to_list(),
            y=names,
            orientation="h",
            marker={"color": [BAD if bad else PLAIN for bad in low]},
            error_x={
                "array": [high - share for share, high in rows.select("share", "share_high").rows()],
                "arrayminus": [share - bottom for share, bottom in rows.select("share", "share_low").rows()],
                "color": INK,
                "thickness": 1.5,
            },
            showlegend=False,
            customdata=names,
            hovertext=[
                f"<b>{named(row['dimension_value'])}</b><br>{numbers.number(row['deciding'])} of "
                f"{numbers.number(row['known'])} decide: {numbers.share(row['share'])} "
                f"({numbers.interval(row['share_low'], row['share_high'])})"
                f"<br>of {numbers.number(row['unknown'])} more no title is known"
                for row in rows.iter_rows(named=True)
            ],
            hoverinfo="text",
        )
    )
    for value, words, dash in ((usual, "All campaigns", "dot"), (won, "People on won deals", "solid")):
        if value is not None:
            fig.add_trace(
                go.Scatter(
                    x=[value, value],
                    y=[names[0], names[-1]] if names else [],
                    mode="lines",
                    line={"color": GOOD if dash == "solid" else INK, "dash": dash, "width": 2},
                    name=f"{words}: {numbers.share(value, 0)}",
                    hoverinfo="skip",
                )
            )
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[wrapped(name) for name in names])
    edges = [*rows["share_high"].drop_nulls().to_list(), *(value for value in (usual, won) if value is not None)]
    fig.update_xaxes(**share_axis(numbers, "Share whose title decides", max(edges, default=0.0)))
    return fig


def compared_kinds(frame: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Return the cells of `campaign_follow_up` to draw: shown, over all delays, of leads that were followed up."""
    return frame.filter(
        (pl.col("delay") == "any")
        & ~pl.col("is_hidden")
        & (pl.col("kind") != "none")
        & pl.col(f"{measure}_rate").is_not_null()
    )


def rate_by_origin_and_kind(frame: pl.DataFrame, numbers: NumberFormat, measure: str) -> go.Figure:
    """Return which share of leads became deals (or was won), by where they came from and how sales first answered.

    Parameters
    ----------
    frame
        `campaign_follow_up`.
    numbers
        How the company writes numbers.
    measure
        deal or won.
    """
    rows = compared_kinds(frame, measure)
    by_size = rows.group_by("origin_value").agg(pl.col("leads").sum()).sort("leads")
    origins = [value or "(none)" for value in by_size["origin_value"]]
    fig = figure(height_for(len(origins), row=46), numbers)
    shown = [kind for kind in KINDS if kind in rows["kind"].to_list()]
    for place, kind in enumerate(shown):
        symbol, colour = _KIND_MARKS[kind]
        part = rows.filter(pl.col("kind") == kind)
        offset = 0.2 * (place - (len(shown) - 1) / 2)
        fig.add_trace(
            go.Scatter(
                x=part[f"{measure}_rate"].to_list(),
                y=[origins.index(value or "(none)") - offset for value in part["origin_value"]],
                mode="markers",
                name=KINDS[kind],
                marker={"symbol": symbol, "size": 11, "color": colour},
                error_x={
                    "array": (part[f"{measure}_rate_high"] - part[f"{measure}_rate"]).to_list(),
                    "arrayminus": (part[f"{measure}_rate"] - part[f"{measure}_rate_low"]).to_list(),
                    "color": colour,
                    "thickness": 2,
                    "width": 4,
                },
                customdata=[f"{value or ''}|{kind}" for value in part["origin_value"]],
                hovertext=[
                    f"<b>{named(row['origin_value'])}</b>, {KINDS[kind].lower()}<br>"
                    f"{numbers.share(row[f'{measure}_rate'])} of {numbers.number(row['leads'])} "
                    f"({numbers.interval(row[f'{measure}_rate_low'], row[f'{measure}_rate_high'])})"
                    for row in part.iter_rows(named=True)
                ],
                hoverinfo="text",
            )
        )
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(origins))),
        ticktext=[wrapped(name) for name in origins],
        range=[-0.6, len(origins) - 0.4],
    )
    title = "Share that became deals" if measure == "deal" else "Share that was won"
    fig.update_xaxes(**share_axis(numbers, title, float(rows[f"{measure}_rate_high"].max() or 0.0)))  # type: ignore[arg-type]
    return fig


_REASON_COLOURS = (BAD, WARN, SECOND, PLAIN, GOOD)


def rejections_by_source(frame: pl.DataFrame, numbers: NumberFormat, most: int = MOST) -> go.Figure:
    """Return which share of decided leads sales rejected, by where they came from and the reason it gave.

    Parameters
    ----------
    frame
        `campaign_rejections`; the five reasons given most often are told apart, the rest is one.
    numbers
        How the company writes numbers.
    most
        How many values to draw: those with most decided leads.
    """
    values = (
        frame.group_by("dimension_value")
        .agg(pl.col("decided").first(), share=pl.col("rejected").sum() / pl.col("decided").first())
        .sort("decided", descending=True)
        .head(most)
        .sort("share")
    )
    names = [value or "(none)" for value in values["dimension_value"]]
    rows = frame.filter(pl.col("dimension_value").fill_null("(none)").is_in(names))
    common = (
        rows.filter(pl.col("reason").is_not_null())
        .group_by("reason")
        .agg(pl.col("rejected").sum())
        .sort("rejected", "reason", descending=[True, False])["reason"]
        .to_list()[: len(_REASON_COLOURS)]
    )
    fig = figure(height_for(len(names)), numbers)
    for reason in [*common, "Other, or none given"]:
        is_rest = reason not in common
        wanted = ~pl.col("reason").is_in(common) | pl.col("reason").is_null() if is_rest else pl.col("reason") == reason
        part = rows.filter(wanted).group_by("dimension_value").agg(pl.col("rejected").sum(), pl.col("decided").first())
        found = {row["dimension_value"] or "(none)": row for row in part.iter_rows(named=True)}
        fig.add_trace(
            go.Bar(
                x=[found[name]["rejected"] / found[name]["decided"] if name in found else 0 for name in names],
                y=names,
                orientation="h",
                name=named(reason),
                marker={"color": FAINT if is_rest else _REASON_COLOURS[common.index(reason)]},
                customdata=["" if name == "(none)" else name for name in names],
                hovertext=[
                    f"<b>{named(name)}</b><br>{named(reason)}: {numbers.number(found[name]['rejected'])} of "
                    f"{numbers.number(found[name]['decided'])} decided"
                    if name in found
                    else ""
                    for name in names
                ],
                hoverinfo="text",
            )
        )
    fig.update_layout(barmode="stack", barcornerradius=0)
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[wrapped(name) for name in names])
    high = float(values["share"].max() or 0.0)  # type: ignore[arg-type]
    fig.update_xaxes(**share_axis(numbers, "Of the leads it decided on, sales rejected", high))
    return fig


_CARE = (
    ("rate", "Won, of decided deals"),
    ("activities_per_deal", "Activities per deal"),
    ("touches_per_deal", "Campaign touches per deal"),
)


def care_by_type(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return how readily each type of business buys, above what is done for it.

    Parameters
    ----------
    frame
        `campaign_customers`.
    numbers
        How the company writes numbers.
    """
    rows = frame.reverse()
    names = [(value or "(none)").capitalize() for value in rows["dimension_value"]]
    shown = [(column, words) for column, words in _CARE if rows[column].null_count() < rows.height]
    fig = make_subplots(rows=max(len(shown), 1), cols=1, vertical_spacing=0.16, subplot_titles=[w for _, w in shown])
    layout = figure(60 + max(len(shown), 1) * (60 + 30 * rows.height), numbers).layout
    fig.update_layout(layout)
    for place, (column, words) in enumerate(shown, start=1):
        values = [None if value is None else float(value) for value in rows[column]]
        text = [numbers.share(value, 0) if column == "rate" else numbers.number(value, 1) for value in values]
        fig.add_trace(
            go.Bar(
                x=values,
                y=names,
                orientation="h",
                marker={"color": GOOD if column == "rate" else PLAIN},
                text=text,
                textposition="outside",
                textfont={"size": TEXT_SIZE},
                constraintext="none",
                cliponaxis=False,
                customdata=[value or "" for value in rows["dimension_value"]],
                hovertext=[f"<b>{named(name)}</b><br>{words}: {said}" for name, said in zip(names, text, strict=True)],
                hoverinfo="text",
                showlegend=False,
            ),
            row=place,
            col=1,
        )
        high = max((value for value in values if value is not None), default=1.0)
        fig.update_xaxes(
            row=place, col=1, showticklabels=False, fixedrange=True, range=[0, 1.25 * (high or 1.0)], showgrid=False
        )
        fig.update_yaxes(row=place, col=1, automargin=True, fixedrange=True, tickfont={"size": TEXT_SIZE})
    fig.update_annotations(font={"size": TEXT_SIZE}, x=0, xanchor="left")
    return fig
