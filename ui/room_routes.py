"""The huddle's room outside of Streamlit: its page, its state once a second, and what is written in it.

A page of its own keeps the shared screen still: no rerun, no frame around it, and a lost connection shows as a line at
its foot, with everything that was typed kept in the browser until it is kept here. Sign-in is asked as for any page.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from base.errors import SamePageError
from base.settings import load_settings
from reports.huddle_papers import end_and_write
from reports.huddle_room import room_state
from reports.huddle_screen_data import begin_day, number_now, screen_data
from reports.moments import local, milliseconds
from store import ConflictError, StoreError, newest_change, open_store
from store.actions import ToDo, add_action, close_action, delete_action
from store.decisions import Decided, add_decision, delete_decision, review_decision
from store.feedback import Said, add_feedback, delete_feedback, reply_feedback
from store.huddle_notes import add_note, delete_note
from store.huddles import begin_huddle, huddle, move_huddle
from store.writing import now
from ui.signin import Visitor, is_from_here, signs_in, visitor

_LOG = logging.getLogger("same_page")
_FOLDER = Path(__file__).parent / "room"
_FILES = {"room.js": "text/javascript", "room.css": "text/css", "keep.js": "text/javascript"}
_MOST_BYTES = 20_000
_MOST_NAME = 200
Fields = Mapping[str, Any]


async def room_page(request: Request) -> Response:
    """Answer with the room's page; who has not signed in is sent to the huddle's page, which asks for it."""
    if visitor(request) is None:
        query = request.url.query
        return RedirectResponse(f"huddle?{query}" if query else "huddle", status_code=303)
    return FileResponse(_FOLDER / "room.html", media_type="text/html", headers={"cache-control": "no-cache"})


async def room_file(request: Request) -> Response:
    """Answer with a file of the room's page."""
    name = request.path_params["name"]
    if name not in _FILES:
        return Response(status_code=404)
    return FileResponse(_FOLDER / name, media_type=_FILES[name], headers={"cache-control": "no-cache"})


async def state(request: Request) -> Response:
    """Answer with the huddle's state and lines; without them, where the asker has seen them (`seen`)."""
    who = visitor(request)
    if who is None:
        return _refused(401, "Sign in again; what you wrote is kept in this browser.")
    huddle_id, seen = request.query_params.get("huddle", ""), request.query_params.get("seen", "")

    def read() -> dict[str, Any]:
        engine, at, zone = open_store(), now(), load_settings().time_zone
        text, mark = _state(str(engine.url), huddle_id, zone, local(at, zone).date(), newest_change(engine))
        head = {"now": milliseconds(at), "seen": mark, "you": who.name, "signs_in": signs_in()}
        return head if mark == seen else {**head, **json.loads(text)}

    return await _answer(read)


@lru_cache(maxsize=64)
def _state(_store: str, huddle_id: str, zone: str, _today: date, _newest: int) -> tuple[str, str]:
    """Return the state as JSON with a mark of it; read anew when the day or anything that people wrote has changed."""
    text = json.dumps(room_state(open_store(), huddle_id, zone, now()), ensure_ascii=False)
    return text, sha256(text.encode()).hexdigest()[:16]


async def screens(request: Request) -> Response:
    """Answer with what the items show from the data, and what may be chosen in the forms."""
    if visitor(request) is None:
        return _refused(401, "Sign in again.")
    huddle_id = request.query_params.get("huddle", "")
    return await _answer(lambda: screen_data(open_store(), huddle(open_store(), huddle_id)))


async def write(request: Request) -> Response:
    """Do what a page of the room asks for (`do`), in the name of who has signed in or says who they are."""
    who = visitor(request)
    if who is None:
        return _refused(401, "Sign in again; what you wrote is kept in this browser.")
    if not is_from_here(request):
        return _refused(403, "Only a page of this dashboard may write.")
    body = await request.body()
    if len(body) > _MOST_BYTES:
        return _refused(400, "That is too long to be kept.")
    try:
        asked = json.loads(body)
        act = _ACTS[asked["do"]]
    except (ValueError, KeyError, TypeError):
        return _refused(400, "That cannot be read.")
    return await _answer(lambda: _done(act, asked, who))


