"""Asking to join: who waits takes it back, a lead lets them in or refuses."""

from collections.abc import Sequence
from datetime import datetime

from tracker.errors import NotFound
from tracker.services import audit, cohorts
from tracker.storage import cohorts as stored_cohorts
from tracker.storage import join_requests
from tracker.storage.cohort_tables import JoinRequest


def list_own(user_id: int) -> Sequence[JoinRequest]:
    """What somebody waits for, each with its cohort."""
    return join_requests.list_of(user_id)


def take_back(public_id: str, *, user_id: int) -> None:
    """Wait no more. Raises: NotFound, also when one does not wait."""
    cohort = stored_cohorts.get_cohort(public_id)
    if not join_requests.remove(cohort.id, user_id=user_id):
        raise NotFound


def let_in(public_id: str, *, person_id: int, lead_id: int, now: datetime) -> bool:
    """Make a member of somebody who waits. Says whether they still waited. Raises: NotFound, Conflict."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    has_waited = join_requests.let_in(cohort.id, user_id=person_id, now=now)
    if has_waited:
        audit.record("member.let-in", actor_id=lead_id, subject=f"user:{person_id}", now=now, cohort=public_id)
    return has_waited


def refuse(public_id: str, *, person_id: int, lead_id: int, now: datetime) -> bool:
    """Let somebody wait no more. Says whether they still waited. Raises: NotFound."""
    cohort = cohorts.get_led(public_id, lead_id=lead_id)
    has_waited = join_requests.remove(cohort.id, user_id=person_id)
    if has_waited:
        audit.record("member.refused", actor_id=lead_id, subject=f"user:{person_id}", now=now, cohort=public_id)
    return has_waited
