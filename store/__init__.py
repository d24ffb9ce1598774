"""What people write: goals, picks, views, notes, huddles and actions. SQLAlchemy, with numbered migrations."""

from store import kpi_models, room_models
from store.annotations import (
    Annotation,
    add_annotation,
    annotations,
    delete_annotation,
    edit_annotation,
    restore_annotation,
)
from store.database import open_store
from store.errors import ConflictError, StoreError
from store.goals import MEASURES, SCOPES, Goal, current_goals, goal_versions, set_goal, withdraw_goal
from store.people import authors
from store.views import View, delete_view, rename_view, restore_view, save_view, saved_views
from store.writing import Change, audit, change, delete, reading, undo, writing

__all__ = [
    "MEASURES",
    "SCOPES",
    "Annotation",
    "Change",
    "ConflictError",
    "Goal",
    "StoreError",
    "View",
    "add_annotation",
    "annotations",
    "audit",
    "authors",
    "change",
    "current_goals",
    "delete",
    "delete_annotation",
    "delete_view",
    "edit_annotation",
    "goal_versions",
    "kpi_models",
    "open_store",
    "reading",
    "rename_view",
    "restore_annotation",
    "restore_view",
    "room_models",
    "save_view",
    "saved_views",
    "set_goal",
    "undo",
    "withdraw_goal",
    "writing",
]
