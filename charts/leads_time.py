"""Figures of leads over time: cohorts, and lately against before."""

from datetime import date

import plotly.graph_objects as go
import polars as pl

from charts.leads_cells import EMPTY, TEXT_ON_CELL, by_size
from charts.look import BAD, FAINT, GOOD, INK, PLAIN, figure, height_for, named, shortened
from charts.numbers import NumberFormat, day

_CELL = 0.95


def cohort_name(cohort: date, *, is_quarter: bool) -> str:
    """Return a cohort's name: its month, or its quarter by the months that it holds."""
    if not is_quarter:
        return f"{cohort:%b %Y}"
    last = (cohort.month + 1) % 12 + 1
    return f"{cohort:%b}–{date(2000, last, 1):%b} {cohort:%Y}"


def cohort_key(cohort: date, days: int) -> str:
    """Return what tells a cell of the table of cohorts from the others."""
    return f"{cohort:%Y-%m-%d}:{days}"


def reached_by_cohort(frame: pl.DataFrame, numbers: NumberFormat, *, is_quarter: bool) -> go.Figure:
    """Return the table of cohorts: one cell per cohort and horizon; those that are not old enough are hatched.

    Parameters
    ----------
    frame
        `lead_cohorts`.
    numbers
        How the company writes numbers.
    is_quarter
        Whether the cohorts are quarters.
    """
    horizons = frame["days"].unique().sort().to_list()
    top = max([rate for rate in frame["rate"] if rate is not None], default=0) or 1.0
    fig = figure(height_for(frame["cohort"].n_unique(), row=28), numbers)
    cells = frame.sort("cohort", "days", descending=[True, False])
    names = list(dict.fromkeys(_label(row["cohort"], row["leads"], numbers, is_quarter) for row in _rows(cells)))
    for place, days in enumerate(horizons):
        column = cells.filter(pl.col("days") == days)
        labels = [_label(row["cohort"], row["leads"], numbers, is_quarter) for row in _rows(column)]
        fig.add_trace(
            go.Bar(
                x=[_CELL] * column.height,
                base=[place] * column.height,
                y=labels,
                orientation="h",
                width=0.92,
                marker={
                    "color": [EMPTY if rate is None else by_size(rate / top) for rate in column["rate"]],
                    "pattern": {
                        "shape": ["" if mature else "/" for mature in column["is_mature"]],
                        "fgcolor": FAINT,
                        "size": 7,
                        "solidity": 0.12,
                        "fillmode": "overlay",
                    },
                },
                customdata=[cohort_key(cohort, days) for cohort in column["cohort"]],
                hovertext=[_cell_hover(row, numbers, is_quarter) for row in _rows(column)],
                hoverinfo="text",
                showlegend=False,
            )
        )
        mature = column.filter(pl.col("is_mature"))
        fig.add_trace(
            go.Scatter(
                x=[place + _CELL / 2] * mature.height,
                y=[_label(row["cohort"], row["leads"], numbers, is_quarter) for row in _rows(mature)],
                mode="text",
                text=[numbers.share(rate) for rate in mature["rate"]],
                textfont={"color": TEXT_ON_CELL},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    fig.update_layout(barmode="overlay", bargap=0.08, barcornerradius=0)
    fig.update_xaxes(
        side="top",
        title="Within so many days of creation",
        tickmode="array",
        tickvals=[place + _CELL / 2 for place in range(len(horizons))],
        ticktext=[numbers.number(days) for days in horizons],
        tickangle=0,
        range=[0, len(horizons)],
        showgrid=False,
        zeroline=False,
    )
    fig.update_yaxes(categoryorder="array", categoryarray=names, showgrid=False)
    fig.update_layout(margin={"t": 56})
    return fig


def _rows(frame: pl.DataFrame) -> list[dict[str, object]]:
    return list(frame.iter_rows(named=True))


def _label(cohort: object, leads: object, numbers: NumberFormat, is_quarter: bool) -> str:  # noqa: FBT001
    name = cohort_name(cohort, is_quarter=is_quarter) if isinstance(cohort, date) else ""
    return f"{name} · {numbers.number(int(str(leads)))}"


def _cell_hover(row: dict[str, object], numbers: NumberFormat, is_quarter: bool) -> str:  # noqa: FBT001
    cohort, mature_on = row["cohort"], row["mature_on"]
    start = f"<b>{cohort_name(cohort, is_quarter=is_quarter) if isinstance(cohort, date) else ''}</b><br>"
    days, leads = numbers.days(int(str(row["days"]))), numbers.number(int(str(row["leads"])))
    if not row["is_mature"]:
        when = day(mature_on) if isinstance(mature_on, date) else ""
        return f"{start}not all of its {leads} leads are {days} old before {when}"
    rate, low, high = (float(str(row[name])) for name in ("rate", "low", "high"))
    return (
        f"{start}{numbers.number(int(str(row['reached'])))} of {leads} leads within {days}: {numbers.share(rate)} "
        f"(95%: {numbers.interval(low, high)})"
    )


def lately_and_before(frame: pl.DataFrame, numbers: NumberFormat, least: int) -> go.Figure:
    """Return, for each value, the share lately beside the share before, joined; what surely changed is coloured.

    Parameters
    ----------
    frame
        `lead_change` by a dimension.
    numbers
        How the company writes numbers.
    least
        Values with fewer leads on either side are not drawn (the table has them).
    """
    rows = frame.filter(
        (pl.min_horizontal("before_leads", "lately_leads") >= least) & pl.col("change").is_not_null()
    ).sort("change", descending=True)
    fig = figure(height_for(rows.height, row=34), numbers)
    names = [value or "" for value in rows["dimension_value"]]
    before = [100 * rate for rate in rows["before_rate"]]
    lately = [100 * rate for rate in rows["lately_rate"]]
    joined_x: list[float | None] = []
    joined_y: list[str | None] = []
    for name, one, other in zip(names, before, lately, strict=True):
        joined_x += [one, other, None]
        joined_y += [name, name, None]
    fig.add_trace(
        go.Scatter(
            x=joined_x,
            y=joined_y,
            mode="lines",
            line={"width": 3, "color": FAINT},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    hover = [
        f"<b>{named(row['dimension_value'])}</b><br>before: {numbers.number(row['before_reached'])} of "
        f"{numbers.number(row['before_leads'])}, {numbers.share(row['before_rate'])}<br>lately: "
        f"{numbers.number(row['lately_reached'])} of {numbers.number(row['lately_leads'])}, "
        f"{numbers.share(row['lately_rate'])}<br>change (95%): {numbers.interval(row['change_low'], row['change_high'])}"
        for row in rows.iter_rows(named=True)
    ]
    changes = [
        "same" if not different else "worse" if change < 0 else "better"
        for different, change in zip(rows["is_different"], rows["change"], strict=True)
    ]
    fig.add_trace(
        go.Scatter(
            x=before,
            y=names,
            mode="markers",
            cliponaxis=False,
            marker={"size": 11, "color": INK, "symbol": "circle-open", "line": {"width": 2}},
            name="Before",
            customdata=names,
            hovertext=hover,
            hoverinfo="text",
        )
    )
    kinds = (
        ("worse", BAD, "Lately, surely worse"),
        ("better", GOOD, "Lately, surely better"),
        ("same", PLAIN, "Lately"),
    )
    for kind, colour, label in kinds:
        places = [place for place, change in enumerate(changes) if change == kind]
        if not places:
            continue
        fig.add_trace(
            go.Scatter(
                x=[lately[place] for place in places],
                y=[names[place] for place in places],
                mode="markers",
                cliponaxis=False,
                marker={
                    "size": 13,
                    "color": colour,
                    "symbol": {"worse": "triangle-down", "better": "triangle-up", "same": "circle"}[kind],
                },
                name=label,
                customdata=[names[place] for place in places],
                hovertext=[hover[place] for place in places],
                hoverinfo="text",
            )
        )
    top = max([1.0, *before, *lately])
    fig.update_yaxes(
        tickmode="array",
        tickvals=names,
        ticktext=[shortened(name) for name in names],
        categoryorder="array",
        categoryarray=names,
    )
    fig.update_xaxes(title="Share of leads (%)", range=[-0.04 * top, 1.06 * top], ticksuffix="%", nticks=7)
    return fig
