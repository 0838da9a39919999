"""Assignments: a lead gives members of a cohort something to take or to practise, in a window and on terms.

Another cohort's assignments are not found, nor are those of a cohort that somebody has left, nor what is for others.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NotRequired, TypedDict, Unpack
from zoneinfo import ZoneInfo

from tracker.assessment.assignment import (
    LEAST_PRACTICE,
    MOST_ATTEMPTS,
    MOST_EXTRA_MINUTES,
    MOST_PRACTICE,
    AssignedTerms,
    Release,
)
from tracker.assessment.attempt import Attempt
from tracker.assessment.blueprint import Assessment
from tracker.errors import BadInput, Conflict, NotFound, NotOpenYet
from tracker.services import assigned, assignment_progress, attempts, audit, bank, cohorts, practice, reminders
from tracker.services.assigned import LEAST_TIME, Assigned, AssignedPractice, State, get_window
from tracker.services.assignment_progress import Progress
from tracker.storage import assignments
from tracker.storage import attempts as stored_attempts
from tracker.storage.cohort_tables import Assignment, Cohort, Role
from tracker.storage.tables import User

LONGEST_AHEAD = timedelta(days=366)
"""A deadline lies no further ahead."""


class Terms(TypedDict):
    """What a lead sets.

    assessment_slug: or the scope of practice, with practice_items: how many answers are wanted; attempts, extra minutes
    and release are then of no matter. opens_at: None for at once. learner_ids: None for every member, now and later.
    """

    assessment_slug: str
    opens_at: datetime | None
    closes_at: datetime
    attempts_allowed: int
    release: Release
    extra_minutes: NotRequired[int]
    practice_items: NotRequired[int | None]
    learner_ids: NotRequired[Collection[int] | None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be assigned: checked, stored nowhere. learners: whom it would be for now, `members` the whole cohort.

    assessment: None for practice.
    """

    cohort: Cohort
    name: str
    assessment: Assessment | None
    terms: Terms
    opens_at: datetime
    learners: tuple[User, ...]
    members: int

    @property
    def is_for_all(self) -> bool:
        return self.terms.get("learner_ids") is None

    @property
    def limit(self) -> timedelta | None:
        """The time limit with the extra minutes; None for practice."""
        extra = timedelta(minutes=self.terms.get("extra_minutes", 0))
        return self.assessment.time_limit + extra if self.assessment else None

    @property
    def is_tight(self) -> bool:
        """Whether the window is shorter than the time limit."""
        return self.limit is not None and self.terms["closes_at"] - self.opens_at < self.limit

    def deadlines_apart(self, zone: str) -> list[datetime]:
        """The deadline on the clocks of those learners whose clocks differ from this zone's, the earliest first."""
        closes_at = self.terms["closes_at"]
        here = closes_at.astimezone(ZoneInfo(zone)).utcoffset()
        there = [closes_at.astimezone(ZoneInfo(learner.zone)) for learner in self.learners]
        return sorted((one for one in there if one.utcoffset() != here), key=lambda one: one.replace(tzinfo=None))


@dataclass(frozen=True, slots=True)
class Led:
    """An assignment as its cohort's lead sees it at a moment. assessment: None for practice, and when the bank has it
    no longer. progress: None in lists once it is long over.
    """

    assignment: Assignment
    assessment: Assessment | None
    now: datetime
    progress: Progress | None

    @property
    def name(self) -> str:
        """What is to be taken or practised."""
        return assigned.get_name(self.assignment)

    @property
    def state(self) -> State:
        return "withdrawn" if self.assignment.withdrawn_at else get_window(self.assignment, self.now)


@dataclass(frozen=True, slots=True)
class Overview:
    """All assignments of a cohort, newest first, for its lead; and who could be given another, by name."""

    cohort: Cohort
    assignments: tuple[Led, ...]
    members: tuple[User, ...]


