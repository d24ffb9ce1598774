"""A whole huddle with two browsers: begun, captured in by both, over its time, through a lost server, ended, and found again."""

import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from store import open_store
from store.agendas import AgendaItem
from store.huddles import HuddleState, PlannedHuddle, papers, plan_huddle
from store.huddles import huddle as huddle_state
from store.kpis import Pick, set_picks
from store.room_models import Huddle
from store.writing import now, writing
from tests.browser.conftest import free_port, serving_process, settled
from tests.conftest import forget_caches

pytestmark = pytest.mark.browser

ITEMS = (
    AgendaItem("kpis", "The KPIs", 1),
    AgendaItem("feedback", "What customers said", 5),
    AgendaItem("decisions", "Decisions", 5),
    AgendaItem("actions", "Actions", 5),
)
SAID = "Your onboarding took <b>three</b> weeks"


def planned(title: str, at: datetime) -> HuddleState:
    return plan_huddle(open_store(), PlannedHuddle(title, "Ann", ("Bo",), at, ITEMS), "Ann")


def join(browser: Browser, address: str, huddle: HuddleState, name: str) -> Page:
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(f"{address}/room?huddle={huddle.id}")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join").click()
    return page


def capture(page: Page, tab: str, **fields: str) -> None:
    page.get_by_role("button", name=tab, exact=True).click()
    for label, text in fields.items():
        page.locator(f"#fields [name={label}]").fill(text)
    page.locator("#fields").get_by_role("button", name="Save").click()


def type_sizes(page: Page, chosen: str) -> list[float]:
    sizes: list[float] = page.eval_on_selector_all(
        chosen,
        "found => found.filter(one => one.offsetParent).map(one => parseFloat(getComputedStyle(one).fontSize))",
    )
    return sizes


def press_space(page: Page) -> None:
    page.locator("#main").focus()
    page.keyboard.press("Space")


def opened(wait: Callable[[], None]) -> float:
    begun = time.monotonic()
    wait()
    return time.monotonic() - begun


def test_a_whole_huddle(sample_home: Path, home: Path, browser: Browser) -> None:
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    forget_caches()
    engine = open_store()
    metrics = ("lead_count", "mql_count", "won_amount")
    set_picks(engine, "marketing", [Pick(name, "We would call sooner", "Ann") for name in metrics], "Ann", {})
    huddle = planned("Monday", now())
    port = free_port()
    with serving_process(home, port=port) as (address, process):
        ann, bo = join(browser, address, huddle, "Ann"), join(browser, address, huddle, "Bo")
        press_space(ann)
        for page in (ann, bo):
            expect(page.locator("#title")).to_have_text("The KPIs")
        # Read from the far end of the room: five things at most, large.
        expect(ann.locator("#things .key").first).to_be_visible()
        assert 1 <= ann.locator("#things > *").count() <= 5
        assert min(type_sizes(ann, "#things .key, #clock")) >= 72
        assert min(type_sizes(ann, "#things h2, #things p, #finding, #title, #fields input, #status")) >= 28
        # The item was given a minute, and takes more.
        with writing(engine, "Ann", "The huddle") as session:
            row = session.get(Huddle, huddle.id)
            assert row is not None
            row.item_since = now() - timedelta(minutes=3)
        for page in (ann, bo):
            expect(page.locator("#clock")).to_have_text(re.compile(r"^\+2:"))
            expect(page.locator("#clock_words")).to_have_text("over its time")
        press_space(ann)
        expect(bo.locator("#title")).to_have_text("What customers said")
        capture(bo, "Customer said", text=SAID, account="Acme", theme="Onboarding")
        seen = opened(lambda: expect(ann.locator("#things").get_by_text(SAID)).to_be_visible(timeout=2_000))
        assert seen < 2
        press_space(ann)
        expect(bo.locator("#title")).to_have_text("Decisions")
        os.kill(process, signal.SIGKILL)
        capture(bo, "Decision", text="Call every new lead the same day", review_on=f"{now():%Y-%m-%d}")
        expect(bo.locator("#status")).to_contain_text("not saved yet")
        bo.locator("#fields [name=text]").fill("half a line")
    with serving_process(home, port=port) as (address, _):
        # Nothing that was typed is lost: the line is sent by itself, and the draft stands.
        expect(ann.locator("#things").get_by_text("Call every new lead the same day")).to_be_visible()
        bo.reload()
        expect(bo.locator("#title")).to_have_text("Decisions")
        expect(bo.locator("#things").get_by_text("Call every new lead the same day")).to_have_count(1)
        bo.get_by_role("button", name="Decision", exact=True).click()
        expect(bo.locator("#fields [name=text]")).to_have_value("half a line")
        press_space(ann)
        expect(ann.locator("#title")).to_have_text("Actions")
        capture(ann, "Action", text="Write the same-day rule down", owner="Bo")
        capture(ann, "Action", text="Ask Acme for a quote", owner="Ann")
        expect(bo.locator("#things").get_by_text("Ask Acme for a quote")).to_be_visible()
        press_space(ann)
        ann.get_by_role("button", name="End", exact=True).last.click()
        expect(bo.locator("#finding")).to_contain_text("has ended")
        kept = papers(engine, huddle.id)
        assert huddle_state(engine, huddle.id).items[0].seconds_taken > 170
        assert set(kept) == {"md", "html", "pdf"}
        for words in ("Call every new lead the same day", "Ask Acme for a quote", "Acme"):
            assert words in kept["md"].decode()
        assert "<b>three" not in kept["html"].decode()
        following = planned("Next Monday", now() + timedelta(days=7))
        again = join(browser, address, following, "Ann")
        press_space(again)
        expect(again.locator("#title")).to_have_text("The KPIs")
        found = [
            ("What customers said", SAID),
            ("Decisions", "Call every new lead"),
            ("Actions", "Ask Acme for a quote"),
        ]
        for title, text in found:
            press_space(again)
            expect(again.locator("#title")).to_have_text(title)
            expect(again.locator("#things").get_by_text(text).first).to_be_visible()
        expect(again.locator("#things").get_by_text("Write the same-day rule down")).to_be_visible()
        review = browser.new_page()
        review.goto(f"{address}/weekly_review")
        settled(review)
        for text in (
            "Ask Acme for a quote",
            "Write the same-day rule down",
            "Call every new lead",
            "three",
            "Leads created",
        ):
            expect(review.get_by_text(text).first).to_be_visible()
