"""The rules of the SQL connection, on a real SQLite file."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Timer

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from tests.conftest import NOON, Cast
from tracker.config import Config
from tracker.storage import sql
from tracker.storage.cohort_tables import Cohort, Membership, Role
from tracker.storage.tables import SignIn, User

A_COHORT = {"public_id": "c" * 32, "name": "Guild", "created_at": NOON}


@pytest.fixture
def stranger(app: Flask, config: Config) -> Iterator[sqlite3.Connection]:
    """Another process's connection to the same file, which waits for nobody."""
    file = config.instance / "skillmark.sqlite3"
    connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    yield connection
    connection.close()


def count_cohorts(connection: sqlite3.Connection) -> int:
    """How many cohorts there are for somebody else."""
    count: int = connection.execute("SELECT count(*) FROM cohorts").fetchone()[0]
    return count


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def make_database(url: str) -> None:
    """Connect an app to this database and write something."""
    app = Flask("tracker")
    sql.connect(app, url)
    with app.app_context():
        with sql.writing() as session:
            session.execute(text("CREATE TABLE notes (note TEXT)"))
        sql.db.session.remove()
        sql.db.engine.dispose()


def write_and_be_interrupted() -> None:
    with sql.writing() as session:
        session.execute(insert(Cohort).values(**A_COHORT))
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 5000), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_every_connection_to_sqlite_keeps_the_rules(app: Flask, pragma: str, value: str | int) -> None:
    assert sql.session().scalar(text(f"PRAGMA {pragma}")) == value


def test_a_writing_transaction_takes_the_write_lock_before_its_first_statement(stranger: sqlite3.Connection) -> None:
    with sql.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        stranger.execute("BEGIN IMMEDIATE")


def test_the_write_lock_is_given_back_at_the_end(stranger: sqlite3.Connection) -> None:
    with sql.writing():
        pass

    stranger.execute("BEGIN IMMEDIATE")
    stranger.execute("ROLLBACK")


def test_reading_takes_no_write_lock_also_after_a_write(stranger: sqlite3.Connection) -> None:
    with sql.writing() as session:
        session.execute(insert(Cohort).values(**A_COHORT))
    sql.session().scalars(select(Cohort)).all()

    stranger.execute("BEGIN IMMEDIATE")
    stranger.execute("ROLLBACK")


def test_nobody_sees_a_change_before_it_is_whole(stranger: sqlite3.Connection) -> None:
    with sql.writing() as session:
        session.execute(insert(Cohort).values(**A_COHORT))
        before = count_cohorts(stranger)

    assert (before, count_cohorts(stranger)) == (0, 1)


def test_any_error_takes_the_whole_change_back(stranger: sqlite3.Connection) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_and_be_interrupted()

    assert count_cohorts(stranger) == 0
    assert sql.session().scalars(select(Cohort)).all() == []


def test_a_write_waits_for_another_instead_of_failing(stranger: sqlite3.Connection) -> None:
    stranger.execute("BEGIN IMMEDIATE")
    release = Timer(0.2, stranger.execute, ["ROLLBACK"])
    release.start()

    with sql.writing() as session:
        was_released = not stranger.in_transaction
        session.execute(insert(Cohort).values(**A_COHORT))

    release.join()
    assert was_released
    assert count_cohorts(stranger) == 1


def test_a_membership_of_nobody_is_refused(app: Flask) -> None:
    with pytest.raises(IntegrityError), sql.writing() as session:
        session.add(Membership(cohort_id=1, user_id=1, role=Role.MEMBER, joined_at=NOON))

    assert sql.session().scalars(select(Membership)).all() == []


def test_with_a_person_go_their_sign_ins_and_memberships_and_nobody_elses(cast: Cast) -> None:
    with sql.writing() as session:
        cohort = Cohort(**A_COHORT)
        session.add(cohort)
        session.flush()
        for user_id in (cast.ada, cast.lena):
            session.add(Membership(cohort_id=cohort.id, user_id=user_id, role=Role.MEMBER, joined_at=NOON))
            session.add(SignIn(token_hash=f"{user_id}", user_id=user_id, started_at=NOON, seen_at=NOON))

    with sql.writing() as session:
        session.execute(delete(User).where(User.id == cast.ada))

    assert sql.session().scalars(select(Membership.user_id)).all() == [cast.lena]
    assert sql.session().scalars(select(SignIn.user_id)).all() == [cast.lena]


def test_a_moment_comes_back_aware_and_in_utc(cast: Cast) -> None:
    in_tokyo = datetime(2026, 11, 2, 21, tzinfo=timezone(timedelta(hours=9)))
    with sql.writing() as session:
        session.add(SignIn(token_hash="t", user_id=cast.ada, started_at=in_tokyo, seen_at=in_tokyo))
    sql.session().expire_all()

    found = sql.session().scalars(select(SignIn.started_at)).one()

    assert found == NOON
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused_and_not_stored(cast: Cast) -> None:
    naive = NOON.replace(tzinfo=None)

    with pytest.raises(StatementError, match="without a time zone"), sql.writing() as session:
        session.add(SignIn(token_hash="t", user_id=cast.ada, started_at=naive, seen_at=NOON))

    assert sql.session().scalars(select(SignIn)).all() == []


def test_the_database_and_its_journal_are_for_the_owner_only(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    try:
        make_database(f"sqlite:///{tmp_path / 'people.sqlite3'}")
    finally:
        os.umask(umask)

    assert {mode_of(file) for file in tmp_path.iterdir()} == {0o600}


def test_a_database_named_relative_to_the_folder_is_made_there_and_for_the_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    make_database("sqlite:///people.sqlite3")

    file = tmp_path / "people.sqlite3"
    assert file.stat().st_size > 0
    assert mode_of(file) == 0o600


def test_a_database_that_others_could_read_is_closed_to_them_and_keeps_its_data(tmp_path: Path) -> None:
    file = tmp_path / "people.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE kept (note TEXT)")
    connection.close()
    file.chmod(0o644)

    make_database(f"sqlite:///{file}")

    assert mode_of(file) == 0o600
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    connection.close()
