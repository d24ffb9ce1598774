"""One import from beginning to end: found, read, understood, built, published; or nothing changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from base.pointer import Pointer, read_pointer
from base.settings import Settings, load_settings
from ingest.definitions import Definition, load_definition, shipped_definitions
from ingest.derive import Progress, build_fingerprint, derive
from ingest.errors import IngestError
from ingest.files import Export, Unread, find_exports
from ingest.mappings import is_mapping, recognise_mapped, saved_definitions, says_the_same
from ingest.privacy import hash_key, install_hash, personal_columns, stored_expression
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
from ingest.sniff import DELIMITERS, Layout, as_utf8, sample_rows, sniff
from ingest.warehouse import NewVersion, import_lock, new_version, prune, scratch_folder

SCOPES = ("partial", "full")


@dataclass(frozen=True)
class Options:
    """What a person may say about an import.

    Parameters
    ----------
    crm
        The name of the CRM that the files come from; told from their headers when None.
    mapping
        A mapping file that says what the files hold.
    snapshot_at
        When the export was made (UTC); told from the newest moment in it when None.
    scope
        "full" if the export holds every record there is, so that one that is missing was deleted.
    date_order
        "dmy" or "mdy", for files that do not tell.
    """

    crm: str | None = None
    mapping: Path | None = None
    snapshot_at: datetime | None = None
    scope: str = "partial"
    date_order: str | None = None


def import_exports(
    paths: Sequence[Path], options: Options | None = None, progress: Progress | None = None
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

    Returns
    -------
    ImportReport
        File by file, what was understood and what became of each row.

    Raises
    ------
    IngestError
        Nothing could be recognised, or something cannot be read without a person's word.
    SettingsError
        settings.toml cannot be used.
    """
    options = options or Options()
    progress = progress or _silent
    settings = load_settings()
    definitions = _definitions(options)
    with import_lock(), scratch_folder() as scratch, new_version(scratch) as version:
        install_hash(version.connection, hash_key())
        reader = _Reader(version, scratch, settings, options, definitions, progress)
        for found in find_exports(paths, scratch):
            reader.read(found)
        report = ImportReport(reader.reports, is_changed=reader.is_changed)
        if not any(file.outcome in (IMPORTED, UNCHANGED) for file in report.files):
            raise IngestError(
                "Nothing was imported",
                "; ".join(f"{file.file}: {file.reason}" for file in report.files) or "No file.",
            )
        if not reader.is_changed:
            return report
        _finish(version, settings, progress, report)
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
    with import_lock(), scratch_folder() as scratch, new_version(scratch) as version:
        report = ImportReport([], is_changed=True)
        _finish(version, settings, progress or _silent, report)
        return report


def is_stale() -> bool:
    """Tell whether the current warehouse was built by other settings or other definitions than those in force."""
    pointer = read_pointer()
    return pointer is not None and pointer.build_hash != build_fingerprint(load_settings())


def _silent(_what: str, _done: int, _total: int) -> None:
    """Take no notice of progress."""


