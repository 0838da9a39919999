"""Accommodations: how much extra time somebody gets, who said so, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "accommodations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "user_id",
            sa.Integer,
            sa.ForeignKey("users.id", name="fk_accommodations_user_id_users", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column(
            "set_by",
            sa.Integer,
            sa.ForeignKey("users.id", name="fk_accommodations_set_by_users", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_accommodations_user_id", "accommodations", ["user_id"])


def downgrade() -> None:
    op.drop_table("accommodations")
