"""Few runs at once, each of one moment, and answers that do not wait for a receipt."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from store.errors import StoreError
from ui import turns
from ui.ask import ask, computed, computed_without_goals, current_mark
from ui.moment import at_this_moment, one_moment
from ui.server import send_at_once

PATIENCE = 1.0


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> float:
    """Wait less long than people would."""
    monkeypatch.setattr(turns, "_PATIENCE_SECONDS", PATIENCE)
    return PATIENCE


def run_together(runs: int, seconds: float) -> int:
    """Let so many runs come at once; return how many were on at the same time at most."""
    now, most, lock = 0, 0, threading.Lock()

    def run() -> None:
        nonlocal now, most
        with turns.turn():
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(seconds)
            with lock:
                now -= 1

    threads = [threading.Thread(target=run) for _ in range(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return most


def test_only_two_runs_are_on_at_once() -> None:
    assert run_together(8, 0.01) == 2


def test_long_runs_hold_the_others_up_no_longer_than_patience_lasts(patience: float) -> None:
    assert run_together(6, 3 * patience) == 6


def test_a_run_that_fails_gives_its_turn_back(patience: float) -> None:
    for _ in range(5):
        with pytest.raises(RuntimeError), turns.turn():
            raise RuntimeError
    began = time.monotonic()
    with turns.turn():
        assert time.monotonic() - began < patience


def test_a_run_that_gives_its_turn_up_holds_nobody_up_and_gives_it_up_once(patience: float) -> None:
    began = time.monotonic()
    with turns.turn(), turns.turn():  # both
        turns.give_up_turn()
        turns.give_up_turn()
        with turns.turn():
            assert time.monotonic() - began < patience
            with turns.turn():  # the other one was never given up
                assert time.monotonic() - began >= patience


def test_nothing_is_read_twice_in_one_moment_and_anew_in_the_next() -> None:
    number = 0

    def read() -> int:
        nonlocal number
        number += 1
        return number

    with one_moment():
        assert [at_this_moment(read), at_this_moment(read)] == [1, 1]
    with one_moment():
        assert at_this_moment(read) == 2
    assert [at_this_moment(read), at_this_moment(read)] == [3, 4]


def asked_of(asker: object, **params: object) -> dict[str, object]:
    """Return what was asked, as a report's function would its answer."""
    return params


def test_what_a_report_computes_is_kept_until_a_goal_changes(golden: object, monkeypatch: pytest.MonkeyPatch) -> None:
    first = computed(asked_of, period="2026-Q1")
    assert computed(asked_of, period="2026-Q1") is first
    assert computed(asked_of, period="2026-Q2") is not first
    monkeypatch.setattr("ui.ask.current_goals", lambda _: ["another goal"])
    assert computed(asked_of, period="2026-Q1") is not first


def test_all_figures_of_a_moment_are_of_one_version(golden_home: Path, empty_home: Path, home: Path) -> None:
    assert home.name == "home"
    with pytest.MonkeyPatch.context() as patch, one_moment():
        patch.setenv("SAME_PAGE_HOME", str(golden_home))
        assert ask("freshness")["newest_date"][0] is not None
        patch.setenv("SAME_PAGE_HOME", str(empty_home))  # as if an import had moved the pointer in the middle of a run
        deals = ask("outcome_records", outcome="won")
        assert deals.height > 0


@pytest.mark.usefixtures("golden")
def test_what_stands_on_no_goal_does_not_read_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> list[object]:
        raise StoreError("The goals could not be read", "the disk is gone")

    monkeypatch.setattr("ui.ask.current_goals", broken)
    assert computed_without_goals(asked_of, period="2026-Q1") == {"period": "2026-Q1"}
    with pytest.raises(StoreError):
        computed(asked_of, period="2026-Q1")


def test_an_answer_is_of_the_version_that_its_key_names(
    golden_home: Path, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAME_PAGE_HOME", str(empty_home))
    moved = current_mark()
    monkeypatch.setenv("SAME_PAGE_HOME", str(golden_home))
    # As if an import moved the pointer after the first look at it, outside of any moment.
    looks = iter([current_mark()])
    monkeypatch.setattr("ui.ask._mark", lambda: next(looks, moved))
    st.cache_resource.clear()
    assert ask("outcome_records", outcome="won").height > 0


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Listen as Streamlit does: without naming the protocol."""
    with socket.socket(family=socket.AF_INET) as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        yield found


def test_connections_of_listening_sockets_send_at_once(listener: socket.socket) -> None:
    def is_at_once() -> bool:
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                return bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    assert not is_at_once()
    send_at_once()
    assert is_at_once()
