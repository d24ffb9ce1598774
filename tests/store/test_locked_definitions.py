"""Locked definitions: versions that two people sign, nothing signed is changed, and nobody overwrites another."""

from datetime import date

import pytest
from sqlalchemy import Engine

from store import ConflictError, StoreError, audit, undo
from store.locked_definitions import LockedDefinition, definition_versions, in_force, propose, sign, withdraw

MAY, JUNE = date(2026, 5, 4), date(2026, 6, 1)


def proposed(store: Engine, way: str = "value", begins: date = MAY, seen: int = 0) -> LockedDefinition:
    return propose(store, "win_rate", way, begins, "Board reads it so", "Ann", team="marketing", seen=seen)


def test_it_takes_both_teams_and_two_people(store: Engine) -> None:
    first = proposed(store)
    assert (first.number, first.missing, first.is_signed) == (1, ("sales",), False)
    assert in_force(definition_versions(store, "win_rate"), JUNE) is None
    with pytest.raises(StoreError, match="two people"):
        sign(store, first.id, "sales", "Ann")
    sign(store, first.id, "sales", "Bo")
    sign(store, first.id, "sales", "Cy")  # signing twice changes nothing
    (version,) = definition_versions(store, "win_rate")
    assert version.is_signed
    assert version.signers == "Ann (marketing) and Bo (sales)"
    assert definition_versions(store, "sourced") == []


def test_a_version_holds_from_its_day_on_until_the_next(store: Engine) -> None:
    sign(store, proposed(store).id, "sales", "Bo")
    second = proposed(store, "count", JUNE, seen=1)
    versions = definition_versions(store, "win_rate")
    # Before its day nothing is in force; a version that waits for a signature changes nothing.
    assert in_force(versions, date(2026, 5, 3)) is None
    assert [in_force(versions, day).way for day in (MAY, JUNE)] == ["value", "value"]  # type: ignore[union-attr]
    sign(store, second.id, "sales", "Bo")
    versions = definition_versions(store, "win_rate")
    assert [in_force(versions, day).number for day in (MAY, JUNE)] == [1, 2]  # type: ignore[union-attr]


def test_nobody_overwrites_another_and_nothing_signed_is_withdrawn(store: Engine) -> None:
    first = proposed(store)
    with pytest.raises(ConflictError, match="Ann proposed another version"):
        proposed(store, "count")
    with pytest.raises(StoreError, match="says the same"):
        proposed(store, seen=1)
    second = proposed(store, "count", seen=1)
    with pytest.raises(ConflictError, match="newer version"):
        sign(store, first.id, "sales", "Bo")
    withdraw(store, second.id, "Ann")
    sign(store, first.id, "sales", "Bo")
    with pytest.raises(StoreError, match="propose a new version instead"):
        withdraw(store, first.id, "Ann")
    assert [version.number for version in definition_versions(store, "win_rate")] == [1]


def test_every_change_is_in_the_list_and_can_be_taken_back(store: Engine) -> None:
    first = proposed(store)
    sign(store, first.id, "sales", "Bo")
    signature = audit(store, "definition_signature")[0]
    assert (signature.by, signature.action) == ("Bo", "created")
    undo(store, signature.id, "Bo")
    assert definition_versions(store, "win_rate")[0].missing == ("sales",)


def test_what_cannot_be_agreed_on_is_refused(store: Engine) -> None:
    with pytest.raises(StoreError, match="is none of win_rate: count"):
        propose(store, "weather", "sunny", MAY, "Why not", "Ann", team="marketing", seen=0)
    with pytest.raises(StoreError, match="marketing or sales"):
        propose(store, "win_rate", "count", MAY, "Why", "Ann", team="legal", seen=0)
    with pytest.raises(StoreError, match="The reason is missing"):
        propose(store, "win_rate", "count", MAY, " ", "Ann", team="sales", seen=0)
    with pytest.raises(StoreError, match="no longer there"):
        sign(store, "0" * 32, "sales", "Bo")
