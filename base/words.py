"""Words that people decide on a page, in words.toml: laid over settings.toml, each with its author and time.

Nothing is ever taken out of the file: a newer entry for the same word comes before an older one, and an entry that was
undone says by whom and when, so that the one before it is in force again. This module alone writes the file.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import tomlkit
from filelock import FileLock
from tomlkit.exceptions import TOMLKitError

from base.custom import CUSTOM_MARK, custom_key, custom_name_fault
from base.definitions import DEFINITIONS
from base.errors import SettingsError
from base.files import write_whole
from base.home import home, words_path

STAGE_MEANINGS = ("open", "won", "lost")
LEAD_MEANINGS = ("lead", "mql", "sal", "sql", "converted", "rejected", "recycled", "disqualified")
VALUE_FIELDS = ("source", "channel", "product", "owner", "region", "segment", "account", "currency")
KINDS = ("stage", "lead_status", "value", "refused", "rate", "custom", "definition")
_HEAD = """# What people decided on the Import health page: what a stage or a lead status means (stage, lead_status), under which
# name a value is shown (value), which suggestion was refused (refused), what a currency is worth from a day on (rate),
# under which name a column is kept (custom), and how a number is counted that both teams agreed on (definition).
# It is laid over settings.toml. Entries are added and never taken out; of several for one word the newest counts,
# unless it was undone.
"""


@dataclass(frozen=True)
class Word:
    """What one word of the exports means here.

    Parameters
    ----------
    kind
        stage, lead_status, value, refused, rate, custom or definition.
    theirs
        The word as the exports write it (a currency's code for a rate, a column's name for a custom field, the number
        for a definition); its case does not matter.
    ours
        What it means: one of our meanings, the value to show (empty: blank), the rate as a number in text, or the
        custom field's name; the way in which a definition counts.
    crm
        For a stage or a lead status: the CRM it belongs to; every CRM when None. For a custom field: the CRM.
    field
        For a value or a refusal: which of `VALUE_FIELDS`, or a custom field's name after `CUSTOM_MARK`. For a custom
        field: the kind of file that has the column.
    valid_from
        For a rate: the day from which it holds.
    """

    kind: str
    theirs: str
    ours: str
    crm: str | None = None
    field: str | None = None
    valid_from: date | None = None

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What it decides: two decisions with the same key are versions of one."""
        day = "" if self.valid_from is None else self.valid_from.isoformat()
        return self.kind, self.crm or "", self.field or "", self.theirs.lower(), day


@dataclass(frozen=True)
class Decision:
    """One entry of words.toml: a word, who decided it when, and who undid it when (None: nobody)."""

    number: int
    word: Word
    by: str
    at: datetime
    undone_by: str | None
    undone_at: datetime | None


def read_decisions() -> tuple[Decision, ...]:
    """Return every decision ever made, oldest first, those that were undone included; none without a file.

    Raises
    ------
    SettingsError
        words.toml is not TOML, or an entry says something that cannot be used; the message names it.
    """
    path = words_path()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError("words.toml cannot be read", f"{path}: {error}") from error
    entries = document.get("decided", [])
    if not isinstance(entries, list) or set(document) - {"decided"}:
        raise SettingsError("words.toml cannot be used", f"{path}: it should hold [[decided]] entries alone")
    return tuple(_decision(path, number, entry) for number, entry in enumerate(entries, start=1))


def decisions_in_force(decisions: Sequence[Decision] | None = None) -> tuple[Decision, ...]:
    """Return the newest decision on each word that was not undone, in the order they were made.

    Parameters
    ----------
    decisions
        As `read_decisions` gives them; read anew when None.
    """
    found = read_decisions() if decisions is None else decisions
    newest = {decision.word.key: decision for decision in found if decision.undone_at is None}
    return tuple(sorted(newest.values(), key=lambda decision: decision.number))


def words_in_force() -> tuple[Word, ...]:
    """Return the words that are decided, in an order that does not depend on when."""
    return tuple(sorted((decision.word for decision in decisions_in_force()), key=lambda word: word.key))


