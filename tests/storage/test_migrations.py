"""The migrations, up and down, on both databases, against the tables that the code declares."""

from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

import tracker.storage.audit_tables
import tracker.storage.cohort_tables
import tracker.storage.identity_tables  # noqa: F401 -- all three fill the metadata
from tests.databases import connected
from tracker.storage import sql
from tracker.storage.sql import MIGRATIONS, Base

TABLES = {
    *("users", "sessions", "accommodations", "item_reports", "mails"),
    *("cohorts", "memberships", "join_requests", "invitations", "targets", "notes", "looks", "exports"),
    *("assignments", "assigned_learners"),
    *("pending_sign_ups", "tickets", "misses", "identities", "second_factors", "recovery_codes", "api_tokens"),
    *("audit_events", "erasures"),
}

ON_SQLITE = ("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL",)
ON_POSTGRESQL = (
    "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default)"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app on an empty database, in an app context."""
    in_file = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    url = in_file if request.param == "sqlite" else request.getfixturevalue("postgresql").new_database()
    with connected(url) as app:
        yield app


def tables() -> set[str]:
    """The tables that are there, without Alembic's own."""
    return set(inspect(sql.db.engine).get_table_names()) - {"alembic_version"}


def schema() -> list[str]:
    """What the database says it was told to create."""
    with sql.db.engine.connect() as connection:
        described = ON_SQLITE if connection.dialect.name == "sqlite" else ON_POSTGRESQL
        return sorted(line for query in described for line in connection.scalars(text(query)))


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
            " VALUES (1, 'ada@example.org', 'Ada', 'UTC', 'hash', false, '2026-11-02')",
            "INSERT INTO cohorts (id, public_id, name, created_at) VALUES (1, 'c', 'Guild', '2026-11-02')",
            "INSERT INTO memberships (cohort_id, user_id, role, joined_at) VALUES (1, 1, 'lead', '2026-11-02')",
        ):
            session.execute(text(statement))

    sql.upgrade()
    is_author = sql.session().scalar(text("SELECT is_author FROM users"))
    sql.session().commit()
    flask_migrate.downgrade(revision="0001")

    assert not is_author
    assert sql.session().scalar(text("SELECT count(*) FROM memberships")) == 1


