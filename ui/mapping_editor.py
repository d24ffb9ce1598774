"""The mapping editor: for files of no known kind, their columns beside ours, with best guesses and what comes of them.

Everything that a mapping means is decided in `ingest`; here are the widgets, and what a person chose in them.
"""

import shutil
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl
import streamlit as st

from base.custom import CUSTOM_TABLES, custom_key, custom_name_fault
from base.errors import SamePageError
from ingest import (
    MOST_TRIED,
    ColumnGuess,
    Draft,
    Examined,
    Guess,
    IngestError,
    Options,
    Outcome,
    SavedMapping,
    Trial,
    as_template,
    can_be_in_template,
    delete_mapping,
    examine,
    field_label,
    guess_meanings,
    intake_tables,
    mapping_text,
    meaning_kind,
    meanings_of,
    save_mapping,
    saved_mappings,
    suggested_name,
    system_titles,
    table_row,
    table_title,
)
from ui.file_kinds import ask_kinds
from ui.messages import plain, show_error
from ui.turns import long_work

_FILES = "_files_at_hand"
_IMPORT = "_import_at_once"
_NOT_USED = ""
_CUSTOM = "(custom)"  # no field of ours is named so
_SYSTEM = "Our CRM"
_ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year"}
_MOST_VALUES = 40
_FEW = 4
# Which columns best tell one record from another where none is an id: those that change least.
_STEADY = ("name", "account", "company", "email", "created", "contact", "campaign", "owner")


class _Folder:
    """A temporary folder that goes when it is closed, or with the session that holds it."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="same-page-"))
        self.close = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass
class _AtHand:
    """The uploaded files of this session: where they stand, what each is, and the rows of those being mapped."""

    ids: tuple[str, ...]
    folder: _Folder
    options: Options
    examined: list[Examined]
    trials: dict[str, Trial]
    guesses: dict[tuple[str, str | None], Guess]


def map_files(uploads: Sequence[Any], options: Options) -> bool:
    """Say what the uploaded files are, and offer the editor for those that are not known.

    Parameters
    ----------
    uploads
        What the file uploader holds.
    options
        What the person said about the files.

    Returns
    -------
    bool
        Whether a mapping was saved just now and the files should be imported.
    """
    is_import_asked = bool(st.session_state.pop(_IMPORT, False))
    if not uploads:
        _forget()
        return False
    try:
        at_hand = _at_hand(uploads, options)
    except SamePageError as error:
        show_error(error)
        return False
    unknown = [item for item in at_hand.examined if item.taken_for is None and item.headers]
    known = [item for item in at_hand.examined if item.taken_for is not None]
    unread = [item for item in at_hand.examined if item.taken_for is None and not item.headers]
    for item in known:
        how = f"by your mapping '{item.mapping}'" if item.mapping else "known by its columns"
        st.markdown(f":material/check: {plain(item.name)}: **{plain(item.taken_for or '')}**, {plain(how)}")
    for item in unread:
        st.markdown(f":material/block: {plain(item.name)}: {plain(item.reason or '')}")
    for item in unknown:
        st.markdown(f":material/help: {plain(item.name)}: {plain(_why_unknown(item))}")
    ask_kinds(at_hand.examined)
    # What is a question of one or the other is not for the editor, unless the person wants it there.
    chosen = _chosen([item for item in unknown if not item.candidates], [*known, *(i for i in unknown if i.candidates)])
    if chosen is not None:
        with st.container(border=True, key="mapping_editor"):
            _editor(chosen, at_hand, others=len([item for item in unknown if item is not chosen]))
    return is_import_asked


def show_saved() -> None:
    """List the saved mappings, each to download or delete."""
    try:
        saved = saved_mappings()
    except SamePageError as error:
        show_error(error)
        return
    if not saved:
        return
    with st.expander(f"Saved mappings ({len(saved)})", icon=":material/schema:"):
        st.caption("A file with exactly the columns of a mapping is read by it, here and on the command line.")
        for number, item in enumerate(saved):
            _saved(item, number)


def _saved(item: SavedMapping, number: int) -> None:
    left, middle, right = st.columns([4, 1, 1], vertical_alignment="center")
    if item.fault is None:
        left.markdown(f"**{plain(item.title)}**: {plain(item.kind)}, read as {plain(table_title(item.table).lower())}")
    else:
        left.markdown(f"**{plain(item.name)}** cannot be used: {plain(item.fault)}")
    middle.download_button(
        "TOML",
        item.text,
        f"{item.name}.toml",
        "application/toml",
        key=f"mapping_toml_{number}",
        icon=":material/download:",
        help=f"Download the mapping {item.name}",
        on_click="ignore",
    )
    if right.button(
        "Delete", key=f"mapping_delete_{number}", icon=":material/delete:", help="What was imported stays."
    ):
        delete_mapping(item.name, item.kind or None)
        _forget()
        st.rerun()


def _why_unknown(item: Examined) -> str:
    return (
        f"of no known kind ({len(item.headers)} columns)"
        if "could be" not in (item.reason or "")
        else item.reason or ""
    )


def _chosen(unknown: list[Examined], known: list[Examined]) -> Examined | None:
    """Return the file to map: the only unknown one, or the one that the person picks."""
    if len(unknown) == 1 and not known:
        return unknown[0]
    files = {item.key: item for item in [*unknown, *known]}
    labels = {0: "Map a file differently", 1: "Map another file differently"}
    key = st.selectbox(
        labels.get(len(unknown), "Map this file"),
        list(files),
        index=0 if unknown else None,
        format_func=lambda name: files[name].name,
        key=f"map_which_{len(unknown)}_{len(known)}",
        placeholder="All are read as said above",
    )
    return files.get(key) if key is not None else None


def _at_hand(uploads: Sequence[Any], options: Options) -> _AtHand:
    """Return this session's uploads, written where the ingest can read them, and examined once."""
    ids = (repr(options), *(str(upload.file_id) for upload in uploads))
    found: _AtHand | None = st.session_state.get(_FILES)
    if found is not None and found.ids == ids:
        return found
    _forget()
    folder = _Folder()
    paths = []
    for number, upload in enumerate(uploads):
        place = folder.path / f"{number:03d}"
        place.mkdir()
        path = place / Path(upload.name).name
        path.write_bytes(upload.getbuffer())
        paths.append(path)
    unpacked = folder.path / "unpacked"
    unpacked.mkdir()
    found = _AtHand(ids, folder, options, examine(paths, unpacked, options), {}, {})
    st.session_state[_FILES] = found
    return found


