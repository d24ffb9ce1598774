"""The mapping editor on the Import page: best guesses, what comes of them, and a mapping that is found again."""

import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ingest import saved_mappings
from ingest.definitions import parse_definition
from queries import run
from tests.conftest import GOLDEN, PROJECT, forget_caches
from tests.ingest.test_guess import deals

PAGE = "pages/data/imports.py"


@pytest.fixture
def app(home: Path) -> AppTest:
    """Return the Import page over this test's home."""
    st.cache_resource.clear()
    shutil.copy(GOLDEN / "settings.toml", home / "settings.toml")
    found = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60).run()
    return found.switch_page(PAGE).run()


def export(headers: list[str], rows: list[list[str]] | None = None) -> bytes:
    """Return deals as a file with these headers."""
    lines = [headers, *(deals() if rows is None else rows)]
    return "\n".join(",".join(line) for line in lines).encode()


NONSENSE = [f"c{number}" for number in range(1, 8)]


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    """Upload a file, as a person drops it."""
    app.file_uploader(key="uploads").upload(name, content).run()
    assert not app.exception
    return app


def column_boxes(app: AppTest) -> dict[str, str]:
    """Return what each column of theirs is said to fill."""
    boxes = [box for box in app.selectbox if box.label.endswith(" fills")]
    return {box.label.removesuffix(" fills"): box.value for box in boxes}