def _done(act: Callable[[Fields, str], None], asked: Fields, who: Visitor) -> dict[str, Any]:
    by = who.name or str(asked.get("by") or "")[:_MOST_NAME]
    act(asked, by)
    return {"kept": True}


async def _answer(work: Callable[[], dict[str, Any]]) -> Response:
    """Answer with what some work returns, done beside the loop; an error is told in its own words."""
    try:
        return JSONResponse(await run_in_threadpool(work), headers={"cache-control": "no-store"})
    except ConflictError as error:
        return _refused(409, f"{error.title}. {error.message}")
    except StoreError as error:
        return _refused(400, f"{error.title}. {error.message}")
    except SamePageError as error:
        _LOG.warning("%s: %s", error.title, error.message)
        return _refused(503, f"{error.title}. {error.message}")
    except (KeyError, TypeError, ValueError):
        _LOG.warning("the room asked for something that cannot be done", exc_info=True)
        return _refused(400, "That cannot be read.")


def _refused(status: int, told: str) -> Response:
    return JSONResponse({"error": told}, status_code=status, headers={"cache-control": "no-store"})


def _begin(asked: Fields, by: str) -> None:
    begin_huddle(open_store(), _text(asked, "huddle"), begin_day(), by)


def _move(asked: Fields, by: str) -> None:
    move_huddle(open_store(), _text(asked, "huddle"), int(asked["seen"]), int(asked["to"]), by)


def _end(asked: Fields, by: str) -> None:
    end_and_write(open_store(), _text(asked, "huddle"), by)


def _note(asked: Fields, by: str) -> None:
    add_note(open_store(), _text(asked, "huddle"), _text(asked, "kind"), _text(asked, "text"), by, _text(asked, "key"))


def _feedback(asked: Fields, by: str) -> None:
    said = Said(*(_text(asked, name) for name in ("text", "account", "theme", "product", "stage")))
    add_feedback(open_store(), said, by, _text(asked, "huddle"), _text(asked, "key"))


def _decision(asked: Fields, by: str) -> None:
    metric = _text(asked, "metric") or None
    state = huddle(open_store(), _text(asked, "huddle"))
    decided = Decided(_text(asked, "text"), metric, number_now(open_store(), state, metric), _day(asked, "review_on"))
    add_decision(open_store(), decided, by, state.id, _text(asked, "key"))


def _action(asked: Fields, by: str) -> None:
    metric = _text(asked, "metric") or None
    state = huddle(open_store(), _text(asked, "huddle"))
    number = number_now(open_store(), state, metric)
    todo = ToDo(_text(asked, "text"), _text(asked, "owner"), _day(asked, "due"), metric, number)
    add_action(open_store(), todo, by, state.id, _text(asked, "key"))


def _reply(asked: Fields, by: str) -> None:
    reply_feedback(
        open_store(), _text(asked, "id"), int(asked["version"]), _text(asked, "text"), _text(asked, "status"), by
    )


def _review(asked: Fields, by: str) -> None:
    review_decision(open_store(), _text(asked, "id"), int(asked["version"]), _text(asked, "text"), by)


def _close(asked: Fields, by: str) -> None:
    on = local(now(), load_settings().time_zone).date()
    close_action(open_store(), _text(asked, "id"), int(asked["version"]), _text(asked, "status"), on, by)


def _delete(asked: Fields, by: str) -> None:
    delete = {"feedback": delete_feedback, "decisions": delete_decision, "actions": delete_action}
    delete.get(_text(asked, "list"), delete_note)(open_store(), _text(asked, "id"), int(asked["version"]), by)


def _text(asked: Fields, name: str) -> str:
    """Return a field's text; empty where it is not given."""
    value = asked.get(name, "")
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _day(asked: Fields, name: str) -> date | None:
    value = _text(asked, name)
    return date.fromisoformat(value) if value else None


_ACTS: Mapping[str, Callable[[Fields, str], None]] = {
    "begin": _begin,
    "move": _move,
    "end": _end,
    "note": _note,
    "feedback": _feedback,
    "decision": _decision,
    "action": _action,
    "reply": _reply,
    "review": _review,
    "close": _close,
    "delete": _delete,
}

ROUTES = [
    Route("/room", room_page),
    Route("/room/api/state", state),
    Route("/room/api/screens", screens),
    Route("/room/api/write", write, methods=["POST"]),
    Route("/room/{name}", room_file),
]
