"""Leads or selling: from rate to rate, a bar for each part."""

import plotly.graph_objects as go
import polars as pl

from charts.look import BAD, FAINT, GOOD, INK, PLAIN, figure, height_for
from charts.numbers import NumberFormat

PART_NAMES = {
    "source_mix": "Source mix",
    "lead_quality": "Lead quality",
    "acceptance": "Acceptance",
    "qualification": "Qualification",
    "closing": "Closing",
}
_ROOM = 0.42


def points(numbers: NumberFormat, value: float | None, *, is_signed: bool = True) -> str:
    """Return a difference of shares in points: +1.6, −0.4."""
    if value is None:
        return "not recorded"
    size = abs(100 * value)
    # What is not nothing should not read 0.0, and what is has no sign.
    sign = "" if size < 0.005 else "−" if value < 0 else "+" if is_signed else ""
    return f"{sign}{numbers.number(size, 1 if size >= 0.05 or size < 0.005 else 2)}"


def rate_to_rate(parts: pl.DataFrame, before: str, after: str, numbers: NumberFormat) -> go.Figure:
    """Return the way from one won rate to another: what each part adds or takes; grey cannot be told from chance.

    Parameters
    ----------
    parts
        The five rows of one unit of `leads_or_selling`.
    before, after
        What the two sides are, in words.
    numbers
        How the company writes numbers.
    """
    first, last = parts["before"][0], parts["after"][0]
    names, bases, lengths, colours, texts, hovers = [before], [0.0], [first], [PLAIN], [numbers.share(first)], [""]
    level = first
    for row in parts.iter_rows(named=True):
        value = row["value"] or 0.0
        names.append(PART_NAMES[row["part"]])
        bases.append(min(level, level + value))
        lengths.append(abs(value))
        colours.append({"up": GOOD, "down": BAD}.get(row["verdict"] or "", FAINT))
        told = "" if row["verdict"] in ("up", "down") else " ?" if row["verdict"] else ""
        texts.append(f"{points(numbers, row['value'])}{told}")
        interval = f"{points(numbers, row['low'])} to {points(numbers, row['high'])}" if row["low"] is not None else ""
        hovers.append(f"<b>{PART_NAMES[row['part']]}</b><br>{points(numbers, row['value'])} points<br>{interval}")
        level += value
    names.append(after)
    bases.append(0.0)
    lengths.append(last)
    colours.append(PLAIN)
    texts.append(numbers.share(last))
    hovers.append("")
    fig = figure(height_for(len(names), row=44), numbers)
    fig.add_trace(
        go.Bar(
            y=names,
            x=lengths,
            base=bases,
            orientation="h",
            marker={"color": colours},
            text=texts,
            textposition="outside",
            textfont={"color": INK},
            cliponaxis=False,
            hovertext=[
                hover or f"<b>{name}</b><br>{text}" for name, text, hover in zip(names, texts, hovers, strict=True)
            ],
            hoverinfo="text",
            customdata=["before", *parts["part"].to_list(), "after"],
        )
    )
    most = max(base + length for base, length in zip(bases, lengths, strict=True)) or 1.0
    fig.update_yaxes(autorange="reversed")
    fig.update_xaxes(title="Won rate (%)", range=[0, most * (1 + _ROOM)], tickformat=".1%", nticks=5)
    return fig
