"""Assignments: a lead gives the members of a cohort something to take, in a window and on terms; they take it.

Another cohort's assignments are not found, nor are those of a cohort that somebody has left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from tracker.assessment.assignment import MOST_ATTEMPTS, AssignedTerms, Release
from tracker.assessment.attempt import Attempt
from tracker.assessment.blueprint import Assessment
from tracker.errors import BadInput, Conflict, NotFound, NotOpenYet
from tracker.services import attempts, bank, cohorts
from tracker.services.noticed import NoticedOf, list_noticed
from tracker.storage import assignments
from tracker.storage import attempts as stored_attempts
from tracker.storage.cohort_tables import Assignment, Cohort, Role

LEAST_TIME = timedelta(minutes=1)
"""With less time left until the end, nothing is started; an adaptive attempt begins no item in less anyway."""

LONGEST_AHEAD = timedelta(days=366)
"""A deadline lies no further ahead."""

KEPT_IN_SIGHT = timedelta(days=14)
"""How long after its end an assignment stays on its learners' lists."""

State = Literal["withdrawn", "not yet open", "open", "started", "finished", "over"]


@dataclass(frozen=True, slots=True)
class Led:
    """An assignment as its cohort's lead sees it at a moment. assessment: None when the bank has it no longer.

    noticed: of its finished attempts; not filled in lists.
    """

    assignment: Assignment
    assessment: Assessment | None
    now: datetime
    noticed: tuple[NoticedOf, ...] = ()

    @property
    def name(self) -> str:
        """What is to be taken."""
        return self.assessment.name if self.assessment else self.assignment.assessment_slug

    @property
    def state(self) -> State:
        if self.assignment.withdrawn_at:
            return "withdrawn"
        return _window(self.assignment, self.now)


@dataclass(frozen=True, slots=True)
class Overview:
    """All assignments of a cohort, newest first, for its lead."""

    cohort: Cohort
    assignments: tuple[Led, ...]


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment as one of its learners sees it at a moment. attempts: theirs under it, newest first."""

    assignment: Assignment
    assessment: Assessment
    attempts: tuple[Attempt, ...]
    now: datetime

    @property
    def open_attempt(self) -> Attempt | None:
        """The one to go on with."""
        return next((attempt for attempt in self.attempts if not attempt.is_finished), None)

    @property
    def left(self) -> int:
        """How many attempts can still be started."""
        return max(0, self.assignment.attempts_allowed - len(self.attempts))

    @property
    def remaining(self) -> timedelta:
        """How long until it closes."""
        return max(timedelta(), self.assignment.closes_at - self.now)

    @property
    def minutes_left(self) -> int:
        """How many whole minutes there are until it closes."""
        return self.remaining // timedelta(minutes=1)

    @property
    def state(self) -> State:
        if self.open_attempt:
            return "started"
        if self.assignment.withdrawn_at:
            return "withdrawn"
        window = _window(self.assignment, self.now)
        return "finished" if not self.left or (window == "over" and self.attempts) else window

    @property
    def can_be_started(self) -> bool:
        """Whether an attempt can be started now."""
        return self.state == "open" and self.remaining >= LEAST_TIME


def make_assignment(
    cohort_id: str,
    *,
    lead_id: int,
    assessment_slug: str,
    opens_at: datetime | None,
    closes_at: datetime,
    attempts_allowed: int,
    release: Release,
    now: datetime,
) -> Assignment:
    """Assign an assessment to all members of a cohort; without `opens_at` it is open at once.

    Raises: NotFound, also to all but the lead; BadInput; then nothing is stored.
    """
    cohort = cohorts.get_led(cohort_id, lead_id=lead_id)
    assessment = bank.get_assessment(assessment_slug)
    _check_terms(opens_at, closes_at, attempts_allowed, now)
    return assignments.add(
        cohort_id=cohort.id,
        assessment_slug=assessment.slug,
        opens_at=opens_at or now,
        closes_at=closes_at,
        attempts_allowed=attempts_allowed,
        release=release,
        made_by=lead_id,
        now=now,
    )


def review(cohort_id: str, *, lead_id: int, now: datetime) -> Overview:
    """A cohort's assignments, for its lead. Raises: NotFound, also to everybody else."""
    cohort = cohorts.get_led(cohort_id, lead_id=lead_id)
    return Overview(cohort, tuple(_led(assignment, now) for assignment in assignments.list_in(cohort.id)))


