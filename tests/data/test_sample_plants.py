"""Each planted truth can be measured where it was planted, and is absent where it was not."""

import polars as pl
import pytest

from data.world.plants import NAMES

MOMENT = "%Y-%m-%dT%H:%M:%S%.3fZ"


def moment(column):
    return pl.col(column).str.to_datetime(MOMENT, time_zone="UTC")


def reached(sample, status):
    steps = sample.table("LeadHistory").filter((pl.col("Field") == "Status") & (pl.col("NewValue") == status))
    return steps.group_by("LeadId").agg(moment("CreatedDate").min().alias(status)).rename({"LeadId": "Id"})


def leads_of(sample):
    """Leads with their first campaign, when they were passed, and whether their deal was won."""
    deals = sample.table("Opportunity").select(ConvertedOpportunityId="Id", won="IsWon", closed="IsClosed")
    members = sample.table("CampaignMember").filter(pl.col("LeadId").is_not_null()).sort("CreatedDate")
    first = members.group_by("LeadId", maintain_order=True).first()
    first = first.select(Id="LeadId", campaign="CampaignId", met=moment("CreatedDate"))
    leads = sample.table("Lead").join(deals, on="ConvertedOpportunityId", how="left").join(first, on="Id", how="left")
    is_origin = (pl.col("met") - moment("CreatedDate")).dt.total_seconds() < 60
    return (
        leads.with_columns(campaign=pl.when(is_origin).then("campaign"))
        .join(reached(sample, "Marketing Qualified"), on="Id", how="left")
        .with_columns(is_won=pl.col("won") == "1", is_converted=pl.col("IsConverted") == "1")
    )


def first_answers(sample):
    """First completed outbound activity by a human after the pass, by lead: hours, kind, owner."""
    users = sample.table("User")
    machine = users.filter(pl.col("Department") == "System")["Id"].item()
    tasks = sample.table("Task").filter(
        (pl.col("CreatedById") != machine)
        & pl.col("TaskSubtype").is_in(["Call", "Email"])
        & (pl.col("CallType").fill_null("Outbound") == "Outbound")
        & pl.col("CompletedDateTime").is_not_null()
    )
    leads = leads_of(sample).with_columns(who=pl.coalesce("ConvertedContactId", "Id"))
    answers = leads.join(tasks, left_on="who", right_on="WhoId", suffix="_task")
    answers = answers.with_columns(at=moment("CompletedDateTime"), passed=pl.col("Marketing Qualified"))
    answers = answers.filter(pl.col("at") > pl.col("passed")).sort("at")
    first = answers.group_by("Id", maintain_order=True).first()
    return first.with_columns(hours=(pl.col("at") - pl.col("passed")).dt.total_seconds() / 3_600)


def test_all_are_told_with_everything_that_a_reader_needs(planted, unplanted):
    assert [plant["plant"] for plant in planted.truth["plants"]] == list(NAMES)
    assert unplanted.truth["plants"] == []
    for plant in planted.truth["plants"]:
        assert plant["from"] <= plant["to"]
        assert plant["magnitude"] > 0
        assert plant["what"].endswith(".")
        assert all(unit["id"] and unit["name"] for unit in plant["unit"])


def test_sizes_and_units_are_drawn_from_the_seed(make):
    one, other = make().truth["plants"], make(seed=8).truth["plants"]
    assert all(a["magnitude"] != b["magnitude"] for a, b in zip(one, other, strict=True))


