"""What is handed to people away from the screen, as parts without a form: a review, or a huddle's notes.

A document is made once from the data; `reports` writes it as PDF, PPTX, XLSX, HTML or Markdown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import plotly.graph_objects as go
import polars as pl

from charts.numbers import NumberFormat


@dataclass(frozen=True)
class Words:
    """A paragraph; plain text, whatever the data says. The finding of a document or of a part is its `lead`."""

    text: str
    lead: bool = False


@dataclass(frozen=True)
class Lines:
    """A list of plain lines; `none` is what is said where there are none."""

    lines: tuple[str, ...]
    none: str


@dataclass(frozen=True)
class Card:
    """One key number as people read it, with what stands beside it."""

    title: str
    value: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cards:
    """Key numbers side by side."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Figure:
    """A figure as on the screen, with the frame that it draws and words for who cannot see it.

    `draw` makes the plotly figure; a slide draws `frame` natively instead: a category from `x`, a series for each of
    `series`, as `kind`: "bar", "line", "stacked", or "waterfall" (one series; the first and the last row are levels, the
    rows between are what leads from one to the other). `names` says how its columns are called, and `values` what its
    numbers are: "money", "count", "share", "ratio", "days" or "number".
    """

    title: str
    unit: str
    alt: str
    draw: Callable[[], go.Figure]
    frame: pl.DataFrame
    x: str
    series: tuple[str, ...]
    kind: str = "bar"
    names: Mapping[str, str] = field(default_factory=dict)
    values: str = "number"


@dataclass(frozen=True)
class Table:
    """A frame with the names of its columns as people read them, and its cells as text where `shown` is given."""

    title: str
    frame: pl.DataFrame
    shown: pl.DataFrame | None = None
    none: str = "Nothing."


Part = Words | Lines | Cards | Figure | Table


@dataclass(frozen=True)
class Section:
    """A headed piece of a document."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """A titled row of sections; `under` says what it is of: company, as-of day, filters, freshness.

    `numbers` is how the company writes numbers, `link` the address of the page that shows the same.
    """

    title: str
    under: str
    sections: tuple[Section, ...] = field(default_factory=tuple)
    numbers: NumberFormat = field(default_factory=NumberFormat)
    as_of: date | None = None
    link: str | None = None
