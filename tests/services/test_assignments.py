"""Assignments: made by a lead, started by members, in their window and as often as allowed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

import pytest
from flask import Flask

from tests.builders import answer, item_at, right_answer
from tests.conftest import NOON, Cast
from tests.web.stored import everything
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import REVIEW, Attempt, Signal
from tracker.errors import AttemptClosed, BadInput, Conflict, NotFound, NotOpenYet
from tracker.services import assignments, attempts, cohorts
from tracker.services.assignments import Assigned, Led
from tracker.storage.cohort_tables import Assignment

T = TypeVar("T")

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CLOSES = NOON + DAY


@dataclass(frozen=True)
class Team:
    """Lena's cohort with Ada in it."""

    public_id: str
    lead_id: int

    def assign(self, **terms: Any) -> Assignment:
        """The tools quiz until tomorrow noon, one attempt; a test names what differs."""
        usual: dict[str, Any] = {
            "lead_id": self.lead_id,
            "assessment_slug": "tools",
            "opens_at": None,
            "closes_at": CLOSES,
            "attempts_allowed": 1,
            "release": Release.AFTER_DEADLINE,
            "now": NOON,
        }
        return assignments.make_assignment(self.public_id, **{**usual, **terms})


@pytest.fixture
def team(cast: Cast) -> Team:
    cohort = cohorts.create_cohort("Team", lead_id=cast.lena, now=NOON)
    cohorts.join(cohorts.invite(cohort.public_id, lead_id=cast.lena, now=NOON), user_id=cast.ada, now=NOON)
    return Team(cohort.public_id, cast.lena)


def start(assignment: Assignment, learner_id: int, now: datetime = NOON) -> Attempt:
    return assignments.start_assigned(assignment.public_id, learner_id=learner_id, now=now)


def finish(attempt: Attempt, now: datetime = NOON) -> Attempt:
    return attempts.finish_attempt(attempt.id, learner_id=attempt.learner_id, seq=attempt.seq, now=now)


def seen(assignment: Assignment, user_id: int, now: datetime = NOON) -> Assigned:
    """The assignment as a member sees it."""
    found = assignments.open_assignment(assignment.public_id, user_id=user_id, now=now)
    assert isinstance(found, Assigned)
    return found


# making


def test_a_lead_assigns_and_every_member_gets_it(team: Team, cast: Cast) -> None:
    made = team.assign()

    [assigned] = assignments.list_assigned(cast.ada, taken=[], now=NOON)
    assert (assigned.assignment.public_id, assigned.assessment.slug, assigned.state) == (
        made.public_id,
        "tools",
        "open",
    )
    assert (made.opens_at, made.closes_at) == (NOON, CLOSES)
    assert assignments.list_assigned(cast.lena, taken=[], now=NOON) == []
    assert assignments.list_assigned(cast.omar, taken=[], now=NOON) == []


@pytest.mark.parametrize(
    "terms",
    [
        {"closes_at": NOON},
        {"closes_at": NOON + 59 * timedelta(seconds=1)},
        {"opens_at": CLOSES},
        {"opens_at": CLOSES + HOUR},
        {"closes_at": NOON + 367 * DAY},
        {"attempts_allowed": 0},
        {"attempts_allowed": 6},
    ],
)
def test_terms_that_make_no_sense_are_refused_and_nothing_is_stored(team: Team, terms: dict[str, Any]) -> None:
    before = everything()

    with pytest.raises(BadInput):
        team.assign(**terms)

    assert everything() == before


def test_only_the_lead_assigns_reviews_and_withdraws(team: Team, cast: Cast) -> None:
    made = team.assign()
    before = everything()
    for user_id in (cast.ada, cast.omar):
        for forbidden in (
            lambda user_id: team.assign(lead_id=user_id),
            lambda user_id: assignments.review(team.public_id, lead_id=user_id, now=NOON),
            lambda user_id: assignments.withdraw(made.public_id, lead_id=user_id, now=NOON),
        ):
            with pytest.raises(NotFound):
                forbidden(user_id)
    assert everything() == before


