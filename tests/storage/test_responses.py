"""The log of all responses, as it is read from the store."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from flask import Flask

from tests.builders import an_attempt_at, an_item
from tests.conftest import NOON
from tests.services.simulated import BEGIN, a_small_world, store
from tracker.assessment.response import Response
from tracker.assessment.response_log import ResponseLog
from tracker.storage import attempts, responses

HOUR = timedelta(hours=1)


def a_response(slug: str = "slices", **fields: object) -> Response:
    item = an_item(f"language/syntax/{slug}")
    response = Response(
        item_id=item.id,
        item_version=f"{slug}version",
        topic_id=item.topic_id,
        answer=("b",),
        mark=1.0,
        seconds=20.0,
        difficulty=3,
        guessing=0.25,
    )
    return replace(response, **fields)  # type: ignore[arg-type]


def add(attempt_id: str, *given: Response, learner_id: int = 1, hours: float = 0, is_open: bool = False) -> None:
    attempt = an_attempt_at(
        id=attempt_id,
        learner_id=learner_id,
        assessment_slug=attempt_id,
        finished_at=None if is_open else NOON + hours * HOUR,
        responses=given,
    )
    assert attempts.add(attempt)


def read(*, until: float = 24) -> ResponseLog:
    last = responses.last_learner_id()
    return responses.read(until=NOON + until * HOUR, last_learner_id=last, on_read=lambda count: None)


def test_without_attempts_the_log_is_empty(app: Flask) -> None:
    assert responses.last_learner_id() == 0
    assert read().size == 0


def test_attempts_come_by_learner_and_then_in_the_order_they_ended(app: Flask) -> None:
    add("a", a_response("one"), learner_id=7, hours=2)
    add("b", a_response("two"), a_response("one", mark=0.5), learner_id=7, hours=1)
    add("c", a_response("two", mark=0), learner_id=2, hours=3)

    log = read()

    assert log.learner_id.tolist() == [2, 7, 7]
    assert log.ended_at.tolist() == [(NOON + hours * HOUR).timestamp() for hours in (3, 1, 2)]
    assert [item.version for item in log.items] == ["oneversion", "twoversion"]
    assert log.attempt.tolist() == [0, 1, 1, 2]
    assert log.item.tolist() == [1, 1, 0, 0]
    assert log.right.tolist() == [False, True, False, True]
    assert log.items[0].area_slug == "language"


def test_what_is_open_or_ended_later_or_is_not_scored_is_not_read(app: Flask) -> None:
    add("a", a_response(), a_response("bad", unscored="flagged"))
    add("b", a_response(), is_open=True)
    add("c", a_response(), hours=3)

    log = read(until=2)

    assert log.size == 1
    assert [item.version for item in log.items] == ["slicesversion"]


def test_left_out_on_purpose_is_a_wrong_answer(app: Flask) -> None:
    add("a", a_response(answer=(), mark=0.0))
    assert read().right.tolist() == [False]


def test_variants_are_answers_to_their_file(app: Flask) -> None:
    add("a", a_response(item_version="f00d-1"), a_response(item_version="f00d-2"), a_response(item_version="beef"))

    log = read()

    assert [item.version for item in log.items] == ["beef", "f00d"]
    assert log.item.tolist() == [1, 1, 0]


def test_a_whole_log_is_read_as_it_was_written_and_tells_how_far_it_is(app: Flask) -> None:
    world = a_small_world(people=130, months=1)
    store(world.log)
    told: list[int] = []

    log = responses.read(until=NOON, last_learner_id=130, on_read=told.append)

    assert told == [100, 30]
    assert log.learner_id.tolist() == world.log.learner_id.tolist()
    np.testing.assert_array_equal(log.right, world.log.right)
    np.testing.assert_allclose(log.ended_at - BEGIN.timestamp(), world.log.ended_at, atol=1)
    versions = [log.items[code].version for code in log.item]
    assert versions == [world.log.items[code].version for code in world.log.item]


def test_left_out_took_no_time_that_says_anything_and_no_time_is_negative(app: Flask) -> None:
    add("a1", a_response("first", answer=(), mark=0.0), a_response("second", seconds=-2.0))

    assert np.array_equal(read().seconds, [np.nan, 0.0], equal_nan=True)
