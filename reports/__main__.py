"""`python -m reports list | describe NAME | run NAME`: the numbers of the pages, with the goals that people typed in."""

import sys
from collections.abc import Mapping

import polars as pl

from queries.__main__ import main as ask
from reports.inputs import typed_goals


def written(inputs: tuple[str, ...]) -> Mapping[str, pl.DataFrame]:
    """Return what people wrote of the inputs that a query declares."""
    return {"goals": typed_goals()} if "goals" in inputs else {}


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 1 with a sentence on standard error."""
    return ask(arguments, program="reports", written=written)


if __name__ == "__main__":
    sys.exit(main())
