"""What a column's values look like: dates, amounts, addresses, keys, names, words; from some of its rows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from ingest.words import meaning_of_value

_MOST = 1000
_EMPTY = frozenset(("", "-", "--", "n/a", "null", "none", "#n/a"))
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"(?=(?:.*\d){7})[+(]?[\d\s().\-/+x]{7,24}")
_MONTHS = (
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|fév|avr|juin|juil|aoû|fev|abr|ago|set|out|ene|dic"
)
_CLOCK = r"(?:[ T,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT)?)?"
_DATE = re.compile(
    rf"(?:(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:(?:19|20)\d\d|\d\d)"
    rf"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|\d{{1,2}}[ .\-]+(?:{_MONTHS})[a-zäéû]*[ .,\-]+(?:\d{{4}}|\d\d)"
    rf"|(?:{_MONTHS})[a-zäéû]*[ .]+\d{{1,2}},? +\d{{4}}){_CLOCK}",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"((?:19|20)\d\d)[-/.]?(\d{1,2})[-/.]?(\d{1,2})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONEY = re.compile(
    r"[(-]?\s*(?:[A-Z]{3}\s*|[A-Z]{0,2}[$€£¥₹])?\s*-?\s*\d[\d.,' \u00a0\u202f]*\s*(?:[KMk]|[€$£]|[A-Z]{3}|zł|Kč)?\s*[)]?"
)
_PLAIN_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_FLAGS = frozenset(
    (
        "true",
        "false",
        "yes",
        "no",
        "y",
        "n",
        "t",
        "f",
        "ja",
        "nein",
        "oui",
        "non",
        "sí",
        "si",
        "sim",
        "não",
        "wahr",
        "falsch",
        "vrai",
        "faux",
        "0",
        "1",
    )
)
_CURRENCIES = frozenset(
    re.findall(
        "[A-Z]+",
        "USD EUR GBP CHF JPY CAD AUD NZD SEK NOK DKK PLN CZK HUF BRL MXN INR CNY SGD HKD ZAR TRY ILS AED KRW RON BGN THB "
        "COP CLP ARS PEN IDR MYR PHP SAR UAH ISK",
    )
)
_PERIOD = re.compile(
    r"(?:19|20)\d\d-?[Qq][1-4]|(?:19|20)\d\d-(?:0[1-9]|1[0-2])|(?:19|20)\d\d|[Qq][1-4][ -](?:19|20)\d\d"
)
_KEY = re.compile(r"(?=.*\d)[\w\-:{}.]{1,64}|[0-9a-fA-F]{8,}")
_PERSON = re.compile(r"[^\W\d_][\w'’.\-]*(?: [^\W\d_][\w'’.\-]*){1,3}")
_ENTERPRISE = re.compile(
    r"\b(inc|llc|ltd|gmbh|ag|corp|corporation|company|co|group|sa|srl|bv|kg|plc|bank|systems|solutions|technologies|university|holdings?|partners|deal|project|renewal|upgrade|platform)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Look:
    """Some cells of one column, and what they look like; every share is of those that are not empty."""

    values: tuple[str, ...]
    rows: int

    @classmethod
    def of(cls, cells: Sequence[str]) -> "Look":
        """Return the look of a column's cells (the first thousand are enough)."""
        cells = cells[:_MOST]
        values = tuple(cell.strip() for cell in cells if cell.strip().casefold() not in _EMPTY)
        return cls(values, len(cells))

    def share(self, test: Callable[[str], object]) -> float:
        """Return the share of values that pass a test; 0 of no value."""
        return sum(bool(test(value)) for value in self.values) / len(self.values) if self.values else 0.0

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """The different values, the most frequent first."""
        counts: dict[str, int] = {}
        for value in self.values:
            counts[value] = counts.get(value, 0) + 1
        return tuple(sorted(counts, key=lambda value: -counts[value]))

    @cached_property
    def filled(self) -> float:
        """The share of rows with a value."""
        return len(self.values) / self.rows if self.rows else 0.0

    @cached_property
    def unique(self) -> float:
        """How different the values are: 1 if no two are alike."""
        return len(self.distinct) / len(self.values) if self.values else 0.0

    @cached_property
    def dates(self) -> float:
        """The share that are dates."""
        return self.share(_DATE.fullmatch)

    @cached_property
    def has_clock(self) -> bool:
        """Whether most values carry a time of day that is not midnight."""
        return self.share(lambda value: ":" in value and not re.search(r"\b0?0:00(:00)?", value)) > 0.5

    @cached_property
    def numbers(self) -> float:
        """The share that are numbers, amounts among them."""
        return self.share(lambda value: _MONEY.fullmatch(value) and not _DATE.fullmatch(value))

    @cached_property
    def flags(self) -> float:
        """The share that are yes or no."""
        return self.share(lambda value: value.casefold() in _FLAGS) if len(self.distinct) <= 2 else 0.0

    @cached_property
    def emails(self) -> float:
        """The share that are e-mail addresses."""
        return self.share(_EMAIL.fullmatch)

    @cached_property
    def is_choice(self) -> bool:
        """Whether the column holds a few values again and again."""
        return bool(self.values) and len(self.distinct) <= max(2, min(40, 0.35 * len(self.values)))

    @cached_property
    def middle_day(self) -> float | None:
        """The median day, roughly, as a number that grows with time; None where years cannot be told."""
        days = []
        for value in self.values:
            match = _YEAR_FIRST.match(value)
            year = _YEAR.search(value)
            if match:
                days.append(int(match[1]) + int(match[2]) / 12 + int(match[3]) / 372)
            elif year:
                parts = [int(part) for part in re.findall(r"\d+", value)[:2]]
                days.append(int(year[0]) + min(parts, default=0) / 12)
        return median(days) if days else None