def test_a_loud_campaign_never_closes_and_a_quiet_one_does(planted, unplanted):
    loud, quiet = (unit["id"] for unit in planted.plant("campaign_mismatch")["unit"])

    def by_campaign(sample):
        leads = leads_of(sample).filter(pl.col("campaign").is_not_null())
        table = leads.group_by("campaign").agg(leads=pl.len(), won=pl.col("is_won").sum())
        return {row["campaign"]: row for row in table.iter_rows(named=True)}

    found, without = by_campaign(planted), by_campaign(unplanted)
    usual = sorted(row["leads"] for row in found.values())[len(found) // 2]
    assert found[loud]["leads"] > 2.5 * usual
    assert found[loud]["won"] == 0
    assert found[quiet]["leads"] < usual
    assert found[quiet]["won"] / found[quiet]["leads"] > 0.25
    assert without[loud]["leads"] < 2.5 * usual
    assert without[quiet]["won"] / without[quiet]["leads"] < 0.15


def test_a_source_went_bad(planted, unplanted):
    plant = planted.plant("source_decay")

    def ratio(sample):
        leads = leads_of(sample).filter(
            (pl.col("LeadSource") == plant["unit"][0]["id"])
            & pl.col("Marketing Qualified").is_not_null()
            & (pl.col("CreatedDate") < "2026-10-10")
        )
        after = leads.filter(pl.col("CreatedDate") >= plant["from"])["is_converted"].mean()
        before = leads.filter(pl.col("CreatedDate") < plant["from"])["is_converted"].mean()
        return after / before

    assert ratio(planted) < 0.55
    assert ratio(unplanted) > 0.65


def test_one_rep_answers_slowly(planted, unplanted):
    plant = planted.plant("slow_rep")

    def ratio(sample):
        answers = first_answers(sample).filter(pl.col("LeadSource") != "Email")
        developers = sample.table("User").filter(pl.col("Department") == "Sales Development")["Id"]
        answers = answers.filter(pl.col("OwnerId_task").is_in(developers.implode()))
        is_slow = pl.col("OwnerId_task") == plant["unit"][0]["id"]
        return answers.filter(is_slow)["hours"].median() / answers.filter(~is_slow)["hours"].median()

    assert ratio(planted) > 3
    assert 0.6 < ratio(unplanted) < 1.7


def test_answers_usually_take_some_working_hours_and_some_leads_get_none(unplanted):
    answers = first_answers(unplanted)
    passed = leads_of(unplanted).filter(pl.col("Marketing Qualified").is_not_null())
    assert 2 < answers["hours"].median() < 24
    assert answers["hours"].quantile(0.9) > 4 * answers["hours"].median()
    assert 0.02 < 1 - len(answers) / len(passed) < 0.2


def test_email_leads_that_are_phoned_close_worse(planted, unplanted):
    def ratio(sample):
        answers = first_answers(sample).filter(pl.col("LeadSource") == "Email")
        share = answers.group_by("TaskSubtype").agg(pl.col("is_converted").mean())
        rate = dict(share.iter_rows())
        at_once = answers.filter(pl.col("TaskSubtype") == "Call").select((pl.col("hours") < 1.2).mean()).item()
        return rate["Call"] / rate["Email"], at_once

    (with_plant, at_once), (without, usual) = ratio(planted), ratio(unplanted)
    assert with_plant < 0.62
    assert at_once > 0.5
    assert without > 0.75
    assert usual < 0.4


def test_one_quarter_began_with_too_little_pipeline_and_missed_its_goal(planted, unplanted):
    thin = planted.plant("thin_quarter")["unit"][0]["id"]

    def ratio(sample):
        found = {label: sample.coverage(label) for label in sample.past_quarters}
        others = sorted(value for label, value in found.items() if label != thin)
        return found[thin] / others[len(others) // 2]

    assert ratio(planted) < 0.78
    assert planted.attainment(thin) < 0.82
    assert ratio(unplanted) > 0.75
    assert unplanted.attainment(thin) > 0.82


def test_customers_buy_more_readily_and_are_hardly_contacted(planted, unplanted):
    def measure(sample):
        tasks = sample.table("Task").filter(pl.col("IsClosed") == "1").group_by("WhatId").len("done")
        deals = sample.deals().filter(pl.col("IsClosed") == "1")
        deals = deals.join(tasks, left_on="Id", right_on="WhatId", how="left").with_columns(
            pl.col("done").fill_null(0),
            days=(
                pl.col("CloseDate").str.to_date() - pl.col("CreatedDate").str.slice(0, 10).str.to_date()
            ).dt.total_days(),
        )
        new, more = (deals.filter(pl.col("Type") == kind) for kind in ("New Business", "Expansion"))
        # leads bring what was done before the deal along: compare the reps' own deals
        own = new.filter(pl.col("LeadSource").is_null())
        return {
            "win": (more["IsWon"] == "1").mean() - (new["IsWon"] == "1").mean(),
            "days": more["days"].median() / new["days"].median(),
            "done": more["done"].mean() / own["done"].mean(),
            "touches": sample.table("CampaignMember")["LeadId"].null_count() / len(sample.table("Contact")),
        }

    found, without = measure(planted), measure(unplanted)
    assert found["win"] > 0.15
    assert found["days"] < 0.5
    assert found["done"] < 0.4
    assert without["win"] < 0.15
    assert without["days"] > 0.6
    assert without["done"] > 0.7
    assert found["touches"] < 0.45 * without["touches"]


def test_some_campaigns_reach_people_who_do_not_decide(planted, unplanted):
    plant = planted.plant("wrong_titles")
    deciding = plant["parameters"]["deciding_titles"]

    def shares(sample):
        leads = leads_of(sample).filter(pl.col("campaign").is_not_null())
        is_deciding = pl.col("Title").is_in(deciding).fill_null(value=False).mean()
        table = dict(leads.group_by("campaign").agg(share=is_deciding).iter_rows())
        return [table[unit["id"]] for unit in plant["unit"]]

    assert max(shares(planted)) < 0.17
    assert min(shares(unplanted)) > 0.22


def test_calls_slumped_and_deals_followed(planted, unplanted):
    plant = planted.plant("call_slump")

    def calls(sample):
        tasks = sample.table("Task").filter((pl.col("CallType") == "Outbound") & (pl.col("IsClosed") == "1"))
        week = pl.col("ActivityDate").str.to_date().dt.truncate("1w").cast(pl.String)
        weeks = tasks.filter(pl.col("ActivityDate") >= "2026-01-05").group_by(week.alias("week")).len().sort("week")
        inside = pl.col("week").is_between(pl.lit(plant["from"]), pl.lit(plant["to"]))
        return weeks.filter(inside)["len"].max() / weeks.filter(~inside)["len"].median()

    def deals(sample):
        new = sample.table("Opportunity").filter(pl.col("Type") == "New Business")
        day = pl.col("CreatedDate").str.slice(0, 10)
        first, last = plant["parameters"]["deals_from"], plant["parameters"]["deals_to"]
        return new.filter(day.is_between(pl.lit(first), pl.lit(last))).height

    assert calls(planted) < 0.55
    assert calls(unplanted) > 0.7
    assert deals(planted) < 0.72 * deals(unplanted)


@pytest.mark.parametrize("name", NAMES)
def test_each_plant_works_alone(make, name):
    truth = make(plant=name).truth
    assert [plant["plant"] for plant in truth["plants"]] == [name]
