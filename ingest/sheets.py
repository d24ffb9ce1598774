"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS) as one text each visible sheet, with what was left out and said so.

The reading itself is `ingest/workbook.py`, in a process of its own: a hostile workbook can only end that.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.errors import IngestError

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_READER = Path(__file__).parent / "workbook.py"


@dataclass(frozen=True)
class SheetText:
    """One visible sheet as CSV in UTF-8: where it stands, the sheet's row of each record, what was left out."""

    sheet: str
    path: Path
    rows: npt.NDArray[np.int64]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class NoTable:
    """A sheet that is no table, and why; without a name, the workbook itself."""

    sheet: str
    reason: str


def read_workbook(path: Path, name: str, folder: Path, sheet: str | None = None) -> Iterator[SheetText | NoTable]:
    """Yield every visible sheet of a workbook as a text.

    Parameters
    ----------
    path, name
        The workbook, and what people know it by.
    folder
        An empty folder for the texts.
    sheet
        The one sheet to read, hidden or not; every visible one when None.

    Raises
    ------
    IngestError
        The workbook is locked, damaged or too large for this machine, or has no such sheet.
    """
    command = [sys.executable, "-I", str(_READER), str(path), str(folder), *([] if sheet is None else [sheet])]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  (our own file, no shell)
    if done.returncode:
        raise IngestError(
            "A workbook cannot be opened",
            f"{name} is damaged, or needs more memory than this machine has. Save the sheet as CSV and try again.",
        )
    found = json.loads(done.stdout)
    if "locked" in found:
        raise IngestError("A workbook is locked", f"{name} asks for a password. Save it without one and try again.")
    if "damaged" in found:
        raise IngestError(
            "A workbook cannot be opened",
            f"{name} is damaged or not a workbook ({found['damaged']}). Save it anew, or as CSV.",
        )
    if "known" in found:
        raise IngestError(
            "There is no such sheet", f"{name} has no sheet '{sheet}'; it has {', '.join(found['known'])}."
        )
    unsaid = [f"hidden sheets of {name} were left out: {', '.join(found['hidden'])}"] if found["hidden"] else []
    for item in found["sheets"]:
        if "reason" in item:
            yield NoTable(item["sheet"], item["reason"])
            continue
        rows = np.fromfile(folder / f"{item['stem']}.rows", dtype=np.int64)
        yield SheetText(item["sheet"], folder / f"{item['stem']}.csv", rows, (*unsaid, *item["notes"]))
        unsaid = []
    if unsaid:
        yield NoTable("", f"{unsaid[0]} (name one with --sheet to read it)")
