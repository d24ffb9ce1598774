"""Served to other machines, nobody sees anything before they signed in, and the link they came by survives it."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import serving, settled
from tests.conftest import PROJECT
from ui.signin import is_loopback, local_link

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

SECRETS = """
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "only-for-this-test-0123456789abcdef"
client_id = "same-page"
client_secret = "secret"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Return the address of a provider that lets everybody in who gives a name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://localhost:{port}"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def server(sample_home: Path, tmp_path: Path, provider: str) -> Iterator[str]:
    home = tmp_path / "served"
    shutil.copytree(sample_home, home)
    secrets = home / "secrets.toml"

    def options(address: str) -> list[str]:
        secrets.write_text(SECRETS.format(address=address, provider=provider), encoding="utf-8")
        return ["--secrets.files", str(secrets), "--server.address", "0.0.0.0"]

    with serving(home, options=options) as address:
        yield address


def test_a_cold_deep_link_asks_for_sign_in_and_survives_it(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/lead_to_close?segment=Small&period=2026-Q3&as_of=2026-09-15")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.get_by_role("heading", level=1).inner_text() == "Same Page"
    expect(page.get_by_text("Showing 2026-Q3", exact=False)).to_have_count(0)
    expect(page.get_by_role("link", name="Funnel coverage")).to_have_count(0)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox").first.fill("ann@example.com")
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="Lead to close", level=1)).to_be_visible()
    settled(page)
    expect(page.get_by_text("Showing 2026-Q3", exact=False)).to_contain_text("segment Small")
    expect(page.get_by_text("Signed in as", exact=False)).to_contain_text("ann@example.com")
    settled(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("end_session"))
    page.get_by_role("button").first.click()  # the provider asks whether this is meant
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_bare_address_asks_for_sign_in_too(server: str, open_page: OpenPage) -> None:
    page = open_page(server)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("link", name="Funnel coverage")).to_have_count(0)


def test_whose_machine_an_address_is() -> None:
    own, others = ("127.0.0.1", "127.3.2.1", "localhost", "::1", "[::1]"), ("0.0.0.0", "::", "192.168.1.5", "box", "")
    assert all(is_loopback(host) for host in own)
    assert not any(is_loopback(host) for host in others)


@pytest.mark.parametrize("link", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"])
def test_no_link_leads_elsewhere(link: str) -> None:
    assert local_link(link) == "/"
    assert local_link("/lead_to_close?segment=Small") == "/lead_to_close?segment=Small"


@pytest.mark.parametrize("host", ["0.0.0.0", ""])
def test_without_sign_in_it_is_not_served_to_others(host: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", "1", "--server.address", host],
        check=False,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert "not served to other machines without sign-in" in done.stderr
    assert "Traceback" not in done.stderr
