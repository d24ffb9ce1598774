"""How everything is kept, on SQLite and Postgres: author, time, conflicts shown, changes taken back, the list of them."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from store import ConflictError, StoreError, audit, change, delete, open_store, reading, undo, writing
from store.models import Base
from store.room_models import Action, AgendaTemplate
from tests.conftest import PROJECT


def new_action(store: Engine, by: str = "Ann", **fields: object) -> Action:
    with writing(store, by, "The action") as session:
        row = Action(text="Call Acme", owner="Bo", status="open", due=date(2026, 12, 1), **fields)
        session.add(row)
        session.flush()
        session.expunge(row)
    return row


def read(store: Engine, row_id: str) -> Action:
    with reading(store, "The action") as session:
        found = session.get(Action, row_id)
        assert found is not None
        return found


def test_each_row_has_an_author_and_a_time(store: Engine) -> None:
    row = read(store, new_action(store, "  Ann ").id)
    assert (row.created_by, row.changed_by, row.version) == ("Ann", "Ann", 1)
    assert row.created_at == row.changed_at


def test_nobody_writes_without_a_name(store: Engine) -> None:
    with pytest.raises(StoreError, match="Say who writes it"):
        new_action(store, " ")
    assert not audit(store)


def test_a_change_keeps_the_id_and_says_who(store: Engine) -> None:
    row = new_action(store)
    with writing(store, "Bo", "The action") as session:
        change(session, Action, row.id, 1, status="done", closed_on=date(2026, 11, 30))
    after = read(store, row.id)
    assert (after.status, after.changed_by, after.created_by, after.version) == ("done", "Bo", "Ann", 2)
    newest = audit(store, "action", row.id)[0]
    assert (newest.action, newest.by) == ("changed", "Bo")
    assert newest.before is not None
    assert newest.after is not None
    assert (newest.before["status"], newest.after["status"]) == ("open", "done")


def test_a_conflicting_edit_is_shown_and_overwrites_nothing(store: Engine) -> None:
    row = new_action(store)
    with writing(store, "Bo", "The action") as session:
        change(session, Action, row.id, 1, text="Call Acme today")
    with (
        pytest.raises(ConflictError, match="Bo changed it meanwhile") as caught,
        writing(store, "Cy", "The action") as session,
    ):
        change(session, Action, row.id, 1, text="Write to Acme")
    assert caught.value.now is not None
    assert caught.value.now["text"] == "Call Acme today"
    assert read(store, row.id).text == "Call Acme today"


def test_two_writers_on_one_row_at_once(store: Engine) -> None:
    """However they interleave, each version is written by one, and everybody else is told."""
    row = new_action(store)
    written, refused = [], []

    def write(name: str) -> None:
        for _ in range(5):
            version = read(store, row.id).version
            try:
                with writing(store, name, "The action") as session:
                    change(session, Action, row.id, version, text=f"{name} {version}")
                written.append(version)
            except ConflictError:
                refused.append(version)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("Ann", "Bo", "Cy", "Di")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) + len(refused) == 20
    assert sorted(written) == list(range(1, len(written) + 1))
    assert read(store, row.id).version == len(written) + 1


def test_what_was_deleted_comes_back_as_it_was(store: Engine) -> None:
    row = new_action(store)
    with writing(store, "Bo", "The action") as session:
        delete(session, Action, row.id, 1)
    with pytest.raises(ConflictError, match="Bo deleted it"), writing(store, "Cy", "The action") as session:
        change(session, Action, row.id, 2, status="done")
    undo(store, audit(store)[0].id, "Bo")
    after = read(store, row.id)
    assert (after.deleted_at, after.text, after.due) == (None, "Call Acme", date(2026, 12, 1))
    assert [entry.action for entry in audit(store)] == ["restored", "deleted", "created"]


def test_a_change_is_taken_back_once_nothing_came_after(store: Engine) -> None:
    row = new_action(store)
    for version, word in ((1, "one"), (2, "two")):
        with writing(store, "Bo", "The action") as session:
            change(session, Action, row.id, version, text=word)
    two, one, made = audit(store)
    with pytest.raises(ConflictError):
        undo(store, one.id, "Ann")
    undo(store, two.id, "Ann")
    assert read(store, row.id).text == "one"
    undo(store, audit(store)[0].id, "Ann")  # the taking back is a change, too
    assert read(store, row.id).text == "two"
    with pytest.raises(ConflictError):
        undo(store, made.id, "Ann")


def test_taking_back_a_creation_deletes(store: Engine) -> None:
    row = new_action(store)
    undo(store, audit(store)[0].id, "Ann")
    assert read(store, row.id).deleted_by == "Ann"
    with pytest.raises(StoreError, match="no such change"):
        undo(store, 999, "Ann")


def test_lists_come_back_as_lists(store: Engine) -> None:
    items = [{"kind": "wins", "title": "Wins", "minutes": 5}]
    with writing(store, "Ann", "The template") as session:
        row = AgendaTemplate(name="Weekly", items=items)
        session.add(row)
        session.flush()
        row_id = row.id
    with writing(store, "Ann", "The template") as session:
        change(
            session, AgendaTemplate, row_id, 1, items=[*items, {"kind": "actions", "title": "Actions", "minutes": 5}]
        )
    undo(store, audit(store)[0].id, "Ann")
    with reading(store, "The template") as session:
        found = session.get(AgendaTemplate, row_id)
        assert found is not None
        assert found.items == items


def test_the_same_line_sent_twice_is_refused_by_its_key(store: Engine) -> None:
    new_action(store, client_key="abc")
    with pytest.raises(StoreError, match="could not be kept"):
        new_action(store, client_key="abc")


def test_the_models_are_what_the_migrations_made(store: Engine) -> None:
    found = inspect(store)
    for table in Base.metadata.sorted_tables:
        columns = {column["name"]: column for column in found.get_columns(table.name)}
        assert set(columns) == {column.name for column in table.columns}
        for column in table.columns:
            assert columns[column.name]["nullable"] == column.nullable, (table.name, column.name)


KILLED = """
import sys, time
from store import open_store, writing
from store.room_models import Action
with writing(open_store(), "Ann", "The action") as session:
    for number in range(50):
        session.add(Action(text=str(number), owner="Bo", status="open"))
        session.flush()
    print("written", flush=True)
    time.sleep(60)
"""


def test_a_kill_in_mid_write_leaves_nothing_half(store: Engine) -> None:
    """The process dies after its rows are written and before they are kept: none of them is there, and others write on."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=PROJECT, env=os.environ, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "written"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    process.stdout.close()
    row = new_action(store)
    with store.connect() as connection:
        assert connection.scalar(text("select count(*) from action")) == 1
        assert connection.scalar(text("select count(*) from audit")) == 1
    assert read(store, row.id).text == "Call Acme"


def test_several_servers_bring_one_store_up_to_date(
    new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("SAME_PAGE_STORE", new_database())
    code = "from store import open_store, audit; print(len(audit(open_store())))"
    processes = [
        subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, env=os.environ, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert (process.returncode, out.strip()) == (0, b"0")
    assert not (home / "store").exists()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mysql://somebody@somewhere/store", "names a mysql database"),
        ("no address", "is no address"),
        ("postgresql://nobody:secret@127.0.0.1:1/store", "cannot be opened"),
    ],
)
def test_a_store_that_cannot_be_had_is_said_to_be(
    home: Path, monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    monkeypatch.setenv("SAME_PAGE_STORE", address)
    started = time.monotonic()
    with pytest.raises(StoreError, match=told) as caught:
        open_store()
    assert "secret" not in str(caught.value)
    assert time.monotonic() - started < 30
