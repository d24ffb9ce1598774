"""A document as a workbook: a sheet that says it in words, and one for each figure and table."""

import io
import re

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.document import Cards, Document, Figure, Lines, Table, Words
from reports.export import SAFE, write_cell
from reports.writers.cells import column_name

_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_FORMATS = {"money": "#,##0.00", "count": "#,##0", "share": "0.0%", "ratio": '0.00"×"', "days": "#,##0"}


def as_xlsx(document: Document) -> bytes:
    """Return a document as a workbook; no text in it can run as a formula, and numbers stay numbers."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SAFE) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "d mmm yyyy"})
        words = book.add_worksheet("Words")
        words.set_column(0, 0, 30)
        words.set_column(1, 1, 110, wrapped)
        words.write_string(0, 0, document.title, bold)
        words.write_string(0, 1, document.under)
        row, used = 2, {"words"}
        for section in document.sections:
            words.write_string(row, 0, section.title, bold)
            row += 1
            for part in section.parts:
                if isinstance(part, (Figure, Table)):
                    name = _sheet_name(part.title, used)
                    words.write_string(row, 0, part.title)
                    words.write_string(row, 1, f"Sheet {name}" if part.frame.height else getattr(part, "none", ""))
                    row += 1
                    if part.frame.height:
                        sheet = book.add_worksheet(name)
                        shape = book.add_format({"num_format": _FORMATS.get(getattr(part, "values", ""), "#,##0.00")})
                        _fill(sheet, part, bold, shape, day)
                    continue
                for label, text in _lines(part):
                    words.write_string(row, 0, label)
                    words.write_string(row, 1, text)
                    row += 1
            row += 1
    return file.getvalue()


def _lines(part: Words | Lines | Cards) -> list[tuple[str, str]]:
    if isinstance(part, Words):
        return [("", part.text)]
    if isinstance(part, Lines):
        return [("", line) for line in part.lines or (part.none,)]
    return [(card.title, "; ".join([card.value, *card.beside])) for card in part.cards]


def _fill(sheet: Worksheet, part: Figure | Table, bold: Format, number: Format, day: Format) -> None:
    if isinstance(part, Figure):
        frame = part.frame.select(part.x, *part.series).rename(
            {name: column_name(part, name) for name in dict.fromkeys((part.x, *part.series))}
        )
    else:
        frame = part.frame
    for place, (name, values) in enumerate(frame.to_dict(as_series=False).items()):
        kind = frame.schema[name]
        shape = number if kind.is_numeric() else day if kind == pl.Date else None
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, min(max(len(name) + 2, 14), 48))
        for row, value in enumerate(values, start=1):
            write_cell(sheet, row, place, value, shape)
    sheet.freeze_panes(1, 0)


def _sheet_name(title: str, used: set[str]) -> str:
    """Return a name that a workbook takes, each once."""
    plain = _NOT_IN_NAMES.sub(" ", title).strip()[:_LONGEST_NAME] or "Sheet"
    name, number = plain, 2
    while name.lower() in used:
        tail = f" {number}"
        name, number = plain[: _LONGEST_NAME - len(tail)] + tail, number + 1
    used.add(name.lower())
    return name
