"""Import health: what is odd in the exports, what it does to the numbers, and what people decide about it."""

from collections.abc import Callable
from datetime import date

import polars as pl
import streamlit as st

from base.custom import CUSTOM_MARK
from base.errors import SamePageError
from base.words import LEAD_MEANINGS, STAGE_MEANINGS, VALUE_FIELDS, Decision, Word, decide, decisions_in_force, undo
from charts.numbers import day
from ingest import is_stale, rebuild
from reports.findings import health_finding
from reports.one_number import NUMBERS, WAYS
from ui.ask import ask
from ui.choose import pick
from ui.custom_fields import show_custom_fields
from ui.define import define
from ui.messages import plain, show_empty, show_error, show_finding
from ui.page import begin, heading
from ui.records import download, show_records, table
from ui.turns import long_work

MEANINGS = {"stage": STAGE_MEANINGS, "lead_status": LEAD_MEANINGS}
KIND_NAMES = {"stage": "Stage", "lead_status": "Lead status"}
MOST_ROWS = 30


def attempt(what: Callable[[], None]) -> None:
    """Do what a button asks for and show the page anew; or say why it cannot be done."""
    try:
        what()
    except SamePageError as error:
        show_error(error)
    else:
        st.rerun()


def means(word: Word) -> str:
    """Say what a decision decides."""
    if word.kind == "rate":
        return f"1 {word.theirs} is worth {word.ours} {numbers.currency} from {day(word.valid_from)} on"
    if word.kind == "value":
        return f"{word.field} {word.theirs} is shown as {word.ours or '(blank)'}"
    if word.kind == "refused":
        return f"{word.field} {word.theirs} is not {word.ours or '(blank)'}"
    if word.kind == "definition":
        return f"{NUMBERS[word.theirs].lower()} is counted {WAYS[word.theirs][word.ours].lower()}"
    if word.kind == "custom":
        return f"column {word.theirs} of {word.field} ({word.crm}) is kept as {word.ours}"
    return f"{KIND_NAMES[word.kind].lower()} {word.theirs}{f' ({word.crm})' if word.crm else ''} means {word.ours}"


page = begin("Import health", "What is odd in the exports, and what does it do to the numbers?")
numbers = page.numbers
findings = ask("import_findings")
meanings = ask("word_meanings")
decisions = decisions_in_force()
decided = {decision.word.key for decision in decisions}


def is_refused(field: str, theirs: str, ours: str | None) -> bool:
    """Tell whether a suggestion was refused, or its value decided otherwise."""
    refusal = next((d for d in decisions if d.word.key == Word("refused", theirs, "", field=field).key), None)
    return Word("value", theirs, "", field=field).key in decided or (
        refusal is not None and refusal.word.ours == (ours or "")
    )


def is_open_question(row: dict) -> bool:
    """Tell whether nobody has said yet what a stage or status means."""
    keys = {Word(row["kind"], row["word"], "", crm).key for crm in (row["crm"], None)}
    return row["meaning"] is None and row["unmapped_ever"] > 0 and not keys & decided


suggestions = ask("value_suggestions")
waiting = [row for row in suggestions.iter_rows(named=True) if not is_refused(row["field"], row["theirs"], row["ours"])]
show_finding(health_finding(findings, meanings, suggestions.head(len(waiting)), numbers))

if is_stale():
    with st.container(border=True):
        st.markdown("What was decided (or a changed setting) is not in the numbers yet.")
        if st.button("Rebuild from the rows at hand", icon=":material/sync:", type="primary"):
            with long_work("Rebuilding …"):
                rebuild()
            st.rerun()
author = st.text_input("Your name", key="author", persist_state="session", placeholder="Who decides")

with st.container(border=True):
    heading(
        "Stages and statuses of unknown meaning", "Their records are left out and counted apart until somebody says"
    )
    questions = [row for row in meanings.iter_rows(named=True) if is_open_question(row)]
    if not questions:
        show_empty("Every stage and every status in the exports has a meaning.")
    else:
        with st.form("meanings", border=False):
            said = {}
            for row in questions[:MOST_ROWS]:
                counted = f"{numbers.number(row['unmapped_records'])} now left out"
                if row["unmapped_ever"] > row["unmapped_records"]:
                    counted += f", {numbers.number(row['unmapped_ever'])} ever"
                said[row["kind"], row["crm"], row["word"]] = st.selectbox(
                    plain(f"{KIND_NAMES[row['kind']]} “{row['word']}” ({row['crm_title']}): {counted}"),
                    MEANINGS[row["kind"]],
                    index=None,
                    key=f"means_{row['kind']}_{row['crm']}_{row['word']}",
                    placeholder="What it means",
                )
            if len(questions) > MOST_ROWS:
                st.caption(f"The {MOST_ROWS} most frequent of {len(questions)}; the others follow when these are said.")
            if st.form_submit_button("Keep these meanings", icon=":material/save:"):
                words = [Word(kind, word, what, crm) for (kind, crm, word), what in said.items() if what]
                if words:
                    attempt(lambda: decide(words, author))
                else:
                    st.caption("Choose at least one meaning.")
    with st.expander(f"All stages and statuses ({numbers.number(meanings.height)}), and what they mean"):
        table(meanings.drop("crm"), "word_meanings", "meanings_table", "What each stage and status means", numbers)
        download(meanings, "meanings", "word_meanings")
        listed = {
            f"{row['kind']}|{row['crm']}|{row['word']}": f"{KIND_NAMES[row['kind']]} {row['word']} ({row['crm_title']})"
            for row in meanings.iter_rows(named=True)
        }
        opened = pick("Open the records of, or change", listed, "word", "Choose here")
        if opened:
            kind, crm, word = opened.split("|", maxsplit=2)
            meaning = st.selectbox("It should mean", MEANINGS[kind], index=None, key="word_means")
            if st.button("Keep this meaning", disabled=meaning is None) and meaning:
                attempt(lambda: decide([Word(kind, word, meaning, crm)], author))
            st.caption(
                "A flag (or a status) that the CRM keeps on its own records comes before any meaning of a stage."
            )
            show_records(
                "word_records", {"kind": kind, "crm": crm, "word": word}, "word", listed[opened], numbers, None
            )
    define("word_meanings", "word_records")

