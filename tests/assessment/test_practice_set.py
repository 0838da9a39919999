"""A practice set: which answers count, and when it is done."""

from datetime import datetime, timedelta

from tests.conftest import NOON
from tracker.assessment.practice_set import Given, PracticeSet

MINUTE = timedelta(minutes=1)
LOOPS, GIT = "language/loops", "tools/git"
TWO_OF_LOOPS = PracticeSet(frozenset([LOOPS]), wanted=2, opens_at=NOON, closes_at=NOON + 10 * MINUTE)


def at(*minutes: int, topic_id: str = LOOPS) -> list[Given]:
    return [Given(topic_id, NOON + minute * MINUTE) for minute in minutes]


def minutes(times: list[datetime]) -> list[int]:
    return [(time - NOON) // MINUTE for time in times]


def test_answers_count_from_the_opening_until_before_the_deadline_in_order() -> None:
    assert minutes(TWO_OF_LOOPS.times(at(9, 10, 0, -1, 3))) == [0, 3, 9]


def test_answers_to_other_topics_do_not_count() -> None:
    assert TWO_OF_LOOPS.times(at(1, 2, 3, topic_id=GIT)) == []


def test_it_is_done_with_the_last_answer_wanted_and_not_before() -> None:
    times = TWO_OF_LOOPS.times(at(1, 4, 7))

    assert TWO_OF_LOOPS.done_at(times[:1]) is None
    assert TWO_OF_LOOPS.done_at(times) == NOON + 4 * MINUTE
