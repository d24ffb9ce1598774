"""Tables: titles and units by the query's header, numbers as the company writes them, sorted as numbers."""

import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ingest import rebuild
from tests.conftest import PROJECT, forget_caches

RECORDS = "Open deals due in the period"


def opened(home: Path, sample_home: Path, change: tuple[str, str]) -> AppTest:
    """Open funnel coverage, with records, for a company whose settings differ in one thing."""
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    assert change[0] in text
    (home / "settings.toml").write_text(text.replace(*change), encoding="utf-8")
    forget_caches()
    rebuild()
    forget_caches()
    st.cache_resource.clear()
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=120)
    app.query_params["pipeline"] = RECORDS
    app.switch_page("pages/measure/funnel_coverage.py").run()
    assert not app.exception
    assert not app.error
    return app


def table_with(app: AppTest, column: str) -> tuple[object, str]:
    """Return the table that has a column, and how its columns are shown."""
    found = next(frame for frame in app.dataframe if column in frame.value.columns)
    return found.value, str(found.proto.columns)


@pytest.mark.parametrize("style", ["de", "fr"])
def test_a_company_that_writes_decimal_commas_sees_them_and_numbers_stay_numbers(
    home: Path, sample_home: Path, style: str
) -> None:
    app = opened(home, sample_home, ('number_format = "en"', f'number_format = "{style}"'))
    found = next(frame for frame in app.dataframe if "close_date" in frame.value.columns)
    amounts = found.value["amount_base"].dropna()
    assert len(amounts) > 5
    assert amounts.dtype == float
    assert amounts.is_monotonic_decreasing
    largest = f"{amounts.iloc[0]:,.2f}"
    shown = largest.translate(str.maketrans(",.", {"de": ".,", "fr": "\u202f,"}[style]))
    assert shown.encode() in found.proto.arrow_data.styler.display_values
    assert "%,.2f" not in found.proto.columns


def test_an_english_company_sees_english_marks(home: Path, sample_home: Path) -> None:
    app = opened(home, sample_home, ("flag_under = 30", "flag_under = 29"))
    found = next(frame for frame in app.dataframe if "close_date" in frame.value.columns)
    assert "%,.2f" in found.proto.columns


def test_ids_are_links_where_the_settings_have_a_pattern(home: Path, sample_home: Path) -> None:
    app = opened(
        home, sample_home, ("[crm_links]", '[crm_links]\nsalesforce = "https://example.my.salesforce.com/{id}"')
    )
    found = next(frame for frame in app.dataframe if "close_date" in frame.value.columns)
    assert found.value["record_id"].str.startswith("https://example.my.salesforce.com/006").all()
    assert '"type": "link"' in found.proto.columns.replace('":"', '": "')
