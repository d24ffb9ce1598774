"""A document as one page of HTML that needs nothing else: for a browser, and for mail programs, which know little CSS."""

import base64
from collections.abc import Callable, Sequence
from html import escape

from reports.document import Cards, Document, Figure, Lines, Part, Words
from reports.writers.cells import Grid, figure_grid, table_grid
from reports.writers.pictures import NO_PICTURE, picture

# Mail programs drop style sheets and positions: each element carries its own style, and tables do the laying out.
_TEXT = "font-family:'Source Sans Pro','Segoe UI',Helvetica,Arial,sans-serif;color:#1f2933;"
_BODY = f"{_TEXT}font-size:16px;line-height:1.45;margin:0;padding:0;background:#f3f5f8;"
_CELL = f"{_TEXT}font-size:14px;padding:6px 10px;border-bottom:1px solid #d5dbe3;vertical-align:top;"
_FAINT = "color:#5b6775;"
_WIDTH = 680
_CARDS_A_ROW = 3

# Gives the address of a picture: written into the page, or of a part of a mail.
Address = Callable[[bytes], str]


def inline(content: bytes) -> str:
    """Return a picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def as_html(document: Document, address: Address = inline) -> str:
    """Return a document as a page of HTML; every text in it is escaped, and nothing is fetched.

    Parameters
    ----------
    document
        What is written.
    address
        Where each figure's picture is; in the page itself unless said.
    """
    body = "".join(
        f'<h2 style="{_TEXT}font-size:20px;color:#255c9e;margin:28px 0 8px;">{escape(section.title)}</h2>'
        + "".join(_part(part, document, address) for part in section.parts)
        for section in document.sections
    )
    link = (
        f'<p style="{_TEXT}"><a href="{escape(document.link)}" style="color:#255c9e;">Open the page</a></p>'
        if document.link
        else ""
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{escape(document.title)}</title></head><body style="{_BODY}">'
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">'
        f'<table role="presentation" width="{_WIDTH}" cellpadding="0" cellspacing="0" '
        f'style="max-width:{_WIDTH}px;width:100%;background:#ffffff;"><tr><td style="padding:24px;">'
        f'<h1 style="{_TEXT}font-size:28px;margin:0 0 6px;">{escape(document.title)}</h1>'
        f'<p style="{_TEXT}{_FAINT}font-size:14px;margin:0 0 12px;">{escape(document.under)}</p>'
        f"{link}{body}</td></tr></table></td></tr></table></body></html>"
    )


def _part(part: Part, document: Document, address: Address) -> str:
    if isinstance(part, Words):
        style = "font-size:18px;border-left:3px solid #255c9e;padding-left:12px;" if part.lead else ""
        return f'<p style="{_TEXT}{style}">{escape(part.text)}</p>'
    if isinstance(part, Lines):
        if not part.lines:
            return f'<p style="{_TEXT}{_FAINT}">{escape(part.none)}</p>' if part.none else ""
        items = "".join(f'<li style="{_TEXT}margin:0 0 6px;">{escape(line)}</li>' for line in part.lines)
        return f'<ul style="padding-left:20px;">{items}</ul>'
    if isinstance(part, Cards):
        return _cards(part)
    if isinstance(part, Figure):
        return _figure(part, document, address)
    head = _heading(part.title)
    grid = table_grid(part, document.numbers)
    return head + (_table(grid) if grid.rows else f'<p style="{_TEXT}{_FAINT}">{escape(part.none)}</p>')


def _heading(text: str, beside: str = "") -> str:
    small = f' <span style="{_FAINT}font-size:13px;font-weight:normal;">{escape(beside)}</span>' if beside else ""
    return f'<h3 style="{_TEXT}font-size:16px;margin:18px 0 6px;">{escape(text)}{small}</h3>'


def _cards(part: Cards) -> str:
    rows = []
    for start in range(0, len(part.cards), _CARDS_A_ROW):
        cells = "".join(
            f'<td width="33%" valign="top" style="{_TEXT}padding:10px;border:1px solid #d5dbe3;">'
            f'<div style="font-size:13px;{_FAINT}">{escape(card.title)}</div>'
            f'<div style="font-size:24px;font-weight:600;">{escape(card.value)}</div>'
            f'<div style="font-size:12px;{_FAINT}">{"<br>".join(escape(text) for text in card.beside)}</div></td>'
            for card in part.cards[start : start + _CARDS_A_ROW]
        )
        rows.append(f"<tr>{cells}</tr>")
    return f'<table role="presentation" width="100%" cellpadding="0" cellspacing="6">{"".join(rows)}</table>'


def _figure(part: Figure, document: Document, address: Address) -> str:
    head = _heading(part.title, part.unit)
    drawn = picture(part.draw, "png", _WIDTH - 48, scale=2)
    if drawn is None:
        return f'{head}<p style="{_TEXT}{_FAINT}">{NO_PICTURE}</p>{_table(figure_grid(part, document.numbers))}'
    return (
        f'{head}<img src="{escape(address(drawn.content))}" alt="{escape(part.alt)}" width="{_WIDTH - 48}" '
        f'style="max-width:100%;height:auto;display:block;">'
    )


def _table(grid: Grid) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f'<{tag} align="{"right" if right else "left"}" style="{_CELL}">{escape(cell)}</{tag}>'
            for cell, right in zip(cells, grid.is_right, strict=True)
        )

    rows = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in grid.rows)
    return (
        f'<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;">'
        f"<tr>{row(grid.titles, 'th')}</tr>{rows}</table>"
    )
