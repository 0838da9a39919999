"""How far those whom an assignment is for have got, for its cohort's leads: never an answer, never a score."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tracker.assessment.assigned_attempt import AssignedAttempt
from tracker.assessment.practice_set import Given
from tracker.services.assigned import KEPT_IN_SIGHT, find_practice_set, get_window
from tracker.services.noticed import NoticedOf, list_noticed
from tracker.storage import assignments, practice
from tracker.storage import attempts as stored_attempts
from tracker.storage.cohort_tables import Assignment
from tracker.storage.tables import User

State = Literal["late", "not opened", "open", "finished"]
STATES: tuple[State, ...] = ("late", "not opened", "open", "finished")
"""In the order of who may need a word: late is who has finished nothing by the deadline."""


@dataclass(frozen=True, slots=True)
class LearnerProgress:
    """How far one learner has got.

    used: attempts that were started, or answers that count. ends_at: when the time of what is open ends. finished_at:
    when they finished last, or gave the last answer wanted.
    """

    user: User
    state: State
    used: int
    ends_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def is_finished(self) -> bool:
        return self.state == "finished"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far everybody has got, those who may need a word first; and what was noticed of their finished attempts.

    reminded: the ids of those who got a reminder within the last day, and get none now.
    """

    learners: tuple[LearnerProgress, ...]
    noticed: tuple[NoticedOf, ...] = ()
    reminded: Collection[int] = ()

    @property
    def counts(self) -> dict[State, int]:
        """How many learners are in each state that somebody is in."""
        found = Counter(one.state for one in self.learners)
        return {state: found[state] for state in reversed(STATES) if found[state]}

    @property
    def unfinished(self) -> int:
        """How many have not finished."""
        return sum(not one.is_finished for one in self.learners)

    @property
    def to_remind(self) -> int:
        """How many have not finished and would get a reminder now."""
        return sum(not one.is_finished and one.user.id not in self.reminded for one in self.learners)


def get_progress(assignment: Assignment, *, reminded: Collection[int] = (), now: datetime) -> Progress:
    """How far those whom an assignment is for, and who are members still, have got."""
    users = assignments.list_learners(assignment)
    if assignment.practice_items:
        return Progress(_list_practised(assignment, users, now), reminded=reminded)
    attempts = stored_attempts.list_assigned([assignment.public_id])
    noticed = list_noticed(attempts, {user.id: user for user in users})
    return Progress(_taken(assignment, users, attempts, now), noticed, reminded)


def list_unfinished(assignment: Assignment, *, but: Collection[int] = (), now: datetime) -> list[User]:
    """Those whom an assignment is for, who are members still and have not finished it, but for some by their ids."""
    users = [user for user in assignments.list_learners(assignment) if user.id not in but]
    if not users:
        return []
    if assignment.practice_items:
        learners = _list_practised(assignment, users, now)
    else:
        learners = _taken(assignment, users, stored_attempts.list_assigned([assignment.public_id]), now)
    return [one.user for one in learners if not one.is_finished]


def list_progress(found: Sequence[Assignment], *, members: Sequence[User], now: datetime) -> dict[int, Progress]:
    """The progress of a cohort's assignments, of those that are not long over or withdrawn, by their ids."""
    current = [one for one in found if one.closes_at > now - KEPT_IN_SIGHT and not one.withdrawn_at]
    named = assignments.list_learner_ids([one.id for one in current])
    attempts = stored_attempts.list_assigned([one.public_id for one in current if not one.practice_items])
    opened = [one.opens_at for one in current if one.practice_items]
    given = practice.list_given([user.id for user in members], since=min(opened)) if opened else {}
    progress = {}
    for one in current:
        users = [user for user in members if one.is_for_all or user.id in named[one.id]]
        learners = _practised(one, users, given, now) if one.practice_items else _taken(one, users, attempts, now)
        progress[one.id] = Progress(learners)
    return progress


def _taken(
    assignment: Assignment, users: Sequence[User], attempts: Sequence[AssignedAttempt], now: datetime
) -> tuple[LearnerProgress, ...]:
    mine: dict[int, list[AssignedAttempt]] = {user.id: [] for user in users}
    for one in attempts:
        if one.assignment_id == assignment.public_id and one.learner_id in mine:
            mine[one.learner_id].append(one)
    return _in_order([_of_attempts(user, mine[user.id], assignment, now) for user in users])


def _of_attempts(
    user: User, attempts: Sequence[AssignedAttempt], assignment: Assignment, now: datetime
) -> LearnerProgress:
    ended = [at for one in attempts if (at := one.ended_at(now))]
    going_on = [one.deadline for one in attempts if not one.ended_at(now)]
    if going_on:
        return LearnerProgress(user, "open", len(attempts), ends_at=max(going_on))
    if ended:
        return LearnerProgress(user, "finished", len(attempts), finished_at=max(ended))
    return LearnerProgress(user, _of_nothing(assignment, now), 0)


def _list_practised(assignment: Assignment, users: Sequence[User], now: datetime) -> tuple[LearnerProgress, ...]:
    given = practice.list_given([user.id for user in users], since=assignment.opens_at)
    return _practised(assignment, users, given, now)


def _practised(
    assignment: Assignment, users: Sequence[User], given: Mapping[int, Sequence[Given]], now: datetime
) -> tuple[LearnerProgress, ...]:
    return _in_order([_of_answers(user, given.get(user.id, ()), assignment, now) for user in users])


def _of_answers(user: User, given: Sequence[Given], assignment: Assignment, now: datetime) -> LearnerProgress:
    wanted = find_practice_set(assignment)
    times = wanted.times(given) if wanted else []
    if wanted and (done_at := wanted.done_at(times)):
        return LearnerProgress(user, "finished", len(times), finished_at=done_at)
    state = _of_nothing(assignment, now)
    return LearnerProgress(user, "open" if times and state != "late" else state, len(times))


def _of_nothing(assignment: Assignment, now: datetime) -> State:
    is_late = get_window(assignment, now) == "over" and not assignment.withdrawn_at
    return "late" if is_late else "not opened"


def _in_order(learners: Sequence[LearnerProgress]) -> tuple[LearnerProgress, ...]:
    return tuple(sorted(learners, key=lambda one: (STATES.index(one.state), one.user.name.casefold(), one.user.id)))
