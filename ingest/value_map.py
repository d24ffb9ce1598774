"""Values under another name: what people decided (`GTXPro` is shown as `GTX Pro`), laid over the staged rows.

The value as exported is kept beside the shown one, cell by cell, in `mapped_cell`; what all values are, as exported
and as shown, is the view `value_cell`, from which build/93_value.sql makes suggestions.
"""

import duckdb

from base.custom import CUSTOM_MARK, CUSTOM_TABLES, MOST_FILTER_VALUES
from ingest.values import sql_text

# Which staged columns hold the values of a field. A column of ids is one whose ids may be names (an owner's, an
# account's): the CRM's name stands before them.
VALUE_COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "source": (("lead", "source"), ("opportunity", "source"), ("contact", "source")),
    "channel": (("campaign", "channel"),),
    "product": (("opportunity", "product"), ("product", "name")),
    "owner": (
        ("opportunity", "owner_id"),
        ("opportunity_history", "owner_id"),
        ("lead", "owner_id"),
        ("contact", "owner_id"),
        ("account", "owner_id"),
        ("activity", "owner_id"),
        ("quota", "owner_id"),
    ),
    "region": (("lead", "region"), ("opportunity", "region"), ("account", "region"), ("rep", "region")),
    "segment": (("lead", "segment"), ("opportunity", "segment"), ("account", "segment"), ("rep", "segment")),
    "account": (("opportunity", "account_id"), ("contact", "account_id"), ("account", "name")),
    "currency": (
        ("opportunity", "currency"),
        ("campaign", "currency"),
        ("campaign_cost", "currency"),
        ("quota", "currency"),
        ("cost", "currency"),
    ),
}

# Where values are looked at, and in which of these a list says how a value is written. An id that a list explains
# (an owner's, an account's) is no name.
_SEEN: dict[str, tuple[tuple[str, str, str | None], ...]] = {
    "source": (("lead", "source", None), ("opportunity", "source", None)),
    "channel": (("campaign", "channel", None),),
    "product": (("opportunity", "product", None), ("product", "name", "listed")),
    "owner": (("opportunity", "owner_id", "rep"), ("lead", "owner_id", "rep"), ("rep", "name", "listed")),
    "region": (("lead", "region", None), ("opportunity", "region", None), ("account", "region", None)),
    "segment": (("lead", "segment", None), ("opportunity", "segment", None), ("account", "segment", None)),
    "account": (("opportunity", "account_id", "account"), ("account", "name", "listed")),
    "currency": (("opportunity", "currency", None),),
}
_WHAT = {
    "opportunity": "coalesce(x.name, 'Deal ' || {id})",
    "lead": "'Lead ' || {id}",
    "campaign": "coalesce(x.name, 'Campaign ' || {id})",
    "account": "coalesce(x.name, 'Account ' || {id})",
    "product": "coalesce(x.name, 'Product ' || {id})",
    "rep": "coalesce(x.name, 'Rep ' || {id})",
}


def _name_of(column: str) -> str:
    """Return the SQL of a column's value; of an id, without the CRM's name before it."""
    return f"substr(x.{column}, strpos(x.{column}, ':') + 1)" if column.endswith("_id") else f"x.{column}"


def apply_value_map(connection: duckdb.DuckDBPyConnection) -> None:
    """Show each decided value under its name in the staged tables, and note each changed cell in `mapped_cell`.

    Reads `setting_value` (field, value in small letters, value to show; empty for blank). A cell is noted once, with
    its value as exported.
    """
    connection.execute(
        """
        create or replace temp table mapped_cell (
            batch_id varchar, line bigint, table_name varchar, field varchar, raw varchar, shown varchar
        )
        """
    )
    decided = {row[0] for row in connection.execute("select distinct field from setting_value").fetchall()}
    for field, places in VALUE_COLUMNS.items():
        if field not in decided:
            continue
        for table, column in places:
            value = _name_of(column)
            connection.execute(
                f"""
                insert into mapped_cell
                select x.batch_id, x.line, {sql_text(table)}, v.field, {value}, nullif(v.ours, '')
                from staged_{table} x
                join setting_value v on v.field = {sql_text(field)} and v.theirs = lower({value})
                where {value} <> v.ours
                """
            ).fetchall()
            prefix = f"left(x.{column}, strpos(x.{column}, ':')) || " if column.endswith("_id") else ""
            connection.execute(
                f"""
                update staged_{table} as x set {column} = {prefix}nullif(v.ours, '')
                from setting_value v
                where v.field = {sql_text(field)} and v.theirs = lower({value}) and {value} <> v.ours
                """
            ).fetchall()
    for field in sorted(name for name in decided if name.startswith(CUSTOM_MARK)):
        _map_custom(connection, field)


def _map_custom(connection: duckdb.DuckDBPyConnection, field: str) -> None:
    """Show the decided values of one custom field under their names, and note each changed cell."""
    params = {"field": field, "name": field.removeprefix(CUSTOM_MARK)}
    on = "v.field = $field and lower(x.field) = lower($name) and v.theirs = lower(x.value) and x.value <> v.ours"
    connection.execute(
        f"""
        insert into mapped_cell
        select x.batch_id, x.line, x.table_name, {sql_text(CUSTOM_MARK)} || x.field, x.value, nullif(v.ours, '')
        from staged_custom x
        join setting_value v on {on}
        """,
        params,
    ).fetchall()
    connection.execute(
        f"update staged_custom as x set value = nullif(v.ours, '') from setting_value v where {on}", params
    ).fetchall()


def view_values(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `value_cell`, a view of one row per record and field with a value, as exported (raw) and as shown."""
    parts = []
    for field, places in _SEEN.items():
        for table, column, lookup in places:
            known = f"x.{column} not in (select {lookup}_id from latest_{lookup})" if column.endswith("_id") else "true"
            record = f"substr(x.{table}_id, strpos(x.{table}_id, ':') + 1)"
            parts.append(
                f"""
                select {sql_text(field)} as field, x.crm, x.{table}_id as record_id,
                    {_WHAT[table].format(id=record)} as what, coalesce(m.raw, {_name_of(column)}) as raw,
                    {_name_of(column)} as shown, {"true" if lookup == "listed" else "false"} as is_listed,
                    x.batch_id, x.line as source_line
                from latest_{table} x
                left join mapped_cell m
                    on m.batch_id = x.batch_id and m.line = x.line
                    and m.table_name = {sql_text(table)} and m.field = {sql_text(field)}
                where (x.{column} is not null or m.raw is not null) and coalesce({known}, true)
                """
            )
    parts += [_custom_values(table) for table in CUSTOM_TABLES]
    connection.execute(f"create or replace temp view value_cell as {' union all '.join(parts)}")


def _custom_values(table: str) -> str:
    """Return the SQL of the custom fields' values of one table, of those fields that can be a filter."""
    record = "substr(c.record_id, strpos(c.record_id, ':') + 1)"
    return f"""
        select {sql_text(CUSTOM_MARK)} || c.field as field, c.crm, c.record_id,
            {_WHAT[table].format(id=record)} as what, coalesce(m.raw, c.value) as raw, c.value as shown,
            false as is_listed, c.batch_id, c.line as source_line
        from latest_custom c
        semi join (
            select field from latest_custom group by field having count(distinct value) <= {MOST_FILTER_VALUES}
        ) f on f.field = c.field
        join latest_{table} x on x.{table}_id = c.record_id
        left join mapped_cell m
            on m.batch_id = c.batch_id and m.line = c.line and m.table_name = c.table_name
            and m.field = {sql_text(CUSTOM_MARK)} || c.field
        where c.table_name = {sql_text(table)}
        """
