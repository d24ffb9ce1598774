"""`python -m ingest PATH...`: import CRM exports from the command line."""

import argparse
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from base.errors import SamePageError, WarehouseError, print_error
from base.pointer import Pointer, read_pointer
from base.settings import load_settings
from ingest.definitions import shipped_definitions
from ingest.errors import IngestError
from ingest.rejects import write_rejects
from ingest.report import ImportReport
from ingest.run import SCOPES, Options, import_exports, rebuild
from ingest.warehouse import rollback, versions
from ingest.watch import watch


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Import CRM exports (CSV files, workbooks, folders, ZIPs) into a new version of the warehouse.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files, workbooks, folders and ZIPs")
    parser.add_argument(
        "--crm",
        metavar="CRM[:KIND]",
        help=f"where they come from: {', '.join(shipped_definitions())}; or what they are, like 'zoho:Deals'",
    )
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help="a mapping for files of any other kind")
    parser.add_argument(
        "--snapshot-at", metavar="TIME", help="when the export was made, like 2026-11-16 or 2026-11-16T08:00"
    )
    parser.add_argument(
        "--scope",
        choices=SCOPES,
        help="full: a deal that is missing was deleted; partial: it was not",
    )
    parser.add_argument("--date-order", choices=("dmy", "mdy"), help="for dates that could be read in two ways")
    parser.add_argument("--encoding", help="how the text is encoded, like cp1252, where what is detected is wrong")
    parser.add_argument("--delimiter", help="what stands between cells: a character, or comma, semicolon, tab, bar")
    parser.add_argument("--header-line", type=int, metavar="N", help="the line (in a sheet the row) of the header")
    parser.add_argument("--sheet", metavar="NAME", help="the one sheet to read of a workbook, hidden or not")
    parser.add_argument("--dry-run", action="store_true", help="say all that an import would say, and write nothing")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    instead = parser.add_argument_group("instead of importing files")
    what = instead.add_mutually_exclusive_group()
    what.add_argument("--watch", type=Path, metavar="FOLDER", help="import what lands in a folder, until Ctrl-C")
    what.add_argument("--rebuild", action="store_true", help="build anew from the rows at hand, by changed settings")
    what.add_argument("--versions", action="store_true", help="list the versions of the warehouse that are kept")
    what.add_argument(
        "--rollback",
        nargs="?",
        type=int,
        const=0,
        metavar="NUMBER",
        help="make the version before the current one (or the one of that number) current again",
    )
    what.add_argument("--rejects", type=Path, metavar="FOLDER", help="write rejected rows there, to mend and import")
    parser.add_argument("--every", type=float, default=10.0, metavar="SECONDS", help="with --watch: between two looks")
    parser.add_argument("--if-stale", action="store_true", help="with --rebuild: only if the settings changed")
    return parser


def _moment(text: str | None) -> datetime | None:
    """Read a moment on the command line: in the company's zone, unless it names one."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise IngestError(
            "The snapshot's time cannot be read", f"'{text}' should look like 2026-11-16 or 2026-11-16T08:00."
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(load_settings().time_zone))
    return moment.astimezone(UTC).replace(tzinfo=None)


def _show(what: str, done: int, total: int) -> None:
    share = f"{100 * done // total:3d}% " if total else ""
    print(f"\r\033[K{share}{what}", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _current() -> Pointer | None:
    try:
        return read_pointer()
    except WarehouseError:
        return None


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 1 with a sentence on standard error; 130 after Ctrl-C."""
    parser = _parser()
    given = parser.parse_args(arguments)
    is_other = given.rebuild or given.versions or given.rollback is not None or given.rejects or given.watch
    if not given.paths and not is_other:
        parser.error("name at least one file, folder or ZIP (or --watch, --rebuild, --versions, --rollback, --rejects)")
    if given.paths and is_other:
        parser.error("name either files to import or something else to do, not both")
    if not 0 < given.every < 86_400:
        parser.error("--every should be a number of seconds above 0")
    before = _current()
    try:
        _run(given)
    except SamePageError as error:
        _clear()
        print_error(error)
        return 1
    except KeyboardInterrupt:
        _clear()
        if given.watch:
            print(f"No longer watching {given.watch}.")
            return 0
        print("Stopped; " + ("nothing was changed." if _current() == before else "the new version was made already."))
        return 130
    return 0


def _run(given: argparse.Namespace) -> None:
    """Do the one thing that was asked for, and print what became of it."""
    progress = _show if sys.stderr.isatty() else None
    if given.versions:
        found = versions()
        print("\n".join(version.line() for version in found) or "Nothing was imported yet.")
    elif given.rollback is not None:
        print("Current now: " + rollback(given.rollback or None).line().strip())
    elif given.rejects:
        paths = write_rejects(given.rejects)
        print("\n".join(map(str, paths)) if paths else "There are no rejects: every row was read.")
    elif given.rebuild:
        _print_report(rebuild(progress, only_if_stale=given.if_stale), is_json=given.json)
    else:
        options = Options(
            given.crm,
            given.mapping,
            _moment(given.snapshot_at),
            given.scope,
            given.date_order,
            encoding=given.encoding,
            delimiter=given.delimiter,
            header_line=given.header_line,
            sheet=given.sheet,
        )
        if given.watch:
            signal.signal(signal.SIGTERM, _interrupt)  # what ends a service ends the watch as Ctrl-C does
            watch(given.watch, options, every=given.every, say=_say)
        else:
            _print_report(import_exports(given.paths, options, progress, is_dry_run=given.dry_run), is_json=given.json)


def _print_report(report: ImportReport, *, is_json: bool) -> None:
    _clear()
    if is_json:
        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(report.lines()))


def _say(line: str) -> None:
    print(line, flush=True)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
