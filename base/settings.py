"""The company's shared definitions: settings.toml, and the words decided on a page, checked before anything uses them."""

import hashlib
import json
import math
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from base.errors import SettingsError
from base.home import settings_path
from base.words import LEAD_MEANINGS, STAGE_MEANINGS, Word, shown_as, words_in_force

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SOURCED_TESTS = ("source_field", "first_touch", "touch_before_activity")
PRIVACY_CHOICES = ("keep", "hash", "drop")
NUMBER_FORMATS = ("en", "de", "fr")
WIN_RATE_BASES = ("count", "value")


@dataclass(frozen=True)
class Segment:
    """A size class of customers: those with fewer employees than `below` (None: all the rest)."""

    name: str
    below: int | None


@dataclass(frozen=True)
class DatedRate:
    """What one unit of a currency is worth in the company's from a day on (None: from the beginning)."""

    currency: str
    valid_from: date | None
    rate: Decimal


@dataclass(frozen=True)
class Settings:
    """What the company's words mean; every field is explained in settings.toml.

    `decided` are the words that people decided on a page; they come before those of the file.
    """

    time_zone: str
    currency: str
    fiscal_year_start_month: int
    week_starts_on: str
    number_format: str
    currency_rates: tuple[DatedRate, ...]
    band: tuple[float, float]
    segment_bands: dict[str, tuple[float, float]]
    segments: tuple[Segment, ...]
    regions: dict[str, str]
    channels: dict[str, str]
    lead_statuses: dict[str, str]
    stages: dict[str, str]
    sourced_test: str
    marketing_sources: tuple[str, ...]
    count_rep_contacts: bool
    win_rate_basis: str
    flag_under: int
    unranked_under: int
    email_shared_by_more_than: int
    privacy_email: str
    privacy_phone: str
    privacy_name: str
    vehicles: dict[str, str]
    half_life_days: int
    deciding_titles: tuple[str, ...]
    not_deciding_titles: tuple[str, ...]
    deciding_roles: tuple[str, ...]
    acquisition_departments: tuple[str, ...]
    decided: tuple[Word, ...] = ()

    def fingerprint(self) -> str:
        """Return a hash that changes when any setting does; a refused suggestion changes no number, and so not this."""
        counting = replace(self, decided=tuple(word for word in self.decided if word.kind != "refused"))
        text = json.dumps(asdict(counting), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class _Reader:
    """Takes values out of the parsed file one by one and says exactly which one is wrong."""

    def __init__(self, path: Path, document: dict[str, Any]) -> None:
        self.path = path
        self.document = document
        self.known: set[str] = set()

    def fail(self, key: str, what: str) -> SettingsError:
        return SettingsError("settings.toml cannot be used", f"{self.path}, {key}: {what}")

    def value(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        self.known.add(key)
        found: Any = self.document
        for part in key.split("."):
            if not isinstance(found, dict) or part not in found:
                if default is None:
                    raise self.fail(key, "is missing")
                return default
            found = found[part]
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is int):
            expected = kind.__name__ if isinstance(kind, type) else " or ".join(k.__name__ for k in kind)
            raise self.fail(key, f"is {found!r}, and should be of type {expected}")
        return found

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        found: str = self.value(key, str, default)
        if found not in choices:
            raise self.fail(key, f"is {found!r}, and should be one of {', '.join(choices)}")
        return found

    def words(self, key: str, choices: tuple[str, ...] | None = None) -> dict[str, str]:
        table: Mapping[str, Any] = self.value(key, dict, {})
        for name, meaning in table.items():
            if not isinstance(meaning, str):
                raise self.fail(f"{key}.{name}", f"is {meaning!r}, and should be a text")
            if choices and meaning not in choices:
                raise self.fail(f"{key}.{name}", f"is {meaning!r}, and should be one of {', '.join(choices)}")
        folded = Counter(name.lower() for name in table)
        for name in table:
            if folded[name.lower()] > 1:
                raise self.fail(f"{key}.{name}", "is there twice; capitals make no difference here")
        return dict(table)

    def texts(self, key: str) -> tuple[str, ...]:
        found: list[Any] = self.value(key, list, [])
        if not all(isinstance(text, str) and text.strip() for text in found):
            raise self.fail(key, "should be a list of texts")
        return tuple(found)

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        found: int = self.value(key, int, default)
        if not low <= found <= high:
            raise self.fail(key, f"is {found}, and should be from {low} to {high}")
        return found

    def pair(self, key: str, found: object) -> tuple[float, float]:
        if (
            not isinstance(found, list)
            or len(found) != 2
            or not all(isinstance(edge, (int, float)) and not isinstance(edge, bool) for edge in found)
            or not 0 < found[0] <= found[1]
        ):
            raise self.fail(key, f"is {found!r}, and should be two numbers, the lower first, like [3.0, 5.0]")
        return float(found[0]), float(found[1])

    def refuse_unknown(self) -> None:
        """Refuse keys that are not settings: a misspelt one would silently do nothing."""
        sections = {key.split(".", maxsplit=1)[0] for key in self.known}
        for section, table in self.document.items():
            if section not in sections:
                raise self.fail(section, "is not a section of the settings")
            if section in self.known or not isinstance(table, dict):
                continue
            for name in table:
                if f"{section}.{name}" not in self.known:
                    raise self.fail(f"{section}.{name}", "is not a setting; check its spelling")


def load_settings(path: Path | None = None) -> Settings:
    """Read and check the company's settings.

    Parameters
    ----------
    path
        The file to read, alone; the one in force (`base.home.settings_path`) and the decided words when None.

    Raises
    ------
    SettingsError
        The file is missing, is not TOML, or says something that cannot be used; the message names the key.
    """
    if path is None:
        decided = words_in_force()
        # Values that are shown as each other in a circle are found here, not in the middle of a build.
        shown_as(decided)
        return replace(load_settings(settings_path()), decided=decided)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError("settings.toml is missing", f"It should be at {path}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError("settings.toml cannot be read", f"{path}: {error}") from error
    return _checked(_Reader(path, document))


def _segments(reader: _Reader) -> tuple[Segment, ...]:
    """Read the size classes: each ends where the next begins, and only the last is open."""
    entries = reader.value("segments", list, [])
    segments: list[Segment] = []
    for number, entry in enumerate(entries, start=1):
        key = f"segments, entry {number}"
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise reader.fail(key, "needs a name")
        if unknown := set(entry) - {"name", "below"}:
            raise reader.fail(key, f"{', '.join(sorted(unknown))} is not known; a segment has a name and below")
        below = entry.get("below")
        if below is not None and (not isinstance(below, int) or isinstance(below, bool) or below <= 0):
            raise reader.fail(key, f"below is {below!r}, and should be a whole number")
        if below is None and number < len(entries):
            raise reader.fail(key, "needs below; only the last segment may go without")
        if segments and below is not None and below <= (segments[-1].below or 0):
            raise reader.fail(key, f"below is {below}, and should be more than the segment before it has")
        segments.append(Segment(entry["name"], below))
    return tuple(segments)


def _checked(reader: _Reader) -> Settings:
    sources = reader.value("marketing.sources", list, [])
    if not all(isinstance(source, str) for source in sources):
        raise reader.fail("marketing.sources", "should be a list of texts")
    segment_bands = {
        name: reader.pair(f"coverage.segments.{name}", band)
        for name, band in reader.value("coverage.segments", dict, {}).items()
    }
    settings = Settings(
        time_zone=_time_zone(reader),
        currency=reader.value("company.currency", str).upper(),
        fiscal_year_start_month=reader.whole("company.fiscal_year_start_month", 1, 12),
        week_starts_on=reader.choice("company.week_starts_on", WEEKDAYS),
        number_format=reader.choice("company.number_format", NUMBER_FORMATS),
        currency_rates=tuple(_rates(reader)),
        band=reader.pair("coverage.band", reader.value("coverage.band", list)),
        segment_bands=segment_bands,
        segments=_segments(reader),
        regions=reader.words("regions"),
        channels=reader.words("channels"),
        lead_statuses=reader.words("lead_statuses", LEAD_MEANINGS),
        stages=reader.words("stages", STAGE_MEANINGS),
        sourced_test=reader.choice("marketing.sourced_test", SOURCED_TESTS),
        marketing_sources=tuple(sources),
        count_rep_contacts=reader.value("leads.count_rep_contacts", bool),
        win_rate_basis=reader.choice("win_rate.basis", WIN_RATE_BASES),
        flag_under=reader.whole("small_samples.flag_under", 1, 10_000),
        unranked_under=reader.whole("small_samples.unranked_under", 1, 10_000),
        email_shared_by_more_than=reader.whole("identity.email_shared_by_more_than", 1, 1_000_000),
        privacy_email=reader.choice("privacy.email", PRIVACY_CHOICES),
        privacy_phone=reader.choice("privacy.phone", PRIVACY_CHOICES),
        privacy_name=reader.choice("privacy.name", PRIVACY_CHOICES, "keep"),
        vehicles=reader.words("vehicles"),
        half_life_days=reader.whole("attribution.half_life_days", 0, 3650, 0),
        deciding_titles=reader.texts("titles.deciding"),
        not_deciding_titles=reader.texts("titles.not_deciding"),
        deciding_roles=reader.texts("titles.deciding_roles"),
        acquisition_departments=reader.texts("acquisition.departments"),
    )
    reader.refuse_unknown()
    return settings


def _time_zone(reader: _Reader) -> str:
    name: str = reader.value("company.time_zone", str)
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        raise reader.fail(
            "company.time_zone", f"{name!r} is not a time zone; write one like 'Europe/Berlin'"
        ) from error
    return name


def _rates(reader: _Reader) -> Iterator[DatedRate]:
    """Read the rates: one number for all time, or a list of rates with the day from which each holds."""
    own = str(reader.value("company.currency", str)).upper()
    codes: set[str] = set()
    for code, found in reader.value("currency_rates", dict, {}).items():
        key = f"currency_rates.{code}"
        if code.upper() == own:
            raise reader.fail(
                key, f"is the company's own currency and needs no rate; say what the others are worth in {own}"
            )
        if code.upper() in codes:
            raise reader.fail(key, "is there twice; capitals make no difference here")
        codes.add(code.upper())
        entries = found if isinstance(found, list) else [{"rate": found}]
        days = set()
        for entry in entries:
            if not isinstance(entry, dict) or set(entry) - {"from", "rate"} or "rate" not in entry:
                raise reader.fail(key, f"is {entry!r}, and should be like {{ from = 2026-01-01, rate = 1.08 }}")
            rate, day = entry["rate"], entry.get("from")
            if not isinstance(rate, (int, float)) or isinstance(rate, bool) or not 0 < rate < math.inf:
                raise reader.fail(key, f"is {rate!r}, and should be a number above 0")
            if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
                raise reader.fail(key, f"begins {day!r}, and should begin on a day like 2026-01-01")
            if day in days:
                raise reader.fail(key, f"has two rates from {day or 'the beginning'} on")
            days.add(day)
            yield DatedRate(code.upper(), day, Decimal(str(rate)))
