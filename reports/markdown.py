"""A document as Markdown (CommonMark with tables): what people paste into a wiki or a mail; names from data stay plain text."""

import re

import polars as pl

from charts.numbers import DASH
from reports.document import Card, Cards, Document, Figure, Lines, Part, Table, Words

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")
# At the start of a line these would begin a list, a heading or a quotation.
_STARTS = re.compile(r"^(\s*)([-+>=]|\d+(?=[.)]))")


def as_markdown(document: Document) -> str:
    """Return a document as Markdown; figures as the tables that they draw."""
    parts = [f"# {_plain(document.title)}", _plain(document.under)]
    for section in document.sections:
        parts.append(f"## {_plain(section.title)}")
        parts += [_part(part) for part in section.parts]
    return "\n\n".join(part for part in parts if part) + "\n"


def _part(part: Part) -> str:
    if isinstance(part, Words):
        return f"**{_plain(part.text)}**" if part.lead else _plain(part.text)
    if isinstance(part, Lines):
        return "\n".join(f"- {_plain(line)}" for line in part.lines) or _plain(part.none)
    if isinstance(part, Cards):
        return "\n".join(f"- {_card(card)}" for card in part.cards)
    if isinstance(part, Figure):
        return f"**{_plain(part.title)}** ({_plain(part.unit)})\n\n{_table(part.frame)}"
    return _titled_table(part)


def _card(card: Card) -> str:
    beside = f" ({_plain('; '.join(card.beside))})" if card.beside else ""
    return f"{_plain(card.title)}: **{_plain(card.value)}**{beside}"


def _titled_table(part: Table) -> str:
    frame = part.frame if part.shown is None else part.shown
    return f"**{_plain(part.title)}**\n\n{_table(frame) if frame.height else _plain(part.none)}"


def _table(frame: pl.DataFrame) -> str:
    head = [_plain(name) for name in frame.columns]
    rows = [[DASH if value is None else _plain(str(value)) for value in row] for row in frame.iter_rows()]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _plain(text: str) -> str:
    """Return a text in which Markdown reads no sign as its own, on one line."""
    line = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    return _STARTS.sub(
        lambda found: f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}", line
    )
