"""What an export can bring: the product's own tables and fields, as `intake.toml` lists them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

KINDS = ("id", "text", "time", "date", "money", "number", "bool", "email", "phone", "period")


@dataclass(frozen=True)
class IntakeField:
    """One of our fields: its type and what is special about it (the words are explained in intake.toml).

    `choices`, where there are any, are all that it can say; a row that says anything else is rejected.
    """

    name: str
    kind: str
    is_required: bool
    is_event: bool
    is_stamp: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class IntakeTable:
    """One of our tables: its grain in words and its key; of several rows of one key the newest snapshot counts.

    `says_what_it_carries` marks a table whose rows may say some fields and be silent about others.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    fields: dict[str, IntakeField]
    says_what_it_carries: bool = False


@cache
def intake_tables() -> dict[str, IntakeTable]:
    """Return every intake table by name."""
    document = tomllib.loads((Path(__file__).parent / "intake.toml").read_text(encoding="utf-8"))
    tables = {}
    for name, table in document.items():
        fields = {
            field: IntakeField(
                name=field,
                kind=spec["type"],
                is_required=spec.get("required", False),
                is_event=spec.get("event", False),
                is_stamp=spec.get("stamp", False),
                choices=tuple(spec.get("choices", ())),
            )
            for field, spec in table["fields"].items()
        }
        tables[name] = IntakeTable(name, table["grain"], tuple(table["key"]), fields, table.get("carries", False))
    return tables
