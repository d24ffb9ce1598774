"""The Agreement page: what it says without an agreement, drafting and signing, blocks that open to records, conflicts."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from queries import run
from store import open_store
from store.agreements import Agreement, Promised, Terms, agreements, sign_agreement, write_agreement
from store.kpis import Pick, set_picks
from tests.pages.test_pages import figure, fresh, said, texts, with_sample  # noqa: F401

PAGE = "meet/agreement"
METRICS = ("lead_count", "won_count", "win_rate")
TERMS = Terms((Promised("leads", Decimal(9)), Promised("responded", Decimal("0.5"))), 5, 24, 2, 14)


def signed() -> Agreement:
    engine = open_store()
    made = write_agreement(engine, TERMS, date(2026, 9, 7), "To stop arguing", "Ann")
    sign_agreement(engine, made.id, made.version, "marketing", "Yes", "Mia")
    sign_agreement(engine, made.id, made.version, "sales", "Yes", "Sam")
    return agreements(engine)[0]


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def finding(page: AppTest) -> str:
    return next(element.value for element in page.markdown if element.value.startswith("#### ")).replace("\\", "")


@pytest.mark.usefixtures("with_sample")
class TestSample:
    @pytest.mark.parametrize("section", ["Week by week", "The agreement", "Recycled leads"])
    @pytest.mark.parametrize("filters", [{}, {"segment": "Small", "as_of": "2026-03-01"}, {"as_of": "2024-12-02"}])
    @pytest.mark.parametrize("is_signed", [False, True])
    def test_each_section_bears_filters(self, section: str, filters: dict[str, Any], *, is_signed: bool) -> None:
        if is_signed:
            signed()
        page = fresh(PAGE, agreement_section=section, **filters)
        assert not page.error
        assert "None" not in texts(page)
        assert "nan" not in finding(page)
        if "segment" in filters:
            assert "the whole company's" in texts(page)

    def test_without_an_agreement_it_says_what_would_have_been_kept_and_how_to_sign(self) -> None:
        page = fresh(PAGE)
        assert "No agreement is in force" in finding(page)
        assert "in force nowhere" in texts(page)
        terms = texts(fresh(PAGE, agreement_section="The agreement"))
        assert "A draft is in force once a person of each team has signed it" in terms
        assert not agreements(open_store())

    def test_the_suggestion_is_taken_kept_and_signed_by_both(self) -> None:
        for team, name in (("marketing", "Mia"), ("sales", "Sam")):  # names that forms offer
            set_picks(open_store(), team, [Pick(metric, "why", name) for metric in METRICS], name, {})
        page = fresh(PAGE, agreement_section="The agreement")
        press(page, "Take the suggestion into the draft")
        assert not agreements(open_store())  # it only fills the form
        leads = page.number_input(key="agreement_new_leads").value
        assert leads
        page.text_input(key="agreement_new_why").set_value("To stop arguing")
        page.date_input(key="agreement_new_from").set_value(date(2026, 9, 7))
        page.session_state["author"] = "Ann"
        press(page, "Keep the draft")
        assert not page.error, page.error[0].value
        draft = agreements(open_store())[0]
        assert (draft.missing, draft.terms.of("leads")) == (
            ("marketing", "sales"),
            Promised("leads", Decimal(str(leads)).quantize(Decimal("0.0001"))),
        )
        for team, name in (("marketing", "Mia"), ("sales", "Sam")):
            page.text_input(key=f"agreement_why_{team}").set_value("We can do that")
            page.selectbox(key=f"agreement_sign_{team}").select(name)
            press(page, f"Sign version 1 for {team}")
            assert not page.error, page.error[0].value
        assert agreements(open_store())[0].is_agreed
        assert "Version 1: signed by both teams" in "\n".join(element.value for element in page.subheader)
        assert "Week to 15 Nov 2026" in finding(page)

    def test_a_signature_is_refused_to_who_signed_for_the_other_team(self) -> None:
        made = write_agreement(open_store(), TERMS, date(2026, 9, 7), "To stop arguing", "Ann")
        sign_agreement(open_store(), made.id, made.version, "marketing", "Yes", "Mia")
        page = fresh(PAGE, agreement_section="The agreement")
        page.text_input(key="agreement_why_sales").set_value("Yes")
        page.selectbox(key="agreement_sign_sales").select("Mia")
        press(page, "Sign version 1 for sales")
        assert "One person cannot sign for both teams" in page.error[0].value
        assert not agreements(open_store())[0].is_agreed

    def test_a_block_opens_to_the_records_that_it_counts(self) -> None:
        signed()
        week = {"period_start": "2026-10-05", "period_end": "2026-10-12"}
        page = fresh(PAGE, agreement_promise="Response (%), week of 2026-10-05")
        records = run("promise_records", {**week, "promise": "responded", **TERMS.limits})
        assert records.height
        assert f"Waits for sales, all: {records.height} record" in texts(page)
        row = run("promises_by_week", {**week, **TERMS.limits}).filter(pl.col("promise") == "responded")
        assert f"({row['kept'][0]} of {row['counted'][0]}" in texts(page)

    def test_a_teams_block_opens_to_its_promises(self) -> None:
        signed()
        page = fresh(PAGE, agreement_week="Sales, week of 2026-10-05")
        assert "Response, week to 11 Oct 2026: " in texts(page)

    def test_blocks_carry_signs_and_not_colour_alone(self) -> None:
        signed()
        page = fresh(PAGE)
        chart = figure(page, "agreement_week")
        rows = {name for trace in chart["data"] for name in trace.get("text") or ()}
        assert rows
        assert all(text[0] in "✓✗…–" for text in rows)
        drawn = sum(len(trace["x"]) for trace in chart["data"] if trace["type"] == "bar")
        assert drawn == 2 * 10  # ten whole weeks since 7 September, marketing above and sales below
        promises = figure(page, "agreement_promise")["data"]
        blocks = sum(len(trace["x"]) for trace in promises if trace["type"] == "bar")
        assert blocks == 2 * 10

    def test_a_change_is_taken_back_and_what_was_signed_is_not(self) -> None:
        signed()
        page = fresh(PAGE, agreement_section="The agreement")
        undo_buttons = [button for button in page.button if button.label == "Take back"]
        assert len(undo_buttons) == 3
        page.selectbox(key="agreement_undo_by").select("Ann")
        undo_buttons[-1].click().run()  # the text itself
        assert "What both teams signed is not changed" in page.error[0].value
        next(button for button in page.button if button.label == "Take back").click().run()  # sales' signature
        assert said(page) == ["It is taken back."]
        assert agreements(open_store())[0].missing == ("sales",)

    def test_the_weekly_review_has_its_line(self) -> None:
        assert "Agreement, week to" not in texts(fresh("meet/weekly_review"))
        signed()
        assert "Agreement, week to 15 Nov 2026: marketing" in texts(fresh("meet/weekly_review"))


def test_a_company_that_records_no_passes_is_told_so(little: Any) -> None:
    from tests.little import lead  # noqa: PLC0415

    little(leads=[lead(1), lead(2)])
    page = fresh(PAGE)
    assert "none can be suggested" in finding(page)
    assert not page.error
    assert not fresh(PAGE, agreement_section="The agreement").error
