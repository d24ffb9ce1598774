"""`python -m reports list | describe NAME | run NAME | weekly`: the numbers of the pages, with the goals that people typed in."""

import argparse
import hashlib
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from base.errors import SamePageError, SettingsError, print_error
from base.home import home
from base.mail import FILTERS, Recipient
from base.settings import load_settings
from queries import QueryError, current_version, newest_date
from queries.__main__ import main as ask
from reports.alerts import note_alerts
from reports.asking import plain_ask
from reports.inputs import typed_goals
from reports.mailing import MailError, Outcome, message, send
from reports.paper import FORMS, write
from reports.weekly import asked_for, document_for, weekly_document
from reports.writers.errors import DocumentError


def written(inputs: tuple[str, ...]) -> Mapping[str, pl.DataFrame]:
    """Return what people wrote of the inputs that a query declares."""
    return {"goals": typed_goals()} if "goals" in inputs else {}


def weekly_parser() -> argparse.ArgumentParser:
    """Return what `weekly` takes."""
    parser = argparse.ArgumentParser(
        prog="python -m reports weekly",
        description="Write the weekly review as a file, or send it to those in settings.toml.",
    )
    parser.add_argument(
        "--as-of", metavar="DAY", type=date.fromisoformat, help="as of the end of this day, like 2026-11-16"
    )
    parser.add_argument(
        "--period", metavar="PERIOD", help="a fiscal period like 2026-Q4; the running quarter unless said"
    )
    parser.add_argument("--format", choices=tuple(FORMS), default="html")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write there; weekly-review-DAY in this folder unless said"
    )
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"one of {', '.join(FILTERS)}; again for more",
    )
    parser.add_argument(
        "--send", action="store_true", help="send it, each recipient under that recipient's own filters"
    )
    parser.add_argument("--again", action="store_true", help="send it also to those who were sent that day's already")
    return parser


def weekly(arguments: list[str]) -> int:
    """Write or send the weekly review; return 0, or 1 where somebody was not sent it."""
    given = weekly_parser().parse_args(arguments)
    if given.send:
        return _send(given)
    filters: dict[str, tuple[str, ...]] = {}
    for item in given.filter:
        name, mark, value = item.partition("=")
        if not mark:
            raise QueryError("A filter cannot be read", f"'{item}' should be of the form name=value.")
        filters[name] = (*filters.get(name, ()), value)
    asked = asked_for(given.as_of, given.period, filters)
    settings = load_settings().mail
    document = weekly_document(asked, settings.base_address if settings is not None else None)
    path = given.out or Path(f"weekly-review-{asked.as_of.isoformat()}.{FORMS[given.format][0]}")
    path.write_bytes(write(document, given.format))
    print(f"Written: {path}")
    return 0


def _send(given: argparse.Namespace) -> int:
    settings = load_settings().mail
    if settings is None or not settings.recipients:
        raise SettingsError(
            "Nobody is to be sent the review", "Name a server and recipients under [mail] in settings.toml."
        )
    if given.filter:
        raise MailError("Filters are each recipient's own", "Leave --filter out, or write a file without --send.")
    mails, marks, skipped, outcomes = [], {}, 0, []
    for recipient in settings.recipients:
        try:
            document = document_for(recipient, given.as_of, given.period, settings.base_address)
            marks[recipient] = _mark(recipient, document.as_of)
            if marks[recipient].exists() and not given.again:
                skipped += 1
            else:
                mails.append((recipient, message(document, recipient, settings)))
        except (QueryError, DocumentError) as error:
            outcomes.append(Outcome(recipient, f"{error.title}. {error.message}"))
    outcomes += send(mails, settings) if mails else []
    for outcome in outcomes:
        if outcome.failure is None:
            marks[outcome.recipient].parent.mkdir(parents=True, exist_ok=True)
            marks[outcome.recipient].touch()
            print(f"Sent to {outcome.recipient.address}")
        else:
            print(f"Not sent to {outcome.recipient.address}: {outcome.failure}", file=sys.stderr)
    if skipped:
        print(f"{skipped} had it already (--again sends it once more)")
    newest = newest_date(current_version())
    if newest is not None:
        note_alerts(plain_ask(), as_of=newest, seen=0)
    return 1 if any(outcome.failure for outcome in outcomes) else 0


def _mark(recipient: Recipient, as_of: date | None) -> Path:
    """Return the file that says that somebody was sent a day's review, as it is under that recipient's filters."""
    told = hashlib.sha256(repr(recipient).encode()).hexdigest()[:24]
    return home() / "sent" / f"{as_of}-{told}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 1 with a sentence on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["weekly"]:
        try:
            return weekly(given[1:])
        except SamePageError as error:
            print_error(error)
            return 1
    return ask(given, program="reports", written=written)


if __name__ == "__main__":
    sys.exit(main())
