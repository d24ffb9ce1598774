"""The Import page: what it says of what was imported, in the company's own time, and where the rest stands."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ingest import Options, import_exports, versions
from tests.conftest import PROJECT, forget_caches
from tests.ingest.test_custom import write
from tests.little import deal, sheet
from tests.pages.test_mapping_editor_page import press


@pytest.fixture
def app(home: Path, tmp_path: Path) -> AppTest:
    """Return the Import page over two imports of a company in Tokyo."""
    st.cache_resource.clear()
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8").replace("America/New_York", "Asia/Tokyo")
    (home / "settings.toml").write_text(text, encoding="utf-8")
    import_exports([write(tmp_path / "1", Opportunity=[deal(1, AccountId="")])])
    import_exports(
        [write(tmp_path / "2", Opportunity=[deal(2, AccountId="", amount=0)])],
        Options(snapshot_at=datetime(2026, 5, 2, 20, 30)),
    )
    forget_caches()
    found = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60).run()
    return found.switch_page("pages/data/imports.py").run()


def test_times_are_those_of_the_company(app: AppTest) -> None:
    assert not app.exception
    files = next(frame.value for frame in app.dataframe if "snapshot_at" in frame.value.columns)
    assert f"{files['snapshot_at'].iloc[0]:%Y-%m-%d %H:%M}" == "2026-05-03 05:30"  # 20:30 UTC
    kept = next(frame.value for frame in app.dataframe if "current" in frame.value.columns)
    made = datetime.fromisoformat(versions()[-1].made_at).replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo"))
    assert f"{kept['made at (Asia/Tokyo)'].iloc[0]:%Y-%m-%d %H:%M}" == f"{made:%Y-%m-%d %H:%M}"
    told = "\n".join(str(element.value) for element in [*app.caption, *app.markdown]).replace("\\", "")
    assert "times in Asia/Tokyo" in told
    assert "(Asia/Tokyo), with" in told  # the version to go back to


def test_an_import_leads_to_the_columns_that_nobody_uses(app: AppTest) -> None:
    content = sheet(deal(3, Tier__c="Gold", Level__c="x")).encode()
    app.file_uploader(key="uploads").upload("Opportunity.csv", content).run()
    press(app, "Import")
    links = [link.proto.label for link in app.get("page_link")]
    assert any(label.startswith("2 columns are used by no field") for label in links)


def test_what_is_odd_stands_on_import_health_alone(app: AppTest) -> None:
    links = [link.proto.label for link in app.get("page_link")]
    assert any("1 thing in the data is odd" in label for label in links)
    assert not [frame for frame in app.dataframe if "effect" in frame.value.columns]
