"""Lead to close of the hand-worked company, reckoned by hand (its facts: test_golden.py and tests/golden).

Passes to sales by 15 May 2026: L1 on 22 Feb (accepted on 23 Feb), L2 on 3 Apr (rejected on 5 Apr: No budget), L4 on 6 Apr
(rejected on 8 Apr: Bad timing; recycled on 10 Apr) and again on 20 Apr (accepted on 21 Apr), and HubSpot's own on 12 Apr
(undecided). One call was made, to L1, an hour after its pass. L1 and L7 became D1, won on 10 Apr; L3 became D6 on 20 Apr.
"""

from datetime import date, datetime
from decimal import Decimal

import pytest
from scipy.stats import binomtest

from tests.conftest import Ask

Q2 = {"period": "2026-Q2"}
L = "00Q00000000000"


def test_times_between_stages_say_how_many_stand_behind_them(golden: Ask) -> None:
    found = golden("lead_funnel", **Q2)
    # Lead to MQL took 1, 2 and 2 days; MQL to SAL 15 (L4 alone); nothing later has both of its moments.
    assert found["p90_days"].to_list() == [None, 2.0, 15.0, None, None, None]
    assert found["timed"].to_list() == [None, 3, 1, 0, 0, 0]


def test_the_funnel_of_the_period_counts_other_people(golden: Ask) -> None:
    found = golden("lead_funnel_of_period", **Q2)
    assert found.select("stage", "reached").rows() == [
        ("lead", 6),
        ("mql", 4),  # L2, L4, HubSpot's own; L3 by its deal on 20 Apr
        ("sal", 2),  # L4, L3
        ("sql", 1),
        ("opportunity", 1),  # L3
        ("won", 2),  # L1 and L7, created in February
    ]
    assert found["of_previous"].to_list() == [None, 4 / 6, 0.5, 0.5, 1.0, 2.0]
    assert found["of_leads"].to_list()[-1] == 2 / 6
    opened = golden("lead_records", basis="period", stage="won", **Q2)
    assert set(opened["record_id"]) == {f"{L}1", f"{L}7"}


def test_cohorts_are_blank_until_their_youngest_lead_is_old_enough(golden: Ask) -> None:
    found = {(row["cohort"], row["days"]): row for row in golden("lead_cohorts").iter_rows(named=True)}
    february, april = date(2026, 2, 1), date(2026, 4, 1)
    # L1 was won after 49 days, L7 after 44; 28 Feb is 60 days before 29 Apr, and 90 before 29 May.
    assert [(found[february, days]["reached"], found[february, days]["rate"]) for days in (30, 60, 90)] == [
        (0, 0.0),
        (2, 1.0),
        (None, None),
    ]
    assert found[february, 90]["mature_on"] == date(2026, 5, 29)
    assert found[february, 60]["low"] == pytest.approx(binomtest(2, 2).proportion_ci(method="wilson").low, abs=1e-9)
    assert (found[april, 30]["leads"], found[april, 30]["is_mature"], found[april, 30]["rate"]) == (5, False, None)
    later = {row["days"]: row["reached"] for row in golden("lead_cohorts", as_of="2026-05-29").iter_rows(named=True)}
    assert set(later) == {30, 60, 90, 180, 365}
    quarters = golden("lead_cohorts", grain="quarter", stage="mql")
    assert quarters.filter(days=30, cohort=date(2026, 1, 1)).select("leads", "reached").row(0) == (2, 2)  # by 1 Mar


def test_a_cell_of_the_cohorts_opens_to_its_leads(golden: Ask) -> None:
    opened = golden("lead_records", stage="won", days=60, period_start="2026-02-01", period_end="2026-03-01")
    assert set(opened["record_id"]) == {f"{L}1", f"{L}7"}
    assert golden("lead_records", stage="won", days=30, period_start="2026-02-01", period_end="2026-03-01").is_empty()


