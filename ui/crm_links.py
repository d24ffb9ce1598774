"""From a record to its page in the CRM, by the patterns of settings.toml (`[crm_links]`)."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from base.settings import load_settings
from ui.ask import ask

# What a regular expression would read as its own; the browser refuses any other sign escaped.
_SIGNS = re.compile(r"[\\^$.*+?()\[\]{}|/]")
OPEN = "open_in_crm"


def link_of(links: Mapping[str, str], crm: str, kind: str, record_id: str) -> str | None:
    """Return a record's address in its CRM, its id made safe for an address; None where no pattern is for it.

    Parameters
    ----------
    links
        The patterns, by CRM or by CRM and kind of record; the kind may be in the singular or the plural.
    crm, kind
        The CRM's short name, and its kind of record as it is imported.
    record_id
        The record's id.
    """
    folded = {name.removesuffix("s"): pattern for name, pattern in links.items() if "." in name}
    pattern = folded.get(f"{crm}.{kind}".lower().removesuffix("s")) or links.get(crm.lower())
    return pattern.replace("{id}", quote(record_id, safe="")) if pattern else None


def with_links(frame: pl.DataFrame, links: Mapping[str, str], sources: pl.DataFrame) -> pl.DataFrame:
    """Return records with their addresses in the column `open_in_crm`; without it where none has one.

    Parameters
    ----------
    frame
        Records with `record_id` and the `file` that each was read from.
    links
        The patterns of the settings.
    sources
        The query `record_sources`. A file that holds two kinds of record tells of neither.
    """
    kinds: dict[str, tuple[str, str] | None] = {}
    for file, crm, kind in sources.iter_rows():
        kinds[file] = None if file in kinds else (crm, kind)
    addresses = [
        link_of(links, *kind, record_id) if record_id and (kind := kinds.get(file)) else None
        for record_id, file in frame.select("record_id", "file").iter_rows()
    ]
    if not any(addresses):
        return frame
    return frame.with_columns(pl.Series(OPEN, addresses, dtype=pl.String))


def linked(frame: pl.DataFrame, label: str, text: str) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return records whose ids are links to their CRM, and how the column is shown.

    Where only some records have a pattern, the ids stay as they are and the links stand beside them.
    """
    links = load_settings().crm_links if {"record_id", "file"} <= set(frame.columns) else {}
    if not links:
        return frame, {}
    found = with_links(frame, links, ask("record_sources"))
    if OPEN not in found.columns:
        return frame, {}
    if found[OPEN].null_count() == found["record_id"].null_count():
        shown = found.with_columns(pl.col(OPEN).alias("record_id")).drop(OPEN)
        column = st.column_config.LinkColumn(
            label, help=f"{text}; opens it in the CRM", display_text=_id_within(links.values())
        )
        return shown, {"record_id": column}
    place = found.columns.index("record_id") + 1
    order = [*frame.columns[:place], OPEN, *frame.columns[place:]]
    column = st.column_config.LinkColumn("In the CRM", help="Opens the record in its CRM", display_text="Open")
    return found.select(order), {OPEN: column}


def _id_within(patterns: Any) -> str:
    """Return the expression that finds the id again in an address made of any of the patterns."""
    parts = [pattern.split("{id}", 1) for pattern in patterns]
    before, after = ("|".join(dict.fromkeys(_SIGNS.sub(r"\\\g<0>", part[side]) for part in parts)) for side in (0, 1))
    return f"^(?:{before})([^/?#&]*)(?:{after})$"
