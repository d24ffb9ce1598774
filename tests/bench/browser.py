"""What a person waits for, in a real browser: `python -m tests.bench.browser --scale 1 10 --home DIR --json OUT`.

Three waits, each until the page stands still: from a click on a filter to the new figures, from a click in the menu to
the other page, and from an address to the page (cold: a browser that has never been here). Beside each, in the same run
and in turns, the same on a bare Streamlit page with as many static figures and tables (tests/bench/bare.py). No click
repeats another, so no answer is there already.

Targets: at most 1.25 times the bare page up to scale 10, 1.5 times at scale 100.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

from tests.bench.homes import arguments, home_of, kept_in, machine, median, p95, write
from tests.browser.conftest import FLAGS, chromium_path, serving

PAGES = ("funnel_coverage", "lead_to_close", "shared_goals", "campaigns")
WAITS = {"filter": "filter click to new figures", "switch": "page switch", "cold": "cold load"}
QUIET_MS = 350
# Notes when the last change of the page's body was; what a run does in the header or the sidebar does not count.
WATCH = """
(() => {
    window.lastChange = 0;
    const isMain = (node) => {
        const element = node.nodeType === 1 ? node : node.parentElement;
        return !!element && !!element.closest('[data-testid=stMain]');
    };
    new MutationObserver((changes) => {
        if (changes.some((change) => isMain(change.target))) window.lastChange = performance.now();
    }).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
})();
"""
STANDS = f"""
() => {{
    const app = document.querySelector('[data-testid=stApp]');
    return !!app && app.dataset.testScriptState === 'notRunning' && !!document.querySelector('h1')
        && window.lastChange > (window.began ?? 0) && performance.now() - window.lastChange > {QUIET_MS};
}}
"""
# The click that counts is the last before the change.
CLICKED = (
    "window.began = Infinity; document.addEventListener('click', () => { window.began = performance.now(); }, true);"
)


class Window:
    """One browser window on one of the two servers."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.context = browser.new_context(viewport={"width": 1440, "height": 1000})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.page.add_init_script(WATCH)
        self.address = address

    def stand_still(self) -> float:
        """Wait until nothing changes any more; return when the last change was."""
        self.page.wait_for_function(STANDS, polling=50)
        return float(self.page.evaluate("window.lastChange"))

    def load(self, name: str) -> float:
        """Open a page by its address; return how long that took."""
        self.page.goto(f"{self.address}/{name}")
        return self.stand_still()

    def choose(self, number: int) -> float:
        """Choose one more owner in the sidebar; return how long the new figures took."""
        box = self.page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelect").filter(has_text="Owner").first
        self.page.keyboard.press("Escape")
        self.page.get_by_role("listbox").wait_for(state="detached")
        self._open(box)
        self.page.evaluate(CLICKED)
        # The first is "Select all"; what is chosen leaves the list.
        self.page.get_by_role("option").nth(1 + number % 5).click()
        return self.stand_still() - float(self.page.evaluate("window.began"))

    def _open(self, box: Locator) -> None:
        """Open a list of values; a click while the page is being drawn again may close what it has opened."""
        for _ in range(10):
            box.locator("input").click()
            try:
                self.page.get_by_role("option").first.wait_for(timeout=1_000)
            except NotInTime:
                continue
            return
        raise AssertionError("the list of owners does not open")

    def switch(self, title: str) -> float:
        """Go to another page by the menu; return how long it took."""
        link = self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title)
        link.wait_for()
        self.page.evaluate(CLICKED)
        link.click()
        return self.stand_still() - float(self.page.evaluate("window.began"))

    def counts(self) -> list[int]:
        """Return how many figures and tables stand on the page."""
        return [self.page.get_by_test_id(name).count() for name in ("stPlotlyChart", "stDataFrame")]

    def close(self) -> None:
        """Close the window; its cache goes with it."""
        self.context.close()


def title_of(name: str) -> str:
    """Return a page's name as the menu has it."""
    return name.replace("_", " ").capitalize()


