"""The company is believable: its size, its rates, its goals, and the mess of its data."""

import polars as pl
import pytest

NEAR = {
    "Lead": 2_000,
    "Opportunity": 500,
    "CampaignMember": 6_000,
    "Account": 150,
}


@pytest.mark.parametrize(("name", "rows"), NEAR.items())
def test_row_counts_are_near_their_targets(sample, name, rows):
    assert 0.8 * rows < len(sample.table(name)) < 1.25 * rows


def test_there_are_enough_activities(sample):
    assert 6_000 < len(sample.table("Task")) + len(sample.table("Event")) < 10_500


def test_campaigns_and_staff_hardly_shrink(make, sample, planted):
    tiny = make(scale=0.02)
    assert len(tiny.table("Campaign")) >= 5
    assert tiny.table("User").filter(pl.col("Department") != "System").height >= 8
    assert 15 <= len(sample.table("Campaign")) <= 40
    assert len(planted.table("Campaign")) == 40
    assert planted.table("User").filter(pl.col("Department") != "System").height == 25


def test_a_full_sample_has_the_sizes_asked_for(planted):
    wanted = {"Lead": 20_000, "Opportunity": 5_000, "CampaignMember": 60_000, "Account": 1_500}
    for name, rows in wanted.items():
        assert 0.9 * rows < len(planted.table(name)) < 1.12 * rows, name
    assert 72_000 < len(planted.table("Task")) + len(planted.table("Event")) < 92_000
    with_lead = planted.table("Lead")["ConvertedOpportunityId"].drop_nulls()
    assert 2_700 < with_lead.n_unique() < 3_400
    several = with_lead.value_counts().filter(pl.col("count") > 1)
    assert 0.015 < len(several) / with_lead.n_unique() < 0.035


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("New Business", 0.20, 0.29), ("Expansion", 0.38, 0.56), ("Renewal", 0.73, 0.88)],
)
def test_win_rates(planted, kind, low, high):
    deals = planted.deals().filter((pl.col("Type") == kind) & (pl.col("IsClosed") == "1"))
    assert low < (deals["IsWon"] == "1").mean() < high


def test_new_deals_take_about_two_months_and_some_much_longer(planted):
    won = planted.deals().filter((pl.col("Type") == "New Business") & (pl.col("IsWon") == "1"))
    days = won.select(
        (pl.col("CloseDate").str.to_date() - pl.col("CreatedDate").str.slice(0, 10).str.to_date()).dt.total_days()
    ).to_series()
    assert 42 < days.median() < 63
    assert days.quantile(0.9) > 1.7 * days.median()


def test_amounts_follow_the_size_of_the_customer(planted):
    accounts = planted.table("Account").select(AccountId="Id", people=pl.col("NumberOfEmployees").cast(pl.Int64))
    new = planted.deals().filter((pl.col("Type") == "New Business") & (pl.col("dollars") > 0))
    new = new.join(accounts, on="AccountId")
    for low, high, median in ((0, 99, 7_500), (100, 999, 24_000), (1_000, 10**9, 85_000)):
        found = new.filter(pl.col("people").is_between(low, high))["dollars"].median()
        assert 0.75 * median < found < 1.3 * median


def test_ordinary_quarters_reach_their_goals_about(planted):
    thin = planted.plant("thin_quarter")["unit"][0]["id"]
    for label in planted.past_quarters:
        if label != thin:
            assert 0.80 <= planted.attainment(label) <= 1.15, label


