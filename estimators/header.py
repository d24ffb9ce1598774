"""What an estimator says about itself: the same contract as a query's header, as plain values.

`estimators` stands below `queries`' SQL but beside it in the catalogue: the Definitions page shows both alike.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class EstimatorColumn:
    """One column of a result: its unit and what it means."""

    unit: str
    text: str


@dataclass(frozen=True)
class EstimatorHeader:
    """Title, definition in plain words, grain, what it takes and gives, its source, and its reference in tests."""

    name: str
    title: str
    definition: str
    grain: str
    direction: str
    source: str
    inputs: tuple[str, ...]
    columns: dict[str, EstimatorColumn]
