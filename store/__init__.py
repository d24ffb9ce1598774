"""What people write: goals now; KPI picks, huddles and actions as they come. SQLAlchemy, with numbered migrations."""

from store.database import open_store
from store.errors import StoreError
from store.goal_changes import (
    GoalChange,
    GoalConflictError,
    change_goals,
    goal_changes,
    last_undoable,
    set_goal,
    undo_last_change,
)
from store.goals import MEASURES, SCOPES, Goal, current_goals, goal_versions, newest_versions

__all__ = [
    "MEASURES",
    "SCOPES",
    "Goal",
    "GoalChange",
    "GoalConflictError",
    "StoreError",
    "change_goals",
    "current_goals",
    "goal_changes",
    "goal_versions",
    "last_undoable",
    "newest_versions",
    "open_store",
    "set_goal",
    "undo_last_change",
]
