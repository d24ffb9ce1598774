"""An import as a whole: it changes everything at once or nothing, and the same content changes nothing."""

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from base.pointer import read_pointer
from ingest import ImportReport, IngestError, Options, import_exports, is_stale, rebuild
from ingest.__main__ import main
from ingest.definitions import shipped_definitions
from ingest.privacy import hash_key, install_hash, personal_columns
from ingest.warehouse import KEPT_VERSIONS
from queries import NoDataError, run
from tests.conftest import EXAMPLES, GOLDEN, PROJECT, forget_caches, golden_exports

HEADER = "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp\n"


def deal(number: int, amount: str = "100", close: str = "2026-06-30", modified: str = "2026-02-02") -> str:
    """Return one deal as Salesforce would export it."""
    stamp = f"{modified}T15:00:00.000Z"
    return f"006{number:012d}AAA,Deal {number},Qualification,{amount},{close},0,0,2026-01-05T15:00:00.000Z,{stamp}\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Return one small export."""
    path = tmp_path / "Opportunity.csv"
    path.write_text(HEADER + deal(1) + deal(2))
    return path


def warehouse_files(home: Path) -> list[str]:
    """Return what stands in the warehouse's folder."""
    folder = home / "warehouse"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_same_content_again_changes_nothing(export: Path, home: Path, tmp_path: Path) -> None:
    assert import_exports([export]).is_changed
    before = (warehouse_files(home), read_pointer())
    renamed = tmp_path / "another name.csv"
    renamed.write_bytes(export.read_bytes())
    packed = tmp_path / "weekly.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(export, "renamed again.csv")
    for path in (export, renamed, packed):
        report = import_exports([path])
        assert not report.is_changed
        assert [file.outcome for file in report.files] == ["already imported"]
    assert (warehouse_files(home), read_pointer()) == before


