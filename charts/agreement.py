"""The figures of the agreement: blocks of weeks, marketing above and sales below, each with a sign and not colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import plotly.graph_objects as go

from charts.look import BAD, FAINT, PLAIN, TEXT_SIZE, figure
from charts.numbers import NumberFormat

# Blue and red are told apart whatever the eye; the sign in each block says it, too.
_LOOKS = {
    "kept": ("✓", PLAIN, ""),
    "broken": ("✗", BAD, ""),
    "not due": ("…", "rgba(128, 138, 150, 0.12)", "/"),
    "nothing": ("–", "rgba(128, 138, 150, 0.12)", ""),
}
_NAMES = {"kept": "✓ kept", "broken": "✗ broken", "not due": "… not yet due", "nothing": "– nothing to judge"}
_THICK = 0.84
_SMALL_TYPE = 12


@dataclass(frozen=True)
class Block:
    """One block: its row, the week's first day, kept, broken, not due or nothing, what stands in it, and what it opens."""

    row: str
    week: date
    state: str
    text: str
    hover: str
    key: str


def blocks_by_week(
    blocks: Sequence[Block], rows: Sequence[str], numbers: NumberFormat, gap_after: int = 0
) -> go.Figure:
    """Return weeks as blocks, one row above the other.

    Parameters
    ----------
    blocks
        The blocks; a row without one in a week has a hole there.
    rows
        The rows, the topmost first.
    numbers
        How the company writes numbers.
    gap_after
        After how many rows a gap parts the teams; 0 for none.
    """
    weeks = sorted({block.week for block in blocks})
    labels = {week: f"{(end := week + timedelta(days=6)).day} {end:%b}" for week in weeks}
    places = {row: -number - (0.45 if gap_after and number >= gap_after else 0.0) for number, row in enumerate(rows)}
    fig = figure(120 + (64 if len(rows) < 3 else 46) * len(rows), numbers)
    for state, (sign, colour, pattern) in _LOOKS.items():
        mine = [block for block in blocks if block.state == state and block.row in places]
        if not mine:
            continue
        is_full = state in ("kept", "broken")
        written = [f"{sign}<br>{block.text}" if block.text else sign for block in mine]
        fig.add_trace(
            go.Bar(
                x=[labels[block.week] for block in mine],
                y=[_THICK] * len(mine),
                base=[places[block.row] - _THICK / 2 for block in mine],
                width=0.92,
                name=_NAMES[state],
                marker={
                    "color": colour,
                    "line": {"width": 0},
                    "pattern": {"shape": pattern, "solidity": 0.2, "fgcolor": FAINT},
                },
                text=written if is_full else None,
                textposition="inside",
                insidetextanchor="middle",
                # Never scaled away: the sign is what tells who does not see the colours.
                constraintext="none",
                textangle=0,
                textfont={"size": _SMALL_TYPE, "color": "#ffffff"},
                customdata=[block.key for block in mine],
                hovertext=[block.hover for block in mine],
                hoverinfo="text",
            )
        )
        if not is_full:
            # On a block without a colour of its own the sign has that of the page's text, in light and in dark.
            fig.add_trace(
                go.Scatter(
                    x=[labels[block.week] for block in mine],
                    y=[places[block.row] for block in mine],
                    mode="text",
                    text=written,
                    textfont={"size": _SMALL_TYPE},
                    hoverinfo="skip",
                    showlegend=False,
                )
            )
    fig.update_layout(barmode="overlay", bargap=0.0)
    fig.update_xaxes(
        type="category",
        categoryorder="array",
        categoryarray=[labels[week] for week in weeks],
        tickmode="array",
        tickvals=[labels[week] for week in weeks],
        tickangle=-45,
        tickfont={"size": TEXT_SIZE},
        title={"text": "Week to"},
        showgrid=False,
    )
    lowest = min(places.values(), default=0.0)
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(places.values()),
        ticktext=list(places),
        range=[lowest - 0.55, 0.55],
        showgrid=False,
        zeroline=False,
    )
    return fig
