"""Tables as files that a spreadsheet opens safely."""

import polars as pl

from queries.export import csv_text


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Return a frame as CSV in UTF-8 with a mark, so that spreadsheets read it rightly; formulas are kept as text."""
    return b"\xef\xbb\xbf" + csv_text(frame).encode("utf-8")
