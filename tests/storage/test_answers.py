"""Everybody's answers, attempt by attempt."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from tests.builders import an_attempt, marked
from tests.conftest import NOON
from tracker.storage import answers, attempts


def test_finished_attempts_come_learner_by_learner_in_the_order_they_ended(app: Flask) -> None:
    for number, (learner_id, hour) in enumerate([(2, 0), (1, 5), (1, 3), (250, 1), (7, None)]):
        attempt = an_attempt(id=f"{number:032x}", learner_id=learner_id, assessment_slug=f"quiz-{number}")
        if hour is not None:
            ended_at = NOON + timedelta(hours=hour)
            attempt = replace(attempt, finished_at=ended_at, responses=marked(attempt))
        attempts.add(attempt)

    found = list(answers.iterate_sittings(until=NOON + timedelta(hours=9), last_learner_id=250))

    assert [(sitting.learner_id, (sitting.ended_at - NOON).seconds // 3600) for sitting in found] == [
        (1, 3),
        (1, 5),
        (2, 0),
        (250, 1),
    ]


def test_of_some_learners_only_theirs_come_and_only_what_was_over_by_then(app: Flask) -> None:
    for learner_id, hour in [(1, 1), (2, 3), (3, 9), (25, 2), (26, 2), (27, None)]:
        attempt = an_attempt(id=f"{learner_id:032x}", learner_id=learner_id)
        if hour is not None:
            ended_at = NOON + timedelta(hours=hour)
            attempt = replace(attempt, finished_at=ended_at, responses=marked(attempt))
        attempts.add(attempt)

    found = answers.iterate_sittings_of([*range(2, 26), 27], until=NOON + timedelta(hours=5))

    assert [sitting.learner_id for sitting in found] == [2, 25]


def test_answers_come_as_they_were_marked_scored_or_not(app: Flask) -> None:
    attempt = an_attempt()
    first, *others = marked(attempt)
    first = replace(first, unscored="flagged", answer=("a",), mark=0.5, seconds=12.5)
    attempts.add(replace(attempt, finished_at=NOON, responses=(first, *others)))

    (sitting,) = answers.iterate_sittings(until=NOON, last_learner_id=1)

    given = sitting.answers[0]
    assert (given.item_version, given.answer, given.mark, given.seconds) == (first.item_version, ("a",), 0.5, 12.5)
    assert len(sitting.answers) == len(others) + 1
