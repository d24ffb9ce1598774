"""Every number of the hand-worked company, reckoned by hand (tests/golden; export of 15 May 2026, New York days).

Deals, as they stood on 15 May: D1 won 1,200.01 on 10 Apr (two leads behind it, L1 and L7); D2 open 5,000 due 20 Jun;
D3 open 20,000 due 30 Jun; D4 open 800, overdue since 1 May; D5 lost 4,000 on 20 Apr; D6 open 1,000 EUR (1,080 USD)
due 30 May; D7 open without an amount; D8 open 9,000 BRL, which has no rate; D9 won 3,000 on 10 Feb; D10 was deleted
on 10 May. Goals for 2026-Q2: company 10,000 (9,000 before), Ann 6,000, Bo 4,000, Small 2,000.
"""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from scipy.stats import binomtest

from tests.conftest import Ask

Q2 = {"period": "2026-Q2"}


def rows(frame: pl.DataFrame, *columns: str) -> dict[str | None, tuple]:
    """Return the columns of each row by its dimension value."""
    return {row["dimension_value"]: tuple(row[name] for name in columns) for row in frame.iter_rows(named=True)}


def test_coverage_of_the_company(golden: Ask) -> None:
    row = golden("funnel_coverage", **Q2).row(0, named=True)
    assert row["goal"] == 10_000  # the later of two versions
    assert (row["won_amount"], row["won_count"]) == (Decimal("1200.01"), 1)  # D1; D9 was won before
    assert (row["open_amount"], row["open_count"]) == (26_080, 5)  # D2 5,000 + D3 20,000 + D6 1,080 + D7, D8 nothing
    assert (row["overdue_amount"], row["overdue_count"]) == (800, 1)  # D4
    assert row["without_amount_count"] == 2  # D7, D8
    assert (row["undated_count"], row["unmapped_count"], row["assumed_count"]) == (0, 0, 0)
    assert row["coverage_to_go"] == pytest.approx(26_080 / 8_799.99)
    assert row["coverage_full"] == pytest.approx(27_280.01 / 10_000)
    assert (row["band_low"], row["band_high"], row["verdict"]) == (3.0, 5.0, "thin")
    assert row["missing_amount"] == Decimal("319.97")  # 3 x 8,799.99 - 26,080


def test_coverage_as_it_was_a_month_before(golden: Ask) -> None:
    row = golden("funnel_coverage", as_of="2026-04-15", **Q2).row(0, named=True)
    # D2 5,000, D3 20,000, D4 800 (due 1 May, so not yet overdue), D5 4,000 (then due 30 Apr), D10 700 (not yet deleted)
    assert (row["open_amount"], row["open_count"]) == (30_500, 5)
    assert (row["won_amount"], row["overdue_count"]) == (Decimal("1200.01"), 0)


def test_coverage_before_a_push_and_before_the_amount_changed(golden: Ask) -> None:
    # On 19 Mar D1 stood at 1,000 and D2 was still due on 31 Mar; D4 and D5 were open as well.
    row = golden("funnel_coverage", as_of="2026-03-19", period="2026-Q1").row(0, named=True)
    assert (row["open_amount"], row["open_count"]) == (5_000, 1)  # D2
    row = golden("funnel_coverage", as_of="2026-03-19", **Q2).row(0, named=True)
    assert (row["open_amount"], row["open_count"]) == (5_800, 3)  # D1 1,000, D4 800, D5 4,000


def test_coverage_by_owner_judges_each_by_an_own_goal(golden: Ask) -> None:
    found = rows(
        golden("funnel_coverage", dimension="owner", **Q2),
        "goal",
        "won_amount",
        "open_amount",
        "verdict",
        "missing_amount",
    )
    assert found == {
        "Ann Lee": (6_000, Decimal("1200.01"), 20_000, "inside", 0),  # 20,000 / 4,799.99 = 4.2
        "Bo Kim": (4_000, 0, 6_080, "thin", 5_920),  # 6,080 / 4,000 = 1.5; 3 x 4,000 - 6,080
    }


