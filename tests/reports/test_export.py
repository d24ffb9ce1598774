"""What leaves as a file can never run as a formula."""

import csv
import io
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from reports.export import csv_bytes


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
