"""Pictures of every page of a sample company: `python -m tests.browser.screenshots OUT [--readme]`.

Light and dark, on a phone and on a large screen; for looking at, and (with --readme) the one in README.md.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from data.make_sample import main as make_sample
from ingest import import_exports
from tests.browser.conftest import FLAGS, chromium_path, serving, settled
from tests.browser.views import menu_paths
from tests.conftest import PROJECT

PAGES = tuple(menu_paths())
SIZES = {"phone": (390, 844), "desktop": (1920, 1080)}
README_PICTURE = PROJECT / "docs" / "funnel_coverage.png"


def main(arguments: list[str]) -> int:
    """Make a sample company in a folder of its own, serve it, and take the pictures."""
    out = Path(arguments[0]) if arguments else PROJECT / "test-results"
    path = chromium_path()
    if path is None:
        print("No Chromium was found: name one with CHROMIUM=/path/to/chromium.", file=sys.stderr)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        os.environ["SAME_PAGE_HOME"] = str(home)
        make_sample(["--scale", "1", "--out", str(Path(folder) / "sample")])
        import_exports([Path(folder) / "sample"])
        with serving(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
            for scheme in ("light", "dark"):
                for size, (width, height) in SIZES.items():
                    context = browser.new_context(
                        viewport={"width": width, "height": height},
                        color_scheme="dark" if scheme == "dark" else "light",
                    )
                    page = context.new_page()
                    for name in PAGES:
                        page.set_viewport_size({"width": width, "height": height})
                        page.goto(f"{address}/{name}")
                        settled(page)
                        page.wait_for_timeout(1500)
                        tall = page.evaluate(
                            "document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight + 40"
                        )
                        page.set_viewport_size({"width": width, "height": max(height, min(int(tall), 12_000))})
                        page.wait_for_timeout(800)
                        page.screenshot(path=out / f"{name}_{size}_{scheme}.png")
                    context.close()
            if "--readme" in arguments:
                context = browser.new_context(viewport={"width": 1440, "height": 1000})
                page = context.new_page()
                page.goto(f"{address}/funnel_coverage")
                settled(page)
                page.wait_for_timeout(2000)
                page.screenshot(path=README_PICTURE)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
