"""The past of deals from exports alone: by difference, in any order, with what is missing, gone and back again."""

import hashlib
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.pointer import read_pointer
from ingest import Options, import_exports
from queries import run
from tests.conftest import forget_caches

MAPPING = """
name = "weekly"
[[objects]]
name = "Deals"
needs = ["Deal"]
[[objects.into]]
table = "opportunity"
[objects.into.fields]
opportunity_id = "Deal"
stage = "Stage"
status = { column = "Stage", map = { "Won" = "won", "Lost" = "lost" }, otherwise = "open" }
amount = "Amount"
close_date = "Close"
owner = "Owner"
modified = "Changed"
account = "Account"
"""
MONDAY = datetime(2026, 3, 2, 12)
# Names and times of the imports themselves; all else must not depend on when or in which order exports were imported.
OF_THE_IMPORT = {"import_id", "imported_at"}


def bring(folder: Path, text: str, week: int, scope: str = "partial") -> None:
    """Import one weekly export."""
    (folder / "weekly.toml").write_text(MAPPING)
    path = folder / f"week{week}.csv"
    path.write_text(text)
    options = Options(mapping=folder / "weekly.toml", snapshot_at=MONDAY + timedelta(weeks=week), scope=scope)
    import_exports([path], options)
    forget_caches()


