"""The client narrative: a new wording needs both sign-offs anew, and nobody signs or words over another's."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from store import ConflictError, StoreError
from store.narratives import NarrativeVersion, Signature, Wording, delete_card, narratives, sign_off, write_narrative

WORDING = Wording("A plant manager", "Downtime", "Fewer fitters", "Suite", "Acme: -30%", "Downtime", "win_rate")


def signed(team: str, by: str = "Mia") -> Signature:
    return Signature(team, by, datetime(2026, 11, 16), date(2026, 11, 15), "0.21", 4)


def newest(store: Engine, card: str) -> NarrativeVersion:
    return narratives(store)[card][-1]


def test_both_teams_sign_and_a_new_wording_begins_anew(store: Engine) -> None:
    first = write_narrative(store, WORDING, "Ann")
    assert (first.number, first.missing) == (1, ("marketing", "sales"))
    sign_off(store, first.id, signed("marketing"))
    sign_off(store, first.id, signed("marketing", "Max"))
    assert newest(store, first.card).missing == ("sales",)
    sign_off(store, first.id, signed("sales", "Sam"))
    agreed = newest(store, first.card)
    assert agreed.is_agreed
    assert [(item.team, item.by, item.number_then, item.theme_count) for item in agreed.signatures] == [
        ("marketing", "Mia", "0.21", 4),
        ("sales", "Sam", "0.21", 4),
    ]
    second = write_narrative(store, replace(WORDING, proof="Acme: -35%"), "Bo", first.card, 1)
    assert (second.number, second.is_agreed) == (2, False)
    assert [(item.number, item.is_agreed) for item in narratives(store)[first.card]] == [(1, True), (2, False)]
    with pytest.raises(ConflictError, match="worded it anew"):
        sign_off(store, first.id, signed("sales"))


def test_nobody_words_over_another(store: Engine) -> None:
    first = write_narrative(store, WORDING, "Ann")
    write_narrative(store, replace(WORDING, trend="Energy prices"), "Bo", first.card, 1)
    with pytest.raises(ConflictError) as caught:
        write_narrative(store, replace(WORDING, trend="Strikes"), "Cy", first.card, 1)
    assert caught.value.now is not None
    assert caught.value.now["trend"] == "Energy prices"
    assert [item.wording.trend for item in narratives(store)[first.card]] == ["Fewer fitters", "Energy prices"]


def test_what_is_no_wording_or_no_signature_is_refused(store: Engine) -> None:
    with pytest.raises(StoreError, match="The proof is missing"):
        write_narrative(store, replace(WORDING, proof=" "), "Ann")
    first = write_narrative(store, WORDING, "Ann")
    with pytest.raises(StoreError, match="Nothing was changed"):
        write_narrative(store, WORDING, "Ann", first.card, 1)
    with pytest.raises(StoreError, match="marketing or sales"):
        sign_off(store, first.id, signed("legal"))
    with pytest.raises(StoreError, match="no longer there"):
        sign_off(store, "nothing", signed("sales"))
    delete_card(store, first.card, "Ann")
    assert narratives(store) == {}
    with pytest.raises(StoreError, match="deleted"):
        write_narrative(store, replace(WORDING, trend="x"), "Ann", first.card, 1)