with st.container(border=True):
    heading(
        "Values that look like another",
        "Nothing is changed until somebody accepts; the value as exported stays visible",
    )
    if not waiting:
        show_empty("No value looks like another, or like none, that nobody has decided about.")
    for number, row in enumerate(waiting[:MOST_ROWS]):
        left, accept, refuse = st.columns([6, 1, 1], vertical_alignment="center")
        left.markdown(
            plain(f"{row['field']} “{row['theirs']}” → {'“' + row['ours'] + '”' if row['ours'] else '(blank)'}")
            + f"  \n*{plain(row['reason'])}, {numbers.number(row['records'])} records*"
        )
        word = {"theirs": row["theirs"], "ours": row["ours"] or "", "field": row["field"]}
        if accept.button("Accept", key=f"accept_{number}"):
            attempt(lambda word=word: decide([Word("value", **word)], author))
        if refuse.button("Refuse", key=f"refuse_{number}"):
            attempt(lambda word=word: decide([Word("refused", **word)], author))
    if len(waiting) > MOST_ROWS:
        st.caption(f"The {MOST_ROWS} most frequent of {numbers.number(len(waiting))}.")
    with st.expander("Show another value under another name"), st.form("value", border=False):
        kept_fields = [CUSTOM_MARK + name for name in ask("kept_custom_fields")["field"].to_list()]
        field = st.selectbox("Field", [*VALUE_FIELDS, *kept_fields], key="value_field")
        theirs = st.text_input("As exported", key="value_theirs")
        ours = st.text_input("To be shown as (blank for none)", key="value_ours")
        if st.form_submit_button("Keep this name", icon=":material/save:"):
            attempt(lambda: decide([Word("value", theirs.strip(), ours.strip(), field=field)], author))
    names = ask("value_names")
    if names.height:
        table(names, "value_names", "names_table", "Values shown under another name", numbers)
        download(names, "names", "value_names")
    define("value_suggestions", "value_names")

with st.container(border=True):
    heading("Currencies", f"What one unit is worth in {numbers.currency}, by the quarter in which a deal closes")
    currencies = ask("currencies")
    table(currencies, "currencies", "currencies_table", "Currencies and their rates", numbers)
    download(currencies, "currencies", "currencies")
    missing = currencies.filter(pl.col("rate").is_null())["currency"].to_list()
    with st.form("rate", border=False):
        left, middle, right = st.columns(3)
        code = left.text_input("Currency", value=missing[0] if missing else "", key="rate_currency", max_chars=20)
        since = middle.date_input("From", value=page.about.first_date or page.about.newest_date, key="rate_from")
        rate = right.number_input(
            f"1 is worth ({numbers.currency})", min_value=0.0, value=None, format="%.6f", key="rate"
        )
        if st.form_submit_button("Keep this rate", icon=":material/save:"):
            worth = "" if rate is None else f"{rate:.6f}".rstrip("0").rstrip(".")
            start = since if isinstance(since, date) else None
            attempt(lambda: decide([Word("rate", code.strip(), worth, valid_from=start)], author))
    st.caption("Many rates at once: a CSV with the columns currency, valid_from, rate, dropped on the Import page.")
    define("currencies")

with st.container(border=True, key="custom_fields"):
    heading("Custom fields", "Columns of the exports that are kept beside ours, under names of your own")
    show_custom_fields(numbers, author, attempt)
    define("kept_custom_fields")

with st.container(border=True):
    heading("What is odd in the data", "Loaded as it is, with what that does to the numbers")
    if findings.is_empty():
        show_empty("Nothing that the product looks for.")
    else:
        table(findings.drop("finding"), "import_findings", "findings_table", "What is odd in the data", numbers)
        kinds = dict(zip(findings["finding"], findings["title"], strict=True))
        opened = pick("Open the records behind", kinds, "finding", "Choose here")
        if opened:
            show_records("finding_records", {"finding": opened}, "finding", kinds[opened], numbers, None)
        download(findings, "findings", "import_findings")
    define("import_findings", "finding_records")


def show_decision(decision: Decision) -> None:
    """Show one decision with who made it, and a button that undoes it."""
    left, right = st.columns([7, 1], vertical_alignment="center")
    left.markdown(plain(f"{means(decision.word)}: {decision.by}, {day(decision.at.date())}"))
    if right.button("Undo", key=f"undo_{decision.number}"):
        attempt(lambda: undo(decision.number, author))


with st.container(border=True):
    heading("What was decided", "The newest on each word; undone, the one before it is in force again")
    if not decisions:
        show_empty("Nothing was decided here yet.")
    for item in reversed(decisions[-100:]):
        show_decision(item)
