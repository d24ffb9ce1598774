"""Huddle, section Our story: client, problem, trend, product, proof, as both teams have agreed to tell it."""

from collections.abc import Sequence

import streamlit as st

from charts.numbers import day
from reports.feedback_themes import heard, theme_counts
from reports.kpi_numbers import KpiNumbers, kpi_numbers
from reports.moments import local
from reports.narrative import PARTS, CurrentNarrative, current_narratives, metrics_of, story
from store import open_store
from store.feedback import CustomerFeedback, feedback
from store.narratives import (
    TEAMS,
    NarrativeVersion,
    Signature,
    Wording,
    delete_card,
    narratives,
    sign_off,
    write_narrative,
)
from store.writing import now
from ui.ask import ask
from ui.author import ask_author
from ui.huddles import company_zone
from ui.messages import plain, show_finding
from ui.page import Page, heading
from ui.writing import keep_as, show_said

_HELP = {
    "client": "Who is it? The ideal client, in a few words.",
    "problem": "Which problem do they have?",
    "trend": "Which trend in their market makes it one?",
    "product": "Which product of ours saves the day?",
    "proof": "Who can say that it does, with which number?",
}


def draw(page: Page) -> None:
    """Draw the section."""
    store = open_store()
    cards, said = narratives(store), feedback(store)
    kpis = kpi_numbers(ask, store, page.filters.scope, further=metrics_of(cards))
    told = current_narratives(cards, said, kpis)
    show_finding(_finding(told))
    show_said()
    for item in told:
        _show(page, item, cards[item.told.card], said, kpis)
    with st.expander("Write a new card", icon=":material/add_notes:", expanded=not told):
        _form(None, said, kpis)


def _finding(told: Sequence[CurrentNarrative]) -> str:
    if not told:
        return "Sales and marketing have no story yet that both tell: a client, a problem, a trend, a product, a proof."
    agreed = sum(item.told.is_agreed for item in told)
    waiting = sum(item.newer is not None or not item.told.is_agreed for item in told)
    text = f"{agreed} of {len(told)} {'story is' if len(told) == 1 else 'stories are'} signed off by both teams"
    return f"{text}; {waiting} {'waits' if waiting == 1 else 'wait'} for a sign-off." if waiting else f"{text}."


def _show(
    page: Page,
    item: CurrentNarrative,
    versions: Sequence[NarrativeVersion],
    said: Sequence[CustomerFeedback],
    kpis: KpiNumbers,
) -> None:
    """Show a card as it is told now, what changed under it, a newer wording that waits, and the earlier ones."""
    newest = versions[-1]
    with st.container(border=True):
        heading(plain(item.told.wording.client), plain(item.standing))
        for name, title in PARTS[1:]:
            st.markdown(f"**{title}.** {plain(getattr(item.told.wording, name))}")
        for change in item.changes:
            st.info(plain(change), icon=":material/trending_up:")
        for fact in _beside(item.told, said, kpis):
            st.caption(plain(fact))
        if item.newer is not None:
            st.markdown(f"**Version {item.newer.number}, not agreed yet.** {plain(story(item.newer))}")
        with st.container(horizontal=True):
            if newest.missing:
                with st.popover("Sign off", icon=":material/signature:"):
                    st.markdown(plain(f"Version {newest.number}: {story(newest)}"))
                    st.radio("For", newest.missing, key=f"sign_team_{newest.id}", horizontal=True)
                    ask_author(f"sign_by_{newest.id}")
                    st.button(
                        "Sign off",
                        key=f"sign_{newest.id}",
                        on_click=_sign,
                        args=(page, newest, heard(said, newest.wording.theme), kpis),
                    )
            with st.popover("Word it anew", icon=":material/edit:"):
                _form(newest, said, kpis)
            with st.popover("Versions", icon=":material/history:"):
                for version in reversed(versions):
                    names = ", ".join(f"{item.by} for {item.team}" for item in version.signatures) or "nobody"
                    when = day(local(version.at, company_zone()).date())
                    st.markdown(
                        plain(
                            f"Version {version.number}, {version.by}, {when}; signed off by {names}. {story(version)}"
                        )
                    )
            with st.popover("Delete", icon=":material/delete:"):
                ask_author(f"card_by_{newest.card}")
                st.button("Delete the card", key=f"card_{newest.card}", on_click=_delete, args=(newest.card,))


def _beside(version: NarrativeVersion, said: Sequence[CustomerFeedback], kpis: KpiNumbers) -> list[str]:
    """Say what the data has beside a card: its metric now, how often its theme was heard, and other themes."""
    found = []
    metric, theme = version.wording.metric, version.wording.theme
    if metric is not None:
        value = kpis.values.get(metric)
        found.append(f"{kpis.title(metric)} in the week to {day(kpis.week_end)}: {kpis.shown(metric, value)}.")
    counts = theme_counts(said)
    if theme is not None:
        found.append(f"{theme} was heard {heard(said, theme)} times.")
    others = [
        f"{row['theme']} ({row['heard']})" for row in counts.head(4).iter_rows(named=True) if row["theme"] != theme
    ]
    if others:
        found.append(f"Customers also speak of {', '.join(others[:3])}.")
    return found


def _form(version: NarrativeVersion | None, said: Sequence[CustomerFeedback], kpis: KpiNumbers) -> None:
    """Offer to word a card, new or anew."""
    key = version.id if version else "new"
    themes = [name for name in theme_counts(said)["theme"].to_list() if name != "(no theme)"]
    metrics = list(kpis.known)
    wording = version.wording if version else None
    if version is not None:
        st.caption("A new wording needs the sign-off of both teams anew.")
    with st.form(f"story_{key}", border=False):
        for name, title in PARTS:
            st.text_input(
                title,
                value=getattr(wording, name) if wording else "",
                key=f"story_{name}_{key}",
                max_chars=500,
                help=_HELP[name],
            )
        st.selectbox(
            "Rests on this theme of feedback",
            themes,
            index=themes.index(wording.theme) if wording and wording.theme in themes else None,
            key=f"story_theme_{key}",
            placeholder="None",
        )
        st.selectbox(
            "Rests on this number",
            metrics,
            index=metrics.index(wording.metric) if wording and wording.metric in metrics else None,
            format_func=kpis.title,
            key=f"story_metric_{key}",
            placeholder="None",
        )
        ask_author(f"story_by_{key}")
        st.form_submit_button("Keep", icon=":material/save:", on_click=_keep, args=(version, key))


def _keep(version: NarrativeVersion | None, key: str) -> None:
    of = st.session_state
    words = {name: of.get(f"story_{name}_{key}") or "" for name, _ in PARTS}
    wording = Wording(**words, theme=of.get(f"story_theme_{key}"), metric=of.get(f"story_metric_{key}"))
    card, seen = (version.card, version.number) if version else (None, None)
    keep_as(
        f"story_by_{key}",
        lambda by: write_narrative(open_store(), wording, by, card, seen),
        "Kept; both teams sign it off.",
    )


def _sign(page: Page, version: NarrativeVersion, count: int, kpis: KpiNumbers) -> None:
    team = st.session_state.get(f"sign_team_{version.id}") or TEAMS[0]
    metric = version.wording.metric

    def sign(by: str) -> None:
        number = kpis.now(metric)
        themes = count if version.wording.theme else None
        sign_off(open_store(), version.id, Signature(team, by, now(), page.filters.as_of, number, themes))

    keep_as(f"sign_by_{version.id}", sign, f"Signed off for {team}.")


def _delete(card: str) -> None:
    keep_as(f"card_by_{card}", lambda by: delete_card(open_store(), card, by), "Deleted.")
