"""What if: levers move what they should, by as much, and nothing when they stand still."""

from datetime import date

import polars as pl
import pytest

from charts.numbers import NumberFormat
from reports.chance import outlook
from reports.what_if import Ground, Levers, chance_under, effects, extra_wins, ground, priced_misses, what_if_finding
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")
NAMES = {name: name.replace("_", " ") for name in ("win_rate", "deal_size", "response", "leads", "spend")}
DEALS = pl.DataFrame({"opportunity_id": [str(n) for n in range(40)], "amount": [100.0] * 40, "chance": [0.25] * 40})
PAST = pl.DataFrame(
    {"expected": [10.0] * 5, "variance": [7.5] * 5, "won": [10, 9, 11, 10, 10], "new_amount": [200.0] * 5}
)


def made(**more: object) -> Ground:
    known: dict[str, object] = {
        "deals": DEALS,
        "past": PAST,
        "won": 500.0,
        "goal": 1700.0,
        "weeks_left": 4.0,
        "leads_per_week": 50.0,
        "wins_per_lead": 0.01,
        "size": 100.0,
        "spend_per_week": 1000.0,
        "cost_per_lead": 20.0,
        "quick_wins": 3.0,
    }
    return Ground(**{**known, **more})  # type: ignore[arg-type]


def test_standing_levers_change_nothing() -> None:
    now = chance_under(made(), Levers())
    assert now["expected"] == pytest.approx(500 + 40 * 25 + 200)
    assert not effects(made(), Levers())
    assert "Move a lever" in what_if_finding(made(), Levers(), NUMBERS, NAMES)


def test_win_rate_and_size_scale_what_is_to_come_and_not_what_is_won() -> None:
    assert chance_under(made(), Levers(win_rate=20))["expected"] == pytest.approx(500 + 1.2 * 1200)
    assert chance_under(made(), Levers(deal_size=-50))["expected"] == pytest.approx(500 + 0.5 * 1200)


def test_more_leads_bring_what_is_won_within_the_days_left() -> None:
    # 50 a week more for four weeks, one in a hundred won in time: two deals of 100.
    assert extra_wins(made(), Levers(leads=100)) == pytest.approx(2)
    assert chance_under(made(), Levers(leads=100))["expected"] == pytest.approx(500 + 1200 + 200)
    # Twice the spending buys 1000 / 20 = 50 leads a week more: the same.
    assert extra_wins(made(), Levers(spend=100)) == pytest.approx(2)
    assert extra_wins(made(), Levers(response=50)) == pytest.approx(1.5)


def test_levers_that_cannot_move_say_why() -> None:
    assert not made().unmovable()
    assert set(made(cost_per_lead=None).unmovable()) == {"spend"}
    assert set(made(wins_per_lead=None).unmovable()) == {"leads", "spend"}
    assert set(made(quick_wins=None).unmovable()) == {"response"}


def test_the_finding_names_what_moves_most() -> None:
    text = what_if_finding(made(), Levers(win_rate=30, leads=10), NUMBERS, NAMES)
    assert text.index("win rate +") < text.index("leads +")
    assert "cannot be reckoned" in what_if_finding(made(past=PAST.head(2)), Levers(win_rate=30), NUMBERS, NAMES)


def test_the_ground_of_the_sample_is_that_of_the_chance(sample: Ask) -> None:
    as_of, bounds = date(2026, 11, 16), (date(2026, 10, 1), date(2027, 1, 1))
    found = ground(sample, scope={"as_of": as_of}, kind="quarter", won=50_000.0, goal=130_000.0, bounds=bounds)
    plain = outlook(sample, scope={"as_of": as_of}, kind="quarter", won=50_000.0, goal=130_000.0)
    assert chance_under(found, Levers())["chance"] == pytest.approx(plain.row["chance"])
    created = sample("lead_records", as_of=as_of, period_start=date(2026, 8, 17), period_end=date(2026, 11, 17))
    assert found.leads_per_week == pytest.approx(created.height / 13)
    assert found.weeks_left == pytest.approx(45 / 7)


def test_a_missed_week_is_priced_in_both_teams_units() -> None:
    tree = pl.DataFrame(
        [
            {
                "branch": "lead",
                "stage": "mql",
                "side": "marketing",
                "per_week": 30.0,
                "recent_per_week": 20.0,
                "share_won": 0.1,
            },
            {
                "branch": "lead",
                "stage": "opportunity",
                "side": "sales",
                "per_week": 5.0,
                "recent_per_week": 6.0,
                "share_won": 0.5,
            },
            {
                "branch": "lead",
                "stage": "sql",
                "side": "sales",
                "per_week": None,
                "recent_per_week": 6.0,
                "share_won": 0.5,
            },
        ]
    )
    assert priced_misses(tree, 1000.0, NUMBERS) == [
        "Marketing: a week like the last four is 10.0 MQL short = 1.0 won deals = $1.00k of the goal."
    ]
