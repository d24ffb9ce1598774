"""Saved mappings: SAME_PAGE_HOME/mappings/NAME.toml, one file a system, found again by a file's exact header.

What was imported by a mapping keeps its text with the raw rows, so deleting a mapping breaks no rebuild.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from base.files import write_whole
from base.home import home
from ingest.definitions import Definition, fold, load_definition, parse_definition, shipped_definitions
from ingest.draft import Draft, draft_text, headers_of, shown_kinds, without_kind
from ingest.errors import IngestError
from ingest.recognise import Recognised


@dataclass(frozen=True)
class SavedMapping:
    """One kind of file of a saved mapping.

    `name` is the system's name and that of the file, `kind` what this kind of file is called, `table` what it fills,
    `columns` how many it is known by, `text` the whole file's TOML. `fault` says why the file cannot be used (the
    rest is then empty); imports refuse to go on until it is mended or deleted.
    """

    name: str
    title: str
    kind: str
    table: str
    columns: frozenset[str]
    text: str
    fault: str | None = None


def mappings_dir() -> Path:
    """Return the folder of saved mappings."""
    return home() / "mappings"


def saved_mappings() -> list[SavedMapping]:
    """Return every kind of file that a person mapped, by system; what cannot be used comes with the reason."""
    found = []
    for path in _paths():
        try:
            definition = load_definition(path)
        except IngestError as error:
            found.append(SavedMapping(path.stem, path.stem, "", "", frozenset(), _text(path), error.message))
            continue
        found += [
            SavedMapping(path.stem, definition.title, kind, table, columns, definition.text)
            for kind, table, columns in shown_kinds(definition)
        ]
    return found


def saved_definitions() -> list[Definition]:
    """Return the saved mappings as definitions to choose among.

    Raises
    ------
    IngestError
        One of them cannot be used; the message names the file and the place.
    """
    return [load_definition(path) for path in _paths()]


def system_titles() -> list[str]:
    """Return what files may come from, as people call it: systems mapped before, then the CRMs that ship."""
    mapped = [item.title for item in saved_mappings() if item.fault is None]
    return list(dict.fromkeys([*mapped, *(definition.title for definition in shipped_definitions().values())]))


def is_mapping(definition: Definition) -> bool:
    """Tell whether a definition is a mapping that a person made, not one that ships."""
    return shipped_definitions().get(definition.name) is not definition


def recognise_mapped(headers: Sequence[str], definitions: Sequence[Definition]) -> Recognised | None:
    """Return the mapping that was made for exactly this header, if there is one: it wins over everything else.

    Raises
    ------
    IngestError
        Two mappings were made for it.
    """
    folded = {fold(header) for header in headers}
    fits = [
        (definition, spec)
        for definition in definitions
        if is_mapping(definition)
        for spec in definition.objects
        if headers_of(spec) == folded
    ]
    if not fits:
        return None
    if len(fits) > 1:
        names = " and ".join(f"{definition.title}: {spec.name}" for definition, spec in fits)
        raise IngestError(
            "Two mappings are for the same file", f"{names} have exactly these columns. Delete one of them."
        )
    definition, spec = fits[0]
    used = spec.read_columns()
    return Recognised(definition, spec, tuple(header for header in headers if fold(header) not in used))


def mapping_text(draft: Draft) -> str:
    """Return the TOML that saving a draft would write: with the other kinds of file of its system."""
    path = _path(draft.name)
    return draft_text(draft, _text(path) if path.exists() else None)


def save_mapping(draft: Draft) -> str:
    """Save a mapping and return its name: with its system's other kinds of file, in the place of any for this header.

    Raises
    ------
    IngestError
        The mapping cannot be used, or cannot be written; nothing was changed then.
    """
    with _locked():
        text = mapping_text(draft)
        folded = frozenset(fold(header) for header in draft.headers)
        elsewhere = {item.name for item in saved_mappings() if item.columns == folded and item.name != draft.name}
        _write(_path(draft.name), text)
        for name in elsewhere:  # the newest word on a header counts
            _leave_out(name, draft.headers)
    return draft.name


def delete_mapping(name: str, kind: str | None = None) -> None:
    """Delete one kind of file of a mapping (all of it when None); what was imported by it stays as it is."""
    with _locked():
        path = _path(name)
        if not path.exists():
            raise IngestError("There is no such mapping", f"{path} does not exist.")
        if kind is None:
            path.unlink()
            return
        definition = parse_definition(_text(path), str(path))
        spec = next((item for item in definition.objects if item.name == kind), None)
        if spec is None:
            raise IngestError("There is no such mapping", f"{path} says nothing of '{kind}'.")
        _leave_out(name, [name for names in spec.needs for name in names])


def says_the_same(text: str | None, kind: Recognised) -> bool:
    """Tell whether a mapping's kept text reads a file as the mapping in force does, whatever else it holds."""
    if text is None:
        return False
    if text == kind.definition.text:
        return True
    before = parse_definition(text, "the mapping kept with the file")
    return kind.spec in before.objects and all(
        getattr(before, part) == getattr(kind.definition, part)
        for part in ("time_zone", "date_order", "nulls", "id_length", "id_prefix", "stages", "lead_statuses")
    )


def _paths() -> list[Path]:
    return sorted(mappings_dir().glob("*.toml")) if mappings_dir().is_dir() else []


def _path(name: str) -> Path:
    return mappings_dir() / f"{Path(name).name}.toml"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise IngestError("A mapping cannot be read", f"{path}: {error}") from error


def _leave_out(name: str, headers: Sequence[str]) -> None:
    path = _path(name)
    left = without_kind(_text(path), headers)
    if left is None:
        path.unlink()
    else:
        _write(path, left)


@contextmanager
def _locked() -> Iterator[None]:
    mappings_dir().mkdir(parents=True, exist_ok=True)
    with FileLock(mappings_dir() / ".lock", timeout=30):
        yield


def _write(path: Path, text: str) -> None:
    """Put the new text in the old one's place in one step that survives a power cut."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise IngestError("A mapping cannot be saved", f"{path}: {error}. Nothing was changed.") from error