def _forget() -> None:
    found: _AtHand | None = st.session_state.pop(_FILES, None)
    if found is not None:
        found.folder.close()


@st.fragment
def _editor(item: Examined, at_hand: _AtHand, others: int) -> None:
    """Draw the editor of one file; it runs again by itself at every change."""
    try:
        if item.key not in at_hand.trials:
            with long_work(f"Reading {item.name} …"):
                at_hand.trials[item.key] = Trial(item, at_hand.folder.path)
        trial = at_hand.trials[item.key]
        st.subheader(f"What is in {item.name}?", anchor=False)
        guess = _guess(item, at_hand, None)
        for note in item.notes:
            st.caption(plain(note))
        table, system = _what_the_rows_are(item, guess)
        if table != guess.table:
            guess = _guess(item, at_hand, table)
        columns, custom = _columns(item, trial, guess)
        draft = _rest(item, trial, system, table, columns, custom)
        _outcome(item, trial, draft, at_hand.options, others)
    except SamePageError as error:
        show_error(error)


def _guess(item: Examined, at_hand: _AtHand, table: str | None) -> Guess:
    if (item.key, table) not in at_hand.guesses:
        at_hand.guesses[item.key, table] = item.guess(table)
    return at_hand.guesses[item.key, table]


def _what_the_rows_are(item: Examined, guess: Guess) -> tuple[str, str]:
    """Ask what a row is and where the file comes from; the best guesses are chosen already."""
    likeliest = [name for name, _ in guess.tables]
    left, right = st.columns(2)
    table = left.selectbox(
        "The rows are",
        likeliest,
        format_func=table_title,
        key=f"map_table_{item.key}",
        help="The likeliest come first.",
    )
    systems = system_titles()
    first = [] if saved_mappings() else [_SYSTEM]
    system = right.selectbox(
        "The file comes from",
        [*first, *systems],
        key=f"map_system_{item.key}",
        accept_new_options=True,
        help="Type any name. Files of one system share their ids: a deal's owner is the person of the same id.",
    )
    said = "We think so from its columns." if guess.is_sure else "We are not sure: please check."
    st.caption(f"{plain(said)} Change what is wrong below; the rest can stay as it is.")
    return table or guess.table, system or _SYSTEM


