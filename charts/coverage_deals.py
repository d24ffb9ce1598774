"""Figures of the open deals: how they age at their stage, and what they are called in the forecast."""

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, FAINT, GOOD, INK, PLAIN, WARN, figure, height_for, money_axis, named, shortened
from charts.numbers import NumberFormat, plural

AGES = {
    "younger": ("Younger than the median won deal", GOOD),
    "median": ("Older than the median", PLAIN),
    "p80": ("Older than four of five", WARN),
    "p90": ("Older than nine of ten", BAD),
}


def ageing_by_stage(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return the open deals at each stage by how their stay compares with that of won deals there.

    Parameters
    ----------
    frame
        `stage_ageing`; a mark opens the stage's deals. Stages at which too few won deals are known are in one shade.
    numbers
        How the company writes numbers.
    """
    rows = frame.filter(pl.col("deals").is_not_null()).reverse()
    fig = figure(height_for(rows.height, row=44) + 40, numbers)
    stages = [stage or "" for stage in rows["stage"]]
    p90 = [value or 0 for value in rows["older_than_p90"]]
    p80 = [value or 0 for value in rows["older_than_p80"]]
    median = [value or 0 for value in rows["older_than_median"]]
    known = [value is not None for value in rows["older_than_median"]]
    deals = rows["deals"].to_list()
    counts = {
        "younger": [
            whole - older if is_known else 0 for whole, older, is_known in zip(deals, median, known, strict=True)
        ],
        "median": [older - oldest for older, oldest in zip(median, p80, strict=True)],
        "p80": [older - oldest for older, oldest in zip(p80, p90, strict=True)],
        "p90": p90,
    }
    hover = [_stage(row, numbers) for row in rows.iter_rows(named=True)]
    parts = [(name, counts[key], colour) for key, (name, colour) in AGES.items()]
    if not all(known):
        unknown = [0 if is_known else whole for whole, is_known in zip(deals, known, strict=True)]
        parts.append(("Too few won deals to compare with", unknown, FAINT))
    for name, values, colour in parts:
        fig.add_trace(
            go.Bar(
                x=values,
                y=stages,
                orientation="h",
                name=name,
                marker={"color": colour},
                customdata=stages,
                hovertext=hover,
                hoverinfo="text",
            )
        )
    fig.update_layout(barmode="stack", margin={"t": 84}, legend={"y": 1.02})
    fig.update_yaxes(tickmode="array", tickvals=stages, ticktext=[shortened(stage, 22) for stage in stages])
    fig.update_xaxes(title="Open deals due in the period", nticks=6)
    return fig


def _stage(row: dict[str, object], numbers: NumberFormat) -> str:
    lines = [
        f"<b>{named(row['stage'])}</b>",  # type: ignore[arg-type]
        f"{numbers.number(row['deals'])} {plural(row['deals'], 'deal')}, {numbers.money(row['amount'])}",  # type: ignore[arg-type]
    ]
    if row["median_days"] is not None:
        lines.append(f"open: {numbers.days(round(row['median_days']))} so far (median)")  # type: ignore[call-overload]
    if row["won_median_days"] is not None:
        lines.append(
            f"won deals: {numbers.days(round(row['won_median_days']))}, four of five within "  # type: ignore[call-overload]
            f"{numbers.days(round(row['won_p80_days']))}"  # type: ignore[call-overload]
        )
    return "<br>".join(lines)


def forecast_now_and_then(frame: pl.DataFrame, numbers: NumberFormat) -> go.Figure:
    """Return what is called by each forecast category now, beside what was called so on the earlier day.

    Parameters
    ----------
    frame
        `forecast_by_category`; a mark opens the deals called so, on its day.
    numbers
        How the company writes numbers.
    """
    rows = frame.reverse()
    fig = figure(height_for(rows.height, row=58), numbers)
    names = [value or "" for value in rows["forecast"]]
    every: list[float] = []
    for when, name, amount, count, colour in (
        ("then", "Called so then", "amount_then", "deals_then", FAINT),
        ("now", "Called so now", "amount", "deals", PLAIN),
    ):
        values = [None if value is None else float(value) for value in rows[amount]]
        every += [value for value in values if value is not None]
        fig.add_trace(
            go.Bar(
                x=values,
                y=names,
                orientation="h",
                name=name,
                marker={"color": colour},
                text=[numbers.money(value) for value in values],
                textposition="outside",
                textfont={"color": INK},
                cliponaxis=False,
                customdata=[f"{when}:{value}" for value in names],
                hovertext=[
                    f"<b>{named(label)}, {name.lower()}</b><br>{numbers.money_exact(total)} in "
                    f"{numbers.number(deals)} {plural(deals or 0, 'deal')}"
                    for label, total, deals in zip(names, rows[amount], rows[count], strict=True)
                ],
                hoverinfo="text",
            )
        )
    fig.update_layout(barmode="group", legend={"traceorder": "reversed"})
    axis = money_axis(numbers, f"Open and due ({numbers.currency})", every)
    fig.update_xaxes(**{**axis, "range": [0, max([*every, 1.0]) * 1.18]})
    fig.update_yaxes(tickmode="array", tickvals=names, ticktext=[named(name[:1].upper() + name[1:]) for name in names])
    return fig
