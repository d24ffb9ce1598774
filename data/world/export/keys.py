"""The ids of one chunk's records: every table of the export refers to the others by these."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.world.arrays import NONE, Ints
from data.world.export.columns import Numbers, ids, offset
from data.world.market import Market


@dataclass(frozen=True)
class Keys:
    """Ids by the numbers that a chunk uses inside; each takes an array in which -1 stands for nothing."""

    market: Market
    first_lead: int
    first_account: int
    first_contact: int
    first_deal: int

    @classmethod
    def take(cls, market: Market, numbers: Numbers) -> "Keys":
        """Set aside the ids of a chunk."""
        return cls(
            market=market,
            first_lead=numbers.skip("Lead", len(market.leads)),
            first_account=numbers.skip("Account", len(market.companies)),
            first_contact=numbers.skip("Contact", market.contacts.numbers),
            first_deal=numbers.skip("Opportunity", market.sales.numbers),
        )

    def leads(self, lead: Ints) -> pl.Series:
        """Give the ids of leads."""
        return ids("Lead", offset(lead, self.first_lead))

    def accounts(self, company: Ints) -> pl.Series:
        """Give the ids of companies' accounts."""
        return ids("Account", offset(company, self.first_account))

    def contacts(self, contact: Ints) -> pl.Series:
        """Give the ids of contacts."""
        return ids("Contact", offset(_lasting(self.market.contacts.number, contact), self.first_contact))

    def deals(self, deal: Ints) -> pl.Series:
        """Give the ids of opportunities."""
        return ids("Opportunity", offset(_lasting(self.market.sales.number, deal), self.first_deal))

    def users(self, user: Ints) -> pl.Series:
        """Give the ids of users."""
        return ids("User", user)

    def campaigns(self, campaign: Ints) -> pl.Series:
        """Give the ids of campaigns."""
        return ids("Campaign", campaign)


def _lasting(number: Ints, place: Ints) -> Ints:
    """Turn places in a table into the lasting numbers of its records."""
    if not len(number):
        return np.full(len(place), NONE)
    return np.where(place == NONE, NONE, number[np.maximum(place, 0)])
