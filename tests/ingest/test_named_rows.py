"""Each canonical row names its export file and line, and so does every record that a figure opens to."""

import duckdb

from base.pointer import read_pointer
from queries import catalogue
from tests.conftest import Ask


def test_every_row_of_the_warehouse_names_its_file_and_line(sample: Ask) -> None:
    pointer = read_pointer()
    assert pointer is not None
    with duckdb.connect(str(pointer.path), read_only=True) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_columns() where schema_name = 'crm' and column_name = 'source_line'"
            ).fetchall()
        ]
        assert {"lead", "opportunity", "account", "touch", "activity", "campaign", "rep"} <= set(tables)
        for name in tables:
            nameless = connection.execute(
                f"""
                select count(*)
                from crm.{name} x
                left join crm.batch b using (batch_id)
                where x.batch_id is not null and (b.file_name is null or x.source_line is null)
                """
            ).fetchall()
            assert nameless == [(0,)], name


def test_every_record_that_a_figure_opens_to_names_its_file_and_line() -> None:
    opened = {query.header.records for query in catalogue().values()} - {None}
    assert len(opened) > 5
    for name in opened:
        columns = catalogue()[name or ""].header.columns
        assert {"file", "line"} <= set(columns), name
