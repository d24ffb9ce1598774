"""Documents in every form: whole, readable back, and no text in them more than text."""

import io
import zipfile
from html.parser import HTMLParser

import openpyxl
import pypdfium2
import pytest
from pptx import Presentation
from pptx.util import Inches

from reports.paper import FORMS, write
from reports.writers import pictures
from reports.writers.errors import DocumentError
from tests.reports.papers import EMOJI, HOSTILE, LONG_WORD, paper

PLAIN_NAMES = ("Straße für Größenwahn & Söhne", "Ann Müller 3")


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    return {form: write(paper(), form) for form in FORMS}


def pdf_text(content: bytes) -> tuple[str, list[tuple[float, float]]]:
    document = pypdfium2.PdfDocument(content)
    try:
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
        return " ".join(text.split()), [page.get_size() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize(("form", "is_wide"), [("pdf", False), ("pdf-wide", True)])
def test_a_pdf_has_its_pages_and_its_texts_as_they_are(written: dict[str, bytes], form: str, is_wide: bool) -> None:
    text, sizes = pdf_text(written[form])
    assert all((width > height) is is_wide for width, height in sizes)
    assert "Weekly review <b>& more</b>" in text
    for name in (HOSTILE[0], HOSTILE[1], "$x^2$ *bold* _it_", *PLAIN_NAMES, "Deal 59"):
        assert " ".join(name.split()) in text
    assert "Page 1 / " in text


def test_slides_hold_native_charts_whose_values_are_the_frames(written: dict[str, bytes]) -> None:
    deck = Presentation(io.BytesIO(written["pptx"]))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 2
    line = charts[0].plots[0].series[0]
    assert line.name == "Won to date"
    assert list(line.values)[:2] == [0, 1000.5]
    assert list(line.values)[-1] is None
    waterfall = {series.name: list(series.values) for series in charts[1].plots[0].series}
    assert waterfall["Level"] == [2_000_000, None, None, 2_200_000]
    assert waterfall["More"][1] == 350_000
    assert waterfall["Less"][2] == 150_000


def test_nothing_runs_off_a_slide_and_long_tables_go_on(written: dict[str, bytes]) -> None:
    deck = Presentation(io.BytesIO(written["pptx"]))
    texts = []
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width + Inches(0.01)
            assert shape.top + shape.height <= deck.slide_height + Inches(0.05)
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if shape.has_table:
                texts += [cell.text for row in shape.table.rows for cell in row.cells]
    assert any("(continued)" in text for text in texts)
    for name in (*HOSTILE, *PLAIN_NAMES, "Deal 59", EMOJI):
        assert any(name in text for text in texts), name


def test_a_workbook_has_a_sheet_a_figure_and_no_formula(written: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written["xlsx"]))
    assert {"Words", "Won, day by day", "What moved the open pipeline", "Deals"} <= set(book.sheetnames)
    assert book["Deals"]["A2"].value == HOSTILE[0]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert book["Won, day by day"]["B3"].value == 1000.5


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_fetches_nothing_and_runs_nothing(written: dict[str, bytes]) -> None:
    page = Tags()
    page.feed(written["html"].decode())
    assert not {"script", "link", "iframe", "style"} & set(page.tags)
    assert all(source.startswith(("data:image/png", "https://same-page.example.com/")) for source in page.sources)
    for name in (*HOSTILE, *PLAIN_NAMES, LONG_WORD):
        assert name in page.text


def test_without_a_browser_the_figure_is_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures._BROWSER, "draw", lambda *_: None)
    page = write(paper(3), "html").decode()
    assert pictures.NO_PICTURE in page
    assert "<img" not in page
    assert "Won to date" in page
    assert "given as a table" in pdf_text(write(paper(3), "pdf"))[0]


def test_a_form_that_is_none_is_refused() -> None:
    with pytest.raises(DocumentError):
        write(paper(1), "docx")


def test_slides_are_a_whole_archive(written: dict[str, bytes]) -> None:
    assert zipfile.ZipFile(io.BytesIO(written["pptx"])).testzip() is None
