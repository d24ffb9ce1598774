"""Costs, credit, touches and names of campaigns, reckoned by hand for little companies."""

from decimal import Decimal

from tests.conftest import Little
from tests.little import campaign, lead, member, won


def test_costs_stand_only_against_what_the_campaigns_with_a_cost_brought(little: Little) -> None:
    ask = little(
        deals=[won(1, 10_000)],
        leads=[lead(1, deal=1), lead(2), lead(3)],
        campaigns=[campaign(1, "Free"), campaign(2, "Paid", 100), campaign(3, "Reais", 900, CurrencyIsoCode="BRL")],
        members=[member(1, 1, 1, "2026-01-01"), member(2, 2, 2, "2026-01-01"), member(3, 2, 1)],
    )
    channel = ask("campaign_effectiveness", dimension="channel").row(0, named=True)
    assert (channel["dimension_value"], channel["cost"], channel["won_amount"]) == ("Webinar", 100, 10_000)
    assert (channel["campaigns"], channel["without_cost_count"], channel["won_amount_costed"]) == (3, 2, 0)
    assert channel["roi"] == -1  # Paid cost 100 and brought nothing
    assert (channel["leads"], channel["cost_per_lead"], channel["cost_per_won"]) == (2, 100, None)
    each = {row["dimension_value"]: row for row in ask("campaign_effectiveness").iter_rows(named=True)}
    assert {name: (row["cost"], row["roi"], row["without_cost_count"]) for name, row in each.items()} == {
        "Free": (None, None, 1),
        "Paid": (100, -1, 0),
        "Reais": (None, None, 1),
    }


def test_a_cost_of_which_a_part_has_no_rate_is_not_known(little: Little) -> None:
    ask = little(
        campaigns=[campaign(1, "A"), campaign(2, "B")],
        costs=[
            {"campaign": "A", "date": "2026-01-05", "amount": 40, "currency": "USD"},
            {"campaign": "A", "date": "2026-04-05", "amount": 60, "currency": "USD"},
            {"campaign": "B", "date": "2026-01-05", "amount": 40, "currency": "USD"},
            {"campaign": "B", "date": "2026-01-06", "amount": 500, "currency": "BRL"},
        ],
    )
    costs = dict(ask("campaign_effectiveness").select("dimension_value", "cost").rows())
    assert costs == {"A": 100, "B": None}
    # What was spent after the as-of day was not spent by then.
    costs = dict(ask("campaign_effectiveness", as_of="2026-02-01").select("dimension_value", "cost").rows())
    assert costs["A"] == 40


def test_credit_of_a_campaign_that_has_yet_to_start_is_not_lost(little: Little) -> None:
    ask = little(
        deals=[won(1, 500)],
        leads=[lead(1, deal=1)],
        campaigns=[campaign(1, "Summit", start="2026-09-01"), campaign(2, "Later", start="2026-09-01")],
        members=[member(1, 1, 1, "2026-02-01")],
    )
    found = ask("campaign_effectiveness").select("dimension_value", "won_amount", "days_running").rows()
    assert found == [("Summit", 500, None)]
    assert ask("campaign_credit_records")["amount"].sum() == 500


def test_touches_are_records_and_people_are_counted_once(little: Little) -> None:
    ask = little(
        deals=[won(1)],
        leads=[lead(1, deal=1), lead(2)],
        campaigns=[campaign(1, "A"), campaign(2, "B")],
        members=[member(1, 1, 1, "2026-02-01"), member(2, 2, 1, "2026-02-03"), member(3, 2, 2)],
    )
    columns = ("touches", "people", "responses", "people_responded")
    assert ask("campaign_effectiveness", dimension="channel").select(columns).row(0) == (3, 2, 2, 1)
    filtered = ask("campaign_effectiveness", segment=["Enterprise"])
    assert filtered.select(columns).null_count().row(0) == (filtered.height,) * 4


def test_campaigns_of_one_name_are_told_apart(little: Little) -> None:
    ask = little(
        deals=[won(1, 500)],
        leads=[lead(1, deal=1)],
        campaigns=[
            campaign(1, "Webinar", 10, "2025-01-01"),
            campaign(2, "Webinar", 20, "2026-01-01"),
            campaign(3, "Fair", 5),
            campaign(4, "Call", 1, "2026-01-01"),
            campaign(5, "Call", 2, "2026-01-01"),
        ],
        members=[member(1, 2, 1, "2026-01-01")],
    )
    found = {row["dimension_value"]: row["cost"] for row in ask("campaign_effectiveness").iter_rows(named=True)}
    assert found == {
        "Webinar (2025-01-01)": 10,
        "Webinar (2026-01-01)": 20,
        "Fair": 5,
        "Call (salesforce:701000000000004)": 1,
        "Call (salesforce:701000000000005)": 2,
    }
    opened = ask("campaign_credit_records", dimension_value=["Webinar (2026-01-01)"])
    assert opened.select("campaign", "amount").rows() == [("Webinar (2026-01-01)", Decimal(500))]
    leads = ask("lead_to_close", dimension="campaign").select("dimension_value", "leads").rows()
    assert leads == [("Webinar (2026-01-01)", 1)]
