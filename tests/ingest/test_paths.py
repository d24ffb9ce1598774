"""A file's path never decides what is read from it."""

from pathlib import Path

import pytest

from ingest import import_exports
from queries import run
from tests.conftest import forget_caches

HEADER = "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp"
ROW = "006000000000001,{name},Offer,{amount},2026-06-30,0,0,2026-01-05T15:00:00Z,2026-02-02T15:00:00Z"


@pytest.mark.parametrize(
    "name", ["deals[Q].csv", "deals*.csv", "deals?.csv", "Amount=5/deals.csv", "it's {a} “deal”.csv"]
)
def test_signs_in_a_path_are_signs(home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "dealsQ.csv").write_text(f"{HEADER}\n{ROW.format(name='other', amount=7)}\n", encoding="utf-8")
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{HEADER}\n{ROW.format(name='own', amount=100)}\n", encoding="utf-8")
    report = import_exports([path])
    assert [(file.rows_read, file.loaded) for file in report.files] == [(1, 1)]
    forget_caches()
    assert run("pipeline_records", {"kind": "open"}).select("name", "amount").rows() == [("own", 100)]
