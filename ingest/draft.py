"""A mapping as a person puts it together: which of their columns fill which of our fields; and its text.

The text is TOML of the one format that definitions and mappings share, so what the page saves the command line takes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import tomlkit
from tomlkit.items import InlineTable

from ingest.definitions import Definition, ObjectSpec, fold, parse_definition, shipped_definitions
from ingest.errors import IngestError
from ingest.intake import IntakeField, intake_tables
from ingest.words import guess_words, meaning_of_value, plain_words

# Fields whose values are words that mean something to us: the kind of meaning, and where the mapping says it ("map"
# with the field itself, or one of the definition's own tables).
_MEANING_OF = {
    "opportunity.stage": ("stage", "stages"),
    "opportunity_history.stage": ("stage", "stages"),
    "stage_date.stage": ("stage", "stages"),
    "opportunity.status": ("stage", "map"),
    "lead.status": ("lead", "lead_statuses"),
    "lead_status.status": ("lead", "lead_statuses"),
    "activity.kind": ("kind", "map"),
    "activity.direction": ("direction", "map"),
    "opportunity.business_type": ("business", "map"),
    "rep.role": ("role", "map"),
}
_TO_ONE_CRM = ("documentation", "objects")


@dataclass(frozen=True)
class Draft:
    """What a person says about one kind of file.

    Parameters
    ----------
    system
        What the files come from, as people call it; files of one system share their ids.
    kind
        What this kind of file is called in the mapping.
    headers
        Every column of the file, by which it is known again.
    table
        Which of our tables its rows fill.
    columns
        Our fields, and the column that fills each.
    constants, templates
        Fields with the same value in every row, and fields put together from several columns.
    meanings
        For fields whose values mean something to us (`meaning_kind`): what each of their values means.
    date_order
        "dmy" or "mdy", where the dates themselves do not tell.
    custom
        Fields of the company's own, and the column that each is kept from.
    """

    system: str
    kind: str
    headers: tuple[str, ...]
    table: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: str | None = None
    custom: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The system's name in the mapping, as its ids carry it."""
        return system_name(self.system)

    def missing(self) -> tuple[IntakeField, ...]:
        """Return the required fields that nothing fills."""
        filled = {*self.columns, *self.constants, *self.templates}
        return tuple(
            item for item in intake_tables()[self.table].fields.values() if item.is_required and item.name not in filled
        )


def table_title(table: str) -> str:
    """Return what one of our tables is called on the screen."""
    return str(guess_words()["tables"].get(table, {}).get("title", table.replace("_", " ").capitalize()))


def table_row(table: str) -> str:
    """Return what one row of a table is: deal, lead, ..."""
    return str(guess_words()["tables"].get(table, {}).get("one", table.replace("_", " ")))


def field_label(name: str) -> str:
    """Return what a field is called on the screen."""
    return str(guess_words()["labels"].get(name, name.replace("_", " ")))


def meaning_kind(table: str, name: str) -> str | None:
    """Return the kind of meaning that a field's values have (stage, lead, ...), or None: then they are kept as is."""
    found = _MEANING_OF.get(f"{table}.{name}")
    return None if found is None else found[0]


def meanings_of(kind: str) -> tuple[str, ...]:
    """Return what values of a kind may mean."""
    return tuple(guess_words()["meanings"][kind])


def guess_meanings(values: Iterable[str], kind: str) -> dict[str, str | None]:
    """Return what each value most likely means, by words of several languages; None where no word tells.

    Where some stages are told for won or lost, the others are open.
    """
    found = {value: meaning_of_value(value, kind) for value in values}
    if kind == "stage" and {"won", "lost"} & set(found.values()):
        return {value: meaning or "open" for value, meaning in found.items()}
    return found


def system_name(title: str) -> str:
    """Return a system's name of small letters, digits and underscores; a CRM that ships keeps its own.

    Raises
    ------
    IngestError
        The title holds no letter.
    """
    for definition in shipped_definitions().values():
        if title.strip().casefold() in (definition.title.casefold(), definition.name):
            return definition.name
    words = re.sub(r"[^a-z0-9]+", "_", " ".join(plain_words(title)).encode("ascii", "ignore").decode()).strip("_")
    name = re.sub(r"^[^a-z]+", "", words)
    if not name:
        raise IngestError("A mapping needs a name", f"'{title}' holds no letter. Name what the file comes from.")
    return name[:60]


def headers_of(spec: ObjectSpec) -> frozenset[str]:
    """Return the folded columns by which a kind of file is known."""
    return frozenset(fold(name) for names in spec.needs for name in names)


