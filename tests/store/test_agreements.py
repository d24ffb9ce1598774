"""The agreement: drafts until both teams signed, versions that are never changed, conflicts, and taking back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from store import ConflictError, StoreError, audit, undo
from store.agreements import (
    Agreement,
    Promised,
    Terms,
    agreed,
    agreement_changes,
    agreements,
    sign_agreement,
    write_agreement,
)

TERMS = Terms(
    (Promised("leads", Decimal(40)), Promised("accepted", Decimal("0.7")), Promised("responded", Decimal("0.8"))),
    decision_days=5,
    response_hours=24,
    attempts=3,
    attempt_days=14,
)
DAY = date(2026, 11, 2)


def draft(store: Engine, terms: Terms = TERMS, day: date = DAY, seen: Agreement | None = None) -> Agreement:
    return write_agreement(
        store, terms, day, "To stop arguing", "Ann", None if seen is None else (seen.id, seen.version)
    )


def sign(store: Engine, version: Agreement, team: str, by: str) -> None:
    sign_agreement(store, version.id, version.version, team, "We can do that", by)


def signed(store: Engine, terms: Terms = TERMS, day: date = DAY, seen: Agreement | None = None) -> Agreement:
    made = draft(store, terms, day, seen)
    sign(store, made, "marketing", "Mia")
    sign(store, made, "sales", "Sam")
    return agreements(store)[-1]


def test_a_version_is_a_draft_until_both_teams_signed_it(store: Engine) -> None:
    first = draft(store)
    assert (first.number, first.missing, first.signed_at) == (1, ("marketing", "sales"), None)
    assert first.terms == TERMS
    sign(store, first, "marketing", "Mia")
    sign(store, first, "marketing", "Max")  # signed already
    assert agreements(store)[0].missing == ("sales",)
    assert not agreed(agreements(store))
    sign(store, first, "sales", "Sam")
    now = agreements(store)[0]
    assert now.is_agreed
    assert [(item.team, item.by, item.why) for item in now.signatures] == [
        ("marketing", "Mia", "We can do that"),
        ("sales", "Sam", "We can do that"),
    ]
    assert now.signed_at == max(item.at for item in now.signatures)


def test_what_was_signed_is_followed_and_never_changed(store: Engine) -> None:
    first = signed(store)
    more = replace(TERMS, promises=(Promised("leads", Decimal(50)), *TERMS.promises[1:]))
    with pytest.raises(StoreError, match="from a later day"):
        draft(store, more, DAY, first)
    second = draft(store, more, date(2026, 11, 16), first)
    assert [(item.number, item.is_agreed) for item in agreements(store)] == [(1, True), (2, False)]
    assert agreements(store)[0].terms == TERMS
    sign(store, second, "marketing", "Mia")
    sign(store, second, "sales", "Sam")
    assert [item.valid_from for item in agreed(agreements(store))] == [DAY, date(2026, 11, 16)]


def test_another_text_of_a_draft_needs_both_signatures_anew_and_its_old_text_does_not(store: Engine) -> None:
    first = draft(store)
    sign(store, first, "marketing", "Mia")
    changed = draft(store, replace(TERMS, response_hours=4), DAY, first)
    assert (changed.number, changed.id, changed.missing) == (1, first.id, ("marketing", "sales"))
    entry = next(item for item in audit(store, "agreement") if item.action == "changed")
    undo(store, entry.id, "Ann")
    assert agreements(store)[0].terms == TERMS
    assert agreements(store)[0].missing == ("sales",)


def test_nobody_writes_or_signs_over_another(store: Engine) -> None:
    first = draft(store)
    with pytest.raises(ConflictError):
        draft(store)  # saw none
    draft(store, replace(TERMS, attempts=5), DAY, first)
    with pytest.raises(ConflictError) as caught:
        draft(store, replace(TERMS, attempts=6), DAY, first)
    assert caught.value.now is not None
    assert caught.value.now["terms"]["attempts"] == 5
    with pytest.raises(ConflictError, match="Ann changed the agreement meanwhile"):
        sign(store, first, "sales", "Sam")
    assert agreements(store)[0].missing == ("marketing", "sales")


def test_one_person_is_not_both_teams(store: Engine) -> None:
    first = draft(store)
    sign(store, first, "marketing", "Mia")
    with pytest.raises(StoreError, match="both teams"):
        sign(store, first, "sales", "mia ")
    with pytest.raises(StoreError, match="marketing or sales"):
        sign(store, first, "legal", "Lee")
    with pytest.raises(StoreError, match="reason"):
        sign_agreement(store, first.id, first.version, "sales", " ", "Sam")


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        (replace(TERMS, promises=(Promised("leads", Decimal(4)),)), "Sales promises nothing"),
        (replace(TERMS, promises=TERMS.promises[2:]), "Marketing promises nothing"),
        (replace(TERMS, promises=(*TERMS.promises, Promised("leads", Decimal(3)))), "made once"),
        (replace(TERMS, promises=(*TERMS.promises, Promised("won", Decimal(3)))), "is one of"),
        (replace(TERMS, promises=(*TERMS.promises, Promised("decided", Decimal("1.2")))), "100% at most"),
        (replace(TERMS, promises=(*TERMS.promises, Promised("mql", Decimal(0)))), "more than 0"),
        (replace(TERMS, promises=(*TERMS.promises, Promised("decided", Decimal(1), "at most"))), "at least so much"),
        (replace(TERMS, attempts=0), "Attempts should be from 1 to 50"),
    ],
)
def test_what_are_no_terms_is_refused(store: Engine, terms: Terms, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        draft(store, terms)
    assert not agreements(store)


def test_nothing_changed_is_said(store: Engine) -> None:
    first = draft(store)
    with pytest.raises(StoreError, match="Nothing was changed"):
        draft(store, TERMS, DAY, first)


def test_a_signature_is_taken_back_until_a_newer_version_follows(store: Engine) -> None:
    first = signed(store)
    entry = agreement_changes(store)[0]
    assert (entry.table, entry.by) == ("agreement_signature", "Sam")
    undo(store, entry.id, "Sam")
    assert agreements(store)[0].missing == ("sales",)
    first = agreements(store)[0]
    sign(store, first, "sales", "Sue")
    newest = agreement_changes(store)[0]
    draft(store, replace(TERMS, attempts=4), date(2026, 11, 16), agreements(store)[0])
    with pytest.raises(StoreError, match="newer version follows"):
        undo(store, newest.id, "Sue")
    assert agreements(store)[0].is_agreed


def test_taking_an_earlier_change_back_does_not_reach_what_was_signed(store: Engine) -> None:
    first = draft(store)
    changed = draft(store, replace(TERMS, attempts=5), DAY, first)
    sign(store, changed, "marketing", "Mia")
    sign(store, changed, "sales", "Sam")
    for entry in audit(store, "agreement"):
        with pytest.raises((StoreError, ConflictError)):
            undo(store, entry.id, "Ann")
    kept = agreements(store)[0]
    assert (kept.terms.attempts, kept.is_agreed) == (5, True)


def test_a_draft_is_taken_back_and_comes_back(store: Engine) -> None:
    first = signed(store)
    draft(store, replace(TERMS, attempts=4), date(2026, 11, 16), first)
    created = audit(store, "agreement")[0]
    undo(store, created.id, "Ann")
    assert [item.number for item in agreements(store)] == [1]
    undo(store, audit(store, "agreement")[0].id, "Ann")
    assert [item.number for item in agreements(store)] == [1, 2]
