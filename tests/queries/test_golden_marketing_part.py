"""Where the tests of sourced agree, and new and existing customers: by hand, and against the queries beside them."""

from decimal import Decimal

import polars as pl
import pytest

from tests.conftest import Ask, Little
from tests.little import lost, won

YEAR = {"period": "2026"}


def test_where_the_tests_agree(golden: Ask) -> None:
    found = golden("sourced_agreement", **YEAR)
    # D1 by all three; D9, a renewal with neither a source nor a touch, by none.
    assert found.select("tests", "deals", "amount", "of_deals").rows() == [
        ("none", 1, 3_000, 0.5),
        ("field, first touch, before sales", 1, Decimal("1200.01"), 0.5),
    ]


def test_the_combinations_add_up_to_each_test(sample: Ask) -> None:
    found = sample("sourced_agreement", **YEAR)
    views = {row["view"]: row for row in sample("sourced_and_influenced", **YEAR).iter_rows(named=True)}
    for flag, view in (
        ("is_by_field", "sourced_by_field"),
        ("is_by_first_touch", "sourced_by_first_touch"),
        ("is_by_touch_before_activity", "sourced_by_touch_before_activity"),
    ):
        own = found.filter(pl.col(flag))
        assert (own["deals"].sum(), own["amount"].sum()) == (views[view]["deals"], views[view]["amount"])
    assert (found["deals"].sum(), found["amount"].sum()) == (views["won"]["deals"], views["won"]["amount"])
    assert found.height > 3
    for row in found.iter_rows(named=True):
        records = sample("sourced_agreement_records", tests=row["tests"], **YEAR)
        assert (records.height, records["amount_base"].sum()) == (row["deals"], row["amount"])


def test_without_touches_or_sources_the_tests_say_nothing(little: Little) -> None:
    assert little(deals=[won(1)])("sourced_agreement").is_empty()


def test_customers_of_the_hand_worked_company(golden: Ask) -> None:
    found = {(row["customer"], row["business_type"]): row for row in golden("won_by_customer").iter_rows(named=True)}
    # D9 renews Bolt; D1 is Acme's first; D5 was lost to Bolt, which had bought by then.
    assert {key: (row["won"], row["lost"], row["amount"]) for key, row in found.items()} == {
        ("existing", "renewal"): (1, 0, 3_000),
        ("existing", "new"): (0, 1, 0),
        ("new", "new"): (1, 0, Decimal("1200.01")),
    }
    assert found["new", "new"]["median_cycle_days"] == 40.0
    assert found["new", "new"]["sourced_amount"] == Decimal("1200.01")
    # The task on D9 is not done; D1's people answered three touches before it closed.
    assert [found["existing", "renewal"][name] for name in ("activities_per_deal", "touches_per_deal")] == [0.0, 0.0]
    assert found["new", "new"]["touches_per_deal"] == 3.0


def test_a_customer_is_new_once(little: Little) -> None:
    def of(account: int) -> dict[str, str]:
        return {"AccountId": f"001{account:012d}AAA"}

    ask = little(
        deals=[
            won(1, 100, "2026-02-01", **of(1)),
            won(2, 200, "2026-03-01", **of(1)),
            lost(3, 50, "2026-01-15", **of(1)),
            lost(4, 50, "2026-02-15", **of(1)),
            won(5, 10, "2026-03-01", **of(2), Type="Expansion"),
            won(6, 7, "2026-03-02"),
        ],
        accounts=[
            {"Id": f"001{n:012d}AAA", "Name": f"A{n}", "SystemModstamp": "2026-05-02T15:00:00Z", "BillingCountry": ""}
            for n in (1, 2)
        ],
    )
    found = {(row["customer"], row["business_type"]): row for row in ask("won_by_customer").iter_rows(named=True)}
    assert {key: (row["won"], row["lost"], row["amount"]) for key, row in found.items()} == {
        ("new", None): (1, 1, 100),  # the first won; the one lost before it
        ("existing", None): (1, 1, 200),
        ("existing", "expansion"): (1, 0, 10),  # an expansion is of a customer, however old
        (None, None): (1, 0, 7),
    }
    assert found["new", None]["activities_per_deal"] is None
    assert found["new", None]["touches_per_deal"] is None


def test_customers_add_up_to_all_that_was_decided_and_open_to_their_deals(sample: Ask) -> None:
    found = sample("won_by_customer", **YEAR)
    all_of_it = sample("win_rate", **YEAR).row(0, named=True)
    assert (found["won"].sum(), found["lost"].sum()) == (all_of_it["won"], all_of_it["lost"])
    assert found["amount"].sum() == all_of_it["won_amount"]
    by_type = sample("win_rate", dimension="business_type", **YEAR)
    for row in by_type.iter_rows(named=True):
        own = found.filter(pl.col("business_type") == row["dimension_value"])
        assert own["won"].sum() == row["won"]
    for row in found.group_by("customer").agg(pl.col("won", "lost", "amount").sum()).iter_rows(named=True):
        for outcome in ("won", "lost"):
            asked = {"customer": [row["customer"] or ""], "outcome": outcome, **YEAR}
            records = sample("won_by_customer_records", **asked)
            assert records.height == row[outcome]
            if outcome == "won":
                assert records["amount_base"].sum() == row["amount"]


@pytest.mark.parametrize("name", ["won_by_customer", "sourced_agreement"])
def test_a_filter_that_leaves_nothing_leaves_no_row(sample: Ask, name: str) -> None:
    assert sample(name, source=["nobody's"], **YEAR).is_empty()


def test_neglected_customers_can_be_seen(sample: Ask) -> None:
    """The sample plants that existing customers buy more readily and faster, and are worked far less."""
    found = {row["business_type"]: row for row in sample("won_by_customer").filter(pl.col("won") > 0).to_dicts()}
    expansion, new = found["expansion"], found["new"]
    assert expansion["win_rate"] > 1.4 * new["win_rate"]
    assert expansion["median_cycle_days"] < 0.7 * new["median_cycle_days"]
    assert expansion["activities_per_deal"] < 0.4 * new["activities_per_deal"]
