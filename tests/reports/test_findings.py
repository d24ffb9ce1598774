"""The sentences say what the frames say, and say when they cannot."""

from datetime import date

import polars as pl

from charts.numbers import NumberFormat
from reports.findings import (
    campaigns_finding,
    health_finding,
    imports_finding,
    left_out_sentence,
)
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")
Q2 = {"period": "2026-Q2"}
AS_OF = date(2026, 5, 15)
END = date(2026, 7, 1)


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
        days_running=pl.lit(200), leads=pl.Series([1_706, 40]), leads_won=pl.Series([3, 4]), won=pl.lit(7.5)
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


def test_imports(golden: Ask) -> None:
    said = imports_finding(golden("import_files"), golden("import_findings"), NUMBERS)
    assert "4 things in the data are odd" in said
    assert "drop your CRM's exports here" in imports_finding(pl.DataFrame(), pl.DataFrame(), NUMBERS)


def test_what_is_left_out_is_named_with_its_count() -> None:
    frame = pl.DataFrame(
        {
            "reason": ["no_rate", *["unmapped"] * 6, "unknown_lead_status"],
            "what": ["SEK", *(f"Stage {number}" for number in range(6)), "Quente"],
            "records": [3, 1200, 5, 4, 3, 2, 1, 1],
            "amount": [120_000.0, *[None] * 7],
        }
    )
    assert left_out_sentence(frame, NUMBERS) == (
        "Left out here: 1,215 deals whose stage says neither open, won nor lost (Stage 0 1,200, Stage 1 5, Stage 2 4, "
        "Stage 3 3, and 2 more); 3 deals in a currency without a rate, in no amount (SEK 120,000); "
        "1 lead with a status of unknown meaning (Quente 1)."
    )
    assert left_out_sentence(frame.clear(), NUMBERS) is None


def test_health(golden: Ask) -> None:
    said = health_finding(golden("import_findings"), golden("word_meanings"), golden("value_suggestions"), NUMBERS)
    assert said.startswith("4 things are odd; most often: ")
    assert said.endswith("1 value looks like another.")
    nothing = (golden(name).clear() for name in ("import_findings", "word_meanings", "value_suggestions"))
    assert health_finding(*nothing, NUMBERS).startswith("Nothing in the exports is odd")
