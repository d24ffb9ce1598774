"""Annotations: kept with author and time, changed by one person at a time, deleted and brought back."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from store import (
    Annotation,
    StoreError,
    add_annotation,
    annotations,
    authors,
    delete_annotation,
    edit_annotation,
    open_store,
    restore_annotation,
    save_view,
)
from tests.conftest import forget_caches

DAY = date(2026, 9, 1)


def note(text: str = "New price list", by: str = "Ann", **changes: object) -> Annotation:
    return replace(Annotation(DAY, text, by), **changes)


def test_a_note_is_kept_with_author_and_time(home: Path) -> None:
    add_annotation(open_store(), note("  New\nprice  list ", " Ann Lee ", page="campaigns"))
    forget_caches()  # as a new process would open it
    kept = annotations(open_store())[0]
    assert (kept.day, kept.text, kept.written_by, kept.page) == (DAY, "New price list", "Ann Lee", "campaigns")
    assert kept.written_at is not None
    assert kept.edited_by is None


def test_notes_come_by_day(home: Path) -> None:
    for day in (3, 1, 2):
        add_annotation(open_store(), replace(note(str(day)), day=date(2026, 9, day)))
    assert [kept.text for kept in annotations(open_store())] == ["1", "2", "3"]


def test_a_change_says_who_and_is_refused_to_those_who_read_an_older_version(home: Path) -> None:
    read = add_annotation(open_store(), note())
    changed = edit_annotation(open_store(), replace(read, text="Newer price list", day=date(2026, 9, 2)), "Bo")
    assert (changed.edited_by, changed.version) == ("Bo", read.version + 1)
    with pytest.raises(StoreError, match="Somebody else changed"):
        edit_annotation(open_store(), replace(read, text="Mine"), "Cy")
    with pytest.raises(StoreError, match="Somebody else changed"):
        delete_annotation(open_store(), read, "Cy")
    kept = annotations(open_store())[0]
    assert (kept.text, kept.day, kept.written_by) == ("Newer price list", date(2026, 9, 2), "Ann")


def test_a_deleted_note_comes_back(home: Path) -> None:
    read = add_annotation(open_store(), note())
    delete_annotation(open_store(), read, "Bo")
    assert not annotations(open_store())
    with pytest.raises(StoreError, match="deleted it meanwhile"):
        edit_annotation(open_store(), replace(read, text="Mine"), "Cy")
    assert restore_annotation(open_store(), read.id)
    assert not restore_annotation(open_store(), read.id)
    assert [kept.text for kept in annotations(open_store())] == ["New price list"]


def test_a_note_of_a_scope_is_for_pages_that_show_it(home: Path) -> None:
    small = note(scope="segment", scope_value="Small")
    assert small.concerns({"segment": None, "owner": ("Ann",)})
    assert small.concerns({"segment": ("Small", "Enterprise")})
    assert not small.concerns({"segment": ("Enterprise",)})
    assert note().concerns({"segment": ("Enterprise",)})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (note(" "), "Say what happened"),
        (note("x" * 201), "longer than 200"),
        (note(by=" "), "Say who"),
        (note(scope="segment"), "A scope needs its value"),
    ],
)
def test_what_is_no_note_is_refused(home: Path, wrong: Annotation, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        add_annotation(open_store(), wrong)
    assert not annotations(open_store())


def test_who_wrote_last_is_named_first_and_once(home: Path) -> None:
    add_annotation(open_store(), note(by="Ann"))
    save_view(open_store(), "Weekly", "campaigns", "", "Bo")
    add_annotation(open_store(), note(by="Ann"))
    assert authors(open_store()) == ["Ann", "Bo"]
