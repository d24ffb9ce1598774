"""From raw rows to our own fields: each file's columns read as its definition says, and every row accounted for.

Rows read = loaded + rejected + skipped, file by file. A row is *rejected* when something that it cannot do
without is missing or unreadable, *skipped* when it is known and deliberately not used (a repeated key, a record
that the CRM marks as deleted, a row that the definition does not ask for), and *loaded* otherwise. A cell that
cannot be read is left empty and named, and its row is still loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import duckdb

from base.settings import Settings
from ingest.custom import Kept, create_staged_custom
from ingest.dates import DateColumn, DateSql, date_sql, profile_column, settle_order
from ingest.definitions import LINE_PART, Definition, FieldSource, Into, ObjectSpec, fold, template_parts
from ingest.errors import IngestError
from ingest.intake import IntakeField, IntakeTable, intake_tables
from ingest.raw import quoted
from ingest.values import (
    MONEY,
    NUMBER,
    bool_sql,
    id_sql,
    mapped,
    number_sql,
    period_sql,
    sql_text,
    sql_texts,
    trimmed,
)
from ingest.words import ideas_of_header

# No header holds these: they mark our columns beside the file's own while a file is staged.
_TEXT, _VALUE, _PART = "\x1e", "\x1f", "\x1d"
_SQL_TYPES = {"id": "varchar", "text": "varchar", "email": "varchar", "phone": "varchar", "bool": "boolean"}


@dataclass(frozen=True)
class FileToStage:
    """One raw file and what is known about it; `kept` are the custom fields that are read from it."""

    batch_id: str
    file_name: str
    table_name: str
    headers: tuple[str, ...]
    definition: Definition
    spec: ObjectSpec
    date_order: str | None
    rows_read: int
    imported_at: datetime
    kept: Kept = field(default_factory=dict)


@dataclass
class Account:
    """What became of one file's rows, and what its columns turned out to be."""

    rows_read: int
    loaded: int = 0
    rejected: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    unreadable_cells: int = 0
    date_order: str | None = None
    newest_stamp: datetime | None = None
    newest_event: datetime | None = None


def staged_columns(table: IntakeTable) -> list[tuple[str, str]]:
    """Return the columns of a staged table and their SQL types; a time is three, a period two.

    `carries`, where a table has it, lists the fields that the row says something about, an empty cell included.
    """
    columns = [("batch_id", "varchar"), ("line", "bigint"), ("crm", "varchar")]
    for item in table.fields.values():
        if item.kind == "time":
            columns += [
                (f"{item.name}_at", "timestamp"),
                (f"{item.name}_date", "date"),
                (f"{item.name}_is_day", "boolean"),
            ]
        elif item.kind == "date":
            columns.append((item.name if item.name.endswith("_date") else f"{item.name}_date", "date"))
        elif item.kind == "period":
            columns += [(f"{item.name}_start", "date"), (f"{item.name}_end", "date")]
        elif item.kind == "money":
            columns.append((item.name, MONEY))
        elif item.kind == "number":
            columns.append((item.name, NUMBER))
        elif item.kind == "id" and item.name != f"{table.name}_id" and not item.name.endswith("_id"):
            columns.append((f"{item.name}_id", "varchar"))
        else:
            columns.append((item.name, _SQL_TYPES[item.kind]))
    if table.says_what_it_carries:
        columns.append(("carries", "varchar[]"))
    return columns


