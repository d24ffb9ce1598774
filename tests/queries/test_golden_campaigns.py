"""Credit by every model, worked out by hand: the deal of tests/golden, and deals made to have each milestone or lack it."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from tests.conftest import PROJECT, Ask, Little
from tests.little import Row, campaign, lead, member, won

MODELS = ("first", "last", "linear", "u", "w", "full", "decay")

# D1, 1,200.01, created on 1 Mar, won on 10 Apr. Its answered touches: the webinar on 19 Feb (L1, the first, the last by
# the day L1 was created, 20 Feb, and the last by the day the deal was created), the mailing on 5 Mar (L7) and on
# 10 Mar (L1, the last before the close). The median of D1's 40 days and D9's 36 is 38: a half-life of 19 days.
D1 = {
    "first": ("1200.01", "0", "0"),
    "last": ("0", "0", "1200.01"),
    # 400.0033 each: the odd cent to the first of equals
    "linear": ("400.01", "400.00", "400.00"),
    # 40 + 40 / 10 / 10: 960.008 / 120.001 / 120.001, the odd cent to the largest remainder
    "u": ("960.01", "120.00", "120.00"),
    # 90 / 5 / 5: 1,080.009 / 60.0005 / 60.0005
    "w": ("1080.01", "60.00", "60.00"),
    # 67.5 / 10 / 22.5: 810.00675 / 120.001 / 270.00225
    "full": ("810.01", "120.00", "270.00"),
    # 19, 5 and 0 days before the newest: 0.5, 0.833255 and 1 of 2.333255: 257.1536 / 428.5492 / 514.3072
    "decay": ("257.15", "428.55", "514.31"),
}


@pytest.mark.parametrize("model", MODELS)
def test_the_credits_of_a_deal_by_each_model(golden: Ask, model: str) -> None:
    records = golden("campaign_credit_records", model=model)
    of_d1 = records.filter(records["name"] == "D1 Acme").sort("responded_date")
    by_day = {str(row["responded_date"]): row["amount"] for row in of_d1.iter_rows(named=True)}
    expected = dict(zip(("2026-02-19", "2026-03-05", "2026-03-10"), map(Decimal, D1[model]), strict=True))
    assert by_day == {day: amount for day, amount in expected.items() if amount}
    assert of_d1["deals"].sum() == pytest.approx(1)
    none = records.filter(records["campaign"] == "No touch recorded")
    assert none.select("name", "amount", "deals").rows() == [("D9 Bolt", 3_000, 1)]


def test_models_side_by_side(golden: Ask) -> None:
    found = {row["dimension_value"]: row for row in golden("campaign_models").iter_rows(named=True)}
    webinar, mailing, none = found["Spring Webinar"], found["Big Mailing"], found["No touch recorded"]
    for model in MODELS:
        first, second, third = map(Decimal, D1[model])
        assert webinar[f"{model}_amount"] == first
        assert mailing[f"{model}_amount"] == second + third
        assert none[f"{model}_amount"] == 3_000
    assert (webinar["lowest_amount"], webinar["highest_amount"]) == (0, Decimal("1200.01"))
    # First by first touch, U, W and full path; second by last, linear (400.01 to 800) and decay.
    assert (webinar["best_place"], webinar["worst_place"], webinar["is_place_changed"]) == (1, 2, True)
    assert (none["best_place"], none["is_place_changed"], none["deals"]) == (None, None, 1)


def test_models_by_vehicle_and_of_a_period(golden: Ask) -> None:
    # The hand-worked company's settings name no vehicle: each type is its own.
    by_vehicle = golden("campaign_models", dimension="vehicle")
    assert set(by_vehicle["dimension_value"]) == {"Webinar", "Email", "No touch recorded"}
    march = golden("campaign_models", period_start="2026-03-01", period_end="2026-04-01")
    assert set(march.select("dimension_value", "linear_amount").rows()) == {
        ("Big Mailing", 800),
        ("Campaigns outside the period", Decimal("400.01")),
        ("No touch recorded", 3_000),
    }


def credits_of(ask: Ask, model: str) -> dict[str, Decimal]:
    """Return what each campaign is credited with."""
    frame = ask("campaign_credit_records", model=model)
    found: dict[str, Decimal] = {}
    for name, amount in frame.select("campaign", "amount").rows():
        found[name] = found.get(name, Decimal(0)) + amount
    return found


def company(*touches: tuple[str, str], amount: object = 100, **more: Any) -> dict[str, list[Row]]:
    """Return one won deal, created on 5 Jan and closed on 20 Apr 2026, and touches of its lead (campaign, day)."""
    names = sorted({name for name, _ in touches})
    return {
        "deals": [won(1, amount)],
        "leads": [lead(1, created=more.get("lead_created", "2026-01-01"), deal=1)],
        "campaigns": [campaign(n, name) for n, name in enumerate(names, 1)],
        "members": [member(n, names.index(name) + 1, 1, day) for n, (name, day) in enumerate(touches, 1)],
    }


def test_five_touches_with_every_milestone_on_its_own(little: Little) -> None:
    """A first, B made the lead (1 Jan), C the last before the deal (5 Jan), D in the middle, E the last."""
    ask = little(
        **company(
            ("A", "2025-12-01"), ("B", "2026-01-01"), ("C", "2026-01-04"), ("D", "2026-02-01"), ("E", "2026-04-01")
        )
    )
    # U: A and B 40 each, C, D and E share 20: 6.67, 6.67, 6.66.
    assert credits_of(ask, "u") == {
        "A": 40,
        "B": 40,
        "C": Decimal("6.67"),
        "D": Decimal("6.67"),
        "E": Decimal("6.66"),
    }
    # W: A, B and C 30 each, D and E share 10.
    assert credits_of(ask, "w") == {"A": 30, "B": 30, "C": 30, "D": 5, "E": 5}
    # Full path: A, B, C and E 22.5 each, D 10.
    assert credits_of(ask, "full") == {
        "A": Decimal("22.5"),
        "B": Decimal("22.5"),
        "C": Decimal("22.5"),
        "D": 10,
        "E": Decimal("22.5"),
    }


def test_an_absent_milestone_leaves_its_part_to_the_others(little: Little) -> None:
    """The lead was created on 1 Jan, the deal on 5 Jan, and nobody answered before 1 Feb: no touch made either."""
    ask = little(**company(("A", "2026-02-01"), ("B", "2026-03-01"), ("C", "2026-04-01"), amount=90))
    # U: 40 and 20 of 60: A 60, B and C 15 each.
    assert credits_of(ask, "u") == {"A": 60, "B": 15, "C": 15}
    # W: 30 and 10 of 40: A 67.50, B and C 11.25 each.
    assert credits_of(ask, "w") == {"A": Decimal("67.5"), "B": Decimal("11.25"), "C": Decimal("11.25")}
    # Full path: first 22.5, last 22.5, middle 10 of 55: 36.8182, 36.8182, 16.3636; the odd cent to the largest remainder,
    # 0.0064 of B (16.36|36), 0.0018 of the others: 36.82 + 36.82 + 16.36.
    assert credits_of(ask, "full") == {"A": Decimal("36.82"), "B": Decimal("16.36"), "C": Decimal("36.82")}


def test_an_empty_middle_goes_to_the_milestones(little: Little) -> None:
    ask = little(**company(("A", "2025-12-01"), ("B", "2026-01-01")))
    assert credits_of(ask, "u") == {"A": 50, "B": 50}
    # W: A 30, B made the lead and was the last before the deal: 60 of 90.
    assert credits_of(ask, "w") == {"A": Decimal("33.33"), "B": Decimal("66.67")}
    # Full path: A 22.5, B the three others.
    assert credits_of(ask, "full") == {"A": 25, "B": 75}


@pytest.mark.parametrize("model", MODELS)
def test_the_only_touch_has_it_all(little: Little, model: str) -> None:
    assert credits_of(little(**company(("A", "2026-02-01"), amount="33.33")), model) == {"A": Decimal("33.33")}


def test_the_answer_on_the_day_after_made_the_lead_where_none_came_before(little: Little) -> None:
    ask = little(**company(("A", "2026-01-02"), ("B", "2026-02-01"), ("C", "2026-03-01"), lead_created="2026-01-01"))
    assert credits_of(ask, "u") == {"A": 80, "B": 10, "C": 10}


def test_what_was_answered_after_the_win_did_not_bring_it(little: Little) -> None:
    ask = little(**company(("A", "2026-02-01"), ("B", "2026-04-21")))
    for model in MODELS:
        assert credits_of(ask, model) == {"A": 100}


def test_time_decay_halves_by_the_half_life_of_the_settings(little: Little) -> None:
    text = (PROJECT / "settings.toml").read_text(encoding="utf-8").replace("half_life_days = 0", "half_life_days = 10")
    ask = little(text, **company(("A", "2026-03-01"), ("B", "2026-03-11"), ("C", "2026-03-21"), amount=70))
    assert credits_of(ask, "decay") == {"A": 10, "B": 20, "C": 40}


@pytest.mark.parametrize("model", MODELS)
def test_a_refund_is_split_like_a_sale(little: Little, model: str) -> None:
    found = credits_of(
        little(**company(("A", "2026-02-01"), ("B", "2026-03-01"), ("C", "2026-03-02"), amount="-100")), model
    )
    assert sum(found.values()) == -100
    assert max(found.values()) <= 0


def test_a_deal_won_again_is_credited_as_it_was_won_then(little: Little) -> None:
    """Of two exports, the later says another amount and close date: each as-of day has the credit of its own."""
    ask = little(**company(("A", "2026-02-01"), ("B", "2026-04-25")))
    assert credits_of(ask, "linear") == {"A": 100}
    again = little(deals=[won(1, 50, close="2026-05-01", modified="2026-05-03")])
    assert credits_of(again, "linear") == {"A": 25, "B": 25}


@pytest.mark.parametrize("model", MODELS)
def test_by_every_model_each_deal_is_credited_once_and_to_the_cent(sample: Ask, model: str) -> None:
    records = sample("campaign_credit_records", model=model)
    deals = records.group_by("record_id").agg(
        pl.col("amount").sum(), pl.col("deals").sum(), pl.col("deal_amount").first()
    )
    assert deals.height == sample("win_rate")["won"][0]
    assert deals["deals"].to_list() == pytest.approx([1.0] * deals.height)
    known = deals.filter(deals["deal_amount"].is_not_null())
    assert known["amount"].to_list() == known["deal_amount"].to_list()
    assert sample("campaign_models")[f"{model}_amount"].sum() == sample("win_rate")["won_amount"][0]
    assert sample("campaign_effectiveness", model=model)["won_amount"].sum() == sample("win_rate")["won_amount"][0]