def propose(cohort_id: str, *, lead_id: int, now: datetime, **terms: Unpack[Terms]) -> Proposal:
    """What these terms would assign; nothing is stored.

    Raises: NotFound, also to all but the lead; Conflict for an archived cohort; BadInput.
    """
    cohort = cohorts.get_led(cohort_id, lead_id=lead_id)
    if cohort.archived_at:
        raise Conflict("This cohort is archived, so nothing new can be assigned. What is assigned already goes on.")
    _check_terms(terms, now)
    members = assignments.list_members(cohort.id)
    wanted = terms.get("learner_ids")
    if wanted is not None:
        _check_learners(wanted, members)
    assessment = None if terms.get("practice_items") else bank.get_assessment(terms["assessment_slug"])
    return Proposal(
        cohort=cohort,
        name=assessment.name if assessment else _practice_name(terms["assessment_slug"]),
        assessment=assessment,
        terms=terms,
        opens_at=terms["opens_at"] or now,
        learners=tuple(user for user in members if wanted is None or user.id in wanted),
        members=len(members),
    )


def make_assignment(cohort_id: str, *, lead_id: int, now: datetime, **terms: Unpack[Terms]) -> Assignment:
    """Assign something to all members of a cohort or to some.

    Raises: NotFound, also to all but the lead; Conflict for an archived cohort; BadInput; then nothing is stored.
    """
    proposal = propose(cohort_id, lead_id=lead_id, now=now, **terms)
    is_practice = proposal.assessment is None
    try:
        made = assignments.add(
            cohort_id=proposal.cohort.id,
            assessment_slug=terms["assessment_slug"],
            practice_items=terms.get("practice_items"),
            learner_ids=terms.get("learner_ids"),
            opens_at=proposal.opens_at,
            closes_at=terms["closes_at"],
            attempts_allowed=1 if is_practice else terms["attempts_allowed"],
            extra_minutes=0 if is_practice else terms.get("extra_minutes", 0),
            release=Release.AT_ONCE if is_practice else terms["release"],
            made_by=lead_id,
            now=now,
        )
    except NotFound:
        raise _not_a_member() from None
    _record("assignment.made", made, actor_id=lead_id, now=now)
    return made


def review(cohort_id: str, *, lead_id: int, now: datetime) -> Overview:
    """A cohort's assignments, for its lead. Raises: NotFound, also to everybody else."""
    cohort = cohorts.get_led(cohort_id, lead_id=lead_id)
    members = assignments.list_members(cohort.id)
    found = assignments.list_in(cohort.id)
    progress = assignment_progress.list_progress(found, members=members, now=now)
    return Overview(cohort, tuple(_led(one, now, progress.get(one.id)) for one in found), tuple(members))


def open_assignment(assignment_id: str, *, user_id: int, now: datetime) -> Led | Assigned | AssignedPractice:
    """An assignment as this person sees it: the cohort's lead how far it is, a member what to do. Raises: NotFound."""
    assignment, role = assignments.get(assignment_id, user_id=user_id)
    if role is Role.LEAD:
        reminded = reminders.list_reminded(assignment, now=now)
        return _led(assignment, now, assignment_progress.get_progress(assignment, reminded=reminded, now=now))
    return assigned.open_assigned(assignment, learner_id=user_id, now=now)


def get_terms(assignment_id: str, *, lead_id: int) -> Terms:
    """The terms of an assignment, to make another like it: of those it names, who are members still.

    Raises: NotFound, also to all but the lead.
    """
    assignment = _get_led(assignment_id, lead_id=lead_id)
    named = None if assignment.is_for_all else assignments.list_learners(assignment)
    return Terms(
        assessment_slug=assignment.assessment_slug,
        practice_items=assignment.practice_items,
        learner_ids=None if named is None else [learner.id for learner in named],
        opens_at=assignment.opens_at,
        closes_at=assignment.closes_at,
        attempts_allowed=assignment.attempts_allowed,
        extra_minutes=assignment.extra_minutes,
        release=assignment.release,
    )


def withdraw(assignment_id: str, *, lead_id: int, now: datetime) -> Assignment:
    """Let nobody start it any more; what is open goes on. Raises: NotFound, also to all but the lead."""
    assignment = _get_led(assignment_id, lead_id=lead_id)
    assignments.withdraw(assignment, now=now)
    _record("assignment.withdrawn", assignment, actor_id=lead_id, now=now)
    return assignment