def create_staged_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every staged table, empty, and the tables that account for rows."""
    for table in intake_tables().values():
        columns = ", ".join(f"{quoted(name)} {sql_type}" for name, sql_type in staged_columns(table))
        connection.execute(f"create or replace temp table staged_{table.name} ({columns})")
    create_staged_custom(connection)
    connection.execute(
        """
        create or replace temp table reject (
            batch_id varchar, line bigint, field varchar, column_name varchar, value varchar,
            reason varchar, is_whole_row boolean
        )
        """
    )
    connection.execute("create or replace temp table guessed_period (batch_id varchar, line bigint)")
    connection.execute("create or replace temp table skip (batch_id varchar, line bigint, reason varchar)")
    connection.execute(
        "create or replace temp table present_column (batch_id varchar, table_name varchar, column_name varchar)"
    )


def stage_file(connection: duckdb.DuckDBPyConnection, file: FileToStage, settings: Settings) -> Account:
    """Read one raw file into the staged tables and account for each of its rows.

    Raises
    ------
    IngestError
        A date could be read in two ways, or the rows do not add up (nothing is then imported).
    """
    account = Account(file.rows_read)
    batch = {"batch": file.batch_id}
    connection.execute(
        "insert into reject select batch_id, line, null, null, null, reason, true from raw.bad_row where batch_id = $batch",
        batch,
    ).fetchall()
    connection.execute(
        "insert into skip select batch_id, line, reason from raw.set_aside where batch_id = $batch", batch
    ).fetchall()
    own = sql_text(file.batch_id)
    connection.execute(
        f"create or replace temp view source as select * from raw.{quoted(file.table_name)} where batch_id = {own} "
        f"and line not in (select line from raw.set_aside where batch_id = {own})"
    )
    if file.spec.unused is not None:
        connection.execute(
            "insert into skip select batch_id, line, $reason from source",
            {"reason": f"not used: {file.spec.unused}"},
        ).fetchall()
        _count(connection, file, account)
        return account
    reader = _FileReader(connection, file, settings)
    for number, into in enumerate(file.spec.into):
        reader.stage(into, is_primary=number == 0, account=account)
        reader.stage_custom(into.table, file.kept.get(number, {}))
    account.date_order = reader.order
    _count(connection, file, account)
    return account


class _FileReader:
    """Reads one file: knows its headers, and decides the order of days and months once for all its columns."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: FileToStage, settings: Settings) -> None:
        self.connection = connection
        self.file = file
        self.settings = settings
        self.by_fold: dict[str, str] = {}
        for header in file.headers:
            self.by_fold.setdefault(fold(header), header)
        zone = file.spec.time_zone or file.definition.time_zone
        self.zone = settings.time_zone if zone == "company" else zone
        self.nulls = (*file.definition.nulls, *file.spec.nulls)
        self.profiles: dict[str, DateColumn] = {}
        self.order: str | None = None
        self._settle_order()

    def cell(self, column: str) -> str | None:
        """Return the SQL of a column's trimmed text, or None where the file has no such column."""
        header = self.by_fold.get(fold(column))
        return None if header is None else trimmed(quoted(header), self.nulls)

    def shown(self, source: FieldSource) -> str:
        """Return the columns that a field is read from, as this file writes them; all that it could be, if none."""
        names = source.needed_columns()
        if any(fold(column) in self.by_fold for column in source.columns):
            names = source.columns  # then no template is used
        found = dict.fromkeys(self.by_fold[fold(name)] for name in names if fold(name) in self.by_fold)
        return ", ".join(found or names)

    def text(self, source: FieldSource, each_header: str | None = None) -> str | None:
        """Return the SQL of a field's text before it is read by type; None where the file cannot fill it."""
        if source.alternatives:
            return _first_of([self.text(other, each_header) for other in source.alternatives])
        if source.is_each_cell and each_header is not None:
            text: str | None = trimmed(quoted(each_header), self.nulls)
        elif source.constant is not None:
            text = sql_text(source.constant)
        else:
            text = _first_of([self.cell(column) for column in source.columns])
            if text is None:
                text = _first_of([self._filled_in(template) for template in source.templates])
        if text is None:
            return None
        if source.is_every:
            text = f"nullif(trim({quoted(_PART)}), '')"
        elif source.separator is not None:
            text = f"nullif(trim(split_part({text}, {sql_text(source.separator)}, 1)), '')"
        if source.pattern is not None:
            text = f"case when regexp_matches({text}, {sql_text(source.pattern)}) then {text} end"
        text = mapped(text, source.value_map, source.otherwise)
        if source.when is None:
            return text
        condition = self._condition(source)
        return None if condition is None else f"case when {condition} then {text} end"

    def _condition(self, source: FieldSource) -> str | None:
        """Return the SQL of a field's `when`; None where it has none, or the file lacks its column."""
        cell = None if source.when is None else self.cell(source.when.column)
        if source.when is None or cell is None:
            return None
        return f"coalesce(lower({cell}) in ({sql_texts([value.lower() for value in source.when.equals])}), false)"

    def _filled_in(self, template: str) -> str | None:
        """Return the SQL of a template, null in rows where one of its cells is empty; None if a column is absent."""
        pieces = []
        for part in template_parts(template):
            if not part.is_column:
                pieces.append(sql_text(part.text))
                continue
            cell = "cast(line as varchar)" if part.text == LINE_PART else self.cell(part.text)
            if cell is None and not part.is_optional:
                return None
            if cell is not None:
                pieces.append(f"coalesce({cell}, '')" if part.is_optional else cell)
        return " || ".join(pieces)

    def _settle_order(self) -> None:
        """Look at every date column of the file before any is read: one tells for all."""
        for into in self.file.spec.into:
            table = intake_tables()[into.table]
            for headers in self._header_runs(into):
                for name, source in into.fields.items():
                    if table.fields[name].kind in ("time", "date", "period"):
                        text = self.text(source, headers)
                        if text is not None and text not in self.profiles:
                            column = headers or self.shown(source) or name
                            self.profiles[text] = profile_column(self.connection, "source", text, column)
        given = self.file.date_order or self.file.definition.date_order
        if any(column.order for column in self.profiles.values()):
            self.order = settle_order(self.profiles.values(), given, self.file.file_name)

    def _header_runs(self, into: Into) -> list[str | None]:
        if into.each is None:
            return [None]
        return [header for header in self.file.headers if into.each.match(header)]

    def date(self, text: str) -> DateSql:
        return date_sql(self.profiles[text], text, self.order or "dmy", self.zone, self.settings.time_zone)

    def stage(self, into: Into, *, is_primary: bool, account: Account) -> None:
        """Stage one of the tables that the file fills."""
        for header in self._header_runs(into):
            self._stage_run(into, header, is_primary=is_primary, account=account)

    def stage_custom(self, table: str, fields: Mapping[str, FieldSource]) -> None:
        """Stage the custom fields of one of the tables that the file fills; an empty cell says that there is none."""
        is_dated = "modified" in intake_tables()[table].fields
        for name, source in fields.items():
            text = self.text(source)
            if text is None:
                continue
            self.connection.execute(
                f"""
                insert into staged_custom
                select s.batch_id, s.line, s.crm, {sql_text(table)}, s.{table}_id,
                    {"s.modified_at" if is_dated else "null"}, {sql_text(name)}, x.value
                from (select line, {text} as value from source) x
                join staged_{table} s on s.line = x.line and s.batch_id = {sql_text(self.file.batch_id)}
                """
            ).fetchall()

    def _stage_run(self, into: Into, header: str | None, *, is_primary: bool, account: Account) -> None:
        table = intake_tables()[into.table]
        select = ["batch_id", "line", f"{sql_text(self.file.definition.name)} as crm"]
        checks: list[tuple[IntakeField, str, str, str]] = []  # field, its text, its value, their column
        texts: list[str] = []  # SQL of each field's text, then of the value read from it
        reads: list[str] = []
        carried: list[str] = []
        if not is_primary and not self._fills_required(table, into, header):
            return  # the file lacks what a further table needs; what it is known by, it has
        for item in table.fields.values():
            source = into.fields.get(item.name)
            text = None if source is None else self._field_text(source, into, header)
            if text is None or source is None:
                select += self._empty(item, table)
                if item.is_required:
                    wanted = self.shown(source) if source else item.name
                    raise IngestError(
                        "A file lacks a column",
                        f"{self.file.file_name} has no column for {into.table}.{item.name} ({wanted}).",
                    )
                continue
            # Each text is made once and each value read from it once: the steps are nested, for SQL that is written
            # twice is also worked out twice.
            alias, first = quoted(_TEXT + item.name), quoted(_VALUE + item.name)
            values = self._typed(item, table, text, source)
            texts.append(f"{text} as {alias}")
            read = [(name, sql if source.constant is not None else sql.replace(text, alias)) for name, sql in values]
            reads.append(f"{read[0][1]} as {first}")
            select.append(f"{first} as {quoted(read[0][0])}")
            select += [f"{sql.replace(read[0][1], first)} as {quoted(name)}" for name, sql in read[1:]]
            their_column = header or self.shown(source) or item.name
            checks.append((item, text, values[0][1], their_column))
            if table.says_what_it_carries:
                told = self._is_carried(source, text, values[0][1]).replace(values[0][1], first)
                carried.append(f"case when {told} then {sql_text(item.name)} end")
        if table.says_what_it_carries:
            select.append(f"list_filter([{', '.join(carried)}], lambda name: name is not null) as carries")
        where = self._only(into, header)
        names = ", ".join(quoted(name) for name, _ in staged_columns(table))
        extra = [
            f"{quoted(_TEXT + item.name)} as {quoted('text:' + item.name)}, "
            f"{quoted(_VALUE + item.name)} is null as {quoted('none:' + item.name)}"
            for item, _, _, _ in checks
            if _is_checked(item)
        ]
        self.connection.execute(
            f"""
            create or replace temp table work as
            select {", ".join([*select, *extra])}
            from (
                select {", ".join(["*", *reads])}
                from (select {", ".join(["*", *texts])} from ({self._rows(into)}) where {where})
            )
            """
        )
        self._note_present(checks, table)
        self._name_unreadable(checks, is_primary=is_primary, account=account)
        required = [f"not {quoted('none:' + item.name)}" for item, _, _, _ in checks if item.is_required]
        required += [
            f"({quoted('text:' + item.name)} is null or not {quoted('none:' + item.name)})"
            for item, _, _, _ in checks
            if item.choices and not item.is_required
        ]
        self.connection.execute(
            f"insert into staged_{table.name} select {names} from work where {' and '.join(required) or 'true'}"
        ).fetchall()
        if is_primary:
            self.connection.execute(
                f"insert into skip select batch_id, line, $reason from source where not ({where})",
                {"reason": f"not asked for: {into.only_column} is something else"},
            ).fetchall()
            self._skip_repeats(table)
            deleted = " and not coalesce(is_deleted, false)" if "is_deleted" in table.fields else ""
            account.loaded = self.connection.execute(
                f"select count(*) from staged_{table.name} where batch_id = $batch{deleted}",
                {"batch": self.file.batch_id},
            ).fetchall()[0][0]
        self._note_newest(table, into, account)

    def _rows(self, into: Into) -> str:
        """Return the SQL of the file's rows; of one for every value in a cell, where a field is read so."""
        for source in into.fields.values():
            cells = _first_of([self.cell(column) for column in source.columns])
            if source.is_every and cells is not None:
                parts = f"string_split({cells}, {sql_text(source.separator or '')})"
                return f"select *, unnest({parts}) as {quoted(_PART)} from source"
        return "select * from source"

    def _is_carried(self, source: FieldSource, text: str, value: str) -> str:
        """Return the SQL of whether a row says something about a field: a value, or that it has none."""
        said = text if source.pattern is None else _first_of([self.cell(column) for column in source.columns])
        told = f"(({said}) is null or ({value}) is not null)"
        condition = self._condition(source)
        return told if condition is None else f"({condition} and {told})"

    def _fills_required(self, table: IntakeTable, into: Into, header: str | None) -> bool:
        return all(
            self._field_text(into.fields[item.name], into, header) is not None
            for item in table.fields.values()
            if item.is_required
        )

    def _field_text(self, source: FieldSource, into: Into, header: str | None) -> str | None:
        if source.header_groups and into.each is not None and header is not None:
            match = into.each.match(header)
            found = [match[group] for group in source.header_groups if match and match[group]]
            return sql_text(found[0]) if found else None
        return self.text(source, header)

    def _only(self, into: Into, header: str | None) -> str:
        if header is not None:
            return f"{trimmed(quoted(header), self.nulls)} is not null"
        if into.only_column is None:
            return "true"
        cell = self.cell(into.only_column)
        if cell is None:
            return "false"
        if into.only_equals is None:
            return f"{cell} is not null"
        return f"coalesce({cell} in ({sql_texts(into.only_equals)}), false)"

    def _empty(self, item: IntakeField, table: IntakeTable) -> list[str]:
        return [f"cast(null as {sql_type}) as {quoted(name)}" for name, sql_type in _columns_of(item, table)]

    def _typed(self, item: IntakeField, table: IntakeTable, text: str, source: FieldSource) -> list[tuple[str, str]]:
        """Return the staged columns of a field and the SQL of each; the first is null where it is unreadable."""
        names = [name for name, _ in _columns_of(item, table)]
        if item.kind == "time":
            read = self.date(text)
            return list(zip(names, (read.at, read.day, read.is_day), strict=True))
        if item.kind == "date":
            return [(names[0], self.date(text).day)]
        if item.kind == "period":
            return list(zip(names, self._period(text, self.shown(source)), strict=True))
        if item.kind in ("money", "number"):
            prefers_comma = self.settings.number_format != "en"
            sql_type = MONEY if item.kind == "money" else NUMBER
            return [(names[0], number_sql(self.connection, "source", text, sql_type, prefers_comma=prefers_comma))]
        if item.kind == "bool":
            return [(names[0], bool_sql(text))]
        if item.kind == "id":
            definition = self.file.definition
            length = definition.id_length if source.crm in (None, definition.name) else 15
            prefix = definition.id_prefix if source.crm in (None, definition.name) else None
            if prefix:
                rest = f"substr({text}, {len(prefix) + 1})"
                text = f"case when starts_with({text}, {sql_text(prefix)}) then {rest} else {text} end"
            return [(names[0], id_sql(text, source.crm or definition.name, length))]
        if item.choices:
            word = f"trim(regexp_replace(lower({text}), '[^a-z]+', '_', 'g'), '_')"
            return [(names[0], f"case when {word} in ({sql_texts(item.choices)}) then {word} end")]
        return [(names[0], text)]

    def _period(self, text: str, header: str) -> tuple[str, str]:
        """Return the SQL of a period's first day and of the day after its last.

        Whether a date alone begins a month or a quarter is decided over all files of this header: a date that begins
        no quarter makes all of them months. Where all dates are in one month of the year, the column's name may say
        it; else each is taken for a quarter, and that is noted to be said.
        """
        day = self.date(text).day
        first = self.settings.fiscal_year_start_month
        of_quarters, others, months = self.connection.execute(
            f"select count(*) filter (off = 0), count(*) filter (off <> 0), count(distinct month) "
            f"from (select (date_part('month', d) - {first}) % 3 as off, date_part('month', d) as month "
            f"from (select {day} as d from raw.{quoted(self.file.table_name)}) where d is not null)"
        ).fetchall()[0]
        are_months = others > 0 or (months == 1 and "month" in ideas_of_header(header))
        if of_quarters and months == 1 and not are_months:
            self.connection.execute(
                f"""
                insert into guessed_period
                select batch_id, line from source
                where {day} is not null and not regexp_matches({text}, '^[0-9]{{4}}(-?[Qq][1-4]|-(0[1-9]|1[0-2]))?$')
                """
            ).fetchall()
        return period_sql(text, day, first, dates_are_months=are_months)

    def _note_present(self, checks: list[tuple[IntakeField, str, str, str]], table: IntakeTable) -> None:
        """Note which of a table's columns the file has at all: what it lacks, it says nothing about."""
        present = [name for item, _, _, _ in checks for name, _ in _columns_of(item, table)]
        self.connection.execute(
            "insert into present_column select $batch, $table, unnest($names)",
            {"batch": self.file.batch_id, "table": table.name, "names": present},
        ).fetchall()

    def _name_unreadable(
        self, checks: list[tuple[IntakeField, str, str, str]], *, is_primary: bool, account: Account
    ) -> None:
        """Note every cell that holds something and reads as nothing, and every row without what it needs."""
        for item, _, _, their_column in checks:
            none, text = quoted("none:" + item.name), quoted("text:" + item.name)
            if _is_checked(item):
                is_fatal = is_primary and (item.is_required or bool(item.choices))
                what = f"one of {', '.join(item.choices)}" if item.choices else _READ_AS[item.kind]
                reason = f"{their_column} cannot be read as {what}"
                missing = f"{their_column} is empty"
                self.connection.execute(
                    f"""
                    insert into reject
                    select batch_id, line, $field, $column, {text},
                        case when {text} is null then $missing else $reason end, $whole
                    from work where {none} and ({text} is not null or $needed)
                    """,
                    {
                        "field": item.name,
                        "column": their_column,
                        "missing": missing,
                        "reason": reason,
                        "whole": is_fatal,
                        "needed": is_primary and item.is_required,
                    },
                ).fetchall()

    def _skip_repeats(self, table: IntakeTable) -> None:
        """Of several rows of one key in one file the last one counts; the others are skipped, and said to be."""
        columns = dict(staged_columns(table))
        key = [
            name
            for item in table.key
            for name, _ in _columns_of(table.fields[item], table)
            if not name.endswith("_is_day") and name in columns
        ]
        order = ", ".join(quoted(name) for name in key)
        self.connection.execute(
            f"""
            create or replace temp table repeat_row as
            select line, max(line) over (partition by {order}) as last_line
            from staged_{table.name} where batch_id = $batch
            qualify line < last_line
            """.replace("$batch", sql_text(self.file.batch_id))
        )
        self.connection.execute(
            "insert into skip select $batch, line, 'the same record comes again further down' from repeat_row",
            {"batch": self.file.batch_id},
        ).fetchall()
        self.connection.execute(
            f"delete from staged_{table.name} where batch_id = $batch and line in (select line from repeat_row)",
            {"batch": self.file.batch_id},
        ).fetchall()
        if "is_deleted" in columns:
            self.connection.execute(
                f"insert into skip select batch_id, line, 'the CRM marks it as deleted' from staged_{table.name} "
                "where batch_id = $batch and is_deleted",
                {"batch": self.file.batch_id},
            ).fetchall()

    def _note_newest(self, table: IntakeTable, into: Into, account: Account) -> None:
        """Note the newest moments that the file knows: they date the export; those a year ahead are slips of the pen."""
        for item in table.fields.values():
            if item.kind != "time" or not item.is_event or item.name not in into.fields:
                continue
            newest = self.connection.execute(
                f"select max({item.name}_at) from staged_{table.name} where batch_id = $batch and {item.name}_at < $latest",
                {"batch": self.file.batch_id, "latest": self.file.imported_at + _AHEAD},
            ).fetchall()[0][0]
            if newest is None:
                continue
            account.newest_event = max(newest, account.newest_event or newest)
            if item.is_stamp:
                account.newest_stamp = max(newest, account.newest_stamp or newest)