def _definitions(options: Options) -> list[Definition]:
    """Return what a file may be: the mapping given, else the CRMs that ship and the mappings that were saved."""
    if options.scope not in SCOPES:
        raise IngestError("The scope is not known", f"'{options.scope}' should be one of {', '.join(SCOPES)}.")
    if options.mapping is not None:
        return [load_definition(options.mapping)]
    known = [*shipped_definitions().values(), *saved_definitions()]
    if options.crm is None:
        return known
    chosen = [definition for definition in known if definition.name == options.crm]
    if not chosen:
        names = ", ".join(dict.fromkeys(definition.name for definition in known))
        raise IngestError("That CRM is not known", f"'{options.crm}' should be one of {names}.")
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
    ) -> None:
        self.connection = version.connection
        self.scratch = scratch
        self.settings = settings
        self.options = options
        self.definitions = definitions
        self.progress = progress
        self.imported_at = datetime.now(UTC).replace(tzinfo=None)
        self.import_id = self.imported_at.strftime("%Y%m%dT%H%M%S%f")
        self.reports: list[FileReport] = []
        self.is_changed = False
        self._hashes: set[str] = set()

    def read(self, found: Export | Unread) -> None:
        if isinstance(found, Unread):
            self.reports.append(FileReport(found.name, NOT_READ, reason=found.reason))
            return
        self.progress(f"reading {found.name}", len(self.reports), 0)
        try:
            layout = sniff(found.path, found.name)
        except IngestError as error:
            self.reports.append(FileReport(found.name, NOT_READ, reason=f"{error.title}: {error.message}"))
            return
        kind = recognise_mapped(layout.headers, self.definitions) or recognise(layout.headers, self.definitions)
        if isinstance(kind, NotRecognised):
            self.reports.append(FileReport(found.name, NOT_RECOGNISED, reason=kind.reason))
            return
        report = FileReport(
            found.name,
            IMPORTED,
            crm=kind.definition.title,
            object=kind.spec.name,
            encoding=layout.encoding,
            delimiter=DELIMITERS[layout.delimiter],
            unused_columns=list(kind.unused_columns),
            mapping=kind.definition.name if is_mapping(kind.definition) else None,
        )
        self.reports.append(report)
        batch_id = found.content_hash[:16]
        if batch_id in self._hashes or self._is_known(batch_id, kind):
            report.outcome = UNCHANGED
            return
        self._hashes.add(batch_id)
        self._forget(batch_id)
        self._store(found, layout, kind, batch_id, report)
        self.is_changed = True

    def _is_known(self, batch_id: str, kind: Recognised) -> bool:
        """Tell whether this content was imported before and nothing new is said about it."""
        rows = self.connection.execute(
            "select crm, object, mapping_text, snapshot_given, is_full_given, date_order_given "
            "from raw.file where batch_id = $batch",
            {"batch": batch_id},
        ).fetchall()
        if not rows:
            return False
        crm, object_name, mapping_text, snapshot, is_full, date_order = rows[0]
        options = self.options
        return (
            (crm, object_name) == (kind.definition.name, kind.spec.name)
            and (not is_mapping(kind.definition) or says_the_same(mapping_text, kind))
            and options.snapshot_at in (None, snapshot)
            and (options.scope == "partial" or is_full)
            and options.date_order in (None, date_order)
        )

    def _forget(self, batch_id: str) -> None:
        """Take out what was read of this content before, to read it anew with what is now said about it."""
        rows = self.connection.execute(
            "select table_name from raw.file where batch_id = $batch", {"batch": batch_id}
        ).fetchall()
        for (table,) in rows:
            for target in (f"raw.{quoted(table)}", "raw.bad_row", "raw.file"):
                self.connection.execute(f"delete from {target} where batch_id = $batch", {"batch": batch_id}).fetchall()

    def _store(self, found: Export, layout: Layout, kind: Recognised, batch_id: str, report: FileReport) -> None:
        choices = {"email": self.settings.privacy_email, "phone": self.settings.privacy_phone}
        stored = {
            header: stored_expression(quoted(header), choices[what])
            for header, what in personal_columns(layout.headers, kind.spec, sample_rows(found.path, layout)).items()
        }
        table = raw_table_name(kind.definition.name, kind.spec.name, layout.headers)
        text = as_utf8(found.path, layout.encoding, self.scratch / "as_utf8.csv")
        raw = read_raw(self.connection, text, layout, batch_id, table, stored)
        report.rows_read = raw.rows_read
        self._note_file(found, layout, kind, batch_id, raw)

    def _note_file(self, found: Export, layout: Layout, kind: Recognised, batch_id: str, raw: RawFile) -> None:
        is_mapped = is_mapping(kind.definition)
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
            "delimiter": DELIMITERS[layout.delimiter],
            "reader": raw.reader,
            "rows_read": raw.rows_read,
            "mapping_name": kind.definition.title if is_mapped else None,
            "mapping_text": kind.definition.text if is_mapped else None,
            "date_order_given": self.options.date_order,
            "snapshot_given": self.options.snapshot_at,
            "is_full_given": self.options.scope == "full",
        }
        names, marks = ", ".join(values), ", ".join(f"${name}" for name in values)
        self.connection.execute(f"insert into raw.file ({names}) values ({marks})", values).fetchall()


def _finish(version: NewVersion, settings: Settings, progress: Progress, report: ImportReport) -> None:
    try:
        derive(version.connection, settings, progress)
        _fill_report(version.connection, report)
        pointer: Pointer = version.publish(build_fingerprint(settings))
    except (duckdb.OutOfMemoryException, duckdb.IOException, OSError) as error:
        raise IngestError(
            "The import ran out of room",
            f"{error}. Nothing was changed; make room on the disk and try again.",
        ) from error
    prune(pointer)
    report.warehouse = pointer.file


def _fill_report(connection: duckdb.DuckDBPyConnection, report: ImportReport) -> None:
    for file in report.files:
        if file.outcome != IMPORTED:
            continue
        row = connection.execute(
            "select batch_id, rows_loaded, rows_rejected, unreadable_cells, date_order "
            "from crm.batch where file_name = $name order by imported_at desc limit 1",
            {"name": file.file},
        ).fetchall()[0]
        batch = {"batch": row[0]}
        file.loaded, file.rejected, file.unreadable_cells, file.date_order = row[1:]
        file.skipped = dict(
            connection.execute(
                "select reason, count(*) from crm.skip where batch_id = $batch group by reason order by reason",
                batch,
            ).fetchall()
        )
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
