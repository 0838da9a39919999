"""Assignments: what a cohort's members are to take, and on what terms."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column(
            "cohort_id",
            sa.Integer,
            sa.ForeignKey("cohorts.id", name="fk_assignments_cohort_id_cohorts", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("assessment_slug", sa.String(80), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("attempts_allowed", sa.Integer, nullable=False),
        sa.Column("release", sa.String(20), nullable=False),
        sa.Column(
            "made_by",
            sa.Integer,
            sa.ForeignKey("users.id", name="fk_assignments_made_by_users", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.UniqueConstraint("public_id", name="uq_assignments_public_id"),
    )
    op.create_index("ix_assignments_cohort_id", "assignments", ["cohort_id"])


def downgrade() -> None:
    op.drop_table("assignments")
