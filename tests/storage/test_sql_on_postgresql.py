"""The rules of the SQL connection, on a real PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.postgresql import PostgreSQL
from tracker.storage import sql

A_NOTE = text("INSERT INTO notes VALUES (:note)")
ROUNDS = 20


@pytest.fixture
def served_app(postgresql: PostgreSQL) -> Iterator[Flask]:
    """An app on a PostgreSQL that holds a table of notes, in an app context."""
    app = an_app(postgresql)
    with app.app_context():
        yield app
        sql.db.session.remove()
        sql.db.engine.dispose()


def an_app(server: PostgreSQL) -> Flask:
    """An app on a new database that holds a table of notes."""
    app = Flask("tracker")
    sql.connect(app, server.new_database())
    with app.app_context(), sql.writing() as session:
        session.execute(text("CREATE TABLE notes (note VARCHAR(20) UNIQUE)"))
    return app


def shown(setting: str) -> object:
    return sql.session().scalar(text(f"SHOW {setting}"))


def notes() -> list[str]:
    return list(sql.session().scalars(text("SELECT note FROM notes ORDER BY note")))


def write(note: str, *, then: Callable[[], None] = lambda: None) -> None:
    """Store a note, unless what happens before the end of the transaction keeps it from that."""
    with sql.writing() as session:
        session.execute(A_NOTE, {"note": note})
        then()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "5s"),
        ("synchronous_commit", "on"),
        ("transaction_isolation", "read committed"),
        ("idle_in_transaction_session_timeout", "0"),
    ],
)
def test_every_connection_to_postgresql_keeps_the_rules(served_app: Flask, setting: str, value: str) -> None:
    assert shown(setting) == value


def test_who_stands_still_while_writing_loses_the_turn_to_write(served_app: Flask) -> None:
    with sql.writing():
        assert shown("idle_in_transaction_session_timeout") == "10s"

    assert shown("idle_in_transaction_session_timeout") == "0"


def test_who_writes_waits_for_whoever_writes_already(served_app: Flask) -> None:
    is_writing, may_end = Event(), Event()
    order = []

    def write_slowly() -> None:
        with served_app.app_context(), sql.writing() as session:
            is_writing.set()
            may_end.wait(10)
            session.execute(A_NOTE, {"note": "first"})
            order.append("first")

    def write_next() -> None:
        is_writing.wait(10)
        with served_app.app_context(), sql.writing():
            order.append("second")
            assert notes() == ["first"]

    with ThreadPoolExecutor() as threads:
        slow, other = threads.submit(write_slowly), threads.submit(write_next)
        is_writing.wait(10)
        assert not other.done()
        may_end.set()
        slow.result()
        other.result()
    assert order == ["first", "second"]


def test_who_reads_waits_for_nobody_and_sees_nothing_that_is_not_whole(served_app: Flask) -> None:
    with sql.writing() as session:
        session.execute(A_NOTE, {"note": "half"})
        with sql.db.engine.connect() as stranger:
            assert stranger.scalars(text("SELECT note FROM notes")).all() == []


def test_what_is_counted_before_a_write_stays_true_until_it_is_done(served_app: Flask) -> None:
    together = Barrier(8)

    def add_one(_number: int) -> None:
        together.wait()
        for _ in range(ROUNDS):
            with served_app.app_context(), sql.writing() as session:
                counted = session.scalar(text("SELECT count(*) FROM notes"))
                session.execute(A_NOTE, {"note": f"{counted}"})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_one, range(8)))

    assert sorted(int(note) for note in notes()) == list(range(8 * ROUNDS))


def test_after_a_refused_write_the_next_one_is_taken(served_app: Flask) -> None:
    write("once")
    with pytest.raises(IntegrityError):
        write("once")

    write("twice")

    assert notes() == ["once", "twice"]


def test_an_error_holds_nothing_of_what_was_sent(served_app: Flask) -> None:
    write("ada@example.org")

    with pytest.raises(IntegrityError) as refusal:
        write("ada@example.org")

    error = refusal.value
    assert "example.org" not in f"{error} {error!r} {error.orig} {error.__cause__!r}"


def test_when_it_is_away_that_is_known_at_once_and_when_it_is_back_it_is_used_again() -> None:
    with PostgreSQL() as server, an_app(server).app_context():
        server.stop()
        with pytest.raises(OperationalError):
            notes()
        sql.session().rollback()
        with pytest.raises(OperationalError), sql.writing():
            pass

        server.start()

        assert notes() == []
        sql.db.engine.dispose()


def test_a_write_that_is_cut_off_is_known_as_such_and_is_not_there() -> None:
    with PostgreSQL() as server, an_app(server).app_context():
        with pytest.raises(OperationalError):
            write("cut off", then=server.stop)

        server.start()

        assert notes() == []
        sql.db.engine.dispose()
