"""Lines that are captured in a huddle: kept once however often they are sent, changed by one person at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine

from store import ConflictError, StoreError, audit, authors
from store.actions import ToDo, actions, add_action, change_action, close_action, delete_action, open_actions
from store.agendas import AgendaItem
from store.decisions import Decided, add_decision, decisions, decisions_due, delete_decision, review_decision
from store.feedback import Said, add_feedback, delete_feedback, feedback, reply_feedback
from store.huddle_notes import add_note, change_note, delete_note, notes
from store.huddles import PlannedHuddle, plan_huddle

KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture
def huddle_id(store: Engine) -> str:
    plan = PlannedHuddle("Weekly", "Ann", (), datetime(2026, 11, 16, 9), (AgendaItem("wins", "Wins", 2),))
    return plan_huddle(store, plan, "Ann").id


SENT: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "note": (lambda s, h, key: add_note(s, h, "wins", "Acme signed", "Ann", key), notes),
    "feedback": (lambda s, h, key: add_feedback(s, Said("Too dear"), "Ann", h, key), lambda s, h: feedback(s, None, h)),
    "decision": (lambda s, h, key: add_decision(s, Decided("Call within a day"), "Ann", h, key), decisions),
    "action": (lambda s, h, key: add_action(s, ToDo("Write the page", "Bo"), "Ann", h, key), actions),
}


@pytest.mark.parametrize("what", SENT)
def test_a_line_sent_again_is_kept_once(store: Engine, huddle_id: str, what: str) -> None:
    send, kept = SENT[what]
    first = send(store, huddle_id, KEY)
    assert send(store, huddle_id, KEY) == first
    send(store, huddle_id, KEY.replace("0", "1"))
    send(store, huddle_id, None)
    assert len(kept(store, huddle_id)) == 3


def test_a_line_sent_twice_at_once_is_kept_once(store: Engine, huddle_id: str) -> None:
    send, kept = SENT["action"]
    threads = [Thread(target=send, args=(store, huddle_id, KEY)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept(store, huddle_id)) == 1


def test_what_is_no_line_is_refused(store: Engine, huddle_id: str) -> None:
    for wrong, told in (
        (lambda: add_note(store, huddle_id, "wins", " ", "Ann"), "missing"),
        (lambda: add_note(store, huddle_id, "wins", "x" * 501, "Ann"), "longer than 500"),
        (lambda: add_note(store, huddle_id, "songs", "la", "Ann"), "no kind"),
        (lambda: add_note(store, "nowhere", "wins", "Acme", "Ann"), "no longer there"),
        (lambda: add_note(store, huddle_id, "wins", "Acme", "Ann", "a key"), "letters, digits"),
        (lambda: add_note(store, huddle_id, "wins", "Acme", " "), "Say who"),
        (lambda: add_feedback(store, Said(""), "Ann"), "missing"),
        (lambda: add_feedback(store, Said("x", theme="y" * 81), "Ann"), "theme is longer"),
        (lambda: add_decision(store, Decided(""), "Ann"), "decision is missing"),
        (lambda: add_action(store, ToDo("x", " "), "Ann"), "Who does it is missing"),
    ):
        with pytest.raises(StoreError, match=told):
            wrong()
    assert not notes(store, huddle_id)
    assert not feedback(store)
    assert not decisions(store)
    assert not actions(store)


def test_a_note_is_mended_or_deleted_by_one_at_a_time(store: Engine, huddle_id: str) -> None:
    read = add_note(store, huddle_id, "wins", "Acme singed", "Ann")
    mended = change_note(store, read.id, read.version, "Acme signed", "Bo")
    for late in (
        lambda: change_note(store, read.id, read.version, "Mine", "Cy"),
        lambda: delete_note(store, read.id, read.version, "Cy"),
    ):
        with pytest.raises(ConflictError):
            late()
    assert [(note.text, note.by) for note in notes(store, huddle_id)] == [("Acme signed", "Ann")]
    delete_note(store, read.id, mended.version, "Ann")
    assert not notes(store, huddle_id)


def test_marketing_replies_and_says_what_became_of_it(store: Engine, huddle_id: str) -> None:
    said = Said("Too dear beside Globex", "Acme", "Price", "Suite", "Negotiation")
    read = add_feedback(store, said, "Ann", huddle_id)
    assert (read.status, read.reply, read.theme) == ("open", None, "Price")
    with pytest.raises(StoreError, match="what was done"):
        reply_feedback(store, read.id, read.version, " ", "used", "Mia")
    with pytest.raises(StoreError, match="should be one of"):
        reply_feedback(store, read.id, read.version, "Yes", "solved", "Mia")
    answered = reply_feedback(store, read.id, read.version, "A page on what it saves", "used", "Mia")
    assert (answered.status, answered.replied_by, answered.by) == ("used", "Mia", "Ann")
    with pytest.raises(ConflictError) as caught:
        reply_feedback(store, read.id, read.version, "No", "declined", "Max")
    assert caught.value.now is not None
    assert caught.value.now["reply"] == "A page on what it saves"
    delete_feedback(store, read.id, answered.version, "Ann")
    assert not feedback(store)


def test_a_theme_is_one_whatever_its_letters(store: Engine) -> None:
    for theme in ("Price", "price", "PRICE ", "Speed", None, " "):
        add_feedback(store, Said("x", theme=theme), "Ann")
    assert sorted(item.theme or "" for item in feedback(store)) == ["", "", "Price", "Price", "Price", "Speed"]


def test_a_decision_comes_back_on_its_day_until_somebody_says_what_became_of_it(store: Engine) -> None:
    decided = Decided("Call within a day", "sla_kept", "0.61", date(2026, 11, 30))
    read = add_decision(store, decided, "Ann")
    add_decision(store, replace(decided, review_on=None), "Ann")
    assert not decisions_due(store, date(2026, 11, 29))
    assert [item.number_then for item in decisions_due(store, date(2026, 11, 30))] == ["0.61"]
    reviewed = review_decision(store, read.id, read.version, "61% became 80%", "Bo")
    assert reviewed.outcome == "61% became 80%"
    assert not decisions_due(store, date(2027, 1, 1))
    with pytest.raises(ConflictError):
        review_decision(store, read.id, read.version, "Mine", "Cy")
    delete_decision(store, read.id, reviewed.version, "Ann")
    assert len(decisions(store)) == 1


def test_an_action_comes_back_until_it_is_closed(store: Engine) -> None:
    late, undated, soon = (
        add_action(store, ToDo(f"due {due}", "Bo", due, "mql_count", "41"), "Ann")
        for due in (date(2026, 12, 1), None, date(2026, 11, 20))
    )
    assert [item.id for item in open_actions(store)] == [soon.id, late.id, undated.id]
    done = close_action(store, soon.id, soon.version, "done", date(2026, 11, 18), "Bo")
    assert (done.status, done.closed_on) == ("done", date(2026, 11, 18))
    with pytest.raises(ConflictError):
        close_action(store, soon.id, soon.version, "dropped", date(2026, 11, 18), "Cy")
    assert [item.id for item in open_actions(store)] == [late.id, undated.id]
    again = close_action(store, soon.id, done.version, "open", date(2026, 11, 19), "Bo")
    assert (again.status, again.closed_on) == ("open", None)
    moved = change_action(store, late.id, late.version, ToDo("Later", "Cy", date(2026, 12, 8)), "Bo")
    assert (moved.owner, moved.metric, moved.number_then) == ("Cy", "mql_count", "41")
    delete_action(store, undated.id, undated.version, "Ann")
    assert len(actions(store)) == 2
    with pytest.raises(StoreError, match="should be one of"):
        close_action(store, late.id, moved.version, "closed", date(2026, 11, 18), "Bo")


def test_who_wrote_what_is_on_the_list_of_changes(store: Engine) -> None:
    add_action(store, ToDo("x", "Bo"), "Ann")
    reply = add_feedback(store, Said("y"), "Cy")
    reply_feedback(store, reply.id, reply.version, "z", "answered", "Mia")
    assert [(entry.by, entry.action) for entry in audit(store, "feedback")] == [("Mia", "changed"), ("Cy", "created")]
    assert list(authors(store)) == ["Mia", "Cy", "Ann"]
