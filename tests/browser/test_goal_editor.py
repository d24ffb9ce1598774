"""Many goals at once in a real browser: typed into the table, kept together, undone together."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from store import Goal, goal_changes, newest_versions, open_store, set_goal
from store import current_goals as all_goals
from tests.browser.conftest import serving, settled
from tests.conftest import forget_caches

OpenPage = Callable[..., Page]
pytestmark = pytest.mark.browser

Q4 = (date(2026, 10, 1), date(2027, 1, 1))


def type_into_table(page: Page, value: str) -> None:
    """Type a value into the last cell of the goals' table."""
    table = page.locator("[data-testid=stDataFrame]:visible").first  # not those in what is folded away
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    # The rightmost column of the first row: the newest period of whoever comes first.
    page.mouse.click(box["x"] + box["width"] - 60, box["y"] + 52)
    # The table is a canvas: nothing in the document says that a cell is chosen, or that it is open.
    page.wait_for_timeout(700)
    page.keyboard.press("Enter")
    page.wait_for_timeout(700)
    page.keyboard.press("Control+A")
    page.keyboard.type(value, delay=100)
    page.wait_for_timeout(700)
    page.keyboard.press("Enter")
    settled(page)


def test_goals_typed_into_the_table_are_kept_and_undone(
    sample_home: Path, tmp_path: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "goals"
    shutil.copytree(sample_home, home)
    monkeypatch.setenv("SAME_PAGE_HOME", str(home))
    forget_caches()
    with serving(home) as address:
        page = open_page(f"{address}/shared_goals?period=2026-Q4&goals_section=Set+goals&edit_scope=Segment")
        page.get_by_role("textbox", name="Your name").fill("Ann Lee")
        page.get_by_role("textbox", name="Why").fill("new plan")
        page.get_by_role("textbox", name="Why").press("Tab")
        settled(page)
        page.wait_for_timeout(2000)
        type_into_table(page, "123456")
        page.get_by_role("button", name="Save 1 change").click()
        expect(page.get_by_text(re.compile("Kept: 1 goal of Won amount, by Ann Lee"))).to_be_visible()
        change = goal_changes(open_store())[0]
        assert (change.made_by, change.reason, len(change.versions)) == ("Ann Lee", "new plan", 1)
        kept = change.versions[0]
        assert (kept.scope, kept.scope_value, kept.value) == ("segment", "Enterprise", 123_456)
        assert (kept.period_start, kept.period_end) == Q4
        assert kept.value_before is not None
        page.get_by_role("button", name="Undo the last change").click()
        expect(page.get_by_text(re.compile("Undone: 1 goal by Ann Lee"))).to_be_visible()
        settled(page)
        page.wait_for_timeout(2000)
        assert newest_versions(all_goals(open_store()))[kept.key].value == kept.value_before

        # Somebody else is faster: nothing is kept over it, and that is said.
        type_into_table(page, "200000")
        expect(page.get_by_role("button", name="Save 1 change")).to_be_enabled()
        set_goal(open_store(), Goal("won_amount", *Q4, "segment", "Enterprise", Decimal(150_000), "Bo Kim"))
        page.get_by_role("button", name="Save 1 change").click()
        expect(page.get_by_text(re.compile("Somebody else changed this meanwhile"))).to_be_visible()
        expect(page.get_by_text(re.compile("is now 150,000.00, by Bo Kim"))).to_be_visible()
        assert newest_versions(all_goals(open_store()))[kept.key].value == 150_000
        page.get_by_role("button", name="Show what is there now").click()
        settled(page)
        expect(page.get_by_role("button", name="Nothing is changed")).to_be_visible()
