"""The store's tables."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, DateTime, ForeignKey, Numeric, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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