def _columns(item: Examined, trial: Trial, guess: Guess) -> tuple[dict[str, str], dict[str, str]]:
    """Show their columns beside ours; return our fields with the columns chosen for them, and the custom fields."""
    table = guess.table
    fields = [_NOT_USED, *([_CUSTOM] if table in CUSTOM_TABLES else []), *intake_tables()[table].fields]
    labels = {_NOT_USED: "(not used)", _CUSTOM: "a custom field, kept under its own name"}
    custom: dict[str, str] = {}
    keys = {column.column: f"map_column_{item.key}_{table}_{place}" for place, column in enumerate(guess.columns)}

    def taken(changed: str) -> None:
        """Give a field to the column that was chosen last, and take it from the one that had it."""
        chosen = st.session_state[keys[changed]]
        for column, key in keys.items():
            if column != changed and chosen not in (_NOT_USED, _CUSTOM) and st.session_state.get(key) == chosen:
                st.session_state[key] = _NOT_USED

    def draw(column: ColumnGuess) -> None:
        left, right = st.columns([3, 2], vertical_alignment="center")
        samples = " · ".join(value[:40] for value, _ in trial.values(column.column, 3)) or "(empty)"
        left.markdown(f"**{plain(column.column)}**  \n{plain(samples)}")
        if column.field is not None:
            left.caption(f"{_sureness(column.confidence)}: {plain(column.reason)}")
        right.selectbox(
            f"{column.column} fills",
            fields,
            index=fields.index(column.field) if column.field else 0,
            format_func=lambda name: labels.get(name) or field_label(name),
            key=keys[column.column],
            label_visibility="collapsed",
            on_change=taken,
            args=(column.column,),
        )
        if st.session_state.get(keys[column.column]) == _CUSTOM:
            name = right.text_input(
                f"Name of {column.column}",
                value=suggested_name(column.column, table_row(table).capitalize()),
                key=f"map_custom_{item.key}_{table}_{column.column}",
                max_chars=60,
            )
            _keep(custom, " ".join(name.split()), column.column)

    for column in guess.columns:
        if column.field is not None:
            draw(column)
    rest = [column for column in guess.columns if column.field is None]
    if rest:
        with st.expander(f"Columns that are kept but not used ({len(rest)})"):
            for column in rest:
                draw(column)
    chosen = {column: st.session_state.get(key, _NOT_USED) for column, key in keys.items()}
    return {name: column for column, name in chosen.items() if name not in (_NOT_USED, _CUSTOM)}, custom


def _keep(custom: dict[str, str], name: str, column: str) -> None:
    """Take a column among the custom fields; or say why it cannot have that name."""
    if fault := custom_name_fault(name):
        raise IngestError("A custom field cannot be kept so", f"{column}: {fault}.")
    same = next((other for other in custom if custom_key(other) == custom_key(name)), None)
    if same is not None:
        raise IngestError(
            "Two columns cannot be one field",
            f"{custom[same]} and {column} would both be '{name}'. Rename one of them.",
        )
    custom[name] = column


def _sureness(confidence: float) -> str:
    return "Sure" if confidence >= 0.85 else "Likely" if confidence >= 0.55 else "A guess"


