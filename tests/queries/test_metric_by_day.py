"""The metrics that teams pick: the catalogue and the query name the same ones, and their days add up to what the pages show."""

import tomllib

import polars as pl
import pytest

from queries.header import HERE
from queries.metrics import metrics
from tests.conftest import Ask

QUARTER = {"period": "2026-Q3"}
FIRST, AFTER = pl.date(2026, 7, 1), pl.date(2026, 10, 1)


def total(frame: pl.DataFrame, metric: str) -> float:
    days = frame.filter((pl.col("metric") == metric) & (pl.col("day") >= FIRST) & (pl.col("day") < AFTER))
    return float(days["value"].sum())


def rate(frame: pl.DataFrame, metric: str) -> float:
    days = frame.filter((pl.col("metric") == metric) & (pl.col("day") >= FIRST) & (pl.col("day") < AFTER))
    return float(days["value"].sum() / days["weight"].sum())


def test_the_catalogue_is_the_querys(sample: Ask) -> None:
    told = tomllib.loads((HERE / "metrics.toml").read_text(encoding="utf-8"))
    assert set(metrics()) == set(told)
    assert len(told) >= 30
    frame = sample("metric_by_day")
    never = set(told) - set(frame["metric"])
    assert never <= {"campaign_spend", "cost_per_lead", "cost_per_mql"}  # the sample's costs name no day
    assert set(frame["metric"]) <= set(told)
    divided = frame.filter(pl.col("weight").is_not_null())["metric"].unique()
    assert {name for name, metric in metrics().items() if metric.over == "ratio"} - never == set(divided)


def test_a_day_stands_once_and_none_lies_ahead(sample: Ask) -> None:
    frame = sample("metric_by_day", as_of="2026-09-15")
    assert frame.select("metric", "day").is_duplicated().sum() == 0
    assert str(frame["day"].max()) == "2026-09-15"


def test_days_add_up_to_what_the_pages_show(sample: Ask) -> None:
    frame = sample("metric_by_day")
    won = sample("win_rate", **QUARTER).row(0, named=True)
    assert total(frame, "won_count") == won["won"]
    assert total(frame, "lost_count") == won["lost"]
    assert total(frame, "won_amount") == pytest.approx(float(won["won_amount"]))
    assert rate(frame, "win_rate") == pytest.approx(won["rate"])
    assert rate(frame, "win_rate_by_value") == pytest.approx(won["rate_by_value"])
    leads = sample("lead_to_close", **QUARTER).row(0, named=True)
    assert total(frame, "lead_count") == leads["leads"]
    speed = sample("speed_to_lead", **QUARTER).row(0, named=True)
    assert rate(frame, "sla_kept") == pytest.approx(speed["sla_kept"])
    sourced = sample("sourced_and_influenced", **QUARTER)
    chosen = sourced.filter("is_company_test").row(0, named=True)
    assert total(frame, "sourced_won_amount") == pytest.approx(float(chosen["amount"]))
    assert rate(frame, "sourced_share_of_won") == pytest.approx(chosen["of_won"])
    calls = sample("call_records", period_start="2026-07-01", period_end="2026-10-01")
    assert total(frame, "call_count") == calls.height


def test_goals_count_the_same(sample: Ask) -> None:
    frame = sample("metric_by_day")
    for row in sample("goal_progress", **QUARTER).filter(pl.col("scope") == "company").iter_rows(named=True):
        if row["measure"] in metrics() and row["actual"] is not None:
            assert total(frame, row["measure"]) == pytest.approx(float(row["actual"])), row["measure"]


def test_what_stands_open_is_the_pipeline(sample: Ask) -> None:
    for day in ("2026-09-15", "2026-11-16"):
        frame = sample("metric_by_day", as_of=day, metrics=["open_pipeline", "open_deal_count"]).filter(
            pl.col("day") == pl.lit(day).str.to_date()
        )
        open_deals = sample("pipeline_records", as_of=day, kind="open")
        stood = dict(frame.select("metric", "value").rows())
        assert stood["open_deal_count"] == open_deals.height
        assert stood["open_pipeline"] == pytest.approx(float(open_deals["amount_base"].sum()))


