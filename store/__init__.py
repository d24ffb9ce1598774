"""What people write: goals now; KPI picks, huddles and actions as they come. SQLAlchemy, with numbered migrations."""

from store.database import open_store
from store.errors import StoreError
from store.goals import MEASURES, SCOPES, Goal, current_goals, goal_versions, set_goal, withdraw_goal

__all__ = [
    "MEASURES",
    "SCOPES",
    "Goal",
    "StoreError",
    "current_goals",
    "goal_versions",
    "open_store",
    "set_goal",
    "withdraw_goal",
]
