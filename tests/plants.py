"""Sample companies with and without planted truths, and how the diagnoses fare on them: for the tests and the bench."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from queries.warehouse import close_warehouses
from reports.asking import plain_ask
from reports.diagnosis import TOLD, diagnose

PROJECT = Path(__file__).parent.parent
END = date(2026, 11, 16)
EXPORTS = ("salesforce", "hubspot", "goals.csv")
# The units that a plant's diagnosis names, where they are not called as in truth.json.
UNITS = {
    "email_phoned": ["Email, called first"],
    "neglected_customers": ["Existing customers"],
    "call_slump": ["Sales"],
}


@dataclass(frozen=True)
class World:
    """A sample company: its home, and what was planted, by name with the units that its diagnosis names."""

    home: Path
    planted: dict[str, list[str]]


@dataclass(frozen=True)
class Fared:
    """How the diagnoses fared on a world: each plant's verdict, and what was told that was not planted."""

    verdicts: dict[str, str]
    alarms: list[str]
    # Told of a unit in which something else is planted: a campaign without deciders whose leads do not close, either.
    consequences: list[str]


def make_world(folder: Path, seed: int, *, planted: bool, scale: float) -> World:
    """Make a sample company and import it, as its user would; or take the one that the folder holds."""
    home = folder / "home"
    if not (home / "warehouse" / "current.json").exists():
        exports = folder / "exports"
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(exports, ignore_errors=True)  # of a run that was stopped
        order = ["--scale", f"{scale:g}", "--seed", str(seed), "--end", END.isoformat()]
        plant = ["--plant", "all" if planted else "none"]
        _run("data.make_sample", *order, *plant, "--out", str(exports), home=home)
        (exports / "truth.json").replace(folder / "truth.json")
        _run("ingest", *(str(exports / name) for name in EXPORTS), home=home)
        shutil.rmtree(exports)
    truth = json.loads((folder / "truth.json").read_text())
    named = {
        plant["plant"]: UNITS.get(plant["plant"], [unit["name"] for unit in plant["unit"]]) for plant in truth["plants"]
    }
    return World(home, named)


def _run(module: str, *arguments: str, home: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT,
        env={**os.environ, "SAME_PAGE_HOME": str(home)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def _living_in(home: Path) -> Iterator[None]:
    before = os.environ.get("SAME_PAGE_HOME")
    os.environ["SAME_PAGE_HOME"] = str(home)
    close_warehouses()
    try:
        yield
    finally:
        close_warehouses()
        if before is None:
            del os.environ["SAME_PAGE_HOME"]
        else:
            os.environ["SAME_PAGE_HOME"] = before


def fared(world: World) -> Fared:
    """Diagnose a world, and hold what was told beside what was planted.

    A plant is named if each of its units is told by its own question; cannot tell if the others read so; else missed.
    """
    with _living_in(world.home):
        found = diagnose(plain_ask(), as_of=END)
    told = {(row["question"], row["unit"]) for row in found.filter(pl.col("verdict") == TOLD).iter_rows(named=True)}
    planted = {(name, unit) for name, units in world.planted.items() for unit in units}
    elsewhere = {unit for _, unit in planted}
    return Fared(
        {name: _verdict(found, name, units) for name, units in world.planted.items()},
        [f"{question}: {unit}" for question, unit in sorted(told - planted) if unit not in elsewhere],
        [f"{question}: {unit}" for question, unit in sorted(told - planted) if unit in elsewhere],
    )


def _verdict(found: pl.DataFrame, name: str, units: list[str]) -> str:
    rows = found.filter(pl.col("question") == name)
    verdicts: dict[str, Any] = dict(rows.select("unit", "verdict").iter_rows())
    given = {verdicts.get(unit, "cannot tell") for unit in units}  # a unit that cannot be compared is not looked at
    if given == {TOLD}:
        return "named"
    return "cannot tell" if given <= {TOLD, "cannot tell"} else "missed"
