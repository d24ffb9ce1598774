"""The server around the frame: heavy imports once, safe headers, and no traceback for people.

`streamlit run dashboard.py` finds the app that dashboard.py makes of this.
"""

import gc
import logging
import re
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from base.errors import SamePageError
from base.home import PROJECT
from queries import current_version
from queries.warehouse import open_warehouse
from ui.messages import show_error
from ui.signin import DeepLinks

ICON = str(Path(__file__).parent / "icon.svg")
_LOG = logging.getLogger("same_page")

# Whose modules are imported at once, so that the first visitor does not wait for them.
_PRELOADED = ("charts", "ui")


def _inline_scripts() -> str:
    """Return the hashes of the scripts that stand in Streamlit's own page, as a policy names them."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    found = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in found)


# Streamlit's page needs inline styles and workers from blobs; nothing comes from anywhere else.
_HEADERS = {
    "content-security-policy": (
        f"default-src 'self'; script-src 'self' blob: 'wasm-unsafe-eval' {_inline_scripts()}; "
        "style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "frame-ancestors 'self'; object-src 'none'; base-uri 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


class SafeHeaders:
    """Adds the safe headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with its headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


MIDDLEWARE = [Middleware(SafeHeaders), Middleware(DeepLinks)]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Get ready before the first visitor comes, and keep the garbage collector off what was imported.

    What is frozen here is not walked through again.
    """
    for folder in _PRELOADED:
        for path in sorted((PROJECT / folder).glob("*.py")):
            import_module(folder if path.stem == "__init__" else f"{folder}.{path.stem}")
    with suppress(SamePageError):  # the page says what is wrong with the warehouse, or that there is none
        open_warehouse(current_version())
    # A `pages` folder beside the entry file makes Streamlit look there for pages until the first `st.navigation`
    # of the process; asked here, a deep link that comes first finds its page.
    quiet = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    quiet.disabled = True  # it warns that no page is running, which is the point
    st.navigation([st.Page("pages/measure/funnel_coverage.py")])
    quiet.disabled = False
    send_at_once()
    gc.collect()
    gc.freeze()
    yield


def send_at_once() -> None:
    """Let every connection of this process's listening sockets send what it has, when it has it.

    Streamlit opens its socket in a way that asyncio does not know as TCP. So small messages, as a run sends them, would
    wait until the one before is acknowledged, which takes a system up to 40 ms.
    """
    for thing in gc.get_objects():
        if type(thing) is not socket.socket or thing.fileno() == -1:
            continue
        is_tcp = thing.family in (socket.AF_INET, socket.AF_INET6) and thing.type == socket.SOCK_STREAM
        if is_tcp and thing.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            # Connections take this from the socket that accepts them.
            thing.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def on_script_error(error: Exception) -> bool:
    """Tell a person in a sentence what a page could not do; the log gets the traceback."""
    tell(error)
    return True


def tell(error: Exception) -> None:
    """Show an error on the page: its own words if it is one of ours, else a plain sentence."""
    if isinstance(error, SamePageError):
        _LOG.warning("%s: %s", error.title, error.message)
        show_error(error)
        return
    _LOG.error("a page failed", exc_info=error)
    show_error(
        SamePageError(
            "Something went wrong on this page",
            f"It is in the server's log ({type(error).__name__}). The other pages still work; reload to try again.",
        )
    )