def test_coverage_by_segment_uses_the_segments_band(golden: Ask) -> None:
    found = rows(golden("funnel_coverage", dimension="segment", **Q2), "goal", "open_amount", "band_low", "verdict")
    assert found == {
        "Small": (2_000, None, 3.0, None),  # D7, the only one due, has no amount; D4 is overdue
        "Mid-market": (None, 5_000, 3.0, None),
        "Enterprise": (None, 21_080, 4.0, None),
    }


def test_a_filtered_pipeline_is_never_judged_by_the_company_goal(golden: Ask) -> None:
    by_source = golden("funnel_coverage", source=["Web"], **Q2).row(0, named=True)
    assert (by_source["goal"], by_source["coverage_to_go"], by_source["verdict"]) == (None, None, None)
    by_owner = golden("funnel_coverage", owner=["Bo Kim"], **Q2).row(0, named=True)
    assert (by_owner["goal"], by_owner["open_amount"]) == (4_000, 6_080)
    both = golden("funnel_coverage", owner=["Bo Kim"], segment=["Small"], **Q2).row(0, named=True)
    assert both["goal"] is None


def test_coverage_by_month(golden: Ask) -> None:
    found = rows(golden("funnel_coverage", dimension="month", **Q2), "won_amount", "open_amount", "overdue_amount")
    assert found["2026-04"] == (Decimal("1200.01"), 0, 0)
    assert found["2026-05"] == (0, 1_080, 800)
    assert found["2026-06"] == (0, 25_000, 0)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("due", {"D2 Bolt", "D3 Core", "D6 Core", "D7 Acme", "D8 Core"}),
        ("won", {"D1 Acme"}),
        ("overdue", {"D4 Acme"}),
        ("without_amount", {"D7 Acme", "D8 Core"}),
        ("undated", set()),
        ("unmapped", set()),
        ("assumed", set()),
        ("open", {"D2 Bolt", "D3 Core", "D4 Acme", "D6 Core", "D7 Acme", "D8 Core"}),
    ],
)
def test_pipeline_records(golden: Ask, kind: str, names: set[str]) -> None:
    assert set(golden("pipeline_records", kind=kind, **Q2)["name"]) == names


def test_a_record_names_its_file_and_line(golden: Ask) -> None:
    won = golden("pipeline_records", kind="won", **Q2).row(0, named=True)
    assert (won["file"], won["line"], won["record_id"]) == ("salesforce/Opportunity.csv", 2, "006000000000001")
    # D1's description runs over two lines, so D2 stands on line 4.
    due = golden("pipeline_records", owner=["Bo Kim"], segment=["Mid-market"], **Q2).row(0, named=True)
    assert (due["name"], due["line"]) == ("D2 Bolt", 4)


def test_lead_to_close_by_source(golden: Ask) -> None:
    columns = ("leads", "mql", "sal", "sql", "opportunities", "won", "won_amount", "median_days")
    assert rows(golden("lead_to_close", dimension="source"), *columns) == {
        # L1 won after 49 days, L2 rejected, L3 (written `web`) converted without a stage between.
        "Web": (3, 3, 2, 2, 2, 1, Decimal("1200.01"), 49.0),
        # L4 rejected, recycled, accepted; L5 open; L7 the second lead on D1, whose amount counts once, with L1.
        "Event": (3, 2, 2, 1, 1, 1, 0, 44.0),
        None: (1, 0, 0, 0, 0, 0, 0, None),  # L6
        "Direct Traffic": (1, 1, 0, 0, 0, 0, 0, None),  # known to HubSpot alone
    }


def test_lead_to_close_in_all(golden: Ask) -> None:
    row = golden("lead_to_close").row(0, named=True)
    assert (row["leads"], row["won"], row["won_amount"]) == (8, 2, Decimal("1200.01"))
    assert row["rate"] == 0.25
    reference = binomtest(2, 8).proportion_ci(method="wilson")
    assert (row["rate_low"], row["rate_high"]) == pytest.approx((reference.low, reference.high), abs=1e-9)
    assert row["is_small"] is True