def start_assigned(assignment_id: str, *, learner_id: int, now: datetime) -> Attempt:
    """Start the next attempt that an assignment allows, or go on with the open one.

    Raises: NotFound, also for practice; NotOpenYet, Conflict.
    """
    assignment, role = assignments.get(assignment_id, user_id=learner_id)
    if role is not Role.MEMBER or assignment.practice_items:
        raise NotFound
    assessment = bank.get_assessment(assignment.assessment_slug)
    number = stored_attempts.count_assigned(learner_id, assignment_id) + 1
    # after the count: what another request starts in between is found here, and not taken for one that was used up
    open_attempt = attempts.find_open(assessment.slug, learner_id=learner_id, now=now, assignment_id=assignment_id)
    if open_attempt:
        return open_attempt
    _check_start(assignment, number, now)
    terms = AssignedTerms(
        assignment_id=assignment_id,
        number=number,
        closes_at=assignment.closes_at,
        release=assignment.release,
        extra_minutes=assignment.extra_minutes,
    )
    started = attempts.try_to_start(assessment, learner_id=learner_id, now=now, terms=terms)
    return started or start_assigned(assignment_id, learner_id=learner_id, now=now)


def _get_led(assignment_id: str, *, lead_id: int) -> Assignment:
    assignment, role = assignments.get(assignment_id, user_id=lead_id)
    if role is not Role.LEAD:
        raise NotFound
    return assignment


def _record(action: str, assignment: Assignment, *, actor_id: int, now: datetime) -> None:
    subject = f"assignment:{assignment.public_id}"
    audit.record(action, actor_id=actor_id, subject=subject, now=now, assessment=assignment.assessment_slug)


def _check_terms(terms: Terms, now: datetime) -> None:
    closes_at, answers = terms["closes_at"], terms.get("practice_items")
    if closes_at < max(terms["opens_at"] or now, now) + LEAST_TIME:
        raise BadInput({"closes_at": ["The deadline must lie ahead, and after the opening."]})
    if closes_at > now + LONGEST_AHEAD:
        raise BadInput({"closes_at": ["The deadline may lie a year ahead at most."]})
    if not 1 <= terms["attempts_allowed"] <= MOST_ATTEMPTS:
        raise BadInput({"attempts": [f"Allow 1 to {MOST_ATTEMPTS} attempts."]})
    if not 0 <= terms.get("extra_minutes", 0) <= MOST_EXTRA_MINUTES:
        raise BadInput({"extra_minutes": [f"Add 0 to {MOST_EXTRA_MINUTES} minutes."]})
    if answers is not None and not LEAST_PRACTICE <= answers <= MOST_PRACTICE:
        raise BadInput({"answers": [f"Ask for {LEAST_PRACTICE} to {MOST_PRACTICE} answers."]})


def _check_learners(learner_ids: Collection[int], members: Collection[User]) -> None:
    if not learner_ids:
        raise BadInput({"member": ["Tick at least one member, or choose every member."]})
    if not {*learner_ids} <= {user.id for user in members}:
        raise _not_a_member()


def _not_a_member() -> BadInput:
    return BadInput({"member": ["Somebody you ticked is no member any more. Nothing was assigned; please tick again."]})


def _practice_name(scope_slug: str) -> str:
    """What practice of an area or a topic is called. Raises: NotFound."""
    scope = practice.get_scope(scope_slug)
    if scope.is_due_only:
        raise NotFound
    return assigned.practice_name(scope)


def _check_start(assignment: Assignment, number: int, now: datetime) -> None:
    if assignment.withdrawn_at:
        raise Conflict("This assignment was withdrawn, so it cannot be started. What you have taken stays yours.")
    if now < assignment.opens_at:
        raise NotOpenYet("This assignment is not open yet.", opens_at=assignment.opens_at)
    if number > assignment.attempts_allowed:
        raise Conflict("You have used every attempt that this assignment allows. Your results stay.")
    if now > assignment.closes_at - LEAST_TIME:
        raise Conflict("This assignment is over or about to close, so nothing can be started. What you took counts.")


def _led(assignment: Assignment, now: datetime, progress: Progress | None) -> Led:
    assessment = None if assignment.practice_items else bank.find_assessment(assignment.assessment_slug)
    return Led(assignment, assessment, now, progress)
