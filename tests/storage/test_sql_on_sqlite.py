"""The rules of the SQL connection, on a real SQLite file."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest
from flask import Flask
from sqlalchemy import text

from tests.databases import connected
from tracker.storage import sql

A_NOTE = text("INSERT INTO notes VALUES ('Hello.')")


@pytest.fixture
def file_app(tmp_path: Path) -> Iterator[Flask]:
    """An app on a SQLite file that holds a table of notes, in an app context."""
    with connected(f"sqlite:///{tmp_path / 'people.sqlite3'}") as app:
        make_table()
        yield app


@pytest.fixture
def stranger(file_app: Flask, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process's connection to the same file, which waits for nobody."""
    file = tmp_path / "people.sqlite3"
    connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    yield connection
    connection.close()


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def make_database(url: str) -> None:
    """Connect an app to this database and write something."""
    with connected(url):
        make_table()


def make_table() -> None:
    with sql.writing() as session:
        session.execute(text("CREATE TABLE notes (note TEXT)"))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 5000), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_every_connection_to_sqlite_keeps_the_rules(file_app: Flask, pragma: str, value: str | int) -> None:
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
        session.execute(A_NOTE)
    sql.session().execute(text("SELECT note FROM notes")).all()

    stranger.execute("BEGIN IMMEDIATE")
    stranger.execute("ROLLBACK")


def test_a_write_waits_for_another_instead_of_failing(stranger: sqlite3.Connection) -> None:
    stranger.execute("BEGIN IMMEDIATE")
    release = Timer(0.2, stranger.execute, ["ROLLBACK"])
    release.start()

    with sql.writing() as session:
        was_released = not stranger.in_transaction
        session.execute(A_NOTE)

    release.join()
    assert was_released
    assert stranger.execute("SELECT note FROM notes").fetchall() == [("Hello.",)]


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
