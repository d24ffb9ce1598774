"""Required coverage: how much pipeline was enough in past periods with as many days to go."""

import numpy as np
import polars as pl

from estimators.check import need
from estimators.header import EstimatorColumn, EstimatorHeader

# Fewer past periods cannot say what four in five periods need: the lowest of four yields is that of one in five.
LEAST_PERIODS = 4

HEADER = EstimatorHeader(
    name="required_coverage",
    title="How much coverage is enough",
    definition=(
        "Open pipeline over what is still missing from the goal, as history says it must be. In each past period with "
        "as many days to go, the pipeline yielded so much of its amount, won with any deal, also with those created or "
        "pulled in later. With one over the middle yield, half of the past periods would have made it: even odds. With "
        "one over the yield that four in five periods reached, four in five would have: 80% odds. With fewer than four "
        "past periods that history records, nothing is said."
    ),
    grain="One row per value of the dimension (one in all without a column dimension_value).",
    direction="none",
    source="METRICS: Coverage, required coverage; quantiles of Weibull (1939): right on average for the next period",
    inputs=("yield_by_period",),
    columns={
        "dimension_value": EstimatorColumn("text", "The value; blank where there is one row for all"),
        "periods": EstimatorColumn("count", "Past periods with real history and something open"),
        "median_yield": EstimatorColumn("ratio", "The middle one of their yields"),
        "low_yield": EstimatorColumn("ratio", "The yield that four in five of them reach"),
        "required_even": EstimatorColumn(
            "ratio", "Coverage for even odds: 1 / the middle yield; a dash without history"
        ),
        "required_80": EstimatorColumn(
            "ratio", "Coverage for 80% odds: 1 / the yield of four in five; a dash where these won nothing"
        ),
        "median_yield_of_due": EstimatorColumn("ratio", "The middle yield of the deals that were open and due alone"),
        "reason": EstimatorColumn("text", "Why there is a dash; blank where there is none"),
    },
)


def required_coverage(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the coverage that past periods needed, for even and for 80% odds.

    Parameters
    ----------
    frame
        One row per past period: its `yield` and `yield_of_due`, null where history does not record it; as the query
        `yield_by_period` gives them. With a column `dimension_value`, one row per value and period.

    Returns
    -------
    polars.DataFrame
        The columns that `HEADER` describes; without a column `dimension_value` always one row.

    Raises
    ------
    EstimatorError
        A column is missing, or a yield is negative.

    Examples
    --------
    >>> import polars as pl
    >>> past = pl.DataFrame({"yield": [0.2, 0.25, 0.4, 0.5], "yield_of_due": [0.1, 0.1, 0.2, 0.2]})
    >>> required_coverage(past).select("periods", "required_even", "required_80").row(0)
    (4, 3.0769230769230766, 5.0)
    """
    need(frame, ("yield", "yield_of_due"), "Required coverage cannot be told", not_negative=("yield", "yield_of_due"))
    if "dimension_value" not in frame.columns:
        rows = [_row(None, frame)]
    else:
        rows = [_row(value, group) for (value,), group in frame.group_by(["dimension_value"], maintain_order=True)]
    kinds = {"text": pl.String, "count": pl.Int64, "ratio": pl.Float64}
    return pl.DataFrame(rows, schema={name: kinds[column.unit] for name, column in HEADER.columns.items()})


def _row(value: object, group: pl.DataFrame) -> dict[str, object]:
    known = group.filter(pl.col("yield").is_not_null())
    row: dict[str, object] = {"dimension_value": value, "periods": known.height}
    if known.height < LEAST_PERIODS:
        count = "no past period" if not known.height else f"{known.height} past period{'s' * (known.height > 1)}"
        return row | {"reason": f"History records {count} with as many days to go; {LEAST_PERIODS} are needed."}
    # Weibull's quantiles: the next period falls below the one at p with probability p, whatever the distribution.
    low, middle = np.quantile(known["yield"].to_numpy(), (0.2, 0.5), method="weibull")
    of_due = known["yield_of_due"].median()
    return row | {
        "median_yield": float(middle),
        "low_yield": float(low),
        "required_even": 1 / float(middle) if middle > 0 else None,
        "required_80": 1 / float(low) if low > 0 else None,
        "median_yield_of_due": of_due,
        "reason": None
        if low > 0
        else "In one of five past periods nothing was won: no pipeline would have been enough.",
    }
