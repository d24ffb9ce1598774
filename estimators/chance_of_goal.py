"""The chance of making the goal: deals open now, what is still to be created and won, and a shock that all share."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit, logit

from estimators.check import need
from estimators.deal_chances import shock_of
from estimators.header import EstimatorColumn, EstimatorHeader
from estimators.outcome_grid import Deals, Floats, Grid, News
from estimators.required_coverage import LEAST_PERIODS

_TITLE = "The chance of the goal cannot be told"
_MATTER = 20

HEADER = EstimatorHeader(
    name="chance_of_goal",
    title="Chance of the goal",
    definition=(
        "The probability that what is won by the end of the period reaches the goal. Each open deal has the chance that "
        "deals like it had in past periods with as many days to go; what is still to be created and won is as large as "
        "it was in them; and all share one shock, as large as past periods differed by more than luck, because deals are "
        "not independent. P10, P50 and P90: the end of the period stays under these with 10%, 50% and 90%. With fewer "
        "than four past periods that history records, nothing is said."
    ),
    grain="One row.",
    direction="higher",
    source="METRICS: Coverage, chance of the goal; sum of independent deals within a shock by characteristic functions",
    inputs=("deal_chances", "past_surprises"),
    columns={
        "goal": EstimatorColumn("money", "The goal; a dash without one"),
        "won_amount": EstimatorColumn("money", "Won in the period so far"),
        "expected": EstimatorColumn("money", "Mean of what will have been won by the end of the period"),
        "expected_open": EstimatorColumn("money", "Of this, from deals open now"),
        "expected_new": EstimatorColumn("money", "Of this, from deals still to be created"),
        "chance": EstimatorColumn("share", "Probability to reach the goal; a dash without a goal or history"),
        "p10": EstimatorColumn("money", "What the end stays under with 10%"),
        "p50": EstimatorColumn("money", "What the end stays under with 50%"),
        "p90": EstimatorColumn("money", "What the end stays under with 90%"),
        "shock": EstimatorColumn("number", "Standard deviation of a period's shock, in log odds"),
        "periods": EstimatorColumn("count", "Past periods with real history"),
        "deals": EstimatorColumn("count", "Open deals that count: with an amount and a chance"),
        "left_out": EstimatorColumn("count", "Open deals without an amount"),
        "reason": EstimatorColumn("text", "Why there is a dash; blank where there is none"),
    },
)

DISTRIBUTION_HEADER = EstimatorHeader(
    name="goal_distribution",
    title="What the period may end at",
    definition="How likely each amount is to have been won by the end of the period; what the chance of the goal sums up.",
    grain="One row per amount, in even steps.",
    direction="none",
    source=HEADER.source,
    inputs=HEADER.inputs,
    columns={
        "amount": EstimatorColumn("money", "Won by the end of the period"),
        "probability": EstimatorColumn("share", "How likely this step is"),
        "at_least": EstimatorColumn("share", "How likely it is to reach at least this amount"),
    },
)

MATTER_HEADER = EstimatorHeader(
    name="deals_that_matter",
    title="The deals that matter most",
    definition=(
        "The chance of the goal if a deal is won in the rest of the period, and if it is not. The deals with the largest "
        "difference come first."
    ),
    grain="One row per open deal, the twenty that move the outcome most.",
    direction="none",
    source=HEADER.source,
    inputs=HEADER.inputs,
    columns={
        "opportunity_id": EstimatorColumn("id", "The deal"),
        "amount": EstimatorColumn("money", "What it is expected to be won for"),
        "chance": EstimatorColumn("share", "Its own chance to be won in the rest of the period"),
        "if_won": EstimatorColumn("share", "Chance of the goal if it is won"),
        "if_not": EstimatorColumn("share", "Chance of the goal if it is not"),
        "difference": EstimatorColumn("share", "if_won - if_not"),
    },
)


@dataclass(frozen=True)
class _Outlook:
    """All that one answer rests on; `grid` is missing where history is too short."""

    deals: pl.DataFrame
    left_out: int
    grid: Grid | None
    news: float
    shock: float
    periods: int


def chance_of_goal(deals: pl.DataFrame, past: pl.DataFrame, *, won: float, goal: float | None) -> pl.DataFrame:
    """Return the chance of the goal and what the period may end at.

    Parameters
    ----------
    deals
        Open deals with `opportunity_id`, `amount` and `chance`, as `deal_chances` gives them. One without an amount is
        left out and counted.
    past
        Past periods with `expected`, `variance`, `won` and `new_amount`, as `past_surprises` gives them.
    won
        Won in the period so far.
    goal
        The goal of the period; None without one.

    Returns
    -------
    polars.DataFrame
        One row with the columns that `HEADER` describes. Nothing is drawn by lot: the same frames give the same answer.

    Raises
    ------
    EstimatorError
        A column is missing, or an amount or a chance is negative.
    """
    outlook = _outlook(deals, past, won, goal)
    row: dict[str, object] = {"goal": goal, "won_amount": won, "periods": outlook.periods, "left_out": outlook.left_out}
    row |= {"deals": outlook.deals.height}
    if outlook.grid is None:
        reason = f"History records {outlook.periods} past periods with as many days to go; {LEAST_PERIODS} are needed."
        return _frame([row | {"reason": reason}], HEADER)
    outcome = outlook.grid.outcome()
    open_amount = float((outlook.deals["amount"] * outlook.deals["chance"]).sum())
    row |= {"expected": won + open_amount + outlook.news, "expected_open": open_amount, "expected_new": outlook.news}
    row |= {f"p{share}": won + outcome.quantile(share / 100) for share in (10, 50, 90)}
    row |= {"shock": outlook.shock}
    if goal is None:
        return _frame([row | {"reason": "No goal is set for exactly this scope and period."}], HEADER)
    return _frame([row | {"chance": 1.0 if won >= goal else outcome.chance}], HEADER)


def goal_distribution(deals: pl.DataFrame, past: pl.DataFrame, *, won: float, steps: int = 60) -> pl.DataFrame:
    """Return how likely each amount is at the end of the period; parameters as `chance_of_goal`, no rows without history."""
    outlook = _outlook(deals, past, won, None)
    if outlook.grid is None:
        return _frame([], DISTRIBUTION_HEADER)
    outcome = outlook.grid.outcome()
    kept = outcome.values <= outcome.quantile(0.9995)
    width = max(-(-int(kept.sum()) // steps), 1)
    count = -(-int(kept.sum()) // width)
    ends = np.arange(count) * width
    summed = np.add.reduceat(outcome.probabilities[: count * width], ends)
    at_least = np.cumsum(outcome.probabilities[::-1])[::-1][ends].clip(0, 1)
    rows = zip(won + outcome.values[ends], summed, at_least, strict=True)
    return _frame([dict(zip(DISTRIBUTION_HEADER.columns, row, strict=True)) for row in rows], DISTRIBUTION_HEADER)


def deals_that_matter(deals: pl.DataFrame, past: pl.DataFrame, *, won: float, goal: float | None) -> pl.DataFrame:
    """Return the deals that move the chance of the goal most; parameters as `chance_of_goal`.

    No rows without history, without a goal, or once it is reached.
    """
    outlook = _outlook(deals, past, won, goal)
    if outlook.grid is None or goal is None or won >= goal:
        return _frame([], MATTER_HEADER)
    chosen = outlook.grid.large[:_MATTER]
    rows = []
    for deal, (if_won, if_not) in zip(chosen, outlook.grid.with_and_without(chosen), strict=True):
        row = outlook.deals.row(int(deal), named=True)
        known = {name: row[name] for name in ("opportunity_id", "amount", "chance")}
        rows.append(known | {"if_won": if_won, "if_not": if_not, "difference": if_won - if_not})
    return _frame(rows, MATTER_HEADER).sort("difference", descending=True, maintain_order=True)


def _outlook(deals: pl.DataFrame, past: pl.DataFrame, won: float, goal: float | None) -> _Outlook:
    need(deals, ("opportunity_id", "amount", "chance"), _TITLE, not_negative=("amount", "chance"))
    need(past, ("expected", "variance", "won", "new_amount"), _TITLE, not_negative=("new_amount",))
    known = deals.with_columns(pl.col("amount").cast(pl.Float64))
    left_out = known["amount"].null_count()
    past = past.filter(pl.col("new_amount").is_not_null())
    kept = known.filter((pl.col("amount") > 0) & (pl.col("chance") > 0))
    if past.height < LEAST_PERIODS:
        return _Outlook(kept, left_out, None, 0.0, 0.0, past.height)
    nodes, weights, mean_shocks = shock_of(past)
    news = _news(past["new_amount"].to_numpy().astype(float), nodes, weights, mean_shocks)
    chances = _under_shock(kept["chance"].to_numpy(), nodes, weights)
    gap = max((goal or 0.0) - won, 0.0)
    grid = Grid(Deals(kept["amount"].to_numpy(), chances, weights), news, gap)
    shock = float(np.sqrt(weights @ nodes**2))
    return _Outlook(kept, left_out, grid, float(weights @ news.means), shock, past.height)


def _under_shock(chance: Floats, nodes: Floats, weights: Floats) -> Floats:
    """Return each deal's chance under each shock, shock x deal, so that over all shocks it is its own."""
    chance = chance.clip(1e-6, 1 - 1e-6)
    base = logit(chance)
    for _ in range(4):
        under = expit(base + nodes[:, None])
        base = base - (weights @ under - chance) / (weights @ (under * (1 - under)))
    shocked: Floats = expit(base + nodes[:, None])
    return shocked


