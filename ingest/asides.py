"""Rows that are no records: totals and footers of a report, headers that come again, rows with nothing in them.

They are read, kept raw, and set aside with the reason: rows read = loaded + rejected + skipped holds with them. A
row is only set aside if nothing else stands in it that a record would have: a deal that is named "Total" keeps its
stage, its date, its key, and stays a deal.
"""

import re
from collections.abc import Collection, Sequence

import duckdb

from ingest.definitions import ObjectSpec, fold
from ingest.intake import intake_tables
from ingest.raw import quoted
from ingest.sniff import Layout
from ingest.values import sql_text

BLANK = "nothing stands in the row"
REPEATED_HEADER = "the header comes again (exports put together)"
TOTAL = "a total of the report, not a record"
FOOTER = "a footer of the report, not a record"

# Alone in their cell, in the languages that CRMs speak.
_TOTALS = (
    # English
    r"(grand|sub|sum|overall|report)?[ -]?totals?|sum|average|count|record count|total records",
    # German
    r"(gesamt|zwischen|teil|end)?summen?|gesamt|gesamtergebnis|teilergebnis|insgesamt|durchschnitt|anzahl",
    # French, Spanish, Portuguese, Italian
    r"total g[ée]n[ée]ral|total geral|total generale?|sous-?totaux|sous-?total|somme|moyenne|sum[ao] total|soma|suma",
    r"promedio|m[ée]dia|totale|totale complessivo|subtotale|somma",
    # Dutch, the Nordic languages, Polish, Russian, Turkish
    r"(eind|sub)?totaal|som|summa|totalsumma|i alt|totalt|razem|suma ko[nń]cowa|итого|всего|(genel )?toplam",
    # Japanese, Chinese
    r"合計|総計|小計|合计|总计|小计|總計|合計金額",
)
_COUNT = r"\s*[:=]?\s*(\(\s*[\d.,\s]*\d\s*[^\d()]*\)|\d[\d.,\s]*)?"
# How a footer's cell begins; what follows may name a person or a moment, and is not kept where people are hashed.
_FOOTERS = (
    r"copyright\s*(\(c\)|©)",
    r"©\s*(19|20)\d\d",
    r"\(c\)\s*(19|20)\d\d",
    r"confidential information\b.*\bdo not distribute",
    r"vertrauliche informationen\b.*\bnicht\b",
    r"informations? confidentielles?\b.*\bne pas\b",
    r"informa[çc](ões|ion|ión) confiden[ct]ia(is|l)\b.*\bn[ãoi]",
    r"(report )?(generated|run|exported|created) (by|on|at)\s*:",
    r"erstellt (von|am)\s*:",
    r"généré (par|le)\s*:",
    r"gerado (por|em)\s*:",
    r"generado (por|el)\s*:",
    r"(applied filters|filtered by|angewendete filter|filtré par|filtrado por)\s*:",
    r"no filters applied$",
    r"end of report$",
    r"page \d+ (of|/) \d+$",
    r"(number of |total )?(records|rows|datensätze|enregistrements|registros)( found)?\s*[:=]\s*\d+$",
    r"[\d.,]*\d (records|rows|datensätze|enregistrements|registros)( found| gefunden)?$",
)
_TOTAL_CELL = rf"({'|'.join(_TOTALS)}){_COUNT}"
_FOOTER_BEGIN = "|".join(_FOOTERS)
_LABEL = rf"(?i)({_TOTAL_CELL}|(?:{_FOOTER_BEGIN})(?s:.*))"
_IS_TOTAL = re.compile(_TOTAL_CELL, re.IGNORECASE)
_NUMBER = re.compile(
    r"[-+(]?\s*([A-Z]{3}|[A-Z]{0,2}[$€£¥])?\s*[-+]?[\d.,'\s]*\d[\d.,'\s]*[KMkm]?\s*([A-Z]{3}|[%€$£¥])?\s*\)?"
)
_DATE = re.compile(r"\d{1,4}[./]\d{1,2}[./]\d{1,4}")
_BLANKS = " \t\r\n\u00a0\ufeff"


