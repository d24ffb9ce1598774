"""How numbers are written for people."""

from datetime import date
from decimal import Decimal

import pytest

from charts.numbers import Number, NumberFormat, day, plural

EN = NumberFormat("USD", "en")
DE = NumberFormat("EUR", "de")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "$0"),
        (12, "$12"),
        (12.5, "$12.50"),
        (999, "$999"),
        (1_000, "$1.00k"),
        (26_080, "$26.1k"),
        (260_800, "$261k"),
        (999_600, "$1.00M"),
        (5_800_000, "$5.80M"),
        (17_086_484, "$17.1M"),
        (2_500_000_000, "$2.50B"),
        (-1_500, "−$1.50k"),
        (Decimal("10005534"), "$10.0M"),
    ],
)
def test_money_as_it_is_read_aloud(value: float | None, text: str) -> None:
    assert EN.money(value) == text


def test_money_to_the_cent() -> None:
    assert EN.money_exact(Decimal("1200.01")) == "$1,200.01"
    assert EN.money_exact(Decimal("-4.5")) == "−$4.50"
    assert DE.money_exact(Decimal("1200.01")) == "€1.200,01"
    assert NumberFormat("SEK").money_exact(1) == "SEK 1.00"


def test_shares_ratios_days() -> None:
    assert (EN.share(0.0123), EN.share(0.5, 0), EN.share(None)) == ("1.2%", "50%", "–")
    assert EN.interval(0.071, 0.591) == "7.1–59.1%"
    assert (EN.ratio(2.96), EN.ratio(None)) == ("3.0×", "–")
    assert (EN.days(1), EN.days(14), EN.days(14.5)) == ("1 day", "14 days", "14.5 days")
    assert DE.number(1234567.891, 2) == "1.234.567,89"
    assert day(date(2026, 11, 6)) == "6 Nov 2026"
    assert (plural(1, "deal"), plural(2, "deal"), plural(0, "is", "are")) == ("deal", "deals", "are")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (True, "flag", "yes"),
        (3, "count", "3"),
        (1234.5, "money", "$1,234.50"),
        (0.5, "share", "50.0%"),
        (date(2026, 1, 2), "date", "2 Jan 2026"),
        (None, "money", "–"),
        ("Ann", "text", "Ann"),
    ],
)
def test_a_value_is_written_by_its_unit(value: object, unit: str, text: str) -> None:
    assert EN.by_unit(value, unit) == text


@pytest.mark.parametrize(
    ("value", "is_money", "text"),
    [
        (0, True, "$0"),
        (250_000, True, "$250k"),
        (2_500_000, True, "$2.5M"),
        (-1_000_000, True, "−$1M"),
        (0.25, True, "$0.25"),
        (1_500, False, "1,500"),
        (2_000_000, False, "2,000,000"),
    ],
)
def test_an_axis_writes_round_numbers_as_people_do(value: float, is_money: bool, text: str) -> None:
    assert EN.tick(value, is_money=is_money) == text
    assert DE.tick(1_500, is_money=False) == "1.500"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.97, "2.97×"),
        (2.9996, "2.9996×"),
        (3.0, "3.0×"),
        (3.04, "3.04×"),
        (4.21, "4.2×"),
        (5.01, "5.01×"),
        (None, "–"),
    ],
)
def test_a_ratio_beside_a_band_is_told_on_its_side_of_the_edge(value: float | None, text: str) -> None:
    assert EN.ratio_beside(value, (3.0, 5.0)) == text


@pytest.mark.parametrize(
    ("value", "unit", "english", "german"),
    [
        (1234567, "count", "1,234,567", "1.234.567"),
        (Decimal("-1234.5"), "money", "−1,234.50", "−1.234,50"),
        (12.34, "share", "12.3%", "12,3%"),
        (3.456, "ratio", "3.46×", "3,46×"),
        (1234.4, "days", "1,234", "1.234"),
        (0.5, "number", "0.50", "0,50"),
        (None, "money", "–", "–"),
    ],
)
def test_cells_of_tables(value: Number | None, unit: str, english: str, german: str) -> None:
    assert NumberFormat("EUR", "en").cell(value, unit) == english
    assert NumberFormat("EUR", "de").cell(value, unit) == german
