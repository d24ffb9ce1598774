"""Goals, in versions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "goal_version",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("period_start", sa.Date, nullable=False),
        sa.Column("period_end", sa.Date, nullable=False),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("scope_value", sa.String(200)),
        sa.Column("value", sa.Numeric(18, 2), nullable=False),
        sa.Column("set_at", sa.DateTime, nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime),
        sa.Column("withdrawn_by", sa.String(200)),
    )
    op.create_index(
        "goal_version_key", "goal_version", ["measure", "period_start", "period_end", "scope", "scope_value"]
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("goal_version")