def said(app: AppTest) -> str:
    """Return all that the page says, unescaped."""
    elements = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning, *app.success]
    return "\n".join(str(element.value) for element in elements).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    """Press a button by its label."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_all_good_guesses_are_chosen_and_one_button_imports(app: AppTest) -> None:
    upload(app, "export.csv", export(NONSENSE))
    assert "export.csv: of no known kind (7 columns)" in said(app)
    assert column_boxes(app) == dict(
        zip(NONSENSE, ["opportunity_id", "name", "owner", "stage", "amount", "created", "close_date"], strict=True)
    )
    assert "60 rows read = 60 loaded + 0 rejected + 0 skipped; 0 cells left empty." in said(app)
    preview = next(frame.value for frame in app.dataframe if "the deal's own id" in frame.value.columns)
    assert preview["the deal's own id"].to_list()[:2] == ["D-1000", "D-1001"]
    press(app, "Save and import")
    assert any("A new version was made" in element.value for element in app.success)
    assert "export.csv: Our CRM · Deals, by your mapping 'our_crm'" in said(app).replace("**", "")
    saved = saved_mappings()[0]
    assert parse_definition(saved.text, "saved").stages["Closed Won"] == "won"
    forget_caches()
    won = [float(row[4]) for row in deals() if row[3] == "Closed Won"]
    assert float(run("outcome_records", {"outcome": "won"})["amount"].sum()) == pytest.approx(sum(won))


def test_a_field_goes_to_the_column_that_was_chosen_last(app: AppTest) -> None:
    upload(app, "export.csv", export(NONSENSE))
    box = next(box for box in app.selectbox if box.label == "c1 fills")
    box.select("name").run()
    assert column_boxes(app)["c1"] == "name"
    assert column_boxes(app)["c2"] == ""


def test_without_an_id_columns_that_tell_deals_apart_are_proposed(app: AppTest) -> None:
    rows = [row[1:] for row in deals()]
    upload(app, "export.csv", export(["Titel", "Besitzer", "Phase", "Betrag", "Erstellt", "Abschluss"], rows))
    question = next(box for box in app.multiselect if box.label.startswith("No column is the deal's id"))
    assert question.value == ["Titel"]
    assert "60 rows read = 60 loaded" in said(app)
    question.set_value([]).run()
    press(app, "Save and import")
    assert 'template = "{#}"' in saved_mappings()[0].text


def test_what_nothing_fills_is_asked_for(app: AppTest) -> None:
    upload(app, "goals.csv", b"Quarter,Quota amount\n2027-Q1,5000\n2027-Q2,6000\n")
    next(box for box in app.selectbox if box.label == "The rows are").select("quota").run()
    assert "Still missing: measure" in said(app)
    measure = next(box for box in app.text_input if "measure" in box.label)
    measure.set_value("won_amount").run()
    assert "2 rows read = 2 loaded" in said(app)
    press(app, "Save and import")
    forget_caches()
    assert run("goals_in_force").filter(measure="won_amount")["value"].sum() == 11_000


def test_dates_that_could_be_two_days_are_asked_about(app: AppTest) -> None:
    content = "Deal ID,Deal name,Close date\n1,Alpine,03/04/2026\n2,Borealis,05/06/2026\n"
    upload(app, "us.csv", content.replace("Deal ID,Deal name", "Deal - Nr,Deal - Titel").encode())
    assert "may be day/month or month/day" in said(app)
    assert not [button for button in app.button if button.label == "Save and import"]
    next(radio for radio in app.radio if radio.label == "How are the dates written?").set_value("mdy").run()
    assert "2 rows read = 2 loaded" in said(app)
    press(app, "Save and import")
    assert 'date_order = "mdy"' in saved_mappings()[0].text


def test_problems_are_counted_while_mapping(app: AppTest) -> None:
    rows = deals()
    rows[3][4], rows[7][0] = "plenty", ""
    upload(
        app, "export.csv", export(["Nr", "Titel", "Besitzer", "Phase", "Betrag", "Erstellt", "Abschlussdatum"], rows)
    )
    assert "60 rows read = 59 loaded + 1 rejected + 0 skipped; 1 cells left empty." in said(app)
    problems = next(frame.value for frame in app.dataframe if "there stands" in frame.value.columns)
    assert set(zip(problems["what"], problems["first on line"], strict=True)) == {
        ("Nr is empty", 9),
        ("Betrag cannot be read as an amount", 5),
    }


def test_a_known_file_can_be_mapped_differently_and_a_mapping_can_be_deleted(app: AppTest) -> None:
    content = (GOLDEN / "salesforce" / "Opportunity.csv").read_bytes()
    upload(app, "Opportunity.csv", content)
    assert "Salesforce · Opportunity" in said(app)
    assert not column_boxes(app)
    box = next(box for box in app.selectbox if box.label == "Map a file differently")
    box.select_index(0).run()
    assert column_boxes(app)["StageName"] == "stage"
    system = next(box for box in app.selectbox if box.label == "The file comes from")
    system.select("Salesforce").run()
    press(app, "Save and import")
    assert [item.name for item in saved_mappings()] == ["salesforce"]
    press(app, "Delete")
    assert saved_mappings() == []
    assert "Salesforce · Opportunity, known by its columns" in said(app).replace("**", "")


def test_several_unknown_files_are_mapped_one_after_the_other(app: AppTest) -> None:
    app.file_uploader(key="uploads").upload("one.csv", export(NONSENSE))
    people = b"x1,x2,x3\n" + b"\n".join(f"{n},ann{n}@example.org,New".encode() for n in range(40))
    app.file_uploader(key="uploads").upload("two.csv", people).run()
    assert len([line for line in said(app).splitlines() if "of no known kind" in line]) == 2
    press(app, "Save, and on to the next file")
    assert "one.csv: Our CRM" in said(app).replace("**", "")
    press(app, "Save and import")
    assert len(saved_mappings()) == 2


def test_a_file_that_cannot_be_read_is_said_to_be_so(app: AppTest) -> None:
    upload(app, "empty.csv", b"  ")
    assert "A file is empty" in said(app)
    assert not column_boxes(app)


def test_a_file_that_could_be_two_things_is_settled_by_one_choice(app: AppTest) -> None:
    upload(app, "leads.csv", b"Lead ID,Lead Owner,Lead Status,Email\n1,Ann,New,a@x.test\n2,Bo,New,b@x.test\n")
    assert "it could be" in said(app)
    assert not column_boxes(app)
    box = next(box for box in app.selectbox if box.label == "What is leads.csv?")
    assert box.options == ["Salesforce: Lead report", "Zoho: Analytics: Leads"]
    box.select("zoho:Analytics: Leads").run()
    assert "leads.csv: Zoho · Analytics: Leads" in said(app).replace("**", "")
    press(app, "Import")
    assert any("A new version was made" in element.value for element in app.success)
    forget_caches()
    assert run("import_files").select("crm", "object", "loaded").rows() == [("Zoho", "Analytics: Leads", 2)]
