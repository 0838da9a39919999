"""Who was erased is in no file any more: real stores in a folder of their own, stopped, and every byte looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from flask import Flask

from tests.builders import an_attempt
from tests.conftest import NOON, add_person
from tests.postgresql import PostgreSQL
from tests.services.full_life import CANARY, live
from tracker.app import create_app
from tracker.config import Config
from tracker.services import erasing, stores
from tracker.storage import attempts, documents, erasures, sql
from tracker.storage.embedded import EmbeddedStore

OTHERS = 20


@contextmanager
def running(instance: Path, *, database_url: str = "") -> Iterator[Flask]:
    """An app on stores of its own in this folder, or on this SQL database, all closed at the end."""
    with EmbeddedStore(instance / "store") as store:
        app = create_app(
            Config(
                secret_key="a key of the tests that is long enough",
                database_url=database_url or f"sqlite:///{instance / 'skillmark.sqlite3'}",
                mongodb_uri=store.uri,
                instance=instance,
            )
        )
        with app.app_context():
            stores.prepare_stores()
            yield app
            documents.collection("attempts").database.client.close()
            sql.session().remove()
            sql.db.engine.dispose()


def holding(instance: Path) -> set[str]:
    """The files below a folder that hold the canary, by the part of the instance that they belong to."""
    found = (file.relative_to(instance) for file in instance.rglob("*") if _has_canary(file))
    return {file.parts[0].partition("-")[0] for file in found}


def _has_canary(file: Path) -> bool:
    return file.is_file() and CANARY.casefold().encode() in file.read_bytes().lower()


def test_no_file_holds_a_trace_of_who_was_erased(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    with running(instance):
        friend, learner = add_person("lena@example.org", "Lena"), add_person("omar@example.org", "Omar")
        life = live(friend_id=friend, learner_id=learner)
        for number in range(OTHERS):
            someone = add_person(f"someone{number}@example.org", f"Someone {number}")
            attempts.add(an_attempt(id=uuid4().hex, learner_id=someone))
        assert erasures.empty_log()
        assert holding(instance) == {"skillmark.sqlite3", "store", "outbox", "exports"}

        erasing.erase(life.id, actor_id=life.id, now=NOON)
        sql.session().rollback()
        assert erasing.go_on(NOON + erasing.AGAIN_AFTER) == 1
        assert holding(instance) == {"store"}
    assert holding(instance) == {"store"}  # as free space and in its log, until it starts again

    with running(instance):
        assert documents.collection("attempts").count_documents({}) == OTHERS + 1
        assert documents.collection("attempts").index_information().keys() >= {"open_key_1", "assigned_key_1"}
        assert holding(instance) == set()
    assert holding(instance) == set()


def test_no_table_of_postgresql_holds_a_trace_once_its_tables_are_written_anew(
    tmp_path: Path, postgresql: PostgreSQL
) -> None:
    url = postgresql.new_database()
    files = postgresql.files_of(url)
    with running(tmp_path, database_url=url):
        friend, learner = add_person("lena@example.org", "Lena"), add_person("omar@example.org", "Omar")
        life = live(friend_id=friend, learner_id=learner)
        erasing.erase(life.id, actor_id=life.id, now=NOON)
        sql.session().rollback()
        assert erasing.go_on(NOON + erasing.AGAIN_AFTER) == 1
        sql.session().remove()
    postgresql.run(url, "CHECKPOINT")
    assert holding(files)  # as rows that nobody sees

    postgresql.run(url, "VACUUM (FULL)", "CHECKPOINT")

    assert not holding(files)
