"""What changed since last time: then and now by topic, and what became of the items met again."""

from dataclasses import replace
from datetime import timedelta

from tests.conftest import NOON
from tracker.assessment.comparison import Tally, compare
from tracker.assessment.response import MarkedAttempt, Response

DAY = timedelta(days=1)
SYNTAX, OOP = "language/syntax", "language/oop"


def a_response(name: str, *, mark: float = 1, topic_id: str = SYNTAX) -> Response:
    """A response to the item of this name in a topic."""
    return Response(
        item_id=f"{topic_id}/{name}",
        item_version=f"version of {name}",
        topic_id=topic_id,
        answer=("a",),
        mark=mark,
        seconds=20,
        difficulty=3,
        guessing=0.25,
    )


def an_attempt(*responses: Response, days: int = 0) -> MarkedAttempt:
    """An attempt that ended so many days after noon."""
    return MarkedAttempt(f"attempt {days}", finished_at=NOON + days * DAY, responses=responses)


def test_a_topic_never_asked_before_is_not_compared() -> None:
    earlier = [an_attempt(a_response("x", topic_id=OOP))]

    assert compare([a_response("x")], earlier) == ()
    assert compare([a_response("x")], []) == ()


def test_then_is_the_newest_earlier_attempt_that_asked_the_topic() -> None:
    earlier = [
        an_attempt(a_response("a", mark=0), a_response("b", mark=0), a_response("c", mark=0), days=1),
        an_attempt(a_response("d"), a_response("e", mark=0), days=2),
        an_attempt(a_response("f", topic_id=OOP), days=3),
    ]

    (topic,) = compare([a_response("g"), a_response("h")], earlier)

    assert topic.topic_id == SYNTAX
    assert topic.then_at == NOON + 2 * DAY
    assert (topic.then, topic.now) == (Tally(right=1, asked=2), Tally(right=2, asked=2))
    assert topic.met_before == 0


def test_items_met_before_are_told_by_what_became_of_them() -> None:
    before = [a_response("gained", mark=0.5), a_response("missed", mark=0), a_response("lost"), a_response("kept")]
    now = [a_response("gained"), a_response("missed", mark=0.9), a_response("lost", mark=0), a_response("kept")]

    (topic,) = compare([*now, a_response("new")], [an_attempt(*before)])

    assert (topic.gained, topic.still_missed, topic.lost, topic.kept) == (1, 1, 1, 1)
    assert topic.met_before == 4
    assert topic.now == Tally(right=3, asked=5)


def test_an_item_met_in_an_older_attempt_counts_by_the_newest_answer_to_it() -> None:
    earlier = [
        an_attempt(a_response("twice", mark=0), a_response("once", mark=0), days=1),
        an_attempt(a_response("twice"), days=2),
        an_attempt(a_response("other"), days=3),
    ]

    (topic,) = compare([a_response("twice"), a_response("once")], earlier)

    assert (topic.kept, topic.gained) == (1, 1)
    assert topic.then_at == NOON + 3 * DAY


def test_what_does_not_count_is_left_out_then_and_now() -> None:
    unscored = replace(a_response("flagged", mark=0), unscored="flagged")

    assert compare([a_response("x")], [an_attempt(unscored)]) == ()
    assert compare([unscored], [an_attempt(a_response("x"))]) == ()


def test_topics_come_in_the_order_they_were_asked() -> None:
    earlier = [an_attempt(a_response("a"), a_response("b", topic_id=OOP))]

    topics = compare([a_response("c", topic_id=OOP), a_response("d"), a_response("e", topic_id=OOP)], earlier)

    assert [topic.topic_id for topic in topics] == [OOP, SYNTAX]
