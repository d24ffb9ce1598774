"""Who may know whom, where import-linter does not look: pages and the frame, and what an import really loads."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

PAGES = sorted((PROJECT / "pages").rglob("*.py"))
ALLOWED = {
    "pages",
    "ui",
    "reports",
    "charts",
    "store",
    "estimators",
    "queries",
    "ingest",
    "base",
    "streamlit",
    "polars",
}
STANDARD = set(sys.stdlib_module_names)


def imported(path: Path) -> set[tuple[str, str]]:
    """Return what a file imports: modules, and names from them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "", alias.name) for alias in node.names}
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_know_ui_and_below_and_the_public_calls_of_ingest(path: Path) -> None:
    for module, _ in imported(path):
        top = module.split(".")[0]
        assert top in ALLOWED | STANDARD, f"{path.name} imports {module}"
        assert not module.startswith("ingest."), f"{path.name} reaches into {module}"


def test_no_page_stands_directly_in_pages() -> None:
    assert not list((PROJECT / "pages").glob("*.py"))


def test_pages_are_thin() -> None:
    for path in PAGES:
        assert len(path.read_text(encoding="utf-8").splitlines()) < 330, path.name


def test_no_page_writes_html() -> None:
    for path in [*PAGES, *(PROJECT / "ui").glob("*.py"), PROJECT / "dashboard.py"]:
        text = path.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in text
        assert "st.html" not in text


@pytest.mark.parametrize(
    ("package", "absent"),
    [
        ("queries", ("streamlit", "plotly", "sqlalchemy", "ingest", "store")),
        ("ingest", ("streamlit", "plotly", "sqlalchemy", "queries", "store")),
        ("estimators", ("streamlit", "plotly", "duckdb", "queries")),
        ("charts.leads", ("streamlit", "duckdb", "queries")),
        ("store", ("streamlit", "duckdb", "plotly", "polars")),
        ("reports.findings", ("streamlit",)),
    ],
)
def test_what_an_import_really_loads(package: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {package}; print(' '.join(name for name in {absent!r} if name in sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == ""


def test_no_code_asks_which_crm_it_is() -> None:
    for path in (PROJECT / "ingest").rglob("*"):
        if path.suffix not in (".py", ".sql"):
            continue
        text = path.read_text(encoding="utf-8")
        for name in ("'salesforce'", '"salesforce"', "'hubspot'", '"hubspot"'):
            assert name not in text, f"{path.name} names {name}"