def test_the_same_file_twice_in_one_import_counts_once(export: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin.csv"
    twin.write_bytes(export.read_bytes())
    report = import_exports([export, twin])
    assert [file.outcome for file in report.files] == ["imported", "already imported"]
    assert run("pipeline_records", {"kind": "open"}).height == 2


def test_a_newer_export_takes_the_place_of_the_older(export: Path, tmp_path: Path) -> None:
    import_exports([export])
    newer = tmp_path / "newer.csv"
    newer.write_text(HEADER + deal(1, amount="250", modified="2026-03-03"))
    import_exports([newer])
    forget_caches()
    amounts = dict(run("pipeline_records", {"kind": "open"}).select("name", "amount").rows())
    assert amounts == {"Deal 1": 250, "Deal 2": 100}  # a partial export says nothing of what it leaves out


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    path = tmp_path / "Opportunity.csv"
    path.write_text(
        HEADER
        + deal(1)
        + deal(2)
        + deal(2, amount="175")  # the same deal again: the later line counts
        + deal(3, amount="plenty")  # a cell that cannot be read: left empty, the deal is loaded
        + ",No id,Qualification,5,2026-06-30,0,0,2026-01-05T15:00:00.000Z,2026-02-02T15:00:00.000Z\n"
        + deal(4).strip()
        + ",one,two\n"  # more fields than the header has
        + "\n"
        + deal(5, close="2026-02-31")
    )
    file = import_exports([path]).files[0]
    assert (file.rows_read, file.loaded, file.rejected) == (7, 4, 2)
    assert file.skipped == {"the same record comes again further down": 1}
    assert {(reject.reason, reject.first_line, reject.is_whole_row) for reject in file.rejects} == {
        ("Id is empty", 6, True),
        ("it has 11 fields where the header has 9", 7, True),
        ("Amount cannot be read as an amount", 5, False),
        ("CloseDate cannot be read as a date", 9, False),
    }
    rejects = {row["line"]: row for row in run("import_rejects").iter_rows(named=True)}
    assert (rejects[5]["column_name"], rejects[5]["value"], rejects[5]["effect"]) == (
        "Amount",
        "plenty",
        "cell left empty",
    )
    assert rejects[9]["value"] == "2026-02-31"
    amounts = dict(run("pipeline_records", {"kind": "open"}).select("name", "amount").rows())
    assert amounts == {"Deal 1": 100, "Deal 2": 175, "Deal 3": None, "Deal 5": 100}


def test_a_failed_import_changes_nothing(export: Path, home: Path, tmp_path: Path) -> None:
    import_exports([export])
    before = (warehouse_files(home), read_pointer(), run("win_rate"))
    ambiguous = tmp_path / "ambiguous.csv"
    ambiguous.write_text(
        HEADER.replace("SystemModstamp", "Other") + "006000000000009AAA,D,Q,1,1/2/2026,0,0,1/3/2026,\n"
    )
    with pytest.raises(IngestError, match="two ways"):
        import_exports([ambiguous])
    with pytest.raises(IngestError, match="Nothing was imported"):
        import_exports([GOLDEN / "settings.toml"])
    assert (warehouse_files(home), read_pointer()) == before[:2]
    assert not (home / "import").exists()
    # And once the order is said, it goes in.
    assert import_exports([ambiguous], Options(date_order="dmy")).is_changed


def test_what_is_not_recognised_is_named_beside_what_is(export: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("alpha,beta\n1,2\n")
    report = import_exports([export, odd])
    assert [(file.file, file.outcome) for file in report.files] == [
        ("Opportunity.csv", "imported"),
        ("odd.csv", "not recognised"),
    ]
    assert any("odd.csv" in line and "--mapping" in line for line in report.lines())


def test_a_given_moment_dates_the_export(export: Path) -> None:
    import_exports([export], Options(snapshot_at=datetime(2026, 5, 1, 12)))
    row = run("snapshots").row(0, named=True)
    assert (str(row["snapshot_date"]), row["basis"]) == ("2026-05-01", "given")
    assert str(run("freshness")["newest_date"][0]) == "2026-05-01"
    # Said anew of the same content, it is read anew.
    forget_caches()
    assert import_exports([export], Options(snapshot_at=datetime(2026, 5, 2, 12))).is_changed


def test_only_the_last_versions_are_kept(home: Path, tmp_path: Path) -> None:
    for number in range(KEPT_VERSIONS + 3):
        path = tmp_path / f"{number}.csv"
        path.write_text(HEADER + deal(number + 1))
        import_exports([path])
    files = [name for name in warehouse_files(home) if name.endswith(".duckdb")]
    assert len(files) == KEPT_VERSIONS
    pointer = read_pointer()
    assert pointer is not None
    assert files[-1] == pointer.file
    assert files[-2] == pointer.previous


def test_a_changed_setting_rebuilds_from_raw_rows(export: Path, home: Path) -> None:
    import_exports([export])
    assert not is_stale()
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(text.replace('currency = "USD"', 'currency = "EUR"'), encoding="utf-8")
    assert is_stale()
    assert rebuild(only_if_stale=True).is_changed
    forget_caches()
    assert not is_stale()
    assert not rebuild(only_if_stale=True).is_changed
    assert run("freshness")["currency"][0] == "EUR"


def test_a_stage_named_in_the_settings_needs_no_new_export(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(
        "Record ID,Deal Name,Deal Stage,Amount,Close Date\n1,A,Gewonnen,10,2026-03-01\n2,B,Vertrag,20,2026-09-01\n"
    )
    import_exports([path])
    assert run("win_rate").select("won", "undecided").row(0) == (None, 2)
    assert run("import_findings")["finding"].to_list() == ["no_status"]
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(
        text.replace("[stages]", '[stages]\nGewonnen = "won"\nVertrag = "open"'), encoding="utf-8"
    )
    rebuild()
    forget_caches()
    assert run("win_rate").select("won", "undecided").row(0) == (1, 0)
    assert run("pipeline_records", {"kind": "open"})["name"].to_list() == ["B"]


def test_hubspot_stage_dates_are_history(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(
        "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,"
        '"Date entered ""Qualified to buy (Sales Pipeline)""","Date entered ""Closed won (Sales Pipeline)"""\n'
        "1,A,Closed won,10,2026-03-01 10:00,2026-01-10 09:00,2026-02-01 09:00,2026-03-01 09:00\n"
    )
    import_exports([path])
    stages = {
        day: run("pipeline_records", {"as_of": day, "kind": "open"})["stage"].to_list()
        for day in ("2026-01-15", "2026-02-10", "2026-03-02")
    }
    # Before that stage nothing tells the stage, so it is what it first is; on 1 March it was won.
    assert stages == {"2026-01-15": ["Qualified to buy"], "2026-02-10": ["Qualified to buy"], "2026-03-02": []}
    assert run("win_rate", {"as_of": "2026-03-02"})["won"][0] == 1
    assert run("win_rate", {"as_of": "2026-02-27"}).is_empty()


def test_personal_data_is_hashed_before_it_is_stored(home: Path) -> None:
    import_exports(golden_exports())
    pointer = read_pointer()
    assert pointer is not None
    content = pointer.path.read_bytes()
    for address in (b"l1@acme.test", b"L2@Bolt.test", b"h2@hub.test", b"ann@x.test"):
        assert address not in content
    assert (home / "key").stat().st_mode & 0o077 == 0
    connection = duckdb.connect(str(pointer.path), read_only=True)
    table = connection.execute("select table_name from raw.file where object = 'Lead'").fetchall()[0][0]
    stored = connection.execute(f'select "Email" from raw."{table}" where "Name" = \'L1\'').fetchall()[0][0]
    expected = hmac.new(hash_key(), b"l1@acme.test", hashlib.sha256).hexdigest()
    assert stored == f"hmac:{expected}"


@pytest.mark.parametrize("text", ["Ann@Example.com", " zoë@exämple.de ", "x" * 300, "+1 (512) 757-6000"])
def test_the_keyed_hash_is_hmac_sha256(text: str) -> None:
    connection = duckdb.connect()
    for key in (b"k" * 32, b"short", b"long" * 16):
        install_hash(connection, key)
        found = connection.execute("select keyed_hash($text)", {"text": text}).fetchall()[0][0]
        assert found == "hmac:" + hmac.new(key, text.strip(" ").lower().encode(), hashlib.sha256).hexdigest()


def test_personal_columns_are_known_by_mapping_and_by_name() -> None:
    spec = next(item for item in shipped_definitions()["salesforce"].objects if item.name == "Lead")
    found = personal_columns(
        [
            "Id",
            "Email",
            "Phone",
            "MobilePhone",
            "Secondary_Email__c",
            "HasOptedOutOfEmail",
            "EmailBouncedDate",
            "Company",
        ],
        spec,
    )
    assert found == {"Email": "email", "Phone": "phone", "MobilePhone": "phone", "Secondary_Email__c": "email"}


def test_who_set_a_goal_is_not_hashed_though_it_looks_like_an_address(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "goals.csv"
    path.write_text(
        "measure,period,scope,value,set_by,note\nwon_amount,2026-Q2,company,5,finance@x.test,ask bo@x.test\n"
    )
    import_exports([path])
    assert run("goals_in_force")["set_by"].to_list() == ["finance@x.test"]


def test_personal_data_can_be_kept_or_dropped(export: Path, home: Path) -> None:
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    (home / "settings.toml").write_text(
        text.replace('email = "hash"', 'email = "drop"').replace('phone = "hash"', 'phone = "keep"'), encoding="utf-8"
    )
    import_exports([GOLDEN / "salesforce" / "Contact.csv"])
    pointer = read_pointer()
    assert pointer is not None
    connection = duckdb.connect(str(pointer.path), read_only=True)
    table = connection.execute("select table_name from raw.file").fetchall()[0][0]
    assert connection.execute(f'select count("Email"), count("Name") from raw."{table}"').fetchall() == [(0, 4)]


def test_two_imports_at_once_finish_one_after_the_other(home: Path, tmp_path: Path) -> None:
    processes = []
    for number in range(3):
        path = tmp_path / f"{number}.csv"
        path.write_text(HEADER + deal(number + 1))
        processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "ingest", str(path)], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        )
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert run("pipeline_records", {"kind": "open"}).height == 3


@pytest.mark.parametrize("delay", [0.6, 1.0, 1.4])
def test_a_killed_import_changes_nothing(export: Path, home: Path, sample_exports: Path, delay: float) -> None:
    import_exports([export])
    before = (read_pointer(), run("pipeline_records", {"kind": "open"}))
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", str(sample_exports)],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    forget_caches()
    assert read_pointer() == before[0]
    assert run("pipeline_records", {"kind": "open"}).equals(before[1])
    # What it left behind does not stand in the way of the next one.
    other = export.with_name("next.csv")
    other.write_text(HEADER + deal(7))
    assert import_exports([other]).is_changed


def test_nothing_was_imported_yet(home: Path) -> None:
    with pytest.raises(NoDataError, match="Nothing was imported yet"):
        run("win_rate")


class TestCommandLine:
    """`python -m ingest`."""

    def test_report_in_words(self, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([str(export)]) == 0
        said = capsys.readouterr().out
        assert "2 rows read = 2 loaded + 0 rejected + 0 skipped" in said
        assert "current to 2026-02-02" in said
        assert main([str(export)]) == 0
        assert "nothing changed" in capsys.readouterr().out

    def test_report_as_json(self, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([str(export), "--json", "--snapshot-at", "2026-03-01"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert report["is_changed"] is True
        assert report["files"][0]["loaded"] == 2
        assert set(report) == set(ImportReport([], is_changed=False).to_dict())
        assert "2026-03-01" in report["snapshots"]["Salesforce"]

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["nothing.csv"], "nothing.csv does not exist"),
            (
                ["{export}", "--crm", "sugar"],
                "should be one of dynamics, hubspot, pipedrive, salesforce, same_page, zoho",
            ),
            (["{export}", "--mapping", "nowhere.toml"], "A mapping cannot be read"),
            (["{export}", "--snapshot-at", "yesterday"], "'yesterday' should look like"),
            (["--rebuild"], "There is nothing to rebuild"),
        ],
    )
    def test_errors_are_a_sentence_and_no_traceback(
        self, export: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main([argument.format(export=export) for argument in arguments]) == 1
        said = capsys.readouterr().err
        assert told in said
        assert "Traceback" not in said

    def test_a_mapping_and_json_for_a_sheet(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "sales_pipeline.csv"
        path.write_text(
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
            "1,Ann,GTXPro,Acme,Won,2017-01-01,2017-03-01,1054\n2,Bo,MG,,Engaging,2017-02-01,,\n"
        )
        assert main([str(path), "--mapping", str(EXAMPLES / "maven_crm.toml")]) == 0
        assert run("win_rate", {"dimension": "product"}).select("dimension_value", "won_amount").rows() == [
            ("GTX Pro", 1054)
        ]
        capsys.readouterr()
