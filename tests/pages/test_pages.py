"""Every page on an empty home, on the sample, and on broken data: its finding, its figures, its records."""

import base64
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from base.pointer import read_pointer
from charts.campaigns import MOST, drawn
from ingest import import_exports
from queries import run
from tests.conftest import PROJECT, forget_caches

PAGES = {
    "meet/weekly_review": "Weekly review",
    "meet/huddle": "Huddle",
    "meet/agreement": "Agreement",
    "measure/funnel_coverage": "Funnel coverage",
    "measure/lead_to_close": "Lead to close",
    "measure/shared_goals": "Shared goals",
    "measure/campaigns": "Campaigns",
    "measure/kpis": "KPIs",
    "data/imports": "Import",
    "data/health": "Import health",
    "data/definitions": "Definitions",
}
MEASURE = [path for path in PAGES if path.startswith("measure") and path != "measure/kpis"]  # which begins empty


@pytest.fixture
def app(home: Path) -> AppTest:
    """Return the dashboard over this test's home."""
    st.cache_resource.clear()
    return AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)


@pytest.fixture
def with_sample(sample_home: Path, home: Path) -> Path:
    """Put a copy of the small sample's warehouse into this test's home."""
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    forget_caches()
    return home


def visit(app: AppTest, path: str, **params: Any) -> AppTest:
    """Open a page with filters, as a link would."""
    for name, value in params.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{path}.py").run()
    assert not app.exception
    return app


def fresh(path: str, **params: Any) -> AppTest:
    """Open a page in a session of its own."""
    return visit(AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60), path, **params)


