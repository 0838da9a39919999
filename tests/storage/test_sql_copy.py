"""Moving from a real SQLite file to a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Enum,
    Integer,
    String,
    Table,
    create_engine,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from tests.conftest import NOON
from tests.databases import connected, with_tables
from tests.postgresql import PostgreSQL
from tracker.errors import ConfigError, Conflict
from tracker.storage import sql, sql_copy
from tracker.storage.sql import Base
from tracker.storage.tables import User

NAME = "Ünsal «O'Neil» 👩🏽‍💻"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Flask]:
    """An app on a SQLite file with two rows in every table, in an app context."""
    with connected(with_tables(f"sqlite:///{tmp_path / 'people.sqlite3'}")) as app:
        with sql.writing() as session:
            for table in Base.metadata.sorted_tables:
                session.execute(insert(table), [a_row(table, number) for number in (1, 2)])
        yield app


@pytest.fixture
def there(here: Flask, postgresql: PostgreSQL) -> str:
    """The address of a PostgreSQL with the same tables, all empty."""
    return with_tables(postgresql.new_database())


def a_row(table: Table, number: int) -> dict[str, object]:
    """A row with something in every column, every second one of what may be empty left so."""
    row: dict[str, object] = {}
    for column in table.columns:
        if column.nullable and number == 2:
            row[column.name] = None
        elif column.foreign_keys:
            row[column.name] = number
        else:
            row[column.name] = a_value(column.type, number)
    return row


def a_value(kind: TypeEngine[Any], number: int) -> object:
    """Something that a column of this type holds."""
    match kind:
        case Enum(enum_class=choices):
            return [*choices][-number]
        case String(length=length):
            return f"{number} {NAME}"[:length]
        case Boolean():
            return number == 1
        case Integer():
            return number
        case JSON():
            return [NAME, f"{number}"]
        case _:
            return NOON


def read(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows by table."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {table.name: rows_of(table, connection) for table in Base.metadata.sorted_tables}
    engine.dispose()
    return found


def rows_of(table: Table, connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]


def run(url: str, *statements: str) -> None:
    """Change something in another database."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_everything_is_there_afterwards_and_compared(here: Flask, there: str) -> None:
    copied = list(sql_copy.copy_to(there))

    assert [each.table for each in copied] == [table.name for table in Base.metadata.sorted_tables]
    assert all(each.is_same and each.here.rows == 2 and each.here.checksum for each in copied)
    with sql.db.engine.connect() as connection:
        assert read(there) == {table.name: rows_of(table, connection) for table in Base.metadata.sorted_tables}


def test_many_rows_go_in_batches(here: Flask, there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_copy, "BATCH", 3)
    with sql.writing() as session:
        session.execute(insert(User), [a_row(User.__table__, number) for number in range(3, 11)])

    users = next(each for each in sql_copy.copy_to(there) if each.table == "users")

    assert (users.here.rows, users.there.rows) == (10, 10)


def test_no_id_is_given_again_there_not_even_of_somebody_who_is_gone(here: Flask, there: str) -> None:
    with sql.writing() as session:
        session.execute(insert(User), [a_row(User.__table__, 9)])
        session.execute(delete(User).where(User.id == 9))

    list(sql_copy.copy_to(there))

    columns = "(email, name, zone, password_hash, is_admin, is_author, created_at)"
    run(there, f"INSERT INTO users {columns} VALUES ('new', 'New', 'UTC', '', false, false, now())")
    run(there, "INSERT INTO looks (cohort_id, user_id, what, at) VALUES (1, 1, 'page', now())")
    assert [row[0] for row in read(there)["users"]] == [1, 2, 10]
    assert [row[0] for row in read(there)["looks"]] == [1, 2, 3]


@pytest.mark.parametrize("steps", [1, 5])
def test_a_copy_that_is_interrupted_leaves_nothing(here: Flask, there: str, steps: int) -> None:
    copying = sql_copy.copy_to(there)
    for _ in range(steps):
        next(copying)
    copying.close()

    assert not any(read(there).values())


def test_a_copy_that_differs_is_told_and_not_kept(here: Flask, there: str) -> None:
    run(
        there,
        "CREATE FUNCTION rename() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.name = 'Eve'; RETURN NEW; END$$",
        "CREATE TRIGGER renaming BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION rename()",
    )
    copied = []

    with pytest.raises(Conflict, match="differs in users, so nothing was kept"):
        copied.extend(sql_copy.copy_to(there))

    assert not any(read(there).values())


def test_what_postgresql_refuses_is_told_and_nothing_is_kept(here: Flask, there: str) -> None:
    with sql.writing() as session:
        session.execute(text("UPDATE mails SET subject = :long"), {"long": "x" * 300})

    with pytest.raises(Conflict, match="did not take it, so nothing was kept there: value too long"):
        list(sql_copy.copy_to(there))

    assert not any(read(there).values())


def test_nothing_is_copied_to_where_somebody_is(here: Flask, there: str) -> None:
    list(sql_copy.copy_to(there))
    before = read(there)

    with pytest.raises(Conflict, match=r"There are .* there already"):
        list(sql_copy.copy_to(there))

    assert read(there) == before


def test_nothing_is_copied_to_other_tables_than_here(here: Flask, postgresql: PostgreSQL) -> None:
    with pytest.raises(Conflict, match=r"migration none, here 0.*flask db upgrade"):
        list(sql_copy.copy_to(postgresql.new_database()))


def test_nobody_else_writes_here_meanwhile(here: Flask, there: str) -> None:
    copying = sql_copy.copy_to(there)
    next(copying)

    with sql.db.engine.connect() as stranger:
        stranger.exec_driver_sql("PRAGMA busy_timeout=0")
        stranger.rollback()
        with pytest.raises(Exception, match="locked"):
            stranger.execution_options(is_writing=True).execute(select(func.count()).select_from(User))
    copying.close()


@pytest.mark.parametrize(
    ("address", "reason"),
    [("sqlite:////tmp/other.sqlite3", "from SQLite to PostgreSQL"), ("postgresql://127.0.0.1:9/none", "did not take")],
)
def test_a_copy_goes_to_a_postgresql_that_answers(here: Flask, address: str, reason: str) -> None:
    with pytest.raises(Conflict, match=reason):
        list(sql_copy.copy_to(address))


@pytest.mark.parametrize("address", ["", "people", "mysql://host/people"])
def test_other_databases_are_refused_in_a_sentence(here: Flask, address: str) -> None:
    with pytest.raises(ConfigError, match="TRACKER_DATABASE_URL: must be as"):
        list(sql_copy.copy_to(address))


def test_copies_go_from_sqlite_only(there: str, postgresql: PostgreSQL) -> None:
    app = Flask("tracker")
    sql.connect(app, there)
    with app.app_context(), pytest.raises(Conflict, match="not on SQLite any more"):
        list(sql_copy.copy_to(postgresql.new_database()))
