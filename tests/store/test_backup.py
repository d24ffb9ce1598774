"""The store as one file: everything comes back, on either kind of database, and never over something else."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from store import Goal, StoreError, audit, current_goals, open_store, set_goal, writing
from store.__main__ import main
from store.backup import backup, restore
from store.models import Base
from store.room_models import Action, AgendaTemplate, Review
from tests.conftest import forget_caches


def fill(store: Engine) -> None:
    set_goal(store, Goal("won_amount", date(2026, 10, 1), date(2027, 1, 1), "company", None, Decimal("1000.50"), "Ann"))
    with writing(store, "Zoë", "The lines") as session:
        session.add(Action(text="Call Ügür\nagain", owner="Bo", status="open", due=date(2026, 12, 1)))
        session.add(AgendaTemplate(name="Weekly", items=[{"kind": "wins", "minutes": 5}]))
        session.add(
            Review(
                as_of=date(2026, 11, 15), title="Week 46", query="", goals_hash="a", settings_hash="b", code_version="c",
                warehouse="w.duckdb", frames=bytes(range(256)),
            )
        )  # fmt: skip


def contents(store: Engine) -> dict[str, list[tuple]]:
    with store.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


def test_everything_comes_back(store: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From either kind of database into SQLite: the same rows, to the last byte."""
    fill(store)
    written = backup(store, tmp_path / "store.zip")
    assert (written["action"], written["goal_version"], written["audit"]) == (1, 1, 3)
    monkeypatch.delenv("SAME_PAGE_STORE", raising=False)
    monkeypatch.setenv("SAME_PAGE_HOME", str(tmp_path / "other"))
    forget_caches()
    other = open_store()
    assert restore(other, tmp_path / "store.zip") == written
    assert contents(other) == contents(store)


def test_after_a_restore_people_write_on(store: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Numbers that a database counts itself go on after the newest restored one."""
    fill(store)
    backup(store, tmp_path / "store.zip")
    with store.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    restore(store, tmp_path / "store.zip")
    fill(store)
    assert len(audit(store)) == 6
    assert len(current_goals(store)) == 2


def test_a_backup_never_goes_over_something(store: Engine, tmp_path: Path) -> None:
    fill(store)
    backup(store, tmp_path / "store.zip")
    before = contents(store)
    with pytest.raises(StoreError, match="not empty"):
        restore(store, tmp_path / "store.zip")
    assert contents(store) == before


def test_a_damaged_backup_restores_nothing(home: Path, tmp_path: Path) -> None:
    store = open_store()
    fill(store)
    backup(store, tmp_path / "store.zip")
    with zipfile.ZipFile(tmp_path / "store.zip") as whole, zipfile.ZipFile(tmp_path / "cut.zip", "w") as cut:
        for name in whole.namelist():
            content = whole.read(name)
            cut.writestr(name, b"".join(content.splitlines(keepends=True)[:1]) if name == "audit.jsonl" else content)
    (tmp_path / "none.zip").write_bytes(b"nothing")
    with store.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    for name in ("cut.zip", "none.zip", "missing.zip"):
        with pytest.raises(StoreError, match="cannot be used"):
            restore(store, tmp_path / name)
        assert not any(contents(store).values())


def test_the_command_says_what_it_did(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(open_store())
    assert main(["backup", str(tmp_path / "store.zip")]) == 0
    assert "8 rows written to" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "store.zip")]) == 1
    assert "The store is not empty" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "no" / "folder.zip")]) == 1
