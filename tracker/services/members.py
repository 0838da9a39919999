"""A member of a cohort, for its lead: their extra time and, of what they have open, the name and when it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.assessment.attempt import Attempt
from tracker.services import accommodations, attempts, credits
from tracker.storage import assignments, cohorts
from tracker.storage import attempts as stored_attempts
from tracker.storage.cohort_tables import Cohort
from tracker.storage.tables import Accommodation, User


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """All that a lead sees of an attempt, so that they can add time."""

    id: str
    name: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A member as their lead sees them. `accommodations`, newest first, are empty where people set them themselves."""

    cohort: Cohort
    user: User
    open_attempts: tuple[OpenAttempt, ...]
    accommodations: Sequence[Accommodation]
    is_extra_time_set_here: bool


def open_member(public_id: str, *, member_id: int, lead_id: int, now: datetime) -> Member:
    """A member of a cohort, for its lead: what other cohorts assigned stays unseen.

    Raises: NotFound, also to everybody else.
    """
    membership = cohorts.get_led_member(public_id, member_id=member_id, lead_id=lead_id)
    assigned_here = {assignment.public_id for assignment in assignments.list_in(membership.cohort.id)}
    is_set_here = not accommodations.is_self_set()
    return Member(
        cohort=membership.cohort,
        user=membership.user,
        open_attempts=tuple(
            _seen(attempt)
            for attempt in attempts.list_open_attempts(member_id, now=now)
            if attempt.assignment is None or attempt.assignment.assignment_id in assigned_here
        ),
        accommodations=accommodations.list_accommodations(member_id) if is_set_here else (),
        is_extra_time_set_here=is_set_here,
    )


def set_extra_time(public_id: str, *, member_id: int, lead_id: int, percent: int, reason: str, now: datetime) -> None:
    """Set a member's extra time. Raises: NotFound, also to all but the lead; Conflict, BadInput."""
    cohorts.get_led_member(public_id, member_id=member_id, lead_id=lead_id)
    accommodations.set_for(member_id, percent=percent, set_by=lead_id, reason=reason, now=now)


def give_time(
    public_id: str,
    attempt_id: str,
    *,
    member_id: int,
    lead_id: int,
    minutes: int,
    reason: str,
    credit_id: str,
    now: datetime,
) -> OpenAttempt:
    """Give a member's open attempt more time; the same credit again changes nothing.

    Raises: NotFound, also to all but the lead; Conflict, BadInput; then nothing is changed.
    """
    cohorts.get_led_member(public_id, member_id=member_id, lead_id=lead_id)
    stored_attempts.get(attempt_id, learner_id=member_id)
    credited = credits.give_credit(
        attempt_id,
        giver_id=lead_id,
        length=timedelta(minutes=minutes),
        reason=reason,
        credit_id=credit_id,
        now=now,
    )
    return _seen(credited)


def _seen(attempt: Attempt) -> OpenAttempt:
    return OpenAttempt(id=attempt.id, name=attempt.assessment_name, ends_at=attempt.deadline)
