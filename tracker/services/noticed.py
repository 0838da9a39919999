"""What was noticed of assigned attempts, for their cohort's leads: signals, not proof, and answers that came late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tracker.assessment.assigned_attempt import AssignedAttempt
from tracker.assessment.noticed import Noticed
from tracker.storage import late_answers
from tracker.storage.tables import User


@dataclass(frozen=True, slots=True)
class NoticedOf:
    """What was noticed of one attempt, and whose it was."""

    user: User
    noticed: Noticed


def list_noticed(attempts: Iterable[AssignedAttempt], users: Mapping[int, User]) -> tuple[NoticedOf, ...]:
    """Of the finished ones of these attempts by these users: where there is anything to say."""
    found = [one.noticed for one in attempts if one.finished_at and one.learner_id in users]
    late = late_answers.count_of([noticed.attempt_id for noticed in found])
    whole = [replace(noticed, late=late.get(noticed.attempt_id, 0)) for noticed in found]
    told = [NoticedOf(users[noticed.learner_id], noticed) for noticed in whole if noticed.is_anything]
    return tuple(sorted(told, key=lambda one: (one.user.name.casefold(), one.user.id, one.noticed.number)))