def texts(app: AppTest) -> str:
    """Return all that the page says, unescaped."""
    elements = [*app.title, *app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    return "\n".join(str(element.value) for element in elements).replace("\\", "")


def said(app: AppTest) -> list[str]:
    """Return what the page confirms."""
    return [str(element.value).replace("\\", "") for element in app.success]


def figure(app: AppTest, key: str) -> dict[str, Any]:
    """Return the figure of a chart."""
    for element in app.get("plotly_chart"):
        if element.proto.id.endswith(key) or key in element.proto.id:
            found: dict[str, Any] = json.loads(element.proto.spec)
            return found
    raise AssertionError(f"no chart {key}")


def values(array: Any) -> list[Any]:
    """Return an array of a figure's JSON as a list (numbers may come packed)."""
    if isinstance(array, dict):
        return np.frombuffer(base64.b64decode(array["bdata"]), dtype=np.dtype(array["dtype"])).tolist()
    return list(array)


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_home_says_what_to_do(app: AppTest, path: str) -> None:
    visit(app, path)
    assert PAGES[path] in texts(app)
    assert not app.error
    if path != "data/definitions":
        assert "imported" in texts(app)


@pytest.mark.usefixtures("with_sample")
class TestSample:
    """Pages over the sample."""

    @pytest.mark.parametrize("path", PAGES)
    def test_a_page_states_its_finding_and_shows_no_error(self, app: AppTest, path: str) -> None:
        visit(app, path)
        assert not app.error
        finding = next(element.value for element in app.markdown if element.value.startswith("#### "))
        assert len(finding) > 30
        assert "None" not in finding
        assert "nan" not in finding

    @pytest.mark.parametrize("path", MEASURE)
    def test_every_figure_has_words_for_those_who_hear_it(self, app: AppTest, path: str) -> None:
        visit(app, path)
        charts = app.get("plotly_chart")
        assert charts
        for chart in charts:
            assert len(chart.proto.alt) > 15

    @pytest.mark.parametrize("path", MEASURE)
    def test_a_filter_that_leaves_nothing_is_said(self, app: AppTest, path: str) -> None:
        visit(app, path, source="unknown", segment="Enterprise", region="International", period="2024-11")
        assert not app.error

    @pytest.mark.parametrize("period", ["All time", "Next quarter", "Last 4 quarters", "2025", "2026-02"])
    @pytest.mark.parametrize("path", MEASURE)
    def test_every_kind_of_period(self, app: AppTest, path: str, period: str) -> None:
        visit(app, path, period=period)
        assert not app.error
        words = {"All time": "all time", "Next quarter": "2027-Q1", "Last 4 quarters": "2025-Q4 to 2026-Q3"}
        assert f"Showing {words.get(period, period)}" in texts(app)

    @pytest.mark.parametrize("path", MEASURE)
    def test_a_day_in_the_past(self, app: AppTest, path: str) -> None:
        visit(app, path, as_of="2025-08-15", owner="(blank)" if path.endswith("campaigns") else None)
        assert not app.error
        assert "as of the end of 15 Aug 2025" in texts(app)

    def test_the_line_on_top_says_what_is_shown_and_how_fresh_it_is(self, app: AppTest) -> None:
        visit(app, "measure/funnel_coverage", segment=["Small", "Enterprise"])
        said = texts(app)
        assert "Showing 2026-Q4 (1 Oct 2026 to 31 Dec 2026), as of the end of 16 Nov 2026" in said
        assert "segment Small or Enterprise" in said
        assert "The data is current to 16 Nov 2026." in said
        assert "The past of deals is recorded from" in said

    def test_a_value_in_the_address_that_is_none_is_dropped(self, app: AppTest) -> None:
        visit(app, "measure/funnel_coverage", segment="Gigantic", period="someday")
        assert "Showing 2026-Q4 (1 Oct 2026 to 31 Dec 2026), as of the end of 16 Nov 2026. The data" in texts(app)
        assert [element.value.replace("\\", "") for element in app.warning] == [
            "The link's period 'someday' is not among those of this data, so it was left out.",
            "The link's segment 'Gigantic' is not among those of this data, so it was left out.",
        ]

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            (
                "banana",
                "The link's day 'banana' cannot be read (it should look like 2026-11-16), so 16 Nov 2026 is shown.",
            ),
            ("1999-01-01", "The link's day 1 Jan 1999 is outside the data"),
        ],
    )
    def test_a_day_in_the_address_that_cannot_be_shown_is_said(self, app: AppTest, asked: str, said: str) -> None:
        visit(app, "measure/funnel_coverage", as_of=asked)
        assert said in texts(app)
        assert "as of the end of 16 Nov 2026" in texts(app)
        app.selectbox(key="period").select("2026-Q3").run()
        assert said not in texts(app)  # it has been read, and something else is chosen

    def test_a_link_that_is_understood_says_nothing(self, app: AppTest) -> None:
        visit(app, "measure/funnel_coverage", as_of="2026-10-01", period="2026-Q3", segment=["Small", "Enterprise"])
        assert not app.warning

    def test_all_values_of_a_filter_are_no_filter(self, app: AppTest) -> None:
        options = [
            "(blank)" if value is None else value
            for value in run("filter_values").filter(pl.col("filter") == "segment")["value"].to_list()
        ]
        visit(app, "measure/funnel_coverage", segment=options)
        assert {metric.label: metric.value for metric in app.metric}["Goal"] != "–"
        assert "segment" not in app.caption[0].value
        assert not app.warning

    def test_all_values_but_the_blank_one_are_a_filter_and_say_why(self, app: AppTest) -> None:
        options = run("filter_values").filter((pl.col("filter") == "owner") & pl.col("value").is_not_null())
        assert run("filter_values").filter((pl.col("filter") == "owner") & pl.col("value").is_null()).height == 1
        visit(app, "measure/funnel_coverage", owner=options["value"].to_list())
        assert "All but (blank) is chosen in owner: that leaves out the records that name no owner" in texts(app)

    def test_campaigns_say_that_the_period_does_not_limit_them(self, app: AppTest) -> None:
        visit(app, "measure/campaigns")
        assert "the period 2026-Q4 does not limit this page" in texts(app)
        assert "credited in equal parts to every answered touch of a deal (linear)" in texts(app)
        told = texts(fresh("measure/campaigns", started="In the period"))
        assert "Campaigns that started in 2026-Q4 (1 Oct 2026 to 31 Dec 2026)" in told

    def test_the_figure_of_campaigns_says_how_many_it_draws_and_draws_all(self, app: AppTest) -> None:
        frame = run("campaign_effectiveness")
        count = drawn(frame, None).height
        assert count > MOST
        visit(app, "measure/campaigns")
        assert (
            f"The {MOST} that cost or brought most, of the {count} with a cost or an amount won; the table has all."
            in texts(app)
        )
        assert len(figure(app, "chart_credited_to")["data"][0]["y"]) == MOST
        app.toggle(key="draw_all").set_value(True).run()
        assert len(figure(app, "chart_credited_to")["data"][0]["y"]) == count

    def test_tables_begin_with_what_decides(self, app: AppTest) -> None:
        visit(app, "measure/campaigns")
        table = next(frame.value for frame in app.dataframe if "roi" in frame.value.columns)
        assert list(table.columns[:5]) == ["dimension_value", "won_amount", "roi", "cost", "cost_per_won"]
        frames = [frame.value for frame in fresh("measure/lead_to_close").dataframe]
        leads = next(frame for frame in frames if {"rate", "leads"} <= set(frame.columns))
        assert list(leads.columns[:4]) == ["dimension_value", "rate", "won", "leads"]
        app = fresh("measure/funnel_coverage")
        app.selectbox(key="pipeline").select("Open deals due in the period").run()
        records = next(frame.value for frame in app.dataframe if "line" in frame.value.columns)
        assert {"amount_base", "file", "line"} <= set(records.columns[:7])
        table = next(frame.value for frame in app.dataframe if "verdict" in frame.value.columns)
        assert list(table.columns[:4]) == ["dimension_value", "verdict", "coverage_to_go", "missing_amount"]
        missing = table["missing_amount"].dropna().tolist()
        thin = [
            value for value, verdict in zip(table["missing_amount"], table["verdict"], strict=True) if verdict == "thin"
        ]
        assert missing[: len(thin)] == sorted(thin, reverse=True)  # who needs attention comes first

    def test_the_funnel_compares_the_leads_it_names(self, app: AppTest) -> None:
        own = run("lead_to_close_within", {"period": "2026-Q1", "days": 180}).row(0, named=True)
        visit(app, "measure/lead_to_close", period="2026-Q1")
        assert f"at least 180 days old: {100 * own['rate']:.1f}% of these closed within 180 days" in texts(app)

    def test_coverage_shows_what_the_query_says(self, app: AppTest) -> None:
        visit(app, "measure/funnel_coverage")
        row = run("funnel_coverage", {"period": "2026-Q4"}).row(0, named=True)
        metrics = {metric.label: metric.value for metric in app.metric}
        assert metrics["Coverage to go"] == f"{row['coverage_to_go']:.1f}×"
        fig = figure(app, "chart_pipeline")
        assert [values(trace["x"])[0] for trace in fig["data"][:2]] == [
            float(row["won_amount"]),
            float(row["open_amount"]),
        ]

    def test_a_choice_opens_records_that_add_up(self, app: AppTest) -> None:
        visit(app, "measure/funnel_coverage")
        app.selectbox(key="pipeline").select("Open deals due in the period").run()
        row = run("funnel_coverage", {"period": "2026-Q4"}).row(0, named=True)
        said = texts(app)
        assert f"Open deals due in the period: {row['open_count']} records, ${row['open_amount']:,.2f} in all" in said
        table = next(
            frame.value for frame in app.dataframe if "Stage" in frame.value.columns or "stage" in frame.value.columns
        )
        assert len(table) == row["open_count"]
        assert table["amount_base"].sum() == pytest.approx(float(row["open_amount"]))

    def test_leads_of_a_stage_open(self, app: AppTest) -> None:
        visit(app, "measure/lead_to_close", period="2026-Q3")
        app.selectbox(key="stage").select("Qualified (SQL)").run()
        reached = dict(run("lead_funnel", {"period": "2026-Q3"}).select("stage", "reached").rows())
        assert f"Qualified (SQL): {reached['sql']:,} records" in texts(app)

    def test_deals_credited_to_a_campaign_open(self, app: AppTest) -> None:
        best = run("campaign_effectiveness").row(0, named=True)
        visit(app, "measure/campaigns")
        app.selectbox(key="credited_to").select(best["dimension_value"]).run()
        assert f"Won deals credited to {best['dimension_value']}" in texts(app)
        assert f"${best['won_amount']:,.2f} in all" in texts(app)

    def test_definitions_can_be_searched(self, app: AppTest) -> None:
        visit(app, "data/definitions", search="kaplan")
        assert [expander.label for expander in app.expander if "kaplan_meier" in expander.label]
        assert not [expander.label for expander in app.expander if "win_rate" in expander.label]

    def test_a_definition_is_sent_when_it_is_opened_or_sought(self, app: AppTest) -> None:
        visit(app, "data/definitions")
        assert not app.code
        app.session_state["question_win_rate"] = True
        app.run()
        assert len(app.code) == 1
        assert "the share that was won" in texts(app)
        visit(app, "data/definitions", search="recycle_yield")
        assert app.code

    def test_uploaded_files_are_imported(self, app: AppTest) -> None:
        visit(app, "data/imports")
        content = "measure,period,scope,value,currency,set_on,set_by\nwon_amount,2027-Q1,company,9000000,USD,2026-11-30,finance\n"
        app.file_uploader(key="uploads").upload("goals 2027.csv", content.encode()).run()
        next(button for button in app.button if button.label == "Import").click().run()
        assert not app.exception
        assert any("A new version was made" in element.value for element in app.success)
        forget_caches()
        assert run("goals_in_force").filter(measure="won_amount", scope="company")["value"].max() == 9_000_000

    def test_a_check_says_what_an_import_would_do_and_changes_nothing(self, app: AppTest) -> None:
        visit(app, "data/imports")
        before = read_pointer()
        content = (
            "measure,period,scope,value,currency,set_on,set_by\nwon_amount,2027-Q1,company,9,USD,2026-11-30,finance\n"
        )
        app.file_uploader(key="uploads").upload("goals 2027.csv", content.encode()).run()
        next(button for button in app.button if button.label == "Check only").click().run()
        assert not app.exception
        assert "This was a check, and nothing was written." in texts(app)
        report = next(frame.value for frame in app.dataframe if "rows read" in frame.value.columns)
        assert (list(report["file"]), list(report["loaded"])) == (["goals 2027.csv"], [1])
        assert read_pointer() == before

    def test_going_back_a_version_and_the_last_of_them(self, app: AppTest, tmp_path: Path) -> None:
        path = tmp_path / "goals.csv"
        path.write_text("measure,period,scope,value,currency,set_on\nwon_amount,2027-Q1,company,9,USD,2026-11-30\n")
        import_exports([path])
        visit(app, "data/imports")
        assert "Going back makes version 1, made on" in texts(app)
        next(button for button in app.button if button.label == "Go back to version 1").click().run()
        assert not app.exception
        assert "There is no earlier version to go back to." in texts(app)
        pointer = read_pointer()
        assert pointer is not None
        assert pointer.file == "warehouse-000001.duckdb"
        kept = next(frame.value for frame in app.dataframe if "rows in all" in frame.value.columns)
        assert list(kept["version"]) == [2, 1]
        assert list(kept["current"]) == [False, True]

    def test_rows_to_mend_are_offered(self, app: AppTest, tmp_path: Path) -> None:
        path = tmp_path / "goals.csv"
        path.write_text("measure,period,scope,value,currency,set_on\nwon_amount,someday,company,9,USD,2026-11-30\n")
        import_exports([path])
        visit(app, "data/imports")
        assert not app.error
        assert "goals.csv (1)" in app.selectbox(key="rejects_to_mend").options

    def test_what_was_detected_can_be_overruled_and_is_shown(self, app: AppTest) -> None:
        visit(app, "data/imports")
        content = (
            "a^b^c^d^e^f^g\nmeasure^period^scope^value^currency^set_on^set_by\n"
            "won_amount^2027-Q2^company^8^USD^2026-11-30^Zoë\n"
        )
        app.file_uploader(key="uploads").upload("goals.csv", content.encode("mac-roman")).run()
        app.selectbox(key="encoding").set_value("mac-roman").run()
        app.selectbox(key="delimiter").set_value("caret").run()
        app.number_input(key="header_line").set_value(2).run()
        next(button for button in app.button if button.label == "Import").click().run()
        assert not app.exception
        said = texts(app)
        assert "the header is on line 2; not read above it: a b c d e f g" in said
        forget_caches()
        goals = run("goals_in_force").filter(period_start=date(2027, 4, 1), scope="company")
        assert "Zoë" in goals["set_by"].to_list()


