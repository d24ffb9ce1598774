"""What pipeline yielded and became in past periods, by hand (the hand-worked company's facts: test_golden.py)."""

from datetime import date

from tests.conftest import Ask


def test_the_yield_of_a_past_quarter(golden: Ask) -> None:
    # On 20 April 72 days are to go. 72 days before the end of Q1 was 19 January: D9 (3,000, due 10 Feb) and D5 (4,000,
    # due 30 Apr) were open. D9 was won on 10 Feb, and nothing else in the rest of Q1.
    row = golden("yield_by_period", as_of="2026-04-20").row(0, named=True)
    assert (row["period"], row["day"], row["days_to_go"]) == ("2026-Q1", date(2026, 1, 19), 72)
    assert (row["open_count"], row["open_amount"], row["won_count"], row["won_amount"]) == (1, 3000, 1, 3000)
    assert (row["won_due_amount"], row["won_pulled_amount"], row["won_new_amount"]) == (3000, 0, 0)
    assert (row["yield"], row["yield_of_due"], row["assumed_count"]) == (1.0, 1.0, 0)


def test_the_yields_of_past_months(golden: Ask) -> None:
    # Eleven days to go: on 21 Jan D9 and D5 were open and due later; on 18 Feb D4 and D5; on 21 Mar D2 (5,000) was due.
    found = golden("yield_by_period", as_of="2026-04-20", kind="month")
    months = found.select("period", "open_amount", "won_amount", "yield").rows()
    assert months == [("2026-01", 0, 0, None), ("2026-02", 0, 0, None), ("2026-03", 5000, 0, 0.0)]


def test_a_period_before_the_first_win_on_record_says_nothing(golden: Ask) -> None:
    # D9, won on 10 February, is the first. January's pipeline yielded nothing that the records could know of.
    found = golden("yield_by_period", as_of="2026-04-20", kind="month")
    assert found.select("period", "is_recorded").rows() == [("2026-01", False), ("2026-02", True), ("2026-03", True)]
    assert found["won_new_amount"].to_list() == [None, 0, 0]
    assert set(golden("open_deal_outcomes", as_of="2026-04-20", kind="month")["period"]) == {"2026-02", "2026-03"}


def test_the_edges_of_a_day(golden: Ask) -> None:
    # On 12 May 20 days are to go. 20 days before the end of April was 11 April: D1 had been won on the day before. 20
    # days before the end of February was 9 February: D9 (3,000) was open, and won on the next day.
    found = golden("yield_by_period", as_of="2026-05-12", kind="month")
    months = {row["period"]: (row["open_count"], row["won_count"]) for row in found.iter_rows(named=True)}
    assert months["2026-04"][1] == 0
    assert months["2026-02"] == (1, 1)
    # On 31 May, without a day to go but the last, nothing is left of any month.
    assert golden("yield_by_period", as_of="2026-05-31", kind="month")["won_count"].sum() == 0


def test_what_became_of_deals(golden: Ask) -> None:
    found = golden("open_deal_outcomes", as_of="2026-04-20")
    assert found.rows() == [
        ("2026-Q1", "Qualification", "under 30 days", "due", "usual", 1, 1, 3000, 3000),  # D9
        ("2026-Q1", "Qualification", "under 30 days", "later", "usual", 1, 0, None, None),  # D5
    ]


def test_open_deals_to_go(golden: Ask) -> None:
    found = golden("open_deals_to_go", as_of="2026-05-15").select("name", "age_band", "due", "amount").rows()
    assert sorted(found) == [
        ("D2 Bolt", "30 to 89 days", "due", 5000),
        ("D3 Core", "30 to 89 days", "due", 20000),
        ("D4 Acme", "90 to 179 days", "overdue", 800),
        ("D6 Core", "under 30 days", "due", 1080),
        ("D7 Acme", "under 30 days", "due", None),
        ("D8 Core", "under 30 days", "due", None),
    ]
    assert {
        name for name, *_ in golden("open_deals_to_go", as_of="2026-05-15", kind="month").select("name").rows()
    } == {name for name, *_ in found}


def test_the_parts_of_what_was_won_add_up(sample: Ask) -> None:
    found = sample("yield_by_period").drop_nulls("yield")
    assert found.height > 4
    parts = found["won_due_amount"] + found["won_pulled_amount"] + found["won_new_amount"]
    assert parts.to_list() == found["won_amount"].to_list()
    outcomes = sample("open_deal_outcomes")
    assert outcomes["won"].sum() + found["won_new_count"].sum() == found["won_count"].sum()
    for row in found.iter_rows(named=True):
        plain = sample("funnel_coverage", as_of=row["day"], period=row["period"]).row(0, named=True)
        assert (plain["open_count"], plain["open_amount"]) == (row["open_count"], row["open_amount"])