def _is_checked(item: IntakeField) -> bool:
    """Tell whether a cell of this field can be unreadable, or its absence reject a row."""
    return item.is_required or bool(item.choices) or item.kind not in _READ_AS_THEY_ARE


def _first_of(texts: list[str | None]) -> str | None:
    """Return the SQL of the first of several texts that has a value; None where the file has none of them."""
    found = [text for text in texts if text is not None]
    if not found:
        return None
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


_AHEAD = timedelta(days=366)
_READ_AS_THEY_ARE = ("id", "text", "email", "phone")
_READ_AS = {
    "id": "a key",
    "text": "a text",
    "email": "an e-mail",
    "phone": "a phone number",
    "time": "a date or time",
    "date": "a date",
    "money": "an amount",
    "number": "a number",
    "bool": "yes or no",
    "period": "a period such as 2026-Q4, 2026-11 or 2026",
}


def _columns_of(item: IntakeField, table: IntakeTable) -> list[tuple[str, str]]:
    """Return the staged columns of one field, with their types."""
    alone = IntakeTable(table.name, table.grain, table.key, {item.name: item})
    return staged_columns(alone)[3:]


def _count(connection: duckdb.DuckDBPyConnection, file: FileToStage, account: Account) -> None:
    """Count what became of each row, and refuse to go on if the sum is not what was read."""
    batch = {"batch": file.batch_id}
    account.rejected = connection.execute(
        "select count(distinct line) from reject where batch_id = $batch and is_whole_row", batch
    ).fetchall()[0][0]
    account.unreadable_cells = connection.execute(
        "select count(*) from reject where batch_id = $batch and not is_whole_row", batch
    ).fetchall()[0][0]
    account.skipped = dict(
        connection.execute(
            "select reason, count(*) from skip where batch_id = $batch group by reason order by reason", batch
        ).fetchall()
    )
    total = account.loaded + account.rejected + sum(account.skipped.values())
    if total != account.rows_read:
        raise IngestError(
            "The rows of a file do not add up",
            f"{file.file_name}: {account.rows_read:,} read, but {account.loaded:,} loaded + {account.rejected:,} "
            f"rejected + {sum(account.skipped.values()):,} skipped. Nothing was imported; please report this.",
        )
