"""A real server on a free port and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import PROJECT

expect.set_options(timeout=20_000)  # a machine that runs other tests meanwhile is slow to draw

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """Return a Chromium that is there: the one named by CHROMIUM, the system's, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@contextmanager
def serving(
    home: Path, script: str = "dashboard.py", options: Callable[[str], list[str]] = lambda _: []
) -> Iterator[str]:
    """Run the dashboard (or another script) on a free port with its state in a folder; give its address.

    `options` are told the address, and are further options of the server.
    """
    with serving_process(home, script, options) as (address, _):
        yield address


@contextmanager
def serving_process(
    home: Path,
    script: str = "dashboard.py",
    options: Callable[[str], list[str]] = lambda _: [],
    port: int | None = None,
) -> Iterator[tuple[str, int]]:
    """Run the dashboard as `serving` does, on a port if it is named; give its address and the server's process id."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    log = home / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), *options(address)],
            cwd=PROJECT,
            env={**os.environ, "SAME_PAGE_HOME": str(home)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"{address}/_stcore/health", process, log)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(log.read_text())
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer within a minute\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser; without any, skip saying so, or fail where CI requires one."""
    path = chromium_path()
    if path is None:
        said = "no Chromium was found (CHROMIUM=, chromium, google-chrome, or Playwright's own)"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an address in a fresh window and waits until the page stands."""
    contexts = []

    def open_at(url: str, width: int = 1400, height: int = 1000, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(url)
        settled(page)
        return page

    yield open_at
    for context in contexts:
        context.close()


def settled(page: Page) -> None:
    """Wait until Streamlit has finished a run and drawn it."""
    page.wait_for_selector("h1")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
    )
    page.wait_for_timeout(300)
