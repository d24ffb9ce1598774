"""Saved views: kept by name, renamed, deleted and brought back."""

from pathlib import Path

import pytest

from store import StoreError, delete_view, open_store, rename_view, restore_view, save_view, saved_views
from tests.conftest import forget_caches


def save(name: str, by: str = "Ann") -> int:
    return save_view(open_store(), name, "funnel_coverage", "period=2026-Q4&segment=Small&segment=", by).id


def names() -> list[str]:
    return [view.name for view in saved_views(open_store())]


def test_a_view_is_kept_as_it_was_with_author_and_time(home: Path) -> None:
    save("  Small   deals ", " Ann Lee ")
    forget_caches()  # as a new process would open it
    view = saved_views(open_store())[0]
    assert (view.name, view.page, view.saved_by) == ("Small deals", "funnel_coverage", "Ann Lee")
    assert view.query == "period=2026-Q4&segment=Small&segment="
    assert view.saved_at is not None


def test_views_are_listed_by_name_whatever_the_capitals(home: Path) -> None:
    for name in ("beta", "Alpha", "Gamma"):
        save(name)
    assert names() == ["Alpha", "beta", "Gamma"]


def test_a_name_is_one_views_alone(home: Path) -> None:
    first, second = save("Weekly"), save("Monthly")
    with pytest.raises(StoreError, match="There is a view named 'WEEKLY' already"):
        save("WEEKLY")
    with pytest.raises(StoreError, match="already"):
        rename_view(open_store(), second, "weekly")
    assert rename_view(open_store(), first, "WEEKLY")  # its own name in other capitals is no other view's
    assert names() == ["Monthly", "WEEKLY"]


def test_a_deleted_view_comes_back(home: Path) -> None:
    number = save("Weekly")
    assert delete_view(open_store(), number, "Bo")
    assert names() == []
    assert not delete_view(open_store(), number, "Bo")
    assert not rename_view(open_store(), number, "Other")
    assert restore_view(open_store(), number)
    assert not restore_view(open_store(), number)
    assert names() == ["Weekly"]


def test_a_deleted_view_whose_name_was_taken_does_not_come_back_beside_it(home: Path) -> None:
    number = save("Weekly")
    delete_view(open_store(), number, "Bo")
    save("weekly")
    with pytest.raises(StoreError, match="already"):
        restore_view(open_store(), number)
    assert names() == ["weekly"]


@pytest.mark.parametrize(
    ("name", "by", "told"), [(" ", "Ann", "Give it a name"), ("x" * 81, "Ann", "longer than 80"), ("x", " ", "who")]
)
def test_what_is_no_view_is_refused(home: Path, name: str, by: str, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        save(name, by)
    assert names() == []
