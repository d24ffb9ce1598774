"""Definitions: what each word and number means here."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from estimators import HEADERS, EstimatorHeader
from queries import Query, Word, catalogue, words
from reports.one_number import NUMBERS, history_lines, standing
from store import open_store
from store.locked_definitions import definition_versions
from ui.filters import company_if_any
from ui.messages import plain, show_finding

# So many entries stand open where a search leaves no more.
_OPEN_AT_ONCE = 3
GLOSSARY = {
    "Lead": "Somebody who showed interest: one entry into the funnel. The denominator everywhere.",
    "MQL": "Marketing-qualified lead: marketing says it is ready, and passes it to sales.",
    "SAL": "Sales-accepted lead: sales takes it to work it.",
    "SQL": "Sales-qualified lead: a conversation confirmed need, authority, budget and timing.",
    "Opportunity": "A deal that sales works on, with an amount and a close date.",
    "Coverage": "Open pipeline over what is still missing from the goal. The 3-5x rule wants three to five times.",
    "Overdue": "An open deal whose close date has passed. Counted apart, in no coverage.",
    "Win rate": "Deals won over deals decided (won and lost).",
    "Agreement (SLA)": "What marketing promises sales a week (leads, MQL, quality) and sales promises marketing (to decide, "
    "to answer, to try often enough), signed by both.",
    "Recycled": "A lead that sales sent back to marketing. The recycle yield is the share later accepted or won.",
    "Cohort": "The leads created in one period, followed from there: the same people from top to bottom.",
    "Pace": "What is reached over what is usually reached by this day. 1 is on track.",
    "Sourced": "Marketing originated the deal, by the test that the settings choose.",
    "Influenced": "Somebody on the deal answered a campaign before it was created (or closed; the figure says which).",
    "Attribution": "Which of the answered campaign touches a won deal is credited to.",
    "As of": "Every number is as things stood at the end of one day.",
}

st.title("Definitions", anchor=False)
st.caption("What each word and number means here. The text beside a figure is this text.")
questions = catalogue()
show_finding(
    f"{len(questions)} questions, {len(HEADERS)} estimated {'curve' if len(HEADERS) == 1 else 'figures'} and "
    f"{len(words())} shared words, each with its definition and its SQL."
)
wanted = (
    st.text_input("Search", key="search", bind="query-params", placeholder="coverage, won, sourced …").strip().lower()
)


def fits(*texts: str) -> bool:
    """Tell whether the search is in any of these texts."""
    return not wanted or any(wanted in text.lower() for text in texts)


terms = {term: text for term, text in GLOSSARY.items() if fits(term, text)}
found = {name: query for name, query in questions.items() if fits(name, query.header.title, query.header.definition)}
curves = {name: header for name, header in HEADERS.items() if fits(name, header.title, header.definition)}
macros = {name: word for name, word in words().items() if fits(name, word.title, word.definition)}
if not (terms or found or curves or macros):
    st.info("Nothing has that word in its name or definition.", icon=":material/search_off:")

about = company_if_any()
subjects = [subject for subject, title in NUMBERS.items() if fits(subject, title)]
if about is not None and subjects:
    st.subheader("Counted so, of several ways", anchor=False)
    for subject in subjects:
        versions = definition_versions(open_store(), subject)
        st.markdown(f"- {plain(standing(versions, subject, about.way(subject)))}")
        for line in history_lines(versions):
            st.caption(plain(line))

if terms:
    st.subheader("Words of the field", anchor=False)
    st.markdown("\n".join(f"- **{plain(term)}**: {plain(text)}" for term, text in terms.items()))


@st.fragment
def entry(label: str, key: str, draw: Callable[[], None], *, is_open: bool) -> None:
    """Show one entry, folded; what is in it is sent when it is opened: there are two hundred, and one is read."""
    box = st.expander(label, expanded=is_open, key=key, on_change="rerun")
    if box.open:
        with box:
            draw()


def question(query: Query) -> None:
    """Show what a question means, its columns, what it takes and its SQL."""
    header = query.header
    st.markdown(f"{plain(header.definition)}\n\n*{plain(header.grain)}*")
    st.markdown(
        "\n".join(f"- `{column.name}` ({column.unit}): {plain(column.text)}" for column in header.columns.values())
    )
    if header.params:
        st.markdown("Takes")
        st.markdown("\n".join(f"- `{param.name}`: {plain(param.text)}" for param in header.params.values()))
    better = {"higher": "Higher is better. ", "lower": "Lower is better. ", "none": ""}[header.direction]
    st.caption(f"{better}Source: {plain(header.source)}")
    st.code(query.sql, language="sql")


def estimate(header: EstimatorHeader) -> None:
    """Show what is estimated, how, and its columns."""
    st.markdown(f"{plain(header.definition)}\n\n*{plain(header.grain)}*")
    st.markdown("\n".join(f"- `{column}` ({spec.unit}): {plain(spec.text)}" for column, spec in header.columns.items()))
    st.caption(f"Source: {plain(header.source)}")


def shared_word(word: Word) -> None:
    """Show what a shared word means, and its SQL."""
    st.markdown(plain(word.definition))
    st.code(word.sql, language="sql")


# Who searched for one thing wants to read it.
is_sought = bool(wanted) and len(found) + len(curves) + len(macros) <= _OPEN_AT_ONCE
if found:
    st.subheader("Questions", anchor=False)
    for name, query in found.items():
        entry(f"{query.header.title} · {name}", f"question_{name}", partial(question, query), is_open=is_sought)
if curves:
    st.subheader("Estimated", anchor=False)
    for name, header in curves.items():
        entry(f"{header.title} · {name}", f"estimate_{name}", partial(estimate, header), is_open=is_sought)
if macros:
    st.subheader("Shared words, in SQL", anchor=False)
    for name, word in macros.items():
        entry(f"{word.title} · {name}", f"word_{name}", partial(shared_word, word), is_open=is_sought)
