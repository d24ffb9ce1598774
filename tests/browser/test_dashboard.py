"""What a person does with it: a cold deep link, filters kept in the address, a click to the records, an import."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import serving, settled
from tests.browser.views import menu_paths
from tests.conftest import GOLDEN

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

PAGES = tuple(menu_paths())


@pytest.fixture(scope="module")
def server(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a dashboard with the small sample, whose home is a copy of its own."""
    home = tmp_path_factory.mktemp("served")
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    with serving(home) as address:
        yield address


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a list by its label, as a person does with the keyboard."""
    box = page.get_by_role("combobox", name=re.compile(rf"^{re.escape(label)}|{re.escape(label)}$")).first
    box.click()
    box.press_sequentially(option, delay=5)
    page.get_by_role("option", name=option).first.click()
    if box.get_attribute("aria-expanded") == "true":  # a list of several stays open
        page.keyboard.press("Escape")
    settled(page)


def test_a_cold_deep_link_finds_its_page_its_filters_and_the_menu(
    sample_home: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    """The very first visit to a fresh server: no frame is skipped, nothing says that a page was not found."""
    home = tmp_path / "cold"
    shutil.copytree(sample_home, home)
    with serving(home) as address:
        page = open_page(f"{address}/lead_to_close?segment=Small&segment=Enterprise&period=2026-Q3&as_of=2026-09-15")
        expect(page.get_by_role("heading", name="Lead to close", level=1)).to_be_visible()
        expect(page.get_by_text("Showing 2026-Q3", exact=False)).to_contain_text(
            "as of the end of 15 Sep 2026, segment Small or Enterprise"
        )
        for title in ("Funnel coverage", "Shared goals", "Campaigns", "Import", "Definitions"):
            expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_text("Page not found")).to_have_count(0)


@pytest.mark.parametrize("path", ["", *PAGES])
def test_every_page_has_an_address_and_asks_nobody_outside(server: str, browser: Browser, path: str) -> None:
    asked: list[str] = []
    page = browser.new_page(color_scheme="dark")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server}/{path}")
    settled(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.url.rstrip("/") == f"{server}/{path}".rstrip("/")
    ours = (server, server.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(ours)] == []
    assert any(url.startswith(server) for url in asked)
    page.close()


def test_an_address_in_the_data_is_not_a_link(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/shared_goals")
    expect(page.get_by_text("This goal was set on", exact=False)).to_contain_text("(imported)")
    links = page.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert not [link for link in links if "mailto" in link or not link.startswith(server)]


def test_a_filter_goes_to_the_address_and_survives_a_reload_and_a_page_change(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/funnel_coverage")
    before = page.get_by_test_id("stMetricValue").all_inner_texts()
    choose(page, "Segment", "Enterprise")
    expect(page).to_have_url(re.compile(r"segment=Enterprise"))
    expect(page.get_by_test_id("stMetricValue")).not_to_have_text(before)
    settled(page)
    filtered = page.get_by_test_id("stMetricValue").all_inner_texts()
    page.reload()
    settled(page)
    expect(page.get_by_test_id("stMetricValue")).to_have_text(filtered)
    expect(page.get_by_text("segment Enterprise", exact=False).first).to_be_visible()
    page.get_by_role("link", name="Lead to close").click()
    page.get_by_role("heading", name="Lead to close", level=1).wait_for()
    settled(page)
    expect(page).to_have_url(re.compile(r"lead_to_close.*segment=Enterprise"))
    expect(page.get_by_text("segment Enterprise", exact=False).first).to_be_visible()


def click_bar(page: Page, chart: int, bar: int, opens: str) -> None:
    """Click the middle of a bar of the n-th chart until the address says what it opened.

    The charts are drawn after the page says that it is done, and move what stands below them: a click may miss.
    """
    plot = page.locator(".stPlotlyChart").nth(chart)
    for _ in range(5):
        plot.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        box = plot.locator(".point path").nth(bar).bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        with suppress(PlaywrightTimeout):
            page.wait_for_url(re.compile(opens), timeout=6_000)
            break
    expect(page).to_have_url(re.compile(opens))


def test_a_click_on_a_bar_opens_its_records(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/funnel_coverage")
    click_bar(page, 1, 2, r"due_by=")
    settled(page)
    said = page.get_by_text(re.compile(r"^Open deals due, owner .+: [\d,]+ records?, \$[\d,.]+ in all$"))
    expect(said).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").nth(0).click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    count = int(re.search(r": ([\d,]+) record", said.inner_text())[1].replace(",", ""))  # type: ignore[index]
    assert len(content.strip().splitlines()) == count + 1
    assert content.startswith("record_id,name,account")


def test_a_click_on_the_main_figure_opens_its_records(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/funnel_coverage")
    click_bar(page, 0, 1, r"pipeline=")
    settled(page)
    said = page.get_by_text(re.compile(r"^Open deals due in the period: [\d,]+ records?, \$[\d,.]+ in all$"))
    expect(said).to_be_visible()


def test_the_same_records_open_from_the_keyboard_and_by_a_link(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/funnel_coverage")
    choose(page, "Open the records behind", "Open deals due in the period")
    expect(page).to_have_url(re.compile(r"pipeline=Open\+deals\+due\+in\+the\+period"))
    said = page.get_by_text(re.compile(r"^Open deals due in the period: "), exact=False).last.inner_text()
    linked = open_page(page.url)
    expect(linked.get_by_text(said, exact=True)).to_be_visible()


def test_definition_and_sql_are_one_click_away(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/funnel_coverage")
    page.get_by_role("button", name="Definition & SQL").first.click()
    expect(page.get_by_text("Is there enough open pipeline for the goal?", exact=False).first).to_be_visible()
    expect(page.get_by_text("from opportunity_by($as_of, $dimension)", exact=False).first).to_be_visible()


def test_an_import_and_a_bad_file(tmp_path: Path, open_page: OpenPage) -> None:
    home = tmp_path / "fresh"
    home.mkdir()
    shutil.copy(GOLDEN / "settings.toml", home / "settings.toml")
    with serving(home) as address:
        page = open_page(f"{address}/")
        expect(page.get_by_text("Nothing was imported yet", exact=False).first).to_be_visible()
        page.get_by_role("link", name="Import your exports").click()
        page.get_by_role("heading", name="Import", level=1).wait_for()
        settled(page)
        bad = tmp_path / "shopping.csv"
        bad.write_text("eggs,milk\n6,1\n")
        page.locator("input[type=file]").first.set_input_files(bad)
        page.get_by_role("button", name="Import", exact=False).last.click()
        expect(page.get_by_text("no known export has these columns", exact=False).first).to_be_visible()
        expect(page.get_by_text("Traceback")).to_have_count(0)
        page.get_by_role("button", name=re.compile("Remove|Delete")).first.click()
        page.locator("input[type=file]").first.set_input_files(sorted((GOLDEN / "salesforce").glob("*.csv")))
        page.wait_for_timeout(1000)
        page.get_by_role("button", name="Import", exact=False).last.click()
        expect(page.get_by_text("A new version was made", exact=False)).to_be_visible(timeout=60_000)
        settled(page)
        page.get_by_role("link", name="Funnel coverage").click()
        page.get_by_role("heading", name="Funnel coverage", level=1).wait_for()
        settled(page)
        expect(page.get_by_text("$26.1k of open pipeline in 5 deals", exact=False)).to_be_visible()


def test_a_goal_is_typed_in_and_undone(sample_home: Path, tmp_path: Path, open_page: OpenPage) -> None:
    home = tmp_path / "goals"
    shutil.copytree(sample_home, home)
    with serving(home) as address:
        page = open_page(f"{address}/shared_goals?period=2026-Q4&region=West&goals_section=Set+goals")
        expect(page.get_by_text("No goal is set for exactly this period", exact=False)).to_be_visible()
        page.get_by_role("spinbutton", name=re.compile("^Won amount for")).fill("750000")
        page.get_by_role("textbox", name="Your name").fill("Ann Lee")
        page.get_by_role("textbox", name="Your name").press("Tab")
        settled(page)
        page.get_by_role("button", name="Keep this goal").click()
        expect(page.get_by_text("of $750k is reached", exact=False)).to_be_visible()
        expect(page.get_by_text("This goal was set on", exact=False).first).to_contain_text("by Ann Lee (typed in)")
        page.get_by_role("button", name="Undo the last change").click()
        expect(page.get_by_text("No goal is set for exactly this period", exact=False)).to_be_visible()


def test_nothing_that_fails_shows_a_traceback(sample_home: Path, tmp_path: Path, open_page: OpenPage) -> None:
    home = tmp_path / "broken"
    shutil.copytree(sample_home, home)
    for path in (home / "warehouse").glob("*.duckdb"):
        path.write_bytes(b"this is no warehouse" * 1000)
    with serving(home) as address:
        page = open_page_raw(open_page, f"{address}/funnel_coverage")
        expect(page.get_by_text("The warehouse was built by another version", exact=False)).to_be_visible()
        expect(page.get_by_text("Traceback")).to_have_count(0)


def open_page_raw(open_page: OpenPage, url: str) -> Page:
    """Open a page that may have no title."""
    page = open_page("data:text/html,<h1>x</h1><div data-testid=stApp data-test-script-state=notRunning></div>")
    page.goto(url)
    return page