def _rest(
    item: Examined, trial: Trial, system: str, table: str, columns: dict[str, str], custom: dict[str, str]
) -> Draft:
    """Ask for what no column says, and return all that was chosen."""
    draft = Draft(system, table_title(table), item.headers, table, columns)
    templates, constants = _what_is_missing(item, trial, draft)
    constants |= _constants(item, draft, {*templates, *constants})
    meanings = {name: _meanings(item, trial, table, name, column) for name, column in columns.items()}
    return Draft(
        system=system,
        kind=table_title(table),
        headers=item.headers,
        table=table,
        columns=columns,
        constants=constants,
        templates=templates,
        meanings={name: said for name, said in meanings.items() if said},
        date_order=st.session_state.get(f"map_order_{item.key}"),
        custom=custom,
    )


def _what_is_missing(item: Examined, trial: Trial, draft: Draft) -> tuple[dict[str, str], dict[str, str]]:
    """Offer a cure for each required field that no column fills: columns that tell rows apart, or one value for all."""
    templates: dict[str, str] = {}
    constants: dict[str, str] = {}
    own_key = intake_tables()[draft.table].key[0]
    one = table_row(draft.table)
    for field in draft.missing():
        if field.kind == "id" and field.name == own_key:
            possible = [header for header in item.headers if can_be_in_template(header)]
            steady = [draft.columns[name] for name in _STEADY if name in draft.columns]
            chosen = st.multiselect(
                f"No column is the {one}'s id. What tells one {one} from another?",
                possible,
                default=trial.key_columns(steady),
                key=f"map_key_{item.key}_{draft.table}",
                placeholder="Its line in the file",
                help=f"A {one} whose values here change in a later export is taken for a new {one}. Without any column, "
                "the line in the file tells them apart, and a later export counts everything anew.",
            )
            templates[field.name] = as_template(chosen)
        else:
            label = f"No column says {field_label(field.name)}. What is it in every row?"
            said = st.text_input(label, key=f"map_constant_{item.key}_{draft.table}_{field.name}").strip()
            if said:
                constants[field.name] = said
    return templates, constants


def _constants(item: Examined, draft: Draft, filled: set[str]) -> dict[str, str]:
    """Offer to say what is the same in every row: the currency first, where amounts have none."""
    fields = intake_tables()[draft.table].fields
    open_fields = [name for name in fields if name not in filled and name not in draft.columns]
    found = {}
    if "currency" in open_fields and any(fields[name].kind == "money" for name in draft.columns):
        code = st.text_input(
            "Currency of the amounts",
            key=f"map_currency_{item.key}_{draft.table}",
            placeholder="the company's own",
            max_chars=3,
            help="A code such as EUR, where all amounts of the file are in one currency",
        ).strip()
        if code:
            found["currency"] = code.upper()
    more = [name for name in open_fields if name != "currency" and fields[name].kind in ("text", "bool")]
    chosen = st.multiselect(
        "Fields with one value for the whole file",
        more,
        format_func=field_label,
        key=f"map_constants_{item.key}_{draft.table}",
        placeholder="None",
    )
    for name in chosen:
        said = st.text_input(f"{field_label(name)} in every row", key=f"map_constant_{item.key}_{draft.table}_{name}")
        if said.strip():
            found[name] = said.strip()
    return found


def _meanings(item: Examined, trial: Trial, table: str, name: str, column: str) -> dict[str, str]:
    """Ask what each value of a column means, where its values mean something to us; guesses are chosen already."""
    kind = meaning_kind(table, name)
    if kind is None:
        return {}
    values = trial.values(column, _MOST_VALUES + 1)
    guesses = guess_meanings([value for value, _ in values], kind)
    options = meanings_of(kind)
    open_ones = sum(meaning is None for meaning in guesses.values())
    told = f"What each {field_label(name)} means ({len(values)}" + (f", {open_ones} unknown)" if open_ones else ")")
    found = {}
    with st.expander(told, expanded=0 < len(values) <= 12):
        if len(values) > _MOST_VALUES:
            st.caption(f"The {_MOST_VALUES} most frequent; the others can be said in the mapping's file.")
        for place, (value, count) in enumerate(values[:_MOST_VALUES]):
            key = f"map_meaning_{item.key}_{table}_{name}_{column}_{place}"
            label = f"{plain(value)} ({count:,})"
            if len(options) <= _FEW:
                meaning = st.segmented_control(label, options, default=guesses[value], key=key)
            else:
                index = options.index(guesses[value] or "") if guesses[value] in options else None
                meaning = st.selectbox(label, options, index=index, key=key, placeholder="not known")
            if meaning:
                found[value] = str(meaning)
    return found


