"""The agreement between marketing and sales, in versions that both teams sign."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
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
        "agreement",
        *_written(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("terms", sa.JSON, nullable=False),
    )
    op.create_table(
        "agreement_signature",
        *_written(),
        sa.Column("agreement_id", sa.String(32), sa.ForeignKey("agreement.id"), nullable=False),
        sa.Column("team", sa.String(40), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("text_hash", sa.String(16), nullable=False),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("agreement_signature")
    op.drop_table("agreement")
