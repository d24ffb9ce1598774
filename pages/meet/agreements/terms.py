"""Agreement, section The agreement: what is promised, the draft, both signatures, and the versions that there were."""

from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from charts.numbers import NumberFormat, day
from pages.meet.agreements.numbers import Found
from reports.moments import local, moment_words
from reports.promises import PROMISES, promise_sentence
from store import Change, open_store, undo
from store.agreements import (
    BOUNDS,
    TEAMS,
    Agreement,
    Promised,
    Terms,
    agreement_changes,
    sign_agreement,
    write_agreement,
)
from ui.ask import ask_row
from ui.author import ask_author
from ui.huddles import company_zone
from ui.messages import plain, show_empty
from ui.page import Page, heading
from ui.writing import keep_as

_BY = "agreement_by"
_LIMITS = {
    "decision_days": ("Decision within (days)", "Days from the pass in which sales accepts or rejects a lead"),
    "response_hours": (
        "Answer within (hours)",
        "Hours by the SLA's clock: business hours alone, if settings.toml has them",
    ),
    "attempts": ("Attempts before letting go", "Completed calls, e-mails and meetings by people, not inbound"),
    "attempt_days": ("Left after (days)", "A pass neither accepted nor a deal after so many days counts as left"),
}
_WHEN = 8


def draw(page: Page, found: Found) -> None:
    """Draw the section."""
    _what_it_is(page, found)
    newest = found.newest
    if newest is not None:
        _version(newest, page.numbers)
    _form(page, found)
    _history(page, found)


def _what_it_is(page: Page, found: Found) -> None:
    with st.container(border=True):
        heading("A promise each way", "What marketing owes sales, and what sales owes marketing, by the week")
        st.markdown(
            "Marketing promises how many leads and MQL a week, and of which quality: the share that sales accepts. Sales "
            "promises to decide and to answer in time, and not to let a lead go before it tried often enough. A draft is in "
            "force once a person of each team has signed it; from then on it is not changed, only followed by a new version."
        )
        if found.suggested is None:
            show_empty(
                "Nothing can be suggested: one of the teams' sides is not in the exports of the last twelve weeks."
            )
            return
        st.markdown("**Suggested to begin with: what half of the last twelve complete weeks would have kept**")
        st.markdown(_listed(found.suggested, page.numbers))
        st.button(
            "Take the suggestion into the draft",
            icon=":material/content_paste_go:",
            key="agreement_take",
            on_click=_take,
            args=(found, found.suggested),
            help="It fills the form below. Nothing is kept until you keep the draft, and nothing holds until both teams sign.",
        )


def _listed(terms: Terms, numbers: NumberFormat) -> str:
    lines = []
    for team in TEAMS:
        mine = [promise for promise in terms.promises if PROMISES[promise.name].team == team]
        told = "; ".join(plain(promise_sentence(promise, terms, numbers)) for promise in mine)
        lines.append(f"- **{team.capitalize()}.** {told or 'nothing'}.")
    return "\n".join(lines)


def _version(version: Agreement, numbers: NumberFormat) -> None:
    """Show the newest version, and let the teams that have not signed it do so."""
    with st.container(border=True):
        state = "signed by both teams" if version.is_agreed else "a draft"
        heading(f"Version {version.number}: {state}", f"For weeks that begin on {day(version.valid_from)} or later")
        st.markdown(_listed(version.terms, numbers))
        st.caption(plain(f"Why: {version.why} ({version.by})"))
        for signature in version.signatures:
            when = moment_words(signature.at, company_zone())
            st.markdown(plain(f"Signed for {signature.team} by {signature.by}, {when}: {signature.why}"))
        setting = ask_row("agreement_limits")
        if setting is not None and any(
            setting[name] != getattr(version.terms, name) for name in ("decision_days", "response_hours")
        ):
            st.caption(
                f"Other pages judge by settings.toml: decision within {setting['decision_days']} days, answer within "
                f"{setting['response_hours']} hours."
            )
        with st.container(horizontal=True):
            for team in version.missing:
                with st.popover(f"Sign for {team}", icon=":material/signature:"):
                    st.text_input("Why do you sign?", max_chars=400, key=f"agreement_why_{team}")
                    ask_author(f"agreement_sign_{team}")
                    st.button(
                        f"Sign version {version.number} for {team}",
                        key=f"agreement_do_sign_{team}",
                        type="primary",
                        on_click=_sign,
                        args=(version, team),
                    )


def _form(page: Page, found: Found) -> None:
    """Offer to write a draft: the next version, or another text of the one that waits."""
    newest = found.newest
    is_draft, key = newest is not None and not newest.is_agreed, _key(found)
    terms = newest.terms if newest is not None else None
    title = (
        f"Change the draft (version {newest.number})"
        if newest is not None and is_draft
        else f"Propose version {1 if newest is None else newest.number + 1}"
    )
    begin = max(found.last_week + timedelta(days=14), (newest.valid_from + timedelta(days=1)) if newest else date.min)
    with st.expander(title, icon=":material/edit_note:", expanded=newest is None or is_draft):
        if is_draft:
            st.caption("Another text needs both signatures anew.")
        with st.form("agreement_form", border=False):
            for team in TEAMS:
                st.markdown(f"**{team.capitalize()} promises a week** (leave empty what is not promised)")
                mine = [words for words in PROMISES.values() if words.team == team]
                for column, words in zip(st.columns(len(mine)), mine, strict=True):
                    with column:
                        _promise(words.name, terms, key)
            st.markdown("**Limits by which sales' promises are judged**")
            for column, (name, (label, help_text)) in zip(st.columns(len(_LIMITS)), _LIMITS.items(), strict=True):
                with column:
                    _number(
                        label, f"{key}_limit_{name}", getattr(terms or found.suggested, name, None), help_text, step=1
                    )
            st.date_input(
                "Holds for weeks that begin on or after",
                value=newest.valid_from if newest is not None and is_draft else begin,
                key=f"{key}_from",
            )
            st.text_input(
                "Why", value=newest.why if newest is not None and is_draft else "", max_chars=400, key=f"{key}_why"
            )
            ask_author(_BY)
            st.form_submit_button("Keep the draft", icon=":material/save:", on_click=_keep, args=(found,))


