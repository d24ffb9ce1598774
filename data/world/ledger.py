"""The totals of what was written, read off the very rows that went into the files."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

_QUARTER = pl.format(
    "{}-Q{}",
    pl.col("CloseDate").str.slice(0, 4),
    (pl.col("CloseDate").str.slice(5, 2).cast(pl.Int32) + 2) // 3,
)


@dataclass
class Ledger:
    """Rows by file, and the few sums that a reader of the files can be checked against."""

    rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    won_count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    won_cents: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    open_deals: int = 0
    leads: int = 0
    converted_leads: int = 0
    opportunities: int = 0

    def observe(self, file: str, frame: pl.DataFrame) -> None:
        """Count the rows that are being added to a file."""
        self.rows[file] += len(frame)
        if file == "salesforce/Lead.csv":
            kept = frame.filter(pl.col("IsDeleted") == "0")
            self.leads += len(kept)
            self.converted_leads += len(kept.filter(pl.col("IsConverted") == "1"))
        if file == "salesforce/Opportunity.csv":
            self._observe_deals(frame.filter(pl.col("IsDeleted") == "0"))

    def _observe_deals(self, frame: pl.DataFrame) -> None:
        self.opportunities += len(frame)
        self.open_deals += len(frame.filter(pl.col("IsClosed") == "0"))
        cents = pl.col("Amount").str.replace(".", "", literal=True).cast(pl.Int64)
        won = frame.filter(pl.col("IsWon") == "1").select(quarter=_QUARTER, currency="CurrencyIsoCode", cents=cents)
        for quarter, currency, amount in won.iter_rows():
            self.won_count[quarter] += 1
            self.won_cents[quarter][currency] += amount or 0

    def totals(self) -> dict[str, object]:
        """Give everything counted, amounts as text with two decimals."""
        return {
            "rows": dict(self.rows),
            "leads_not_deleted": self.leads,
            "converted_leads_not_deleted": self.converted_leads,
            "opportunities_not_deleted": self.opportunities,
            "open_deals_at_end": self.open_deals,
            "won_by_quarter": {
                quarter: {
                    "count": self.won_count[quarter],
                    "amount": {
                        currency: str(Decimal(cents).scaleb(-2))
                        for currency, cents in sorted(self.won_cents[quarter].items())
                    },
                }
                for quarter in sorted(self.won_count)
            },
        }
