"""Tables as files that a spreadsheet opens safely: CSV, and XLSX with titles, formats and a sheet that says what it is."""

import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from charts.numbers import NumberFormat, day
from queries import Column, find
from queries.export import csv_text

MOST_ROWS = 1_048_575  # what a sheet holds below its titles
_LONGEST_TEXT = 32_767
_WIDEST, _NARROWEST = 48, 8
_LOOKED_AT = 200
_ABBREVIATIONS = frozenset(("mql", "sal", "sql", "roi", "crm", "id", "sla"))
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_FORMATS = {
    "count": "#,##0",
    "money": "#,##0.00",
    "number": "#,##0.00",
    "share": "0.0%",
    "ratio": '0.00"×"',
    "days": "#,##0",
    "date": "d mmm yyyy",
    "time": "d mmm yyyy, hh:mm",
}


@dataclass(frozen=True)
class About:
    """What a file says of itself: its title, which filters were chosen, the as-of day, and the query that it answers."""

    title: str
    shown: str | None = None
    as_of: date | None = None
    query: str | None = None


def label_of(column: str) -> str:
    """Return a column's name as people read it."""
    words = column.removeprefix("is_").replace("_base", "").split("_")
    shown = " ".join(word.upper() if word in _ABBREVIATIONS else word for word in words)
    return shown[:1].upper() + shown[1:]


def titled(column: Column | None, name: str, numbers: NumberFormat, names: Mapping[str, str] | None = None) -> str:
    """Return a column's title: another name that it has here, or its own, and the currency of amounts."""
    label = (names or {}).get(name) or label_of(name)
    return f"{label} ({numbers.currency})" if column is not None and column.unit == "money" else label


def csv_bytes(frame: pl.DataFrame, numbers: NumberFormat | None = None) -> bytes:
    """Return a frame as CSV in UTF-8 with a mark, so that spreadsheets read it rightly; formulas are kept as text.

    Where the company writes a decimal comma, so does the file, and semicolons part its cells, as spreadsheets there expect.
    """
    is_comma = numbers is not None and numbers.separators[0] == ","
    return b"\xef\xbb\xbf" + csv_text(frame, is_decimal_comma=is_comma).encode("utf-8")


def xlsx_bytes(
    frame: pl.DataFrame, about: About, numbers: NumberFormat, names: Mapping[str, str] | None = None
) -> bytes:
    """Return a frame as a workbook: a sheet that says what it is, and the table. No text in it can run as a formula.

    Parameters
    ----------
    frame
        The table; numbers stay numbers, and what is not known stays an empty cell.
    about
        What the first sheet says; the header of its query gives the columns their formats and meanings.
    numbers
        How the company writes numbers. The marks for thousands and decimals are those of whoever opens the file.
    names
        Other titles for columns.
    """
    columns = find(about.query).header.columns if about.query else {}
    titles = {name: titled(columns.get(name), name, numbers, names) for name in frame.columns}
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, SAFE) as book:
        bold = book.add_format({"bold": True})
        _write_about(book.add_worksheet("About"), frame, about, titles, bold)
        sheet = book.add_worksheet("Table")
        for place, (name, values) in enumerate(frame.head(MOST_ROWS).to_dict(as_series=False).items()):
            unit = columns[name].unit if name in columns else ""
            code = _FORMATS.get(unit) or _format_of(frame.schema[name])
            if unit in ("number", "days") and frame.schema[name].is_integer():
                code = _FORMATS["count"]
            shape = book.add_format({"num_format": code}) if code else None
            sheet.write_string(0, place, titles[name], bold)
            width = max([len(titles[name]), *(len(_shown(value)) for value in values[:_LOOKED_AT])])
            sheet.set_column(place, place, min(max(width + 2, _NARROWEST), _WIDEST))
            for row, value in enumerate(values, start=1):
                write_cell(sheet, row, place, value, shape)
        sheet.freeze_panes(1, 0)
        if frame.width:
            sheet.autofilter(0, 0, max(min(frame.height, MOST_ROWS), 1), frame.width - 1)
        sheet.activate()
    return file.getvalue()


def _write_about(sheet: Worksheet, frame: pl.DataFrame, about: About, titles: Mapping[str, str], bold: Format) -> None:
    """Write what the file is: a line each, then what its columns mean."""
    header = find(about.query).header if about.query else None
    rows = f"{frame.height:,}"
    if frame.height > MOST_ROWS:
        rows = f"the first {MOST_ROWS:,} of {frame.height:,}: a sheet holds no more, the CSV holds all"
    lines = {
        "Title": about.title,
        "Shown": about.shown,
        "As of the end of": day(about.as_of) if about.as_of else None,
        "Rows": rows,
        "Query": about.query,
        "Definition": header.definition if header else None,
        "One row is": header.grain if header else None,
    }
    place = 0
    for name, text in lines.items():
        if text:
            sheet.write_string(place, 0, name, bold)
            sheet.write_string(place, 1, text[:_LONGEST_TEXT])
            place += 1
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    if header is None:
        return
    sheet.write_string(place + 1, 0, "Column", bold)
    sheet.write_string(place + 1, 1, "What it means", bold)
    described = [name for name in titles if name in header.columns]
    for row, name in enumerate(described, start=place + 2):
        sheet.write_string(row, 0, titles[name])
        sheet.write_string(row, 1, header.columns[name].text)


def write_cell(sheet: Worksheet, row: int, place: int, value: Any, shape: Format | None) -> None:
    """Write one cell by what its value is; nothing for what is not known."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return
    write: Callable[..., Any]
    if isinstance(value, bool):
        write = sheet.write_boolean
    elif isinstance(value, (int, float, Decimal)):
        write = sheet.write_number
    elif isinstance(value, (date, datetime)):
        write = sheet.write_datetime
    else:
        write, value = sheet.write_string, _shown(value)[:_LONGEST_TEXT]
    write(row, place, value, shape)


def _shown(value: Any) -> str:
    """Return a value as text, several as one."""
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    return "" if value is None else str(value)


def _format_of(kind: pl.DataType) -> str | None:
    """Return the format of a column that no header describes."""
    if kind == pl.Date:
        return _FORMATS["date"]
    if kind == pl.Datetime:
        return _FORMATS["time"]
    if kind.is_integer():
        return _FORMATS["count"]
    return _FORMATS["number"] if kind.is_numeric() else None
