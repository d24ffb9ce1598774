"""Turns: few runs of pages at once, for many at once hinder each other, and then each lasts as long as all."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Semaphore

import streamlit as st

# Python computes one thing at a time; the second run goes on while the first waits for the database.
_AT_ONCE = 2
# Longer than nearly every run.
_PATIENCE_SECONDS = 2.0

_turns = Semaphore(_AT_ONCE)
_HAS_TURN: ContextVar[bool] = ContextVar("has_turn", default=False)


@contextmanager
def turn() -> Iterator[None]:
    """Wait until it is this run's turn, or until it has waited long enough."""
    token = _HAS_TURN.set(_turns.acquire(timeout=_PATIENCE_SECONDS))
    try:
        yield
    finally:
        give_up_turn()
        _HAS_TURN.reset(token)


def give_up_turn() -> None:
    """Let others go on: what this run does now takes long, or it has ended."""
    if _HAS_TURN.get():
        _HAS_TURN.set(False)
        _turns.release()


@contextmanager
def long_work(words: str, *, show_time: bool = False) -> Iterator[None]:
    """Say what is being done, and hold nobody up meanwhile."""
    give_up_turn()
    with st.spinner(words, show_time=show_time):
        yield
