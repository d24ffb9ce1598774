"""What people write: goals, saved views, annotations. SQLAlchemy, with numbered migrations."""

from store.annotations import (
    Annotation,
    add_annotation,
    annotations,
    delete_annotation,
    edit_annotation,
    restore_annotation,
)
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
from store.people import authors
from store.views import View, delete_view, rename_view, restore_view, save_view, saved_views

__all__ = [
    "MEASURES",
    "SCOPES",
    "Annotation",
    "Goal",
    "GoalChange",
    "GoalConflictError",
    "StoreError",
    "View",
    "add_annotation",
    "annotations",
    "authors",
    "change_goals",
    "current_goals",
    "delete_annotation",
    "delete_view",
    "edit_annotation",
    "goal_changes",
    "goal_versions",
    "last_undoable",
    "newest_versions",
    "open_store",
    "rename_view",
    "restore_annotation",
    "restore_view",
    "save_view",
    "saved_views",
    "set_goal",
    "undo_last_change",
]
