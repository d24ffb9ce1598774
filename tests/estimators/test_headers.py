"""What the estimators say of themselves: whole, plain, and true."""

import pytest

import estimators
from estimators import HEADERS
from queries import catalogue
from queries.header import DIRECTIONS, UNITS


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_a_header_is_whole(name: str) -> None:
    header = HEADERS[name]
    assert header.name == name
    assert header.title
    assert header.definition.endswith(".")
    assert header.grain.startswith("One row") and header.grain.endswith(".")  # noqa: PT018
    assert header.direction in DIRECTIONS
    assert header.source
    assert header.inputs
    for column in header.columns.values():
        assert column.unit in UNITS
        assert column.text
    assert hasattr(estimators, name)


def test_inputs_that_look_like_queries_or_estimators_are_some() -> None:
    named = {item for header in HEADERS.values() for item in header.inputs if "_" in item}
    assert named <= set(catalogue()) | set(HEADERS)


def test_titles_are_told_apart() -> None:
    titles = [header.title for header in HEADERS.values()]
    assert len(set(titles)) == len(titles)
