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
from store.goals import MEASURES, SCOPES, Goal, current_goals, goal_versions, set_goal, withdraw_goal
from store.people import authors
from store.views import View, delete_view, rename_view, restore_view, save_view, saved_views

__all__ = [
    "MEASURES",
    "SCOPES",
    "Annotation",
    "Goal",
    "StoreError",
    "View",
    "add_annotation",
    "annotations",
    "authors",
    "current_goals",
    "delete_annotation",
    "delete_view",
    "edit_annotation",
    "goal_versions",
    "open_store",
    "rename_view",
    "restore_annotation",
    "restore_view",
    "save_view",
    "saved_views",
    "set_goal",
    "withdraw_goal",
]
