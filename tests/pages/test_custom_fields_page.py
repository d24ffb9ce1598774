"""Custom fields on the pages: kept on Import health, said plainly, undone; and kept in the mapping editor."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from base.words import read_decisions
from ingest import import_exports, saved_mappings
from queries import run
from tests.conftest import PROJECT, forget_caches
from tests.ingest.test_custom import account, custom, write
from tests.ingest.test_guess import deals
from tests.little import deal, won
from tests.pages.test_mapping_editor_page import export, press, said, upload

ACME = "001000000000001AAA"


@pytest.fixture
def app(home: Path) -> AppTest:
    """Return the dashboard over this test's home."""
    st.cache_resource.clear()
    return AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)


@pytest.fixture
def health(app: AppTest, tmp_path: Path) -> AppTest:
    """Return Import health over a few deals with columns that nobody reads."""
    folder = write(
        tmp_path / "exports",
        Opportunity=[
            deal(1, AccountId=ACME, Tier__c="Gold", Note__c="a", Empty__c=""),
            won(2, AccountId=ACME, Tier__c="", Note__c="b"),
            *(deal(n, Note__c=f"note {n}") for n in range(3, 206)),
        ],
        Account=[account(Tier__c="Silver")],
    )
    import_exports([folder])
    forget_caches()
    return app.switch_page("pages/data/health.py").run()


def keep(app: AppTest, label: str, name: str | None = None, by: str = "Ann") -> AppTest:
    """Keep a column as a person does: choose it, name it, press the button."""
    app.text_input(key="author").set_value(by).run()
    box = app.selectbox(key="custom_column")
    box.select(next(option for option in box.options if option.startswith(label))).run()
    if name is not None:
        next(field for field in app.text_input if field.label == "as").set_value(name).run()
    return press(app, "Keep this column")


def spare(app: AppTest) -> list[str]:
    """Return the columns that the page lists as not used."""
    frame = next((f.value for f in app.dataframe if "different values" in f.value.columns), None)
    return [] if frame is None else [f"{row['column']} in {row['in']}" for _, row in frame.iterrows()]


def test_a_column_is_kept_named_rebuilt_and_undone(health: AppTest) -> None:
    assert spare(health) == [
        "Tier__c in Salesforce: Account",
        "Note__c in Salesforce: Opportunity",
        "Tier__c in Salesforce: Opportunity",
        "Empty__c in Salesforce: Opportunity",
    ]
    keep(health, "Tier__c (Salesforce: Opportunity)")
    assert "column Tier__c of Opportunity (salesforce) is kept as Tier: Ann" in said(health)
    assert "is not in the numbers yet" in said(health)
    assert "Tier__c in Salesforce: Opportunity" not in spare(health)
    keep(health, "Tier__c (Salesforce: Account)", "Tier")
    press(health, "Rebuild from the rows at hand")
    assert custom()["1"] == {"Tier": "Gold"}
    assert custom()["2"] == {"Tier": "Silver"}
    forget_caches()
    assert run("kept_custom_fields").to_dicts() == [
        {"field": "Tier", "value_count": 2, "on_deals": True, "on_leads": False, "is_filter": True}
    ]
    shown = next(frame.value for frame in health.dataframe if "is_filter" in frame.value.columns)
    assert shown["field"].to_list() == ["Tier"]
    next(button for button in health.button if button.key == "undo_1").click().run()
    assert read_decisions()[0].undone_by == "Ann"
    assert "Tier__c in Salesforce: Opportunity" in spare(health)


def test_what_cannot_be_kept_is_said_in_a_sentence(health: AppTest) -> None:
    keep(health, "Tier__c (Salesforce: Opportunity)", "Owner")
    assert "'Owner' is a field that every company has" in "\n".join(str(e.value) for e in health.error)
    keep(health, "Tier__c (Salesforce: Opportunity)", "Level")
    keep(health, "Note__c (Salesforce: Opportunity)", "level")
    assert "Tier__c and Note__c of Opportunity (salesforce) would both be 'level'" in "\n".join(
        str(e.value) for e in health.error
    ).replace("\\", "")
    assert len(read_decisions()) == 1


def test_a_field_with_too_many_values_says_that_it_is_no_filter(health: AppTest) -> None:
    health.text_input(key="author").set_value("Ann").run()
    box = health.selectbox(key="custom_column")
    box.select(next(option for option in box.options if option.startswith("Note__c"))).run()
    assert "It has 205 different values: it would stand in the records and be no filter." in said(health)
    press(health, "Keep this column")
    press(health, "Rebuild from the rows at hand")
    assert "Note has 205 different values: it stands in the records and is no filter" in said(health)


HEADERS = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "Partner_Tier"]


def test_the_mapping_editor_keeps_a_column_beside_ours(app: AppTest, home: Path) -> None:
    app.switch_page("pages/data/imports.py").run()
    upload(app, "export.csv", export(HEADERS, [[*row, f"tier {n % 3}"] for n, row in enumerate(deals())]))
    box = next(box for box in app.selectbox if box.label == "Partner_Tier fills")
    box.select("(custom)").run()
    name = next(field for field in app.text_input if field.label == "Name of Partner_Tier")
    assert name.value == "Partner Tier"
    name.set_value("Region").run()
    assert "'Region' is a field that every company has" in "\n".join(str(e.value) for e in app.error)
    next(field for field in app.text_input if field.label == "Name of Partner_Tier").set_value("Tier").run()
    preview = next(frame.value for frame in app.dataframe if "the deal's own id" in frame.value.columns)
    assert preview["Tier"].to_list()[:3] == ["tier 0", "tier 1", "tier 2"]
    press(app, "Save and import")
    assert 'Tier = "Partner_Tier"' in saved_mappings()[0].text
    assert {found["Tier"] for found in custom().values()} == {"tier 0", "tier 1", "tier 2"}


def test_two_columns_of_one_name_are_refused_in_the_editor(app: AppTest, home: Path) -> None:
    app.switch_page("pages/data/imports.py").run()
    upload(app, "export.csv", export([*HEADERS, "Level"], [[*row, "a", "b"] for row in deals()]))
    for column in ("Partner_Tier", "Level"):
        next(box for box in app.selectbox if box.label == f"{column} fills").select("(custom)").run()
        next(field for field in app.text_input if field.label == f"Name of {column}").set_value("Tier").run()
    told = "\n".join(str(element.value) for element in app.error).replace("\\", "")
    assert "Partner_Tier and Level would both be 'Tier'" in told
    assert not [button for button in app.button if button.label == "Save and import"]
