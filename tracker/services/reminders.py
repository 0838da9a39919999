"""Reminders: a mail to those who have not finished what is assigned to them, a day before its end or when a lead asks.

Nobody gets two of one assignment within a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.errors import Conflict, NotFound
from tracker.services.assigned import get_window
from tracker.services.assignment_letters import write_reminder
from tracker.services.assignment_progress import list_unfinished
from tracker.storage import assignments
from tracker.storage import reminders as stored
from tracker.storage.cohort_tables import Assignment, Cohort, Role

AHEAD = timedelta(days=1)
"""So long before its end members are reminded of an assignment by themselves."""

LEAST_LEFT = timedelta(hours=1)
"""With less time left they are not: it would only press them."""

APART = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many members of a cohort a mail was queued for."""

    cohort: Cohort
    count: int


def queue_due(now: datetime) -> int:
    """Queue one mail for everybody who has not finished something that ends within a day. Returns: how many."""
    closing = assignments.list_closing(after=now + LEAST_LEFT, until=now + AHEAD, opened_by=now)
    return sum(_queue(assignment, now) for assignment in closing)


def remind(assignment_id: str, *, lead_id: int, now: datetime) -> Reminded:
    """Queue a mail for everybody who has not finished, for their lead.

    Raises: NotFound, also to all but the leads; Conflict when it cannot be taken now.
    """
    assignment, role = assignments.get(assignment_id, user_id=lead_id)
    if role is not Role.LEAD:
        raise NotFound
    if assignment.withdrawn_at or get_window(assignment, now) != "open":
        raise Conflict("This assignment cannot be taken now, so nobody was reminded.")
    return Reminded(assignment.cohort, _queue(assignment, now, asked_on=f"{now:%Y-%m-%d}"))


def list_reminded(assignment: Assignment, *, now: datetime) -> set[int]:
    """The ids of those who got a reminder of it within the last day, and get none now."""
    return stored.list_reminded(assignment, since=now - APART)


def _queue(assignment: Assignment, now: datetime, *, asked_on: str = "") -> int:
    """Queue a mail for all who have not finished, except who got one of this assignment within the last day."""
    letters = {}
    for user in list_unfinished(assignment, but=list_reminded(assignment, now=now), now=now):
        key = stored.key_of(assignment, user.id, asked_on=asked_on)
        letters[user.id] = write_reminder(assignment, user, key=key, now=now)
    return stored.queue(assignment, letters, since=now - APART, now=now) if letters else 0
