"""What a filter's choice lets through, on rows worked out by hand."""

import duckdb
import pytest

from queries.catalogue import words

CASES = [
    (None, True),
    (["Tier: Gold"], True),
    (["Tier: Silver"], False),
    (["Tier: Silver", "Tier: Gold"], True),
    (["Tier: Gold", "Plan: A"], False),  # every field chosen must hold
    (["Tier: Gold", "Plan: "], True),  # the record names no plan
    (["Plan: "], True),
    (["Tier: "], False),
]


@pytest.fixture
def words_alone() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name in ("is_chosen", "is_custom_chosen", "custom_of", "goal_scope"):
        connection.execute(words()[name].sql)
    return connection


@pytest.mark.parametrize(("choices", "passes"), CASES)
def test_a_kept_field(words_alone: duckdb.DuckDBPyConnection, choices: list[str] | None, passes: bool) -> None:
    found = words_alone.execute(
        "select is_custom_chosen($choices, map(['Tier'], ['Gold']))", {"choices": choices}
    ).fetchone()
    assert found == (passes,)


def test_a_kept_field_as_a_dimension(words_alone: duckdb.DuckDBPyConnection) -> None:
    asked = (
        "select custom_of(d, map(['Tier'], ['Gold'])) from (values ('custom: Tier'), ('custom: Plan'), ('owner')) t(d)"
    )
    assert words_alone.execute(asked).fetchall() == [("Gold",), (None,), (None,)]


@pytest.mark.parametrize(
    ("given", "scope"),
    [
        ({}, ("company", None)),
        ({"team": ["North"]}, ("team", "North")),
        ({"owner": ["Ann", "Bo"]}, (None, "Ann")),
        ({"team": ["North"], "owner": ["Ann"]}, (None, None)),
        ({"product": ["Core"]}, (None, None)),
        ({"dimension": "owner"}, ("owner", None)),
        ({"dimension": "owner", "owner": ["Ann", "Bo"]}, ("owner", None)),
        ({"dimension": "owner", "team": ["North"]}, (None, None)),
        ({"dimension": "month"}, (None, None)),
        ({"dimension": "team", "source": ["Web"]}, (None, None)),
    ],
)
def test_whose_goal_fits(
    words_alone: duckdb.DuckDBPyConnection, given: dict[str, object], scope: tuple[str | None, str | None]
) -> None:
    names = ("dimension", "segment", "region", "team", "owner", "source", "product", "business_type", "custom")
    params = {name: given.get(name) for name in names}
    found = words_alone.execute(
        f"select * from goal_scope({', '.join(f'${name}' for name in names)})", params
    ).fetchone()
    assert found is not None
    assert found[0] == scope[0]
    assert found[0] in (None, "owner", "team") or found[1] == scope[1]
