"""How the weekly review is sent and to whom: the section [mail] of settings.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FILTERS = ("segment", "region", "team", "owner", "source", "product", "business_type")
FORMATS = ("html", "pdf", "pdf-wide", "pptx", "xlsx")
PASSWORD_VARIABLE = "SAME_PAGE_MAIL_PASSWORD"  # noqa: S105 (the variable's name; what it holds stands nowhere here)


class MailFaultError(ValueError):
    """The section says something that cannot be used."""


@dataclass(frozen=True)
class Recipient:
    """Who gets the review: the filters are what this person sees of it, `format` is the mail itself or what it carries."""

    address: str
    name: str
    format: str
    filters: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class MailSettings:
    """The server that sends, by what name, and the recipients; the password comes from the environment alone."""

    host: str
    port: int
    starttls: bool
    user: str | None
    sender: str
    base_address: str | None
    recipients: tuple[Recipient, ...]


def mail_settings(found: Mapping[str, Any]) -> MailSettings:
    """Return the section as it was meant; raises `MailFaultError`, whose text is the key, a colon, and what is wrong with it."""
    unknown = set(found) - {"host", "port", "starttls", "user", "sender", "base_address", "recipients"}
    if unknown:
        raise MailFaultError(f"mail.{min(unknown)}: is not a setting; check its spelling")
    port = found.get("port", 587)
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        raise MailFaultError(f"mail.port: is {port!r}, and should be a port like 587")
    starttls = found.get("starttls", True)
    if not isinstance(starttls, bool):
        raise MailFaultError(f"mail.starttls: is {starttls!r}, and should be true or false")
    entries = found.get("recipients", [])
    if not isinstance(entries, list):
        raise MailFaultError("mail.recipients: should be [[mail.recipients]] entries")
    return MailSettings(
        host=_text(found, "host", "mail.host"),
        port=port,
        starttls=starttls,
        user=_text(found, "user", "mail.user") if "user" in found else None,
        sender=_address(_text(found, "sender", "mail.sender"), "mail.sender"),
        base_address=_text(found, "base_address", "mail.base_address").rstrip("/") if "base_address" in found else None,
        recipients=tuple(
            _recipient(entry, f"mail.recipients, entry {place}") for place, entry in enumerate(entries, 1)
        ),
    )


def _recipient(entry: Any, key: str) -> Recipient:
    if not isinstance(entry, dict):
        raise MailFaultError(f"{key}: should have an address")
    unknown = set(entry) - {"address", "name", "format", "filters"}
    if unknown:
        raise MailFaultError(f"{key}: {min(unknown)} is not known; known are address, name, format, filters")
    form = entry.get("format", "html")
    if form not in FORMATS:
        raise MailFaultError(f"{key}: format is {form!r}, and should be one of {', '.join(FORMATS)}")
    filters = entry.get("filters", {})
    if not isinstance(filters, dict) or not set(filters) <= set(FILTERS):
        raise MailFaultError(f"{key}: filters should be some of {', '.join(FILTERS)}")
    values = []
    for name, value in sorted(filters.items()):
        chosen = [value] if isinstance(value, str) else value
        if not isinstance(chosen, list) or not chosen or not all(isinstance(item, str) for item in chosen):
            raise MailFaultError(f"{key}: filters.{name} should be a text or a list of texts")
        values.append((name, tuple(chosen)))
    address = _address(_text(entry, "address", key), key)
    name = _text(entry, "name", key) if "name" in entry else address
    return Recipient(address, name, form, tuple(values))


def _text(found: Mapping[str, Any], name: str, key: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value.strip() or "\n" in value or "\r" in value:
        raise MailFaultError(f"{key}: {name} is {value!r}, and should be a text of one line")
    return value.strip()


def _address(value: str, key: str) -> str:
    name, sign, host = value.rpartition("@")
    if not (name and sign and host) or any(letter in value for letter in ' <>,;"'):
        raise MailFaultError(f"{key}: is {value!r}, and should be an address like ann@example.com")
    return value
