"""CRM definitions and mappings: which file is what, and which of its columns fill which of our fields.

One format serves both: a CRM's definition ships in `ingest/crms`, a mapping for any other file is a TOML
that a person writes (`ingest/examples` shows three). The format, field by field, is in CONTRIBUTING.md.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from base.custom import CUSTOM_TABLES, custom_key, custom_name_fault
from base.words import LEAD_MEANINGS, STAGE_MEANINGS
from ingest.errors import IngestError
from ingest.intake import intake_tables

CRMS_DIR = Path(__file__).parent / "crms"
EXAMPLES_DIR = Path(__file__).parent / "examples"
_TEMPLATE_PART = re.compile(r"\{([^{}]+)\}")
_ORIGINS = ("column", "columns", "constant", "template", "header", "each")
LINE_PART = "#"  # in a template: the record's line in its file


def fold(header: str) -> str:
    """Return a header reduced to what its spellings share: `Close Date`, `CloseDate` and `close_date` are one."""
    return re.sub(r"[^\w]|_", "", header.strip().casefold())


@dataclass(frozen=True)
class TemplatePart:
    """One piece of a template: words, a column, or the record's line (a column named `LINE_PART`)."""

    text: str
    is_column: bool = False
    is_optional: bool = False


def template_parts(template: str) -> list[TemplatePart]:
    """Return the pieces of a template: `{Name} of {Account?}` is a column, words, and a column that may be empty."""
    pieces = _TEMPLATE_PART.split(template)
    return [
        TemplatePart(piece.removesuffix("?"), is_column=True, is_optional=piece.endswith("?"))
        if number % 2
        else TemplatePart(piece)
        for number, piece in enumerate(pieces)
        if piece
    ]


@dataclass(frozen=True)
class When:
    """The rows that a field is read from: those where a column holds one of these values, in any case."""

    column: str
    equals: tuple[str, ...]


