"""Simulated companies with known truths, for the tests of the estimators and their bench."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from estimators.leads_or_selling import PARTS, SIDES, leads_or_selling

_SOURCES, _SEGMENTS = 5, 3


@dataclass(frozen=True)
class FunnelWorld:
    """A funnel before and after: what changed between the two is given as factors of the stages' rates."""

    seed: int
    leads: int = 3000
    source_shift: float = 0.0
    segment_shift: float = 0.0
    acceptance: float = 1.0
    qualification: float = 1.0
    closing: float = 1.0

    def truth(self) -> tuple[np.ndarray, np.ndarray]:
        """Return shares, side x cell, and the rates of four stages, side x cell x stage."""
        rng = np.random.default_rng(self.seed)
        sources = rng.dirichlet(np.full(_SOURCES, 8.0))
        segments = rng.dirichlet(np.full(_SEGMENTS, 8.0), _SOURCES)
        moved = (1 - self.source_shift) * sources + self.source_shift * sources[::-1]
        other = (1 - self.segment_shift) * segments + self.segment_shift * segments[:, ::-1]
        share = np.stack([(sources[:, None] * segments).ravel(), (moved[:, None] * other).ravel()])
        usual = rng.uniform(0.75, 1.25, (_SOURCES * _SEGMENTS, 4)) * np.array([0.6, 0.6, 0.55, 0.3])
        changed = usual * np.array([1.0, self.acceptance, self.qualification, self.closing])
        return share, np.stack([usual, changed])

    def draw(self, rng: np.random.Generator) -> pl.DataFrame:
        """Return the cells of so many leads a side."""
        share, rates = self.truth()
        parts = []
        for side, name in enumerate(SIDES):
            reached = [rng.multinomial(self.leads, share[side])]
            for stage in range(4):
                reached.append(rng.binomial(reached[-1], rates[side, :, stage]))
            parts.append(_frame(name, np.stack(reached, axis=1)))
        return pl.concat(parts)

    def expected(self) -> pl.DataFrame:
        """Return the cells of endlessly many leads."""
        share, rates = self.truth()
        passed = np.concatenate((np.ones((2, _SOURCES * _SEGMENTS, 1)), np.cumprod(rates, axis=2)), axis=2)
        reached = share[:, :, None] * passed
        return pl.concat(_frame(name, reached[side]) for side, name in enumerate(SIDES))


def _frame(side: str, reached: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "side": [side] * len(reached),
            "source": [f"source {n // _SEGMENTS}" for n in range(len(reached))],
            "segment": [f"segment {n % _SEGMENTS}" for n in range(len(reached))],
            **{name: reached[:, n] for n, name in enumerate(("leads", "mql", "sal", "sql", "won"))},
        }
    )


def true_parts(world: FunnelWorld) -> pl.Series:
    """Return what the parts are without chance."""
    exact = world.expected().with_columns(pl.col("leads", "mql", "sal", "sql", "won") * 1e9)
    parts = leads_or_selling(exact, draws=2)
    assert parts["part"].to_list() == list(PARTS)
    return parts["value"]


@dataclass(frozen=True)
class QuarterWorld:
    """Quarters of open deals whose chances depend on stage, age and due, with a shock that all deals of a quarter share."""

    seed: int
    deals: int = 120
    shock: float = 0.35
    news: float = 12.0
    moves: float = 0.6

    def quarter(self, rng: np.random.Generator) -> tuple[pl.DataFrame, float, int, float]:
        """Return a quarter's open deals with what became of them, and what was created and won: amount, count; the shock."""
        fixed = np.random.default_rng(self.seed)
        base = fixed.normal([-2.5, -1.5, -0.7, 0.3], 0.2)
        count = int(rng.poisson(self.deals))
        stage, age, due = rng.integers(0, 4, count), rng.integers(0, 3, count), rng.integers(0, 2, count)
        shock = float(rng.normal(0, self.shock))
        chance = 1 / (1 + np.exp(-(base[stage] - 0.4 * age - 1.5 * due + shock)))
        amount = rng.lognormal(9.5, 0.9, count).round(2)
        won = rng.random(count) < chance
        new = int(rng.poisson(self.news * np.exp(self.moves * shock)))
        frame = pl.DataFrame(
            {
                "opportunity_id": [f"d{n}" for n in range(count)],
                "stage": [f"stage {n}" for n in stage],
                "age_band": [f"age {n}" for n in age],
                "due": [("due", "later")[n] for n in due],
                "amount": amount,
                "is_won": won,
            }
        )
        return frame, float(rng.lognormal(9.5, 0.9, new).sum()), new, shock

    def past(self, rng: np.random.Generator, periods: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return what became of the deals of past quarters, and what was created and won, as the queries give them."""
        quarters = [self.quarter(rng) for _ in range(periods)]
        history = pl.concat(frame.with_columns(period=pl.lit(f"q{n:02}")) for n, (frame, *_) in enumerate(quarters))
        won = pl.col("amount").filter(pl.col("is_won")).sum()
        counted = history.group_by("period", "stage", "age_band", "due").agg(
            pl.len().alias("deals"),
            pl.col("is_won").sum().alias("won"),
            won.alias("won_open_amount"),
            won.alias("won_amount"),
        )
        yields = pl.DataFrame(
            {"period": [f"q{n:02}" for n in range(periods)], "won_new_amount": [new for _, new, *_ in quarters]}
        )
        return counted, yields


@dataclass(frozen=True)
class LeadWorld:
    """Leads of which a known share will ever be won, after a Weibull time, watched for up to so many days."""

    leads: int = 4000
    ever_won: float = 0.08
    shape: float = 1.3
    scale: float = 60.0
    watched: int = 400

    def draw(self, rng: np.random.Generator) -> pl.DataFrame:
        """Return leads as `lead_survival` counts them."""
        age = rng.integers(0, self.watched, self.leads)
        took = np.where(
            rng.random(self.leads) < self.ever_won, np.floor(self.scale * rng.weibull(self.shape, self.leads)), np.inf
        )
        is_won = took <= age
        return (
            pl.DataFrame({"day": np.where(is_won, took, age).astype(np.int64), "is_won": is_won})
            .group_by("day")
            .agg(won=pl.col("is_won").sum().cast(pl.Int64), censored=(~pl.col("is_won")).sum().cast(pl.Int64))
            .with_columns(dimension_value=pl.lit(None, dtype=pl.String))
            .sort("day")
        )

    def come(self, rng: np.random.Generator, age: np.ndarray, first: int, last: int) -> int:
        """Return how many of leads that are open at these ages are won from the `first` to the `last` day from now."""

        def reached(day: np.ndarray) -> np.ndarray:
            return 1 - np.exp(-((day / self.scale) ** self.shape))

        waiting = 1 - self.ever_won * reached(age + 1)
        chance = self.ever_won * (reached(age + last + 1) - reached(age + first)) / waiting
        return int((rng.random(len(age)) < chance).sum())


def weekly_metrics(**series: np.ndarray) -> pl.DataFrame:
    """Return weekly numbers of one length."""
    return pl.concat(
        pl.DataFrame(
            {
                "metric": name,
                "week": [date(2024, 1, 1) + timedelta(weeks=n) for n in range(len(values))],
                "value": values.astype(float),
            }
        )
        for name, values in series.items()
    )


def drifting(rng: np.random.Generator, weeks: int, memory: float) -> np.ndarray:
    """Return a number of which each week remembers the one before."""
    values = np.empty(weeks)
    values[0] = rng.normal()
    for n in range(1, weeks):
        values[n] = memory * values[n - 1] + np.sqrt(1 - memory**2) * rng.normal()
    return values
