"""The audit list, and the KPIs that teams picked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _written() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("deleted_at", sa.DateTime),
        sa.Column("deleted_by", sa.String(200)),
    ]


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("table_name", sa.String(40), nullable=False),
        sa.Column("row_id", sa.String(32), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
    )
    op.create_index("audit_row", "audit", ["table_name", "row_id"])
    op.create_table(
        "kpi_pick",
        *_written(),
        sa.Column("team", sa.String(40), nullable=False),
        sa.Column("metric", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("band_low", sa.Numeric(18, 4)),
        sa.Column("band_high", sa.Numeric(18, 4)),
    )
    op.create_table(
        "own_series",
        *_written(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("team", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("direction", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "alert",
        *_written(),
        sa.Column("pick_id", sa.String(32), sa.ForeignKey("kpi_pick.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("threshold", sa.Numeric(18, 4)),
        sa.Column("snoozed_until", sa.Date),
    )
    op.create_table(
        "kpi_baseline",
        *_written(),
        sa.Column("pick_id", sa.String(32), sa.ForeignKey("kpi_pick.id"), nullable=False),
        sa.Column("first_week", sa.Date, nullable=False),
        sa.Column("last_week", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "kpi_goal",
        *_written(),
        sa.Column("pick_id", sa.String(32), sa.ForeignKey("kpi_pick.id"), nullable=False),
        sa.Column("period_start", sa.Date, nullable=False),
        sa.Column("period_end", sa.Date, nullable=False),
        sa.Column("value", sa.Numeric(18, 4), nullable=False),
    )
    op.create_table(
        "own_series_value",
        *_written(),
        sa.Column("series_id", sa.String(32), sa.ForeignKey("own_series.id"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("value", sa.Numeric(18, 4), nullable=False),
    )
    op.create_table(
        "alert_fired",
        *_written(),
        sa.Column("alert_id", sa.String(32), sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("week_end", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("seen_at", sa.DateTime),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("alert_fired")
    op.drop_table("own_series_value")
    op.drop_table("kpi_goal")
    op.drop_table("kpi_baseline")
    op.drop_table("alert")
    op.drop_table("own_series")
    op.drop_table("kpi_pick")
    op.drop_table("audit")
