"""Counting how often somebody tries something."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from tracker.storage import documents
from tracker.web.limits import limiter

MINUTE = 60


def test_each_key_is_counted_by_itself(app: Flask) -> None:
    counts = limiter.storage
    assert [counts.incr(key, MINUTE) for key in ("ada", "ada", "omar", "ada")] == [1, 2, 1, 3]


def test_counting_begins_anew_when_a_window_is_over_and_not_before(app: Flask) -> None:
    limiter.storage.incr("ada", MINUTE)
    for after, count in ((timedelta(seconds=1), 2), (timedelta(milliseconds=-1), 1)):
        documents.collection("counters").update_one({"_id": "ada"}, {"$set": {"expireAt": datetime.now(UTC) + after}})
        assert limiter.storage.incr("ada", MINUTE) == count