def shown_as(words: Iterable[Word]) -> dict[tuple[str, str], str]:
    """Return the value to show for each field and value (in small letters), followed to its end.

    Where A is shown as B and B as C, A is shown as C.

    Raises
    ------
    SettingsError
        Values are shown as each other in a circle.
    """
    direct = {(word.field or "", word.theirs.lower()): word.ours for word in words if word.kind == "value"}
    ends = {}
    for key, first in direct.items():
        seen, value = {key[1]}, first
        while (key[0], value.lower()) in direct and direct[key[0], value.lower()] != value:
            if value.lower() in seen:
                raise SettingsError(
                    "Values would be shown as each other in a circle",
                    f"{key[0]} '{key[1]}' leads to '{value}' and back to itself. Undo the earlier decision first.",
                )
            seen.add(value.lower())
            value = direct[key[0], value.lower()]
        ends[key] = value
    return ends


def refuse_clashes(words: Iterable[Word]) -> None:
    """Refuse two columns of one kind of file that would be kept under one name.

    Raises
    ------
    SettingsError
        There are such; the message names them.
    """
    newest = {word.key: word for word in words if word.kind == "custom"}
    columns: dict[tuple[str | None, str | None, str], Word] = {}
    for word in newest.values():
        other = columns.setdefault((word.crm, word.field, custom_key(word.ours)), word)
        if other.theirs.lower() != word.theirs.lower():
            raise SettingsError(
                "Two columns cannot be one field",
                f"{other.theirs} and {word.theirs} of {word.field} ({word.crm}) would both be '{word.ours}'. Give one of "
                "them another name, or undo the decision on it.",
            )


def decide(words: Sequence[Word], by: str, at: datetime | None = None) -> None:
    """Write down what was decided; all of it or, if any cannot be used, nothing.

    Parameters
    ----------
    words
        What is decided.
    by
        Who decides.
    at
        When (UTC); now when None.

    Raises
    ------
    SettingsError
        A word cannot be used, nobody decides, or the file cannot be read or written.
    """
    author = _author(by)
    moment = (at or datetime.now(UTC)).replace(tzinfo=UTC, microsecond=0)
    for word in words:
        if fault := _fault(word):
            raise SettingsError("That cannot be decided", f"{word.theirs or '(blank)'}: {fault}")
    with _locked():
        in_force = [decision.word for decision in decisions_in_force()]
        shown_as([*in_force, *words])
        refuse_clashes([*in_force, *words])
        document = _document()
        entries = document.setdefault("decided", tomlkit.aot())
        for word in words:
            entry = tomlkit.table()
            fields = {
                "kind": word.kind,
                "crm": word.crm,
                "field": word.field,
                "theirs": word.theirs,
                "ours": word.ours,
                "valid_from": word.valid_from,
                "by": author,
                "at": moment,
            }
            for name, value in fields.items():
                if value is not None:
                    entry.add(name, value)
            entries.append(entry)
        _write(document)


def undo(number: int, by: str, at: datetime | None = None) -> None:
    """Undo one decision: what was decided before it is in force again.

    Parameters
    ----------
    number
        The decision's number, as `read_decisions` gives it.
    by, at
        As in `decide`.

    Raises
    ------
    SettingsError
        There is no such decision, it was undone before, or nobody undoes it.
    """
    author = _author(by)
    with _locked():
        decision = next((item for item in read_decisions() if item.number == number), None)
        if decision is None or decision.undone_at is not None:
            raise SettingsError("There is nothing to undo", f"Entry {number} of words.toml is not in force.")
        left = [item.word for item in decisions_in_force([d for d in read_decisions() if d.number != number])]
        shown_as(left)
        refuse_clashes(left)
        document = _document()
        entry = document["decided"][number - 1]
        entry["undone_by"] = author
        entry["undone_at"] = (at or datetime.now(UTC)).replace(tzinfo=UTC, microsecond=0)
        _write(document)


def _author(by: str) -> str:
    if not by.strip():
        raise SettingsError("Say who decides", "A decision is kept with the name of who made it.")
    return by.strip()


