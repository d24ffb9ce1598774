"""How a number is counted, in versions that both teams sign."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
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
        "definition_version",
        *_written(),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("begins", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "definition_signature",
        *_written(),
        sa.Column("definition_id", sa.String(32), sa.ForeignKey("definition_version.id"), nullable=False),
        sa.Column("team", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("definition_signature")
    op.drop_table("definition_version")
