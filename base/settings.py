"""The company's shared definitions: settings.toml, and the words decided on a page, checked before anything uses them."""

import hashlib
import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from base.custom import CustomField, custom_key, custom_name_fault
from base.definitions import COVERAGE_BASES, SOURCED_TESTS, WIN_RATE_BASES
from base.errors import SettingsError
from base.home import settings_path
from base.mail import MailFaultError, MailSettings, mail_settings
from base.words import LEAD_MEANINGS, STAGE_MEANINGS, Word, refuse_clashes, shown_as, words_in_force

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PRIVACY_CHOICES = ("keep", "hash", "drop")
NUMBER_FORMATS = ("en", "de", "fr")


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
class BusinessHours:
    """When the clock of the SLA runs: seconds of the day, and a mark for each day of the week, Monday first."""

    opens: int
    closes: int
    days: str


@dataclass(frozen=True)
class Habits:
    """From when on a habit is one: a period's and a deal's last days, a cut, a usual stage, an edit of many at once."""

    end_days: int
    after_days: int
    cut_percent: int
    usual_percent: int
    mass_least: int
    mass_times: int


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
    coverage_basis: str
    silent_days: int
    pushed_times: int
    habits: Habits
    segments: tuple[Segment, ...]
    regions: dict[str, str]
    channels: dict[str, str]
    lead_statuses: dict[str, str]
    stages: dict[str, str]
    sourced_test: str
    marketing_sources: tuple[str, ...]
    count_rep_contacts: bool
    win_rate_basis: str
    win_rate_days: int
    first_response_hours: int
    decision_days: int
    business_hours: BusinessHours | None
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
    custom_fields: tuple[CustomField, ...] = ()
    mail: MailSettings | None = None
    crm_links: Mapping[str, str] = field(default_factory=dict)
    decided: tuple[Word, ...] = ()

    def fingerprint(self) -> str:
        """Return a hash that changes when any setting does that a number stands on: no refused suggestion, link or mail."""
        counting = replace(self, decided=tuple(word for word in self.decided if word.kind != "refused"))
        known = asdict(counting)
        del known["crm_links"], known["mail"]
        text = json.dumps(known, sort_keys=True, default=str)
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
        # What cannot be together is found here, not in the middle of a build.
        shown_as(decided)
        refuse_clashes(decided)
        # What both teams have agreed on comes before the file's own choice.
        agreed = {word.theirs: word.ours for word in decided if word.kind == "definition"}
        written = load_settings(settings_path())
        return replace(
            written,
            decided=decided,
            win_rate_basis=agreed.get("win_rate", written.win_rate_basis),
            sourced_test=agreed.get("sourced", written.sourced_test),
            coverage_basis=agreed.get("coverage", written.coverage_basis),
        )
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


