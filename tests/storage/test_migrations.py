"""The migrations, up and down, against the tables that the code declares."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text

from tracker.storage import sql
from tracker.storage.sql import MIGRATIONS, Base

TABLES = {
    *("users", "sessions", "accommodations", "item_reports", "mails"),
    *("cohorts", "memberships", "join_requests", "invitations", "targets", "notes", "looks", "exports"),
    *("assignments", "assigned_learners"),
}


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Flask]:
    """An app on an empty SQLite file, in an app context."""
    app = Flask("tracker")
    sql.connect(app, f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with app.app_context():
        yield app
        sql.db.session.remove()
        sql.db.engine.dispose()


def tables() -> set[str]:
    """The tables that are there, without Alembic's own."""
    return set(inspect(sql.db.engine).get_table_names()) - {"alembic_version"}


def schema() -> list[str]:
    """What SQLite says it was told to create."""
    with sql.db.engine.connect() as connection:
        return list(connection.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")))


def test_the_migrations_make_exactly_the_tables_that_the_code_declares(empty_app: Flask) -> None:
    sql.upgrade()

    with sql.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []
    assert tables() == TABLES == set(Base.metadata.tables)


def test_the_migrations_go_down_to_nothing_and_up_to_the_same_again(empty_app: Flask) -> None:
    sql.upgrade()
    first = schema()

    flask_migrate.downgrade(revision="base")
    between = tables()
    sql.upgrade()

    assert between == set()
    assert schema() == first


def test_upgrading_again_changes_nothing(empty_app: Flask) -> None:
    sql.upgrade()
    with sql.writing() as session:
        session.execute(
            text("INSERT INTO cohorts (public_id, name, created_at) VALUES ('c', 'Guild', '2026-11-02 12:00:00')")
        )

    sql.upgrade()

    assert sql.session().scalar(text("SELECT name FROM cohorts")) == "Guild"


def test_people_keep_their_cohorts_when_authors_come_and_go(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0001")
    with sql.writing() as session:
        for statement in (
            "INSERT INTO users (id, email, name, zone, password_hash, is_admin, created_at)"
            " VALUES (1, 'ada@example.org', 'Ada', 'UTC', 'hash', 0, '2026-11-02')",
            "INSERT INTO cohorts (id, public_id, name, created_at) VALUES (1, 'c', 'Guild', '2026-11-02')",
            "INSERT INTO memberships (cohort_id, user_id, role, joined_at) VALUES (1, 1, 'lead', '2026-11-02')",
        ):
            session.execute(text(statement))

    sql.upgrade()
    is_author = sql.session().scalar(text("SELECT is_author FROM users"))
    sql.session().commit()
    flask_migrate.downgrade(revision="0001")

    assert is_author == 0
    assert sql.session().scalar(text("SELECT count(*) FROM memberships")) == 1


def test_who_was_in_a_cohort_before_leads_saw_levels_goes_on_with_scores(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0005")
    with sql.writing() as session:
        for statement in (
            "INSERT INTO users (id, email, name, zone, password_hash, is_admin, is_author, created_at)"
            " VALUES (1, 'ada@example.org', 'Ada', 'UTC', 'hash', 0, 0, '2026-11-02')",
            "INSERT INTO cohorts (id, public_id, name, created_at) VALUES (1, 'c', 'Guild', '2026-11-02')",
            "INSERT INTO memberships (cohort_id, user_id, role, joined_at) VALUES (1, 1, 'member', '2026-11-02')",
        ):
            session.execute(text(statement))

    sql.upgrade()
    seen = sql.session().execute(text("SELECT sees, agreed_to FROM cohorts JOIN memberships ON cohort_id = id")).all()
    sql.session().commit()
    flask_migrate.downgrade(revision="0005")

    assert seen == [("scores", "scores")]
    assert sql.session().scalar(text("SELECT count(*) FROM memberships")) == 1


def test_there_is_one_line_of_migrations_without_a_fork() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))

    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1
