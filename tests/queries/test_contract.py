"""What every query keeps to: its header is whole and true, and its answer depends on the data alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from queries import INPUT_SCHEMAS, catalogue, words
from queries.header import HERE
from queries.warehouse import current_version, open_warehouse
from tests.conftest import PROJECT, Ask

NAMES = sorted(catalogue())
# What a test asks of parameters that a page always gives; the rest are left out.
FILTERS = ("segment", "region", "team", "owner", "source", "product", "business_type")
POLARS_KINDS = {
    "text": (pl.String,),
    "id": (pl.String,),
    "count": (pl.Int32, pl.Int64),
    "number": (pl.Int64, pl.Float64, pl.Decimal),
    "money": (pl.Float64, pl.Decimal),
    "share": (pl.Float64,),
    "ratio": (pl.Float64,),
    "days": (pl.Int64, pl.Float64),
    "date": (pl.Date,),
    "time": (pl.Datetime,),
    "flag": (pl.Boolean,),
}


def needed(name: str) -> dict[str, Any]:
    """Return the parameters without which a query has nothing to say."""
    return {"period": "2026-Q4"} if name == "goal_by_day" else {}


def test_every_sql_file_is_a_query_or_a_word() -> None:
    assert {path.stem for path in HERE.glob("*.sql")} == set(catalogue())
    assert {path.stem for path in (HERE / "words").glob("*.sql")} == set(words())
    assert not [path for path in HERE.rglob("*.sql") if path.parent not in (HERE, HERE / "words")]


@pytest.mark.parametrize("name", NAMES)
def test_declared_parameters_are_the_real_ones(name: str) -> None:
    query = catalogue()[name]
    statements = duckdb.extract_statements(query.sql)
    assert len(statements) == 1
    assert set(statements[0].named_parameters) == set(query.header.params)


@pytest.mark.parametrize("name", NAMES)
def test_declared_columns_are_the_real_ones(name: str, sample: Ask) -> None:
    header = catalogue()[name].header
    frame = sample(name, **needed(name))
    assert frame.columns == list(header.columns)
    for column in header.columns.values():
        kind = frame.schema[column.name]
        if kind != pl.Null:
            assert kind in POLARS_KINDS[column.unit], f"{column.name} is {kind}, and said to be {column.unit}"


@pytest.mark.parametrize("name", NAMES)
def test_the_header_names_what_exists(name: str) -> None:
    header = catalogue()[name].header
    assert header.records is None or header.records in catalogue()
    assert set(header.inputs) <= set(INPUT_SCHEMAS)
    asked = ("goal_now('goals', $as_of)", "goal_on_each('goals', ")
    assert any(word in catalogue()[name].sql for word in asked) == ("goals" in header.inputs)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_warehouse_gives_no_zero(name: str, empty: Ask) -> None:
    frame = empty(name)
    for column in catalogue()[name].header.columns.values():
        if column.unit in ("money", "share", "ratio", "days", "number") or column.is_additive:
            assert frame[column.name].null_count() == frame.height, f"{column.name} is not null"


def additive_queries() -> list[tuple[str, str]]:
    """Return every query that has additive columns, with every filter that it takes."""
    return [
        (name, filtered)
        for name, query in catalogue().items()
        if any(column.is_additive for column in query.header.columns.values())
        for filtered in FILTERS
        if filtered in query.header.params
    ]


@pytest.mark.parametrize(("name", "filtered"), additive_queries())
def test_the_values_of_a_filter_and_none_add_up_to_everything(name: str, filtered: str, sample: Ask) -> None:
    header = catalogue()[name].header
    columns = [column.name for column in header.columns.values() if column.is_additive]
    asked = {"period_start": "2025-10-01", "period_end": "2027-01-01"} if "period_start" in header.params else {}
    whole = sample(name, **asked).select(pl.col(columns).cast(pl.Float64).sum()).row(0)
    values = sample("filter_values").filter(pl.col("filter") == filtered)["value"].fill_null("").to_list()
    assert "" in values or len(values) > 1
    parts = pl.concat(
        sample(name, **asked, **{filtered: [value]}).select(pl.col(columns).cast(pl.Float64).sum())
        for value in {*values, ""}
    )
    assert parts.sum().row(0) == pytest.approx(whole)


def split_by_dimension() -> list[str]:
    """Return the queries that split sums by a dimension; records behind a figure are tested in test_records.py."""
    return [
        name
        for name, query in catalogue().items()
        if "dimension" in query.header.params and any(column.is_additive for column in query.header.columns.values())
    ]


@pytest.mark.parametrize("name", split_by_dimension())
def test_the_values_of_a_dimension_add_up_to_everything(name: str, sample: Ask) -> None:
    header = catalogue()[name].header
    columns = [column.name for column in header.columns.values() if column.is_additive]
    asked = {"period_start": "2026-01-01", "period_end": "2027-01-01"}
    whole = sample(name, **asked).select(pl.col(columns).cast(pl.Float64).sum()).row(0)
    for dimension in header.params["dimension"].choices or ():
        frame = sample(name, **asked, dimension=dimension)
        assert frame.height > 1
        assert frame.select(pl.col(columns).cast(pl.Float64).sum()).row(0) == pytest.approx(whole), dimension


def test_no_query_asks_the_clock_or_chance() -> None:
    """No function whose answer may differ between two runs appears in a query or a shared word."""
    fickle = {
        row[0]
        for row in duckdb.sql(
            "select distinct function_name from duckdb_functions() where stability in "
            "('VOLATILE', 'CONSISTENT_WITHIN_QUERY')"
        ).fetchall()
    } | {"current_timestamp", "localtimestamp", "localtime", "current_time"}
    assert {"now", "current_date", "random"} <= fickle
    for name, sql in [
        *((name, query.sql) for name, query in catalogue().items()),
        *((name, word.sql) for name, word in words().items()),
    ]:
        found = {token.lower() for token in _words(sql)} & fickle
        assert not found, f"{name} uses {found}"


def _words(sql: str) -> list[str]:
    code = "\n".join(line.split("--")[0] for line in sql.splitlines())
    return "".join(sign if sign.isalnum() or sign == "_" else " " for sign in code).split()


ASK_ALL = """
import hashlib, sys
from queries import catalogue, run
digest = hashlib.sha256()
for name in sorted(catalogue()):
    params = {"period": "2026-Q4"} if name == "goal_by_day" else {}
    digest.update(run(name, params).write_csv().encode())