def test_lead_to_close_before_a_lead_came_that_far(golden: Ask) -> None:
    found = rows(golden("lead_to_close", dimension="source", as_of="2026-04-15"), "leads", "mql", "sal", "won")
    assert found["Event"] == (3, 2, 1, 1)  # L4 was rejected and recycled, not yet accepted
    assert found["Web"] == (3, 2, 1, 1)  # L3 converted only on 20 Apr


def test_lead_to_close_within_so_many_days(golden: Ask) -> None:
    # At least 42 days old on 15 May: L1 (84), L7 (79), L2 (43), L3 (42). Won within 42 days: none; within 45: L7.
    assert golden("lead_to_close_within", days=42).select("leads", "won").row(0) == (4, 0)
    assert golden("lead_to_close_within", days=45).select("leads", "won").row(0) == (2, 1)
    assert golden("lead_records", days=45, stage="won")["record_id"].to_list() == ["00Q000000000007"]


def test_lead_funnel_of_a_cohort(golden: Ask) -> None:
    found = golden("lead_funnel", **Q2)
    assert found.select("stage", "reached").rows() == [
        ("lead", 6),  # L2, L3, L4, L5, L6, and HubSpot's own
        ("mql", 4),  # L2, L3, L4, HubSpot's own
        ("sal", 2),  # L3, L4
        ("sql", 1),  # L3
        ("opportunity", 1),
        ("won", 0),
    ]
    assert found["of_previous"].to_list() == [None, 4 / 6, 0.5, 0.5, 1.0, 0.0]
    # Recorded moments alone: lead to MQL took 1 (L2), 2 (L4) and 2 (HubSpot's) days; MQL to SAL 15 (L4, first pass to
    # the acceptance of the second).
    assert found["median_days"].to_list() == [None, 2.0, 15.0, None, None, None]


def test_lead_records_of_a_stage(golden: Ask) -> None:
    accepted = golden("lead_records", stage="sal", **Q2)
    assert set(accepted["record_id"]) == {"00Q000000000003", "00Q000000000004"}
    unnamed = golden("lead_records", dimension="source", dimension_value=[""])
    assert unnamed["record_id"].to_list() == ["00Q000000000006"]
    assert unnamed["created_date"].to_list() == [date(2026, 5, 14)]  # 2:00 UTC is the evening before in New York


def test_one_human_is_one_entry(golden: Ask) -> None:
    leads = golden("lead_records")["record_id"].to_list()
    # 101 is L2 (same e-mail in other capitals), 104 is L4 (HubSpot keeps its id), 103 never became a lead.
    assert "102" in leads
    assert not {"101", "103", "104"} & set(leads)


def test_win_rate(golden: Ask) -> None:
    row = golden("win_rate", **Q2).row(0, named=True)
    assert (row["won"], row["lost"], row["rate"]) == (1, 1, 0.5)
    assert (row["won_amount"], row["lost_amount"]) == (Decimal("1200.01"), 4_000)
    assert row["rate_by_value"] == pytest.approx(1200.01 / 5200.01)
    assert row["median_cycle_days"] == 40.0  # 1 Mar to 10 Apr
    assert row["rate_low"] == pytest.approx(binomtest(1, 2).proportion_ci(method="wilson").low, abs=1e-9)
    everything = golden("win_rate").row(0, named=True)
    assert (everything["won"], everything["lost"]) == (2, 1)
    earlier = golden("win_rate", as_of="2026-04-15").row(0, named=True)
    assert (earlier["won"], earlier["lost"]) == (2, 0)


def test_win_rate_by_business_type(golden: Ask) -> None:
    found = rows(golden("win_rate", dimension="business_type"), "won", "lost")
    assert found == {"new": (1, 1), "renewal": (1, 0)}


