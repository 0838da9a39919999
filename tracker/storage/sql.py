"""Who people are: the SQL database, its connection rules and the shape of its tables' times."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, scoped_session
from sqlalchemy.types import TypeDecorator

from tracker.storage.private_file import make_private_file

MIGRATIONS = Path(__file__).parent / "migrations"

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",
)


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
    url = make_url(database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and url.database:
        file = Path(url.database).absolute()
        make_private_file(file)
        url = url.set(database=str(file))
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}  # errors are logged; what people sent is not
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=is_sqlite)
    if is_sqlite:
        with app.app_context():
            _keep_sqlite_rules(db.engine)


def upgrade() -> None:
    """Bring the tables to the newest migration."""
    flask_migrate.upgrade()


def session() -> scoped_session[Session]:
    """The session of this request or command."""
    return db.session


@contextmanager
def writing() -> Iterator[scoped_session[Session]]:
    """One writing transaction: takes SQLite's write lock at once, commits at the end, rolls back on any error."""
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
