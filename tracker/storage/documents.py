"""What people did: the MongoDB database. One client a process, made when first used."""

from __future__ import annotations

from threading import Lock
from typing import Any

from flask import Flask, current_app
from pymongo import MongoClient, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database

EXTENSION = "documents"
Document = dict[str, Any]

TIMEOUT_MS = 2000
SELECTION_TIMEOUT_MS = 1500
DURABLE = WriteConcern("majority", j=True)


class Documents:
    """The way to one database; connects on first use, so that forked workers never share a connection."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._lock = Lock()
        self._database: Database[Document] | None = None

    @property
    def database(self) -> Database[Document]:
        with self._lock:
            if self._database is None:
                client: MongoClient[Document] = MongoClient(
                    self._uri,
                    tz_aware=True,
                    timeoutMS=TIMEOUT_MS,
                    serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS,
                    appname="skillmark",
                )
                self._database = client.get_default_database(write_concern=DURABLE)
            return self._database


def connect(app: Flask, uri: str) -> None:
    """Give the app its document store; nothing is opened before it is used."""
    app.extensions[EXTENSION] = Documents(uri)


def collection(name: str) -> Collection[Document]:
    """A collection of the running app; every write to it is durable when it returns."""
    documents: Documents = current_app.extensions[EXTENSION]
    return documents.database[name]


def ping() -> None:
    """Ask the store whether it is there. Raises: PyMongoError."""
    documents: Documents = current_app.extensions[EXTENSION]
    documents.database.command("ping")
