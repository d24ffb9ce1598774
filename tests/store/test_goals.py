"""Goals that people type in: kept in versions, never overwritten."""

import os
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import inspect

from store import Goal, StoreError, current_goals, goal_versions, open_store, set_goal, withdraw_goal
from store.models import Base
from tests.conftest import PROJECT, forget_caches


def goal(value: str = "1000", by: str = "Ann", **changes: object) -> Goal:
    """Return a goal of the company for a quarter."""
    fields: dict = {
        "measure": "won_amount",
        "period_start": date(2026, 10, 1),
        "period_end": date(2027, 1, 1),
        "scope": "company",
        "scope_value": None,
        "value": Decimal(value),
        "set_by": by,
    }
    return Goal(**{**fields, **changes})


def test_what_is_set_is_kept_with_author_and_time(home: Path) -> None:
    set_goal(open_store(), goal("1234.56", "Ann Lee"))
    kept = current_goals(open_store())[0]
    assert (kept.value, kept.set_by) == (Decimal("1234.56"), "Ann Lee")
    assert kept.set_at is not None
    assert (home / "store" / "store.sqlite").exists()
    forget_caches()  # as a new process would open it
    assert len(current_goals(open_store())) == 1


def test_a_new_version_stands_beside_the_old(home: Path) -> None:
    for value in ("1000", "2000"):
        set_goal(open_store(), goal(value))
    assert [item.value for item in goal_versions(open_store())] == [1000, 2000]


def test_withdrawing_brings_back_the_version_before(home: Path) -> None:
    for value in ("1000", "2000"):
        set_goal(open_store(), goal(value))
    assert withdraw_goal(open_store(), goal(), "Bo")
    assert [item.value for item in current_goals(open_store())] == [1000]
    assert withdraw_goal(open_store(), goal(), "Bo")
    assert not withdraw_goal(open_store(), goal(), "Bo")
    assert len(goal_versions(open_store())) == 2  # nothing is forgotten


def test_goals_of_different_scopes_do_not_touch(home: Path) -> None:
    set_goal(open_store(), goal())
    set_goal(open_store(), goal("500", scope="owner", scope_value="Ann"))
    assert withdraw_goal(open_store(), goal(scope="owner", scope_value="Ann"), "Bo")
    assert [item.scope for item in current_goals(open_store())] == ["company"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"measure": "happiness"}, "is not a measure"),
        ({"scope": "planet"}, "is not a scope"),
        ({"scope": "owner"}, "names one"),
        ({"scope_value": "Ann"}, "names no"),
        ({"period_end": date(2026, 10, 1)}, "ends before it begins"),
        ({"value": Decimal(0)}, "more than 0"),
        ({"set_by": "  "}, "Say who sets it"),
    ],
)
def test_what_is_no_goal_is_refused(home: Path, changes: dict, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        set_goal(open_store(), goal(**changes))
    assert not goal_versions(open_store())


def test_many_write_at_once(home: Path) -> None:
    engine = open_store()
    threads = [
        threading.Thread(target=lambda n=n: [set_goal(engine, goal(str(n + 1))) for _ in range(10)]) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(goal_versions(engine)) == 80


def test_two_processes_make_the_store_at_once(home: Path) -> None:
    code = "from store import open_store, current_goals; print(len(current_goals(open_store())))"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=PROJECT, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in processes:
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        assert out.strip() == b"0"


def test_the_migrations_make_what_the_models_say(home: Path) -> None:
    found = inspect(open_store())
    for table in Base.metadata.sorted_tables:
        columns = {column["name"]: column for column in found.get_columns(table.name)}
        assert set(columns) == {column.name for column in table.columns}
        for column in table.columns:
            assert columns[column.name]["nullable"] == column.nullable, column.name


def test_a_store_that_cannot_be_opened_is_said_to_be(home: Path) -> None:
    (home / "store").mkdir()
    (home / "store" / "store.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store()