def test_pipeline_covers_a_typical_goal_three_to_four_times(planted):
    thin = planted.plant("thin_quarter")["unit"][0]["id"]
    found = sorted(planted.coverage(label) for label in planted.past_quarters if label != thin)
    assert 2.9 < found[len(found) // 2] < 4.5


def test_about_a_quarter_of_the_deals_due_slip(planted):
    first, following = "2025-04-01", "2025-07-01"
    history = planted.table("OpportunityHistory").sort("CreatedDate", "Id")

    def state(moment):
        rows = history.filter(pl.col("CreatedDate") < f"{moment}T05")
        return rows.group_by("OpportunityId", maintain_order=True).last()

    due = state(first).filter(
        ~pl.col("StageName").str.starts_with("Closed")
        & (pl.col("CloseDate") >= first)
        & (pl.col("CloseDate") < following)
    )
    ended = due.join(state(following), on="OpportunityId", suffix="_later")
    assert 0.15 < (ended["CloseDate_later"] >= following).mean() < 0.35
    pushes = history.with_columns(before=pl.col("CloseDate").shift(1).over("OpportunityId")).filter(
        (pl.col("CloseDate") > pl.col("before")) & ~pl.col("StageName").str.starts_with("Closed")
    )
    assert pushes.group_by("OpportunityId").len().filter(pl.col("len") >= 3).height > 50


def test_goals_are_complete_and_one_was_changed(sample):
    goals = sample.csv("goals")
    assert goals.columns == [
        "measure",
        "period",
        "scope",
        "scope_value",
        "value",
        "currency",
        "set_on",
        "set_by",
    ]
    company = goals.filter((pl.col("scope") == "company") & (pl.col("measure") == "won_amount"))
    assert set(company["period"]) == {*sample.past_quarters, "2026-Q4", "2027-Q1"}
    assert company["period"].is_duplicated().sum() == 2
    final = sample.won_goals()
    by_segment = (
        goals.filter(pl.col("scope") == "segment").group_by("period").agg(pl.col("value").cast(pl.Float64).sum())
    )
    assert all(final[period] == value for period, value in by_segment.iter_rows())
    assert set(goals.filter(pl.col("scope") == "segment")["scope_value"]) == {
        "Small",
        "Mid-market",
        "Enterprise",
    }
    assert set(goals.filter(pl.col("measure") == "sourced_pipeline")["period"]) == set(final)


def test_every_seller_has_a_quota_in_every_quarter_that_they_were_there(sample):
    sellers = sample.table("User").filter(pl.col("Department") == "Sales")
    quotas = sample.table("ForecastingQuota")
    assert set(quotas["QuotaOwnerId"]) == set(sellers["Id"])
    assert quotas["StartDate"].n_unique() == 10
    active = sellers.filter((pl.col("IsActive") == "1") & (pl.col("CreatedDate") < "2024-10-01"))["Id"]
    assert all(quotas.filter(pl.col("QuotaOwnerId") == user).height == 10 for user in active)


def test_the_mess_of_real_exports_is_there(planted):
    leads, deals = planted.table("Lead"), planted.table("Opportunity")
    assert {"paid search", "Webinar ", "unknown", None} <= set(leads["LeadSource"])
    assert leads["Email"].is_in(["test@test.com", "asdf@asdf.com"]).sum() > 20
    assert leads["Company"].str.starts_with("=HYPERLINK(").sum() == 1
    assert leads["LastName"].str.contains(r"[^\x00-\x7f]").mean() > 0.01
    assert leads["Email"].drop_nulls().is_duplicated().mean() > 0.03
    assert {"", "united states"} <= {text or "" for text in leads["Country"]}
    for name in ("Lead", "Opportunity", "Task", "CampaignMember"):
        assert 0 < (planted.table(name)["IsDeleted"] == "1").mean() < 0.02, name
    assert deals["Description"].str.contains("\n").sum() > 10
    assert deals["Amount"].null_count() > 20
    is_open = pl.col("IsClosed") == "0"
    assert deals.filter(is_open & (pl.col("Amount") == "0.00")).height > 0
    assert deals.filter(is_open & (pl.col("CloseDate") < "2026-11-16")).height > 20
    assert 2 < deals.filter(pl.col("CloseDate") < pl.col("CreatedDate").str.slice(0, 10)).height < 50
    same_day = deals.filter((pl.col("IsWon") == "1") & (pl.col("CloseDate") == pl.col("CreatedDate").str.slice(0, 10)))
    assert same_day.height > 3
    foreign = deals["CurrencyIsoCode"].is_in(["EUR", "GBP"]).mean()
    assert 0.05 < foreign < 0.11
    assert (deals["CurrencyIsoCode"] == "BRL").sum() == 2
    assert deals.filter((pl.col("IsClosed") == "1") & (pl.col("ForecastCategory") == "Pipeline")).height > 0
    assert 1 <= planted.table("Campaign")["ActualCost"].null_count() <= 2


def test_planned_tasks_lie_ahead_and_machines_are_told_apart(sample):
    tasks, users = sample.table("Task"), sample.table("User")
    machine = users.filter(pl.col("Department") == "System")["Id"].item()
    planned = tasks.filter(pl.col("IsClosed") == "0")
    assert (planned["ActivityDate"] > "2026-11-16").any()
    assert planned["CompletedDateTime"].null_count() == len(planned)
    automatic = tasks.filter(pl.col("CreatedById") == machine)
    assert {"ListEmail", "Cadence", "Email"} == set(automatic["TaskSubtype"])
    assert (tasks.filter(pl.col("TaskSubtype") == "ListEmail")["CreatedById"] == machine).all()


def test_hubspot_knows_the_same_people_and_more(planted):
    hubspot = planted.csv("hubspot/hubspot-contacts")
    lead_mails = set(planted.table("Lead")["Email"].drop_nulls().str.to_lowercase())
    mails = hubspot["Email"].drop_nulls().str.to_lowercase()
    known = hubspot["Salesforce Lead ID"].is_in(planted.table("Lead")["Id"].implode())
    assert hubspot["Record ID"].n_unique() == len(hubspot)
    assert not mails.is_duplicated().any()
    assert known.sum() == hubspot["Salesforce Lead ID"].count()
    by_mail_only = hubspot.filter(
        pl.col("Salesforce Lead ID").is_null() & pl.col("Email").str.to_lowercase().is_in(list(lead_mails))
    )
    strangers = hubspot.filter(
        pl.col("Salesforce Lead ID").is_null() & ~pl.col("Email").str.to_lowercase().is_in(list(lead_mails))
    )
    assert 0.05 < len(by_mail_only) / len(hubspot) < 0.2
    assert 0.10 < len(strangers) / len(hubspot) < 0.18
    assert (hubspot["Email"].drop_nulls() != mails).any()
    assert hubspot.filter(pl.col("Email").is_null() & pl.col("Salesforce Lead ID").is_not_null()).height > 0
    contacts = hubspot["Salesforce Contact ID"].drop_nulls()
    assert contacts.is_in(planted.table("Contact")["Id"].implode()).all()
    assert hubspot["Create Date"].str.contains(r"^\d{4}-\d\d-\d\d \d\d:\d\d$").all()
    owners = set(hubspot["Contact owner"].drop_nulls())
    assert owners <= set(planted.table("User")["Name"])
