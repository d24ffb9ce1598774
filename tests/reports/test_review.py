"""The weekly review: computed from its frames alone, and frozen so that later imports change nothing of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from base.pointer import is_version_there, read_pointer
from ingest.version import version_files
from ingest.warehouse import prune
from reports.alerts import note_alerts
from reports.asking import plain_ask
from reports.diagnosis import SCHEMA, diagnose
from reports.freeze import freeze, from_bytes, reopen, to_bytes
from reports.kpi_numbers import kpi_numbers
from reports.review import Asked, Review
from reports.review_document import action_lines, review_document
from reports.review_gather import gather
from store import Goal, StoreError, open_store, set_goal
from store.actions import ToDo, add_action
from store.alerts import add_alert, fired_alerts
from store.comments import add_comment, comments, delete_comment
from store.kpis import Pick, picks, set_picks
from store.narratives import Signature, Wording, sign_off, write_narrative
from store.reviews import delete_review, frozen_reviews
from tests.conftest import Little, forget_caches
from tests.little import deal, lost, won

AS_OF = date(2026, 5, 2)
ASKED = Asked(AS_OF, "2026-Q2", date(2026, 4, 1), date(2026, 7, 1), {"as_of": AS_OF}, "Showing 2026-Q2.")


def company(little: Little, **more: Any) -> None:
    little(
        opportunities=[
            won(1, 1000, close="2026-04-28"),
            won(2, 500, close="2026-04-10"),  # won before the week
            lost(3, 300, close="2026-04-30"),
            deal(4, 4000, close="2026-06-30", **more),
        ]
    )


def goal(value: int) -> None:
    set_goal(
        open_store(),
        Goal("won_amount", date(2026, 4, 1), date(2026, 7, 1), "company", None, Decimal(value), "Ann"),
    )


def gathered() -> Review:
    return gather(plain_ask(), open_store(), ASKED, diagnose(plain_ask(), as_of=ASKED.as_of))


def test_what_stands_out_is_told_and_kept(little: Little) -> None:
    company(little)
    told = {
        "question": "slow_rep",
        "title": "?",
        "page": "lead_to_close",
        "unit": "Ann",
        "verdict": "told",
        "text": "Ann is slow.",
    }
    few = {**told, "unit": "Bo", "verdict": "cannot tell", "text": ""}
    unknown = {**few, "question": "call_slump", "title": "Did outbound calls slump?", "verdict": "not recorded"}
    review = gather(plain_ask(), open_store(), ASKED, pl.DataFrame([told, few, unknown], schema=SCHEMA))
    kept = from_bytes(to_bytes(review))
    for one in (review, kept):
        assert one.stands_out["text"].to_list() == ["Ann is slow."]
        assert "Of 1 campaigns, sources, owners and others" in one.not_told
        assert "Not in the exports: Did outbound calls slump?" in one.not_told
    assert "Ann is slow." in str(review_document(review))


def test_a_review_is_worked_out_by_hand(little: Little) -> None:
    company(little)
    goal(3000)
    review = gathered()
    assert review.goal is not None
    assert review.goal["actual"] == 1500
    assert review.frames["won"]["amount_base"].to_list() == [1000]
    assert review.frames["lost"]["amount_base"].to_list() == [300]
    assert review.on_track.startswith("$1.50k of $3.00k is reached (50%)")
    assert "From 26 Apr 2026 to 2 May 2026: 1 deal won, $1.00k; 1 deal lost, $300." in review.week
    row = review.row("coverage")
    assert row is not None
    assert row["open_amount"] == 4000


def test_without_a_goal_it_says_so_and_what_to_do(little: Little) -> None:
    company(little)
    review = gathered()
    assert review.goal is None
    assert "No goal is set" in review.paragraph
    assert "What to do" in review.paragraph


def test_actions_come_with_what_became_of_their_number(little: Little) -> None:
    company(little)
    engine = open_store()
    add_action(engine, ToDo("Call the old leads", "Bo", date(2026, 5, 1), "won_count", "1"), "Ann")
    review = gathered()
    row = review.frames["actions"].row(0, named=True)
    assert row["is_late"]
    # The last complete week, 20 to 26 April, won none.
    assert row["effect"] == "Deals won: 1 then, 0 now, worse"
    assert action_lines(review)[0].endswith("Deals won: 1 then, 0 now, worse")
    assert "1 action is late (Bo)" in review.paragraph


def test_what_is_frozen_reopens_equal_to_the_cent_after_a_later_import(little: Little, home: Path) -> None:
    company(little)
    goal(3000)
    engine = open_store()
    add_comment(engine, ASKED.about, "Well done", "Ann")
    before = gathered()
    review_id = freeze(engine, before, "Week 18", "period=2026-Q2", "Ann")
    company(little, Amount=9000, SystemModstamp="2026-05-20T15:00:00.000Z")
    goal(9999)
    add_comment(engine, ASKED.about, "Not well at all", "Bo")
    forget_caches()
    kept, after = reopen(open_store(), review_id)
    assert (kept.title, kept.by, kept.query) == ("Week 18", "Ann", "period=2026-Q2")
    assert after.asked == before.asked
    for name, frame in before.frames.items():
        assert_frame_equal(frame, after.frames[name])
    assert after.paragraph == before.paragraph
    assert review_document(after).title == "Weekly review"
    live = gathered()
    assert live.frames["comments"].height == 2
    assert live.goal is not None
    assert live.goal["goal"] == 9999


def test_its_warehouse_is_kept_beyond_the_last_ten(little: Little) -> None:
    company(little)
    review_id = freeze(open_store(), gathered(), "Week 18", "", "Ann")
    kept = reopen(open_store(), review_id)[0].warehouse
    for number in range(11):
        company(little, Amount=5000 + number, SystemModstamp=f"2026-05-{number + 4:02d}T15:00:00.000Z")
    pointer = read_pointer()
    assert pointer is not None
    prune(pointer)
    names = [path.name for _, path in version_files()]
    assert kept in names
    assert len(names) == 11
    assert is_version_there(kept)
    assert not is_version_there("warehouse-999999.duckdb")


def test_a_damaged_or_deleted_review_says_so(little: Little) -> None:
    company(little)
    engine = open_store()
    review_id = freeze(engine, gathered(), "Week 18", "", "Ann")
    delete_review(engine, review_id, frozen_reviews(engine)[0].version, "Bo")
    with pytest.raises(StoreError, match="deleted"):
        reopen(engine, review_id)
    with pytest.raises(StoreError, match="There is no such review"):
        reopen(engine, "nothing")
    with pytest.raises(StoreError, match="cannot be opened"):
        from_bytes(to_bytes(gathered())[:-40])
    with pytest.raises(StoreError, match="title"):
        freeze(engine, gathered(), "  ", "", "Ann")


def test_comments_are_kept_and_deleted(little: Little) -> None:
    company(little)
    engine = open_store()
    line = add_comment(engine, ASKED.about, "  Well done ", "Ann")
    assert comments(engine, ASKED.about)[0].text == "Well done"
    delete_comment(engine, line.id, line.version, "Ann")
    assert not comments(engine, ASKED.about)
    with pytest.raises(StoreError):
        add_comment(engine, ASKED.about, " ", "Ann")


def test_a_number_kept_in_a_huddle_is_read_in_its_unit(little: Little) -> None:
    company(little)
    engine = open_store()
    kpis = kpi_numbers(plain_ask(), engine, {"as_of": AS_OF}, further=["win_rate"])
    assert kpis.values.get("win_rate") is None  # nothing was decided in the week from 20 April on
    add_action(engine, ToDo("Mend the quotes", "Bo", None, "win_rate", "0.3846153846"), "Ann")
    row = gathered().frames["actions"].row(0, named=True)
    assert row["effect"] is None
    later = replace(ASKED, as_of=date(2026, 5, 3), scope={"as_of": date(2026, 5, 3)})
    row = gather(plain_ask(), engine, later, pl.DataFrame(schema=SCHEMA)).frames["actions"].row(0, named=True)
    assert row["effect"] == "Win rate: 38.5% then, 50.0% now, better"


def test_the_story_is_the_one_that_both_teams_signed(little: Little) -> None:
    company(little)
    engine = open_store()
    first = write_narrative(engine, Wording("Clinics", "Queues", "Staff is scarce", "Planner", "Acme"), "Ann")
    for team in ("sales", "marketing"):
        sign_off(engine, first.id, Signature(team, "Ann", None, AS_OF, None, None))
    write_narrative(engine, Wording("Hospitals", "Queues", "Staff", "Planner", "Acme"), "Bo", first.card, first.number)
    frame = gathered().frames["narratives"]
    assert frame["client"].to_list() == ["Clinics"]
    assert "Version 2 by Bo waits for" in frame["standing"][0]


def test_what_fires_is_kept_once_and_only_for_the_newest_day(little: Little) -> None:
    company(little)
    engine = open_store()
    set_picks(engine, "sales", [Pick(name, "w", "A") for name in ("won_count", "lost_count", "win_rate")], "A", {})
    pick = picks(engine, "sales")[0]
    assert pick.id is not None
    add_alert(engine, pick.id, "below", Decimal(5), "A")
    assert note_alerts(plain_ask(), as_of=AS_OF, seen=1) == 1
    assert note_alerts(plain_ask(), as_of=AS_OF, seen=2) == 0
    assert fired_alerts(engine)[0].text.startswith("Deals won was 0, below the 5")
