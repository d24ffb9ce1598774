"""What can be wrong with a file as such: each is a clear sentence, and nothing is changed."""

import csv
import io
import os
import zipfile
from pathlib import Path

import polars as pl
import pytest

from base.pointer import read_pointer
from ingest import IngestError, Options, import_exports
from ingest.__main__ import main
from ingest.files import _MOST_MEMBERS, Export, Unread, find_exports
from queries import run
from reports.export import csv_bytes
from tests.conftest import forget_caches

HEADER = "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate,SystemModstamp\n"


def deal(number: int, name: str | None = None) -> str:
    """Return one deal as Salesforce would export it."""
    stamp = "2026-02-02T15:00:00.000Z"
    name = name or f"Deal {number}"
    return f'006{number:012d}AAA,"{name}",Qualification,100,2026-06-30,0,0,2026-01-05T15:00:00.000Z,{stamp}\n'


def found_in(path: Path, scratch: Path) -> list[Export | Unread]:
    """Return what is found at a path."""
    scratch.mkdir(exist_ok=True)
    return list(find_exports([path], scratch))


def packed(*members: tuple[str, bytes]) -> bytes:
    """Return a ZIP's bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "holds nothing"),
        ("blank.csv", b"\r\n \r\n", "holds nothing"),
        ("alone.csv", HEADER.encode(), "a header and no record below it"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        ("binary.csv", HEADER.encode() + os.urandom(200_000), "binary data"),
        ("cut.csv", b"\xff\xfe" + (HEADER + deal(1) * 3000).encode("utf-16-le") + b"x", "utf-16 throughout"),
        ("page.xls", b"<html><table></table></html>", "web page"),
        ("notes.docx", b"PK", "not a table"),
        ("empty.zip", packed(), "No file"),
        ("damaged.zip", packed(("a.csv", HEADER.encode() * 50))[:-40], "damaged"),
        ("bomb.zip", packed(("a.csv", b"0" * (60 << 20))), "no export does"),
        ("deep.zip", packed(("b.zip", packed(("c.zip", packed(("d.csv", b"x\n1\n")))))), "ZIP in a ZIP"),
    ],
)
def test_a_clear_sentence_and_nothing_changed(
    home: Path, tmp_path: Path, name: str, content: bytes, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "Opportunity.csv"
    good.write_text(HEADER + deal(1))
    import_exports([good])
    before = (read_pointer(), sorted(path.name for path in (home / "warehouse").iterdir()))
    bad = tmp_path / name
    bad.write_bytes(content)
    assert main([str(bad)]) == 1
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said
    assert (read_pointer(), sorted(path.name for path in (home / "warehouse").iterdir())) == before
    assert not (home / "import").exists()


def test_what_cannot_be_read_stands_beside_what_can(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + deal(1))
    (tmp_path / "b.csv").write_text(HEADER)
    (tmp_path / "c.csv").write_bytes(b"")
    report = import_exports([tmp_path / name for name in ("a.csv", "b.csv", "c.csv")])
    assert [file.outcome for file in report.files] == ["imported", "not read", "not read"]
    assert all(file.reason for file in report.files[1:])


def test_a_path_in_a_zip_decides_nothing(tmp_path: Path) -> None:
    inside = tmp_path / "somewhere"
    scratch = inside / "scratch"
    inside.mkdir()
    names = ["../../evil.csv", str(tmp_path / "evil.csv"), "..\\..\\evil.csv", "C:\\evil.csv", "a/../../evil.csv"]
    (tmp_path / "climbs.zip").write_bytes(packed(*((name, b"x\n1\n") for name in names)))
    before = sorted(tmp_path.rglob("*"))
    found = found_in(tmp_path / "climbs.zip", scratch)
    assert [item.name for item in found] == ["climbs.zip/evil.csv"] * 5
    assert all(isinstance(item, Export) and item.path.parent == scratch for item in found)
    assert sorted(path for path in tmp_path.rglob("*") if not path.is_relative_to(scratch)) == before


def test_a_zip_in_a_zip_is_opened_and_no_deeper(tmp_path: Path) -> None:
    path = tmp_path / "outer.zip"
    path.write_bytes(packed(("inner.zip", packed(("a.csv", b"x\n1\n"), ("more.zip", packed(("b.csv", b"x\n")))))))
    found = found_in(path, tmp_path / "scratch")
    assert [(type(item), item.name) for item in found] == [
        (Export, "outer.zip/inner.zip/a.csv"),
        (Unread, "outer.zip/inner.zip/more.zip"),
    ]


def test_bombs_in_pieces_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    piece = b"0" * (20 << 20)
    nested = packed(*((f"{number}.zip", packed(("a.csv", piece))) for number in range(4)))
    many = packed(*((f"{number}.csv", piece) for number in range(4)))
    crowd = packed(*((f"{number}.csv", b"") for number in range(_MOST_MEMBERS + 1)))
    for content, told in ((nested, "no export does"), (many, "no export does"), (crowd, "10,001 files")):
        path = tmp_path / "bomb.zip"
        path.write_bytes(content)
        with pytest.raises(IngestError, match=told):
            found_in(path, scratch)
        assert sum(item.stat().st_size for item in scratch.iterdir()) < (50 << 20)


def test_more_than_the_disk_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.zip"
    path.write_bytes(packed(("a.csv", os.urandom(2 << 20))))
    monkeypatch.setattr("ingest.files.shutil.disk_usage", lambda _: type("Usage", (), {"free": (257 << 20)})())
    with pytest.raises(IngestError, match="are free"):
        found_in(path, tmp_path / "scratch")


def test_a_locked_zip_is_said_to_be(tmp_path: Path) -> None:
    content = bytearray(packed(("a.csv", b"x\n1\n")))
    content[6] |= 1  # the flag of encryption, in the member's header and in the directory's
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "locked.zip"
    path.write_bytes(bytes(content))
    with pytest.raises(IngestError, match="password"):
        found_in(path, tmp_path / "scratch")


def test_links_are_not_followed_in_circles(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.csv").write_text("x\n1\n")
    (folder / "deep" / "again").symlink_to(folder, target_is_directory=True)
    (folder / "gone.csv").symlink_to(folder / "nothing.csv")
    (folder / "file.csv").symlink_to(folder / "deep" / "a.csv")
    found = found_in(folder, tmp_path / "scratch")
    assert {(type(item), item.name) for item in found} == {
        (Export, "in/deep/a.csv"),
        (Export, "in/file.csv"),
        (Unread, "in/deep/again"),
        (Unread, "in/gone.csv"),
    }


def test_a_formula_in_a_cell_is_text_and_never_leaves_as_a_formula(tmp_path: Path) -> None:
    formulas = ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", '=HYPERLINK(""http://x"")']
    path = tmp_path / "Opportunity.csv"
    path.write_text(HEADER + "".join(deal(number, name) for number, name in enumerate(formulas, 1)))
    assert import_exports([path]).files[0].loaded == 4
    frame = run("pipeline_records", {"kind": "open"}).select("name")
    assert set(frame["name"]) == {name.replace('""', '"') for name in formulas}
    left = csv_bytes(frame).decode("utf-8-sig")
    assert all(row["name"].startswith("'") for row in csv.DictReader(io.StringIO(left)))
    # Read again, what left is text still.
    assert all(name.startswith("'") for name in pl.read_csv(left.encode())["name"])


def test_a_large_cell_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "Opportunity.csv"
    path.write_text(HEADER + deal(1, "x" * (1 << 20)) + deal(2))
    assert import_exports([path]).files[0].loaded == 2
    assert max(len(name) for name in run("pipeline_records", {"kind": "open"})["name"]) == 1 << 20


def test_what_was_detected_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "Opportunity.csv"
    text = ("Open deals\n" + HEADER + deal(1)).replace(",", ";").replace("2026-06-30", "30/06/2026")
    path.write_bytes(text.encode("utf-16"))
    report = import_exports([path])
    told = "(utf-16, semicolon-separated, header on line 2, dates as day/month)"
    assert told in report.lines()[0]
    assert report.files[0].loaded == 1


class TestOverruled:
    """What a person says of a file's layout is kept with it, and said anew it is read anew."""

    def test_another_encoding_is_a_change(self, tmp_path: Path) -> None:
        path = tmp_path / "Opportunity.csv"
        path.write_bytes((HEADER + deal(1, "Zoë")).encode("mac-roman"))
        assert import_exports([path]).is_changed
        assert run("pipeline_records", {"kind": "open"})["name"].to_list() != ["Zoë"]
        forget_caches()
        report = import_exports([path], Options(encoding="mac-roman"))
        assert report.is_changed
        assert report.files[0].encoding == "mac-roman"
        assert run("pipeline_records", {"kind": "open"})["name"].to_list() == ["Zoë"]
        assert not import_exports([path], Options(encoding="mac_roman")).is_changed
        assert not import_exports([path]).is_changed  # nothing new is said

    def test_header_line_and_delimiter_on_the_command_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "Opportunity.csv"
        path.write_text("a,b,c,d,e,f,g,h,i\n" + HEADER + deal(1))
        assert main([str(path)]) == 1
        assert main([str(path), "--header-line", "2", "--delimiter", "comma", "--encoding", "UTF8"]) == 0
        assert "1 rows read = 1 loaded" in capsys.readouterr().out
        assert main([str(path), "--header-line", "2"]) == 0
        assert "Nothing changed" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            (Options(encoding="klingon"), "klingon"),
            (Options(delimiter="ab"), "one character"),
            (Options(header_line=7), "No record of Opportunity.csv begins on line 7"),
        ],
    )
    def test_what_does_not_fit_is_a_sentence(self, tmp_path: Path, options: Options, told: str) -> None:
        path = tmp_path / "Opportunity.csv"
        path.write_text(HEADER + deal(1))
        with pytest.raises(IngestError, match=told):
            import_exports([path], options)
        assert read_pointer() is None
