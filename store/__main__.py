"""`python -m store backup FILE` and `python -m store restore FILE`: everything that people wrote, as one file and back."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from base.errors import SamePageError, print_error
from store.backup import backup, restore
from store.database import open_store


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m store", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("backup", "write everything that people wrote to a file"),
        ("restore", "put a backup into an empty store"),
    ):
        command = commands.add_parser(name, help=what, description=what)
        command.add_argument("file", type=Path)
    asked = parser.parse_args(arguments)
    try:
        done = (backup if asked.command == "backup" else restore)(open_store(), asked.file)
    except SamePageError as error:
        print_error(error)
        return 1
    rows = sum(done.values())
    print(f"{rows:,} rows {'written to' if asked.command == 'backup' else 'restored from'} {asked.file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
