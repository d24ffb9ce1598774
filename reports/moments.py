"""Moments of the store (UTC, without a zone) as the company's clock shows them, and as browsers count them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from charts.numbers import day


def local(at: datetime, zone: str) -> datetime:
    """Return a moment of the store as the company's clock shows it."""
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))


def moment_words(at: datetime, zone: str) -> str:
    """Return a moment as people read it: 16 Nov 2026, 09:30."""
    there = local(at, zone)
    return f"{day(there.date())}, {there:%H:%M}"


def milliseconds(at: datetime) -> int:
    """Return a moment of the store as browsers count it."""
    return int(at.replace(tzinfo=UTC).timestamp() * 1000)