def test_who_was_in_a_cohort_before_leads_saw_levels_goes_on_with_scores(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0005")
    with sql.writing() as session:
        for statement in (
            "INSERT INTO users (id, email, name, zone, password_hash, is_admin, is_author, created_at)"
            " VALUES (1, 'ada@example.org', 'Ada', 'UTC', 'hash', false, false, '2026-11-02')",
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


def test_going_back_to_before_leads_saw_levels_widens_nothing_that_people_agreed_to(empty_app: Flask) -> None:
    sql.upgrade()
    with sql.writing() as session:
        for statement in (
            *(
                "INSERT INTO users (id, email, name, zone, password_hash, is_admin, is_author, created_at)"
                f" VALUES ({number}, '{number}@example.org', 'Ada', 'UTC', 'hash', false, false, '2026-11-02')"
                for number in (1, 2, 3)
            ),
            "INSERT INTO cohorts (id, public_id, name, sees, joining, created_at)"
            " VALUES (1, 'c', 'Guild', 'scores', 'open', '2026-11-02'),"
            " (2, 'd', 'Club', 'levels', 'approved', '2026-11-02')",
            "INSERT INTO memberships (cohort_id, user_id, role, agreed_to, may_mentor, joined_at)"
            " VALUES (1, 1, 'lead', 'levels', false, '2026-11-02'), (1, 2, 'member', 'levels', false, '2026-11-02'),"
            " (1, 3, 'member', 'scores', false, '2026-11-02')",
            "INSERT INTO assignments (id, public_id, cohort_id, assessment_slug, practice_items, is_for_all, opens_at,"
            " closes_at, attempts_allowed, extra_minutes, release, created_at) VALUES"
            + ",".join(
                f" ({number}, 'a{number}', 1, 'tools', {items}, {is_for_all}, '2026-11-02', '2026-11-09', 1, 0, 'now',"
                " '2026-11-02')"
                for number, items, is_for_all in ((1, "NULL", "true"), (2, "NULL", "false"), (3, "10", "true"))
            ),
            "INSERT INTO invitations (id, public_id, cohort_id, created_by, token_hash, address, most_uses, uses,"
            " created_at, expires_at) VALUES"
            + ",".join(
                f" ({number}, 'i{number}', {cohort}, 1, 'h{number}', {address}, {most}, 1, '2026-11-02', '2026-11-09')"
                for number, cohort, address, most in (
                    *((1, 1, "NULL", "NULL"), (2, 1, "'ada@example.org'", 1)),
                    *((3, 1, "NULL", 1), (4, 2, "NULL", "NULL")),
                )
            ),
        ):
            session.execute(text(statement))
    sql.session().commit()

    flask_migrate.downgrade(revision="0005")

    kept = {
        table: list(sql.session().scalars(text(f"SELECT {name} FROM {table} ORDER BY {name}")))
        for table, name in (("memberships", "user_id"), ("assignments", "id"), ("invitations", "id"))
    }
    assert kept == {"memberships": [1, 3], "assignments": [1], "invitations": [1]}


def test_ids_of_people_are_not_given_again_and_people_keep_what_is_theirs(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0006")
    with sql.writing() as session:
        for statement in (
            "INSERT INTO users (email, name, zone, password_hash, is_admin, is_author, created_at)"
            " VALUES ('ada@example.org', 'Ada', 'UTC', 'hash', false, false, '2026-11-02')",
            "INSERT INTO cohorts (id, public_id, name, sees, joining, created_at)"
            " VALUES (1, 'c', 'Guild', 'scores', 'open', '2026-11-02')",
            "INSERT INTO memberships (cohort_id, user_id, role, agreed_to, may_mentor, joined_at)"
            " VALUES (1, 1, 'member', 'scores', false, '2026-11-02')",
        ):
            session.execute(text(statement))

    sql.upgrade()
    kept = sql.session().scalar(text("SELECT count(*) FROM memberships"))
    with sql.writing() as session:
        session.execute(text("DELETE FROM users"))
        session.execute(
            text(
                "INSERT INTO users (email, name, zone, password_hash, is_admin, is_author, created_at)"
                " VALUES ('ben@example.org', 'Ben', 'UTC', 'hash', false, false, '2026-11-02')"
            )
        )

    assert kept == 1
    assert sql.session().scalar(text("SELECT count(*) FROM memberships")) == 0, "foreign keys are on again"
    assert sql.session().scalar(text("SELECT id FROM users")) == 2


def test_addresses_are_found_by_their_hosts_as_the_network_writes_them(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0006")
    with sql.writing() as session:
        for email in ("ada@bücher.example", "ben@xn--bcher-kva.example", "ben@bücher.example", "nobody", "x@-..ü"):
            columns = "(email, name, zone, password_hash, is_admin, is_author, created_at)"
            values = "(:email, 'Ada', 'UTC', 'hash', false, false, '2026-11-02')"
            session.execute(text(f"INSERT INTO users {columns} VALUES {values}"), {"email": email})

    sql.upgrade()

    kept = list(sql.session().scalars(text("SELECT email FROM users ORDER BY id")))
    taken = ["ben@xn--bcher-kva.example", "ben@bücher.example", "nobody", "x@-..ü"]
    assert kept == ["ada@xn--bcher-kva.example", *taken]


def test_making_ids_lasting_can_be_interrupted_and_done_again_up_and_down(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0006")
    with sql.writing() as session:
        session.execute(
            text(
                "INSERT INTO users (email, name, zone, password_hash, is_admin, is_author, created_at)"
                " VALUES ('ada@example.org', 'Ada', 'UTC', 'hash', false, false, '2026-11-02')"
            )
        )
    before = tables()

    _fail_on(lambda: flask_migrate.upgrade(revision="0007"), "CREATE TABLE erasures (user_id INTEGER)")
    _run("DROP TABLE erasures")
    flask_migrate.upgrade(revision="0007")
    after = schema()
    _fail_on(lambda: flask_migrate.downgrade(revision="0006"), "ALTER TABLE tickets RENAME TO elsewhere")
    _run("ALTER TABLE elsewhere RENAME TO tickets")
    assert sql.session().scalar(text("SELECT disabled_at FROM users")) is None
    sql.session().commit()
    flask_migrate.downgrade(revision="0006")

    assert tables() == before
    assert sql.session().scalar(text("SELECT name FROM users")) == "Ada"
    sql.session().commit()
    flask_migrate.upgrade(revision="0007")
    assert schema() == after


def _fail_on(step: Callable[[], None], obstacle: str) -> None:
    """Take a step that an obstacle interrupts."""
    _run(obstacle)
    with pytest.raises(DBAPIError):
        step()


def _run(statement: str) -> None:
    with sql.writing() as session:
        session.execute(text(statement))


def test_there_is_one_line_of_migrations_without_a_fork() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))

    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1
