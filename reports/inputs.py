"""What people wrote, as the frames that queries take as inputs."""

from collections.abc import Sequence

import polars as pl

from queries import INPUT_SCHEMAS
from store import Goal, current_goals, open_store


def goal_frame(goals: Sequence[Goal]) -> pl.DataFrame:
    """Return typed-in goals as the input `goals`: one row per version that was not withdrawn; times in UTC."""
    schema = INPUT_SCHEMAS["goals"]
    return pl.DataFrame([{name: getattr(goal, name) for name in schema} for goal in goals], schema=schema)


def typed_goals() -> pl.DataFrame:
    """Return the goals typed in at this home, as the input `goals`.

    Raises
    ------
    StoreError
        The store cannot be read.
    """
    return goal_frame(current_goals(open_store()))
