"""Annotations: what happened on a day, told on every time axis that shows the day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "annotation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("page", sa.String(80)),
        sa.Column("scope", sa.String(20)),
        sa.Column("scope_value", sa.String(200)),
        sa.Column("written_at", sa.DateTime, nullable=False),
        sa.Column("written_by", sa.String(200), nullable=False),
        sa.Column("edited_at", sa.DateTime),
        sa.Column("edited_by", sa.String(200)),
        sa.Column("deleted_at", sa.DateTime),
        sa.Column("deleted_by", sa.String(200)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("annotation_day", "annotation", ["day"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("annotation")