def _custom_fields(reader: _Reader) -> tuple[CustomField, ...]:
    """Read the columns that are kept beside ours: each under a name of its own in one kind of file."""
    fields: list[CustomField] = []
    for number, entry in enumerate(reader.value("custom_fields", list, []), start=1):
        key = f"custom_fields, entry {number}"
        if not isinstance(entry, dict) or not {"name", "column"} <= set(entry):
            raise reader.fail(key, "needs a name and a column")
        if unknown := set(entry) - {"name", "column", "crm", "object"}:
            raise reader.fail(key, f"{', '.join(sorted(unknown))} is not known; known are name, column, crm, object")
        columns = [entry["column"]] if isinstance(entry["column"], str) else entry["column"]
        if not isinstance(columns, list) or not columns or not all(isinstance(c, str) and c.strip() for c in columns):
            raise reader.fail(key, "column should be a column's name, or a list of them")
        for name in ("name", "crm", "object"):
            if not isinstance(entry.get(name, ""), str):
                raise reader.fail(key, f"{name} is {entry[name]!r}, and should be a text")
        if fault := custom_name_fault(entry["name"]):
            raise reader.fail(key, fault)
        field = CustomField(entry["name"], tuple(columns), entry.get("crm"), entry.get("object"))
        for other in fields:
            is_same_file = (other.crm, other.object) == (field.crm, field.object)
            if is_same_file and custom_key(other.name) == custom_key(field.name):
                raise reader.fail(
                    key, f"keeps a second column as '{field.name}' of one kind of file; list the columns in one entry"
                )
        fields.append(field)
    return tuple(fields)


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
        coverage_basis=reader.choice("coverage.basis", COVERAGE_BASES, "to_go"),
        silent_days=reader.whole("coverage.silent_days", 1, 1_000, 30),
        pushed_times=reader.whole("coverage.pushed_times", 1, 100, 3),
        habits=Habits(
            end_days=reader.whole("habits.end_days", 1, 30, 7),
            after_days=reader.whole("habits.after_days", 0, 30, 2),
            cut_percent=reader.whole("habits.cut_percent", 1, 99, 10),
            usual_percent=reader.whole("habits.usual_percent", 50, 100, 80),
            mass_least=reader.whole("habits.mass_least", 2, 100_000, 20),
            mass_times=reader.whole("habits.mass_times", 2, 1_000, 5),
        ),
        segments=_segments(reader),
        regions=reader.words("regions"),
        channels=reader.words("channels"),
        lead_statuses=reader.words("lead_statuses", LEAD_MEANINGS),
        stages=reader.words("stages", STAGE_MEANINGS),
        sourced_test=reader.choice("marketing.sourced_test", SOURCED_TESTS),
        marketing_sources=tuple(sources),
        count_rep_contacts=reader.value("leads.count_rep_contacts", bool),
        win_rate_basis=reader.choice("win_rate.basis", WIN_RATE_BASES),
        win_rate_days=reader.whole("win_rate.days", 1, 3_650, 180),
        first_response_hours=reader.whole("sla.first_response_hours", 1, 8_760, 24),
        decision_days=reader.whole("sla.decision_days", 1, 365, 5),
        business_hours=_business_hours(reader),
        flag_under=reader.whole("small_samples.flag_under", 1, 10_000),
        unranked_under=reader.whole("small_samples.unranked_under", 1, 10_000),
        email_shared_by_more_than=reader.whole("identity.email_shared_by_more_than", 1, 1_000_000),
        privacy_email=reader.choice("privacy.email", PRIVACY_CHOICES),
        privacy_phone=reader.choice("privacy.phone", PRIVACY_CHOICES),
        privacy_name=reader.choice("privacy.name", PRIVACY_CHOICES, "keep"),
        custom_fields=_custom_fields(reader),
        mail=_mail(reader),
        crm_links=dict(_crm_links(reader)),
        vehicles=reader.words("vehicles"),
        half_life_days=reader.whole("attribution.half_life_days", 0, 3650, 0),
        deciding_titles=reader.texts("titles.deciding"),
        not_deciding_titles=reader.texts("titles.not_deciding"),
        deciding_roles=reader.texts("titles.deciding_roles"),
        acquisition_departments=reader.texts("acquisition.departments"),
    )
    reader.refuse_unknown()
    return settings


def _mail(reader: _Reader) -> MailSettings | None:
    """Read how the weekly review is sent, and to whom; None where no server is named."""
    found = reader.value("mail", dict, {})
    try:
        return mail_settings(found) if found else None
    except MailFaultError as error:
        key, _, what = str(error).partition(": ")
        raise reader.fail(key, what) from error


def _crm_links(reader: _Reader) -> Iterator[tuple[str, str]]:
    """Read where a CRM shows a record: by CRM, or by CRM and kind of record ("hubspot.deals")."""
    for crm, found in reader.value("crm_links", dict, {}).items():
        patterns = (
            {f"{crm}.{kind}": pattern for kind, pattern in found.items()} if isinstance(found, dict) else {crm: found}
        )
        for name, pattern in patterns.items():
            if not isinstance(pattern, str) or not re.fullmatch(
                r"https?://[^\s{}/]+(/[^\s{}]*)?\{id\}[^\s{}]*", pattern
            ):
                raise reader.fail(
                    f"crm_links.{name}",
                    f"is {pattern!r}, and should begin with https:// and hold {{id}} once, after the server's name, "
                    "like 'https://example.my.salesforce.com/{id}'",
                )
            yield name.lower(), pattern


def _business_hours(reader: _Reader) -> BusinessHours | None:
    """Read the hours in which the SLA's clock runs; None where it always does."""
    key = "sla.business_hours"
    table: dict[str, Any] = reader.value(key, dict, {})
    if not table:
        return None
    if unknown := set(table) - {"opens", "closes", "days"}:
        raise reader.fail(key, f"{', '.join(sorted(unknown))} is not known; business hours have opens, closes and days")
    edges = []
    for edge in ("opens", "closes"):
        try:
            moment = time.fromisoformat(str(table.get(edge)))
        except ValueError as error:
            raise reader.fail(
                f"{key}.{edge}", f"is {table.get(edge)!r}, and should be a time of day like '09:00'"
            ) from error
        edges.append(moment.hour * 3600 + moment.minute * 60)
    if edges[0] >= edges[1]:
        raise reader.fail(key, "should close after it opens, on the same day")
    days = table.get("days", list(WEEKDAYS[:5]))
    if not isinstance(days, list) or not days or not set(days) <= set(WEEKDAYS):
        raise reader.fail(f"{key}.days", f"is {days!r}, and should be a list of {', '.join(WEEKDAYS)}")
    return BusinessHours(edges[0], edges[1], "".join("1" if day in days else "0" for day in WEEKDAYS))


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