def content() -> dict[str, str]:
    """Return a hash of each canonical table, whatever the order of its rows."""
    pointer = read_pointer()
    assert pointer is not None
    with duckdb.connect(str(pointer.path), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'crm' order by table_name"
        ).fetchall()
        found = {}
        for (table,) in tables:
            columns = [
                row[0]
                for row in connection.execute(
                    "select column_name from duckdb_columns() where schema_name = 'crm' and table_name = $t order by column_name",
                    {"t": table},
                ).fetchall()
                if row[0] not in OF_THE_IMPORT
            ]
            named = ", ".join(f'"{column}"' for column in columns)
            rows = sorted(repr(row) for row in connection.execute(f'select {named} from crm."{table}"').fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    assert "opportunity_state" in found
    return found


def fresh(home: Path) -> None:
    """Forget everything that was imported."""
    for path in (home / "warehouse").glob("*"):
        path.unlink()
    forget_caches()


WEEKS = [
    "Deal,Stage,Amount,Close,Owner\n1,Qualify,100,2026-06-30,Ann\n2,Qualify,50,2026-06-30,Bo\n",
    "Deal,Stage,Amount,Close,Owner\n1,Propose,150,2026-06-30,Ann\n2,Qualify,50,2026-09-30,Ann\n3,Qualify,70,2026-06-30,Bo\n",
    "Deal,Stage,Amount,Close,Owner\n1,Won,150,2026-03-14,Ann\n2,Lost,50,2026-03-15,Ann\n3,Qualify,70,2026-06-30,Bo\n",
]


def test_three_weekly_snapshots_without_history_in_any_order_and_twice(home: Path, tmp_path: Path) -> None:
    found = []
    for order in [*permutations(range(3)), (2, 0, 1, 0, 2), (0, 0, 1, 1, 2, 2)]:
        fresh(home)
        for week in order:
            bring(tmp_path, WEEKS[week], week)
        found.append(content())
    assert all(one == found[0] for one in found)
    states = {
        as_of: {
            row["record_id"]: (row["stage"], row["amount"], row["close_date"], row["owner"], row["is_assumed"])
            for row in run("pipeline_records", {"kind": "open", "as_of": as_of}).iter_rows(named=True)
        }
        for as_of in ("2026-03-02", "2026-03-09", "2026-03-16")
    }
    assert states == {
        "2026-03-02": {
            "1": ("Qualify", 100, date(2026, 6, 30), "Ann", False),
            "2": ("Qualify", 50, date(2026, 6, 30), "Bo", False),
        },
        "2026-03-09": {
            "1": ("Propose", 150, date(2026, 6, 30), "Ann", False),
            "2": ("Qualify", 50, date(2026, 9, 30), "Ann", False),
            "3": ("Qualify", 70, date(2026, 6, 30), "Bo", False),
        },
        "2026-03-16": {"3": ("Qualify", 70, date(2026, 6, 30), "Bo", False)},
    }
    assert run("win_rate").select("won", "lost", "won_amount").row(0) == (1, 1, 150)


def test_the_same_content_a_week_later_is_a_sighting_of_its_own(home: Path, tmp_path: Path) -> None:
    """Nothing changed between two weeks, and something did before: each order tells the same."""
    same, other = WEEKS[0], WEEKS[0].replace("1,Qualify,100", "1,Qualify,90")
    found = []
    for order in permutations([(0, same), (1, other), (2, same)]):
        fresh(home)
        for week, text in order:
            bring(tmp_path, text, week)
        found.append(content())
        amounts = [
            dict(run("pipeline_records", {"kind": "open", "as_of": day}).select("record_id", "amount").rows())["1"]
            for day in ("2026-03-03", "2026-03-10", "2026-03-17")
        ]
        assert amounts == [100, 90, 100]
    assert all(one == found[0] for one in found)


def test_an_export_with_fewer_columns_takes_nothing_away(home: Path, tmp_path: Path) -> None:
    full = "Deal,Stage,Amount,Close,Owner,Account\n1,Qualify,100,2026-06-30,Ann,Acme\n"
    found = []
    for order in ((0, 1), (1, 0)):
        fresh(home)
        for week in order:
            bring(tmp_path, (full, "Deal,Stage\n1,Propose\n")[week], week)
        row = run("pipeline_records", {"kind": "open"}).row(0, named=True)
        assert (row["stage"], row["amount"], row["owner"], row["account"]) == ("Propose", 100, "Ann", "Acme")
        found.append(content())
    assert found[0] == found[1]
    # A blank cell is something else than no column: it says that there is no amount.
    bring(tmp_path, "Deal,Amount\n1,\n", 2)
    row = run("pipeline_records", {"kind": "open"}).row(0, named=True)
    assert (row["stage"], row["amount"], row["owner"]) == ("Propose", None, "Ann")


def test_the_owner_comes_from_imports_where_the_history_has_none(home: Path, tmp_path: Path) -> None:
    header = "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp,OwnerId\n"
    deal = "006000000000001AAA,Deal,{},100,2026-06-30,0,0,2026-01-05T15:00:00.000Z,{}T15:00:00.000Z,{}\n"
    (tmp_path / "one.csv").write_text(header + deal.format("Qualification", "2026-02-02", "Ann"))
    (tmp_path / "two.csv").write_text(header + deal.format("Prospecting", "2026-03-10", "Bo"))
    (tmp_path / "history.csv").write_text(
        "Id,OpportunityId,StageName,Amount,CloseDate,CreatedDate\n"
        "008000000000001AAA,006000000000001AAA,Qualification,100,2026-06-30,2026-01-05T15:00:00.000Z\n"
        "008000000000002AAA,006000000000001AAA,Prospecting,80,2026-06-30,2026-02-20T15:00:00.000Z\n"
    )
    for name in ("one.csv", "two.csv", "history.csv"):
        import_exports([tmp_path / name])
    forget_caches()
    seen = [
        run("pipeline_records", {"kind": "open", "as_of": day}).select("stage", "amount", "owner").row(0)
        for day in ("2026-02-10", "2026-02-25", "2026-03-11")
    ]
    # The stage changed on 20 February as the history says; the amount of 100 that the newest export still shows
    # was changed on 10 March, after it.
    assert seen == [("Qualification", 100, "Ann"), ("Prospecting", 80, "Ann"), ("Prospecting", 100, "Bo")]


class TestGone:
    """Only a full export deletes."""

    ONE = "Deal,Stage,Amount,Close,Changed\n1,Qualify,100,2026-06-30,2026-02-01\n2,Qualify,50,2026-06-30,2026-02-01\n"
    WITHOUT = "Deal,Stage,Amount,Close,Changed\n2,Qualify,50,2026-06-30,2026-02-01\n"

    def open_on(self, day: str) -> set[str]:
        return set(run("pipeline_records", {"kind": "open", "as_of": day})["record_id"])

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_a_deal_that_comes_back_is_open_again(self, home: Path, tmp_path: Path, order: Sequence[int]) -> None:
        back = self.ONE.replace("100", "120")  # changed by nobody, as its stamp says, and yet back
        for week in order:
            bring(tmp_path, (self.ONE, self.WITHOUT, back)[week], week, ("partial", "full", "partial")[week])
        assert [self.open_on(day) for day in ("2026-03-03", "2026-03-10", "2026-03-17")] == [
            {"1", "2"},
            {"2"},
            {"1", "2"},
        ]
        assert "deleted_deal" not in run("import_findings")["finding"].to_list()

    def test_a_deal_that_is_gone_is_shown_and_not_forgotten(self, home: Path, tmp_path: Path) -> None:
        bring(tmp_path, self.ONE, 0)
        bring(tmp_path, self.WITHOUT, 1)
        assert self.open_on("2026-03-10") == {"1", "2"}  # a partial export says nothing of what it lacks
        bring(tmp_path, self.WITHOUT, 2, "full")
        assert self.open_on("2026-03-17") == {"2"}
        assert self.open_on("2026-03-10") == {"1", "2"}
        opened = run("finding_records", {"finding": "deleted_deal"}).row(0, named=True)
        assert (opened["record_id"], opened["detail"]) == ("weekly:1", "gone since 2026-03-16")
        assert opened["file"] == "week0.csv"


def one_deal() -> st.SearchStrategy[str]:
    return st.tuples(
        st.sampled_from(["Qualify", "Propose", "Won", "Lost"]),
        st.sampled_from(["100", "150.5", ""]),
        st.sampled_from(["2026-03-31", "2026-06-30", ""]),
        st.sampled_from(["Ann", "Bo", ""]),
        st.sampled_from(["2026-02-20", "2026-03-04", "2026-03-12", ""]),
    ).map(",".join)


def exports() -> st.SearchStrategy[list[tuple[str, str]]]:
    """Draw some weekly exports, each with some of the deals, some of the columns, full or partial."""
    rows = st.dictionaries(st.sampled_from("1234"), one_deal(), min_size=1, max_size=4)

    def text(found: dict[str, str], columns: int) -> str:
        lines = ["Deal,Stage,Amount,Close,Owner,Changed", *(f"{deal},{rest}" for deal, rest in found.items())]
        return "\n".join(",".join(line.split(",")[:columns]) for line in lines) + "\n"

    export = st.tuples(st.builds(text, rows, st.sampled_from([6, 6, 5, 3, 2])), st.sampled_from(["partial", "full"]))
    return st.lists(export, min_size=2, max_size=4)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(weeks=exports(), data=st.data())
def test_the_order_of_imports_does_not_matter(weeks: list[tuple[str, str]], data: st.DataObject, home: Path) -> None:
    order = data.draw(st.permutations(range(len(weeks))))
    again = data.draw(st.lists(st.sampled_from(range(len(weeks))), max_size=2))
    found = []
    for sequence in (range(len(weeks)), [*order, *again]):
        fresh(home)
        with tempfile.TemporaryDirectory() as folder:
            for week in sequence:
                bring(Path(folder), weeks[week][0], week, weeks[week][1])
        found.append(content())
    assert found[0] == found[1]


def test_the_hash_of_the_content_sees_a_change(home: Path, tmp_path: Path) -> None:
    bring(tmp_path, WEEKS[0], 0)
    before = content()
    fresh(home)
    bring(tmp_path, WEEKS[0].replace("1,Qualify,100", "1,Qualify,101"), 0)
    after = content()
    assert {table for table in before if before[table] != after[table]} >= {"opportunity_state"}
    assert pl.Series(list(before)).is_in(list(after)).all()
