"""What the benches share: a home per sample scale, made and imported once; percentiles; the machine in words."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tests.bench.ingest import PROJECT, make

EXPORTS = ("salesforce", "hubspot", "goals.csv")


def home_of(scale: float, folder: Path) -> Path:
    """Return the home into which the sample of a scale was imported by this code; made where it is not there yet."""
    exports = make(scale, folder)
    home = folder / f"home-{scale:g}"
    home.mkdir(parents=True, exist_ok=True)
    is_there = (home / "warehouse" / "current.json").exists()
    arguments = ["--rebuild", "--if-stale"] if is_there else [str(exports / name) for name in EXPORTS]
    subprocess.run(
        [sys.executable, "-m", "ingest", *arguments],
        cwd=PROJECT,
        env={**os.environ, "SAME_PAGE_HOME": str(home)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return home


@contextmanager
def kept_in(folder: Path | None) -> Iterator[Path]:
    """Give the folder that keeps samples and homes; without one, a folder that is gone afterwards."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="same-page-bench-") as made:
        yield Path(made)


def arguments(name: str, about: str) -> argparse.ArgumentParser:
    """Return a parser with what all benches take."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.bench.{name}", description=about.split("\n", maxsplit=1)[0])
    parser.add_argument("--scale", type=float, nargs="+", default=[1.0], help="sample scales; 1 is 20,000 leads")
    parser.add_argument("--home", type=Path, help="keep samples and their imports in this folder, to use them again")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures there, too")
    return parser


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 stay below."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def machine() -> str:
    """Say on what was measured, and how busy it was."""
    return (
        f"{os.cpu_count()} × {platform.processor() or platform.machine()}, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, load {os.getloadavg()[0]:.1f} at the end"
    )


def write(out: Path | None, found: Mapping[str, Any]) -> None:
    """Write the figures as JSON, if that is asked for."""
    if out is not None:
        out.write_text(json.dumps({"machine": machine(), **found}, indent=2, default=str))
