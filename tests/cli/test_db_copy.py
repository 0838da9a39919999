"""`flask db-copy`"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text

from tests.conftest import add_person
from tests.databases import connected, with_tables
from tests.postgresql import PostgreSQL
from tracker.cli import db_copy
from tracker.storage import sql


@pytest.fixture
def sqlite_app(tmp_path: Path) -> Iterator[Flask]:
    """An app on Ada's account in a SQLite file, with the command, in an app context."""
    with connected(with_tables(f"sqlite:///{tmp_path / 'people.sqlite3'}")) as app:
        app.cli.add_command(db_copy.command)
        add_person("ada@example.org", "Ada")
        yield app


@pytest.fixture
def address(postgresql: PostgreSQL) -> str:
    """Where there are the same tables, all empty."""
    return with_tables(postgresql.new_database())


def copy(app: Flask, to: str) -> Result:
    return app.test_cli_runner().invoke(args=["db-copy", "--to", to])


def names_at(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.scalars(text("SELECT name FROM users")))
    engine.dispose()
    return found


def test_each_table_is_told_with_its_rows_and_checksum_and_what_to_do_next(sqlite_app: Flask, address: str) -> None:
    result = copy(sqlite_app, address)

    *tables, end = result.output.splitlines()
    assert result.exit_code == 0
    assert len(tables) == len(sql.Base.metadata.tables)
    (users,) = (line for line in tables if line.startswith("users: 1 rows, checksum "))
    assert users.endswith(", the same there")
    assert end.startswith("Everything was copied. Set TRACKER_DATABASE_URL")
    assert names_at(address) == ["Ada"]


def test_a_refusal_says_why_and_fails(sqlite_app: Flask, address: str) -> None:
    copy(sqlite_app, address)

    again = copy(sqlite_app, address)

    assert again.exit_code == 1
    assert "There are users there already. Copy into an empty database; nothing was changed." in again.output
    assert names_at(address) == ["Ada"]