def _outcome(item: Examined, trial: Trial, draft: Draft, options: Options, others: int) -> None:
    """Show what would come of it, over the whole file, and offer to save."""
    missing = draft.missing()
    if missing:
        names = ", ".join(field_label(field.name) for field in missing)
        st.warning(plain(f"Still missing: {names}. Every {table_row(draft.table)} needs it."), icon=":material/edit:")
        return
    text = mapping_text(draft)
    is_whole = trial.rows_read <= MOST_TRIED or st.toggle(
        f"Try all {trial.rows_read:,} rows",
        key=f"map_whole_{item.key}",
        help=f"Else some {MOST_TRIED:,}, spread evenly over the file, so that each change is answered at once. An import "
        "reads them all in any case.",
    )
    with long_work("Reading the rows …", show_time=is_whole and trial.rows_read > MOST_TRIED):
        outcome = trial.read(text, options.date_order, is_whole=is_whole)
    order_key = f"map_order_{item.key}"
    if outcome.asks_date_order or st.session_state.get(order_key):
        st.radio(
            "How are the dates written?",
            list(_ORDERS),
            index=None,
            format_func=_ORDERS.__getitem__,
            key=order_key,
            horizontal=True,
        )
    if outcome.fault is not None:
        show_error(outcome.fault)
        return
    _counted(outcome)
    st.markdown("**The first rows, as they would be read**")
    ours = [name for name in outcome.first_rows.columns if name not in draft.custom]
    shown = outcome.first_rows.rename({name: field_label(name) for name in ours})
    st.dataframe(shown, hide_index=True, key=f"map_preview_{item.key}", alt="The first rows as they would be read")
    left, right = st.columns([3, 2])
    label = "Save, and on to the next file" if others else "Save and import"
    if left.button(
        label, type="primary", key=f"map_save_{item.key}", icon=":material/save:", disabled=not outcome.loaded
    ):
        save_mapping(draft)
        _forget()
        st.session_state[_IMPORT] = not others
        st.rerun(scope="app")
    right.download_button(
        "Only download the mapping",
        text,
        f"{draft.name}.toml",
        "application/toml",
        key=f"map_download_{item.key}",
        icon=":material/download:",
        on_click="ignore",
    )


def _counted(outcome: Outcome) -> None:
    """Say what becomes of every row, and what cannot be read."""
    skipped = sum(outcome.skipped.values())
    some = f"Of {outcome.rows_in_all:,} rows " if outcome.rows_in_all > outcome.rows_read else ""
    read = "tried" if some else "rows read"
    said = (
        f"{some}{outcome.rows_read:,} {read} = {outcome.loaded:,} loaded + {outcome.rejected:,} rejected + "
        f"{skipped:,} skipped; {outcome.unreadable_cells:,} cells left empty."
    )
    if outcome.rejected or outcome.unreadable_cells:
        st.warning(plain(said), icon=":material/rule:")
    else:
        st.success(plain(said), icon=":material/check_circle:")
    for reason, rows in outcome.skipped.items():
        st.caption(plain(f"{rows:,} skipped: {reason}."))
    if outcome.problems:
        listed = [
            {
                "what": problem.reason,
                "rows": problem.rows,
                "effect": "row rejected" if problem.is_whole_row else "cell left empty",
                "first on line": problem.first_line,
                "there stands": problem.value,
            }
            for problem in outcome.problems
        ]
        st.dataframe(pl.DataFrame(listed), hide_index=True, key="map_problems", alt="What cannot be read")
