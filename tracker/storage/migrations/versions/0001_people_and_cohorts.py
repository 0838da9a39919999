"""People, their sign-ins, cohorts, memberships and invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("is_admin", sa.Boolean, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _of_user("sessions", "user_id"),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "cohorts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("public_id", name="uq_cohorts_public_id"),
    )
    op.create_table(
        "memberships",
        _of_cohort("memberships"),
        _of_user("memberships", "user_id"),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("cohort_id", "user_id", name="pk_memberships"),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(32), nullable=False),
        _of_cohort("invitations"),
        _of_user("invitations", "created_by"),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.UniqueConstraint("public_id", name="uq_invitations_public_id"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
    )
    op.create_index("ix_invitations_cohort_id", "invitations", ["cohort_id"])


def downgrade() -> None:
    for table in ("invitations", "memberships", "cohorts", "sessions", "users"):
        op.drop_table(table)


def _of_user(table: str, column: str) -> sa.Column[int]:
    key = sa.ForeignKey("users.id", name=f"fk_{table}_{column}_users", ondelete="CASCADE")
    return sa.Column(column, sa.Integer, key, nullable=False)


def _of_cohort(table: str) -> sa.Column[int]:
    key = sa.ForeignKey("cohorts.id", name=f"fk_{table}_cohort_id_cohorts", ondelete="CASCADE")
    return sa.Column("cohort_id", sa.Integer, key, nullable=False)
