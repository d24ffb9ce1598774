"""Writing: CSV files that grow chunk by chunk, and a folder that is replaced only when it is ours."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Literal

import polars as pl

from base.errors import SamePageError
from data.world.ledger import Ledger

SIGNATURE = "truth.json"
"""The file by which a folder is known to hold a sample, and may be replaced."""
_OBJECTS = (
    "Account",
    "Contact",
    "Lead",
    "LeadHistory",
    "Opportunity",
    "OpportunityHistory",
    "OpportunityContactRole",
    "OpportunityLineItem",
    "Product2",
    "Campaign",
    "CampaignMember",
    "Task",
    "Event",
    "User",
    "UserRole",
    "ForecastingQuota",
)
FILES = (
    *(f"salesforce/{name}.csv" for name in _OBJECTS),
    "hubspot/hubspot-contacts.csv",
    "goals.csv",
    SIGNATURE,
)
"""All that a sample consists of."""


class SampleError(SamePageError):
    """Something that the person who asked for the sample can put right; says what in one sentence."""

    def __init__(self, message: str) -> None:
        super().__init__("The sample cannot be made", message)


def prepare(out: Path) -> None:
    """Make an empty folder for the sample; a sample that is there already is removed, anything else is not.

    Raises
    ------
    SampleError
        If the folder holds something that is no sample, or cannot be written.
    """
    try:
        if out.exists():
            _check_ours(out)
            for name in FILES:
                (out / name).unlink(missing_ok=True)
        for name in FILES:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
        # signed before anything else, so that a run cut short can be done again
        (out / SIGNATURE).write_text("{}\n", encoding="utf-8")
    except OSError as error:
        message = f"Cannot write to {out}: {error.strerror or error}."
        raise SampleError(message) from error


def _check_ours(out: Path) -> None:
    if not out.is_dir():
        message = f"{out} is a file; give the name of a folder."
        raise SampleError(message)
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    foreign = sorted(found - set(FILES))
    if foreign or (found and SIGNATURE not in found):
        what = ", ".join((foreign or sorted(found))[:3])
        message = f"{out} is not empty and holds no earlier sample ({what}); give a new or an empty folder."
        raise SampleError(message)


class Writer:
    """Appends frames to CSV files, quoted as Salesforce's exports are, and counts what it writes."""

    def __init__(self, out: Path, ledger: Ledger) -> None:
        self._out, self._ledger = out, ledger
        self._open: dict[str, BinaryIO] = {}

    def __enter__(self) -> "Writer":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all files."""
        for file in self._open.values():
            file.close()

    def write(self, name: str, frame: pl.DataFrame, *, quote: bool = True) -> None:
        """Add the rows of a frame to a file, which begins with the frame's columns."""
        is_new = name not in self._open
        if is_new:
            self._open[name] = (self._out / name).open("wb")
        style: Literal["always", "necessary"] = "always" if quote else "necessary"
        frame.write_csv(self._open[name], include_header=is_new, quote_style=style)
        self._ledger.observe(name, frame)


def write_truth(out: Path, truth: Mapping[str, object]) -> None:
    """Write what is true of the sample beside it."""
    text = json.dumps(truth, indent=2, ensure_ascii=False)
    (out / SIGNATURE).write_text(text + "\n", encoding="utf-8")
