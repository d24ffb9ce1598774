"""One sentence a page, computed from the data: what it says, and how sure it is.

Each function takes the frames that the page shows and returns plain text. Where the data does not carry an answer,
the sentence says that, and what would.
"""

from typing import Any

import polars as pl

from charts.numbers import NumberFormat, plural

Row = dict[str, Any]


def imports_finding(files: pl.DataFrame, findings: pl.DataFrame, numbers: NumberFormat) -> str:
    """Say what is in the warehouse and what was wrong with it, from `import_files` and `import_findings`."""
    if files.is_empty():
        return "Nothing was imported yet: drop your CRM's exports here."
    read, rejected = int(files["rows_read"].sum()), int(files["rejected"].sum())
    cells, skipped = int(files["unreadable_cells"].sum()), int(files["skipped"].sum())
    text = (
        f"{numbers.number(read)} rows from {numbers.number(files.height)} {plural(files.height, 'file')}: "
        f"{numbers.number(int(files['loaded'].sum()))} loaded, {numbers.number(rejected)} rejected, "
        f"{numbers.number(skipped)} skipped."
    )
    if cells:
        were = plural(cells, "was", "were")
        text += f" {numbers.number(cells)} {plural(cells, 'cell')} could not be read and {were} left empty."
    if findings.height:
        things = plural(findings.height, "thing in the data is", "things in the data are")
        text += f" {findings.height} {things} odd: see Import health."
    return text


def left_out_sentence(frame: pl.DataFrame, numbers: NumberFormat) -> str | None:
    """Say what a page leaves out and why, from `left_out`; None where it leaves out nothing."""
    parts = []
    for reason, one, many in (
        (
            "unmapped",
            "deal whose stage says neither open, won nor lost",
            "deals whose stage says neither open, won nor lost",
        ),
        (
            "no_rate",
            "deal in a currency without a rate, in no amount",
            "deals in a currency without a rate, in no amount",
        ),
        ("unknown_lead_status", "lead with a status of unknown meaning", "leads with a status of unknown meaning"),
    ):
        rows = frame.filter(pl.col("reason") == reason)
        if rows.is_empty():
            continue
        count = int(rows["records"].sum())
        named = [
            f"{row['what']} {numbers.number(row['amount'] if reason == 'no_rate' else row['records'])}"
            for row in rows.head(4).iter_rows(named=True)
        ]
        more = f", and {rows.height - 4} more" if rows.height > 4 else ""
        parts.append(f"{numbers.number(count)} {plural(count, one, many)} ({', '.join(named)}{more})")
    return f"Left out here: {'; '.join(parts)}." if parts else None


def health_finding(
    findings: pl.DataFrame, meanings: pl.DataFrame, suggestions: pl.DataFrame, numbers: NumberFormat
) -> str:
    """Say how healthy the imported data is, from `import_findings`, `word_meanings` and `value_suggestions`."""
    unknown = meanings.filter((pl.col("unmapped_ever") > 0) & pl.col("meaning").is_null())
    if findings.is_empty() and unknown.is_empty() and suggestions.is_empty():
        return "Nothing in the exports is odd, as far as the product looks, and every stage and status is known."
    parts = []
    if unknown.height:
        left_out = int(unknown["unmapped_records"].sum())
        words = plural(unknown.height, "stage or status is", "stages or statuses are")
        parts.append(
            f"{numbers.number(unknown.height)} {words} of unknown meaning, so {numbers.number(left_out)} "
            f"{plural(left_out, 'record is', 'records are')} left out: say below what they mean."
        )
    if findings.height:
        most = findings.sort("records", descending=True).row(0, named=True)
        parts.append(
            f"{numbers.number(findings.height)} {plural(findings.height, 'thing is', 'things are')} odd; most often: "
            f"{most['title']} ({numbers.number(most['records'])}), and {most['effect']}."
        )
    if suggestions.height:
        parts.append(
            f"{numbers.number(suggestions.height)} {plural(suggestions.height, 'value looks', 'values look')} like another."
        )
    return " ".join(parts)
