"""Goals are changed many at once: who, why, what was there before, and what undoes what. A goal may be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "goal_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(400)),
        sa.Column("undoes", sa.Integer, sa.ForeignKey("goal_change.id")),
    )
    with op.batch_alter_table("goal_version") as table:
        table.alter_column("value", existing_type=sa.Numeric(18, 2), nullable=True)
        table.add_column(sa.Column("value_before", sa.Numeric(18, 2)))
        table.add_column(
            sa.Column("change_id", sa.Integer, sa.ForeignKey("goal_change.id", name="goal_version_change"))
        )


def downgrade() -> None:
    """Take back; a goal that was taken back is forgotten."""
    op.execute("delete from goal_version where value is null")
    with op.batch_alter_table("goal_version") as table:
        table.drop_constraint("goal_version_change", type_="foreignkey")
        table.drop_column("change_id")
        table.drop_column("value_before")
        table.alter_column("value", existing_type=sa.Numeric(18, 2), nullable=False)
    op.drop_table("goal_change")
