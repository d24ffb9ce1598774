"""What the sections of Lead to close say is what their frames say, and they say when they cannot."""

import polars as pl

from charts.numbers import NumberFormat
from reports.findings_leads import leads_finding
from tests.conftest import Ask

NUMBERS = NumberFormat("USD", "en")


def leads(rates: list[tuple[str, int, int, float, float]]) -> pl.DataFrame:
    """Return sources with leads, wins, and an interval."""
    return pl.DataFrame(
        [
            {"dimension_value": name, "leads": n, "won": won, "rate": won / n, "rate_low": low, "rate_high": high}
            for name, n, won, low, high in rates
        ]
    )


TOTAL = {"leads": 1000, "won": 30, "opportunities": 100, "rate": 0.03, "rate_low": 0.02, "rate_high": 0.04}


def test_sources_that_differ_are_named_and_those_that_do_not_are_not() -> None:
    apart = leads([("Referral", 200, 20, 0.07, 0.15), ("Ads", 500, 2, 0.001, 0.014), ("Tiny", 6, 3, 0.18, 0.81)])
    said = leads_finding(TOTAL, None, apart, None, 180, NUMBERS, 30)
    assert "Referral closes best (10.0% of 200), Ads surely worst (0.4% of 500)." in said
    assert "Tiny" not in said  # too few to be ranked
    alike = leads([("A", 100, 5, 0.02, 0.11), ("B", 100, 4, 0.015, 0.10)])
    assert "cannot be told apart" in leads_finding(TOTAL, None, alike, None, 180, NUMBERS, 30)


def test_the_worst_is_not_one_that_merely_had_few_leads() -> None:
    frame = leads([("Referral", 200, 20, 0.07, 0.15), ("Ads", 900, 2, 0.001, 0.008), ("New", 31, 0, 0.0, 0.11)])
    assert "Ads surely worst (0.2% of 900); 1 source reads lower and has too few leads to be sure." in leads_finding(
        TOTAL, None, frame, None, 180, NUMBERS, 30
    )


def test_a_source_that_nobody_named_is_neither_best_nor_worst() -> None:
    frame = leads([("Unknown", 300, 60, 0.16, 0.25), ("Referral", 200, 20, 0.07, 0.15), ("Ads", 500, 2, 0.001, 0.014)])
    said = leads_finding(TOTAL, None, frame, None, 180, NUMBERS, 30)
    assert "Referral closes best (10.0% of 200), Ads surely worst" in said
    assert said.endswith("300 leads have no known source (20.0%).")


def test_whose_leads_a_rate_speaks_of_is_said() -> None:
    own = {"leads": 400, "won": 20, "rate": 0.05}
    year = {"leads": 7_000, "won": 679, "rate": 0.097}
    said = leads_finding(TOTAL, own, leads([]), year, 180, NUMBERS, 30)
    assert "400 of them are at least 180 days old: 5.0% of these closed within 180 days." in said
    assert "9.7%" not in said  # of other leads
    said = leads_finding(TOTAL, {**own, "leads": 1000}, leads([]), year, 180, NUMBERS, 30)
    assert "All of them are at least 180 days old: 5.0%" in said
    said = leads_finding(TOTAL, None, leads([]), year, 180, NUMBERS, 30)
    assert "Not one of them is 180 days old yet; of the 7,000 leads of the year before that, 9.7% closed" in said


def test_leads_without_known_outcome(golden: Ask) -> None:
    unknown = {**TOTAL, "won": None}
    assert "is not in the exports, so it is not known" in leads_finding(
        unknown, None, leads([]), None, 180, NUMBERS, 30
    )
    assert "No lead was created" in leads_finding(None, None, leads([]), None, 180, NUMBERS, 30)
