"""What was noticed of assigned attempts, for their cohort's lead: signals, not proof, and answers that came late."""

from dataclasses import dataclass, replace

from tracker.assessment.noticed import Noticed
from tracker.storage import attempts, cohorts, late_answers
from tracker.storage.cohort_tables import Assignment
from tracker.storage.tables import User


@dataclass(frozen=True, slots=True)
class NoticedOf:
    """What was noticed of one attempt, and whose it was."""

    user: User
    noticed: Noticed


def list_noticed(assignment: Assignment) -> tuple[NoticedOf, ...]:
    """Of the finished attempts under an assignment by those who are members still: where there is anything to say."""
    users = {membership.user_id: membership.user for membership in cohorts.list_memberships_in(assignment.cohort_id)}
    found = attempts.list_noticed(assignment.public_id, learner_ids=[*users])
    late = late_answers.count_of([noticed.attempt_id for noticed in found])
    whole = [replace(noticed, late=late.get(noticed.attempt_id, 0)) for noticed in found]
    told = [NoticedOf(users[noticed.learner_id], noticed) for noticed in whole if noticed.is_anything]
    return tuple(sorted(told, key=lambda one: (one.user.name.casefold(), one.user.id, one.noticed.number)))
