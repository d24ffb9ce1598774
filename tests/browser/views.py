"""Every page of the menu with each of its sections, as addresses."""

import ast
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import settled
from tests.conftest import PROJECT


def menu_paths() -> list[str]:
    """Return the addresses of the pages that the menu lists, read from it without running it."""
    tree = ast.parse((PROJECT / "dashboard.py").read_text(encoding="utf-8"))
    constants = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }

    def text(node: ast.expr) -> str:
        return str(constants[node.id]) if isinstance(node, ast.Name) else str(node.value)  # type: ignore[attr-defined]

    paths = []
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "Page"):
            continue
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        if "visibility" not in named:
            paths.append(text(named["url_path"]) if "url_path" in named else Path(text(call.args[0])).stem)
    return sorted(paths)


def sections(page: Page) -> list[str]:
    """Return the words of the sections of the page that is open; none where it has none."""
    group = page.get_by_test_id("stButtonGroup").filter(has=page.get_by_text("Section", exact=True))
    if not group.count():
        return []
    return [text.strip() for text in group.first.get_by_role("radio").all_inner_texts()]


def open_section(page: Page, words: str) -> None:
    """Choose a section of the page that is open."""
    group = page.get_by_test_id("stButtonGroup").filter(has=page.get_by_text("Section", exact=True))
    group.first.get_by_role("radio", name=words, exact=True).click()
    page.wait_for_timeout(300)
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until every chart of the page stands."""
    settled(page)
    page.wait_for_function(
        "() => document.querySelectorAll('[data-testid=stSkeleton]').length === 0"
        " && [...document.querySelectorAll('.stPlotlyChart')].every(chart => chart.querySelector('svg.main-svg'))"
    )
    page.wait_for_timeout(700)