def test_an_assessment_that_is_not_there_cannot_be_assigned(team: Team) -> None:
    with pytest.raises(NotFound):
        team.assign(assessment_slug="unknown")


def test_a_lead_sees_what_they_set(team: Team, cast: Cast) -> None:
    made = team.assign(opens_at=NOON + HOUR)

    led = assignments.open_assignment(made.public_id, user_id=cast.lena, now=NOON)

    assert isinstance(led, Led)
    assert led.assignment.public_id == made.public_id
    states = [
        one.state
        for now in (NOON, NOON + HOUR, CLOSES)
        for one in assignments.review(team.public_id, lead_id=cast.lena, now=now).assignments
    ]
    assert states == ["not yet open", "open", "over"]


# starting


def test_an_assigned_attempt_carries_its_terms_and_ends_with_the_assignment(team: Team, cast: Cast) -> None:
    made = team.assign(release=Release.NEVER)

    attempt = start(made, cast.ada, now=CLOSES - 5 * MINUTE)

    assert attempt.assignment
    assert (attempt.assignment.assignment_id, attempt.assignment.number) == (made.public_id, 1)
    assert (attempt.assignment.closes_at, attempt.assignment.release) == (CLOSES, Release.NEVER)
    assert attempt.deadline == CLOSES


def test_with_time_enough_the_assessments_own_limit_counts(team: Team, cast: Cast) -> None:
    attempt = start(team.assign(), cast.ada)

    assert attempt.deadline == NOON + attempt.time.limit < CLOSES


def test_a_started_attempt_is_gone_on_with_and_none_is_used_up(team: Team, cast: Cast) -> None:
    made = team.assign()
    first = start(made, cast.ada)

    again = start(made, cast.ada, now=NOON + MINUTE)

    assert again.id == first.id
    assert (seen(made, cast.ada).state, seen(made, cast.ada).left) == ("started", 0)


def test_no_more_attempts_are_started_than_are_allowed(team: Team, cast: Cast) -> None:
    made = team.assign(attempts_allowed=2)
    numbers = [finish(start(made, cast.ada)).assignment for _ in range(2)]
    before = everything()

    with pytest.raises(Conflict, match="used every attempt"):
        start(made, cast.ada)

    assert [terms.number for terms in numbers if terms] == [1, 2]
    assert everything() == before
    assert (seen(made, cast.ada).state, seen(made, cast.ada).left) == ("finished", 0)


def test_of_many_starts_at_once_one_attempt_comes(app: Flask, team: Team, cast: Cast) -> None:
    made = team.assign()

    started = at_once(app, 8, lambda: start(made, cast.ada))

    assert len({attempt.id for attempt in started}) == 1
    assert len(attempts.list_attempts(cast.ada, now=NOON)) == 1


def test_starts_that_race_with_finishing_never_give_one_attempt_too_many(app: Flask, team: Team, cast: Cast) -> None:
    made = team.assign(attempts_allowed=3)

    def start_and_finish() -> str:
        try:
            return finish(start(made, cast.ada)).id
        except Conflict:
            return "refused"

    for _ in range(3):
        at_once(app, 8, start_and_finish)

    taken = attempts.list_attempts(cast.ada, now=NOON)
    assert sorted(one.assignment.number for one in taken if one.assignment) == [1, 2, 3]


def test_an_assigned_attempt_and_ones_own_stand_side_by_side(team: Team, cast: Cast) -> None:
    own = attempts.start_attempt("tools", learner_id=cast.ada, now=NOON)

    assigned = start(team.assign(), cast.ada)

    assert assigned.id != own.id
    assert attempts.start_attempt("tools", learner_id=cast.ada, now=NOON).id == own.id


