"""Every figure opens to records that add up to it."""

import polars as pl
import pytest

from tests.conftest import Ask

QUARTER = {"period": "2026-Q4"}


@pytest.mark.parametrize("dimension", ["owner", "segment", "region", "product", "month"])
def test_open_and_won_and_overdue_amounts_are_the_sums_of_their_records(sample: Ask, dimension: str) -> None:
    for row in sample("funnel_coverage", dimension=dimension, **QUARTER).iter_rows(named=True):
        opened = {"dimension": dimension, "dimension_value": [row["dimension_value"] or ""], **QUARTER}
        for kind, amount, count in (
            ("due", "open_amount", "open_count"),
            ("won", "won_amount", "won_count"),
            ("overdue", "overdue_amount", "overdue_count"),
        ):
            records = sample("pipeline_records", kind=kind, **opened)
            assert records.height == row[count]
            assert records["amount_base"].sum() == row[amount]


@pytest.mark.parametrize("dimension", ["source", "owner", "campaign"])
def test_leads_of_each_stage_are_as_many_as_their_records(sample: Ask, dimension: str) -> None:
    columns = {"lead": "leads", "mql": "mql", "sal": "sal", "sql": "sql", "opportunity": "opportunities", "won": "won"}
    figures = sample("lead_to_close", dimension=dimension, period="2026")
    for stage, column in columns.items():
        records = sample("lead_records", stage=stage, period="2026")
        assert records.height == figures[column].sum()
    some = figures.row(0, named=True)
    records = sample(
        "lead_records", stage="won", period="2026", dimension=dimension, dimension_value=[some["dimension_value"] or ""]
    )
    assert records.height == some["won"]


def test_wins_and_losses_are_as_many_as_their_records(sample: Ask) -> None:
    for row in sample("win_rate", dimension="owner", period="2026").iter_rows(named=True):
        records = sample(
            "outcome_records", dimension="owner", dimension_value=[row["dimension_value"] or ""], period="2026"
        )
        assert records.filter(pl.col("status") == "won").height == row["won"]
        assert records.filter(pl.col("status") == "lost")["amount_base"].sum() == row["lost_amount"]


@pytest.mark.parametrize("model", ["first", "last", "linear"])
def test_credits_of_a_deal_add_up_to_its_amount_and_all_of_them_to_all_that_was_won(sample: Ask, model: str) -> None:
    credited = sample("campaign_credit_records", model=model)
    by_deal = credited.group_by("record_id").agg(
        pl.col("amount").sum(), pl.col("deals").sum(), pl.col("deal_amount").first()
    )
    with_amount = by_deal.filter(pl.col("deal_amount").is_not_null())
    assert with_amount.filter(pl.col("amount") != pl.col("deal_amount")).is_empty()
    assert by_deal["deals"].to_list() == pytest.approx([1.0] * by_deal.height)
    won = sample("win_rate").row(0, named=True)
    assert by_deal.height == won["won"]
    effectiveness = sample("campaign_effectiveness", model=model)
    assert effectiveness["won_amount"].sum() == won["won_amount"]
    for row in effectiveness.head(8).iter_rows(named=True):
        own = sample("campaign_credit_records", model=model, dimension_value=[row["dimension_value"]])
        assert own["amount"].sum() == row["won_amount"]


def test_sourced_and_influenced_open_to_their_deals(sample: Ask) -> None:
    for row in sample("sourced_and_influenced", **QUARTER).iter_rows(named=True):
        records = sample("outcome_records", outcome="won", view=row["view"], **QUARTER)
        assert (records.height, records["amount_base"].sum()) == (row["deals"], row["amount"])


def test_findings_open_to_their_records(sample: Ask) -> None:
    for row in sample("import_findings").iter_rows(named=True):
        assert sample("finding_records", finding=row["finding"]).height == row["records"]


def test_every_record_names_a_file_that_was_imported_and_a_line_in_it(sample: Ask) -> None:
    files = dict(sample("import_files").select("file", "rows_read").rows())
    for name in ("lead_records", "pipeline_records", "outcome_records", "campaign_credit_records", "finding_records"):
        records = sample(name)
        assert records.height > 0
        assert set(records["file"]) <= set(files)
        assert records["line"].min() >= 2
