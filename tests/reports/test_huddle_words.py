"""What a huddle says from what people wrote: themes, the narrative and what changed under it, notes as Markdown."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from markdown_it import MarkdownIt

from charts.numbers import NumberFormat
from queries.metrics import metrics
from reports.document import Card, Cards, Document, Lines, Section, Table, Words
from reports.feedback_themes import heard, said_finding, theme_counts, themes_by_month
from reports.huddle_data import filters_of, huddle_scope
from reports.huddle_papers import end_and_write
from reports.kpi_numbers import KpiNumbers
from reports.markdown import as_markdown
from reports.narrative import current_narratives
from store import open_store
from store.agendas import AgendaItem
from store.decisions import Decided, add_decision
from store.feedback import CustomerFeedback, Said, add_feedback
from store.huddle_notes import add_note
from store.huddles import PlannedHuddle, begin_huddle, end_huddle, papers, plan_huddle
from store.narratives import NarrativeVersion, Signature, Wording
from tests.conftest import Ask

ITEMS = (AgendaItem("wins", "Wins", 2), AgendaItem("feedback", "Customers", 2), AgendaItem("decisions", "Decided", 2))


def said(month: int, theme: str | None, account: str = "", status: str = "open") -> CustomerFeedback:
    at = datetime(2026, month, 5)
    return CustomerFeedback("x", 1, None, account, "words", theme, None, None, None, None, status, "Sam", at)


HEARD = [said(11, "Price", "Acme"), said(11, None), said(9, "Price", "ACME", "used"), said(9, "Speed", "Globex")]


def numbers(**values: float | None) -> KpiNumbers:
    return KpiNumbers(NumberFormat(), metrics(), {}, date(2026, 11, 15), values)


def test_themes_are_counted_in_all_and_month_by_month() -> None:
    assert theme_counts(HEARD).select("theme", "heard", "accounts", "unanswered").rows() == [
        ("Price", 2, 1, 1),
        ("(no theme)", 1, 0, 1),
        ("Speed", 1, 1, 1),
    ]
    months = themes_by_month(HEARD).filter(pl.col("theme") == "Price").select("month", "heard").rows()
    assert months == [(date(2026, 9, 1), 1), (date(2026, 10, 1), 0), (date(2026, 11, 1), 1)]
    assert themes_by_month([]).is_empty()
    assert theme_counts([]).is_empty()
    assert (heard(HEARD, "price"), heard(HEARD, None), heard(HEARD, "Price", date(2026, 9, 30))) == (2, 0, 1)
    assert said_finding(HEARD, "so far") == (
        "4 things customers said so far, most often about Price (2); 3 still wait for marketing's answer."
    )
    assert said_finding([], "so far") == "No word of a customer was written down so far."


def test_a_number_is_said_then_and_now() -> None:
    kpis = numbers(mql_count=52.0, sla_kept=0.5, campaign_spend=10.0, lead_count=None)
    assert kpis.change("mql_count", "41") == "MQL: 41 then, 52 now, better"
    assert kpis.change("sla_kept", "0.625") == f"{metrics()['sla_kept'].title}: 62.5% then, 50.0% now, worse"
    assert kpis.change("campaign_spend", "10") == "Campaign spend: $10 then, $10 now, unchanged"
    assert kpis.change("campaign_spend", "9") == "Campaign spend: $9 then, $10 now"
    for metric, then in ((None, "1"), ("lead_count", "1"), ("mql_count", None), ("gone", "1")):
        assert kpis.change(metric, then) is None
    assert kpis.now("sla_kept") == "0.5"


def test_what_is_told_is_the_newest_that_both_signed_and_what_changed_under_it() -> None:
    at = datetime(2026, 9, 30)
    signatures = tuple(Signature(team, "Mia", at, date(2026, 9, 30), "41", 1) for team in ("marketing", "sales"))
    wording = Wording("Plants", "downtime", "fewer fitters", "Suite", "Acme", "Price", "mql_count")
    first = NarrativeVersion("1", "card", 1, wording, "Ann", at, signatures)
    second = NarrativeVersion("2", "card", 2, replace(wording, proof="Globex"), "Bo", at, signatures[:1])
    (told,) = current_narratives({"card": [first, second]}, HEARD, numbers(mql_count=52.0))
    assert told.told is first
    assert told.newer is second
    assert told.standing == (
        "Version 1, signed off by Mia for marketing, Mia for sales. Version 2 by Bo waits for sales."
    )
    assert told.changes == (
        "Price was heard 1 time more since the sign-off: 2 times in all.",
        "MQL: 41 then, 52 now, better.",
    )
    (unsigned,) = current_narratives({"card": [replace(first, signatures=())]}, HEARD, None)
    assert (unsigned.changes, "not agreed yet" in unsigned.standing) == ((), True)


def test_a_huddle_is_of_the_time_since_the_one_before(golden: Ask) -> None:
    plan = PlannedHuddle("Weekly", "Ann", (), datetime(2026, 11, 16, 9), ITEMS, "segment=Small&segment=(blank)")
    first = plan_huddle(open_store(), plan, "Ann")
    scope = huddle_scope(open_store(), first)
    assert scope is not None
    assert (scope.is_first, (scope.as_of - scope.since).days) == (True, 7)
    assert scope.params["segment"] == ["Small", ""]
    begin_huddle(open_store(), first.id, date(2026, 3, 1), "Ann")
    end_huddle(open_store(), first.id, "Ann")
    second = plan_huddle(open_store(), plan, "Ann")
    following = huddle_scope(open_store(), second)
    assert following is not None
    assert (following.since, following.is_first, following.is_stale) == (date(2026, 3, 1), False, False)
    begin_huddle(open_store(), second.id, scope.as_of, "Ann")
    again = huddle_scope(open_store(), plan_huddle(open_store(), plan, "Ann"))
    assert again is not None
    assert (again.is_stale, (again.as_of - again.since).days) == (True, 7)


def test_other_words_of_a_link_are_no_filters() -> None:
    assert filters_of("as_of=2026-01-01&owner=Ann&period=2026-Q1&custom=Tier%3A+A") == (
        ("owner", ("Ann",)),
        ("custom", ("Tier: A",)),
    )
    assert filters_of("") == ()


def test_notes_say_what_was_said_and_are_kept(home: Path) -> None:
    plan = PlannedHuddle("Weekly", "Ann", ("Bo",), datetime(2026, 11, 16, 9), ITEMS)
    state = begin_huddle(open_store(), plan_huddle(open_store(), plan, "Ann").id, None, "Ann")
    add_note(open_store(), state.id, "wins", "Acme <signed>", "Bo")
    add_feedback(open_store(), Said("Too dear", "Acme", "Price"), "Bo", state.id)
    add_decision(open_store(), Decided("No discount", None, None, date(2026, 12, 1)), "Ann", state.id)
    end_and_write(open_store(), state.id, "Ann")
    written = papers(open_store(), state.id)["md"].decode()
    for expected in (
        "# Notes: Weekly",
        "led by Ann, with Bo.",
        "1 word of customers, 1 decision, 0 new actions",
        r"- Acme \<signed\> (Bo)",
        "“Too dear” (Acme, Price; Bo). Waits for marketing's answer.",
        "No discount (Ann). To be looked at on 1 Dec 2026.",
    ):
        assert expected in written


@pytest.mark.parametrize(
    "text", ["*x*", "# x", "1. x", "- x", "<b>x</b>", "[x](http://y)", "`x`", "a | b", "> x", "+ x"]
)
def test_words_stay_words_in_markdown(text: str) -> None:
    document = Document(text, text, (Section(text, (Words(text), Lines((text,), ""))),))
    tokens = MarkdownIt().parse(as_markdown(document))
    shown = [token.content for token in tokens if token.type == "inline"]
    plain = ["".join(child.content for child in token.children or []) for token in tokens if token.type == "inline"]
    assert plain == [text] * 5, shown
    assert sum(token.type == "bullet_list_open" for token in tokens) == 1


def test_tables_and_cards_in_markdown() -> None:
    frame = pl.DataFrame({"a": ["x|y", None], "b": [1, 2]})
    parts = (
        Cards((Card("Won", "$1k", ("goal $2k",)),)),
        Table("Deals", frame),
        Table("Gone", frame.clear(), none="None."),
    )
    written = as_markdown(Document("T", "u", (Section("S", parts),)))
    assert r"| x\|y | 1 |" in written
    assert "| – | 2 |" in written
    assert "- Won: **$1k** (goal $2k)" in written
    assert "**Gone**\n\nNone." in written
