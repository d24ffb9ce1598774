"""The promises that marketing and sales may make each other, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from charts.numbers import NumberFormat
from store.agreements import COUNTED, PROMISED_BY, Promised, Terms

_SAME, _MOST_DECIMALS = 1e-9, 2


@dataclass(frozen=True)
class PromiseWords:
    """A promise in words: what it is called, what it says (with its limits), what is short where it is broken, what to do next.

    `stage` is the stage of the funnel at whose won rate a miss is priced; None where only an association tells.
    """

    name: str
    title: str
    definition: str
    short: tuple[str, str]
    stage: str | None
    records: str
    to_do: str

    @property
    def team(self) -> str:
        """Who makes it."""
        return PROMISED_BY[self.name]

    @property
    def is_share(self) -> bool:
        """Whether it is of a share; else of a number a week."""
        return self.name not in COUNTED


PROMISES: Mapping[str, PromiseWords] = {
    words.name: words
    for words in (
        PromiseWords(
            "leads",
            "Leads",
            "leads a week",
            ("lead", "leads"),
            "lead",
            "Leads created",
            "brings the missing leads",
        ),
        PromiseWords(
            "mql",
            "MQL",
            "MQL a week",
            ("MQL", "MQL"),
            "mql",
            "MQL",
            "qualifies the missing MQL",
        ),
        PromiseWords(
            "accepted",
            "Quality",
            "of the passes of the week that sales decides are accepted",
            ("accepted lead", "accepted leads"),
            "sal",
            "Passes decided",
            "goes through the rejected leads with sales",
        ),
        PromiseWords(
            "decided",
            "Decision",
            "of the passes of the week are decided within {decision_days} days",
            ("lead decided late or never", "leads decided late or never"),
            None,
            "Passes",
            "decides the passes that wait",
        ),
        PromiseWords(
            "responded",
            "Response",
            "of the passes of the week are answered within {response_hours} hours",
            ("lead answered late or never", "leads answered late or never"),
            None,
            "Waits for sales",
            "answers the leads that wait",
        ),
        PromiseWords(
            "attempts",
            "Follow-up",
            "of the passes of the week that sales lets go within {attempt_days} days had {attempts} or more attempts before",
            ("lead let go too soon", "leads let go too soon"),
            None,
            "Passes let go",
            "tries the leads again that were let go too soon",
        ),
    )
}


def shown_promise(name: str, value: float | None, numbers: NumberFormat, beside: float | None = None) -> str:
    """Return a value in a promise's unit; a share with as many decimals (two at most) as tell it from the one beside it."""
    if not PROMISES[name].is_share:
        return numbers.number(value)
    decimals = 0
    if value is not None and beside is not None and abs(value - beside) > _SAME:
        while decimals < _MOST_DECIMALS and numbers.share(value, decimals) == numbers.share(beside, decimals):
            decimals += 1
    return numbers.share(value, decimals)


def promise_sentence(promised: Promised, terms: Terms, numbers: NumberFormat) -> str:
    """Say what a team promises."""
    words = PROMISES[promised.name]
    value = shown_promise(promised.name, float(promised.value), numbers)
    return f"{words.title}: {promised.bound} {value} {words.definition.format(**terms.limits)}"
