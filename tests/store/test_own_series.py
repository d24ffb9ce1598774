"""Series that no CRM keeps: typed in, read from files, and no line lost in silence."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from store import StoreError, audit, undo
from store.own_series import Series, add_series, drop_series, own_series, read_values, set_values

VISITS = Series("", "Web visits", "marketing", "count", "higher", "Sessions on the site")


def test_values_are_set_changed_and_taken_back(store: Engine) -> None:
    visits = add_series(store, VISITS, "Ann")
    assert set_values(store, visits, {date(2026, 11, 9): Decimal(120), date(2026, 11, 10): Decimal(80)}, "Ann") == 2
    assert set_values(store, visits, {date(2026, 11, 9): Decimal(120), date(2026, 11, 10): None}, "Bob") == 1
    assert own_series(store)[0].values == ((date(2026, 11, 9), Decimal(120)),)


def test_a_name_is_there_once(store: Engine) -> None:
    add_series(store, VISITS, "Ann")
    with pytest.raises(StoreError, match="there already"):
        add_series(store, Series("", "web VISITS", "sales", "count", "higher", ""), "Bob")


def test_a_series_taken_away_can_be_brought_back(store: Engine) -> None:
    visits = add_series(store, VISITS, "Ann")
    set_values(store, visits, {date(2026, 11, 9): Decimal(120)}, "Ann")
    drop_series(store, visits, "Bob")
    assert not own_series(store)
    undo(store, audit(store, "own_series", visits, 1)[0].id, "Ann")
    assert own_series(store)[0].values[0][1] == 120


def test_a_file_is_read_and_its_bad_lines_are_named() -> None:
    lines = [
        "Name;Date;Value",
        "Posts;2026-11-09;1.5",
        "Posts;2026-11-10;2,5",
        "Posts;9.11.2026;3",
        ";2026-11-11;3",
        "Posts;2026-11-12",
        "",
        "Posts;2026-11-13;many",
        "Posts;2026-11-09;4",
    ]
    text = "\n".join(lines)
    values, bad = read_values(text.encode())
    assert values == {"Posts": {date(2026, 11, 9): Decimal(4), date(2026, 11, 10): Decimal("2.5")}}
    assert sorted(line.line for line in bad) == [2, 4, 5, 6, 8]
    assert "9.11.2026" in next(line.reason for line in bad if line.line == 4)


@pytest.mark.parametrize("content", [b"", b"day,what\n1,2\n", "Näme,date,value".encode("latin-1")])
def test_a_file_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(StoreError):
        read_values(content)
