"""Counting how often somebody tries something."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tracker.storage import documents
from tracker.web.limits import limiter, place

MINUTE = 60


def test_each_key_is_counted_by_itself(app: Flask) -> None:
    counts = limiter.storage
    assert [counts.incr(key, MINUTE) for key in ("ada", "ada", "omar", "ada")] == [1, 2, 1, 3]


def test_counting_begins_anew_when_a_window_is_over_and_not_before(app: Flask) -> None:
    limiter.storage.incr("ada", MINUTE)
    for after, count in ((timedelta(seconds=1), 2), (timedelta(milliseconds=-1), 1)):
        documents.collection("counters").update_one({"_id": "ada"}, {"$set": {"expireAt": datetime.now(UTC) + after}})
        assert limiter.storage.incr("ada", MINUTE) == count


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("a socket", "a socket"),
    ],
)
def test_all_addresses_that_one_place_has_are_counted_as_one(app: Flask, address: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert place() == counted
