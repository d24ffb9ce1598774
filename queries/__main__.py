"""`python -m queries list | describe NAME | run NAME`: the numbers from the command line.

These are the numbers of what was imported. `python -m reports` takes the same words and knows the goals that people
typed in, too.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from base.errors import SamePageError, print_error
from queries.catalogue import catalogue, find
from queries.errors import QueryError
from queries.export import csv_text
from queries.run import run

Written = Callable[[tuple[str, ...]], Mapping[str, pl.DataFrame]]


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description="Ask the warehouse.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="every question, with its definition's first sentence")
    describe = commands.add_parser("describe", help="one question: definition, parameters, columns, SQL")
    describe.add_argument("name")
    ask = commands.add_parser("run", help="ask one question")
    ask.add_argument("name")
    ask.add_argument("--as-of", metavar="DAY", help="as of the end of this day, like 2026-11-16")
    ask.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter; again for several values (owner=Ann owner=Bo); period=2026-Q4 for a fiscal period",
    )
    ask.add_argument("--format", choices=("table", "csv", "json"), default="table")
    return parser


def _params(given: list[str], as_of: str | None) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for item in given:
        name, mark, value = item.partition("=")
        if not mark:
            raise QueryError("A parameter cannot be read", f"'{item}' should be of the form name=value.")
        if name in params:
            earlier = params[name]
            params[name] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
        else:
            params[name] = value
    if as_of is not None:
        params["as_of"] = as_of
    return params


def plain(value: object) -> Any:
    """Return a cell as JSON has it: exact whole numbers, other amounts as numbers, days and times as ISO texts."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def records(frame: pl.DataFrame) -> list[Mapping[str, Any]]:
    """Return a frame as a list of records of plain values."""
    return [{name: plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]


def _describe(name: str) -> None:
    query = find(name)
    header = query.header
    print(f"{header.title}\n\n{header.definition}\n{header.grain}\nSource: {header.source}")
    print(f"Better is {header.direction}.\n\nParameters" if header.direction != "none" else "\nParameters")
    for param in header.params.values():
        choices = f" ({', '.join(param.choices)})" if param.choices else ""
        print(f"  {param.name}: {param.type}{choices}. {param.text}")
    if header.inputs:
        print(f"Inputs: {', '.join(header.inputs)} (those that people typed in, only with: python -m reports run)")
    print("\nColumns")
    for column in header.columns.values():
        print(f"  {column.name} [{column.unit}] {column.text}")
    print(f"\nSQL\n{query.sql}")


def main(arguments: list[str] | None = None, *, program: str = "queries", written: Written | None = None) -> int:
    """Run the command and return its exit code: 0, or 1 with a sentence on standard error.

    Parameters
    ----------
    arguments
        The command line; the process's own when None.
    program
        The module that is run, for its help.
    written
        Gives what people wrote of the inputs that a query declares; without it a question about goals is answered
        from the imported ones alone, and says so.
    """
    given = _parser(program).parse_args(arguments)
    try:
        if given.command == "list":
            for name, query in catalogue().items():
                print(f"{name}: {query.header.definition.split('. ')[0].rstrip('.')}.")
        elif given.command == "describe":
            _describe(given.name)
        else:
            inputs = find(given.name).header.inputs
            frame = run(given.name, _params(given.param, given.as_of), inputs=written(inputs) if written else None)
            if inputs and written is None:
                print(
                    f"Imported {', '.join(inputs)} alone; with those typed in: python -m reports run", file=sys.stderr
                )
            if given.format == "json":
                print(json.dumps(records(frame), ensure_ascii=False, indent=2))
            elif given.format == "csv":
                print(csv_text(frame), end="")
            else:
                with pl.Config(tbl_rows=200, tbl_cols=-1, tbl_width_chars=250, fmt_str_lengths=40):
                    print(frame)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough (`... | head`); what Python still holds has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except SamePageError as error:
        print_error(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
