"""Authors: who sees the question bank with its keys.

The column is added and dropped in place: rebuilding the table, as batches do on SQLite, would take with it every row that
refers to a person.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("users", sa.Column("is_author", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("users", "is_author")
