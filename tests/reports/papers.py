"""A document that holds every part, with figures that can be reckoned, and texts that would be code where they not text."""

from datetime import date, timedelta
from decimal import Decimal

import plotly.graph_objects as go
import polars as pl

from charts.look import figure
from charts.numbers import NumberFormat
from reports.document import Card, Cards, Document, Figure, Lines, Section, Table, Words

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    '#import "evil.typ": *',
    "$x^2$ *bold* _it_ @ref `code` \\u{41} ~",
    "[link](javascript:alert(1)) ![x](http://example.com/x.png)",
    "Straße für Größenwahn & Söhne",
)
LONG_WORD = "Donaudampfschifffahrt" * 16
RIGHT_TO_LEFT = "שלום עולם"
EMOJI = "launch 🚀"
NUMBERS = NumberFormat("EUR", "de")
SERIES = pl.DataFrame(
    {
        "day": [date(2026, 10, 1) + timedelta(days=place) for place in range(40)],
        "won": [1000.5 * place if place < 30 else None for place in range(40)],
        "on_track": [1200.0 * place for place in range(40)],
    }
)
STEPS = pl.DataFrame(
    {"step": ["Opening", "Created", "Lost", "Closing"], "amount": [2_000_000.0, 350_000.0, -150_000.0, 2_200_000.0]}
)


def _draw(frame: pl.DataFrame, x: str, series: tuple[str, ...]) -> go.Figure:
    fig = figure(320, NUMBERS)
    for name in series:
        fig.add_trace(go.Scatter(x=frame[x].to_list(), y=frame[name].to_list(), name=name, mode="lines"))
    return fig


def won_by_day() -> Figure:
    """Return a figure of two lines, one of which ends early."""
    return Figure(
        title="Won, day by day",
        unit="EUR, 2026-Q4",
        alt="Won by the end of each day beside what would be on track",
        draw=lambda: _draw(SERIES, "day", ("won", "on_track")),
        frame=SERIES,
        x="day",
        series=("won", "on_track"),
        kind="line",
        names={"won": "Won to date"},
        values="money",
    )


def moved() -> Figure:
    """Return a waterfall."""
    return Figure(
        title="What moved the open pipeline",
        unit="EUR, a week",
        alt="Opening, created, lost, closing",
        draw=lambda: _draw(STEPS, "step", ("amount",)),
        frame=STEPS,
        x="step",
        series=("amount",),
        kind="waterfall",
        values="money",
    )


def deals(rows: int) -> Table:
    """Return a table of so many deals, hostile names first."""
    names = [*HOSTILE, LONG_WORD, RIGHT_TO_LEFT, EMOJI]
    frame = pl.DataFrame(
        {
            "Deal": [names[place] if place < len(names) else f"Deal {place}" for place in range(rows)],
            "Owner": [f"Ann Müller {place}" for place in range(rows)],
            "Amount (EUR)": [Decimal(1000 * place) + Decimal("0.50") for place in range(rows)],
            "Close date": [date(2026, 11, 1)] * rows,
        }
    )
    return Table("Deals", frame)


def paper(rows: int = 60) -> Document:
    """Return a document with every part."""
    return Document(
        title="Weekly review <b>& more</b>",
        under="Showing 2026-Q4 (1 Oct 2026 to 31 Dec 2026), as of the end of 16 Nov 2026, region West. =under",
        sections=(
            Section("In one paragraph", (Words("On track: 1,2 Mio. € of 2 Mio. €.", lead=True), Words("Second."))),
            Section(
                "=Goal",
                (
                    Cards(tuple(Card(f"Card {place}", "€1,23M", ("beside", "goal 5")) for place in range(5))),
                    won_by_day(),
                ),
            ),
            Section(
                "What changed",
                (moved(), deals(rows), Table("Nothing lost", pl.DataFrame({"Deal": []}), none="No deal.")),
            ),
            Section(
                "Lines",
                (
                    Lines(HOSTILE, "None."),
                    Lines((), "No action is open."),
                    Lines((LONG_WORD, RIGHT_TO_LEFT, EMOJI), ""),
                ),
            ),
        ),
        numbers=NUMBERS,
        as_of=date(2026, 11, 16),
        link="https://same-page.example.com/weekly_review?as_of=2026-11-16&period=2026-Q4",
    )