def test_leads_lately(golden: Ask) -> None:
    row = golden("lead_change", days=30).row(0, named=True)
    assert (row["before_start"], row["lately_start"], row["lately_end"]) == (
        date(2024, 11, 16),
        date(2025, 11, 16),
        date(2026, 4, 16),
    )
    # All but L6 are 30 days old; L1, L7 and L3 were a deal within 9, 4 and 17 days.
    assert (row["lately_leads"], row["lately_reached"], row["before_leads"]) == (7, 3, 0)
    assert (row["before_rate"], row["change"], row["is_different"]) == (None, None, False)


def test_acceptance(golden: Ask) -> None:
    row = golden("acceptance").row(0, named=True)
    assert (row["passes"], row["accepted"], row["rejected"], row["undecided"], row["past_sla"]) == (5, 2, 2, 0, 1)
    assert (row["rate"], row["implied"], row["median_days"]) == (0.5, 0, 1.5)  # decided after 1, 2, 2 and 1 days
    assert (row["recycled"], row["recovered"], row["recycle_yield"]) == (1, 1, 1.0)
    reference = binomtest(2, 4).proportion_ci(method="wilson")
    assert (row["rate_low"], row["rate_high"]) == pytest.approx((reference.low, reference.high), abs=1e-9)


def test_acceptance_as_it_was_known_a_month_before(golden: Ask) -> None:
    row = golden("acceptance", as_of="2026-04-15").row(0, named=True)
    # L4 was rejected and recycled, and not yet passed again; HubSpot's own had waited for 3 days of 5.
    assert (row["passes"], row["accepted"], row["rejected"], row["undecided"], row["past_sla"]) == (4, 1, 2, 1, 0)
    assert (row["recycled"], row["recovered"]) == (1, 0)


def test_acceptance_by_source_opens_to_its_passes(golden: Ask) -> None:
    found = {
        row["dimension_value"]: (row["passes"], row["accepted"], row["rejected"])
        for row in golden("acceptance", dimension="source").iter_rows(named=True)
    }
    assert found == {"Web": (2, 1, 1), "Event": (2, 1, 1), "Direct Traffic": (1, 0, 0)}
    opened = golden("handoff_records", dimension="source", dimension_value=["Event"])
    assert opened.select("record_id", "decision", "reason", "is_recovered").rows() == [
        (f"{L}4", "accepted", None, False),
        (f"{L}4", "rejected", "Bad timing", True),
    ]
    assert golden("handoff_records", state="past SLA")["record_id"].to_list() == ["102"]


def test_why_sales_rejects(golden: Ask) -> None:
    found = golden("rejection_reasons").select("reason", "rejected", "of_rejected", "of_decided").rows()
    assert found == [("Bad timing", 1, 0.5, 0.25), ("No budget", 1, 0.5, 0.25)]
    assert golden("handoff_records", state="rejected", reason=["No budget"])["record_id"].to_list() == [f"{L}2"]


def test_speed_to_lead(golden: Ask) -> None:
    row = golden("speed_to_lead").row(0, named=True)
    assert (row["waits"], row["answered"], row["unanswered"]) == (5, 1, 4)  # the list mail to L2 is a machine's
    assert (row["in_time"], row["late"], row["not_due"], row["sla_kept"]) == (1, 4, 0, 0.2)
    assert (row["median_hours"], row["p90_hours"], row["median_days"]) == (None, None, None)  # half was never reached
    alone = golden("speed_to_lead", source=["Web"], period="2026-Q1").row(0, named=True)
    assert (alone["waits"], alone["median_hours"], alone["p90_hours"], alone["median_days"]) == (1, 1.0, 1.0, 0.0)


def test_the_wait_of_a_pass_ends_with_the_next(golden: Ask) -> None:
    waits = golden("first_response_records", verdict="unanswered").filter(record_id=f"{L}4").sort("from_date")
    # From 6 Apr, 11:00, to 20 Apr, 11:00; from then to the end of 15 May.
    assert waits["waited_hours"].to_list() == [14 * 24, 25 * 24 + 13]
    answered = golden("first_response_records", verdict="in time").row(0, named=True)
    assert (answered["record_id"], answered["kind"], answered["waited_hours"]) == (f"{L}1", "call", 1.0)
    assert answered["responded_time"] == datetime(2026, 2, 22, 11)  # 16:00 UTC in New York
    assert answered["answer_file"] == "salesforce/Task.csv"