print(digest.hexdigest())
"""


def test_the_same_rows_under_two_dates_and_time_zones(sample_home: Path) -> None:
    faketime = shutil.which("faketime")
    if faketime is None:
        pytest.skip("faketime is not installed: `apt-get install faketime` (make test does it as root)")

    def ask_all(moment: str, zone: str) -> str:
        result = subprocess.run(
            [faketime, moment, sys.executable, "-c", ASK_ALL],
            check=True,
            capture_output=True,
            text=True,
            cwd=PROJECT,
            env={**os.environ, "TZ": zone, "SAME_PAGE_HOME": str(sample_home)},
        )
        return result.stdout.strip()

    first = ask_all("2019-02-03 23:30:00", "America/Los_Angeles")
    assert first == ask_all("2033-08-09 01:15:00", "Pacific/Auckland")
    assert len(first) == 64


def test_the_warehouse_is_closed_to_the_outside(golden: Ask, tmp_path: Path) -> None:
    golden("freshness")
    cursor = open_warehouse(current_version()).cursor()
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for attempt in (
        f"select * from read_csv('{tmp_path}/secret.csv')",
        f"attach '{tmp_path}/other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "create table warehouse.crm.mine as select 1",
        "delete from warehouse.crm.lead",
    ):
        with pytest.raises(duckdb.Error):
            cursor.execute(attempt).fetchall()


def test_a_value_that_looks_like_sql_is_a_value(sample: Ask) -> None:
    frame = sample("lead_to_close", owner=["x') or 1=1 --"], source=["'; drop table crm.lead; --"])
    assert frame.is_empty()
    assert sample("lead_to_close")["leads"][0] > 0


@pytest.mark.parametrize("command", [["list"], ["describe", "campaign_effectiveness"]])
def test_a_reader_that_has_seen_enough_is_no_error(command: list[str], sample_home: Path) -> None:
    """`python -m queries describe X | head -1`: the pipe is closed before all is written."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        result = subprocess.run(
            [sys.executable, "-m", "queries", *command],
            check=False,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env={**os.environ, "SAME_PAGE_HOME": str(sample_home)},
        )
    finally:
        os.close(writing)
    assert (result.returncode, result.stderr) == (0, "")
