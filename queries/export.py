"""Answers as text that a spreadsheet opens safely."""

import polars as pl

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(frame: pl.DataFrame, *, is_decimal_comma: bool = False) -> str:
    """Return a frame as CSV; where a comma marks decimals, semicolons part the cells.

    A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a return) gets an
    apostrophe before it. Numbers stay numbers.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = frame.with_columns(
        pl.when(pl.col(name).str.slice(0, 1).is_in(_STARTS_FORMULA))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )
    return safe.write_csv(separator=";", decimal_comma=True) if is_decimal_comma else safe.write_csv()