def test_outcome_records(golden: Ask) -> None:
    assert set(golden("outcome_records", **Q2)["name"]) == {"D1 Acme", "D5 Bolt"}
    assert golden("outcome_records", outcome="won", view="sourced_by_field")["name"].to_list() == ["D1 Acme"]


def test_goal_progress(golden: Ask) -> None:
    found = {
        (row["measure"], row["scope"], row["scope_value"]): row
        for row in golden("goal_progress", **Q2).iter_rows(named=True)
    }
    company = found["won_amount", "company", None]
    assert (company["goal"], company["actual"], company["remaining"]) == (
        10_000,
        Decimal("1200.01"),
        Decimal("8799.99"),
    )
    assert (company["version_count"], company["set_by"], company["origin"]) == (2, "finance", "imported")
    # No past quarters: a straight line, 45 of 91 days.
    assert (company["expected_basis"], company["expected_share"]) == ("straight line", pytest.approx(45 / 91))
    assert company["pace"] == pytest.approx(0.120001 / (45 / 91))
    assert found["won_amount", "owner", "Ann Lee"]["actual"] == Decimal("1200.01")
    assert found["won_amount", "owner", "Bo Kim"]["actual"] == 0
    assert found["won_amount", "segment", "Small"]["actual"] == Decimal("1200.01")
    # The leads that the funnel counts: L2 on 3 Apr, L4 on 6 Apr (its second pass is the same lead), HubSpot's own on
    # 12 Apr, L3 at the latest when it was converted on 20 Apr.
    assert found["mql_count", "company", None]["actual"] == 4


def test_a_goal_that_was_typed_in_later_takes_the_place_of_the_imported(golden: Ask) -> None:
    typed = pl.DataFrame(
        {
            "measure": ["won_amount"],
            "period_start": [date(2026, 4, 1)],
            "period_end": [date(2026, 7, 1)],
            "scope": ["company"],
            "scope_value": [None],
            "value": [Decimal(12_000)],
            "set_at": [datetime(2026, 5, 1)],
            "set_by": ["Di Ray"],
        }
    )
    row = golden("funnel_coverage", inputs={"goals": typed}, **Q2).row(0, named=True)
    assert row["goal"] == 12_000
    goal = golden("goals_in_force", inputs={"goals": typed}).filter(pl.col("scope") == "company", measure="won_amount")
    assert goal.select("value", "version_count", "origin", "set_by").row(0) == (12_000, 3, "typed in", "Di Ray")


def test_goal_by_day(golden: Ask) -> None:
    found = golden("goal_by_day", **Q2)
    assert found.height == 91
    by_day = {row["day"]: row for row in found.iter_rows(named=True)}
    assert by_day[date(2026, 4, 9)]["actual_to_date"] == 0
    assert by_day[date(2026, 4, 10)]["actual_to_date"] == Decimal("1200.01")
    assert by_day[date(2026, 5, 15)]["actual_to_date"] == Decimal("1200.01")
    assert by_day[date(2026, 5, 16)]["actual_to_date"] is None
    assert by_day[date(2026, 6, 30)]["on_track"] == 10_000


def test_sourced_and_influenced(golden: Ask) -> None:
    found = golden("sourced_and_influenced", period="2026-Q1").select("view", "deals", "amount").rows()
    # D9 alone: a renewal with no source and no touch.
    assert found[0] == ("won", 1, 3_000)
    assert [deals for _, deals, _ in found[1:]] == [0, 0, 0, 0, 0]
    second = golden("sourced_and_influenced", **Q2)
    # D1: source Web; L1 answered on 19 Feb, before the call of 22 Feb and the deal of 1 Mar.
    assert second["deals"].to_list() == [1, 1, 1, 1, 1, 1]
    assert second.filter(pl.col("is_company_test"))["view"].to_list() == ["sourced_by_field"]


