"""Time that an outage took is given back: once, to those who lost it, before anything is closed."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.builders import answer, item_at, right_answer
from tests.conftest import NOON, Cast
from tests.services.test_attempts import at_once
from tracker.assessment.attempt import GRACE, Attempt
from tracker.errors import AttemptClosed, Conflict
from tracker.services import attempts, credits, outages, practice
from tracker.storage import attempts as stored_attempts
from tracker.storage import documents, heartbeats

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's attempt of 15 minutes at the language quiz, started at noon."""
    return attempts.start_attempt("language", learner_id=cast.ada, now=NOON)


def get(attempt: Attempt, now: timedelta = timedelta()) -> Attempt:
    return attempts.get_attempt(attempt.id, learner_id=attempt.learner_id, now=NOON + now)


def given(attempt: Attempt) -> timedelta:
    """What the attempt has got so far."""
    return sum((credit.length for credit in get(attempt).time.credits), timedelta())


def beat(after: timedelta) -> None:
    heartbeats.beat(NOON + after)


def give(after: timedelta) -> bool:
    return any(list(outages.give_all_back(NOON + after)))


def test_a_silence_gives_every_open_attempt_its_length_and_says_why(attempt: Attempt) -> None:
    beat(MINUTE)

    assert give(4 * MINUTE)

    (credit,) = get(attempt).time.credits
    assert (credit.length, credit.giver_id, credit.at) == (3 * MINUTE, None, NOON + 4 * MINUTE)
    assert get(attempt).deadline == attempt.deadline + 3 * MINUTE
    assert credits.list_time_lines(get(attempt))[-1] == (
        "Skillmark added 3 minutes: We could not be reached for 3 minutes."
    )


@pytest.mark.parametrize(("silence", "is_outage"), [(10 * SECOND, False), (10 * SECOND + MILLISECOND, True)])
def test_up_to_ten_seconds_of_silence_are_no_outage(attempt: Attempt, silence: timedelta, is_outage: bool) -> None:
    beat(MINUTE)

    assert give(MINUTE + silence) is is_outage

    assert given(attempt) == (silence if is_outage else timedelta())


def test_where_nobody_ever_swept_there_is_no_outage(attempt: Attempt) -> None:
    assert not give(timedelta(hours=5))
    assert get(attempt, timedelta(hours=5)).finished_at == attempt.deadline


def test_a_clock_that_is_set_back_is_no_outage(attempt: Attempt) -> None:
    beat(timedelta(hours=1))

    assert not give(MINUTE)


def test_a_silence_is_made_good_once_whoever_comes(attempt: Attempt) -> None:
    beat(MINUTE)

    assert give(4 * MINUTE)
    assert not give(4 * MINUTE + SECOND)
    beat(4 * MINUTE + 2 * SECOND)
    assert not give(4 * MINUTE + 3 * SECOND)

    assert given(attempt) == 3 * MINUTE


def test_of_many_at_once_one_makes_it_good(app: Flask, attempt: Attempt) -> None:
    beat(MINUTE)

    def give_and_look() -> Attempt:
        give(4 * MINUTE)
        return get(attempt)

    seen = at_once(app, [give_and_look] * 5)

    assert seen == [get(attempt)] * 5
    assert given(attempt) == 3 * MINUTE


def test_what_began_later_or_was_over_before_gets_nothing(attempt: Attempt, cast: Cast) -> None:
    begun_after = attempts.start_attempt("language", learner_id=cast.omar, now=NOON + 16 * MINUTE)
    ended_before = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON - 30 * MINUTE)
    beat(10 * MINUTE)

    give(17 * MINUTE)

    assert given(attempt) == 7 * MINUTE
    assert given(begun_after) == timedelta()
    assert stored_attempts.get_of_anybody(ended_before.id).time.credits == ()


def test_practice_does_not_explain_what_a_silence_may_open_again(attempt: Attempt) -> None:
    item = item_at(attempt, 0)
    beat(14 * MINUTE)
    now = NOON + 19 * MINUTE

    with pytest.raises(Conflict, match="A quiz that you have open"):
        practice.submit_answer(
            item.version, learner_id=attempt.learner_id, seq=0, sent=right_answer(item), seconds=1, now=now
        )

    assert not get(attempt, 19 * MINUTE).is_finished


