"""Goals that people type in: kept in versions, never overwritten."""

import os
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, inspect, text

from store import (
    Goal,
    GoalConflictError,
    StoreError,
    change_goals,
    current_goals,
    goal_changes,
    goal_versions,
    newest_versions,
    open_store,
    set_goal,
    undo_last_change,
)
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


def values(engine: Engine) -> dict[str | None, Decimal | None]:
    """Return the value of each goal that counts, by whom it is for."""
    return {goal.scope_value: goal.value for goal in newest_versions(current_goals(engine)).values()}


def ann(value: str, before: str | None = None) -> Goal:
    """Return a goal of an owner."""
    return goal(value, scope="owner", scope_value="Ann", value_before=None if before is None else Decimal(before))


def test_many_goals_are_changed_in_one_go_with_author_and_reason(home: Path) -> None:
    engine = open_store()
    number = change_goals(engine, [goal("1000"), ann("500")], by=" Bo ", reason=" new plan ")
    change = goal_changes(engine)[0]
    assert (change.change_id, change.made_by, change.reason, change.undoes) == (number, "Bo", "new plan", None)
    assert {version.scope_value: version.value for version in change.versions} == {None: 1000, "Ann": 500}
    assert {version.set_by for version in change.versions} == {"Bo"}


def test_one_that_is_no_goal_keeps_all_from_being_changed(home: Path) -> None:
    with pytest.raises(StoreError, match="more than 0"):
        change_goals(open_store(), [goal("1000"), ann("-1")], by="Bo")
    assert not goal_versions(open_store())
    assert not goal_changes(open_store())


def test_undoing_is_a_change_that_sets_what_was_before(home: Path) -> None:
    engine = open_store()
    first = change_goals(engine, [goal("1000"), ann("500", before="450")], by="Ann")  # Ann's 450 was imported
    second = change_goals(engine, [goal("2000", value_before=Decimal(1000))], by="Bo")
    undone = undo_last_change(engine, "Di")
    assert undone is not None
    assert undone.change_id == second
    assert values(engine) == {None: 1000, "Ann": 500}
    newest = goal_changes(engine)[0]
    assert (newest.made_by, newest.undoes, newest.versions[0].value_before) == ("Di", second, 2000)
    assert next(change for change in goal_changes(engine) if change.change_id == second).undone_by == newest.change_id
    # The one before it: the company had no goal, Ann the imported one.
    undone = undo_last_change(engine, "Di")
    assert undone is not None
    assert undone.change_id == first
    assert values(engine) == {None: None, "Ann": 450}
    assert undo_last_change(engine, "Di") is None
    assert len(goal_versions(engine)) == 6  # nothing is forgotten


def test_undoing_names_somebody(home: Path) -> None:
    set_goal(open_store(), goal())
    with pytest.raises(StoreError, match="Say who sets it"):
        undo_last_change(open_store(), " ")
    assert values(open_store()) == {None: 1000}


def test_a_goal_may_be_taken_back(home: Path) -> None:
    engine = open_store()
    set_goal(engine, goal())
    set_goal(engine, Goal(**{**vars(goal()), "value": None}))
    assert values(engine) == {None: None}


def test_who_saw_an_older_version_changes_nothing_and_is_told(home: Path) -> None:
    engine = open_store()
    set_goal(engine, goal("1000"))
    seen = {key: version.version_id for key, version in newest_versions(current_goals(engine)).items()}
    set_goal(engine, goal("2000", "Bo"))  # meanwhile
    with pytest.raises(
        GoalConflictError, match=r"won amount of the company from 2026-10-01 is now 2,000.00, by Bo"
    ) as told:
        change_goals(engine, [goal("1500"), ann("500")], by="Ann", seen=seen)
    assert [version.value for version in told.value.since] == [2000]
    assert values(engine) == {None: 2000}
    # What nobody else touched can be changed, and so can what was looked at again.
    change_goals(engine, [ann("500")], by="Ann", seen=seen)
    seen = {key: version.version_id for key, version in newest_versions(current_goals(engine)).items()}
    change_goals(engine, [goal("1500")], by="Ann", seen=seen)
    assert values(engine) == {None: 1500, "Ann": 500}


def test_two_who_saw_the_same_cannot_both_change_it(home: Path) -> None:
    engine = open_store()
    set_goal(engine, goal())
    seen = {key: version.version_id for key, version in newest_versions(current_goals(engine)).items()}
    kept, refused = [], []

    def change(value: str) -> None:
        try:
            kept.append(change_goals(engine, [goal(value)], by="Ann", seen=seen))
        except GoalConflictError:
            refused.append(value)

    threads = [threading.Thread(target=change, args=(str(2000 + n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(kept), len(refused)) == (1, 7)


def test_a_change_is_not_undone_over_a_later_value(home: Path) -> None:
    engine = open_store()
    set_goal(engine, goal("1000"))
    set_goal(engine, goal("2000"))
    with engine.begin() as connection:  # as a release that knew no changes would have written it
        connection.execute(text("update goal_version set change_id = null where value = 2000"))
        connection.execute(text("delete from goal_change where id = 2"))
    with pytest.raises(GoalConflictError, match="is now 2,000"):
        undo_last_change(engine, "Bo")
    assert values(engine) == {None: 2000}


def test_versions_of_an_earlier_release_are_kept_and_its_withdrawn_ones_do_not_count(home: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "store" / "migrations"))
    (home / "store").mkdir()
    engine = create_engine(f"sqlite:///{home / 'store' / 'store.sqlite'}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for number, withdrawn in ((1, "null"), (2, "'2026-10-02 10:00:00.000000'")):
            connection.execute(
                text(
                    "insert into goal_version (measure, period_start, period_end, scope, value, set_at, set_by, withdrawn_at) "
                    f"values ('won_amount', '2026-10-01', '2027-01-01', 'company', {number}000, "
                    f"'2026-09-0{number} 10:00:00.000000', 'Ann', {withdrawn})"
                )
            )
    engine.dispose()
    assert values(open_store()) == {None: 1000}
    assert len(goal_versions(open_store())) == 2
    assert not goal_changes(open_store())


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
