"""What people write: goals, picks, views, notes, huddles and actions. SQLAlchemy, with numbered migrations."""

from store import agreement_models, definition_models, kpi_models, room_models
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
from store.writing import Change, audit, change, delete, newest_change, reading, undo, writing

__all__ = [
    "MEASURES",
    "SCOPES",
    "Annotation",
    "Change",
    "ConflictError",
    "Goal",
    "GoalChange",
    "GoalConflictError",
    "StoreError",
    "View",
    "add_annotation",
    "agreement_models",
    "annotations",
    "audit",
    "authors",
    "change",
    "change_goals",
    "current_goals",
    "definition_models",
    "delete",
    "delete_annotation",
    "delete_view",
    "edit_annotation",
    "goal_changes",
    "goal_versions",
    "kpi_models",
    "last_undoable",
    "newest_change",
    "newest_versions",
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
    "undo_last_change",
    "writing",
]