def draft_text(draft: Draft, onto: str | None = None) -> str:
    """Return the mapping as TOML.

    Parameters
    ----------
    draft
        What the person said.
    onto
        The text of a mapping of the same system, to which this kind of file is added (in the place of the one with
        exactly these columns). Without one, a new mapping; of a CRM that ships, with what its definition says of ids,
        empty words, stages and time zone, so that ids of both are the same.

    Raises
    ------
    IngestError
        It cannot be used: something required is missing, or the mapping's other files write dates otherwise.
    """
    missing = draft.missing()
    if missing:
        raise IngestError(
            "A mapping is not complete",
            f"Nothing fills {', '.join(field_label(item.name) for item in missing)}, which every "
            f"{table_row(draft.table)} needs.",
        )
    document = tomlkit.parse(onto) if onto is not None else _new_document(draft)
    _set_date_order(document, draft, is_new=onto is None)
    for target in ("stages", "lead_statuses"):
        said = {
            value: meaning
            for name, values in draft.meanings.items()
            if name in draft.columns and _MEANING_OF[f"{draft.table}.{name}"][1] == target
            for value, meaning in values.items()
        }
        if said:
            words = document.setdefault(target, tomlkit.table())
            known = {key.casefold(): key for key in words}
            for value, meaning in said.items():
                words[known.get(value.casefold(), value)] = meaning
    objects = _objects_without(document, draft.headers)
    objects.append(_object(draft, [str(item["name"]) for item in objects]))
    document["objects"] = objects
    text = tomlkit.dumps(document)
    parse_definition(text, f"the mapping of {draft.system}")
    return text


def without_kind(text: str, headers: Iterable[str]) -> str | None:
    """Return a mapping's text without the kind of file that has exactly these columns; None if no other is left."""
    document = tomlkit.parse(text)
    objects = _objects_without(document, headers)
    if not objects:
        return None
    document["objects"] = objects
    return tomlkit.dumps(document)


def shown_kinds(definition: Definition) -> list[tuple[str, str, frozenset[str]]]:
    """Return a mapping's kinds of file: name, table, and the folded columns by which each is known."""
    return [(spec.name, spec.into[0].table if spec.into else "", headers_of(spec)) for spec in definition.objects]


def _new_document(draft: Draft) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment(f"Made by the mapping editor of the Import page: {draft.system}."))
    document.add(tomlkit.comment("The format is described in CONTRIBUTING.md; `--mapping` takes this file, too."))
    document.add(tomlkit.nl())
    shipped = shipped_definitions().get(draft.name)
    if shipped is None:
        document["name"] = draft.name
        document["title"] = draft.system.strip()
        document["time_zone"] = "company"
        return document
    for key, value in tomlkit.parse(shipped.text).unwrap().items():
        if key not in _TO_ONE_CRM:
            document[key] = value
    return document


def _set_date_order(document: tomlkit.TOMLDocument, draft: Draft, *, is_new: bool) -> None:
    if draft.date_order is None:
        return
    other = document.get("date_order")
    if not is_new and other is not None and other != draft.date_order:
        raise IngestError(
            "A mapping holds one order of days and months",
            f"The other files of {draft.system} write {other}. Save this one under another name.",
        )
    if "date_order" in document:
        document["date_order"] = draft.date_order
        return
    # Plain keys stand before the first table: whatever comes after one would belong to it.
    rest = {key: document.pop(key) for key in ("stages", "lead_statuses", "objects") if key in document}
    document["date_order"] = draft.date_order
    for key, value in rest.items():
        document[key] = value


def _objects_without(document: tomlkit.TOMLDocument, headers: Iterable[str]) -> tomlkit.items.AoT:
    folded = {fold(_as_need(header)) for header in headers}
    kept = tomlkit.aot()
    for item in document.get("objects", []):
        needs = item.get("needs", [])
        names = {fold(part) for need in ([needs] if isinstance(needs, str) else needs) for part in need.split("|")}
        if names != folded:
            kept.append(item)
    return kept


def _as_need(header: str) -> str:
    """Return a header as `needs` may name it: a bar would part two names, and counts for nothing in a header."""
    return header.replace("|", " ")


def _object(draft: Draft, others: Sequence[str]) -> tomlkit.items.Table:
    name, number = draft.kind, 2
    while name in others:
        name, number = f"{draft.kind} {number}", number + 1
    table = tomlkit.table()
    table["name"] = name
    needs = tomlkit.array()
    needs.extend([_as_need(header) for header in draft.headers])
    table["needs"] = needs.multiline(multiline=True)
    into = tomlkit.table()
    into["table"] = draft.table
    fields = tomlkit.table()
    for item in intake_tables()[draft.table].fields.values():
        value = _field(draft, item)
        if value is not None:
            fields[item.name] = value
    into["fields"] = fields
    if draft.custom:
        into["custom"] = tomlkit.table()
        into["custom"].update(draft.custom)
    several = tomlkit.aot()
    several.append(into)
    table["into"] = several
    return table


def _field(draft: Draft, item: IntakeField) -> str | InlineTable | None:
    inline = tomlkit.inline_table()
    if item.name in draft.columns:
        column = draft.columns[item.name]
        said = draft.meanings.get(item.name, {})
        if not said or _MEANING_OF[f"{draft.table}.{item.name}"][1] != "map":
            return column
        inline["column"] = column
        words = tomlkit.inline_table()
        for value, meaning in said.items():
            words[value] = meaning
        inline["map"] = words
    elif item.name in draft.templates:
        inline["template"] = draft.templates[item.name]
    elif item.name in draft.constants:
        inline["constant"] = draft.constants[item.name]
    else:
        return None
    return inline
