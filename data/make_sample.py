"""Make the sample exports: `python -m data.make_sample --scale 1 --seed 7 --end 2026-11-16 --out DIR`.

Two years of a made-up B2B company, written as its Salesforce and HubSpot would export them, with truths
planted in it that the dashboard should find; truth.json says which. The same seed makes the same files, byte
for byte.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from base.errors import print_error
from data.world.build import Order, make_sample
from data.world.files import SampleError
from data.world.plants import NAMES

_SMALLEST, _LARGEST = 0.01, 1_000.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a sample as the command line says; return 0, or 2 after saying what is wrong with it."""
    try:
        order = _order(arguments)
        ledger = make_sample(order)
    except SampleError as error:
        print_error(error)
        return 2
    except OSError as error:
        print_error(SampleError(f"Writing stopped: {error.strerror or error}."))
        return 2
    print(f"Sample of scale {order.scale:g}, seed {order.seed}, up to {order.end}, in {order.out}:")
    width = max(len(name) for name in ledger.rows)
    for name, rows in ledger.rows.items():
        print(f"  {name:<{width}}  {rows:>12,} rows" if name != "truth.json" else f"  {name}")
    planted = ", ".join(name for name in NAMES if name in order.active) or "nothing"
    print(f"Planted: {planted}.")
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        """Say what is wrong in one sentence, without the usage."""
        text = f"{message[:1].upper()}{message[1:]}; see --help."
        raise SampleError(text)


def _order(arguments: Sequence[str] | None) -> Order:
    parser = _Parser(prog="python -m data.make_sample", description=(__doc__ or "").split("\n\n", 1)[1])
    parser.add_argument("--scale", default="1", help="1 is about 20,000 leads and 5,000 opportunities")
    parser.add_argument("--seed", default="7", help="a whole number; another one makes another company")
    parser.add_argument("--end", default="2026-11-16", help="the last day of the two years, as 2026-11-16")
    parser.add_argument("--out", required=True, type=Path, help="a new or empty folder, or one with a sample")
    parser.add_argument("--plant", default="all", help=f"all, none, or some of {', '.join(NAMES)}")
    given = parser.parse_args(arguments)
    return Order(
        scale=_scale(given.scale),
        seed=_seed(given.seed),
        end=_end(given.end),
        out=given.out,
        active=_active(given.plant),
    )


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = float("nan")
    if not _SMALLEST <= scale <= _LARGEST:
        message = f"The scale has to be a number from {_SMALLEST:g} to {_LARGEST:g}, not {text!r}."
        raise SampleError(message)
    return scale


def _seed(text: str) -> int:
    if not text.isdecimal():
        message = f"The seed has to be a whole number from 0 up, not {text!r}."
        raise SampleError(message)
    return int(text)


def _end(text: str) -> date:
    try:
        end = date.fromisoformat(text)
    except ValueError as error:
        message = f"The end has to be a day such as 2026-11-16, not {text!r}."
        raise SampleError(message) from error
    if not 2005 <= end.year <= 2090:
        message = f"The end has to lie between 2005 and 2090, not in {end.year}."
        raise SampleError(message)
    return end


def _active(text: str) -> frozenset[str]:
    if text == "all":
        return frozenset(NAMES)
    if text == "none":
        return frozenset()
    chosen = frozenset(text.split(","))
    unknown = sorted(chosen - set(NAMES))
    if unknown:
        message = f"There is no plant called {unknown[0]!r}; there are all, none, {', '.join(NAMES)}."
        raise SampleError(message)
    return chosen


if __name__ == "__main__":
    sys.exit(main())