def open_assignment(assignment_id: str, *, user_id: int, now: datetime) -> Led | Assigned:
    """An assignment as this person sees it: the cohort's lead what they set, a member what to do. Raises: NotFound."""
    assignment, role = assignments.get(assignment_id, user_id=user_id)
    if role is Role.LEAD:
        return replace(_led(assignment, now), noticed=list_noticed(assignment))
    assessment = bank.get_assessment(assignment.assessment_slug)
    return _assigned(assignment, assessment, attempts.list_attempts(user_id, now=now), now)


def list_assigned(learner_id: int, *, taken: Sequence[Attempt], now: datetime) -> list[Assigned]:
    """What is assigned to somebody, the nearest deadline first. taken: all their attempts, newest first."""
    return [
        _assigned(assignment, assessment, taken, now)
        for assignment in assignments.list_assigned_to(learner_id, closing_after=now - KEPT_IN_SIGHT)
        if (assessment := bank.find_assessment(assignment.assessment_slug))
    ]


def withdraw(assignment_id: str, *, lead_id: int, now: datetime) -> Assignment:
    """Let nobody start it any more; what is open goes on. Raises: NotFound, also to all but the lead."""
    assignment, role = assignments.get(assignment_id, user_id=lead_id)
    if role is not Role.LEAD:
        raise NotFound
    assignments.withdraw(assignment.id, now=now)
    return assignment


def start_assigned(assignment_id: str, *, learner_id: int, now: datetime) -> Attempt:
    """Start the next attempt that an assignment allows, or go on with the open one.

    Raises: NotFound, NotOpenYet, Conflict.
    """
    assignment, role = assignments.get(assignment_id, user_id=learner_id)
    if role is not Role.MEMBER:
        raise NotFound
    assessment = bank.get_assessment(assignment.assessment_slug)
    open_attempt = attempts.find_open(assessment.slug, learner_id=learner_id, now=now, assignment_id=assignment_id)
    if open_attempt:
        return open_attempt
    number = stored_attempts.count_assigned(learner_id, assignment_id) + 1
    _check_start(assignment, number, now)
    terms = AssignedTerms(
        assignment_id=assignment_id, number=number, closes_at=assignment.closes_at, release=assignment.release
    )
    started = attempts.try_to_start(assessment, learner_id=learner_id, now=now, terms=terms)
    return started or start_assigned(assignment_id, learner_id=learner_id, now=now)


def _check_terms(opens_at: datetime | None, closes_at: datetime, attempts_allowed: int, now: datetime) -> None:
    if closes_at < max(opens_at or now, now) + LEAST_TIME:
        raise BadInput({"closes_at": ["The deadline must lie ahead, and after the opening."]})
    if closes_at > now + LONGEST_AHEAD:
        raise BadInput({"closes_at": ["The deadline may lie a year ahead at most."]})
    if not 1 <= attempts_allowed <= MOST_ATTEMPTS:
        raise BadInput({"attempts": [f"Allow 1 to {MOST_ATTEMPTS} attempts."]})


def _check_start(assignment: Assignment, number: int, now: datetime) -> None:
    if assignment.withdrawn_at:
        raise Conflict("This assignment was withdrawn, so it cannot be started. What you have taken stays yours.")
    if now < assignment.opens_at:
        raise NotOpenYet("This assignment is not open yet.", opens_at=assignment.opens_at)
    if number > assignment.attempts_allowed:
        raise Conflict("You have used every attempt that this assignment allows. Your results stay.")
    if now > assignment.closes_at - LEAST_TIME:
        raise Conflict("This assignment is over or about to close, so nothing can be started. What you took counts.")


def _led(assignment: Assignment, now: datetime) -> Led:
    return Led(assignment, bank.find_assessment(assignment.assessment_slug), now)


def _assigned(assignment: Assignment, assessment: Assessment, taken: Sequence[Attempt], now: datetime) -> Assigned:
    mine = (one for one in taken if one.assignment and one.assignment.assignment_id == assignment.public_id)
    return Assigned(assignment, assessment, tuple(mine), now)


def _window(assignment: Assignment, now: datetime) -> Literal["not yet open", "open", "over"]:
    if now < assignment.opens_at:
        return "not yet open"
    return "open" if now < assignment.closes_at else "over"
