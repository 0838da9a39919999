"""What the document store itself refuses, whoever writes it."""

from datetime import datetime

import pytest
from flask import Flask
from pymongo.errors import WriteError

from tests.builders import an_attempt
from tests.conftest import NOON
from tracker.storage import attempts, documents, shapes


def test_every_shape_is_declared_once_the_stores_are_prepared(app: Flask) -> None:
    assert shapes.list_undeclared() == []


def test_a_shape_that_somebody_took_away_is_found_and_declared_again(app: Flask) -> None:
    documents.command({"collMod": "attempts", "validator": {}})
    assert shapes.list_undeclared() == ["attempts"]

    shapes.declare()

    assert shapes.list_undeclared() == []


@pytest.mark.parametrize(
    "change",
    [
        {"$unset": {"learner_id": ""}},
        {"$set": {"events": {}}},
        {"$set": {"events.0.at": "noon"}},
        {"$set": {"deadline": "noon"}},
        {"$set": {"seq": "1"}},
        {"$unset": {"finished_at": ""}},
    ],
)
def test_a_write_that_would_spoil_an_attempt_is_refused_and_changes_nothing(
    app: Flask, change: dict[str, object]
) -> None:
    attempts.add(an_attempt())
    stored = documents.collection("attempts")
    before = stored.find_one()

    with pytest.raises(WriteError):
        stored.update_one({}, change)

    assert stored.find_one() == before


def test_a_document_from_before_a_shape_was_declared_can_go_on(app: Flask) -> None:
    stored = documents.collection("late_answers")
    old = {"_id": "a", "learner_id": "from before", "answers": []}
    stored.insert_one(old, bypass_document_validation=True)

    stored.update_one({"_id": "a"}, {"$push": {"answers": {"id": "b", "arrived_at": NOON}}})

    (after,) = stored.find()
    assert after["answers"][0]["arrived_at"] == datetime.fromisoformat("2026-11-02T12:00:00+00:00")
