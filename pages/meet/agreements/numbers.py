"""What the Agreement page shows: versions from the store, weeks from the queries, terms that are suggested."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from charts.numbers import day
from reports.agreement import (
    AgreementWeeks,
    Version,
    agreement_weeks,
    signed_versions,
    suggested_terms,
    weeks_before,
)
from reports.moments import local
from store import open_store
from store.agreements import Agreement, Terms, agreements
from ui.ask import ask_row, computed
from ui.huddles import company_zone
from ui.page import Page

_LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True)
class Found:
    """The versions as they were read, how they were kept (or would have been at suggested terms), and what is suggested."""

    versions: Sequence[Agreement]
    weeks: AgreementWeeks | None
    suggested: Terms | None
    last_week: date
    standing: str

    @property
    def newest(self) -> Agreement | None:
        """The newest version, draft or signed."""
        return self.versions[-1] if self.versions else None

    @property
    def seen(self) -> tuple[str, int] | None:
        """The newest version as it was read: what the store compares with."""
        return None if self.newest is None else (self.newest.id, self.newest.version)

    @property
    def why_not(self) -> str:
        """Say why there is nothing to judge."""
        return (
            "No agreement is in force, and none can be suggested: the exports record no leads of marketing's, or no "
            "passes, answers and decisions of sales', in the last twelve complete weeks."
        )


def gather(page: Page) -> Found:
    """Return what the page shows, as of the filters' day and for the whole company.

    Raises
    ------
    StoreError
        The store cannot be read.
    """
    versions = agreements(open_store())
    as_of = page.filters.as_of
    row = ask_row("freshness")
    week_start = int(row["week_start"]) if row is not None else 1
    suggested: Terms | None = computed(suggested_terms, as_of=as_of, week_start=week_start)
    last = weeks_before(as_of, week_start, 1)[0]
    signed = [version for version in signed_versions(versions) if version.valid_from <= last]
    weeks = None
    if signed:
        weeks = computed(
            agreement_weeks, versions=tuple(signed), as_of=as_of, week_start=week_start, is_suggested=False
        )
    elif suggested is not None:
        version = Version(0, suggested, _LONG_AGO, None)
        weeks = computed(agreement_weeks, versions=(version,), as_of=as_of, week_start=week_start, is_suggested=True)
    return Found(versions, weeks, suggested, last, _standing(versions, last))


def _standing(versions: Sequence[Agreement], last_week: date) -> str:
    """Say which version holds, which one will, and which one waits for a signature."""
    parts = []
    signed = [version for version in versions if version.is_agreed]
    holding = [version for version in signed if version.valid_from <= last_week]
    for version, words in (
        (holding[-1:], "is in force"),
        ([item for item in signed if item not in holding], "will be"),
    ):
        for item in version:
            names = " and ".join(f"{signature.by} ({signature.team})" for signature in item.signatures)
            text = f"Version {item.number} {words} for weeks that begin on {day(item.valid_from)} or later, signed by {names}"
            if item.signed_at is not None:
                on = local(item.signed_at, company_zone()).date()
                text += f" on {day(on)}"
                first = item.valid_from + timedelta(days=6)
                if on > first:
                    text += "; weeks that were over by then are judged in hindsight"
            parts.append(f"{text}.")
    newest = versions[-1] if versions else None
    if newest is not None and not newest.is_agreed:
        parts.append(f"Version {newest.number} is a draft: {' and '.join(newest.missing)} still has to sign it.")
    if not parts:
        parts.append("Nothing was signed yet: what is shown are values that are only suggested, and in force nowhere.")
    return " ".join(parts)
