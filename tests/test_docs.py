"""The documents say what the code does."""

import re
import shlex

import pytest

from ingest.__main__ import _parser as ingest_parser
from ingest.definitions import parse_definition, shipped_definitions
from queries import catalogue, run
from queries.__main__ import _params
from queries.__main__ import _parser as query_parser
from queries.header import parse_header
from reports.__main__ import weekly_parser
from tests.conftest import PROJECT, Ask

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DECISIONS = (PROJECT / "DECISIONS.md").read_text(encoding="utf-8")


def fenced(text: str, language: str) -> list[str]:
    """Return the code blocks of a language."""
    blocks = re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [re.sub(r"^   ", "", block, flags=re.MULTILINE) if block.startswith("   ") else block for block in blocks]


def test_every_command_in_the_readme_can_be_parsed(sample: Ask) -> None:
    commands = [line.split("   #")[0] for block in fenced(README, "sh") for line in block.splitlines()]
    asked = [shlex.split(line)[3:] for line in commands if line.startswith(("python -m reports", "python -m queries"))]
    assert len(asked) >= 4
    for arguments in asked:
        if arguments[0] == "weekly":
            weekly_parser().parse_args(arguments[1:])
            continue
        given = query_parser("reports").parse_args(arguments)
        if given.command == "run":
            assert not run(given.name, _params(given.param, given.as_of)).is_empty()
    imported = [shlex.split(line)[3:] for line in commands if line.startswith("python -m ingest")]
    assert imported
    for arguments in imported:
        ingest_parser().parse_args(arguments)


def test_the_targets_that_the_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)`", README + CONTRIBUTING)) | {"run", "test"}
    assert named <= targets


def test_the_folders_that_the_readme_names_exist_and_none_is_missing() -> None:
    named = set(re.findall(r"`([a-z]+)/`", README))
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} | {"pages", "tests"}
    assert packages <= named
    for name in named - {"words", "crms", "browser"}:
        assert (PROJECT / name).is_dir(), name


def test_the_pictures_that_the_readme_shows_exist() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (PROJECT / path).stat().st_size > 10_000


def test_the_example_of_a_mapping_is_one() -> None:
    example = next(block for block in fenced(CONTRIBUTING, "toml"))
    definition = parse_definition(example, "CONTRIBUTING.md")
    assert {into.table for spec in definition.objects for into in spec.into} == {"opportunity", "stage_date"}


def test_the_example_of_a_header_is_one() -> None:
    example = next(block for block in fenced(CONTRIBUTING, "sql"))
    header = parse_header(re.search(r"/\*(.*?)\*/", example, re.DOTALL)[1], "example")  # type: ignore[index]
    assert header.columns["won"].is_additive


def test_every_dependency_earns_its_place() -> None:
    names = [
        re.split(r"[<>=]", line)[0].strip()
        for line in (PROJECT / "requirements.in").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    for name in names:
        assert name in DECISIONS, f"{name} is not in DECISIONS.md"


def test_the_pins_are_exact() -> None:
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 30
    for line in lines:
        assert re.fullmatch(r"[a-z0-9._-]+==[0-9][^ ]*", line), line


@pytest.mark.parametrize("title", ["Salesforce", "HubSpot", "Pipedrive", "Dynamics 365", "Zoho"])
def test_the_readme_names_every_crm(title: str) -> None:
    assert title in README
    assert {definition.title for definition in shipped_definitions().values()} == {
        "Salesforce",
        "HubSpot",
        "Pipedrive",
        "Dynamics 365",
        "Zoho",
        "A plain sheet",
    }


def test_the_pages_of_the_readme_are_those_of_the_menu() -> None:
    frame = (PROJECT / "dashboard.py").read_text(encoding="utf-8")
    for title in ("Funnel coverage", "Lead to close", "Shared goals", "Campaigns"):
        assert f'title="{title}"' in frame
        assert f"| {title} |" in README


def test_definitions_are_sentences() -> None:
    for name, query in catalogue().items():
        header = query.header
        assert header.definition.endswith("."), name
        assert header.grain.startswith(("One row", "One row.")), name
        for column in header.columns.values():
            assert column.text[0].isupper() or column.text.split()[0].islower(), f"{name}.{column.name}"
