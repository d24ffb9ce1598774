"""Huddles with what was said in them, frozen reviews, comments, the narrative."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
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
        "agenda_template",
        *_written(),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
    )
    op.create_table(
        "comment",
        *_written(),
        sa.Column("about", sa.String(120), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "huddle",
        *_written(),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("leader", sa.String(200), nullable=False),
        sa.Column("attendees", sa.JSON, nullable=False),
        sa.Column("planned_at", sa.DateTime, nullable=False),
        sa.Column("begun_at", sa.DateTime),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("item_on", sa.Integer),
        sa.Column("item_since", sa.DateTime),
        sa.Column("as_of", sa.Date),
        sa.Column("query", sa.Text, nullable=False),
    )
    op.create_table(
        "narrative",
        *_written(),
        sa.Column("card", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("trend", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
    )
    op.create_table(
        "review",
        *_written(),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("goals_hash", sa.String(64), nullable=False),
        sa.Column("settings_hash", sa.String(64), nullable=False),
        sa.Column("code_version", sa.String(64), nullable=False),
        sa.Column("warehouse", sa.String(200), nullable=False),
        sa.Column("frames", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "action",
        *_written(),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("metric", sa.String(120)),
        sa.Column("number_then", sa.String(40)),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("huddle_id", sa.String(32), sa.ForeignKey("huddle.id")),
        sa.Column("client_key", sa.String(64), unique=True),
    )
    op.create_table(
        "decision",
        *_written(),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("metric", sa.String(120)),
        sa.Column("number_then", sa.String(40)),
        sa.Column("review_on", sa.Date),
        sa.Column("outcome", sa.Text),
        sa.Column("huddle_id", sa.String(32), sa.ForeignKey("huddle.id")),
        sa.Column("client_key", sa.String(64), unique=True),
    )
    op.create_table(
        "feedback",
        *_written(),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("theme", sa.String(80)),
        sa.Column("product", sa.String(200)),
        sa.Column("stage", sa.String(200)),
        sa.Column("reply", sa.Text),
        sa.Column("replied_by", sa.String(200)),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("huddle_id", sa.String(32), sa.ForeignKey("huddle.id")),
        sa.Column("client_key", sa.String(64), unique=True),
    )
    op.create_table(
        "huddle_item",
        *_written(),
        sa.Column("huddle_id", sa.String(32), sa.ForeignKey("huddle.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("seconds_taken", sa.Integer, nullable=False),
    )
    op.create_table(
        "huddle_note",
        *_written(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("huddle_id", sa.String(32), sa.ForeignKey("huddle.id")),
        sa.Column("client_key", sa.String(64), unique=True),
    )
    op.create_table(
        "sign_off",
        *_written(),
        sa.Column("narrative_id", sa.String(32), sa.ForeignKey("narrative.id"), nullable=False),
        sa.Column("team", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("sign_off")
    op.drop_table("huddle_note")
    op.drop_table("huddle_item")
    op.drop_table("feedback")
    op.drop_table("decision")
    op.drop_table("action")
    op.drop_table("review")
    op.drop_table("narrative")
    op.drop_table("huddle")
    op.drop_table("comment")
    op.drop_table("agenda_template")