def set_aside(
    connection: duckdb.DuckDBPyConnection,
    table_name: str,
    batch_id: str,
    layout: Layout,
    keys: Collection[str],
) -> None:
    """Note in `raw.set_aside` those rows of a batch that are no records, each with the reason.

    Parameters
    ----------
    connection
        A writable warehouse with the batch's raw rows.
    table_name, batch_id, layout
        Where they are, and how their file is written.
    keys
        Headers of the columns that hold keys: a row with one of them filled is a record.
    """
    source = f"from raw.{quoted(table_name)} where batch_id = {sql_text(batch_id)}"
    cells = [_trimmed(quoted(header)) for header in layout.headers]
    label = _first_of(cells)
    connection.execute(
        f"create or replace temp table maybe_aside as select line, {', '.join(map(quoted, layout.headers))} "
        f"{source} and {_may_be_aside(layout)}"
    )
    found = connection.execute(
        f"""
        select line, case when label is null then $blank when is_repeat then $repeat end, cells
        from (
            select line, {label} as label, {_is_header(layout)} as is_repeat,
                case when regexp_full_match({label}, $pattern) then [{", ".join(cells)}] end as cells
            from maybe_aside
        )
        where label is null or is_repeat or cells is not null
        order by line
        """,
        {"blank": BLANK, "repeat": REPEATED_HEADER, "pattern": _LABEL},
    ).fetchall()
    connection.execute("drop table maybe_aside")
    if not found:
        return
    key_places = {place for place, header in enumerate(layout.headers) if header in keys}
    reasons: list[tuple[int, str | None, bool]] = [
        (line, reason, False) if reason or len(layout.headers) < 2 else (line, *_reason(row, key_places))
        for line, reason, row in found
    ]
    aside = [(line, reason) for line, reason, is_last_only in reasons if reason and not is_last_only]
    at_end = [(line, reason) for line, reason, is_last_only in reasons if reason and is_last_only]
    if at_end:
        listed = ", ".join(str(line) for line, reason, _ in reasons if reason)
        last = connection.execute(f"select max(line) {source} and line not in ({listed})").fetchall()[0][0]
        aside += [(line, reason) for line, reason in at_end if last is None or line > last]
    if aside:
        lines, why = zip(*aside, strict=True)
        connection.execute(
            "insert into raw.set_aside select $batch, unnest($lines), unnest($why)",
            {"batch": batch_id, "lines": list(lines), "why": list(why)},
        ).fetchall()


def key_headers(layout: Layout, spec: ObjectSpec) -> set[str]:
    """Return the headers of the columns that hold the keys of a file's records.

    Columns that are put together to a key are none: each may also hold the word of a total.
    """
    folded = {
        fold(column)
        for into in spec.into
        for name, source in into.fields.items()
        if intake_tables()[into.table].fields[name].kind == "id"
        and intake_tables()[into.table].fields[name].is_required
        and not source.templates
        for column in source.needed_columns()
    }
    return {header for header in layout.headers if fold(header) in folded}


def stays_legible(column_sql: str, expression: str, header_cell: str) -> str:
    """Return the SQL of a hashed column that keeps what tells a total, a footer or a repeated header from a person."""
    text = _trimmed(column_sql)
    return (
        f"case when {text} is null then null when {text} = {sql_text(header_cell)} then {text} "
        f"when regexp_full_match({text}, {sql_text(_LABEL)}) "
        f"then regexp_extract({text}, {sql_text(f'(?i)^({_TOTAL_CELL}$|{_FOOTER_BEGIN})')}) else {expression} end"
    )


def _trimmed(column_sql: str) -> str:
    return f"nullif(trim({column_sql}, e' \\t\\r\\n\u00a0\ufeff'), '')"


def _first_of(cells: Sequence[str]) -> str:
    return f"coalesce({', '.join(cells)})" if len(cells) > 1 else cells[0]


def _may_be_aside(layout: Layout) -> str:
    """Return the SQL of a quick look at every row, which lets through all that may be set aside and few others."""
    first = _first_of([quoted(header) for header in layout.headers])
    blank = f"[\\s{_BLANKS}]*"
    quick = f"({first} is null or regexp_full_match({first}, {sql_text(f'{blank}({_LABEL})?{blank}')})"
    named = [(cell.strip(_BLANKS), header) for header, cell in zip(layout.headers, layout.header_cells, strict=False)]
    cell, header = max(named, key=lambda pair: len(pair[0]), default=("", ""))
    return f"{quick} or contains({quoted(header)}, {sql_text(cell)}))" if cell else f"{quick})"


def _is_header(layout: Layout) -> str:
    """Return the SQL that tells whether a row is the header again: every named column holds its own name."""
    named = [  # a hashed cell that is the name stays the name (`stays_legible`)
        f"{_trimmed(quoted(header))} = {sql_text(cell.strip(_BLANKS))}"
        for header, cell in zip(layout.headers, layout.header_cells, strict=False)
        if cell.strip(_BLANKS)
    ]
    return f"coalesce({' and '.join(named)}, false)" if len(named) > 1 else "false"


def _reason(cells: Sequence[str | None], key_places: Collection[int]) -> tuple[str | None, bool]:
    """Return why a row that begins like a total or a footer is none of the records, and whether only at the end.

    None where it may be a record: something else stands in it than amounts, or a key does.
    """
    filled = [(place, cell) for place, cell in enumerate(cells) if cell]
    label, others = filled[0][1], filled[1:]
    if any(place in key_places for place, _ in others):
        return None, False
    if _IS_TOTAL.fullmatch(label):
        if not all(_NUMBER.fullmatch(cell) and not _DATE.fullmatch(cell) for _, cell in others):
            return None, False
        return TOTAL, not others and not any(character.isdigit() for character in label)
    return (FOOTER, False) if len(others) < min(2, len(cells) - 1) else (None, False)
