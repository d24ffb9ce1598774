"""Rejected rows leave as a file to mend, and come back in the place of the rows that they mend."""

import csv
import io
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.pointer import read_pointer
from ingest import IngestError, Options, import_exports, rebuild, reject_csv, reject_files
from ingest.__main__ import main
from ingest.mended import plain_cell, safe_cell
from ingest.privacy import hash_key, install_hash, stored_expression
from queries import run
from tests.conftest import EXAMPLES, PROJECT, forget_caches
from tests.ingest.test_import import HEADER, deal


def amounts() -> dict[str, object]:
    """Return the open deals and their amounts."""
    forget_caches()
    return dict(run("pipeline_records", {"kind": "open"}).select("name", "amount").rows())


def to_mend(folder: Path) -> tuple[Path, list[dict[str, str]]]:
    """Write the only file of rejects there is, and return it with its rows."""
    (file,) = reject_files()
    path = folder / file.file_name
    path.write_bytes(reject_csv(file.batch_id))
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == file.row_count
    return path, rows


def put_back(path: Path, rows: list[dict[str, str]], **how: str) -> Path:
    """Write mended rows, as a spreadsheet would save them."""
    with path.open("w", encoding=how.get("encoding", "utf-8"), newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), delimiter=how.get("delimiter", ","))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return an export with a row without a key, one with a bad amount, one that is too long, and one that is fine."""
    path = tmp_path / "Opportunity.csv"
    path.write_text(
        HEADER
        + deal(1)
        + ",No id,Qualification,55,2026-06-30,0,0,2026-01-05T15:00:00.000Z,2026-02-02T15:00:00.000Z\n"
        + deal(3, amount="plenty")
        + "006000000000004AAA,Deal, four,Qualification,40,2026-06-30,0,0,2026-01-05T15:00:00.000Z,"
        + "2026-02-02T15:00:00.000Z\n"
    )
    return path


class TestRoundTrip:
    """Out, mended, in."""

    def test_the_file_holds_the_rows_as_they_were_and_what_is_wrong(self, broken: Path, tmp_path: Path) -> None:
        import_exports([broken])
        path, rows = to_mend(tmp_path)
        assert path.name == "Opportunity.csv.rejects.csv"
        assert list(rows[0]) == [
            *HEADER.strip().split(","),
            "same_page_line",
            "same_page_reason",
            "same_page_extra",
            "same_page_of",
        ]
        assert [(row["same_page_line"], row["same_page_reason"]) for row in rows] == [
            ("3", "Id is empty"),
            ("4", "Amount cannot be read as an amount: plenty"),
            ("5", "it has 10 fields where the header has 9"),
        ]
        assert rows[0]["Name"] == "No id"
        assert rows[1]["Amount"] == "plenty"
        assert (rows[2]["Name"], rows[2]["StageName"], rows[2]["same_page_extra"]) == (
            "Deal",
            " four",
            "2026-02-02T15:00:00.000Z",
        )

    def test_mended_rows_are_loaded_and_the_rest_is_rejected_again(self, broken: Path, tmp_path: Path) -> None:
        import_exports([broken])
        assert amounts() == {"Deal 1": 100, "Deal 3": None}
        path, rows = to_mend(tmp_path)
        rows[1]["Amount"] = "30"
        cells = list(rows[2].values())
        mended = [cells[0], "Deal, four", *cells[3:9], rows[2]["same_page_extra"]]
        rows[2].update(dict(zip(HEADER.strip().split(","), mended, strict=True)), same_page_extra="")
        report = import_exports([put_back(path, rows)])
        file = report.files[0]
        assert (file.crm, file.object, file.outcome) == ("Salesforce", "Opportunity", "imported")
        assert (file.rows_read, file.loaded, file.rejected, file.unused_columns) == (3, 2, 1, [])
        assert amounts() == {"Deal 1": 100, "Deal 3": 30, "Deal, four": 40}
        # What waits is what is still wrong, now in the mended file; the second round mends it.
        path, rows = to_mend(tmp_path)
        assert [(row["Name"], row["same_page_reason"]) for row in rows] == [("No id", "Id is empty")]
        rows[0]["Id"] = "006000000000002AAA"
        import_exports([put_back(path, rows)])
        assert amounts() == {"Deal 1": 100, "No id": 55, "Deal 3": 30, "Deal, four": 40}
        assert reject_files() == []
        effects = run("import_rejects").select("file", "line", "effect").rows()
        assert ("Opportunity.csv", 3, "mended in Opportunity.csv.rejects.csv") in effects
        assert not any(effect.startswith(("row", "cell")) for _, _, effect in effects)

    def test_the_same_numbers_as_an_export_without_the_faults(self, broken: Path, home: Path, tmp_path: Path) -> None:
        import_exports([broken])
        path, rows = to_mend(tmp_path)
        rows = rows[:2]
        rows[0]["Id"], rows[1]["Amount"] = "006000000000002AAA", "30"
        import_exports([put_back(path, rows)])
        forget_caches()
        asked = ("funnel_coverage", "win_rate", "freshness", "goal_progress")
        params = {"funnel_coverage": {"period": "2026-Q2"}}
        mended = {name: run(name, params.get(name)) for name in asked}
        clean = tmp_path / "clean.csv"
        clean.write_text(HEADER + deal(1) + deal(2, amount="55").replace("Deal 2", "No id") + deal(3, amount="30"))
        for item in (home / "warehouse").iterdir():
            item.unlink()
        import_exports([clean])
        forget_caches()
        for name in asked:
            assert mended[name].equals(run(name, params.get(name))), name

    def test_saved_by_a_spreadsheet_of_another_country(self, broken: Path, tmp_path: Path) -> None:
        import_exports([broken])
        path, rows = to_mend(tmp_path)
        rows[0]["Id"], rows[0]["Name"] = "006000000000002AAA", "Grüße"
        put_back(path, rows[:1], encoding="cp1252", delimiter=";")
        import_exports([path])
        assert amounts()["Grüße"] == 55

    def test_given_back_as_it_was_it_changes_no_number(self, broken: Path, tmp_path: Path) -> None:
        import_exports([broken])
        before = amounts()
        path, _ = to_mend(tmp_path)
        file = import_exports([path]).files[0]
        assert (file.rows_read, file.loaded, file.rejected, file.unreadable_cells) == (3, 1, 2, 1)
        assert amounts() == before
        assert reject_files()[0].row_count == 3

    def test_packed_with_others(self, broken: Path, tmp_path: Path) -> None:
        import_exports([broken])
        path, rows = to_mend(tmp_path)
        rows[0]["Id"] = "006000000000002AAA"
        put_back(path, rows)
        packed = tmp_path / "mended.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(path, "some/folder/mended.csv")
        import_exports([packed])
        assert amounts()["No id"] == 55

    def test_line_breaks_and_quotes_survive(self, tmp_path: Path) -> None:
        path = tmp_path / "Opportunity.csv"
        path.write_text(
            HEADER + ',"He said ""yes"",\nthen no",Qualification,7,2026-06-30,0,0,2026-01-05T15:00:00.000Z,\n'
        )
        import_exports([path])
        path, rows = to_mend(tmp_path)
        assert rows[0]["Name"] == 'He said "yes",\nthen no'
        rows[0]["Id"] = "006000000000002AAA"
        import_exports([put_back(path, [rows[0]])])
        assert amounts() == {'He said "yes",\nthen no': 7}
        (line,) = run("pipeline_records", {"kind": "open"})["line"].to_list()
        assert line == 2


class TestWhereItBelongs:
    """Mended rows are part of the export that they were rejected from."""

    def test_they_do_not_override_a_newer_export(self, tmp_path: Path) -> None:
        old = tmp_path / "old.csv"
        old.write_text(HEADER + deal(1, amount="plenty", modified="2026-02-02"))
        import_exports([old])
        path, rows = to_mend(tmp_path)
        newer = tmp_path / "newer.csv"
        newer.write_text(HEADER + deal(1, amount="300", modified="2026-03-03"))
        import_exports([newer])
        rows[0]["Amount"] = "200"
        import_exports([put_back(path, rows)])
        assert amounts() == {"Deal 1": 300}
        forget_caches()
        assert str(run("freshness")["newest_date"][0]) == "2026-03-03"

    def test_a_full_export_and_its_mended_rows_are_full_together(self, broken: Path, tmp_path: Path) -> None:
        import_exports([broken], Options(scope="full"))
        path, rows = to_mend(tmp_path)
        rows[0]["Id"] = "006000000000002AAA"
        import_exports([put_back(path, rows[:1])], Options(scope="full"))
        assert amounts() == {"Deal 1": 100, "No id": 55, "Deal 3": None}  # nothing was taken for deleted

    def test_dates_keep_the_order_that_the_export_settled(self, tmp_path: Path) -> None:
        path = tmp_path / "deals.csv"
        header = HEADER.replace("SystemModstamp", "Other")
        path.write_text(
            header + "006000000000001AAA,One,Q,1,25/12/2026,0,0,20/1/2026,\n" + ",Two,Q,2,1/2/2026,0,0,3/1/2026,\n"
        )
        import_exports([path])
        mended, rows = to_mend(tmp_path)
        rows[0]["Id"] = "006000000000002AAA"
        import_exports([put_back(mended, rows)])  # alone, its dates could be read in two ways
        forget_caches()
        dates = dict(run("pipeline_records", {"kind": "open"}).select("name", "close_date").rows())
        assert str(dates["Two"]) == "2026-02-01"

    def test_a_file_that_was_mapped_needs_no_mapping_again(self, tmp_path: Path) -> None:
        path = tmp_path / "sales_pipeline.csv"
        path.write_text(
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
            ",Ann,GTXPro,Acme,Won,2017-01-01,2017-03-01,1054\n2,Bo,MG,Acme,Won,2017-02-01,2017-03-01,5\n"
        )
        import_exports([path], Options(mapping=EXAMPLES / "maven_crm.toml"))
        mended, rows = to_mend(tmp_path)
        rows[0]["opportunity_id"] = "1"
        import_exports([put_back(mended, rows)])
        forget_caches()
        assert run("win_rate")["won_amount"].to_list() == [1059]
        rebuild()

    def test_rows_of_an_export_that_is_not_here(self, broken: Path, home: Path, tmp_path: Path) -> None:
        import_exports([broken])
        path, _ = to_mend(tmp_path)
        for item in (home / "warehouse").iterdir():
            item.unlink()
        with pytest.raises(
            IngestError, match=r"mends an export that is not in this warehouse\. Import that export first"
        ):
            import_exports([path])

    def test_rows_of_two_exports_in_one_file(self, broken: Path, tmp_path: Path) -> None:
        import_exports([broken])
        path, rows = to_mend(tmp_path)
        rows[0]["same_page_of"] = "0123456789abcdef"
        with pytest.raises(IngestError, match="names 2"):
            import_exports([put_back(path, rows)])

    def test_a_row_that_was_taken_out_still_waits(self, broken: Path, tmp_path: Path) -> None:
        import_exports([broken])
        path, rows = to_mend(tmp_path)
        rows[0]["Id"] = "006000000000002AAA"
        import_exports([put_back(path, rows[:1])])
        (file,) = reject_files()
        assert (file.file, file.row_count) == ("Opportunity.csv", 2)


class TestPersonalData:
    """What was hashed stays hashed, once; what is personal in a row that fits nowhere is hashed too."""

    HEADER = "Id,LastName,Company,Email,Phone,Status,CreatedDate,IsConverted\n"

    def stored(self) -> list[tuple[object, ...]]:
        """Return what the raw table of leads holds of people."""
        pointer = read_pointer()
        assert pointer is not None
        with duckdb.connect(str(pointer.path), read_only=True) as connection:
            table = connection.execute("select table_name from raw.file limit 1").fetchall()[0][0]
            return connection.execute(f'select "Id", "Email", "Phone" from raw."{table}" order by 1').fetchall()

    def test_a_hash_is_not_hashed_again(self, tmp_path: Path) -> None:
        path = tmp_path / "Lead.csv"
        path.write_text(
            self.HEADER + ",Ann,Acme,ann@acme.test,+49 171 2345678,Open,2026-01-05T15:00:00.000Z,0\n"
            "00Q000000000002AAA,Ann,Acme,ann@acme.test,+49 171 2345678,Open,2026-01-05T15:00:00.000Z,0\n"
        )
        import_exports([path])
        mended, rows = to_mend(tmp_path)
        assert rows[0]["Email"].startswith("hmac:")
        assert "ann@acme" not in mended.read_text()
        rows[0]["Id"] = "00Q000000000001AAA"
        import_exports([put_back(mended, rows)])
        found = {row[0]: row[1:] for row in self.stored()}
        assert found["00Q000000000001AAA"] == found["00Q000000000002AAA"]
        assert found["00Q000000000001AAA"][0].startswith("hmac:")  # type: ignore[union-attr]

    def test_a_new_address_in_a_mended_row_is_hashed(self, tmp_path: Path) -> None:
        path = tmp_path / "Lead.csv"
        path.write_text(
            self.HEADER + ",Ann,Acme,,,Open,2026-01-05T15:00:00.000Z,0\n"
            "00Q000000000002AAA,Ann,Acme,ann@acme.test,,Open,2026-01-05T15:00:00.000Z,0\n"
        )
        import_exports([path])
        mended, rows = to_mend(tmp_path)
        rows[0].update(Id="00Q000000000001AAA", Email="ann@acme.test")
        import_exports([put_back(mended, rows)])
        found = {row[0]: row[1] for row in self.stored()}
        assert found["00Q000000000001AAA"] == found["00Q000000000002AAA"]

    def test_a_row_that_slipped_keeps_no_address_and_no_phone(self, home: Path, tmp_path: Path) -> None:
        path = tmp_path / "Lead.csv"
        path.write_text(
            self.HEADER
            + "00Q000000000001AAA,Ann,Acme, Inc,ann@acme.test,+49 171 2345678,Open,2026-01-05T15:00:00.000Z,0\n"
            + "00Q000000000002AAA,Bo,Acme,bo@acme.test,,Open,2026-01-05T15:00:00.000Z,0\n"
        )
        import_exports([path])
        mended, rows = to_mend(tmp_path)
        assert rows[0]["same_page_reason"] == "it has 9 fields where the header has 8"
        assert rows[0]["Id"] == "00Q000000000001AAA"
        warehouse = b"".join(item.read_bytes() for item in (home / "warehouse").iterdir())
        for secret in (b"ann@acme", b"bo@acme", b"171 2345678"):
            assert secret not in warehouse
            assert secret not in mended.read_bytes()
        cells = list(rows[0].values())
        row = dict(zip(rows[0], [*cells[:2], "Acme, Inc", *cells[4:8], rows[0]["same_page_extra"]], strict=False))
        row = {**rows[0], **row, "same_page_extra": ""}
        import_exports([put_back(mended, [row])])
        found = {str(stored[0]): stored for stored in self.stored()}["00Q000000000001AAA"]
        with duckdb.connect() as connection:
            install_hash(connection, hash_key())
            hashed = connection.execute("select keyed_hash('ann@acme.test'), keyed_hash('+49 171 2345678')").fetchall()
        assert found[1:] == hashed[0]

    def test_dropped_is_dropped_in_slipped_rows_too(self, home: Path, tmp_path: Path) -> None:
        text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
        (home / "settings.toml").write_text(text.replace('= "hash"', '= "drop"'), encoding="utf-8")
        path = tmp_path / "Lead.csv"
        path.write_text(
            self.HEADER
            + "00Q000000000001AAA,Ann,Acme, Inc,ann@acme.test,+49 171 2345678,Open,2026-01-05T15:00:00.000Z,0\n"
        )
        import_exports([path])
        _, rows = to_mend(tmp_path)
        assert "hmac:" not in str(rows)
        assert "acme.test" not in str(rows)
        assert "2345678" not in str(rows)

    @pytest.mark.parametrize("text", ["hmac:", "hmac:" + "g" * 64, "hmac:" + "a" * 63, "HMAC:" + "a" * 64])
    def test_only_a_whole_hash_counts_as_one(self, home: Path, text: str) -> None:
        with duckdb.connect() as connection:
            install_hash(connection, hash_key())
            stored = connection.execute(
                f"select {stored_expression('x', 'hash')} from (select ? as x)", [text]
            ).fetchall()
        assert stored[0][0] != text
        assert stored[0][0].startswith("hmac:")


class TestFormulas:
    """What we write never runs as a formula, and comes back as it was."""

    @given(st.text(alphabet="'=+-@\t\r ab1\n"))
    def test_every_text_survives_and_none_runs(self, text: str) -> None:
        safe = safe_cell(text)
        assert plain_cell(safe) == text
        assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))

    def test_in_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "Opportunity.csv"
        path.write_text(
            HEADER + ",=cmd|' /C calc'!A0,-5,-5,2026-06-30,0,0,2026-01-05T15:00:00.000Z,2026-02-02T15:00:00.000Z\n"
        )
        import_exports([path])
        mended, rows = to_mend(tmp_path)
        for row in csv.reader(io.StringIO(mended.read_text(encoding="utf-8-sig"))):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        rows[0]["Id"] = "006000000000002AAA"
        import_exports([put_back(mended, rows)])
        assert amounts() == {"=cmd|' /C calc'!A0": -5}

    def test_a_header_that_is_a_formula(self, tmp_path: Path) -> None:
        path = tmp_path / "Opportunity.csv"
        path.write_text(HEADER.strip() + ",=1+1\n" + deal(1).strip() + ",x\n" + deal(2).strip()[18:] + ",y\n")
        import_exports([path])
        mended, rows = to_mend(tmp_path)
        assert "'=1+1" in rows[0]
        rows[0]["Id"] = "006000000000002AAA"
        file = import_exports([put_back(mended, rows)]).files[0]
        assert (file.loaded, file.unused_columns) == (1, ["=1+1"])


class TestCommandLine:
    """`python -m ingest --rejects FOLDER`."""

    def test_one_file_for_each_import_with_rejects(
        self, broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        import_exports([broken])
        other = tmp_path / "b"
        other.mkdir()
        (other / "Opportunity.csv").write_text(HEADER + deal(8) + ",No id either,Q,5,2026-06-30,0,0,,\n")
        import_exports([other / "Opportunity.csv"])
        out = tmp_path / "to mend"
        assert main(["--rejects", str(out)]) == 0
        said = capsys.readouterr().out.splitlines()
        assert len(said) == 2
        assert sorted(path.name for path in out.iterdir()) == sorted(Path(line).name for line in said)
        assert "Opportunity.csv.rejects.csv" in {Path(line).name for line in said}
        import_exports([out])
        assert {file.row_count for file in reject_files()} == {3, 1}

    def test_nothing_to_mend(self, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--rejects", str(tmp_path / "out")]) == 1
        assert "Nothing was imported yet" in capsys.readouterr().err
        path = tmp_path / "Opportunity.csv"
        path.write_text(HEADER + deal(1))
        import_exports([path])
        assert main(["--rejects", str(tmp_path / "out")]) == 0
        assert "There are no rejects: every row was read." in capsys.readouterr().out

    def test_a_folder_that_cannot_be_written(
        self, broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        import_exports([broken])
        assert main(["--rejects", str(broken / "inside a file")]) == 1
        assert "The rejects cannot be written" in capsys.readouterr().err
