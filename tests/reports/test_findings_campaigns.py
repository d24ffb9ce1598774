"""What the figures of Campaigns say, for the hand-worked company and for frames made for the case."""

from typing import Any

import polars as pl

from charts.numbers import NumberFormat
from reports.findings_campaigns import (
    acceptance_finding,
    campaigns_finding,
    customers_finding,
    follow_up_finding,
    lag_finding,
    models_finding,
    reach_finding,
)
from tests.conftest import Ask

NUMBERS = NumberFormat()


def test_campaigns(golden: Ask) -> None:
    said = campaigns_finding(golden("campaign_effectiveness"), NUMBERS)
    assert said == "Big Mailing brought most: $800 for $1.00k. 71% of all that was won has no campaign recorded."


def test_a_campaign_with_leads_and_no_win_is_named(golden: Ask) -> None:
    frame = golden("campaign_effectiveness").with_columns(
        days_running=pl.lit(200), leads_won=pl.when(pl.col("leads") > 0).then(0).otherwise(pl.col("leads_won"))
    )
    said = campaigns_finding(frame, NUMBERS, flag_under=2)
    assert "Spring Webinar brought 2 leads for $500, and none of them was won in 200 days." in said
    assert "Spring Webinar" not in campaigns_finding(frame, NUMBERS)  # two leads are too few to blame it
    assert "No campaign" in campaigns_finding(frame.head(0), NUMBERS)


def test_of_campaigns_with_wins_the_one_whose_leads_won_least_is_named(golden: Ask) -> None:
    frame = golden("campaign_effectiveness").filter(pl.col("kind") == "campaign")
    frame = frame.with_columns(
        days_running=pl.lit(200),
        is_young=pl.lit(value=False),
        leads=pl.Series([1_706, 40]),
        leads_won=pl.Series([3, 4]),
        won=pl.lit(7.5),
    )
    said = campaigns_finding(frame, NUMBERS)
    assert f"{frame['dimension_value'][0]} brought 1,706 leads for $1.00k, and 3 of them were won in 200 days." in said


def test_campaigns_without_any_credit_recorded(golden: Ask) -> None:
    campaign = pl.col("kind") == "campaign"
    frame = golden("campaign_effectiveness").with_columns(
        pl.when(~campaign).then(pl.col(name)).alias(name) for name in ("won", "won_amount")
    )
    assert "2 campaigns are in the exports, and no answered touch, nor a deal that names its campaign" in (
        campaigns_finding(frame, NUMBERS)
    )


def test_a_young_campaign_is_not_blamed(golden: Ask) -> None:
    frame = golden("campaign_effectiveness").with_columns(
        leads_won=pl.when(pl.col("leads") > 0).then(0).otherwise(pl.col("leads_won")), is_young=pl.lit(value=True)
    )
    assert "Spring Webinar" not in campaigns_finding(frame, NUMBERS, flag_under=2)


def test_models(golden: Ask) -> None:
    said = models_finding(golden("campaign_models"), NUMBERS)
    # Both have their place turned; the webinar by all of D1's 1,200.01.
    assert said.startswith("2 of 2 change their place with the model; ")
    assert said.endswith("from 1 to 2 ($0 to $1.20k). 2 campaigns come first by one model or another.")
    same = golden("campaign_models").with_columns(worst_place=pl.col("best_place"))
    assert models_finding(same, NUMBERS) == "Every model puts the 2 campaigns in the same order."
    assert models_finding(same.head(0), NUMBERS) == "No amount won can be credited to any campaign."


def test_reach_without_titles_that_decide_is_not_known(golden: Ask) -> None:
    assert "is not known" in reach_finding(golden("campaign_reach"), NUMBERS, brought=False)


def reach(name: str, kind: str, deciding: int, known: int, low: float, high: float) -> dict[str, Any]:
    """Return a row of `campaign_reach`."""
    return {
        "dimension_value": name,
        "kind": kind,
        "people": known,
        "deciding": deciding,
        "share": deciding / known,
        "share_low": low,
        "share_high": high,
        "won_share": 0.5,
        "is_small": known < 30,
    }


def test_reach_names_what_surely_meets_fewer_who_decide() -> None:
    frame = pl.DataFrame(
        [
            reach("All campaigns", "all campaigns", 400, 1000, 0.37, 0.43),
            reach("Low", "campaign", 10, 100, 0.05, 0.17),
            reach("Perhaps", "campaign", 30, 100, 0.22, 0.40),
            reach("Few", "campaign", 0, 5, 0.0, 0.3),
        ]
    )
    assert reach_finding(frame, NUMBERS, brought=False) == (
        "Of the people who answered campaigns, 40% decide; of the people on won deals, 50%. "
        "Low (10%) meets fewest who do."
    )


