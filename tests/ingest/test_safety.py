"""What an import may never do: change half of anything, leave debris, or strand a person without a way back."""

import json
import shutil
import threading
from pathlib import Path

import duckdb
import pytest

import ingest.warehouse as warehouse_module
from base.errors import WarehouseError
from base.pointer import pointer_path, read_pointer
from ingest import (
    IngestError,
    Options,
    TryAgainError,
    import_exports,
    is_stale,
    rebuild,
    rollback,
    step_back,
    versions,
)
from ingest.__main__ import main
from ingest.warehouse import KEPT_VERSIONS
from queries import run
from tests.conftest import PROJECT, forget_caches
from tests.ingest.test_import import HEADER, deal


def exported(folder: Path, *numbers: int, name: str | None = None) -> Path:
    """Return an export of these deals."""
    path = folder / (name or f"deals-{'-'.join(map(str, numbers))}.csv")
    path.write_text(HEADER + "".join(deal(number) for number in numbers))
    return path


def deals() -> list[str]:
    """Return the open deals that the warehouse knows."""
    forget_caches()
    return sorted(run("pipeline_records", {"kind": "open"})["name"].to_list())


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, with what it holds."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class TestDryRun:
    """`--dry-run` says all that an import would say and writes nothing that stays."""

    def test_it_says_what_the_import_then_says(self, home: Path, tmp_path: Path) -> None:
        path = tmp_path / "Opportunity.csv"
        path.write_text(HEADER + deal(1) + deal(2, amount="plenty") + deal(2) + ",No id,Q,5,2026-06-30,0,0,,\n")
        checked = import_exports([path], is_dry_run=True)
        assert list(home.iterdir()) == []  # no version, no pointer, no key, no lock
        done = import_exports([path])
        said, did = checked.to_dict(), done.to_dict()
        assert (said.pop("is_dry_run"), did.pop("is_dry_run")) == (True, False)
        assert (said.pop("warehouse"), did.pop("warehouse")) == (None, "warehouse-000001.duckdb")
        assert said == did
        assert said["files"][0]["rejected"] == 1
        assert any("this was a check" in line for line in checked.lines())
        assert checked.lines()[:-1] == done.lines()[:-1]

    def test_it_leaves_a_warehouse_as_it_was(self, home: Path, tmp_path: Path) -> None:
        import_exports([exported(tmp_path, 1)])
        before = tree(home)
        assert import_exports([exported(tmp_path, 2)], is_dry_run=True).is_changed
        assert not import_exports([exported(tmp_path, 1)], is_dry_run=True).is_changed
        assert tree(home) == before
        assert not (home / "import").exists()

    def test_it_fails_as_the_import_would(self, home: Path, tmp_path: Path) -> None:
        path = tmp_path / "ambiguous.csv"
        path.write_text(HEADER.replace("SystemModstamp", "Other") + "006000000000009AAA,D,Q,1,1/2/2026,0,0,1/3/2026,\n")
        with pytest.raises(IngestError, match="two ways"):
            import_exports([path], is_dry_run=True)
        assert list(home.iterdir()) == []

    def test_on_the_command_line(self, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([str(exported(tmp_path, 1, 2)), "--dry-run"]) == 0
        said = capsys.readouterr().out
        assert "2 rows read = 2 loaded + 0 rejected + 0 skipped" in said
        assert "Nothing was written: this was a check. The data would be current to 2026-02-02." in said
        assert list(home.iterdir()) == []


class TestRollback:
    """`--rollback` makes an earlier version current, and nothing is lost by it."""

    def test_back_step_by_step_to_the_oldest(self, tmp_path: Path) -> None:
        for number in (1, 2, 3):
            import_exports([exported(tmp_path, number)])
        assert deals() == ["Deal 1", "Deal 2", "Deal 3"]
        ahead = step_back()
        assert ahead is not None
        assert ahead.number == 2
        assert rollback().number == 2
        assert deals() == ["Deal 1", "Deal 2"]
        assert rollback().number == 1
        assert deals() == ["Deal 1"]
        assert step_back() is None
        with pytest.raises(IngestError, match="Version 1 is the oldest that is kept; it stays current"):
            rollback()
        assert deals() == ["Deal 1"]

    def test_an_import_after_a_rollback_goes_on_from_there(self, tmp_path: Path) -> None:
        for number in (1, 2, 3):
            import_exports([exported(tmp_path, number)])
        rollback(1)
        import_exports([exported(tmp_path, 4)])
        assert deals() == ["Deal 1", "Deal 4"]
        assert [version.number for version in versions()] == [1, 2, 3, 4]
        assert rollback().number == 1  # what version 4 was made from, not what its number follows
        assert deals() == ["Deal 1"]

    def test_forward_again_by_number(self, tmp_path: Path) -> None:
        for number in (1, 2, 3):
            import_exports([exported(tmp_path, number)])
        rollback()
        rollback()
        assert rollback(3).number == 3
        assert deals() == ["Deal 1", "Deal 2", "Deal 3"]
        with pytest.raises(IngestError, match="Version 9 is not there; kept are 1, 2, 3"):
            rollback(9)

    def test_what_was_rolled_back_can_be_imported_again(self, tmp_path: Path) -> None:
        import_exports([exported(tmp_path, 1)])
        import_exports([exported(tmp_path, 2)])
        rollback()
        assert import_exports([exported(tmp_path, 2)]).is_changed
        assert deals() == ["Deal 1", "Deal 2"]

    def test_a_version_built_by_other_settings_is_stale(self, home: Path, tmp_path: Path) -> None:
        import_exports([exported(tmp_path, 1)])
        text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
        (home / "settings.toml").write_text(text.replace('currency = "USD"', 'currency = "CHF"'), encoding="utf-8")
        rebuild()
        assert not is_stale()
        rollback()
        assert is_stale()

    def test_only_the_last_ten_are_kept_and_rollback_reaches_them_all(self, tmp_path: Path) -> None:
        for number in range(KEPT_VERSIONS + 2):
            import_exports([exported(tmp_path, number + 1)])
        assert [version.number for version in versions()] == list(range(3, KEPT_VERSIONS + 3))
        for number in range(KEPT_VERSIONS + 1, 2, -1):
            assert rollback().number == number
        with pytest.raises(IngestError, match="oldest"):
            rollback()
        assert len(deals()) == 3

    def test_nothing_was_imported_yet(self, home: Path) -> None:
        with pytest.raises(IngestError, match="Nothing was imported yet"):
            rollback()
        assert versions() == []
        assert step_back() is None

    def test_versions_say_what_they_are(self, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        import_exports([exported(tmp_path, 1)])
        import_exports([exported(tmp_path, 2, 3), exported(tmp_path, 4)])
        rebuild()
        rollback()
        capsys.readouterr()
        assert main(["--versions"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 3
        assert "import of deals-1.csv; 1 files with 1 rows in all" in lines[0]
        assert "2 (current)" in lines[1]
        assert "import of deals-2-3.csv, deals-4.csv; 3 files with 4 rows in all" in lines[1]
        assert "rebuild; 3 files" in lines[2]
        assert " MB" in lines[2]
        current = next(version for version in versions() if version.is_current)
        assert current.size == (home / "warehouse" / current.file).stat().st_size
        assert main(["--rollback"]) == 0
        assert capsys.readouterr().out.startswith("Current now: 1 (current)")
        assert main(["--rollback"]) == 1
        assert "There is no earlier version" in capsys.readouterr().err

    def test_facts_that_are_gone_are_not_invented(self, home: Path, tmp_path: Path) -> None:
        import_exports([exported(tmp_path, 1)])
        import_exports([exported(tmp_path, 2)])
        (home / "warehouse" / "warehouse-000001.json").unlink()
        (home / "warehouse" / "warehouse-000002.json").write_text("{")
        assert [(version.made_by, version.row_count) for version in versions()] == [("unknown", None)] * 2
        assert rollback().number == 1
        assert deals() == ["Deal 1"]
        assert is_stale()  # what it was built by is not known


class TestDamage:
    """A broken warehouse is a sentence that tells the way out, and the way out works."""

    @pytest.fixture
    def two(self, home: Path, tmp_path: Path) -> Path:
        """Return the warehouse folder with two versions."""
        import_exports([exported(tmp_path, 1)])
        import_exports([exported(tmp_path, 2)])
        return home / "warehouse"

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff\x00nonsense", b"[]"])
    def test_a_damaged_pointer(self, two: Path, tmp_path: Path, content: bytes) -> None:
        pointer_path().write_bytes(content)
        for action in (read_pointer, deals, lambda: import_exports([exported(tmp_path, 3)]), rebuild, versions):
            with pytest.raises(WarehouseError, match="--rollback"):
                action()
        assert rollback().number == 2
        assert deals() == ["Deal 1", "Deal 2"]
        assert rollback().number == 1

    def test_a_missing_warehouse_file(self, two: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (two / "warehouse-000002.duckdb").unlink()
        forget_caches()
        with pytest.raises(WarehouseError, match=r"warehouse-000002\.duckdb, which is not there.*--rollback"):
            run("win_rate")
        assert main(["--rollback"]) == 0
        assert "Current now: 1" in capsys.readouterr().out
        assert deals() == ["Deal 1"]

    def test_a_damaged_warehouse_file(self, two: Path, tmp_path: Path) -> None:
        path = two / "warehouse-000002.duckdb"
        path.write_bytes(b"\0" * path.stat().st_size)
        forget_caches()
        with pytest.raises(IngestError, match=r"The warehouse cannot be opened.*--rollback"):
            import_exports([exported(tmp_path, 3)])
        assert rollback().number == 1
        assert deals() == ["Deal 1"]

    def test_a_damaged_older_file_is_passed_over(self, two: Path, tmp_path: Path) -> None:
        import_exports([exported(tmp_path, 3)])
        (two / "warehouse-000002.duckdb").write_bytes(b"short")
        assert rollback().number == 1

    def test_nothing_is_left_to_go_back_to(self, two: Path, tmp_path: Path) -> None:
        for path in two.glob("*.duckdb"):
            path.unlink()
        with pytest.raises(IngestError, match=r"No version is left.*move .*current\.json away"):
            rollback()
        pointer_path().rename(two / "elsewhere.json")
        import_exports([exported(tmp_path, 5)])
        assert deals() == ["Deal 5"]


class TestDebris:
    """What a killed import left is never read, and goes with the next import."""

    def test_a_version_that_never_was_current(self, home: Path, tmp_path: Path) -> None:
        import_exports([exported(tmp_path, 1)])
        folder = home / "warehouse"
        # As if killed after the file was in its place and before the pointer moved.
        shutil.copy(folder / "warehouse-000001.duckdb", folder / "warehouse-000002.duckdb")
        shutil.copy(folder / "warehouse-000001.json", folder / "warehouse-000002.json")
        (folder / "warehouse-000007.json").write_text("{}")
        (folder / "current.json.new").write_text("{")
        assert [version.number for version in versions()] == [1]
        import_exports([exported(tmp_path, 2)])
        assert deals() == ["Deal 1", "Deal 2"]
        assert sorted(path.name for path in folder.iterdir()) == [
            "current.json",
            "warehouse-000001.duckdb",
            "warehouse-000001.json",
            "warehouse-000003.duckdb",
            "warehouse-000003.json",
        ]

    def test_a_version_that_was_rolled_back_is_no_debris(self, home: Path, tmp_path: Path) -> None:
        for number in (1, 2):
            import_exports([exported(tmp_path, number)])
        rollback()
        import_exports([exported(tmp_path, 3)])
        assert [version.number for version in versions()] == [1, 2, 3]

    def test_a_pointer_of_an_earlier_release_is_read(self, home: Path, tmp_path: Path) -> None:
        import_exports([exported(tmp_path, 1)])
        fields = json.loads(pointer_path().read_text())
        del fields["newest"]
        pointer_path().write_text(json.dumps(fields))
        assert deals() == ["Deal 1"]
        import_exports([exported(tmp_path, 2)])
        assert deals() == ["Deal 1", "Deal 2"]


def test_two_imports_at_once_wait_for_each_other_and_a_check_does_too(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_exports([exported(tmp_path, 1)])
    monkeypatch.setattr(warehouse_module, "_LOCK_WAIT_SECONDS", 0.2)
    with warehouse_module.import_lock():
        for is_dry_run in (False, True):
            failed: list[Exception] = []

            def attempt(failed: list[Exception] = failed, *, is_dry_run: bool = is_dry_run) -> None:
                try:
                    import_exports([exported(tmp_path, 2)], is_dry_run=is_dry_run)
                except TryAgainError as error:
                    failed.append(error)

            thread = threading.Thread(target=attempt)
            thread.start()
            thread.join()
            assert "Another import is still running" in str(failed[0])
    assert import_exports([exported(tmp_path, 2)]).is_changed


def test_others_ask_while_an_import_runs(sample_home: Path, home: Path, sample_exports: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    forget_caches()
    before = run("win_rate")
    copy = tmp_path / "again"
    shutil.copytree(sample_exports, copy)
    for path in copy.rglob("*.csv"):  # other content, so that all of it is read again
        path.write_bytes(path.read_bytes() + b"\n")
    asked = 0
    failed: list[BaseException] = []

    def attempt() -> None:
        try:
            import_exports([copy], Options())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=attempt)
    version = read_pointer()
    thread.start()
    while thread.is_alive() and read_pointer() == version:
        assert run("win_rate").equals(before)
        asked += 1
    thread.join()
    assert not failed
    assert asked >= 3
    forget_caches()
    assert run("win_rate").equals(before)  # the same facts again


def test_what_a_dry_run_and_an_import_may_use_of_memory_is_bounded(home: Path, tmp_path: Path) -> None:
    with warehouse_module.workplace(is_dry_run=False) as scratch, warehouse_module.new_version(scratch) as version:
        limit = version.connection.execute("select current_setting('memory_limit')").fetchall()[0][0]
    assert duckdb.execute("select parse_formatted_bytes(?)", [limit]).fetchall()[0][0] < 2 << 30