def test_what_stood_open_then_is_what_the_past_answers(sample: Ask) -> None:
    """Deals that are deleted since stood open then, too."""
    frame = sample("metric_by_day", metrics=["open_deal_count", "open_pipeline"])
    for day in (pl.date(2026, 9, 15), pl.date(2026, 3, 31)):
        stood = dict(frame.filter(pl.col("day") == day).select("metric", "value").rows())
        then = sample("pipeline_records", as_of=str(pl.select(day).item()), kind="open")
        assert stood["open_deal_count"] == then.height
        assert stood["open_pipeline"] == pytest.approx(float(then["amount_base"].sum()))


def test_under_a_filter_what_it_cannot_narrow_is_not_told(sample: Ask) -> None:
    owner = sample("filter_values").filter(filter="owner")["value"].drop_nulls()[0]
    by_owner = sample("metric_by_day", owner=[owner])
    assert "response_count" not in by_owner["metric"].to_list()
    assert "won_amount" in by_owner["metric"].to_list()
    by_product = sample("metric_by_day", product=["nothing of that name"])
    assert not {"lead_count", "mql_count", "sla_kept", "call_count"} & set(by_product["metric"])


def test_the_hand_worked_company(golden: Ask) -> None:
    frame = golden("metric_by_day")
    told = {
        (row["metric"], str(row["day"])): (row["value"], row["weight"])
        for row in frame.filter((pl.col("value") != 0) | (pl.col("weight") != 0)).iter_rows(named=True)
    }
    # D1 was won with 1,200.01 on 10 April, D9 with 3,000 on 10 February, D5 lost with 4,000 on 20 April.
    assert told["won_amount", "2026-04-10"] == (1200.01, None)
    assert told["won_amount", "2026-02-10"] == (3000, None)
    assert told["win_rate", "2026-04-10"] == (1, 1)
    assert told["win_rate", "2026-04-20"] == (0, 1)
    assert told["win_rate_by_value", "2026-04-20"] == (0, 4000)
    assert told["lost_amount", "2026-04-20"] == (4000, None)
    newest = frame.filter(pl.col("metric") == "open_pipeline").sort("day")["value"][-1]
    assert newest == 5000 + 20000 + 800 + 1080  # D2, D3, D4, D6; D7 has no amount, D8 no rate


def test_every_metric_opens_to_records_that_add_up_to_it(sample: Ask) -> None:
    frame = sample("metric_by_day")
    span = {"period_start": "2026-07-01", "period_end": "2026-10-01"}
    for name, metric in metrics().items():
        query, more = metric.opens
        if metric.over == "last":
            day = frame.filter((pl.col("metric") == name) & (pl.col("day") == pl.date(2026, 9, 30)))
            records = sample(query, as_of="2026-09-30", **more)
            told = records.height if metric.unit == "count" else float(records["amount_base"].sum())
            assert told == pytest.approx(day["value"][0]), name
            continue
        records = sample(query, **span, **more)
        quarter = frame.filter((pl.col("metric") == name) & (pl.col("day") >= FIRST) & (pl.col("day") < AFTER))
        for column in ("value", "weight"):
            assert float(records[column].sum()) == pytest.approx(float(quarter[column].sum())), (name, column)


def test_records_of_a_filter_add_up_to_the_filters_metric(sample: Ask) -> None:
    owner = sample("filter_values").filter(filter="owner")["value"].drop_nulls()[0]
    frame = sample("metric_by_day", owner=[owner], metrics=["won_amount", "pipeline_created", "call_count"])
    for name in ("won_amount", "pipeline_created", "call_count"):
        records = sample("metric_records", metric=name, owner=[owner])
        assert float(records["value"].sum()) == pytest.approx(float(frame.filter(metric=name)["value"].sum())), name
    assert sample("metric_records").is_empty()
