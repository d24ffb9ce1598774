"""Personal data, before anything is stored: kept, dropped, or replaced by a keyed hash, as settings.toml says.

The hash is HMAC-SHA256 with a key that stays in SAME_PAGE_HOME. The same address gives the same hash, so one
human is still found in two CRMs, and nobody without the key can tell whether an address is in the warehouse.
"""

import hmac
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import duckdb

from base.home import home
from base.settings import Settings
from ingest.definitions import ObjectSpec, fold, stored_definition
from ingest.errors import IngestError
from ingest.intake import intake_tables
from ingest.raw import Shield, quoted

HASH_MARK = "hmac:"
_ADDRESS = re.compile(r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$")
_HOLDS_ADDRESS = re.compile(r"[^@\s]@[^@\s]+\.[^@\s]")
_PHONE = re.compile(r"\D{0,3}(?:\d\D{0,3}){6,}")
_HASHED = re.compile(r"hmac:[0-9a-f]{64}")
_EMAIL_HEADER = re.compile(r"e?mail")
_PHONE_HEADER = re.compile(r"(phone|mobile|telefon|fax|handy)")
_NOT_PERSONAL = re.compile(
    r"(optout|optedout|optin|bounced|status|count|number_of|sends|opens|clicks|type|reason|date)"
)
_BLOCK = 64
_KEYS_OF_PEOPLE = (
    "lead_id",
    "contact_id",
    "lead",
    "contact",
    "who",
    "converted_contact",
    "other_lead",
    "other_contact",
)
_PEOPLE = ("lead", "contact")
_NAME_HEADER = re.compile(
    r"(first|last|middle|full|sur|nick)?name|salutation|suffix|vorname|nachname|nom|pr[eé]nom|nome|sobrenome|nombre|apellidos?"
)
_PERSON_HEADER = re.compile(r"(primary)?contact(name|person)?|leadname|associatedcontact|kontaktperson|pessoadecontato")
_STRICTNESS = ("email", "phone", "name", "key", None)
_KEY_BYTES = 32


def personal_columns(headers: Sequence[str], spec: ObjectSpec, rows: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    """Return the personal columns by header: "email", "phone", "name" (of a lead or contact); "key" for an address as key.

    Those that the definition says are, whatever else it uses them for; the keys of people that are mostly addresses;
    and of the columns that it does not use, those whose names say so or whose values are mostly addresses (a user
    name may be one).

    Parameters
    ----------
    headers
        The file's columns.
    spec
        The kind of file.
    rows
        Some of its records.
    """
    mapped = _kinds_said(spec)
    is_of_people = bool(spec.into) and spec.into[0].table in _PEOPLE
    found: dict[str, str] = {}
    for place, header in enumerate(headers):
        folded = fold(header)
        values = [row[place] for row in rows if place < len(row) and row[place].strip()]
        is_addresses = bool(values) and sum(bool(_ADDRESS.match(value)) for value in values) * 2 > len(values)
        if folded in mapped:
            kind = mapped[folded]
            if kind in ("email", "phone", "name") or (kind == "key" and is_addresses):
                found[header] = kind
        elif is_addresses:
            found[header] = "email"
        elif _PERSON_HEADER.fullmatch(folded) or (is_of_people and _NAME_HEADER.fullmatch(folded)):
            found[header] = "name"
        elif _NOT_PERSONAL.search(folded):
            continue
        elif _EMAIL_HEADER.search(folded):
            found[header] = "email"
        elif _PHONE_HEADER.search(folded):
            found[header] = "phone"
    return found


def _kinds_said(spec: ObjectSpec) -> dict[str, str | None]:
    """Return what a definition says of each column that it uses: the strictest of its uses."""
    mapped: dict[str, str | None] = {}
    for into in spec.into:
        kinds = {name: field.kind for name, field in intake_tables()[into.table].fields.items()}
        for name, source in into.fields.items():
            kind: str | None = kinds[name] if kinds[name] in ("email", "phone") else None
            if name in _KEYS_OF_PEOPLE:
                kind = "key"
            elif name == "name" and into.table in _PEOPLE:
                kind = "name"
            for column in map(fold, source.needed_columns()):
                mapped[column] = min(mapped.get(column), kind, key=_STRICTNESS.index)
    return mapped


def hash_key(*, is_kept: bool = True) -> bytes:
    """Return this home's key, made on first use and readable by its owner alone.

    Parameters
    ----------
    is_kept
        Whether a key that is made is also written; a check that leaves nothing behind does without.
    """
    path = home() / "key"
    if not path.exists():
        key = secrets.token_bytes(_KEY_BYTES)
        if not is_kept:
            return key
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: a kill between making the file and writing it would leave a key that is no secret.
        with NamedTemporaryFile(dir=path.parent, prefix="key.", delete=False) as file:  # readable by its owner alone
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        made = Path(file.name)
        with suppress(FileExistsError):  # another import was first: its key is the key
            path.hardlink_to(made)
        made.unlink()
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise IngestError(
            "The key of this home is damaged",
            f"{path} should hold {_KEY_BYTES} bytes and holds {len(key)}. Put the file back from a copy; without it, take "
            "it away: a new key is made, and addresses imported from then on no longer match the earlier ones.",
        )
    return key


def privacy_choices(settings: Settings) -> dict[str, str]:
    """Return what the company does with each kind of personal column: keep, hash or drop; a key is never dropped."""
    email = settings.privacy_email
    return {
        "email": email,
        "phone": settings.privacy_phone,
        "name": settings.privacy_name,
        "key": "hash" if email == "drop" else email,
    }


def install_hash(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give the connection a macro `keyed_hash(text)`: HMAC-SHA256 of the text, trimmed and in small letters.

    Source: RFC 2104. DuckDB has SHA-256 and no HMAC; `tests/ingest/test_import.py` holds this against Python's.
    """
    padded = key.ljust(_BLOCK, b"\0")
    inner = bytes(byte ^ 0x36 for byte in padded).hex()
    outer = bytes(byte ^ 0x5C for byte in padded).hex()
    connection.execute(
        f"""
        create or replace temp macro keyed_hash(value) as
            '{HASH_MARK}' || sha256(
                unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode(lower(trim(value)))))
            )
        """
    )


def stored_expression(column_sql: str, choice: str) -> str:
    """Return the SQL that stands for a personal column in what is stored, by the company's choice.

    What is a hash already (a rejected row that comes back mended) stays as it is.
    """
    if choice == "keep":
        return column_sql
    if choice == "drop":
        return "cast(null as varchar)"
    return (
        f"case when starts_with({column_sql}, '{HASH_MARK}') "
        f"and regexp_full_match({column_sql}, '{_HASHED.pattern}') then {column_sql} "
        f"when trim({column_sql}) <> '' then keyed_hash({column_sql}) end"
    )


def cell_shield(headers: Sequence[str], kinds: Mapping[str, str], choices: Mapping[str, str], key: bytes) -> Shield:
    """Return a function that makes the cells of a record with too many fields fit to be stored.

    Where such a record slipped is not known: every address is replaced wherever it stands, and a number where a
    phone may have slipped to.

    Parameters
    ----------
    headers
        The file's columns.
    kinds
        Its personal columns: "email" or "phone".
    choices
        What the company does with each of the two.
    key
        The home's key.
    """
    phones = [place for place, header in enumerate(headers) if kinds.get(header) == "phone"]

    def replaced(cell: str, choice: str) -> str | None:
        if choice == "keep" or not cell.strip() or _HASHED.fullmatch(cell):
            return cell
        if choice == "drop":
            return None
        digest = hmac.new(key, cell.strip(" ").lower().encode(), "sha256").hexdigest()
        return f"{HASH_MARK}{digest}"

    def shield(cells: list[str]) -> list[str | None]:
        slip = len(cells) - len(headers)
        safe: list[str | None] = []
        for place, cell in enumerate(cells):
            if _HOLDS_ADDRESS.search(cell):
                safe.append(replaced(cell, choices["email"]))
            elif _PHONE.fullmatch(cell) and any(phone <= place <= phone + slip for phone in phones):
                safe.append(replaced(cell, choices["phone"]))
            else:
                safe.append(cell)
        return safe

    return shield


def shield_kept_rows(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Bring raw rows that were kept under a looser choice to the company's choice of today.

    Needs `install_hash`. What was hashed or dropped stays so: it cannot be brought back.
    """
    choices = privacy_choices(settings)
    files = connection.sql("select * from raw.file").pl().to_dicts()
    for row in files:
        spec = next((item for item in stored_definition(row).objects if item.name == row["object"]), None)
        if spec is None:
            continue
        table, headers = f"raw.{quoted(row['table_name'])}", row["headers"]
        shown = ", ".join(map(quoted, headers))
        sample = connection.execute(
            f"select {shown} from {table} where batch_id = $batch limit 200", {"batch": row["batch_id"]}
        ).fetchall()
        rows = [["" if cell is None else cell for cell in found] for found in sample]
        for header, kind in personal_columns(headers, spec, rows).items():
            if choices[kind] == "keep":
                continue
            connection.execute(
                f"update {table} set {quoted(header)} = {stored_expression(quoted(header), choices[kind])} "
                f"where batch_id = $batch and trim({quoted(header)}) <> '' "
                f"and not starts_with({quoted(header)}, '{HASH_MARK}')",
                {"batch": row["batch_id"]},
            ).fetchall()
