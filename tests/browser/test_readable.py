"""What is on a page can be read, on a phone, on a desk and on a wall; and by those who hear it or use no mouse."""

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import serving
from tests.browser.views import drawn, menu_paths, open_section, sections

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

# The window in which sections are chosen comes first.
SIZES = ((1920, 1080), (3840, 2160), (390, 844))
NARROW_AND_USUAL = (SIZES[0], SIZES[2])
LEAST_TYPE = 11
READ = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# Nodes that Streamlit draws and we cannot, each with the reason; a finding anywhere else fails.
NOT_OURS = {
    # The menu's lists hold their section's title beside the links: Streamlit writes them so.
    "list": "[data-testid=stSidebarNav], [data-testid=stSidebarNavItems]",
    "listitem": "[data-testid=stSidebarNav], [data-testid=stSidebarNavItems]",
}
RUN_AXE = """
async (notOurs) => {
  const result = await axe.run(document, { resultTypes: ["violations"] })
  return result.violations
    .filter((found) => ["serious", "critical"].includes(found.impact))
    .flatMap((found) => found.nodes
      .filter((node) => {
        const seen = node.target.length === 1 && !Array.isArray(node.target[0]) && document.querySelector(node.target[0])
        return !(seen && found.id in notOurs && seen.closest(notOurs[found.id]))
      })
      .map((node) => `${found.id} (${found.impact}): ${node.html.slice(0, 200)}`))
}
"""


@pytest.fixture(scope="module")
def server(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a dashboard with the small sample, whose home is a copy of its own."""
    home = tmp_path_factory.mktemp("read")
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    with serving(home) as address:
        yield address


def each_section(page: Page) -> Iterator[str]:
    """Open one section after the other of the page that is open."""
    drawn(page)
    names = sections(page)
    yield names[0] if names else ""
    for name in names[1:]:
        open_section(page, name)
        yield name


def unreadable(page: Page) -> Iterator[str]:
    """Return what cannot be read on any section of the page that is open at any size, or stands in the way of who hears it."""
    for place, name in enumerate(each_section(page)):
        yield from (f"{name}: {what}" for what in violations(page))
        # What the widest screen may break is the frame, which all sections of a page share.
        for width, height in SIZES if place == 0 else NARROW_AND_USUAL:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(500)  # charts take their new width
            drawn(page)
            yield from (f"{name} at {width} px: {what}" for what in page.evaluate(READ, LEAST_TYPE))
        page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})


@pytest.mark.parametrize("path", menu_paths())
def test_everything_can_be_read_and_heard(server: str, open_page: OpenPage, path: str) -> None:
    page = open_page(f"{server}/{path}", *SIZES[0])
    found = list(unreadable(page))
    assert not found, "\n".join(found)


def violations(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical on the page, with the nodes."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, NOT_OURS)
    return found


@pytest.mark.parametrize("path", menu_paths())
def test_nothing_stands_in_the_way_in_the_dark(server: str, open_page: OpenPage, path: str) -> None:
    page = open_page(f"{server}/{path}", scheme="dark")
    # In the dark other colours stand in the same places: the first section has them all.
    drawn(page)
    found = violations(page)
    assert not found, "\n".join(found)


def picture(texts: str, below: str = "") -> str:
    """Return a page with one chart of 400 by 200 pixels, on which texts stand."""
    return (
        f'<body style="margin:0"><div data-testid="stApp"><div class="st-key-fig stPlotlyChart">'
        f'<svg class="main-svg" width="400" height="200" style="font: 13px sans-serif">{texts}</svg></div>{below}</div>'
    )


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ('<text x="50" y="50">Alpha</text><text x="60" y="52">Beta</text>', 'fig: "Alpha" covers "Beta"'),
        ('<text x="380" y="50">Alpha beta</text>', 'fig: "Alpha beta" is cut off'),
        ('<text x="50" y="50" style="font-size: 9px">Alpha</text>', 'fig: "Alpha" is 9.0 px'),
        ('<g transform="scale(0.5)"><text x="50" y="50">Alpha</text></g>', 'fig: "Alpha" is 6.5 px'),
    ],
)
def test_the_reader_finds_what_cannot_be_read(browser: Browser, texts: str, told: str) -> None:
    page = browser.new_page()
    page.set_content(picture(texts))
    assert page.evaluate(READ, LEAST_TYPE) == [told]
    page.close()


@pytest.mark.parametrize(
    "texts",
    [
        '<text x="50" y="50">Alpha</text><text x="50" y="68">Beta</text>',
        # Slanted labels side by side: their boxes cross, they do not.
        """<text x="50" y="50" transform="rotate(45 50 50)">A long label</text>
        <text x="75" y="50" transform="rotate(45 75 50)">A long label</text>""",
        '<text x="50" y="50">Alpha</text><text x="50" y="50" style="display: none">Beta</text>',
        '<text x="50" y="50">Alpha</text><g class="hoverlayer"><text x="50" y="50">Beta</text></g>',
    ],
)
def test_the_reader_finds_nothing_where_all_is_well(browser: Browser, texts: str) -> None:
    page = browser.new_page()
    page.set_content(picture(texts))
    assert page.evaluate(READ, LEAST_TYPE) == []
    page.close()


def test_the_reader_sees_small_type_and_a_page_that_scrolls_sideways(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(picture("", '<p style="width: 500px; font-size: 10px">Small</p>'))
    assert page.evaluate(READ, LEAST_TYPE) == [
        '"Small" is 10.0 px',
        "the page scrolls sideways: 500 px on 390 (html)",
    ]
    page.close()


def test_axe_finds_what_it_should(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<html lang="en"><title>t</title><main><h1>One</h1><button></button></main></html>')
    assert [found.split(" ")[0] for found in violations(page)] == ["button-name"]
    page.close()