@dataclass(frozen=True)
class FieldSource:
    """Where one of our fields comes from.

    From columns (the first that has a value), a constant, templates (where the file has none of the columns; the
    first that can be filled); or, in a table read from one column each (`each`), from the column's own header or
    cell. `alternatives` are several such sources, of which the first that has a value counts. `when` and `pattern`
    leave out the rows of something else and the cells that do not look so; of several values in a cell, parted by
    `separator`, the first counts, or each gives a row of its own (`is_every`).
    """

    columns: tuple[str, ...] = ()
    constant: str | None = None
    templates: tuple[str, ...] = ()
    header_groups: tuple[str, ...] = ()
    is_each_cell: bool = False
    value_map: dict[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    crm: str | None = None
    when: When | None = None
    pattern: str | None = None
    separator: str | None = None
    is_every: bool = False
    alternatives: tuple["FieldSource", ...] = ()

    def needed_columns(self) -> tuple[str, ...]:
        """Return the columns that this reads, each once."""
        names = list(self.columns)
        for template in self.templates:
            names += [part.text for part in template_parts(template) if part.is_column and part.text != LINE_PART]
        for other in self.alternatives:
            names += other.needed_columns()
        if self.when is not None:
            names.append(self.when.column)
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class Into:
    """One of our tables that a file fills, from which columns, and from which of its rows; and what else is kept."""

    table: str
    fields: dict[str, FieldSource]
    each: re.Pattern[str] | None = None
    only_column: str | None = None
    only_equals: tuple[str, ...] | None = None
    custom: dict[str, FieldSource] = field(default_factory=dict)


@dataclass(frozen=True)
class ObjectSpec:
    """One kind of file: the columns by which it is known, and the tables that it fills.

    `needs` lists the columns that must be there ("A|B" means either), `any_of` some of which at least one must
    be, `unless` those that must not. `unused` says in words why a known file fills nothing. `time_zone` and `nulls`
    are those of this kind of file alone.
    """

    name: str
    needs: tuple[tuple[str, ...], ...]
    any_of: tuple[str, ...]
    unless: tuple[str, ...]
    into: tuple[Into, ...]
    unused: str | None
    time_zone: str | None = None
    nulls: tuple[str, ...] = ()

    def matches(self, headers: set[str]) -> bool:
        """Tell whether a file with these (folded) headers is of this kind."""
        return (
            all(any(fold(name) in headers for name in names) for names in self.needs)
            and (not self.any_of or any(fold(name) in headers for name in self.any_of))
            and not any(fold(name) in headers for name in self.unless)
        )

    def known_columns(self) -> set[str]:
        """Return the folded names of every column by which this kind of file is known, or which it could use."""
        names = {name for names in self.needs for name in names} | set(self.any_of)
        return {fold(name) for name in names} | self.read_columns()

    def read_columns(self) -> set[str]:
        """Return the folded names of every column that this kind of file could use."""
        names: set[str] = set()
        for into in self.into:
            for source in (*into.fields.values(), *into.custom.values()):
                names.update(source.needed_columns())
            if into.only_column is not None:
                names.add(into.only_column)
        return {fold(name) for name in names}

    def reads(self, header: str) -> bool:
        """Tell whether a table with a row per column (`each`) reads this header."""
        return any(into.each is not None and into.each.match(header) is not None for into in self.into)


@dataclass(frozen=True)
class Definition:
    """A CRM's definition, or a mapping that a person wrote."""

    name: str
    title: str
    time_zone: str
    date_order: str | None
    nulls: tuple[str, ...]
    id_length: int | None
    id_prefix: str | None
    lead_precedence: int
    lead_statuses: dict[str, str]
    stages: dict[str, str]
    objects: tuple[ObjectSpec, ...]
    text: str


class _Checker:
    """Reads a definition's document and says exactly where it is wrong."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def fail(self, where: str, what: str) -> IngestError:
        return IngestError("A mapping cannot be used", f"{self.origin}, {where}: {what}")

    def keys(self, where: str, table: dict[str, Any], known: Iterable[str]) -> None:
        for key in table:
            if key not in known:
                raise self.fail(where, f"'{key}' is not known here; known are {', '.join(sorted(known))}")

    def text(self, where: str, table: dict[str, Any], key: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            raise self.fail(where, f"'{key}' should be a text")
        return value

    def texts(self, where: str, value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(where, "should be a text or a list of texts")
        return tuple(value)

    def words(self, where: str, value: object, choices: tuple[str, ...] | None = None) -> dict[str, str]:
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self.fail(where, "should be a table of texts")
        for name, meaning in value.items():
            if choices and meaning not in choices:
                raise self.fail(where, f"'{name}' means '{meaning}', and should mean one of {', '.join(choices)}")
        return dict(value)

    def source(self, where: str, value: object) -> FieldSource:
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            return FieldSource(alternatives=tuple(self.source(where, item) for item in value))
        if isinstance(value, (str, list)):
            return FieldSource(columns=self.texts(where, value))
        if not isinstance(value, dict):
            raise self.fail(where, "should be a column's name, a list of them, or a table")
        origins = [key for key in _ORIGINS if key in value]
        self.keys(
            where,
            value,
            (*_ORIGINS, "map", "otherwise", "crm", "when", "pattern", "separator", "every"),
        )
        if len(origins) != 1 and origins not in (["column", "template"], ["columns", "template"]):
            raise self.fail(
                where,
                "needs exactly one of column, columns, constant, template, header, each (columns may have a "
                "template beside them, for files without these columns)",
            )
        columns = value.get("column", value.get("columns", []))
        return FieldSource(
            columns=self.texts(where, columns),
            constant=self.text(where, value, "constant") if "constant" in value else None,
            templates=self.texts(where, value.get("template", [])),
            header_groups=self.texts(where, value.get("header", [])),
            is_each_cell="each" in value,
            value_map=self.words(where, value.get("map", {})),
            otherwise=self.text(where, value, "otherwise") if "otherwise" in value else None,
            crm=self.text(where, value, "crm") if "crm" in value else None,
            when=self.when(where, value["when"]) if "when" in value else None,
            pattern=self.cell_pattern(where, value) if "pattern" in value else None,
            separator=self.text(where, value, "separator") if "separator" in value else None,
            is_every=self.is_every(where, value),
        )

    def is_every(self, where: str, table: dict[str, Any]) -> bool:
        """Return whether each of several values in a cell gives a row."""
        every = table.get("every", False)
        if not isinstance(every, bool):
            raise self.fail(where, "'every' should be true or false")
        if every and ("separator" not in table or not {"column", "columns"} & set(table)):
            raise self.fail(where, "'every' needs a column, and the 'separator' that parts its values")
        return every

    def when(self, where: str, value: object) -> When:
        if not isinstance(value, dict):
            raise self.fail(f"{where}, when", "should be a table")
        self.keys(f"{where}, when", value, ("column", "equals"))
        equals = self.texts(f"{where}, when", value.get("equals", []))
        if not equals:
            raise self.fail(f"{where}, when", "needs 'equals', the values of its rows")
        return When(self.text(f"{where}, when", value, "column"), equals)

    def cell_pattern(self, where: str, table: dict[str, Any]) -> str:
        """Return a pattern that the database reads too: it knows no look-ahead and no back-reference."""
        pattern = self.pattern(where, table, "pattern").pattern
        with duckdb.connect() as connection:
            try:
                connection.execute("select regexp_matches('', $pattern)", {"pattern": pattern}).fetchall()
            except duckdb.InvalidInputException as error:
                raise self.fail(where, f"'pattern' cannot be used: {error}") from error
        return pattern

    def pattern(self, where: str, table: dict[str, Any], key: str) -> re.Pattern[str]:
        try:
            return re.compile(self.text(where, table, key))
        except re.error as error:
            raise self.fail(where, f"'{key}' is not a regular expression: {error}") from error

    def into(self, where: str, table: dict[str, Any]) -> Into:
        self.keys(where, table, ("table", "fields", "each", "only", "custom"))
        name = self.text(where, table, "table")
        intake = intake_tables().get(name)
        if intake is None:
            raise self.fail(where, f"'{name}' is not one of our tables; they are {', '.join(intake_tables())}")
        fields = table.get("fields")
        if not isinstance(fields, dict) or not fields:
            raise self.fail(where, "needs [objects.into.fields]")
        sources = {}
        for field_name, value in fields.items():
            if field_name not in intake.fields:
                raise self.fail(
                    f"{where}, {field_name}",
                    f"is not a field of {name}; its fields are {', '.join(intake.fields)}",
                )
            sources[field_name] = self.source(f"{where}, {field_name}", value)
        for needed in intake.fields.values():
            if needed.is_required and needed.name not in sources:
                raise self.fail(where, f"'{needed.name}' is required for {name}")
        each = self.pattern(where, table, "each") if "each" in table else None
        if sum(source.is_every for source in sources.values()) > 1:
            raise self.fail(where, "only one of its fields can give a row for every value")
        for field_name, source in sources.items():
            self.header_groups(f"{where}, {field_name}", source, each, intake.fields[field_name].kind)
        custom = self.custom(where, name, table.get("custom", {}), each)
        only = table.get("only")
        if only is None:
            return Into(name, sources, each, custom=custom)
        if not isinstance(only, dict):
            raise self.fail(where, "'only' should be a table")
        self.keys(f"{where}, only", only, ("column", "equals", "filled"))
        equals = self.texts(f"{where}, only", only["equals"]) if "equals" in only else None
        if equals is None and only.get("filled") is not True:
            raise self.fail(f"{where}, only", "needs 'equals' or 'filled = true'")
        return Into(name, sources, each, self.text(f"{where}, only", only, "column"), equals, custom)

    def custom(self, where: str, table: str, value: object, each: re.Pattern[str] | None) -> dict[str, FieldSource]:
        """Return the columns that are kept under names of the company's own."""
        where = f"{where}, custom"
        if not isinstance(value, dict):
            raise self.fail(where, "should be a table of names and columns")
        if value and (table not in CUSTOM_TABLES or each is not None):
            raise self.fail(
                where, f"only {', '.join(CUSTOM_TABLES)} can carry custom fields, in a table with one row per record"
            )
        found: dict[str, FieldSource] = {}
        for name, said in value.items():
            if fault := custom_name_fault(name):
                raise self.fail(where, fault)
            if custom_key(name) in map(custom_key, found):
                raise self.fail(where, f"'{name}' is there twice; capitals make no difference here")
            found[name] = self.source(f"{where}, {name}", said)
            if found[name].is_each_cell or found[name].header_groups:
                raise self.fail(f"{where}, {name}", "is read from columns, and not from the header of each")
        return found

    def header_groups(self, where: str, source: FieldSource, each: re.Pattern[str] | None, kind: str) -> None:
        """Check that what a field takes from a column's name can be taken from there."""
        if not source.header_groups:
            return
        known = each.groupindex if each is not None else {}
        for group in source.header_groups:
            if group not in known:
                raise self.fail(
                    where, f"takes '{group}' from the column's name, and 'each' names no such group (?P<{group}>...)"
                )
        if kind not in ("text", "id"):
            raise self.fail(where, f"is a {kind}, and only a text or an id can be taken from a column's name")

    def object(self, where: str, table: dict[str, Any]) -> ObjectSpec:
        self.keys(where, table, ("name", "needs", "any_of", "unless", "into", "unused", "time_zone", "nulls"))
        name = self.text(where, table, "name")
        where = f"object '{name}'"
        needs = self.texts(where, table.get("needs", []))
        if not needs:
            raise self.fail(where, "'needs' should name the columns by which such a file is known")
        into = tuple(self.into(f"{where}, into {number}", part) for number, part in enumerate(table.get("into", []), 1))
        if into and (into[0].each is not None or any(source.is_every for source in into[0].fields.values())):
            raise self.fail(
                f"{where}, into 1",
                "the first table accounts for the file's rows, one each; a table read once for every column, or value, "
                "comes after it",
            )
        unused = self.text(where, table, "unused") if "unused" in table else None
        if not into and unused is None:
            raise self.fail(where, "needs at least one [[objects.into]], or 'unused' with the reason")
        return ObjectSpec(
            name=name,
            needs=tuple(tuple(part.strip() for part in need.split("|")) for need in needs),
            any_of=self.texts(where, table.get("any_of", [])),
            unless=self.texts(where, table.get("unless", [])),
            into=into,
            unused=unused,
            time_zone=self.time_zone(where, table) if "time_zone" in table else None,
            nulls=self.texts(f"{where}, nulls", table.get("nulls", [])),
        )

    def objects(self, tables: list[dict[str, Any]]) -> tuple[ObjectSpec, ...]:
        found = tuple(self.object(f"object {number}", part) for number, part in enumerate(tables, 1))
        names = [spec.name for spec in found]
        for name in names:
            if names.count(name) > 1:
                raise self.fail(f"object '{name}'", "has the name of another object; each needs its own")
        return found

    def time_zone(self, where: str, document: dict[str, Any]) -> str:
        name = self.text(where, document, "time_zone", "company")
        if name != "company":
            try:
                ZoneInfo(name)
            except (ValueError, KeyError, OSError) as error:
                raise self.fail("time_zone", f"'{name}' is neither 'company' nor a time zone") from error
        return name


def parse_definition(text: str, origin: str) -> Definition:
    """Read and check the text of a definition or mapping.

    Parameters
    ----------
    text
        The TOML.
    origin
        What to call it in errors, its path for instance.

    Raises
    ------
    IngestError
        It is not TOML, or says something that cannot be used; the message names the place.
    """
    check = _Checker(origin)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise check.fail("the file", f"is not TOML: {error}") from error
    check.keys(
        "the top",
        document,
        (
            "name",
            "title",
            "documentation",
            "time_zone",
            "date_order",
            "nulls",
            "id_length",
            "id_prefix",
            "lead_precedence",
            "lead_statuses",
            "stages",
            "objects",
        ),
    )
    name = check.text("the top", document, "name")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise check.fail("name", f"'{name}' should be of small letters, digits and underscores")
    date_order = document.get("date_order")
    if date_order not in (None, "dmy", "mdy"):
        raise check.fail("date_order", "should be 'dmy' or 'mdy'")
    id_length = document.get("id_length")
    if id_length is not None and (not isinstance(id_length, int) or id_length < 1):
        raise check.fail("id_length", "should be a whole number")
    precedence = document.get("lead_precedence", 1)
    if not isinstance(precedence, int):
        raise check.fail("lead_precedence", "should be a whole number")
    objects = document.get("objects", [])
    if not isinstance(objects, list) or not objects:
        raise check.fail("the top", "needs at least one [[objects]]")
    return Definition(
        name=name,
        title=check.text("the top", document, "title", name),
        time_zone=check.time_zone("the top", document),
        date_order=date_order,
        nulls=check.texts("nulls", document.get("nulls", [])),
        id_length=id_length,
        id_prefix=check.text("the top", document, "id_prefix") if "id_prefix" in document else None,
        lead_precedence=precedence,
        lead_statuses=check.words("lead_statuses", document.get("lead_statuses", {}), LEAD_MEANINGS),
        stages=check.words("stages", document.get("stages", {}), STAGE_MEANINGS),
        objects=check.objects(objects),
        text=text,
    )


def load_definition(path: Path) -> Definition:
    """Read a definition or mapping from a file; raises `IngestError` with the place of what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise IngestError("A mapping cannot be read", f"{path}: {error}") from error
    return parse_definition(text, str(path))


@cache
def shipped_definitions() -> dict[str, Definition]:
    """Return the definitions of the CRMs that the product knows, by name."""
    found = [load_definition(path) for path in sorted(CRMS_DIR.glob("*.toml"))]
    return {definition.name: definition for definition in found}


def stored_definition(row: Mapping[str, Any]) -> Definition:
    """Return the definition by which a file of the warehouse is read.

    Parameters
    ----------
    row
        The file's row of `raw.file`.

    Raises
    ------
    IngestError
        Its CRM has no definition any more.
    """
    if row["mapping_text"] is not None:
        return parse_definition(row["mapping_text"], f"the mapping kept with {row['file_name']}")
    try:
        return shipped_definitions()[row["crm"]]
    except KeyError:
        raise IngestError(
            "An earlier export can no longer be understood",
            f"{row['file_name']} came from '{row['crm']}', which has no definition any more.",
        ) from None
