"""`python -m ingest PATH...`: import CRM exports from the command line."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from base.errors import SamePageError, print_error
from base.settings import load_settings
from ingest.definitions import shipped_definitions
from ingest.errors import IngestError
from ingest.run import SCOPES, Options, import_exports, rebuild


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Import CRM exports (CSV files, workbooks, folders, ZIPs) into a new version of the warehouse.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files, workbooks, folders and ZIPs")
    parser.add_argument("--crm", help=f"where they come from: {', '.join(shipped_definitions())}")
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help="a mapping for files of any other kind")
    parser.add_argument(
        "--snapshot-at", metavar="TIME", help="when the export was made, like 2026-11-16 or 2026-11-16T08:00"
    )
    parser.add_argument("--scope", choices=SCOPES, default="partial", help="full: a deal that is missing was deleted")
    parser.add_argument("--date-order", choices=("dmy", "mdy"), help="for dates that could be read in two ways")
    parser.add_argument("--encoding", help="how the text is encoded, like cp1252, where what is detected is wrong")
    parser.add_argument("--delimiter", help="what stands between cells: a character, or comma, semicolon, tab, bar")
    parser.add_argument("--header-line", type=int, metavar="N", help="the line (in a sheet the row) of the header")
    parser.add_argument("--sheet", metavar="NAME", help="the one sheet to read of a workbook, hidden or not")
    parser.add_argument(
        "--rebuild", action="store_true", help="build anew from the rows at hand, after a change of settings"
    )
    parser.add_argument("--if-stale", action="store_true", help="with --rebuild: only if the settings changed")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
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


def _show(what: str, _done: int, _total: int) -> None:
    print(f"\r\033[K… {what}", end="", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 1 with a sentence on standard error."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not given.paths and not given.rebuild:
        parser.error("name at least one file, folder or ZIP (or --rebuild)")
    progress = _show if sys.stderr.isatty() else None
    try:
        if given.rebuild:
            report = rebuild(progress, only_if_stale=given.if_stale)
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
            report = import_exports(given.paths, options, progress)
    except SamePageError as error:
        if progress:
            print(file=sys.stderr)
        print_error(error)
        return 1
    if progress:
        print("\r\033[K", end="", file=sys.stderr)
    if given.json:
        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(report.lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