def test_campaigns_linear(golden: Ask) -> None:
    found = {row["dimension_value"]: row for row in golden("campaign_effectiveness").iter_rows(named=True)}
    webinar, mailing, none = found["Spring Webinar"], found["Big Mailing"], found["No touch recorded"]
    # D1's 1,200.01 over three touches: 400.01 to the first (the odd cent), 400.00 to each of the others.
    assert (webinar["won_amount"], mailing["won_amount"], none["won_amount"]) == (Decimal("400.01"), 800, 3_000)
    assert (webinar["won"], mailing["won"], none["won"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3), 1)
    assert (webinar["cost"], webinar["touches"], webinar["responses"]) == (500, 2, 2)
    assert (mailing["cost"], mailing["touches"], mailing["responses"]) == (1_000, 3, 2)
    assert (webinar["leads"], webinar["mql"], webinar["opportunities"]) == (2, 2, 1)  # L1, L4
    assert (mailing["leads"], mailing["mql"]) == (0, 0)
    assert webinar["cost_per_lead"] == 250
    assert webinar["roi"] == pytest.approx((400.01 - 500) / 500)
    assert mailing["roi"] == pytest.approx(-0.2)
    assert none["roi"] is None
    assert webinar["days_running"] == 103  # 1 Feb to 15 May
    assert "Summer Fair" not in found  # it has not begun
    yet = golden("campaign_effectiveness").filter(pl.col("kind") == "yet to start")
    assert yet.select("campaigns", "cost", "leads", "won", "won_amount").row(0) == (1, None, None, None, None)
    assert (
        dict(golden("campaign_effectiveness").select("dimension_value", "leads_won").rows())["Spring Webinar"] == 1
    )  # L1


@pytest.mark.parametrize(
    ("model", "webinar", "mailing"), [("first", Decimal("1200.01"), 0), ("last", 0, Decimal("1200.01"))]
)
def test_campaigns_by_first_and_last_touch(golden: Ask, model: str, webinar: Decimal, mailing: Decimal) -> None:
    found = rows(golden("campaign_effectiveness", model=model), "won_amount")
    assert (found["Spring Webinar"], found["Big Mailing"]) == ((webinar,), (mailing,))


def test_campaigns_of_a_period_keep_the_rest_in_a_row(golden: Ask) -> None:
    found = rows(
        golden("campaign_effectiveness", period_start="2026-03-01", period_end="2026-04-01"), "kind", "won_amount"
    )
    assert found == {
        "Big Mailing": ("campaign", 800),
        "Campaigns outside the period": ("outside the period", Decimal("400.01")),
        "No touch recorded": ("no touch recorded", 3_000),
        "Campaigns yet to start": ("yet to start", None),  # Summer Fair
    }


def test_cost_is_a_dash_under_a_filter_on_people(golden: Ask) -> None:
    found = rows(golden("campaign_effectiveness", segment=["Small"]), "cost", "roi", "won_amount")
    assert found["Spring Webinar"] == (None, None, Decimal("400.01"))


def test_campaign_credit_records(golden: Ask) -> None:
    found = golden("campaign_credit_records")
    assert found.select("campaign", "amount").rows() == [
        ("Spring Webinar", Decimal("400.01")),
        ("Big Mailing", 400),
        ("Big Mailing", 400),
        ("No touch recorded", 3_000),
    ]


def test_lead_survival(golden: Ask) -> None:
    found = golden("lead_survival").select("day", "won", "censored").rows()
    # HubSpot's own 35, L5 40, L4 41, L3 42, L2 43 days without a win; L7 won after 44, L1 after 49; L6 1 day.
    assert found == [
        (1, 0, 1),
        (35, 0, 1),
        (40, 0, 1),
        (41, 0, 1),
        (42, 0, 1),
        (43, 0, 1),
        (44, 1, 0),
        (49, 1, 0),
    ]


