"""The huddle's page: planned from it, held in its room, read on it; feedback, story, season and agendas."""

from datetime import date, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from reports.huddle_papers import end_and_write
from store import open_store
from store.actions import ToDo, add_action
from store.agendas import AgendaItem, agendas
from store.feedback import Said, add_feedback, feedback
from store.huddles import PlannedHuddle, begin_huddle, huddles, plan_huddle
from store.narratives import Wording, narratives, write_narrative
from store.rhythm import Rhythm, rhythms, set_rhythm
from tests.pages.test_pages import app, fresh, visit, with_sample  # noqa: F401 - fixtures

PAGE = "meet/huddle"


def words(page: AppTest) -> str:
    shown = (*page.markdown, *page.info, *page.success, *page.error, *page.caption)
    return " ".join(str(element.value) for element in shown).replace("\\:", ":")


def sign(page: AppTest, key: str, name: str) -> None:
    """Pick who writes, in the first form whose field begins so."""
    next(box for box in page.selectbox if (box.key or "").startswith(key)).select(name)


def press(page: AppTest, label: str, key: str = "") -> AppTest:
    next(item for item in page.button if item.label == label and (item.key or "").startswith(key)).click().run()
    assert not page.exception
    return page


def test_a_huddle_is_planned_like_the_rhythm_says_and_its_notes_are_read(app: AppTest, with_sample: Path) -> None:  # noqa: F811
    set_rhythm(open_store(), Rhythm(date(2026, 11, 2), 1, 2, "09:30"), "Ann Lee")
    page = visit(app, PAGE)
    assert "No huddle yet: plan the first one" in words(page)
    page.text_input(key="plan_title").set_value("Sales & <b>marketing</b>")
    page.selectbox(key="plan_leader").select("Ann Lee")
    sign(page, "plan_by", "Ann Lee")
    press(page, "Plan it")
    planned = huddles(open_store())
    assert [state.title for state in planned] == ["Sales & <b>marketing</b>"]
    assert planned[0].planned_at.weekday() == 2
    assert "It is planned" in words(page)
    assert "The next huddle is planned for" in words(page)
    assert planned[0].id in page.code[0].value
    begin_huddle(open_store(), planned[0].id, date(2026, 11, 16), "Ann Lee")
    add_action(open_store(), ToDo("Call *Acme*", "Bo"), "Ann Lee", planned[0].id)
    end_and_write(open_store(), planned[0].id, "Ann Lee")
    page.run()
    assert r"Bo: Call \*Acme\*" in words(page)
    assert "1 open action" in words(page)


def test_marketing_replies_and_both_teams_sign(app: AppTest, with_sample: Path) -> None:  # noqa: F811
    add_feedback(open_store(), Said("Too dear", "Acme", "Price"), "Sam")
    page = visit(app, PAGE, huddle_section="Customers said")
    assert "1 still waits for marketing" in words(page)
    page.text_area(key=next(area.key for area in page.text_area if area.key.startswith("reply_"))).set_value(
        "A page on it"
    )
    sign(page, "reply_by_", "Sam")
    press(page, "Keep", "keep_")
    assert [(item.reply, item.status, item.replied_by) for item in feedback(open_store())] == [
        ("A page on it", "answered", "Sam")
    ]
    write_narrative(
        open_store(), Wording("Plants", "Downtime", "Fitters", "Suite", "Acme", "Price", "won_amount"), "Sam"
    )
    page = fresh(PAGE, huddle_section="Our story")
    assert "not agreed yet" in words(page)
    for _ in range(2):
        sign(page, "sign_by_", "Sam")
        press(page, "Sign off")
    (versions,) = narratives(open_store()).values()
    assert versions[-1].is_agreed
    assert all(item.theme_count == 1 and item.number_then for item in versions[-1].signatures)
    assert "1 of 1 story is signed off by both teams." in words(page)


def test_the_season_and_the_rhythm(app: AppTest, with_sample: Path) -> None:  # noqa: F811
    add_feedback(open_store(), Said("Too dear"), "Ann Lee")  # who is offered as the one who writes
    page = visit(app, PAGE, huddle_section="Agendas and rhythm")
    assert "No rhythm is set" in words(page)
    page.selectbox(key="rhythm_day").select(3)
    sign(page, "rhythm_by", "Ann Lee")
    press(page, "Set the rhythm")
    assert [(item.weekday, item.every_weeks) for item in rhythms(open_store())] == [(3, 1)]
    page.text_input(key="agenda_name_usual_0").set_value("Ours")
    sign(page, "agenda_by", "Ann Lee")
    press(page, "Keep", "agenda_keep")
    assert "Ours" in [agenda.name for agenda in agendas(open_store())]
    plan = PlannedHuddle("Weekly", "Ann", (), datetime(2026, 11, 16, 9), (AgendaItem("wins", "Wins", 2),))
    held = plan_huddle(open_store(), plan, "Ann")
    begin_huddle(open_store(), held.id, date(2026, 11, 16), "Ann")
    end_and_write(open_store(), held.id, "Ann")
    page = fresh(PAGE, huddle_section="Season")
    assert "planned" in words(page)
    assert "Weekly" in page.dataframe[0].value["Title"].to_list()
