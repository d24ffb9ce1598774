"""The sum of many deals that are each won or not, exactly: what the chance of the goal is reckoned with.

Within one shock the deals are independent, so the distribution of their sum is the product of their characteristic
functions. The largest deals enter one by one; the many small ones by the mean, variance and skew of their sum, and those
that are seldom won by a series.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammainc

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complexfloating]

_BINS = 2048
_EXACT = 100
# Deals with at most this chance are summed by a series of so many terms: what is left of it is under 0.0002 a deal.
_RARE = 0.2
_SERIES = 6


@dataclass(frozen=True)
class Deals:
    """Open deals under each shock: amounts, and chances, shock x deal; the weights of the shocks."""

    amounts: Floats
    chances: Floats
    weights: Floats


@dataclass(frozen=True)
class News:
    """What is still to be created and won: its mean under each shock, and its variance."""

    means: Floats
    variance: float


@dataclass(frozen=True)
class Outcome:
    """The distribution of what will be won: values, probabilities, and the chance to reach the gap."""

    values: Floats
    probabilities: Floats
    chance: float

    def quantile(self, share: float) -> float:
        """Return the value that the outcome stays at or under with this probability."""
        place = int(np.searchsorted(np.cumsum(self.probabilities), share - 1e-9))
        return float(self.values[min(place, len(self.values) - 1)])


class Grid:
    """The sum of deals and news on a grid of values, of which the gap to the goal is one."""

    def __init__(self, deals: Deals, news: News, gap: float) -> None:
        """Choose the grid and multiply the parts together; `gap` above 0 is what is missing from the goal."""
        self.deals, self.gap = deals, gap
        spread = deals.amounts**2 * deals.chances * (1 - deals.chances)
        order = np.argsort(-spread.mean(axis=0), kind="stable") if deals.amounts.size else np.array([], dtype=int)
        self.large = order[:_EXACT]
        small = order[_EXACT:]
        mean = (deals.chances * deals.amounts).sum(axis=1) + news.means
        deviation = np.sqrt(spread.sum(axis=1) + news.variance)
        largest = float(deals.amounts.max()) if deals.amounts.size else 0.0
        reach = float((mean + 9 * deviation).max())
        if news.variance == 0:
            reach = min(reach, float(deals.amounts.sum() + news.means.max()))
        self._choose_step(max(reach, gap, 1e-9) + 2 * largest, is_discrete=news.variance == 0 and not news.means.any())
        self.angles: Complexes = -2j * np.pi * np.arange(_BINS // 2 + 1) / _BINS
        self.rest = self._small(small) * self._news(news)

    def _choose_step(self, reach: float, *, is_discrete: bool) -> None:
        """Choose the grid's step: cents that all amounts share if there are few values, so that ties with the goal count."""
        self.is_exact = False
        self.step = reach / (_BINS - 2)
        if is_discrete and self.deals.amounts.size <= _EXACT:
            cents = [round(float(amount) * 100) for amount in (*self.deals.amounts, self.gap)]
            shared = math.gcd(*cents) / 100
            if shared > 0 and reach / shared <= _BINS - 2:
                self.step, self.is_exact = shared, True
                return
        if self.gap > 0:
            self.step = self.gap / max(math.floor(self.gap / self.step), 1)

    def shifted(self, amount: float) -> Complexes:
        """Return the factor that adds an amount; between two grid values it is split in proportion."""
        place, part = divmod(amount / self.step, 1)
        if self.is_exact:
            place, part = float(round(amount / self.step)), 0.0
        lower: Complexes = np.exp(self.angles * place)
        split: Complexes = lower * (1 - part + part * np.exp(self.angles))
        return split

    def factor(self, deal: int) -> Complexes:
        """Return a deal's characteristic function, shock x frequency."""
        chance = self.deals.chances[:, deal, None]
        return 1 - chance + chance * self.shifted(float(self.deals.amounts[deal]))

    def _small(self, small: npt.NDArray[np.int64]) -> Complexes:
        """Return the characteristic function of the sum of many small deals, shock x frequency."""
        is_rare = self.deals.chances[:, small].max(axis=0, initial=0.0) <= _RARE
        common = small[~is_rare]
        chance, amount = self.deals.chances[:, common], self.deals.amounts[common] / self.step
        variance = chance * (1 - chance)
        # Splitting each amount between two grid values would add this much; the common ones are not split.
        mean, second = chance @ amount, variance @ amount**2
        third = (variance * (1 - 2 * chance)) @ amount**3
        turn = self.angles
        log = mean[:, None] * turn + second[:, None] * turn**2 / 2 + third[:, None] * turn**3 / 6
        factor: Complexes = np.exp(log + self._rare(small[is_rare]))
        return factor

    def _rare(self, rare: npt.NDArray[np.int64]) -> Complexes:
        """Return the logarithm of the characteristic function of deals that are seldom won, shock x frequency.

        Their sum is nothing like a bell: most often it is 0. So log(1 + p z), z = exp(i angle amount) - 1, is written as a
        series in p, whose powers of exp(i angle amount) are Fourier transforms of weights at multiples of the amounts.
        """
        place, part = np.divmod(self.deals.amounts[rare] / self.step, 1)
        place = place.astype(np.int64)
        rows = []
        for chance in self.deals.chances[:, rare]:
            total = np.zeros(_BINS)
            for power in range(_SERIES + 1):
                weight = sum(
                    (-1.0) ** (order + 1) / order * math.comb(order, power) * (-1.0) ** (order - power) * chance**order
                    for order in range(max(power, 1), _SERIES + 1)
                )
                for shift, share in ((0, 1 - part), (1, part)):
                    total += np.bincount((power * (place + shift)) % _BINS, weights=weight * share, minlength=_BINS)
            rows.append(np.fft.rfft(total))
        return np.stack(rows)

    def _news(self, news: News) -> Complexes:
        edges = (np.arange(_BINS + 1) - 0.5).clip(0) * self.step
        rows: list[Complexes] = []
        for mean in news.means:
            if mean <= 0 or news.variance == 0:
                rows.append(self.shifted(max(float(mean), 0.0)))
                continue
            scale = news.variance / mean
            inside: Floats = np.diff(gammainc(mean / scale, edges / scale))
            rows.append(np.fft.rfft(inside))
        return np.stack(rows)

    def product(self, deals: npt.NDArray[np.int64]) -> Complexes:
        """Return the product of deals' characteristic functions, shock x frequency."""
        product = np.ones((len(self.deals.weights), len(self.angles)), dtype=complex)
        for deal in deals:
            product *= self.factor(int(deal))
        return product

    def reached(self, mixed: Complexes) -> float:
        """Return the probability to reach the gap, of a distribution already mixed over the shocks."""
        return self._reached(self.probabilities(mixed))

    def probabilities(self, mixed: Complexes) -> Floats:
        """Return the probabilities of the grid's values."""
        probabilities: Floats = np.fft.irfft(mixed, _BINS).clip(0)
        return probabilities

    def _reached(self, probabilities: Floats) -> float:
        place = round(self.gap / self.step)
        # Off a shared step, half of what lies in the gap's own bin reaches it.
        own = 1.0 if self.is_exact or place == 0 else 0.5
        return float(min(probabilities[place + 1 :].sum() + own * probabilities[place], 1.0))

    def outcome(self) -> Outcome:
        """Return the distribution of what will be won."""
        mixed = self.deals.weights @ (self.rest * self.product(self.large))
        probabilities = self.probabilities(mixed)
        values = np.arange(_BINS, dtype=np.float64) * self.step
        return Outcome(values, probabilities, self._reached(probabilities))

    def with_and_without(self, deals: npt.NDArray[np.int64]) -> list[tuple[float, float]]:
        """Return for each of these deals (all among the large) the chance if it is won, and if it is not."""
        others = np.array([deal for deal in self.large if deal not in set(deals.tolist())], dtype=int)
        base = self.rest * self.product(others)
        factors = [self.factor(int(deal)) for deal in deals]
        after = [np.ones_like(base)]
        for factor in reversed(factors):
            after.append(after[-1] * factor)
        after.reverse()
        found = []
        for number, deal in enumerate(deals):
            without = base * after[number + 1]
            base = base * factors[number]
            chance = self.deals.chances[:, deal]
            won, lost = self.deals.weights * chance, self.deals.weights * (1 - chance)
            amount = self.shifted(float(self.deals.amounts[deal]))
            found.append(
                (self.reached((won @ without) * amount / won.sum()), self.reached((lost @ without) / lost.sum()))
            )
        return found
