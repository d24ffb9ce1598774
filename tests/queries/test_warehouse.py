"""What is kept of a warehouse version is never shown for another file that takes its name."""

import shutil
from pathlib import Path
from threading import Event, Thread

import pytest

from base.pointer import read_pointer
from ingest import import_exports
from queries import QueryError, current_version, newest_date, run
from queries.warehouse import open_warehouse
from tests.little import deal, sheet


def imported(folder: Path, amount: int, modified: str) -> Path:
    """Import a company of one deal and return its version's file."""
    path = folder / "deals.csv"
    path.write_text(sheet(deal(1, amount, modified=modified)), encoding="utf-8")
    import_exports([path])
    return current_version()


def test_a_removed_warehouse_that_is_made_anew_is_read_anew(home: Path, tmp_path: Path) -> None:
    before = imported(tmp_path, 5000, "2026-02-02")
    assert run("pipeline_records", {"kind": "open"})["amount"].to_list() == [5000]
    shutil.rmtree(home / "warehouse")
    after = imported(tmp_path, 7000, "2026-03-03")
    assert after == before  # the same name, another file
    assert run("pipeline_records", {"kind": "open"})["amount"].to_list() == [7000]
    assert str(newest_date(after)) == "2026-03-03"


def test_a_reader_of_the_removed_one_is_waited_for(home: Path, tmp_path: Path) -> None:
    path = imported(tmp_path, 5000, "2026-02-02")
    reading, done = Event(), Event()

    def read() -> None:
        cursor = open_warehouse(path).cursor()
        reading.set()
        done.wait(1)
        cursor.close()

    reader = Thread(target=read)
    reader.start()
    reading.wait(5)
    shutil.rmtree(home / "warehouse")
    imported(tmp_path, 7000, "2026-03-03")
    assert run("pipeline_records", {"kind": "open"})["amount"].to_list() == [7000]
    done.set()
    reader.join()


def test_a_file_that_is_gone_is_a_sentence(home: Path, tmp_path: Path) -> None:
    path = imported(tmp_path, 5000, "2026-02-02")
    pointer = read_pointer()
    assert pointer is not None
    path.unlink()
    with pytest.raises(QueryError, match="The warehouse is gone"):
        run("freshness", version=path)
