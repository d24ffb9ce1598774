"""Custom fields: which columns of a file are kept beside ours, and what each record has of them.

What was decided on a page comes before settings.toml, and that before the file's definition or mapping.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import duckdb

from base.custom import CUSTOM_TABLES, custom_key, custom_name_fault, one_spelling
from base.settings import Settings
from ingest.definitions import Definition, FieldSource, ObjectSpec, fold

# By the place of one of a kind of file's tables: the fields that are kept there, and where each comes from.
Kept = Mapping[int, Mapping[str, FieldSource]]
_OWN_FIELD = re.compile(r"__[a-z]+$")


def suggested_name(column: str, kind: str) -> str:
    """Return a name to keep a column under: its own as people write it; after the kind of record if that is taken."""
    words = " ".join(_OWN_FIELD.sub("", column).replace("_", " ").replace(": ", " ").split())[:40].strip()
    return words if custom_name_fault(words) is None else f"{kind} {words}".strip()


def custom_place(spec: ObjectSpec) -> int | None:
    """Return the place of the table that carries a file's custom fields; None where it fills none that can."""
    places = [place for place, into in enumerate(spec.into) if into.table in CUSTOM_TABLES and into.each is None]
    return places[0] if places else None


def kept_fields(
    definition: Definition,
    spec: ObjectSpec,
    headers: Iterable[str],
    settings: Settings,
    names: Mapping[str, str] | None = None,
) -> Kept:
    """Return the fields that are kept of one file.

    Parameters
    ----------
    definition, spec
        What the file is.
    headers
        Its columns; a column that it lacks keeps nothing.
    settings
        The company's definitions, with what was decided.
    names
        The spelling of each name, by `custom_key` (as `field_names` gives it); as said here when None.
    """
    spelling = names or {}
    found: dict[int, dict[str, tuple[str, FieldSource]]] = {
        place: {custom_key(name): (name, source) for name, source in into.custom.items()}
        for place, into in enumerate(spec.into)
        if into.custom
    }
    place = custom_place(spec)
    if place is not None:
        own = {fold(header) for header in headers}
        here = found.setdefault(place, {})
        for name, columns in kept_by_settings(definition.name, spec.name, settings):
            if any(fold(column) in own for column in columns):
                here[custom_key(name)] = (name, FieldSource(columns=columns))
    return {
        place: {spelling.get(key, name): source for key, (name, source) in fields.items()}
        for place, fields in found.items()
        if fields
    }


def kept_by_settings(crm: str, object_name: str, settings: Settings) -> list[tuple[str, tuple[str, ...]]]:
    """Return name and columns of what the company keeps of a kind of file; the later comes before the earlier."""
    said = [
        (field.name, field.columns)
        for field in settings.custom_fields
        if field.crm in (None, crm) and field.object in (None, object_name)
    ]
    decided = [
        (word.ours, (word.theirs,))
        for word in settings.decided
        if word.kind == "custom" and (word.crm, word.field) == (crm, object_name)
    ]
    return [*said, *decided]


def kept_columns(kept: Kept) -> set[str]:
    """Return the folded names of the columns that custom fields are read from."""
    return {
        fold(column) for fields in kept.values() for source in fields.values() for column in source.needed_columns()
    }


def field_names(definitions: Iterable[Definition], settings: Settings) -> dict[str, str]:
    """Return every custom field in its one spelling, by `custom_key`: as decided, else as in settings.toml or a mapping."""
    names = [word.ours for word in settings.decided if word.kind == "custom"]
    names += [field.name for field in settings.custom_fields]
    names += [
        name for definition in definitions for spec in definition.objects for into in spec.into for name in into.custom
    ]
    return one_spelling(names)


def create_staged_custom(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `staged_custom`, empty: one row per record, as one export saw it, and custom field that its file has."""
    connection.execute(
        """
        create or replace temp table staged_custom (
            batch_id varchar, line bigint, crm varchar, table_name varchar, record_id varchar, modified_at timestamp,
            field varchar, value varchar
        )
        """
    )


def write_latest_custom(connection: duckdb.DuckDBPyConnection, own_batches: Mapping[str, Sequence[str]]) -> None:
    """Of several versions of a record's custom field keep the newest, by the rules of every other field.

    Parameters
    ----------
    connection
        The warehouse, with `staged_custom` and `batch`.
    own_batches
        The batches that are a table's own export, by table.
    """
    connection.execute("create or replace temp table own_batch (table_name varchar, batch_id varchar)")
    rows = [[table, batch] for table in CUSTOM_TABLES for batch in own_batches.get(table, ())]
    if rows:
        connection.executemany("insert into own_batch values (?, ?)", rows)
    connection.execute(
        """
        create or replace temp table latest_custom as
        select crm, table_name, record_id, field, value, batch_id, line
        from (
            select s.*, row_number() over (
                partition by s.table_name, s.record_id, s.field
                order by o.batch_id is not null desc, b.snapshot_at desc, s.modified_at desc nulls last,
                    b.is_mended desc, b.newest_at desc nulls last, s.batch_id desc, s.line desc
            ) as nth
            from staged_custom s
            join batch b using (batch_id)
            left join own_batch o on o.table_name = s.table_name and o.batch_id = s.batch_id
        )
        where nth = 1 and value is not null
        """
    )
