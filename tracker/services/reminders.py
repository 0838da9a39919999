"""Reminders: a mail to those who have not finished what is assigned to them, a day before its end or when a lead asks.

Nobody gets two of one assignment within a day.
"""

from datetime import datetime, timedelta

from tracker.errors import Conflict, NotFound
from tracker.services.assigned import get_window
from tracker.services.assignment_letters import write_reminder
from tracker.services.assignment_progress import list_unfinished
from tracker.storage import assignments, mails
from tracker.storage.cohort_tables import Assignment, Role

AHEAD = timedelta(days=1)
"""So long before its end members are reminded of an assignment by themselves."""

LEAST_LEFT = timedelta(hours=1)
"""With less time left they are not: it would only press them."""

APART = timedelta(days=1)


def queue_due(now: datetime) -> int:
    """Queue one mail for everybody who has not finished something that ends within a day. Returns: how many."""
    closing = assignments.list_closing(after=now + LEAST_LEFT, until=now + AHEAD, opened_by=now)
    return sum(_queue(assignment, now) for assignment in closing)


def remind(assignment_id: str, *, lead_id: int, now: datetime) -> int:
    """Queue a mail for everybody who has not finished, for their lead. Returns: how many.

    Raises: NotFound, also to all but the leads; Conflict when it cannot be taken now.
    """
    assignment, role = assignments.get(assignment_id, user_id=lead_id)
    if role is not Role.LEAD:
        raise NotFound
    if assignment.withdrawn_at or get_window(assignment, now) != "open":
        raise Conflict("This assignment cannot be taken now, so nobody was reminded.")
    return _queue(assignment, now, asked_on=f"/{now:%Y-%m-%d}")


def _queue(assignment: Assignment, now: datetime, *, asked_on: str = "") -> int:
    """Queue a mail for all who have not finished, except who got one of this assignment within the last day."""
    start = f"reminder/{assignment.public_id}/"
    recent = mails.list_keys_of(assignment.cohort_id, start=start, made_since=now - APART)
    reminded = {int(key.removeprefix(start).partition("/")[0]) for key in recent}
    letters = [
        write_reminder(assignment, user, key=f"{start}{user.id}{asked_on}", now=now)
        for user in list_unfinished(assignment, now=now)
        if user.id not in reminded
    ]
    return mails.queue(letters, now=now) if letters else 0
