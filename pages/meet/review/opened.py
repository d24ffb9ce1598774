"""Where each thing that stands out is opened: the page, its section, and the very figure or records."""

from collections.abc import Callable
from datetime import date

Choices = dict[str, str]

_LAST_YEAR = "Last 4 quarters"
# By question of `reports.diagnosis`; each is told the unit. These words stand in the address of the page they open.
_CHOICES: dict[str, Callable[[str], Choices]] = {
    "thin_quarter": lambda unit: {"period": unit, "coverage_section": "Periods"},
    # Beside the others, as the sentence has it: so nothing is filtered.
    "source_decay": lambda unit: {"leads_section": "Over time", "change_stage": "Qualified (SQL)", "changed": unit},
    "slow_rep": lambda unit: {"period": _LAST_YEAR, "leads_section": "Handoff", "waits_of": unit},
    "call_slump": lambda _: {"period": _LAST_YEAR, "leads_section": "Contact"},
    "neglected_customers": lambda _: {"leads_section": "Contact", "type_of": "Expansion"},
    "campaign_mismatch": lambda unit: {"campaigns_section": "What works", "leads_from": unit},
    "email_phoned": lambda unit: {
        "campaigns_section": "Follow-up",
        "follow_up_of": "Vehicle",
        "follow_up_cell": unit,
    },
    "wrong_titles": lambda unit: {
        "campaigns_section": "People reached",
        "reach_of": "People whose leads it brought",
        "reached_by": unit,
    },
}


def choices_of(question: str, unit: str, as_of: date) -> Choices:
    """Return what the address says of a thing that stands out, for the page that its question names.

    A frozen review may hold a question that is not asked any more: its page is opened as of the day, no more.
    """
    choices = _CHOICES.get(question)
    return {"as_of": f"{as_of:%Y-%m-%d}"} | (choices(unit) if choices else {})
