"""Files before they are imported: what each is taken for, and what a mapping would make of it, by the real reader.

Nothing is written: a file's rows stand in memory while a person maps it, and are staged by the same code that an
import runs.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from base.settings import Settings, load_settings
from ingest.asides import key_headers, set_aside, stays_legible
from ingest.custom import kept_fields
from ingest.definitions import Definition, parse_definition, shipped_definitions
from ingest.errors import IngestError
from ingest.files import Export, Unread, find_exports
from ingest.guess import Guess, guess
from ingest.intake import IntakeField, intake_tables
from ingest.mappings import recognise_mapped, saved_definitions
from ingest.prepare import prepare, sniffed
from ingest.privacy import HASH_MARK, install_hash, personal_columns, privacy_choices, stored_expression
from ingest.raw import RAW_SCHEMA, quoted, read_raw
from ingest.recognise import Recognised, recognise
from ingest.run import Options
from ingest.sniff import Given, Layout, checked_given, delimiter_name, sample_rows
from ingest.staging import FileToStage, create_staged_tables, stage_file
from ingest.values import sql_text

PREVIEW_ROWS = 20
# A file with more rows is tried on so many of them, spread evenly, unless all are asked for: an answer at once.
MOST_TRIED = 20_000
_BATCH, _SOME = "trial", "some"


@dataclass(frozen=True)
class Examined:
    """A file that was found: its columns, what it is taken for, or why it is not known.

    `taken_for` is None for a file of no known kind; `headers` are empty for one that cannot be read at all.
    `candidates` are what a file of more than one kind could be: each as `Options.kinds` takes it, and in words.
    """

    name: str
    export: Export | None
    layout: Layout | None
    taken_for: str | None
    mapping: str | None
    reason: str | None
    candidates: tuple[tuple[str, str], ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """The file's columns."""
        return self.layout.headers if self.layout is not None else ()

    @property
    def delimiter(self) -> str:
        """What parts its columns, in words."""
        return delimiter_name(self.layout.delimiter) if self.layout is not None else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, or read otherwise than it stands there."""
        return (*(self.export.notes if self.export else ()), *(self.layout.notes if self.layout else ()))

    @property
    def key(self) -> str:
        """What tells this file's content from any other's."""
        return self.export.content_hash[:16] if self.export is not None else self.name

    def guess(self, table: str | None = None) -> Guess:
        """Guess which of our tables the file fills, and which column which field; as `ingest.guess.guess`."""
        rows = sample_rows(self.export.path, self.layout) if self.export and self.layout else []
        return guess(self.headers, rows, table, [*shipped_definitions().values(), *saved_definitions()])


def examine(paths: Iterable[Path], folder: Path, options: Options | None = None) -> list[Examined]:
    """Say of each file what it is taken for, without importing anything.

    Parameters
    ----------
    paths
        Files, folders, ZIPs and workbooks.
    folder
        An existing folder for what is taken out of ZIPs and workbooks; it must stay for as long as the result is used.
    options
        As for an import; of them, what a person said about how the files are written.

    Raises
    ------
    IngestError
        A path does not exist, a ZIP cannot be opened, or a saved mapping cannot be used.
    """
    options = options or Options()
    definitions = [*shipped_definitions().values(), *saved_definitions()]
    given = checked_given(Given(options.encoding, options.delimiter, options.header_line))
    kinds = dict(options.kinds)
    return [_examined(found, definitions, given, kinds) for found in find_exports(paths, folder, options.sheet)]


def _examined(
    found: Export | Unread, definitions: Sequence[Definition], given: Given, kinds: Mapping[str, str]
) -> Examined:
    if isinstance(found, Unread):
        return Examined(found.name, None, None, None, None, found.reason)
    try:
        layout = sniffed(found, given)
    except IngestError as error:
        return Examined(found.name, found, None, None, None, f"{error.title}: {error.message}")
    if not sample_rows(found.path, layout):
        return Examined(found.name, found, None, None, None, "it holds a header and no record below it")
    said = kinds.get(found.content_hash)
    mapped = None if said else recognise_mapped(layout.headers, definitions)
    kind = mapped or recognise(layout.headers, definitions, said)
    if not isinstance(kind, Recognised):
        candidates = tuple(
            (f"{definition.name}:{spec.name}", f"{definition.title}: {spec.name}")
            for definition, spec in kind.candidates
        )
        return Examined(found.name, found, layout, None, None, kind.reason, candidates)
    taken_for = f"{kind.definition.title} · {kind.spec.name}"
    return Examined(found.name, found, layout, taken_for, mapped.definition.name if mapped else None, None)


@dataclass(frozen=True)
class Problem:
    """One kind of thing that cannot be read: how often, where first, and what stands there."""

    column: str | None
    reason: str
    rows: int
    first_line: int
    value: str | None
    is_whole_row: bool


@dataclass(frozen=True)
class Outcome:
    """What a file would become by a mapping: every row accounted for, and the first of them as they would be read.

    `rows_read` are those that were tried, `rows_in_all` the file's: of a large file only some are tried. `fault` says
    why it cannot be read so at all (the rest is then empty), `asks_date_order` whether a person's word on days and
    months would cure that.
    """

    rows_read: int
    rows_in_all: int
    loaded: int = 0
    rejected: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    unreadable_cells: int = 0
    problems: tuple[Problem, ...] = ()
    first_rows: pl.DataFrame = field(default_factory=pl.DataFrame)
    date_order: str | None = None
    fault: IngestError | None = None
    asks_date_order: bool = False


class Trial:
    """One file's rows, in memory, to be read by one mapping after the other.

    Parameters
    ----------
    examined
        A file that can be read.
    folder
        An existing folder for temporary text; nothing stays there.
    settings
        The company's definitions; those in force when None.
    """

    def __init__(self, examined: Examined, folder: Path, settings: Settings | None = None) -> None:
        if examined.export is None or examined.layout is None:
            raise IngestError("A file cannot be mapped", f"{examined.name}: {examined.reason}")
        self.name = examined.name
        self.settings = settings or load_settings()
        self._layout = examined.layout
        self._path = examined.export.path
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(RAW_SCHEMA)
        self._connection.execute("set TimeZone = 'UTC'")
        install_hash(self._connection, secrets.token_bytes(32))  # only to be looked at: this home's key is not needed
        layout, rows = self._layout, examined.export.rows
        text = prepare(self._path, layout, folder, self.name)
        numbers = None if rows is None else rows[layout.records_above :]
        self.rows_read = read_raw(
            self._connection, text, layout, _BATCH, "whole", {}, numbers=numbers, scratch=folder
        ).rows_read
        set_aside(self._connection, "whole", _BATCH, layout, ())
        self._connection.execute(
            "create table raw.record as select * from raw.whole where line not in (select line from raw.set_aside)"
        )
        self._tried = self.rows_read
        if self.rows_read > MOST_TRIED:
            self._choose_some()
        self._outcomes: dict[str, Outcome] = {}
        self._values: dict[tuple[str, int], list[tuple[str, int]]] = {}

    def _choose_some(self) -> None:
        """Keep rows from the whole length of the file apart, and the first; by a hash, so that no rhythm of theirs tells."""
        step = -(-self.rows_read // MOST_TRIED)
        self._connection.execute(
            f"""
            create table raw.some as
            select '{_SOME}' as batch_id, * exclude (batch_id)
            from raw.whole
            where hash(line) % {step} = 0
                or line in (select line from raw.whole order by line limit {PREVIEW_ROWS})
            """
        )
        self._tried = self._connection.execute("select count(*) from raw.some").fetchall()[0][0]

    def values(self, column: str, most: int = 60) -> list[tuple[str, int]]:
        """Return a column's different values and how often each stands there, the most frequent first."""
        if (column, most) not in self._values:
            cell = f"trim({quoted(column)})"
            self._values[column, most] = self._connection.execute(
                f"select {cell} as value, count(*) as n from raw.record where nullif({cell}, '') is not null "
                f"group by value order by n desc, value limit {int(most)}"
            ).fetchall()
        return self._values[column, most]

    def key_columns(self, preferred: Sequence[str]) -> list[str]:
        """Return the fewest columns, those preferred first, that together tell every row from every other.

        Only columns that are filled in every row can; where even all of these do not tell the rows apart, they are
        all returned, and equal rows are one.
        """
        names = [*preferred, *(header for header in self._layout.headers if header not in preferred)]
        names = [name for name in names if can_be_in_template(name)]
        if not names or not self.rows_read:
            return []
        counts = ", ".join(f"count(nullif(trim({quoted(name)}), ''))" for name in names)
        filled = self._connection.execute(f"select {counts}, count(*) from raw.record").fetchall()[0]
        full = [name for name, count in zip(names, filled, strict=False) if count == filled[-1]]
        chosen: list[str] = []
        most = 1
        for name in full:
            if most == filled[-1]:
                break
            different = self._distinct([*chosen, name])
            if different > most:
                chosen, most = [*chosen, name], different
        for name in list(chosen):  # one that a later column made needless goes again
            rest = [other for other in chosen if other != name]
            if rest and self._distinct(rest) == most:
                chosen = rest
        return chosen

    def _distinct(self, columns: Sequence[str]) -> int:
        row = ", ".join(f"trim({quoted(name)})" for name in columns)
        found = self._connection.execute(f"select count(*) from (select distinct {row} from raw.record)").fetchall()
        return int(found[0][0])

    def read(self, mapping: str, date_order: str | None = None, *, is_whole: bool = True) -> Outcome:
        """Return what the file would become by a mapping.

        Parameters
        ----------
        mapping
            The mapping's text.
        date_order
            "dmy" or "mdy", where the person said so for this import.
        is_whole
            Try every row; of a file with more than `MOST_TRIED` rows else so many of them, spread evenly.
        """
        is_whole = is_whole or self._tried == self.rows_read
        key = f"{date_order} {is_whole}\n{mapping}"
        if key not in self._outcomes:
            if len(self._outcomes) > 8:
                self._outcomes.clear()
            self._outcomes[key] = self._read(parse_definition(mapping, "the mapping"), date_order, is_whole=is_whole)
        return self._outcomes[key]

    def _read(self, definition: Definition, date_order: str | None, *, is_whole: bool) -> Outcome:
        kind = recognise_mapped(self._layout.headers, [definition]) or recognise(self._layout.headers, [definition])
        if not isinstance(kind, Recognised):
            fault = IngestError("The mapping is for another file", kind.reason)
            return Outcome(self._tried, self.rows_read, fault=fault)
        self._show_as_stored(kind, is_whole=is_whole)
        file = FileToStage(
            batch_id=_BATCH if is_whole else _SOME,
            file_name=self.name,
            table_name="shown",
            headers=self._layout.headers,
            definition=definition,
            spec=kind.spec,
            date_order=date_order,
            rows_read=self.rows_read if is_whole else self._tried,
            imported_at=datetime.now(UTC).replace(tzinfo=None),
            kept=kept_fields(definition, kind.spec, self._layout.headers, self.settings),
        )
        create_staged_tables(self._connection)
        try:
            account = stage_file(self._connection, file, self.settings)
        except IngestError as error:
            return Outcome(file.rows_read, self.rows_read, fault=error, asks_date_order=self._would_read(file))
        return Outcome(
            rows_read=account.rows_read,
            rows_in_all=self.rows_read,
            loaded=account.loaded,
            rejected=account.rejected,
            skipped=account.skipped,
            unreadable_cells=account.unreadable_cells,
            problems=self._problems(),
            first_rows=self._first_rows(kind),
            date_order=account.date_order,
        )

    def _show_as_stored(self, kind: Recognised, *, is_whole: bool) -> None:
        """Let personal columns be seen as they would be stored, in every row or in some."""
        self._connection.execute("delete from raw.set_aside").fetchall()
        set_aside(self._connection, "whole", _BATCH, self._layout, key_headers(self._layout, kind.spec))
        if not is_whole:
            self._connection.execute(
                f"insert into raw.set_aside select '{_SOME}', line, reason from raw.set_aside "
                "where line in (select line from raw.some)"
            ).fetchall()
        choices = privacy_choices(self.settings)
        marks = dict(zip(self._layout.headers, self._layout.header_cells, strict=True))
        personal = personal_columns(self._layout.headers, kind.spec, sample_rows(self._path, self._layout))
        cells = [
            f"{stays_legible(quoted(header), stored_expression(quoted(header), choices[personal[header]]), marks[header])} "
            f"as {quoted(header)}"
            if header in personal and choices[personal[header]] != "keep"
            else quoted(header)
            for header in self._layout.headers
        ]
        self._connection.execute(
            f"create or replace view raw.shown as select batch_id, line, {', '.join(cells)} "
            f"from raw.{'whole' if is_whole else 'some'}"
        )

    def _would_read(self, file: FileToStage) -> bool:
        """Tell whether saying the order of days and months would cure what went wrong."""
        if file.date_order is not None:
            return False
        create_staged_tables(self._connection)
        try:
            stage_file(self._connection, replace(file, date_order="dmy"), self.settings)
        except IngestError:
            return False
        return True

    def _problems(self) -> tuple[Problem, ...]:
        rows = self._connection.execute(
            "select column_name, reason, count(*), min(line), arg_min(value, line), is_whole_row from reject "
            "group by column_name, reason, is_whole_row order by is_whole_row desc, count(*) desc, reason limit 30"
        ).fetchall()
        return tuple(Problem(*row) for row in rows)

    def _first_rows(self, kind: Recognised) -> pl.DataFrame:
        """Return the first rows as they would be read: each field as people write it, in text."""
        into = kind.spec.into[0]
        table = intake_tables()[into.table]
        shown = [_shown(item, self.settings.time_zone) for item in table.fields.values() if item.name in into.fields]
        names = [item.name for item in table.fields.values() if item.name in into.fields]
        select = ", ".join(f"{sql} as {quoted(name)}" for name, sql in zip(names, shown, strict=True))
        custom = "".join(
            f", (select any_value(c.value) from staged_custom c where c.line = s.line and c.field = {sql_text(name)}) "
            f"as {quoted(name)}"
            for name in into.custom
            if name not in names
        )
        return self._connection.sql(
            f"select line, {select}{custom} from staged_{table.name} s order by line limit {PREVIEW_ROWS}"
        ).pl()


