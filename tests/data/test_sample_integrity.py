"""What a CRM guarantees of its export also holds of the sample: ids, references, histories, dates."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from data.world.ids import PREFIXES, checksum

TABLES = [name for name in PREFIXES if name not in {"ForecastingType", "Period"}]
LAST_DAY = date(2026, 11, 16)
REFERENCES = {
    "OwnerId": "User",
    "CreatedById": "User",
    "ManagerId": "User",
    "QuotaOwnerId": "User",
    "UserRoleId": "UserRole",
    "ParentRoleId": "UserRole",
    "AccountId": "Account",
    "ConvertedAccountId": "Account",
    "ContactId": "Contact",
    "ConvertedContactId": "Contact",
    "LeadId": "Lead",
    "OpportunityId": "Opportunity",
    "ConvertedOpportunityId": "Opportunity",
    "CampaignId": "Campaign",
    "Product2Id": "Product2",
}


@pytest.mark.parametrize("name", TABLES)
def test_ids_are_unique_and_checksummed(sample, name):
    ids = sample.table(name)["Id"]
    assert ids.null_count() == 0
    assert (ids.str.len_chars() == 18).all()
    assert ids.str.slice(0, 3).unique().to_list() == [PREFIXES[name]]
    assert ids.str.slice(0, 15).n_unique() == len(ids)
    assert all(checksum(key[:15]) == key[15:] for key in ids.to_list())


def test_the_checksum_is_salesforces_own():
    # ids of genuine records, from a published Salesforce demo org
    assert [checksum(key) for key in ("001bm00001ZL8U9", "005bm00000NCJmQ", "00Qbm00000Orxk5")] == [
        "AAL",
        "AAX",
        "EAB",
    ]


@pytest.mark.parametrize("name", TABLES)
def test_references_lead_somewhere(sample, name):
    frame = sample.table(name)
    for column, target in REFERENCES.items():
        if column in frame.columns:
            there = sample.table(target).select(pl.col("Id").alias(column))
            lost = frame.filter(pl.col(column).is_not_null()).join(there, on=column, how="anti")
            assert len(lost) == 0, column
    parent = {"Campaign": "Campaign", "Account": "Account"}.get(name)
    if parent:
        lost = frame.filter(pl.col("ParentId").is_not_null() & ~pl.col("ParentId").is_in(frame["Id"].implode()))
        assert len(lost) == 0


@pytest.mark.parametrize("name", ["Task", "Event"])
def test_activities_are_about_somebody_known(sample, name):
    frame = sample.table(name)
    people = pl.concat([sample.table("Lead")["Id"], sample.table("Contact")["Id"]])
    things = pl.concat([sample.table("Opportunity")["Id"], sample.table("Account")["Id"]])
    assert frame["WhoId"].drop_nulls().is_in(people.implode()).all()
    assert frame["WhatId"].drop_nulls().is_in(things.implode()).all()
    # once a lead is converted, what was done with it hangs on its contact
    converted = sample.table("Lead").filter(pl.col("IsConverted") == "1")["Id"]
    assert not frame["WhoId"].drop_nulls().is_in(converted.implode()).any()


def test_the_last_row_of_a_deals_history_is_its_state(sample):
    history = sample.table("OpportunityHistory").sort("CreatedDate", "Id", maintain_order=True)
    last = history.group_by("OpportunityId", maintain_order=True).last()
    both = last.join(sample.table("Opportunity"), left_on="OpportunityId", right_on="Id", suffix="_record")
    assert len(both) == len(last) == len(sample.table("Opportunity"))
    columns = "StageName Amount ExpectedRevenue CloseDate Probability ForecastCategory CurrencyIsoCode IsDeleted"
    for column in columns.split(" "):
        assert both[column].eq_missing(both[f"{column}_record"]).all(), column


def test_a_deals_history_begins_with_its_creation_and_tells_only_changes(sample):
    history = sample.table("OpportunityHistory").sort("CreatedDate", "Id")
    first = history.group_by("OpportunityId", maintain_order=True).first()
    created = sample.table("Opportunity").select(OpportunityId="Id", born="CreatedDate")
    assert (first.join(created, on="OpportunityId").select(pl.col("CreatedDate") == pl.col("born"))).to_series().all()
    state = pl.concat_str("StageName", "Amount", "CloseDate", separator="|", ignore_nulls=True)
    repeats = history.select(same=(state == state.shift(1)).over("OpportunityId", order_by="CreatedDate"))
    assert repeats["same"].fill_null(value=False).sum() == 0


def test_a_deal_is_closed_on_its_close_date(sample):
    deals = sample.table("Opportunity").filter(pl.col("IsClosed") == "1")
    closed = pl.col("LastStageChangeDate").str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_zone="UTC")
    local = closed.dt.convert_time_zone("America/New_York").dt.date().cast(pl.String)
    differs = deals.filter(local != pl.col("CloseDate"))
    # but for the few that were typed in after the fact
    assert (differs["CloseDate"] < differs["CreatedDate"].str.slice(0, 10)).all()
    assert len(differs) < 0.01 * len(deals) + 2


def test_lead_statuses_follow_from_their_history(sample):
    leads = sample.table("Lead")
    steps = sample.table("LeadHistory").filter(pl.col("Field") == "Status").sort("CreatedDate", "Id")
    last = steps.group_by("LeadId", maintain_order=True).last().select(Id="LeadId", last="NewValue")
    status = leads.join(last, on="Id", how="left").select("Status", last=pl.col("last").fill_null("Open"))
    assert (status["Status"] == status["last"]).all()
    before = steps.select("OldValue", was=pl.col("NewValue").shift(1).over("LeadId").fill_null("Open"))
    assert (before["OldValue"] == before["was"]).all()
    history = sample.table("LeadHistory")
    assert history.filter(pl.col("Field") == "created")["LeadId"].n_unique() == len(leads)
    converted = leads.filter(pl.col("IsConverted") == "1")
    assert (converted["Status"] == "Closed - Converted").all()
    done = history.filter(pl.col("Field") == "leadConverted")["LeadId"]
    assert set(done) == set(converted["Id"])
    assert converted.select(pl.col("^Converted.*Id$", "ConvertedDate").null_count()).sum_horizontal().item() == 0


def test_lead_owners_follow_from_their_history(sample):
    moves = sample.table("LeadHistory").filter(pl.col("Field") == "Owner").sort("CreatedDate", "Id")
    by_id = moves.filter(pl.col("NewValue").str.starts_with("005"))
    assert len(moves) == 2 * len(by_id)
    last = by_id.group_by("LeadId", maintain_order=True).last().select(Id="LeadId", last="NewValue")
    both = sample.table("Lead").join(last, on="Id")
    assert (both["OwnerId"] == both["last"]).all()


def test_most_conversions_went_through_every_stage(sample):
    steps = sample.table("LeadHistory").filter(pl.col("Field") == "Status")
    seen = steps.group_by("LeadId").agg(pl.col("NewValue"))
    converted = seen.filter(pl.col("NewValue").list.contains("Closed - Converted"))
    through = pl.col("NewValue").list.contains("Sales Accepted") & pl.col("NewValue").list.contains("Sales Qualified")
    share = converted.select(through.mean()).item()
    assert 0.9 < share < 1.0


def test_nothing_is_dated_after_the_end(sample):
    zone = ZoneInfo("America/New_York")
    midnight = datetime.combine(LAST_DAY + timedelta(days=1), time(), zone).astimezone(UTC)
    latest = midnight.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    ahead = {
        ("Opportunity", "CloseDate"),
        ("OpportunityHistory", "CloseDate"),
        ("Campaign", "EndDate"),
        ("ForecastingQuota", "StartDate"),
        ("Task", "ActivityDate"),
    }
    for name in TABLES:
        frame = sample.table(name)
        for column in frame.columns:
            values = frame[column].drop_nulls()
            if not len(values) or not values.str.contains(r"^\d{4}-\d\d-\d\d").all():
                continue
            if values.str.contains("T").all():
                assert values.max() < latest, (name, column)
            elif (name, column) not in ahead:
                assert values.max() <= LAST_DAY.isoformat(), (name, column)
    tasks = sample.table("Task")
    assert tasks.filter(pl.col("IsClosed") == "1")["ActivityDate"].max() <= LAST_DAY.isoformat()
    closed = sample.table("Opportunity").filter(pl.col("IsClosed") == "1")
    assert closed["CloseDate"].max() <= LAST_DAY.isoformat()
    hubspot = sample.csv("hubspot/hubspot-contacts")
    for column in [name for name in hubspot.columns if name.endswith("Date")]:
        assert hubspot[column].max() < f"{LAST_DAY + timedelta(days=1)}", column


def test_things_come_after_what_they_belong_to(sample):
    accounts = sample.table("Account").select(AccountId="Id", account="CreatedDate")
    contacts = sample.table("Contact").select(ContactId="Id", contact="CreatedDate")
    deals = sample.table("Opportunity").select(OpportunityId="Id", deal="CreatedDate")
    assert (
        (sample.table("Contact").join(accounts, on="AccountId").select(pl.col("CreatedDate") >= pl.col("account")))
        .to_series()
        .all()
    )
    assert (
        (sample.table("Opportunity").join(accounts, on="AccountId").select(pl.col("CreatedDate") >= pl.col("account")))
        .to_series()
        .all()
    )
    roles = sample.table("OpportunityContactRole").join(contacts, on="ContactId").join(deals, on="OpportunityId")
    assert (roles.select(pl.col("CreatedDate") >= pl.max_horizontal("contact", "deal"))).to_series().all()


def test_line_items_add_to_the_amount_of_most_deals(sample):
    items = sample.table("OpportunityLineItem").with_columns(
        pl.col("Quantity", "UnitPrice", "TotalPrice").cast(pl.Decimal(18, 2))
    )
    exact = items.select((pl.col("Quantity") * pl.col("UnitPrice") == pl.col("TotalPrice")).all()).item()
    assert exact
    sums = items.group_by("OpportunityId").agg(pl.col("TotalPrice").sum())
    both = sums.join(sample.table("Opportunity"), left_on="OpportunityId", right_on="Id")
    assert 0.88 < both.select((pl.col("TotalPrice") == pl.col("Amount").cast(pl.Decimal(18, 2))).mean()).item() < 1


def test_a_person_is_in_a_campaign_once(sample):
    members = sample.table("CampaignMember")
    for person in ("LeadId", "ContactId"):
        some = members.filter(
            pl.col(person).is_not_null()
            & (pl.col("LeadId").is_not_null() if person == "LeadId" else pl.col("LeadId").is_null())
        )
        assert not some.select(pl.struct("CampaignId", person).is_duplicated().any()).item()
    assert (members["HasResponded"] == members["FirstRespondedDate"].is_not_null().cast(pl.Int8).cast(pl.String)).all()


def test_the_truth_tells_what_was_written(sample):
    totals = sample.truth["totals"]
    for name, rows in totals["rows"].items():
        if name.endswith(".csv"):
            assert len(sample.csv(name.removesuffix(".csv"))) == rows
    leads = sample.table("Lead").filter(pl.col("IsDeleted") == "0")
    deals = sample.table("Opportunity").filter(pl.col("IsDeleted") == "0")
    assert totals["leads_not_deleted"] == len(leads)
    assert totals["opportunities_not_deleted"] == len(deals)
    assert totals["open_deals_at_end"] == (~deals["StageName"].str.starts_with("Closed")).sum()
    won: dict[str, dict[str, Decimal]] = {}
    count: dict[str, int] = {}
    for day, currency, amount in (
        deals.filter(pl.col("StageName") == "Closed Won").select("CloseDate", "CurrencyIsoCode", "Amount").iter_rows()
    ):
        quarter = f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"
        count[quarter] = count.get(quarter, 0) + 1
        sums = won.setdefault(quarter, {})
        sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount or 0)
    told = totals["won_by_quarter"]
    assert {quarter: row["count"] for quarter, row in told.items()} == count
    assert {
        quarter: {key: Decimal(text) for key, text in row["amount"].items()} for quarter, row in told.items()
    } == won