def press(app: AppTest, label: str) -> None:
    """Click the first button of that name."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


class TestImportHealth:
    """What is odd, and what people decide about it."""

    @pytest.fixture
    def odd(self, home: Path, tmp_path: Path) -> None:
        """Import deals of unknown stage, of a currency without a rate, and of a product in two spellings."""
        header = "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Currency,Lead source\n"
        rows = [
            f"{number},Deal {number},{stage},100,2026-05-0{number} 10:00,2026-01-02 10:00,{currency},{source}\n"
            for number, (stage, currency, source) in enumerate(
                [("Signé", "USD", "Web-Site"), ("Signé", "USD", "Web Site"), ("Closed Won", "SEK", "Web Site")], start=1
            )
        ]
        (tmp_path / "deals.csv").write_text(header + "".join(rows), encoding="utf-8")
        import_exports([tmp_path / "deals.csv"])
        forget_caches()

    @pytest.mark.usefixtures("odd")
    @pytest.mark.parametrize("path", MEASURE)
    def test_every_page_says_what_it_leaves_out_and_opens_it(self, app: AppTest, path: str) -> None:
        visit(app, path, period="All time")
        assert "Left out here: 2 deals whose stage says neither open, won nor lost (Signé 2)" in texts(app)
        assert "1 deal in a currency without a rate, in no amount (SEK 100)" in texts(app)
        box = next(box for box in app.selectbox if box.label == "Open what is left out")
        box.select("Deals whose stage says neither open, won nor lost").run()
        assert not app.exception
        assert "Deals whose stage says neither open, won nor lost: 2 records" in texts(app)

    @pytest.mark.usefixtures("odd")
    def test_a_stage_is_mapped_and_undone_without_a_new_export(self, app: AppTest) -> None:
        visit(app, "data/health")
        assert "1 stage or status is of unknown meaning, so 2 records are left out" in texts(app)
        app.selectbox(key="means_stage_hubspot_Signé").select("won")
        press(app, "Keep these meanings")
        assert "Say who decides" in texts(app)
        app.text_input(key="author").set_value("Ann Lee").run()
        app.selectbox(key="means_stage_hubspot_Signé").select("won")
        press(app, "Keep these meanings")
        assert "is not in the numbers yet" in texts(app)
        assert "stage Signé (hubspot) means won: Ann Lee" in texts(app)
        press(app, "Rebuild from the rows at hand")
        forget_caches()
        assert run("win_rate").select("won", "won_amount", "undecided").row(0) == (3, 200, 0)
        visit(app, "data/health")
        press(app, "Undo")
        press(app, "Rebuild from the rows at hand")
        forget_caches()
        assert run("win_rate")["undecided"].sum() == 2

    @pytest.mark.usefixtures("odd")
    def test_a_suggestion_is_accepted_or_refused_with_one_click(self, app: AppTest) -> None:
        visit(app, "data/health")
        assert "source “Web-Site” → “Web Site”" in texts(app)
        app.text_input(key="author").set_value("Ann Lee").run()
        press(app, "Refuse")
        assert "source “Web-Site” → “Web Site”" not in texts(app)
        assert "source Web-Site is not Web Site: Ann Lee" in texts(app)
        assert "is not in the numbers yet" not in texts(app)
        press(app, "Undo")
        press(app, "Accept")
        assert "source Web-Site is shown as Web Site: Ann Lee" in texts(app)
        press(app, "Rebuild from the rows at hand")
        forget_caches()
        assert run("filter_values").filter(filter="source")["value"].to_list() == ["Web Site"]

    @pytest.mark.usefixtures("odd")
    def test_a_rate_is_typed_in(self, app: AppTest) -> None:
        visit(app, "data/health")
        assert app.text_input(key="rate_currency").value == "SEK"
        app.text_input(key="author").set_value("Ann Lee").run()
        app.number_input(key="rate").set_value(0.1)
        press(app, "Keep this rate")
        press(app, "Rebuild from the rows at hand")
        forget_caches()
        assert run("win_rate")["won_amount"].sum() == 10

    @pytest.mark.usefixtures("odd")
    def test_a_finding_opens_to_its_records(self, app: AppTest) -> None:
        visit(app, "data/health")
        app.selectbox(key="finding").select("Deals in a currency without a rate").run()
        assert "Deals in a currency without a rate: 1 record" in texts(app)


def test_settings_that_cannot_be_used_are_said_to_be(app: AppTest, with_sample: Path) -> None:
    (with_sample / "settings.toml").write_text("[company]\n")
    app.run()
    assert not app.exception
    assert "settings.toml cannot be used" in texts(app)


def test_changed_settings_are_said_and_rebuilt_on_the_import_page(app: AppTest, with_sample: Path) -> None:
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8")
    (with_sample / "settings.toml").write_text(text.replace("band = [3.0, 5.0]", "band = [2.0, 4.0]"), encoding="utf-8")
    visit(app, "data/imports")
    assert "changed since the warehouse was built" in texts(app)
    next(button for button in app.button if button.label.startswith("Rebuild")).click().run()
    forget_caches()
    assert run("funnel_coverage", {"period": "2026-Q4"})["band_low"][0] == 2.0


@pytest.mark.parametrize("path", PAGES)
def test_a_broken_warehouse_is_a_sentence(app: AppTest, with_sample: Path, path: str) -> None:
    for file in (with_sample / "warehouse").glob("*.duckdb"):
        file.write_bytes(b"this is no warehouse" * 1000)
    app.run()
    assert not app.exception
    assert "The warehouse was built by another version" in texts(app)


def test_a_broken_pointer_is_a_sentence(app: AppTest, with_sample: Path) -> None:
    (with_sample / "warehouse" / "current.json").write_text("{")
    app.run()
    assert not app.exception
    assert "pointer cannot be read" in texts(app)
