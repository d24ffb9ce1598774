"""Columns of the imported files that no field of ours is read from: what stands in them, so that a person can keep one."""

from collections.abc import Sequence
from dataclasses import dataclass

from base.settings import load_settings
from ingest.custom import custom_place, kept_by_settings, suggested_name
from ingest.definitions import ObjectSpec, fold, stored_definition
from ingest.privacy import HASH_MARK
from ingest.raw import quoted
from ingest.rejects import open_current

_EXAMPLES = 3
_MEMORY = "1GB"


@dataclass(frozen=True)
class SpareColumn:
    """A column that no field is read from, as the newest import that has it holds it.

    `rows` counts that import's rows of this kind of file, `filled` those with a value in the column, `values` the
    different ones; `examples` are the most frequent. `is_personal` says that it is stored as a keyed hash.
    """

    crm: str
    crm_title: str
    object: str
    column: str
    rows: int
    filled: int
    values: int
    examples: tuple[str, ...]
    is_personal: bool

    @property
    def suggested_name(self) -> str:
        """A name to keep it under: the column's own, as people write it."""
        return suggested_name(self.column, self.object)


def spare_columns() -> list[SpareColumn]:
    """Return the columns of deals', leads' and companies' files that no field is read from, fullest first.

    Those that are kept as custom fields by settings are among them; `not_kept` leaves them out.

    Raises
    ------
    IngestError
        Nothing was imported yet.
    """
    found: list[SpareColumn] = []
    with open_current() as connection:
        connection.execute(f"set memory_limit = '{_MEMORY}'")
        files = connection.sql("select * from raw.file where mends is null order by imported_at desc, batch_id").pl()
        seen: set[tuple[str, str, str]] = set()
        for row in files.iter_rows(named=True):
            definition = stored_definition(row)
            spec = next((item for item in definition.objects if item.name == row["object"]), None)
            if spec is None or custom_place(spec) is None:
                continue
            here = [
                header
                for header in _unread(spec, row["headers"])
                if (definition.name, spec.name, fold(header)) not in seen
            ]
            seen.update((definition.name, spec.name, fold(header)) for header in here)
            if not here:
                continue
            batches = [
                other["batch_id"]
                for other in files.iter_rows(named=True)
                if (other["table_name"], other["import_id"]) == (row["table_name"], row["import_id"])
            ]
            cells = {header: f"nullif(trim({quoted(header)}), '')" for header in here}
            counts = ", ".join(
                f"count({cell}), count(distinct {cell}), approx_top_k({cell}, {_EXAMPLES})" for cell in cells.values()
            )
            rows, *counted = connection.execute(
                f"select count(*), {counts} from raw.{quoted(row['table_name'])} where batch_id in (select unnest($batches))",
                {"batches": batches},
            ).fetchall()[0]
            for place, header in enumerate(here):
                filled, values, examples = counted[3 * place : 3 * place + 3]
                texts = tuple(text for text in examples or () if text)
                is_personal = any(text.startswith(HASH_MARK) for text in texts)
                found.append(
                    SpareColumn(
                        definition.name,
                        definition.title,
                        spec.name,
                        header,
                        rows,
                        filled,
                        values,
                        ("(kept as a hash)",) if is_personal else texts,
                        is_personal,
                    )
                )
    return sorted(found, key=lambda column: (column.filled == 0, column.crm, column.object, -column.filled))


def not_kept(columns: Sequence[SpareColumn]) -> list[SpareColumn]:
    """Return those of `spare_columns` that neither a decision nor settings.toml keeps by now."""
    settings = load_settings()
    return [
        column
        for column in columns
        if not any(
            fold(name) == fold(column.column)
            for _, names in kept_by_settings(column.crm, column.object, settings)
            for name in names
        )
    ]


def _unread(spec: ObjectSpec, headers: Sequence[str]) -> list[str]:
    read = spec.read_columns()
    return [header for header in headers if fold(header) not in read and not spec.reads(header)]
