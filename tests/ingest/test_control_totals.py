"""Real exports with totals that others counted: read through the shipped examples, to the last row."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ingest import Options, import_exports
from queries import run
from tests.conftest import EXAMPLES, Ask

Real = Callable[[str], Ask]


def test_olist_leads_and_wins_by_origin(real: Real) -> None:
    ask = real("olist_funnel")
    found = ask("lead_to_close", dimension="source", as_of="2018-12-01")
    assert dict(zip(found["dimension_value"], zip(found["won"], found["leads"], strict=True), strict=True)) == {
        "paid_search": (195, 1586),
        "organic_search": (271, 2296),
        "social": (75, 1350),
        "unknown": (179, 1099),
        "direct_traffic": (56, 499),
        "email": (15, 493),
        "referral": (24, 284),
        "other": (4, 150),
        "display": (6, 118),
        "other_publicities": (3, 65),
        None: (14, 60),
    }
    whole = ask("lead_to_close", as_of="2018-12-01").row(0, named=True)
    assert (whole["won"], whole["leads"], whole["median_days"]) == (842, 8000, 14.0)
    assert whole["won_amount"] is None  # the amounts are not published


def test_olist_odd_deals_and_longest_wait(real: Real) -> None:
    ask = real("olist_funnel")
    assert ask("finding_records", finding="won_before_lead").height == 1
    assert ask("lead_survival", as_of="2018-12-01").filter(pl.col("won") > 0)["day"].max() == 427
    assert ask("freshness")["newest_date"][0] == date(2018, 11, 14)


def test_olist_people(real: Real) -> None:
    ask = real("olist_funnel")
    assert ask("win_rate", dimension="owner").height == 22  # the sales reps; 32 others qualified the leads
    assert ask("win_rate").select("won", "lost", "rate").row(0) == (842, 0, None)  # no loss was published


def test_olist_with_us_dates_says_the_same_of_the_deals_it_holds(
    real: Real, real_exports: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = real_exports / "olist_funnel"
    monkeypatch.setenv("SAME_PAGE_HOME", str(home))
    report = import_exports(
        [folder / "olist_marketing_qualified_leads_dataset.csv", folder / "variant_us_dates_closed_deals.csv"],
        Options(mapping=EXAMPLES / "olist_funnel.toml"),
    )
    deals = next(file for file in report.files if file.object == "Closed deals")
    assert (deals.date_order, deals.rows_read, deals.loaded) == ("mdy", 380, 380)
    variant = run("outcome_records").select("record_id", "close_date").sort("record_id")
    whole = real("olist_funnel")("outcome_records").select("record_id", "close_date")
    assert variant.equals(whole.filter(pl.col("record_id").is_in(variant["record_id"].implode())).sort("record_id"))


def test_maven_win_rate(real: Real) -> None:
    ask = real("maven_crm")
    row = ask("win_rate").row(0, named=True)
    assert (row["won"], row["lost"], row["won_amount"]) == (4238, 2473, 10_005_534)
    assert row["rate_by_value"] is None  # every lost deal carries 0


def test_maven_open_deals_and_products(real: Real) -> None:
    ask = real("maven_crm")
    stages = ask("pipeline_records", kind="open")["stage"].value_counts().sort("stage").rows()
    assert stages == [("Engaging", 1589), ("Prospecting", 500)]
    products = {
        row["dimension_value"]: row["won"] for row in ask("win_rate", dimension="product").iter_rows(named=True)
    }
    assert "GTX Pro" in products  # 1,480 rows write it GTXPro
    assert "GTXPro" not in products
    blank = ask("pipeline_records", kind="open").filter(pl.col("account").is_null()).height
    blank += ask("outcome_records").filter(pl.col("account").is_null()).height
    assert blank == 1425
    assert ask("filter_values").filter(pl.col("filter") == "owner")["value"].drop_nulls().len() == 30


def test_maven_has_no_leads_so_it_says_nothing_of_them(real: Real) -> None:
    assert real("maven_crm")("lead_to_close").is_empty()


def test_marketstar_opportunities_by_source_with_outcomes_unknown(real: Real) -> None:
    found = real("marketstar_sdr")("lead_to_close", dimension="source")
    assert found.select("dimension_value", "leads", "opportunities", "won", "rate").rows() == [
        ("Web Registration", 27175, 899, None, None),
        ("Purchased List", 9743, 65, None, None),
        ("Trade Shows and Events", 6115, 97, None, None),
    ]
    assert found["sal"].sum() == 697  # accepted, of 1,061 passed
    assert found["mql"].sum() == 1061


def test_marketstar_quarters_against_both_quotas(real: Real) -> None:
    found = real("marketstar_sdr")("goal_progress")
    by_measure = {
        measure[0]: group.select("goal", "actual").rows()
        for measure, group in found.sort("period_start").group_by(["measure"], maintain_order=True)
    }
    created = [34, 57, 98, 126, 188, 268, 290, 0]
    quotas = [None, 50, 100, 175, 200, 250, 250, 250]
    assert by_measure["opportunity_count"] == list(zip(quotas, created, strict=True))
    accepted = ["67937.96", "197437.76", "236191.79", "382217.75", "551325.11", "843451.03", "702096.66", "33573.51"]
    amounts = [None, 200_000, 300_000, 400_000, 500_000, 800_000, 800_000, 800_000]
    assert by_measure["accepted_amount"] == list(zip(amounts, map(Decimal, accepted), strict=True))


def test_marketstar_negative_amounts_are_named(real: Real) -> None:
    found = {row["finding"]: row["records"] for row in real("marketstar_sdr")("import_findings").iter_rows(named=True)}
    assert found == {"no_status": 1061, "negative_amount": 4}


def test_salesforce_demo_org(real_exports: Path, home: Path) -> None:
    report = import_exports([real_exports / "salesforce_dev_org"])
    loaded = {file.object: file.loaded for file in report.files if file.outcome == "imported"}
    assert loaded == {"Account": 18, "Contact": 25, "Lead": 22, "Opportunity": 36, "OpportunityHistory": 48}
    assert [file.file for file in report.files if file.outcome == "not recognised"] == [
        "salesforce_dev_org/OpportunityHistoryGroup.csv"
    ]
    assert run("win_rate").select("won", "lost").row(0) == (12, 8)
    assert run("lead_to_close").select("leads", "opportunities").row(0) == (22, 5)
    assert {file.date_order for file in report.files if file.object == "Opportunity"} == {"mdy"}
    # The history begins with the record, so nothing of the past is assumed.
    assert run("freshness")["history_from"][0] == date(2026, 2, 23)


def test_fivetran_seeds_in_snake_case_are_known(real_exports: Path, home: Path) -> None:
    folder = real_exports / "fivetran_seeds" / "dbt_salesforce"
    report = import_exports([folder])
    known = {file.file.split("/")[-1]: file.object for file in report.files if file.outcome == "imported"}
    assert known["sf_opportunity_data.csv"] == "Opportunity"
    assert known["sf_lead_data.csv"] == "Lead"
    # That tool's "history" holds versions of the record itself, not Salesforce's history of stages.
    assert known["sf_opportunity_history_data.csv"] == "Opportunity"
    assert known["sf_account_data.csv"] == "Account"
    for file in report.files:
        assert file.rows_read == file.loaded + file.rejected + sum(file.skipped.values())
