"""A huddle has one state for everybody: begun once, moved by one at a time, ended once; its agenda and rhythm are kept."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine

from store import ConflictError, StoreError, change, writing
from store.agendas import USUAL_AGENDA, Agenda, AgendaItem, agendas, delete_agenda, save_agenda
from store.huddles import (
    HuddleState,
    PlannedHuddle,
    begin_huddle,
    change_plan,
    delete_huddle,
    end_huddle,
    huddle,
    huddle_before,
    huddles,
    keep_papers,
    move_huddle,
    papers,
    plan_huddle,
)
from store.rhythm import Rhythm, rhythms, set_rhythm
from store.room_models import Huddle

ITEMS = (AgendaItem("wins", "Wins", 2), AgendaItem("kpis", "The KPIs", 3), AgendaItem("parking", "Parking lot", 1))
PLAN = PlannedHuddle("Weekly", " Ann ", ("Bo", "", "Cy", "Bo"), datetime(2026, 11, 16, 9), ITEMS, "segment=Small")


def later(store: Engine, state: HuddleState, seconds: int) -> None:
    """Let time pass: the item that is on came on so many seconds earlier."""
    with writing(store, "clock", "The huddle") as session:
        row = session.get(Huddle, state.id)
        assert row is not None
        assert row.item_since is not None
        row.item_since -= timedelta(seconds=seconds)


def test_a_huddle_is_planned_begun_moved_and_ended(store: Engine) -> None:
    planned = plan_huddle(store, PLAN, "Ann")
    assert (planned.leader, planned.attendees, planned.query) == ("Ann", ("Bo", "Cy"), "segment=Small")
    assert not planned.is_on
    begun = begin_huddle(store, planned.id, date(2026, 11, 15), "Ann")
    assert (begun.item_on, begun.as_of, begun.is_on) == (0, date(2026, 11, 15), True)
    later(store, begun, 150)
    moved = move_huddle(store, planned.id, 0, 1, "Bo")
    assert moved.item_on == 1
    assert moved.items[0].seconds_taken == pytest.approx(150, abs=2)
    later(store, moved, 30)
    back = move_huddle(store, planned.id, 1, 0, "Bo")
    later(store, back, 10)
    ended = end_huddle(store, planned.id, "Ann")
    assert not ended.is_on
    assert ended.item_on is None
    assert [item.seconds_taken for item in ended.items] == pytest.approx([160, 30, 0], abs=3)
    assert end_huddle(store, planned.id, "Bo") == ended == huddle(store, planned.id)


def test_it_begins_once_and_moves_no_further_than_its_agenda(store: Engine) -> None:
    planned = plan_huddle(store, PLAN, "Ann")
    with pytest.raises(StoreError, match="not begun"):
        move_huddle(store, planned.id, 0, 1, "Ann")
    with pytest.raises(StoreError, match="not begun"):
        end_huddle(store, planned.id, "Ann")
    begun = begin_huddle(store, planned.id, date(2026, 11, 15), "Ann")
    assert begin_huddle(store, planned.id, date(2026, 11, 20), "Bo") == begun
    assert move_huddle(store, planned.id, 0, 3, "Ann") == begun
    assert move_huddle(store, planned.id, 0, -1, "Ann") == begun


def test_two_who_go_on_at_once_go_on_once(store: Engine) -> None:
    """Both press the key at the same item: one moves, the other is told, and no item is skipped."""
    planned = begin_huddle(store, plan_huddle(store, PLAN, "Ann").id, None, "Ann")
    ready, outcomes = Barrier(2), []

    def go_on(by: str) -> None:
        ready.wait()
        try:
            outcomes.append(move_huddle(store, planned.id, 0, 1, by).item_on)
        except ConflictError as error:
            outcomes.append(error.message)

    both = [Thread(target=go_on, args=(name,)) for name in ("Ann", "Bo")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert huddle(store, planned.id).item_on == 1
    assert sorted(map(str, outcomes))[0] == "1"
    assert "went to another item" in sorted(map(str, outcomes))[1]


def test_a_plan_is_changed_by_one_at_a_time_and_not_once_it_has_begun(store: Engine) -> None:
    read = plan_huddle(store, PLAN, "Ann")
    changed = change_plan(store, read.id, read.version, replace(PLAN, leader="Cy", items=ITEMS[:2]), "Cy")
    assert (changed.leader, len(changed.items)) == ("Cy", 2)
    with pytest.raises(ConflictError):
        change_plan(store, read.id, read.version, PLAN, "Bo")
    begun = begin_huddle(store, read.id, None, "Cy")
    with pytest.raises(StoreError, match="has begun"):
        change_plan(store, read.id, begun.version, PLAN, "Bo")
    assert huddle(store, read.id).leader == "Cy"


def test_the_one_before_is_the_one_begun_before(store: Engine) -> None:
    first = plan_huddle(store, PLAN, "Ann")
    assert huddle_before(store, first) is None
    begin_huddle(store, first.id, date(2026, 11, 9), "Ann")
    end_huddle(store, first.id, "Ann")
    second = plan_huddle(store, replace(PLAN, planned_at=datetime(2026, 11, 23, 9)), "Ann")
    before = huddle_before(store, second)
    assert before is not None
    assert before.id == first.id
    assert [state.id for state in huddles(store)] == [second.id, first.id]
    delete_huddle(store, second.id, second.version, "Ann")
    assert [state.id for state in huddles(store)] == [first.id]
    with pytest.raises(StoreError, match="no such huddle"):
        huddle(store, second.id)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": " "}, "title"),
        ({"leader": ""}, "who leads"),
        ({"items": ()}, "one to 12"),
        ({"items": (AgendaItem("wins", "Wins", 0),)}, "1 to 120 minutes"),
        ({"items": (AgendaItem("songs", "Songs", 2),)}, "no kind"),
        ({"items": (AgendaItem("wins", " ", 2),)}, "needs a title"),
    ],
)
def test_what_is_no_plan_is_refused(store: Engine, wrong: dict, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        plan_huddle(store, replace(PLAN, **wrong), "Ann")
    assert not huddles(store)


def test_agendas_are_kept_changed_and_deleted(store: Engine) -> None:
    assert list(agendas(store)) == [USUAL_AGENDA]
    kept = save_agenda(store, Agenda("Short", ITEMS), "Ann")
    assert [agenda.name for agenda in agendas(store)] == ["Usual huddle", "Short"]
    with pytest.raises(StoreError, match="already"):
        save_agenda(store, Agenda("Short", ITEMS), "Bo")
    changed = save_agenda(store, replace(kept, items=ITEMS[:1]), "Bo")
    assert changed.items == ITEMS[:1]
    with pytest.raises(ConflictError):
        save_agenda(store, replace(kept, name="Mine"), "Cy")
    save_agenda(store, replace(USUAL_AGENDA, items=ITEMS), "Ann")
    assert [agenda.items for agenda in agendas(store) if agenda.name == USUAL_AGENDA.name] == [ITEMS]
    delete_agenda(store, changed, "Ann")
    assert [agenda.name for agenda in agendas(store)] == [USUAL_AGENDA.name]
    with pytest.raises(StoreError, match="usual one"):
        delete_agenda(store, USUAL_AGENDA, "Ann")


def test_the_rhythm_of_a_day_gives_way_to_a_newer_one(store: Engine) -> None:
    set_rhythm(store, Rhythm(date(2026, 11, 2), 1, 0, "09:30"), "Ann")
    set_rhythm(store, Rhythm(date(2026, 9, 7), 2, 1, "10:00"), "Ann")
    set_rhythm(store, Rhythm(date(2026, 11, 2), 1, 3, "09:00"), "Bo")
    assert [(item.first_day.month, item.every_weeks, item.weekday, item.at) for item in rhythms(store)] == [
        (9, 2, 1, "10:00"),
        (11, 1, 3, "09:00"),
    ]
    for wrong in (Rhythm(date(2026, 11, 2), 0, 0, "09:30"), Rhythm(date(2026, 11, 2), 1, 7, "09:30")):
        with pytest.raises(StoreError, match="Every 1 to 8 weeks"):
            set_rhythm(store, wrong, "Ann")
    with pytest.raises(StoreError, match="a time like"):
        set_rhythm(store, Rhythm(date(2026, 11, 2), 1, 0, "25:00"), "Ann")


def test_notes_are_written_once(store: Engine) -> None:
    state = plan_huddle(store, PLAN, "Ann")
    assert papers(store, state.id) == {}
    keep_papers(store, state.id, {"md": b"# Weekly", "pdf": b"%PDF\x00"}, "Ann")
    keep_papers(store, state.id, {"md": b"another", "html": b"<p>"}, "Bo")
    assert papers(store, state.id) == {"md": b"# Weekly", "pdf": b"%PDF\x00", "html": b"<p>"}


def test_two_writers_on_one_huddle_are_told_apart(store: Engine) -> None:
    state = plan_huddle(store, PLAN, "Ann")
    with writing(store, "Bo", "The huddle") as session:
        change(session, Huddle, state.id, state.version, title="Bo's")
    with pytest.raises(ConflictError) as caught, writing(store, "Cy", "The huddle") as session:
        change(session, Huddle, state.id, state.version, title="Cy's")
    assert caught.value.now is not None
    assert caught.value.now["title"] == "Bo's"
