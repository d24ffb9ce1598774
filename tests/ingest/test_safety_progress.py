"""Progress: a share that only grows, rows so far, and a time left that comes true."""

from pathlib import Path

import pytest

from ingest import import_exports, rebuild
from ingest.progress import Gauge, time_left
from tests.conftest import golden_exports


@pytest.mark.usefixtures("golden_settings")
def test_an_import_tells_each_file_its_rows_and_a_share_that_only_grows() -> None:
    told: list[tuple[str, int, int]] = []
    report = import_exports(golden_exports(), progress=lambda *what: told.append(what))
    shares = [done / total for _, done, total in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    words = [what for what, _, _ in told]
    for number, file in enumerate(report.files, start=1):
        before = sum(earlier.rows_read for earlier in report.files[: number - 1])
        said = f"reading {file.file} ({number} of {len(report.files)}, {before:,} rows so far)"
        assert any(what.startswith(said) for what in words), said
        assert any(what.startswith(f"understanding {file.file}, {file.rows_read:,} rows") for what in words)
    told.clear()
    rebuild(lambda *what: told.append(what))
    assert [done / total for _, done, total in told] == sorted(done / total for _, done, total in told)


def test_reading_is_told_by_bytes(tmp_path: Path) -> None:
    for name, rows in (("a", 10), ("b", 90)):
        (tmp_path / f"{name}.csv").write_text(
            "measure,period,scope,value,currency,set_on\n"
            + "".join(f"won_amount,20{row:02}-Q1,{name},1,USD,2026-11-30\n" for row in range(rows))
        )
    told: list[tuple[str, int, int]] = []
    import_exports([tmp_path], progress=lambda *what: told.append(what))
    reading = [done for what, done, _ in told if what.startswith("reading")]
    assert reading[0] == 0
    assert 20 < reading[1] < 40  # a tenth of the bytes of the quarter of the work that is reading


def test_the_time_left_follows_from_the_share() -> None:
    now = [0.0]
    told: list[str] = []
    gauge = Gauge(lambda what, _done, _total: told.append(what), lambda: now[0])
    part = gauge.part(0.0, 1.0)
    part("x", 0, 100)
    now[0] = 60.0
    part("x", 25, 100)
    now[0] = 170.0
    part("x", 99, 100)
    part("x", 100, 100)
    assert told == ["x", "x · about 3 min left", "x · a few seconds left", "x"]


def test_a_share_never_goes_back() -> None:
    told: list[int] = []
    gauge = Gauge(lambda _what, done, _total: told.append(done))
    gauge.part(0.0, 0.5)("a", 1, 1)
    gauge.part(0.5, 1.0)("b", 0, 0)
    gauge.part(0.0, 0.5)("a", 0, 1)
    gauge.say("c")
    assert told == [500, 500, 500, 500]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds"),
        (12, "about 10 s"),
        (54, "about 50 s"),
        (55, "about 1 min"),
        (3000, "about 50 min"),
        (9000, "about 2 h"),
    ],
)
def test_time_left_in_words(seconds: float, words: str) -> None:
    assert time_left(seconds) == f"{words} left"
