"""All or nothing: a kill at any moment, and a disk without room, change everything or nothing.

SAME_PAGE_KILLS is the number of random moments (12 unless told; `make bench` takes 200).
"""

import errno
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import ingest.run as run_module
import ingest.warehouse as warehouse_module
from base.pointer import read_pointer
from ingest import TryAgainError, import_exports, versions
from ingest.warehouse import KEPT_VERSIONS
from queries import run
from tests.conftest import forget_caches
from tests.ingest.killed import import_killed_after, import_killed_before_change, seconds_of_import
from tests.ingest.test_import import HEADER, deal

KILLS = int(os.environ.get("SAME_PAGE_KILLS", "12"))
A_STEP = 3


def exported(folder: Path, number: int) -> Path:
    """Return the n-th export: some new deals, each worth its number."""
    path = folder / f"export-{number}.csv"
    rows = range(A_STEP * number, A_STEP * (number + 1))
    path.write_text(HEADER + "".join(deal(row + 1, amount=str(row + 1)) for row in rows))
    return path


def totals() -> tuple[int, int]:
    """Return how many open deals the warehouse knows, and their worth."""
    forget_caches()
    amounts = run("pipeline_records", {"kind": "open"})["amount"].to_list()
    return len(amounts), int(sum(amounts))


def totals_of(numbers: set[int]) -> tuple[int, int]:
    """Return what these exports add up to."""
    rows = [A_STEP * number + row + 1 for number in numbers for row in range(A_STEP)]
    return len(rows), sum(rows)


def assert_tidy(home: Path) -> None:
    """Nothing stands in a home but the versions that are kept, their facts, the pointer, the key and the lock."""
    kept = {version.file for version in versions()}
    assert len(kept) <= KEPT_VERSIONS + 1
    facts = {name.replace(".duckdb", ".json") for name in kept}
    assert {path.name for path in (home / "warehouse").iterdir()} == kept | facts | {"current.json"}
    assert {path.name for path in home.iterdir()} <= {"warehouse", "key", "import.lock", "settings.toml"}


def test_a_kill_at_random_moments(home: Path, tmp_path: Path) -> None:
    moments = random.Random(7)
    import_exports([exported(tmp_path, 0)])
    seconds = max(seconds_of_import(home, [exported(tmp_path, number)]) for number in (1, 2))
    done = {0, 1, 2}
    interrupted = 0
    for kill in range(KILLS):
        number = 3 + kill
        # Spread over the whole of it, and a little beyond: one kill in each of as many slices of its time.
        moment = (kill + moments.random()) / KILLS * seconds * 1.1
        interrupted += import_killed_after(home, [exported(tmp_path, number)], moment)
        found = totals()
        assert found in (totals_of(done), totals_of(done | {number})), f"killed after {moment:.3f} s of {seconds:.3f}"
        if found != totals_of(done):
            done.add(number)
        if kill % 10 == 9:
            next_one = 1000 + kill
            import_exports([exported(tmp_path, next_one)])
            done.add(next_one)
            assert totals() == totals_of(done)
            assert_tidy(home)
    assert interrupted >= KILLS // 5  # how many hit depends on the machine; that none does would prove nothing
    import_exports([exported(tmp_path, 2000)])
    assert totals() == totals_of(done | {2000})
    assert_tidy(home)


def test_a_kill_before_every_single_change_on_disk(home: Path, tmp_path: Path) -> None:
    for number in range(KEPT_VERSIONS):
        import_exports([exported(tmp_path, number)])
    done = set(range(KEPT_VERSIONS))
    change = 1
    outcomes = []
    while True:
        number = 100 + change
        was_killed = import_killed_before_change(home, [exported(tmp_path, number)], change)
        found = totals()
        assert found in (totals_of(done), totals_of(done | {number})), f"killed before change {change}"
        outcomes.append(found != totals_of(done))
        if outcomes[-1]:
            done.add(number)
        if not was_killed:
            break
        change += 1
        assert change < 100
    assert change > 8  # the lock, scratch, the facts, the file, the pointer, what is pruned
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert outcomes == sorted(outcomes)  # once it is made, whatever comes later does not unmake it
    import_exports([exported(tmp_path, 2000)])
    assert totals() == totals_of(done | {2000})
    assert_tidy(home)


class TestFullDisk:
    """No room: one sentence, nothing changed, and the same import works once there is room."""

    SYSTEM = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    @pytest.mark.parametrize(
        ("module", "name", "error"),
        [
            (warehouse_module.shutil, "copyfile", SYSTEM),
            (warehouse_module, "write_version", SYSTEM),
            (warehouse_module, "sync_folder", SYSTEM),
            (warehouse_module, "move_pointer", SYSTEM),
            (run_module, "find_exports", SYSTEM),
            (run_module, "read_raw", duckdb.IOException('Could not write file "x": No space left on device')),
            (run_module, "derive", duckdb.FatalException("FATAL Error: checkpoint failed: No space left on device")),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_wherever_it_shows(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str, error: Exception
    ) -> None:
        import_exports([exported(tmp_path, 0)])
        before = totals(), read_pointer()

        def fail(*_: object, **__: object) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(module, name, fail)
            with pytest.raises(TryAgainError, match=r"The disk is full.*Nothing was changed; make room"):
                import_exports([exported(tmp_path, 1)])
        assert (totals(), read_pointer()) == before
        assert not (home / "import").exists()
        import_exports([exported(tmp_path, 1)])
        assert totals() == totals_of({0, 1})
        assert_tidy(home)

    def test_memory_that_runs_out(self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise duckdb.OutOfMemoryException("could not allocate block")

        with monkeypatch.context() as patch:
            patch.setattr(run_module, "derive", fail)
            with pytest.raises(TryAgainError, match=r"ran out of memory.*Nothing was changed"):
                import_exports([exported(tmp_path, 0)])
        assert read_pointer() is None

    def attempt(self, path: Path) -> str | None:
        """Import, and return what was said where that failed."""
        try:
            import_exports([path])
        except TryAgainError as error:
            return str(error)
        return None

    @pytest.fixture
    def small_disk(self, tmp_path: Path) -> Iterator[Path]:
        """Return a folder that is a disk of 64 MB; skip where none may be mounted."""
        folder = tmp_path / "disk"
        folder.mkdir()
        done = (
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True, check=False
            )
            if shutil.which("mount")
            else None
        )
        if done is None or done.returncode:
            pytest.skip("a small disk can only be mounted by root on Linux")
        yield folder
        subprocess.run(["umount", "-l", str(folder)], check=True)

    def test_a_disk_that_is_really_full(
        self, small_disk: Path, tmp_path: Path, sample_exports: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = small_disk / "home"
        monkeypatch.setenv("SAME_PAGE_HOME", str(home))
        import_exports([exported(tmp_path, 0)])
        before = totals(), read_pointer()
        filler = small_disk / "filler"
        needed = 0
        for free in (0, 1 << 20, 5 << 20, 11 << 20, 18 << 20, 40 << 20):
            room = shutil.disk_usage(small_disk).free
            filler.write_bytes(b"\0" * max(room - free, 0))
            said = self.attempt(sample_exports)
            filler.unlink()
            if said is None:
                break
            assert "The disk is full" in said, f"{free} bytes free"
            assert (totals(), read_pointer()) == before, f"{free} bytes free"
            assert not (home / "import").exists()
            needed += 1
        assert needed >= 2  # it failed at several points, and then there was room
        assert read_pointer() != before[1]
        assert_tidy(home)
