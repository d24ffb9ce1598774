"""Figures of selling: the four win rates, types of business, calls by week, and the weakest step."""

import plotly.graph_objects as go
import polars as pl

from charts.leads import SHORT_NAMES
from charts.leads_cells import TEXT_ON_CELL, by_ratio
from charts.look import BAD, FAINT, INK, PLAIN, SECOND, count_axis, figure, height_for, named, shortened
from charts.numbers import NumberFormat, day

BASES = {
    "count": "By count",
    "value": "By value",
    "cohort": "Created cohort",
    "within": "Within days",
}
TYPES = {"new": "New", "expansion": "Expansion", "renewal": "Renewal"}


def win_rate_by_basis(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return the win rate on its four bases, with intervals where there are any; ours is filled.

    Parameters
    ----------
    frame
        `win_rate_bases` without a dimension.
    numbers
        How the company writes numbers.
    """
    rows = frame.filter(pl.col("rate").is_not_null()).reverse()
    fig = figure(height_for(rows.height, row=40), numbers)
    names = [basis_name(row["basis"], row["days"]) for row in rows.iter_rows(named=True)]
    rates = [100 * rate for rate in rows["rate"]]
    fig.add_trace(
        go.Scatter(
            x=rates,
            y=names,
            mode="markers+text",
            cliponaxis=False,
            text=[numbers.share(rate) for rate in rows["rate"]],
            textposition="top center",
            marker={
                "size": 14,
                "color": [PLAIN if chosen else INK for chosen in rows["is_chosen"]],
                "symbol": ["circle" if chosen else "circle-open" for chosen in rows["is_chosen"]],
                "line": {"width": 2},
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [100 * (high - rate) if high is not None else 0 for high, rate in _pairs(rows, "high")],
                "arrayminus": [100 * (rate - low) if low is not None else 0 for low, rate in _pairs(rows, "low")],
                "thickness": 2,
                "width": 0,
                "color": FAINT,
            },
            customdata=rows["basis"].to_list(),
            hovertext=[_basis_hover(row, numbers) for row in rows.iter_rows(named=True)],
            hoverinfo="text",
            showlegend=False,
        )
    )
    edges = [*rates, *(100 * high for high in rows["high"] if high is not None)]
    top = max(edges, default=1.0)
    fig.update_xaxes(
        title="Win rate (%), with 95% interval where it is a share of deals",
        range=[0, min(1.2 * top, 110)],
        ticksuffix="%",
        nticks=6,
    )
    fig.update_yaxes(range=[-0.5, max(len(names) - 0.3, 0.7)])
    return fig


def basis_name(basis: str, days: int | None) -> str:
    """Return what a basis is called."""
    return f"Within {days} days" if basis == "within" and days is not None else BASES[basis]


def _pairs(rows: pl.DataFrame, edge: str) -> list[tuple[float | None, float]]:
    return list(zip(rows[edge], rows["rate"], strict=True))


def _basis_hover(row: dict[str, object], numbers: NumberFormat) -> str:
    name = basis_name(str(row["basis"]), row["days"] if isinstance(row["days"], int) else None)
    if row["basis"] == "value":
        won, of = float(str(row["won_amount"])), float(str(row["amount"]))
        return f"<b>{name}</b><br>{numbers.money(won)} won of {numbers.money(of)} decided"
    interval = numbers.interval(float(str(row["low"])), float(str(row["high"])))
    counted = f"{numbers.number(int(str(row['won'])))} won of {numbers.number(int(str(row['deals'])))} deals"
    return f"<b>{name}</b><br>{counted} (95%: {interval})"


def rate_and_contact_by_type(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return, for each type of business, how readily it is won, beside how much contact its deals get.

    Parameters
    ----------
    frame
        `selling_by_type`.
    numbers
        How the company writes numbers.
    """
    rows = frame.reverse()
    fig = figure(height_for(rows.height, least=200, row=44), numbers)
    names = [value or "" for value in rows["dimension_value"]]
    rates = [None if rate is None else 100 * rate for rate in rows["rate"]]
    acts = rows["activities_per_deal"].to_list()
    hover = [
        f"<b>{named(TYPES.get(row['dimension_value'] or '', row['dimension_value']))}</b><br>"
        f"{numbers.number(row['won'])} won of {numbers.number((row['won'] or 0) + (row['lost'] or 0))} decided: "
        f"{numbers.share(row['rate'])} (95%: {numbers.interval(row['rate_low'], row['rate_high'])})<br>"
        f"{numbers.number(row['activities_per_deal'], 1)} activities a deal, "
        f"{numbers.number(row['activities_per_month'], 1)} per 30 days open<br>"
        f"{numbers.number(row['touches_per_deal'], 2)} answered campaign touches a deal<br>"
        f"won after {numbers.days(row['cycle_days'])} (median), {numbers.money(row['average_won'])} on average"
        for row in rows.iter_rows(named=True)
    ]
    panels: list[tuple[str, list[float | None], str, list[str], str]] = [
        ("x", rates, PLAIN, [numbers.share(rate, 0) for rate in rows["rate"]], "Win rate"),
        ("x2", acts, SECOND, [numbers.number(value, 1) for value in acts], "Activities a deal"),
    ]
    for axis, values, colour, labels, name in panels:
        fig.add_trace(
            go.Bar(
                x=values,
                y=names,
                xaxis=axis,
                orientation="h",
                marker={"color": colour},
                text=labels,
                textposition="outside",
                cliponaxis=False,
                customdata=names,
                hovertext=hover,
                hoverinfo="text",
                name=name,
            )
        )
    room = 1.45
    bare = {"showticklabels": False, "showgrid": False, "zeroline": False, "fixedrange": True}
    fig.update_layout(
        xaxis={**bare, "domain": [0, 0.47], "range": [0, room * max([1, *(r for r in rates if r is not None)])]},
        xaxis2={
            **bare,
            "domain": [0.53, 1],
            "anchor": "y",
            "range": [0, room * max([1, *(a for a in acts if a is not None)])],
        },
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=names,
        ticktext=[TYPES.get(name, shortened(name)) for name in names],
    )
    return fig


def calls_and_deals_by_week(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return outbound calls by week, those of a slump in another colour, above the deals created in the same weeks.

    Parameters
    ----------
    frame
        `weekly_calls`.
    numbers
        How the company writes numbers.
    """
    fig = figure(420, numbers)
    weeks = frame["week"].to_list()
    for wanted, colour, name in ((False, PLAIN, "Outbound calls"), (True, BAD, "Outbound calls, slump")):
        rows = frame.filter(pl.col("is_slump") == wanted)
        if rows.is_empty():
            continue
        fig.add_trace(
            go.Bar(
                x=rows["week"].to_list(),
                y=rows["calls"].to_list(),
                marker={"color": colour},
                name=name,
                customdata=[f"{week:%Y-%m-%d}" for week in rows["week"]],
                hovertext=[
                    f"<b>Week of {day(row['week'])}</b><br>{numbers.number(row['calls'])} outbound calls "
                    f"(usual: {numbers.number(row['usual_calls'])})"
                    for row in rows.iter_rows(named=True)
                ],
                hoverinfo="text",
            )
        )
    fig.add_trace(
        go.Scatter(
            x=weeks,
            y=frame["deals"].to_list(),
            yaxis="y2",
            mode="lines+markers",
            line={"color": SECOND, "width": 2.5},
            marker={"size": 5},
            name="Deals created",
            hovertext=[
                f"<b>Week of {day(row['week'])}</b><br>{numbers.number(row['deals'])} deals created, without renewals "
                f"(usual: {numbers.number(row['usual_deals'])})"
                for row in frame.iter_rows(named=True)
            ],
            hoverinfo="text",
        )
    )
    calls = count_axis(numbers, "Calls a week", frame["calls"])
    deals = count_axis(numbers, "Deals a week", frame["deals"])
    fig.update_layout(
        barmode="overlay",
        bargap=0.15,
        barcornerradius=0,
        yaxis={**calls, "domain": [0.46, 1], "fixedrange": True, "automargin": True},
        yaxis2={**deals, "domain": [0, 0.36], "fixedrange": True, "automargin": True, "anchor": "x"},
    )
    fig.update_xaxes(anchor="y2", tickformat="%b\n%Y", nticks=8, tickangle=0)
    return fig


def step_key(value: str | None, stage: str) -> str:
    """Return what tells a cell of the steps from the others."""
    return f"{stage}:{value or ''}"


def rate_by_step(frame: pl.DataFrame, numbers: NumberFormat, least: int) -> go.Figure:
    """Return the share of each source's leads that went on at each step, coloured by how it compares with the median.

    Parameters
    ----------
    frame
        `weakest_step` by a dimension.
    numbers
        How the company writes numbers.
    least
        Cells with fewer leads before the step are hatched, and compared with nothing.
    """
    stages = frame.sort("position")["stage"].unique(maintain_order=True).to_list()
    # A value of which no step can be compared is in the table alone.
    compared = frame.filter(pl.col("before") >= least)["dimension_value"].unique().to_list()
    drawn = frame.filter(pl.col("dimension_value").is_in(compared, nulls_equal=True))
    order = drawn.group_by("dimension_value").agg(pl.col("before").max()).sort("before", "dimension_value")
    names = [value or "" for value in order["dimension_value"]]
    fig = figure(height_for(len(names), row=32), numbers)
    for place, stage in enumerate(stages):
        column = list(drawn.filter(pl.col("stage") == stage).iter_rows(named=True))
        labels = [row["dimension_value"] or "" for row in column]
        fig.add_trace(
            go.Bar(
                x=[0.96] * len(column),
                base=[place] * len(column),
                y=labels,
                orientation="h",
                width=0.92,
                marker={
                    "color": [by_ratio(row["of_median"]) for row in column],
                    "pattern": {
                        "shape": ["/" if row["before"] < least else "" for row in column],
                        "fgcolor": FAINT,
                        "size": 7,
                        "solidity": 0.12,
                        "fillmode": "overlay",
                    },
                },
                customdata=[step_key(row["dimension_value"], stage) for row in column],
                hovertext=[_step_hover(row, numbers, least) for row in column],
                hoverinfo="text",
                showlegend=False,
            )
        )
        enough = [row for row in column if row["before"] >= least]
        fig.add_trace(
            go.Scatter(
                x=[place + 0.48] * len(enough),
                y=[row["dimension_value"] or "" for row in enough],
                mode="text",
                text=[
                    ("▼ " if row["is_weakest"] and row["is_sure"] else "") + numbers.share(row["rate"], 0)
                    for row in enough
                ],
                textfont={"color": TEXT_ON_CELL},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    fig.update_layout(barmode="overlay", barcornerradius=0, margin={"t": 56})
    fig.update_xaxes(
        side="top",
        title="Share that went on to",
        tickmode="array",
        tickvals=[place + 0.48 for place in range(len(stages))],
        ticktext=["Opp." if stage == "opportunity" else SHORT_NAMES[stage] for stage in stages],
        tickangle=0,
        range=[-0.02, len(stages)],
        showgrid=False,
        zeroline=False,
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=names,
        ticktext=[shortened(name, 22) for name in names],
        categoryorder="array",
        categoryarray=names,
        showgrid=False,
    )
    return fig


def _weakest_words(row: dict[str, object]) -> str:
    if not row["is_weakest"]:
        return ""
    return "<br>its weakest step, surely below" if row["is_sure"] else "<br>its weakest step; it could be chance"


def _step_hover(row: dict[str, object], numbers: NumberFormat, least: int) -> str:
    def count(name: str) -> str:
        return numbers.number(int(str(row[name])))

    def real(name: str) -> float | None:
        return None if row[name] is None else float(str(row[name]))

    value = row["dimension_value"]
    text = (
        f"<b>{named(str(value)) if value else '(none)'}</b>, {SHORT_NAMES[str(row['from_stage'])]} to "
        f"{SHORT_NAMES[str(row['stage'])]}<br>{count('went_on')} of {count('before')} went on: "
        f"{numbers.share(real('rate'))} (95%: {numbers.interval(real('low'), real('high'))})"
    )
    if int(str(row["before"])) < least:
        return f"{text}<br>too few to compare"
    text += f"<br>median of all: {numbers.share(real('median_rate'))}"
    if row["won_more"] is not None:
        text += f"<br>at the median: {numbers.number(real('won_more'), 1)} won deals more"
        if row["amount_more"] is not None:
            text += f", {numbers.money(real('amount_more'))}"
    return text + _weakest_words(row)
