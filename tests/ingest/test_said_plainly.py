"""What cannot be used is said: goals of nobody, mappings that cannot work, slips of the pen, exports that delete nothing."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from base.pointer import read_pointer
from ingest import IngestError, Options, import_exports, rebuild
from ingest.definitions import parse_definition
from ingest.privacy import hash_key, personal_columns
from queries import run
from tests.conftest import PROJECT, forget_caches
from tests.ingest.test_as_known import DEAL_HEADER, deal, write

GOALS = "measure,period,scope,scope_value,value"


def test_a_goal_of_an_unknown_measure_or_scope_is_rejected_with_the_words_that_are_known(
    home: Path, tmp_path: Path
) -> None:
    report = import_exports(
        [
            write(
                tmp_path / "goals.csv",
                GOALS,
                "Won amount,2026-Q2,company,,1000",
                "won_euros,2026-Q2,company,,1000",
                "won_count,2026-Q2,planet,Earth,10",
                "won_count,2026-Q2,,,10",
            )
        ]
    )
    file = report.files[0]
    assert (file.rows_read, file.loaded, file.rejected) == (4, 2, 2)
    reasons = " ".join(reject.reason for reject in file.rejects)
    assert "measure cannot be read as one of won_amount, won_count" in reasons
    assert "scope cannot be read as one of company, team" in reasons
    forget_caches()
    goals = run("goals_in_force").select("measure", "scope").rows()
    assert sorted(goals) == [("won_amount", "company"), ("won_count", "company")]


def test_a_goal_for_somebody_who_is_not_there_is_a_finding(home: Path, tmp_path: Path) -> None:
    rows = ["won_amount,2026-Q2,owner,Nobody Known,1000", "won_amount,2026-Q2,company,Acme,1000"]
    import_exports([write(tmp_path / "goals.csv", GOALS, *rows)])
    forget_caches()
    found = {row["finding"]: row["records"] for row in run("import_findings").iter_rows(named=True)}
    assert found["goal_of_nobody"] == 2


MAPPING = """
name = "wide"
[[objects]]
name = "Costs"
needs = ["Dept"]
{first}
[[objects.into]]
table = "series"
each = '{each}'
[objects.into.fields]
name = {{ header = "{group}" }}
day = "Dept"
value = {{ each = true }}
"""
FIRST = '[[objects.into]]\ntable = "series"\n[objects.into.fields]\nname = "Dept"\nday = "Day"'


@pytest.mark.parametrize(
    ("first", "each", "group", "told"),
    [
        ("", "^(?P<m>Visits)$", "m", "the first table accounts for the file's rows"),
        (FIRST, "^Visits$", "m", "'each' names no such group"),
        (FIRST, "^(?P<m>Visits)$", "n", "'each' names no such group"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_when_it_is_read(first: str, each: str, group: str, told: str) -> None:
    with pytest.raises(IngestError, match=told):
        parse_definition(MAPPING.format(first=first, each=each, group=group), "wide.toml")


def test_a_moment_far_ahead_does_not_say_how_current_the_data_is(home: Path, tmp_path: Path) -> None:
    header = "Id,Status,IsConverted,CreatedDate,SystemModstamp,MQL_Date__c"
    import_exports(
        [write(tmp_path / "Lead.csv", header, "00Q1,New,0,2026-01-05T15:00:00Z,2026-02-02T15:00:00Z,2162-01-01")]
    )
    forget_caches()
    assert run("freshness")["newest_date"].to_list() == [date(2026, 2, 2)]


def test_a_whole_export_that_is_no_newer_says_that_it_deletes_nothing(home: Path, tmp_path: Path) -> None:
    import_exports([write(tmp_path / "1.csv", DEAL_HEADER, deal(1), deal(2, modified="2026-03-03"))])
    path = write(tmp_path / "2.csv", DEAL_HEADER, deal(1))
    report = import_exports([path], Options(scope="full"))
    assert any("do not count as deleted" in note for note in report.files[0].notes)
    report = import_exports([path], Options(scope="full", snapshot_at=datetime(2026, 3, 10)))
    assert not any("do not count as deleted" in note for note in report.files[0].notes)
    forget_caches()
    assert run("pipeline_records", {"kind": "open"})["name"].to_list() == ["Deal 1"]


def test_what_was_called_whole_can_be_called_partial(home: Path, tmp_path: Path) -> None:
    import_exports(
        [write(tmp_path / "1.csv", DEAL_HEADER, deal(1), deal(2))], Options(snapshot_at=datetime(2026, 3, 1))
    )
    later = Options(snapshot_at=datetime(2026, 3, 8), scope="full")
    path = write(tmp_path / "2.csv", DEAL_HEADER, deal(2))
    import_exports([path], later)
    forget_caches()
    assert run("pipeline_records", {"kind": "open"})["name"].to_list() == ["Deal 2"]
    assert not import_exports([path], Options(snapshot_at=datetime(2026, 3, 8))).is_changed
    import_exports([path], Options(snapshot_at=datetime(2026, 3, 8), scope="partial"))
    forget_caches()
    assert sorted(run("pipeline_records", {"kind": "open"})["name"]) == ["Deal 1", "Deal 2"]


PEOPLE = """
name = "acme"
[[objects]]
name = "People"
needs = ["Email"]
[[objects.into]]
table = "lead"
[objects.into.fields]
{fields}
"""


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ('lead_id = "Id"\nemail = "Email"\nname = ["Name", "Email"]', "email"),
        ('lead_id = "Id"\nname = ["Name", "Email"]\nemail = "Email"', "email"),
        ('lead_id = "Email"\nname = "Name"', "key"),
        ('lead_id = "Email"\nemail = "Email"', "email"),
    ],
)
def test_an_address_is_personal_whatever_else_uses_its_column(fields: str, kind: str) -> None:
    definition = parse_definition(PEOPLE.format(fields=fields), "people.toml")
    rows = [["1", "Ann", "ann@a.example"], ["2", "Bo", "bo@a.example"]]
    assert personal_columns(["Id", "Name", "Email"], definition.objects[0], rows)["Email"] == kind


def test_names_of_people_can_be_hashed_or_dropped_and_those_of_reps_and_companies_stay(
    home: Path, tmp_path: Path
) -> None:
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(text.replace('name = "keep"', 'name = "drop"'), encoding="utf-8")
    header = "Id,Status,IsConverted,FirstName,LastName,Name,Company,CreatedDate"
    import_exports(
        [
            write(tmp_path / "Lead.csv", header, "00Q1,New,0,Ann,Lee,Ann Lee,Acme,2026-01-05T15:00:00Z"),
            write(tmp_path / "User.csv", "Id,Username,Name", "0051,bo@a.example,Bo Kim"),
        ]
    )
    pointer = read_pointer()
    assert pointer is not None
    with duckdb.connect(str(pointer.path), read_only=True) as connection:
        tables = dict(connection.execute("select object, table_name from raw.file").fetchall())
        lead = connection.execute(
            f'select "FirstName", "LastName", "Name", "Company" from raw."{tables["Lead"]}"'
        ).fetchall()
        rep = connection.execute(f'select "Name" from raw."{tables["User"]}"').fetchall()
    assert (lead, rep) == ([(None, None, None, "Acme")], [("Bo Kim",)])


def test_kept_rows_follow_a_stricter_choice(home: Path, tmp_path: Path) -> None:
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(text.replace('email = "hash"', 'email = "keep"'), encoding="utf-8")
    header = "Id,Status,IsConverted,Email,CreatedDate"
    import_exports([write(tmp_path / "Lead.csv", header, "00Q1,New,0,ann@a.example,2026-01-05T15:00:00Z")])
    (home / "settings.toml").write_text(text, encoding="utf-8")
    rebuild()
    pointer = read_pointer()
    assert pointer is not None
    with duckdb.connect(str(pointer.path), read_only=True) as connection:
        (table,) = connection.execute("select table_name from raw.file").fetchall()[0]
        assert connection.execute(f'select "Email" from raw."{table}"').fetchall()[0][0].startswith("hmac:")


def test_a_damaged_key_is_not_used(home: Path) -> None:
    hash_key()
    assert (home / "key").stat().st_mode & 0o077 == 0
    (home / "key").write_bytes(b"")
    with pytest.raises(IngestError, match="holds 0"):
        hash_key()