def test_an_attempt_is_closed_only_after_it_got_its_time(attempt: Attempt) -> None:
    beat(14 * MINUTE)

    opened = get(attempt, 19 * MINUTE)

    assert not opened.is_finished
    assert opened.deadline == attempt.deadline + 5 * MINUTE
    beat(20 * MINUTE)
    assert get(attempt, 20 * MINUTE + GRACE + MILLISECOND).finished_at == attempt.deadline + 5 * MINUTE


def test_an_answer_right_after_the_silence_is_saved_although_its_time_seemed_over(attempt: Attempt) -> None:
    beat(14 * MINUTE)

    saved = answer(attempt, arrived_at=NOON + 19 * MINUTE)

    assert list(saved.answers) == [0]
    assert saved.time.credits[0].length == 5 * MINUTE


def test_an_answer_after_time_and_credit_is_refused(attempt: Attempt) -> None:
    beat(14 * MINUTE)
    give(19 * MINUTE)
    beat(20 * MINUTE)

    with pytest.raises(AttemptClosed):
        answer(attempt, arrived_at=NOON + 20 * MINUTE + GRACE + MILLISECOND)


def test_a_request_gives_time_only_to_the_attempt_that_it_would_close(attempt: Attempt, cast: Cast) -> None:
    omars = attempts.start_attempt("language", learner_id=cast.omar, now=NOON)
    beat(14 * MINUTE)

    get(attempt, 19 * MINUTE)

    assert given(attempt) == 5 * MINUTE
    assert stored_attempts.get_of_anybody(omars.id) == omars
    assert not get(omars, 19 * MINUTE).is_finished


def test_an_adaptive_attempt_is_not_stopped_for_time_that_comes_back(cast: Cast) -> None:
    attempt = attempts.start_attempt("language-adaptive", learner_id=cast.ada, now=NOON)
    beat(MINUTE)

    following = answer(attempt, arrived_at=attempt.deadline - SECOND)

    assert not following.is_finished
    assert following.time.credits


def test_all_outages_together_give_ten_minutes_at_most(attempt: Attempt) -> None:
    beat(MINUTE)
    give(7 * MINUTE)
    beat(7 * MINUTE)

    give(14 * MINUTE)
    beat(14 * MINUTE)
    give(15 * MINUTE)

    assert [credit.length for credit in get(attempt).time.credits] == [6 * MINUTE, 4 * MINUTE]
    assert get(attempt).time.credits[1].reason == "We could not be reached for 7 minutes."


def test_what_was_left_open_for_days_gets_ten_minutes_and_ends(attempt: Attempt) -> None:
    beat(MINUTE)

    closed = get(attempt, timedelta(days=3))

    assert closed.finished_at == attempt.deadline + 10 * MINUTE


def test_when_the_first_to_come_died_in_between_the_next_gives_what_is_missing(attempt: Attempt, cast: Cast) -> None:
    omars = attempts.start_attempt("language", learner_id=cast.omar, now=NOON)
    beat(MINUTE)
    _break(omars)
    give(2 * MINUTE)
    _mend(omars)

    assert give(2 * MINUTE + 3 * SECOND)
    assert (given(attempt), given(omars)) == (MINUTE, MINUTE + 3 * SECOND)
    assert give(5 * MINUTE)
    assert (given(attempt), given(omars)) == (4 * MINUTE, 4 * MINUTE)


def test_without_the_sweep_a_silence_is_not_counted_again_and_again(attempt: Attempt, cast: Cast) -> None:
    beat(-MINUTE)
    for minute in range(1, 14):
        assert not give(minute * MINUTE)

    assert given(attempt) == timedelta()


def _break(attempt: Attempt) -> None:
    documents.collection("attempts").update_one({"_id": attempt.id}, {"$rename": {"seed": "broken"}})


def _mend(attempt: Attempt) -> None:
    documents.collection("attempts").update_one({"_id": attempt.id}, {"$rename": {"broken": "seed"}})
