"""What people did: the MongoDB database. One client a process, made when first used."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar

import pymongo
from flask import Flask, current_app
from pymongo import MongoClient, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import AutoReconnect, ConnectionFailure, PyMongoError

EXTENSION = "documents"
Document = dict[str, Any]
T = TypeVar("T")

TIMEOUT_MS = 2000
SELECTION_TIMEOUT_MS = 1500
PATIENCE_SECONDS = 60 * 60
REST_SECONDS = 1.0  # after somebody has waited in vain
DURABLE = WriteConcern("majority", j=True)
POOL = 8  # connections a process: its threads for requests or jobs, and those that look whether all is well
AT_ONCE = 50  # SecantusDB takes far longer for one query of many values than for several of this many


class Documents:
    """The way to one database; connects on first use, so that forked workers never share a connection."""

    def __init__(self, uri: str, *, is_named: bool = False) -> None:
        self.is_named = is_named
        self.uri = uri
        self._lock = Lock()
        self._database: Database[Document] | None = None
        self._silent_until = 0.0

    def rest(self) -> None:
        """Ask nothing for a moment: whoever comes next would wait as long, and let others wait behind them."""
        self._silent_until = time.monotonic() + REST_SECONDS

    @property
    def database(self) -> Database[Document]:
        """The database, connected. Raises: AutoReconnect, at once, while it is given a rest."""
        if time.monotonic() < self._silent_until:
            raise AutoReconnect("the document store let somebody wait in vain a moment ago")
        with self._lock:
            if self._database is None:
                client: MongoClient[Document] = MongoClient(
                    self.uri,
                    maxPoolSize=POOL,
                    tz_aware=True,
                    timeoutMS=TIMEOUT_MS,
                    serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS,
                    appname="skillmark",
                )
                self._database = client.get_default_database(write_concern=DURABLE)
            return self._database


def connect(app: Flask, uri: str, *, is_named: bool = False) -> None:
    """Give the app its document store; nothing is opened before it is used.

    is_named: whether the settings name it; otherwise it is the launcher's.
    """
    app.extensions[EXTENSION] = Documents(uri, is_named=is_named)


def collection(name: str) -> Collection[Document]:
    """A collection of the running app; every write to it is durable when it returns."""
    documents: Documents = current_app.extensions[EXTENSION]
    return documents.database[name]


def some_at_a_time(values: Sequence[T]) -> Iterator[list[T]]:
    """The values in parts that are small enough for one `$in`."""
    return (list(values[start : start + AT_ONCE]) for start in range(0, len(values), AT_ONCE))


def rest() -> None:
    """Somebody has waited in vain: let nobody else wait for a moment."""
    documents: Documents = current_app.extensions[EXTENSION]
    documents.rest()


@contextmanager
def patiently() -> Iterator[None]:
    """Let what is asked within take its time: an index over everything takes longer than anybody waits for a page."""
    with pymongo.timeout(PATIENCE_SECONDS):
        yield


def is_away(error: Exception) -> bool:
    """Whether an error says that the store does not answer, and nothing of what it was asked."""
    return isinstance(error, PyMongoError) and (error.timeout or isinstance(error, ConnectionFailure))


def ping() -> None:
    """Ask the store whether it is there. Raises: PyMongoError."""
    documents: Documents = current_app.extensions[EXTENSION]
    documents.database.command("ping")


def get_named_uri() -> str:
    """The address of the store that the settings name; empty for the launcher's."""
    documents: Documents = current_app.extensions[EXTENSION]
    return documents.uri if documents.is_named else ""


def list_options() -> dict[str, Document]:
    """The options of every collection there is, by its name."""
    documents: Documents = current_app.extensions[EXTENSION]
    return {found["name"]: found.get("options", {}) for found in documents.database.list_collections()}


def command(words: Document) -> Document:
    """Give the database a command of its own. Raises: PyMongoError."""
    documents: Documents = current_app.extensions[EXTENSION]
    return documents.database.command(words)