def _shown(item: IntakeField, zone: str) -> str:
    """Return the SQL of a staged field as text: ids without their CRM, moments in the company's zone."""
    name = item.name
    if item.kind == "time":
        local = f"timezone('{ZoneInfo(zone).key}', timezone('UTC', {quoted(name + '_at')}))"
        return (
            f"case when {quoted(name + '_is_day')} then strftime({quoted(name + '_date')}, '%Y-%m-%d') "
            f"else strftime({local}, '%Y-%m-%d %H:%M') end"
        )
    if item.kind == "date":
        return f"strftime({quoted(name if name.endswith('_date') else name + '_date')}, '%Y-%m-%d')"
    if item.kind == "period":
        start, end = quoted(name + "_start"), quoted(name + "_end")
        return f"strftime({start}, '%Y-%m-%d') || ' to ' || strftime({end} - 1, '%Y-%m-%d')"
    if item.kind == "id":
        column = quoted(name if name.endswith("_id") else name + "_id")
        return f"substr({column}, strpos({column}, ':') + 1)"
    text = f"cast({quoted(name)} as varchar)"
    if item.kind in ("email", "phone"):
        return f"case when starts_with({text}, '{HASH_MARK}') then '(kept as a hash)' else {text} end"
    return text


def can_be_in_template(header: str) -> bool:
    """Tell whether a template can name this column: its own signs there are braces, and a question mark at the end."""
    return not (set("{}") & set(header)) and not header.endswith("?") and header != "#"


def as_template(columns: Sequence[str]) -> str:
    """Return the template that puts columns together, or that names the row's line where there are none."""
    return " · ".join(f"{{{column}}}" for column in columns) if columns else "{#}"