def cell(origin: str, kind: str, leads: int, rate: float, low: float, high: float) -> dict[str, Any]:
    """Return a row of `campaign_follow_up`."""
    return {
        "origin_value": origin,
        "kind": kind,
        "delay": "any",
        "leads": leads,
        "is_hidden": leads < 5,
        "deal_rate": rate,
        "deal_rate_low": low,
        "deal_rate_high": high,
    }


def test_follow_up_compares_only_what_can_be_told_apart() -> None:
    frame = pl.DataFrame(
        [
            cell("Email", "call", 700, 0.14, 0.11, 0.17),
            cell("Email", "email", 470, 0.31, 0.27, 0.35),
            cell("Webinar", "call", 400, 0.41, 0.36, 0.46),
            cell("Webinar", "email", 400, 0.37, 0.32, 0.42),
            cell("Fair", "call", 8, 0.0, 0.0, 0.3),
            cell("Fair", "email", 8, 1.0, 0.7, 1.0),
        ]
    )
    said = follow_up_finding(frame, NUMBERS, "deal")
    assert said == (
        "Leads from Email that were called first became deals in 14% of 700 cases; those e-mailed first, in 31% of 470. "
        "This is association: sales chooses whom it calls."
    )
    alike = frame.filter(pl.col("origin_value") == "Webinar")
    assert "From no origin" in follow_up_finding(alike, NUMBERS, "deal")
    assert "No lead" in follow_up_finding(frame.head(0), NUMBERS, "deal")


def test_acceptance_names_the_most_rejected() -> None:
    frame = pl.DataFrame(
        {
            "dimension_value": ["A", "B", "C"],
            "passes": [100, 90, 3],
            "rejected": [49, 9, 2],
            "acceptance": [0.51, 0.9, 0.0],
            "is_small": [False, False, True],
            "top_reason": ["Wrong contact", None, None],
        }
    )
    assert acceptance_finding(frame, NUMBERS) == (
        "Sales rejected 49% of the leads from A that it decided on (49), most often for “Wrong contact”; of those from B, 10%."
    )
    assert "No lead was passed" in acceptance_finding(frame.head(0), NUMBERS)
    assert "too few" in acceptance_finding(frame.tail(1), NUMBERS)


def test_customers_are_compared_only_where_both_are_there() -> None:
    row = {"rate": 0.24, "rate_low": 0.22, "rate_high": 0.26, "median_cycle_days": 53.0}
    care = {"activities_per_deal": 11.4, "touches_per_deal": None}
    frame = pl.DataFrame(
        [
            {"dimension_value": "new", **row, **care},
            {
                "dimension_value": "expansion",
                **row,
                "rate": 0.49,
                "rate_low": 0.45,
                "rate_high": 0.53,
                "median_cycle_days": 22.0,
                **care,
                "activities_per_deal": 5.0,
            },
        ]
    )
    assert customers_finding(frame, NUMBERS) == (
        "Existing customers buy more readily: 49% of expansion deals are won, 24% of new ones, in 22 days and 53 days; "
        "they get 5.0 activities a deal where new ones get 11.4."
    )
    assert "cannot be compared" in customers_finding(frame.head(1), NUMBERS)


def test_a_lag_that_tells_nothing_says_so() -> None:
    frame = pl.DataFrame(
        {
            "outcome": ["leads"] * 3,
            "lag": [0, 1, 2],
            "months": [25, 24, 3],
            "correlation": [0.72, 0.24, None],
            "correlation_low": [0.45, -0.18, None],
            "correlation_high": [0.87, 0.59, None],
            "verdict": ["moves with it", "cannot tell", "cannot tell"],
        }
    )
    assert lag_finding(frame, "leads", 0, NUMBERS) == (
        "The number of leads in the same month rises and falls with the spending (r 0.72, 95% from 0.45 to 0.87, 25 months): "
        "association, not cause."
    )
    assert lag_finding(frame, "leads", 1, NUMBERS) == (
        "Whether the number of leads 1 month later moves with the spending cannot be told "
        "(r 0.24, 95% from −0.18 to 0.59, 24 months)."
    )
    assert "too few months" in lag_finding(frame, "leads", 2, NUMBERS)
