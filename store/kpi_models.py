"""Tables of the KPIs that teams picked: picks, goals, baselines, series of their own, alerts."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, DateTime, ForeignKey, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models import Written


class KpiPick(Written):
    """One of the three to five metrics that a team watches, and why; deleted when it is no longer watched."""

    __tablename__ = "kpi_pick"

    team: Mapped[str] = mapped_column(String(40))
    metric: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200))
    band_low: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    band_high: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))


class KpiGoal(Written):
    """What a pick should reach each week of a period [start, end)."""

    __tablename__ = "kpi_goal"

    pick_id: Mapped[str] = mapped_column(ForeignKey("kpi_pick.id"))
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    value: Mapped[Decimal] = mapped_column(Numeric(18, 4))


class KpiBaseline(Written):
    """The weeks over which a pick's limits are locked, and why; the newest counts."""

    __tablename__ = "kpi_baseline"

    pick_id: Mapped[str] = mapped_column(ForeignKey("kpi_pick.id"))
    first_week: Mapped[date] = mapped_column(Date)
    last_week: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)


class OwnSeries(Written):
    """A number that no CRM keeps: web visits, posts, traffic of a channel."""

    __tablename__ = "own_series"

    name: Mapped[str] = mapped_column(String(120))
    team: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)


class OwnSeriesValue(Written):
    """One day's value of an own series."""

    __tablename__ = "own_series_value"

    series_id: Mapped[str] = mapped_column(ForeignKey("own_series.id"))
    day: Mapped[date] = mapped_column(Date)
    value: Mapped[Decimal] = mapped_column(Numeric(18, 4))


class Alert(Written):
    """When a pick should be spoken of: a threshold crossed, or a signal."""

    __tablename__ = "alert"

    pick_id: Mapped[str] = mapped_column(ForeignKey("kpi_pick.id"))
    kind: Mapped[str] = mapped_column(String(20))
    threshold: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    snoozed_until: Mapped[date | None] = mapped_column(Date)


class AlertFired(Written):
    """What fired, for which week, and what it said."""

    __tablename__ = "alert_fired"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"))
    week_end: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime | None] = mapped_column(DateTime)