def _words(look: Look, kind: str) -> float:
    """Return the share of values that words of a kind tell, of a column that holds a few values."""
    if not look.is_choice or look.numbers > 0.5 or look.dates > 0.5:
        return 0.0
    return look.share(lambda value: meaning_of_value(value, kind))


def _stage_words(look: Look) -> float:
    """Return the same for stages, of which there are more than won and lost."""
    return _words(look, "stage") * (0.75 + 0.25 * min(1.0, len(look.distinct) / 5))


def _unique_id(look: Look) -> float:
    if look.unique < 0.999 or look.filled < 0.999 or look.dates > 0.5 or look.emails > 0.5:
        return 0.0
    keys = look.share(_KEY.fullmatch)
    is_plain = look.share(lambda value: re.fullmatch(r"\d+[.,]\d+", value)) > 0.1
    return 0.0 if is_plain else keys


def _money(look: Look) -> float:
    if look.numbers < 0.8 or look.flags > 0.9 or look.emails or (len(look.distinct) < 3 and len(look.values) > 8):
        return 0.0
    if look.share(lambda value: re.search(r"[$€£¥₹]|[A-Z]{3}|[.,]\d\d\b|[KMk]\b", value)) > 0.3:
        return look.numbers
    if look.unique > 0.999 and len(look.values) > 10:
        return 0.3 * look.numbers  # running numbers
    is_small = look.share(lambda value: re.fullmatch(r"\d{1,3}%?", value)) > 0.9
    return (0.4 if is_small else 0.8) * look.numbers


def _person(look: Look) -> float:
    names = look.share(lambda value: _PERSON.fullmatch(value) and value[0].isupper() and not _ENTERPRISE.search(value))
    told = look.share(lambda value: meaning_of_value(value, "stage") or meaning_of_value(value, "source"))
    return 0.0 if told > 0.3 else names


def _text(look: Look) -> float:
    if look.dates > 0.3 or look.numbers > 0.3 or look.emails > 0.3 or look.unique < 0.5:
        return 0.0
    return look.unique * look.share(
        lambda value: re.search(r"[^\W\d_]{2,}", value) and (" " in value or not _KEY.fullmatch(value))
    )


def _repeated_text(look: Look) -> float:
    if look.dates > 0.3 or look.numbers > 0.3 or look.emails > 0.3 or look.unique > 0.97 or len(look.distinct) < 4:
        return 0.0
    return look.share(lambda value: re.search(r"[^\W\d_]{3,}", value)) * (1 - _words(look, "stage"))


def _percent(look: Look) -> float:
    return (
        look.share(lambda value: re.fullmatch(r"(?:100|\d{1,2})(?:[.,]\d+)?\s*%?|0?[.,]\d+", value))
        if look.numbers > 0.9
        else 0.0
    )


LOOKS: dict[str, tuple[Callable[[Look], float], str]] = {
    "unique_id": (_unique_id, "every value is different and looks like a key"),
    "stage_words": (_stage_words, "a few values again and again, with words such as won or lost"),
    "outcome_words": (
        lambda look: _words(look, "stage") if len(look.distinct) <= 4 else 0.0,
        "hardly more values than won, lost and open",
    ),
    "lead_words": (lambda look: _words(look, "lead"), "a few values again and again, with words of a lead's way"),
    "kind_words": (lambda look: _words(look, "kind"), "values such as call, e-mail or meeting"),
    "campaign_words": (lambda look: _words(look, "campaign"), "values such as planned or completed"),
    "touch_words": (lambda look: _words(look, "touch"), "values such as sent or responded"),
    "channel_words": (lambda look: _words(look, "channel"), "values such as webinar or trade show"),
    "source_words": (lambda look: _words(look, "source"), "values such as web, referral or trade show"),
    "country": (lambda look: _words(look, "country"), "names of countries"),
    "money": (_money, "amounts"),
    "currency": (lambda look: look.share(lambda value: value.upper() in _CURRENCIES), "codes of currencies"),
    "email": (lambda look: look.emails, "e-mail addresses"),
    "phone": (
        lambda look: look.share(
            lambda v: _PHONE.fullmatch(v) and re.search(r"[+() \-/]", v) and not _DATE.fullmatch(v)
        ),
        "phone numbers",
    ),
    "person": (
        lambda look: _person(look) if look.unique < 0.8 else 0.3 * _person(look),
        "names of people, again and again",
    ),
    "unique_person": (lambda look: _person(look) if look.unique >= 0.8 else 0.0, "names of people, hardly one twice"),
    "text": (_text, "texts, hardly one twice"),
    "repeated_text": (_repeated_text, "texts that come again"),
    "date": (lambda look: look.dates, "dates"),
    "moment": (lambda look: look.dates if look.has_clock else 0.0, "moments, with a time of day"),
    "percent": (_percent, "numbers from 0 to 100"),
    "period": (lambda look: look.share(_PERIOD.fullmatch), "periods such as 2026-Q4"),
}


def fits_kind(look: Look, kind: str) -> float:
    """Tell from 0 to 1 how well values fit a kind of field; 1 of no value, for then nothing speaks against it."""
    if not look.values:
        return 1.0
    if kind in ("time", "date"):
        return look.dates
    if kind in ("money", "number"):
        return look.numbers
    if kind == "bool":
        return look.flags
    if kind == "email":
        return look.emails
    if kind == "phone":
        return look.share(_PHONE.fullmatch)
    if kind == "period":
        return max(look.dates, look.share(_PERIOD.fullmatch))
    if kind == "id":
        return 1.0 - 0.7 * look.dates - 0.6 * max(0.0, look.flags - 0.5)
    return 1.0 - 0.6 * look.dates - (0.3 * look.numbers if look.numbers > 0.9 else 0.0)
