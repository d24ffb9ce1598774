"""Freezing a review: all of its frames in one file of bytes, with what they were computed from and by."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import polars as pl
from sqlalchemy import Engine

from base.pointer import keep_version, read_pointer
from base.settings import load_settings
from charts.numbers import NumberFormat
from reports.review import Asked, Review
from store import StoreError, current_goals
from store.reviews import FrozenReview, freeze_review, frozen_review

_META = "review.json"
_FOLDERS = ("base", "ingest", "queries", "estimators", "charts", "reports")


def to_bytes(review: Review) -> bytes:
    """Return a review as bytes that `from_bytes` reads back: exactly the same frames, types and all."""
    asked = review.asked
    meta = {
        "as_of": asked.as_of.isoformat(),
        "period": asked.period,
        "period_start": asked.period_start.isoformat(),
        "period_end": asked.period_end.isoformat(),
        "scope": {name: value for name, value in asked.scope.items() if name != "as_of"},
        "words": asked.words,
        "goal_scope": list(asked.goal_scope),
        "currency": review.numbers.currency,
        "style": review.numbers.style,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_META, json.dumps(meta, ensure_ascii=False))
        for name, frame in review.frames.items():
            part = io.BytesIO()
            frame.write_ipc(part)
            archive.writestr(f"{name}.arrow", part.getvalue())
    return file.getvalue()


def from_bytes(content: bytes) -> Review:
    """Return the review that `to_bytes` kept.

    Raises
    ------
    StoreError
        The bytes are damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            meta = json.loads(archive.read(_META))
            frames = {
                name.removesuffix(".arrow"): pl.read_ipc(io.BytesIO(archive.read(name)))
                for name in archive.namelist()
                if name.endswith(".arrow")
            }
        as_of = date.fromisoformat(meta["as_of"])
        scope = {name: tuple(value) if isinstance(value, list) else value for name, value in meta["scope"].items()}
        asked = Asked(
            as_of=as_of,
            period=meta["period"],
            period_start=date.fromisoformat(meta["period_start"]),
            period_end=date.fromisoformat(meta["period_end"]),
            scope={"as_of": as_of, **scope},
            words=meta["words"],
            goal_scope=(meta["goal_scope"][0], meta["goal_scope"][1]),
        )
        return Review(asked, NumberFormat(meta["currency"], meta["style"]), frames)
    except (zipfile.BadZipFile, KeyError, ValueError, pl.exceptions.PolarsError) as error:
        raise StoreError("The review cannot be opened", f"What was kept of it is damaged ({error}).") from error


def freeze(engine: Engine, review: Review, title: str, query: str, by: str) -> str:
    """Keep a review as it is now and return its id; its warehouse is kept, too.

    Parameters
    ----------
    engine
        The store.
    review
        What is kept.
    title
        What it is called.
    query
        The address's filters, so that the live page can be opened beside it.
    by
        Who freezes it.
    """
    pointer = read_pointer()
    warehouse = pointer.file if pointer is not None else ""
    made = FrozenReview(
        id="",
        version=0,
        as_of=review.asked.as_of,
        title=title,
        query=query,
        goals_hash=goals_hash(engine),
        settings_hash=load_settings().fingerprint(),
        code_version=code_version(),
        warehouse=warehouse,
        by=by,
        at=datetime.now(UTC).replace(tzinfo=None),
    )
    review_id = freeze_review(engine, made, to_bytes(review), by)
    if warehouse:
        keep_version(warehouse)
    return review_id


def reopen(engine: Engine, review_id: str) -> tuple[FrozenReview, Review]:
    """Return a frozen review, equal to the cent to what was shown; raises `StoreError` where it is gone or damaged."""
    kept, frames = frozen_review(engine, review_id)
    return kept, from_bytes(frames)


def goals_hash(engine: Engine) -> str:
    """Return a hash that changes with any goal that was typed in."""
    goals = sorted(
        f"{goal.measure}|{goal.period_start}|{goal.period_end}|{goal.scope}|{goal.scope_value}|{goal.value}"
        for goal in current_goals(engine)
    )
    return hashlib.sha256("\n".join(goals).encode()).hexdigest()[:16]


@cache
def code_version() -> str:
    """Return a hash of the code and the SQL that the numbers come from."""
    root = Path(__file__).resolve().parent.parent
    mixed = hashlib.sha256()
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".sql", ".toml"):
                mixed.update(path.relative_to(root).as_posix().encode())
                mixed.update(path.read_bytes())
    return mixed.hexdigest()[:16]
