"""Erasing in SQL: that SQLite's log is emptied without keeping anybody waiting."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.databases import connected
from tracker.storage import erasures, sql


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.sqlite3"


@pytest.fixture
def file_app(file: Path) -> Iterator[Flask]:
    """An app on a SQLite file with a note that was deleted a moment ago."""
    with connected(f"sqlite:///{file}") as app:
        for statement in ("CREATE TABLE notes (note TEXT)", "INSERT INTO notes VALUES ('Kanarienvogel')"):
            with sql.writing() as session:
                session.execute(text(statement))
        with sql.writing() as session:
            session.execute(text("DELETE FROM notes"))
        yield app


def has_trace(file: Path) -> bool:
    """Whether the note is in one of the database's files."""
    return any(b"Kanarienvogel" in part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


def test_the_log_is_emptied_into_the_file_where_deleted_things_are_overwritten(file_app: Flask, file: Path) -> None:
    assert has_trace(file)

    assert erasures.empty_log()

    assert not has_trace(file)


def test_while_somebody_reads_the_log_stays_and_nobody_loses_patience(file_app: Flask, file: Path) -> None:
    reader = sqlite3.connect(file, isolation_level=None)
    with sql.writing() as session:
        session.execute(text("INSERT INTO notes VALUES ('another')"))
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM notes").fetchall()
    with sql.writing() as session:
        session.execute(text("INSERT INTO notes VALUES ('a third')"))

    assert not erasures.empty_log()
    assert sql.session().scalar(text("PRAGMA busy_timeout")) == 5000

    reader.close()
    assert erasures.empty_log()
