"""One import from beginning to end: found, read, understood, built, published; or nothing changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import duckdb

from base.files import file_mark
from base.home import settings_path, words_path
from base.pointer import read_pointer
from base.settings import Settings, load_settings
from ingest.asides import key_headers, set_aside, stays_legible
from ingest.custom import kept_columns, kept_fields
from ingest.definitions import Definition, fold, load_definition, shipped_definitions
from ingest.derive import build_fingerprint, derive
from ingest.errors import IngestError
from ingest.files import Export, Unread, find_exports
from ingest.mappings import is_mapping, recognise_mapped, saved_definitions, says_the_same
from ingest.mended import note_mended, read_mended
from ingest.prepare import prepare, sniffed
from ingest.privacy import (
    cell_shield,
    hash_key,
    install_hash,
    personal_columns,
    privacy_choices,
    shield_kept_rows,
    stored_expression,
)
from ingest.progress import Gauge, Progress
from ingest.raw import RawFile, quoted, raw_table_name, read_raw
from ingest.recognise import NotRecognised, Recognised, recognise
from ingest.report import (
    IMPORTED,
    NOT_READ,
    NOT_RECOGNISED,
    UNCHANGED,
    FileReport,
    ImportReport,
    RejectSample,
)
from ingest.sniff import Given, Layout, checked_given, delimiter_name, sample_rows
from ingest.version import Version
from ingest.warehouse import NewVersion, new_version, prune, room_or_nothing, workplace

SCOPES = ("partial", "full")
# The share of an import that is reading files, as measured on the sample; the rest is understanding and building.
_READ = 0.25


@dataclass(frozen=True)
class Options:
    """What a person may say about an import.

    Parameters
    ----------
    crm
        The name of the CRM that the files come from, or of one of its kinds of file ("zoho:Deals"); told from their
        headers when None.
    mapping
        A mapping file that says what the files hold.
    snapshot_at
        When the export was made (UTC); told from the newest moment in it when None.
    scope
        "full" if the export holds every record there is, so that one that is missing was deleted; "partial" if it does
        not, also for one that was called full before. None is partial, and says nothing new of a known file.
    date_order
        "dmy" or "mdy", for files that do not tell.
    encoding, delimiter, header_line
        How the files are written, where what is detected is wrong: a name like "cp1252"; a character, or a name
        like "semicolon"; the line (in a sheet the row) of the header, 1 the first.
    sheet
        The one sheet to read of a workbook, hidden or not; every visible one when None.
    kinds
        What a person said that single files are, each by its content's hash: a CRM's kind of file ("zoho:Deals").
    """

    crm: str | None = None
    mapping: Path | None = None
    snapshot_at: datetime | None = None
    scope: str | None = None
    date_order: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    sheet: str | None = None
    kinds: tuple[tuple[str, str], ...] = ()


def import_exports(
    paths: Sequence[Path],
    options: Options | None = None,
    progress: Progress | None = None,
    *,
    is_dry_run: bool = False,
) -> ImportReport:
    """Import exports into a new warehouse version and make it the one that is read.

    The same content again, renamed or packed anew, changes nothing. Whatever goes wrong, the warehouse stays as
    it was.

    Parameters
    ----------
    paths
        Files, folders and ZIPs.
    options
        What is known about the export beyond its content.
    progress
        Called with what is being done, how much is done, and how much there is.
    is_dry_run
        Say all that an import would say, and leave nothing behind: no version, no key, no file.

    Returns
    -------
    ImportReport
        File by file, what was understood and what became of each row.

    Raises
    ------
    IngestError
        Nothing could be recognised, or something cannot be read without a person's word.
    TryAgainError
        The disk is full, or another import does not end: the files are not to blame.
    SettingsError
        settings.toml cannot be used.
    """
    options = options or Options()
    settings = load_settings()
    _definitions(options)
    _given(options)  # what cannot be used is said before anything is read
    gauge = Gauge(progress or _silent)
    with room_or_nothing(), workplace(is_dry_run=is_dry_run) as scratch, new_version(scratch) as version:
        reader = open_reader(version, scratch, options, gauge, is_dry_run=is_dry_run)
        report = read_all(reader, list(find_exports(paths, scratch, options.sheet)), gauge)
        report.is_dry_run = is_dry_run
        if reader.is_changed:
            facts = Version(
                made_by="import", files=tuple(file.file for file in report.files if file.outcome == IMPORTED)
            )
            _finish(version, settings, gauge.part(_READ, 1.0), report, facts)
        return report


def open_reader(
    version: NewVersion, scratch: Path, options: Options, gauge: Gauge | None = None, *, is_dry_run: bool = False
) -> "_Reader":
    """Return a reader of files into a new version; the first part of an import, which `read_all` then does."""
    key = hash_key(is_kept=not is_dry_run)
    install_hash(version.connection, key)
    say = gauge.say if gauge else _silent
    return _Reader(version, scratch, load_settings(), options, _definitions(options), say, key, _given(options))


def read_all(reader: "_Reader", found: Sequence[Export | Unread], gauge: Gauge | None = None) -> ImportReport:
    """Read every file into raw rows, saying how far it is by bytes; refuse an import of which nothing is known."""
    part = (gauge or Gauge(_silent)).part(0.0, _READ)
    sizes = [item.size if isinstance(item, Export) else 0 for item in found]
    for number, item in enumerate(found):
        rows = sum(file.rows_read for file in reader.reports)
        said = f"reading {item.name} ({number + 1} of {len(found)}, {rows:,} rows so far)"
        part(said, sum(sizes[:number]), max(sum(sizes), 1))
        reader.read(item)
    report = ImportReport(reader.reports, is_changed=reader.is_changed)
    if not any(file.outcome in (IMPORTED, UNCHANGED) for file in report.files):
        raise IngestError(
            "Nothing was imported",
            "; ".join(f"{file.file}: {file.reason}" for file in report.files) or "No file.",
        )
    return report


def rebuild(progress: Progress | None = None, *, only_if_stale: bool = False) -> ImportReport:
    """Build a new version from the raw rows at hand, after a change of settings.toml or of a stage's meaning.

    Parameters
    ----------
    progress
        As in `import_exports`.
    only_if_stale
        Do nothing where the current version was built with the settings as they are.
    """
    settings = load_settings()
    pointer = read_pointer()
    if pointer is None:
        raise IngestError("There is nothing to rebuild", "Import an export first.")
    if only_if_stale and not is_stale():
        return ImportReport([], is_changed=False)
    with room_or_nothing(), workplace(is_dry_run=False) as scratch, new_version(scratch) as version:
        install_hash(version.connection, hash_key())
        report = ImportReport([], is_changed=True)
        _finish(version, settings, Gauge(progress or _silent).part(0.0, 1.0), report, Version(made_by="rebuild"))
        return report


def is_stale() -> bool:
    """Tell whether the current warehouse was built by other settings or other definitions than those in force."""
    pointer = read_pointer()
    if pointer is None:
        return False
    files = settings_path(), words_path()
    return pointer.build_hash != _fingerprint_in_force(files, tuple(map(file_mark, files)))


@lru_cache(maxsize=4)
def _fingerprint_in_force(_files: tuple[Path, ...], _marks: tuple[object, ...]) -> str:
    """Return what a warehouse would be built by now; put together anew when one of the files was changed."""
    return build_fingerprint(load_settings())


def _silent(_what: str, _done: int, _total: int) -> None:
    """Take no notice of progress."""


def _given(options: Options) -> Given:
    return checked_given(Given(options.encoding, options.delimiter, options.header_line))


def _definitions(options: Options) -> list[Definition]:
    """Return what a file may be: the mapping given, else the CRMs that ship and the mappings that were saved."""
    if options.scope not in (None, *SCOPES):
        raise IngestError("The scope is not known", f"'{options.scope}' should be one of {', '.join(SCOPES)}.")
    if options.mapping is not None:
        return [load_definition(options.mapping)]
    known = [*shipped_definitions().values(), *saved_definitions()]
    if options.crm is None:
        return known
    crm, _, kind = options.crm.partition(":")
    chosen = [definition for definition in known if definition.name == crm]
    if not chosen:
        names = ", ".join(dict.fromkeys(definition.name for definition in known))
        raise IngestError("That CRM is not known", f"'{crm}' should be one of {names}.")
    kinds = [spec.name for definition in chosen for spec in definition.objects]
    if fold(kind) not in ("", *map(fold, kinds)):
        raise IngestError("That kind of file is not known", f"'{kind}' of {crm} should be one of {', '.join(kinds)}.")
    return chosen


class _Reader:
    """Reads the found files into the new version, and keeps account of each."""

    def __init__(
        self,
        version: NewVersion,
        scratch: Path,
        settings: Settings,
        options: Options,
        definitions: list[Definition],
        progress: Progress,
        key: bytes,
        given: Given,
    ) -> None:
        self.connection = version.connection
        self.scratch = scratch
        self.settings = settings
        self.options = options
        self.definitions = definitions
        self.progress = progress
        self.key = key
        self.given = given
        self.imported_at = datetime.now(UTC).replace(tzinfo=None)
        self.import_id = self.imported_at.strftime("%Y%m%dT%H%M%S%f")
        self.reports: list[FileReport] = []
        self.is_changed = False
        self._hashes: set[str] = set()

    def read(self, found: Export | Unread) -> None:
        if isinstance(found, Unread):
            self.reports.append(FileReport(found.name, NOT_READ, reason=found.reason))
            return
        try:
            layout = sniffed(found, self.given)
            mended = read_mended(self.connection, found, layout, self.scratch)
        except IngestError as error:
            self.reports.append(FileReport(found.name, NOT_READ, reason=f"{error.title}: {error.message}"))
            return
        if mended is not None:
            found, layout = mended.export, mended.layout
            kind: Recognised | NotRecognised = mended.kind
        else:
            said = None if self.options.mapping else dict(self.options.kinds).get(found.content_hash, self.options.crm)
            mapped = None if said and ":" in said else recognise_mapped(layout.headers, self.definitions)
            kind = mapped or recognise(layout.headers, self.definitions, said)
        if isinstance(kind, NotRecognised):
            self.reports.append(FileReport(found.name, NOT_RECOGNISED, reason=kind.reason))
            return
        kept = kept_columns(kept_fields(kind.definition, kind.spec, layout.headers, self.settings))
        report = FileReport(
            found.name,
            IMPORTED,
            crm=kind.definition.title,
            object=kind.spec.name,
            encoding=layout.encoding,
            delimiter=delimiter_name(layout.delimiter),
            unused_columns=[column for column in kind.unused_columns if fold(column) not in kept],
            mapping=kind.definition.name if is_mapping(kind.definition) else None,
            header_line=layout.header_line,
            is_sheet=found.rows is not None,
            notes=[*found.notes, *layout.notes],
        )
        self.reports.append(report)
        if not sample_rows(found.path, layout):
            report.outcome = NOT_READ
            report.reason = f"it holds a header and no record below it ({kind.definition.title}: {kind.spec.name})"
            return
        batch_id = report.batch_id = self._batch_id(found.content_hash)
        if batch_id in self._hashes or self._is_known(batch_id, kind, is_sheet=found.rows is not None):
            report.outcome = UNCHANGED
            return
        try:
            text = prepare(found.path, layout, self.scratch, found.name)
        except IngestError as error:  # damaged further down than was looked at before
            report.outcome, report.reason = NOT_READ, f"{error.title}: {error.message}"
            return
        self._hashes.add(batch_id)
        self._forget(batch_id)
        self._forget(found.content_hash[:16])  # what was read before anybody said when it was exported
        self._store(found, text, layout, kind, batch_id, report)
        if mended is not None:
            note_mended(self.connection, batch_id, mended)
        self.is_changed = True

    def _batch_id(self, content_hash: str) -> str:
        """Return the name of this content at this moment: the same content a week later is a sighting of its own."""
        snapshot = self.options.snapshot_at
        if snapshot is not None:
            return sha256(f"{content_hash} {snapshot.isoformat()}".encode()).hexdigest()[:16]
        rows = self.connection.execute(
            "select batch_id from raw.file where content_hash = $hash order by snapshot_given desc nulls last limit 1",
            {"hash": content_hash},
        ).fetchall()
        return str(rows[0][0]) if rows else content_hash[:16]

    def _is_known(self, batch_id: str, kind: Recognised, *, is_sheet: bool) -> bool:
        """Tell whether this content was imported before and nothing new is said about it."""
        rows = self.connection.execute(
            "select crm, object, mapping_text, snapshot_given, is_full_given, date_order_given, "
            "encoding_given, delimiter_given, header_line_given from raw.file where batch_id = $batch",
            {"batch": batch_id},
        ).fetchall()
        if not rows:
            return False
        crm, object_name, mapping_text, snapshot, is_full, date_order, *layout = rows[0]
        options = self.options
        return (
            (crm, object_name) == (kind.definition.name, kind.spec.name)
            and (not is_mapping(kind.definition) or says_the_same(mapping_text, kind))
            and options.snapshot_at in (None, snapshot)
            and (options.scope is None or (options.scope == "full") == is_full)
            and options.date_order in (None, date_order)
            and all(new in (None, old) for new, old in zip(self._layout_given(is_sheet=is_sheet), layout, strict=True))
        )

    def _layout_given(self, *, is_sheet: bool) -> tuple[str | None, str | None, int | None]:
        """Return what was said about how a file is written, as far as it concerns this kind of file."""
        given = self.given
        return (None, None, given.header_line) if is_sheet else (given.encoding, given.delimiter, given.header_line)

    def _forget(self, batch_id: str) -> None:
        """Take out what was read of this content before, to read it anew with what is now said about it."""
        rows = self.connection.execute(
            "select table_name from raw.file where batch_id = $batch", {"batch": batch_id}
        ).fetchall()
        for (table,) in rows:
            for target in (f"raw.{quoted(table)}", "raw.bad_row", "raw.mended", "raw.set_aside", "raw.file"):
                self.connection.execute(f"delete from {target} where batch_id = $batch", {"batch": batch_id}).fetchall()

    def _store(
        self, found: Export, text: Path, layout: Layout, kind: Recognised, batch_id: str, report: FileReport
    ) -> None:
        choices = privacy_choices(self.settings)
        personal = personal_columns(layout.headers, kind.spec, sample_rows(found.path, layout))
        cells = dict(zip(layout.headers, layout.header_cells, strict=True))
        stored = {
            header: stays_legible(quoted(header), stored_expression(quoted(header), choices[what]), cells[header])
            for header, what in personal.items()
            if choices[what] != "keep"
        }
        shield = cell_shield(layout.headers, personal, choices, self.key)
        table = raw_table_name(kind.definition.name, kind.spec.name, layout.headers)
        numbers = None if found.rows is None else found.rows[layout.records_above :]
        raw = read_raw(self.connection, text, layout, batch_id, table, stored, shield, numbers, self.scratch)
        set_aside(self.connection, table, batch_id, layout, key_headers(layout, kind.spec))
        report.rows_read = raw.rows_read
        report.notes += self._reading_notes(raw, batch_id)
        self._note_file(found, layout, kind, batch_id, raw)

    def _reading_notes(self, raw: RawFile, batch_id: str) -> list[str]:
        """Say what of the records was not as it should be, and was read all the same."""
        aside = {
            line
            for (line,) in self.connection.execute(
                "select line from raw.set_aside where batch_id = $batch", {"batch": batch_id}
            ).fetchall()
        }
        short = [line for line in raw.short_lines if line not in aside]
        notes = []
        if short:
            notes.append(
                f"{len(short):,} rows have fewer cells than the header; the rest was left blank (first on line {short[0]})"
            )
        if raw.mended_lines:
            notes.append(
                f"{len(raw.mended_lines):,} rows hold a quote that is never closed; it was taken as text "
                f"(first on line {raw.mended_lines[0]})"
            )
        return notes

    def _note_file(self, found: Export, layout: Layout, kind: Recognised, batch_id: str, raw: RawFile) -> None:
        is_mapped = is_mapping(kind.definition)
        is_sheet = found.rows is not None
        encoding, delimiter, header_line = self._layout_given(is_sheet=is_sheet)
        values = {
            "batch_id": batch_id,
            "import_id": self.import_id,
            "imported_at": self.imported_at,
            "file_name": found.name,
            "content_hash": found.content_hash,
            "byte_size": found.size,
            "crm": kind.definition.name,
            "object": kind.spec.name,
            "table_name": raw.table_name,
            "headers": list(layout.headers),
            "unused_columns": list(kind.unused_columns),
            "encoding": layout.encoding,
            "delimiter": delimiter_name(layout.delimiter),
            "reader": raw.reader,
            "rows_read": raw.rows_read,
            "mapping_name": kind.definition.title if is_mapped else None,
            "mapping_text": kind.definition.text if is_mapped else None,
            "date_order_given": self.options.date_order,
            "snapshot_given": self.options.snapshot_at,
            "is_full_given": self.options.scope == "full",
            "encoding_given": encoding,
            "delimiter_given": delimiter,
            "header_line_given": header_line,
            "sheet_given": self.options.sheet if is_sheet else None,
        }
        names, marks = ", ".join(values), ", ".join(f"${name}" for name in values)
        self.connection.execute(f"insert into raw.file ({names}) values ({marks})", values).fetchall()


def _finish(version: NewVersion, settings: Settings, progress: Progress, report: ImportReport, facts: Version) -> None:
    """Build what the rows mean, fill the report, and publish the version, unless this is a dry run."""
    fingerprint = build_fingerprint(settings)
    if version.previous is not None and version.previous.build_hash != fingerprint:
        shield_kept_rows(version.connection, settings)
    derive(version.connection, settings, progress)
    _fill_report(version.connection, report)
    if report.is_dry_run:
        return
    files, rows = version.connection.execute("select count(*), sum(rows_read) from raw.file").fetchall()[0]
    facts = replace(
        facts,
        made_at=datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        file_count=files,
        row_count=int(rows or 0),
        newest_date=report.newest_date,
    )
    pointer = version.publish(fingerprint, facts)
    prune(pointer)
    report.warehouse = pointer.file


def _deletes_nothing(connection: duckdb.DuckDBPyConnection, batch: dict[str, str]) -> list[str]:
    """Say of a whole export of deals, dated by its own newest change, that an earlier import knew as new a one."""
    rows = connection.execute(
        """
        select own.snapshot_date
        from crm.batch own
        join crm.batch other on other.crm = own.crm and other.fills_opportunity
            and other.imported_at < own.imported_at and other.snapshot_at >= own.snapshot_at
        where own.batch_id = $batch and own.is_full and own.fills_opportunity and own.snapshot_basis <> 'given'
        limit 1
        """,
        batch,
    ).fetchall()
    return [
        f"nothing in it is newer than {day}, and an earlier import is as new: the deals that it lacks do not count as deleted; "
        "say when it was exported (--snapshot-at, or on the Import page) if that was later"
        for (day,) in rows
    ]


def _fill_report(connection: duckdb.DuckDBPyConnection, report: ImportReport) -> None:
    for file in report.files:
        if file.outcome != IMPORTED:
            continue
        row = connection.execute(
            "select batch_id, rows_loaded, rows_rejected, unreadable_cells, date_order "
            "from crm.batch where batch_id = $batch",
            {"batch": file.batch_id},
        ).fetchall()[0]
        batch = {"batch": row[0]}
        file.notes += _deletes_nothing(connection, batch)
        file.loaded, file.rejected, file.unreadable_cells, file.date_order = row[1:]
        skips = connection.execute(
            "select reason, count(*), min(line) from crm.skip where batch_id = $batch group by reason order by reason",
            batch,
        ).fetchall()
        file.skipped = {reason: rows for reason, rows, _ in skips}
        file.skipped_first_lines = {reason: line for reason, _, line in skips}
        file.rejects = [
            RejectSample(*found)
            for found in connection.execute(
                "select reason, count(*), min(line), is_whole_row from crm.reject where batch_id = $batch "
                "group by reason, is_whole_row order by is_whole_row desc, count(*) desc, reason limit 20",
                batch,
            ).fetchall()
        ]
    newest = connection.execute("select newest_date from crm.known").fetchall()[0][0]
    report.newest_date = newest.isoformat() if newest else None
    report.snapshots = {
        crm: f"{at:%Y-%m-%d %H:%M} UTC ({basis})"
        for crm, at, basis in connection.execute(
            "select crm_title, max(snapshot_at), max_by(snapshot_basis, snapshot_at) from crm.batch group by crm_title"
        ).fetchall()
    }
    columns = ("title", "crm", "record_count", "effect")
    found = connection.execute(f"select {', '.join(columns)} from crm.finding order by record_count desc").fetchall()
    report.findings = [dict(zip(columns, row, strict=True)) for row in found]