def test_the_rest_between_attempts_does_not_keep_anybody_from_what_is_assigned(team: Team, cast: Cast) -> None:
    own = finish(attempts.start_attempt("tools", learner_id=cast.ada, now=NOON))

    assert start(team.assign(), cast.ada).id != own.id


@pytest.mark.parametrize(
    ("now", "refusal"),
    [(NOON, NotOpenYet), (CLOSES - 59 * timedelta(seconds=1), Conflict), (CLOSES, Conflict), (CLOSES + DAY, Conflict)],
)
def test_outside_the_window_nothing_is_started(team: Team, cast: Cast, now: datetime, refusal: type[Exception]) -> None:
    made = team.assign(opens_at=NOON + HOUR)
    before = everything()

    with pytest.raises(refusal):
        start(made, cast.ada, now=now)

    assert everything() == before


@pytest.mark.parametrize("slug", ["tools", "tools-adaptive"])
def test_a_minute_before_the_end_it_can_still_be_started(team: Team, cast: Cast, slug: str) -> None:
    made = team.assign(assessment_slug=slug)

    attempt = start(made, cast.ada, now=CLOSES - MINUTE)

    assert seen(made, cast.ada, now=CLOSES - MINUTE).open_attempt == attempt
    assert attempt.deadline == CLOSES
    assert len(attempt.form) >= 1


def test_an_adaptive_attempt_begins_no_item_that_the_end_would_cut_short(team: Team, cast: Cast) -> None:
    attempt = start(team.assign(assessment_slug="tools-adaptive"), cast.ada, now=CLOSES - MINUTE)

    going_on = answer(attempt, arrived_at=CLOSES - timedelta(seconds=21))
    stopped = answer(going_on, arrived_at=CLOSES - timedelta(seconds=20))

    assert (going_on.stopped_by, stopped.stopped_by) == (None, "time")


def test_when_the_assignment_ends_so_does_the_attempt_with_what_is_saved(team: Team, cast: Cast) -> None:
    attempt = start(team.assign(), cast.ada, now=CLOSES - 2 * MINUTE)
    answer(attempt, right_answer(item_at(attempt, 0)))

    ended = attempts.get_attempt(attempt.id, learner_id=cast.ada, now=CLOSES + MINUTE)

    assert (ended.finished_at, ended.ran_out, len(ended.answers)) == (CLOSES, True, 1)


# who


def test_leads_outsiders_and_those_who_left_cannot_start_it(team: Team, cast: Cast) -> None:
    made = team.assign()
    cohorts.remove_member(team.public_id, member_id=cast.ada, lead_id=cast.lena)
    before = everything()

    for user_id in (cast.lena, cast.omar, cast.ada):
        with pytest.raises(NotFound):
            start(made, user_id)

    assert everything() == before


def test_who_is_taken_out_keeps_what_they_have_open(team: Team, cast: Cast) -> None:
    attempt = start(team.assign(), cast.ada)

    cohorts.remove_member(team.public_id, member_id=cast.ada, lead_id=cast.lena)

    while attempt.position != REVIEW:
        attempt = answer(attempt)
    assert finish(attempt).report


# withdrawing


def test_withdrawn_nothing_can_be_started_but_what_is_open_goes_on(team: Team, cast: Cast) -> None:
    made = team.assign(attempts_allowed=2)
    attempt = start(made, cast.ada)
    assignments.withdraw(made.public_id, lead_id=cast.lena, now=NOON)

    assert start(made, cast.ada).id == attempt.id
    assert seen(made, cast.ada).state == "started"
    finish(attempt)
    with pytest.raises(Conflict, match="withdrawn"):
        start(made, cast.ada)
    assert seen(made, cast.ada).state == "withdrawn"
    assert assignments.list_assigned(cast.ada, taken=[], now=NOON) == []


def test_withdrawing_does_not_move_the_terms_of_what_was_started(team: Team, cast: Cast) -> None:
    made = team.assign()
    attempt = start(made, cast.ada)

    assignments.withdraw(made.public_id, lead_id=cast.lena, now=NOON + MINUTE)

    assert attempts.get_attempt(attempt.id, learner_id=cast.ada, now=NOON + MINUTE) == attempt


