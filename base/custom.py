"""Custom fields: columns of the exports that a company keeps beside ours, under names of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

# Which of our tables can carry them; a deal also has those of its account and its lead.
CUSTOM_TABLES = ("opportunity", "lead", "account")
# With more different values than this a field is kept for the records, and is no filter.
MOST_FILTER_VALUES = 200
# What stands before a custom field's name where fields of several kinds are named (the value map, a filter).
CUSTOM_MARK = "custom: "
_LONGEST = 60
_OURS = (
    "account",
    "amount",
    "business type",
    "campaign",
    "channel",
    "currency",
    "month",
    "owner",
    "period",
    "product",
    "region",
    "segment",
    "source",
    "stage",
    "status",
    "team",
)


@dataclass(frozen=True)
class CustomField:
    """A field that settings.toml keeps: its name, and the columns it is read from (the first that has a value).

    `crm` and `object` say in which files; in those of every CRM, or of every kind, when None.
    """

    name: str
    columns: tuple[str, ...]
    crm: str | None = None
    object: str | None = None


def custom_key(name: str) -> str:
    """Return what makes a field's name one of a kind: capitals and the width of blanks do not."""
    return " ".join(name.split()).casefold()


def custom_name_fault(name: str) -> str | None:
    """Return in words why a field cannot have this name, or None."""
    if not name.strip():
        return "a custom field needs a name"
    if name != " ".join(name.split()):
        return f"the name '{name}' begins or ends with a blank, or holds two in a row"
    if ": " in name:
        return f"the name '{name}' holds a colon and a blank, which part a field from its value"
    if len(name) > _LONGEST:
        return f"the name '{name[:20]}…' has more than {_LONGEST} signs"
    folded = custom_key(name).replace("_", " ")
    if folded in _OURS:
        return f"'{name}' is a field that every company has; give yours another name"
    return None


def one_spelling(names: Iterable[str]) -> dict[str, str]:
    """Return the one spelling, the first, of names that differ only in capitals, by `custom_key`."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(custom_key(name), name)
    return found
