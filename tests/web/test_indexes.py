"""No request reads a whole collection: what it asks for is found by an index, however much is stored.

SecantusDB reads all of a collection for a filter with `$or`, `$nor` or `$and` and for a range of ids, and its time for
an `$in` grows with the square of the values.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from pymongo import monitoring

from tests.web.api import test_access as api
from tests.web.api.test_access import scene as api_scene
from tests.web.test_access_matrix import ACTORS, MATRIX, Scene, scene
from tracker.config import Config
from tracker.storage import documents

__all__ = ["api_scene", "scene"]

LIMITS = {"counters", "windows"}  # Flask-Limiter's own
MOST_SOUGHT = 50
READ_WHOLE = (  # a handful of documents, and all of them are wanted
    ("item_reviews", {}),
    ("leases", {}),
)
NOT_SENT = {  # they end or begin a session
    *("/sign-out", "/sign-up", "/sign-up/confirm/<sign_up_token>", "/sign-in"),
    *("/account/password", "/password/new/<reset_token>"),
}


class Filters(monitoring.CommandListener):
    """The collection and the filter of every command that looks for something."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, Any]]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        for filter_ in _filters(event.command_name, event.command):
            if event.command[event.command_name] not in LIMITS:
                self.seen.append((event.command[event.command_name], filter_))

    def succeeded(self, _event: monitoring.CommandSucceededEvent) -> None:
        """Noted when it started."""

    def failed(self, _event: monitoring.CommandFailedEvent) -> None:
        """Noted when it started."""


@pytest.fixture
def filters(app: Flask, config: Config) -> Filters:
    """What the document store is asked for from now on."""
    listener = Filters()
    monitoring.register(listener)
    documents.connect(app, config.mongodb_uri)  # a client made from now on tells its listeners
    return listener


def test_no_request_reads_a_whole_collection(filters: Filters, scene: Scene) -> None:
    filters.seen.clear()
    for row in (one for one in MATRIX if one.rule not in NOT_SENT):
        for actor in ACTORS[1:]:
            scene.send(row, actor)
    asked = list(filters.seen)

    assert len(asked) > len(MATRIX)
    assert [one for one in asked if one not in READ_WHOLE and not _is_indexed(*one)] == []


def test_no_request_to_the_api_reads_a_whole_collection(filters: Filters, api_scene: api.Scene) -> None:
    filters.seen.clear()
    for row in api.MATRIX:
        for actor in api.ACTORS:
            api_scene.send(row, actor)

    assert len(filters.seen) > len(api.MATRIX)
    assert [one for one in filters.seen if not _is_indexed(*one)] == []


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ({"_id": "a" * 32, "finished_at": None}, True),
        ({"learner_id": {"$in": list(range(50))}}, True),
        ({"learner_id": {"$in": list(range(51))}}, False),
        ({"_id": "a" * 32, "$or": [{"plan": None}]}, False),
        ({"_id": {"$gt": "a" * 32}}, False),
        ({"started_at": None}, False),
    ],
)
def test_what_would_read_a_whole_collection_is_found_out(app: Flask, filter_: dict[str, Any], expected: bool) -> None:
    assert _is_indexed("attempts", filter_) == expected


def _filters(name: str, command: Any) -> Iterator[dict[str, Any]]:
    if name == "find":
        yield command.get("filter", {})
    elif name in ("update", "delete"):
        yield from (one["q"] for one in command[f"{name}s"])
    elif name == "aggregate":
        yield command["pipeline"][0]["$match"]


def _is_indexed(name: str, filter_: dict[str, Any]) -> bool:
    first_keys = {index["key"][0][0] for index in documents.collection(name).index_information().values()} | {"_id"}
    sought = [value for key, value in filter_.items() if key in first_keys and _is_sought(key, value)]
    return bool(sought) and not any(key.startswith("$") for key in filter_)


def _is_sought(key: str, value: Any) -> bool:
    """Whether an index on this key finds what has the value, and quickly."""
    if not isinstance(value, dict):
        return True
    return len(value["$in"]) <= MOST_SOUGHT if "$in" in value else key != "_id" and "$ne" not in value
