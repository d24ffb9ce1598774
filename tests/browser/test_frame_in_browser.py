"""What stands on every page, in a browser: the link that is copied, filters taken away, a view opened, files."""

import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import serving, settled

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def server(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a dashboard with the small sample, whose home is a copy of its own."""
    home = tmp_path_factory.mktemp("framed")
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    with serving(home) as address:
        yield address


def open_share(page: Page) -> None:
    page.get_by_role("button", name="Share and views").click()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()


def test_a_copied_link_pins_what_is_shown_and_shows_it_again(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/funnel_coverage?segment=Small")
    expect(page.get_by_test_id("stMetricValue").first).to_be_visible()
    shown = page.get_by_test_id("stMetricValue").all_inner_texts()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_share(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    asked = parse_qs(urlsplit(link).query)
    assert link.startswith(f"{server}/funnel_coverage?")
    assert (asked["as_of"], asked["period"], asked["segment"]) == (["2026-11-16"], ["2026-Q4"], ["Small"])
    linked = open_page(link)
    expect(linked.get_by_test_id("stMetricValue")).to_have_text(shown)


def test_filters_are_taken_away_with_one_button_and_come_back_with_the_back_button(
    server: str, open_page: OpenPage
) -> None:
    page = open_page(f"{server}/funnel_coverage")
    clear = page.get_by_role("button", name="Clear filters")
    expect(clear).to_be_disabled()
    expect(page.get_by_test_id("stMetricValue").first).to_be_visible()
    everything = page.get_by_test_id("stMetricValue").all_inner_texts()
    page = open_page(f"{server}/funnel_coverage?segment=Small&period=2026-Q3&as_of=2026-10-05")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_text("Showing 2026-Q4", exact=False)).to_be_visible()
    settled(page)
    assert page.url == f"{server}/funnel_coverage"
    expect(page.get_by_test_id("stMetricValue")).to_have_text(everything)
    page.go_back()
    expect(page.get_by_text("as of the end of 5 Oct 2026, segment Small", exact=False)).to_be_visible()


def test_a_view_is_saved_on_one_page_and_opened_on_another_without_a_reload(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/funnel_coverage?segment=Small&period=2026-Q3")
    open_share(page)
    page.get_by_label("Save this view as").fill("<b>Small</b> in Q3")
    author = page.get_by_role("combobox", name=re.compile("Your name"))
    author.click()
    author.press_sequentially("Ann Lee")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Kept:", exact=False)).to_be_visible()
    page.goto(f"{server}/campaigns?region=West")
    settled(page)
    page.evaluate("window.stayed = true")
    open_share(page)
    page.get_by_role("link", name="<b>Small</b> in Q3").click()  # a name is text, whatever is in it
    expect(page.get_by_role("heading", name="Funnel coverage", level=1)).to_be_visible()
    line = page.get_by_text("Showing 2026-Q3", exact=False)
    expect(line).to_contain_text("segment Small")
    expect(line).not_to_contain_text("West")
    assert page.evaluate("window.stayed")


def test_records_leave_as_a_workbook(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/funnel_coverage?pipeline=Open+deals+due+in+the+period")
    said = page.get_by_text(re.compile(r"^Open deals due in the period: [\d,]+ record")).last.inner_text()
    page.wait_for_timeout(1500)  # what is drawn above it moves it
    with page.expect_download() as download:
        page.get_by_role("button", name="XLSX").first.click()
    assert download.value.suggested_filename == "pipeline_records_pipeline.xlsx"
    book = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    count = int(re.search(r": ([\d,]+) record", said)[1].replace(",", ""))  # type: ignore[index]
    assert book["Table"].max_row == count + 1
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Title"] == "Open deals due in the period"
    assert about["Shown"].startswith("Showing 2026-Q4 (1 Oct 2026 to 31 Dec 2026)")


def test_the_row_above_a_page_is_used_from_the_keyboard(server: str, open_page: OpenPage) -> None:
    page = open_page(f"{server}/funnel_coverage?segment=Small")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Clear filters").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    copy = page.get_by_role("button", name="Copy link")
    expect(copy).to_be_visible()
    page.wait_for_function("node => node.getRootNode().activeElement === node", arg=copy.element_handle())
    page.keyboard.press("Enter")
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear filters").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Showing 2026-Q4", exact=False)).not_to_contain_text("Small")
