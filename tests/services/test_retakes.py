"""Taking an assessment again: only after the rest, counted from the end of the last attempt at it."""

from datetime import timedelta

import pytest

from tests.builders import take
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.errors import NotOpenYet
from tracker.services import attempts, retakes

DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)


def start_again(learner_id: int, after: timedelta, *, slug: str = "tools", rest: timedelta = DAY) -> str:
    """Start it so long after noon, with this rest. Gives the attempt's id."""
    return attempts.start_attempt(slug, learner_id=learner_id, now=NOON + after, retake_after=rest).id


def test_during_the_rest_it_is_refused_with_when_it_opens_and_nothing_changes(cast: Cast) -> None:
    take("tools", learner_id=cast.ada, now=NOON)
    before = everything()

    with pytest.raises(NotOpenYet, match="Your result stays") as refusal:
        start_again(cast.ada, DAY - MILLISECOND)

    assert refusal.value.opens_at == NOON + DAY
    assert everything() == before


def test_after_the_rest_it_can_be_taken_again(cast: Cast) -> None:
    first = take("tools", learner_id=cast.ada, now=NOON)

    assert start_again(cast.ada, DAY) != first.id


def test_the_rest_is_that_assessments_and_that_learners_alone(cast: Cast) -> None:
    take("tools", learner_id=cast.ada, now=NOON)

    assert start_again(cast.ada, timedelta(), slug="language")
    assert start_again(cast.ada, timedelta(), slug="tools-adaptive")
    assert start_again(cast.omar, timedelta())


def test_without_a_rest_it_can_be_taken_again_at_once(cast: Cast) -> None:
    first = take("tools", learner_id=cast.ada, now=NOON)

    assert start_again(cast.ada, timedelta(), rest=timedelta()) != first.id


def test_an_open_attempt_is_always_gone_on_with(cast: Cast) -> None:
    take("tools", learner_id=cast.ada, now=NOON)
    opened = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON)

    assert start_again(cast.ada, timedelta(minutes=1)) == opened.id


def test_the_rest_begins_when_an_attempt_ran_out_not_when_that_was_noticed(cast: Cast) -> None:
    first = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON)
    limit = first.time.limit

    with pytest.raises(NotOpenYet) as refusal:
        start_again(cast.ada, limit + DAY - MILLISECOND)
    assert refusal.value.opens_at == first.deadline + DAY

    assert start_again(cast.ada, limit + DAY) != first.id


def test_the_list_says_when_what_waits_opens_again(cast: Cast) -> None:
    take("tools", learner_id=cast.ada, now=NOON - 2 * DAY)
    take("language", learner_id=cast.ada, now=NOON - DAY)
    take("apis", learner_id=cast.ada, now=NOON - DAY / 2)
    attempts.start_attempt("databases", learner_id=cast.ada, now=NOON)
    taken = attempts.list_attempts(cast.ada, now=NOON)

    assert retakes.list_waiting(taken, now=NOON, retake_after=DAY) == {"apis": NOON + DAY / 2}
    assert retakes.list_waiting(taken, now=NOON, retake_after=timedelta()) == {}
