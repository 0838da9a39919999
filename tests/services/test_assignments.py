"""Assignments: made by a lead, started by members, in their window and as often as allowed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

import pytest
from flask import Flask
from sqlalchemy import update

from tests.builders import answer, item_at, right_answer
from tests.conftest import NOON, Cast, add_person
from tests.web.stored import everything
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import REVIEW, Attempt, Signal
from tracker.errors import AttemptClosed, BadInput, Conflict, NotFound, NotOpenYet
from tracker.services import (
    accommodations,
    accounts,
    assigned,
    assignment_progress,
    assignments,
    attempts,
    cohorts,
    practice,
)
from tracker.services.assigned import Assigned, AssignedPractice
from tracker.services.assignment_progress import LearnerProgress
from tracker.services.assignments import Led, Proposal
from tracker.storage import practice as practice_store
from tracker.storage import sql
from tracker.storage.cohort_tables import Assignment, Cohort
from tracker.storage.question_bank import get_bank

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

    [one] = assigned.list_assigned(cast.ada, taken=[], now=NOON)
    assert isinstance(one, Assigned)
    assert (one.assignment.public_id, one.assessment.slug, one.state) == (
        made.public_id,
        "tools",
        "open",
    )
    assert (made.opens_at, made.closes_at) == (NOON, CLOSES)
    assert assigned.list_assigned(cast.lena, taken=[], now=NOON) == []
    assert assigned.list_assigned(cast.omar, taken=[], now=NOON) == []


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

    under_it = start(team.assign(), cast.ada)

    assert under_it.id != own.id
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
    cohorts.remove_member(team.public_id, member_id=cast.ada, lead_id=cast.lena, now=NOON)
    before = everything()

    for user_id in (cast.lena, cast.omar, cast.ada):
        with pytest.raises(NotFound):
            start(made, user_id)

    assert everything() == before


def test_who_is_taken_out_keeps_what_they_have_open(team: Team, cast: Cast) -> None:
    attempt = start(team.assign(), cast.ada)

    cohorts.remove_member(team.public_id, member_id=cast.ada, lead_id=cast.lena, now=NOON)

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
    assert assigned.list_assigned(cast.ada, taken=[], now=NOON) == []


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

    still = assigned.list_assigned(cast.ada, taken=[], now=CLOSES + 14 * DAY - MINUTE)

    assert [one.state for one in still] == ["over"]
    assert assigned.list_assigned(cast.ada, taken=[], now=CLOSES + 14 * DAY) == []


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
    assert led.progress
    return [
        (one.user.name, one.noticed.number, one.noticed.left, one.noticed.pasted, one.noticed.late)
        for one in led.progress.noticed
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

    cohorts.leave(team.public_id, user_id=cast.ada, now=NOON)

    assert noticed(assignment, cast.lena) == []


# to some


@pytest.fixture
def ben(team: Team) -> int:
    """Another member."""
    return join(team, "Ben")


def join(team: Team, name: str, *, now: datetime = NOON) -> int:
    """Let somebody join the team. Gives their id."""
    learner_id = add_person(f"{name.casefold()}@example.org", name)
    cohorts.join(cohorts.invite(team.public_id, lead_id=team.lead_id, now=now), user_id=learner_id, now=now)
    return learner_id


def test_who_is_not_named_finds_nothing(team: Team, cast: Cast, ben: int) -> None:
    made = team.assign(learner_ids=[cast.ada])

    assert len(assigned.list_assigned(cast.ada, taken=[], now=NOON)) == 1
    assert assigned.list_assigned(ben, taken=[], now=NOON) == []
    with pytest.raises(NotFound):
        seen(made, ben)
    with pytest.raises(NotFound):
        start(made, ben)


def test_only_members_can_be_named_and_somebody_must_be(team: Team, cast: Cast, ben: int) -> None:
    before = everything()

    for named in ([], [cast.ada, cast.omar], [cast.lena], [ben, 2**80]):
        with pytest.raises(BadInput) as refused:
            team.assign(learner_ids=named)
        assert [*refused.value.fields] == ["member"]

    assert everything() == before


def test_what_is_for_all_is_for_those_who_join_later(team: Team) -> None:
    made = team.assign()

    later = join(team, "Cora", now=NOON + HOUR)

    assert start(made, later, now=NOON + HOUR).assignment
    assert [one.user.name for one in progress(made, team)] == ["Ada", "Cora"]


def test_an_archived_cohort_is_given_nothing_new_but_what_runs_goes_on(team: Team, cast: Cast) -> None:
    made = team.assign()
    archive(team)
    before = everything()

    with pytest.raises(Conflict, match="archived"):
        team.assign()

    assert everything() == before
    assert start(made, cast.ada)


def archive(team: Team) -> None:
    with sql.writing() as session:
        session.execute(update(Cohort).where(Cohort.public_id == team.public_id).values(archived_at=NOON))


# extra minutes


def test_extra_minutes_are_on_top_of_the_limit_and_ones_own_extra_time_is_of_both(team: Team, cast: Cast) -> None:
    made = team.assign(extra_minutes=10, attempts_allowed=2)
    usual = finish(start(made, cast.ada))
    accommodations.set_own(cast.ada, percent=50, now=NOON)

    longer = start(made, cast.ada)

    assert usual.deadline == NOON + 25 * MINUTE
    assert longer.deadline == NOON + timedelta(minutes=37.5)
    assert longer.assignment
    assert longer.assignment.extra_minutes == 10


@pytest.mark.parametrize("minutes", [-1, 241])
def test_too_many_extra_minutes_are_refused(team: Team, minutes: int) -> None:
    with pytest.raises(BadInput, match="0 to 240"):
        team.assign(extra_minutes=minutes)


# practice


def practise(learner_id: int, area_slug: str, *, now: datetime) -> None:
    """Answer some item of an area for the first time."""
    items = [item for item in get_bank().items.values() if item.area_slug == area_slug and not item.retired]
    known = practice_store.list_cards(learner_id, [item.id for item in items])
    item = next(item for item in items if item.id not in known)
    practice.submit_answer(item.version, learner_id=learner_id, seq=0, sent=[], seconds=1, now=now)


def test_practice_counts_answers_in_its_scope_and_window(team: Team, cast: Cast) -> None:
    made = team.assign(assessment_slug="tools", practice_items=5, opens_at=NOON + HOUR)
    for area_slug, now in (("tools", NOON), ("language", NOON + HOUR), ("tools", NOON + HOUR), ("tools", CLOSES)):
        practise(cast.ada, area_slug, now=now)

    [mine] = assigned.list_assigned(cast.ada, taken=[], now=NOON + 2 * HOUR)

    assert isinstance(mine, AssignedPractice)
    assert (mine.name, mine.done, mine.left, mine.state) == ("Practice: Essential Tools", 1, 4, "open")
    assert assignments.open_assignment(made.public_id, user_id=cast.ada, now=NOON + 2 * HOUR) == mine


def test_practice_has_no_terms_of_an_assessment_and_starts_no_attempt(team: Team, cast: Cast) -> None:
    made = team.assign(
        assessment_slug="tools", practice_items=5, attempts_allowed=5, extra_minutes=30, release=Release.NEVER
    )

    assert (made.attempts_allowed, made.extra_minutes, made.release) == (1, 0, Release.AT_ONCE)
    with pytest.raises(NotFound):
        start(made, cast.ada)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"practice_items": 4}, BadInput),
        ({"practice_items": 101}, BadInput),
        ({"practice_items": 0}, BadInput),
        ({"practice_items": 20, "assessment_slug": "due"}, NotFound),
        ({"practice_items": 20, "assessment_slug": "placement"}, NotFound),
    ],
)
def test_practice_that_makes_no_sense_is_refused(team: Team, terms: dict[str, Any], error: type[Exception]) -> None:
    before = everything()

    with pytest.raises(error):
        team.assign(**{"assessment_slug": "tools", **terms})

    assert everything() == before


def test_practice_is_open_finished_or_late(team: Team, cast: Cast, ben: int) -> None:
    made = team.assign(assessment_slug="tools", practice_items=5)
    for number in range(5):
        practise(cast.ada, "tools", now=NOON + number * MINUTE)
    practise(ben, "tools", now=NOON)
    join(team, "Cora")

    assert [(one.user.name, one.state, one.used) for one in progress(made, team, now=NOON + HOUR)] == [
        ("Cora", "not opened", 0),
        ("Ben", "open", 1),
        ("Ada", "finished", 5),
    ]
    assert [one.state for one in progress(made, team, now=CLOSES)] == ["late", "late", "finished"]
    assert progress(made, team, now=CLOSES)[-1].finished_at == NOON + 4 * MINUTE


# how far everybody is


def progress(assignment: Assignment, team: Team, now: datetime = NOON) -> tuple[LearnerProgress, ...]:
    """How far the learners are, as their lead sees it, alone and among all assignments alike."""
    led = assignments.open_assignment(assignment.public_id, user_id=team.lead_id, now=now)
    [listed] = assignments.review(team.public_id, lead_id=team.lead_id, now=now).assignments
    assert isinstance(led, Led)
    assert led.progress
    assert listed.progress
    assert led.progress.learners == listed.progress.learners
    return led.progress.learners


def test_the_lead_sees_who_has_not_opened_it_who_is_at_it_and_who_is_done(team: Team, cast: Cast, ben: int) -> None:
    made = team.assign(attempts_allowed=2)
    join(team, "Cora")
    finish(start(made, cast.ada), now=NOON + MINUTE)
    open_attempt = start(made, ben)

    found = progress(made, team, now=NOON + 2 * MINUTE)

    assert [(one.user.name, one.state, one.used, one.ends_at, one.finished_at) for one in found] == [
        ("Cora", "not opened", 0, None, None),
        ("Ben", "open", 1, open_attempt.deadline, None),
        ("Ada", "finished", 1, None, NOON + MINUTE),
    ]


def test_late_is_who_has_finished_nothing_when_it_is_over(team: Team, cast: Cast, ben: int) -> None:
    made = team.assign()
    left_open = start(made, ben)

    found = progress(made, team, now=CLOSES + MINUTE)

    assert [(one.user.name, one.state, one.finished_at) for one in found] == [
        ("Ada", "late", None),
        ("Ben", "finished", left_open.deadline),
    ]
    assert assignment_progress.list_unfinished(made, now=CLOSES + MINUTE) == [found[0].user]


def test_of_who_has_left_nothing_is_told(team: Team, cast: Cast, ben: int) -> None:
    made = team.assign(learner_ids=[cast.ada, ben])
    finish(start(made, cast.ada))

    cohorts.leave(team.public_id, user_id=cast.ada, now=NOON)

    assert [one.user.name for one in progress(made, team)] == ["Ben"]


def test_what_was_withdrawn_makes_nobody_late_and_is_not_counted_in_the_list(team: Team, cast: Cast) -> None:
    made = team.assign()
    assignments.withdraw(made.public_id, lead_id=cast.lena, now=NOON)

    led = assignments.open_assignment(made.public_id, user_id=cast.lena, now=CLOSES)

    assert isinstance(led, Led)
    assert led.progress
    assert [one.state for one in led.progress.learners] == ["not opened"]
    [listed] = assignments.review(team.public_id, lead_id=cast.lena, now=NOON).assignments
    assert listed.progress is None


# what would be assigned


def proposal(team: Team, **terms: Any) -> Proposal:
    usual: dict[str, Any] = {
        "lead_id": team.lead_id,
        "assessment_slug": "tools",
        "opens_at": None,
        "closes_at": CLOSES,
        "attempts_allowed": 1,
        "release": Release.AFTER_DEADLINE,
        "now": NOON,
    }
    return assignments.propose(team.public_id, **{**usual, **terms})


def test_a_proposal_says_who_and_what_and_stores_nothing(team: Team, cast: Cast, ben: int) -> None:
    before = everything()

    found = proposal(team, learner_ids=[ben], extra_minutes=5)

    assert (found.name, found.is_for_all, found.members) == ("Essential Tools", False, 2)
    assert [user.name for user in found.learners] == ["Ben"]
    assert (found.opens_at, found.limit, found.is_tight) == (NOON, 20 * MINUTE, False)
    assert proposal(team, closes_at=NOON + 10 * MINUTE).is_tight
    assert everything() == before


def test_only_the_lead_is_told_what_would_be_assigned(team: Team, cast: Cast) -> None:
    for user_id in (cast.ada, cast.omar):
        with pytest.raises(NotFound):
            proposal(team, lead_id=user_id)


def test_a_proposal_knows_the_clocks_that_differ_from_the_leads(team: Team, cast: Cast, ben: int) -> None:
    accounts.update_profile(cast.ada, name="Ada", zone="Asia/Kolkata")
    accounts.update_profile(ben, name="Ben", zone="America/Lima")
    accounts.update_profile(join(team, "Cora"), name="Cora", zone="Europe/Paris")

    apart = proposal(team).deadlines_apart("Europe/Berlin")

    assert [f"{one:%d %H:%M}" for one in apart] == ["03 07:00", "03 17:30"]


def test_the_terms_of_an_assignment_make_another_like_it(team: Team, cast: Cast, ben: int) -> None:
    made = team.assign(learner_ids=[cast.ada, ben], extra_minutes=5, attempts_allowed=3)
    cohorts.leave(team.public_id, user_id=ben, now=NOON)

    terms = assignments.get_terms(made.public_id, lead_id=cast.lena)
    again = assignments.make_assignment(
        team.public_id, lead_id=cast.lena, now=NOON, **{**terms, "closes_at": CLOSES + DAY}
    )

    assert (again.assessment_slug, again.extra_minutes, again.attempts_allowed) == ("tools", 5, 3)
    assert [one.user.name for one in assignment_progress.get_progress(again, now=NOON).learners] == ["Ada"]
    for user_id in (cast.ada, cast.omar):
        with pytest.raises(NotFound):
            assignments.get_terms(made.public_id, lead_id=user_id)
