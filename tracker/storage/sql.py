"""Who people are: the SQL database, its connection rules and the shape of its tables' times.

On both databases whoever writes is alone in it: what a writing transaction reads stays true until its end.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import DateTime, Dialect, Engine, ExceptionContext, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, scoped_session
from sqlalchemy.types import TypeDecorator

from tracker.errors import ConfigError
from tracker.storage.private_file import make_private_file

MIGRATIONS = Path(__file__).parent / "migrations"

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",
)

POSTGRESQL_RULES: Mapping[str, Any] = {
    "connect_args": {
        "connect_timeout": 2,
        "tcp_user_timeout": 2000,
        "options": "-c statement_timeout=5s -c synchronous_commit=on",
    },
    "isolation_level": "READ COMMITTED",
    "pool_pre_ping": True,
    "pool_timeout": 2,
}
"""When it is away we know soon; nothing waits longer than SQLite's busy_timeout; what is committed is on disk."""

ADDRESSES = "TRACKER_DATABASE_URL: must be as sqlite:////folder/file or postgresql://user:password@host/database"

HIDING = {"hide_parameters": True}
"""Errors are logged; what people sent is not."""

TAKE_TURN = "SELECT pg_advisory_xact_lock(1), set_config('idle_in_transaction_session_timeout', '10s', true)"
"""Wait until nobody else writes; whoever then stands still loses the turn."""


class AwareDateTime(TypeDecorator[datetime]):
    """A moment: aware going in, aware UTC coming out, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: AwareDateTime}  # noqa: RUF012 -- SQLAlchemy reads it from the class


db = SQLAlchemy(session_options={"expire_on_commit": False})
migrate = Migrate()


def connect(app: Flask, database_url: str) -> None:
    """Give the app its SQL database; nothing is opened before it is used."""
    url = url_of(database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and url.database:
        file = Path(url.database).absolute()
        make_private_file(file)
        url = url.set(database=str(file))
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {**HIDING, **({} if is_sqlite else POSTGRESQL_RULES)}
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=is_sqlite)
    with app.app_context():
        (_keep_sqlite_rules if is_sqlite else _keep_postgresql_rules)(db.engine)


def url_of(database_url: str) -> URL:
    """The address of a database that we run on. Raises: ConfigError for any other."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise ConfigError([ADDRESSES]) from None
    if url.drivername in {"postgresql", "postgresql+psycopg"}:
        if find_spec("psycopg") is None:
            raise ConfigError(["PostgreSQL needs psycopg, which is not installed: see requirements/postgresql.txt."])
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise ConfigError([ADDRESSES])
    return url


def upgrade() -> None:
    """Bring the tables to the newest migration."""
    flask_migrate.upgrade()


def downgrade(revision: str) -> None:
    """Bring the tables back to an older migration."""
    flask_migrate.downgrade(revision=revision)


def is_known(revision: str) -> bool:
    """Whether this version has such a migration."""
    return revision in {each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def get_revision() -> str:
    """The migration that the tables are at; empty without tables."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def is_newest() -> bool:
    """Whether the tables are as the newest migration makes them. Raises: SQLAlchemyError, when nobody answers."""
    with db.engine.connect() as connection:
        reached = MigrationContext.configure(connection).get_current_heads()
    return reached == _newest()


@cache
def _newest() -> tuple[str, ...]:
    return tuple(ScriptDirectory(str(MIGRATIONS)).get_heads())


def session() -> scoped_session[Session]:
    """The session of this request or command."""
    return db.session


def insert(table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An insert that can leave out or change what is there, which each database says in its own way."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


@contextmanager
def writing() -> Iterator[scoped_session[Session]]:
    """One writing transaction: takes the one turn to write at once, commits at the end, rolls back on any error."""
    db.session.commit()
    db.session.connection(execution_options={"is_writing": True})
    try:
        yield db.session
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def _keep_sqlite_rules(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_writing = connection.get_execution_options().get("is_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _keep_postgresql_rules(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("is_writing", False):
            connection.exec_driver_sql(TAKE_TURN)

    @event.listens_for(engine, "handle_error")
    def hide(context: ExceptionContext) -> None:
        """Of what went wrong keep the first line: the others quote what people sent."""
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None:
                error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:]) if error.args else ()
