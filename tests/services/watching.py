"""Watching what is asked of the two stores."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import current_app
from pymongo import monitoring
from sqlalchemy import event

from tests.web.stored import COUNTS
from tracker.config import Config
from tracker.storage import documents, sql


class _Listener(monitoring.CommandListener):
    """Notes the name of every command while somebody watches, but for those that count requests."""

    def __init__(self) -> None:
        self.watchers: list[list[str]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command.get(event.command_name) in COUNTS:
            return
        for watcher in self.watchers:
            watcher.append(event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Of no interest."""


_LISTENER = _Listener()
monitoring.register(_LISTENER)


@contextmanager
def watched_commands(config: Config) -> Iterator[list[str]]:
    """The commands sent to the document store, by name, over a connection that is there already."""
    current_app.extensions[documents.EXTENSION] = documents.Documents(config.mongodb_uri, is_named=False)
    documents.collection("profiles").find_one()
    commands: list[str] = []
    _LISTENER.watchers.append(commands)
    try:
        yield commands
    finally:
        _LISTENER.watchers.remove(commands)


@contextmanager
def watched_statements() -> Iterator[list[str]]:
    """The statements sent to the SQL database, transactions included."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(sql.db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(sql.db.engine, "before_cursor_execute", note)


def count_writing(statements: Sequence[str]) -> int:
    """How many writing transactions begin among these statements, on either database."""
    return sum(statement in {"BEGIN IMMEDIATE", sql.TAKE_TURN} for statement in statements)
