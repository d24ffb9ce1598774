"""A person maps an export whose columns are all named for nothing, and gets the same numbers as from true names."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from queries import run
from tests.browser.conftest import serving, settled
from tests.conftest import GOLDEN, forget_caches
from tests.ingest.test_guess import deals

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

NONSENSE = [f"c{number}" for number in range(1, 8)]
TRUE = ["Record ID", "Deal Name", "Deal owner", "Deal Stage", "Amount", "Create Date", "Close Date"]
# Stages whose meaning is known with the true names, too.
STAGES = {
    "Qualification": "Qualified to buy",
    "Proposal": "Presentation scheduled",
    "Negotiation": "Contract sent",
    "Closed Won": "Closed Won",
    "Closed Lost": "Closed Lost",
}
MOST_INTERACTIONS = 25


class Person:
    """Someone at the page, whose every click, choice and typed word is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.interactions = 0

    def upload(self, path: Path) -> None:
        self.interactions += 1
        self.page.locator("input[type=file]").first.set_input_files(path)
        settled(self.page)

    def choose(self, label: str, option: str) -> None:
        """Open a list, type what is looked for, and take it: three interactions."""
        self.interactions += 3
        box = self.page.get_by_role("combobox", name=re.compile(re.escape(label))).first
        box.click()
        box.press_sequentially(option, delay=5)
        self.page.get_by_role("option", name=option, exact=True).first.click()
        settled(self.page)

    def press(self, label: str) -> None:
        self.interactions += 1
        button = self.page.get_by_role("button", name=label)
        button.scroll_into_view_if_needed()
        self.page.wait_for_timeout(500)  # the table above it is drawn when it comes into view, and moves it
        button.click()
        settled(self.page)


def write(path: Path, headers: list[str], order: list[int] | None = None) -> Path:
    """Write the deals with these headers, their columns in this order."""
    order = order or list(range(len(headers)))
    rows = [[STAGES.get(row[place], row[place]) for place in order] for row in deals(400)]
    path.write_text("\n".join(",".join(line) for line in [headers, *rows]), encoding="utf-8")
    return path


def fresh_home(folder: Path) -> Path:
    """Return an empty home with the hand-worked company's settings."""
    folder.mkdir()
    shutil.copy(GOLDEN / "settings.toml", folder / "settings.toml")
    return folder


def totals(home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[object, ...]]]:
    """Return what a warehouse says: won, lost and open deals, by owner, with their amounts and dates."""
    monkeypatch.setenv("SAME_PAGE_HOME", str(home))
    forget_caches()
    columns = ["name", "owner", "amount", "created_date", "close_date"]
    return {
        "won": sorted(run("outcome_records", {"outcome": "won"}).select(columns).rows()),
        "lost": sorted(run("outcome_records", {"outcome": "lost"}).select(columns).rows()),
        "open": sorted(run("pipeline_records", {"kind": "open"}).select(columns).rows()),
    }


def import_as(home: Path, path: Path, open_page: OpenPage, width: int = 1400) -> Person:
    """Upload a file, take the editor's guesses, and import it."""
    with serving(home) as address:
        page = open_page(f"{address}/imports", width=width)
        person = Person(page)
        person.upload(path)
        expect(page.get_by_text("of no known kind", exact=False)).to_be_visible()
        expect(page.get_by_text("400 rows read = 400 loaded + 0 rejected + 0 skipped", exact=False)).to_be_visible()
        person.press("Save and import")
        expect(page.get_by_text("A new version was made", exact=False)).to_be_visible(timeout=60_000)
        settled(page)
        expect(page.get_by_text("by your mapping 'our_crm'", exact=False)).to_be_visible()
        return person


@pytest.mark.parametrize("width", [390, 1400])
def test_nonsense_names_give_the_same_numbers_as_true_names_in_few_interactions(
    tmp_path: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    nameless = fresh_home(tmp_path / "nameless")
    named = fresh_home(tmp_path / "named")
    order = [3, 6, 0, 4, 2, 1, 5]
    person = import_as(nameless, write(tmp_path / "export.csv", NONSENSE, order), open_page, width)
    assert person.interactions <= MOST_INTERACTIONS
    import_exports_of_true_names(named, tmp_path, monkeypatch)
    mapped, true = totals(nameless, monkeypatch), totals(named, monkeypatch)
    assert mapped == true
    stages = [row[3] for row in deals(400)]
    won, lost = stages.count("Closed Won"), stages.count("Closed Lost")
    assert {kind: len(rows) for kind, rows in true.items()} == {"won": won, "lost": lost, "open": 400 - won - lost}


def import_exports_of_true_names(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Import the same deals with the names that a CRM gives them, without any mapping."""
    from ingest import import_exports  # noqa: PLC0415

    monkeypatch.setenv("SAME_PAGE_HOME", str(home))
    report = import_exports([write(tmp_path / "true.csv", TRUE)])
    assert report.files[0].mapping is None


def test_a_wrong_guess_is_mended_and_the_page_fits_a_phone(tmp_path: Path, open_page: OpenPage) -> None:
    home = fresh_home(tmp_path / "served")
    with serving(home) as address:
        page = open_page(f"{address}/imports", width=390)
        person = Person(page)
        person.upload(write(tmp_path / "export.csv", NONSENSE))
        person.choose("c2 fills", "product (id or name)")
        expect(page.get_by_role("combobox", name=re.compile("c2 fills"))).to_have_value(re.compile("product"))
        overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
        person.press("Save and import")
        expect(page.get_by_text("A new version was made", exact=False)).to_be_visible(timeout=60_000)
        settled(page)
        page.get_by_text("Saved mappings (1)").click()
        person.press("Delete")
        expect(page.get_by_text("of no known kind", exact=False)).to_be_visible()
