"""How Alembic reaches the app's SQL database: through the app itself, which `flask stores prepare` has loaded."""

from alembic import context

import tracker.storage.audit_tables
import tracker.storage.cohort_tables
import tracker.storage.identity_tables  # noqa: F401 -- all three fill the metadata
from tracker.storage.sql import TAKE_TURN, Base, db

with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(TAKE_TURN)
        context.run_migrations()
