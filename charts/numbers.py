"""How numbers are written for people: one place for money, shares, ratios, days and dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

DASH = "–"
_SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "CHF": "CHF ",
    "BRL": "R$",
    "CAD": "CA$",
    "AUD": "A$",
}
_MARKS = {"en": (",", "."), "de": (".", ","), "fr": ("\u202f", ",")}
_CELL_SIGNS = {"share": "%", "ratio": "×"}
_SCALES: tuple[tuple[int, str], ...] = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))

Number = int | float | Decimal


@dataclass(frozen=True)
class NumberFormat:
    """How a company writes numbers: its currency, and its marks for thousands and decimals."""

    currency: str = "USD"
    style: str = "en"

    @property
    def symbol(self) -> str:
        """The currency's sign, or its code where it has none."""
        return _SYMBOLS.get(self.currency, self.currency + " ")

    @property
    def separators(self) -> str:
        """Decimal and thousands mark, as plotly wants them."""
        thousands, decimal = _MARKS[self.style]
        return decimal + thousands

    def number(self, value: Number | None, decimals: int = 0) -> str:
        """Return a number with thousands marks; a dash for None."""
        if value is None:
            return DASH
        thousands, decimal = _MARKS[self.style]
        text = f"{value:,.{decimals}f}"
        return text.translate(str.maketrans(",.", thousands + decimal))

    def money(self, value: Number | None) -> str:
        """Return an amount as it is read aloud: three digits that matter, k, M or B."""
        if value is None:
            return DASH
        amount = float(value)
        sign = "−" if amount < 0 else ""
        size = abs(amount)
        for scale, letter in _SCALES:
            # 999,950 is 1.00M, not 1000k.
            if size >= scale * 0.9995:
                scaled = size / scale
                decimals = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
                return f"{sign}{self.symbol}{self.number(scaled, decimals)}{letter}"
        return f"{sign}{self.symbol}{self.number(size, 0 if size == round(size) else 2)}"

    def tick(self, value: float, *, is_money: bool) -> str:
        """Return a round number as an axis shows it: $2.5M, $400k, 1,500."""
        size = abs(value)
        scale, letter = next((item for item in _SCALES if is_money and size >= item[0]), (1, ""))
        scaled = size / scale
        decimals = next((places for places in (0, 1) if scaled == round(scaled, places)), 2)
        sign = "−" if value < 0 else ""
        return f"{sign}{self.symbol if is_money else ''}{self.number(scaled, decimals)}{letter}"

    def money_exact(self, value: Number | None) -> str:
        """Return an amount to the cent."""
        if value is None:
            return DASH
        sign = "−" if value < 0 else ""
        return f"{sign}{self.symbol}{self.number(-value if value < 0 else value, 2)}"

    def share(self, value: Number | None, decimals: int = 1) -> str:
        """Return a share as a percentage."""
        return DASH if value is None else f"{self.number(100 * float(value), decimals)}%"

    def interval(self, low: Number | None, high: Number | None) -> str:
        """Return an interval of shares."""
        if low is None or high is None:
            return DASH
        return f"{self.number(100 * float(low), 1)}–{self.number(100 * float(high), 1)}%"

    def ratio(self, value: Number | None) -> str:
        """Return a ratio, like 3.4×."""
        return DASH if value is None else f"{self.number(float(value), 1)}×"

    def ratio_beside(self, value: Number | None, edges: Sequence[Number]) -> str:
        """Return a ratio with as many decimals (four at most) as tell on which side of the edges of a band it lies."""
        if value is None:
            return DASH
        exact = float(value)
        sides = [(exact > float(edge)) - (exact < float(edge)) for edge in edges]
        for decimals in (1, 2, 3):
            shown = round(exact, decimals)
            if [(shown > float(edge)) - (shown < float(edge)) for edge in edges] == sides:
                return f"{self.number(exact, decimals)}×"
        return f"{self.number(exact, 4)}×"

    def days(self, value: Number | None) -> str:
        """Return a number of days."""
        if value is None:
            return DASH
        decimals = 0 if float(value) == round(float(value)) else 1
        return f"{self.number(float(value), decimals)} {'day' if value == 1 else 'days'}"

    def cell(self, value: Number | None, unit: str) -> str:
        """Return a number as the cells of a table show it, where the title carries the currency.

        Counts and days are whole, amounts and numbers have two decimals, a ratio too and its sign; a share is given in
        hundredths, as a column of percentages holds it.
        """
        if value is None:
            return DASH
        sign = "−" if value < 0 else ""
        decimals = {"count": 0, "days": 0, "share": 1}.get(unit, 2)
        return sign + self.number(-value if value < 0 else value, decimals) + _CELL_SIGNS.get(unit, "")

    def by_unit(self, value: object, unit: str) -> str:
        """Return a value as its column's unit asks for."""
        if value is None:
            return DASH
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, date):
            return day(value)
        if isinstance(value, (int, float, Decimal)):
            if unit == "money":
                return self.money_exact(value)
            if unit == "share":
                return self.share(value)
            if unit == "ratio":
                return self.ratio(value)
            if unit == "days":
                return self.days(value)
            return self.number(value, 0 if float(value) == round(float(value)) else 2)
        return str(value)


def day(value: date | None) -> str:
    """Return a day as people of every country read it, like 16 Nov 2026."""
    return DASH if value is None else f"{value.day} {value:%b %Y}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun, like `1 deal` or `2 deals`; thousands are marked by the caller's format."""
    return one if count == 1 else many or one + "s"
