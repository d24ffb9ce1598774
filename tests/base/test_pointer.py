"""The pointer: one atomic step from one warehouse to the next."""

from pathlib import Path

import pytest

from base.errors import SamePageError, WarehouseError, print_error
from base.pointer import Pointer, move_pointer, pointer_path, read_pointer


def test_no_pointer_means_nothing_was_imported(home: Path) -> None:
    assert read_pointer() is None


def test_what_is_moved_is_read(home: Path) -> None:
    (home / "warehouse").mkdir()
    (home / "warehouse" / "warehouse-000002.duckdb").touch()
    pointer = Pointer("warehouse-000002.duckdb", "warehouse-000001.duckdb", "abc")
    move_pointer(pointer)
    assert read_pointer() == pointer
    assert pointer.path == home / "warehouse" / "warehouse-000002.duckdb"
    assert [path.name for path in pointer_path().parent.glob("*.new")] == []


@pytest.mark.parametrize("text", ["", "{", '{"file": 1}', "[]"])
def test_a_damaged_pointer_is_said_to_be(home: Path, text: str) -> None:
    (home / "warehouse").mkdir()
    pointer_path().write_text(text)
    with pytest.raises(WarehouseError, match="damaged"):
        read_pointer()


def test_a_pointer_to_nothing_is_said_to_be(home: Path) -> None:
    (home / "warehouse").mkdir()
    move_pointer(Pointer("gone.duckdb", None, "abc"))
    with pytest.raises(WarehouseError, match=r"gone\.duckdb, which is not there"):
        read_pointer()


def test_an_error_is_a_title_and_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    print_error(SamePageError("It broke", "Here. Do that."))
    assert capsys.readouterr().err == "✗ It broke\n  Here. Do that.\n"
