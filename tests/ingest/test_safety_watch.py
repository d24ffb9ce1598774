"""A watched folder: what lands is taken once, and each file gets its report."""

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ingest.warehouse as warehouse_module
from base.pointer import read_pointer
from ingest import import_exports, rollback, versions
from ingest.__main__ import main
from ingest.watch import Watcher, report_path
from tests.conftest import PROJECT
from tests.ingest.test_import import HEADER, deal
from tests.ingest.test_safety import deals, exported

AMBIGUOUS = HEADER.replace("SystemModstamp", "Other") + "006000000000009AAA,D,Q,1,1/2/2026,0,0,1/3/2026,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder that is watched."""
    path = tmp_path / "landing"
    path.mkdir()
    return path


def said(path: Path) -> str:
    """Return the report beside a file."""
    return report_path(path).read_text(encoding="utf-8")


class TestLooks:
    """One look after another, without a clock."""

    def test_a_file_is_taken_once_it_has_stopped_growing(self, folder: Path) -> None:
        watcher = Watcher(folder)
        path = exported(folder, 1)
        assert watcher.look() == 0
        path.write_text(path.read_text() + deal(2))  # it grew since
        assert watcher.look() == 0
        assert watcher.look() == 1
        assert deals() == ["Deal 1", "Deal 2"]
        assert "2 rows read = 2 loaded + 0 rejected + 0 skipped" in said(path)
        assert [watcher.look() for _ in range(3)] == [0, 0, 0]
        assert len(versions()) == 1

    def test_files_that_land_together_are_one_import(self, folder: Path) -> None:
        watcher = Watcher(folder)
        first = exported(folder, 1)
        watcher.look()
        second = exported(folder, 2)
        assert watcher.look() == 0  # the first is ready, the second has just come
        assert watcher.look() == 2
        assert len(versions()) == 1
        assert "deals-1.csv" in said(first)
        assert "deals-2.csv" not in said(first)
        assert "deals-2.csv" in said(second)

    def test_a_file_that_never_rests_does_not_keep_the_others(self, folder: Path) -> None:
        watcher = Watcher(folder)
        exported(folder, 1)
        restless = folder / "growing.csv"
        taken = 0
        for number in range(40):
            restless.write_text(HEADER + "".join(deal(10 + item) for item in range(number)))
            taken += watcher.look()
        assert taken == 1
        assert deals() == ["Deal 1"]

    def test_after_a_restart_nothing_is_taken_twice(self, folder: Path) -> None:
        path = exported(folder, 1)
        watcher = Watcher(folder)
        assert [watcher.look(), watcher.look()] == [0, 1]
        report = said(path)
        again = Watcher(folder)
        assert [again.look() for _ in range(3)] == [0, 0, 0]
        assert said(path) == report
        report_path(path).unlink()  # which asks for it to be taken again
        once_more = Watcher(folder)
        assert [once_more.look(), once_more.look()] == [0, 1]
        assert "the same content was imported before" in said(path)
        assert len(versions()) == 1

    def test_what_was_rolled_back_stays_out(self, folder: Path) -> None:
        exported(folder, 1)
        watcher = Watcher(folder)
        watcher.look()
        watcher.look()
        exported(folder, 2)
        watcher.look()
        watcher.look()
        rollback()
        again = Watcher(folder)
        assert [again.look() for _ in range(3)] == [0, 0, 0]
        assert deals() == ["Deal 1"]

    def test_the_same_content_under_another_name_changes_nothing(self, folder: Path) -> None:
        path = exported(folder, 1)
        watcher = Watcher(folder)
        watcher.look()
        watcher.look()
        copy = folder / "copy.csv"
        shutil.copy(path, copy)
        watcher.look()
        assert watcher.look() == 1
        assert "the same content was imported before" in said(copy)
        assert len(versions()) == 1

    def test_new_content_under_the_old_name_is_taken(self, folder: Path) -> None:
        path = exported(folder, 1, name="weekly.csv")
        watcher = Watcher(folder)
        watcher.look()
        watcher.look()
        path.write_text(HEADER + deal(1) + deal(2))
        watcher.look()
        assert watcher.look() == 1
        assert deals() == ["Deal 1", "Deal 2"]

    def test_a_bad_file_gets_its_report_and_the_others_get_in(self, folder: Path) -> None:
        good, better = exported(folder, 1), exported(folder, 2)
        bad = folder / "ambiguous.csv"
        bad.write_text(AMBIGUOUS)
        odd = folder / "odd.csv"
        odd.write_text("alpha,beta\n1,2\n")
        binary = folder / "broken.csv"
        binary.write_bytes(bytes(range(256)) * 10)
        picture = folder / "logo.png"
        picture.write_bytes(b"\x89PNG\r\n")
        locked = folder / "broken.zip"
        locked.write_bytes(b"PK\x03\x04 not really")
        watcher = Watcher(folder)
        watcher.look()
        assert watcher.look() == 7
        assert deals() == ["Deal 1", "Deal 2"]
        assert len(versions()) == 1
        assert "two ways" in said(bad)
        assert "no known export has these columns" in said(odd)
        assert "binary" in said(binary)
        assert "save it as CSV" in said(picture)
        assert "damaged or not a ZIP" in said(locked)
        assert "1 loaded" in said(good)
        assert "1 loaded" in said(better)
        assert [watcher.look() for _ in range(2)] == [0, 0]
        bad.write_text(AMBIGUOUS.replace("1/2/2026", "2026-02-01").replace("1/3/2026", "2026-01-03"))
        watcher.look()
        assert watcher.look() == 1
        assert "1 loaded" in said(bad)

    def test_a_zip_has_one_report(self, folder: Path) -> None:
        packed = folder / "weekly.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("Opportunity.csv", HEADER + deal(1))
            archive.writestr("readme.pdf", "x")
        watcher = Watcher(folder)
        watcher.look()
        assert watcher.look() == 1
        assert "weekly.zip/Opportunity.csv" in said(packed)
        assert "weekly.zip/readme.pdf: not read" in said(packed)

    def test_what_is_not_finished_hidden_or_ours_is_left_alone(self, folder: Path, home: Path) -> None:
        for name in ("a.csv.part", "b.csv.crdownload", "~$c.csv", ".hidden.csv", "d.tmp", "Thumbs.db"):
            (folder / name).write_text(HEADER + deal(1))
        (folder / ".sync").mkdir()
        (folder / ".sync" / "e.csv").write_text(HEADER + deal(1))
        (folder / "f.csv.same-page.txt").write_text(HEADER + deal(1))
        before = sorted(folder.rglob("*"))
        watcher = Watcher(folder)
        assert [watcher.look() for _ in range(3)] == [0, 0, 0]
        assert sorted(folder.rglob("*")) == before
        assert read_pointer() is None
        # And a folder imported by hand passes over the reports, too.
        exported(folder, 2)
        assert [file.file for file in import_exports([folder]).files if "same-page" in file.file] == []

    def test_folders_within_are_watched(self, folder: Path) -> None:
        (folder / "2026" / "week 47").mkdir(parents=True)
        path = exported(folder / "2026" / "week 47", 1)
        watcher = Watcher(folder)
        watcher.look()
        assert watcher.look() == 1
        assert report_path(path).exists()

    def test_what_is_not_the_files_fault_is_tried_again(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        lines: list[str] = []
        watcher = Watcher(folder, say=lines.append)
        path = exported(folder, 1)
        watcher.look()

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(warehouse_module, "write_version", full)
            assert [watcher.look(), watcher.look()] == [0, 0]
        assert not report_path(path).exists()
        assert len([line for line in lines if "The disk is full" in line]) == 1  # said once, not at every look
        assert watcher.look() == 1
        assert deals() == ["Deal 1"]

    def test_broken_settings_keep_it_waiting(self, folder: Path, home: Path) -> None:
        lines: list[str] = []
        watcher = Watcher(folder, say=lines.append)
        exported(folder, 1)
        (home / "settings.toml").write_text("nonsense")
        assert [watcher.look(), watcher.look()] == [0, 0]
        assert any("settings.toml" in line for line in lines)
        (home / "settings.toml").unlink()
        assert watcher.look() == 1

    def test_a_folder_that_goes_and_comes_back(self, folder: Path) -> None:
        lines: list[str] = []
        watcher = Watcher(folder, say=lines.append)
        aside = folder.with_name("aside")
        folder.rename(aside)
        assert [watcher.look(), watcher.look()] == [0, 0]
        assert len(lines) == 1
        assert "There is no such folder" in lines[0]
        aside.rename(folder)
        exported(folder, 1)
        watcher.look()
        assert watcher.look() == 1


class TestCommand:
    """`python -m ingest --watch FOLDER`, as a process of its own."""

    @pytest.fixture
    def start(self, folder: Path, home: Path) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
        """Return a function that starts watching; what it started is ended."""
        started = []

        def run() -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, "-m", "ingest", "--watch", str(folder), "--every", "0.2"],
                cwd=PROJECT,
                env=os.environ.copy(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            started.append(process)
            assert process.stdout is not None
            assert "Watching" in process.stdout.readline()
            return process

        yield run
        for process in started:
            process.kill()
            process.communicate()

    def wait_for(self, path: Path) -> None:
        deadline = time.monotonic() + 60
        while not report_path(path).exists():
            assert time.monotonic() < deadline, f"no report beside {path.name} within a minute"
            time.sleep(0.05)

    @pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
    def test_from_landing_to_ctrl_c(
        self, folder: Path, start: "Callable[[], subprocess.Popen[str]]", ending: signal.Signals
    ) -> None:
        process = start()
        path, bad = exported(folder, 1), folder / "odd.csv"
        bad.write_text("alpha,beta\n1,2\n")
        self.wait_for(path)
        self.wait_for(bad)
        later = exported(folder, 2)
        self.wait_for(later)
        process.send_signal(ending)
        out, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert errors == ""
        assert out.splitlines()[-1] == f"No longer watching {folder}."
        assert deals() == ["Deal 1", "Deal 2"]
        # Started again, it takes only what is new.
        before = len(versions())
        again = start()
        third = exported(folder, 3)
        self.wait_for(third)
        again.send_signal(signal.SIGINT)
        again.communicate(timeout=30)
        assert len(versions()) == before + 1
        assert deals() == ["Deal 1", "Deal 2", "Deal 3"]

    def test_ctrl_c_in_an_import_changes_nothing(
        self, folder: Path, sample_exports: Path, home: Path, start: "Callable[[], subprocess.Popen[str]]"
    ) -> None:
        process = start()
        shutil.copytree(sample_exports, folder / "sample")
        deadline = time.monotonic() + 60
        while not (home / "import" / "building.duckdb").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
        assert "No longer watching" in out
        assert not (home / "import").exists()
        assert read_pointer() is None
        assert not list(folder.rglob("*.same-page.txt"))

    def test_a_folder_that_is_not_there(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--watch", str(tmp_path / "nowhere")]) == 1
        assert "There is no such folder" in capsys.readouterr().err
