"""Who may see the pages: anybody on this machine, or those who sign in where the server can be reached from others.

Sign-in is Streamlit's (OpenID Connect, set up in `.streamlit/secrets.toml` under `[auth]`). Where it is set up, no page
runs before it; where the server listens to other machines and it is not, the server refuses to start.
"""

import ipaddress
import json
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from urllib.parse import quote, unquote, urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

# Streamlit has no public way to read its sign-in outside of a page; tests/browser/test_huddle_signed_in.py holds this one.
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks as signed_cookie
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from base.errors import SamePageError

_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_SIGNED_IN = "_streamlit_user"
_ASKED_FOR = "same_page_asked_for"
_KEPT_SECONDS = 600


def signs_in() -> bool:
    """Tell whether sign-in is set up."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def check_host() -> None:
    """Raise `SamePageError` where the server would be open to other machines without sign-in, or sign-in lacks something."""
    if signs_in():
        missing = [name for name in _NEEDED if not st.secrets["auth"].get(name)]
        if missing:
            raise SamePageError(
                "Sign-in is not whole",
                f"[auth] in .streamlit/secrets.toml lacks {', '.join(missing)}: see README, Sign-in.",
            )
        return
    host = str(st.get_option("server.address") or "")
    if not is_loopback(host):
        raise SamePageError(
            "Same Page is not served to other machines without sign-in",
            f"HOST={host or '(all)'} can be reached from others, so set up [auth] in .streamlit/secrets.toml (README, "
            "Sign-in), or leave HOST out.",
        )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address; an empty one is all of its addresses."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def signed_in() -> bool:
    """Tell whether the page may be shown; where it may not, draw the way to sign in instead."""
    if not signs_in() or st.user.is_logged_in:
        return True
    st.title("Same Page", anchor=False)
    st.markdown("Sign in to see what sales and marketing see.")
    st.button("Sign in", type="primary", icon=":material/login:", on_click=st.login)
    return False


def signed_in_name() -> str | None:
    """Return the name of who signed in, None where nobody has to."""
    if not signs_in() or not st.user.is_logged_in:
        return None
    name = st.user.get("name") or st.user.get("email") or st.user.get("sub")
    return str(name) if name else None


@dataclass(frozen=True)
class Visitor:
    """Who asks a route of ours; the name is None where nobody has to sign in."""

    name: str | None


def visitor(request: Request) -> Visitor | None:
    """Return who asks a route of ours, which runs outside of any page; None where the request is not to be answered.

    Where sign-in is set up, that is who holds Streamlit's own signed cookie; elsewhere whoever asks this machine by a name
    of its own (a page of another site that was made to point here asks by another).
    """
    host = request.headers.get("host", "")
    if not is_host_allowed(host):
        return None
    if not signs_in():
        return Visitor(None) if is_loopback(_without_port(host)) else None
    cookie = signed_cookie(request.cookies, USER_COOKIE_NAME)
    user = json.loads(cookie) if cookie else {}
    name = user.get("name") or user.get("email") or user.get("sub")
    return Visitor(str(name)) if user.get("is_logged_in") and name else None


def is_from_here(request: Request) -> bool:
    """Tell whether a request was made by a page of this server, as one that writes has to be."""
    origin, fetched = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    is_json = request.headers.get("content-type", "").split(";")[0].strip() == "application/json"
    is_own = origin is not None and urlsplit(origin).netloc == request.headers.get("host", "")
    return is_json and is_own and fetched == "same-origin"


def _without_port(host: str) -> str:
    return (urlsplit(f"//{host}").hostname or "") if host else ""


def draw_sign_out() -> None:
    """Say in the sidebar who is signed in, with the way out."""
    name = signed_in_name()
    if name is not None:
        st.caption(f"Signed in as {name}")
        if st.button("Sign out", icon=":material/logout:", key="sign_out"):
            st.logout()
            st.stop()


class DeepLinks:
    """Brings a person who signed in back to the link that was asked for: the sign-in itself ends at the bare address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep what an unknown visitor asks for in a cookie, and send them there once they are known."""
        if scope["type"] != "http" or scope["method"] != "GET" or not signs_in():
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookies = SimpleCookie(headers.get("cookie", ""))
        is_known = any(name == _SIGNED_IN or name.startswith(f"{_SIGNED_IN}_") for name in cookies)
        path, query = scope["path"], scope["query_string"].decode("latin-1")
        asked = cookies[_ASKED_FOR].value if _ASKED_FOR in cookies else ""
        if is_known and path == "/" and not query and asked:
            response = RedirectResponse(local_link(unquote(asked)), status_code=303)
            response.delete_cookie(_ASKED_FOR)
            await response(scope, receive, send)
            return
        may_be_kept = not is_known and (path != "/" or query)

        async def with_cookie(message: Message) -> None:
            if may_be_kept and message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                # Pages alone: the steps of the sign-in are redirects, and what a page loads is no page.
                if message["status"] == HTTPStatus.OK and "text/html" in answered.get("content-type", ""):
                    link = quote(f"{path}?{query}" if query else path, safe="")
                    answered.append(
                        "set-cookie", f"{_ASKED_FOR}={link}; Max-Age={_KEPT_SECONDS}; Path=/; HttpOnly; SameSite=Lax"
                    )
            await send(message)

        await self.app(scope, receive, with_cookie)


def local_link(link: str) -> str:
    """Return a link within this server; anything else is its first page."""
    return link if link.startswith("/") and not link.startswith(("//", "/\\")) else "/"
