"""The client narrative as it is told now, who has signed it off, and what has changed under it since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charts.numbers import plural
from reports.feedback_themes import heard
from reports.kpi_numbers import KpiNumbers
from store.feedback import CustomerFeedback
from store.narratives import NarrativeVersion

PARTS = (("client", "Client"), ("problem", "Problem"), ("trend", "Trend"), ("product", "Product"), ("proof", "Proof"))


@dataclass(frozen=True)
class CurrentNarrative:
    """A card as it is told now.

    `told` is the newest wording that both teams signed off (the newest of all where there is none), `newer` one that waits
    for a sign-off, `standing` says who has signed, `changes` what the numbers under it did since, in sentences.
    """

    told: NarrativeVersion
    newer: NarrativeVersion | None
    standing: str
    changes: tuple[str, ...]


def current_narratives(
    cards: Mapping[str, Sequence[NarrativeVersion]],
    said: Sequence[CustomerFeedback],
    kpis: KpiNumbers | None,
) -> list[CurrentNarrative]:
    """Return the narratives as they are told now, the oldest card first.

    Parameters
    ----------
    cards
        `store.narratives.narratives`.
    said
        All that customers said (`store.feedback.feedback`).
    kpis
        The metrics as they stand (`kpi_numbers`, asked for the cards' metrics); None where no data is at hand.
    """
    found = []
    for versions in cards.values():
        agreed = [version for version in versions if version.is_agreed]
        told = agreed[-1] if agreed else versions[-1]
        newer = versions[-1] if versions[-1].number > told.number else None
        found.append(CurrentNarrative(told, newer, _standing(told, newer), _changes(told, said, kpis)))
    return found


def metrics_of(cards: Mapping[str, Sequence[NarrativeVersion]]) -> list[str]:
    """Return the metrics that any wording rests on."""
    found = {version.wording.metric for versions in cards.values() for version in versions if version.wording.metric}
    return sorted(found)


def story(version: NarrativeVersion) -> str:
    """Tell a wording as one sentence of plain text, as both teams would say it to a client."""
    words = version.wording
    return (
        f"{words.client} has this problem: {words.problem}. It comes from this trend: {words.trend}. "
        f"{words.product} solves it. The proof: {words.proof}."
    ).replace("..", ".")


def _standing(told: NarrativeVersion, newer: NarrativeVersion | None) -> str:
    if not told.is_agreed:
        missing = " and ".join(told.missing)
        return f"Version {told.number}, not agreed yet: {missing} {plural(len(told.missing), 'has', 'have')} not signed off."
    names = ", ".join(f"{item.by} for {item.team}" for item in told.signatures)
    text = f"Version {told.number}, signed off by {names}."
    if newer is not None:
        text += f" Version {newer.number} by {newer.by} waits for {' and '.join(newer.missing)}."
    return text


def _changes(told: NarrativeVersion, said: Sequence[CustomerFeedback], kpis: KpiNumbers | None) -> tuple[str, ...]:
    """Say what the theme's count and the metric did since the last sign-off; nothing before there is one."""
    if not told.signatures:
        return ()
    last = told.signatures[-1]
    found = []
    if told.wording.theme and last.theme_count is not None:
        now = heard(said, told.wording.theme)
        times = f"{now} {plural(now, 'time')}"
        more = now - last.theme_count
        if more > 0:
            found.append(
                f"{told.wording.theme} was heard {more} {plural(more, 'time')} more since the sign-off: {times} in all."
            )
        else:
            found.append(f"{told.wording.theme} was not heard again since the sign-off: {times} in all.")
    change = kpis.change(told.wording.metric, last.number_then) if kpis is not None else None
    if change is not None:
        found.append(f"{change}.")
    return tuple(found)