def _news(past: Floats, nodes: Floats, weights: Floats, mean_shocks: Floats) -> News:
    """Return what is still to be created and won: as large as in past periods, and moving with the shock as far as it did."""
    count, mean = len(past), float(past.mean())
    if mean == 0:
        return News(np.zeros_like(nodes), 0.0)
    # The next period differs from the mean of a few by more than they differ among themselves (Student's variance).
    variance = float(past.var(ddof=1)) * (1 + 1 / count) * (count - 1) / max(count - 3, 1)
    moves = float(np.corrcoef(past, mean_shocks)[0, 1]) if past.std() > 0 and mean_shocks.std() > 0 else 0.0
    # Four periods' worth of doubt whether the two move together at all.
    moves *= count / (count + 4)
    size = float(np.sqrt(weights @ nodes**2))
    means = (
        (mean + moves * np.sqrt(variance) * nodes / size).clip(0.05 * mean) if size > 0 else np.full_like(nodes, mean)
    )
    means *= mean / float(weights @ means)
    return News(means, max(variance * (1 - moves**2), (0.02 * mean) ** 2))


def _frame(rows: list[dict[str, object]], header: EstimatorHeader) -> pl.DataFrame:
    kinds = {"text": pl.String, "id": pl.String, "count": pl.Int64}
    schema = {name: kinds.get(column.unit, pl.Float64) for name, column in header.columns.items()}
    return pl.DataFrame(rows, schema=schema)
