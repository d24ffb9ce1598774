"""The room's routes: lines kept once, conflicts told, nothing written by strangers, nothing before sign-in."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from streamlit.web.server.starlette import starlette_app_utils

from store import open_store
from store.actions import actions
from store.agendas import USUAL_AGENDA
from store.huddle_notes import notes
from store.huddles import HuddleState, PlannedHuddle, begin_huddle, end_huddle, plan_huddle
from tests.asgi import Answer, ask_app
from ui import signin
from ui.room_routes import ROUTES

BASE = "http://127.0.0.1:8501"
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
SIGNED_WITH = "only-for-this-test-0123456789abcdef"


@pytest.fixture
def state(home: Path) -> HuddleState:
    plan = PlannedHuddle("Weekly", "Ann", ("Bo",), datetime(2026, 11, 16, 9), USUAL_AGENDA.items)
    return plan_huddle(open_store(), plan, "Ann")


def get(path: str, headers: dict[str, str] | None = None, **params: str) -> Answer:
    return ask_app(Starlette(routes=ROUTES), "GET", path, params=params, headers=headers)


def write(huddle: HuddleState, headers: dict[str, str] | None = None, **asked: Any) -> Answer:
    body = json.dumps({"huddle": huddle.id, "by": "Bo", **asked}).encode()
    sent = {"content-type": "application/json", **({"origin": BASE} if headers is None else headers)}
    return ask_app(Starlette(routes=ROUTES), "POST", "/room/api/write", headers=sent, content=body)


def look(huddle: HuddleState, seen: str = "") -> Any:
    return get("/room/api/state", huddle=huddle.id, seen=seen).json()


def test_everybody_sees_a_line_and_it_is_kept_once(state: HuddleState) -> None:
    first = look(state)
    assert look(state, first["seen"]).keys() == {"now", "seen", "you", "signs_in"}
    for _ in range(2):
        assert write(state, do="note", kind="wins", text="<b>Acme</b>", key=KEY).json() == {"kept": True}
    now = look(state, first["seen"])
    assert now["seen"] != first["seen"]
    assert [(line["text"], line["under"]) for line in now["lists"]["wins"]] == [("<b>Acme</b>", "Bo")]


def test_a_whole_huddle_by_the_routes(state: HuddleState) -> None:
    assert write(state, do="begin").status_code == 200
    assert write(state, do="move", seen=0, to=1).status_code == 200
    assert "went to another item" in write(state, do="move", seen=0, to=1).json()["error"]
    write(state, do="feedback", text="Too dear", account="Acme", theme="Price", key=KEY)
    write(state, do="decision", text="No discount", metric="won_amount", review_on="2026-12-01", key=KEY)
    write(state, do="action", text="Call Acme", owner="Bo", due="2026-11-20", key=KEY)
    lists = look(state)["lists"]
    said, action = lists["feedback"][0], lists["actions"][0]
    assert "waits for marketing" in said["under"]
    write(state, do="reply", id=said["id"], version=said["version"], text="A page", status="used")
    late = write(state, do="reply", id=said["id"], version=said["version"], text="No", status="declined")
    assert (late.status_code, "Somebody was faster" in late.json()["error"]) == (409, True)
    write(state, do="close", id=action["id"], version=action["version"], status="done")
    assert actions(open_store())[0].status == "done"
    assert write(state, do="end").status_code == 200
    shown = look(state)
    assert shown["huddle"]["ended_at"] is not None
    assert [line["button"] for line in shown["lists"]["actions"]] == ["reopen"]
    assert write(state, do="delete", list="feedback", id=said["id"], version=2).status_code == 200
    assert look(state)["lists"]["feedback"] == []


def test_what_is_open_comes_back_in_the_next_one(state: HuddleState) -> None:
    begin_huddle(open_store(), state.id, None, "Ann")
    write(state, do="action", text="Call Acme", owner="Bo", due="2026-11-20", key=KEY)
    write(state, do="decision", text="No discount", review_on="2026-11-20", key=KEY)
    write(state, do="feedback", text="Too dear", key=KEY)
    end_huddle(open_store(), state.id, "Ann")
    plan = PlannedHuddle("Next", "Ann", (), datetime(2026, 11, 23, 9), USUAL_AGENDA.items)
    following = look(plan_huddle(open_store(), plan, "Ann"))
    assert [(line["text"], line["tone"]) for line in following["lists"]["actions"]] == [("Call Acme", "late")]
    assert [line["button"] for line in following["lists"]["decisions"]] == ["review"]
    assert [line["text"] for line in following["lists"]["feedback"]] == ["“Too dear”"]
    assert "1 earlier one is due" in following["findings"]["decisions"]


def test_numbers_come_with_what_is_decided_and_say_what_became_of_them(sample_home: Path, home: Path) -> None:
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    plan = PlannedHuddle("Weekly", "Ann", (), datetime(2026, 11, 16, 9), USUAL_AGENDA.items)
    state = plan_huddle(open_store(), plan, "Ann")
    write(state, do="begin")
    write(state, do="action", text="Call leads", owner="Bo", metric="lead_count", key=KEY)
    kept = actions(open_store())[0]
    assert kept.number_then is not None
    assert float(kept.number_then) > 0
    following = plan_huddle(open_store(), plan, "Ann")
    screens = get("/room/api/screens", huddle=following.id).json()
    assert screens["effects"][kept.id].endswith(", unchanged")
    assert all(len(sheet["things"]) <= 5 for sheets in screens["sheets"].values() for sheet in sheets)
    assert screens["offers"]["accounts"]


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"do": "note", "kind": "wins", "text": " ", "key": KEY}, 400, "missing"),
        ({"do": "note", "kind": "wins", "text": "x" * 501, "key": KEY}, 400, "longer than 500"),
        ({"do": "note", "kind": "wins", "text": "x" * 30_000, "key": KEY}, 400, "too long"),
        ({"do": "note", "kind": "wins", "text": ["x"], "key": KEY}, 400, "cannot be read"),
        ({"do": "note", "kind": "wins", "text": "x", "key": "k"}, 400, "letters, digits"),
        ({"do": "note", "kind": "wins", "text": "x", "key": KEY, "by": " "}, 400, "Say who"),
        ({"do": "action", "text": "x", "owner": "Bo", "due": "soon", "key": KEY}, 400, "cannot be read"),
        ({"do": "move", "seen": 0, "to": 1}, 400, "not begun"),
        ({"do": "drop tables"}, 400, "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(state: HuddleState, asked: dict[str, Any], status: int, told: str) -> None:
    answer = write(state, **asked)
    assert (answer.status_code, told in answer.json()["error"]) == (status, True)
    assert not notes(open_store(), state.id)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {},
        {"origin": BASE, "sec-fetch-site": "cross-site"},
        {"origin": BASE, "content-type": "text/plain"},
    ],
)
def test_a_page_of_another_site_writes_nothing(state: HuddleState, headers: dict[str, str]) -> None:
    assert write(state, headers, do="note", kind="wins", text="x", key=KEY).status_code == 403
    assert not notes(open_store(), state.id)


def test_another_name_of_this_machine_is_not_answered(state: HuddleState) -> None:
    stranger = {"host": "elsewhere.example", "origin": "http://elsewhere.example"}
    assert get("/room/api/state", stranger, huddle=state.id).status_code == 401
    assert write(state, stranger, do="note", kind="wins", text="x", key=KEY).status_code == 401
    assert not notes(open_store(), state.id)


def test_only_the_files_of_the_room_are_served() -> None:
    assert get("/room/room.js").status_code == 200
    assert get("/room").headers["content-type"].startswith("text/html")
    assert get("/room/room.html").status_code == 404
    assert get("/room/..%2Fsignin.py").status_code == 404


def test_who_has_not_signed_in_sees_and_writes_nothing(state: HuddleState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "signs_in", lambda: True)
    monkeypatch.setattr("ui.room_routes.signs_in", lambda: True)
    monkeypatch.setattr("streamlit.web.server.starlette.starlette_websocket.get_cookie_secret", lambda: SIGNED_WITH)
    sent = get("/room", huddle=state.id)
    assert (sent.status_code, sent.headers["location"]) == (303, f"huddle?huddle={state.id}")
    assert get("/room/api/state", huddle=state.id).status_code == 401
    assert get("/room/api/screens", huddle=state.id).status_code == 401
    line = {"do": "note", "kind": "wins", "text": "Acme", "key": KEY}
    assert write(state, **line).status_code == 401
    user = {"origin": BASE, "is_logged_in": True, "name": "Mia Park"}
    for secret, status in (("another", 401), (SIGNED_WITH, 200)):
        signed = starlette_app_utils.create_signed_value(secret, "_streamlit_user", json.dumps(user))
        cookie = f"_streamlit_user={signed.decode() if isinstance(signed, bytes) else signed}"
        assert write(state, {"origin": BASE, "cookie": cookie}, **line).status_code == status
    assert [note.by for note in notes(open_store(), state.id)] == ["Mia Park"]
    assert get("/room/api/state", {"cookie": cookie}, huddle=state.id).json()["you"] == "Mia Park"