def _key(found: Found) -> str:
    """Return what the form's fields are called: others for another text, so that nobody writes over what they have not read."""
    return "agreement_new" if found.newest is None else f"agreement_{found.newest.id[:8]}_{found.newest.version}"


def _promise(name: str, terms: Terms | None, key: str) -> None:
    """Ask for one promise, in percent if it is a share."""
    words = PROMISES[name]
    promised = terms.of(name) if terms is not None else None
    value = None if promised is None else _shown(promised)
    limits = terms.limits if terms is not None else dict.fromkeys(_LIMITS, "N")
    text = words.definition.format(**limits)
    _number(f"{words.title} (%)" if words.is_share else words.title, f"{key}_{name}", value, f"So many {text}")
    if not words.is_share:
        bound = f"{key}_{name}_bound"
        if bound not in st.session_state:
            st.session_state[bound] = promised.bound if promised is not None else BOUNDS[0]
        st.selectbox("Bound", BOUNDS, key=bound, label_visibility="collapsed")


def _shown(promised: Promised) -> float:
    return float(promised.value * (100 if PROMISES[promised.name].is_share else 1))


def _number(label: str, key: str, value: float | None, help_text: str, step: int | None = None) -> None:
    """Ask for a number: what the button put there stays, else it begins with what the newest version says."""
    if key not in st.session_state:
        st.session_state[key] = int(value) if step is not None and value is not None else value
    st.number_input(label, min_value=0.0 if step is None else 0, key=key, help=help_text, step=step, value=None)


def _take(found: Found, terms: Terms) -> None:
    key = _key(found)
    for name in PROMISES:
        promised = terms.of(name)
        st.session_state[f"{key}_{name}"] = None if promised is None else _shown(promised)
        if not PROMISES[name].is_share:
            st.session_state[f"{key}_{name}_bound"] = BOUNDS[0]
    for name, value in terms.limits.items():
        st.session_state[f"{key}_limit_{name}"] = value


def _typed(key: str) -> Terms:
    """Return the terms that the form holds; what the store refuses about them it says."""
    promises = []
    for name, words in PROMISES.items():
        value = st.session_state.get(f"{key}_{name}")
        if value is None:
            continue
        amount = Decimal(str(round(value, 6))) / (100 if words.is_share else 1)
        promises.append(Promised(name, amount, st.session_state.get(f"{key}_{name}_bound") or BOUNDS[0]))
    return Terms(tuple(promises), **{name: int(st.session_state.get(f"{key}_limit_{name}") or 0) for name in _LIMITS})


def _keep(found: Found) -> None:
    key = _key(found)
    begins = st.session_state.get(f"{key}_from")
    if not isinstance(begins, date):
        return
    why = st.session_state.get(f"{key}_why") or ""
    keep_as(
        _BY,
        lambda by: write_agreement(open_store(), _typed(key), begins, why, by, found.seen),
        "The draft is kept. It holds once both teams have signed it.",
    )


def _sign(version: Agreement, team: str) -> None:
    why = st.session_state.get(f"agreement_why_{team}") or ""
    keep_as(
        f"agreement_sign_{team}",
        lambda by: sign_agreement(open_store(), version.id, version.version, team, why, by),
        f"Version {version.number} is signed for {team}.",
    )


def _history(page: Page, found: Found) -> None:
    """Show all versions, and what was written of them, each change of which can be taken back."""
    changes = agreement_changes(open_store())
    if not changes:
        return
    with st.expander("Versions and changes", icon=":material/history:"):
        for version in reversed(found.versions):
            names = " and ".join(f"{item.by} for {item.team}" for item in version.signatures) or "nobody"
            st.markdown(
                f"**Version {version.number}, from {plain(day(version.valid_from))}**, signed by {plain(names)}. "
                f"{plain(version.why)}\n\n{_listed(version.terms, page.numbers)}"
            )
        numbers = {version.id: version.number for version in found.versions}
        for entry in changes[:_WHEN]:
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.markdown(plain(_told(entry, numbers)))
            right.button("Take back", key=f"agreement_undo_{entry.id}", on_click=_undo, args=(entry.id,))
        ask_author("agreement_undo_by")
        st.caption(
            "What both teams signed is not changed by taking something back; a signature can be, until a newer version "
            "follows."
        )


def _told(entry: Change, numbers: dict[str, int]) -> str:
    """Say in words what a change was."""
    when = f"{day(local(entry.at, company_zone()).date())}"
    row = entry.after or {}
    if entry.table == "agreement":
        return f"{when}: {entry.by} {entry.action} version {row.get('number', '')}"
    number = numbers.get(row.get("agreement_id", ""), "")
    if entry.action == "created":
        return f"{when}: {entry.by} signed version {number} for {row.get('team', '')}"
    return f"{when}: {entry.by} {entry.action} the signature for {row.get('team', '')} under version {number}"


def _undo(entry: int) -> None:
    keep_as("agreement_undo_by", lambda by: undo(open_store(), entry, by), "It is taken back.")
