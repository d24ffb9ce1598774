"""The store's tables."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import Date, DateTime, ForeignKey, Integer, Numeric, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column


class Base(DeclarativeBase):
    """What all tables of the store share."""


class GoalChangeRow(Base):
    """One change of goals: of one or of many at once. Times are UTC."""

    __tablename__ = "goal_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(DateTime)
    made_by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(400))
    undoes: Mapped[int | None] = mapped_column(ForeignKey("goal_change.id"))


class Written(Base):
    """A row with author and time, that stays when it is deleted, and whose id stays when it is changed.

    `version` counts its changes: a change names the version that it was read at. Times are UTC.
    """

    __abstract__ = True

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=lambda: uuid4().hex)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    created_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(DateTime)
    changed_by: Mapped[str] = mapped_column(String(200))
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime)
    deleted_by: Mapped[str | None] = mapped_column(String(200))

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Refuse to write over a version that was not read."""
        return {"version_id_col": cls.version}


class AuditEntry(Base):
    """Who changed which row, when, and what it was before and after (as JSON)."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime)
    by: Mapped[str] = mapped_column(String(200))
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(20))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)


class GoalVersion(Base):
    """One version of a goal, never changed; the newest counts. Without a value it takes the goal back. Times are UTC.

    `value_before` is what was in force when it was set, typed in or imported. Versions that were withdrawn (as an
    earlier release did instead of taking back) do not count.
    """

    __tablename__ = "goal_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(String(40))
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    scope: Mapped[str] = mapped_column(String(20))
    scope_value: Mapped[str | None] = mapped_column(String(200))
    value: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    value_before: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("goal_change.id"))
    set_at: Mapped[datetime] = mapped_column(DateTime)
    set_by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))


class SavedView(Base):
    """A page with its filters and choices, by name. Deleted ones stay, so that a deletion can be undone."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    page: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(DateTime)
    saved_by: Mapped[str] = mapped_column(String(200))
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime)
    deleted_by: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AnnotationNote(Base):
    """What happened on a day. Deleted ones stay; a change of one that somebody else changed meanwhile is refused."""

    __tablename__ = "annotation"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(String(200))
    page: Mapped[str | None] = mapped_column(String(80))
    scope: Mapped[str | None] = mapped_column(String(20))
    scope_value: Mapped[str | None] = mapped_column(String(200))
    written_at: Mapped[datetime] = mapped_column(DateTime)
    written_by: Mapped[str] = mapped_column(String(200))
    edited_at: Mapped[datetime | None] = mapped_column(DateTime)
    edited_by: Mapped[str | None] = mapped_column(String(200))
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime)
    deleted_by: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
