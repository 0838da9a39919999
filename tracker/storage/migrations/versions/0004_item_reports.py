"""What learners report of items, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "item_reports",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column(
            "user_id",
            sa.Integer,
            sa.ForeignKey("users.id", name="fk_item_reports_user_id_users", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("item_id", sa.String(200), nullable=False),
        sa.Column("item_version", sa.String(64), nullable=False),
        sa.Column("attempt_id", sa.String(32), nullable=True),
        sa.Column("place", sa.Integer, nullable=True),
        sa.Column("assessment_name", sa.String(200), nullable=True),
        sa.Column("answer", sa.JSON, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reply", sa.String(300), nullable=True),
        sa.Column("replied_by", sa.String(80), nullable=True),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.UniqueConstraint("public_id", name="uq_item_reports_public_id"),
    )
    op.create_index("ix_item_reports_user_id", "item_reports", ["user_id"])
    op.create_index("ix_item_reports_item_id", "item_reports", ["item_id"])
    op.create_index("ix_item_reports_replied_at", "item_reports", ["replied_at"])


def downgrade() -> None:
    op.drop_table("item_reports")
