"""The sentences say what the frames say, and say when they cannot."""

from datetime import date

import polars as pl

from charts.numbers import NumberFormat
from reports.findings import (
    health_finding,
    imports_finding,
    left_out_sentence,
)
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")
Q2 = {"period": "2026-Q2"}
AS_OF = date(2026, 5, 15)
END = date(2026, 7, 1)


def test_imports(golden: Ask) -> None:
    said = imports_finding(golden("import_files"), golden("import_findings"), NUMBERS)
    assert "4 things in the data are odd" in said
    assert "drop your CRM's exports here" in imports_finding(pl.DataFrame(), pl.DataFrame(), NUMBERS)


def test_what_is_left_out_is_named_with_its_count() -> None:
    frame = pl.DataFrame(
        {
            "reason": ["no_rate", *["unmapped"] * 6, "unknown_lead_status"],
            "what": ["SEK", *(f"Stage {number}" for number in range(6)), "Quente"],
            "records": [3, 1200, 5, 4, 3, 2, 1, 1],
            "amount": [120_000.0, *[None] * 7],
        }
    )
    assert left_out_sentence(frame, NUMBERS) == (
        "Left out here: 1,215 deals whose stage says neither open, won nor lost (Stage 0 1,200, Stage 1 5, Stage 2 4, "
        "Stage 3 3, and 2 more); 3 deals in a currency without a rate, in no amount (SEK 120,000); "
        "1 lead with a status of unknown meaning (Quente 1)."
    )
    assert left_out_sentence(frame.clear(), NUMBERS) is None


def test_health(golden: Ask) -> None:
    said = health_finding(golden("import_findings"), golden("word_meanings"), golden("value_suggestions"), NUMBERS)
    assert said.startswith("4 things are odd; most often: ")
    assert said.endswith("1 value looks like another.")
    nothing = (golden(name).clear() for name in ("import_findings", "word_meanings", "value_suggestions"))
    assert health_finding(*nothing, NUMBERS).startswith("Nothing in the exports is odd")
