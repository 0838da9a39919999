"""Leading: what leads see and members agreed to, requests to join, targets, notes, looks, exports and mails.

Who is in a cohort already agreed to have their scores seen, so these cohorts go on with scores; new ones begin with levels.
Columns are added in place, as in 0002.

Going down takes away what the version before would widen, as it knows neither less than scores, nor work for some, nor
a link with a limit: members who agreed to less, assignments to some and practice sets, links to some and links to where
leads let people in. Whoever left can join again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)
ADDED = (
    ("cohorts", lambda: sa.Column("sees", sa.String(10), nullable=False, server_default="scores")),
    ("cohorts", lambda: sa.Column("joining", sa.String(10), nullable=False, server_default="open")),
    ("cohorts", lambda: sa.Column("archived_at", MOMENT, nullable=True)),
    ("memberships", lambda: sa.Column("agreed_to", sa.String(10), nullable=False, server_default="scores")),
    ("memberships", lambda: sa.Column("may_mentor", sa.Boolean, nullable=False, server_default=sa.false())),
    ("invitations", lambda: sa.Column("address", sa.String(254), nullable=True)),
    ("invitations", lambda: sa.Column("most_uses", sa.Integer, nullable=True)),
    ("invitations", lambda: sa.Column("uses", sa.Integer, nullable=False, server_default="0")),
    ("assignments", lambda: sa.Column("practice_items", sa.Integer, nullable=True)),
    ("assignments", lambda: sa.Column("is_for_all", sa.Boolean, nullable=False, server_default=sa.true())),
    ("assignments", lambda: sa.Column("extra_minutes", sa.Integer, nullable=False, server_default="0")),
)


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, column())
    op.create_table(
        "join_requests",
        *(_place("join_requests", "cohorts", "cohort_id"), _place("join_requests", "users", "user_id")),
        sa.Column("agreed_to", sa.String(10), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
    )
    op.create_index("ix_join_requests_user_id", "join_requests", ["user_id"])
    op.create_table(
        "targets",
        _place("targets", "cohorts", "cohort_id"),
        sa.Column("skill", sa.String(80), primary_key=True),
        sa.Column("level", sa.String(20), nullable=False),
    )
    op.create_table(
        "assigned_learners",
        *(
            _place("assigned_learners", "assignments", "assignment_id"),
            _place("assigned_learners", "users", "user_id"),
        ),
    )
    op.create_index("ix_assigned_learners_user_id", "assigned_learners", ["user_id"])
    op.create_table(
        "notes",
        *_identity("notes"),
        *(_of("notes", "cohorts", "cohort_id"), _of("notes", "users", "user_id"), _by("notes", "author_id")),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer, primary_key=True),
        *(_of("looks", "cohorts", "cohort_id"), _of("looks", "users", "user_id")),
        _by("looks", "looker_id"),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "exports",
        *_identity("exports"),
        *(_of("exports", "cohorts", "cohort_id"), _of("exports", "users", "asked_by")),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("problem", sa.String(300), nullable=True),
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _of("mails", "cohorts", "cohort_id", nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("problem", sa.String(300), nullable=True),
        sa.UniqueConstraint("key", name="uq_mails_key"),
    )
    for table, name in (
        ("notes", "cohort_id"),
        ("notes", "user_id"),
        ("looks", "cohort_id"),
        ("looks", "user_id"),
        ("exports", "cohort_id"),
        ("exports", "asked_by"),
        ("mails", "cohort_id"),
        ("mails", "sent_at"),
    ):
        op.create_index(f"ix_{table}_{name}", table, [name])


WIDENED = (
    "DELETE FROM memberships WHERE role = 'member' AND agreed_to = 'levels'",
    "DELETE FROM assignments WHERE practice_items IS NOT NULL OR NOT is_for_all",
    "DELETE FROM invitations WHERE address IS NOT NULL OR most_uses IS NOT NULL"
    " OR cohort_id IN (SELECT id FROM cohorts WHERE joining = 'approved' OR archived_at IS NOT NULL)",
)
"""What the version before would read as more than was agreed to or allowed."""


def downgrade() -> None:
    for statement in WIDENED:
        op.execute(statement)
    for table in ("mails", "exports", "looks", "notes", "assigned_learners", "targets", "join_requests"):
        op.drop_table(table)
    for table, column in ADDED:
        op.drop_column(table, column().name)


def _identity(table: str) -> tuple[sa.Column[Any] | sa.UniqueConstraint, ...]:
    return (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.UniqueConstraint("public_id", name=f"uq_{table}_public_id"),
    )


def _place(table: str, of: str, name: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{of}.id", name=f"fk_{table}_{name}_{of}", ondelete="CASCADE")
    return sa.Column(name, sa.Integer, key, primary_key=True)


def _of(table: str, of: str, name: str, *, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{of}.id", name=f"fk_{table}_{name}_{of}", ondelete="CASCADE")
    return sa.Column(name, sa.Integer, key, nullable=nullable)


def _by(table: str, name: str) -> sa.Column[int]:
    key = sa.ForeignKey("users.id", name=f"fk_{table}_{name}_users", ondelete="SET NULL")
    return sa.Column(name, sa.Integer, key, nullable=True)