def _fault(word: Word) -> str | None:
    """Return what is wrong with a word, or None."""
    meanings = {"stage": STAGE_MEANINGS, "lead_status": LEAD_MEANINGS}.get(word.kind)
    if word.kind not in KINDS:
        return f"its kind is '{word.kind}', and should be one of {', '.join(KINDS)}"
    if not word.theirs.strip():
        return "the word itself is blank"
    if word.kind == "definition" and word.ours not in DEFINITIONS.get(word.theirs, ()):
        known = "; ".join(f"{name}: {', '.join(ways)}" for name, ways in DEFINITIONS.items())
        return f"it is counted by '{word.ours}'; known are {known}"
    if meanings and word.ours not in meanings:
        return f"it means '{word.ours}', and should mean one of {', '.join(meanings)}"
    if word.kind in ("value", "refused") and not _is_value_field(word.field):
        return (
            f"its field is '{word.field}', and should be one of {', '.join(VALUE_FIELDS)} or '{CUSTOM_MARK}' and a name"
        )
    if word.kind == "custom":
        if not word.crm or not word.field:
            return "a column that is kept needs its CRM (crm) and its kind of file (field)"
        return custom_name_fault(word.ours)
    if word.kind == "value" and word.ours == word.theirs:
        return "it would be shown as itself"
    if word.kind == "rate":
        try:
            rate = Decimal(word.ours)
        except InvalidOperation:
            return f"'{word.ours}' is not a rate; write a number such as 1.08"
        if not rate.is_finite() or not 0 < rate < 1_000_000:
            return f"its rate is {word.ours}, and should be above 0"
        if word.valid_from is None or isinstance(word.valid_from, datetime):
            return "a rate needs the day from which it holds, like 2026-01-01"
    return None


def _is_value_field(field: str | None) -> bool:
    """Tell whether values of this field can be shown under another name: one of ours, or a custom field."""
    if field in VALUE_FIELDS:
        return True
    return (
        field is not None and field.startswith(CUSTOM_MARK) and not custom_name_fault(field.removeprefix(CUSTOM_MARK))
    )


def _decision(path: Path, number: int, entry: Any) -> Decision:
    def fail(what: str) -> SettingsError:
        return SettingsError("words.toml cannot be used", f"{path}, entry {number}: {what}")

    kinds = {
        "kind": str,
        "theirs": str,
        "ours": str,
        "by": str,
        "at": datetime,
        "crm": str,
        "field": str,
        "valid_from": date,
        "undone_by": str,
        "undone_at": datetime,
    }
    if not isinstance(entry, dict):
        raise fail("should be a table")
    for name, value in entry.items():
        if name not in kinds:
            raise fail(f"'{name}' is not known; known are {', '.join(kinds)}")
        if not isinstance(value, kinds[name]):
            raise fail(f"'{name}' is {value!r}, and should be a {kinds[name].__name__}")
    for name in ("kind", "theirs", "ours", "by", "at"):
        if name not in entry:
            raise fail(f"'{name}' is missing")
    word = Word(
        entry["kind"], entry["theirs"], entry["ours"], entry.get("crm"), entry.get("field"), entry.get("valid_from")
    )
    if fault := _fault(word):
        raise fail(fault)
    return Decision(number, word, entry["by"], entry["at"], entry.get("undone_by"), entry.get("undone_at"))


def _locked() -> FileLock:
    home().mkdir(parents=True, exist_ok=True)
    return FileLock(home() / "words.lock", timeout=30)


def _document() -> tomlkit.TOMLDocument:
    """Return the file as it stands, comments included, to add to."""
    path = words_path()
    read_decisions()  # what cannot be used is not written over
    if not path.exists():
        return tomlkit.parse(_HEAD)
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except (TOMLKitError, OSError) as error:
        raise SettingsError("words.toml cannot be read", f"{path}: {error}") from error


def _write(document: tomlkit.TOMLDocument) -> None:
    """Put the new text in the old one's place in one step that survives a power cut."""
    path = words_path()
    try:
        write_whole(path, tomlkit.dumps(document))
    except OSError as error:
        raise SettingsError("What was decided cannot be kept", f"{path}: {error}. Nothing was changed.") from error
