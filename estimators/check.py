"""What every estimator asks of the frame it is given."""

from collections.abc import Iterable, Sequence

import polars as pl

from estimators.errors import EstimatorError

# The 97.5% point of the normal distribution, for a 95% interval.
Z = 1.959963984540054


def need(frame: pl.DataFrame, columns: Iterable[str], title: str, *, not_negative: Iterable[str] = ()) -> None:
    """Raise an `EstimatorError` if a column is missing, or one that counts holds a negative value."""
    for column in columns:
        if column not in frame.columns:
            raise EstimatorError(title, f"The column '{column}' is missing.")
    for column in not_negative:
        least = frame[column].min()
        if least is not None and least < 0:  # type: ignore[operator]
            raise EstimatorError(title, f"The column '{column}' holds a negative value.")


def one_of(value: str, choices: Sequence[str], name: str, title: str) -> None:
    """Raise an `EstimatorError` if a choice is none of those that there are."""
    if value not in choices:
        raise EstimatorError(title, f"'{value}' is no {name}; there are {', '.join(choices)}.")
