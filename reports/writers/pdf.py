"""A document as PDF, A4 or 16:9, set by typst with a font that comes along, so that it looks the same on every machine."""

import json
from pathlib import Path
from typing import Any

import typst

from charts.numbers import day
from reports.document import Cards, Document, Figure, Lines, Part, Section, Table, Words
from reports.writers.cells import figure_grid, table_grid
from reports.writers.errors import DocumentError
from reports.writers.pictures import NO_PICTURE, picture

_HERE = Path(__file__).resolve().parent
_FONTS = _HERE.parent / "fonts"
_PIXELS = {False: 700, True: 980}
# How high a picture may be, beside the width of a page's text.
_HIGHEST = {False: 1.1, True: 0.38}
_HEAVY = (Cards, Figure, Table)


def as_pdf(document: Document, *, is_wide: bool = False) -> bytes:
    """Return a document as PDF.

    Parameters
    ----------
    document
        What is written; every text in it stays text.
    is_wide
        On pages of 16:9, as a screen shows them, in place of A4.

    Raises
    ------
    DocumentError
        Its pages cannot be set.
    """
    told = json.dumps(_told(document, is_wide=is_wide), ensure_ascii=False)
    fonts = typst.Fonts(font_paths=[str(_FONTS)])
    try:
        made = typst.compile(
            str(_HERE / "document.typ"), root=str(_HERE), font_paths=fonts, sys_inputs={"document": told}
        )
    except (typst.TypstError, RuntimeError) as error:
        raise DocumentError(
            "The PDF cannot be set", f"{document.title}: {error}. Another form, like HTML, may still be written."
        ) from error
    if not isinstance(made, bytes):
        raise DocumentError("The PDF cannot be set", f"{document.title} came out as several files.")
    return made


def _told(document: Document, *, is_wide: bool) -> dict[str, Any]:
    """Return what the template reads."""
    return {
        "title": document.title,
        "under": document.under,
        "is_wide": is_wide,
        "head": document.title,
        "head_right": f"as of the end of {day(document.as_of)}" if document.as_of else "",
        "link": document.link,
        "link_words": "Open the page",
        "page_word": "Page",
        "sections": [_section(section, document, is_wide=is_wide) for section in document.sections],
    }


def _section(section: Section, document: Document, *, is_wide: bool) -> dict[str, Any]:
    return {
        "title": section.title,
        "is_heavy": any(isinstance(part, _HEAVY) for part in section.parts),
        "parts": [_part(part, document, is_wide=is_wide) for part in section.parts],
    }


def _part(part: Part, document: Document, *, is_wide: bool) -> dict[str, Any]:
    if isinstance(part, Words):
        return {"kind": "words", "text": part.text, "is_lead": part.lead}
    if isinstance(part, Lines):
        return {"kind": "lines", "lines": part.lines, "none": part.none}
    if isinstance(part, Cards):
        return {"kind": "cards", "cards": [vars(card) for card in part.cards]}
    if isinstance(part, Figure):
        return _figure(part, document, is_wide=is_wide)
    grid = table_grid(part, document.numbers)
    return {"kind": "table", "title": part.title, "none": part.none, **vars(grid)}


def _figure(part: Figure, document: Document, *, is_wide: bool) -> dict[str, Any]:
    drawn = picture(part.draw, "svg", _PIXELS[is_wide])
    grid = figure_grid(part, document.numbers)
    return {
        "kind": "figure",
        "title": part.title,
        "unit": part.unit,
        "alt": part.alt,
        "svg": drawn.content.decode() if drawn else None,
        "width": 100 * min(1, _HIGHEST[is_wide] * drawn.width / drawn.height) if drawn else None,
        "said": NO_PICTURE,
        **vars(grid),
    }
