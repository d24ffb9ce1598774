"""What the huddle's page and its parts share: the company's clock, links to the room, the filters a huddle keeps."""

from datetime import UTC, date, datetime, time
from urllib.parse import quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

import streamlit as st

from base.settings import load_settings
from reports.huddle_data import FILTERS
from reports.moments import local
from store.writing import now
from ui.filters import BLANK, Filters


def company_zone() -> str:
    """Return the company's time zone."""
    return load_settings().time_zone


def local_now() -> datetime:
    """Return this moment as the company's clock shows it."""
    return local(now(), company_zone())


def as_kept(day: date, at: time) -> datetime:
    """Return a moment of the company's clock as the store keeps it: UTC, without a zone."""
    there = datetime.combine(day, at, ZoneInfo(company_zone()))
    return there.astimezone(UTC).replace(tzinfo=None)


def room_link(huddle_id: str) -> str:
    """Return the room's address as seen from a page of this dashboard."""
    return f"room?huddle={quote(huddle_id)}"


def whole_room_link(huddle_id: str) -> str:
    """Return the room's whole address, to be sent to who joins late."""
    url = urlsplit(st.context.url or "")
    base = url.path.rsplit("/", 1)[0] if url.path else ""
    return f"{url.scheme}://{url.netloc}{base}/{room_link(huddle_id)}" if url.netloc else room_link(huddle_id)


def filter_query(filters: Filters) -> str:
    """Return the filters' values as a link keeps them, for a huddle whose numbers are to obey them."""
    chosen = [(name, value or BLANK) for name in FILTERS for value in filters.scope.get(name) or () if name != "custom"]
    chosen += [("custom", value) for value in filters.scope.get("custom") or ()]
    return urlencode(chosen)
