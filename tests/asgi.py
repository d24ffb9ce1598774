"""Asking an ASGI app without a server: one request, one answer."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Answer:
    """What an app answered."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self.content)


def ask_app(
    app: Any,
    method: str,
    path: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
) -> Answer:
    """Send one request to an app as a browser on this machine would, and return its answer."""
    given = {"host": "127.0.0.1:8501", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "root_path": "",
        "query_string": urlencode(params or {}).encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8501),
    }
    sent: list[dict[str, Any]] = []
    received: list[bytes] = []

    async def receive() -> dict[str, Any]:
        if received:  # a browser that waits for its answer stays
            await asyncio.Event().wait()
        received.append(content)
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    # In a thread of its own: a browser test that ran before in this process leaves its event loop running here.
    with ThreadPoolExecutor(max_workers=1) as one:
        one.submit(asyncio.run, app(scope, receive, send)).result()
    return Answer(
        sent[0]["status"],
        {name.decode(): value.decode() for name, value in sent[0]["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )
