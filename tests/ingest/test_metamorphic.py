"""The same facts, written otherwise, give the same numbers."""

import random
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from ingest import Options, import_exports
from queries import catalogue, run
from tests.conftest import forget_caches, golden_exports

# Everything that counts or sums; files and lines are where the rows stand, which is what changes here.
ASKED = (
    "lead_to_close",
    "lead_funnel",
    "win_rate",
    "funnel_coverage",
    "goal_progress",
    "campaign_effectiveness",
    "sourced_and_influenced",
    "lead_survival",
    "freshness",
    "filter_values",
)


def numbers() -> dict[str, pl.DataFrame]:
    """Return what the warehouse of this home answers."""
    forget_caches()
    found = {}
    for name in ASKED:
        params = catalogue()[name].header.params
        asked = {"period": "2026-Q2"} if "period_start" in params and name != "lead_survival" else {}
        dimensions = ("source", "owner") if "dimension" in params and name != "campaign_effectiveness" else (None,)
        for dimension in dimensions:
            found[f"{name} by {dimension}"] = run(name, {**asked, **({"dimension": dimension} if dimension else {})})
        if "as_of" in params:
            found[f"{name} a month before"] = run(name, {**asked, "as_of": "2026-04-15"})
    return found


def assert_same(found: dict[str, pl.DataFrame], expected: dict[str, pl.DataFrame]) -> None:
    """Compare all answers, and say which differs."""
    for name, frame in expected.items():
        assert found[name].equals(frame, null_equal=True), f"{name}\n{found[name]}\n{frame}"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """Return a copy of the hand-worked company's exports that a test may change."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for source in golden_exports():
        for path in sorted(source.rglob("*.csv")) if source.is_dir() else [source]:
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture
def expected(golden_home: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> dict[str, pl.DataFrame]:
    """Return what the exports answer as they stand."""
    monkeypatch.setenv("SAME_PAGE_HOME", str(golden_home))
    found = numbers()
    monkeypatch.setenv("SAME_PAGE_HOME", str(home))
    return found


def read(path: Path) -> pl.DataFrame:
    """Return an export as text."""
    return pl.read_csv(path, infer_schema=False)


@pytest.mark.usefixtures("golden_settings")
class TestSameNumbers:
    """One change at a time."""

    def test_rows_shuffled(self, exports: Path, expected: dict[str, pl.DataFrame]) -> None:
        for path in exports.glob("*.csv"):
            frame = read(path)
            order = list(range(frame.height))
            random.Random(7).shuffle(order)
            frame[order].write_csv(path, quote_style="always")
        import_exports([exports])
        assert_same(numbers(), expected)

    def test_columns_in_another_order(self, exports: Path, expected: dict[str, pl.DataFrame]) -> None:
        for path in exports.glob("*.csv"):
            frame = read(path)
            frame.select(reversed(frame.columns)).write_csv(path)
        import_exports([exports])
        assert_same(numbers(), expected)

    @pytest.mark.parametrize("delimiter", [";", "\t", "|"])
    def test_another_delimiter(self, exports: Path, expected: dict[str, pl.DataFrame], delimiter: str) -> None:
        for path in exports.glob("*.csv"):
            read(path).write_csv(path, separator=delimiter)
        report = import_exports([exports])
        assert {file.delimiter for file in report.files} == {{";": "semicolon", "\t": "tab", "|": "bar"}[delimiter]}
        assert_same(numbers(), expected)

    @pytest.mark.parametrize(("order", "pattern"), [("mdy", "%m/%d/%Y"), ("dmy", "%d.%m.%Y"), ("dmy", "%d/%m/%Y")])
    def test_another_date_order(
        self, exports: Path, expected: dict[str, pl.DataFrame], order: str, pattern: str
    ) -> None:
        for name, columns in {
            "Opportunity.csv": ["CloseDate"],
            "OpportunityHistory.csv": ["CloseDate"],
            "CampaignMember.csv": ["FirstRespondedDate"],
            "Campaign.csv": ["StartDate", "EndDate"],
        }.items():
            frame = read(exports / name)
            frame.with_columns(pl.col(columns).str.to_date("%Y-%m-%d").dt.strftime(pattern)).write_csv(exports / name)
        report = import_exports([exports])
        assert {file.date_order for file in report.files if file.object == "Opportunity"} == {order}
        assert_same(numbers(), expected)

    def test_amounts_with_decimal_commas_and_currency(self, exports: Path, expected: dict[str, pl.DataFrame]) -> None:
        path = exports / "Opportunity.csv"
        frame = read(path)
        written = [
            None if value is None else f"{float(value):,.2f}".translate(str.maketrans(",.", ".,")) + " €"
            for value in frame["Amount"]
        ]
        frame.with_columns(pl.Series("Amount", written)).write_csv(path)
        import_exports([exports])
        assert_same(numbers(), expected)

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_another_encoding(self, exports: Path, expected: dict[str, pl.DataFrame], encoding: str) -> None:
        for path in exports.glob("*.csv"):
            path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
        import_exports([exports])
        assert_same(numbers(), expected)

    def test_line_ends_of_windows(self, exports: Path, expected: dict[str, pl.DataFrame]) -> None:
        for path in exports.glob("*.csv"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        import_exports([exports])
        assert_same(numbers(), expected)

    def test_one_file_split_into_three(self, exports: Path, expected: dict[str, pl.DataFrame]) -> None:
        for path in list(exports.glob("*.csv")):
            frame = read(path)
            third = max(1, -(-frame.height // 3))
            for number, part in enumerate(frame.iter_slices(third)):
                part.write_csv(exports / f"{path.stem}_{number}.csv")
            path.unlink()
        import_exports([exports])
        assert_same(numbers(), expected)

    def test_files_imported_one_after_the_other_in_any_order(
        self, exports: Path, expected: dict[str, pl.DataFrame]
    ) -> None:
        paths = sorted(exports.glob("*.csv"))
        random.Random(11).shuffle(paths)
        for path in paths:
            import_exports([path])
        assert_same(numbers(), expected)

    def test_zipped(self, exports: Path, expected: dict[str, pl.DataFrame], tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "weekly.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in exports.glob("*.csv"):
                archive.write(path, f"../../{path.name}")  # a path inside a ZIP decides nothing
        import_exports([tmp_path / "weekly.zip"])
        assert not (tmp_path.parent / "Lead.csv").exists()
        assert_same(numbers(), expected)

    def test_ids_of_fifteen_characters(self, exports: Path, expected: dict[str, pl.DataFrame]) -> None:
        path = exports / "OpportunityHistory.csv"
        frame = read(path)
        frame.with_columns(pl.col("OpportunityId").str.head(15)).write_csv(path)
        import_exports([exports])
        assert_same(numbers(), expected)

    def test_snake_case_headers(self, exports: Path, expected: dict[str, pl.DataFrame]) -> None:
        for path in exports.glob("*.csv"):
            if path.name in ("hubspot-contacts.csv", "goals.csv"):
                continue
            frame = read(path)
            frame.rename(
                lambda name: "".join("_" + c.lower() if c.isupper() else c for c in name).strip("_")
            ).write_csv(path)
        import_exports([exports])
        assert_same(numbers(), expected)


MAPPING = """
name = "renamed"
time_zone = "UTC"
nulls = ["000000000000000AAA"]
id_length = 15
[[objects]]
name = "Deals"
needs = ["k1", "k2"]
[[objects.into]]
table = "opportunity"
[objects.into.fields]
opportunity_id = "k1"
name = "k2"
owner = "k3"
created = "k4"
modified = "k5"
close_date = "k6"
stage = "k7"
is_closed = "k8"
is_won = "k9"
amount = "k10"
currency = "k11"
account = "k12"
source = "k13"
is_deleted = "k14"
"""
RENAMED = ["Id", "Name", "OwnerId", "CreatedDate", "SystemModstamp", "CloseDate", "StageName", "IsClosed", "IsWon"]
RENAMED += ["Amount", "CurrencyIsoCode", "AccountId", "LeadSource", "IsDeleted"]


@pytest.mark.usefixtures("golden_settings")
def test_columns_renamed_through_a_mapping(exports: Path, tmp_path: Path, home: Path) -> None:
    import_exports([exports / "Opportunity.csv"])
    asked = {"period": "2026-Q2"}
    plain = [run(name, asked) for name in ("win_rate", "funnel_coverage", "sourced_and_influenced")]
    frame = read(exports / "Opportunity.csv").select(RENAMED)
    frame.rename({name: f"k{number}" for number, name in enumerate(RENAMED, 1)}).write_csv(tmp_path / "odd.csv")
    (tmp_path / "odd.toml").write_text(MAPPING)
    for path in (home / "warehouse").iterdir():
        path.unlink()
    forget_caches()
    import_exports([tmp_path / "odd.csv"], Options(mapping=tmp_path / "odd.toml"))
    renamed = [run(name, asked) for name in ("win_rate", "funnel_coverage", "sourced_and_influenced")]
    for one, other in zip(plain, renamed, strict=True):
        assert one.equals(other, null_equal=True)
    assert run("win_rate", asked)["won"][0] == 1


@pytest.mark.usefixtures("golden_settings")
def test_weekly_exports_alone_tell_what_changed_in_any_order(tmp_path: Path, home: Path) -> None:
    """Three weekly exports of one deal, without a history: pushed in the second, won in the third."""
    header = "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp\n"
    week = {
        1: "006000000000001AAA,Deal,Qualification,100,2026-03-31,0,0,2026-01-05T15:00:00.000Z,2026-02-02T15:00:00.000Z\n",
        2: "006000000000001AAA,Deal,Proposal,150,2026-06-30,0,0,2026-01-05T15:00:00.000Z,2026-03-10T15:00:00.000Z\n",
        3: "006000000000001AAA,Deal,Closed Won,150,2026-04-20,1,1,2026-01-05T15:00:00.000Z,2026-04-20T15:00:00.000Z\n",
    }
    found = []
    for order in ((1, 2, 3), (3, 1, 2), (2, 3, 1, 2)):
        for path in (home / "warehouse").glob("*"):
            path.unlink()
        forget_caches()
        for number in order:
            path = tmp_path / f"week{number}.csv"
            path.write_text(header + week[number])
            import_exports([path])
        state = [
            run("pipeline_records", {"as_of": day, "kind": "open"})
            .select("stage", "amount", "close_date", "is_assumed")
            .rows()
            for day in ("2026-01-20", "2026-02-20", "2026-03-20", "2026-04-25")
        ]
        found.append((state, run("win_rate").select("won", "won_amount").row(0), run("freshness")["history_from"][0]))
    assert found[0] == found[1] == found[2]
    state, won, history_from = found[0]
    assert state == [
        [("Qualification", 100, date(2026, 3, 31), True)],  # before the first export saw it change: assumed
        [("Qualification", 100, date(2026, 3, 31), False)],
        [("Proposal", 150, date(2026, 6, 30), False)],
        [],
    ]
    assert won == (1, 150)
    assert history_from == date(2026, 2, 2)


@pytest.mark.usefixtures("golden_settings")
def test_a_deal_that_is_missing_is_deleted_only_from_a_full_export(tmp_path: Path, home: Path) -> None:
    header = "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp\n"
    one = "006000000000001AAA,One,Qualification,100,2026-06-30,0,0,2026-01-05T15:00:00.000Z,2026-02-02T15:00:00.000Z\n"
    two = "006000000000002AAA,Two,Qualification,200,2026-06-30,0,0,2026-01-05T15:00:00.000Z,2026-{}T15:00:00.000Z\n"
    (tmp_path / "first.csv").write_text(header + one + two.format("02-02"))
    (tmp_path / "second.csv").write_text(header + two.format("03-02"))
    import_exports([tmp_path / "first.csv"])
    import_exports([tmp_path / "second.csv"])
    assert set(run("pipeline_records", {"kind": "open"})["name"]) == {"One", "Two"}
    forget_caches()
    report = import_exports([tmp_path / "second.csv"], Options(scope="full"))
    assert report.is_changed
    forget_caches()
    assert set(run("pipeline_records", {"kind": "open"})["name"]) == {"Two"}
    assert set(run("pipeline_records", {"kind": "open", "as_of": "2026-03-01"})["name"]) == {"One", "Two"}
