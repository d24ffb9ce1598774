"""What a definition can say of a field: fallbacks, conditions, patterns, several values in a cell."""

from pathlib import Path

import pytest

from ingest import Options, import_exports
from ingest.definitions import parse_definition, shipped_definitions, template_parts
from ingest.errors import IngestError
from queries import run

MAPPING = """
name = "odd"
[[objects]]
name = "Deals"
needs = ["Key|Title"]
[[objects.into]]
table = "opportunity"
[objects.into.fields]
opportunity_id = { columns = ["Key"], template = ["{Title} / {Firm}", "{Title}"] }
name = { template = "{Title} ({Region?}) line {#}" }
stage = "Stage"
status = [
    { column = "State", map = { "Won!" = "won" }, otherwise = "" },
    { column = "Stage", map = { "end" = "lost" }, otherwise = "open" },
]
amount = [{ column = "Real", when = { column = "State", equals = ["Won!"] } }, "Hoped"]
owner = { column = "Who", pattern = "^[A-Z]" }
contact = { column = "People", separator = ";" }
"""


def imported(tmp_path: Path, *lines: str) -> dict[str, dict]:
    """Import a sheet through the mapping and return its deals by key."""
    (tmp_path / "odd.toml").write_text(MAPPING)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("\n".join(lines) + "\n")
    import_exports([sheet], Options(mapping=tmp_path / "odd.toml"))
    rows = [
        *run("outcome_records").iter_rows(named=True),
        *run("pipeline_records", {"kind": "open"}).iter_rows(named=True),
    ]
    return {row["record_id"]: row for row in rows}


def test_templates_stand_in_where_the_file_has_no_key(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        "Title,Firm,Region,Stage,State,Real,Hoped,Who,People",
        "A,Acme,North,end,Won!,90,100,Ann,1;2",
        "A,,,end,Lost,0,100,ann,3",
        "B,Acme,South,demo,,,7,Bob,",
    )
    assert {key: row["name"] for key, row in found.items()} == {
        "A / Acme": "A (North) line 2",
        "A": "A () line 3",
        "B / Acme": "B (South) line 4",
    }
    assert {key: row["amount"] for key, row in found.items()} == {"A / Acme": 90, "A": 100, "B / Acme": 7}
    assert {key: row["owner"] for key, row in found.items()} == {"A / Acme": "Ann", "A": None, "B / Acme": "Bob"}


def test_a_blank_key_is_not_made_up(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text(MAPPING)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Key,Title,Firm,Stage\n1,A,Acme,demo\n,B,Acme,demo\n")
    report = import_exports([sheet], Options(mapping=tmp_path / "odd.toml"))
    assert (report.files[0].loaded, report.files[0].rejected) == (1, 1)
    # The message names the column that this file has, not every spelling that it might have had.
    assert report.files[0].rejects[0].reason == "Key is empty"


def test_a_template_in_pieces() -> None:
    assert [(part.text, part.is_column, part.is_optional) for part in template_parts("{A} of {B?}!")] == [
        ("A", True, False),
        (" of ", False, False),
        ("B", True, True),
        ("!", False, False),
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (('"^[A-Z]"', '"^(?=a)"'), "'pattern' cannot be used"),
        (('"^[A-Z]"', '"^["'), "is not a regular expression"),
        (('equals = ["Won!"]', "equals = []"), "needs 'equals'"),
        (('column = "State", equals', 'colum = "State", equals'), "'colum' is not known here"),
        (("template = [", "constant = ["), "needs exactly one of"),
    ],
)
def test_a_wrong_field_says_where(wrong: tuple[str, str], told: str) -> None:
    with pytest.raises(IngestError, match=told):
        parse_definition(MAPPING.replace(*wrong, 1), "odd.toml")


def test_two_objects_of_one_name_are_refused() -> None:
    with pytest.raises(IngestError, match="has the name of another object"):
        parse_definition(MAPPING + MAPPING.split("\n", 2)[2], "odd.toml")


def test_every_shipped_definition_says_where_it_is_documented_and_what_closes_a_deal() -> None:
    for definition in shipped_definitions().values():
        assert "documentation =" in definition.text
        fills = [into for spec in definition.objects for into in spec.into if into.table == "opportunity"]
        for into in fills:  # won and lost come from a flag, a status, or a map of stages
            has_flag = {"status", "is_won", "is_closed"} & set(into.fields)
            assert has_flag or {"won", "lost"} <= set(definition.stages.values()), definition.name
