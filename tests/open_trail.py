"""The audit trail without its triggers, as for somebody who writes to the database itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_sqlalchemy.session import Session
from sqlalchemy import text
from sqlalchemy.orm import scoped_session

from tracker.storage import sql


@contextmanager
def open_trail() -> Iterator[scoped_session[Session]]:
    """A writing transaction in which the audit trail takes every change; its triggers are there again afterwards."""
    with sql.writing() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
            yield session
            session.execute(text("ALTER TABLE audit_events ENABLE TRIGGER USER"))
        else:
            triggers = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in triggers:
                session.execute(text(f"DROP TRIGGER {name}"))
            yield session
            for _, statement in triggers:
                session.execute(text(statement))
