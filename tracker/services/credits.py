"""Credits: more time for an open attempt, from a lead of its learner, an admin, or whoever runs the service.

To an attempt that was assigned, of all leads only those of the cohort that it was assigned to give any.
"""

from datetime import datetime, timedelta

from tracker.assessment.attempt import Attempt
from tracker.assessment.time_ledger import Credit
from tracker.assessment.time_words import time_lines
from tracker.errors import BadInput, Conflict, NotFound
from tracker.services import attempts, audit
from tracker.storage import accounts, cohorts
from tracker.storage import attempts as stored_attempts

LEAST_MINUTES, MOST_MINUTES = 1, 120
LONGEST_REASON = 300


def give_credit(
    attempt_id: str, *, giver_id: int | None, length: timedelta, reason: str, credit_id: str, now: datetime
) -> Attempt:
    """Give an open attempt more time; the same credit again changes nothing.

    giver_id: None for whoever runs the service. credit_id: the request's own.
    Raises: BadInput, Conflict when the attempt is over or its assignment's end leaves no room, NotFound also to those
    who may not; then nothing is changed.
    """
    _check(length, reason)
    attempt = stored_attempts.get_of_anybody(attempt_id)
    if giver_id is not None and not _may_give(giver_id, attempt):
        raise NotFound
    credit = Credit(id=credit_id, at=now, length=length, giver_id=giver_id, reason=reason)
    return _give(attempt_id, credit, learner_id=attempt.learner_id)


def list_time_lines(attempt: Attempt) -> tuple[str, ...]:
    """What an attempt's deadline follows from, in words, with the names of those who gave time."""
    giver_ids = {credit.giver_id for credit in attempt.time.credits if credit.giver_id is not None}
    return time_lines(attempt.time, accounts.list_names(giver_ids) if giver_ids else {})


def _give(attempt_id: str, credit: Credit, *, learner_id: int) -> Attempt:
    """Give a credit, again if the attempt's time changed while we tried."""
    attempt = attempts.get_attempt(attempt_id, learner_id=learner_id, now=credit.at)
    if any(given.id == credit.id for given in attempt.time.credits):
        return attempt
    if attempt.is_finished:
        raise Conflict("This attempt is over, so no time can be added any more. Nothing was changed.")
    if attempt.credited(credit).deadline == attempt.deadline:
        raise Conflict("This attempt lasts until its assignment ends, so no time can be added. Nothing was changed.")
    credited = stored_attempts.add_credit(attempt, credit)
    if credited is None:
        return _give(attempt_id, credit, learner_id=learner_id)
    _record(credit, attempt)
    return credited


def _record(credit: Credit, attempt: Attempt) -> None:
    seconds = int(credit.length.total_seconds())
    subject = f"user:{attempt.learner_id}"
    audit.record(
        "time.given", actor_id=credit.giver_id, subject=subject, now=credit.at, attempt=attempt.id, seconds=seconds
    )


def _check(length: timedelta, reason: str) -> None:
    if not timedelta(minutes=LEAST_MINUTES) <= length <= timedelta(minutes=MOST_MINUTES):
        raise BadInput({"minutes": [f"Give {LEAST_MINUTES} to {MOST_MINUTES} minutes. Nothing was changed."]})
    if not reason.strip():
        raise BadInput({"reason": ["Say why: the learner sees it. Nothing was changed."]})


def _may_give(giver_id: int, attempt: Attempt) -> bool:
    assignment_id = attempt.assignment.assignment_id if attempt.assignment else None
    is_lead = cohorts.is_led_by(attempt.learner_id, lead_id=giver_id, assignment_id=assignment_id)
    return is_lead or accounts.get_user(giver_id).is_admin
