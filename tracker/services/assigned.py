"""What is assigned, as those whom it is for see it: an assessment with their attempts, practice with their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tracker.assessment.attempt import Attempt
from tracker.assessment.blueprint import Assessment
from tracker.assessment.practice_scope import Scope, find_scope
from tracker.assessment.practice_set import Given, PracticeSet
from tracker.errors import NotFound
from tracker.services import attempts, bank
from tracker.storage import assignments, practice
from tracker.storage.cohort_tables import Assignment

LEAST_TIME = timedelta(minutes=1)
"""With less time left until the end, nothing is started; an adaptive attempt begins no item in less anyway."""

KEPT_IN_SIGHT = timedelta(days=14)
"""How long after its end an assignment stays on its learners' lists."""

Window = Literal["not yet open", "open", "over"]
State = Literal["withdrawn", "not yet open", "open", "started", "finished", "over"]


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assessment that is assigned, as one of its learners sees it at a moment. attempts: theirs, newest first."""

    assignment: Assignment
    assessment: Assessment
    attempts: tuple[Attempt, ...]
    now: datetime

    @property
    def name(self) -> str:
        """What is to be taken."""
        return self.assessment.name

    @property
    def limit(self) -> timedelta:
        """The time limit with what the assignment adds for everybody."""
        return self.assessment.time_limit + timedelta(minutes=self.assignment.extra_minutes)

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
        window = get_window(self.assignment, self.now)
        return "finished" if not self.left or (window == "over" and self.attempts) else window

    @property
    def can_be_started(self) -> bool:
        """Whether an attempt can be started now."""
        return self.state == "open" and self.remaining >= LEAST_TIME


@dataclass(frozen=True, slots=True)
class AssignedPractice:
    """A practice set that is assigned, as one of its learners sees it at a moment. done: how many answers count."""

    assignment: Assignment
    scope: Scope
    wanted: int
    done: int
    now: datetime

    @property
    def name(self) -> str:
        """What is to be practised."""
        return get_name(self.assignment)

    @property
    def left(self) -> int:
        """How many answers are missing."""
        return max(0, self.wanted - self.done)

    @property
    def state(self) -> State:
        if self.assignment.withdrawn_at:
            return "withdrawn"
        return get_window(self.assignment, self.now) if self.left else "finished"


def list_assigned(learner_id: int, *, taken: Sequence[Attempt], now: datetime) -> list[Assigned | AssignedPractice]:
    """What is assigned to somebody, the nearest deadline first. taken: all their attempts, newest first."""
    found = assignments.list_assigned_to(learner_id, closing_after=now - KEPT_IN_SIGHT)
    given = _list_given(learner_id, found)
    seen = (_find_seen(assignment, taken, given, now) for assignment in found)
    return [one for one in seen if one]


def open_assigned(assignment: Assignment, *, learner_id: int, now: datetime) -> Assigned | AssignedPractice:
    """An assignment as somebody whom it is for sees it. Raises: NotFound when the bank has it no longer."""
    taken = () if assignment.practice_items else attempts.list_attempts(learner_id, now=now)
    seen = _find_seen(assignment, taken, _list_given(learner_id, [assignment]), now)
    if seen is None:
        raise NotFound
    return seen


def get_name(assignment: Assignment) -> str:
    """What an assignment is about, in words; its slug when the bank has it no longer."""
    if assignment.practice_items:
        scope = find_practice(assignment)
        return practice_name(scope) if scope else assignment.assessment_slug
    assessment = bank.find_assessment(assignment.assessment_slug)
    return assessment.name if assessment else assignment.assessment_slug


def practice_name(scope: Scope) -> str:
    """What practice of this is called."""
    return f"Practice: {scope.name}"


def get_window(assignment: Assignment, now: datetime) -> Window:
    """Whether this moment is before, in or after an assignment's window."""
    if now < assignment.opens_at:
        return "not yet open"
    return "open" if now < assignment.closes_at else "over"


def find_practice(assignment: Assignment) -> Scope | None:
    """What a practice set is of, if the bank still has it; None for an assessment."""
    return find_scope(bank.get_roadmap(), assignment.assessment_slug) if assignment.practice_items else None


def find_practice_set(assignment: Assignment) -> PracticeSet | None:
    """Which answers count for a practice set, if the bank still has it; None for an assessment."""
    scope = find_practice(assignment)
    if scope is None or assignment.practice_items is None:
        return None
    return PracticeSet(scope.topic_ids, assignment.practice_items, assignment.opens_at, assignment.closes_at)


def _list_given(learner_id: int, found: Sequence[Assignment]) -> Sequence[Given]:
    """What a learner has answered in practice since the first of these practice sets opened."""
    opened = [assignment.opens_at for assignment in found if assignment.practice_items]
    return practice.list_given([learner_id], since=min(opened)).get(learner_id, ()) if opened else ()


def _find_seen(
    assignment: Assignment, taken: Sequence[Attempt], given: Sequence[Given], now: datetime
) -> Assigned | AssignedPractice | None:
    scope, wanted = find_practice(assignment), find_practice_set(assignment)
    if scope and wanted:
        return AssignedPractice(assignment, scope, wanted.wanted, len(wanted.times(given)), now)
    assessment = bank.find_assessment(assignment.assessment_slug)
    if assignment.practice_items or assessment is None:
        return None
    mine = (one for one in taken if one.assignment and one.assignment.assignment_id == assignment.public_id)
    return Assigned(assignment, assessment, tuple(mine), now)