@contextmanager
def serving_bare(counts: dict[str, list[int]]) -> Iterator[str]:
    """Serve the bare pages; give their address."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BARE_PAGES"] = json.dumps(counts)
        with serving(Path(folder), script="tests/bench/bare.py") as address:
            yield address


@contextmanager
def windows(browser: Browser, addresses: dict[str, str]) -> Iterator[dict[str, Window]]:
    """Open a window on each server."""
    opened = {kind: Window(browser, address) for kind, address in addresses.items()}
    yield opened
    for window in opened.values():
        window.close()


Times = dict[str, list[float]]


def cold(browser: Browser, addresses: dict[str, str], name: str, repeats: int) -> Times:
    """Open a page in browsers that have never been here."""
    found: Times = {kind: [] for kind in addresses}
    for _ in range(repeats):
        with windows(browser, addresses) as opened:
            for kind, window in opened.items():
                found[kind].append(window.load(name))
    return found


def filtered(browser: Browser, addresses: dict[str, str], name: str, repeats: int) -> Times:
    """Choose one owner more, again and again."""
    found: Times = {kind: [] for kind in addresses}
    with windows(browser, addresses) as opened:
        for window in opened.values():
            window.load(name)
        for turn in range(repeats + 1):
            for kind, window in opened.items():
                took = window.choose(turn)
                if turn:  # what a window does first, it loads code for
                    found[kind].append(took)
    return found


def switched(browser: Browser, addresses: dict[str, str], repeats: int) -> dict[str, Times]:
    """Go through all pages by the menu, again and again."""
    found: dict[str, Times] = {name: {kind: [] for kind in addresses} for name in PAGES}
    with windows(browser, addresses) as opened:
        for window in opened.values():
            window.load(PAGES[0])
        for turn in range(repeats + 1):
            for name in (*PAGES[1:], PAGES[0]):
                for kind, window in opened.items():
                    took = window.switch(title_of(name))
                    if turn:
                        found[name][kind].append(took)
    return found


def measure(browser: Browser, home: Path, repeats: int) -> dict[str, Any]:
    """Measure all three waits on every page, ours and the bare one in turns."""
    with serving(home) as ours:
        counts = {}
        with windows(browser, {"ours": ours}) as opened:
            for name in PAGES:
                opened["ours"].load(name)
                counts[name] = opened["ours"].counts()
        with serving_bare(counts) as bare:
            addresses = {"ours": ours, "bare": bare}
            found = {
                "filter": {name: filtered(browser, addresses, name, repeats) for name in PAGES},
                "switch": switched(browser, addresses, repeats),
                "cold": {name: cold(browser, addresses, name, repeats) for name in PAGES},
            }
    return {
        "counts": counts,
        "waits": {wait: {name: _said(kinds) for name, kinds in pages.items()} for wait, pages in found.items()},
    }


def _said(kinds: dict[str, list[float]]) -> dict[str, float]:
    return {
        "p50_ms": round(median(kinds["ours"])),
        "p95_ms": round(p95(kinds["ours"])),
        "bare_p50_ms": round(median(kinds["bare"])),
        "bare_p95_ms": round(p95(kinds["bare"])),
        "times_bare": round(median(kinds["ours"]) / median(kinds["bare"]), 2),
    }


def table(scale: float, found: dict[str, Any]) -> str:
    """Return the figures of one scale as a table."""
    most = 1.25 if scale <= 10 else 1.5
    lines = [
        f"scale {scale:g}; target {most:g} × bare",
        f"{'wait':<28} {'page':<16} {'figures':>7} {'tables':>6} {'p50 ms':>7} {'p95 ms':>7} {'bare':>6} {'p95':>6} {'×':>6}",
    ]
    for wait, words in WAITS.items():
        for name, row in found["waits"][wait].items():
            figures, tables = found["counts"][name]
            verdict = "" if row["times_bare"] <= most else "MISSED"
            lines.append(
                f"{words:<28} {name:<16} {figures:>7} {tables:>6} {row['p50_ms']:>7} {row['p95_ms']:>7} "
                f"{row['bare_p50_ms']:>6} {row['bare_p95_ms']:>6} {row['times_bare']:>6.2f} {verdict}"
            )
    return "\n".join(lines)


def main() -> int:
    """Run what the command line asks for."""
    assert __doc__
    parser = arguments("browser", __doc__)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    path = chromium_path()
    if path is None:
        print("No Chromium was found: name one with CHROMIUM=/path/to/chromium.", file=sys.stderr)
        return 1
    found = {}
    with kept_in(given.home) as folder:
        homes = {scale: home_of(scale, folder) for scale in given.scale}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
            for scale, home in homes.items():
                found[f"{scale:g}"] = measure(browser, home, given.repeats)
                print(table(scale, found[f"{scale:g}"]), end="\n\n", flush=True)
            browser.close()
    print(machine())
    write(given.json, {"browser": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
