"""Personal data, before anything is stored: kept, dropped, or replaced by a keyed hash, as settings.toml says.

The hash is HMAC-SHA256 with a key that stays in SAME_PAGE_HOME. The same address gives the same hash, so one
human is still found in two CRMs, and nobody without the key can tell whether an address is in the warehouse.
"""

import hmac
import os
import re
import secrets
from collections.abc import Mapping, Sequence

import duckdb

from base.home import home
from ingest.definitions import ObjectSpec, fold
from ingest.intake import intake_tables
from ingest.raw import Shield

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


def personal_columns(headers: Sequence[str], spec: ObjectSpec, rows: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    """Return the columns that hold e-mails or phones, by header: "email" or "phone".

    Those that the definition says are; and of the columns that it does not use, those whose names say so or whose
    values are mostly addresses (a user name may be one).

    Parameters
    ----------
    headers
        The file's columns.
    spec
        The kind of file.
    rows
        Some of its records.
    """
    mapped: dict[str, str | None] = {}
    for into in spec.into:
        kinds = {name: field.kind for name, field in intake_tables()[into.table].fields.items()}
        for name, source in into.fields.items():
            kind = kinds[name] if kinds[name] in ("email", "phone") else None
            mapped.update({fold(column): kind for column in source.needed_columns()})
    found = {}
    for place, header in enumerate(headers):
        folded = fold(header)
        if folded in mapped:
            kind = mapped[folded]
            if kind is not None:
                found[header] = kind
            continue
        values = [row[place] for row in rows if place < len(row) and row[place].strip()]
        if values and sum(bool(_ADDRESS.match(value)) for value in values) * 2 > len(values):
            found[header] = "email"
        elif _NOT_PERSONAL.search(folded):
            continue
        elif _EMAIL_HEADER.search(folded):
            found[header] = "email"
        elif _PHONE_HEADER.search(folded):
            found[header] = "phone"
    return found


def hash_key(*, is_kept: bool = True) -> bytes:
    """Return this home's key, made on first use and readable by its owner alone.

    Parameters
    ----------
    is_kept
        Whether a key that is made is also written; a check that leaves nothing behind does without.
    """
    path = home() / "key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if not is_kept:
            return secrets.token_bytes(32)
        path.parent.mkdir(parents=True, exist_ok=True)
        key = secrets.token_bytes(32)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(key)
        return key


def install_hash(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give the connection a macro `keyed_hash(text)`: HMAC-SHA256 of the text, trimmed and in small letters.

    Source: RFC 2104. DuckDB has SHA-256 and no HMAC; `tests/ingest/test_privacy.py` holds this against Python's.
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