# what a member sees


def test_the_states_of_an_assignment_nobody_takes(team: Team, cast: Cast) -> None:
    made = team.assign(opens_at=NOON + HOUR)

    moments = (NOON, NOON + HOUR, CLOSES - MINUTE, CLOSES - timedelta(seconds=1), CLOSES)
    states = [(seen(made, cast.ada, now).state, seen(made, cast.ada, now).can_be_started) for now in moments]

    assert states == [("not yet open", False), ("open", True), ("open", True), ("open", False), ("over", False)]


def test_taken_and_over_is_finished_whatever_was_left(team: Team, cast: Cast) -> None:
    made = team.assign(attempts_allowed=3)
    finish(start(made, cast.ada))

    assert (seen(made, cast.ada).state, seen(made, cast.ada).left) == ("open", 2)
    assert seen(made, cast.ada, now=CLOSES).state == "finished"


def test_an_assignment_leaves_the_list_two_weeks_after_its_end(team: Team, cast: Cast) -> None:
    team.assign()

    still = assignments.list_assigned(cast.ada, taken=[], now=CLOSES + 14 * DAY - MINUTE)

    assert [one.state for one in still] == ["over"]
    assert assignments.list_assigned(cast.ada, taken=[], now=CLOSES + 14 * DAY) == []


def at_once(app: Flask, count: int, act: Callable[[], T]) -> list[T]:
    """Do it in so many threads at the same moment."""
    barrier = Barrier(count)

    def run(_number: int) -> T:
        with app.app_context():
            barrier.wait()
            return act()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


# what is noticed


def noticed(assignment: Assignment, lead_id: int, now: datetime = NOON) -> list[tuple[str, int, int, int, int]]:
    """What the lead is told of each attempt: whose, which, and the three counts."""
    led = assignments.open_assignment(assignment.public_id, user_id=lead_id, now=now)
    assert isinstance(led, Led)
    return [
        (one.user.name, one.noticed.number, one.noticed.left, one.noticed.pasted, one.noticed.late)
        for one in led.noticed
    ]


def test_the_lead_is_told_how_often_a_page_was_left_and_pasted_into_and_what_came_late(team: Team, cast: Cast) -> None:
    assignment = team.assign()
    attempt = start(assignment, cast.ada)
    for kind, seconds in (("left", 4), ("left", 9), ("pasted", 0)):
        signal = Signal(type=kind, at=NOON, position=0, seconds=seconds)
        attempts.note_signal(attempt.id, signal, learner_id=cast.ada)
    assert noticed(assignment, cast.lena) == []
    finish(attempt)
    with pytest.raises(AttemptClosed):
        answer(attempt)

    assert noticed(assignment, cast.lena) == [("Ada", 1, 2, 1, 1)]


def test_of_an_attempt_with_nothing_noticed_and_of_those_of_ones_own_the_lead_is_told_nothing(
    team: Team, cast: Cast
) -> None:
    assignment = team.assign()
    finish(start(assignment, cast.ada))
    own = attempts.start_attempt("language", learner_id=cast.ada, now=NOON)
    attempts.note_signal(own.id, Signal(type="left", at=NOON, position=0, seconds=3), learner_id=cast.ada)
    finish(own)

    assert noticed(assignment, cast.lena) == []


def test_of_somebody_who_has_left_the_cohort_the_lead_is_told_nothing(team: Team, cast: Cast) -> None:
    assignment = team.assign()
    attempt = start(assignment, cast.ada)
    attempts.note_signal(attempt.id, Signal(type="left", at=NOON, position=0, seconds=3), learner_id=cast.ada)
    finish(attempt)

    cohorts.leave(team.public_id, user_id=cast.ada)

    assert noticed(assignment, cast.lena) == []
