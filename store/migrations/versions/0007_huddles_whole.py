"""The rhythm of huddles, their notes as written, and what a narrative rests on."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
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
        "huddle_rhythm",
        *_written(),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("every_weeks", sa.Integer, nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("at", sa.String(5), nullable=False),
    )
    op.create_table(
        "huddle_paper",
        *_written(),
        sa.Column("huddle_id", sa.String(32), sa.ForeignKey("huddle.id"), nullable=False),
        sa.Column("form", sa.String(10), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.add_column("narrative", sa.Column("theme", sa.String(80)))
    op.add_column("narrative", sa.Column("metric", sa.String(120)))
    op.add_column("sign_off", sa.Column("as_of", sa.Date))
    op.add_column("sign_off", sa.Column("number_then", sa.String(40)))
    op.add_column("sign_off", sa.Column("theme_count", sa.Integer))


def downgrade() -> None:
    """Take back."""
    for name in ("theme_count", "number_then", "as_of"):
        op.drop_column("sign_off", name)
    for name in ("metric", "theme"):
        op.drop_column("narrative", name)
    op.drop_table("huddle_paper")
    op.drop_table("huddle_rhythm")
