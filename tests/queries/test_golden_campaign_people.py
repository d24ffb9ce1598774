"""Reach, follow-up, sales' answer, customers, spending and CAC, worked out by hand; intervals and r against scipy."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from scipy.stats import binomtest, pearsonr

from tests.conftest import Ask, Little
from tests.little import Row, campaign, lead, member, won

# What the title says of a person, by the settings that ship.
TITLES = {
    "CFO": "yes",
    "c.f.o": "no",  # three words of one letter
    "VP, Sales": "yes",
    "Vice-President Finance": "yes",
    "Head of Revenue Operations": "yes",
    "Director of IT": "yes",
    "Co-Founder & CTO": "yes",
    "Geschäftsführerin": "yes",
    "GESCHAFTSFUHRER": "yes",
    "Vertriebsleiter": "yes",
    "Directeur commercial": "yes",
    "Diretora de Operações": "yes",
    "Assistant to the CEO": "no",
    "Product Owner": "no",
    "Marketing Manager": "no",
    "Leadership coach": "no",
    "Directory editor": "no",
    "": "not known",
    "---": "not known",
}


def test_who_decides_by_title(little: Little) -> None:
    people = list(enumerate(TITLES, 1))
    ask = little(
        leads=[lead(n, Title=title) for n, title in people],
        campaigns=[campaign(1, "A")],
        members=[member(n, 1, n, "2026-02-01") for n, _ in people],
    )
    found = {row["record_id"]: row["decides"] for row in ask("campaign_reach_records").iter_rows(named=True)}
    assert {title: found[f"00Q{n:012d}"] for n, title in people} == TITLES


def test_reach_beside_the_people_on_won_deals(little: Little) -> None:
    titles = ["CFO", "Analyst", "", "Intern", "CEO", "VP Sales"]
    ask = little(
        deals=[won(1), won(2)],
        leads=[lead(n, Title=title, deal={1: 1, 2: 2}.get(n)) for n, title in enumerate(titles, 1)],
        campaigns=[campaign(1, "A"), campaign(2, "B")],
        members=[
            # A: the CFO, the analyst and one without a title; B: the CFO, the intern and the CEO; the VP did not answer.
            member(1, 1, 1, "2026-02-01"),
            member(2, 1, 2, "2026-02-01"),
            member(3, 1, 3, "2026-02-01"),
            member(4, 2, 1, "2026-02-03"),
            member(5, 2, 4, "2026-02-03"),
            member(6, 2, 5, "2026-03-03"),
            member(7, 2, 6),
        ],
    )
    columns = ("people", "deciding", "known", "unknown", "share", "won_share")
    found = {
        row["dimension_value"]: tuple(row[name] for name in columns)
        for row in ask("campaign_reach").iter_rows(named=True)
    }
    assert found == {
        "People on won deals": (2, 1, 2, 0, 0.5, 0.5),  # the CFO and the analyst
        "All campaigns": (5, 2, 4, 1, 0.5, 0.5),  # each once
        "A": (3, 1, 2, 1, 0.5, 0.5),
        "B": (3, 2, 3, 0, 2 / 3, 0.5),
    }
    reference = binomtest(2, 3).proportion_ci(method="wilson")
    row = ask("campaign_reach").filter(pl.col("dimension_value") == "B").row(0, named=True)
    assert (row["share_low"], row["share_high"]) == pytest.approx((reference.low, reference.high), abs=1e-9)
    # By the end of February the CEO had not answered.
    row = ask("campaign_reach", as_of="2026-02-28").filter(pl.col("dimension_value") == "B").row(0, named=True)
    assert (row["people"], row["deciding"]) == (2, 1)
    # The first answered touch is the campaign that brought a lead; only answers up to the day after its creation count.
    assert ask("campaign_reach", who="brought").filter(pl.col("kind") == "campaign").is_empty()


@pytest.mark.parametrize("who", ["answered", "brought"])
@pytest.mark.parametrize("dimension", ["campaign", "vehicle"])
def test_people_reached_are_as_many_as_their_records(sample: Ask, dimension: str, who: str) -> None:
    frame = sample("campaign_reach", dimension=dimension, who=who)
    for row in frame.filter(pl.col("kind") == "campaign").head(4).iter_rows(named=True):
        opened = sample(
            "campaign_reach_records", dimension=dimension, who=who, dimension_value=[row["dimension_value"]]
        )
        assert opened.height == row["people"]
        assert opened.filter(pl.col("decides") == "yes").height == row["deciding"]
        assert opened.filter(pl.col("decides") == "not known").height == row["unknown"]
        assert opened["is_in_deciding_role"].sum() == row["in_role"]
    on_won = frame.filter(pl.col("kind") == "won deals").row(0, named=True)
    assert sample("campaign_reach_records", kind="won deals").height == on_won["people"]


def task(n: int, lead: int, day: str, kind: str = "Call", **more: Any) -> Row:
    """Return a completed task with a lead."""
    return {
        "Id": f"00T{n:012d}AAA",
        "WhoId": f"00Q{lead:012d}AAA",
        "WhatId": "",
        "Subject": "Follow up",
        "ActivityDate": day,
        "Status": "Completed",
        "Type": kind,
        "IsClosed": 1,
        "CreatedDate": f"{day}T15:00:00.000Z",
        "CompletedDateTime": f"{day}T15:00:00.000Z",
        "SystemModstamp": f"{day}T15:00:00.000Z",
        "CallType": "Outbound" if kind == "Call" else "",
        "TaskSubtype": kind,
        **more,
    }


def test_follow_up_by_kind_and_delay(little: Little) -> None:
    """Seven leads of 1 Jan, no pass recorded: five called (three the same day), one e-mailed, one never reached."""
    ask = little(
        deals=[won(1, close="2026-01-25"), won(2, close="2026-04-20")],
        leads=[lead(n, deal={1: 1, 2: 2}.get(n)) for n in range(1, 8)],
        tasks=[
            task(1, 1, "2026-01-01"),
            task(2, 2, "2026-01-01"),
            task(3, 3, "2026-01-01"),
            task(4, 4, "2026-01-02"),
            task(5, 5, "2026-01-09"),
            task(6, 6, "2026-01-05", "Email"),
            task(7, 6, "2026-01-06"),  # a call, but not the first
            task(8, 7, "2026-01-03", CallType="Inbound"),
            task(9, 7, "2026-01-04", Status="Not Started", IsClosed=0, CompletedDateTime=""),
            task(10, 5, "2026-01-08", "Email", TaskSubtype="ListEmail"),  # sent by a machine
        ],
    )
    frame = ask("campaign_follow_up", origin="source", days=60)
    cells = {(row["kind"], row["delay"]): row for row in frame.iter_rows(named=True)}
    assert {cell: row["leads"] for cell, row in cells.items()} == {
        ("call", "any"): 5,
        ("call", "same day"): 3,
        ("call", "next day"): 1,
        ("call", "later"): 1,
        ("email", "any"): 1,
        ("email", "2 to 7 days"): 1,
        ("none", "any"): 1,
        ("none", "never"): 1,
    }
    called = cells["call", "any"]
    # Both became deals on 20 Jan; the first was won within 60 days of 1 Jan, the second after 109.
    assert (called["opportunities"], called["won"], called["deal_rate"]) == (2, 1, 0.4)
    reference = binomtest(2, 5).proportion_ci(method="wilson")
    assert (called["deal_rate_low"], called["deal_rate_high"]) == pytest.approx(
        (reference.low, reference.high), abs=1e-9
    )
    # Under five: hidden, and counted.
    assert (cells["email", "any"]["is_hidden"], cells["email", "any"]["deal_rate"]) == (True, None)
    assert (cells["call", "same day"]["is_hidden"], called["is_hidden"]) == (True, False)
    # 130 days after 1 Jan is later than the export: nobody is old enough.
    assert ask("campaign_follow_up", days=130).is_empty()


def test_a_follow_up_after_the_deal_is_none(little: Little) -> None:
    ask = little(
        deals=[won(1)], leads=[lead(1, deal=1)], tasks=[task(1, 1, "2026-01-21")]
    )  # it became a deal on 20 Jan
    assert ask("campaign_follow_up", origin="source").select("kind", "delay").row(0) == ("none", "any")


def test_only_leads_passed_to_sales_are_followed_up(golden: Ask) -> None:
    # L1 (passed 22 Feb, called the same day), L2, L4 (first passed on 6 Apr), HubSpot's own; L3, L5, L6, L7 were not.
    leads = golden("campaign_follow_up_records", origin="source", days=20)
    assert dict(leads.select("record_id", "kind").rows()) == {
        "00Q000000000001": "call",
        "00Q000000000002": "none",
        "00Q000000000004": "none",
        "102": "none",
    }


def test_follow_up_cells_are_as_many_as_their_records(sample: Ask) -> None:
    frame = sample("campaign_follow_up").filter(~pl.col("is_hidden"))
    for row in frame.iter_rows(named=True):
        asked = {"origin_value": [row["origin_value"] or ""], "kind": row["kind"]}
        opened = sample(
            "campaign_follow_up_records", **asked, **({} if row["delay"] == "any" else {"delay": row["delay"]})
        )
        assert opened.height == row["leads"]
        assert opened["is_deal_in_time"].sum() == row["opportunities"]
        assert opened["is_won_in_time"].sum() == row["won"]
    whole = sample("campaign_follow_up").filter(pl.col("delay") == "any")
    assert whole["leads"].sum() == sample("campaign_follow_up_records").height


def test_sales_answer_by_source(golden: Ask) -> None:
    columns = ("passes", "accepted", "rejected", "undecided", "acceptance", "top_reason")
    found = {
        row["dimension_value"]: tuple(row[name] for name in columns)
        for row in golden("campaign_acceptance").iter_rows(named=True)
    }
    assert found == {
        "Web": (2, 1, 1, 0, 0.5, "No budget"),  # L1 accepted, L2 rejected; L3 was never passed
        "Event": (2, 1, 1, 0, 0.5, "Bad timing"),  # L4: rejected, recycled, passed again and accepted
        "Direct Traffic": (1, 0, 0, 1, None, None),  # HubSpot's own
    }
    # On 15 Apr L4 had been passed once, and rejected.
    earlier = golden("campaign_acceptance", as_of="2026-04-15").filter(pl.col("dimension_value") == "Event")
    assert earlier.select("passes", "accepted", "rejected").row(0) == (1, 0, 1)
    reasons = (
        golden("campaign_rejections").select("dimension_value", "reason", "rejected", "share", "usual_share").rows()
    )
    # One of two decided each; of all four, one for each reason.
    assert reasons == [("Event", "Bad timing", 1, 0.5, 0.25), ("Web", "No budget", 1, 0.5, 0.25)]
    opened = golden("campaign_pass_records", dimension_value=["Web"], decision="rejected", reason=["No budget"])
    assert opened["record_id"].to_list() == ["00Q000000000002"]


@pytest.mark.parametrize("dimension", ["source", "channel", "campaign", "vehicle"])
def test_rejections_add_up_and_open(sample: Ask, dimension: str) -> None:
    frame = sample("campaign_acceptance", dimension=dimension)
    reasons = sample("campaign_rejections", dimension=dimension)
    passes = sample("campaign_pass_records")
    assert frame["passes"].sum() == passes.height
    assert (
        frame["rejected"].sum() == reasons["rejected"].sum() == passes.filter(pl.col("decision") == "rejected").height
    )
    assert (frame["passes"] == frame["accepted"] + frame["rejected"] + frame["undecided"]).all()
    some = reasons.row(0, named=True)
    opened = sample(
        "campaign_pass_records",
        dimension=dimension,
        dimension_value=[some["dimension_value"] or ""],
        reason=[some["reason"] or ""],
    )
    assert opened.height == some["rejected"]


def test_customers_by_type_of_business(golden: Ask) -> None:
    found = {row["dimension_value"]: row for row in golden("campaign_customers").iter_rows(named=True)}
    new = found["new"]
    # D1 won, D5 lost. D1's people were sent the webinar on 10 Feb and the mailing twice on 2 Mar, and answered all
    # three; L1 was called on 22 Feb. Nobody stands behind D5.
    assert (new["decided"], new["won"], new["rate"], new["median_cycle_days"]) == (2, 1, 0.5, 40)
    assert (new["touches_per_deal"], new["responses_per_deal"], new["activities_per_deal"]) == (1.5, 1.5, 0.5)
    renewal = found["renewal"]
    assert (renewal["decided"], renewal["won_amount"], renewal["activities_per_deal"]) == (1, 3_000, 0)


def test_spending_by_month(golden: Ask) -> None:
    columns = ("cost", "spread_cost", "won_amount", "leads", "opportunities", "is_complete")
    found = {
        row["month"]: tuple(row[name] for name in columns)
        for row in golden("campaign_spend_by_month").iter_rows(named=True)
    }
    assert found == {
        "2026-02": (500, 500, 0, 1, 0, True),  # the webinar, 1 to 28 Feb; L1
        "2026-03": (1_000, 1_000, 0, 0, 1, True),  # the mailing; L1 became D1
        "2026-04": (0, 0, Decimal("1200.01"), 1, 0, True),  # D1 closed; L4. D9 is credited to no campaign.
        "2026-05": (0, 0, 0, 0, 0, False),
    }
    opened = golden("campaign_credit_records", month="2026-04", credited_to="campaigns")
    assert opened["amount"].sum() == Decimal("1200.01")
    # On 14 Feb half of February's days had gone.
    assert golden("campaign_spend_by_month", as_of="2026-02-14")["cost"].to_list() == [250]


def test_spending_is_spread_to_the_cent_and_dated_spending_is_not(little: Little) -> None:
    ask = little(
        campaigns=[
            campaign(1, "Spread", 100, start="2026-01-31", EndDate="2026-03-02"),
            campaign(2, "Dated", 999, start="2026-01-01"),
            campaign(3, "Short", 30, start="2026-02-10", EndDate="2026-01-10"),
        ],
        costs=[
            {"campaign": "Dated", "date": "2026-02-05", "amount": 40},
            {"campaign": "Dated", "date": "2026-03-05", "amount": 60},
        ],
    )
    found = ask("campaign_spend_by_month").select("month", "cost", "spread_cost").rows()
    # 31 days, of which 1 in January, 28 in February, 2 in March: 3.23 (100/31), 93.55 less 3.23 = 90.32, and the rest.
    assert found == [
        ("2026-01", Decimal("3.23"), Decimal("3.23")),
        (
            "2026-02",
            Decimal("160.32"),
            Decimal("120.32"),
        ),  # 40 by its date; a campaign that ends before it starts has a day
        ("2026-03", Decimal("66.45"), Decimal("6.45")),
        *[(f"2026-{month:02d}", 0, 0) for month in (4, 5)],
    ]
    assert sum(cost for _, cost, _ in found) == ask("campaign_effectiveness")["cost"].sum()


def test_what_all_months_cost_is_what_all_campaigns_cost(sample: Ask) -> None:
    assert sample("campaign_spend_by_month")["cost"].sum() == sample("campaign_effectiveness")["cost"].sum()
    months = sample("campaign_spend_by_month")
    credited = sample("campaign_credit_records").filter(pl.col("campaign") != "No touch recorded")
    assert months["won_amount"].sum() == credited["amount"].sum()
    assert months["leads"].sum() == sample("campaign_effectiveness")["leads"].sum()


def test_correlation_by_lag_is_that_of_scipy(sample: Ask) -> None:
    months = sample("campaign_spend_by_month").filter("is_complete")
    for row in sample("campaign_spend_lag").iter_rows(named=True):
        cost = months["cost"].cast(pl.Float64).to_list()[: months.height - row["lag"]]
        value = months[row["outcome"]].cast(pl.Float64).to_list()[row["lag"] :]
        reference = pearsonr(cost, value)
        interval = reference.confidence_interval()
        assert row["months"] == len(cost)
        assert row["correlation"] == pytest.approx(reference.statistic, abs=1e-9)
        assert (row["correlation_low"], row["correlation_high"]) == pytest.approx(
            (interval.low, interval.high), abs=1e-9
        )
        told = row["months"] >= 12 and (interval.low > 0 or interval.high < 0)
        assert (row["verdict"] != "cannot tell") == told


def test_cac(little: Little) -> None:
    """April: two new customers for 900; May: none for 100; March: one, and no cost is recorded."""
    account = {"AccountId": "001000000000001AAA"}
    ask = little(
        deals=[
            won(1, close="2026-03-10"),
            won(2, close="2026-04-02", **account),
            won(3, close="2026-04-20", **account),  # the same customer again
            won(4, close="2026-04-21"),
            won(5, close="2026-04-22", Type="Renewal"),
            won(6, close="2026-04-23", Type="Existing Business"),
        ],
        spending=[
            {"month": "2026-04-01", "department": "Sales", "amount": 600},
            {"month": "2026-04-01", "department": "marketing", "amount": 300},
            {"month": "2026-04-01", "department": "Research", "amount": 5_000},
            {"month": "2026-05-01", "department": "Sales", "amount": 100},
        ],
    )
    columns = ("bucket", "cost", "other_cost", "new_customers", "cac")
    assert ask("campaign_cac", grain="month").select(columns).rows() == [
        ("2026-03", None, None, 1, None),
        ("2026-04", 900, 5_000, 2, 450.0),
        ("2026-05", 100, None, 0, None),
    ]
    row = ask("campaign_cac").row(0, named=True)
    assert (row["months"], row["months_with_cost"], row["new_customers"], row["new_customers_costed"]) == (3, 2, 3, 2)
    assert row["cac"] == 500.0  # 1,000 for the two of April; March is in neither side
    assert ask("campaign_new_customer_records").height == 3
    assert ask("campaign_new_customer_records", period="2026-04")["name"].to_list() == ["Deal 4", "Deal 2"]


def test_without_cost_cac_is_a_dash(golden: Ask) -> None:
    row = golden("campaign_cac").row(0, named=True)
    assert (row["cost"], row["cac"], row["new_customers"]) == (None, None, 1)  # Acme, by D1; Bolt only renewed