def test_freshness(golden: Ask) -> None:
    row = golden("freshness").row(0, named=True)
    assert row["newest_date"] == date(2026, 5, 15)
    assert row["history_from"] == date(2026, 1, 5)  # the first day that a deal was open, all of it recorded
    assert (row["leads"], row["deals"]) == (8, 10)


def test_snapshots(golden: Ask) -> None:
    found = {row["crm"]: row for row in golden("snapshots").iter_rows(named=True)}
    assert found["Salesforce"]["snapshot_date"] == date(2026, 5, 15)
    assert found["Salesforce"]["basis"] == "newest change in the export"


def test_findings(golden: Ask) -> None:
    found = {row["finding"]: row["records"] for row in golden("import_findings").iter_rows(named=True)}
    # D7, D8, D10; and the two quotas that name April 1st and not how long their period is.
    assert found == {"no_amount": 1, "no_rate": 1, "deleted_deal": 1, "goal_period_guessed": 2}
    assert golden("finding_records", finding="no_rate")["what"].to_list() == ["D8 Core"]


def test_import_accounts(golden: Ask) -> None:
    files = golden("import_files")
    assert (files["rows_read"] == files["loaded"] + files["rejected"] + files["skipped"]).all()
    opportunities = files.filter(pl.col("object") == "Opportunity").row(0, named=True)
    assert (opportunities["rows_read"], opportunities["loaded"], opportunities["skipped"]) == (10, 9, 1)
    skips = {(row["file"], row["reason"]): row["skipped"] for row in golden("import_skips").iter_rows(named=True)}
    assert skips["salesforce/Lead.csv", "the CRM marks it as deleted"] == 1
    assert skips["salesforce/LeadHistory.csv", "not asked for: Field is something else"] == 1
    assert golden("import_rejects").is_empty()


def test_fiscal_periods(golden: Ask) -> None:
    found = {
        row["period"]: (row["period_start"], row["period_end"])
        for row in golden("fiscal_periods").iter_rows(named=True)
    }
    assert found["2026-Q2"] == (date(2026, 4, 1), date(2026, 7, 1))
    assert found["2026"] == (date(2026, 1, 1), date(2027, 1, 1))
    assert found["2026-02"] == (date(2026, 2, 1), date(2026, 3, 1))


def test_filter_values(golden: Ask) -> None:
    found = golden("filter_values")
    sources = found.filter(pl.col("filter") == "source")["value"].to_list()
    assert sources == ["Direct Traffic", "Event", "Web", None]


def test_what_is_left_out(golden: Ask) -> None:
    # D8, 9,000 BRL, is open and has no rate; nothing is of unknown stage.
    assert golden("left_out", of="pipeline", **Q2).rows() == [("no_rate", "BRL", 1, 9000.0)]
    assert golden("left_out", of="deals", **Q2).is_empty()  # no decided deal is in BRL
    assert golden("left_out", of="leads", **Q2).is_empty()


def test_currencies(golden: Ask) -> None:
    found = golden("currencies").select("currency", "rate", "deals").rows()
    assert found == [("BRL", None, 1), ("EUR", Decimal("1.080000"), 1), ("USD", Decimal("1.000000"), 7)]  # not D10


def test_what_stages_and_statuses_mean(golden: Ask) -> None:
    found = {
        (r["kind"], r["word"]): (r["meaning"], r["records"]) for r in golden("word_meanings").iter_rows(named=True)
    }
    assert found["stage", "Closed Won"] == ("won", 2)  # D1, D9
    assert found["stage", "Closed Lost"] == ("lost", 1)  # D5
    assert golden("word_records", word="closed won").height == 2


def test_values_under_other_names(golden: Ask) -> None:
    assert golden("value_suggestions").select("field", "theirs", "ours", "records").rows() == [
        ("source", "web", "Web", 2)
    ]
    assert golden("value_names").is_empty()
    records = golden("lead_records").drop_nulls("as_exported")
    assert set(records["as_exported"]) == {"source web"}
    assert set(records["source"]) == {"Web"}
