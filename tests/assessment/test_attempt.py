"""An attempt's state, replayed from its events."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import an_attempt_at, an_item, answered
from tests.conftest import NOON
from tracker.assessment.attempt import REVIEW, Attempt, Event, Plan
from tracker.assessment.item_types import Answer
from tracker.assessment.time_ledger import GRACE

MILLISECOND = timedelta(milliseconds=1)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def with_move(attempt: Attempt, *, then: int, at: datetime = NOON) -> Attempt:
    """The attempt after the learner asked for another place."""
    event = Event(seq=attempt.seq + 1, type="moved", at=at, position=REVIEW, then=then)
    return replace(attempt, events=(*attempt.events, event))


@pytest.fixture
def attempt() -> Attempt:
    """An attempt at three items that was just started."""
    return an_attempt_at(*(an_item(f"language/syntax/{name}") for name in ("first", "second", "third")))


def test_a_new_attempt_shows_its_first_place_and_has_no_answers(attempt: Attempt) -> None:
    assert (attempt.position, attempt.seq) == (0, 1)
    assert attempt.answers == {}
    assert attempt.seconds == {}
    assert not attempt.is_finished


def test_each_answer_moves_on_to_the_place_it_asked_for(attempt: Attempt) -> None:
    moved = answered(attempt, 0, ("b",), then=2)

    assert (moved.position, moved.seq) == (2, 2)
    assert attempt.position == 0


def test_the_newest_answer_of_a_place_counts_and_the_others_stay_as_they_are(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("a",), then=1)
    attempt = answered(attempt, 1, ("c",), then=0)
    attempt = answered(attempt, 0, ("b",), then=2)

    assert attempt.answers == {0: ("b",), 1: ("c",)}
    assert len(attempt.events) == 4


def test_an_answer_left_out_is_known_and_told_from_a_place_never_met(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, (), then=1)

    assert attempt.answers == {0: ()}
    assert 1 not in attempt.answers


def test_taking_an_answer_back_replaces_it_by_nothing(attempt: Attempt) -> None:
    attempt = answered(answered(attempt, 0, ("b",), then=0), 0, (), then=1)

    assert attempt.answers == {0: ()}


def test_when_each_place_was_last_answered_is_known(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("a",), then=1, at=NOON + seconds(10))
    attempt = answered(attempt, 1, ("a",), then=0, at=NOON + seconds(20))
    attempt = answered(attempt, 0, ("b",), then=1, at=NOON + seconds(30))

    assert attempt.answered_at == {0: NOON + seconds(30), 1: NOON + seconds(20)}


def test_time_is_counted_where_it_was_spent_over_all_visits(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("a",), then=1, at=NOON + seconds(10))
    attempt = answered(attempt, 1, ("a",), then=0, at=NOON + seconds(12.5))
    attempt = answered(attempt, 0, ("b",), then=2, at=NOON + seconds(20))

    assert attempt.seconds == {0: 17.5, 1: 2.5}


def test_time_on_the_list_of_answers_counts_for_no_item(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("a",), then=REVIEW, at=NOON + seconds(10))
    attempt = answered(attempt, 0, ("a",), then=1, at=NOON + seconds(100))

    assert attempt.seconds == {0: 10.0}


def test_finishing_counts_the_time_of_the_last_item(attempt: Attempt) -> None:
    finished = Event(seq=2, type="finished", at=NOON + seconds(7), position=REVIEW, then=REVIEW)
    attempt = replace(attempt, events=(*attempt.events, finished), finished_at=finished.at)

    assert attempt.seconds == {0: 7.0}
    assert attempt.answers == {}
    assert attempt.position == REVIEW


@pytest.mark.parametrize(("late", "is_overdue"), [(-MILLISECOND, False), (0 * MILLISECOND, False), (MILLISECOND, True)])
def test_an_attempt_is_overdue_only_after_deadline_and_grace(
    attempt: Attempt, late: timedelta, is_overdue: bool
) -> None:
    assert attempt.is_overdue(attempt.deadline + GRACE + late) is is_overdue


def test_a_finished_attempt_is_never_overdue(attempt: Attempt) -> None:
    finished = replace(attempt, finished_at=attempt.deadline)

    assert not finished.is_overdue(attempt.deadline + timedelta(days=1))


def test_an_attempt_ran_out_only_when_it_ended_at_its_deadline(attempt: Attempt) -> None:
    assert replace(attempt, finished_at=attempt.deadline).ran_out
    assert not replace(attempt, finished_at=attempt.deadline - MILLISECOND).ran_out
    assert not attempt.ran_out


def test_the_same_request_sent_again_is_recognised_also_when_more_came_after_it(attempt: Attempt) -> None:
    attempt = answered(answered(attempt, 0, ("a",), then=1), 1, ("b",), then=2)

    assert attempt.is_repeat(1, position=0, answer=("a",), then=1)
    assert attempt.is_repeat(2, position=1, answer=("b",), then=2)


@pytest.mark.parametrize(
    ("seq", "position", "answer", "then"),
    [
        (1, 0, ("b",), 1),
        (1, 0, (), 1),
        (1, 0, ("a",), 2),
        (1, 1, ("a",), 1),
        (2, 0, ("a",), 1),
        (0, 0, ("a",), 1),
        (0, REVIEW, (), 0),
    ],
)
def test_a_request_that_differs_in_anything_is_no_repeat(
    attempt: Attempt, seq: int, position: int, answer: Answer, then: int
) -> None:
    saved = answered(attempt, 0, ("a",), then=1)

    assert not saved.is_repeat(seq, position=position, answer=answer, then=then)


def test_a_move_takes_the_time_along_and_leaves_the_answers(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("a",), then=1, at=NOON + seconds(10))
    moved = with_move(attempt, then=0, at=NOON + seconds(14))

    assert (moved.position, moved.seq) == (0, 3)
    assert moved.answers == {0: ("a",)}
    assert moved.seconds == {0: 10.0, 1: 4.0}


def test_only_the_same_move_sent_again_is_recognised(attempt: Attempt) -> None:
    attempt = answered(with_move(attempt, then=2), 2, (), then=REVIEW)

    assert attempt.is_repeated_move(1, then=2)
    assert not attempt.is_repeated_move(1, then=1)
    assert not attempt.is_repeated_move(0, then=0)
    assert not attempt.is_repeated_move(2, then=REVIEW)


# adaptive attempts


def a_planned(attempt: Attempt) -> Attempt:
    return replace(attempt, plan=Plan(("language/syntax", "language/oop"), item_count=15, parameters=0))


def test_a_fixed_form_has_as_many_items_as_places_an_adaptive_one_as_its_plan_says_at_most(attempt: Attempt) -> None:
    assert attempt.item_count == 3
    assert a_planned(attempt).item_count == 15


def test_a_plan_of_one_topic_is_about_that_topic() -> None:
    assert Plan(("language/syntax",), item_count=8, parameters=0).is_of_one_topic
    assert not Plan(("language/syntax", "language/oop"), item_count=8, parameters=0).is_of_one_topic


def test_an_attempt_that_a_rule_stopped_is_over_since_its_last_answer(attempt: Attempt) -> None:
    stopped = answered(a_planned(attempt), 0, ("b",), then=REVIEW, at=NOON + seconds(30))
    stopped = replace(stopped, stopped_by="precision")

    assert stopped.over_at(NOON + seconds(40)) == NOON + seconds(30)
    assert replace(stopped, finished_at=NOON + seconds(30)).over_at(NOON + seconds(40)) is None


def test_an_attempt_stopped_within_the_grace_is_over_since_its_deadline(attempt: Attempt) -> None:
    late = attempt.deadline + MILLISECOND
    stopped = replace(answered(a_planned(attempt), 0, ("b",), then=REVIEW, at=late), stopped_by="time")

    assert stopped.over_at(late) == attempt.deadline


def test_any_other_attempt_is_over_when_it_is_overdue(attempt: Attempt) -> None:
    assert attempt.over_at(attempt.deadline + GRACE) is None
    assert attempt.over_at(attempt.deadline + GRACE + MILLISECOND) == attempt.deadline


def test_a_repeat_that_left_open_what_follows_is_one_whatever_followed(attempt: Attempt) -> None:
    after = answered(attempt, 0, ("b",), then=1)

    assert after.is_repeat(1, position=0, answer=("b",), then=None)
    assert not after.is_repeat(1, position=0, answer=("a",), then=None)


def test_a_clock_that_was_set_back_makes_no_time_negative(attempt: Attempt) -> None:
    attempt = answered(attempt, 0, ("a",), then=1, at=NOON - seconds(2))

    assert attempt.seconds == {0: 0.0}
