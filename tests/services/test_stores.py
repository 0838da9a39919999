"""Making the stores ready."""

import pytest
from flask import current_app
from pymongo import MongoClient, monitoring

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.config import Config
from tracker.services.stores import prepare_stores
from tracker.storage import documents


class Bounds(monitoring.CommandListener):
    """Notes how many milliseconds each building of an index may take."""

    def __init__(self) -> None:
        self.found: list[int] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name == "createIndexes":
            self.found.append(event.command["maxTimeMS"])

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Of no interest."""


def test_preparing_stores_that_are_in_use_loses_nothing(cast: Cast) -> None:
    take("language", learner_id=cast.ada, now=NOON)
    before = everything()

    prepare_stores()

    assert everything() == before


def test_an_index_over_everything_may_take_longer_than_a_page(
    cast: Cast, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = Bounds()
    own = documents.Documents(config.mongodb_uri)
    own._database = MongoClient(
        config.mongodb_uri, timeoutMS=documents.TIMEOUT_MS, event_listeners=[bounds]
    ).get_default_database()
    monkeypatch.setitem(current_app.extensions, documents.EXTENSION, own)

    prepare_stores()

    own.database.client.close()
    assert bounds.found
    assert min(bounds.found) > 60 * documents.TIMEOUT_MS
