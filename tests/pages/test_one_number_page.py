"""The switch from one definition to another: on its page for a visit, by a link, and everywhere once both teams signed."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ingest import rebuild
from queries import run
from store import open_store
from store.locked_definitions import definition_versions
from store.people import authors
from tests.conftest import PROJECT, forget_caches
from tests.pages.test_pages import texts, with_sample  # noqa: F401

PERIOD = {"period": "2026-Q3"}


def opened(page: str, **params: str) -> AppTest:
    st.cache_resource.clear()
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    for name, value in {**PERIOD, **params}.items():
        app.query_params[name] = value
    app.switch_page(f"pages/measure/{page}.py").run()
    assert not app.exception
    assert not app.error
    return app


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.usefixtures("with_sample")
def test_a_link_looks_through_another_basis_and_says_so() -> None:
    rates = dict(
        run("win_rate_bases", {"period": "2026-Q3", "as_of": "2026-11-16"}).select("basis", "rate").iter_rows()
    )
    plain = opened("lead_to_close")
    assert metrics(plain)["Win rate by count"] == f"{100 * rates['count']:.1f}%"
    assert "for this visit" not in texts(plain)
    other = opened("lead_to_close", win_rate_as="By value")
    assert metrics(other)["Win rate by value"] == f"{100 * rates['value']:.1f}%"
    assert "by value for this visit; by count is in force" in texts(other)
    assert "The same deals are counted" in texts(other)
    cohort = opened("lead_to_close", win_rate_as="Created cohort", win_rate_between="Counted differently")
    gap = run("win_rate_gap_records", {"period": "2026-Q3", "as_of": "2026-11-16", "basis": "count", "other": "cohort"})
    assert f"Counted differently: {gap.height:,} records" in texts(cohort)


@pytest.mark.usefixtures("with_sample")
def test_sourced_and_coverage_are_seen_another_way() -> None:
    goals = opened("shared_goals", sourced_as="By first touch")
    views = {row["view"]: row for row in run("sourced_and_influenced", PERIOD).iter_rows(named=True)}
    assert f"({100 * views['sourced_by_first_touch']['of_won']:.0f}%)" in texts(goals)
    between = opened(
        "shared_goals",
        sourced_as="By first touch",
        sourced_between="Sourced by source field and not by first touch",
    )
    alone = run("sourced_agreement_records", {**PERIOD, "by": "source_field", "not_by": "first_touch"})
    assert f"Sourced by source field and not by first touch: {alone.height} record" in texts(between)
    coverage = opened("funnel_coverage", coverage_as="Full", as_of="2026-08-20", period="2026-Q3")
    assert "Coverage, full, is" in texts(coverage)
    assert "full for this visit; to go is in force" in texts(coverage)


@pytest.mark.usefixtures("with_sample")
def test_both_teams_lock_a_definition_and_every_page_follows(home: Path) -> None:
    store = open_store()
    app = opened("lead_to_close")
    app.session_state["win_rate_every"] = True
    app.run()
    app.radio(key="win_rate_lock_way").set_value("By value")
    app.text_input(key="win_rate_lock_reason").set_value("The board reads it so")
    app.session_state["author"] = "Ann"
    next(button for button in app.button if button.label == "Propose and sign").click().run()
    assert "Proposed and signed" in texts(app) + " ".join(item.value for item in app.success)
    assert definition_versions(store, "win_rate")[0].missing == ("sales",)
    assert list(authors(store)) == ["Ann"]
    app.session_state["author"] = "Bo"
    app.selectbox(key="win_rate_sign_by").set_value("Ann")
    app.button(key="win_rate_sign").click().run()
    assert any("two people" in item.value for item in app.error)
    assert not definition_versions(store, "win_rate")[0].is_signed


@pytest.mark.usefixtures("with_sample")
def test_what_is_locked_is_on_every_page_after_the_rebuild(home: Path) -> None:
    from tests.reports.test_one_number import agree  # noqa: PLC0415

    agree("value")
    stale = opened("lead_to_close", win_rate_as="By value")
    assert "is not in the numbers yet" in texts(stale)
    rebuild()
    forget_caches()
    assert "Win rate by value" in metrics(opened("lead_to_close"))
    definitions = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    definitions.run()
    definitions.switch_page("pages/data/definitions.py").run()
    assert "Win rate by value, agreed by Ann \\(marketing) and Bo \\(sales)" in texts(definitions).replace(
        "(marketing)", "\\(marketing)"
    ).replace("(sales)", "\\(sales)")