def test_speed_from_creation_begins_with_the_first_recorded_activity(golden: Ask) -> None:
    # L1 came before anything was logged, so whether it was answered at once is not known.
    row = golden("speed_to_lead", clock="created").row(0, named=True)
    assert (row["waits"], row["answered"], row["late"], row["not_due"]) == (7, 0, 7, 0)
    # On 14 May L6 had waited for two hours.
    row = golden("speed_to_lead", clock="created", as_of="2026-05-14").row(0, named=True)
    assert (row["waits"], row["late"], row["not_due"]) == (7, 6, 1)


def test_win_rate_on_four_bases(golden: Ask) -> None:
    found = {row["basis"]: row for row in golden("win_rate_bases", days=40).iter_rows(named=True)}
    assert (found["count"]["won"], found["count"]["deals"], found["count"]["rate"]) == (2, 3, 2 / 3)
    assert found["value"]["rate"] == pytest.approx(4200.01 / 8200.01)
    assert (found["cohort"]["won"], found["cohort"]["deals"]) == (2, 9)  # D1 to D9; D10 was deleted
    # At least 40 days old: D1 to D5 and D9. D1 took 40 days, D9 36.
    assert (found["within"]["won"], found["within"]["deals"], found["within"]["days"]) == (2, 6, 40)
    assert [found[basis]["is_chosen"] for basis in ("count", "value", "cohort", "within")] == [
        True,
        False,
        False,
        False,
    ]
    shorter = golden("win_rate_bases", days=39).filter(basis="within").row(0, named=True)
    assert (shorter["won"], shorter["deals"]) == (1, 6)
    opened = golden("deal_cohort_records", days=39)
    assert (opened.height, opened.filter("is_won")["name"].to_list()) == (6, ["D9 Bolt"])


def test_win_rate_on_four_bases_in_a_quarter(golden: Ask) -> None:
    found = {row["basis"]: (row["won"], row["deals"]) for row in golden("win_rate_bases", **Q2).iter_rows(named=True)}
    # D3, D6, D7 and D8 were created in it, and none is 180 days old.
    assert found == {"count": (1, 2), "value": (1, 2), "cohort": (0, 4)}


def test_sales_velocity(golden: Ask) -> None:
    row = golden("sales_velocity").row(0, named=True)
    # D2, D3, D4, D6, D7, D8 are open; D1 (1,200.01, 40 days) and D9 (3,000, 36 days) won, D5 lost.
    assert (row["open_deals"], row["win_rate"], row["cycle_days"]) == (6, 2 / 3, 38.0)
    assert row["average_won"] == pytest.approx(2100.005)
    assert row["velocity"] == pytest.approx(6 * 2100.005 * (2 / 3) / 38)
    quarter = golden("sales_velocity", owner=["Bo Kim"], **Q2).row(0, named=True)
    assert (quarter["open_deals"], quarter["won"], quarter["lost"], quarter["velocity"]) == (3, 0, 1, None)


def test_selling_by_type(golden: Ask) -> None:
    found = {row["dimension_value"]: row for row in golden("selling_by_type").iter_rows(named=True)}
    new, renewal = found["new"], found["renewal"]
    assert (new["won"], new["lost"], new["rate"], new["cycle_days"]) == (1, 1, 0.5, 40.0)
    assert (new["won_amount"], new["average_won"]) == (Decimal("1200.01"), pytest.approx(1200.01))
    # L7 answered on 5 Mar and L1 on 10 Mar, while D1 was open; L1's answer of 19 Feb came before. No call names a deal.
    assert (new["touches"], new["touches_per_deal"], new["activities"]) == (2, 1.0, 0)
    assert (renewal["won"], renewal["lost"], renewal["cycle_days"], renewal["touches"]) == (1, 0, 36.0, 0)
    assert "expansion" not in found  # D4 is open
