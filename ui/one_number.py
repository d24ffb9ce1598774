"""One number, every definition: a switch for this visit, the gap, who agreed on what, and the way to agree anew."""

from collections.abc import Callable, Sequence

import streamlit as st

from ingest import is_stale, rebuild
from reports.one_number import NUMBERS, WAYS, history_lines, put_in_force, sign_definition, standing, today_or
from store import open_store
from store.locked_definitions import LockedDefinition, definition_versions, propose, withdraw
from store.narratives import TEAMS
from ui.author import ask_author
from ui.choose import choose
from ui.messages import plain
from ui.page import Page
from ui.turns import long_work
from ui.writing import keep_as, show_said


def looked_through(subject: str, way: str) -> str:
    """Offer to look at a number by another definition for this visit; return the one that is looked through.

    Parameters
    ----------
    subject
        The number: one of `NUMBERS`.
    way
        The definition in force.
    """
    ways = WAYS[subject]
    help_text = "The definition in force is chosen until you look through another; a copied link keeps what you see"
    seen = choose(f"{NUMBERS[subject]}, counted", ways, f"{subject}_as", way, help_text)
    if seen != way:
        st.caption(
            f":material/visibility: {plain(NUMBERS[subject])} {plain(ways[seen].lower())} for this visit; "
            f"{plain(ways[way].lower())} is in force."
        )
    return seen


def show_definitions(page: Page, subject: str, seen: str, draw: Callable[[], None]) -> None:
    """Show all definitions of a number beside each other, who agreed on which, and the form to agree anew.

    Folded away until it is opened, or another definition is looked through: what is folded is not computed.

    Parameters
    ----------
    page
        The page.
    subject, seen
        The number, and the definition that is looked through.
    draw
        Draws the definitions' values, their gap and the records behind it.
    """
    way = page.about.way(subject)
    box = st.expander(
        f"{NUMBERS[subject]}: one number, every definition",
        expanded=seen != way,
        icon=":material/balance:",
        key=f"{subject}_every",
        on_change="rerun",
    )
    if not box.open:
        return
    versions = definition_versions(open_store(), subject)
    with box:
        show_said()
        draw()
        st.markdown(f"**{plain(standing(versions, subject, way))}**")
        _put_in_numbers(subject, versions, way)
        waiting = versions[-1] if versions and versions[-1].missing else None
        with st.container(horizontal=True):
            if waiting is not None:
                _offer_signature(subject, waiting)
            _offer_version(page, subject, way, versions)
        for line in history_lines(versions):
            st.caption(plain(line))


def _put_in_numbers(subject: str, versions: Sequence[LockedDefinition], way: str) -> None:
    """Offer what brings an agreed definition into the numbers: putting it in force, or the rebuild that it waits for."""
    if is_stale():
        st.markdown("What was agreed (or a changed setting) is not in the numbers yet.")
        if st.button("Rebuild from the rows at hand", icon=":material/sync:", key=f"{subject}_rebuild"):
            with long_work("Rebuilding …"):
                rebuild()
            st.rerun()
        return
    signed = [version for version in versions if version.is_signed]
    if signed and signed[-1].way != way:
        st.button(
            "Put what is agreed in force",
            icon=":material/gavel:",
            key=f"{subject}_in_force",
            on_click=put_in_force,
            args=(signed[-1],),
        )


def _offer_signature(subject: str, waiting: LockedDefinition) -> None:
    with st.popover(f"Sign for {waiting.missing[0]}", icon=":material/signature:"):
        words = WAYS[subject][waiting.way].lower()
        st.markdown(plain(f"Version {waiting.number}: {NUMBERS[subject].lower()} {words}. {waiting.reason}"))
        ask_author(f"{subject}_sign_by")
        st.button("Sign", key=f"{subject}_sign", on_click=_sign, args=(subject, waiting))
    with st.popover("Withdraw it", icon=":material/undo:"):
        ask_author(f"{subject}_withdraw_by")
        st.button("Withdraw", key=f"{subject}_withdraw", on_click=_withdraw, args=(subject, waiting))


def _offer_version(page: Page, subject: str, way: str, versions: Sequence[LockedDefinition]) -> None:
    with (
        st.popover("Lock a definition", icon=":material/lock:"),
        st.form(f"{subject}_lock", border=False),
    ):
        st.caption("It is in force once the other team has signed, too; every page, paper and mail then counts so.")
        st.radio(
            "Counted", list(WAYS[subject].values()), index=list(WAYS[subject]).index(way), key=f"{subject}_lock_way"
        )
        st.radio("You sign for", TEAMS, key=f"{subject}_lock_team", horizontal=True)
        st.text_input("Why", max_chars=500, key=f"{subject}_lock_reason", placeholder="What speaks for it")
        ask_author(f"{subject}_lock_by")
        seen = versions[-1].number if versions else 0
        st.form_submit_button("Propose and sign", on_click=_propose, args=(page, subject, seen))


def _propose(page: Page, subject: str, seen: int) -> None:
    state = st.session_state
    words = state.get(f"{subject}_lock_way")
    way = next((name for name, title in WAYS[subject].items() if title == words), next(iter(WAYS[subject])))
    team = state.get(f"{subject}_lock_team") or TEAMS[0]
    reason = state.get(f"{subject}_lock_reason") or ""
    begins = today_or(page.about.newest_date)
    keep_as(
        f"{subject}_lock_by",
        lambda by: propose(open_store(), subject, way, begins, reason, by, team=team, seen=seen),
        "Proposed and signed; it is in force once the other team has signed.",
    )


def _sign(subject: str, waiting: LockedDefinition) -> None:
    keep_as(
        f"{subject}_sign_by",
        lambda by: sign_definition(open_store(), waiting.id, subject, waiting.missing[0], by),
        "Signed by both teams. Rebuild, so that every number follows it.",
    )


def _withdraw(subject: str, waiting: LockedDefinition) -> None:
    keep_as(f"{subject}_withdraw_by", lambda by: withdraw(open_store(), waiting.id, by), "Withdrawn.")
