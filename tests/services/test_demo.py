"""The demonstration: planned from seeds, made through the services that people use."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask

from tests.conftest import NOON
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.sees import Sees
from tracker.services import accounts, attempts, cohorts, demo, matrix
from tracker.services.demo import Learner
from tracker.services.matrix import Wanted
from tracker.storage.accounts import find_user_by_email

DAY = timedelta(days=1)


@pytest.fixture
def plan(app: Flask) -> list[Learner]:
    """The plan as of noon."""
    return demo.plan_learners(NOON)


def fill(learners: list[Learner]) -> str:
    """Make all of it. Returns: everybody's password."""
    *_, last = demo.fill(learners, now=NOON)
    return last.password


def id_of(email: str) -> int:
    user = find_user_by_email(email)
    assert user is not None
    return user.id


def answers_of(learner: Learner) -> list[tuple[str, float]]:
    """What this learner answered to what, with its mark."""
    return [
        (response.item_id, response.mark)
        for attempt in attempts.list_attempts(id_of(learner.email), now=NOON)
        for response in attempt.responses
    ]


def test_the_plan_is_the_same_every_time_and_stores_nothing(plan: list[Learner]) -> None:
    before = everything()

    assert demo.plan_learners(NOON) == plan
    assert everything() == before


def test_the_plan_has_24_different_learners_over_three_months(plan: list[Learner]) -> None:
    begins = [begin for learner in plan for _slug, begin in learner.quizzes]

    assert len({learner.email for learner in plan}) == 24
    assert len({tuple(learner.theta.values()) for learner in plan}) == 24
    assert NOON - 90 * DAY < min(begins) < NOON - 60 * DAY
    assert NOON - 30 * DAY < max(begins) < NOON


def test_everybody_starts_with_the_placement_and_takes_their_quizzes_in_order_of_time(plan: list[Learner]) -> None:
    for learner in plan:
        begins = [begin for _slug, begin in learner.quizzes]
        assert learner.quizzes[0][0] == "placement"
        assert begins == sorted(begins)
        assert 3 <= len(begins) <= 9


def test_later_the_same_plan_is_only_shifted(plan: list[Learner]) -> None:
    later = demo.plan_learners(NOON + DAY)

    assert [learner.theta for learner in later] == [learner.theta for learner in plan]
    assert later[0].quizzes[0][1] - plan[0].quizzes[0][1] == DAY


def test_filling_makes_a_cohort_of_learners_with_finished_attempts(plan: list[Learner]) -> None:
    learners = [replace(learner, quizzes=learner.quizzes[:2]) for learner in plan[:2]]
    assert not demo.is_there()

    fill(learners)

    assert demo.is_there()
    (place,) = cohorts.list_memberships(id_of(demo.LEAD_EMAIL))
    seen = matrix.make_matrix(place.cohort, Wanted(), NOON)
    assert {row.user.name for row in seen.rows} == {learner.name for learner in learners}
    assert {row.sees for row in seen.rows} == {Sees.SCORES}
    assert seen.has_targets
    for learner in learners:
        taken = attempts.list_attempts(id_of(learner.email), now=NOON)
        assert [(attempt.assessment_slug, attempt.started_at) for attempt in reversed(taken)] == [
            (slug, begin.replace(microsecond=begin.microsecond // 1000 * 1000)) for slug, begin in learner.quizzes
        ]
        assert all(attempt.is_finished and not attempt.ran_out for attempt in taken)


def test_the_password_shown_is_everybodys_and_never_the_same_again(plan: list[Learner]) -> None:
    learner = replace(plan[0], quizzes=plan[0].quizzes[:1])

    password = fill([learner])

    for email in (demo.LEAD_EMAIL, learner.email):
        assert accounts.check_password(email=email, password=password, now=NOON)
    assert len(password) >= 16
    assert password not in repr(everything())


def test_who_can_do_more_gets_more_right(plan: list[Learner]) -> None:
    weak, strong = (
        replace(learner, theta=dict.fromkeys(learner.theta, theta), growth=0.0, quizzes=plan[0].quizzes[:1])
        for learner, theta in zip(plan[:2], (-3.0, 3.0), strict=True)
    )

    fill([weak, strong])

    right = {
        learner.name: Counter(mark == 1 for _item, mark in answers_of(learner))[True] for learner in (weak, strong)
    }
    assert right[strong.name] > right[weak.name] + 5


def test_a_sweep_beside_it_which_lives_today_stops_nothing(app: Flask, plan: list[Learner]) -> None:
    is_filled = Event()

    def sweep() -> None:
        with app.app_context():
            while not is_filled.is_set():
                attempts.sweep(clock.now())

    with ThreadPoolExecutor() as threads:
        sweeping = threads.submit(sweep)
        taken = list(demo.fill(plan[:1], now=NOON))
        is_filled.set()
    assert sweeping.exception() is None
    found = attempts.list_attempts(id_of(plan[0].email), now=NOON)
    assert len(found) == len(taken) == len(plan[0].quizzes)
    assert all(attempt.is_finished for attempt in found)
    assert [one.is_whole for one in taken].count(False) <= sum(attempt.ran_out for attempt in found)
