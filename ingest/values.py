"""Reading amounts, numbers, yes and no, periods and ids out of text: the SQL for each, decided by whole columns."""

import duckdb

_TRUE = ("true", "1", "yes", "y", "t", "x", "wahr", "ja", "oui", "vrai", "sí", "si", "sim", "verdadeiro")
_FALSE = ("false", "0", "no", "n", "f", "falsch", "nein", "non", "faux", "não", "nao", "falso")
_NBSP, _NARROW = "\u00a0", "\u202f"
MONEY = "decimal(18, 2)"
NUMBER = "decimal(24, 6)"


def sql_text(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def sql_texts(values: tuple[str, ...] | list[str]) -> str:
    """Return texts as a list of SQL literals, without brackets."""
    return ", ".join(sql_text(value) for value in values)


def trimmed(column_sql: str, nulls: tuple[str, ...]) -> str:
    """Return the SQL of a cell without blanks around it, null where it is blank or a CRM's word for empty."""
    text = f"nullif(trim({column_sql}, e' \\t\\r\\n{_NBSP}'), '')"
    if not nulls:
        return text
    return f"case when {text} in ({sql_texts(nulls)}) then null else {text} end"


def mapped(text: str, value_map: dict[str, str], otherwise: str | None) -> str:
    """Return the SQL of a value after its value map: matched in any case; `otherwise` takes the rest."""
    if not value_map:
        return text
    cases = " ".join(f"when {sql_text(theirs.casefold())} then {sql_text(ours)}" for theirs, ours in value_map.items())
    rest = text if otherwise is None else sql_text(otherwise)
    return f"nullif(case when {text} is null then null else case lower({text}) {cases} else {rest} end end, '')"


def bool_sql(text: str) -> str:
    """Return the SQL that reads yes and no in several languages; null where it is neither."""
    return (
        f"case when lower({text}) in ({sql_texts(_TRUE)}) then true "
        f"when lower({text}) in ({sql_texts(_FALSE)}) then false end"
    )


def has_decimal_comma(connection: duckdb.DuckDBPyConnection, table: str, text: str, *, prefers_comma: bool) -> bool:
    """Tell whether a column writes decimals after a comma, from all of its values.

    A value with both marks tells by the last one; one with a single mark tells unless three digits follow it
    (1,234 or 1.234), which the rest of the column decides, and where nothing does, the company's number format.
    """
    digits = f"regexp_replace({text}, '[^0-9,.]', '', 'g')"
    comma, point = connection.execute(
        f"""
        select
            count(*) filter (regexp_matches(v, '\\.[0-9]*,[0-9]*$') or regexp_matches(v, '^[0-9]*,([0-9]{{1,2}}|[0-9]{{4,}})$')),
            count(*) filter (regexp_matches(v, ',[0-9]*\\.[0-9]*$') or regexp_matches(v, '^[0-9]*\\.([0-9]{{1,2}}|[0-9]{{4,}})$'))
        from (select {digits} as v from {table})
        """
    ).fetchall()[0]
    if comma == point:
        return prefers_comma
    return bool(comma > point)


def number_sql(
    connection: duckdb.DuckDBPyConnection, table: str, text: str, sql_type: str, *, prefers_comma: bool
) -> str:
    """Return the SQL that reads a column of amounts or numbers; null where a value is not one.

    Plain numbers are cast as they are. Otherwise currency signs and codes, blanks and thousands marks are taken
    off, brackets are a minus, `K` and `M` are thousands and millions.
    """
    plain = f"try_cast({text} as {sql_type})"
    awkward = connection.execute(
        f"select count(*) from {table} where {text} is not null and {plain} is null"
    ).fetchall()[0][0]
    if not awkward:
        return plain
    comma = has_decimal_comma(connection, table, text, prefers_comma=prefers_comma)
    thousands, decimal = (".", ",") if comma else (",", ".")
    # What is left must be a number: letters other than a currency's and a scale's make it unreadable.
    cleaned = (
        f"regexp_replace({text}, '^[(]?\\s*(-?)\\s*([A-Z]{{3}}|[A-Z]{{0,2}}\\p{{Sc}})?\\s*(-?)\\s*(.*?)"
        f"\\s*([A-Z]{{3}}|\\p{{Sc}})?\\s*[)]?$', '\\1\\3\\4')"
    )
    body = f"replace(replace(regexp_replace({cleaned}, '[ {_NBSP}{_NARROW}'']', '', 'g'), '{thousands}', ''), '{decimal}', '.')"
    scaled = (
        f"case when regexp_matches({body}, '^-?[0-9.]+[kK]$') "
        f"then 1000 * try_cast(regexp_replace({body}, '[kK]$', '') as decimal(24, 6)) "
        f"when regexp_matches({body}, '^-?[0-9.]+[mM]$') "
        f"then 1000000 * try_cast(regexp_replace({body}, '[mM]$', '') as decimal(24, 6)) "
        f"else try_cast(regexp_replace({body}, '%$', '') as decimal(24, 6)) end"
    )
    signed = f"case when starts_with({text}, '(') and ends_with({text}, ')') then -({scaled}) else {scaled} end"
    return f"try_cast({signed} as {sql_type})"


def id_sql(text: str, crm: str, length: int | None) -> str:
    """Return the SQL of a key: cut to the length that tells records apart, with the CRM's name before it.

    Only what looks like a key, of letters and digits, is cut: a name that stands in for one is kept whole.
    """
    key = (
        f"case when regexp_matches({text}, '^[0-9A-Za-z]*[0-9][0-9A-Za-z]*$') then left({text}, {length}) else {text} end"
        if length
        else text
    )
    return f"{sql_text(crm + ':')} || {key}"


def period_sql(text: str, day: str, fiscal_start_month: int, *, dates_are_months: bool) -> tuple[str, str]:
    """Return the SQL of a period's first day and of the day after its last.

    `2026-Q4` is a fiscal quarter and `2026` a fiscal year, each named by the year it ends in; `2026-11` is a
    month; a date begins a quarter, or a month where the column holds dates that begin no quarter.

    Parameters
    ----------
    text
        SQL of the trimmed text.
    day
        SQL of the same read as a date (null where it is none).
    fiscal_start_month
        The month in which the fiscal year begins.
    dates_are_months
        Whether dates in this column stand for months.
    """
    year = f"try_cast(left({text}, 4) as integer)"
    first_year = year if fiscal_start_month == 1 else f"({year} - 1)"
    start_of_year = f"make_date({first_year}, {fiscal_start_month}, 1)"
    quarter = f"try_cast(right({text}, 1) as integer)"
    months = f"case when {dates_are_months} then 1 else 3 end"
    start = f"""case
        when regexp_matches({text}, '^[0-9]{{4}}-?[Qq][1-4]$')
            then cast({start_of_year} + to_months(cast(3 * ({quarter} - 1) as integer)) as date)
        when regexp_matches({text}, '^[0-9]{{4}}-(0[1-9]|1[0-2])$')
            then make_date({year}, cast(right({text}, 2) as integer), 1)
        when regexp_matches({text}, '^[0-9]{{4}}$') then {start_of_year}
        else cast(date_trunc('month', {day}) as date)
    end"""
    end = f"""case
        when regexp_matches({text}, '^[0-9]{{4}}-?[Qq][1-4]$') then cast(({start}) + to_months(3) as date)
        when regexp_matches({text}, '^[0-9]{{4}}-(0[1-9]|1[0-2])$') then cast(({start}) + to_months(1) as date)
        when regexp_matches({text}, '^[0-9]{{4}}$') then cast(({start}) + to_months(12) as date)
        else cast(({start}) + to_months({months}) as date)
    end"""
    return start, end
