"""What leaves as a file can never run as a formula."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook

from charts.numbers import NumberFormat
from queries import find
from reports import export
from reports.export import About, csv_bytes, titled, xlsx_bytes


def read_back(frame: pl.DataFrame) -> list[dict[str, str]]:
    """Return a CSV's rows as a spreadsheet would see them."""
    return list(csv.DictReader(io.StringIO(csv_bytes(frame).decode("utf-8-sig"))))


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_would_run_is_kept_as_text(text: str) -> None:
    assert read_back(pl.DataFrame({"name": [text]}))[0]["name"] == "'" + text


def test_numbers_dates_and_harmless_texts_stay_as_they_are() -> None:
    frame = pl.DataFrame(
        {
            "amount": [Decimal("-1200.01")],
            "day": [date(2026, 5, 1)],
            "name": ['Core, "Inc."'],
            "id": ["007"],
            "none": pl.Series([None], dtype=pl.String),
        }
    )
    assert read_back(frame)[0] == {
        "amount": "-1200.01",
        "day": "2026-05-01",
        "name": 'Core, "Inc."',
        "id": "007",
        "none": "",
    }


def test_a_company_that_writes_decimal_commas_gets_them_and_semicolons() -> None:
    frame = pl.DataFrame({"amount": [Decimal("-1200.01")], "rate": [0.5], "name": ["a;b"], "formula": ["=1"]})
    text = csv_bytes(frame, NumberFormat("EUR", "de")).decode("utf-8-sig")
    assert text == 'amount;rate;name;formula\n-1200,01;0,5;"a;b";\'=1\n'
    assert csv_bytes(frame, NumberFormat("USD", "en")) == csv_bytes(frame)


def workbook(frame: pl.DataFrame, about: About, **more: Any) -> Any:
    return load_workbook(io.BytesIO(xlsx_bytes(frame, about, NumberFormat("EUR", "de"), **more)))


DEALS = pl.DataFrame(
    {
        "record_id": ["0061", "=2+5"],
        "name": ["http://example.com/a", "@SUM(A1)"],
        "amount_base": [Decimal("1234.50"), None],
        "close_date": [date(2026, 5, 1), None],
        "is_overdue": [True, False],
        "line": [2, 3],
    }
)
ABOUT = About("Open deals due", "Showing 2026-Q4.", date(2026, 11, 16), "pipeline_records")


def test_a_workbook_opens_on_its_table_with_titles_and_formats() -> None:
    book = workbook(DEALS, ABOUT, names={"line": "Line of the file"})
    assert book.sheetnames == ["About", "Table"]
    sheet = book.active
    assert sheet.title == "Table"
    assert [cell.value for cell in sheet[1]] == [
        "Record ID",
        "Name",
        "Amount (EUR)",
        "Close date",
        "Overdue",
        "Line of the file",
    ]
    assert [cell.value for cell in sheet[2]] == [
        "0061",
        "http://example.com/a",
        1234.5,
        datetime(2026, 5, 1),
        True,
        2,
    ]
    assert [cell.number_format for cell in sheet[2]][2:4] == ["#,##0.00", "d mmm yyyy"]
    assert [cell.value for cell in sheet[3]][2:4] == [None, None]  # not known is not 0
    assert sheet.freeze_panes == "A2"


def test_no_text_of_a_workbook_is_a_formula_or_a_link() -> None:
    sheet = workbook(DEALS, ABOUT).active
    assert {cell.data_type for row in sheet.iter_rows(min_row=2, max_col=2) for cell in row} == {"s"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_a_workbook_says_what_it_is() -> None:
    rows = {row[0]: row[1] for row in workbook(DEALS, ABOUT)["About"].iter_rows(values_only=True)}
    assert rows["Title"] == "Open deals due"
    assert rows["Shown"] == "Showing 2026-Q4."
    assert rows["As of the end of"] == "16 Nov 2026"
    assert rows["Rows"] == "2"
    assert rows["Query"] == "pipeline_records"
    assert rows["Definition"] == find("pipeline_records").header.definition
    assert rows["Amount (EUR)"] == find("pipeline_records").header.columns["amount_base"].text


def test_a_share_is_a_percentage_and_several_values_are_one_cell() -> None:
    frame = pl.DataFrame({"rate": [0.25, float("nan")], "months": [["2026-01", "2026-02"], None]})
    sheet = workbook(frame, About("Rates", query="win_rate")).active
    assert (sheet["A2"].value, sheet["A2"].number_format) == (0.25, "0.0%")
    assert sheet["A3"].value is None
    assert sheet["B2"].value == "2026-01, 2026-02"


def test_a_table_too_long_for_a_sheet_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    book = workbook(DEALS, ABOUT)
    assert book["Table"].max_row == 2
    rows = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert rows["Rows"].startswith("the first 1 of 2")


def test_an_empty_table_is_a_workbook_too() -> None:
    assert workbook(DEALS.head(0), ABOUT).active.max_row == 1


def test_titles_name_the_currency_of_amounts_alone() -> None:
    columns = find("pipeline_records").header.columns
    assert titled(columns["amount_base"], "amount_base", NumberFormat("EUR")) == "Amount (EUR)"
    assert titled(columns["amount"], "amount", NumberFormat("EUR")) == "Amount"
