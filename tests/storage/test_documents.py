"""The way to the document store: durable, aware of time zones, and never waited for long."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
from flask import Flask
from pymongo.errors import PyMongoError

from tests.conftest import NOON
from tests.paused import paused
from tracker.storage import documents
from tracker.storage.embedded import EmbeddedStore

SECONDS = 10  # the driver alone would wait for 30


@pytest.fixture
def notes(app: Flask) -> Iterator[str]:
    """An empty collection of our own."""
    yield "notes"
    documents.collection("notes").drop()


@pytest.fixture
def silent_store() -> Iterator[str]:
    """The address of a server that accepts connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"mongodb://127.0.0.1:{server.getsockname()[1]}/skillmark"


def test_every_write_is_acknowledged_by_a_majority_and_from_the_journal(app: Flask) -> None:
    assert documents.collection("attempts").write_concern.document == {"w": "majority", "j": True}


def test_a_moment_comes_back_as_it_was_to_the_millisecond(notes: str) -> None:
    moment = NOON + timedelta(milliseconds=123)
    documents.collection(notes).insert_one({"_id": 1, "at": moment})

    found = documents.collection(notes).find_one({"_id": 1})

    assert found is not None
    assert found["at"] == moment
    assert found["at"].utcoffset() == NOON.astimezone(UTC).utcoffset()


def test_a_process_makes_one_client_and_only_when_it_is_used(app: Flask) -> None:
    way = documents.Documents("mongodb://127.0.0.1:1/skillmark")

    assert way.database is way.database
    way.database.client.close()


def test_the_client_gives_up_selecting_after_one_and_a_half_seconds_and_asking_after_two(app: Flask) -> None:
    options = documents.collection("notes").database.client.options

    assert options.server_selection_timeout == 1.5
    assert options.timeout == 2


def test_ping_is_answered_by_a_store_that_is_there(app: Flask) -> None:
    documents.ping()


def test_a_store_that_says_nothing_is_given_up_long_before_the_driver_would(silent_store: str) -> None:
    app = Flask("tracker")
    documents.connect(app, silent_store)
    begun = time.monotonic()

    with app.app_context(), pytest.raises(PyMongoError):
        documents.collection("notes").insert_one({"_id": 1})

    assert time.monotonic() - begun < SECONDS


def test_a_paused_store_is_given_up_long_before_the_driver_would_and_found_again(
    notes: str, store: EmbeddedStore
) -> None:
    documents.ping()
    with paused(store):
        begun = time.monotonic()
        with pytest.raises(PyMongoError):
            documents.collection(notes).insert_one({"_id": "while it was paused"})
        waited = time.monotonic() - begun

    documents.collection(notes).insert_one({"_id": "afterwards"})
    assert waited < SECONDS
    assert documents.collection(notes).find_one({"_id": "afterwards"})
